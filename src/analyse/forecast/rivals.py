"""What the forecast is compared with in the backtest: simple rules, the generic engine, and models of statsmodels.

A rival is a function ``rival(known, horizon, *, samples, rng) -> ndarray (series, horizon, sample)`` of costs in
EUR; one sample where it gives one number a year and no interval, NaN where it has nothing to say. The rivals in
``ALONE`` look at each series by itself, take long, and fit no more than the series in ``wanted``.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Collection
from typing import Any

import numpy as np

from analyse.forecast import growth
from analyse.forecast.joint import joint
from analyse.forecast.known import Known
from analyse.forecast.methods import named

FEWEST_FOR_TREND = 3
"""ETS gets a damped trend from so many values on. Five parameters on three values fit too well, so that its
intervals are far too narrow; without the trend its forecasts are twice as far off."""


def last_year(known: Known, horizon: int, **_) -> np.ndarray:
    """The last known costs, again and again (naive)."""
    return repeat(known.cost_eur, horizon)[:, :, None]


def last_growth(known: Known, horizon: int, **_) -> np.ndarray:
    """The last known costs with the growth of the last year, every year again."""
    return repeat_growth(known.cost_eur, horizon)[:, :, None]


def drift(known: Known, horizon: int, **_) -> np.ndarray:
    """The last known costs with the series' mean yearly change, every year again."""
    return repeat_change(known.cost_eur, horizon)[:, :, None]


def pooled_growth(known: Known, horizon: int, **_) -> np.ndarray:
    """The last known costs with the mean over the years of the median growth of all municipalities."""
    medians, usable = growth.pooled_growth(np.log(known.cost_eur), known.cost_breaks)
    yearly = medians[usable].mean() if usable.any() else 0.0
    return (repeat(known.cost_eur, horizon) * np.exp(yearly * np.arange(1, horizon + 1)))[:, :, None]


def engine(known: Known, horizon: int, *, samples: int, rng: np.random.Generator) -> np.ndarray:
    """The engine on real cost per youth, with the same youths and prices as the forecast.

    Parameters
    ----------
    known : Known
        What was known at the origin.
    horizon : int
        Years ahead.
    samples : int
        Number of joint futures.
    rng : Generator
        Source of the random numbers.
    """
    paths = joint(known, horizon=horizon, samples=samples, rng=rng, method="engine")
    return paths.cost_eur[:, paths.periods > known.origin]


def ets(known: Known, horizon: int, *, wanted: Collection[str] = (), **drawing: Any) -> np.ndarray:
    """Exponential smoothing of statsmodels on the log of each series' costs, as a check from elsewhere.

    Additive errors and a damped trend (A,Ad,N), with fewer than three known values no trend (A,N,N); intervals are
    simulated. A series that cannot be fitted gets no forecast.

    Parameters
    ----------
    known, horizon, wanted, **drawing
        As for every rival, see the top of this file; ``drawing``: samples and rng.
    """
    return _one_by_one(known, wanted, lambda row: _ets(row[np.isfinite(row)], horizon, **drawing))


def _ets(values: np.ndarray, horizon: int, samples: int, rng: np.random.Generator) -> np.ndarray:
    from statsmodels.tsa.exponential_smoothing.ets import ETSModel

    trend = {"trend": "add", "damped_trend": True} if len(values) >= FEWEST_FOR_TREND else {}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            fit = ETSModel(np.log(values), **trend).fit(disp=False)
            paths = fit.simulate(horizon, anchor="end", repetitions=samples, rng=rng)
        except (ValueError, IndexError, ZeroDivisionError, np.linalg.LinAlgError):
            return np.full((horizon, samples), np.nan)
    return np.exp(np.asarray(paths).reshape(horizon, samples))


def state_space(known: Known, horizon: int, *, wanted: Collection[str] = (), **drawing: Any) -> np.ndarray:
    """A random walk with drift in state-space form (statsmodels) on the log of each series' costs.

    The drift and the variance of the level are fitted by maximum likelihood with the Kalman filter, which steps over
    unknown years; the drift keeps its own standard error in the simulated paths. Fewer than three known values give
    no forecast.

    Parameters
    ----------
    known, horizon, wanted, **drawing
        As for ``ets``.
    """
    return _one_by_one(known, wanted, lambda row: _state_space(row, horizon, **drawing))


def _one_by_one(
    known: Known, wanted: Collection[str], fitted: Callable[[np.ndarray], np.ndarray]
) -> np.ndarray:
    """The forecast of each series by itself; NaN for those that are not wanted, where some are named."""
    rows = {
        place: fitted(row)
        for place, (code, row) in enumerate(zip(known.codes, known.cost_eur, strict=True))
        if not wanted or code in wanted
    }
    shape = next(iter(rows.values())).shape
    return np.stack([rows.get(place, np.full(shape, np.nan)) for place in range(len(known.codes))])


def _state_space(values: np.ndarray, horizon: int, samples: int, rng: np.random.Generator) -> np.ndarray:
    from statsmodels.tsa.statespace.structural import UnobservedComponents

    values = values[np.argmax(np.isfinite(values)) :]
    if np.isfinite(values).sum() < FEWEST_FOR_TREND:
        return np.full((horizon, samples), np.nan)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            fit = UnobservedComponents(np.log(values), "random walk with drift").fit(disp=False)
        except (ValueError, IndexError, np.linalg.LinAlgError):
            return np.full((horizon, samples), np.nan)
    state, error = fit.filtered_state[:, -1], np.maximum(np.diag(fit.filtered_state_cov[:, :, -1]), 0.0)
    level, drift = state[:, None] + np.sqrt(error)[:, None] * rng.standard_normal((2, samples))
    shocks = np.sqrt(fit.params[0]) * rng.standard_normal((horizon, samples))
    return np.exp(level + drift * np.arange(1, horizon + 1)[:, None] + np.cumsum(shocks, axis=0))


def repeat(values: np.ndarray, horizon: int) -> np.ndarray:
    """Last known value of each series (series, horizon).

    Examples
    --------
    >>> repeat(np.array([[90.0, 100.0], [5.0, np.nan]]), 2).tolist()
    [[100.0, 100.0], [5.0, 5.0]]
    """
    return np.repeat(_last(values)[:, None], horizon, axis=1)


def repeat_growth(values: np.ndarray, horizon: int) -> np.ndarray:
    """Last known value, growing each year as it grew on average since the known value before it.

    Examples
    --------
    >>> repeat_growth(np.array([[100.0, 110.0]]), 2).round(1).tolist()
    [[121.0, 133.1]]
    """
    latest = np.array([_growth(row) for row in values])
    return _last(values)[:, None] * latest[:, None] ** np.arange(1, horizon + 1)


def repeat_change(values: np.ndarray, horizon: int) -> np.ndarray:
    """Last known value, changing each year by the mean yearly change since the first known one, not below 0.

    Examples
    --------
    >>> repeat_change(np.array([[100.0, 90.0, 120.0]]), 2).tolist()
    [[130.0, 140.0]]
    """
    latest = np.array([_change(row) for row in values])
    return np.maximum(_last(values)[:, None] + latest[:, None] * np.arange(1, horizon + 1), 0)


def _last(values: np.ndarray) -> np.ndarray:
    return np.array([row[np.isfinite(row)][-1] if np.isfinite(row).any() else np.nan for row in values])


def _growth(row: np.ndarray) -> float:
    """Growth factor per year between the last two known values; 1 when there is only one."""
    where = np.flatnonzero(np.isfinite(row))
    if len(where) < 2:
        return 1.0
    return float((row[where[-1]] / row[where[-2]]) ** (1 / (where[-1] - where[-2])))


def _change(row: np.ndarray) -> float:
    """Mean change per year between the first and the last known value; 0 when there is only one."""
    where = np.flatnonzero(np.isfinite(row))
    if len(where) < 2:
        return 0.0
    return float((row[where[-1]] - row[where[0]]) / (where[-1] - where[0]))


RIVALS: dict[str, Callable[..., np.ndarray]] = {
    "last_year": last_year,
    "last_growth": last_growth,
    "drift": drift,
    "pooled_growth": pooled_growth,
    "engine": engine,
    "ets": ets,
    "state_space": state_space,
}
ALONE = ("ets", "state_space")
DEFAULT = ("last_year", "last_growth")
"""Rivals of every report; the others take seconds and are for those who want to know more."""


def find(name: str) -> Callable[..., np.ndarray]:
    """The rival of this name; ParameterError with the nearest name when there is none."""
    return named("backtest: rival", name, RIVALS)
