"""Youths with youth care: own level, national movement, and an interval that says how little is known.

Only two full years are comparable (2021, and 2022 provisional). That is no trend: a municipality keeps its
own level, and moves with the Netherlands.
"""

from __future__ import annotations

import numpy as np

from analyse.forecast.growth import DEGREES, own_level, pooled_growth
from analyse.forecast.known import Known
from analyse.forecast.streams import Streams

DAMPING = 0.85
"""Each year the national growth is this fraction of the year before."""
STAYS = 0.8
"""Part of a year's shock in one region or municipality that stays in its level."""
SHARED_SD = 0.025
"""Yearly standard deviation of the national movement: the growth of 2016-2023 was between 0 and 6 %."""
REGION_SD, OWN_SD = 0.05, 0.055
"""Yearly standard deviations of a region and of a municipality within it, from the one step 2021-2022 (a
region moved by as much as -14 %: Holland Rijnland); two years cannot tell chance from change of booking."""
UNKNOWN_SD = 0.35
"""Standard deviation of the level where a municipality's count is not known: the spread between municipalities."""
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
        As for every part of the costs, see ``simulate.joint``.

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
    level, level_sd = _level(known)
    start = streams.normal("usage level", known.codes, (1, samples)) * level_sd[:, None, None]
    shape = (steps, samples)
    regions = sorted(set(known.regions))
    region = _stay(streams.normal("usage", regions, shape) * REGION_SD)[known.region_index]
    own = _stay(streams.student("own usage", known.codes, shape, DEGREES) * OWN_SD)
    shared = np.cumsum(streams.normal("usage", ["ALL"], shape)[0] * SHARED_SD, axis=0)
    revision = _revision(known, samples, streams)
    provisional = known.provisional_clients[:, counted][:, -1, None, None]
    national = (
        _national(known, first, steps)[:, None] + _national_revised(known, first, steps)[:, None] * revision
    )
    return level[:, None, None] + start + provisional * revision + national[None] + shared + region + own


def _level(known: Known) -> tuple[np.ndarray, np.ndarray]:
    """Own log clients per youth in the last year counted, and its standard deviation (series,)."""
    columns = np.flatnonzero(np.isfinite(known.clients).any(axis=0))
    with np.errstate(divide="ignore"):
        values = np.log(known.clients[:, columns]) - np.log(known.youths[:, columns])
    values = np.where(np.isfinite(values), values, np.nan)
    broken = known.usage_breaks[:, columns]
    medians, _ = pooled_growth(values, broken)
    level, _ = own_level(values, medians)
    level = np.where(broken[:, -1] & np.isfinite(values[:, -1]), values[:, -1], level)
    rounding = ROUNDING / np.sqrt(12) / np.maximum(known.clients[:, columns[-1]], ROUNDING)
    unknown = np.isnan(level)
    return np.where(unknown, np.nanmedian(level), level), np.where(
        unknown | np.isnan(rounding), UNKNOWN_SD, rounding
    )


def _revision(known: Known, samples: int, streams: Streams) -> np.ndarray:
    """Log revision of provisional counts (samples,): upwards, by the usual amount."""
    assumed = known.assumptions["provisional_revision_percent"]
    return np.log1p(
        (assumed.value + assumed.spread * streams.normal("revision", ["ALL"], (1, samples))[0, 0]) / 100
    )


def _national(known: Known, first: int, steps: int) -> np.ndarray:
    """Log national movement since the last year counted (steps,): published where it is, then fading."""
    growth = np.log(known.national_clients).diff()
    growth = growth.loc[[year for year in growth.index if year - 1 in known.national_clients.index]].dropna()
    last = float(growth.iloc[-1]) if len(growth) else 0.0
    moves = []
    for year in range(first, first + steps):
        last = float(growth[year]) if year in growth.index else DAMPING * last
        moves.append(last)
    return np.cumsum(moves)


def _national_revised(known: Known, first: int, steps: int) -> np.ndarray:
    """1 from the first provisional national figure on, if the figure it is compared with is final (steps,)."""
    periods = np.arange(first, first + steps)
    ahead = [year for year in known.provisional_national if year >= first]
    if not ahead or first - 1 in known.provisional_national:
        return np.zeros(steps)
    return (periods >= min(ahead)).astype(float)


def _stay(shocks: np.ndarray) -> np.ndarray:
    return shocks + STAYS * (np.cumsum(shocks, axis=1) - shocks)
