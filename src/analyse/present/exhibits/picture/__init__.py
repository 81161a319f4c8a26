"""A figure drawn as SVG in the page itself: visible at once, without a script, on screen and on paper.

plotly.js takes one to two seconds to start; a picture takes none. It is drawn from the same plotly figure, in the
colours of the house style (so it follows dark mode), wide and narrow; the page shows the one that fits. plotly's own
chart takes its place when a reader points at it. What is not drawn here (another kind of trace than lines, areas,
points, bars and texts) has no picture, and the page draws it with plotly.js at once.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from analyse.present.exhibits import style
from analyse.present.exhibits.picture import drawn_marks, framing, labels, lettering, prepare, scales
from analyse.present.exhibits.picture.drawn_marks import Field
from analyse.present.exhibits.picture.framing import break_room
from analyse.present.exhibits.picture.lettering import color, short

__all__ = ["alone", "both", "break_room", "labelled", "svg"]

WIDE, NARROW = 720.0, 300.0
"""Widths of both pictures; they grow and shrink with the page."""
HEIGHTS = {"wide": 405.0, "flat": 310.0, "tall wide": 720.0, "narrow": 280.0, "tall narrow": 520.0}
SIZES = {"wide": 13.0, "narrow": 12.0}
PLACED = ("annotations", "shapes")
AROUND = 100.0
"""Height for what stands above and below the plot of a narrow picture."""


@dataclass(frozen=True)
class Drawn:
    """A figure as a page has it."""

    svg: Markup
    """The wide and the narrow picture."""
    layout: dict[str, Any]
    """The layout with which plotly draws the wide one."""


def both(figure: dict[str, Any], *, flat: bool = False) -> Drawn | None:
    """The wide and the narrow picture of a plotly figure; None if it has an element that is not drawn here.

    Parameters
    ----------
    figure : dict
        ``exhibit.plotly_json``: data and layout.
    flat : bool
        Whether the wide one is lower than usual, for the first screen.
    """
    if not prepare.drawable(figure):
        return None
    figure = prepare.whole(figure)
    tall = "tall " if (figure["layout"].get("meta") or {}).get("tall") else ""
    high = HEIGHTS["flat" if flat and not tall else f"{tall}wide"]
    shown = labels.placed(figure, WIDE, high, size=SIZES["wide"])
    wide = svg(shown, WIDE, high, kind="wide")
    layout = framing.settled(shown, WIDE, high, size=SIZES["wide"])
    if (figure["layout"].get("meta") or {}).get("scroll"):
        return Drawn(wide, layout)
    narrow = prepare.narrowed(figure)
    high = max(HEIGHTS[f"{tall}narrow"], _room(narrow))
    return Drawn(wide + svg(narrow, NARROW, high, kind="narrow"), layout)


def labelled(figure: dict[str, Any]) -> dict[str, Any]:
    """A plotly figure with its labels moved to where they cover nothing; unchanged where no picture is drawn."""
    if not prepare.drawable(figure):
        return figure
    shown = labels.placed(prepare.whole(figure), WIDE, HEIGHTS["wide"], size=SIZES["wide"])["layout"]
    return {**figure, "layout": figure["layout"] | {one: shown[one] for one in PLACED if one in shown}}


def alone(figure: dict[str, Any]) -> str:
    """The wide picture as a file of its own, in the colours of the light theme; empty for what is not drawn here.

    Programs that know neither plotly nor the style of a page show it: nbconvert, GitHub, VS Code.
    """
    if not prepare.drawable(figure):
        return ""
    tall = (figure["layout"].get("meta") or {}).get("tall")
    height = HEIGHTS["tall wide" if tall else "wide"]
    drawn = str(svg(prepare.whole(figure), WIDE, height, kind="wide"))
    drawn = re.sub(rf"var\({style.PREFIX}([a-z0-9-]+)\)", lambda found: style.TOKENS[found[1]], drawn)
    paper = f'<rect width="100%" height="100%" fill="{style.TOKENS["paper"]}"/>'
    own = f'xmlns="http://www.w3.org/2000/svg" font-family="sans-serif" width="{WIDE:g}" height="{height:g}" '
    return drawn.replace("<svg ", f"<svg {own}", 1).replace(">", f">{paper}", 1)


def _room(figure: dict[str, Any]) -> float:
    """The height needed so that names of categories beside a picture do not overlap."""
    names = {one for one in framing.values(figure["data"], "y") if isinstance(one, str)}
    small = min(
        figure["layout"]["yaxis"].get("tickfont", {}).get("size", SIZES["narrow"]), SIZES["narrow"] - 1
    )
    most = max((len(lettering.lines(one)) for one in names), default=0)
    return AROUND + len(names) * (most * small * lettering.LINE_HEIGHT + 4)


def svg(figure: dict[str, Any], width: float, height: float, *, kind: str) -> Markup:
    """One picture.

    Parameters
    ----------
    figure : dict
        A plotly figure of which ``prepare.drawable`` is true.
    width, height : float
        Its size.
    kind : {"wide", "narrow"}
        Its CSS class, which also decides the size of its letters.
    """
    layout, frame = figure["layout"], framing.frame(figure, width, height, size=SIZES[kind])
    field, edges = frame.field, frame.edges
    parts = [
        *_axes(layout, field, edges),
        *_shapes(layout, field, edges),
        *_traces(figure["data"], field, layout),
        *_labels(layout, field, edges),
    ]
    if frame.listed:
        parts.append(Markup('<g class="legend">{}</g>').format(Markup("").join(_legend(frame, layout))))
    return Markup(
        '<svg class="picture {}" viewBox="0 0 {} {}" preserveAspectRatio="xMinYMin" aria-hidden="true">{}</svg>'
    ).format(kind, short(width), short(height), Markup("").join(parts))


def _axes(layout: dict[str, Any], field: Field, edges: framing.Edges) -> Iterator[Markup]:
    left, top, right, bottom = edges
    for name in ("x", "y"):
        axis, found = layout[f"{name}axis"], getattr(field, name)
        if axis.get("visible") is False:
            continue
        listed = scales.ticks(axis, found, name=name, separators=layout.get("separators", ",."))
        size = min(axis.get("tickfont", {}).get("size", field.size - 1), field.size - 1)
        tone = axis.get("tickfont", {}).get("color", style.TOKENS["muted"])
        if axis.get("showgrid") and not found.categories:
            ends = (
                f"M{{0}},{short(top)}V{short(bottom)}"
                if name == "x"
                else f"M{short(left)},{{0}}H{short(right)}"
            )
            grid = "".join(ends.format(short(found.at(value))) for value, _ in listed)
            yield Markup('<path d="{}" stroke="{}"/>').format(grid, color(axis["gridcolor"]))
        if axis.get("showline"):
            line = f"M{short(left)},{short(bottom)}" + (
                f"H{short(right)}" if name == "x" else f"V{short(top)}"
            )
            yield Markup('<path d="{}" stroke="{}"/>').format(line, color(axis["linecolor"]))
        for value, said in listed:
            place = found.at(value)
            yield (
                lettering.text(said, place, bottom + 6, size=size, fill=tone, anchor="middle", valign="top")
                if name == "x"
                else lettering.text(said, left - 6, place, size=size, fill=tone, anchor="end")
            )
        if name == "x" and axis.get("title"):
            words = lettering.broken(axis["title"]["text"], right - left + 40, size)
            yield lettering.text(
                words, (left + right) / 2, bottom + 25, size=size, anchor="middle", valign="top"
            )


def _shapes(layout: dict[str, Any], field: Field, edges: framing.Edges) -> Iterator[Markup]:
    for one in layout.get("shapes", []):
        xs = [framing.at(one, "x", one[end], field, edges) for end in ("x0", "x1")]
        ys = [framing.at(one, "y", one[end], field, edges) for end in ("y0", "y1")]
        line = one.get("line", {})
        dash = drawn_marks.DASHES.get(line.get("dash", "solid"), "")
        drawn = Markup('stroke="{}" stroke-width="{}"{}').format(
            color(line.get("color", "none")),
            line.get("width", 1),
            Markup(' stroke-dasharray="{}"').format(dash) if dash else "",
        )
        if one["type"] == "line":
            yield Markup('<path d="M{},{}L{},{}" {}/>').format(
                *map(short, (xs[0], ys[0], xs[1], ys[1])), drawn
            )
        else:
            box = map(short, (min(xs), min(ys), abs(xs[1] - xs[0]), abs(ys[1] - ys[0])))
            yield Markup('<rect x="{}" y="{}" width="{}" height="{}" fill="{}" {}/>').format(
                *box, color(one.get("fillcolor", "none")), drawn
            )


def _traces(data: list[dict[str, Any]], field: Field, layout: dict[str, Any]) -> Iterator[Markup]:
    """The traces; bars stand side by side unless the layout overlays them."""
    standing = [one for one in data if one["type"] == "bar"]
    over = layout.get("barmode") == "overlay"
    for trace in data:
        if trace["type"] == "bar":
            place, together = (0, 1) if over else (standing.index(trace), len(standing))
            yield drawn_marks.bars(trace, field, place=place, together=together)
        else:
            yield drawn_marks.scatter(trace, field)


def _labels(layout: dict[str, Any], field: Field, edges: framing.Edges) -> Iterator[Markup]:
    for one in layout.get("annotations", []):
        x, y = (framing.at(one, name, one[name], field, edges) for name in ("x", "y"))
        yield lettering.annotation(one, x, y, field.size)


def _legend(frame: framing.Frame, layout: dict[str, Any]) -> Iterator[Markup]:
    size, titled = frame.field.size - 1, 20 if layout["xaxis"].get("title") else 0
    high = frame.field.size * 1.6
    first = (
        frame.edges[1] - 8 - high * len(frame.legend)
        if framing.above(layout)
        else frame.edges[3] + 26 + titled
    )
    traces = iter(frame.listed)
    for number, row in enumerate(frame.legend):
        y = first + high * (number + 0.5)
        for label, x in row:
            left = 12 + x
            yield drawn_marks.sign(next(traces), left, y)
            yield lettering.text(label, left + drawn_marks.SIGN_WIDTH + 6, y, size=size)
