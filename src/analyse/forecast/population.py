"""Youths of 0-17 and 0-22 in the coming years, by cohort: joint sample paths per municipality.

Everyone grows a year older; a cohort gains or loses what cohorts did on average on their way to that age;
births and migration are uncertain, partly for all municipalities together and partly for each alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analyse.forecast import known as knowledge
from analyse.forecast.expected import robust_sd
from analyse.forecast.known import CHILD, YOUTH, Known
from analyse.forecast.streams import Streams
from analyse.forecast.summary import COVERAGE_80, COVERAGE_95
from analyse.history import boundaries
from analyse.schema import QUANTILES, quantile_names

FIRST_YEAR = 2015
"""The municipal mergers of 2014 and 2015 outside the list of boundary changes are left out by this."""


@dataclass(frozen=True)
class Spread:
    """Standard deviations: yearly, of log births and of migration as a fraction of the inhabitants; and of the
    log of the first year (``start``) and of a year's expected growth (``gain``).

    ``own_births`` and ``own_migration`` are (series,), the others one number.
    """

    shared_births: float
    own_births: np.ndarray
    shared_migration: float
    own_migration: np.ndarray
    start: float
    gain: float


def spread(known: Known) -> Spread:
    """Measure how births and migration varied in the years known, pooled over the municipalities."""
    chosen = known.constants.youths
    births, rate, inhabitants = _dynamics(known)
    change = np.diff(np.log(births), axis=1)
    total = np.nansum(births, axis=0)
    common = np.log(total[1:] / total[:-1])
    deviation = rate - np.nanmean(rate, axis=1, keepdims=True)
    shared_rate = np.nanmedian(deviation, axis=0)
    size = (inhabitants / np.nanmedian(inhabitants)) ** -chosen.size_slope
    return Spread(
        shared_births=float(np.std(common, ddof=1)),
        own_births=chosen.births_stay
        * robust_sd((change - np.nanmedian(change, axis=0)) / size[:, None])
        * size,
        shared_migration=float(np.std(shared_rate, ddof=1)),
        own_migration=robust_sd((deviation - shared_rate) / size[:, None]) * size,
        start=_start_sd(known),
        gain=chosen.gain_sd / np.sqrt(_years_of_ages(known)),
    )


def _years_of_ages(known: Known) -> int:
    population = known.tables["population"]
    return int(population.loc[population["age_group"] == "0-14", "year"].nunique())


def _start_sd(known: Known) -> float:
    """Standard deviation of the log youths of the first year: less as the published figure is nearer."""
    chosen, population = known.constants.youths, known.tables["population"]
    published = population.loc[population["age_group"] == "0-17", "year"]
    since = known.origin + 1 - int(published.max()) if len(published) else np.inf
    return chosen.ages_sd / np.sqrt(_years_of_ages(known)) * min(chosen.published_left * since, 1.0)


def paths(known: Known, *, horizon: int, samples: int, streams: Streams) -> tuple[np.ndarray, np.ndarray]:
    """Sample youths on 1 January of the years after the origin.

    Parameters
    ----------
    known : Known
        With the population tables as published at the origin: ages on 1 January of the year after it.
    horizon, samples, streams
        As for every part of the costs, see ``joint.joint``.

    Returns
    -------
    youths, youths_0_22 : ndarray (series, horizon, samples)
        The first year has an interval too where it is reconstructed, not published.
    """
    spreads, shape = spread(known), (horizon - 1, samples)
    births = _births(known, spreads, shape, streams)
    start, drift = (_both(known, name, samples, streams) for name in ("ages", "gains"))
    steps = np.arange(1, horizon)[None, :, None]
    since = np.cumsum(_migration(known, spreads, shape, streams), axis=1) + spreads.gain * drift * steps
    children = _alive(
        known.youths[:, -1], grown(known.ages[:, -1], known.gains, horizon - 1, below=CHILD), since
    )
    for step in range(1, horizon):
        children[:, step] += _born(births[:, :step], known.gains, since[:, :step])
    children *= np.exp(spreads.start * start)
    first = known.youths_0_22[:, -1] - known.youths[:, -1]
    older = grown(known.ages[:, -1], known.gains, horizon - 1, below=YOUTH, above=CHILD)
    return children, children + _alive(first, older, known.constants.youths.student_factor * since)


def check(
    history: pd.DataFrame,
    tables: Mapping[str, pd.DataFrame],
    *,
    origins: Sequence[int],
    samples: int,
    streams: Streams,
) -> pd.DataFrame:
    """Compare the paths from origins in the past with the published youths of 0-17.

    Parameters
    ----------
    history, tables
        As for ``known.as_of``; the years published are those of the age group 0-17 in ``population``.
    origins : sequence of int
        The figures of 1 January of the year after it are the last ones used.
    samples : int
        Number of joint futures.
    streams : Streams
        Random numbers by name.

    Returns
    -------
    DataFrame
        One row per (origin, period): n (municipalities), median_absolute_percentage_error, coverage_80 and
        coverage_95 (fractions). Only years after the first one forecast count: that one may be published.
    """
    rows = tables["population"].loc[tables["population"]["age_group"] == "0-17"]
    published = rows.pivot(index="municipality_code", columns="year", values="count").astype(float)
    rows_by_period = []
    for origin in origins:
        then = knowledge.as_of(history, tables, origin=origin)
        young, _ = paths(
            then, horizon=int(published.columns.max()) - origin, samples=samples, streams=streams
        )
        for period in (year for year in published if year > origin + 1):
            actual = published.loc[list(then.codes), period].to_numpy()
            quantiles = np.quantile(young[:, period - origin - 1], QUANTILES, axis=1)
            of = dict(zip(quantile_names(), quantiles, strict=True))
            inside = [
                ((of[low] <= actual) & (actual <= of[high])).mean()
                for low, high in (COVERAGE_80, COVERAGE_95)
            ]
            error = float(np.median(np.abs(of["q0.5"] / actual - 1)))
            rows_by_period.append((origin, int(period), len(actual), 100 * error, *inside))
    return pd.DataFrame(
        rows_by_period,
        columns=["origin", "period", "n", "median_absolute_percentage_error", "coverage_80", "coverage_95"],
    )


def grown(count: np.ndarray, gain: np.ndarray, years: int, *, below: int, above: int = 0) -> np.ndarray:
    """Those already born who are ``above`` to ``below`` - 1 years old after 0, 1, ... ``years`` years.

    Parameters
    ----------
    count, gain : ndarray (series, ages)
        Inhabitants by age now, and what a cohort gains on its way to each age.
    years : int
        How far to look ahead.
    below, above : int
        Ages from ``above`` up to but not including ``below`` count.

    Returns
    -------
    ndarray (series, years + 1)

    Examples
    --------
    Two children of 0 and three of 1 year; on the way to age 1 nobody comes or goes, to age 2 one leaves:

    >>> grown(np.array([[2.0, 3.0, 4.0]]), np.array([[0.0, 0.0, -1.0]]), 2, below=3).tolist()
    [[9.0, 4.0, 1.0]]
    """
    now, result = count.astype(float).copy(), []
    for _ in range(years + 1):
        result.append(now[:, above:below].sum(axis=1))
        older = np.zeros_like(now)
        older[:, 1:] = np.maximum(now[:, :-1] + np.where(now[:, :-1] > 0, gain[:, 1:], 0.0), 0.0)
        now = older
    return np.stack(result, axis=1)


def _alive(first: np.ndarray, expected: np.ndarray, since: np.ndarray) -> np.ndarray:
    """Those already born (series, horizon, samples): scaled to the first year's figure, with the shocks since."""
    scaled = expected * (first / expected[:, 0])[:, None]
    result = np.repeat(scaled[:, :, None], since.shape[2], axis=2)
    result[:, 1:] *= np.exp(since)
    return result


def _born(births: np.ndarray, gain: np.ndarray, since: np.ndarray) -> np.ndarray:
    """Children born after the first year, the youngest last: with what cohorts gain, and the shocks since birth."""
    steps = births.shape[1]
    together = np.zeros((births.shape[0], births.shape[2]))
    for cohort in range(steps):
        age = steps - 1 - cohort
        shock = since[:, -1] - since[:, cohort]
        together += np.maximum(births[:, cohort] + gain[:, : age + 1].sum(axis=1)[:, None], 0.0) * np.exp(
            shock
        )
    return together


def _both(known: Known, subject: str, samples: int, streams: Streams) -> np.ndarray:
    """Standard normal draws (series, 1, samples), partly common to all."""
    part = known.constants.youths.shared_part
    shared = streams.normal(subject, ["ALL"], (1, samples))
    return part * shared + np.sqrt(1 - part**2) * streams.normal(subject, known.codes, (1, samples))


def _births(known: Known, spreads: Spread, shape: tuple[int, int], streams: Streams) -> np.ndarray:
    """Births during ``origin + 1`` and later (series, years, samples): a random walk from the present level."""
    births, _, _ = _dynamics(known)
    gap = known.origin - int(known.tables["population_dynamics"]["year"].max())
    drawn = (shape[0] + gap, shape[1])
    walk = np.cumsum(
        spreads.shared_births * streams.normal("births", ["ALL"], drawn)
        + spreads.own_births[:, None, None] * streams.normal("births", known.codes, drawn),
        axis=1,
    )
    level = np.nanmean(births[:, -known.constants.youths.birth_years :], axis=1)
    return level[:, None, None] * np.exp(walk[:, gap:])


def _migration(known: Known, spreads: Spread, shape: tuple[int, int], streams: Streams) -> np.ndarray:
    """Net migration beside the usual one, log fraction (series, years, samples)."""
    shared = spreads.shared_migration * streams.normal("migration", ["ALL"], shape)
    return shared + spreads.own_migration[:, None, None] * streams.normal("migration", known.codes, shape)


def _dynamics(known: Known) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Births, net migration per inhabitant (series, years from 2015) and inhabitants (series,) at the end."""
    moves = known.tables["population_dynamics"]
    moves = moves.loc[moves["year"] >= FIRST_YEAR]
    moves = moves.assign(code=boundaries.current_codes(moves["municipality_code"], known.tables))
    summed = moves.groupby(["code", "year"])[["births", "net_migration", "inhabitants_start"]].sum(
        min_count=1
    )
    wide = {
        name: summed[name].astype(float).unstack().reindex(list(known.codes)).to_numpy() for name in summed
    }
    inhabitants = wide["inhabitants_start"]
    return (
        wide["births"],
        wide["net_migration"] / inhabitants,
        np.nanmean(inhabitants[:, -known.constants.youths.birth_years :], axis=1),
    )
