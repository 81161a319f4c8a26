"""Joint paths of costs that mostly move together: a pooled growth whose own uncertainty counts.

On real municipal costs most of the movement from year to year is common, so the pooled growth of all series
forecasts each of them better than its own history does. But that common path rests on a handful of years;
what is uncertain about it does not average out over municipalities, and it decides the intervals of totals.

For series *i* in region *r*, with :math:`x` the log level and :math:`s` steps after origin :math:`o`,

.. math:: x_{i,o+s} = x_{i,o} + \\mu D_s + \\beta S_i + C_s + R_{r,s} + E_{i,s},
          \\qquad D_s = 1 + \\phi + \\dots + \\phi^{s-1}

with :math:`\\mu` the mean over years of the median growth, :math:`S` what an announced level (a budget) says
beyond its usual distance, and three errors: *common* :math:`C`, *regional* :math:`R` (random walks) and
*own* :math:`E` (a random walk plus noise in the level of each year).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

DAMPING = 0.9
"""Growth keeps this share of itself with every further year (Gardner & McKenzie 1985)."""

PRIOR_COMMON, PRIOR_YEARS = 0.05, 4.0
"""Belief before any year is seen: the common growth varies by 5 percentage points; worth four years."""

PRIOR_OWN, PRIOR_OWN_YEARS = 0.08, 2.0
"""The same for a series' own growth: 8 percentage points, worth two years of all series."""

SERIES_YEARS = 4.0
"""A series' own spread is shrunk to the pooled one, which counts as four of its years."""

BUDGET_SHARE, BUDGET_WEIGHT = 1 / 3, 20.0
"""An announced level gets one vote of three before anything is seen; worth 20 reweighted observations."""

LARGEST_SIGNAL = 0.3
SMALLEST_ERROR = 0.03


@dataclass(frozen=True)
class Growth:
    """Known at one origin: growth per period, from how many periods, and what the announced level adds."""

    mean: float
    years: int
    signal: np.ndarray


@dataclass(frozen=True)
class Spread:
    """Standard deviations of one period's errors, and the years behind them.

    ``common`` and ``region`` are numbers; ``walk`` and ``noise`` (series,) the lasting and the passing part
    of the own errors; ``years`` the degrees of freedom of the common one, ``own_years`` (series,) of the own.
    """

    common: float
    years: float
    region: float
    walk: np.ndarray
    noise: np.ndarray
    own_years: np.ndarray


def common_path(
    logs: np.ndarray,
    *,
    horizon: int,
    samples: int,
    rng: np.random.Generator,
    regions: np.ndarray,
    breaks: tuple[int, ...] = (),
    announced: np.ndarray | None = None,
) -> np.ndarray:
    """Draw joint log levels, (series, horizon, sample): one sample is one future of all series together.

    Estimated, from past forecasts only: the median growth of each period and its mean; the weight of the
    announced level (robust regression of the growth on it over all past periods, shrunk to one third); the
    spread of the common error (how far each period's median growth fell from what was forecast for it), of
    the regional one (what the regions' medians add), and of the own errors with one and two steps, which
    tells lasting from passing. Every spread is itself uncertain, by the number of periods behind it: it is
    drawn anew in each sample, which gives Student's t. The error of the mean growth is drawn once per sample
    and holds in every period.

    Parameters
    ----------
    logs : (series, period), log real cost per youth; NaN where unknown or masked
    regions : (series,), the region of each series
    breaks : periods (column indices) whose growth over the previous one is left out: a shift of level
    announced : (series, period + 1), log of the level announced beforehand for every period and the first of
        the forecast, in the units of ``logs``; NaN where there is none

    Returns
    -------
    (series, horizon, sample) log levels; a series without a last value starts from its latest one

    Examples
    --------
    >>> logs = np.log(100 * 1.05 ** np.arange(6)) + np.zeros((4, 1))
    >>> paths = common_path(logs, horizon=1, samples=2000, rng=np.random.default_rng(1), regions=np.zeros(4))
    >>> float(np.exp(np.median(paths)).round(-1))
    130.0
    """
    numbers = np.unique(regions, return_inverse=True)[1]
    growth = yearly_growth(logs, breaks)
    found = growth_until(logs, growth, announced=announced, period=logs.shape[1])
    spread = estimated_spread(logs, growth, announced=announced, regions=numbers)
    start, gap = latest(logs)
    steps = np.arange(1, horizon + 1)
    damped = (1 - DAMPING ** (steps + gap[:, None])) / (1 - DAMPING)
    centre = start[:, None] + found.mean * damped + found.signal[:, None]
    return centre[:, :, None] + _errors(found, spread, numbers, horizon=horizon, samples=samples, rng=rng)


def latest(logs: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The latest known level of each series and how many periods ago it was, both (series,)."""
    known = np.isfinite(logs)
    gap = known[:, ::-1].argmax(axis=1)
    return logs[np.arange(len(logs)), logs.shape[1] - 1 - gap], gap


def yearly_growth(logs: np.ndarray, breaks: tuple[int, ...]) -> np.ndarray:
    """Growth over the previous period, (series, period); NaN in the first period and at a break."""
    growth = np.diff(logs, axis=1, prepend=np.nan)
    growth[:, list(breaks)] = np.nan
    return growth


def growth_until(
    logs: np.ndarray, growth: np.ndarray, *, announced: np.ndarray | None, period: int
) -> Growth:
    """Mean growth and announced signal for ``period``, from what was known before it."""
    medians = _medians(growth[:, :period])
    mean = float(medians.mean()) if len(medians) else 0.0
    if announced is None:
        return Growth(mean, len(medians), np.zeros(len(logs)))
    distance = np.full(announced.shape, np.nan)
    distance[:, 1:] = announced[:, 1:] - logs[:, : announced.shape[1] - 1]
    usable = [t for t in range(1, period) if np.isfinite(growth[:, t] + distance[:, t]).any()]
    usual = (
        np.mean([np.nanmedian(distance[:, t]) for t in usable])
        if usable
        else np.nanmedian(distance[:, period])
    )
    share = _announced_share(growth[:, usable], distance[:, usable])
    signal = np.clip(np.nan_to_num(distance[:, period] - usual), -LARGEST_SIGNAL, LARGEST_SIGNAL)
    return Growth(mean, len(medians), share * signal)


def _medians(growth: np.ndarray) -> np.ndarray:
    """Median growth of every period in which there is any."""
    known = np.isfinite(growth).any(axis=0)
    return np.nanmedian(growth[:, known], axis=0)


def _announced_share(growth: np.ndarray, distance: np.ndarray) -> float:
    """Share of the announced distance that comes true: least absolute deviations, shrunk to one third."""
    if growth.shape[1] == 0:
        return BUDGET_SHARE
    target = growth - np.nanmedian(growth, axis=0)
    signal = np.clip(distance - np.nanmedian(distance, axis=0), -LARGEST_SIGNAL, LARGEST_SIGNAL)
    both = np.isfinite(target + signal)
    target, signal, share = target[both], signal[both], BUDGET_SHARE
    for _ in range(20):
        weight = 1 / np.maximum(np.abs(target - share * signal), SMALLEST_ERROR)
        total = (weight * signal**2).sum() + BUDGET_WEIGHT
        share = ((weight * signal * target).sum() + BUDGET_WEIGHT * BUDGET_SHARE) / total
    return float(np.clip(share, 0, 1))


def estimated_spread(
    logs: np.ndarray, growth: np.ndarray, *, announced: np.ndarray | None, regions: np.ndarray
) -> Spread:
    """Spread of the common, regional and own errors of the forecasts made in the past."""
    periods = logs.shape[1]
    own_one, own_two, common, regional = [], [], [], []
    for period in range(2, periods):
        known = growth_until(logs, growth, announced=announced, period=period)
        if known.years == 0 or not np.isfinite(growth[:, period]).any():
            own_one.append(np.full(len(logs), np.nan))
            own_two.append(np.full(len(logs), np.nan))
            continue
        error = growth[:, period] - known.mean - known.signal
        middle = np.nanmedian(error)
        common.append(middle**2 / (1 + 1 / known.years))
        own_one.append(error - middle)
        regional += _regional(error - middle, regions)
        if period + 1 < periods:
            further = error + growth[:, period + 1]
            own_two.append(further - _median(further))
    one = np.array(own_one).reshape(-1, len(logs))
    return _shrunk(one, np.array(own_two).reshape(-1, len(logs)), common=common, regional=regional)


def _median(values: np.ndarray) -> float:
    """Median of what is known, NaN where nothing is."""
    return float(np.nanmedian(values)) if np.isfinite(values).any() else np.nan


def _regional(error: np.ndarray, regions: np.ndarray) -> list[float]:
    """Squared medians of the regions less what the own errors alone would give."""
    excess = []
    for region in np.unique(regions):
        member = error[(regions == region) & np.isfinite(error)]
        if len(member) > 1:
            excess.append(np.median(member) ** 2 - np.pi / 2 * _squared(member) / len(member))
    return excess


def _squared(values: np.ndarray) -> float:
    """Robust mean square: outliers count as three spreads."""
    limit = 3 * 1.4826 * np.median(np.abs(values)) + 1e-9
    return float(np.mean(np.clip(values, -limit, limit) ** 2))


def _shrunk(one: np.ndarray, two: np.ndarray, *, common: list, regional: list) -> Spread:
    """Shrink every spread to its prior, and each series' own to the pooled one."""
    years = len(common) + PRIOR_YEARS
    common_variance = (np.sum(common) + PRIOR_YEARS * PRIOR_COMMON**2) / years
    per_year = [_squared(row[np.isfinite(row)]) for row in one if np.isfinite(row).any()]
    pooled = (np.sum(per_year) + PRIOR_OWN_YEARS * PRIOR_OWN**2) / (len(per_year) + PRIOR_OWN_YEARS)
    region = max(0.0, float(np.mean(regional))) if regional else 0.0
    known = np.isfinite(one)
    count = known.sum(axis=0)
    limit = 3 * np.sqrt(pooled)
    squares = (np.where(known, np.clip(one, -limit, limit), 0) ** 2).sum(axis=0)
    own = (squares + SERIES_YEARS * pooled) / (count + SERIES_YEARS)
    lasting = lasting_share(one, two)
    noise = np.sqrt((1 - lasting) * own / 2)
    return Spread(
        np.sqrt(common_variance), years, np.sqrt(region), np.sqrt(lasting * own), noise, count + SERIES_YEARS
    )


def lasting_share(one: np.ndarray, two: np.ndarray) -> float:
    """Share of the one-step variance that lasts: noise in the levels is not twice as large after two steps.

    With :math:`V_1 = w + 2n` and :math:`V_2 = 2w + 2n` the walk is :math:`w = V_2 - V_1`. Pulled to one half.
    """
    first, second = one[: len(two)], two
    both = np.isfinite(first) & np.isfinite(second)
    if both.sum() < 3:
        return 0.5
    ratio = _squared(second[both]) / max(_squared(first[both]), 1e-12) - 1
    weight = both.sum() / (both.sum() + 50)
    return float(np.clip(weight * ratio + (1 - weight) * 0.5, 0.1, 1))


def _errors(
    found: Growth, spread: Spread, regions: np.ndarray, *, horizon: int, samples: int, rng
) -> np.ndarray:
    """Draw the sum of all errors, (series, horizon, sample)."""
    series = len(regions)
    common = spread.common * _uncertain(rng, spread.years, (samples,))
    years = max(found.years, 1)
    drift = common / np.sqrt(years) * rng.standard_normal(samples)
    damped = (1 - DAMPING ** np.arange(1, horizon + 1)) / (1 - DAMPING)
    together = (common * rng.standard_normal((horizon, samples))).cumsum(axis=0) + damped[:, None] * drift
    regional = spread.region * rng.standard_normal((regions.max() + 1, horizon, samples)).cumsum(axis=1)
    scale = _uncertain(rng, spread.own_years[:, None], (series, samples))[:, None, :]
    walk = spread.walk[:, None, None] * rng.standard_normal((series, horizon, samples)).cumsum(axis=1)
    noise = rng.standard_normal((series, horizon + 1, samples))
    passing = spread.noise[:, None, None] * (noise[:, 1:] - noise[:, :1])
    return together + regional[regions] + scale * (walk + passing)


def _uncertain(rng: np.random.Generator, years: float | np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    """Factor on a spread known from so many years: the root of years over a chi-squared draw."""
    return np.sqrt(years / rng.chisquare(years, shape))
