"""Kinds of series, found when no groups are given: calm and restless series do not learn from each other.

A pool of prices, populations and production helps none of them. Series are split by how much their growth varies,
and only where that falls clearly into two: the split that explains most of the variance (N. Otsu, "A threshold
selection method from gray-level histograms", IEEE Transactions on Systems, Man, and Cybernetics 9, 1979) must explain
four fifths of it, where it would be 64 % of a normal distribution and 75 % of a uniform one.
"""

from __future__ import annotations

import numpy as np

CLEAR = 0.8
"""Part of the variance that a split must explain."""
FEWEST_SERIES, FEWEST_GROWTHS = 10, 4
"""Series of one kind, and growths of one series, that are needed to tell kinds apart."""
SMALLEST = 1e-4
"""Growth that varies by less is calm."""


def kinds(values: np.ndarray) -> np.ndarray:
    """The kind of every series (series,), numbered from 0; all 0 where they do not clearly differ.

    Parameters
    ----------
    values : (series, period), NaN where unknown

    Examples
    --------
    Ten series that grow evenly, and ten that jump up and down:

    >>> even, restless = 1.02 ** np.arange(9), np.array([1, 2, 1, 2, 1, 2, 1, 2, 1.0])
    >>> kinds(np.array([even] * 10 + [restless] * 10))[[0, 9, 10, 19]].tolist()
    [0, 0, 1, 1]
    """
    growth = np.diff(np.log(np.where(values > 0, values, np.nan)), axis=1)
    known = np.isfinite(growth).sum(axis=1) >= FEWEST_GROWTHS
    off = (
        np.abs(growth[known] - np.nanmedian(growth[known], axis=1, keepdims=True))
        if known.any()
        else growth[:0]
    )
    restless = np.log(np.maximum(np.nanmedian(off, axis=1), SMALLEST)) if known.any() else np.empty(0)
    found, number = np.zeros(len(values), int), 0
    waiting = [np.arange(len(restless))]
    places = np.flatnonzero(known)
    while waiting:
        rows = waiting.pop()
        limit = _clear_limit(restless[rows])
        if limit is None:
            continue
        number += 1
        above = restless[rows] > limit
        found[places[rows[above]]] = number
        waiting += [rows[above], rows[~above]]
    return found


def _clear_limit(values: np.ndarray) -> float | None:
    """Where the values fall clearly into two with enough on both sides; None where they do not."""
    count = len(values)
    if count < 2 * FEWEST_SERIES or values.var() < 1e-12:
        return None
    ordered = np.sort(values)
    below = np.arange(1, count)
    sums = ordered.cumsum()[:-1]
    means = sums / below - (ordered.sum() - sums) / (count - below)
    explained = below * (count - below) / count**2 * means**2 / values.var()
    best = int(explained.argmax())
    few = min(best + 1, count - best - 1) < FEWEST_SERIES
    return None if few or explained[best] < CLEAR else float(ordered[best : best + 2].mean())
