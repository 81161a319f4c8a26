"""A bank of some seventy smoothing filters with fixed parameters, run over all series in one pass.

Every filter is exponential smoothing with a damped trend (Gardner & McKenzie 1985, "Forecasting trends in
time series", Management Science 31) on the identity, square-root or log scale. With :math:`z_t` the
transformed value, level :math:`l`, slope :math:`s` and :math:`e_t = z_t - (l_{t-1} + \\phi s_{t-1})`:

.. math:: l_t = l_{t-1} + \\phi s_{t-1} + \\alpha e_t, \\qquad
          \\hat z_{t+h} = l_t + (\\phi + \\dots + \\phi^h)\\, s_t

and the slope is one of three: *local*, :math:`s_t = \\phi s_{t-1} + \\alpha\\beta e_t` (Holt); *long*,
a share of the least-squares slope of everything seen so far (as in Theta: Assimakopoulos & Nikolopoulos
2000, International Journal of Forecasting 16); or *pooled*, the median growth of all series together.
Nothing is estimated per series, so one pass gives the forecast from every past origin as well.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import numpy as np

from analyse.forecast.engine.panel import Panel

IDENTITY, ROOT, LOG = 0, 1, 2
LOCAL, LONG, POOLED = 0, 1, 2
FLAT_PERIODS = 1.0
"""Pooled growth is a mean over the periods seen and this many without growth: few periods are no trend yet."""

LARGEST_LOG = 12.0
"""A forecast is never more than exp(12) times the level of its series."""

ALPHAS = {"year": (0.5, 1.0), "half-year": (0.5, 1.0), "month": (0.1, 0.3)}
BETAS = {"year": (0.1, 0.5), "half-year": (0.1, 0.4), "month": (0.02, 0.1)}


@dataclass(frozen=True)
class Bank:
    """The parameters of every filter, each an array (filter,)."""

    transform: np.ndarray
    slope: np.ndarray
    alpha: np.ndarray
    beta: np.ndarray
    phi: np.ndarray
    start: np.ndarray
    share: np.ndarray

    def __len__(self) -> int:
        """Return the number of filters."""
        return len(self.alpha)


@dataclass(frozen=True)
class States:
    """Level and slope after every period, each (filter, series, period), on the filter's own scale."""

    level: np.ndarray
    slope: np.ndarray
    bank: Bank
    offset: np.ndarray
    signed: np.ndarray


def bank(frequency: str = "year") -> Bank:
    """Return the filters for a frequency: year, half-year or month."""
    alphas, betas = ALPHAS[frequency], BETAS[frequency]
    rows = []
    for transform in (IDENTITY, ROOT, LOG):
        local = itertools.product(alphas, betas, (0.8, 1.0), (0.3, 1.0))
        rows += [(transform, LOCAL, *four, 0.0) for four in local]
        rows += [(transform, LOCAL, alpha, 0.0, 0.0, 0.0, 0.0) for alpha in alphas]
        rows += [(transform, LONG, alpha, 0.0, 0.95, 0.0, 0.5) for alpha in alphas]
    pooled = itertools.product((alphas[0], sum(alphas) / 2, alphas[1]), (0.7, 0.85, 0.95, 1.0))
    rows += [(LOG, POOLED, alpha, 0.0, phi, 0.0, 1.0) for alpha, phi in pooled]
    columns = np.array(rows, dtype=np.float32).T
    return Bank(columns[0].astype(int), columns[1].astype(int), *columns[2:])


def to_scale(values: np.ndarray, transform: int, *, offset: np.ndarray, signed: np.ndarray) -> np.ndarray:
    """Transform (series, period) values; a series with negative values stays as it is.

    Parameters
    ----------
    values : (series, period)
    transform : IDENTITY, ROOT or LOG
    offset : (series,), added before a root or log
    signed : (series,), True for a series with negative values
    """
    if transform == IDENTITY:
        return values
    positive = np.maximum(values, 0) + offset[:, None]
    transformed = 2 * np.sqrt(positive) if transform == ROOT else np.log(positive)
    return np.where(signed[:, None], values, transformed)


def from_scale(transformed: np.ndarray, states: States) -> np.ndarray:
    """Bring (filter, series, ...) forecasts back to values, in place; at or above zero unless signed."""
    extra = (1,) * (transformed.ndim - 2)
    offset = states.offset.reshape(-1, *extra)
    unsigned = ~states.signed
    every = unsigned.all()
    for transform, rows in _blocks(states.bank):
        block = transformed[rows]
        if transform == ROOT:
            np.square(np.maximum(block, 0) / 2, out=block, where=_wide(unsigned, block, every))
        elif transform == LOG:
            np.exp(np.minimum(block, LARGEST_LOG), out=block, where=_wide(unsigned, block, every))
        if transform != IDENTITY:
            np.subtract(block, offset, out=block, where=_wide(unsigned, block, every))
        np.maximum(block, 0, out=block, where=_wide(unsigned, block, every))
    return transformed


def _wide(mask: np.ndarray, block: np.ndarray, every: bool) -> np.ndarray | bool:
    return True if every else mask.reshape(1, -1, *(1,) * (block.ndim - 2))


def _blocks(filters: Bank) -> list[tuple[int, slice]]:
    """Where each transform stands in the bank: filters of one transform are neighbours."""
    edges = np.searchsorted(filters.transform, [IDENTITY, ROOT, LOG, LOG + 1])
    return [(k, slice(edges[k], edges[k + 1])) for k in (IDENTITY, ROOT, LOG)]


def expanding_slope(values: np.ndarray) -> np.ndarray:
    """Least-squares slope of everything up to each period, (series, period); 0 with fewer than two values."""
    known = np.isfinite(values)
    time = np.where(known, np.arange(values.shape[1], dtype=values.dtype), 0)
    value = np.where(known, values, 0)
    count, sum_time, sum_value = known.cumsum(1), time.cumsum(1), value.cumsum(1)
    spread = count * (time * time).cumsum(1) - sum_time**2
    product = count * (time * value).cumsum(1) - sum_time * sum_value
    return np.divide(product, spread, out=np.zeros_like(values), where=(count > 1) & (spread > 0))


def pooled_growth(logs: np.ndarray, panel: Panel) -> np.ndarray:
    """Median log growth of all series of a group up to each period, (series, period).

    The running mean of each period's median over the group's series, so that one period in which
    everything moved counts as one observation, shrunk a little to none. Growth over a declared break is left out.
    """
    growth = np.full(logs.shape, np.nan, logs.dtype)
    growth[:, 1:] = np.diff(logs, axis=1)
    growth[panel.breaks] = np.nan
    result = np.zeros(logs.shape, logs.dtype)
    for label in range(panel.groups.max() + 1):
        members = panel.groups == label
        some = np.isfinite(growth[members]).any(axis=0)
        median = np.zeros(logs.shape[1], logs.dtype)
        median[some] = np.nanmedian(growth[members][:, some], axis=0)
        result[members] = median.cumsum() / (some.cumsum() + FLAT_PERIODS)
    return result


def run(panel: Panel, filters: Bank, *, growth: np.ndarray) -> States:
    """Run every filter over every series.

    Parameters
    ----------
    panel : the series, as shares of their level
    filters : which filters, with their constants
    growth : (series, period), the pooled log growth known after each period
    """
    count = len(filters)
    series, periods = panel.shape
    data = np.empty((periods, count, series), np.float32)
    drift = np.zeros((periods, count, series), np.float32)
    for transform, rows in _blocks(filters):
        scaled = to_scale(panel.values, transform, offset=panel.offset, signed=panel.signed)
        data[:, rows] = scaled.T[:, None]
        long_run = np.flatnonzero((filters.slope == LONG) & (filters.transform == transform))
        drift[:, long_run] = filters.share[long_run, None] * expanding_slope(scaled).T[:, None]
    drift[:, filters.slope == POOLED] = np.where(panel.signed, 0, growth.T)[:, None]
    level, slope = _recursion(data, drift, filters)
    return States(level, slope, filters, panel.offset, panel.signed)


def _recursion(data: np.ndarray, drift: np.ndarray, filters: Bank) -> tuple[np.ndarray, np.ndarray]:
    """Levels and slopes (filter, series, period) from (period, filter, series) data and long-run slopes.

    A gap is bridged by the filter's own forecast.
    """
    periods, count, series = data.shape
    levels, slopes = np.empty_like(data), np.empty_like(data)
    alpha, phi, start = (x[:, None] for x in (filters.alpha, filters.phi, filters.start))
    gain = alpha * filters.beta[:, None]
    second = alpha + (1 - alpha) * start
    local = (filters.slope == LOCAL)[:, None]
    level, slope = np.full((count, series), np.nan, np.float32), np.zeros((count, series), np.float32)
    seen = np.zeros(series, int)
    for t in range(periods):
        value = data[t]
        known = np.isfinite(value[0])
        ahead = level + phi * slope
        error = np.where(known, value - ahead, 0)
        new_level, new_slope = ahead + alpha * error, phi * slope + gain * error
        second_value = known & (seen == 1) & local
        step = np.where(second_value, value - level, 0)
        new_level = np.where(second_value, level + second * step, new_level)
        new_slope = np.where(second_value, start * step, new_slope)
        first = known & (seen == 0)
        level = np.where(first, value, new_level)
        slope = np.where(local, np.where(first, 0, new_slope), drift[t])
        seen = seen + known
        levels[t], slopes[t] = level, slope
    return np.moveaxis(levels, 0, 2), np.moveaxis(slopes, 0, 2)


def ahead(states: States, step: int, *, origins: slice | list[int]) -> np.ndarray:
    """Forecasts ``step`` periods ahead from the given origins, (filter, series, origin).

    Parameters
    ----------
    states : of every filter and series, by period
    step : periods ahead
    origins : which origins
    """
    phi = states.bank.phi[:, None, None]
    damping = sum(phi**k for k in range(1, step + 1))
    return from_scale(states.level[:, :, origins] + damping * states.slope[:, :, origins], states)
