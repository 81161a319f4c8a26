"""Maps of municipalities as they lie: outlines in five steps of one colour, the country small beside a part of it.

The outlines are put on a grid that is as fine as the picture shows. Neighbours share the points of a border, so they
share them on the grid too, and no gaps appear; what a grid point says twice is left out, which makes a map small.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from analyse.present.exhibits import style, tables
from analyse.present.exhibits.exhibit import Exhibit
from analyse.present.figures import marks, measures
from analyse.present.text.language import N_, Words, translator

STEPS = 5
LIGHT_STEPS = 3
"""Areas in this many of the lightest steps have dark text, the others white."""
MIDDLE_LATITUDE = 52.2
"""A degree of longitude is as long as one of latitude times the cosine of this: good enough for one small country."""
FINE, MANY, COARSE = 700, 350, 90
"""Points of the grid along the longer side of a map, of one of many areas, and of the small one of the country."""
ROOM, KEY = 720.0, 70.0
"""Side of the picture in pixels, and the height below it for the key of the colours."""
LABELLED = 60
"""With more municipalities than this their names are in the table and under the pointer only."""
SMALL = 0.30
"""Side of the small map of the country, as a part of the large one."""
SOURCE = N_("Outlines: CBS and Kadaster, CC BY 4.0")

FRAME = 0.03
"""Half the side of the frame around what was chosen, as a part of the map."""

Ring = list[tuple[float, float]]


@dataclass(frozen=True)
class Shape:
    """An area on the grid: its rings, holes among them, and the point where its name stands."""

    rings: tuple[Ring, ...]
    middle: tuple[float, float]


def shapes(outlines: pd.DataFrame, codes: Collection[str], *, points: int = FINE) -> dict[str, Shape]:
    """The outlines of some municipalities on a grid of whole numbers, y to the north.

    Parameters
    ----------
    outlines : DataFrame
        The table of that name: municipality_code, ring, kind and points ("lon lat lon lat …").
    codes : collection of str
        Whose.
    points : int
        Of the grid along the longer side.

    Returns
    -------
    dict of Shape
        By code. An area smaller than the grid has no rings, and its middle.
    """
    rows = outlines[outlines["municipality_code"].isin(list(codes))]
    if rows.empty:
        return {}
    flat = {index: _projected(text) for index, text in zip(rows.index, rows["points"], strict=True)}
    every = np.concatenate(list(flat.values()))
    low, span = every.min(axis=0), float(np.ptp(every, axis=0).max())
    found = {}
    for code, own in rows.groupby("municipality_code"):
        exact = [(flat[index] - low) * points / span for index in own.index]
        kept = [ring for ring in map(_simplest, exact) if len(ring) > 2]
        found[str(code)] = Shape(tuple(kept), _middle(max(exact, key=lambda ring: abs(_area(ring)))))
    return found


def _projected(text: str) -> np.ndarray:
    """Points (n, 2) of a ring, in degrees of latitude."""
    values = np.array(text.split(), dtype=float).reshape(-1, 2)
    return values * [math.cos(math.radians(MIDDLE_LATITUDE)), 1.0]


def _simplest(ring: np.ndarray) -> Ring:
    """A ring on the grid, without points that lie on the line between their neighbours.

    Examples
    --------
    >>> _simplest(np.array([[0.1, 0.0], [0.9, 0.0], [2.2, 0.1], [2.0, 2.0], [0.0, 2.1], [0.1, 0.0]]))
    [(0, 0), (2, 0), (2, 2), (0, 2)]
    """
    kept: list[tuple[int, int]] = []
    for x, y in np.rint(ring).astype(int).tolist():
        if kept and kept[-1] == (x, y):
            continue
        while len(kept) > 1 and _straight(kept[-2], kept[-1], (x, y)):
            kept.pop()
        kept.append((x, y))
    return kept[:-1] if len(kept) > 1 and kept[0] == kept[-1] else kept


def _straight(one: tuple[int, int], two: tuple[int, int], three: tuple[int, int]) -> bool:
    return (two[0] - one[0]) * (three[1] - one[1]) == (two[1] - one[1]) * (three[0] - one[0])


def _area(ring: np.ndarray) -> float:
    x, y = ring[:, 0], ring[:, 1]
    return float(x @ np.roll(y, -1) - y @ np.roll(x, -1)) / 2


def _middle(ring: np.ndarray) -> tuple[float, float]:
    """The point inside a ring on the widest part of the line through its centre of gravity."""
    x, y = ring[:, 0], ring[:, 1]
    cross = x * np.roll(y, -1) - np.roll(x, -1) * y
    whole = cross.sum()
    if not whole:
        return float(x.mean()), float(y.mean())
    height = float(((y + np.roll(y, -1)) * cross).sum() / (3 * whole))
    after_x, after_y = np.roll(x, -1), np.roll(y, -1)
    passing = (y > height) != (after_y > height)
    with np.errstate(divide="ignore", invalid="ignore"):
        crossings = np.sort((x + (height - y) * (after_x - x) / (after_y - y))[passing])
    if len(crossings) < 2:
        return float(x.mean()), height
    widths = crossings[1::2] - crossings[: len(crossings) // 2 * 2 : 2]
    widest = int(widths.argmax())
    return float(crossings[2 * widest : 2 * widest + 2].mean()), height


def outline_map(
    fair: pd.DataFrame,
    outlines: pd.DataFrame,
    names: Mapping[str, str],
    *,
    measure: str,
    period: int,
    flags: Iterable[Any] = (),
    language: str = "nl",
) -> Exhibit:
    """A map of one measure in one year, with its table.

    Parameters
    ----------
    fair : DataFrame
        ``compare.side_by_side`` by municipality, with ``flags`` from ``compare.flags.flagged``.
    outlines : DataFrame
        The table of that name; whoever is not in ``names`` is drawn on the small map of the country only.
    names : mapping of str to str
        Name of each municipality that is shown.
    measure, period : str, int
        Which figure.
    flags : iterable of Flag
        ``compare.choices.flags()``; a flagged figure has its letter on the map and in the table.
    """
    words = translator(language)
    side = FINE if len(names) <= LABELLED else MANY
    shown = shapes(outlines, names, points=side)
    chosen = fair[fair["measure"].eq(measure) & fair["period"].eq(period)].set_index("area_code")
    rows = pd.DataFrame({"area_code": list(shown)})
    rows = rows.assign(
        area=rows["area_code"].map(names).map(words.gettext, na_action="ignore"),
        value=rows["area_code"].map(chosen["value"]) * measures.MEASURES[measure].factor,
        value_status=rows["area_code"].map(chosen["status"]).fillna("missing"),
    )
    if "flags" in chosen:
        rows["value_flags"] = [chosen["flags"].get(code, ()) for code in rows["area_code"]]
    title = measures.name(measure, words).capitalize()
    table = listed(rows.sort_values("area"), measure, period, list(flags), words)
    kind = measures.MEASURES[measure].kind
    return Exhibit(
        kind="figure",
        title=_finding(rows, title, period, kind, words),
        alt=words.gettext(
            "Map of {n} municipalities; darker is more. The table holds the same figures.", n=len(rows)
        ),
        source=f"{measures.source(measure, words)}. {words.gettext(SOURCE)}",
        note=_note(table, words),
        drawing=figure(rows, shown, outlines, table, kind, words, side=side),
        table=table,
        language=language,
    )


def _finding(rows: pd.DataFrame, title: str, period: int, kind: str, words: Words) -> str:
    known = rows.dropna(subset="value").sort_values("value")
    low, high = known.iloc[0], known.iloc[-1]
    return words.gettext(
        "{measure}, {year}: from {low} in {low_area} to {high} in {high_area}",
        measure=title,
        year=period,
        low=tables.written(low["value"], kind, words.language),
        low_area=low["area"],
        high=tables.written(high["value"], kind, words.language),
        high_area=high["area"],
    )


def _note(table: tables.Table, words: Words) -> str:
    """How to read the map, and what its letters stand for; the reasons are below the table."""
    parts = "; ".join(f"{letter} = {title}" for letter, title, _ in table.legend)
    flagged = words.gettext("Note, not fully comparable: {parts}.", parts=parts) + " " if parts else ""
    return flagged + words.gettext(
        "A darker municipality has a higher figure, which is neither good nor bad; a large one is not more important "
        "than a small one. White: not known."
    )


def figure(
    rows: pd.DataFrame,
    shown: Mapping[str, Shape],
    outlines: pd.DataFrame,
    table: tables.Table,
    kind: str,
    words: Words,
    *,
    side: int = FINE,
) -> dict[str, Any]:
    """The map as plotly reads it: one trace per colour, one with the names, and the country small.

    Parameters
    ----------
    rows : DataFrame
        area_code, area and value (NaN where unknown).
    shown : mapping of Shape
        The outlines of the same areas, from ``shapes``.
    outlines : DataFrame
        Of the country, for the small map; one with all areas of ``rows`` and no others gives none.
    table : Table
        Behind the map; its letters stand beside the values.
    kind : str
        Of the values, see ``tables.written``.
    words : Words
        Of the language of the page.
    side : int
        Points of the grid along a side.
    """
    edges = ends_of_steps(rows["value"].dropna())
    steps = {row.area_code: step_of(row.value, edges) for row in rows.itertuples()}
    data = [
        _areas([shown[code] for code in shown if steps[code] == step], step)
        for step in (None, *range(1, STEPS + 1))
    ]
    data.append(_names(rows, shown, steps, table, kind, words))
    data += _small(outlines, set(shown), side)
    return {"data": [one for one in data if one["x"]], "layout": _layout(edges, kind, words, side)}


def listed(rows: pd.DataFrame, measure: str, period: int, flags: list[Any], words: Words) -> tables.Table:
    """The table behind a map: every municipality with its figure, and the letters of what flags it.

    Parameters
    ----------
    rows : DataFrame
        The municipalities with their figures and flags.
    measure : str
        Key of ``measures.MEASURES``.
    period : int
        Year.
    flags : list of Flag
        For the reasons.
    words : Words
        Of the language of the page.
    """
    title = measures.name(measure, words).capitalize()
    columns = {
        "area": tables.Column("Municipality"),
        "value": tables.Column(title, measures.MEASURES[measure].kind),
    }
    caption = words.gettext("{measure} by municipality, {year}", measure=title, year=period)
    return tables.build(rows, columns, caption, words.language, flags=flags)


def ends_of_steps(values: pd.Series) -> list[float]:
    """Edges of the colour steps, which hold equal numbers of municipalities."""
    return [float(one) for one in values.quantile(np.linspace(0, 1, STEPS + 1))]


def step_of(value: float, edges: list[float]) -> int | None:
    """Which step a value is in, 1 to ``STEPS``; None without a value."""
    return None if value != value else int(min(np.searchsorted(edges[1:-1], value, side="right") + 1, STEPS))


def _areas(found: list[Shape], step: int | None) -> dict[str, Any]:
    """All areas of one colour in one trace, with gaps between the rings."""
    x: list[float | None] = []
    y: list[float | None] = []
    for ring in (ring for one in found for ring in one.rings):
        x += [None] * bool(x) + [point[0] for point in ring]
        y += [None] * bool(y) + [point[1] for point in ring]
    line = {"color": style.TOKENS["muted"], "width": 1}
    return marks.scatter(
        "lines", x=x, y=y, fill="toself", fillcolor=_fill(step), line=line, hoverinfo="skip", showlegend=False
    )


def _fill(step: int | None) -> str:
    return style.TOKENS[f"scale-{step}" if step else "paper"]


def _names(
    rows: pd.DataFrame,
    shown: Mapping[str, Shape],
    steps: Mapping[str, int | None],
    table: tables.Table,
    kind: str,
    words: Words,
) -> dict[str, Any]:
    """The values in the areas, or points under the pointer where there are too many to read."""
    letters = dict(zip([row[0] for row in table.cells], [row[1] for row in table.marks], strict=False))
    values = [
        tables.written(value, kind, words.language) if value == value else "–" for value in rows["value"]
    ]
    places = [shown[code].middle for code in rows["area_code"]]
    named = {
        "x": [round(place[0], 1) for place in places],
        "y": [round(place[1], 1) for place in places],
        "hover": [f"{style.plain(area)}: {value}" for area, value in zip(rows["area"], values, strict=True)],
        "showlegend": False,
    }
    if len(rows) > LABELLED:
        hidden = {"size": 4, "color": [_fill(steps[code]) for code in rows["area_code"]]}
        return marks.scatter("markers", marker=hidden, **named)
    signs = [f"<sup>{letters[area]}</sup>" if letters.get(area) else "" for area in rows["area"]]
    inks = [
        style.TOKENS["ink" if step is None else "on-light" if step <= LIGHT_STEPS else "on-dark"]
        for step in (steps[code] for code in rows["area_code"])
    ]
    return marks.scatter(
        "text",
        text=[f"{value}{sign}" for value, sign in zip(values, signs, strict=True)],
        textposition="middle center",
        textfont={"size": 10, "color": inks},
        **named,
    )


def _small(outlines: pd.DataFrame, shown: set[str], side: int) -> list[dict[str, Any]]:
    """The country in the corner, with what is shown large in a dark colour."""
    everybody = set(outlines["municipality_code"])
    if everybody <= shown:
        return []
    found = shapes(outlines, everybody, points=COARSE)
    scale = side * SMALL / COARSE
    traces = []
    for inside, step in ((False, 1), (True, 5)):
        moved = [
            Shape(
                tuple([_into_corner(point, scale, side) for point in ring] for ring in one.rings), one.middle
            )
            for code, one in found.items()
            if (code in shown) == inside
        ]
        trace = _areas(moved, step)
        traces.append({**trace, "line": {"color": style.TOKENS[f"scale-{step}"], "width": 0.5}})
    return traces


def _into_corner(point: tuple[float, float], scale: float, side: int) -> tuple[float, float]:
    """A point of the small map on the grid of the large one: at the top left."""
    return round(point[0] * scale, 1), round(side + (point[1] - COARSE) * scale, 1)


def _layout(edges: list[float], kind: str, words: Words, side: int) -> dict[str, Any]:
    """Equal scales along both axes in the square picture, and the key of the colours below the map."""
    key, edge = side * KEY / ROOM, 0.01 * side
    aside = (key + 2 * edge) / 2
    boxes, labels = [], []
    for step in range(1, STEPS + 1):
        left, right = (step - 1) * side / STEPS, (step - 0.08) * side / STEPS
        boxes.append(
            {
                **{"type": "rect", "x0": left, "x1": right, "y0": -0.25 * key, "y1": -0.5 * key},
                **{"layer": "below", "fillcolor": style.TOKENS[f"scale-{step}"]},
                "line": {"color": style.TOKENS["muted"], "width": 1},
            }
        )
        ends = [tables.written(one, kind, words.language) for one in edges[step - 1 : step + 1]]
        labels.append(
            {
                **{"x": (left + right) / 2, "y": -0.55 * key, "text": "–".join(ends), "showarrow": False},
                **{"yanchor": "top", "font": {"size": 11, "color": style.TOKENS["ink"]}},
            }
        )
    bare = {"visible": False, "fixedrange": True, "showgrid": False}
    return style.layout(
        words.language,
        margin={"l": 4, "r": 4, "t": 8, "b": 8},
        xaxis={**bare, "range": [-aside, side + aside]},
        yaxis={**bare, "range": [-key - edge, side + edge]},
        shapes=boxes,
        annotations=labels,
        meta={"tall": True, "scroll": True, "frame": FRAME * side},
    )
