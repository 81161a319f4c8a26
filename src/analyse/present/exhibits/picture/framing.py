"""Where the plot of a picture lies: what the margins, names of categories and legend leave of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from analyse.present.exhibits.picture import lettering, scales
from analyse.present.exhibits.picture.drawn_marks import Field

Edges = tuple[float, float, float, float]
BREAK = "break"
"""Name of the labels above the plot that say what changed from a year on."""
BREAK_LINE = 15.0
"""Height of a line of such a label."""

SETTLED = {"autorange": False, "automargin": False, "tickmode": "array", "ticks": "", "ticklabelstandoff": 3}
"""What plotly must not decide about an axis of which the picture has the range and ticks."""


@dataclass(frozen=True)
class Frame:
    """The plot of one picture."""

    field: Field
    edges: Edges
    """Left, top, right and bottom of the plot."""
    listed: list[dict[str, Any]]
    """The traces in the legend."""
    legend: list[list[tuple[str, float]]]
    """Their names in rows, each with its distance from the left."""


def frame(figure: dict[str, Any], width: float, height: float, *, size: float) -> Frame:
    """The plot of a picture of this size.

    Parameters
    ----------
    figure : dict
        A whole plotly figure.
    width, height : float
        Size of the picture.
    size : float
        Size of its letters.
    """
    layout = figure["layout"]
    listed = [
        one
        for one in figure["data"]
        if layout.get("showlegend") and one.get("showlegend", True) and one.get("name")
    ]
    legend = lettering.rows([one["name"] for one in listed], width=width - 24, size=size - 1)
    inside = _edges(figure, width, height, size, len(legend) if listed else 0)
    field = Field(
        scales.scale(layout["xaxis"], list(values(figure["data"], "x")), inside[0], inside[2]),
        scales.scale(layout["yaxis"], list(values(figure["data"], "y")), inside[3], inside[1]),
        size,
    )
    return Frame(field, inside, listed, legend)


def settled(figure: dict[str, Any], width: float, height: float, *, size: float) -> dict[str, Any]:
    """The layout with which plotly draws what the picture shows: the same plot, ranges and ticks.

    Its legend stays that of the picture.

    Parameters
    ----------
    figure, width, height, size
        As for ``frame``.
    """
    found, layout = frame(figure, width, height, size=size), figure["layout"]
    left, top, right, bottom = found.edges
    axes = {}
    for name in ("x", "y"):
        axis, scale = layout[f"{name}axis"], getattr(found.field, name)
        listed = scales.ticks(axis, scale, name=name, separators=layout.get("separators", ",."))
        letters = {**axis.get("tickfont", {})}
        letters["size"] = min(letters.get("size", size - 1), size - 1)
        axes[f"{name}axis"] = {
            **{one: value for one, value in axis.items() if one not in ("dtick", "nticks", "rangemode")},
            "range": [scale.low, scale.high],
            **SETTLED,
            "tickvals": [value for value, _ in listed],
            "ticktext": [said for _, said in listed],
            "tickfont": letters,
        }
    if layout["xaxis"].get("title"):
        said = lettering.broken(layout["xaxis"]["title"]["text"], right - left + 40, size - 1)
        axes["xaxis"]["title"] = {"text": said, "font": {"size": size - 1}, "standoff": 8}
    margin = {"l": left, "t": top, "r": width - right, "b": height - bottom, "pad": 0, "autoexpand": False}
    return {**layout, **axes, "margin": margin, "width": width, "height": height, "showlegend": False}


def _edges(figure: dict[str, Any], width: float, height: float, size: float, rows: int) -> Edges:
    """Left, top, right and bottom of the plot: what the margins, names of categories and legend leave."""
    layout = figure["layout"]
    margin = layout.get("margin", {})
    left, bottom = margin.get("l", 40), margin.get("b", 40)
    labelled = any(one.get("yref") == "paper" and one["y"] == 1 for one in layout.get("annotations", []))
    top = max(44.0 if labelled else 10.0, break_room(layout))
    if layout["yaxis"].get("automargin"):
        names = [one for one in values(figure["data"], "y") if isinstance(one, str)]
        small = min(layout["yaxis"].get("tickfont", {}).get("size", size), size)
        left = 8 + max(
            (lettering.extent(line, small) for one in names for line in lettering.lines(one)), default=left
        )
    if rows and above(layout):
        top = max(top, 12 + rows * size * 1.6)
    elif rows:
        titled = 20 if layout["xaxis"].get("title") else 0
        bottom = max(bottom, 30 + titled + rows * size * 1.6)
    elif layout["xaxis"].get("title"):
        lines = lettering.lines(lettering.broken(layout["xaxis"]["title"]["text"], width - left - 12, size))
        bottom = max(bottom, 26 + 16 * len(lines))
    return float(left), float(top), width - margin.get("r", 16), height - bottom


def break_room(layout: dict[str, Any]) -> float:
    """Height above the plot for the labels of breaks."""
    ends = [
        one.get("yshift", 0) + BREAK_LINE * len(lettering.lines(one["text"]))
        for one in layout.get("annotations", [])
        if one.get("name") == BREAK
    ]
    return max(ends) + 6.0 if ends else 0.0


def above(layout: dict[str, Any]) -> bool:
    """Whether the legend stands above the plot."""
    return layout.get("legend", {}).get("yanchor") == "bottom"


def values(data: list[dict[str, Any]], name: str) -> Iterator[Any]:
    """Everything that an axis must hold."""
    for trace in data:
        along = trace["type"] == "bar" and (trace.get("orientation") == "h") == (name == "x")
        bases = trace.get("base") or [0] * len(trace[name])
        error = trace.get(f"error_{name}") or {}
        for place, value in enumerate(trace[name]):
            if value is None:
                continue
            if not along:
                yield value
                continue
            yield from (bases[place], bases[place] + value)
            if error.get("array") and error["array"][place] is not None:
                yield bases[place] + value + error["array"][place]
                yield bases[place] + value - error["arrayminus"][place]


def at(one: dict[str, Any], name: str, value: Any, field: Field, edges: Edges) -> float:
    """The position of a shape or label: on the axis, or as a fraction of the plot.

    Parameters
    ----------
    one : dict
        The shape or annotation of the layout.
    name : {"x", "y"}
        Which axis.
    value : float or str
        Its value on that axis, or the fraction of the plot.
    field, edges
        Of the ``Frame``.
    """
    if one.get(f"{name}ref") == "paper":
        low, high = (edges[0], edges[2]) if name == "x" else (edges[3], edges[1])
        return low + (high - low) * float(value)
    found = getattr(field, name)
    if found.log and not isinstance(value, str):
        return found.start + (found.end - found.start) * (value - found.low) / (found.high - found.low)
    return found.at(value)
