"""The budgets that councils decide on: this year, next year and some years on, and the amounts that are enough."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from analyse import forecast
from analyse.forecast import budgets, drivers
from analyse.present.exhibits import tables
from analyse.present.exhibits.exhibit import Exhibit
from analyse.present.exhibits.tables import EXPECTED, Column
from analyse.present.figures.common import SOURCE_COSTS
from analyse.present.text import formats
from analyse.present.text.language import N_, Words, translator

COLUMNS = {
    "period": Column("Year", "year"),
    "budget_eur": Column("Budget", "euro", blank=True),
    "chance": Column("Chance of a shortage", blank=True),
    "amount_50_eur": Column("Budget with 50% chance of a shortage", "euro", digits=EXPECTED),
    "amount_80_eur": Column("Budget with 20% chance of a shortage", "euro", digits=EXPECTED),
    "amount_90_eur": Column("Budget with 10% chance of a shortage", "euro", digits=EXPECTED),
    "price_eur": Column("Of which rises in wages and prices", "euro", digits=EXPECTED),
    "width_eur": Column("Margin now", "euro", digits=EXPECTED),
    "width_then_eur": Column("Margin after the next accounts", "euro", digits=EXPECTED),
}
SHORTAGES = {"amount_50_eur": 50, "amount_80_eur": 20, "amount_90_eur": 10}
"""Amount -> the chance, in per cent, that it is too little."""
NAMES = {0: N_("This year: {year}"), 1: N_("Next year: {year}")}
"""What this year and the next are called; a later one is just a year."""


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


def base_year(paths: pd.DataFrame) -> int:
    """The year of the last accounts; where these were not delivered, the first year that is estimated instead.

    Examples
    --------
    >>> base_year(pd.DataFrame({"period": [2024, 2025], "stage": ["forecast", "forecast"]}))
    2024
    """
    observed = paths.loc[paths["stage"].eq("observed"), "period"]
    return int(paths["period"].min() if observed.empty else observed.max())


def amounts(paths: pd.DataFrame, risk: pd.DataFrame, this_year: int) -> pd.DataFrame:
    """What is enough for each year of ``years``, and how much of it is the rise of wages and prices.

    Parameters
    ----------
    paths : DataFrame
        Rows of one area of ``forecast.by_area``, with the last accounts (stage ``observed``).
    risk : DataFrame
        ``forecast.chance_budget_exceeded`` of the area.
    this_year : int
        The year of the current budget.

    Returns
    -------
    DataFrame
        Rows of ``forecast.certainty`` with price_eur (EUR since the last accounts), the columns of
        ``forecast.budgets.of_years`` (a later budget is the last one, raised with prices), and the width of the 80 %
        interval in EUR: width_eur now, width_then_eur when the accounts of the first year ahead are known.
    """
    last = base_year(paths)
    enough = forecast.certainty(paths)
    held = held_to(paths, risk)
    enough = enough[enough["period"].isin(years(this_year, sorted(enough["period"])))]
    rises = [
        drivers.decompose(paths, from_period=last, to_period=year)
        .set_index("driver")
        .loc["price", "effect_eur"]
        for year in enough["period"]
    ]
    middle = enough["amount_50_eur"] / 100
    enough = enough.assign(
        price_eur=rises,
        width_eur=middle * enough["width_80_percent"],
        width_then_eur=middle * enough["width_80_then_percent"],
    )
    return enough.merge(held, on="period", how="left", validate="1:1")


def held_to(paths: pd.DataFrame, risk: pd.DataFrame) -> pd.DataFrame:
    """The budget that each year of a forecast is held to, see ``forecast.budgets.of_years``; as for ``amounts``."""
    ahead = paths[paths["stage"].eq("forecast")].sort_values(["period", "sample"], kind="stable")
    ahead_years = [int(year) for year in ahead["period"].unique()]
    costs, prices = (
        ahead[name].to_numpy(dtype=float).reshape(len(ahead_years), -1) for name in ("cost_eur", "price")
    )
    whole = risk.dropna(subset="probability")
    known = {int(row.period): (float(row.budget_eur), float(row.largest_eur)) for row in whole.itertuples()}
    return budgets.of_years(ahead_years, costs, prices, known=known)


def cycle(
    paths: pd.DataFrame,
    risk: pd.DataFrame,
    *,
    area: str,
    this_year: int,
    enough: pd.DataFrame | None = None,
    language: str = "nl",
) -> Exhibit:
    """Which amount gives which certainty, for the budgets that lie ahead: a card for each year, and their table.

    Parameters
    ----------
    paths, risk, this_year
        As for ``amounts``.
    area : str
        Name of the area.
    enough : DataFrame, optional
        ``amounts`` of these, where they were worked out before.
    """
    words = translator(language)
    table = amounts(paths, risk, this_year) if enough is None else enough
    last = base_year(paths)
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
        "{area}: a budget of {amount} for {year} has a 4 in 5 chance of being enough",
        area=words.gettext(area),
        amount=formats.euro(next_year["amount_80_eur"], language, digits=EXPECTED),
        year=int(next_year["period"]),
    )
    raised = table["raised_from"].dropna()
    note = words.gettext("Margin: 4 in 5 chance that the costs lie in it.")
    if len(raised):
        note += " " + words.gettext(
            "There is no budget for a later year yet: this is the budget of {year}, raised with wages and prices.",
            year=int(raised.iloc[0]),
        )
    caption = words.gettext("{area}: which budget is enough", area=words.gettext(area))
    cards = [_card(row, this_year, last, words) for row in table.to_dict("records")]
    return Exhibit(
        kind="choices",
        title=title,
        source=words.gettext(SOURCE_COSTS),
        note=note,
        content={"cards": cards},
        table=tables.build(table, COLUMNS, caption, language),
        language=language,
    )


def _card(row: dict[str, Any], this_year: int, last: int, words: Words) -> dict[str, Any]:
    """One year: its budget with the chance of a shortage, three amounts with theirs, and what the margin is made of."""

    def euro(name: str, digits: int = EXPECTED) -> str:
        return formats.euro(row[name], words.language, digits=digits)

    year = int(row["period"])
    named = words.gettext(NAMES.get(year - this_year, "{year}"), year=year)
    budget = words.gettext("No budget is known.")
    if formats.known(row["budget_eur"]):
        said = (
            N_("Budgeted {amount}: chance of a shortage {chance}.")
            if pd.isna(row["raised_from"])
            else N_("Budget of {year} raised with prices, {amount}: chance of a shortage {chance}.")
        )
        amount = formats.euro(row["budget_eur"], words.language)
        budget = words.gettext(said, amount=amount, chance=row["chance"], year=row["raised_from"])
    parts = words.gettext(
        "Wages and prices since {last}: {price}. What nobody can know yet: a margin of {now}",
        last=last,
        price=euro("price_eur"),
        now=euro("width_eur"),
    )
    then = (
        words.gettext("the accounts of {year} say it.", year=year)
        if year == last + 1
        else words.gettext(
            "{then} when the accounts of {year} are known.", year=last + 1, then=euro("width_then_eur")
        )
    )
    return {
        "label": named,
        "value": budget,
        "choices": [
            [
                euro(name),
                words.gettext(
                    "{percent} chance of a shortage",
                    percent=formats.percent(shortage, words.language, decimals=0),
                ),
            ]
            for name, shortage in SHORTAGES.items()
        ],
        "details": [f"{parts}; {then}"],
    }
