"""Budgets of the years ahead: a year's own one, or else the last known one raised with wages and prices."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

COLUMNS = ("period", "budget_eur", "largest_eur", "raised_from", "probability", "probability_low")


def price_rise(prices: Mapping[int, float], since: int, year: int) -> float:
    """How much prices rise between two years; a year without a price is at or before the last accounts, at 1.

    Parameters
    ----------
    prices : mapping of int to float
        Year -> level of prices, 1 in the year of the last accounts.
    since, year : int
        From which year to which.

    Examples
    --------
    >>> round(price_rise({2025: 1.05, 2026: 1.10}, 2025, 2026), 4)
    1.0476
    """
    return prices.get(year, 1.0) / prices.get(since, 1.0)


def of_years(
    years: Sequence[int], costs: np.ndarray, prices: np.ndarray, *, known: Mapping[int, tuple[float, float]]
) -> pd.DataFrame:
    """The budget of each year ahead, and the chance that the costs exceed it.

    A budget of this year says little of costs that four years of wages and prices came on top of, so a later year
    without a budget is held to the last known one, raised with the middle rise of prices.

    Parameters
    ----------
    years : sequence of int
        The years of the forecast.
    costs, prices : ndarray (year, sample)
        Of one area: EUR, and the level of prices (1 in the year of the last accounts).
    known : mapping of int to (float, float)
        Year -> its whole budget and the largest budget that can be meant, in EUR.

    Returns
    -------
    DataFrame
        One row per year: period, budget_eur and largest_eur, raised_from (the year whose budget was raised; missing
        for a budget of the year itself), probability (0 to 1) and probability_low (against the largest budget).
        Without any budget the amounts and chances are empty.

    Examples
    --------
    Prices rise by a tenth, so the budget of 100 for 2025 becomes 110 in 2026; two of four futures cost more:

    >>> costs = np.array([[90.0, 95.0, 105.0, 110.0], [100.0, 105.0, 115.0, 120.0]])
    >>> prices = np.array([[1.0] * 4, [1.1] * 4])
    >>> of_years([2025, 2026], costs, prices, known={2025: (100.0, 108.0)})[
    ...     ["budget_eur", "raised_from", "probability", "probability_low"]].round(2).values.tolist()
    [[100.0, <NA>, 0.5, 0.25], [110.0, 2025, 0.5, 0.25]]
    """
    level = dict(zip(years, np.median(prices, axis=1).tolist(), strict=True))
    last = max(known, default=None)
    rows = []
    for year, row in zip(years, costs, strict=True):
        source = year if year in known else last
        if source is None:
            rows.append((year, np.nan, np.nan, pd.NA, np.nan, np.nan))
            continue
        rise = price_rise(level, source, year) if source != year else 1.0
        budget, largest = (amount * rise for amount in known[source])
        raised = pd.NA if source == year else source
        rows.append((year, budget, largest, raised, (row > budget).mean(), (row > largest).mean()))
    return pd.DataFrame(rows, columns=list(COLUMNS)).astype({"raised_from": "Int64"})
