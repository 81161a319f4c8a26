"""The budgets that councils decide on: this year, next year and some years on, and the amounts that are enough."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from analyse import forecast
from analyse.forecast import drivers
from analyse.present.exhibits.exhibit import Exhibit
from analyse.present.exhibits.tables import EXPECTED, Column
from analyse.present.figures.common import SOURCE_COSTS
from analyse.present.text import formats
from analyse.present.text.language import translator

COLUMNS = {
    "period": Column("Year", "year"),
    "budget_eur": Column("Budget", "euro", blank=True),
    "chance": Column("Chance of a shortage", blank=True),
    "amount_50_eur": Column("Enough with 50% chance", "euro", digits=EXPECTED),
    "amount_80_eur": Column("Enough with 80% chance", "euro", digits=EXPECTED),
    "amount_90_eur": Column("Enough with 90% chance", "euro", digits=EXPECTED),
    "price_eur": Column("Of which rise of wages and prices", "euro", digits=EXPECTED),
}


def years(this_year: int, known: Sequence[int]) -> list[int]:
    """This year, the next one and the year four years on, as far as the forecast goes.

    Examples
    --------
    >>> years(2026, range(2025, 2031))
    [2026, 2027, 2030]
    """
    return sorted(
        {year for year in (this_year, this_year + 1, min(this_year + 4, max(known))) if year in known}
    )


def amounts(paths: pd.DataFrame, risk: pd.DataFrame, this_year: int) -> pd.DataFrame:
    """What is enough for each year of ``years``, and how much of it is the rise of wages and prices.

    Parameters
    ----------
    paths : DataFrame
        Rows of one area of ``forecast.by_area``, with the last accounts (stage ``observed``).
    risk : DataFrame
        ``forecast.chance_budget_exceeded`` of the area.
    this_year : int
        The year that the budget of now is of.

    Returns
    -------
    DataFrame
        Rows of ``forecast.certainty`` with price_eur (EUR since the last accounts), and budget_eur, probability and
        probability_low (empty without a whole budget).
    """
    last = int(paths.loc[paths["stage"].eq("observed"), "period"].max())
    enough = forecast.certainty(paths)
    enough = enough[enough["period"].isin(years(this_year, sorted(enough["period"])))]
    rises = [
        drivers.decompose(paths, from_period=last, to_period=year)
        .set_index("driver")
        .loc["price", "effect_eur"]
        for year in enough["period"]
    ]
    known = risk[["period", "budget_eur", "probability", "probability_low"]]
    return enough.assign(price_eur=rises).merge(known, on="period", how="left", validate="1:1")


def cycle(
    paths: pd.DataFrame, risk: pd.DataFrame, *, area: str, this_year: int, language: str = "nl"
) -> Exhibit:
    """Which amount gives which certainty, for the budgets that lie ahead.

    Parameters
    ----------
    paths, risk, this_year
        As for ``amounts``.
    area : str
        Name of the area.
    """
    words = translator(language)
    table = amounts(paths, risk, this_year)
    last = int(paths.loc[paths["stage"].eq("observed"), "period"].max())
    later = table[table["period"].gt(this_year)]
    next_year = (later if len(later) else table).iloc[0]
    table = table.assign(
        chance=[
            formats.chances(row.probability_low, row.probability, language)
            if formats.known(row.probability)
            else "–"
            for row in table.itertuples()
        ]
    )
    title = words.gettext(
        "{area}: a budget of {amount} for {year} is enough with 4 in 5 chance",
        area=words.gettext(area),
        amount=formats.euro(next_year["amount_80_eur"], language, digits=EXPECTED),
        year=int(next_year["period"]),
    )
    note = words.gettext(
        "The columns lie apart through what nobody can know yet: for {year} the margin is {now} of the middle outcome. "
        "When the accounts of {first} are known, about {then} is left. Wages and prices: their rise since {last}.",
        year=int(next_year["period"]),
        first=last + 1,
        last=last,
        now=formats.percent(next_year["width_80_percent"], language, decimals=0),
        then=formats.percent(next_year["width_80_then_percent"], language, decimals=0),
    )
    return Exhibit.of_table(table, COLUMNS, title, language, note=note, source=words.gettext(SOURCE_COSTS))
