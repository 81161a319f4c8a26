"""The development triangle: what has been declared of each care month, by months since that month."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from analyse.errors import DataError
from analyse.history.completion import totals

LAGS = 36
"""Months after the care month that a triangle keeps apart; what comes later is added to the last one."""
MONTH, LAG, AMOUNT = "product_month", "development_month", "amount_cents"
CENTS = 100


@dataclass(frozen=True)
class Triangle:
    """Declared amounts of several series, as known at the end of a month."""

    keys: pd.DataFrame
    """One row per series."""
    first: int
    """First care month, as months since year 0 (``year * 12 + month - 1``)."""
    declared: np.ndarray
    """(series, month, lag), EUR: what was declared *lag* months after the care month, credits taken off; zero where the
    lag is not reached yet (see ``known``)."""

    @property
    def months(self) -> np.ndarray:
        """Care months as months since year 0, (month,); the last one is the cut-off."""
        return self.first + np.arange(self.declared.shape[1])

    @property
    def cut_off(self) -> int:
        """Last month of which the declarations are known, as months since year 0."""
        return int(self.months[-1])

    @property
    def ages(self) -> np.ndarray:
        """Months from the care month to the cut-off, (month,); the newest month has age 0."""
        return self.cut_off - self.months

    @property
    def known(self) -> np.ndarray:
        """True where the month of arrival has passed, (month, lag)."""
        return np.arange(self.declared.shape[2]) <= self.ages[:, None]

    @property
    def cumulative(self) -> np.ndarray:
        """Declared up to and including each lag, EUR (series, month, lag); NaN where not reached yet."""
        return np.where(self.known, self.declared.cumsum(axis=2), np.nan)

    @property
    def to_date(self) -> np.ndarray:
        """Declared up to the cut-off, EUR (series, month)."""
        return self.declared.sum(axis=2)

    def at(self, cut_off: int) -> Triangle:
        """The triangle as it was known at the end of an earlier month.

        What was put together beyond the last lag counts as declared in that lag.
        """
        if not self.first <= cut_off <= self.cut_off:
            raise DataError(
                f"triangle: cut-off {label(cut_off)}; expected {label(self.first)} to {label(self.cut_off)}"
            )
        until = cut_off - self.first + 1
        earlier = replace(self, declared=self.declared[:, :until])
        return replace(earlier, declared=np.where(earlier.known, earlier.declared, 0.0))

    def summed(self, names: Sequence[str]) -> Triangle:
        """Series added up to one per value of ``names``, in order."""
        names = list(names)
        codes = totals.codes(self.keys, names)
        _, places = np.unique(codes, return_index=True)
        total = totals.by(codes, self.declared)
        return Triangle(self.keys[names].iloc[places].reset_index(drop=True), self.first, total)


def from_cells(
    cells: pd.DataFrame,
    by: Sequence[str],
    cut_off: str | pd.Timestamp,
    *,
    first: str | pd.Timestamp | None = None,
    lags: int = LAGS,
) -> Triangle:
    """Lay a long table of declared amounts out as a triangle.

    Parameters
    ----------
    cells : DataFrame
        Columns ``by``, product_month (date), development_month (whole months since, zero or more) and
        amount_cents (credits negative); as ``declarations.triangle`` gives it.
    by : names of the columns that together name a series
    cut_off : last month of which all declarations are there, "2024-12" or a date in it; later ones are left out
    first : first care month; by default the first one in the table
    lags : most development months to keep apart; no more than there are

    Raises
    ------
    DataError
        A column is missing, a development month is negative, or nothing is left before the cut-off.

    Examples
    --------
    >>> cells = pd.DataFrame({"care_form": "ggz", "product_month": pd.to_datetime(["2024-01-01"] * 2),
    ...                       "development_month": [1, 3], "amount_cents": [800_00, 200_00]})
    >>> from_cells(cells, ["care_form"], "2024-02").to_date
    array([[800.,   0.]])
    """
    absent = [name for name in (*by, MONTH, LAG, AMOUNT) if name not in cells]
    if absent:
        raise DataError(
            f"triangle: no column {', '.join(absent)}; the table has {', '.join(map(str, cells.columns))}"
        )
    if len(cells) and cells[LAG].min() < 0:
        raise DataError(
            f"triangle: {int((cells[LAG] < 0).sum())} rows are declared before the month of care; "
            "such lines belong in quarantine"
        )
    months = month_number(cells[MONTH])
    last = int(month_number(pd.Series([pd.Timestamp(cut_off)]))[0])
    kept = (months + cells[LAG].to_numpy() <= last) & (
        months >= (-1 if first is None else int(month_number(pd.Series([pd.Timestamp(first)]))[0]))
    )
    if not kept.any():
        raise DataError(f"triangle: no declarations up to {label(last)}; is the cut-off right?")
    cells, months = cells[kept], months[kept]
    start = int(months.min()) if first is None else int(month_number(pd.Series([pd.Timestamp(first)]))[0])
    series = totals.codes(cells, by)
    _, places = np.unique(series, return_index=True)
    lags = min(lags, int(cells[LAG].max()) + 2)
    declared = np.zeros((len(places), last - start + 1, lags))
    place = series, months - start, np.minimum(cells[LAG].to_numpy(), lags - 1)
    np.add.at(declared, place, cells[AMOUNT].to_numpy(dtype=float) / CENTS)
    return Triangle(cells[list(by)].iloc[places].reset_index(drop=True), start, declared)


def month_number(dates: pd.Series) -> np.ndarray:
    """Months since year 0 of dates."""
    dates = pd.to_datetime(dates)
    return (dates.dt.year * 12 + dates.dt.month - 1).to_numpy()


def label(month: int) -> str:
    """The month as it is written.

    Examples
    --------
    >>> label(2024 * 12)
    '2024-01'
    """
    return f"{month // 12}-{month % 12 + 1:02d}"
