"""Whether one method was nearer than another in the backtest, or may only have been lucky.

Areas of one year go wrong together, so years are drawn, not areas: a bootstrap over the origins, with all
areas of an origin kept together (B. Efron and R.J. Tibshirani, An Introduction to the Bootstrap (1993), ch. 8).
With few origins such an interval holds less often than its name says (``HELD``), and the table tells how often.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd

from analyse.errors import ParameterError
from analyse.forecast.backtest import MEDIAN

DRAWS = 4_999
HELD = {2: 0.50, 3: 0.75, 4: 0.80, 5: 0.84, 6: 0.86, 8: 0.89, 10: 0.90, 20: 0.92}
"""Origins -> how often the 95 % interval of a mean holds, in 40,000 simulations of independent normal years."""
SUMMARIES: dict[str, Callable[..., np.ndarray]] = {"median": np.nanmedian, "mean": np.nanmean}
"""How the absolute percentage errors of a group are summed up."""


def difference(
    table: pd.DataFrame, method: str, rival: str, *, rng: np.random.Generator, coverage: float = 0.95
) -> pd.DataFrame:
    """Difference between the absolute percentage errors of two methods, with its interval.

    Parameters
    ----------
    table : DataFrame
        From ``backtest.run``, or a part of it.
    method, rival : str
        Two methods of ``table``; only comparisons that both have count.
    rng : Generator
        Draws the origins.
    coverage : float
        Of the interval, between 0 and 1.

    Returns
    -------
    DataFrame
        One row per (level, horizon, summary), summary being median and mean: n (comparisons), origins, nearer
        (fraction of the comparisons in which ``method`` was nearer), difference_points (error of ``method`` less
        that of ``rival``, percentage points; below zero: ``method`` is better), low and high, and held_fraction:
        how often a 95 % interval of so many origins holds in fact. A group of one origin has no interval: NaN.

    Raises
    ------
    ParameterError
        If ``method`` or ``rival`` has no scores in ``table``.

    Examples
    --------
    In each of two years the forecast was off by 10 and 2 %, the rival by 4 and 6 %:

    >>> rows = pd.DataFrame({"level": "region", "horizon": 1, "origin": [2022] * 4 + [2023] * 4,
    ...     "area_code": ["A", "B"] * 4, "method": ["forecast", "forecast", "drift", "drift"] * 2,
    ...     "actual_eur": 100.0, "q0.5": [110.0, 102.0, 104.0, 106.0] * 2})
    >>> found = difference(rows, "forecast", "drift", rng=np.random.default_rng(1))
    >>> found[["summary", "n", "nearer", "difference_points", "low", "high"]].round(2).values.tolist()
    [['median', 4, 0.5, 1.0, 1.0, 1.0], ['mean', 4, 0.5, 1.0, 1.0, 1.0]]
    """
    known = set(table["method"])
    for name in (method, rival):
        if name not in known:
            raise ParameterError(
                f"paired: method {name!r} is not in the table; choose from {', '.join(sorted(known))}"
            )
    off = table.assign(off=100 * (table[MEDIAN] / table["actual_eur"] - 1).abs())
    both = off.pivot(index=["level", "horizon", "origin", "area_code"], columns="method", values="off")
    both = both[[method, rival]].dropna()
    rows = []
    for (level, horizon), group in both.groupby(["level", "horizon"]):
        errors = {name: group[name].unstack("area_code").to_numpy() for name in (method, rival)}
        nearer = float((group[method] < group[rival]).mean())
        for summary, of in SUMMARIES.items():
            estimate = _interval(errors[method], errors[rival], of, rng=rng, coverage=coverage)
            origins = len(errors[method])
            held = float(np.interp(origins, list(HELD), list(HELD.values()))) if origins > 1 else np.nan
            rows.append((level, horizon, summary, len(group), origins, nearer, *estimate, held))
    columns = [
        "level",
        "horizon",
        "summary",
        "n",
        "origins",
        "nearer",
        "difference_points",
        "low",
        "high",
        "held_fraction",
    ]
    return pd.DataFrame(rows, columns=columns)


def _interval(
    first: np.ndarray,
    second: np.ndarray,
    of: Callable[..., np.ndarray],
    *,
    rng: np.random.Generator,
    coverage: float,
) -> tuple[float, float, float]:
    """Difference of two summaries of errors (origin, area), NaN where unknown, and both ends of its interval."""
    from scipy import stats  # takes longer to import than all of pandas

    def apart(origins: np.ndarray, axis: int = -1) -> np.ndarray:
        axes = (axis - 1, axis)
        return of(first[origins], axis=axes) - of(second[origins], axis=axes)

    origins = np.arange(len(first))
    if len(origins) < 2:
        return float(apart(origins)), np.nan, np.nan
    drawn = stats.bootstrap(
        (origins,),
        apart,
        n_resamples=DRAWS,
        vectorized=True,
        confidence_level=coverage,
        method="percentile",
        rng=rng,
    )
    return float(apart(origins)), *(float(end) for end in drawn.confidence_interval)
