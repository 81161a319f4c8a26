"""Recode tables to fixed municipality codes: sums preserved exactly, unknown parts never counted as zero."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from analyse.schema import VALUE_STATUSES

_ORDER = (*VALUE_STATUSES, "missing", "suppressed", "faulty")
"""Statuses from best to worst; a sum takes the worst of its parts."""
_RANK = {status: rank for rank, status in enumerate(_ORDER)}
_INCOMPLETE = _RANK["incomplete"]
_MISSING = _RANK["missing"]


def successors(changes: pd.DataFrame, year: int | None = None) -> dict[str, str]:
    """Map each code that ended on or before 1 January of ``year`` to the code it belongs to in that year.

    Parameters
    ----------
    changes : DataFrame
        Table ``boundary_changes``: municipality_code, year (first year of the successor), successor_code.
    year : int, optional
        Year of the codes wanted; all changes when not given.

    Examples
    --------
    >>> changes = pd.DataFrame({"municipality_code": ["GM0576"], "year": [2019], "successor_code": ["GM0575"]})
    >>> successors(changes), successors(changes, 2018)
    ({'GM0576': 'GM0575'}, {})
    """
    due = changes if year is None else changes.loc[changes["year"] <= year]
    direct = dict(zip(due["municipality_code"], due["successor_code"], strict=True))
    final = {}
    for code, successor in direct.items():
        target = successor
        for _ in direct:
            target = direct.get(target, target)
        final[str(code)] = str(target)
    return final


def recode(frame: pd.DataFrame, tables: Mapping[str, pd.DataFrame], values: Mapping[str, str], *,
           year: int | None = None, time: str = "year") -> pd.DataFrame:  # fmt: skip
    """Add predecessors up into the municipalities of ``year``.

    Parameters
    ----------
    frame : DataFrame
        One row per (municipality_code, ``time``, other columns); a predecessor's rows may be absent.
    tables : mapping of DataFrame
        With ``municipalities`` (which codes exist in which year) and ``boundary_changes``.
    values : mapping
        Column to add up -> the column with its status. Any column not named here is part of the key.
    year : int, optional
        Year of the codes wanted; today's when not given.
    time : str
        Name of the column with the year.

    Returns
    -------
    DataFrame
        The same columns. A predecessor without a row, or with an unknown value, makes the sum
        ``incomplete`` (a lower bound); when no part is known the sum is empty and keeps the status.
    """
    target = successors(tables["boundary_changes"], year)
    keys = [column for column in frame.columns if column not in {*values, *values.values()}]
    recoded = frame.assign(municipality_code=frame["municipality_code"].replace(target))
    parts = _parts(tables["municipalities"], target)
    years = recoded[time].clip(
        parts.index.get_level_values("year").min(), parts.index.get_level_values("year").max()
    )
    lookup = pd.MultiIndex.from_arrays([years.astype("int64"), recoded["municipality_code"]])
    expected = parts.reindex(lookup, fill_value=1).to_numpy()
    return add_up(recoded.assign(_parts=expected), keys, values, parts="_parts")[list(frame.columns)]


def add_up(frame: pd.DataFrame, keys: Sequence[str], values: Mapping[str, str], *,
           parts: str | None = None) -> pd.DataFrame:  # fmt: skip
    """Sum ``values`` within ``keys`` and combine their statuses.

    Parameters
    ----------
    frame : DataFrame
        Rows to add up.
    keys : sequence of str
        Columns that stay.
    values : mapping
        Column to add up -> the column with its status.
    parts : str, optional
        Column with the number of rows each sum should consist of; fewer makes it ``incomplete``.

    Examples
    --------
    Of two municipalities one is suppressed, so the sum is a lower bound:

    >>> rows = pd.DataFrame({"region": ["A", "A"], "clients": [40.0, None], "status": ["final", "suppressed"]})
    >>> add_up(rows, ["region"], {"clients": "status"}).to_dict("records")
    [{'region': 'A', 'clients': 40.0, 'status': 'incomplete'}]
    """
    if frame.empty:
        return frame[[*keys, *values, *dict.fromkeys(values.values())]].reset_index(drop=True)
    grouped = frame.groupby(list(keys), dropna=False, observed=True, sort=True)
    result = grouped[list(values)].sum(min_count=1)
    absent = (
        (grouped.size() < grouped[parts].max()).to_numpy() if parts else np.zeros(len(result), dtype=bool)
    )
    for status in dict.fromkeys(values.values()):
        ranks = (
            frame[status]
            .map(_RANK)
            .groupby([frame[key] for key in keys], dropna=False, observed=True, sort=True)
        )
        result[status] = _combined(ranks.min().to_numpy(), ranks.max().to_numpy(), absent)
    return result.reset_index()


def combine(statuses: Sequence[str]) -> str:
    """Return the status of a sum of figures with these statuses.

    Examples
    --------
    >>> combine(["final", "provisional"]), combine(["final", "faulty"]), combine(["faulty", "faulty"])
    ('provisional', 'incomplete', 'faulty')
    """
    ranks = np.array([_RANK[status] for status in statuses])
    return str(_combined(ranks.min(keepdims=True), ranks.max(keepdims=True), np.zeros(1, dtype=bool))[0])


def _combined(best: np.ndarray, worst: np.ndarray, absent: np.ndarray) -> np.ndarray:
    worst = np.where(absent, np.maximum(worst, _MISSING), worst)
    mixed = (best <= _INCOMPLETE) & (worst > _INCOMPLETE)
    return np.array(_ORDER, dtype=object)[np.where(mixed, _INCOMPLETE, worst)]


def _parts(municipalities: pd.DataFrame, target: Mapping[str, str]) -> pd.Series:
    """Count, by year and code, the municipalities of that year that make up the code."""
    codes = municipalities["municipality_code"].replace(target)
    listed = municipalities.assign(municipality_code=codes).astype({"year": "int64"})
    return listed.groupby(["year", "municipality_code"]).size()
