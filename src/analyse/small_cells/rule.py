"""The threshold and the rounding: counts of persons below ten are hidden, others are rounded to five.

Both are what CBS does in its own tables on youth care.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

SMALLEST = 10
"""Fewer persons than this are not shown, nor what would give them away."""
STEP = 5
HIDDEN = "suppressed"


def small(count: Any, *, zero: bool = False) -> Any:
    """Whether a count, or each of an array or Series, is of fewer than ten persons; of nobody only with ``zero``.

    Examples
    --------
    >>> small(7), small(10), small(0), small(0, zero=True)
    (True, False, False, True)
    """
    return (count < SMALLEST) & ((count > 0) | zero)


def told_by_whole(parts: pd.Series) -> bool:
    """Whether a whole that is shown beside its parts tells of fewer than ten: those of its small parts together.

    Examples
    --------
    Of 55 in a region 50 are in one municipality, so that the other two have fewer than ten:

    >>> told_by_whole(pd.Series([50, 4, 1])), told_by_whole(pd.Series([50, 4, 8])), told_by_whole(pd.Series([50, 40]))
    (True, False, False)
    """
    return bool(0 < parts[small(parts)].sum() < SMALLEST)


def one_sided(counts: pd.Series, fractions: pd.Series) -> pd.Series:
    """Whether a fraction of some persons tells of fewer than ten: in all, or on one side of it.

    Examples
    --------
    Of 40 youths 5 % are two, which is hidden; of 8 youths nothing is told:

    >>> one_sided(pd.Series([40.0, 40.0, 8.0]), pd.Series([0.05, 0.5, 0.5])).tolist()
    [True, False, True]
    """
    counts = counts.astype(float)
    sides = pd.concat([counts * fractions, counts * (1 - fractions)], axis=1).astype(float).round()
    return small(counts, zero=True) | small(sides).any(axis=1)


def treated(value: float) -> bool:
    """Whether a count may be shown as it stands: at least ``SMALLEST``, a multiple of ``STEP``."""
    return value >= SMALLEST and value % STEP == 0


def rounded(value: float) -> float:
    """A count rounded to ``STEP``, halves up; one that would be hidden is NaN.

    Examples
    --------
    >>> rounded(12), rounded(13), rounded(9)
    (10.0, 15.0, nan)
    """
    return float("nan") if not value >= SMALLEST else float(STEP * np.floor(value / STEP + 0.5))


def shown_count(counts: pd.Series) -> pd.Series:
    """A column of counts as it may be shown where nothing adds up: rounded, and empty where it is small."""
    return counts.astype(float).map(rounded)
