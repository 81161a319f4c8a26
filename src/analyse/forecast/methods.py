"""The door for methods: what forecasts real cost per youth, and the plain rivals of the backtest.

A method is a function ``method(known, *, horizon, samples, streams) -> ndarray (series, horizon, samples)``
of log cost per youth in prices of the origin; all series at once, only what is in ``known``. To use
another one, put it in ``METHODS`` and name it in ``STANDARD``: simulation, summary, drivers and backtest
follow.

A rival is a function ``rival(known, horizon) -> ndarray (series, horizon)`` of costs in EUR, one number per
year and no interval; NaN where it has nothing to say.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable

import numpy as np

from analyse.errors import ParameterError
from analyse.forecast import growth
from analyse.forecast.known import Known

METHODS: dict[str, Callable[..., np.ndarray]] = {"pooled growth": growth.paths}
STANDARD = "pooled growth"


def find(name: str) -> Callable[..., np.ndarray]:
    """The method of this name.

    Raises
    ------
    ParameterError
        When there is none, with the nearest name.
    """
    if name not in METHODS:
        near = difflib.get_close_matches(name, METHODS, n=1) or list(METHODS)
        raise ParameterError(f"forecast: method {name!r} is not known; did you mean {near[0]!r}?")
    return METHODS[name]


def last_year(known: Known, horizon: int) -> np.ndarray:
    """The last known costs, again and again."""
    return repeat(known.cost_eur, horizon)


def last_growth(known: Known, horizon: int) -> np.ndarray:
    """The last known costs with the growth of the last year, every year again."""
    return repeat_growth(known.cost_eur, horizon)


def repeat(values: np.ndarray, horizon: int) -> np.ndarray:
    """Last known value of each series (series, horizon).

    Examples
    --------
    >>> repeat(np.array([[90.0, 100.0], [5.0, np.nan]]), 2).tolist()
    [[100.0, 100.0], [5.0, 5.0]]
    """
    return np.repeat(_last(values)[:, None], horizon, axis=1)


def repeat_growth(values: np.ndarray, horizon: int) -> np.ndarray:
    """Last known value, growing each year as it grew on average since the known value before it.

    Examples
    --------
    >>> repeat_growth(np.array([[100.0, 110.0]]), 2).round(1).tolist()
    [[121.0, 133.1]]
    """
    latest = np.array([_growth(row) for row in values])
    return _last(values)[:, None] * latest[:, None] ** np.arange(1, horizon + 1)


def _last(values: np.ndarray) -> np.ndarray:
    return np.array([row[np.isfinite(row)][-1] if np.isfinite(row).any() else np.nan for row in values])


def _growth(row: np.ndarray) -> float:
    """Growth factor per year between the last two known values; 1 when there is only one."""
    where = np.flatnonzero(np.isfinite(row))
    if len(where) < 2:
        return 1.0
    return float((row[where[-1]] / row[where[-2]]) ** (1 / (where[-1] - where[-2])))


RIVALS: dict[str, Callable[[Known, int], np.ndarray]] = {"last_year": last_year, "last_growth": last_growth}
