"""The engine: forecasts of many short series at once, with intervals and joint sample paths.

A bank of filters with fixed parameters (:mod:`filters`) and an optimised Theta (:mod:`theta`) forecast
every series from every past origin; what worked in the pool decides the weights (:mod:`weights`); what
went wrong gives the intervals (:mod:`intervals`) and how series go wrong together (:mod:`dependence`).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from analyse.forecast.engine.combine import combined
from analyse.forecast.engine.dependence import Dependence, dependence, shocks
from analyse.forecast.engine.intervals import PROBABILITIES, errors
from analyse.forecast.engine.panel import Panel, numbered, panel
from analyse.forecast.summary import QUANTILES

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
) -> Forecast:
    """Forecast all series at once.

    Parameters
    ----------
    values : (series, period), the last column the latest period of all; NaN where unknown or masked
    horizon : number of periods ahead
    groups, regions : (series,), labels of care form and region; series of one group learn from each other
    frequency : year, half-year or month
    breaks : (period,) or (series, period), True where a series got a new level that is no trend
    probabilities : of the quantiles wanted, between 0 and 1

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
    return _summarised(forecast)


def _summarised(drawn: Forecast) -> Forecast:
    """Fill in the quantiles and their summary."""
    wanted = np.concatenate([drawn.probabilities, [0.5], MEAN_PROBABILITIES])
    ranks = np.interp(wanted, PROBABILITIES, drawn._table)
    values = drawn._values(drawn._centre[:, :, None] + drawn._spread[:, :, None] * ranks)
    count = len(drawn.probabilities)
    return replace(
        drawn,
        median=values[:, :, count],
        mean=values[:, :, count + 1 :].mean(axis=2),
        quantiles=values[:, :, :count],
    )
