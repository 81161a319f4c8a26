"""Completion: what each month of care will cost in the end, from what has been declared of it so far.

For each series the amount declared, plus for the share still to come what that month is expected to cost
(Bornhuetter-Ferguson), once more with the outcome as the expectation (Benktander; T. Mack, "Credible claims
reserves: the Benktander method", ASTIN Bulletin 30, 2000): a month that is nearly complete speaks for itself, the
newest one is what its neighbours, growth and season make likely. It is never empty, and never zero where the form
is in use.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analyse.errors import DataError
from analyse.history.completion import development, level, speed, totals
from analyse.history.completion.accrual import ACCRUED
from analyse.history.completion.triangle import Triangle, from_cells, label

BY = ("municipality_code", "care_form")
CLASS = "speed_class"
FEWEST_MONTHS = 13
"""A year and the month to complete: with less nothing is known of how months run off."""
EMPTY_FROM = 12
"""Age in months from which a month of which nothing was declared is one without care; before, it may still come."""


@dataclass(frozen=True)
class Completed:
    """Months of care as they will be, in EUR, (series, month + ahead) unless said otherwise."""

    keys: pd.DataFrame
    """One row per series."""
    months: np.ndarray
    """(month + ahead,): months since year 0; those after ``cut_off`` are forecasts."""
    cut_off: int
    """Last month of which the declarations are known."""
    declared: np.ndarray
    """Declared up to the cut-off; zero after it."""
    cost: np.ndarray
    """Declared and still to come; the expectation after the cut-off."""
    expected: np.ndarray
    """What was expected without the month's own declarations: the scale of what is uncertain."""
    open_share: np.ndarray
    """Share still to come, 0 to 1; one after the cut-off."""

    @property
    def ages(self) -> np.ndarray:
        """Months from each month of care to the cut-off; below zero after it."""
        return self.cut_off - self.months

    @property
    def share(self) -> np.ndarray:
        """Declared as a share of the completed amount; NaN where nothing is expected."""
        return np.divide(self.declared, self.cost, out=np.full(self.cost.shape, np.nan), where=self.cost > 0)

    def table(self) -> pd.DataFrame:
        """One row per series and month: period, declared_eur, cost_eur, completed_share, stage."""
        size = len(self.months)
        frame = self.keys.loc[self.keys.index.repeat(size)].reset_index(drop=True)
        stage = np.where(self.ages < 0, "forecast", "completed")
        return frame.assign(
            period=np.tile([label(int(month)) for month in self.months], len(self.keys)),
            declared_eur=self.declared.ravel(),
            cost_eur=self.cost.ravel(),
            completed_share=self.share.ravel(),
            stage=np.tile(stage, len(self.keys)),
        )


def classed(cells: pd.DataFrame, cut_off: str | pd.Timestamp, *, by: Sequence[str] = BY) -> Triangle:
    """The triangle per series and speed class of provider, as known at the cut-off.

    Parameters
    ----------
    cells : DataFrame
        Columns ``by``, provider, product_month, development_month, amount_cents. What is accrued (``accrual``) is a
        class of its own.
    cut_off : str or Timestamp
        Last month of which the declarations are known.
    by : sequence of str
        Columns that name a series.

    Raises
    ------
    DataError
        A column is missing, or there are fewer than thirteen months.
    """
    if "provider" not in cells:
        raise DataError("completion: no column provider; ask the triangle by provider as well")
    found = speed.classes(cells[cells["provider"] != ACCRUED], cut_off)
    known = cells.assign(**{CLASS: cells["provider"].map(found).fillna(-1).astype(int)})
    whole = from_cells(known, [*by, CLASS], cut_off)
    if len(whole.months) < FEWEST_MONTHS:
        raise DataError(
            f"completion: {len(whole.months)} months of care up to {label(whole.cut_off)}; expected at least "
            f"{FEWEST_MONTHS}, because how declarations come in is learned from the past"
        )
    return whole


def complete(triangle: Triangle, *, by: Sequence[str] = BY, ahead: int = 0) -> Completed:
    """Complete each month of a triangle by speed class, and add the classes up.

    Parameters
    ----------
    triangle : Triangle
        As ``classed`` makes it.
    by : names of the key columns that name a series of the result
    ahead : months after the cut-off to expect as well

    Examples
    --------
    Of a provider that always declares half after one month and half after two, the month before last is half known:

    >>> cells = pd.DataFrame([(f"{2023 + m // 12}-{m % 12 + 1:02d}-01", lag, 50_000_00)
    ...                       for m in range(24) for lag in (1, 2)],
    ...                      columns=["product_month", "development_month", "amount_cents"])
    >>> cells = cells.assign(municipality_code="GM0503", care_form="ggz", provider="99900001")
    >>> table = complete(classed(cells, "2024-12")).table()
    >>> table[["period", "declared_eur", "cost_eur", "completed_share"]].tail(3).round(1)
         period  declared_eur  cost_eur  completed_share
    21  2024-10      100000.0  100000.0              1.0
    22  2024-11       50000.0  100000.0              0.5
    23  2024-12           0.0  100000.0              0.0
    """
    by = list(by)
    pools = ((CLASS,), (CLASS, "care_form"), (CLASS, "municipality_code"))
    pools = [names for names in pools if set(names) <= set(triangle.keys.columns)]
    done = development.at_cut_off(development.completed(triangle, pools=pools), triangle)
    groups = totals.codes(triangle.keys, [name for name in ("care_form",) if name in triangle.keys])
    prior = level.expected(triangle.to_date, done, triangle.months, groups=groups, ahead=ahead)
    size = len(triangle.months)
    first = triangle.to_date + (1 - done) * prior[:, :size]
    cost = triangle.to_date + (1 - done) * first
    return _added_up(triangle, by, cost=np.hstack([cost, prior[:, size:]]), prior=prior, done=done)


def _added_up(triangle: Triangle, by: list[str], *, cost, prior, done) -> Completed:
    """Series of one key over all speed classes."""
    codes = totals.codes(triangle.keys, by)
    _, places = np.unique(codes, return_index=True)
    size = cost.shape[1]
    ahead = size - done.shape[1]
    still = np.hstack([np.clip(1 - done, 0, 1), np.ones((len(done), ahead))])
    declared = np.hstack([triangle.to_date, np.zeros((len(done), ahead))])
    summed = [totals.by(codes, part) for part in (declared, cost, prior, still * prior)]
    declared, cost, prior, open_amount = summed
    months = triangle.first + np.arange(size)
    recent = triangle.cut_off - months < EMPTY_FROM
    cost = np.where(recent & (cost <= 0) & (declared == 0), prior, cost)
    return Completed(
        keys=triangle.keys[by].iloc[places].reset_index(drop=True),
        months=months,
        cut_off=triangle.cut_off,
        declared=declared,
        cost=cost,
        expected=prior,
        open_share=np.divide(open_amount, prior, out=np.zeros(prior.shape), where=prior > 0),
    )
