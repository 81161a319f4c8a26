"""Design tokens in one place: the CSS of a page and the layout of a figure both read them here."""

from __future__ import annotations

import html
import re
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

HOUSE_STYLE = (Path(__file__).parent / "house-style.css").read_text(encoding="utf-8")
"""The design tokens: one style sheet, which a municipality may replace by its own."""

BASIC_STYLE = HOUSE_STYLE.split("/* Dark")[0]
"""The light tokens only: what a page falls back on when its style sheet is missing."""

PREFIX = "--jeugdhulp-color-"
TOKENS = dict(re.findall(rf"{PREFIX}([a-z0-9-]+): (#[0-9a-f]{{6}});", BASIC_STYLE))
"""Colour name -> value in the light theme; figures use these, and a page substitutes its own."""

FONT = re.search(r"--jeugdhulp-font-family: ([^;]+);", HOUSE_STYLE).group(1)


@dataclass(frozen=True)
class Line:
    """How one series looks: never by colour alone."""

    color: str
    dash: str
    symbol: str


REGION_LINES = {
    "JZ24": Line(TOKENS["accent"], "solid", "circle"),
    "JZ29": Line(TOKENS["orange"], "dash", "square"),
    "JZ18": Line(TOKENS["brown"], "dot", "diamond"),
    "NL01": Line(TOKENS["muted"], "dot", "square-open"),
}
OTHER_LINES = (
    Line(TOKENS["ink"], "solid", "triangle-up"),
    Line(TOKENS["scenario"], "dashdot", "triangle-down"),
    Line(TOKENS["muted"], "longdash", "x"),
)


def region_line(code: str, position: int = 0) -> Line:
    """The line of a region or the country; another area gets one by its position in the figure."""
    return REGION_LINES.get(code, OTHER_LINES[position % len(OTHER_LINES)])


def plain(text: str) -> str:
    """Text escaped for plotly, which would otherwise read a bracket in a name as a tag."""
    return html.escape(str(text), quote=False)


def broken(label: str, width: int) -> str:
    """A label over several lines of at most ``width`` letters, escaped for plotly; no word is cut.

    Examples
    --------
    >>> broken("Residential care", 12)
    'Residential<br>care'
    """
    return "<br>".join(textwrap.wrap(plain(label), width, break_long_words=False))


def unmarked(text: str) -> str:
    """Text of plotly without its tags: what ``plain`` undoes, and a title on lines of its own."""
    return html.unescape(re.sub(r"<[^>]+>", "", text.replace("<br>", " ")))


LEGEND_ABOVE = {
    "orientation": "h",
    "x": 1,
    "xanchor": "right",
    "y": 1,
    "yanchor": "bottom",
    "traceorder": "normal",
}
"""A legend at the right above the chart, where names of rows take the room below."""


def layout(language: str = "nl", **changes: Any) -> dict[str, Any]:
    """The layout every figure starts from: white, one font, numbers as the language writes them."""
    base: dict[str, Any] = {
        "template": None,
        "font": {"family": FONT, "size": 13, "color": TOKENS["ink"]},
        "paper_bgcolor": TOKENS["paper"],
        "plot_bgcolor": TOKENS["paper"],
        "separators": ",." if language == "nl" else ".,",
        "margin": {"l": 56, "r": 24, "t": 44, "b": 36},
        "hoverlabel": {
            "bgcolor": TOKENS["paper"],
            "bordercolor": TOKENS["muted"],
            "font": {"family": FONT, "size": 13, "color": TOKENS["ink"]},
            "align": "left",
        },
        "showlegend": False,
        "legend": {"orientation": "h", "x": 0, "y": -0.14, "yanchor": "top"},
        "dragmode": False,
        "xaxis": axis(grid=False),
        "yaxis": axis(),
    }
    return {**base, **changes}


def axis(*, grid: bool = True, **changes: Any) -> dict[str, Any]:
    """An axis: light grid, no zoom by touch (a page scrolls), labels in the muted colour."""
    base: dict[str, Any] = {
        "showgrid": grid,
        "tickformat": ",.2~f",
        "gridcolor": TOKENS["line"],
        "zeroline": False,
        "linecolor": TOKENS["muted"],
        "showline": not grid,
        "tickfont": {"color": TOKENS["muted"]},
        "fixedrange": True,
    }
    return {**base, **changes}


def names_axis(*, size: int = 0, **changes: Any) -> dict[str, Any]:
    """The axis with the names of horizontal bars, the first on top; ``size`` sets their size and makes them dark."""
    font = {"tickfont": {"size": size, "color": TOKENS["ink"]}} if size else {}
    return axis(grid=False, type="category", automargin=True, autorange="reversed", **changes, **font)


def along(text: str) -> dict[str, Any]:
    """The title of an axis, in small letters."""
    return {"text": text, "font": {"size": 12}, "standoff": 8}


def year_axis(periods: list[int]) -> dict[str, Any]:
    """An axis of whole years, one tick a year as long as there are few."""
    first, last = min(periods), max(periods)
    few = {"dtick": 1} if last - first <= 8 else {}
    return axis(
        grid=False,
        tickformat="d",
        ticks="outside",
        tickcolor=TOKENS["line"],
        range=[first - 0.6, last + 0.6],
        **few,
    )


def even_years(years: Sequence[int], *, most: int) -> list[int]:
    """The years to write below a small chart: evenly spaced, up to and including the last one.

    Parameters
    ----------
    years : sequence of int
        All years of the chart, in order, none left out.
    most : int
        How many may be written.

    Examples
    --------
    >>> even_years(range(2017, 2025), most=4), even_years(range(2017, 2026), most=4)
    ([2018, 2020, 2022, 2024], [2019, 2022, 2025])
    """
    step = -(-len(years) // most)
    return list(years)[::-1][::step][::-1]


def note_on_axis(text: str) -> dict[str, Any]:
    """The unit, written horizontally above the vertical axis."""
    return {
        "text": text,
        "xref": "paper",
        "yref": "paper",
        "x": 0,
        "y": 1,
        "xanchor": "left",
        "yanchor": "bottom",
        "xshift": -44,
        "yshift": 22,
        "showarrow": False,
        "font": {"color": TOKENS["muted"], "size": 12},
    }


def end_label(x: float, y: float, text: str, color: str, *, above: bool = False) -> dict[str, Any]:
    """A direct label: right of the end of a line, or above a point of it.

    Parameters
    ----------
    x, y : float
        The point, in units of the axes.
    text, color : str
        What it says, and in which colour.
    above : bool
        Above the point, instead of right of it.
    """
    place = (
        {"xanchor": "center", "yanchor": "bottom", "yshift": 8}
        if above
        else {"xanchor": "left", "yanchor": "middle", "xshift": 8, "yshift": 0}
    )
    return {
        "name": "end",
        "x": x,
        "y": y,
        "text": plain(text),
        "showarrow": False,
        "align": "left",
        "font": {"color": color, "size": 13},
        **place,
    }
