"""The categories that the pages of a set leave to their last row: what one page shows, another may not betray.

The pages of all municipalities of a region, and of the region, are taken as one set, with all that they show of a
category: this year, the same months of the year before, and the last whole year; and the sets of the two months before
with them, so that nothing appears in the month after it was hidden. See ``small_cells.amounts``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import pandas as pd

from analyse import small_cells
from analyse.history import areas
from analyse.history.completion.triangle import label, month_number
from analyse.monitor import few_in_period, queries, residence, rule_plans, store_cache
from analyse.monitor.inputs import Inputs

SHOWN = ("now", "before", "settled")
"""What pages show by care form, provider and referrer, beside each other."""
EARLIER = 2
"""Sets of so many months before that lie beside this one: what they hide, this one hides as well."""


def apart(inputs: Inputs, area: str, tables: Mapping[str, pd.DataFrame]) -> dict[str, frozenset[str]]:
    """The categories that the page of an area leaves to its last row, by column.

    Parameters
    ----------
    inputs : Inputs
        The declarations.
    area : str
        Code of the municipality or region.
    tables : mapping of DataFrame
        Tables of the dataset, which say what municipalities the region has.

    Returns
    -------
    dict of frozenset
        A column of ``queries.SHOWN_BY``, ``residence.OUTCOME`` or of ``rule_plans.plans`` -> its categories; and
        ``few_in_period.PERIOD`` -> the periods whose amounts are not shown at all.
    """
    region, row = _set_and_row(area, tables)
    own = [area] if area.startswith("GM") else areas.members(tables, area)
    return {
        **{column: _of_row(plan, row) for column, plan in plans(inputs, region, tables).items()},
        **_closed_rules(inputs, areas.members(tables, region), row),
        few_in_period.PERIOD: few_in_period.hidden(inputs, own),
    }


def closed_providers(
    inputs: Inputs, area: str, tables: Mapping[str, pd.DataFrame]
) -> dict[str, frozenset[str]]:
    """The providers that each page of the set leaves to its last row, by municipality; "" is the area itself.

    With them stand providers in one form of care (``queries.few_in_form``).

    Parameters
    ----------
    inputs, area, tables
        As for ``apart``.
    """
    region, own = _set_and_row(area, tables)
    plan = plans(inputs, region, tables)["provider"]
    pairs = inputs.declared(areas.members(tables, region)).few_in_form(inputs.year)
    whole = pairs if area.startswith("GM") else pairs[pairs["municipality_code"].eq("")]
    found = {code: _of_row(plan, code) | frozenset(pairs["pair"]) for code in plan.index}
    return found | {"": _of_row(plan, own) | frozenset(whole["pair"])}


def plans(inputs: Inputs, region: str, tables: Mapping[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """What each page of the set of a region hides, worked out once: by column, ``small_cells.hidden_across``.

    Parameters
    ----------
    inputs, region, tables
        As for ``apart``; the set is that of the whole region.
    """
    if region in inputs.plans:
        return inputs.plans[region]
    inside = areas.members(tables, region)
    choices = {
        "members": inside,
        "cut_off": inputs.cut_off,
        "postcodes": _digest(inputs.contracts["postcodes"]),
    }
    whole = store_cache.whole_store(inputs.cells)
    inputs.plans[region] = dict(store_cache.once("plans", whole, choices, lambda: _plans(inputs, inside)))
    return inputs.plans[region]


def _plans(inputs: Inputs, inside: Sequence[str]) -> dict[str, pd.DataFrame]:
    """What each page of a set hides, by column."""
    found = {}
    earlier = range(max(min(EARLIER, inputs.months(inside) - 1), 0) + 1)
    measures = {
        f"{what} {lag}": shown(months_ago(inputs, lag), inside, what) for lag in earlier for what in SHOWN
    }
    for column in queries.SHOWN_BY:
        parts = [one[column].assign(year=what) for what, one in measures.items()]
        found[column] = _hidden(pd.concat(parts, ignore_index=True), column)
    judged = inputs.residence(inside)
    judged = judged[judged["year"].eq(inputs.settled_year(inside))]
    found[residence.OUTCOME] = _hidden(judged, residence.OUTCOME)
    return found


def months_ago(inputs: Inputs, lag: int) -> Inputs:
    """The same declarations as a page of some months ago had them."""
    return replace(inputs, cut_off=label(int(month_number(pd.Series([inputs.cut_off]))[0]) - lag))


def shown(inputs: Inputs, inside: Sequence[str], what: str) -> dict[str, pd.DataFrame]:
    """What pages show of each category, by municipality.

    Parameters
    ----------
    inputs : Inputs
        The declarations.
    inside : sequence of str
        The municipalities of the set.
    what : str
        One of ``SHOWN``.

    Returns
    -------
    dict of DataFrame
        As ``queries.Known.of_areas``.
    """
    year = inputs.settled_year(inside) if what == "settled" else inputs.year - (what == "before")
    known = inputs.last_day if what == "settled" else inputs.same_day(year)
    months = 12 if what == "settled" and year < inputs.year else inputs.last_day.month
    return inputs.declared(inside, known).of_areas(year, months=months)


def _digest(table: pd.DataFrame) -> str:
    """What a table of contracts holds, as a choice that a kept result is named after."""
    return str(pd.util.hash_pandas_object(table).sum())


def _set_and_row(area: str, tables: Mapping[str, pd.DataFrame]) -> tuple[str, str]:
    """The region whose pages make one set, and the row of the area in the plans of that set."""
    if area.startswith("GM"):
        return areas.region_of(tables, area), area
    return area, small_cells.REGION


def _of_row(plan: pd.DataFrame, row: str) -> frozenset[str]:
    return frozenset(plan.columns[plan.loc[row]]) if row in plan.index else frozenset()


def _hidden(cells: pd.DataFrame, column: str) -> pd.DataFrame:
    return small_cells.hidden_across(cells, category=column) if len(cells) else pd.DataFrame()


def _closed_rules(inputs: Inputs, inside: Sequence[str], row: str) -> dict[str, frozenset[str]]:
    """The rules that the page of a municipality or region leaves out, see ``rule_plans.plans``."""
    there = [code for code in inside if inputs.cells["municipality_code"].eq(code).any()]
    whole, year = store_cache.whole_store(inputs.cells), inputs.settled_year(inside)
    choices = {"members": there, "year": year, "tariffs": _digest(inputs.contracts["tariffs"])}

    def make() -> dict[str, pd.DataFrame]:
        return rule_plans.plans(inputs.integrity(there).by_municipality, year=year, areas=there)

    found = store_cache.once("rule_plans", whole, choices, make)
    return {what: _of_row(plan, row) for what, plan in found.items()}
