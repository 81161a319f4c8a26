"""Inflow, stock and outflow by month: the stock before, plus what came, less what went, is the stock now."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

UNKNOWN = ""
"""The group of what is not recorded, such as the referrer of care that began without a request."""


def monthly(
    trajectories: pd.DataFrame, *, first: str, last: str, by: Sequence[str] = ("care_form",)
) -> pd.DataFrame:
    """Trajectories that start, stop and run, by month.

    Parameters
    ----------
    trajectories : DataFrame
        ``by`` (where empty, the group ``UNKNOWN``), start_date, stop_date (last day of care, empty while it runs).
    first, last : months, "2023-01"
    by : sequence of str
        Columns to count by.

    Returns
    -------
    DataFrame
        ``by``, period, inflow, outflow, stock (at the end of the month). ``stock`` is that of the month before plus
        inflow less outflow, in every row.

    Examples
    --------
    >>> one = pd.DataFrame({"care_form": ["ggz"], "start_date": ["2024-01-10"], "stop_date": ["2024-02-20"]})
    >>> monthly(one, first="2024-01", last="2024-02")[["inflow", "outflow", "stock"]].to_numpy().tolist()
    [[1, 0, 1], [0, 1, 0]]
    """
    by = list(by)
    start, stop = (
        pd.to_datetime(trajectories[name]).dt.to_period("M") for name in ("start_date", "stop_date")
    )
    begun = start.notna()
    groups = trajectories.loc[begun, by].astype(object).fillna(UNKNOWN).reset_index(drop=True)
    start, stop = start[begun].reset_index(drop=True), stop[begun].reset_index(drop=True)
    months = pd.period_range(first, last, freq="M")
    codes = groups.groupby(by, sort=True, observed=True).ngroup().to_numpy()
    names = groups.drop_duplicates().sort_values(by).reset_index(drop=True)
    came, went = (_counts(codes, when, months, len(names)) for when in (start, stop))
    before = np.bincount(codes, weights=(start < months[0]) & ~(stop < months[0]), minlength=len(names))
    stock = before[:, None] + (came - went).cumsum(axis=1)
    frame = names.loc[names.index.repeat(len(months))].reset_index(drop=True)
    return frame.assign(
        period=np.tile(months.astype(str), len(names)),
        inflow=came.ravel(),
        outflow=went.ravel(),
        stock=stock.ravel().astype(int),
    )


def _counts(codes: np.ndarray, when: pd.Series, months: pd.PeriodIndex, size: int) -> np.ndarray:
    place = months.get_indexer(pd.PeriodIndex(when))
    found = np.zeros((size, len(months)), dtype=int)
    inside = place >= 0
    np.add.at(found, (codes[inside], place[inside]), 1)
    return found
