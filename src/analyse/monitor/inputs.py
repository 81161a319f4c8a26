"""What the monitor asks of the store of declarations: sums, and trajectories under a pseudonym that stay in memory."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from analyse.errors import DataError
from analyse.history.completion.triangle import label, month_number
from analyse.monitor import contracts as agreed
from analyse.sources import declarations

CELL = ("municipality_code", "care_form", "provider")


@dataclass(frozen=True)
class Inputs:
    """Everything the monitor needs, as known at the end of ``cut_off``.

    Attributes
    ----------
    about : dict
        ``declarations.about``: whether the declarations are simulated, and what to say then.
    cut_off : str
        Last month of which the declarations are known, "2024-12".
    cells : DataFrame
        municipality_code, care_form, provider, product_month, development_month, amount_cents.
    trajectories : DataFrame
        One row per allocation; client is a pseudonym and goes no further than counts.
    contracts : dict of DataFrame
        ``monitor.contracts.read``.
    """

    about: dict[str, Any]
    cut_off: str
    cells: pd.DataFrame
    trajectories: pd.DataFrame
    contracts: dict[str, pd.DataFrame]

    @property
    def last_day(self) -> datetime.date:
        """Last day of the cut-off month."""
        return (pd.Timestamp(self.cut_off) + pd.offsets.MonthEnd(0)).date()


def read(folder: Path | str, contracts: Path | str | None = None, *, cut_off: str | None = None) -> Inputs:
    """Read what the monitor needs.

    Parameters
    ----------
    folder : the store that ``analyse declarations read`` made
    contracts : folder with budgets and agreements
    cut_off : last month whose declarations are all there; by default the month of the last declaration

    Raises
    ------
    DataError
        There is no store, or nothing in it up to the cut-off.
    """
    about = declarations.about(folder)
    told = agreed.read(contracts)
    connection = declarations.open(folder)
    try:
        cells = declarations.triangle(connection, CELL)
        trajectories = connection.execute("select * from trajectories").df()
    finally:
        connection.close()
    if cells.empty:
        raise DataError(f"{folder}: no accepted declarations; see `analyse declarations check`")
    arrival = month_number(cells["product_month"]) + cells["development_month"].to_numpy()
    cut_off = label(int(arrival.max())) if cut_off is None else cut_off
    return Inputs(about, cut_off, cells, trajectories, told)


def quantities(
    folder: Path | str, *, year: int, members: Sequence[str], known: datetime.date
) -> pd.DataFrame:
    """Youths, trajectories, volume and cost of a year of care by cell, as known on a day.

    Returns
    -------
    DataFrame
        care_form, provider, referrer ("" where not known), unit, youths, trajectories, volume, cost_eur; persons
        untreated. A youth with two forms is in two cells. Cells whose cost is not above zero are left out.
    """
    connection = declarations.open(folder)
    try:
        return connection.execute(_QUANTITIES, [year, list(members), known]).df()
    finally:
        connection.close()


def clients(folder: Path | str, *, members: Sequence[str], known: datetime.date) -> pd.DataFrame:
    """Youths with a declared line by year of care: year, clients (untreated)."""
    connection = declarations.open(folder)
    try:
        return connection.execute(_CLIENTS, [list(members), known]).df()
    finally:
        connection.close()


_QUANTITIES = """
    select care_form, provider, coalesce(referrer, '') as referrer, unit,
        count(distinct client) as youths,
        count(distinct (municipality_code, provider, coalesce(allocation_number::VARCHAR, client))) as trajectories,
        sum(case when debit_credit = 'C' then -volume else volume end)::DOUBLE as volume,
        sum(amount_cents) / 100.0 as cost_eur
    from declarations
    where year(product_month) = $1 and list_contains($2, municipality_code) and declared_on <= $3
    group by all having sum(amount_cents) > 0
    order by all
"""
_CLIENTS = """
    select year(product_month)::INTEGER as year, count(distinct client) as clients
    from payable where list_contains($1, municipality_code) and declared_on <= $2
    group by all order by all
"""
