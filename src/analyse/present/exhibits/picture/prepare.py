"""Which figures can be drawn as SVG, and how they change for a narrow screen."""

from __future__ import annotations

import copy
import math
from collections.abc import Iterator
from typing import Any

from analyse.present.exhibits import style
from analyse.present.exhibits.picture import drawn_marks, framing, lettering

LABEL, LETTERS = 92.0, 12.0
"""Width of the names of categories beside a narrow picture, and the size of its letters."""
MANY, LONG = 12, 120.0
"""With more categories than this, names are set smaller and only wrapped when wider still."""
SHAPES = ("line", "rect")


def drawable(figure: dict[str, Any]) -> bool:
    """Whether everything in a figure is drawn here."""
    layout = figure["layout"]
    return (
        all(_known(trace) for trace in figure["data"])
        and all(shape["type"] in SHAPES for shape in layout.get("shapes", []))
        and not any(one.get("showarrow", True) for one in layout.get("annotations", []))
        and not any(name.startswith(("xaxis", "yaxis")) and name[-1].isdigit() for name in layout)
        and not layout.get("yaxis", {}).get("scaleanchor")  # a map must keep its proportions
    )


def whole(figure: dict[str, Any]) -> dict[str, Any]:
    """A figure completed with plotly's defaults: axes, and a marker for each trace."""
    data = [
        {**trace, "marker": {"color": style.TOKENS["accent"], **trace.get("marker", {})}}
        for trace in figure["data"]
    ]
    axes = {name: {**style.axis(), **figure["layout"].get(name, {})} for name in ("xaxis", "yaxis")}
    return {"data": data, "layout": {**figure["layout"], **axes}}


def _known(trace: dict[str, Any]) -> bool:
    if trace["type"] == "bar":
        lengths = trace["x" if trace.get("orientation") == "h" else "y"]
        return not trace.get("error_y") and not any(isinstance(one, str) for one in lengths)
    plain = trace["type"] == "scatter" and trace.get("fill") in (None, "none", "toself")
    symbols = trace.get("marker", {}).get("symbol", "circle")
    known = [
        one.removesuffix("-open") in drawn_marks.SYMBOLS
        for one in ([symbols] if isinstance(symbols, str) else symbols)
    ]
    straight = (trace.get("line") or {}).get("shape", "linear") == "linear"
    return plain and straight and all(known) and not (trace.get("error_x") or trace.get("error_y"))


def narrowed(figure: dict[str, Any]) -> dict[str, Any]:
    """The figure for a narrow screen: a legend instead of labels at line ends, fewer ticks, shorter texts."""
    layout = copy.deepcopy(figure["layout"])
    listed = layout.get("annotations", [])
    labels = any(one.get("name") == "end" for one in listed)
    layout["annotations"] = [one for one in listed if one.get("name") not in ("end", "wide", framing.BREAK)]
    layout["annotations"] += _numbered([one for one in listed if one.get("name") == framing.BREAK])
    layout["shapes"] = [
        {**one, "y1": 1} if one.get("name") == framing.BREAK else one for one in layout.get("shapes", [])
    ]
    axis = layout["xaxis"]
    axis["nticks"] = 4
    if axis.get("dtick"):
        axis["dtick"] = math.ceil((axis["range"][1] - axis["range"][0]) / 5)
    if own := (layout.get("meta") or {}).get("narrow_axis"):
        axis.update(own)
    elif len(axis.get("tickvals") or ()) > 4 and axis.get("ticktext"):
        axis["tickvals"], axis["ticktext"] = axis["tickvals"][::2], axis["ticktext"][::2]
    layout["showlegend"] = layout.get("showlegend") or labels
    margin = {**layout.get("margin", {}), "r": 12}
    layout["margin"] = {**margin, "b": max(margin.get("b", 36), 64)} if labels else margin
    names = {one for trace in figure["data"] for one in trace["y"] if isinstance(one, str)}
    many = len(names) > MANY
    if many:
        layout["yaxis"]["tickfont"] = {**layout["yaxis"].get("tickfont", {}), "size": LETTERS - 3}
    return {"data": [_shortened(trace, many=many) for trace in figure["data"]], "layout": layout}


def _numbered(breaks: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """The breaks of a narrow picture: their numbers in a border, those of one year together."""
    numbers: dict[Any, list[str]] = {}
    for one in breaks:
        numbers.setdefault(one["x"], []).append(one["text"].removeprefix("<b>").split("</b>")[0])
    border = {
        "bordercolor": style.TOKENS["muted"],
        "borderwidth": 1,
        "borderpad": 2,
        "bgcolor": style.TOKENS["paper"],
    }
    for x, listed in numbers.items():
        yield {
            **breaks[0],
            **border,
            "x": x,
            "text": " · ".join(listed),
            "xanchor": "center",
            "xshift": 0,
            "yshift": 0,
        }


def _shortened(trace: dict[str, Any], *, many: bool) -> dict[str, Any]:
    """A trace with its shorter texts, and names of categories on more lines where they are long."""
    texts = (trace.get("meta") or {}).get("narrow", trace.get("text"))
    room = (LONG, LETTERS - 3) if many else (LABEL, LETTERS)
    broken = [lettering.broken(one, *room) if isinstance(one, str) else one for one in trace["y"]]
    return {**trace, "y": broken, **({"text": texts} if texts else {})}
