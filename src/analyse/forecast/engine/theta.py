"""The dynamic optimised Theta method for all series and all past origins at once, without a search.

The model of Fiorucci et al. (2016, "Models for optimising the theta method and their relationship to state
space models", International Journal of Forecasting 32): with :math:`A_t, B_t` the least-squares line
through everything seen up to :math:`t` and :math:`\\omega = 1 - 1/\\theta`,

.. math:: \\hat y_t = l_{t-1} + \\omega\\,[(1-\\alpha)^{t-1} A_{t-1}
          + \\tfrac{1-(1-\\alpha)^t}{\\alpha} B_{t-1}], \\qquad l_t = \\alpha y_t + (1-\\alpha)\\, l_{t-1}

Given :math:`\\alpha` the error is linear in :math:`l_0` and :math:`\\omega`, so both follow from two normal
equations whose running sums give the optimum at every origin; only :math:`\\alpha` is looked up on a grid.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analyse.forecast.engine.filters import expanding_slope

ALPHAS = np.arange(1, 11, dtype=np.float32) / 10
SKIPPED = 2
"""The first two values fix the line; errors count after them."""


@dataclass(frozen=True)
class Theta:
    """What a forecast from each origin needs, each (series, period)."""

    level: np.ndarray
    trend: np.ndarray
    intercept: np.ndarray


def theta(values: np.ndarray) -> Theta:
    """Fit every series at every origin.

    Parameters
    ----------
    values : (series, period), NaN where unknown
    """
    known = np.isfinite(values)
    filled = np.where(known, values, 0).astype(np.float32)
    time = np.maximum((known.cumsum(axis=1) > 0).cumsum(axis=1), 1).astype(np.float32)
    slope, line = _running_line(filled, known, time)
    keep = (1 - ALPHAS)[:, None]
    level = np.zeros((len(ALPHAS), len(values)), np.float32)
    sums = np.zeros((6, *level.shape), np.float32)
    fit = Theta(*(np.zeros(values.shape, np.float32) for _ in range(3)))
    for t in range(values.shape[1]):
        fade = keep ** (time[:, t] - 1)
        reach = (1 - fade * keep) / ALPHAS[:, None]
        if t > 0:
            used = known[:, t] & (time[:, t] > SKIPPED)
            ahead = used * (fade * line[:, t - 1] + reach * slope[:, t - 1])
            _add_products(sums, used * fade, ahead, used * (filled[:, t] - level))
        level = np.where(known[:, t], level + ALPHAS[:, None] * (filled[:, t] - level), level)
        start, share, loss = _normal_equations(sums)
        best = loss.argmin(axis=0), np.arange(len(values))
        fade, reach = fade * keep, 1 + keep * reach
        fit.level[:, t] = (level + start * fade)[best]
        fit.trend[:, t] = share[best] * slope[:, t]
        fit.intercept[:, t] = (share * (fade * line[:, t] + reach * slope[:, t]))[best]
    return fit


def _running_line(filled: np.ndarray, known: np.ndarray, time: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Slope and intercept (series, period) of the least-squares line through all values so far."""
    slope = expanding_slope(np.where(known, filled, np.nan))
    count = np.maximum(known.cumsum(axis=1), 1)
    middle = np.where(known, time, 0).cumsum(axis=1) / count
    return slope, (filled.cumsum(axis=1) / count - slope * middle).astype(np.float32)


def _add_products(sums: np.ndarray, start: np.ndarray, ahead: np.ndarray, error: np.ndarray) -> None:
    """Add one period to the running sums of start, ahead and error squared and multiplied, in place."""
    for total, left, right in zip(
        sums,
        (start, start, ahead, start, ahead, error),
        (start, ahead, ahead, error, error, error),
        strict=True,
    ):
        total += left * right


def _normal_equations(sums: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Best first level and share of the line, and their squared error, for every alpha and series."""
    ss, sa, aa, se, ae, ee = sums
    ridge = 1e-6 * (1 + ss + aa)
    share = np.clip(((ss + ridge) * ae - sa * se) / ((ss + ridge) * (aa + ridge) - sa**2), 0, 1)
    start = (se - share * sa) / (ss + ridge)
    loss = ee - 2 * (share * ae + start * se) + share**2 * aa + 2 * share * start * sa + start**2 * ss
    return start, share, loss


def ahead(fit: Theta, step: int, *, origins: slice | list[int]) -> np.ndarray:
    """Forecasts ``step`` periods ahead from the given origins, (series, origin).

    Parameters
    ----------
    fit : of every series, by origin
    step : periods ahead
    origins : which origins
    """
    return fit.level[:, origins] + fit.intercept[:, origins] + (step - 1) * fit.trend[:, origins]
