"""Labels that cover no marks: names at line ends are pushed apart, others go where nothing is drawn, breaks above.

Places are sought in the picture and written into the layout (``xshift``, ``yshift``), so that plotly has the same.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any

import numpy as np

from analyse.present.exhibits.picture import framing, lettering
from analyse.present.exhibits.picture.drawn_marks import Field

APART, NEAR = 3.0, 2.0
"""Distance between the points at which a line is looked at, and how near a label may come to a mark."""
LIFTS = tuple(sign * step for step in range(0, 73, 6) for sign in ((1, -1) if step else (1,)))
"""Pixels by which a label is tried higher or lower, nearest first."""
COVERED, CROSSED, TURNED, OUTSIDE = 10.0, 60.0, 4.0, 500.0
"""What is lost by a covered point of a mark, another label crossed, another side of the point, a place off the plot."""
LEAST = 90.0
"""Room that a label of a break needs beside its line, else it stands at the other side."""
Box = tuple[float, float, float, float]


def placed(figure: dict[str, Any], width: float, height: float, *, size: float) -> dict[str, Any]:
    """A figure with its labels where they cover nothing.

    Parameters
    ----------
    figure : dict
        A whole plotly figure, see ``prepare.whole``.
    width, height : float
        Size of the picture.
    size : float
        Size of its letters.
    """
    figure = {**figure, "layout": _breaks_in_lines(figure, width, height, size)}
    listed = figure["layout"].get("annotations", [])
    if not any(one.get("name") == "end" for one in listed):
        return figure
    found = framing.frame(figure, width, height, size=size)
    marks, done = _marks(figure, found.field), []
    last = float(marks[:, 0].max(initial=found.edges[0]))
    apart = _apart(listed, found, last)
    taken = [_box(one, found) for one in apart if _at_the_end(one, found, last)]
    for one in apart:
        if one.get("name") == "end" and not _at_the_end(one, found, last):
            one = _free(one, found, marks, taken, width)
            taken.append(_box(one, found))
        done.append(one)
    return {**figure, "layout": {**figure["layout"], "annotations": done}}


def _breaks_in_lines(figure: dict[str, Any], width: float, height: float, size: float) -> dict[str, Any]:
    """The layout with the label of each break right of its line, above the labels of later breaks that it reaches."""
    layout = figure["layout"]
    breaks = [one for one in layout.get("annotations", []) if one.get("name") == framing.BREAK]
    if not breaks:
        return layout
    found = framing.frame(figure, width, height, size=size)
    at = {id(one): found.field.x.at(one["x"]) for one in breaks}
    placed, later = {}, []
    for one in sorted(breaks, key=lambda one: at[id(one)], reverse=True):
        x, room = at[id(one)], width - at[id(one)] - 8
        said = lettering.broken(one["text"], max(room, LEAST), one["font"]["size"])
        long = max(lettering.extent(line, one["font"]["size"]) for line in lettering.lines(said))
        lines, turned = len(lettering.lines(said)), room < LEAST
        first = max((base + count for start, base, count in later if start < x + long + 8), default=0)
        later.append((x, first, lines))
        placed[id(one)] = {
            **one,
            "text": said,
            "xanchor": "right" if turned else "left",
            "xshift": -4 if turned else 4,
            "yshift": framing.BREAK_LINE * first,
        }
    top = found.edges[3] - found.edges[1]
    rises = {one["x"]: 1 + placed[id(one)]["yshift"] / top for one in breaks}
    shapes = [
        {**one, "y1": rises[one["x0"]]} if one.get("name") == framing.BREAK else one
        for one in layout["shapes"]
    ]
    highest = max(base + lines for _, base, lines in later)
    unit_end = 4 + max(
        (lettering.extent(one["text"], size) for one in layout["annotations"] if _unit(one)), default=0
    )
    lifted = framing.BREAK_LINE * highest + 4 if min(at.values()) < unit_end + 8 else 22
    labels = [
        {**one, "yshift": lifted} if _unit(one) else placed.get(id(one), one) for one in layout["annotations"]
    ]
    return {**layout, "annotations": labels, "shapes": shapes}


def _unit(one: dict[str, Any]) -> bool:
    """Whether a label is the unit above the vertical axis."""
    return one.get("xref") == "paper" and one.get("yref") == "paper" and (one["x"], one["y"]) == (0, 1)


def _at_the_end(one: dict[str, Any], found: framing.Frame, last: float) -> bool:
    """Whether a label stands right of the last mark, where the margin is its place."""
    right = one.get("xanchor") == "left" and one.get("yanchor") == "middle"
    return one.get("name") == "end" and right and found.field.x.at(one["x"]) + one.get("xshift", 0) >= last


def _apart(listed: list[dict[str, Any]], found: framing.Frame, last: float) -> list[dict[str, Any]]:
    """The labels, those in the margin pushed apart around their lines."""
    ends = [one for one in listed if _at_the_end(one, found, last)]
    ends.sort(key=lambda one: found.field.y.at(one["y"]) - one.get("yshift", 0))
    groups: list[list[tuple[dict[str, Any], float, float]]] = []
    for one in ends:
        high = _height(one, found.field)
        groups.append([(one, found.field.y.at(one["y"]), high)])
        while len(groups) > 1 and _bottom(groups[-2]) > _top(groups[-1]):
            groups[-2:] = [groups[-2] + groups[-1]]
    shifts = {}
    for group in groups:
        edge = _top(group)
        for one, y, high in group:
            shifts[id(one)] = round(y - (edge + high / 2), 1)
            edge += high
    return [{**one, "yshift": shifts[id(one)]} if id(one) in shifts else one for one in listed]


def _height(one: dict[str, Any], field: Field) -> float:
    size = min(one.get("font", {}).get("size", field.size), field.size)
    return size * lettering.LINE_HEIGHT * len(lettering.lines(one["text"]))


def _top(group: list[tuple[dict[str, Any], float, float]]) -> float:
    """Where a group of labels begins when its middle is that of its lines."""
    return sum(y for _, y, _ in group) / len(group) - sum(high for *_, high in group) / 2


def _bottom(group: list[tuple[dict[str, Any], float, float]]) -> float:
    return _top(group) + sum(high for *_, high in group)


def _box(one: dict[str, Any], found: framing.Frame) -> Box:
    """Left, top, right and bottom of a label."""
    size = min(one.get("font", {}).get("size", found.field.size), found.field.size)
    wide = max(lettering.extent(line, size) for line in lettering.lines(one["text"]))
    high = _height(one, found.field)
    x, y = (framing.at(one, name, one[name], found.field, found.edges) for name in ("x", "y"))
    x, y = x + one.get("xshift", 0), y - one.get("yshift", 0)
    left = x - {"left": 0.0, "center": wide / 2, "right": wide}[one.get("xanchor", "center")]
    top = y - {"top": 0.0, "middle": high / 2, "bottom": high}[one.get("yanchor", "middle")]
    return left, top, left + wide, top + high


def _free(
    one: dict[str, Any], found: framing.Frame, marks: np.ndarray, taken: list[Box], width: float
) -> dict[str, Any]:
    """A label at the nearest place where it covers least."""

    def lost(tried: dict[str, Any]) -> float:
        box = _box(tried, found)
        inside = (
            (marks[:, 0] > box[0] - NEAR)
            & (marks[:, 0] < box[2] + NEAR)
            & (marks[:, 1] > box[1] - NEAR)
            & (marks[:, 1] < box[3] + NEAR)
        )
        crossed = sum(
            box[0] < other[2] and other[0] < box[2] and box[1] < other[3] and other[1] < box[3]
            for other in taken
        )
        outside = (
            box[0] < found.edges[0] or box[2] > width or box[1] < found.edges[1] or box[3] > found.edges[3]
        )
        moved = abs(tried.get("yshift", 0) - one.get("yshift", 0)) / 6 + TURNED * (
            tried.get("xanchor") != one.get("xanchor")
        )
        return COVERED * int(inside.sum()) + CROSSED * crossed + OUTSIDE * outside + moved

    sides = {one.get("xanchor", "center"): one.get("xshift", 0), "right": -6, "left": 6, "center": 0}
    sides[one.get("xanchor", "center")] = one.get("xshift", 0)
    tries = (
        {**one, "xanchor": side, "xshift": shift, "yshift": one.get("yshift", 0) + lift}
        for side, shift in sides.items()
        for lift in LIFTS
    )
    return min(tries, key=lost)


def _marks(figure: dict[str, Any], field: Field) -> np.ndarray:
    """Points on everything that is drawn: lines, edges of areas, points and bars."""
    points = [np.empty((0, 2))]
    for trace in figure["data"]:
        if trace["type"] == "bar":
            continue
        xy = np.array(
            [
                (field.x.at(x), field.y.at(y)) if x is not None and y is not None else (np.nan, np.nan)
                for x, y in zip(trace["x"], trace["y"], strict=True)
            ]
        ).reshape(-1, 2)
        points.append(xy)
        if "lines" in trace.get("mode", "lines"):
            points.extend(_between(xy))
        if "markers" in trace.get("mode", "lines"):
            half = trace["marker"].get("size", 7)
            half = (max(half) if isinstance(half, list | tuple) else half) / 2
            points += [xy + np.array(side) * half for side in ((0, 1), (0, -1), (1, 0), (-1, 0))]
    for one in figure["layout"].get("shapes", []):
        if one.get("name") == framing.BREAK:
            x, y = field.x.at(one["x0"]), np.arange(field.y.end, field.y.start, 4 * APART)
            points.append(np.column_stack([np.full(len(y), x), y]))
    found = np.concatenate(points)
    return found[~np.isnan(found).any(axis=1)]


def _between(xy: np.ndarray) -> Iterator[np.ndarray]:
    """Points along the straight lines between points."""
    for start, end in itertools.pairwise(xy):
        length = float(np.hypot(*(end - start)))
        if length > APART:
            steps = np.linspace(0, 1, int(length / APART) + 1)[:, None]
            yield start + steps * (end - start)
