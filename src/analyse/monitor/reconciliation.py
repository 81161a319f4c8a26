"""Declarations, contracts, ledger (Iv3) and CBS side by side, per year: where they differ, and by how much."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from analyse.history.completion import Completed

YEAR = 12


def by_year(
    completed: Completed,
    clients: pd.DataFrame,
    contracts: dict[str, pd.DataFrame],
    history: pd.DataFrame,
    *,
    members: Sequence[str],
) -> pd.DataFrame:
    """One row per year of care.

    Parameters
    ----------
    completed : Completed
        Months of care by municipality and care form.
    clients : DataFrame
        year, clients: youths with a declared line in that year, in the area.
    contracts : dict of DataFrame
        ``contracts.read`` of ``sources.declarations``.
    history : DataFrame
        The published figures of the members (``shared.read("past", ...)``): area_code, period, cost_eur, clients.
    members : sequence of str
        Municipality codes of the area.

    Returns
    -------
    DataFrame
        year, declared_eur, completed_eur, lump_sum_eur, agreed_eur, ledger_eur (Iv3 accounts), explained_percent
        (completed and lump sums as a share of the ledger), clients, cbs_clients. Empty where a source has nothing, or
        not of every member.
    """
    inside = completed.keys["municipality_code"].isin(members).to_numpy()
    past = completed.months <= completed.cut_off
    year = completed.months[past] // YEAR
    years = np.unique(year)
    sums = {
        name: np.array([values[inside][:, past][:, year == one].sum() for one in years])
        for name, values in (("declared_eur", completed.declared), ("completed_eur", completed.cost))
    }
    found = pd.DataFrame({"year": years, **sums})
    agreed = _yearly(contracts["agreements"], "agreed_cents", members) / 100
    lump = _yearly(contracts["lump_sums"], "amount_eur", members)
    ledger = _published(history, "cost_eur", members)
    found = found.assign(
        lump_sum_eur=found["year"].map(lump),
        agreed_eur=found["year"].map(agreed),
        ledger_eur=found["year"].map(ledger),
        clients=found["year"].map(clients.set_index("year")["clients"]),
        cbs_clients=found["year"].map(_published(history, "clients", members)),
    )
    explained = (found["completed_eur"] + found["lump_sum_eur"].fillna(0)) / found["ledger_eur"] * 100
    return found.assign(explained_percent=explained)


def _yearly(table: pd.DataFrame, column: str, members: Sequence[str]) -> pd.Series:
    own = table[table["municipality_code"].isin(members)]
    summed = own.groupby(own["year"].astype(int))[column].sum()
    return summed.astype(float)


def _published(history: pd.DataFrame, column: str, members: Sequence[str]) -> pd.Series:
    """Sum over the members, only for years in which every one of them has a figure."""
    own = history[history["area_code"].isin(members)]
    wide = own.pivot_table(index="period", columns="area_code", values=column, dropna=False)
    wide = wide.reindex(columns=list(members))
    return wide.sum(axis=1).where(wide.notna().all(axis=1)).dropna()
