"""The actuaries' yardstick: chain ladder on one triangle, with Mack's standard error.

``complete`` learns its shares from all providers of a speed class; this stands beside it, in ``compared`` and in the
tests, where the results that were published are repeated.

T. Mack, "Distribution-free calculation of the standard error of chain ladder reserve estimates", ASTIN Bulletin 23
(1993), 213-225.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analyse.errors import DataError

FEWEST = 3


@dataclass(frozen=True)
class Mack:
    """What each month comes to by chain ladder, and how unsure that is; in the unit of the triangle."""

    ultimate: np.ndarray
    """(month,)."""
    outstanding: np.ndarray
    """(month,): what is still to come of it."""
    standard_error: np.ndarray
    """(month,)."""
    total_standard_error: float
    """Of all months together."""


def mack(cumulative: np.ndarray) -> Mack:
    """Chain ladder with Mack's standard error.

    Parameters
    ----------
    cumulative : ndarray (month, lag)
        With as many lags as months, NaN below the diagonal.

    Raises
    ------
    DataError
        When the array is not a full triangle, or one of fewer than three months.

    Examples
    --------
    The second month has reached half, so it doubles:

    >>> nan = np.nan
    >>> found = mack(np.array([[50.0, 100.0, 100.0], [60.0, 120.0, nan], [70.0, nan, nan]]))
    >>> found.ultimate.round(6).tolist(), found.outstanding.round(6).tolist()
    ([100.0, 120.0, 140.0], [0.0, 0.0, 70.0])
    """
    size = len(cumulative)
    known = np.arange(size) + np.arange(size)[:, None] < size
    if cumulative.shape != (size, size) or size < FEWEST or (np.isfinite(cumulative) != known).any():
        raise DataError(
            f"ladder: got an array of {cumulative.shape}; expected a full triangle of three or more months"
        )
    past = np.where(known, cumulative, 0.0)
    column = np.array([past[: size - 1 - lag, lag].sum() for lag in range(size - 1)])
    ratios = np.array([past[: size - 1 - lag, lag + 1].sum() for lag in range(size - 1)]) / column
    full = cumulative.copy()
    for lag, ratio in enumerate(ratios):
        full[:, lag + 1] = np.where(known[:, lag + 1], full[:, lag + 1], full[:, lag] * ratio)
    ultimate, future = full[:, -1], ~known[:, 1:]
    weight = _process_variance(cumulative, ratios) / ratios**2
    own = np.where(future, weight * (1 / full[:, :-1] + 1 / column), 0.0).sum(axis=1)
    error = ultimate * np.sqrt(own)
    shared = np.where(future, 2 * weight / column, 0.0).sum(axis=1)
    others = np.concatenate([np.cumsum(ultimate[::-1])[::-1][1:], [0.0]])
    total = float(np.sqrt((error**2 + ultimate * others * shared).sum()))
    latest = np.flip(cumulative, axis=1).diagonal()
    return Mack(ultimate, ultimate - latest, error, total)


def _process_variance(cumulative: np.ndarray, ratios: np.ndarray) -> np.ndarray:
    """Mack's sigma squared by lag; the last one by his rule, as one month tells no spread."""
    own = cumulative[:, 1:] / cumulative[:, :-1]
    spread = np.nansum(cumulative[:, :-1] * (own - ratios) ** 2, axis=0)
    months = np.isfinite(own).sum(axis=0)
    squares = spread[:-1] / np.maximum(months[:-1] - 1, 1)
    last = squares[-1]
    if len(squares) > 1 and squares[-2] > 0:
        last = min(squares[-1] ** 2 / squares[-2], squares[-2], squares[-1])
    return np.append(squares, last)
