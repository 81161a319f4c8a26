"""One measure of a few areas over the years, the one that was chosen drawn heavier."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pandas as pd

from analyse.errors import ParameterError
from analyse.history.areas import ALL
from analyse.present.exhibits import style, tables
from analyse.present.exhibits.exhibit import Exhibit
from analyse.present.figures import common, marks, measures
from analyse.present.text import sentences
from analyse.present.text.language import N_, Words, translator

USAGE = ("clients_per_100_youths", "cost_per_client_eur")
"""Measures that breaks in the counting of use touch; the others are touched by those in the books."""
TOGETHER = N_("three regions together")
GAP = 0.06
"""Names at line ends are at least this part of the height of the chart apart."""


def over_time(
    rates: pd.DataFrame, *, measure: str, chosen: str = "", breaks: Iterable[Any] = (), language: str = "nl"
) -> Exhibit:
    """A line per area.

    Parameters
    ----------
    rates : DataFrame
        ``compare.measures`` of the areas, in the order of the legend: area_code, area, period, and the measure
        (EUR, per 100, or a fraction); empty where it is not whole.
    measure : str
        A column of ``rates``, one of ``measures.MEASURES``.
    chosen : str
        Code of the area that is drawn heavier.
    breaks : iterable of Break
        Declared breaks; those that touch these areas are drawn and explained.

    Raises
    ------
    ParameterError
        If there is no figure to draw.
    """
    words = translator(language)
    rates = rates.assign(
        area=[
            words.gettext(TOGETHER if code == ALL else str(name))
            for code, name in zip(rates["area_code"], rates["area"], strict=True)
        ],
        value=rates[measure] * measures.MEASURES[measure].factor,
    )
    codes = list(dict.fromkeys(rates["area_code"]))
    rows = rates.dropna(subset="value")
    if rows.empty:
        raise ParameterError(
            f"measure: no figures of {measure} for {', '.join(codes) or 'this area'} in these years; choose others"
        )
    kind = "usage" if measure in USAGE else "costs"
    marked = common.touching(breaks, kind, codes, rows["period"])
    last = rows[rows["period"].eq(rows["period"].max())]
    last = last if chosen in codes else last.sort_values("value", ascending=False)
    amounts = [f"{row.area} {_text(row.value, measure, words)}" for row in last.itertuples()]
    year = int(last["period"].iloc[0])
    name = measures.name(measure, words)
    return Exhibit(
        kind="figure",
        title=words.gettext(
            "{measure} in {year}: {parts}",
            measure=name.capitalize(),
            year=year,
            parts=sentences.listing(amounts, language),
        ),
        alt=words.gettext(
            "Line chart of {measure}. In {year}: {parts}.", measure=name, year=year, parts="; ".join(amounts)
        ),
        source=measures.source(measure, words),
        note=_note(marked, words),
        figure={
            "data": [
                _trace(rows[rows["area_code"].eq(code)], code, place, (measure, chosen), words)
                for place, code in enumerate(codes)
                if code in set(rows["area_code"])
            ],
            "layout": _layout(rows, codes, measure, marked, words),
        },
        table=_table(rates, codes, measure, words),
        language=language,
    )


def _text(value: float, measure: str, words: Words) -> str:
    return tables.written(value, measures.MEASURES[measure].kind, words.language)


def _note(marked: list[Any], words: Words) -> str:
    parts = (
        words.gettext(
            "A difference between areas need not be a difference in care: youths, prices and books differ too."
        ),
        common.break_note(marked, words),
    )
    return " ".join(part for part in parts if part)


def _trace(rows: pd.DataFrame, code: str, place: int, shown: tuple[str, str], words: Words) -> dict[str, Any]:
    measure, chosen = shown
    line, whole, area = style.region_line(code, place), common.every_year(rows), rows["area"].iloc[0]
    heavy = code == chosen
    return marks.scatter(
        "lines+markers",
        name=style.plain(area),
        connectgaps=False,
        x=[int(period) for period in whole["period"]],
        y=[float(value) if value == value else None for value in whole["value"]],
        line={"color": line.color, "width": 4 if heavy else 2, "dash": line.dash},
        marker={"symbol": line.symbol, "size": 10 if heavy else 8, "color": line.color},
        hover=[
            f"{style.plain(area)}: {_text(value, measure, words)} ({int(period)})"
            for period, value in zip(whole["period"], whole["value"], strict=True)
        ],
    )


def _layout(
    rows: pd.DataFrame, codes: list[str], measure: str, marked: list[Any], words: Words
) -> dict[str, Any]:
    marks = common.break_marks(marked)
    unit = style.note_on_axis(measures.unit(measure, words))
    return style.layout(
        words.language,
        margin={"l": 56, "r": 148, "t": 48, "b": 32},
        xaxis=style.year_axis(rows["period"].astype(int).tolist()),
        yaxis=style.axis(rangemode="tozero"),
        shapes=marks["shapes"],
        annotations=[unit, *marks["annotations"], *_end_labels(rows, codes)],
    )


def _end_labels(rows: pd.DataFrame, codes: list[str]) -> list[dict[str, Any]]:
    """Names at the line ends, pushed apart when they would cover each other."""
    ends = rows.sort_values("period").groupby("area_code").tail(1).sort_values("value")
    gap = GAP * (max(float(rows["value"].max()), 0.0) - min(float(rows["value"].min()), 0.0))
    labels, below = [], float("-inf")
    for row in ends.itertuples():
        at = max(row.value, below + gap)
        line = style.region_line(row.area_code, codes.index(row.area_code))
        labels.append(style.end_label(int(row.period), at, _broken(row.area), line.color))
        below = at
    return labels


def _broken(name: str, width: int = 20) -> str:
    """A long name without its last part: the line is named in full when one points at it."""
    return name if len(name) <= width else f"{name[: width - 1].rstrip(' ,')}…"


def _table(rates: pd.DataFrame, codes: list[str], measure: str, words: Words) -> tables.Table:
    names = dict(zip(rates["area_code"], rates["area"], strict=True))
    wide = rates.pivot(index="period", columns="area_code", values="value").dropna(how="all").reset_index()
    columns = {"period": tables.Column("Year", "year")}
    columns |= {code: tables.Column(names[code], measures.MEASURES[measure].kind) for code in codes}
    caption = words.gettext("{measure} by year", measure=measures.name(measure, words).capitalize())
    return tables.build(wide, columns, caption, words.language)
