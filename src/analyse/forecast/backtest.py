"""What the forecast would have said in the past: the same code, with only what was known then.

At every origin the accounts of that year were the last known; the forecast looks one to three years ahead
and is compared with the accounts that followed, with simple rivals, and with the municipality's own budget.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Collection, Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np
import pandas as pd

from analyse.assumed import Assumed
from analyse.errors import ParameterError
from analyse.forecast import known as knowledge
from analyse.forecast import own_assumptions, scores
from analyse.forecast import rivals as others
from analyse.forecast.joint import joint
from analyse.forecast.known import Known
from analyse.forecast.summary import COVERAGE_80, COVERAGE_95
from analyse.history.areas import ALL
from analyse.schema import QUANTILES, quantile_names

FIRST_ORIGIN = 2019
"""Three years of accounts (2017-2019) are the least from which a growth can be pooled."""
HORIZON = 3
FORECAST, BUDGET, MEDIAN = "forecast", "budget", "q0.5"
STANDARD = (FORECAST, *others.DEFAULT, BUDGET)
"""Methods of every report."""
FURTHER = ("drift", "pooled_growth", "engine", "state_space")
"""What the page on the backtest compares them with."""
KEYS = ["area_code", "level", "origin", "horizon", "period", "method"]
COLUMNS = [
    *KEYS,
    *("size", "break_between", "scale_eur", "crps_eur", "actual_eur"),
    *quantile_names(),
    *("mean_eur", "inhabitants", "region_code"),
]
SIZES = {"small": 6_000, "middle": 15_000, "large": np.inf}
"""Size of a municipality, and below how many youths (0-17) in the year after the origin it has that size."""
MEASURES = ("median_absolute_percentage_error", "bias_percent", "coverage_80", "coverage_95")
PUBLIC = (*MEASURES[:2], "crps_percent", "msis_95", *MEASURES[2:], "width_80_percent")
"""Measures of ``analyse backtest``: CRPS and width in per cent of the accounts."""
CLASSES = {
    "below 20,000": 20_000,
    "20,000 to 50,000": 50_000,
    "50,000 to 100,000": 100_000,
    "from 100,000": np.inf,
}
"""Size class of a municipality in ``scores_by_class``, and below how many inhabitants it has that class."""
EVERY = "all"
SCALED = ("mase", "smape_percent", "scaled_crps", "msis_95")
"""Measures for comparing methods: they need the columns scale_eur and crps_eur."""


def run(  # noqa: PLR0913 - a backtest has as many choices
    history: pd.DataFrame,
    tables: Mapping[str, pd.DataFrame],
    *,
    rng: np.random.Generator,
    samples: int = 500,
    origins: Sequence[int] | None = None,
    methods: Sequence[str] = STANDARD,
    budgets_ahead: int = 1,
    only: Collection[str] = (),
    assumptions: Assumed | Mapping[str, Any] | None = None,
) -> pd.DataFrame:
    """Forecast from every origin in the past, and compare it with what followed.

    Parameters
    ----------
    history, tables
        As for ``simulate``.
    rng : Generator
        ``run.rng("backtest")``.
    samples : int
        Joint futures per origin.
    origins : sequence of int, optional
        Default 2019 to the year before the last accounts.
    methods : sequence of str
        ``forecast`` (the shipped method), names in ``rivals.RIVALS`` and ``budget`` (the original budget of that year,
        whatever the horizon). Of the rivals engine, table and ets take much longer.
    budgets_ahead : {1, 2}
        Whether only the budget of the year after the origin is known (summer), or that of the year after it too.
    only : collection of str
        Codes of the municipalities that are compared; none is all. The methods learn from all of ``history``.
    assumptions : Assumed or mapping, optional
        As for ``simulate``: a year that is left out, or all budgets, are unknown to the methods, not to the comparison.
        At each origin prices grow as they did until then, whatever a run assumes of the years ahead.

    Returns
    -------
    DataFrame
        One row per (area_code, level, origin, horizon, period, method): size (of a municipality, see ``SIZES``),
        break_between (a declared change of bookkeeping lies between origin and period), scale_eur (mean absolute
        yearly change of the accounts up to the origin), crps_eur, actual_eur, q0.025 ... q0.975, mean_eur,
        inhabitants (at the origin) and region_code (empty for all together). Methods without an interval have q0.5
        only. An area is summed over the municipalities of which both the accounts and the method's figure are
        known, in actual_eur too.

    Raises
    ------
    ParameterError
        When an origin leaves no accounts to compare with, or a method or assumption is not known.
    """
    functions = {name: _method(name, samples, only) for name in methods}
    actual = accounts(history)
    budget = _known_later(history, "budget_eur", "budget_status")
    last = int(actual.columns[actual.notna().any()].max())
    parts, seed = [], int(rng.integers(2**63))
    changed, chosen_once = own_assumptions.settings(assumptions, None)
    learned = own_assumptions.history_of(history, changed)
    for origin in range(FIRST_ORIGIN, last) if origins is None else origins:
        if origin >= last:
            raise ParameterError(f"backtest: origin {origin}; accounts end in {last}, choose one before")
        known = knowledge.as_of(learned, tables, origin=origin, budgets_ahead=budgets_ahead, **chosen_once)
        steps = min(HORIZON, last - origin)
        # The same seed at every origin: origins differ by what is known, not by chance.
        again = np.random.default_rng(seed)
        for method, function in functions.items():
            values = function(known, steps, budget=budget, rng=again)
            parts += [_compared(known, method, values, actual, step=step, only=only) for step in range(steps)]
    return pd.concat(parts, ignore_index=True)


def score(
    table: pd.DataFrame,
    by: Sequence[str] = ("level", "method", "horizon"),
    *,
    measures: Sequence[str] = MEASURES,
) -> pd.DataFrame:
    """Errors and coverage of a backtest.

    Parameters
    ----------
    table : DataFrame
        From ``run``, or a part of it; leave the broken comparisons out by ``query("not break_between")``.
    by : sequence of str
        Columns of ``table`` to score by.
    measures : sequence of str
        Which of these, by default ``MEASURES``: median_absolute_percentage_error, bias_percent (median of forecast
        against accounts, positive is too high), coverage_80 and coverage_95 (fractions; NaN without intervals);
        and those in ``SCALED``: mase and scaled_crps (mean error of the median and of the whole distribution, over
        the mean yearly change up to the origin), smape_percent, msis_95 (score of the 95 % interval, scaled).

    Returns
    -------
    DataFrame
        One row per group: ``by``, n, and measures: ``..._percent`` in per cent, coverage a fraction, others a ratio.

    Raises
    ------
    KeyError
        If a column is missing, or a measure is not known.

    Examples
    --------
    >>> table = pd.DataFrame({"method": "forecast", "actual_eur": [100.0, 100.0], "q0.025": [80.0, 80.0],
    ...     "q0.1": [90.0, 101.0], "q0.5": [110.0, 105.0], "q0.9": [120.0, 120.0], "q0.975": [130.0, 130.0]})
    >>> score(table, ["method"]).iloc[0].drop("method").astype(float).round(2).tolist()
    [2.0, 7.5, 7.5, 0.5, 1.0]

    It was 7.5 % too high; one of two accounts was inside the 80 % interval.
    """
    table = table.loc[table["actual_eur"].notna() & table[MEDIAN].notna()]
    of_a_row = {measure: of(table) for measure, (of, _) in BY_ROW.items() if measure in measures}
    grouped = table.assign(**of_a_row).groupby(list(by), sort=True, observed=True)
    measured = {"n": grouped.size()}
    for measure in measures:
        if measure in BY_ROW:
            measured[measure] = grouped[measure].agg(BY_ROW[measure][1])
        else:
            measured[measure] = [BY_GROUP[measure](part) for _, part in grouped]
    return pd.DataFrame(measured).reset_index()[[*by, "n", *measures]]


def scores_by_class(table: pd.DataFrame) -> pd.DataFrame:
    """Scores of a table from ``run`` by level, size class, origin, horizon and method, as ``analyse backtest`` writes.

    Returns
    -------
    DataFrame
        level, size (inhabitants at the origin; ``all``), origin (``all``: the mean over the origins), horizon, method,
        n, and the measures in ``PUBLIC``. A region and the whole have size ``all`` only.
    """
    sizes = np.searchsorted(list(CLASSES.values()), table["inhabitants"], side="right")
    named = table.assign(size=np.array(list(CLASSES))[np.minimum(sizes, len(CLASSES) - 1)])
    local = named.loc[(named["level"] == "municipality") & named["inhabitants"].notna()]
    keys = ["level", "size", "origin", "horizon", "method"]
    by_origin = score(pd.concat([table.assign(size=EVERY), local]), keys, measures=PUBLIC)
    grouped = by_origin.groupby([key for key in keys if key != "origin"], sort=False)
    means = grouped[list(PUBLIC)].mean().join(grouped["n"].sum()).reset_index().assign(origin=EVERY)
    order = {name: rank for rank, name in enumerate([EVERY, *CLASSES])}
    both = pd.concat([by_origin.astype({"origin": "str"}), means])[by_origin.columns]
    ranked = both.assign(rank=both["size"].map(order)).sort_values(
        ["level", "rank", "method", "origin", "horizon"]
    )
    return ranked.drop(columns="rank").reset_index(drop=True)


def forecasts(table: pd.DataFrame) -> pd.DataFrame:
    """The forecasts of the municipalities in a table from ``run``, so that anyone can score them.

    Returns
    -------
    DataFrame
        municipality_code, origin, period, mean, and the quantiles 0.025, 0.1, 0.5, 0.9 and 0.975 in EUR; with method
        where the table has more than one.
    """
    rows = table.loc[table["level"] == "municipality"]
    renamed = rows.rename(columns={"area_code": "municipality_code", "mean_eur": "mean"})
    keys = ["municipality_code", *(["method"] if len(set(rows["method"])) > 1 else []), "origin", "period"]
    headings = {name: f"{quantile:g}" for name, quantile in zip(quantile_names(), QUANTILES, strict=True)}
    columns = renamed[[*keys, "mean", *headings]].rename(columns=headings)
    return columns.sort_values(keys).reset_index(drop=True)


def part(table: pd.DataFrame, *, regions: Sequence[str] = (), half: int | None = None) -> pd.DataFrame:
    """The municipalities of some regions or of one half, without totals of areas that lie outside of it.

    Parameters
    ----------
    table : DataFrame
        From ``run``.
    regions : sequence of str
        Codes of regions; none is the whole country.
    half : {0, 1}, optional
        See ``half_of``.
    """
    if regions:
        table = table.loc[table["region_code"].isin(regions)]
    if half is not None:
        local = table["level"] == "municipality"
        table = table.loc[local & (table["area_code"].map(half_of) == half)]
    return table


def half_of(code: str) -> int:
    """Half of the municipalities a code belongs to: constants are estimated on 0, accuracy is stated for 1.

    Examples
    --------
    >>> half_of("GM0503"), half_of("GM0599")
    (0, 1)
    """
    return zlib.crc32(code.encode()) % 2


def _actual(part: pd.DataFrame) -> np.ndarray:
    """As the functions of ``scores`` want it: (comparison, 1)."""
    return part[["actual_eur"]].to_numpy()


def _off(part: pd.DataFrame) -> pd.Series:
    return 100 * (part[MEDIAN] / part["actual_eur"] - 1)


def _covered(table: pd.DataFrame, ends: tuple[str, str]) -> pd.Series:
    """1 inside, 0 outside, NaN without an interval."""
    low, high = (table[end] for end in ends)
    return table["actual_eur"].between(low, high).astype(float).where(low.notna() & high.notna())


def _interval_score(part: pd.DataFrame) -> float:
    given = part.dropna(subset=[*COVERAGE_95, "scale_eur"])
    low, high = (given[[end]].to_numpy() for end in COVERAGE_95)
    if given.empty:
        return np.nan
    return scores.interval_score(_actual(given), low, high, level=0.95, scale=given["scale_eur"])


def _width(table: pd.DataFrame) -> pd.Series:
    low, high = (table[end] for end in COVERAGE_80)
    return 100 * (high - low) / table["actual_eur"]


BY_ROW = {
    "crps_percent": (lambda table: 100 * table["crps_eur"] / table["actual_eur"], "mean"),
    "width_80_percent": (_width, "median"),
    "median_absolute_percentage_error": (lambda table: _off(table).abs(), "median"),
    "bias_percent": (_off, "median"),
    "coverage_80": (partial(_covered, ends=COVERAGE_80), "mean"),
    "coverage_95": (partial(_covered, ends=COVERAGE_95), "mean"),
}
"""What a measure is of one comparison, and how a group sums it up."""
BY_GROUP = {
    "mase": lambda part: scores.mean_absolute_scaled_error(
        _actual(part), part[[MEDIAN]].to_numpy(), part["scale_eur"].to_numpy()
    ),
    "smape_percent": lambda part: scores.symmetric_percentage_error(_actual(part), part[[MEDIAN]].to_numpy()),
    "scaled_crps": lambda part: float((part["crps_eur"] / part["scale_eur"]).mean()),
    "msis_95": _interval_score,
}
"""How the other measures follow from the comparisons of one group."""


def accounts(history: pd.DataFrame) -> pd.DataFrame:
    """Whole accounts in EUR by municipality (rows) and year (columns)."""
    return _known_later(history, "cost_eur", "status")


def _known_later(history: pd.DataFrame, value: str, status: str) -> pd.DataFrame:
    """Whole figures by municipality and year: a lower bound is nothing to compare with, nor accounts of nothing."""
    whole = history[value].where(knowledge.settled(history[status]) & (history[value] > 0))
    return history.assign(**{value: whole}).pivot(index="municipality_code", columns="period", values=value)


def _method(name: str, samples: int, only: Collection[str]) -> Callable[..., np.ndarray]:
    """A function of what is known, the years ahead, the budgets and ``rng``: costs (series, steps, samples or 1)."""
    if name == FORECAST:
        return lambda known, steps, *, rng, **_: _forecast_costs(known, steps, samples=samples, rng=rng)
    if name == BUDGET:
        return _budgeted
    rival = others.find(name)
    if name in others.ALONE:
        rival = partial(rival, wanted=only)
    return lambda known, steps, *, rng, **_: rival(known, steps, samples=samples, rng=rng)


def _forecast_costs(known: Known, steps: int, *, samples: int, rng: np.random.Generator) -> np.ndarray:
    """Joint futures of costs by the shipped method (series, steps, samples)."""
    paths = joint(known, horizon=steps, samples=samples, rng=rng)
    return paths.cost_eur[:, paths.periods > known.origin]


def _budgeted(known: Known, steps: int, *, budget: pd.DataFrame, **_) -> np.ndarray:
    coming = [known.origin + step for step in range(1, steps + 1)]
    return budget.reindex(index=list(known.codes), columns=coming).to_numpy(dtype=float)[:, :, None]


def _compared(
    known: Known, method: str, values: np.ndarray, actual: pd.DataFrame, *, step: int, only: Collection[str]
) -> pd.DataFrame:
    """Rows of one origin, method and step, for every municipality, region and all together."""
    period = known.origin + step + 1
    truth = actual.reindex(known.codes)[period].to_numpy(dtype=float)
    drawn = values[:, step]
    both = np.isfinite(truth) & np.isfinite(drawn).all(axis=1)
    areas, members = _areas(known, only)
    some = members[:, both].any(axis=1)
    areas, members = areas[some], members[some][:, both].astype(float)
    summed, came = members @ drawn[both], members @ truth[both]
    quantiles = np.quantile(summed, QUANTILES, axis=1)
    if summed.shape[1] == 1:
        quantiles[np.array(QUANTILES) != 0.5] = np.nan
    return areas.assign(
        origin=known.origin,
        horizon=step + 1,
        period=period,
        method=method,
        break_between=any(known.origin < year <= period for year in known.breaks_ahead),
        scale_eur=_usual_change(_summed(members, known.cost_eur[both])),
        crps_eur=scores.crps_from_samples(came[:, None], summed[:, None])[:, 0],
        actual_eur=came,
        **dict(zip(quantile_names(), quantiles, strict=True)),
        mean_eur=summed.mean(axis=1),
        inhabitants=_summed(members, known.inhabitants[both, -1:])[:, 0],
    )[COLUMNS]


def _summed(members: np.ndarray, values: np.ndarray) -> np.ndarray:
    """Sums of the members (area, year); NaN where one of them is not known."""
    known = np.isfinite(values)
    whole = members @ ~known == 0
    return np.where(whole, members @ np.where(known, values, 0), np.nan)


def _usual_change(costs: np.ndarray) -> np.ndarray:
    """Mean absolute yearly change of the accounts (area, year); NaN when no two years are known."""
    change = np.abs(np.diff(costs, axis=1))
    known = np.isfinite(change)
    count = known.sum(axis=1)
    return np.where(count > 0, np.where(known, change, 0).sum(axis=1) / np.maximum(count, 1), np.nan)


def size_of(youths: Sequence[float] | np.ndarray | pd.Series) -> list[str]:
    """The key of ``SIZES`` of municipalities with so many youths of 0-17."""
    return np.array(list(SIZES))[np.searchsorted(list(SIZES.values()), youths, side="right")].tolist()


def _areas(known: Known, only: Collection[str]) -> tuple[pd.DataFrame, np.ndarray]:
    """Code, level and size of every municipality, region and all together, and their members (area, series)."""
    here = np.array([not only or code in only for code in known.codes])
    of_series = np.array(known.regions)
    codes, regions = np.array(known.codes)[here].tolist(), np.unique(of_series[here])
    sizes = size_of(known.youths[here, -1])
    in_region = (regions[:, None] == of_series) & here
    members = np.concatenate([np.eye(len(here), dtype=bool)[here], in_region, here[None]])
    areas = {
        "area_code": [*codes, *regions, ALL],
        "level": ["municipality"] * len(codes) + ["region"] * len(regions) + ["all"],
        "size": [*sizes, *[""] * (len(regions) + 1)],
        "region_code": [*of_series[here], *regions, ""],
    }
    return pd.DataFrame(areas), members
