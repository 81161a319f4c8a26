"""Seasons of half-years and months: the series' own pattern, shrunk to that of its group and to none.

The classical ratio to a centred moving average gives each series' own pattern (Makridakis, Wheelwright &
Hyndman 1998, ch. 3). From two to ten years it is mostly noise, so it is shrunk twice in the way of James and Stein
(Miller & Williams 2003, "Shrinkage estimators of time series seasonal factors and their effect on
forecasting accuracy", International Journal of Forecasting 19): towards the mean pattern of the group by the
share of the seasons that the group explains, and what is left by how far it stands out from its noise.
"""

from __future__ import annotations

import numpy as np

SMALLEST_FACTOR = 0.05


def pattern(values: np.ndarray, season: int, *, signed: np.ndarray, groups: np.ndarray) -> np.ndarray:
    """Estimate what each season adds, (series, season): a share of the level, or an amount for signed series.

    Column *k* belongs to the periods *t* with ``t % season == k``.

    Parameters
    ----------
    values : (series, period), NaN where unknown
    season : number of periods in a year; 1 for none
    signed : (series,), True where values may be below zero
    groups : (series,), number of the group that a series learns from
    """
    if season == 1 or values.shape[1] < season + 2:
        return np.zeros((len(values), season))
    level = moving_average(values, season)
    relative = np.divide(values, level, out=np.full(values.shape, np.nan), where=level > 0) - 1
    deviation = np.where(signed[:, None], values - level, relative)
    season_of = np.arange(values.shape[1]) % season
    known = np.isfinite(deviation)
    member = np.eye(season)[season_of]
    count = known @ member
    own = np.divide(np.where(known, deviation, 0) @ member, count, out=np.zeros(count.shape), where=count > 0)
    rest = np.where(known, deviation - own[:, season_of], 0)
    freedom = np.maximum(known.sum(axis=1) - season + 1, 1)
    noise = (rest**2).sum(axis=1) / freedom / np.maximum(count.mean(axis=1), 1)
    seen_whole_year = (count > 0).all(axis=1) & (known.sum(axis=1) > season)
    own = np.where(seen_whole_year[:, None], own - own.mean(axis=1, keepdims=True), 0)
    return np.maximum(
        _shrunk(own, noise, seen_whole_year=seen_whole_year, groups=groups),
        np.where(signed, -np.inf, SMALLEST_FACTOR - 1)[:, None],
    )


def _shrunk(
    own: np.ndarray, noise: np.ndarray, *, seen_whole_year: np.ndarray, groups: np.ndarray
) -> np.ndarray:
    """Shrink own patterns (series, season) to their group's and that to none; unknown ones get the group's."""
    result = np.zeros(own.shape)
    for group in range(groups.max() + 1):
        members = groups == group
        seen = members & seen_whole_year
        if not seen.any():
            continue
        mean = np.median(own[seen], axis=0)
        whole = np.mean(own[seen] ** 2) - noise[seen].mean()
        apart = np.mean((own[seen] - mean) ** 2) - noise[seen].mean()
        shared = np.clip(1 - apart / whole, 0, 1) if whole > 0 and seen.sum() > 1 else 0.0
        centre = shared * mean
        distance = np.mean((own[members] - centre) ** 2, axis=1)
        kept = np.clip(1 - noise[members] / np.maximum(distance, 1e-12), 0, 1) * seen_whole_year[members]
        result[members] = centre + kept[:, None] * (own[members] - centre)
    return result


def moving_average(values: np.ndarray, season: int) -> np.ndarray:
    """Centred moving average over one year, (series, period); NaN at the ends and beside gaps."""
    weights = np.ones(season) if season % 2 else np.array([0.5, *np.ones(season - 1), 0.5])
    half = len(weights) // 2
    windows = np.lib.stride_tricks.sliding_window_view(values, len(weights), axis=1)
    average = np.full(values.shape, np.nan)
    average[:, half : values.shape[1] - half] = windows @ (weights / season)
    return average
