"""Speed classes of providers: who declares soon, later, or once a year, found from their own lines."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analyse.history.completion import credibility
from analyse.history.completion.triangle import AMOUNT, LAG, MONTH, month_number

CLASSES = 4
MATURE = 15
"""Months after which nearly everything has been declared: a cut-off in the spring after the year of care included."""


def classes(cells: pd.DataFrame, cut_off: str | pd.Timestamp, *, number: int = CLASSES) -> pd.Series:
    """Speed class of each provider, 0 (soonest) and up, indexed by provider.

    The mean delay of a provider, weighted by euros over its mature months of care, is pulled to that of all
    providers as far as it rests on few months, and the delays are cut where they lie farthest apart (Jenks' natural
    breaks, weighted by euros). Only what was known at the cut-off is used.

    Parameters
    ----------
    cells : DataFrame
        provider, product_month, development_month, amount_cents
    cut_off : last month of which the declarations are known
    number : most classes to make; fewer where there are fewer providers
    """
    last = int(month_number(pd.Series([pd.Timestamp(cut_off)]))[0])
    month = month_number(cells[MONTH])
    debit = cells[AMOUNT].to_numpy(dtype=float).clip(min=0)
    known = (month + cells[LAG].to_numpy() <= last) & (debit > 0)
    settled = known & (month <= last - MATURE)
    use = settled if settled.any() else known
    used = pd.DataFrame(
        {
            "provider": cells["provider"].to_numpy()[use],
            "month": month[use],
            "euros": debit[use],
            "waited": debit[use] * cells[LAG].to_numpy()[use],
        }
    )
    summed = used.groupby(["provider", "month"])[["euros", "waited"]].sum()
    delay = (summed["waited"] / summed["euros"]).unstack()
    weight = summed["euros"].unstack().fillna(0)
    mean = credibility.shrunk(np.log1p(delay.fillna(0).to_numpy()), weight.to_numpy())
    found = pd.Series(_cut(mean, weight.sum(axis=1).to_numpy(), number), index=delay.index)
    absent = pd.Index(cells["provider"].unique()).difference(delay.index)
    middle = int(np.bincount(found, weights=weight.sum(axis=1)).argmax()) if len(found) else 0
    return pd.concat([found, pd.Series(middle, index=absent, dtype=int)]).rename("speed_class").sort_index()


def _cut(values: np.ndarray, weights: np.ndarray, number: int) -> np.ndarray:
    """Class of each value so that the spread within classes is least, by dynamic programming over the order."""
    order = np.argsort(values, kind="stable")
    x, w = values[order], weights[order]
    number = min(number, len(np.unique(x)))
    mass, first, second = (np.concatenate([[0], np.cumsum(part)]) for part in (w, w * x, w * x**2))
    size = len(x)
    best = np.full((number + 1, size + 1), np.inf)
    best[0, 0] = 0
    start = np.zeros((number + 1, size + 1), dtype=int)
    for k in range(1, number + 1):
        for end in range(k, size + 1):
            begin = np.arange(k - 1, end)
            total = mass[end] - mass[begin]
            spread = second[end] - second[begin]
            mean = first[end] - first[begin]
            cost = best[k - 1, begin] + np.maximum(spread - mean**2 / np.maximum(total, 1e-12), 0)
            start[k, end] = begin[cost.argmin()]
            best[k, end] = cost.min()
    found, end = np.zeros(size, dtype=int), size
    for k in range(number, 0, -1):
        found[start[k, end] : end] = k - 1
        end = start[k, end]
    result = np.empty(size, dtype=int)
    result[order] = found
    return result
