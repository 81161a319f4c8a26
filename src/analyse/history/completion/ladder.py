"""The actuaries' methods on arrays: chain ladder, Bornhuetter-Ferguson, Cape Cod, and Mack's standard error.

They are the yardstick of ``complete`` (which takes their shares of a pool of providers instead of one triangle)
and stand here so that published results can be repeated with them.

Sources: T. Mack, "Distribution-free calculation of the standard error of chain ladder reserve estimates",
ASTIN Bulletin 23 (1993), 213-225; R. Bornhuetter and R. Ferguson, "The actuary and IBNR", Proceedings of the
Casualty Actuarial Society 59 (1972); J. Stanard, "A simulation test of prediction errors of loss reserve
estimation techniques", same 72 (1985), for Cape Cod.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analyse.errors import DataError


@dataclass(frozen=True)
class Mack:
    """What is still to come of one triangle, and its standard error; in the unit of the triangle."""

    outstanding: np.ndarray
    standard_error: np.ndarray
    total: float
    total_standard_error: float


def link_ratios(cumulative: np.ndarray) -> np.ndarray:
    """Growth from each lag to the next, (..., lag - 1): ratio of sums over the months known at both.

    Parameters
    ----------
    cumulative : array (..., month, lag), NaN where not known yet
    """
    both = np.isfinite(cumulative[..., 1:])
    later = np.where(both, cumulative[..., 1:], 0).sum(axis=-2)
    earlier = np.where(both, cumulative[..., :-1], 0).sum(axis=-2)
    return np.divide(later, earlier, out=np.full(later.shape, np.nan), where=earlier > 0)


def shares(ratios: np.ndarray) -> np.ndarray:
    """Completed share at each lag, (..., lag), from the link ratios (..., lag - 1).

    Examples
    --------
    >>> shares(np.array([2.0, 1.25]))
    array([0.4, 0.8, 1. ])
    """
    onward = np.flip(np.cumprod(np.flip(ratios, axis=-1), axis=-1), axis=-1)
    return np.concatenate([1 / onward, np.ones((*ratios.shape[:-1], 1))], axis=-1)


def latest(cumulative: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Last known amount of each month (..., month), and its lag."""
    known = np.isfinite(cumulative)
    lag = known.shape[-1] - 1 - np.flip(known, axis=-1).argmax(axis=-1)
    return np.take_along_axis(cumulative, lag[..., None], axis=-1)[..., 0], lag


def chain_ladder(cumulative: np.ndarray) -> np.ndarray:
    """Ultimate amount of each month, (..., month): what is known divided by the completed share.

    A month of which nothing is known yet stays zero or NaN: this is why it cannot stand alone.
    """
    amount, lag = latest(cumulative)
    done = np.take_along_axis(shares(link_ratios(cumulative)), lag, axis=-1)
    with np.errstate(invalid="ignore", divide="ignore"):
        return amount / done


def bornhuetter_ferguson(amount: np.ndarray, done: np.ndarray, expected: np.ndarray) -> np.ndarray:
    """Known amount plus the share still to come of what was expected beforehand; all in one shape.

    Examples
    --------
    >>> float(bornhuetter_ferguson(np.array(30.0), np.array(0.25), np.array(100.0)))
    105.0
    """
    return amount + (1 - done) * expected


def cape_cod(cumulative: np.ndarray, exposure: np.ndarray) -> np.ndarray:
    """Bornhuetter-Ferguson whose expectation is one amount per unit of exposure, from the triangle itself.

    Parameters
    ----------
    cumulative : array (..., month, lag), NaN where not known yet
    exposure : array (..., month), for example the working days of each month
    """
    amount, lag = latest(cumulative)
    done = np.take_along_axis(shares(link_ratios(cumulative)), lag, axis=-1)
    done = np.where(np.isfinite(done), done, 0)
    per_unit = amount.sum(axis=-1, keepdims=True) / (exposure * done).sum(axis=-1, keepdims=True)
    return bornhuetter_ferguson(amount, done, per_unit * exposure)


def mack(cumulative: np.ndarray) -> Mack:
    """Chain ladder with Mack's standard error.

    Parameters
    ----------
    cumulative : array (month, lag) with as many lags as months, NaN below the diagonal

    Raises
    ------
    DataError
        The array is no full triangle of at least three months.
    """
    size = len(cumulative)
    expected = np.arange(size) + np.arange(size)[:, None] < size
    if cumulative.shape != (size, size) or size < 3 or (np.isfinite(cumulative) != expected).any():
        raise DataError(
            f"mack: got an array of {cumulative.shape}; expected a full triangle of three or more months"
        )
    ratios = link_ratios(cumulative)
    squares = _process_variance(cumulative, ratios)
    ultimate = chain_ladder(cumulative)
    full = _filled(cumulative, ratios)
    past = np.where(expected, full, 0)
    column = np.array([past[: size - 1 - lag, lag].sum() for lag in range(size - 1)])
    future = ~expected[:, 1:]
    own = np.where(future, squares / ratios**2 * (1 / full[:, :-1] + 1 / column), 0).sum(axis=1)
    error = ultimate * np.sqrt(own)
    shared = np.where(future, 2 * squares / ratios**2 / column, 0).sum(axis=1)
    others = np.concatenate([np.cumsum(ultimate[::-1])[::-1][1:], [0.0]])
    total = (error**2 + ultimate * others * shared).sum()
    outstanding = ultimate - latest(cumulative)[0]
    return Mack(outstanding, error, float(outstanding.sum()), float(np.sqrt(total)))


def _process_variance(cumulative: np.ndarray, ratios: np.ndarray) -> np.ndarray:
    """Mack's sigma squared by lag; the last one by his rule, as one month tells no spread."""
    size = len(cumulative)
    own = cumulative[:, 1:] / cumulative[:, :-1]
    spread = np.nansum(cumulative[:, :-1] * (own - ratios) ** 2, axis=0)
    months = np.isfinite(own).sum(axis=0)
    squares = spread[:-1] / (months[:-1] - 1)
    last = min(squares[-1] ** 2 / squares[-2], squares[-2], squares[-1]) if size > 3 else squares[-1]
    return np.append(squares, last)


def _filled(cumulative: np.ndarray, ratios: np.ndarray) -> np.ndarray:
    full = cumulative.copy()
    for lag, ratio in enumerate(ratios):
        full[:, lag + 1] = np.where(np.isfinite(full[:, lag + 1]), full[:, lag + 1], full[:, lag] * ratio)
    return full
