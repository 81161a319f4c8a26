"""Youths with youth care: own level, national movement, ageing, and an interval for how little is known.

Only the counts since 2021 can be compared with each other: too few for a trend of one's own. A municipality starts at
its own level, moves towards what need explains and with the Netherlands, and changes as its youths grow older.
"""

from __future__ import annotations

import numpy as np

from analyse.forecast import expected
from analyse.forecast.growth import last_level, pooled_growth
from analyse.forecast.known import Known
from analyse.forecast.streams import Streams

ROUNDING = 5.0
"""CBS rounds counts to multiples of this."""


def first_period(known: Known) -> int:
    """First year without a count of clients: where the forecast of usage begins."""
    counted = np.isfinite(known.clients).any(axis=0)
    return int(known.years[counted][-1]) + 1 if counted.any() else known.origin + 1


def paths(known: Known, *, horizon: int, samples: int, streams: Streams) -> np.ndarray:
    """Sample log clients per youth of 0-17, from ``first_period`` to ``origin + horizon``.

    Parameters
    ----------
    known, horizon, samples, streams
        See ``joint.joint``.

    Returns
    -------
    ndarray (series, years, samples)
        NaN when no count of clients is known at all.
    """
    first = first_period(known)
    steps = known.origin + horizon - first + 1
    counted = np.isfinite(known.clients).any(axis=0)
    if not counted.any():
        return np.full((len(known.codes), steps, samples), np.nan)
    chosen = known.constants.usage
    level, level_sd = _level(known)
    start = streams.normal("usage level", known.codes, (1, samples)) * level_sd[:, None, None]
    shape = (steps, samples)
    regions = sorted(set(known.regions))
    region = _stay(known, streams.normal("usage", regions, shape) * chosen.region_sd)[known.region_index]
    own = _stay(known, streams.student("own usage", known.codes, shape, chosen.degrees) * chosen.own_sd)
    shared = np.cumsum(streams.normal("usage", ["ALL"], shape)[0] * chosen.shared_sd, axis=0)
    revision = _revision(known, samples, streams)
    provisional = known.provisional_clients[:, counted][:, -1, None, None]
    national = (
        _national(known, first, steps)[:, None] + _national_revised(known, first, steps)[:, None] * revision
    )
    middle = level[:, None] + _ageing(known, first, steps) + _towards_need(known, level, steps)
    return middle[:, :, None] + start + provisional * revision + national[None] + shared + region + own


def _level(known: Known) -> tuple[np.ndarray, np.ndarray]:
    """Own log clients per youth in the last year counted, and its standard deviation (series,)."""
    columns = np.flatnonzero(np.isfinite(known.clients).any(axis=0))
    with np.errstate(divide="ignore"):
        values = np.log(known.clients[:, columns]) - np.log(known.youths[:, columns])
    values = np.where(np.isfinite(values), values, np.nan)
    broken = known.usage_breaks[:, columns]
    medians, _ = pooled_growth(values, broken)
    level, _ = last_level(values, medians)
    level = np.where(broken[:, -1] & np.isfinite(values[:, -1]), values[:, -1], level)
    rounding = ROUNDING / np.sqrt(12) / np.maximum(known.clients[:, columns[-1]], ROUNDING)
    unknown = np.isnan(level)
    return np.where(unknown, np.nanmedian(level), level), np.where(
        unknown | np.isnan(rounding), known.constants.usage.unknown_sd, rounding
    )


def _revision(known: Known, samples: int, streams: Streams) -> np.ndarray:
    """Log revision of provisional counts (samples,): upwards, by the usual amount."""
    assumed = known.assumptions["provisional_revision_percent"]
    return np.log1p(
        (assumed.value + assumed.spread * streams.normal("revision", ["ALL"], (1, samples))[0, 0]) / 100
    )


def _national(known: Known, first: int, steps: int) -> np.ndarray:
    """Log national movement since the last year counted (steps,): published where it is, then fading.

    The growth of a provisional figure over a final one is believed only after the usual revision: it fades from
    there, not from the fall that counting early makes.
    """
    growth = np.log(known.national_clients).diff()
    growth = growth.loc[[year for year in growth.index if year - 1 in known.national_clients.index]].dropna()
    seam = np.log1p(known.assumptions["provisional_revision_percent"].value / 100)
    believed = {
        year: value + seam * (_provisional(known, year) - _provisional(known, year - 1))
        for year, value in growth.items()
    }
    last = believed[growth.index[-1]] if len(growth) else 0.0
    moves = []
    for year in range(first, first + steps):
        published = year in growth.index
        last = believed[year] if published else known.constants.usage.damping * last
        moves.append(float(growth[year]) if published else last)
    return np.cumsum(moves)


def _provisional(known: Known, year: int) -> bool:
    return year in known.provisional_national


def _national_revised(known: Known, first: int, steps: int) -> np.ndarray:
    """1 from the first provisional national figure on, if the figure it is compared with is final (steps,)."""
    periods = np.arange(first, first + steps)
    ahead = [year for year in known.provisional_national if year >= first]
    if not ahead or first - 1 in known.provisional_national:
        return np.zeros(steps)
    return (periods >= min(ahead)).astype(float)


def _towards_need(known: Known, level: np.ndarray, steps: int) -> np.ndarray:
    """Log change of clients per youth (series, steps) towards the level that need explains: a part every year."""
    own, region = expected.apart(known, level)
    left = (1 - known.constants.usage.pull) ** np.arange(1, steps + 1)
    return -(own + region)[:, None] * (1 - left)


def _ageing(known: Known, first: int, steps: int) -> np.ndarray:
    """Log change of clients per youth (series, steps) since the last year counted, because youths grow older.

    Each age band keeps its rate of all municipalities together, in the last year with bands; 0 where none are
    published. Ages are as published or reconstructed up to the year after the origin, then each cohort a year older.
    """
    rates = known.usage_by_band
    if rates.empty or not (rates["youths"] > 0).all():
        return np.zeros((len(known.codes), steps))
    before = known.ages.shape[1] - (known.origin + 2 - first)  # ages end on 1 January after the origin
    ahead = max(steps - (known.ages.shape[1] - before), 0)
    ages = np.concatenate([known.ages[:, before - 1 :], later(known.ages[:, -1], known.gains, ahead)], axis=1)
    shares = []
    for band, row in rates.iterrows():
        low, high = (int(age) for age in band.split("-"))
        shares.append(row["clients"] / row["youths"] * ages[:, :, low : high + 1].sum(axis=2))
    rate = np.log(np.sum(shares, axis=0) / ages[:, :, :18].sum(axis=2))
    return rate[:, 1 : steps + 1] - rate[:, :1]


def later(now: np.ndarray, gain: np.ndarray, years: int) -> np.ndarray:
    """Ages in the years after (series, years, age): a year older, and as many infants as there are now.

    Parameters
    ----------
    now, gain : ndarray (series, age)
        Inhabitants by age, and what a cohort gains on its way to each age.
    years : int
        How many years.

    Examples
    --------
    >>> later(np.array([[2.0, 3.0, 4.0]]), np.zeros((1, 3)), 2)[0].tolist()
    [[2.0, 2.0, 3.0], [2.0, 2.0, 2.0]]
    """
    found, infants = [], now[:, 0]
    for _ in range(years):
        older = np.maximum(now[:, :-1] + gain[:, 1:], 0.0)
        now = np.column_stack([infants, older])
        found.append(now)
    return np.stack(found, axis=1) if found else np.empty((len(now), 0, now.shape[1]))


def _stay(known: Known, shocks: np.ndarray) -> np.ndarray:
    return shocks + known.constants.usage.stays * (np.cumsum(shocks, axis=1) - shocks)
