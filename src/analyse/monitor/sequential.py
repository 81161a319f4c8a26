"""Sequential tests on months: does what comes in differ from what was expected, signalled as soon as it can be.

The statistic is that of Shiryaev and Roberts: likelihood ratios of a change against none, multiplied over the months
since the change may have begun and added up over every such month. Among all tests with as many false alarms it finds a
change soonest, nearly (M. Pollak, "Optimal detection of a change in distribution", Annals of Statistics 13, 1985), and
it is an e-detector (J. Shin, A. Ramdas and A. Rinaldo, The New England Journal of Statistics in Data Science 2, 2024).
Its bound on false alarms is several times too strict for these counts, so the limits are simulated: for counts of the
same size and spread, with the expectation as unsure as it is, the statistic passes its limit in a year with a chance
that is chosen (``ALARMS_A_YEAR`` over all series of an area).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np

ALARMS_A_YEAR = 0.2
"""False alarms over all series of an area: one in five years."""
RISES = 0.8
"""Part of the false alarms that is spent on rises, which cost money; the rest on falls."""
RATIOS = (1.05, 1.1, 1.2)
"""Rises that are looked for, each with the same weight, and as many falls (one over it)."""
FOUND_MONTHS = 3
"""Within how many months of its start a rise counts as found."""
DRAWS = 2000
TAIL = 0.02
"""From this chance on the tail of the largest statistic is taken to fall as one over the limit (Pollak 1985)."""
MOST = 200.0
"""Logarithm above which statistics are no longer distinguished."""
SEED = 20241231
"""Limits are an integral that is computed by drawing: the same series has the same limits, whatever else is drawn."""


@dataclass(frozen=True)
class Expected:
    """What was expected of each month of a year at its start, and how unsure that is."""

    mean: np.ndarray
    """(month,): counts."""
    spread: float
    """How many times the variance of a month is its mean."""
    level_error: float
    """Standard error of the level of the year, log scale."""
    season_error: np.ndarray
    """(month,): that of each month apart, log scale."""

    def drawn(self, rng: np.random.Generator, *, factor: float = 1.0) -> np.ndarray:
        """Counts of a year as they may come, (month, draw): on average ``factor`` times the expected counts."""
        months = len(self.mean)
        error = self.level_error * rng.standard_normal(DRAWS) + self.season_error[
            :, None
        ] * rng.standard_normal((months, DRAWS))
        mean = factor * self.mean[:, None] * np.exp(error)
        if self.spread <= 1:
            return rng.poisson(mean).astype(float)
        return rng.negative_binomial(mean / (self.spread - 1), 1 / self.spread).astype(float)


def detector(
    counts: np.ndarray, expected: np.ndarray, *, spread: float = 1.0, ratios: Sequence[float] = RATIOS
) -> np.ndarray:
    """The statistic of Shiryaev and Roberts after each month.

    Parameters
    ----------
    counts : ndarray (month,) or (month, series)
        What came in.
    expected : ndarray
        What was expected of each, of the same shape.
    spread : float
        How many times the variance is the mean; likelihood ratios are taken to the power of one over it.
    ratios : sequence of float
        Changes that are looked for.

    Returns
    -------
    ndarray
        Of the shape of ``counts``: high where a change explains what came in better than none.

    Examples
    --------
    Of a change of a fifth, one month of a hundred where 80 were expected says little, six months say much:

    >>> found = detector(np.full(6, 100.0), np.full(6, 80.0), ratios=[1.25])
    >>> bool(found[0] < 20 < 400 < found[-1])
    True
    """
    total = np.zeros_like(np.asarray(expected, dtype=float))
    for ratio in ratios:
        log_e = (counts * np.log(ratio) - (ratio - 1) * expected) / spread
        one = np.zeros_like(total[0])
        for month, value in enumerate(np.exp(np.minimum(log_e, MOST))):
            one = np.minimum((1.0 + one) * value, np.exp(MOST))
            total[month] += one / len(ratios)
    return total


def evidence(counts: np.ndarray, told: Expected, *, alarms_a_year: float) -> np.ndarray:
    """The statistics of a rise and of a fall after each month as parts of their limits, (month, side): alarm from 1.

    Parameters
    ----------
    counts : ndarray (month,)
        What came in, of the first months of the year.
    told : Expected
        Of all twelve months.
    alarms_a_year : float
        The chance that one of the two passes its limit in a year in which nothing changed.
    """
    seen = len(counts)
    return np.column_stack(
        [
            detector(counts, told.mean[:seen], spread=told.spread, ratios=ratios) / limit
            for ratios, limit in zip(_sides(), limits(told, alarms_a_year=alarms_a_year), strict=True)
        ]
    )


def limits(told: Expected, *, alarms_a_year: float) -> tuple[float, float]:
    """The limits of the statistics of a rise and of a fall.

    Parameters
    ----------
    told : Expected
        Of the twelve months.
    alarms_a_year : float
        As for ``evidence``.
    """
    drawn, found = told.drawn(np.random.default_rng(SEED)), []
    for ratios, part in zip(_sides(), (RISES, 1 - RISES), strict=True):
        largest = detector(
            drawn, np.broadcast_to(told.mean[:, None], drawn.shape), spread=told.spread, ratios=ratios
        ).max(axis=0)
        chance = part * alarms_a_year
        found.append(float(np.quantile(largest, 1 - max(chance, TAIL)) * max(TAIL / chance, 1.0)))
    return found[0], found[1]


def smallest_found(told: Expected, *, alarms_a_year: float, chance: float = 0.8) -> float:
    """The smallest rise from the start of the year that is found within ``FOUND_MONTHS`` with a given chance.

    Parameters
    ----------
    told, alarms_a_year
        As for ``limits``.
    chance : float
        How often it is found.

    Returns
    -------
    float
        As a fraction, in whole per cents; infinite where a doubling is not found either.

    Examples
    --------
    >>> year = np.ones(12)
    >>> sizes = [Expected(size * year, 1.0, 0.0, 0 * year) for size in (100, 2000)]
    >>> [round(smallest_found(one, alarms_a_year=0.1), 2) for one in sizes]
    [0.22, 0.05]
    """
    limit, _ = limits(told, alarms_a_year=alarms_a_year)
    low, high = 0, 101
    while high - low > 1:
        rise = (low + high) // 2
        if _found(told, rise / 100, limit) >= chance:
            high = rise
        else:
            low = rise
    return high / 100 if high <= 100 else float("inf")


def _found(told: Expected, rise: float, limit: float) -> float:
    drawn = told.drawn(np.random.default_rng(SEED + 1), factor=1 + rise)[:FOUND_MONTHS]
    mean = np.broadcast_to(told.mean[:FOUND_MONTHS, None], drawn.shape)
    largest = detector(drawn, mean, spread=told.spread, ratios=RATIOS).max(axis=0)
    return float((largest >= limit).mean())


def most_found(monthly: float, rise: float, *, spread: float = 1.0) -> float:
    """How often the best test there can be finds a rise: what the counts themselves can tell at most.

    Neyman and Pearson's test of exactly this rise, made once when ``FOUND_MONTHS`` are over, with nothing else watched
    and the expectation known without error. No method finds it more often with as few false alarms.

    Parameters
    ----------
    monthly : float
        What comes in each month.
    rise : float
        As a fraction.
    spread : float
        How many times the variance is the mean.

    Examples
    --------
    >>> [round(most_found(size, 0.05), 2) for size in (110, 450, 2000)]
    [0.24, 0.57, 0.99]
    """
    normal = NormalDist()
    usual, more = monthly * FOUND_MONTHS, monthly * FOUND_MONTHS * (1 + rise)
    limit = usual + normal.inv_cdf(1 - ALARMS_A_YEAR * FOUND_MONTHS / 12) * np.sqrt(spread * usual)
    return 1 - normal.cdf(float((limit - more) / np.sqrt(spread * more)))


def _sides() -> tuple[tuple[float, ...], tuple[float, ...]]:
    return RATIOS, tuple(1 / ratio for ratio in RATIOS)
