"""Scores of forecasts as plain functions over arrays, smaller is better (Hyndman & Koehler 2006).

``actual`` and point forecasts are (series, horizon), quantiles (series, horizon, quantile), samples
(series, horizon, sample); an unknown actual value is NaN and is left out.
"""

from __future__ import annotations

import numpy as np


def mean_absolute_scaled_error(actual: np.ndarray, forecast: np.ndarray, scale: np.ndarray) -> float:
    """MASE: mean absolute error over the series' own seasonal-naive error ``scale`` (series,).

    Parameters
    ----------
    actual, forecast : (series, horizon)
    scale : (series,), in the unit of the series

    Examples
    --------
    >>> mean_absolute_scaled_error(np.array([[10.0, 12.0]]), np.array([[11.0, 9.0]]), np.array([2.0]))
    1.0
    """
    return float(np.nanmean(np.abs(actual - forecast) / scale[:, None]))


def symmetric_percentage_error(actual: np.ndarray, forecast: np.ndarray) -> float:
    """sMAPE in percent: :math:`200\\,|y - f| / (|y| + |f|)`, 0 where both are zero (Makridakis 1993)."""
    size = np.abs(actual) + np.abs(forecast)
    error = np.abs(actual - forecast)
    nothing = np.where(np.isnan(size), np.nan, 0.0)
    return float(200 * np.nanmean(np.divide(error, size, out=nothing, where=size > 0)))


def coverage(actual: np.ndarray, low: np.ndarray, high: np.ndarray) -> float:
    """Share of what came that lies in the interval, borders included.

    Parameters
    ----------
    actual, low, high : (series, horizon)
    """
    known = np.isfinite(actual)
    return float(((actual >= low) & (actual <= high))[known].mean())


def interval_score(actual: np.ndarray, low: np.ndarray, high: np.ndarray, *, level: float, scale) -> float:
    """MSIS of a central interval: width plus 2 / (1 - level) times every miss (Gneiting & Raftery 2007).

    Parameters
    ----------
    actual, low, high : (series, horizon)
    level : coverage of the interval, between 0 and 1
    scale : (series,), in the unit of the series
    """
    penalty = 2 / (1 - level)
    miss = np.maximum(low - actual, 0) + np.maximum(actual - high, 0)
    return float(np.nanmean((high - low + penalty * miss) / np.asarray(scale)[:, None]))


def quantile_loss(actual: np.ndarray, quantiles: np.ndarray, *, probabilities, scale: np.ndarray) -> float:
    """Scaled quantile loss: twice the mean pinball loss over the probabilities (Koenker & Bassett 1978).

    Over many even probabilities it is the CRPS; over a few it is not: of a right standard normal forecast it is 0.346
    over 0.025, 0.1, 0.5, 0.9 and 0.975, and the CRPS 0.564.

    Parameters
    ----------
    actual : (series, horizon)
    quantiles : (series, horizon, quantile)
    probabilities : (quantile,), between 0 and 1
    scale : (series,), in the unit of the series
    """
    below = actual[:, :, None] - quantiles
    share = np.asarray(probabilities)
    loss = 2 * np.maximum(share * below, (share - 1) * below).mean(axis=2)
    return float(np.nanmean(loss / scale[:, None]))


def crps_from_samples(actual: np.ndarray, samples: np.ndarray) -> np.ndarray:
    """CRPS of every forecast, (series, horizon): :math:`E|X - y| - E|X - X'| / 2` (Gneiting & Raftery 2007).

    Examples
    --------
    >>> crps_from_samples(np.array([[1.0]]), np.array([[[0.0, 2.0]]]))
    array([[0.5]])
    """
    count = samples.shape[2]
    ordered = np.sort(samples, axis=2)
    spread = (ordered * (2 * np.arange(1, count + 1) - count - 1)).sum(axis=2) / count**2
    return np.abs(samples - actual[:, :, None]).mean(axis=2) - spread
