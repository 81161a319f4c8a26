"""Recode tables to fixed municipality codes: sums preserved exactly, unknown parts never counted as zero."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from analyse.schema import VALUE_STATUSES
from analyse.schema.mergers import current_codes, successors

__all__ = ["add_up", "combine", "current_codes", "recode", "successors"]

_ORDER = (*VALUE_STATUSES, "missing", "suppressed", "faulty")
"""Statuses from best to worst; a sum takes the worst of its parts."""
_RANK = {status: rank for rank, status in enumerate(_ORDER)}
_INCOMPLETE = _RANK["incomplete"]
_MISSING = _RANK["missing"]


def recode(
    frame: pd.DataFrame,
    tables: Mapping[str, pd.DataFrame],
    values: Mapping[str, str],
    *,
    time: str = "year",
) -> pd.DataFrame:
    """Add predecessors up into the municipalities of today.

    Parameters
    ----------
    frame : DataFrame
        One row per (municipality_code, ``time``, other columns); a predecessor's rows may be absent.
    tables : mapping of DataFrame
        With ``municipalities`` (which codes exist in which year) and ``boundary_changes``.
    values : mapping
        Column to add up -> the column with its status. Any column not named here is part of the key.
    time : str
        Name of the column with the year.

    Returns
    -------
    DataFrame
        The same columns. A predecessor without a row, or with an unknown value, makes the sum
        ``incomplete`` (a lower bound); when no part is known the sum is empty and keeps the status.
    """
    keys = [column for column in frame.columns if column not in {*values, *values.values()}]
    recoded = frame.assign(municipality_code=current_codes(frame["municipality_code"], tables))
    parts = _parts(tables)
    listed = parts.index.get_level_values("year")
    years = recoded[time].clip(listed.min(), listed.max()).astype("int64")
    lookup = pd.MultiIndex.from_arrays([years, recoded["municipality_code"]])
    expected = parts.reindex(lookup, fill_value=1).to_numpy()
    return add_up(recoded.assign(_parts=expected), keys, values, parts="_parts")[list(frame.columns)]


def add_up(
    frame: pd.DataFrame,
    keys: Sequence[str],
    values: Mapping[str, str],
    *,
    parts: str | None = None,
) -> pd.DataFrame:
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


def _parts(tables: Mapping[str, pd.DataFrame]) -> pd.Series:
    """Count, by year and code of today, the municipalities of that year that make up the code."""
    listed = tables["municipalities"].astype({"year": "int64"})
    listed = listed.assign(municipality_code=current_codes(listed["municipality_code"], tables))
    return listed.groupby(["year", "municipality_code"]).size()
