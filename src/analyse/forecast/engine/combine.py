"""One forecast per series from the bank and Theta together, from the last and from every past origin."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from analyse.forecast.engine import filters, theta, weights
from analyse.forecast.engine.panel import Panel

CHUNK_CELLS = 2_000_000
KEPT_CELLS = 100_000_000
"""The bank runs over some hundreds of series at once; its forecasts are kept for the second pass, up to
400 MB, and made again beyond that, so that memory stays bounded."""

THETA_POINTS = 30
"""Theta fits three numbers per series: with n values it gets the share n / (n + 30), at most a half."""

THETA_MULTIPLES = np.array([0.0, 0.5, 1.0, 1.5, 2.0])
THETA_SHARPNESS = 15.0
"""How strongly the pool's past errors move that share."""


@dataclass(frozen=True)
class Predictions:
    """Of every filter: per step (filter, series, scored origin), and from the last (filter, series, step)."""

    scored: list[np.ndarray]
    last: np.ndarray


def combined(data: Panel, *, horizon: int, frequency: str) -> tuple[np.ndarray, np.ndarray]:
    """Forecast from past origins (series, origin, horizon) and from the last one (series, horizon).

    Parameters
    ----------
    data : the series, as shares of their level
    horizon : number of periods ahead
    frequency : year, half-year or month

    Past forecasts use the final weights and are NaN where they may not be scored.
    """
    bank = filters.bank(frequency)
    scale = change_scale(data.values)
    cells = len(bank) * data.shape[1] * horizon
    chunks = list(_chunks(len(data.values), cells))
    growth = _pooled_growth(data)

    def steps(rows: slice) -> Predictions:
        part = data.part(rows)
        return predictions(part, filters.run(part, bank, growth=growth[rows]), horizon)

    small = cells * len(data.values) < KEPT_CELLS
    kept = {rows.start: steps(rows) for rows in chunks} if small else {}
    loss = [losses(data.part(rows), kept.get(rows.start) or steps(rows)) for rows in chunks]
    loss = np.concatenate(loss, axis=1) / scale
    weight = weights.soft_weights(loss, weights.pooled_loss(loss, data.groups)[:, data.groups])
    mixed = [
        mixture(data.part(rows), kept.get(rows.start) or steps(rows), weight[:, rows]) for rows in chunks
    ]
    past, last = (np.concatenate(arrays) for arrays in zip(*mixed, strict=True))
    return with_theta(data, past, last, scale=scale)


def _chunks(series: int, cells: int) -> Iterator[slice]:
    size = max(1, CHUNK_CELLS // cells)
    for start in range(0, series, size):
        yield slice(start, start + size)


def _pooled_growth(data: Panel) -> np.ndarray:
    logs = np.log(np.maximum(data.values, 0) + data.offset[:, None])
    return filters.pooled_growth(np.where(data.signed[:, None], np.nan, logs), data)


def change_scale(values: np.ndarray) -> np.ndarray:
    """Mean absolute change of each series, at least a tenth of the pool's median, (series,)."""
    change = np.abs(np.diff(values, axis=1))
    count = np.isfinite(change).sum(axis=1)
    mean = np.nansum(change, axis=1) / np.maximum(count, 1)
    typical = np.median(mean[count > 0]) if (count > 0).any() else 1.0
    return np.maximum(mean, max(0.1 * typical, 1e-6))


def predictions(part: Panel, states: filters.States, horizon: int) -> Predictions:
    """Forecasts of every filter from every origin that can be scored, and from the last.

    Parameters
    ----------
    part : series of one group
    states : of the filters after each period
    horizon : number of periods ahead
    """
    first, periods = part.first_origin, part.shape[1]
    scored = [
        filters.ahead(states, step, origins=slice(first, periods - step))
        for step in range(1, min(horizon, periods - first - 1) + 1)
    ]
    final = [filters.ahead(states, step, origins=slice(-1, None)) for step in range(1, horizon + 1)]
    return Predictions(scored, np.concatenate(final, axis=2))


def losses(part: Panel, predictions: Predictions) -> np.ndarray:
    """Mean absolute error of every filter, (filter, series), horizons counting alike; NaN without one."""
    first = part.first_origin
    if not predictions.scored:
        return np.full(predictions.last.shape[:2], np.nan)
    steps = enumerate(predictions.scored, start=1)
    return _mean_error(part, [(step, forecast - part.values[:, first + step :]) for step, forecast in steps])


def _mean_error(part: Panel, errors: list[tuple[int, np.ndarray]]) -> np.ndarray:
    """Mean over horizons of the mean over origins of (step, errors (..., series, origin)) pairs."""
    shape = errors[0][1].shape[:-1] if errors else (1, len(part.values))
    total, number = np.zeros(shape), np.zeros(len(part.values))
    for step, error in errors:
        counted = part.pairs(step, part.first_origin)
        count = counted.sum(axis=1)
        size = np.abs(error)
        np.copyto(size, 0, where=~counted)
        total += size.sum(axis=-1) / np.maximum(count, 1)
        number += count > 0
    return np.where(number > 0, total / np.maximum(number, 1), np.nan)


def mixture(part: Panel, predictions: Predictions, weight: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Weighted mean at past origins (cheap, and for intervals as good), weighted median at the last.

    Parameters
    ----------
    part : series of one group
    predictions : of every filter, from past origins and the last one
    weight : (filter, series), summing to one over the filters
    """
    first, (series, periods) = part.first_origin, part.shape
    past = np.full((series, periods, predictions.last.shape[2]), np.nan, np.float32)
    for step, forecast in enumerate(predictions.scored, start=1):
        mean = np.einsum("fn,fnt->nt", weight, forecast)
        past[:, first : periods - step, step - 1] = np.where(part.pairs(step, first), mean, np.nan)
    return past, weights.weighted_median(predictions.last, weight)


def with_theta(data: Panel, past: np.ndarray, last: np.ndarray, *, scale: np.ndarray):
    """Average the mixture with Theta, by as much as that helped in the pool of each group.

    Parameters
    ----------
    data : all series
    past : (series, origin, horizon), the mixture from past origins
    last : (series, horizon), the mixture from the last origin
    scale : (series,), usual change of each series
    """
    other = _theta_forecasts(data, past.shape[2])
    count = np.isfinite(data.values).cumsum(axis=1)
    share = np.minimum(count / (count + THETA_POINTS), 0.5).astype(np.float32)[:, :, None]
    past_change, last_change = share * (other - past), share[:, -1] * (other[:, -1] - last)
    multiple = _theta_multiple(data, past, past_change, scale=scale)
    return past + multiple[:, None, None] * past_change, last + multiple[:, None] * last_change


def _theta_forecasts(data: Panel, horizon: int) -> np.ndarray:
    """Theta from every origin, (series, origin, horizon)."""
    fit = theta.theta(data.values)
    steps = [theta.ahead(fit, step, origins=slice(None)) for step in range(1, horizon + 1)]
    floor = np.where(data.signed, -np.inf, 0).astype(np.float32)
    return np.maximum(np.stack(steps, axis=2), floor[:, None, None])


def _theta_multiple(data: Panel, past: np.ndarray, change: np.ndarray, *, scale: np.ndarray) -> np.ndarray:
    """Multiple of Theta's usual share, (series,), from the pooled loss of each multiple."""
    first, periods = data.first_origin, data.shape[1]
    loss = []
    for multiple in THETA_MULTIPLES:
        errors = []
        for step in range(1, min(past.shape[2], periods - first - 1) + 1):
            origins = slice(first, periods - step)
            forecast = past[:, origins, step - 1] + multiple * change[:, origins, step - 1]
            errors.append((step, forecast - data.values[:, first + step :]))
        loss.append(_mean_error(data, errors).reshape(-1) / scale)
    pool = weights.pooled_loss(np.array(loss), data.groups)
    share = np.exp(-THETA_SHARPNESS * pool)
    return (THETA_MULTIPLES @ (share / share.sum(axis=0)))[data.groups].astype(np.float32)
