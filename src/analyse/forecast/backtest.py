"""What the forecast would have said in the past: the same code, with only what was known then.

Every origin is a year whose accounts were the last known; the forecast then looks one to three years
ahead and is laid beside the accounts that followed, the plain rivals, and the municipality's own budget.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import pandas as pd

from analyse import parameters
from analyse.errors import ParameterError
from analyse.forecast import known as knowledge
from analyse.forecast import methods
from analyse.forecast.known import Known
from analyse.forecast.simulate import ALL, joint
from analyse.forecast.summary import COVERAGE_80, COVERAGE_95, QUANTILES, quantile_names

FIRST_ORIGIN = 2019
"""Three years of accounts (2017-2019) are the least from which a growth can be pooled."""
HORIZON = 3
FORECAST, BUDGET, MEDIAN = "forecast", "budget", "q0.5"
KEYS = ["area_code", "level", "origin", "horizon", "period", "method"]


def run(history: pd.DataFrame, tables: Mapping[str, pd.DataFrame], *, rng: np.random.Generator,
        samples: int = 500, origins: Sequence[int] | None = None) -> pd.DataFrame:  # fmt: skip
    """Forecast from every origin in the past, and lay it beside what followed.

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

    Returns
    -------
    DataFrame
        One row per (area_code, level, origin, horizon, period, method): break_between (a declared change of
        bookkeeping lies between origin and period), actual_eur, q0.025 ... q0.975. Methods are forecast,
        last_year, last_growth and budget (the original budget of that year, whatever the horizon); all but the
        forecast have q0.5 only. An area is summed over the municipalities of which both the accounts and the
        method's figure are known, in actual_eur too.

    Raises
    ------
    ParameterError
        When an origin leaves no accounts to compare with.
    """
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
        known = knowledge.at(history, tables, origin=origin, **chosen_once)
        steps = min(HORIZON, last - origin)
        # The same seed at every origin: origins differ by what is known, not by chance.
        again = np.random.default_rng(seed)
        for method, values in _forecasts(known, budget, steps, samples, again):
            rows += _compared(known, method, values, actual)
    return pd.DataFrame(rows, columns=[*KEYS, "break_between", "actual_eur", *quantile_names()])


def score(table: pd.DataFrame, by: Sequence[str] = ("level", "method", "horizon")) -> pd.DataFrame:
    """Errors and coverage of a backtest.

    Parameters
    ----------
    table : DataFrame
        From ``run``, or a part of it; leave the broken comparisons out by ``query("not break_between")``.
    by : sequence of str
        Columns of ``table`` to score by.

    Returns
    -------
    DataFrame
        One row per group: n, median_absolute_percentage_error, bias_percent (median of forecast against
        accounts, positive is too high), coverage_80 and coverage_95 (fractions; NaN without intervals).

    Examples
    --------
    >>> table = pd.DataFrame({"method": "forecast", "actual_eur": [100.0, 100.0], "q0.025": [80.0, 80.0],
    ...     "q0.1": [90.0, 101.0], "q0.5": [110.0, 105.0], "q0.9": [120.0, 120.0], "q0.975": [130.0, 130.0]})
    >>> score(table, ["method"]).iloc[0].drop("method").astype(float).round(2).tolist()
    [2.0, 7.5, 7.5, 0.5, 1.0]

    It was 7.5 % too high; one of two accounts was inside the 80 % interval.
    """
    table = table.loc[table["actual_eur"].notna() & table[MEDIAN].notna()]
    off = 100 * (table[MEDIAN] / table["actual_eur"] - 1)
    measured = table[list(by)].assign(
        n=1,
        median_absolute_percentage_error=off.abs(),
        bias_percent=off,
        coverage_80=_inside(table, COVERAGE_80),
        coverage_95=_inside(table, COVERAGE_95),
    )
    how = {"n": "sum", "median_absolute_percentage_error": "median", "bias_percent": "median",
           "coverage_80": "mean", "coverage_95": "mean"}  # fmt: skip
    scored = measured.groupby(list(by), sort=True, observed=True).agg(how)
    return scored.reset_index()


def _known_later(history: pd.DataFrame, value: str, status: str) -> pd.DataFrame:
    """Whole figures by municipality and year: a lower bound is nothing to compare with."""
    whole = history[value].where(knowledge.settled(history[status]))
    return history.assign(**{value: whole}).pivot(index="municipality_code", columns="period", values=value)


def _forecasts(known: Known, budget: pd.DataFrame, steps: int, samples: int,
               rng: np.random.Generator) -> Iterator[tuple[str, np.ndarray]]:  # fmt: skip
    """Each method's costs (series, steps, samples); one sample where it gives one number."""
    paths = joint(known, horizon=steps, samples=samples, rng=rng)
    yield FORECAST, paths.cost_eur[:, paths.periods > known.origin]
    for name, rival in methods.RIVALS.items():
        yield name, rival(known, steps)[:, :, None]
    coming = [known.origin + step for step in range(1, steps + 1)]
    yield BUDGET, budget.reindex(index=list(known.codes), columns=coming).to_numpy(dtype=float)[:, :, None]


def _compared(known: Known, method: str, values: np.ndarray, actual: pd.DataFrame) -> list[tuple]:
    """Rows of one origin and method, for every municipality, region and all together."""
    rows = []
    for step in range(values.shape[1]):
        period = known.origin + step + 1
        truth = actual.reindex(known.codes)[period].to_numpy(dtype=float)
        known_both = np.isfinite(truth) & np.isfinite(values[:, step]).all(axis=1)
        broken = any(known.origin < one <= period for one in known.breaks_ahead)
        for level, area, members in _areas(known):
            counted = members & known_both
            if not counted.any():
                continue
            found = np.quantile(values[counted, step].sum(axis=0), QUANTILES)
            if values.shape[2] == 1:
                found = np.where(np.array(QUANTILES) == 0.5, found, np.nan)
            key = (area, level, known.origin, step + 1, period, method)
            rows.append((*key, broken, truth[counted].sum(), *found))
    return rows


def _areas(known: Known) -> Iterator[tuple[str, str, np.ndarray]]:
    codes, regions = np.array(known.codes), np.array(known.regions)
    for code in known.codes:
        yield "municipality", code, codes == code
    for region in sorted(set(known.regions)):
        yield "region", region, regions == region
    yield "all", ALL, np.ones(len(codes), dtype=bool)


def _inside(table: pd.DataFrame, ends: tuple[str, str]) -> pd.Series:
    """1 inside, 0 outside, NaN without an interval."""
    low, high = table[ends[0]], table[ends[1]]
    inside = ((table["actual_eur"] >= low) & (table["actual_eur"] <= high)).astype(float)
    return inside.where(low.notna() & high.notna())
