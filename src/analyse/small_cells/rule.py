"""The threshold and the rounding: counts of persons below ten are hidden, others are rounded to five.

Both are what CBS does in its own tables on youth care.
"""

from __future__ import annotations

from collections.abc import Sequence
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


def told_by_whole(parts: pd.Series) -> pd.Series:
    """Whether a whole that is shown beside its parts tells of fewer than ten: those of its small parts together.

    Parameters
    ----------
    parts : Series
        Counts by whole and, in the last level of the index, by part.

    Returns
    -------
    Series of bool
        Row per whole.

    Examples
    --------
    Of 55 with provider a 50 are in one municipality, so that the other two have fewer than ten:

    >>> wholes = pd.MultiIndex.from_arrays([list("aaabbbcc"), list("ABCABCAB")])
    >>> told_by_whole(pd.Series([50, 4, 1, 50, 4, 8, 50, 40], index=wholes)).to_dict()
    {'a': True, 'b': False, 'c': False}
    """
    wholes = list(range(parts.index.nlevels - 1))
    return small(parts.where(small(parts), 0).groupby(level=wholes, observed=True).sum())


def without_told(
    table: pd.DataFrame, counted: pd.DataFrame, by: Sequence[str], *, part: str = "municipality_code"
) -> pd.DataFrame:
    """The rows of a table of a whole that tell of no fewer than ten in a part of it, see ``told_by_whole``.

    Parameters
    ----------
    table : DataFrame
        One row per combination of ``by``.
    counted : DataFrame
        What the rows count, one row each: ``by`` and ``part``. Without that column there is one part only.
    by : sequence of str
        Columns.
    part : str
        Column of the parts, which have pages of their own.

    Examples
    --------
    Of the 15 youths with provider a, 12 are in A: the region's page would tell that B has few.

    >>> youths = pd.DataFrame({"provider": ["a"] * 15 + ["b"] * 30, "municipality_code": ["A"] * 12 + ["B"] * 33})
    >>> without_told(pd.DataFrame({"provider": ["a", "b"]}), youths, ["provider"])["provider"].tolist()
    ['b']
    """
    by = list(by)
    if part not in counted or table.empty:
        return table
    sizes = counted.groupby([*by, part], observed=True).size()
    told = told_by_whole(sizes)
    rows = pd.MultiIndex.from_frame(table[by]) if len(by) > 1 else pd.Index(table[by[0]])
    return table[~rows.isin(told.index[told])].reset_index(drop=True)


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
