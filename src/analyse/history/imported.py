"""What imported costs add up to, and which accounts of a year are still missing, told to whoever imported them."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from analyse import parameters
from analyse.history import areas, boundaries, bridge
from analyse.schema import WHOLE_STATUSES

Tables = Mapping[str, pd.DataFrame]
MOST_NAMED = 8
BUDGETS, POLICY = "6.79", "6.92"
"""Task fields that hold more than youth care, and what no earlier year shows apart."""


def counted(tables: Tables, rows: pd.DataFrame) -> list[str]:
    """Say of every total that was touched which task fields are in it, which are lacking, and what was estimated.

    Parameters
    ----------
    tables : mapping of DataFrame
        Of the dataset with the new rows in it.
    rows : DataFrame
        The new rows: municipality_code of the time, year, report, taakveld.

    Returns
    -------
    list of str
        A sentence for each municipality, report and year that is not simply the sum of its task fields.
    """
    touched = rows[["municipality_code", "year", "report"]].drop_duplicates()
    costs = tables["costs"]
    of_these = {**tables, "costs": costs[costs["municipality_code"].isin(touched["municipality_code"])]}
    parts = bridge.table(of_these).set_index(["municipality_code", "period", "report", "part"])
    amounts = of_these["costs"].set_index(["municipality_code", "year", "report", "taakveld"])["cost_eur"]
    said = []
    for code, year, report in touched.itertuples(index=False):
        known = amounts.reindex([(code, year, report, one) for one in _fields(year)]).droplevel([0, 1, 2])
        today = boundaries.current_codes(pd.Series([code]), tables).iloc[0]
        at = (today, year, report, "personal budgets")
        own = amounts.get((code, year, report, BUDGETS))
        told = _told(
            known, parts.loc[at] if at in parts.index else None, given=own is not None and own == own
        )
        if told:
            said.append(f"{areas.name(tables, today)}, {report} {year}: {told}")
    return said


def lacking(tables: Tables, rows: pd.DataFrame | None = None) -> list[str]:
    """Say of which municipalities the accounts of a year are not known, where those of others are.

    Parameters
    ----------
    tables : mapping of DataFrame
        Of the dataset.
    rows : DataFrame, optional
        New rows of costs: only the years of their accounts, and the regions of their municipalities. By default the
        last year with accounts, of the whole country.
    """
    accounts = bridge.costs(tables)["accounts"]
    accounts = accounts[accounts["status"].isin(WHOLE_STATUSES)]
    now, said = areas.in_year(tables), []
    years, listed = [int(accounts["period"].max())], [("the Netherlands", now)]
    if rows is not None:
        new = rows[rows["report"].eq("accounts")]
        years = sorted(new["year"].astype(int).unique())
        codes = boundaries.current_codes(new["municipality_code"], tables)
        regions = areas.regions(tables)
        touched = now.loc[now["municipality_code"].isin(codes), "region_code"].dropna().unique()
        listed = [(regions[code], now[now["region_code"].eq(code)]) for code in sorted(touched)]
    for year in years:
        there = boundaries.current_codes(
            accounts.loc[accounts["period"].eq(year), "municipality_code"], tables
        )
        for area, members in listed:
            without = sorted(members.loc[~members["municipality_code"].isin(there), "municipality"])
            if without:
                said.append(_absent(area, year, without, len(members)))
    return said


def _fields(year: int) -> tuple[str, ...]:
    return parameters.bridge().fields(int(year))


def _told(known: pd.Series, budgets: pd.Series | None, *, given: bool) -> str:
    """What one total is made of; empty where it is the sum of its task fields and nothing else."""
    absent = [str(field) for field in known.index[known.isna()]]
    if absent:
        return (
            f"{', '.join(absent)} not known, so the total is a lower bound: it is shown as such, and no forecast "
            "learns from it"
        )
    fields = f"{' + '.join(known.index)} make {known.sum():,.0f}"
    if budgets is None:
        return ""
    if pd.isna(budgets["cost_eur"]):
        return f"{fields}; personal budgets of youths (part of {BUDGETS}) are not known, so this is a lower bound"
    how = (
        "as published"
        if budgets["status"] == "final"
        else f"the youth share of {BUDGETS} is estimated"
        if given
        else f"as in the budget of that year, because {BUDGETS} was not given"
    )
    return (
        f"{fields}, and personal budgets of youths {budgets['cost_eur']:,.0f} ({how}): together "
        f"{known.sum() + budgets['cost_eur']:,.0f} is counted; {POLICY} is not, it is shown as a bound"
    )


def _absent(area: str, year: int, names: list[str], number: int) -> str:
    more = f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else ""
    return (
        f"accounts of {year}, {area}: {number - len(names)} of {number} municipalities have them; forecast for "
        f"{', '.join(names[:MOST_NAMED])}{more}"
    )
