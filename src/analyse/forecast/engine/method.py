"""The engine: forecasts of many short series at once, with intervals and joint sample paths.

A bank of filters with fixed parameters (:mod:`filters`) and an optimised Theta (:mod:`theta`) forecast
every series from every past origin; what worked in the pool decides the weights (:mod:`weights`); what
went wrong gives the intervals (:mod:`intervals`) and how series go wrong together (:mod:`dependence`).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from analyse.forecast.engine.combine import combined
from analyse.forecast.engine.covariates import adjusted
from analyse.forecast.engine.dependence import Dependence, dependence, shocks
from analyse.forecast.engine.intervals import PROBABILITIES, errors
from analyse.forecast.engine.panel import Panel, numbered, panel
from analyse.schema import QUANTILES

SEASONS = {"year": 1, "half-year": 2, "month": 12}
"""Periods in a year."""

MEAN_PROBABILITIES = np.linspace(0.025, 0.975, 20)


@dataclass(frozen=True)
class Forecast:
    """Forecasts of all series, and what is needed to draw joint futures from them.

    Attributes
    ----------
    median, mean : (series, horizon)
    quantiles : (series, horizon, quantile)
    probabilities : (quantile,), the fraction below each quantile
    dependence : shared shocks and the correlation of horizons, from past errors
    """

    median: np.ndarray
    mean: np.ndarray
    quantiles: np.ndarray
    probabilities: tuple[float, ...]
    dependence: Dependence
    _panel: Panel
    _centre: np.ndarray
    _spread: np.ndarray
    _table: np.ndarray
    _labels: list[np.ndarray]

    def sample(self, samples: int, rng: np.random.Generator) -> np.ndarray:
        """Draw joint futures, (series, horizon, sample): one sample is one future of all series together.

        Each series and step has the quantiles of the forecast; series and steps move together as
        their past errors did (a Gaussian copula). Sum within a sample, take quantiles last.
        """
        ranks = shocks(self.dependence, self._labels, samples=samples, rng=rng)
        drawn = np.interp(ranks, PROBABILITIES, self._table)
        return self._values(self._centre[:, :, None] + self._spread[:, :, None] * drawn)

    def _values(self, roots: np.ndarray) -> np.ndarray:
        return self._panel.original(self._panel.from_roots(roots))


def engine(
    values: np.ndarray,
    *,
    horizon: int,
    groups: np.ndarray | None = None,
    regions: np.ndarray | None = None,
    frequency: str = "year",
    breaks: np.ndarray | None = None,
    probabilities: tuple[float, ...] = QUANTILES,
    signals: np.ndarray | None = None,
) -> Forecast:
    """Forecast all series at once.

    Parameters
    ----------
    values : (series, period), the last column the latest period of all; NaN where unknown or masked
    horizon : number of periods ahead
    groups, regions : (series,), labels of care form and region; series of one group learn from each other. Without
        groups yearly series are told apart by how restless they are, where that is clear
    frequency : year, half-year or month
    breaks : (period,) or (series, period), True where a series got a new level that is no trend
    probabilities : of the quantiles wanted, between 0 and 1
    signals : (signal, series, period, horizon), what was known beforehand at each period of so many periods later, on
        a log scale and centred; see :mod:`analyse.forecast.engine.covariates`

    Raises
    ------
    DataError
        When a value is infinite, or a series has no value at all.

    Examples
    --------
    >>> steady = np.array([[100.0, 104, 108, 112, 116, 120], [50, 52, 54, 56, 58, 60]])
    >>> engine(steady, horizon=1).median.round()
    array([[124.],
           [ 62.]])
    """
    data = panel(values, groups=groups, breaks=breaks, season=SEASONS[frequency])
    past, last = combined(data, horizon=horizon, frequency=frequency)
    if signals is not None:
        past, last = adjusted(data, past, last, signals)
    error = errors(data, past, frequency=frequency)
    labels = [np.zeros(len(data.values), int), numbered(regions, len(data.values)), data.groups]
    dependent = dependence(
        error.standardised,
        regions=None if regions is None else labels[1],
        groups=None if groups is None else labels[2],
    )
    centre, spread = data.roots(last) + error.bias, error.spread * dependent.widening
    forecast = Forecast(
        last, last, last, tuple(probabilities), dependent, data, centre, spread, error.table, labels
    )
    return _summarised(forecast, latest(np.array(values, dtype=float, ndmin=2)))


def latest(values: np.ndarray) -> np.ndarray:
    """The last known value of every series (series,).

    Examples
    --------
    >>> latest(np.array([[1.0, 2.0], [3.0, np.nan]])).tolist()
    [2.0, 3.0]
    """
    last = values.shape[1] - 1 - np.isfinite(values)[:, ::-1].argmax(axis=1)
    return values[np.arange(len(values)), last]


def usable_mean(mean: np.ndarray, last: np.ndarray, *, middle: np.ndarray, high: np.ndarray) -> np.ndarray:
    """The mean, at most twice the larger of median and last value, and below the 0.9 quantile.

    Of a restless short series a few wild futures carry the mean to many times what is likely. Nobody can budget with
    that; the quantiles say how far it may go. The limits leave room for rounding: 1.99 times, and 0.99 of the way
    from the median to the 0.9 quantile. The middle 95 % of the futures carry the mean already.

    Parameters
    ----------
    mean, middle, high : (series, horizon), the mean, the median and the 0.9 quantile
    last : (series, 1), the last known value

    Examples
    --------
    >>> middle, high = np.array([[5.0, 3.0]]), np.array([[8.0, 9.0]])
    >>> usable_mean(np.array([[34.6, 4.0]]), np.array([[4.1]]), middle=middle, high=high)
    array([[7.97, 4.  ]])
    """
    limit = np.minimum(1.99 * np.maximum(middle, last), middle + 0.99 * (high - middle))
    return np.where(last < 0, mean, np.minimum(mean, limit))


def _summarised(drawn: Forecast, last: np.ndarray) -> Forecast:
    """Fill in the quantiles and their summary."""
    wanted = np.concatenate([drawn.probabilities, [0.5, 0.9], MEAN_PROBABILITIES])
    ranks = np.interp(wanted, PROBABILITIES, drawn._table)
    values = drawn._values(drawn._centre[:, :, None] + drawn._spread[:, :, None] * ranks)
    count = len(drawn.probabilities)
    return replace(
        drawn,
        median=values[:, :, count],
        mean=usable_mean(
            values[:, :, count + 2 :].mean(axis=2),
            last[:, None],
            middle=values[:, :, count],
            high=values[:, :, count + 1],
        ),
        quantiles=values[:, :, :count],
    )
