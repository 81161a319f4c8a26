"""A map with real borders, where these were downloaded: filled shapes on plain axes, in the steps of the tile map."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

from analyse.present.exhibits import cards, style, tables
from analyse.present.exhibits.exhibit import Exhibit
from analyse.present.figures import marks, measures, tiles
from analyse.present.text.language import translator

REGION = "JZ"
EDGE = 0.02
"""White around the map, as a part of its width."""


def area_map(
    fair: pd.DataFrame,
    borders: Mapping[str, Any] | None,
    names: Mapping[str, str],
    *,
    measure: str,
    period: int,
    flags: Iterable[Any] = (),
    language: str = "nl",
) -> Exhibit:
    """One measure of one year by municipality, within the borders; a sentence where there are none.

    Parameters
    ----------
    fair : DataFrame
        ``compare.side_by_side`` by municipality, with ``flags`` from ``compare.flags.flagged``.
    borders : mapping, optional
        ``sources.borders.read()``: areas by code, as rings of x and y in metres.
    names : mapping of str to str
        Name of each municipality.
    measure, period : str, int
        Which figure.
    flags : iterable of Flag
        ``compare.choices.flags()``; the table marks what is flagged.
    """
    words = translator(language)
    if borders is None:
        text = words.gettext(
            "Who fetches the borders (analyse update --boundaries) finds a map with them here."
        )
        return cards.text([text], title=words.gettext("Map with borders"), language=language)
    chosen = fair[fair["measure"].eq(measure) & fair["period"].eq(period)].set_index("area_code")
    codes = [code for code in borders["areas"] if not code.startswith(REGION) and code in chosen.index]
    rows = pd.DataFrame({"area_code": codes, "area": [words.gettext(names[code]) for code in codes]})
    rows["value"] = rows["area_code"].map(chosen["value"]) * measures.MEASURES[measure].factor
    rows["value_status"] = rows["area_code"].map(chosen["status"]).fillna("missing")
    if "flags" in chosen:
        rows["value_flags"] = [chosen["flags"].get(code, ()) for code in rows["area_code"]]
    edges, kind = tiles.ends_of_steps(rows["value"].dropna()), measures.MEASURES[measure].kind
    name = measures.name(measure, words)
    traces = [
        _area(row, ring, edges, kind, language)
        for row in rows.itertuples()
        for ring in borders["areas"][row.area_code]
    ]
    outlines = [rings for code, rings in borders["areas"].items() if code.startswith(REGION)]
    traces += [_outline(ring) for rings in outlines for ring in rings]
    return Exhibit(
        kind="figure",
        title=words.gettext("{measure}, {year}, on the map", measure=name.capitalize(), year=period),
        alt=words.gettext(
            "Map of {n} municipalities; darker is more, a thick line is the border of a region. The table holds the "
            "same figures.",
            n=len(rows),
        ),
        source=f"{measures.source(measure, words)}; {borders['source']}",
        note=words.gettext(
            "A large municipality catches the eye more than a small one with as many youths: the map with tiles does "
            "not have that. A darker area is a higher figure, which is neither good nor bad."
        ),
        figure={"data": traces, "layout": _layout(borders, language)},
        table=tiles.listed(rows.sort_values("area"), measure, period, list(flags), words),
        language=language,
    )


def _area(row: Any, ring: list, edges: list[float], kind: str, language: str) -> dict[str, Any]:
    """One part of a municipality; each part is a shape of its own."""
    step = tiles.step_of(row.value, edges)
    x, y = zip(*ring, strict=True)
    shown = tables.written(row.value, kind, language) if row.value == row.value else "–"
    return marks.scatter(
        "lines",
        fill="toself",
        x=list(x),
        y=list(y),
        hoveron="fills",
        showlegend=False,
        fillcolor=style.TOKENS[f"scale-{step}"] if step else style.TOKENS["paper"],
        name="",
        line={"color": style.TOKENS["muted"], "width": 1},
        text=f"{style.plain(row.area)}: {shown}",
        hoverinfo="text",
    )


def _outline(ring: list) -> dict[str, Any]:
    x, y = zip(*ring, strict=True)
    return marks.scatter(
        "lines",
        x=list(x),
        y=list(y),
        hoverinfo="skip",
        showlegend=False,
        line={"color": style.TOKENS["ink"], "width": 2},
    )


def _layout(borders: Mapping[str, Any], language: str) -> dict[str, Any]:
    points = [point for rings in borders["areas"].values() for ring in rings for point in ring]
    ranges = []
    for axis in (0, 1):
        low, high = min(point[axis] for point in points), max(point[axis] for point in points)
        ranges.append([low - EDGE * (high - low), high + EDGE * (high - low)])
    bare = {"visible": False, "fixedrange": True, "showgrid": False}
    return style.layout(
        language,
        margin={"l": 4, "r": 4, "t": 8, "b": 8},
        xaxis={**bare, "range": ranges[0]},
        yaxis={**bare, "range": ranges[1], "scaleanchor": "x"},
        meta={"tall": True},
    )
