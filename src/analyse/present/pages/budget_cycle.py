"""The budgets that councils decide on: this year, next year and some years on, and the amounts that are enough."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from analyse.forecast import drivers
from analyse.present.exhibits.exhibit import Exhibit
from analyse.present.exhibits.tables import EXPECTED, Column
from analyse.present.figures.common import SOURCE_COSTS
from analyse.present.text import formats
from analyse.present.text.language import N_, translator

CERTAINTIES = (0.5, 0.8, 0.9)
"""How sure one may want to be that a budget is enough."""
NAMED = 0.8
"""The certainty of the title."""
COLUMNS = {
    "period": Column("Year", "year"),
    "budget_eur": Column("Budget", "euro", blank=True),
    "chance": Column("Chance of a shortage", blank=True),
    **{
        f"enough_{certainty}": Column(heading, "euro", digits=EXPECTED)
        for certainty, heading in zip(
            CERTAINTIES,
            (N_("Enough with 50% chance"), N_("Enough with 80% chance"), N_("Enough with 90% chance")),
            strict=True,
        )
    },
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
        period, enough_0.5, enough_0.8, enough_0.9 (EUR: in that part of the futures costs stay below it), price_eur
        (EUR since the last accounts), budget_eur, probability and probability_low (empty without a whole budget).
    """
    last = int(paths.loc[paths["stage"].eq("observed"), "period"].max())
    ahead = paths[paths["stage"].eq("forecast")]
    rows = []
    for year in years(this_year, sorted(int(one) for one in ahead["period"].unique())):
        costs = ahead.loc[ahead["period"].eq(year), "cost_eur"].to_numpy(dtype=float)
        split = drivers.decompose(paths, from_period=last, to_period=year).set_index("driver")
        enough = dict(zip(CERTAINTIES, np.quantile(costs, CERTAINTIES), strict=True))
        rows.append(
            {
                "period": year,
                **{f"enough_{certainty}": amount for certainty, amount in enough.items()},
                "price_eur": split.loc["price", "effect_eur"],
            }
        )
    known = risk[["period", "budget_eur", "probability", "probability_low"]]
    return pd.DataFrame(rows).merge(known, on="period", how="left", validate="1:1")


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
        amount=formats.euro(next_year[f"enough_{NAMED}"], language, digits=EXPECTED),
        year=int(next_year["period"]),
    )
    note = words.gettext(
        "The columns lie apart through what nobody can know yet. Wages and prices: their rise since {last}, in the "
        "middle outcome. The next accounts make the margin smaller.",
        last=last,
    )
    return Exhibit.of_table(table, COLUMNS, title, language, note=note, source=words.gettext(SOURCE_COSTS))
