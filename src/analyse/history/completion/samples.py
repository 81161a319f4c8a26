"""How sure a completion is: joint samples, made from how far it would have been off in the past.

The method is run again at the cut-offs of the past, each time on what was known then, and compared with what those
months have become since. The errors of one past cut-off belong together: of all series, of all ages, and of the
months after it. A sample weighs the past cut-offs with normal multipliers (the wild bootstrap; R. Liu, "Bootstrap
procedures under some non-i.i.d. models", Annals of Statistics 16, 1988), so that whatever made months, providers
and municipalities miss together does so in the samples too. Unlike a bootstrap of residuals within the triangle
(England and Verrall, "Stochastic claims reserving in general insurance", British Actuarial Journal 8, 2002) it contains
the error of the expectation and that of the forecast after the cut-off.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analyse.errors import DataError
from analyse.history.completion.complete import BY, Completed, complete
from analyse.history.completion.triangle import Triangle, label

YEAR = 12
OLDEST = 24
"""Age in months from which a month is taken as it was declared."""
SETTLED = 12
"""Months after a past cut-off that must have passed to know how it ended."""
MOST, FEWEST = 36, 6
"""Past cut-offs that are looked back at."""
SEASONED = 25
"""Months of care from which season and month of the year can be told: earlier cut-offs only where few are left."""
HALF_LIFE = 12
"""Months after which a past cut-off counts for half: the longer the history was, the more it resembles today's."""
WIDEST = 1.0
"""Largest spread of one month relative to its amount: where months are mostly empty the past says no more than that."""
SMALLEST_SHARE = 1e-4
"""Share still to come below which a month counts as complete."""


@dataclass(frozen=True)
class Uncertain:
    """A completion with the errors of the past on the same scale.

    Attributes
    ----------
    completed : Completed
    errors : array (cut-off, series, month)
        Error at past cut-offs for the last months of ``completed`` (of which as many as there are columns): a fraction
        of what was expected, divided by the root of the share then still to come.
    """

    completed: Completed
    errors: np.ndarray

    def draw(self, samples: int, rng: np.random.Generator) -> np.ndarray:
        """Joint samples of the last months, EUR (series, month, sample); the mean is the completed amount."""
        past = len(self.errors)
        months = self.errors.shape[2]
        weights = rng.standard_normal((past, samples)) / np.sqrt(past)
        own = self.completed
        scale = own.expected[:, -months:] * np.sqrt(own.open_share[:, -months:])
        cost = own.cost[:, -months:]
        relative = np.divide(scale, cost, out=np.zeros(cost.shape), where=cost > 0)
        spread = np.sqrt((self.errors**2).mean(axis=0))
        sigma = np.sqrt(np.log1p(np.minimum(relative * spread, WIDEST) ** 2))
        unit = np.divide(self.errors, spread, out=np.zeros(self.errors.shape), where=spread > 0)
        drawn = np.tensordot(unit, weights, axes=(0, 0))
        drawn *= sigma[..., None]
        drawn -= (sigma**2 / 2)[..., None]
        return np.exp(drawn, out=drawn) * cost[..., None]

    def paths(self, samples: int, rng: np.random.Generator) -> pd.DataFrame:
        """The samples as a long table: key, period, sample, cost_eur, stage (completed or forecast)."""
        drawn = self.draw(samples, rng)
        own = self.completed
        months = own.months[-drawn.shape[1] :]
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
    cut_offs = np.arange(max(oldest, newest - MOST + 1), newest + 1)
    if len(cut_offs) < FEWEST:
        raise DataError(
            f"completion: {len(triangle.months)} months of care up to {label(last)}; how sure a completion is can "
            f"be told from {YEAR + 1 + FEWEST + max(SETTLED, ahead)} months on"
        )
    errors = np.stack([_errors(triangle, now, int(cut_off), by=by, ahead=ahead) for cut_off in cut_offs])
    weight = 0.5 ** ((newest - cut_offs) / HALF_LIFE)
    return Uncertain(now, errors * np.sqrt(weight / weight.mean())[:, None, None])


def _errors(
    triangle: Triangle, now: Completed, cut_off: int, *, by: tuple[str, ...], ahead: int
) -> np.ndarray:
    """Errors of one past cut-off by age, (series, month): the oldest first, then the months ahead."""
    then = complete(triangle.at(cut_off), by=by, ahead=ahead)
    known = now.cost[:, : len(then.months)]
    scale = then.expected * np.sqrt(np.maximum(then.open_share, SMALLEST_SHARE))
    open_then = then.open_share > SMALLEST_SHARE
    error = np.divide(known - then.cost, scale, out=np.zeros(known.shape), where=(scale > 0) & open_then)
    width = OLDEST + ahead
    result = np.zeros((len(now.keys), width))
    kept = min(width, error.shape[1])
    result[:, -kept:] = error[:, -kept:]
    return result
