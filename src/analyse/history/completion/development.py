"""The completed share: which part of what a month will cost in the end has been declared at each age.

Shares are learned from all series together. The ratio of what was declared by one lag to what was declared by the
next is taken

1. by speed class of provider, and within it by month of the year: a yearly cut-off or a bill once a year makes
   December runs off differently from January, which is learnt from the figures and not set;
2. with the deviation of a care form within the class, and then of an area within the class.

Each step believes a deviation as far as the figures carry it (``credibility``). Ratios of a lag to the next,
multiplied backwards, are the chain ladder's own (Mack 1993) and let credits in: a ratio above one is money taken back.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from analyse.history.completion import credibility, totals
from analyse.history.completion.triangle import Triangle

YEAR = 12
HALF_LIFE = 36
"""Months after which a care month counts for half: providers change their ways."""


def completed(triangle: Triangle, *, pools: Sequence[Sequence[str]]) -> np.ndarray:
    """Completed share of each series by month of the year and age, (series, 12, lag).

    Column 0 of the second axis is January. A share may pass one where money is taken back later.

    Parameters
    ----------
    triangle : Triangle
    pools : names of key columns whose series learn together: first the widest pool, which also tells the months of
        the year apart, then finer ones
    """
    widest = totals.codes(triangle.keys, pools[0])
    ratio = _by_month_of_year(triangle, widest)[widest]
    for names in pools[1:]:
        ratio = ratio + _deviation(triangle, ratio, codes=totals.codes(triangle.keys, names), within=widest)
    onward = np.flip(np.cumprod(np.flip(np.maximum(ratio, 0), axis=2), axis=2), axis=2)
    return np.concatenate([onward, np.ones((*onward.shape[:2], 1))], axis=2)


def at_cut_off(share: np.ndarray, triangle: Triangle) -> np.ndarray:
    """The share of ``completed`` that each month has reached at the cut-off, (series, month)."""
    ages = np.minimum(triangle.ages, share.shape[2] - 1)
    return share[:, triangle.months % YEAR, ages]


def _by_month_of_year(triangle: Triangle, codes: np.ndarray) -> np.ndarray:
    """Ratio of one lag to the next by pool and month of the year, (pool, 12, lag - 1)."""
    earlier, later = _pairs(triangle, codes)
    weights = later * _recency(triangle)
    values = np.divide(earlier, later, out=np.zeros(later.shape), where=later > 0)
    pools, months, lags = weights.shape
    years = -(-months // YEAR)
    place = (triangle.months % YEAR, np.arange(months) // YEAR)
    shape = (pools, lags, YEAR, years + 1)
    value, weight = np.zeros(shape), np.zeros(shape)
    value[:, :, place[0], place[1]] = values.transpose(0, 2, 1)
    weight[:, :, place[0], place[1]] = weights.transpose(0, 2, 1)
    found = credibility.shrunk(value, weight).transpose(0, 2, 1)
    return np.where(np.isfinite(found), found, 1.0)


def _deviation(triangle: Triangle, ratio: np.ndarray, *, codes: np.ndarray, within: np.ndarray) -> np.ndarray:
    """What each finer pool adds to the ratio of its series, shrunk to none, (series, 1, lag - 1)."""
    earlier, later = _pairs(triangle, codes)
    _, places = np.unique(codes, return_index=True)
    expected = _weighted(triangle, ratio, codes)
    values = np.divide(earlier, later, out=np.zeros(later.shape), where=later > 0) - expected
    weights = later * _recency(triangle)
    added = np.zeros((len(places), weights.shape[2]))
    for wide in np.unique(within):
        members = within[places] == wide
        found = credibility.shrunk(
            values[members].transpose(2, 0, 1), weights[members].transpose(2, 0, 1)
        ).transpose()
        added[members] = np.where(np.isfinite(found), found, 0)
    return added[codes][:, None, :]


def _weighted(triangle: Triangle, ratio: np.ndarray, codes: np.ndarray) -> np.ndarray:
    """Mean ratio of the series of each pool, by amount, (pool, month, lag - 1)."""
    size = triangle.to_date.sum(axis=1).clip(min=0) + 1e-9
    mean = totals.by(codes, ratio * size[:, None, None])
    return (mean / totals.by(codes, size)[:, None, None])[:, triangle.months % YEAR]


def _pairs(triangle: Triangle, codes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Declared by a lag and by the next, where both are known, per pool: (pool, month, lag - 1) twice."""
    cumulative = totals.by(codes, triangle.declared).cumsum(axis=2)
    both = triangle.known[:, 1:]
    return np.where(both, cumulative[..., :-1], 0), np.where(both, cumulative[..., 1:], 0)


def _recency(triangle: Triangle) -> np.ndarray:
    return 0.5 ** (triangle.ages / HALF_LIFE)[:, None]
