"""Forecast any long table: series of one's own in, their forecasts out.

``analyse.forecast_table(history, horizon=3)`` is this function. ``long_table`` checks the input and explains what
is wrong with it; the output has one row per series and step, or one per joint future.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from scipy.special import gammaln

from analyse.errors import ParameterError
from analyse.forecast.engine import Forecast, engine
from analyse.forecast.long_table import Layout, Wide, label, wide

LONGEST_HORIZON = 120
SEED = 20241231
SAMPLES = (2, 100_000)
MOST_DRAWN = 300_000_000
"""Numbers drawn at once: 2.4 GB."""
LARGEST_SUPPRESSED = 9
"""A suppressed count is 0 to 9: publishers hide what is below ten."""
IMPUTATIONS = 5
"""Times that suppressed cells are filled in; the forecasts are averaged."""


def forecast_table(
    history: pd.DataFrame,
    *,
    horizon: int,
    levels: Sequence[float] = (80, 95),
    samples: int | None = None,
    seed: int = SEED,
    **layout,
) -> pd.DataFrame:
    """Forecast every series of a long table.

    Parameters
    ----------
    history : one row per series and period; a missing row or empty value is unknown, not zero. With a column
        ``status`` (see ``analyse.schema.STATUSES``) a suppressed cell is a count from 0 to 9, a provisional
        one is raised by ``revision_percent``, and incomplete, faulty and missing ones are left out
    horizon : number of periods after the last period of the table
    levels : central intervals in percent; 80 gives the quantiles 0.1 and 0.9
    samples : by default the quantiles are the engine's own; with a number they are those of so many joint futures
    seed : the same seed gives the same joint futures
    **layout : key, period, value, group, region, frequency, breaks, revision_percent; see
        :class:`analyse.forecast.long_table.Layout`

    Returns
    -------
    The key columns, period, mean, and one column per quantile ("0.025", "0.1", "0.5", "0.9", "0.975"), one
    row per series and step, in the unit of the value.

    Raises
    ------
    DataError
        The table cannot be read as series, see :func:`analyse.forecast.long_table.wide`.
    ParameterError
        A setting is impossible or unknown.

    Examples
    --------
    >>> history = pd.DataFrame({"key": "a", "period": range(2018, 2025), "value": range(100, 170, 10)})
    >>> forecast_table(history, horizon=1)[["key", "period", "0.5"]].round({"0.5": -1})
      key  period    0.5
    0   a    2025  170.0
    """
    shares, chosen = _probabilities(levels), Layout.of(layout)
    _check_horizon(horizon)
    table, rng = wide(history, chosen), _generator(seed)
    if samples is None:
        forecasts = _forecasts(table, chosen, horizon=horizon, rng=rng, probabilities=shares)
        mean = np.mean([forecast.mean for forecast in forecasts], axis=0)
        quantiles = np.mean([forecast.quantiles for forecast in forecasts], axis=0)
    else:
        drawn = _drawn(table, chosen, horizon=horizon, samples=samples, rng=rng)
        mean, quantiles = drawn.mean(axis=2), np.moveaxis(np.quantile(drawn, shares, axis=2), 0, 2)
    columns = {f"{share:g}": quantiles[:, :, column].ravel() for column, share in enumerate(shares)}
    return _rows(table, chosen, horizon=horizon).assign(mean=mean.ravel(), **columns)


def futures(
    history: pd.DataFrame, *, horizon: int, samples: int = 1000, seed: int = SEED, **layout
) -> pd.DataFrame:
    """Draw joint futures of all series of a long table.

    Parameters
    ----------
    history, horizon, seed, **layout : as in :func:`forecast_table`
    samples : number of joint futures

    Returns
    -------
    The key columns, period, sample, and the value under its own name: one row per series, step and sample. One
    sample is one future of all series together: sum within a sample, take quantiles last.

    Examples
    --------
    >>> history = pd.DataFrame({"key": ["a"] * 6 + ["b"] * 6, "period": [*range(2019, 2025)] * 2, "value": 100.0})
    >>> drawn = futures(history, horizon=2, samples=50)
    >>> drawn.groupby(["period", "sample"])["value"].sum().shape
    (100,)
    """
    chosen = Layout.of(layout)
    _check_horizon(horizon)
    table = wide(history, chosen)
    drawn = _drawn(table, chosen, horizon=horizon, samples=samples, rng=_generator(seed))
    rows = _rows(table, chosen, horizon=horizon)
    repeated = rows.loc[np.repeat(rows.index, samples)].reset_index(drop=True)
    return repeated.assign(sample=np.tile(np.arange(samples), len(rows)), **{chosen.value: drawn.ravel()})


def _forecasts(
    table: Wide, layout: Layout, *, horizon: int, rng: np.random.Generator, **wanted
) -> list[Forecast]:
    """One forecast, or one per time that suppressed cells were filled in."""
    times = IMPUTATIONS if table.suppressed.any() else 1
    known = {"groups": table.groups, "regions": table.regions, "breaks": table.breaks, **wanted}
    return [
        engine(
            filled(table.values, table.suppressed, rng), horizon=horizon, frequency=layout.frequency, **known
        )
        for _ in range(times)
    ]


def _drawn(
    table: Wide, layout: Layout, *, horizon: int, samples: int, rng: np.random.Generator
) -> np.ndarray:
    """Joint futures (series, horizon, sample)."""
    if not isinstance(samples, int | np.integer) or not SAMPLES[0] <= samples <= SAMPLES[1]:
        raise ParameterError(f"forecast: samples is {samples}; expected {SAMPLES[0]} to {SAMPLES[1]}")
    if len(table.values) * horizon * samples > MOST_DRAWN:
        raise ParameterError(
            f"forecast: {samples} futures of {len(table.values)} series and {horizon} periods do not fit in memory; "
            "draw fewer, or leave samples out for the engine's own quantiles"
        )
    forecasts = _forecasts(table, layout, horizon=horizon, rng=rng)
    shares = [len(part) for part in np.array_split(np.arange(samples), len(forecasts))]
    drawn = [forecast.sample(share, rng) for forecast, share in zip(forecasts, shares, strict=True) if share]
    return np.concatenate(drawn, axis=2)


def filled(values: np.ndarray, suppressed: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Draw suppressed counts, 0 to 9, from a Poisson distribution around their neighbours.

    Parameters
    ----------
    values : (series, period), NaN where unknown or suppressed
    suppressed : (series, period), True where a count is hidden
    rng : draws the counts

    The distribution is cut off at 9; its rate is interpolated between the known values before and after, at most
    9 and at least a half, and 4.5 where a series has none. Drawing instead of one best guess keeps the series
    as restless as small counts are, so that intervals do not become too narrow.
    """
    made = values.copy()
    counts, periods = np.arange(LARGEST_SUPPRESSED + 1), np.arange(values.shape[1])
    for row in np.flatnonzero(suppressed.any(axis=1)):
        known, hidden = np.isfinite(values[row]), suppressed[row]
        rate = np.full(hidden.sum(), LARGEST_SUPPRESSED / 2)
        if known.any():
            rate = np.interp(periods[hidden], periods[known], values[row, known])
        rate = np.clip(rate, 0.5, LARGEST_SUPPRESSED)
        chance = np.exp(counts * np.log(rate)[:, None] - gammaln(counts + 1))
        below = np.cumsum(chance, axis=1) / chance.sum(axis=1, keepdims=True)
        made[row, hidden] = (rng.random((len(rate), 1)) > below).sum(axis=1)
    return made


def _rows(table: Wide, layout: Layout, *, horizon: int) -> pd.DataFrame:
    """Key columns and period, one row per series and step."""
    rows = table.keys.loc[np.repeat(table.keys.index, horizon)].reset_index(drop=True)
    periods = [label(table.last + step, layout.frequency) for step in range(1, horizon + 1)]
    return rows.assign(**{table.period: periods * len(table.keys)})


def _check_horizon(horizon: int) -> None:
    whole = isinstance(horizon, int | np.integer) and not isinstance(horizon, bool)
    if not whole or not 1 <= horizon <= LONGEST_HORIZON:
        raise ParameterError(
            f"forecast: horizon is {horizon}; expected a whole number from 1 to {LONGEST_HORIZON}"
        )


def _generator(seed: int) -> np.random.Generator:
    if not isinstance(seed, int | np.integer) or isinstance(seed, bool) or seed < 0:
        raise ParameterError(f"forecast: seed is {seed}; expected a whole number, zero or more")
    return np.random.default_rng(seed)


def _probabilities(levels: Sequence[float]) -> tuple[float, ...]:
    """Quantiles of central intervals in percent, and the median, in order."""
    given = np.atleast_1d(levels).tolist()
    wrong = [level for level in given if not isinstance(level, int | float) or not 1 <= level < 100]
    if wrong:
        raise ParameterError(f"forecast: interval of {wrong[0]} %; expected 1 or more and less than 100")
    tails = {round((100 - level) / 200, 6) for level in given}
    return tuple(sorted(tails | {0.5} | {round(1 - tail, 6) for tail in tails}))
