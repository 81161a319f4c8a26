"""Intervals from what the engine itself got wrong: pooled errors, scaled per series, per horizon.

Errors are taken on a root scale (counts stay at or above zero, and their spread hardly depends on their
size), divided by a scale per series that is shrunk to a pooled curve of spread by level, and by a growth with
the horizon of at least its root. The quantiles of all these standardised errors together are the
conformal quantiles (Vovk, Gammerman & Shafer 2005, "Algorithmic learning in a random world").
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import stdtrit

from analyse.forecast.engine.panel import Panel

CHANCE, LEAST_PRIOR_POINTS, MOST_PRIOR_POINTS = 0.7, 0.5, 20.0
"""Log variance of a mean of absolute changes times their number; limits of what the pooled curve is worth."""

QUIET = 0.2
"""A series that hardly moved so far still gets this share of the usual spread at its level."""

BIAS_SHARE = 0.5
"""Share of the pooled median error that is taken to persist."""

LEAST_GROWTH = {"year": 0.5, "half-year": 0.5, "month": 0.4}
"""Errors grow at least with this power of the horizon; noise from month to month does not add up."""

MOST_GROWTH, USUAL_GROWTH = 1.2, 0.65
PRIOR_STEPS = 100.0
"""Errors at h + 1 and h are compared; the usual growth counts as about this many pairs."""

PRIOR_ERRORS = 30.0
"""How many of a series' own errors the pool's are worth when its own factor is set."""

FEW_ERRORS, USUAL_SIZE = 20.0, 1.1
"""Before any error is seen its mean size is taken as 1.1 of the usual change, worth twenty errors."""

STAND_IN = stdtrit(4, np.linspace(0.01, 0.99, 49))
"""Joins the pooled errors, so that a handful of them does not decide the tails."""

DEFAULT_SPREAD = 0.15
"""Spread of a yearly change on the root scale where no series shows any: some 15 percent."""

LONE_ERRORS = 10
"""With fewer past errors than this in the whole pool, a count is at least as uncertain as chance makes it."""

PROBABILITIES = np.linspace(0.0005, 0.9995, 2000)


@dataclass(frozen=True)
class Errors:
    """What past errors say about the next ones.

    ``bias`` (series, horizon) is what to add to the forecasts, ``spread`` (series, horizon) the scale at the
    last origin, both on the root scale; ``table`` (2000,) the pooled quantiles of the standardised errors at
    ``PROBABILITIES``, ``standardised`` (series, origin, horizon) those errors.
    """

    bias: np.ndarray
    spread: np.ndarray
    table: np.ndarray
    standardised: np.ndarray


def scales(panel: Panel) -> np.ndarray:
    """Spread of one-period changes on the root scale known after each period, (series, period).

    The running mean absolute change, shrunk to a straight line of log spread on log level through all series.
    """
    roots = panel.roots(panel.values)
    change = np.abs(np.diff(roots, axis=1, prepend=np.nan))
    known = np.isfinite(change) & ~panel.breaks
    count = known.cumsum(axis=1)
    mean = np.where(known, change, 0).cumsum(axis=1) / np.maximum(count, 1) * np.sqrt(np.pi / 2)
    prior = spread_by_level(mean[:, -1], panel.level, count=count[:, -1])
    worth = prior_points(mean[:, -1] / prior, count[:, -1])
    own = np.sqrt((worth * prior[:, None] ** 2 + count * mean**2) / (worth + count))
    return np.maximum(own, QUIET * prior[:, None])


def prior_points(ratio: np.ndarray, count: np.ndarray) -> float:
    """How many changes of a series itself the pooled curve is worth, from how far series differ from it.

    A mean of *n* absolute changes has a log variance of some 0.7 / n from chance alone; what the log ratios
    (series,) of own to pooled spread vary beyond that is real, and the more it is, the less the curve is worth.
    """
    seen = (ratio > 0) & (count > 1)
    if seen.sum() < 3:
        return MOST_PRIOR_POINTS
    logs = np.log(ratio[seen])
    real = np.mean((logs - np.median(logs)) ** 2) - np.mean(CHANCE / count[seen])
    return float(np.clip(CHANCE / max(real, 1e-9), LEAST_PRIOR_POINTS, MOST_PRIOR_POINTS))


def spread_by_level(spread: np.ndarray, level: np.ndarray, *, count: np.ndarray) -> np.ndarray:
    """The pooled curve at each series' level, (series,): log spread is a straight line in log level.

    Parameters
    ----------
    spread : (series,), spread of a change on the root scale
    level : (series,), mean size of the series
    count : (series,), number of changes known
    """
    seen = (spread > 0) & (count > 0)
    if not seen.any():
        return np.full(len(spread), DEFAULT_SPREAD * (QUIET if (count > 0).any() else 1))
    logs, levels = np.log(spread[seen]), np.log(level)
    slope = 0.0
    if seen.sum() > 3 and np.ptp(levels[seen]) > 0.1:
        slope = float(np.clip(np.polyfit(levels[seen], logs, 1)[0], -0.5, 0.5))
    return np.exp(np.mean(logs - slope * levels[seen]) + slope * levels)


def horizon_power(residuals: np.ndarray, *, least: float = 0.5) -> float:
    """Power of the horizon with which the mean absolute error grows.

    Every step is compared with the previous one *from the same origins* (later origins have no long horizons
    yet), and the power of h through these ratios is pulled towards the usual one.
    """
    size = np.abs(residuals)
    horizon = residuals.shape[2]
    weight, total = PRIOR_STEPS, PRIOR_STEPS * USUAL_GROWTH
    for h in range(1, horizon):
        both = np.isfinite(size[:, :, h]) & np.isfinite(size[:, :, h - 1])
        if both.sum() < 3:
            break
        ratio = size[:, :, h][both].mean() / max(size[:, :, h - 1][both].mean(), 1e-12)
        step = np.log((h + 1) / h)
        weight += both.sum() * step**2
        total += both.sum() * step * np.log(np.clip(ratio, 0.5, 2))
    return float(np.clip(total / weight, least, MOST_GROWTH))


def errors(panel: Panel, past: np.ndarray, *, frequency: str) -> Errors:
    """Standardise the errors of past forecasts and pool them.

    Parameters
    ----------
    panel : the series, as shares of their level
    past : (series, origin, horizon), forecasts on the panel's own scale; NaN where none may be scored
    frequency : year, half-year or month
    """
    scale = scales(panel)
    horizon = past.shape[2]
    first = panel.first_origin
    residuals = np.full(past.shape, np.nan, np.float32)
    roots = panel.roots(panel.values)
    for h in range(1, min(horizon, panel.shape[1] - first - 1) + 1):
        origins = slice(first, panel.shape[1] - h)
        difference = roots[:, first + h :] - panel.roots(past[:, origins, h - 1])
        residuals[:, origins, h - 1] = difference / np.maximum(scale[:, origins], 1e-9)
    power = horizon_power(residuals, least=LEAST_GROWTH[frequency])
    steps = np.arange(1, horizon + 1)
    standardised = residuals / steps**power
    middle = np.median(standardised[np.isfinite(standardised)]) if np.isfinite(standardised).any() else 0.0
    own = own_factor(standardised)
    standardised = (standardised - middle) / own[:, :, None]
    standardised, nearest = level_horizons(standardised)
    nearest *= np.sqrt(
        1 + 1 / (np.isfinite(standardised[:, :, 0]).sum() + 1)
    )  # a lone short series shows few errors
    pooled = np.concatenate([standardised[np.isfinite(standardised)], STAND_IN])
    table = np.interp(PROBABILITIES, (np.arange(len(pooled)) + 0.5) / len(pooled), np.sort(pooled))
    since = np.isfinite(panel.values)[:, ::-1].argmax(axis=1)[:, None]
    spread = scale[:, -1:] * (steps + since) ** power
    bias = BIAS_SHARE * middle * spread
    final = nearest * own[:, -1:] * spread
    if np.isfinite(standardised[:, :, 0]).sum() < LONE_ERRORS:
        final = np.maximum(final, _chance_of_counts(panel)[:, None])
    return Errors(bias, final, table - np.median(table), standardised)


def _chance_of_counts(panel: Panel) -> np.ndarray:
    """Mean error of a count that only chance moves (series,), 0 for what is no count.

    On the scale of twice the root a Poisson count has variance 1 whatever its size, and the mean of n of them 1 / n
    (M.S. Bartlett, "The square root transformation in analysis of variance", 1936); 0.8 of the standard deviation is
    the mean error.
    """
    known = np.isfinite(panel.values)
    counts = panel.values * panel.level[:, None]
    whole = (np.abs(counts - np.round(counts)) < 1e-3 * np.maximum(np.abs(counts), 1)) | ~known
    chance = np.sqrt(2 / np.pi) * np.sqrt((1 + 1 / np.maximum(known.sum(axis=1), 1)) / panel.level)
    return np.where(whole.all(axis=1) & ~panel.signed, chance, 0.0)


def level_horizons(standardised: np.ndarray) -> tuple[np.ndarray, float]:
    """Bring the errors of every horizon to a mean size of one, and return that of the first.

    Where errors grow by less than the root of the horizon, the first step is then still right.
    """
    size = np.abs(standardised)
    known = np.isfinite(size)
    count = known.sum(axis=(0, 1))
    total = np.where(known, size, 0).sum(axis=(0, 1))
    usual = (total[0] + FEW_ERRORS * USUAL_SIZE) / (count[0] + FEW_ERRORS)
    mean = (total + FEW_ERRORS * usual) / (count + FEW_ERRORS)
    return standardised / mean, float(usual)


def own_factor(standardised: np.ndarray) -> np.ndarray:
    """How much larger a series' own errors were than the pool's, known at each origin, (series, origin).

    The mean absolute standardised error of all horizons whose outcome was known then, each weighing
    1 / sqrt(h) because errors of longer horizons overlap, shrunk to 1 as if seen ``PRIOR_ERRORS`` times.
    """
    size = np.abs(standardised)
    usual = max(np.nanmean(size), 1e-9) if np.isfinite(size).any() else 1.0
    total, weight = np.zeros(size.shape[:2]), np.zeros(size.shape[:2])
    for h in range(1, min(size.shape[2], size.shape[1] - 1) + 1):
        seen = size[:, :-h, h - 1]
        known = np.isfinite(seen)
        total[:, h:] += np.where(known, seen, 0) / np.sqrt(h)
        weight[:, h:] += known / np.sqrt(h)
    total, weight = total.cumsum(axis=1), weight.cumsum(axis=1)
    return (PRIOR_ERRORS + total / usual) / (PRIOR_ERRORS + weight)
