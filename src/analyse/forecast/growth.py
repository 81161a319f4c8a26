"""Real cost per youth: own level, pooled growth that fades, and what the budget of the coming year says.

All on the log scale, for all municipalities at once. The growth of one municipality in seven years is
mostly noise, the growth they have in common is not, so the trend is pooled and only the level is own.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analyse.forecast import price
from analyse.forecast.known import Known
from analyse.forecast.streams import Streams

LEVEL_WEIGHT = 0.8
"""Weight of the newest accounts in a municipality's own level; the rest is what the years before said.
Part of a year's movement is undone in the next (settlements with providers, corrections)."""
DAMPING = 0.85
"""Each year the pooled growth is this fraction of the year before."""
BUDGET_WEIGHT = 0.3
"""Weight of the budget of the coming year, raised by the usual budget error, beside the trend."""
BUDGET_COMMON = 0.5
"""Part of the budgets' common message that is believed; what sets one budget apart is believed wholly."""
BUDGET_LIMIT = 0.3
"""A budget further than this from the trend (log scale) counts as this far: typing errors exist."""
BUDGET_YEARS = 3
"""Years of budget errors that are averaged into the usual one."""

SHARED_SD, SHARED_PRIOR_YEARS = 0.04, 4.0
"""Standard deviation of the common yearly growth that is expected beforehand, and its weight in years."""
REGION_SD = 0.03
"""Standard deviation of what the municipalities of one region have in common in a year, beside all."""
OWN_SD, OWN_PRIOR_YEARS = 0.10, 2.0
"""The same for one municipality of median size, and the weight of that expectation in years."""
SIZE_SLOPE = 0.12
"""Own shocks shrink with size: standard deviation x (cost / median cost) ** -slope."""
DEGREES = 5.0
"""Degrees of freedom of own shocks: some years are far out."""
BREAK_SHARED_SD, BREAK_OWN_SD = 0.04, 0.06
"""Extra uncertainty of a year with a declared change of bookkeeping ahead, all together and each alone."""


@dataclass(frozen=True)
class Fit:
    """Estimates at an origin, all on the log scale.

    ``level`` (series,): own level of real cost per youth in the year of the origin; ``growth``: pooled
    growth a year before it fades; ``growth_sd``: its standard error; ``shared_sd``, ``region_sd``: of a
    yearly shock; ``own_sd`` (series,); ``budget`` (series,): how much the budget moves the level.
    """

    level: np.ndarray
    growth: float
    growth_sd: float
    shared_sd: float
    region_sd: float
    own_sd: np.ndarray
    budget: np.ndarray


def log_real_cost(known: Known) -> np.ndarray:
    """Log of cost per youth in prices of the origin (series, years); NaN where the costs are not known."""
    index = price.log_index(known.price_growth, known.years)
    return np.log(known.cost_eur) - np.log(known.youths[:, :-1]) - index


def pooled_growth(values: np.ndarray, breaks: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Median growth of all series into each year, and which years count for the trend.

    Parameters
    ----------
    values : ndarray (series, years)
        On the log scale, NaN where unknown.
    breaks : ndarray of bool (series, years)
        True where growth into the year must be left out.

    Returns
    -------
    medians, usable : ndarray (years - 1,)
        The median is over series without a break; where all have one it is over all series, so that the
        level follows, and the year does not count.

    Examples
    --------
    >>> values = np.array([[0.0, 0.1, 0.5], [0.0, 0.2, 0.8], [0.0, 0.3, 0.6]])
    >>> breaks = np.array([[False, False, True]] * 3)
    >>> medians, usable = pooled_growth(values, breaks)
    >>> medians.round(2).tolist(), usable.tolist()
    ([0.2, 0.4], [True, False])
    """
    steps, broken = np.diff(values, axis=1), breaks[:, 1:]
    usable = (~broken & ~np.isnan(steps)).any(axis=0)
    counted = np.where(broken & usable, np.nan, steps)
    known = ~np.isnan(counted).all(axis=0)
    medians = np.zeros(steps.shape[1])
    medians[known] = np.nanmedian(counted[:, known], axis=0)
    return medians, usable


def own_level(values: np.ndarray, medians: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Smooth each series around the pooled growth.

    Parameters
    ----------
    values : ndarray (series, years)
        On the log scale, NaN where unknown.
    medians : ndarray (years - 1,)
        Pooled growth into each year but the first.

    Returns
    -------
    level : ndarray (series,)
        In the last year.
    errors : ndarray (series, years - 1)
        Distance of each year's value to the level expected from the years before; NaN where unknown.
    """
    level, errors = values[:, 0].copy(), np.full((len(values), values.shape[1] - 1), np.nan)
    for year in range(1, values.shape[1]):
        level = level + medians[year - 1]
        errors[:, year - 1] = values[:, year] - level
        level = np.where(
            np.isnan(level), values[:, year], level + LEVEL_WEIGHT * np.nan_to_num(errors[:, year - 1])
        )
    return level, errors


def fit(known: Known) -> Fit:
    """Estimate everything from the figures known at the origin; see docs/method.md for the formulas."""
    values = log_real_cost(known)
    medians, usable = pooled_growth(values, known.cost_breaks)
    level, errors = own_level(values, medians)
    counted = medians[usable]
    growth = float(counted.mean()) if len(counted) else 0.0
    squares = float(((counted - growth) ** 2).sum())
    shared = np.sqrt(
        (SHARED_PRIOR_YEARS * SHARED_SD**2 + squares) / (SHARED_PRIOR_YEARS + max(len(counted) - 1, 0))
    )
    own_sd = _own_sd(known, errors[:, usable])
    return Fit(
        level=level,
        growth=growth,
        growth_sd=float(shared / np.sqrt(max(len(counted), 1))),
        shared_sd=float(shared),
        region_sd=REGION_SD,
        own_sd=own_sd,
        budget=_budget(known, level + DAMPING * growth),
    )


def _own_sd(known: Known, errors: np.ndarray) -> np.ndarray:
    """Standard deviation per series: a pooled curve by size, moved towards the series' own errors."""
    size = np.nanmean(known.cost_eur, axis=1)
    shape = (size / np.median(size)) ** -SIZE_SLOPE
    scaled = errors / shape[:, None]
    pooled = robust_sd(scaled) if np.isfinite(scaled).any() else OWN_SD
    prior = 0.5 * (pooled + OWN_SD)
    count = np.isfinite(scaled).sum(axis=1)
    own = np.nansum(np.minimum(scaled**2, (3 * prior) ** 2), axis=1)
    weight = 2 * OWN_PRIOR_YEARS
    return shape * np.sqrt((weight * prior**2 + own) / (weight + count))


def robust_sd(values: np.ndarray) -> float:
    """Standard deviation of values around zero, by their median size; one wild value in ten hardly moves it.

    The median size of normal values is 1 / 1.4826 of their standard deviation (P.J. Huber, Robust Statistics, 1981).

    Examples
    --------
    >>> round(robust_sd(np.array([-1.0, 1.0, -1.0, 50.0, np.nan])), 4)
    1.4826
    """
    return float(1.4826 * np.nanmedian(np.abs(values)))


def _budget(known: Known, expected: np.ndarray) -> np.ndarray:
    """How far the budget of the coming year moves the level, 0 where there is none."""
    past = np.log(known.cost_eur) - np.log(
        np.where(known.budget_eur[:, :-1] > 0, known.budget_eur[:, :-1], np.nan)
    )
    if not np.isfinite(past).any(axis=0)[-BUDGET_YEARS:].all():
        return np.zeros(len(expected))
    usual = float(np.nanmedian(past[:, -BUDGET_YEARS:], axis=0).mean())
    coming = np.log(np.where(known.budget_eur[:, -1] > 0, known.budget_eur[:, -1], np.nan))
    prices = np.log1p(_price_ahead(known))
    message = coming + usual - prices - np.log(known.youths[:, -1]) - expected
    message = np.clip(message, -BUDGET_LIMIT, BUDGET_LIMIT)
    if not np.isfinite(message).any():
        return np.zeros(len(expected))
    believed = 0.0 if known.origin + 1 in known.breaks_ahead else BUDGET_COMMON
    common = float(np.nanmedian(message))
    return BUDGET_WEIGHT * np.nan_to_num(message - (1 - believed) * common)


def _price_ahead(known: Known) -> float:
    """Expected growth of the price index in the year after the origin."""
    mean, _ = price.growth_assumed(known.assumptions)
    now = known.price_growth[known.origin]
    return known.price_growth.get(known.origin + 1, mean + price.PERSISTENCE * (now - mean))


def paths(known: Known, *, horizon: int, samples: int, streams: Streams) -> np.ndarray:
    """Sample log real cost per youth after the origin.

    Parameters
    ----------
    known, horizon, samples, streams
        As for every part of the costs, see ``simulate.joint``.

    Returns
    -------
    ndarray (series, horizon, samples)
        In prices of the origin.
    """
    estimate = fit(known)
    fading = np.cumsum(DAMPING ** np.arange(1, horizon + 1))
    return (
        (estimate.level + estimate.budget)[:, None, None]
        + (estimate.growth * fading)[None, :, None]
        + _shared(known, estimate, fading, streams, (horizon, samples))[None]
        + _region(known, estimate, streams, (horizon, samples))[known.region_index]
        + _own(known, estimate, streams, (horizon, samples))
    )


def _shared(
    known: Known, estimate: Fit, fading: np.ndarray, streams: Streams, shape: tuple[int, int]
) -> np.ndarray:
    """Common path: the growth is not known exactly, every year adds a shock, a break ahead one more."""
    trend = streams.normal("growth", ["ALL"], (1, shape[1]))[0] * estimate.growth_sd
    shocks = streams.student("shared", ["ALL"], shape, 2 * DEGREES)[0] * estimate.shared_sd
    breaks = (
        streams.normal("break", ["ALL"], shape)[0] * BREAK_SHARED_SD * _break_ahead(known, shape[0])[:, None]
    )
    return fading[:, None] * trend + np.cumsum(shocks + breaks, axis=0)


def _region(known: Known, estimate: Fit, streams: Streams, shape: tuple[int, int]) -> np.ndarray:
    regions = sorted(set(known.regions))
    return _innovations(streams.normal("region", regions, shape) * estimate.region_sd)


def _own(known: Known, estimate: Fit, streams: Streams, shape: tuple[int, int]) -> np.ndarray:
    shocks = _innovations(
        streams.student("own", known.codes, shape, DEGREES) * estimate.own_sd[:, None, None]
    )
    breaks = streams.normal("own break", known.codes, shape) * BREAK_OWN_SD
    return shocks + np.cumsum(breaks * _break_ahead(known, shape[0])[:, None], axis=1)


def _innovations(shocks: np.ndarray) -> np.ndarray:
    """A shock counts whole in its own year; the part ``LEVEL_WEIGHT`` stays in the level after it."""
    return shocks + LEVEL_WEIGHT * (np.cumsum(shocks, axis=1) - shocks)


def _break_ahead(known: Known, horizon: int) -> np.ndarray:
    """1 for each year after the origin with a declared change of bookkeeping, else 0."""
    return np.array([float(known.origin + 1 + step in known.breaks_ahead) for step in range(horizon)])
