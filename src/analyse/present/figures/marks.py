"""The marks that charts are made of, as plotly reads them: lines, points, texts, bands, bars."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

HOVER = "%{customdata}<extra></extra>"
"""What is shown where a reader points: a text made here, in the language of the page."""


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


def band(x: Sequence[float], low: Sequence[float], high: Sequence[float], fill: str) -> dict[str, Any]:
    """The surface between a lower and an upper line: colour, and where it goes there and back."""
    return {"fill": "toself", "fillcolor": fill, "x": [*x, *reversed(x)], "y": [*low, *reversed(high)]}


def _trace(start: dict[str, Any], given: dict[str, Any]) -> dict[str, Any]:
    """A trace of plotly; ``hover`` is the text of each point and becomes two of plotly's properties."""
    for name, value in given.items():
        if name == "hover":
            start |= {"customdata": value, "hovertemplate": HOVER}
        else:
            start[name] = value
    return start
