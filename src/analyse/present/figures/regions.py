"""The regions beside each other: costs per youth over the years."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pandas as pd

from analyse.present.exhibits import cards
from analyse.present.exhibits.exhibit import Exhibit
from analyse.present.figures import common, lines
from analyse.present.text import formats, sentences
from analyse.present.text.language import N_, Words, translator

MEASURE = "cost_per_youth_eur"
SOURCE = N_("CBS and Ministry of BZK: Iv3 accounts; youths of 0 to 17 on 1 January")


def regions_per_youth(measures: pd.DataFrame, *, breaks: Iterable[Any] = (), language: str = "nl") -> Exhibit:
    """Costs per youth of several areas, each with its own colour, dash and marker.

    Parameters
    ----------
    measures : DataFrame
        ``compare.measures`` of the areas: area_code, area, period, cost_per_youth_eur (EUR); empty where
        the accounts are not whole.
    breaks : iterable of Break
        Declared breaks; those that touch these areas are drawn and explained.
    """
    words = translator(language)
    measures = measures.assign(area=[words.gettext(str(name)) for name in measures["area"]])
    measures = measures.sort_values(["area", "period"])
    rows = measures.dropna(subset=MEASURE)
    if rows.empty:
        names = sentences.listing(list(dict.fromkeys(measures["area"])), language)
        said = words.gettext(
            "The costs per youth of {areas} are not known: no accounts are whole.", areas=names
        )
        return cards.text([said], title=said, language=language)
    broken = common.touching(breaks, "costs", dict.fromkeys(rows["area_code"]), rows["period"])
    last = rows[rows["period"].eq(rows["period"].max())].sort_values(MEASURE, ascending=False)
    unit = words.gettext("euros per youth of 0 to 17")
    return Exhibit(
        kind="figure",
        title=_title(last, words),
        alt=sentences.paragraph(
            words.gettext(
                "Line chart of costs per youth. In {year}: {parts}.",
                year=int(last["period"].iloc[0]),
                parts="; ".join(_amounts(last, words)),
            ),
            common.breaks_told(broken, words),
        ),
        source=words.gettext(SOURCE),
        note=sentences.paragraph(
            words.gettext(lines.CAUTION), lines.country(rows, words), common.break_note(broken, words)
        ),
        drawing={
            "data": lines.of_areas(
                rows,
                MEASURE,
                hover=lambda area, year, value: f"{year} · {area}: {formats.euro(value, language)}",
            ),
            "layout": lines.layout(rows, MEASURE, unit=unit, right=132, broken=broken, words=words),
        },
        table=lines.table(
            measures, MEASURE, "euro_exact", words.gettext("Costs per youth of 0 to 17 by year"), language
        ),
        language=language,
    )


def _title(last: pd.DataFrame, words: Words) -> str:
    if 1 < len(last) <= 3:
        parts = sentences.listing(_amounts(last, words), words.language)
        return words.gettext(
            "Costs per youth in {year}: {parts}", year=int(last["period"].iloc[0]), parts=parts
        )
    high, low, year = last.iloc[0], last.iloc[-1], int(last["period"].iloc[0])
    if len(last) == 1:
        return words.gettext(
            "In {year} {area} spent {amount} per youth",
            year=year,
            area=high["area"],
            amount=formats.euro(high[MEASURE], words.language),
        )
    return words.gettext(
        "In {year} {high} spent most per youth ({high_amount}), {low} least ({low_amount})",
        year=year,
        high=high["area"],
        high_amount=formats.euro(high[MEASURE], words.language),
        low=low["area"],
        low_amount=formats.euro(low[MEASURE], words.language),
    )


def _amounts(last: pd.DataFrame, words: Words) -> list[str]:
    return [f"{row.area} {formats.euro(row.cost_per_youth_eur, words.language)}" for row in last.itertuples()]
