"""Maps of municipalities in five steps of one colour, with a small map of the country beside a part of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import pandas as pd

from analyse.present.exhibits import style, tables
from analyse.present.exhibits.exhibit import Exhibit
from analyse.present.figures import marks, measures
from analyse.present.figures.outlines import FINE, Shape, projected, shapes, strips
from analyse.present.text.language import N_, Words, translator

STEPS = 5
LIGHT_STEPS = 3
"""Areas in this many of the lightest steps have dark text, the others white."""
MANY, COARSE = 350, 45
"""Points of the grid along the longer side of a map of many areas, and of the small one of the country."""
ROOM, KEY = 720.0, 70.0
"""Side of the picture in pixels, and the height below it for the key of the colours."""
LABELLED = 60
"""With more municipalities than this their names are in the table and under the pointer only."""
SMALL = 0.30
"""Side of the small map of the country, as a part of the large one."""
SOURCE = N_("Outlines: CBS and Kadaster, CC BY 4.0")

FRAME = 0.03
"""Half the side of the frame around what was chosen, as a part of the map."""


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
        The table of that name; a municipality that is not in ``names`` is only on the small map of the country.
    names : mapping of str to str
        Name of each municipality that is shown.
    measure, period : str, int
        The figure to show, and its year.
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
    table = _listed(rows.sort_values("area"), measure, period, list(flags), words)
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
        "Darker means a higher figure, which is neither good nor bad; a large municipality matters "
        "no more than a small one. White: not known."
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
    """The map as plotly reads it: a trace per area, one with the values, and the country small.

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
        How the values are written, see ``tables.written``.
    words : Words
        Texts in the language of the page.
    side : int
        Points of the grid along a side.
    """
    edges = ends_of_steps(rows["value"].dropna())
    steps = {row.area_code: step_of(row.value, edges) for row in rows.itertuples()}
    data = [
        {**_areas([shown[row.area_code]], steps[row.area_code]), "meta": _told(row, kind, words)}
        for row in rows.itertuples()
    ]
    data.append(_names(rows, shown, steps, table, kind, words))
    data += _small(outlines, set(shown), side)
    return {"data": [one for one in data if one["x"]], "layout": _layout(edges, kind, words, side)}


def _listed(rows: pd.DataFrame, measure: str, period: int, flags: list[Any], words: Words) -> tables.Table:
    """The table behind a map: every municipality with its figure, and the letters of what flags it."""
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


def _told(row: Any, kind: str, words: Words) -> str:
    """Name and value of an area: what its link is called, see ``picture``."""
    value = tables.written(row.value, kind, words.language) if row.value == row.value else "–"
    return f"{style.plain(row.area)}: {value}"


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
    told = [_told(row, kind, words) for row in rows.itertuples()]
    values = [one.rpartition(": ")[2] for one in told]
    places = [shown[code].middle for code in rows["area_code"]]
    named = {
        "x": [round(place[0], 1) for place in places],
        "y": [round(place[1], 1) for place in places],
        "hover": told,
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
    """The country in the corner as strips, with what is shown large in a dark colour."""
    if set(outlines["municipality_code"]) <= shown:
        return []
    flat = [projected(text) for text in outlines["points"]]
    every = np.concatenate(flat)
    low, span = every.min(axis=0), float(np.ptp(every, axis=0).max())
    inside = outlines["municipality_code"].isin(shown)
    traces = []
    for chosen, step in ((~inside, 1), (inside, 5)):
        rings = [(flat[place] - low) * COARSE / span for place in np.flatnonzero(chosen)]
        scale = side * SMALL / COARSE
        moved = [[_into_corner(point, scale, side) for point in strip] for strip in strips(rings)]
        trace = _areas([Shape(tuple(moved), (0.0, 0.0))], step)
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
        meta={"tall": True, "scroll": True, "links": True, "frame": FRAME * side},
    )
