"""The sums that tie the cells of tables together, as cell numbers: a total and its parts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

import numpy as np
import pandas as pd

from analyse.small_cells.rule import SMALLEST

Sum = tuple[int, Sequence[int]]
"""The number of the cell that is the total, and those of its parts."""
T = TypeVar("T")


def of_categories(
    cells: Mapping[Any, T], total: Any, nested: Mapping[str, Sequence[str]]
) -> list[tuple[T, list[T]]]:
    """The sums among the categories of one column: its total, and each category whose parts are all there.

    Parameters
    ----------
    cells : mapping
        Category -> its cell.
    total : str
        The category that is the total of the others.
    nested : mapping of str to sequence of str
        Category that is the sum of others -> these others, for example ages in wider and finer bands.

    Returns
    -------
    list of tuple
        A total and its parts.

    Examples
    --------
    >>> of_categories({"all": 0, "0-11": 1, "12-17": 2, "0-3": 3, "4-11": 4}, "all", {"0-11": ["0-3", "4-11"]})
    [(0, [1, 2]), (1, [3, 4])]
    """
    finer = {part for name, parts in nested.items() if name in cells for part in parts}
    coarse = [cell for name, cell in cells.items() if name != total and name not in finer]
    sums = [(cells[total], coarse)] if total in cells and coarse else []
    whole = [name for name, parts in nested.items() if name in cells and all(part in cells for part in parts)]
    return [*sums, *((cells[name], [cells[part] for part in nested[name]]) for name in whole)]


def of_table(frame: pd.DataFrame, totals: Mapping[str, str]) -> list[Sum]:
    """Every sum in a table with one row per cell.

    Parameters
    ----------
    frame : DataFrame
        Keyed by the columns of ``totals``.
    totals : mapping of str to str
        Column that adds up -> its category that is the total of the others.

    Returns
    -------
    list of Sum
        Cell numbers are positions of rows.

    Examples
    --------
    >>> of_table(pd.DataFrame({"age": ["all", "0-11", "12-17"]}), {"age": "all"})
    [(0, [1, 2])]
    """
    sums: list[Sum] = []
    for column, total in totals.items():
        others = [name for name in totals if name != column]
        groups = (
            frame.groupby(others, sort=False, dropna=False).indices.values()
            if others
            else [np.arange(len(frame))]
        )
        for positions in groups:
            categories = frame[column].to_numpy()[positions]
            if len(set(categories)) == len(categories):
                cells = dict(zip(categories, (int(cell) for cell in positions), strict=True))
                sums += of_categories(cells, total, {})
    return sums


def with_rests(values: np.ndarray, sums: list[Sum]) -> tuple[np.ndarray, list[Sum]]:
    """Sums of which a table holds only some parts: a small rest is a cell to hide, a larger one ends the sum."""
    kept: list[Sum] = []
    rests: list[float] = []
    for total, parts in sums:
        rest = values[total] - values[list(parts)].sum()
        if 0 < rest < SMALLEST:
            kept.append((total, [*parts, len(values) + len(rests)]))
            rests.append(rest)
        elif not rest >= SMALLEST:
            kept.append((total, parts))
    return np.append(values, rests), kept
