"""The years ahead by task field, as a budget shows them: accounts, budgets, what is expected and how unsure it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from analyse import parameters, scenario
from analyse.compare import task_fields
from analyse.present.exhibits import tables
from analyse.present.exhibits.exhibit import Exhibit
from analyse.present.exhibits.tables import EXPECTED, Column
from analyse.present.figures.common import SOURCE_COSTS
from analyse.present.pages.one_area import Area
from analyse.present.text.language import N_, Words, translator
from analyse.scenario import Inputs

FIELDS = {
    "6.72": N_("6.72 help without residence"),
    "6.73": N_("6.73 help with residence"),
    "6.74": N_("6.74 mental health care, crisis and closed care"),
    "6.75": N_("6.75 youth help without residence"),
    "6.76": N_("6.76 youth help with residence"),
    "6.792": N_("6.792 personal budgets of youths"),
    "6.82": N_("6.82 protection and probation"),
}
"""Task field -> how a table calls it."""
GROUPS = {"6.75": "outpatient", "6.76": "residential", "6.82": "protection"}
"""Task field from 2025 on -> the group of care forms (``parameters/care_forms.yaml``) that is booked on it."""
ACCOUNTS = Column("Accounts {year}", "euro", blank=True)
BUDGET = Column("Budget {year}", "euro", blank=True)
EXPECTED_IN = Column("Expected in {year}", "euro", blank=True, digits=EXPECTED)
AHEAD = 4
"""Years of a multi-year budget after the first."""
SPREAD_80 = 2.5631
"""Width of an 80 % interval of the normal distribution, in standard deviations."""


@dataclass(frozen=True)
class Told:
    """A table whose cells sentences quote as they are written, so that what they say stands in the table."""

    exhibit: Exhibit
    names: tuple[str, ...]
    """Of its columns, in order."""

    @classmethod
    def of(
        cls, rows: Any, columns: Mapping[str, Column], title: str, words: Words, *, note: str = ""
    ) -> Told:
        """Build the table.

        Parameters
        ----------
        rows, columns, title, words, note
            As for ``Exhibit.of_table``; the source is that of all costs.
        """
        source = words.gettext(SOURCE_COSTS)
        made = Exhibit.of_table(rows, columns, title, words.language, note=note, source=source)
        return cls(made, tuple(columns))

    def __call__(self, row: Any, name: str) -> str:
        """The cell of a column in the row that begins with ``row``."""
        return self._at("cells", row, name)

    def value(self, row: Any, name: str) -> Any:
        """The value of that cell, not rounded."""
        return self._at("values", row, name)

    @property
    def rows(self) -> list[Any]:
        """The headings of the rows."""
        return [one[0] for one in self.exhibit.table.as_json()["values"]]

    def _at(self, what: str, row: Any, name: str) -> Any:
        return self.exhibit.table.as_json()[what][self.rows.index(row)][self.names.index(name)]


def years(page: Area) -> list[int]:
    """The years of a multi-year budget, from this year on, as far as the forecast goes."""
    ahead = page.expected.loc[page.expected["stage"].eq("forecast"), "period"]
    return sorted({int(year) for year in ahead if page.this_year <= year <= page.this_year + AHEAD})


def by_field(page: Area, inputs: Inputs, rng: np.random.Generator) -> dict[str, np.ndarray]:
    """Futures of the costs by task field of 2025 and later, in EUR (year, sample); in each they add up to the costs.

    The parts are those of the scenarios (``scenario.shares``). Personal budgets keep their share of the last budget,
    with the uncertainty of its estimate (``parameters.bridge``).

    Parameters
    ----------
    page, inputs, rng
        As for ``questions.shown``; random numbers for what is unknown of personal budgets.
    """
    at = [inputs.year_index(year) for year in years(page)]
    group_of = {form.id: form.group for form in scenario.care_forms().forms}
    costs, shares, known = inputs.cost_eur[at], inputs.shares[:, at], budgets(page)
    personal = np.zeros(inputs.samples)
    if known:
        newest = known[max(known)]
        estimate = parameters.bridge().estimated_budgets
        spread = float(np.log(estimate.high / estimate.low)) / SPREAD_80
        part = newest[task_fields.PERSONAL] / newest.sum()
        personal = np.clip(part * np.exp(spread * rng.standard_normal(inputs.samples)), 0.0, 1.0)
    found = {}
    for field, group in GROUPS.items():
        inside = [place for place, form in enumerate(inputs.forms[:-1]) if group_of[form] == group]
        found[field] = costs * shares[inside].sum(axis=0) * (1 - personal)
    return {**found, task_fields.PERSONAL: costs * personal} if known else found


def budgets(page: Area) -> dict[int, pd.Series]:
    """The budgets by task field in today's numbering, by year; incomplete ones are left out."""
    found = {
        year: task_fields.amounts(page.nearby, page.own, page.members, year=year, report="budget")
        for year in map(int, page.budgeted["period"])
        if parameters.bridge().fields(year) == tuple(GROUPS)
    }
    return {year: amounts for year, amounts in found.items() if len(amounts)}


def table(page: Area, drawn: Mapping[str, np.ndarray], *, language: str = "nl") -> Told:
    """The last accounts, the budgets, and what is expected of each year, by task field.

    The row of all fields together has what the page of the area says, with its 80 % interval in the last two rows.

    Parameters
    ----------
    page : Area
        The area.
    drawn : mapping of str to ndarray
        From ``by_field``.
    """
    words, ahead, known = translator(language), years(page), budgets(page)
    budgeted = {f"budget{year}": amounts for year, amounts in known.items()}
    accounts, expected = f"accounts{page.last}", [f"q{year}" for year in ahead]
    values = np.stack(list(drawn.values()))
    parts = (values / values.sum(axis=0)).mean(axis=2)
    quantiles = page.expected[page.expected["measure"].eq("cost_eur")].set_index("period")
    middle = quantiles.loc[ahead, "q0.5"].to_numpy()
    fields = [
        {
            "name": words.gettext(FIELDS[field]),
            **{name: amounts[field] for name, amounts in budgeted.items()},
            **dict(zip(expected, part * middle, strict=True)),
        }
        for field, part in zip(drawn, parts, strict=True)
    ]
    total = {
        "name": words.gettext("Together"),
        accounts: page.own.set_index("period").loc[page.last, "cost_eur"],
        **{name: amounts.sum() for name, amounts in budgeted.items()},
        **dict(zip(expected, middle, strict=True)),
    }
    ends = [
        {
            "name": words.gettext(column.label),
            **dict(zip(expected, quantiles.loc[ahead, name], strict=True)),
        }
        for name, column in tables.intervals("euro", 80).items()
    ]
    columns = {
        "name": Column("Task field"),
        accounts: ACCOUNTS.of(year=page.last),
        **{f"budget{year}": BUDGET.of(year=year) for year in known},
        **{f"q{year}": EXPECTED_IN.of(year=year) for year in ahead},
    }
    note = words.gettext(
        "The costs are divided over task fields as in the last accounts and budgets. Not counted: access to help (6.2) "
        "and policy (6.92). By rounding, parts can differ from their sum."
    )
    title = words.gettext(
        "{area}: costs by task field, {first} to {last}",
        area=words.gettext(page.name),
        first=ahead[0],
        last=ahead[-1],
    )
    rows = pd.DataFrame([*fields, total, *ends]).reindex(columns=list(columns))
    return Told.of(rows, columns, title, words, note=note)


def margins(page: Area, drawn: Mapping[str, np.ndarray], *, language: str = "nl") -> Exhibit:
    """How unsure each task field is, in the first and the last year.

    Parameters
    ----------
    page, drawn
        As for ``table``.
    """
    words, ahead = translator(language), years(page)
    rows = [
        (words.gettext(FIELDS[field]), ahead[place], *np.quantile(values[place], (0.1, 0.9)).tolist())
        for field, values in drawn.items()
        for place in dict.fromkeys((0, len(ahead) - 1))
    ]
    columns = {
        "name": Column("Task field"),
        "period": Column("Year", "year"),
        **tables.intervals("euro", 80),
    }
    title = words.gettext("{area}: margin of each task field", area=words.gettext(page.name))
    note = words.gettext("The margin counts how unsure the division over task fields is.")
    return Told.of(rows, columns, title, words, note=note).exhibit
