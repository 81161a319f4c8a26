"""Amounts across the pages of a set: no hidden one can be computed from them, or estimated to within a fifth.

A region's page and those of its municipalities show amounts of the same categories (providers, forms, referrers). What
one page hides, the region less the other municipalities gives away, unless another of them hides it too; and the last
row of a page, in which the hidden ones are added up, ties them together once more. So one plan is made for all pages.

The rule is the p-rule, with p = 20 %: nobody who knows all that is shown may estimate a hidden amount to within 20 % of
its value, to either side (Hundepool and others, "Handbook on statistical disclosure control", ESSnet 2010, section
4.2, and the tau-ARGUS manual, which CBS maintains; amounts of fewer than ten youths are what is hidden first). It
holds for the pages of one month, and of those whose amounts are given with it (``monitor.category_plans`` gives those
of the two months before). Two months that both show a category tell what was declared in between.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from analyse.small_cells import rule

P_RULE = 0.20
"""Part of its value within which it must not be possible to estimate a hidden amount."""
AREA, REGION = "municipality_code", "region"
"""The column of the pages, and the row of all areas together."""


def hidden_across(cells: pd.DataFrame, *, category: str) -> pd.DataFrame:
    """Which categories each page of a set leaves to its last row.

    Parameters
    ----------
    cells : DataFrame
        municipality_code, ``category``, year, clients (untreated) and cost_eur: one row each, of every area of the set.
    category : str
        Column of what is shown by row, such as provider.

    Returns
    -------
    DataFrame of bool
        Row per area and ``REGION``, column per category; True where it is hidden: small ones, and as many others as it
        takes. Whatever else a page hides, because it is long, only takes more away from a reader.

    Examples
    --------
    Provider b has 5 youths in A. The region less B would tell its amount, so B hides it as well, and both hide a:

    >>> cells = pd.DataFrame({"municipality_code": list("AABB"), "provider": list("abab"), "year": 2024,
    ...                       "clients": [40, 5, 50, 60], "cost_eur": [90.0, 10.0, 80.0, 70.0]})
    >>> hidden_across(cells, category="provider").loc[["A", "B", "region"]].to_numpy().tolist()
    [[True, True], [True, True], [False, False]]
    """
    clients, amounts = (_cube(cells, category, value) for value in ("clients", "cost_eur"))
    names, areas = sorted(cells[category].unique()), [*sorted(cells[AREA].unique()), REGION]
    secret = rule.small(clients).any(axis=0)
    hidden = secret.copy()
    largest_first = np.argwhere(secret)[np.argsort(-amounts.max(axis=0)[secret])]
    changed = True
    while (
        changed
    ):  # what is hidden for one may be secret too little for another no more: monotone, so it ends
        changed = False
        for row, column in largest_first:
            ways = _ways(amounts, row, column)
            if not _protected(hidden, ways, row, column):
                changed |= _hide_cheapest(hidden, ways, amounts, row, column)
    return pd.DataFrame(hidden, index=areas, columns=names)


def _cube(cells: pd.DataFrame, category: str, value: str) -> np.ndarray:
    """Values by (year, area and last all together, category), zero where there is none."""
    table = cells.pivot_table(index=["year", AREA], columns=category, values=value, aggfunc="sum")
    years = sorted(cells["year"].unique())
    full = pd.MultiIndex.from_product([years, sorted(cells[AREA].unique())])
    cube = table.reindex(full).sort_index(axis=1).fillna(0.0).to_numpy(dtype=float)
    cube = np.maximum(cube.reshape(len(years), -1, table.shape[1]), 0.0)
    return np.concatenate([cube, cube.sum(axis=1, keepdims=True)], axis=1)


def _ways(amounts: np.ndarray, row: int, column: int) -> tuple[np.ndarray, np.ndarray]:
    """Through which other area and category an amount can be a fifth more, and a fifth less, (area, category) each.

    What is added to the amount is taken from the same area's other category and given to the other area's; the sum of
    every page and of every category stays. It is possible as far as what is taken from is there. All together
    is no area of its own: where both categories are hidden there, its two amounts move along.
    """
    step = P_RULE * amounts[:, row, column][:, None, None]
    own, theirs = amounts[:, [row], :], amounts[:, :, [column]]
    more = (own >= step) & (theirs >= step)
    less = amounts >= step
    last = amounts.shape[1] - 1
    if row != last:
        more[:, last], less[:, last] = own[:, 0] >= step[:, 0], True
    else:
        more, less = amounts >= step, np.broadcast_to(theirs >= step, amounts.shape).copy()
    found = [ways.all(axis=0) for ways in (more, less)]
    for ways in found:
        ways[row], ways[:, column] = False, False
    return found[0], found[1]


def _protected(hidden: np.ndarray, ways: tuple[np.ndarray, np.ndarray], row: int, column: int) -> bool:
    """Whether a way up and a way down go through hidden cells only."""
    closed = hidden & hidden[row][None, :] & hidden[:, column][:, None]
    return all((way & closed).any() for way in ways)


def _hide_cheapest(
    hidden: np.ndarray, ways: tuple[np.ndarray, np.ndarray], amounts: np.ndarray, row: int, column: int
) -> bool:
    """Hide what costs least to make a way up and a way down; whether anything was shown before."""
    cost = amounts.max(axis=0) + 1.0
    changed = False
    for way in ways:
        price = np.where(hidden, 0.0, cost)
        whole = np.where(way, price + price[row][None, :] + price[:, column][:, None], np.inf)
        if np.isfinite(whole).any():
            other, name = np.unravel_index(whole.argmin(), whole.shape)
            cells = [(other, name), (row, name), (other, column)]
        else:  # nothing is as large as a fifth of it: no page shows the category
            cells = [(place, column) for place in range(len(hidden))]
        for cell in cells:
            changed |= not hidden[cell]
            hidden[cell] = True
    return changed


def dominated(cells: pd.DataFrame, keys: Sequence[str]) -> list[tuple[Any, ...]]:
    """Totals that are nearly the amount of one category of fewer than ten youths: beside it is less than a fifth.

    Parameters
    ----------
    cells : DataFrame
        One row per category: ``keys``, clients (untreated) and cost_eur.
    keys : sequence of str
        Columns of what is added up.

    Examples
    --------
    >>> cells = pd.DataFrame({"rule": list("aabb"), "clients": [4, 3, 4, 30], "cost_eur": [90.0, 10.0, 50.0, 50.0]})
    >>> dominated(cells, ["rule"])
    [('a',)]
    """
    keys = list(keys)
    few = cells[rule.small(cells["clients"])].groupby(keys)["cost_eur"].max()
    beside = cells.groupby(keys)["cost_eur"].sum().reindex(few.index) - few
    found = few.index[(few > 0) & (beside < P_RULE * few)]
    return [one if isinstance(one, tuple) else (one,) for one in found]


def told(cells: pd.DataFrame, hidden: pd.DataFrame, *, category: str) -> pd.DataFrame:
    """The attack: what a reader of all pages can tell of each hidden amount of fewer than ten youths.

    A linear programme over every sum of every page: each page's total and last row, and each category of the region.

    Parameters
    ----------
    cells, category
        As for ``hidden_across``.
    hidden : DataFrame of bool
        What the pages hide.

    Returns
    -------
    DataFrame
        municipality_code, ``category``, year, and low and high as a fraction of the amount: 1 is the amount itself.
    """
    from scipy.optimize import linprog
    from scipy.sparse import csr_matrix

    clients, amounts = (_cube(cells, category, value) for value in ("clients", "cost_eur"))
    mask, rows = hidden.to_numpy(dtype=bool), []
    unknown = {tuple(cell): number for number, cell in enumerate(np.argwhere(mask))}
    last = len(mask) - 1
    for year, values in zip(sorted(cells["year"].unique()), amounts, strict=True):
        equations, known = [], []
        for place in range(len(mask)):  # the last row of a page
            inside = [(place, column) for column in np.flatnonzero(mask[place])]
            equations.append({unknown[cell]: 1.0 for cell in inside})
            known.append(sum(values[cell] for cell in inside))
        for column in range(mask.shape[1]):  # all areas of a category make the region
            signs = {(place, column): -1.0 if place == last else 1.0 for place in range(len(mask))}
            equations.append({unknown[cell]: sign for cell, sign in signs.items() if mask[cell]})
            known.append(-sum(sign * values[cell] for cell, sign in signs.items() if not mask[cell]))
        entries = [(row, column, sign) for row, one in enumerate(equations) for column, sign in one.items()]
        where = tuple(
            np.array(part) for part in zip(*[(row, column) for row, column, _ in entries], strict=True)
        )
        matrix = csr_matrix(([sign for *_, sign in entries], where), shape=(len(equations), len(unknown)))
        small = rule.small(clients).any(axis=0) & (values > 0) & mask
        for place, column in np.argwhere(small):
            aim = np.zeros(len(unknown))
            aim[unknown[(place, column)]] = 1.0
            ends = [linprog(sign * aim, A_eq=matrix, b_eq=known, bounds=(0, None)) for sign in (1, -1)]
            low, high = (
                sign * end.fun if end.success else np.nan for sign, end in zip((1, -1), ends, strict=True)
            )
            value = values[place, column]
            rows.append((hidden.index[place], hidden.columns[column], year, low / value, high / value))
    return pd.DataFrame(rows, columns=[AREA, category, "year", "low", "high"])
