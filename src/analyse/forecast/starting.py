"""Where the forecast of a municipality without any accounts starts: its own budget, or what similar need costs."""

from __future__ import annotations

import numpy as np

from analyse.forecast import expected
from analyse.forecast.known import Known


def found(known: Known, level: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The level of every municipality, of those without accounts by their budget or else by their need.

    A budget is read as the others' are: less the median of what all budgets of that year are above the costs of today.
    Of several years the one counts whose budgets lie closest to the costs. Without a budget, the level is the one that
    income support and the share of youths explain.

    Parameters
    ----------
    known : Known
        Figures known at the origin.
    level : ndarray (series,)
        Log of costs per youth in the year of the origin, NaN where no accounts are known.

    Returns
    -------
    level, deviation : ndarray (series,)
        Without gaps; and the standard deviation of the level, on the log scale: 0 where accounts are known.

    Examples
    --------
    Of the third only a budget is known. The others spend a fifth more than they budget, so it will as well:

    >>> from types import SimpleNamespace
    >>> known = SimpleNamespace(youths=np.full((3, 3), 10.0), years=np.array([2023, 2024]),
    ...     budget_eur=np.array([[np.nan, 100.0, np.nan, np.nan], [np.nan, 200, np.nan, np.nan],
    ...                          [np.nan, 50, np.nan, np.nan]]))
    >>> level, deviation = found(known, np.log([12.0, 24.0, np.nan]))
    >>> np.exp(level).round(1).tolist(), deviation.round(2).tolist()
    ([12.0, 24.0, 6.0], [0.0, 0.0, 0.0])
    """
    without, deviation = np.isnan(level), np.zeros(len(level))
    if not without.any():
        return level, deviation
    above = np.log(np.where(known.budget_eur > 0, known.budget_eur, np.nan))
    above = above - np.log(known.youths[:, -2])[:, None]
    level, usual = level.copy(), level
    for place in np.flatnonzero(without):
        years = np.flatnonzero(np.isfinite(above[place]))
        readings = [one for one in (_by_budget(above[:, year], usual, place) for year in years) if one]
        level[place], deviation[place] = (
            min(readings, key=lambda one: one[1]) if readings else _by_need(known, usual, place)
        )
    return level, deviation


def _by_budget(budgets: np.ndarray, level: np.ndarray, place: int) -> tuple[float, float] | None:
    """Level and deviation by the budgets per youth of one year, on the log scale; None where nobody else has one."""
    apart = budgets - level
    if not np.isfinite(apart).any():
        return None
    middle = np.nanmedian(apart)
    return float(budgets[place] - middle), expected.robust_sd(apart - middle)


def _by_need(known: Known, level: np.ndarray, place: int) -> tuple[float, float]:
    """Level and its deviation by what need explains."""
    explained, deviation = expected.usual(known, level)
    return float(explained[place]), deviation
