"""The tile map: every municipality a tile of the same size, its value in it, five steps of one colour."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import pandas as pd

from analyse.present.exhibits import style, tables
from analyse.present.exhibits.exhibit import Exhibit
from analyse.present.figures import marks, measures
from analyse.present.text.language import Words, translator

STEPS = 5
LIGHT_STEPS = 3
"""Tiles in this many of the lightest steps have dark text, the others white."""


def tile_map(
    fair: pd.DataFrame,
    places: Iterable[Any],
    names: Mapping[str, str],
    *,
    measure: str,
    period: int,
    flags: Iterable[Any] = (),
    language: str = "nl",
) -> Exhibit:
    """A tile map of one measure in one year.

    Parameters
    ----------
    fair : DataFrame
        ``compare.side_by_side`` by municipality, with ``flags`` from ``compare.flags.flagged``.
    places : iterable of Tile
        ``compare.choices.tiles()``.
    names : mapping of str to str
        Name of each municipality.
    measure, period : str, int
        Which figure.
    flags : iterable of Flag
        ``compare.choices.flags()``; a flagged figure has its letter in the tile and in the table.
    """
    words = translator(language)
    chosen = fair[fair["measure"].eq(measure) & fair["period"].eq(period)].set_index("area_code")
    rows = pd.DataFrame(
        [{"area_code": one.municipality, "row": one.row, "column": one.column} for one in places]
    )
    rows = rows.assign(
        area=rows["area_code"].map(names).map(words.gettext, na_action="ignore"),
        value=rows["area_code"].map(chosen["value"]),
        value_status=rows["area_code"].map(chosen["status"]).fillna("missing"),
    )
    if "flags" in chosen:
        rows["value_flags"] = [chosen["flags"].get(code, ()) for code in rows["area_code"]]
    rows["value"] = rows["value"] * measures.MEASURES[measure].factor
    edges = ends_of_steps(rows["value"].dropna())
    table = listed(rows.sort_values("area"), measure, period, list(flags), words)
    letters = dict(zip([row[0] for row in table.cells], [row[1] for row in table.marks], strict=False))
    known = rows.dropna(subset="value").sort_values("value")
    low, high = known.iloc[0], known.iloc[-1]
    kind = measures.MEASURES[measure].kind
    return Exhibit(
        kind="figure",
        title=words.gettext(
            "{measure}, {year}: from {low} in {low_area} to {high} in {high_area}",
            measure=measures.name(measure, words).capitalize(),
            year=period,
            low=tables.written(low["value"], kind, language),
            low_area=low["area"],
            high=tables.written(high["value"], kind, language),
            high_area=high["area"],
        ),
        alt=words.gettext(
            "Map of {n} tiles, one per municipality; darker is more. The table holds the same figures.",
            n=len(rows),
        ),
        source=measures.source(measure, words),
        note=_note(table, words),
        figure={
            "data": [_texts(rows, edges, letters, kind, words)],
            "layout": _layout(rows, edges, kind, words),
        },
        table=table,
        language=language,
    )


def _note(table: tables.Table, words: Words) -> str:
    """How to read the map, and what the letters in the tiles stand for; the reasons are below the table."""
    parts = "; ".join(f"{letter} = {title}" for letter, title, _ in table.legend)
    flagged = words.gettext("Note, not fully comparable: {parts}.", parts=parts) + " " if parts else ""
    return flagged + words.gettext(
        "Every tile is as large as any other; its place is roughly that of the municipality. A "
        "darker tile is a higher figure, which is neither good nor bad."
    )


def ends_of_steps(values: pd.Series) -> list[float]:
    """Edges of the colour steps, which hold equal numbers of municipalities."""
    return [float(one) for one in values.quantile(np.linspace(0, 1, STEPS + 1))]


def step_of(value: float, edges: list[float]) -> int | None:
    """Which step a value is in, 1 to ``STEPS``; None without a value."""
    return None if value != value else int(min(np.searchsorted(edges[1:-1], value, side="right") + 1, STEPS))


def _ink(step: int | None) -> str:
    if step is None:
        return style.TOKENS["ink"]
    return style.TOKENS["on-light" if step <= LIGHT_STEPS else "on-dark"]


def _texts(
    rows: pd.DataFrame, edges: list[float], letters: Mapping[str, str], kind: str, words: Words
) -> dict[str, Any]:
    values = [
        tables.written(row.value, kind, words.language) if row.value == row.value else "–"
        for row in rows.itertuples()
    ]
    signs = [f"<sup>{letters[area]}</sup>" if letters.get(area) else "" for area in rows["area"]]
    full = [
        f"{_broken(area)}<br><b>{value}</b>{sign}"
        for area, value, sign in zip(rows["area"], values, signs, strict=True)
    ]
    return marks.scatter(
        "text",
        x=rows["column"].tolist(),
        y=rows["row"].tolist(),
        text=full,
        textposition="middle center",
        showlegend=False,
        textfont={"size": 11, "color": [_ink(step_of(value, edges)) for value in rows["value"]]},
        hover=[f"{style.plain(area)}: {value}" for area, value in zip(rows["area"], values, strict=True)],
    )


def _broken(name: str, width: int = 14) -> str:
    """A long name split over two lines."""
    text = style.plain(name)
    if len(text) <= width or not {" ", "-"} & set(text):
        return text
    cuts = [place for place, letter in enumerate(text) if letter in " -"]
    middle = min(cuts, key=lambda place: abs(place - len(text) / 2))
    return f"{text[: middle + 1].strip()}<br>{text[middle + 1 :]}"


def _layout(rows: pd.DataFrame, edges: list[float], kind: str, words: Words) -> dict[str, Any]:
    right, bottom = int(rows["column"].max()), int(rows["row"].max())
    shapes = [_tile(row.column, row.row, step_of(row.value, edges)) for row in rows.itertuples()]
    labels = []
    for step in range(1, STEPS + 1):
        x = 0.5 + (step - 0.5) * right / STEPS
        shapes.append(_tile(x, bottom + 1.15, step, wide=right / STEPS * 0.48, high=0.16))
        ends = [tables.written(one, kind, words.language) for one in edges[step - 1 : step + 1]]
        labels.append(
            {
                "x": x,
                "y": bottom + 1.45,
                "text": f"{ends[0]}–<br>{ends[1]}",
                "showarrow": False,
                "yanchor": "top",
                "yshift": 8,
                "font": {"size": 11, "color": style.TOKENS["ink"]},
            }
        )
    bare = {"visible": False, "fixedrange": True, "showgrid": False}
    return style.layout(
        words.language,
        margin={"l": 4, "r": 4, "t": 8, "b": 8},
        xaxis={**bare, "range": [0.45, right + 0.55]},
        yaxis={**bare, "range": [bottom + 2.1, 0.45]},
        shapes=shapes,
        annotations=labels,
        meta={"tall": True, "scroll": True},
    )


def _tile(x: float, y: float, step: int | None, *, wide: float = 0.48, high: float = 0.48) -> dict[str, Any]:
    fill = style.TOKENS[f"scale-{step}"] if step else style.TOKENS["paper"]
    line = {"color": style.TOKENS["muted"], "width": 1, "dash": "solid" if step else "dot"}
    return {
        "type": "rect",
        "x0": x - wide,
        "x1": x + wide,
        "y0": y - high,
        "y1": y + high,
        "layer": "below",
        "fillcolor": fill,
        "line": line,
    }


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
    columns = {
        "area": tables.Column("Municipality"),
        "value": tables.Column(measures.name(measure, words).capitalize(), measures.MEASURES[measure].kind),
    }
    caption = words.gettext(
        "{measure} by municipality, {year}", measure=measures.name(measure, words).capitalize(), year=period
    )
    return tables.build(rows, columns, caption, words.language, flags=flags)
