"""Forecast any long table: series of one's own in, their forecasts out.

``analyse.forecast_table(history, horizon=3)`` is this function. ``long_table`` checks the input and explains what
is wrong with it; the output has one row per series and step, or one per joint future.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from scipy.special import gammaln

from analyse.errors import ParameterError
from analyse.forecast.beforehand import ROLES, Beforehand, signals
from analyse.forecast.engine import Forecast, engine
from analyse.forecast.engine.method import latest, usable_mean
from analyse.forecast.long_table import Layout, Wide, wide
from analyse.reading import periods

LONGEST_HORIZON = 120
SEED = 20241231
SAMPLES = (2, 100_000)
MOST_DRAWN = 300_000_000
"""Numbers drawn at once: 2.4 GB."""
LARGEST_SUPPRESSED = 9
"""A suppressed count is 0 to 9: publishers hide what is below ten."""
IMPUTATIONS = 5
"""Times that suppressed cells are filled in; the forecast is the mixture of what follows."""
MIXED = tuple(np.linspace(0.0025, 0.9975, 200))
"""Quantiles of each part that stand for it in the mixture."""


def forecast_table(
    history: pd.DataFrame,
    *,
    horizon: int,
    levels: Sequence[float] = (80, 95),
    samples: int | None = None,
    seed: int = SEED,
    known: pd.DataFrame | None = None,
    **settings,
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
    known : what is known beforehand, one row per key and period, with the coming periods; its other columns are
        covariates. They weigh as much as they would have helped past forecasts, and nothing where they do not help
    **settings : key, period, value, group, region, frequency, breaks, revision_percent; see
        :class:`analyse.forecast.long_table.Layout`. With ``known`` also level="budget_eur" (a plan in the unit of the
        value), peer="need_eur" (the level that is expected of a series, in that unit), and lead={"budget_eur": 1}; see
        :class:`analyse.forecast.beforehand.Beforehand`

    Returns
    -------
    The key columns, period, mean, and one column per quantile ("0.025", "0.1", "0.5", "0.9", "0.975"), one
    row per series and step, in the unit of the value. The mean is one to budget with: at most the 0.9 quantile, and
    twice the larger of the median and the last value, where a few wild futures would carry it further.

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
    shares = _probabilities(levels)
    table, chosen, extra = _laid_out(history, horizon, known, settings)
    rng = _generator(seed)
    if samples is None:
        dense = shares if not table.suppressed.any() else MIXED
        forecasts = _forecasts(table, chosen, horizon=horizon, rng=rng, probabilities=dense, **extra)
        mean = np.mean([forecast.mean for forecast in forecasts], axis=0)
        quantiles = np.concatenate([forecast.quantiles for forecast in forecasts], axis=2)
        if len(forecasts) > 1:
            quantiles = np.moveaxis(np.quantile(quantiles, shares, axis=2), 0, 2)
    else:
        drawn = _drawn(table, chosen, horizon=horizon, samples=samples, rng=rng, **extra)
        middle, high = np.quantile(drawn, (0.5, 0.9), axis=2)
        mean = usable_mean(drawn.mean(axis=2), latest(table.values)[:, None], middle=middle, high=high)
        quantiles = np.moveaxis(np.quantile(drawn, shares, axis=2), 0, 2)
    columns = {f"{share:g}": quantiles[:, :, column].ravel() for column, share in enumerate(shares)}
    return _rows(table, chosen, horizon=horizon).assign(mean=mean.ravel(), **columns)


def futures(
    history: pd.DataFrame,
    *,
    horizon: int,
    samples: int = 1000,
    seed: int = SEED,
    known: pd.DataFrame | None = None,
    **settings,
) -> pd.DataFrame:
    """Draw joint futures of all series of a long table.

    Parameters
    ----------
    history, horizon, seed, known, **settings : as in :func:`forecast_table`
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
    table, chosen, extra = _laid_out(history, horizon, known, settings)
    drawn = _drawn(table, chosen, horizon=horizon, samples=samples, rng=_generator(seed), **extra)
    rows = _rows(table, chosen, horizon=horizon)
    repeated = rows.loc[np.repeat(rows.index, samples)].reset_index(drop=True)
    return repeated.assign(sample=np.tile(np.arange(samples), len(rows)), **{chosen.value: drawn.ravel()})


def _laid_out(
    history: pd.DataFrame, horizon: int, known: pd.DataFrame | None, settings: Mapping[str, Any]
) -> tuple[Wide, Layout, dict[str, Any]]:
    """The series, what their columns mean, and the signals of what is known beforehand."""
    about_known = {name: settings[name] for name in (*ROLES, "lead") if name in settings}
    chosen = Layout.of({name: value for name, value in settings.items() if name not in about_known})
    _check_horizon(horizon)
    table = wide(history, chosen)
    if known is None:
        if about_known:
            raise ParameterError(
                f"forecast: {', '.join(about_known)} is about known=; give the table as well"
            )
        return table, chosen, {}
    return table, chosen, {"signals": signals(Beforehand.of(known, about_known), table, chosen, horizon)}


def _forecasts(
    table: Wide, layout: Layout, *, horizon: int, rng: np.random.Generator, **wanted
) -> list[Forecast]:
    """One forecast, or one per time that suppressed cells were filled in."""
    times = IMPUTATIONS if table.suppressed.any() else 1
    labels = {"groups": table.groups, "regions": table.regions, "breaks": table.breaks, **wanted}
    return [
        engine(
            filled(table.values, table.suppressed, rng), horizon=horizon, frequency=layout.frequency, **labels
        )
        for _ in range(times)
    ]


def _drawn(
    table: Wide, layout: Layout, *, horizon: int, samples: int, rng: np.random.Generator, **wanted
) -> np.ndarray:
    """Joint futures (series, horizon, sample)."""
    if not isinstance(samples, int | np.integer) or not SAMPLES[0] <= samples <= SAMPLES[1]:
        raise ParameterError(f"forecast: samples is {samples}; expected {SAMPLES[0]} to {SAMPLES[1]}")
    if len(table.values) * horizon * samples > MOST_DRAWN:
        raise ParameterError(
            f"forecast: {samples} futures of {len(table.values)} series and {horizon} periods do not fit in memory; "
            "draw fewer, or leave samples out for the engine's own quantiles"
        )
    forecasts = _forecasts(table, layout, horizon=horizon, rng=rng, **wanted)
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
    following = [periods.label(table.last + step, layout.frequency) for step in range(1, horizon + 1)]
    return rows.assign(**{table.period: following * len(table.keys)})


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
