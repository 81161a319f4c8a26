"""Accounts and budgets of an area by task field, in the numbering of each year; from 2025 on with personal budgets."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import pandas as pd

from analyse import parameters
from analyse.history import boundaries

PERSONAL = "6.792"
"""Personal budgets of youths: apart from 2025 on, and part of the other fields before."""


def amounts(
    tables: Mapping[str, pd.DataFrame],
    own: pd.DataFrame,
    members: Collection[str],
    *,
    year: int,
    report: str,
) -> pd.Series:
    """What an area booked or budgeted on each task field; nothing where a part of it is not known.

    Parameters
    ----------
    tables : mapping of DataFrame
        With ``costs``, ``municipalities`` and ``boundary_changes``.
    own : DataFrame
        Rows of the area of ``panel.by_area``, for its total: from 2025 on what that holds besides the task fields is
        the personal budgets of youths.
    members : collection of str
        The municipality codes of today of the area.
    year : int
        Of the report.
    report : {"accounts", "budget"}
        Which one.

    Returns
    -------
    Series
        EUR by task field, in the order of their numbers, ``PERSONAL`` last; adds up to the total of the area. Empty
        where the total or a field is not known.
    """
    rows, fields = tables["costs"], list(parameters.bridge().fields(year))
    rows = rows[rows["year"].eq(year) & rows["report"].eq(report) & rows["taakveld"].isin(fields)]
    recoded = boundaries.recode(
        rows[["municipality_code", "year", "taakveld", "cost_eur", "status"]], tables, {"cost_eur": "status"}
    )
    recoded = recoded[recoded["municipality_code"].isin(members)]
    column = "cost_eur" if report == "accounts" else "budget_eur"
    total = own.loc[own["period"].eq(year), column]
    wide = recoded.pivot(index="municipality_code", columns="taakveld", values="cost_eur")
    wide = wide.reindex(index=sorted(members), columns=fields)
    if wide.isna().any(axis=None) or len(total) != 1 or total.isna().any():
        return pd.Series(dtype="float64")
    found = wide.sum().astype("float64")
    if year >= parameters.bridge().apart:
        found[PERSONAL] = float(total.iloc[0]) - found.sum()
    return found
