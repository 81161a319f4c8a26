"""How sure a completion is: joint samples, made from how far it would have been off in the past.

The method is run again at the cut-offs of the past, each time on what was known then, and compared with what those
months have become since. The errors of one past cut-off belong together: of all series, of all ages, and of the
months after it. A sample weighs the past cut-offs with normal multipliers (the wild bootstrap; R. Liu, "Bootstrap
procedures under some non-i.i.d. models", Annals of Statistics 16, 1988), so that whatever made months, providers
and municipalities miss together does so in the samples too. Unlike a bootstrap of residuals within the triangle
(England and Verrall, "Stochastic claims reserving in general insurance", British Actuarial Journal 8, 2002) it contains
the error of the expectation and that of the forecast after the cut-off.

Errors are taken in euros and moved to today by growth and season of the whole municipality, not of the series
itself: a form that comes up in a small municipality is off by many times what was expected of it, and such errors, all
in one direction, would make the sum of a region far too unsure.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
from scipy import stats

from analyse.errors import DataError
from analyse.history.completion import totals
from analyse.history.completion.complete import BY, Completed, complete
from analyse.history.completion.triangle import Triangle, label

YEAR = 12
OLDEST = 24
"""Age in months from which a month is taken as it was declared."""
SETTLED = 12
"""Months after a past cut-off that must have passed to know how it ended."""
SEEN = 2
"""Months after a past cut-off from which it tells something, so that a change of late is not missed for a year: what
is not seen yet of its errors is added from cut-offs of which the end is known (``_unseen``)."""
MOST_UNSEEN = 2.0
"""Most that the errors of a cut-off of late are made larger for what is not seen yet."""
FEWEST_INDEPENDENT = 2
MOST, FEWEST = 36, 6
"""Past cut-offs that are looked back at."""
SEASONED = 25
"""Months of care needed to estimate a season; earlier cut-offs are used only where few are left."""
HALF_LIFE = 12
"""Months after which a past cut-off counts for half: the longer the history was, the more it resembles today's."""
WIDEST = 1.0
"""Largest spread of one month relative to its amount; where months are mostly empty, the past cannot say more."""
SMALLEST_SHARE = 1e-4
"""Share still to come below which a month counts as complete."""
AREA = "municipality_code"
ALL = slice(None)
MOST_GROWTH = 1.5
"""Most that an error of the past is made larger or smaller for growth and season."""
MOST_OPEN = 2.0
"""The same for the share still to come: errors are in proportion to its root."""


@dataclass(frozen=True)
class Uncertain:
    """A completion with the errors of the past on the same scale."""

    completed: Completed
    errors: np.ndarray
    """(cut-off, series, month), EUR: error at past cut-offs for the last months of ``completed`` (of which as many as
    there are columns), at today's level and share still to come."""

    @cached_property
    def widened(self) -> float:
        """How much wider an 80 % interval is because few independent cut-offs tell the spread (Student's t).

        Errors of cut-offs that follow each other resemble each other: from their autocorrelation, of the totals of
        each municipality, comes how many independent ones they are worth.
        """
        areas = totals.codes(self.completed.keys, [name for name in (AREA,) if name in self.completed.keys])
        size = totals.by(areas, self.completed.cost[:, -self.errors.shape[2] :].sum(axis=1))
        total = totals.by(areas, self.errors.sum(axis=2).T)
        worth = _independent(
            np.divide(total, size[:, None], out=np.zeros(total.shape), where=size[:, None] > 0).T
        )
        return float(stats.t.ppf(0.9, max(worth, FEWEST_INDEPENDENT)) / stats.norm.ppf(0.9))

    @property
    def months(self) -> np.ndarray:
        """The months that are drawn, (month,): the last ones of ``completed``."""
        return self.completed.months[-self.errors.shape[2] :]

    def draw(
        self,
        samples: int,
        rng: np.random.Generator,
        *,
        series: np.ndarray | slice = ALL,
        months: np.ndarray | slice = ALL,
    ) -> np.ndarray:
        """Joint samples of the last months, EUR (series, month, sample); the mean is the completed amount.

        Parameters
        ----------
        samples : how many
        rng : Generator
        series, months : which series and which of ``months``, as True and False; those left out change nothing for
            the others
        """
        past = len(self.errors)
        weights = rng.standard_normal((past, samples)) / np.sqrt(past)
        errors = self.errors[:, series][:, :, months]
        cost = self.completed.cost[:, -self.errors.shape[2] :][series][:, months]
        spread = np.sqrt((errors**2).mean(axis=0))
        relative = np.divide(spread * self.widened, cost, out=np.zeros(cost.shape), where=cost > 0)
        sigma = np.sqrt(np.log1p(np.minimum(relative, WIDEST) ** 2))
        unit = np.divide(errors, spread, out=np.zeros(errors.shape), where=spread > 0)
        drawn = np.tensordot(unit, weights, axes=(0, 0))
        drawn *= sigma[..., None]
        drawn -= (sigma**2 / 2)[..., None]
        return np.exp(drawn, out=drawn) * cost[..., None]

    def paths(self, samples: int, rng: np.random.Generator) -> pd.DataFrame:
        """The samples as a long table: key, period, sample, cost_eur, stage (completed or forecast)."""
        drawn = self.draw(samples, rng)
        own = self.completed
        months = self.months
        keys = own.keys.loc[own.keys.index.repeat(len(months) * samples)].reset_index(drop=True)
        names = np.array([label(int(month)) for month in months])
        stage = np.where(months > own.cut_off, "forecast", "completed")
        return keys.assign(
            period=np.tile(np.repeat(names, samples), len(own.keys)),
            sample=np.tile(np.arange(samples), len(own.keys) * len(months)),
            cost_eur=drawn.ravel(),
            stage=np.tile(np.repeat(stage, samples), len(own.keys)),
        )


def look_back(triangle: Triangle, *, by: tuple[str, ...] = BY, ahead: int = 0) -> Uncertain:
    """Complete a triangle, and the same at the cut-offs of the past.

    Parameters
    ----------
    triangle : Triangle
        As ``complete.classed`` makes it.
    by : names of the key columns that name a series
    ahead : months after the cut-off to forecast as well

    Raises
    ------
    DataError
        There are too few months to look back: two years, and the months ahead.
    """
    now = complete(triangle, by=by, ahead=ahead)
    last = triangle.cut_off
    newest = last - max(SETTLED, ahead)
    oldest = max(triangle.first + YEAR + 1, min(triangle.first + SEASONED, newest - FEWEST + 1))
    if newest - oldest + 1 < FEWEST:
        raise DataError(
            f"completion: {len(triangle.months)} months of care up to {label(last)}; how sure a completion is can "
            f"be told from {YEAR + 1 + FEWEST + max(SETTLED, ahead)} months on"
        )
    cut_offs = np.arange(max(oldest, last - SEEN - MOST + 1), last - SEEN + 1)
    thens = {int(one): complete(triangle.at(int(one)), by=by, ahead=ahead) for one in cut_offs}
    errors = np.stack([_errors(now, then, ahead=ahead) for then in thens.values()])
    for place in np.flatnonzero(cut_offs > newest):
        errors[place] *= _unseen(now, thens, passed=int(last - cut_offs[place]), until=newest, ahead=ahead)
    weight = 0.5 ** ((cut_offs[-1] - cut_offs) / HALF_LIFE)
    return Uncertain(now, errors * np.sqrt(weight / weight.mean())[:, None, None])


def _independent(errors: np.ndarray) -> float:
    """How many independent rows these consecutive rows are worth, given their autocorrelation.

    Examples
    --------
    >>> round(float(_independent(np.ones((16, 1)))), 1)
    1.3
    """
    rows = len(errors)
    square = (errors**2).sum() / rows
    found = 1.0
    for lag in range(1, rows // 2 + 1):
        alike = (errors[lag:] * errors[:-lag]).sum() / (rows - lag)
        if not alike > 0:
            break
        found += 2 * (1 - lag / rows) * alike / square
    return rows / found


def _errors(now: Completed, then: Completed, *, ahead: int) -> np.ndarray:
    """Errors of one past cut-off by age, EUR (series, month): the oldest first, then the months ahead."""
    width = min(OLDEST + ahead, len(then.months))
    error = (now.cost[:, : len(then.months)] - then.cost)[:, -width:]
    open_now, open_then = now.open_share[:, -width:], then.open_share[:, -width:]
    both = (open_now > SMALLEST_SHARE) & (open_then > SMALLEST_SHARE)
    still = np.sqrt(np.divide(open_now, open_then, out=np.zeros(error.shape), where=both))
    still = np.where(both, still.clip(1 / MOST_OPEN, MOST_OPEN), 0)
    result = np.zeros((len(now.keys), OLDEST + ahead))
    result[:, -width:] = error * still * _growth(now, then, width)
    return result


def _unseen(
    now: Completed, thens: Mapping[int, Completed], *, passed: int, until: int, ahead: int
) -> np.ndarray:
    """How many times larger errors are in the end than some months after their cut-off, by age (month,).

    Root of the mean squares of municipalities, over the cut-offs whose end is known.

    Parameters
    ----------
    now : Completed
        The completion of today.
    thens : mapping of int to Completed
        Those of the past, by cut-off.
    passed : int
        Months after the cut-off.
    until : int
        Last cut-off whose end is known.
    ahead : int
        Months after the cut-off that are forecast as well.
    """
    areas = totals.codes(now.keys, [name for name in (AREA,) if name in now.keys])
    size = totals.by(areas, now.cost).sum(axis=1)
    size = np.where(size > 0, size, np.inf)[:, None]
    squares = np.zeros((2, OLDEST + ahead))
    for cut_off, then in thens.items():
        if cut_off > until or cut_off + passed not in thens:
            continue
        width = min(OLDEST + ahead, len(then.months))
        for row, later in enumerate((now, thens[cut_off + passed])):
            error = totals.by(areas, (later.cost[:, : len(then.months)] - then.cost)[:, -width:])
            squares[row, -width:] += ((error / size) ** 2).sum(axis=0)
    grown = np.divide(*squares, out=np.ones(squares.shape[1]), where=squares[1] > 0)
    return np.sqrt(grown).clip(1, MOST_UNSEEN)


def _growth(now: Completed, then: Completed, width: int) -> np.ndarray:
    """What the municipality of each series is expected to cost now relative to then, (series, month)."""
    areas = totals.codes(now.keys, [name for name in (AREA,) if name in now.keys])
    level = [totals.by(areas, one.expected[:, -width:]) for one in (now, then)]
    grown = np.divide(*level, out=np.ones(level[0].shape), where=level[1] > 0)
    return grown.clip(1 / MOST_GROWTH, MOST_GROWTH)[areas]
