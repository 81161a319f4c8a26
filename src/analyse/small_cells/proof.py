"""The proof: between which values a reader who knows every shown count exactly can place a hidden one.

A linear programme per hidden cell, as in a disclosure audit (Hundepool and others, "Statistical Disclosure Control",
2012, section 4.3): the smallest and the largest value that all sums together leave it. The shown counts are rounded,
so a reader knows less than is assumed here.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from analyse.small_cells.rule import SMALLEST
from analyse.small_cells.sums import Sum

CERTAIN = 1e-6
"""A hidden count whose lowest and highest possible value differ less is known."""


def bounds(values: np.ndarray, sums: Sequence[Sum], hidden: np.ndarray) -> np.ndarray:
    """The lowest and highest value that each cell may have, given what is shown and that no count is negative.

    Parameters
    ----------
    values : ndarray (cell,)
        The true counts.
    sums : sequence of Sum
        A total and its parts.
    hidden : ndarray of bool (cell,)
        Cells that a reader does not see.

    Returns
    -------
    ndarray (cell, 2)
        For a shown cell twice its own value; ``inf`` where nothing limits a hidden one.

    Examples
    --------
    Of 62 youths 31 are shown; the other two cells can be anything from 0 to 31:

    >>> bounds(np.array([62.0, 31, 7, 24]), [(0, [1, 2, 3])], np.array([False, False, True, True]))[2].tolist()
    [0.0, 31.0]
    """
    found = np.column_stack([values, values]).astype(float)
    found[hidden] = [0.0, np.inf]
    for cells, equations, known in _systems(values, sums, hidden):
        if len(equations) == 1 and (equations >= 0).all():  # one sum whose total is shown
            found[cells] = [known[0] if len(cells) == 1 else 0.0, known[0]]
        else:
            found[cells] = [_ends(cell, equations, known) for cell in range(len(cells))]
    return found


def exposed(
    values: np.ndarray, sums: Sequence[Sum], hidden: np.ndarray, secret: np.ndarray | None = None
) -> tuple[int, ...] | None:
    """Cells of which one more must be hidden, because what is shown gives a hidden one away.

    A reader may not compute a hidden count, nor tell that it is below ten. Beside a total that is shown, one of the
    hidden parts must have ten persons or more: knowing that all of them are small, one could do better than the sum.

    Parameters
    ----------
    values, sums, hidden
        As for ``bounds``.
    secret : ndarray of bool (cell,), optional
        The hidden cells that must not be found; by default all.

    Returns
    -------
    tuple of int or None
        Cells that are tied to the exposed one, some of them shown; None when nothing is given away, or all of it
        is hidden.
    """
    secret = hidden if secret is None else hidden & secret
    for total, parts in sums:
        cells = (total, *parts)
        if not hidden[list(cells)].all() and _alone(
            values, total, [part for part in parts if hidden[part]], hidden, secret
        ):
            return cells
    low, high = bounds(values, sums, hidden).T
    with np.errstate(invalid="ignore"):
        told = secret & ((high - low < CERTAIN) | (high < SMALLEST))
    tied = [(total, *parts) for total, parts in sums if told[[total, *parts]].any()]
    partly = [cells for cells in tied if not hidden[list(cells)].all()]
    everything = tuple(dict.fromkeys(cell for total, parts in sums for cell in (total, *parts)))
    if partly or not tied:
        return partly[0] if partly else None
    return None if hidden[list(everything)].all() else everything


def _alone(values: np.ndarray, total: int, inside: list[int], hidden: np.ndarray, secret: np.ndarray) -> bool:
    """Whether the hidden cells of one sum have no company of ten persons."""
    if hidden[total]:
        return bool(secret[total]) and not inside
    if not secret[inside].any():
        return False
    return len(inside) == 1 or not values[inside].max() >= SMALLEST


def _systems(
    values: np.ndarray, sums: Sequence[Sum], hidden: np.ndarray
) -> Iterator[tuple[np.ndarray, np.ndarray, np.ndarray]]:
    """Hidden cells that are connected through sums: their numbers, the matrix of their sums, and what is known."""
    from scipy.sparse.csgraph import connected_components  # as slow to import as all that makes an index

    unknown = np.flatnonzero(hidden)
    column = {cell: number for number, cell in enumerate(unknown)}
    matrix, known = np.zeros((len(sums), len(unknown))), np.zeros(len(sums))
    for row, (total, parts) in enumerate(sums):
        for cell, sign in ((total, -1.0), *((part, 1.0) for part in parts)):
            if hidden[cell]:
                matrix[row, column[cell]] += sign
            else:
                known[row] -= sign * values[cell]
    rows = np.flatnonzero((matrix != 0).any(axis=1))
    touches = (matrix[rows] != 0).astype(float)
    _, block = connected_components(touches.T @ touches, directed=False)
    for number in np.unique(block):
        own = block == number
        equations = rows[(matrix[np.ix_(rows, own)] != 0).any(axis=1)]
        if len(equations):
            yield unknown[own], matrix[np.ix_(equations, own)], known[equations]


def _ends(cell: int, equations: np.ndarray, known: np.ndarray) -> tuple[float, float]:
    """The lowest and highest value of one cell that its sums allow."""
    from scipy.optimize import linprog

    aim = np.eye(equations.shape[1])[cell]
    low, high = (linprog(sign * aim, A_eq=equations, b_eq=known, bounds=(0, None)) for sign in (1, -1))
    return (low.fun if low.success else 0.0), (-high.fun if high.success else np.inf)
