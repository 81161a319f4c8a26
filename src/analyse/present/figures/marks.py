"""The marks that charts are made of, as plotly reads them: lines, points, texts and bars."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from analyse.present.exhibits import style

HOVER = "%{customdata}<extra></extra>"
"""Hover text is composed here, in the language of the page."""


def scatter(mode: str, **given: Any) -> dict[str, Any]:
    """Points, a line through them, or texts; see ``_trace`` for ``hover``.

    Examples
    --------
    >>> scatter("lines", x=[2023, 2024], y=[1.0, 2.0], hover=["2023 · 1", "2024 · 2"])["customdata"]
    ['2023 · 1', '2024 · 2']
    """
    return _trace({"type": "scatter", "mode": mode}, given)


def bar(**given: Any) -> dict[str, Any]:
    """Bars; see ``_trace`` for ``hover``."""
    return _trace({"type": "bar"}, given)


def hatched(color: Any, edge: str = "ink", width: float = 1, **pattern: Any) -> dict[str, Any]:
    """The look of bars that stay distinct without colour: an edge, and a pattern by plotly's names.

    Parameters
    ----------
    color : str or sequence of str
        Colour of the bars.
    edge : str
        Name of a colour of the house, or a colour.
    width : float
        Width of the edge, in pixels.
    **pattern
        ``shape`` ("/", "" for none), ``fgcolor``, ``bgcolor`` and ``size``.
    """
    line = {"color": style.TOKENS.get(edge, edge), "width": width}
    return {"color": color, "line": line, "pattern": pattern}


def reaching(above: Sequence[float | None], below: Sequence[float | None]) -> dict[str, Any]:
    """Thin lines over bars: how far each interval reaches above and below the end of its bar; None for no line."""
    look = {"symmetric": False, "color": style.TOKENS["ink"], "thickness": 1.8, "width": 0}
    return {"type": "data", **look, "array": list(above), "arrayminus": list(below)}


def _trace(start: dict[str, Any], given: dict[str, Any]) -> dict[str, Any]:
    """A trace of plotly; ``hover`` is the text of each point and becomes two of plotly's properties."""
    for name, value in given.items():
        if name == "hover":
            start |= {"customdata": value, "hovertemplate": HOVER}
        else:
            start[name] = value
    return start
