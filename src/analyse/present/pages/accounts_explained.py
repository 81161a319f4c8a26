"""The text for the annual accounts: why the costs differ from the budget, by youths, prices and the help itself.

The identity: accounts less budget = what the budget was below the accounts of the year before, and how the costs
changed since that year (``compare.decompose.difference``: youths, use where it was counted, prices, and the rest).
"""

from __future__ import annotations

from typing import Any

import pandas as pd

from analyse import compare
from analyse.compare import decompose, task_fields
from analyse.forecast import known
from analyse.history.breaks import EXCLUDED
from analyse.present.exhibits import cards
from analyse.present.exhibits.exhibit import Exhibit
from analyse.present.exhibits.tables import Column
from analyse.present.pages.budget_years import FIELDS, Told
from analyse.present.pages.one_area import Area
from analyse.present.pages.planning import NO_BUDGET
from analyse.present.text import formats
from analyse.present.text.language import N_, Words, translator

STEPS = {
    "population": N_("Number of youths (volume)"),
    "usage": N_("Youths with help, of all youths (volume)"),
    "price": N_("Wages and prices (price)"),
    "mix": N_("Heavier, longer or other help (mix)"),
    "usage_and_mix": N_("More, heavier, longer or other help (volume and mix)"),
}
"""Driver of ``compare.decompose`` -> what a table calls it."""
SAID = {
    "population": N_("the number of youths: {amount}"),
    "usage": N_("the part of the youths that has help: {amount}"),
    "price": N_("wages and prices: {amount}"),
    "mix": N_("heavier, longer or other help: {amount}"),
    "usage_and_mix": N_("more, heavier, longer or other help: {amount}"),
}
"""Driver -> how a sentence calls it."""
MORE, LESS = N_("{amount} more"), N_("{amount} less")


def explained(page: Area, *, language: str = "nl") -> list[Exhibit]:
    """The text for the annual accounts of the last year that has them, with its tables."""
    words, year = translator(language), page.last
    title = words.gettext("Text for the annual accounts of {year}", year=year)
    own = page.own.set_index("period")
    found = [own.loc[one] for one in (year - 1, year) if one in own.index]
    whole = len(found) == 2 and all(one["status"] in compare.WHOLE for one in found)
    if not (whole and own.loc[year, "budget_status"] in compare.WHOLE):
        return [cards.text([words.gettext(NO_BUDGET)], title=title, language=language)]
    split = decompose.difference(
        page.past,
        first=(page.code, year - 1),
        last=(page.code, year),
        price_growth=known.price_growth(page.tables["price_index"]),
        per_youth=False,
    )
    steps, fields = _steps(page, split, words), _by_field(page, words)
    said = [_compared(steps, year, page, words), _why(steps, split, words)]
    if fields is not None:
        said.append(_where(fields, words))
    broken = [one for one in page.breaks("costs") if one.period == year and one.effect == EXCLUDED]
    if broken:
        what = getattr(broken[0].title, language)
        said.append(
            words.gettext(
                "Note: {what} ({year}). Part of the difference can come from that.", what=what, year=year
            )
        )
    shown = [steps.exhibit] if fields is None else [steps.exhibit, fields.exhibit]
    return [cards.text(said, title=title, language=language), *shown]


def _steps(page: Area, split: pd.DataFrame, words: Words) -> Told:
    """From the budget to the accounts, step by step; decreases have a minus."""
    year, own = page.last, page.own.set_index("period")
    budget, accounts = own.loc[year, "budget_eur"], own.loc[year, "cost_eur"]
    rows = [
        ("budget", words.gettext("Budget {year}", year=year), budget),
        (
            "before",
            words.gettext("What was spent in {year} above this budget", year=year - 1),
            own.loc[year - 1, "cost_eur"] - budget,
        ),
        *((row.driver, words.gettext(STEPS[row.driver]), row.effect_eur) for row in split.itertuples()),
        ("accounts", words.gettext("Accounts {year}", year=year), accounts),
        ("difference", words.gettext("Difference of accounts and budget"), accounts - budget),
    ]
    columns = {"name": Column("From budget to accounts"), "amount": Column("Amount", "euro")}
    title = words.gettext("{area}: from budget to accounts, {year}", area=words.gettext(page.name), year=year)
    note = words.gettext(
        "The rows between budget and accounts add up to the difference. Wages and prices: the national index. What a "
        "municipality decided itself cannot be told apart in these figures."
    )
    frame = pd.DataFrame(rows, columns=["step", *columns])
    made = Told.of(frame[list(columns)], columns, title, words, note=note)
    return Told(made.exhibit, tuple(columns))


def _cell(steps: Told, name: str) -> tuple[float, str]:
    """The amount of a step, and how it is written without its sign."""
    return float(steps.value(name, "amount")), steps(name, "amount").removeprefix(formats.MINUS)


def _signed(value: float, amount: str, words: Words) -> str:
    return words.gettext(MORE if value >= 0 else LESS, amount=amount)


def _compared(steps: Told, year: int, page: Area, words: Words) -> str:
    """What was budgeted and what it became."""
    difference, amount = _cell(steps, words.gettext("Difference of accounts and budget"))
    return words.gettext(
        "For {year} {area} budgeted {budget} for youth care. It became {accounts}: {difference}.",
        year=year,
        area=words.gettext(page.name),
        budget=_cell(steps, words.gettext("Budget {year}", year=year))[1],
        accounts=_cell(steps, words.gettext("Accounts {year}", year=year))[1],
        difference=_signed(difference, amount, words),
    )


def _why(steps: Told, split: pd.DataFrame, words: Words) -> str:
    """What the difference is made of."""
    year = int(split["to_period"].iloc[0])
    before, amount = _cell(steps, words.gettext("What was spent in {year} above this budget", year=year - 1))
    start = (
        N_("The budget was {amount} lower than what was spent in {before}.")
        if before >= 0
        else N_("The budget was {amount} higher than what was spent in {before}.")
    )
    parts = []
    for driver in split["driver"]:
        value, text = _cell(steps, words.gettext(STEPS[driver]))
        parts.append(words.gettext(SAID[driver], amount=_signed(value, text, words)))
    return " ".join(
        [
            words.gettext(start, amount=amount, before=year - 1),
            words.gettext("After that the costs changed by {parts}.", parts="; ".join(parts)),
        ]
    )


def _by_field(page: Area, words: Words) -> Told | None:
    """Budget, accounts and their difference by task field; None where one of them is not known."""
    both = [
        task_fields.amounts(page.nearby, page.own, page.members, year=page.last, report=report)
        for report in ("budget", "accounts")
    ]
    if not all(len(one) for one in both):
        return None
    budget, accounts = both
    rows: list[dict[str, Any]] = [
        {"name": words.gettext(FIELDS[field]), "budget": budget[field], "accounts": accounts[field]}
        for field in budget.index
    ]
    frame = pd.DataFrame(rows).assign(difference=lambda one: one["accounts"] - one["budget"])
    columns = {
        "name": Column("Task field"),
        "budget": Column("Budget {year}", "euro").of(year=page.last),
        "accounts": Column("Accounts {year}", "euro").of(year=page.last),
        "difference": Column("Difference", "euro"),
    }
    title = words.gettext(
        "{area}: budget and accounts by task field, {year}", area=words.gettext(page.name), year=page.last
    )
    note = words.gettext("Municipalities book the same help on different task fields.")
    return Told.of(frame, columns, title, words, note=note)


def _where(fields: Told, words: Words) -> str:
    """The task field with the largest difference."""
    largest = max(fields.rows, key=lambda row: abs(fields.value(row, "difference")))
    text = fields(largest, "difference").removeprefix(formats.MINUS)
    return words.gettext(
        "The largest difference is on task field {field}: {difference}.",
        field=largest,
        difference=_signed(fields.value(largest, "difference"), text, words),
    )
