"""One measure of a few areas over the years, with the chosen area emphasised."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pandas as pd

from analyse.errors import ParameterError
from analyse.history import areas
from analyse.present.exhibits import tables
from analyse.present.exhibits.exhibit import Exhibit
from analyse.present.figures import common, lines, measures
from analyse.present.text import sentences
from analyse.present.text.language import N_, Words, translator

USAGE = ("clients_per_100_youths", "cost_per_client_eur")
"""Measures affected by breaks in the usage statistics; breaks in bookkeeping affect the others."""
SHORT = {areas.ALL_NAME: N_("three regions together")}
"""Names of areas that are too long for a chart, shorter."""


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
        area=[words.gettext(SHORT.get(str(name), str(name))) for name in rates["area"]],
        value=rates[measure] * measures.MEASURES[measure].factor,
    )
    codes = list(dict.fromkeys(rates["area_code"]))
    rows = rates.dropna(subset="value")
    if rows.empty:
        raise ParameterError(
            f"measure: no figures of {measure} for {', '.join(codes) or 'this area'} in these years; choose others"
        )
    kind = "usage" if measure in USAGE else "costs"
    broken = common.touching(breaks, kind, codes, rows["period"])
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
        note=sentences.paragraph(
            words.gettext(lines.CAUTION),
            lines.country(rows, words) if kind == "costs" else "",
            common.break_note(broken, words),
        ),
        drawing={
            "data": lines.of_areas(
                rates,
                "value",
                hover=lambda area, year, value: f"{area}: {_text(value, measure, words)} ({year})",
                look=lambda code: (4, 10) if code == chosen else (2, 8),
            ),
            "layout": lines.layout(
                rates,
                "value",
                unit=measures.unit(measure, words),
                right=148,
                broken=broken,
                words=words,
                longest=20,
            ),
        },
        table=lines.table(
            rates,
            "value",
            measures.MEASURES[measure].kind,
            words.gettext("{measure} by year", measure=name.capitalize()),
            language,
        ),
        language=language,
    )


def _text(value: float, measure: str, words: Words) -> str:
    return tables.written(value, measures.MEASURES[measure].kind, words.language)
