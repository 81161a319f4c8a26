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

from analyse.forecast.filters import expanding_slope

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
    filled = np.where(known, values, 0)
    count = known.cumsum(axis=1)
    time = np.maximum((known.cumsum(axis=1) > 0).cumsum(axis=1), 1).astype(np.float32)
    slope = expanding_slope(values).astype(np.float32)
    number = np.maximum(count, 1)
    line = filled.cumsum(axis=1) / number - slope * (np.where(known, time, 0).cumsum(axis=1) / number)
    best = np.full(values.shape, np.inf, np.float32)
    level, trend, intercept = (np.zeros(values.shape, np.float32) for _ in range(3))
    for alpha in ALPHAS:
        fit = _fit(filled, known, alpha=alpha, time=time, line=line, slope=slope)
        better = fit[0] < best
        for kept, new in zip((best, level, trend, intercept), fit, strict=True):
            np.copyto(kept, new, where=better)
    return Theta(level, trend, intercept)


def _fit(filled, known, *, alpha, time, line, slope):
    """Squared error, level, trend and intercept (series, period) for one alpha, at every origin."""
    keep = np.float32(1 - alpha)
    level = np.zeros_like(filled)
    error = np.zeros_like(filled)
    state = np.zeros(len(filled), np.float32)
    for t in range(filled.shape[1]):
        error[:, t] = filled[:, t] - state
        state = np.where(known[:, t], state + alpha * error[:, t], state)
        level[:, t] = state
    used = known & (time > SKIPPED)
    ahead = keep ** (time - 1) * line_before(line) + (1 - keep**time) / alpha * line_before(slope)
    start = np.where(used, keep ** (time - 1), 0)
    ahead = np.where(used, ahead, 0)
    error = np.where(used, error, 0)
    ss, sa, aa = ((x * y).cumsum(axis=1) for x, y in ((start, start), (start, ahead), (ahead, ahead)))
    se, ae, ee = ((x * y).cumsum(axis=1) for x, y in ((start, error), (ahead, error), (error, error)))
    ridge = 1e-6 * (1 + ss + aa)
    share = np.clip(((ss + ridge) * ae - sa * se) / ((ss + ridge) * (aa + ridge) - sa**2), 0, 1)
    first = (se - share * sa) / (ss + ridge)
    loss = ee - 2 * (share * ae + first * se) + share**2 * aa + 2 * share * first * sa + first**2 * ss
    intercept = share * (keep**time * line + (1 - keep ** (time + 1)) / alpha * slope)
    return loss, level + first * keep**time, share * slope, intercept


def line_before(values: np.ndarray) -> np.ndarray:
    """What was known one period earlier; 0 before the first."""
    before = np.zeros_like(values)
    before[:, 1:] = values[:, :-1]
    return before


def ahead(fit: Theta, step: int, *, origins: slice | list[int]) -> np.ndarray:
    """Forecasts ``step`` periods ahead from the given origins, (series, origin)."""
    return fit.level[:, origins] + fit.intercept[:, origins] + (step - 1) * fit.trend[:, origins]
