"""What the forecast would have said in the past: the same code, with only what was known then.

At every origin the accounts of that year were the last known; the forecast looks one to three years ahead
and is compared with the accounts that followed, with simple rivals, and with the municipality's own budget.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial

import numpy as np
import pandas as pd

from analyse import parameters
from analyse.errors import ParameterError
from analyse.forecast import known as knowledge
from analyse.forecast import rivals as others
from analyse.forecast import scores
from analyse.forecast.known import Known
from analyse.forecast.simulate import ALL, joint
from analyse.forecast.summary import COVERAGE_80, COVERAGE_95, QUANTILES, quantile_names

FIRST_ORIGIN = 2019
"""Three years of accounts (2017-2019) are the least from which a growth can be pooled."""
HORIZON = 3
FORECAST, BUDGET, MEDIAN = "forecast", "budget", "q0.5"
KEYS = ["area_code", "level", "origin", "horizon", "period", "method"]
SIZES = {"small": 6_000, "middle": 15_000, "large": np.inf}
"""Size of a municipality, and below how many youths (0-17) in the year after the origin it has that size."""
MEASURES = ("median_absolute_percentage_error", "bias_percent", "coverage_80", "coverage_95")
SCALED = ("mase", "smape_percent", "scaled_crps", "msis_95")
"""Measures for comparing methods: they need the columns scale_eur and crps_eur."""


def run(
    history: pd.DataFrame,
    tables: Mapping[str, pd.DataFrame],
    *,
    rng: np.random.Generator,
    samples: int = 500,
    origins: Sequence[int] | None = None,
    rivals: Sequence[str] = others.DEFAULT,
) -> pd.DataFrame:
    """Forecast from every origin in the past, and compare it with what followed.

    Parameters
    ----------
    history : DataFrame
        One row per (municipality_code, care_form, period), fixed composition, all municipalities.
    tables : mapping of DataFrame
        The tables of the dataset.
    rng : Generator
        ``run.rng("backtest")``.
    samples : int
        Joint futures per origin.
    origins : sequence of int, optional
        Default 2019 to the year before the last accounts.
    rivals : sequence of str
        Names in ``rivals.RIVALS``: last_year, last_growth, drift, pooled_growth, engine, ets. The last two make
        it five times as slow.

    Returns
    -------
    DataFrame
        One row per (area_code, level, origin, horizon, period, method): size (of a municipality, see ``SIZES``),
        break_between (a declared change of bookkeeping lies between origin and period), scale_eur (mean absolute
        yearly change of the accounts up to the origin), crps_eur, actual_eur, q0.025 ... q0.975. Methods are
        forecast, the rivals and budget (the original budget of that year, whatever the horizon); those without an
        interval have q0.5 only. An area is summed over the municipalities of which both the accounts and the
        method's figure are known, in actual_eur too.

    Raises
    ------
    ParameterError
        When an origin leaves no accounts to compare with, or a rival is not known.
    """
    compared_with = {name: others.find(name) for name in rivals}
    actual, budget = (
        _known_later(history, "cost_eur", "status"),
        _known_later(history, "budget_eur", "budget_status"),
    )
    last = int(actual.columns[actual.notna().any()].max())
    chosen = range(FIRST_ORIGIN, last) if origins is None else origins
    rows, seed = [], int(rng.integers(2**63))
    chosen_once = {"assumptions": parameters.assumptions(), "declared": parameters.breaks()}
    for origin in chosen:
        if origin >= last:
            raise ParameterError(f"backtest: origin {origin}; accounts end in {last}, choose one before")
        known = knowledge.as_of(history, tables, origin=origin, **chosen_once)
        steps = min(HORIZON, last - origin)
        # The same seed at every origin: origins differ by what is known, not by chance.
        again = np.random.default_rng(seed)
        ways = _ways(compared_with, budget, samples=samples, rng=again)
        for method, way in ways.items():
            values = way(known, steps)
            rows += _compared(known, method, values, actual)
    columns = ["size", "break_between", "scale_eur", "crps_eur", "actual_eur", *quantile_names()]
    return pd.DataFrame(rows, columns=[*KEYS, *columns])


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
        One row per group: n, and the measures.

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


BY_ROW = {
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


def _known_later(history: pd.DataFrame, value: str, status: str) -> pd.DataFrame:
    """Whole figures by municipality and year: a lower bound is nothing to compare with."""
    whole = history[value].where(knowledge.settled(history[status]))
    return history.assign(**{value: whole}).pivot(index="municipality_code", columns="period", values=value)


def _ways(
    compared_with: Mapping[str, Callable[..., np.ndarray]], budget: pd.DataFrame, **chosen
) -> dict[str, Callable[[Known, int], np.ndarray]]:
    """Each method as a function of what is known and the years ahead: costs (series, steps, samples or 1)."""

    def forecast(known: Known, steps: int) -> np.ndarray:
        paths = joint(known, horizon=steps, **chosen)
        return paths.cost_eur[:, paths.periods > known.origin]

    def budgeted(known: Known, steps: int) -> np.ndarray:
        coming = [known.origin + step for step in range(1, steps + 1)]
        return budget.reindex(index=list(known.codes), columns=coming).to_numpy(dtype=float)[:, :, None]

    return {
        FORECAST: forecast,
        **{name: partial(rival, **chosen) for name, rival in compared_with.items()},
        BUDGET: budgeted,
    }


def _compared(known: Known, method: str, values: np.ndarray, actual: pd.DataFrame) -> list[tuple]:
    """Rows of one origin and method, for every municipality, region and all together."""
    rows = []
    for step in range(values.shape[1]):
        period = known.origin + step + 1
        truth = actual.reindex(known.codes)[period].to_numpy(dtype=float)
        known_both = np.isfinite(truth) & np.isfinite(values[:, step]).all(axis=1)
        broken = any(known.origin < year <= period for year in known.breaks_ahead)
        for level, area, members, size in _areas(known):
            counted = members & known_both
            if not counted.any():
                continue
            drawn, came = values[counted, step].sum(axis=0), truth[counted].sum()
            quantiles = np.quantile(drawn, QUANTILES)
            if len(drawn) == 1:
                quantiles = np.where(np.array(QUANTILES) == 0.5, quantiles, np.nan)
            crps = scores.crps_from_samples(np.array([[came]]), drawn[None, None])[0, 0]
            key = (area, level, known.origin, step + 1, period, method)
            rows.append((*key, size, broken, _usual_change(known, counted), crps, came, *quantiles))
    return rows


def _usual_change(known: Known, members: np.ndarray) -> float:
    """Mean absolute yearly change of the accounts up to the origin; NaN when no two years are known."""
    change = np.abs(np.diff(known.cost_eur[members].sum(axis=0)))
    return float(change[np.isfinite(change)].mean()) if np.isfinite(change).any() else np.nan


def _areas(known: Known) -> Iterator[tuple[str, str, np.ndarray, str]]:
    """Level, code, members and size of every area."""
    codes, regions = np.array(known.codes), np.array(known.regions)
    sizes = np.array(list(SIZES))[np.searchsorted(list(SIZES.values()), known.youths[:, -1], side="right")]
    for code, size in zip(known.codes, sizes, strict=True):
        yield "municipality", code, codes == code, str(size)
    for region in sorted(set(known.regions)):
        yield "region", region, regions == region, ""
    yield "all", ALL, np.ones(len(codes), dtype=bool), ""
