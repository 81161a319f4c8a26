"""Three ways of hiding small counts: leave rows out, merge them, or suppress a second cell. All end in the proof."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from analyse.small_cells import proof, rule
from analyse.small_cells.sums import Sum, of_table, with_rests


def protect(
    frame: pd.DataFrame,
    count: str,
    *,
    totals: Mapping[str, str],
    within: Sequence[str] = (),
    beside: Sequence[str] = (),
) -> pd.DataFrame:
    """Suppress the small counts, and as many others as it takes, and round the rest.

    Parameters
    ----------
    frame : DataFrame
        One row per cell, keyed by ``within`` and the columns of ``totals``. Tables of the same persons are protected
        as one: put below each other, with the total where a table lacks a column.
    count : str
        Column of persons: untreated, whole numbers.
    totals : mapping of str to str
        Column that adds up -> its category that is the total of the others; without that row nothing adds up.
    within : sequence of str
        Columns that are apart: cells of different values never add up, for example area and year.
    beside : sequence of str
        Columns that say something of the same persons, such as their costs; hidden with the count.

    Returns
    -------
    DataFrame
        The same rows with ``count`` rounded or empty, and ``<count>_status`` "suppressed" where it is hidden. In
        every line with a shown total two cells or none are hidden, and one of them has ten persons or more; no
        hidden cell follows from the others by adding and subtracting, along all lines together.

    Examples
    --------
    >>> cells = pd.DataFrame({"age": ["total", "0-11", "12-17", "18-22"], "clients": [62, 7, 31, 24]})
    >>> protect(cells, "clients", totals={"age": "total"})["clients"].tolist()
    [60.0, nan, 30.0, nan]
    """
    hidden = pd.Series(False, index=frame.index)
    groups = frame.groupby(list(within), sort=False, dropna=False) if within else [((), frame)]
    for _, part in groups:
        values, sums = with_rests(part[count].to_numpy(dtype=float), of_table(part, totals))
        of_totals = {total for total, _ in sums}
        rank = {cell: (cell in of_totals, value, cell) for cell, value in enumerate(values)}
        chosen = _grown(values[:, None], sums, ~(values >= rule.SMALLEST), rank)
        hidden.loc[part.index] = chosen[: len(part)]
    status = frame.get(f"{count}_status", pd.Series("final", index=frame.index)).astype(object)
    treated = frame.assign(
        **{
            count: rule.shown_count(frame[count]).mask(hidden),
            f"{count}_status": status.mask(hidden, rule.HIDDEN),
        }
    )
    return treated.assign(**{name: treated[name].mask(hidden) for name in beside})


def enough(table: pd.DataFrame, count: str) -> pd.DataFrame:
    """The rows with ten or more, rounded to five; for tables that nothing adds up to a total.

    Examples
    --------
    >>> enough(pd.DataFrame({"form": ["a", "b"], "youths": [52, 7]}), "youths").to_dict("records")
    [{'form': 'a', 'youths': 50.0}]
    """
    counts = rule.shown_count(table[count])
    return table.assign(**{count: counts})[counts.notna()].reset_index(drop=True)


def hidden_beside_total(
    counts: pd.DataFrame, *, order: Sequence[float], also: np.ndarray | None = None, zero: bool = False
) -> np.ndarray:
    """Which rows to hide of a table whose total is shown somewhere: the small ones, and what hides them.

    Parameters
    ----------
    counts : DataFrame
        Columns of persons, untreated; a row may stand by itself when each of its counts is zero or at least ten.
    order : sequence of float (row,)
        When the small rows would follow from the total, the row with the lowest is hidden next.
    also : ndarray of bool (row,), optional
        Rows that are hidden for another reason, such as the length of a table.
    zero : bool
        Whether a count of nobody is small too.

    Returns
    -------
    ndarray of bool (row,)

    Examples
    --------
    The seven would follow from the total, so the smallest of the others goes with them:

    >>> hidden_beside_total(pd.DataFrame({"youths": [7, 31, 24]}), order=[7, 31, 24]).tolist()
    [True, False, True]
    """
    values, rows = counts.to_numpy(dtype=float), len(counts)
    secret = np.vstack([rule.small(values, zero=zero), np.zeros((1, values.shape[1]), dtype=bool)])
    hidden = secret.any(axis=1) | np.append(np.zeros(rows, dtype=bool) if also is None else also, False)
    values = np.vstack([values, values.sum(axis=0)])
    rank = dict(enumerate(order))  # without the total, which is shown elsewhere
    return _grown(values, [(rows, range(rows))], hidden, rank, secret)[:rows]


def merged(
    table: pd.DataFrame,
    key: str,
    counts: Sequence[str],
    *,
    largest: str,
    other: str,
    most: int = 12,
    also: Sequence[bool] | None = None,
) -> pd.DataFrame:
    """The rows that may be shown by themselves, largest first; the others added up in one row at the end.

    A row is shown when each count of persons is zero or at least ten. Of what is added up, one row at least has ten
    persons too, so that no small one follows from the total.

    Parameters
    ----------
    table : DataFrame
        One row per category.
    key : str
        Column of categories.
    counts : sequence of str
        Columns of persons, untreated, in the result too: round them before showing.
    largest : str
        Column whose size decides which rows come first.
    other : str
        What the row of the merged ones is called.
    most : int
        How many rows to show at most.
    also : sequence of bool (row,), optional
        Rows that are merged for another reason, such as what other pages show.

    Returns
    -------
    DataFrame
        The columns of ``table``.

    Examples
    --------
    >>> rows = pd.DataFrame({"form": ["a", "b", "c"], "youths": [50, 20, 3], "cost_eur": [9.0, 4.0, 1.0]})
    >>> merged(rows, "form", ["youths"], largest="cost_eur", other="other")["form"].tolist()
    ['a', 'other']
    """
    closed = pd.Series(False if also is None else list(also), index=table.index, dtype=bool)
    ranked = table.loc[table[largest].abs().sort_values(ascending=False, kind="stable").index]
    closed = closed[ranked.index].to_numpy()
    persons = ranked[list(counts)]
    alone = ~rule.small(persons).any(axis=1).to_numpy() & ~closed
    beyond = alone & (alone.cumsum() > most)
    hidden = hidden_beside_total(persons, order=-np.arange(len(persons)), also=beyond | closed)
    parts = [ranked[~hidden]]
    if hidden.any():
        parts.append(ranked[hidden].select_dtypes("number").sum().to_frame().T.assign(**{key: other}))
    return pd.concat(parts, ignore_index=True)[list(table)]


def _grown(
    values: np.ndarray,
    sums: list[Sum],
    hidden: np.ndarray,
    rank: Mapping[int, Any],
    secret: np.ndarray | None = None,
) -> np.ndarray:
    """Hidden cells and as many more, by their rank, as it takes until the proof finds none of them given away.

    Parameters
    ----------
    values : ndarray (cell, count)
        The true counts; a cell is hidden in all columns or in none.
    sums : list of Sum
        A total and its parts.
    hidden : ndarray of bool (cell,)
        Where to begin.
    rank : mapping
        Cell that may be hidden -> the lower, the sooner.
    secret : ndarray of bool (cell, count), optional
        Cells that must not be found; by default all hidden ones.
    """
    hidden = hidden.copy()
    while True:
        found = (
            proof.exposed(values[:, column], sums, hidden, None if secret is None else secret[:, column])
            for column in range(values.shape[1])
        )
        cells = next((cells for cells in found if cells is not None), ())
        spare = [cell for cell in cells if not hidden[cell] and cell in rank]
        if not spare:
            return hidden
        hidden[min(spare, key=lambda cell: rank[cell])] = True
