"""Texts for the planning and control cycle: for the budget, on the risk, and for the interim report.

Every number in a sentence is the text of a cell of a table on the same page (``budget_years.Told``): it can be followed
to its source, and is written once.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from analyse.present.exhibits import cards, tables
from analyse.present.exhibits.exhibit import Exhibit
from analyse.present.exhibits.tables import EXPECTED, Column
from analyse.present.pages import budget_cycle, budget_years, care_form_costs
from analyse.present.pages.budget_years import Told
from analyse.present.pages.one_area import Area
from analyse.present.text import formats
from analyse.present.text.language import N_, Words, translator
from analyse.scenario import Inputs

CERTAINTIES = (80, 90)
"""Per cent of the futures that a reserve must be enough in."""
NO_BUDGET = N_("There is no whole budget to compare with.")


def budget(page: Area, inputs: Inputs, rng: np.random.Generator, *, language: str = "nl") -> list[Exhibit]:
    """The text for the budget, and the tables that its numbers come from.

    Parameters
    ----------
    page, inputs, rng
        As for ``budget_years.by_field``.
    """
    words = translator(language)
    drawn = budget_years.by_field(page, inputs, rng)
    ahead, shown = budget_years.table(page, drawn, language=language), page.cycle(language=language)
    enough = Told(shown.only_table(), tuple(budget_cycle.COLUMNS))
    told = [int(one) for one in enough.rows]
    year = next((one for one in told if one > page.this_year), told[-1])
    said = [
        words.gettext(
            "In {year} youth care will cost {area} about {middle}. There is 80% chance that it will be between "
            "{low} and {high}.",
            area=words.gettext(page.name),
            **_expected(ahead, year, words),
        ),
        words.gettext(
            "The last accounts are those of {last}: {accounts}. Since then, rises in wages and prices add {price} "
            "up to {year}.",
            last=page.last,
            accounts=ahead(words.gettext("Together"), f"accounts{page.last}"),
            price=enough(year, "price_eur"),
            year=year,
        ),
    ]
    further = []
    if told[-1] > year:
        further.append(
            words.gettext(
                "In {year} it will be about {middle}, with 80% chance between {low} and {high}. The further ahead, the "
                "less sure.",
                **_expected(ahead, told[-1], words),
            )
        )
    title = words.gettext("Text for the budget")
    return [
        cards.text(
            [" ".join(said), _held(page, enough, year, words), *further], title=title, language=language
        ),
        ahead.exhibit,
        budget_years.margins(page, drawn, language=language),
        enough.exhibit,
        care_form_costs.bought(page.costs, area=page.name, language=language),
    ]


def _expected(ahead: Told, year: int, words: Words) -> dict[str, object]:
    """What is expected of a year, as the table of years says it."""
    rows = {"middle": words.gettext("Together")}
    rows |= dict(
        zip(
            ("low", "high"),
            (words.gettext(one.label) for one in tables.intervals("euro", 80).values()),
            strict=True,
        )
    )
    return {"year": year, **{name: ahead(row, f"q{year}") for name, row in rows.items()}}


def _held(page: Area, enough: Told, year: int, words: Words) -> str:
    """What is budgeted for a year, or what the last budget comes to in it, and the chance that it is too little."""
    held = budget_cycle.held_to(page.future, page.budgeted).set_index("period")
    if not formats.known(held.loc[year, "budget_eur"]):
        return words.gettext(NO_BUDGET)
    raised = held.loc[year, "raised_from"]
    values = {"year": year, "amount": enough(year, "budget_eur"), "chance": enough(year, "chance")}
    said = (
        words.gettext(
            "The budget of {year} is {amount}. The chance that this is too little is {chance}.", **values
        )
        if pd.isna(raised)
        else words.gettext(
            "With wages and prices on top, the budget of {raised} comes to {amount} in {year}. The chance that this "
            "is too little is {chance}.",
            raised=int(raised),
            **values,
        )
    )
    safer = words.gettext(
        "With {eighty} the chance of a shortage is 20%, with {ninety} it is 10%.",
        eighty=enough(year, "amount_80_eur"),
        ninety=enough(year, "amount_90_eur"),
    )
    return f"{said} {safer}"


def risk(page: Area, *, language: str = "nl") -> list[Exhibit]:
    """The text on the risk, with the reserve that is enough in 80 and in 90 % of the futures."""
    words = translator(language)
    title, rows = words.gettext("Text on the risk"), reserves(page, words)
    if rows.empty:
        return [cards.text([words.gettext(NO_BUDGET)], title=title, language=language)]
    columns = {
        "period": Column("Year"),
        "budget_eur": Column("Budget", "euro"),
        "chance": Column("Chance of a shortage"),
        "expected_eur": Column("Expected shortage", "euro", digits=EXPECTED),
        "reserve_80_eur": Column("Reserve that is enough in 80% of the futures", "euro", digits=EXPECTED),
        "reserve_90_eur": Column("Reserve that is enough in 90% of the futures", "euro", digits=EXPECTED),
    }
    note = words.gettext(
        "Reserve: what the costs can be above the budget. A budget that is not made yet is the last one with wages and "
        "prices on top. Reserves of single years may not be added up: less in one year pays for more in another. The "
        "last row counts that."
    )
    caption = words.gettext(
        "{area}: the chance of a shortage, and the reserve", area=words.gettext(page.name)
    )
    told = Told.of(rows, columns, caption, words, note=note)
    first, together = rows["period"].iloc[0], rows["period"].iloc[-1]
    said = [
        words.gettext(
            "Youth care can cost more than the budget. For {year} the budget is {budget}, and the chance of a "
            "shortage is {chance}.",
            year=first,
            budget=told(first, "budget_eur"),
            chance=told(first, "chance"),
        ),
        *_reserve(told, first, words),
    ]
    further = []
    if together != first:
        further = [
            words.gettext(
                "For {years} that chance is {chance}.", years=together, chance=told(together, "chance")
            ),
            *_reserve(told, together, words),
        ]
    last = words.gettext("Measures and rules that are not decided yet are not counted.")
    paragraphs = [" ".join(part) for part in (said, further, [last]) if part]
    return [cards.text(paragraphs, title=title, language=language), told.exhibit]


def _reserve(told: Told, row: str, words: Words) -> list[str]:
    """What is enough; a shortage that is to be expected is no risk, and said to be none."""
    eighty, ninety = (told(row, f"reserve_{one}_eur") for one in CERTAINTIES)
    enough = words.gettext(
        "A reserve of {eighty} is enough with 80% chance, one of {ninety} with 90% chance.",
        eighty=eighty,
        ninety=ninety,
    )
    if not told.value(row, "expected_eur") > 0:
        return [enough]
    expected = words.gettext(
        "Of that, {amount} is no risk but a shortage to be expected: that belongs in the budget.",
        amount=told(row, "expected_eur"),
    )
    return [enough, expected]


def reserves(page: Area, words: Words) -> pd.DataFrame:
    """How far costs may exceed the budget: of this year, the next, and all years of a multi-year budget together.

    Returns
    -------
    DataFrame
        period (text), budget_eur, chance (as written), expected_eur (what the middle of the futures is above the
        budget), reserve_80_eur and reserve_90_eur: what is enough in that part of the futures, 0 where the budget is.
        No rows without a budget.
    """
    held = budget_cycle.held_to(page.future, page.budgeted).set_index("period").dropna(subset="budget_eur")
    ahead = page.future[page.future["stage"].eq("forecast")]
    costs = ahead.pivot(index="period", columns="sample", values="cost_eur")
    years = [year for year in budget_years.years(page) if year in held.index]
    rows = []
    for span in [*([one] for one in years[:2]), *([years] if len(years) > 2 else [])]:
        budgeted, largest = (float(held.loc[span, name].sum()) for name in ("budget_eur", "largest_eur"))
        total = costs.loc[span].sum().to_numpy()
        chances = [float((total > amount).mean()) for amount in (largest, budgeted)]
        parts = [0.5, *(one / 100 for one in CERTAINTIES)]
        expected, *above = np.maximum(np.quantile(total, parts) - budgeted, 0.0).tolist()
        together = words.gettext("{first} to {last} together", first=span[0], last=span[-1])
        rows.append(
            {
                "period": str(span[0]) if len(span) == 1 else together,
                "budget_eur": budgeted,
                "chance": formats.chances(*chances, words.language),
                "expected_eur": expected,
                **{f"reserve_{one}_eur": value for one, value in zip(CERTAINTIES, above, strict=True)},
            }
        )
    return pd.DataFrame(rows)


def interim(page: Area, *, language: str = "nl") -> list[Exhibit]:
    """The text for the interim report of this year on published figures."""
    words, year = translator(language), page.this_year
    title = words.gettext("Text for the interim report of {year}", year=year)
    table = budget_cycle.amounts(page.future, page.budgeted, year)
    rows = table[table["period"].eq(year)]
    if rows.empty or not formats.known(rows["budget_eur"].iloc[0]):
        return [cards.text([words.gettext(NO_BUDGET)], title=title, language=language)]
    row = rows.iloc[0]
    quantiles = page.expected[page.expected["measure"].eq("cost_eur")].set_index("period").loc[year]
    chance = formats.chances(row["probability_low"], row["probability"], language)
    cells = {
        "period": year,
        "budget_eur": row["budget_eur"],
        **{name: quantiles[name] for name in ("q0.5", "q0.1", "q0.9")},
        "difference_eur": abs(quantiles["q0.5"] - row["budget_eur"]),
        "chance": chance,
    }
    more = quantiles["q0.5"] > row["budget_eur"]
    label = N_("Expected above the budget") if more else N_("Expected below the budget")
    columns = {
        "period": Column("Year", "year"),
        "budget_eur": Column("Budget", "euro"),
        "q0.5": Column("Expected", "euro", digits=EXPECTED),
        **tables.intervals("euro", 80),
        "difference_eur": Column(label, "euro", digits=EXPECTED),
        "chance": Column("Chance of a shortage"),
    }
    caption = words.gettext("{area}: {year} so far", area=words.gettext(page.name), year=year)
    told = Told.of(pd.DataFrame([cells]), columns, caption, words)
    values = {name: told(year, name) for name in ("budget_eur", "difference_eur", "chance")}
    expected = {"middle": told(year, "q0.5"), "low": told(year, "q0.1"), "high": told(year, "q0.9")}
    differs = (
        N_(
            "That is {difference_eur} more than the budget of {budget_eur}. The chance of a shortage is {chance}."
        )
        if more
        else N_(
            "That is {difference_eur} less than the budget of {budget_eur}. The chance of a shortage is {chance}."
        )
    )
    said = [
        words.gettext(
            "In {year} youth care will cost {area} about {middle}. There is 80% chance that it will be between "
            "{low} and {high}.",
            year=year,
            area=words.gettext(page.name),
            **expected,
        ),
        words.gettext(differs, **values),
    ]
    return [cards.text([" ".join(said)], title=title, language=language), told.exhibit]
