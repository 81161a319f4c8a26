"""How near the completion came at the cut-offs of the past, beside the chain ladder of the actuaries."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
import pandas as pd

from analyse.errors import DataError
from analyse.history.completion import ladder
from analyse.history.completion.complete import classed
from analyse.history.completion.samples import SETTLED, look_back
from analyse.history.completion.triangle import LAG, MONTH, from_cells, label, month_number
from analyse.schema import REACH_80

YEAR = 12
OWN, LADDER = "this method", "chain ladder, Mack"
Way = Callable[[pd.DataFrame, str], tuple[float, float]]
"""Cells as known at a cut-off, and that cut-off -> what the last twelve months come to, with its error, EUR."""


def past(
    cells: pd.DataFrame, cut_off: str, *, back: int, others: Mapping[str, Way], rng: np.random.Generator
) -> pd.DataFrame:
    """What each way made of the last twelve months at past cut-offs, beside what they came to.

    Parameters
    ----------
    cells : DataFrame
        As for ``classed``.
    cut_off : str
        Last month of which the declarations are known; a past cut-off is at least a year older.
    back : int
        How many past cut-offs, the newest ones.
    others : mapping of str to Way
        Other ways, by name.
    rng : Generator
        Where samples come from.

    Returns
    -------
    DataFrame
        cut_off, method, cost_eur, low and high (80 %), actual_eur: what was declared of these months by now.

    Raises
    ------
    DataError
        There are too few months for one past cut-off.
    """
    last = int(month_number(pd.Series([pd.Timestamp(cut_off)]))[0])
    months, arrived = month_number(cells[MONTH]), month_number(cells[MONTH]) + cells[LAG].to_numpy()
    rows = []
    for cut in range(last - SETTLED - back + 1, last - SETTLED + 1):
        inside = (months > cut - YEAR) & (months <= cut)
        actual = float(cells.loc[inside & (arrived <= last), "amount_cents"].sum() / 100)
        known = cells[(arrived <= cut) & (months <= cut)]
        try:
            found = look_back(classed(known, label(cut)))
        except DataError:
            continue
        drawn = found.draw(500, rng)[:, -YEAR:].sum(axis=(0, 1))
        ways = {LADDER: _ladder(known, label(cut))} | {
            name: way(known, label(cut)) for name, way in others.items()
        }
        row = {"cut_off": label(cut), "actual_eur": actual}
        own = float(found.completed.cost[:, -YEAR:].sum())
        low, high = np.quantile(drawn, [0.1, 0.9])
        rows.append(row | {"method": OWN, "cost_eur": own, "low": low, "high": high})
        rows += [
            row
            | {
                "method": name,
                "cost_eur": cost,
                "low": cost - REACH_80 * error,
                "high": cost + REACH_80 * error,
            }
            for name, (cost, error) in ways.items()
        ]
    if not rows:
        raise DataError(
            "compare: too few months of declarations; a past cut-off needs 31 months before it, and one year after it"
        )
    return pd.DataFrame(rows)


def nearness(found: pd.DataFrame) -> pd.DataFrame:
    """By method: cut_offs, error and bias as the median absolute and mean error (fractions), held (share in 80 %)."""
    off = found["cost_eur"] / found["actual_eur"] - 1
    rows = found.assign(
        error=off.abs(), bias=off, held=found["actual_eur"].between(found["low"], found["high"]).astype(float)
    )
    named = {"cut_offs": ("error", "size"), "error": ("error", "median"), "bias": ("bias", "mean")}
    return rows.groupby("method", sort=False).agg(**named, held=("held", "mean")).reset_index()


def _ladder(cells: pd.DataFrame, cut_off: str) -> tuple[float, float]:
    """Chain ladder of all together; where nothing ever comes in the month of care, the newest month is what it is."""
    whole = from_cells(cells.assign(all="all"), ["all"], cut_off)
    declared = whole.declared[0]
    first = int(declared[:, 0].sum() <= 0)
    square = _square(declared[: len(declared) - first, first:])
    found = ladder.mack(square)
    size = min(YEAR - first, len(square))
    newest = float(whole.to_date[0, -1]) if first else 0.0
    return float(found.ultimate[-size:].sum()) + newest, found.total_standard_error


def _square(declared: np.ndarray) -> np.ndarray:
    """The newest months as a full triangle, what came after the last lag added to it: cumulative, (month, lag)."""
    size = min(declared.shape)
    newest = declared[-size:, :size].copy()
    newest[:, -1] += declared[-size:, size:].sum(axis=1)
    reached = np.arange(size) + np.arange(size)[:, None] < size
    return np.where(reached, newest.cumsum(axis=1), np.nan)
