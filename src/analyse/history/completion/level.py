"""What a month of care is expected to cost before its own declarations say much: level, growth and season.

A generalised Cape Cod (S. Gluck, "Balancing development and trend in loss reserve analysis", Proceedings of the
Casualty Actuarial Society 84, 1997): every month tells the level of its neighbours, in proportion to its completed
share and to how near it is. On top of it stand the growth and the season of the care form, because a level without
growth comes out low and one without a holiday dip comes out high.
"""

from __future__ import annotations

import numpy as np

from analyse.history.completion import credibility, totals

YEAR = 12
NEARNESS = 0.75
"""Weight of a month relative to that of its neighbour a month nearer."""
MATURE = 0.5
"""Completed share from which a month tells about season and growth."""
GROWTH_MONTHS = 24
"""Months that tell the growth, which is taken to go on to the cut-off."""


def expected(
    to_date: np.ndarray, done: np.ndarray, months: np.ndarray, *, groups: np.ndarray, ahead: int = 0
) -> np.ndarray:
    """Expected amount of each month, (series, month + ahead), EUR.

    Parameters
    ----------
    to_date : array (series, month)
        Declared up to the cut-off.
    done : array (series, month)
        Completed share.
    months : array (month,)
        Months since year 0.
    groups : array (series,) of int
        Care form of each series: series of one form share season and growth.
    ahead : int
        Months after the cut-off to expect as well.
    """
    place = months % YEAR
    factor = seasons(to_date, done, months, groups=groups)[groups]
    growth = _growth(to_date, done, months, groups=groups, factor=factor)[groups]
    use = np.maximum(done, 0) * factor[:, place]
    age = (months[-1] - months)[None, :]
    level = to_date * np.exp(growth[:, None] * age)
    until = np.arange(months[0], months[-1] + ahead + 1)
    near = NEARNESS ** np.abs(until[:, None] - months[None, :])
    above, below = level @ near.T, use @ near.T
    found = np.divide(above, below, out=np.zeros(above.shape), where=below > 0)
    onward = np.exp(growth[:, None] * (until - months[-1])[None, :])
    return np.maximum(found * onward * factor[:, until % YEAR], 0)


def seasons(to_date: np.ndarray, done: np.ndarray, months: np.ndarray, *, groups: np.ndarray) -> np.ndarray:
    """Factor of each month of the year by group, mean one, (group, 12); ones where a year is not whole yet.

    Ratios to a centred moving average of a year; a factor is believed as far as years agree on it.

    Parameters
    ----------
    to_date : ndarray (series, month)
        Declared up to the cut-off, EUR.
    done : ndarray (series, month)
        Share of each month that has been declared by then, 0 to 1.
    months : ndarray (month,)
        Months since year 0.
    groups : ndarray (series,)
        Number of the group of each series, from 0.
    """
    whole = _pooled(to_date, done, groups)
    trend = _year_mean(whole)
    ratio = np.divide(whole, trend, out=np.full(whole.shape, np.nan), where=trend > 0)
    values = np.zeros((len(whole), YEAR, len(months) // YEAR + 2))
    weights = np.zeros(values.shape)
    row = np.arange(len(months)) // YEAR
    values[:, months % YEAR, row] = np.nan_to_num(ratio)
    weights[:, months % YEAR, row] = np.isfinite(ratio)
    enough = (weights.sum(axis=2) > 0).all(axis=1)
    found = np.where(enough[:, None], credibility.shrunk(values, weights), 1.0)
    mean = found.mean(axis=1, keepdims=True)
    return np.divide(found, mean, out=np.ones(found.shape), where=(mean > 0) & (found > 0))


def _growth(to_date, done, months, *, groups, factor) -> np.ndarray:
    """Growth a month by group, log scale (group,): a line through the seasonally adjusted last years."""
    whole = _pooled(to_date / factor[:, months % YEAR], done, groups)
    age = months[-1] - months
    good = np.isfinite(whole) & (whole > 0) & (age < GROWTH_MONTHS)
    logs = np.log(np.where(good, whole, 1))
    count = np.maximum(good.sum(axis=1), 1)
    x = np.where(good, -age, 0)
    x = np.where(good, x - (x.sum(axis=1) / count)[:, None], 0)
    spread = (x**2).sum(axis=1)
    slope = np.divide((x * logs).sum(axis=1), spread, out=np.zeros(len(whole)), where=spread > 0)
    return np.where(count >= YEAR, slope, 0)


def _pooled(to_date: np.ndarray, done: np.ndarray, groups: np.ndarray) -> np.ndarray:
    """Ultimate of each group by chain ladder, NaN where too little is done, (group, month)."""
    good = done >= MATURE
    amount = totals.by(groups, np.divide(to_date, done, out=np.zeros(done.shape), where=good))
    weight = totals.by(groups, (~good & (to_date.sum(axis=1) > 0)[:, None]).astype(float))
    return np.where(weight == 0, amount, np.nan)


def _year_mean(values: np.ndarray) -> np.ndarray:
    """Centred moving average over a year; NaN at the ends."""
    result = np.full(values.shape, np.nan)
    if values.shape[1] > YEAR:
        window = np.array([0.5, *np.ones(YEAR - 1), 0.5]) / YEAR
        result[:, 6:-6] = np.lib.stride_tricks.sliding_window_view(values, YEAR + 1, axis=1) @ window
    return result
