"""Real cost per youth: the last accounts, pooled growth that fades, a pull to the expected level, and budgets.

All on the log scale, for all municipalities at once. The growth of one municipality in seven years is mostly
noise and the growth they have in common is not, so the trend is pooled and only the level is own. Two signals
tell municipalities apart: how far one lies from what its need explains, and what its own budgets say. The
constants stand in ``parameters/forecast.yaml`` and are estimated by ``benchmarks/forecasting/tune.py``.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analyse.forecast import expected, price, starting
from analyse.forecast.known import Known
from analyse.forecast.streams import Streams
from analyse.schema import REACH_80


@dataclass(frozen=True)
class Fit:
    """Estimates at an origin, all on the log scale.

    ``level`` (series,): real cost per youth in the year of the origin; ``growth``: pooled growth a year before it
    fades; ``growth_sd``: its standard error; ``shared_sd``, ``region_sd``: of a yearly shock; ``own_sd``
    (series,); ``pull`` and ``budget`` (series, horizon): what the expected level and the budgets add;
    ``signal_sd`` (series, horizon): by how much that differs between municipalities with the same signals;
    ``start_sd`` (series,): how uncertain the level itself is, above 0 for one without accounts.
    """

    level: np.ndarray
    growth: float
    growth_sd: float
    shared_sd: float
    region_sd: float
    own_sd: np.ndarray
    pull: np.ndarray
    budget: np.ndarray
    signal_sd: np.ndarray
    start_sd: np.ndarray


def log_real_cost(known: Known) -> np.ndarray:
    """Log of cost per youth in prices of the origin (series, years); NaN where the costs are not known."""
    index = price.log_index(known.price_growth, known.years)
    return np.log(known.cost_eur) - np.log(known.youths[:, :-1]) - index


def pooled_growth(values: np.ndarray, breaks: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Median growth of all series into each year, and which years count for the trend.

    Parameters
    ----------
    values : ndarray (series, years)
        On the log scale, NaN where unknown.
    breaks : ndarray of bool (series, years)
        True where growth into the year must be left out.

    Returns
    -------
    medians, usable : ndarray (years - 1,)
        The median is over series without a break; where all have one it is over all series, so that the
        level follows, and the year does not count.

    Examples
    --------
    >>> values = np.array([[0.0, 0.1, 0.5], [0.0, 0.2, 0.8], [0.0, 0.3, 0.6]])
    >>> breaks = np.array([[False, False, True]] * 3)
    >>> medians, usable = pooled_growth(values, breaks)
    >>> medians.round(2).tolist(), usable.tolist()
    ([0.2, 0.4], [True, False])
    """
    steps, broken = np.diff(values, axis=1), breaks[:, 1:]
    usable = (~broken & ~np.isnan(steps)).any(axis=0)
    counted = np.where(broken & usable, np.nan, steps)
    known = ~np.isnan(counted).all(axis=0)
    medians = np.zeros(steps.shape[1])
    medians[known] = np.nanmedian(counted[:, known], axis=0)
    return medians, usable


def last_level(values: np.ndarray, medians: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The last known value of each series, carried on with the pooled growth.

    Parameters
    ----------
    values : ndarray (series, years)
        On the log scale, NaN where unknown.
    medians : ndarray (years - 1,)
        Pooled growth into each year but the first.

    Returns
    -------
    level : ndarray (series,)
        In the last year.
    errors : ndarray (series, years - 1)
        Distance of each year's value to the one before with the pooled growth; NaN where unknown.

    Examples
    --------
    >>> level, errors = last_level(np.array([[1.0, 1.6], [1.0, np.nan]]), np.array([0.1]))
    >>> level.tolist(), errors.round(1).tolist()
    ([1.6, 1.1], [[0.5], [nan]])
    """
    level, errors = values[:, 0].copy(), np.full((len(values), values.shape[1] - 1), np.nan)
    for year in range(1, values.shape[1]):
        level = level + medians[year - 1]
        errors[:, year - 1] = values[:, year] - level
        level = np.where(np.isnan(values[:, year]), level, values[:, year])
    return level, errors


def fit(known: Known, horizon: int) -> Fit:
    """Estimate everything from the figures known at the origin; see docs/method.md for the formulas."""
    chosen = known.constants.costs
    values = log_real_cost(known)
    medians, usable = pooled_growth(values, known.cost_breaks)
    level, errors = last_level(values, medians)
    level, start_sd = starting.found(known, level)
    counted, years = medians[usable], chosen.shared_prior_years
    growth = (counted.sum() + years * chosen.shared_growth) / (len(counted) + years)
    squares = float(((counted - counted.mean()) ** 2).sum()) if len(counted) else 0.0
    shared = np.sqrt((years * chosen.shared_sd**2 + squares) / (years + max(len(counted) - 1, 0)))
    return Fit(
        level=level,
        growth=float(growth),
        growth_sd=float(shared / np.sqrt(len(counted) + years)),
        shared_sd=float(shared),
        region_sd=chosen.region_sd,
        own_sd=_own_sd(known, errors[:, usable]),
        start_sd=start_sd,
        **_moves(known, level, horizon),
    )


def _moves(known: Known, level: np.ndarray, horizon: int) -> dict[str, np.ndarray]:
    """What the expected level (``pull``) and the budgets (``budget``) add to the level, and the spread of both.

    Each is (series, horizon). The weights are those of all municipalities together; ``signal_sd`` says how far one
    municipality is from them: a pull that is another one every year, a budget of which more or less comes true.
    Nothing was measured beyond three years: later ones keep what the third has.
    """
    chosen = known.constants.costs
    own, region = expected.apart(known, level)
    ahead, message = budget_message(known, level)
    steps = np.minimum(np.arange(horizon), len(chosen.budget_weight[0]) - 1)
    pull_own, pull_region, weight = (
        np.array(table)[ahead][:, steps]
        for table in (chosen.pull_own, chosen.pull_region, chosen.budget_weight)
    )
    apart, years = (own + region)[:, None], np.sqrt(np.arange(1, horizon + 1))
    return {
        "pull": -pull_own * own[:, None] - pull_region * region[:, None],
        "budget": weight * message[:, None],
        "signal_sd": np.hypot(chosen.pull_sd * apart * years, chosen.budget_sd * message[:, None]),
    }


def towards_need(known: Known, horizon: int) -> pd.DataFrame:
    """The part of the change that comes from moving towards what similar need costs elsewhere. It is not advice.

    Returns
    -------
    DataFrame
        One row per municipality_code and period: effect_percent on the costs of that year, q0.1 and q0.9 (80 % interval
        of that effect: the standard error of the pull, and how far it differs between municipalities; what else
        happens is in the interval of the costs).
    """
    chosen = known.constants.costs
    values = log_real_cost(known)
    level, _ = starting.found(known, last_level(values, pooled_growth(values, known.cost_breaks)[0])[0])
    own, region = expected.apart(known, level)
    ahead, _ = budget_message(known, level)
    steps = np.minimum(np.arange(horizon), len(chosen.budget_weight[0]) - 1)
    effect = _moves(known, level, horizon)["pull"]
    error = np.hypot(
        own[:, None] * np.array(chosen.pull_own_error)[ahead][:, steps],
        chosen.pull_sd * (own + region)[:, None] * np.sqrt(np.arange(1, horizon + 1)),
    )
    tail = REACH_80 * error
    columns = {"effect_percent": effect, "q0.1": effect - tail, "q0.9": effect + tail}
    rows = pd.DataFrame(
        {
            "municipality_code": np.repeat(np.array(known.codes), horizon),
            "period": np.tile(known.origin + 1 + np.arange(horizon), len(own)),
        }
    )
    return rows.assign(**{name: 100 * np.expm1(values.ravel()) for name, values in columns.items()})


def budget_message(known: Known, level: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """How many years ahead the budget is known (series,), and how far the last one differs from the others' (series,).

    The message is the log of the budget over the costs now, less the median over all municipalities; what all
    budgets say together is not believed. A budget booked by other rules than the accounts counts for less.
    """
    nominal = level + np.log(known.youths[:, -2])
    ahead, message = np.zeros(len(level), dtype=int), np.zeros(len(level))
    for years in (1, 2):
        budget = known.budget_eur[:, len(known.years) + years - 1]
        said = expected.centred(np.log(np.where(budget > 0, budget, np.nan)) - nominal)
        if any(known.origin < year <= known.origin + years for year in known.renumbered):
            said = said * known.constants.costs.renumbered_budget_share
        seen = np.isfinite(said)
        ahead, message = np.where(seen, years, ahead), np.where(seen, said, message)
    return ahead, message


def _own_sd(known: Known, errors: np.ndarray) -> np.ndarray:
    """Standard deviation per series: a pooled curve by size, moved towards the series' own errors."""
    chosen = known.constants.costs
    size = known.inhabitants[:, -1]
    shape = np.nan_to_num((size / np.nanmedian(size)) ** -chosen.size_slope, nan=1.0)
    scaled = errors / shape[:, None]
    pooled = expected.robust_sd(scaled) if np.isfinite(scaled).any() else chosen.own_sd
    prior = 0.5 * (pooled + chosen.own_sd)
    count = np.isfinite(scaled).sum(axis=1)
    own = np.nansum(np.minimum(scaled**2, (3 * prior) ** 2), axis=1)
    weight = 2 * chosen.own_prior_years
    return shape * np.sqrt((weight * prior**2 + own) / (weight + count))


def paths(known: Known, *, horizon: int, samples: int, streams: Streams) -> np.ndarray:
    """Sample log real cost per youth after the origin.

    Parameters
    ----------
    known, horizon, samples, streams
        As for every part of the costs, see ``joint.joint``.

    Returns
    -------
    ndarray (series, horizon, samples)
        In prices of the origin.
    """
    estimate = fit(known, horizon)
    fading = np.cumsum(known.constants.costs.damping ** np.arange(1, horizon + 1))
    middle = estimate.level[:, None] + estimate.pull + estimate.budget + estimate.growth * fading
    shape = (horizon, samples)
    return (
        middle[:, :, None]
        + _shared(known, estimate, fading, streams, shape)[None]
        + _region(known, estimate, streams, shape)[known.region_index]
        + _own(known, estimate, streams, shape)
        + estimate.signal_sd[:, :, None] * streams.normal("signal", known.codes, (1, samples))
        + estimate.start_sd[:, None, None] * streams.normal("start", known.codes, (1, samples))
    )


def _shared(
    known: Known, estimate: Fit, fading: np.ndarray, streams: Streams, shape: tuple[int, int]
) -> np.ndarray:
    """Common path: the growth is not known exactly, every year adds a shock, a break ahead one more."""
    chosen = known.constants.costs
    trend = streams.normal("growth", ["ALL"], (1, shape[1]))[0] * estimate.growth_sd
    shocks = streams.student("shared", ["ALL"], shape, 2 * chosen.degrees)[0] * estimate.shared_sd
    broken = _in(known.breaks_ahead, known, shape[0])[:, None]
    breaks = streams.normal("break", ["ALL"], shape)[0] * chosen.break_shared_sd * broken
    return fading[:, None] * trend + np.cumsum(shocks + breaks, axis=0)


def _region(known: Known, estimate: Fit, streams: Streams, shape: tuple[int, int]) -> np.ndarray:
    regions = sorted(set(known.regions))
    return _innovations(known, streams.normal("region", regions, shape) * estimate.region_sd)


def _own(known: Known, estimate: Fit, streams: Streams, shape: tuple[int, int]) -> np.ndarray:
    """Own shocks; a change of bookkeeping or a rule that moves bills between municipalities adds one that stays."""
    chosen = known.constants.costs
    shocks = streams.student("own", known.codes, shape, chosen.degrees) * estimate.own_sd[:, None, None]
    extra = np.hypot(
        chosen.break_own_sd * _in(known.breaks_ahead, known, shape[0]),
        chosen.announced_own_sd * _in(known.announced, known, shape[0]),
    )
    paths = _innovations(known, shocks)
    if extra.any():
        paths += np.cumsum(streams.normal("own break", known.codes, shape) * extra[:, None], axis=1)
    return paths


def _innovations(known: Known, shocks: np.ndarray) -> np.ndarray:
    """A shock counts whole in its own year; the part ``shock_stays`` stays in the level after it."""
    return shocks + known.constants.costs.shock_stays * (np.cumsum(shocks, axis=1) - shocks)


def _in(years: frozenset[int], known: Known, horizon: int) -> np.ndarray:
    """1 for each year after the origin that is one of ``years``, else 0."""
    return np.array([float(known.origin + 1 + step in years) for step in range(horizon)])
