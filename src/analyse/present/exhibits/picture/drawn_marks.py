"""Lines, areas, points, bars and written values of a picture, from the traces of a plotly figure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from analyse.present.exhibits import style
from analyse.present.exhibits.picture.lettering import color, short, text
from analyse.present.exhibits.picture.scales import Scale

DASHES = {"dash": "7 5", "dot": "2 4", "dashdot": "7 4 2 4", "longdash": "11 5"}
"""plotly's dashes as lengths of line and gap."""
SYMBOLS = {
    "circle": "",
    "square": "M-{0},-{0}H{0}V{0}H-{0}Z",
    "diamond": "M0,-{1}L{1},0L0,{1}L-{1},0Z",
    "triangle-up": "M0,-{1}L{1},{0}H-{1}Z",
    "triangle-down": "M0,{1}L{1},-{0}H-{1}Z",
    "x": "M-{0},-{0}L{0},{0}M-{0},{0}L{0},-{0}",
    "cross": "M0,-{1}V{1}M-{1},0H{1}",
    "line-ns": "M0,-{1}V{1}",
    "line-ew": "M-{1},0H{1}",
}
"""Points around (0, 0): {0} is half a side, {1} half a diagonal."""
STROKES = ("x", "cross", "line-ns", "line-ew")
"""Points that are lines only."""
SIGN_WIDTH, HATCH = 24.0, 7.0
TEXT_PLACES = {"left": ("end", -6.0), "center": ("middle", 0.0), "right": ("start", 6.0)}


@dataclass(frozen=True)
class Field:
    """Where marks are drawn: both scales, and the size of letters."""

    x: Scale
    y: Scale
    size: float


def scatter(trace: dict[str, Any], field: Field) -> Markup:
    """The area, line, points and texts of one trace."""
    mode, parts = trace.get("mode", "lines"), []
    if trace.get("fill") == "toself":
        parts.append(_area(trace, field))
    elif "lines" in mode:
        parts.append(_line(trace, field))
    if "markers" in mode:
        parts += [
            _point(trace["marker"], field.x.at(x), field.y.at(y), place)
            for place, (x, y) in enumerate(zip(trace["x"], trace["y"], strict=True))
            if x is not None and y is not None
        ]
    if "text" in mode:
        parts += _texts(trace, field)
    drawn = Markup("").join(parts)
    if "meta" in trace:  # a part that a page makes a link of, by the name before the colon
        return Markup('<a aria-label="{0}"><title>{0}</title>{1}</a>').format(trace["meta"], drawn)
    return drawn


def bars(trace: dict[str, Any], field: Field, *, place: int, together: int) -> Markup:
    """The bars of one trace, with their intervals.

    Parameters
    ----------
    trace : dict
        plotly's trace.
    field : Field
        The plot that the bars are drawn in.
    place, together : int
        The position of this trace among those whose bars stand side by side, and how many those are.
    """
    lying, parts = trace.get("orientation") == "h", []
    for number, (begin, end, middle) in enumerate(_ends(trace)):
        if end is None:
            continue
        across, along = (field.y, field.x) if lying else (field.x, field.y)
        unit = (
            abs(across.at(1.0) - across.at(0.0))
            if not across.categories
            else abs(across.end - across.start) / len(across.categories)
        )
        thick = unit * trace.get("width", 0.8) / together
        centre = across.at(middle) + (2 * place - together + 1) * thick / 2
        box = sorted((along.at(begin), along.at(end)))
        corners = (box[0], centre - thick / 2, box[1] - box[0], thick)
        if not lying:
            corners = (corners[1], corners[0], corners[3], corners[2])
        parts.append(_bar(trace, number, corners))
        if lying and trace.get("error_x"):
            parts.append(_interval(trace["error_x"], number, end, along, centre))
    return Markup("").join(parts)


def _point(marker: dict[str, Any], x: float, y: float, place: int = 0) -> Markup:
    """One point in its shape; an open one has only an edge."""
    symbol, open_ = _open(_of(marker.get("symbol", "circle"), place))
    size, tone = (
        _of(marker.get("size", 7), place),
        color(_of(marker.get("color", style.TOKENS["ink"]), place)),
    )
    edge, stroked = marker.get("line", {}), open_ or symbol in STROKES
    width = edge.get("width", 1.6) if stroked else edge.get("width", 0)
    stroke = tone if stroked else color(_of(edge.get("color", tone), place))
    fill = color(style.TOKENS["paper"]) if open_ else tone
    lined = Markup(' stroke="%s" stroke-width="%s"') % (stroke, short(width)) if width else Markup("")
    if symbol == "circle":
        at = short(x), short(y), short(size / 2)
        return Markup('<circle cx="%s" cy="%s" r="%s" fill="%s"%s/>') % (*at, fill, lined)
    path = SYMBOLS[symbol].format(short(size * 0.5), short(size * 0.62))
    at = short(x), short(y), path
    return Markup('<path transform="translate(%s %s)" d="%s" fill="%s"%s/>') % (*at, fill, lined)


def sign(trace: dict[str, Any], x: float, y: float) -> Markup:
    """What a trace looks like, for the legend.

    Parameters
    ----------
    trace : dict
        The trace.
    x, y : float
        Position of the symbol.
    """
    if trace["type"] == "bar" or trace.get("fill") == "toself":
        whole = (
            trace
            if trace["type"] == "bar"
            else {"marker": {"color": trace["fillcolor"], "line": trace.get("line", {})}}
        )
        return _bar(whole, 0, (x + 6, y - 6, 12, 12))
    mode, parts = trace.get("mode", "lines"), []
    if "lines" in mode:
        parts.append(_path(f"M{short(x)},{short(y)}h{SIGN_WIDTH:.0f}", trace.get("line", {})))
    if "markers" in mode:
        parts.append(_point(trace["marker"], x + SIGN_WIDTH / 2, y))
    return Markup("").join(parts)


def _area(trace: dict[str, Any], field: Field) -> Markup:
    """An area, or several with a gap between them."""
    line = trace.get("line", {})
    return Markup('<path d="{}" fill="{}" fill-rule="evenodd" stroke="{}" stroke-width="{}"/>').format(
        _steps(trace, field, close="Z"),
        color(trace["fillcolor"]),
        color(line.get("color", "none")),
        short(line.get("width", 0)),
    )


def _steps(trace: dict[str, Any], field: Field, *, close: str = "") -> str:
    """The path along the points, interrupted where one is missing."""
    steps: list[str] = []
    pen = "M"
    for x, y in zip(trace["x"], trace["y"], strict=True):
        if x is None or y is None:
            steps.append(close if pen == "L" else "")
            pen = "M"
            continue
        steps.append(f"{pen}{short(field.x.at(x))},{short(field.y.at(y))}")
        pen = "L"
    return "".join([*steps, close])


def _line(trace: dict[str, Any], field: Field) -> Markup:
    return _path(_steps(trace, field), trace.get("line", {}))


def _path(steps: str, line: dict[str, Any]) -> Markup:
    dash = DASHES.get(line.get("dash", "solid"))
    return Markup('<path d="{}" fill="none" stroke="{}" stroke-width="{}"{}/>').format(
        steps,
        color(line.get("color", style.TOKENS["ink"])),
        line.get("width", 2),
        Markup(' stroke-dasharray="{}"').format(dash) if dash else "",
    )


def _texts(trace: dict[str, Any], field: Field) -> Iterator[Markup]:
    font = trace.get("textfont", {})
    vertical, side = trace.get("textposition", "middle center").split(" ")
    anchor, aside = TEXT_PLACES[side]
    lift = {"top": -4.0, "middle": 0.0, "bottom": 4.0}[vertical]
    valign = {"top": "bottom", "middle": "middle", "bottom": "top"}[vertical]
    for place, (x, y, said) in enumerate(zip(trace["x"], trace["y"], trace["text"], strict=True)):
        if x is not None and y is not None and said:
            yield text(
                said.strip(),
                field.x.at(x) + aside,
                field.y.at(y) + lift,
                anchor=anchor,
                valign=valign,
                size=min(font.get("size", field.size), field.size),
                fill=_of(font.get("color", style.TOKENS["ink"]), place),
            )


def _ends(trace: dict[str, Any]) -> Iterator[tuple[Any, Any, Any]]:
    """Where each bar begins and ends, and its place on the other axis."""
    lying = trace.get("orientation") == "h"
    lengths, middles = (trace["x"], trace["y"]) if lying else (trace["y"], trace["x"])
    bases = trace.get("base") or [0] * len(lengths)
    for base, length, middle in zip(bases, lengths, middles, strict=True):
        yield base, None if length is None else base + length, middle


def _bar(trace: dict[str, Any], number: int, corners: tuple[float, ...]) -> Markup:
    """A bar; a hatched one has drawn lines, which take less room in a PDF than a pattern."""
    marker = trace["marker"]
    edge, hatched = marker.get("line", {}), _of(marker.get("pattern", {}).get("shape", ""), number)
    fill = color(style.TOKENS["paper"] if hatched else _of(marker["color"], number))
    place = Markup('x="%s" y="%s" width="%s" height="%s"') % tuple(short(one) for one in corners)
    stroke = color(_of(edge.get("color", "none"), number))
    line = Markup('stroke="%s" stroke-width="%s"') % (stroke, edge.get("width", 0))
    drawn = Markup('<rect %s fill="%s" %s/>') % (place, fill, line)
    if not hatched:
        return drawn
    lines = _hatching(*corners) + (_hatching(*corners, falling=True) if hatched == "x" else "")
    return drawn + _path(lines, {"color": _ink(trace, number), "width": 1.2})


def _hatching(x: float, y: float, width: float, height: float, *, falling: bool = False) -> str:
    """Rising lines inside a box, or their mirror image."""
    steps, total = [], HATCH * (int((x + y) / HATCH) + 1)
    while total < x + y + width + height:
        left, right = max(x, total - y - height), min(x + width, total - y)
        first, rise = (
            (2 * y + height - total + left, right - left) if falling else (total - left, left - right)
        )
        steps.append(f"M{short(left)},{short(first)}l{short(right - left)},{short(rise)}")
        total += HATCH
    return "".join(steps)


def _interval(error: dict[str, Any], number: int, end: float, along: Scale, y: float) -> Markup:
    up, down = error["array"][number], error["arrayminus"][number]
    if up is None or down is None:
        return Markup("")
    return _path(
        f"M{short(along.at(end - down))},{short(y)}H{short(along.at(end + up))}",
        {"color": error["color"], "width": error["thickness"]},
    )


def _ink(trace: dict[str, Any], number: int) -> str:
    """The colour of the hatching of a bar."""
    marker = trace["marker"]
    return str(_of(marker["pattern"].get("fgcolor") or marker["color"], number))


def _open(symbol: str) -> tuple[str, bool]:
    return symbol.removesuffix("-open"), symbol.endswith("-open")


def _of(value: Any, place: int) -> Any:
    """One item of a list, or the value that all share."""
    return value[place] if isinstance(value, list | tuple) else value
