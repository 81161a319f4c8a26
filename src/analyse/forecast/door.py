"""The stable door for other data: a long table of any series in, their forecasts out.

What goes in is checked here and refused in words; what comes out is one row per series and step.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
import pandas as pd

from analyse.errors import DataError, ParameterError
from analyse.forecast.engine import Forecast, engine

PERIODS = {"year": 1, "half-year": 2, "month": 12}
PATTERNS = {
    "year": (re.compile(r"(\d{4})(?:JJ00)?(?:\.0)?"), "{year}"),
    "half-year": (re.compile(r"(\d{4})-?H(?:J0)?([12])"), "{year}H{part}"),
    "month": (re.compile(r"(\d{4})-?M{0,2}(0[1-9]|1[0-2])(?:-01)?(?: 00:00:00)?"), "{year}-{part:02d}"),
}
EXAMPLES = {"year": "2024", "half-year": "2024H1", "month": "2024-05"}
LONGEST_HORIZON = 120
LONGEST_HISTORY = 1200


def forecast_panel(
    history: pd.DataFrame,
    *,
    horizon: int,
    key: str | Sequence[str] = "key",
    period: str = "period",
    value: str = "value",
    group: str | None = None,
    frequency: str = "year",
    levels: Sequence[float] = (80, 95),
) -> pd.DataFrame:
    """Forecast every series of a long table.

    Parameters
    ----------
    history : one row per series and period; a missing row or empty value is unknown, not zero
    horizon : number of periods after the last period of the table
    key : column or columns that name a series
    period, value : columns; periods are 2024, 2024H1 or 2024-05, by ``frequency``
    group : column with the kind of series (a care form), constant within a series; series of one kind
        learn from each other first
    frequency : year, half-year or month
    levels : central intervals in percent; 80 gives the quantiles 0.1 and 0.9

    Returns
    -------
    The key columns, period, mean, and one column per quantile ("0.025", "0.1", "0.5", "0.9", "0.975"), one
    row per series and step.

    Raises
    ------
    DataError
        A column is missing, a value is text, infinite or negative, a period is unreadable or occurs twice.
    ParameterError
        The horizon, frequency or levels are impossible.

    Examples
    --------
    >>> history = pd.DataFrame({"key": "a", "period": range(2018, 2025), "value": range(100, 170, 10)})
    >>> forecast_panel(history, horizon=1)[["key", "period", "0.5"]].round({"0.5": -1})
      key  period    0.5
    0   a    2025  170.0
    """
    keys = [key] if isinstance(key, str) else list(key)
    table = _checked(history, keys=keys, period=period, value=value, frequency=frequency)
    shares = _quantile_levels(horizon, levels)
    wide = table.pivot(index=keys, columns="step", values="value")
    first, last = int(table["step"].min()), int(table["step"].max())
    wide = wide.reindex(columns=range(first, last + 1))
    groups = (
        None if group is None else _groups(history, keys=keys, group=group).reindex(wide.index).to_numpy()
    )
    found = engine(wide.to_numpy(), horizon=horizon, frequency=frequency, groups=groups, levels=shares)
    periods = [_label(last + step, frequency) for step in range(1, horizon + 1)]
    return _long(found, wide.index, periods=periods, keys=keys, period=period)


def _checked(
    history: pd.DataFrame, *, keys: list[str], period: str, value: str, frequency: str
) -> pd.DataFrame:
    """Key columns, step (periods since year 0) and value, without the unknown; or an error."""
    if frequency not in PERIODS:
        raise ParameterError(f"forecast: frequency is '{frequency}'; expected one of {', '.join(PERIODS)}")
    absent = [name for name in [*keys, period, value] if name not in history.columns]
    if absent:
        have = ", ".join(map(str, history.columns))
        raise DataError(f"forecast: no column {', '.join(absent)}; the table has {have}")
    if history.empty:
        raise DataError("forecast: the table has no rows")
    if history[keys].isna().any(axis=None):
        raise DataError(
            f"forecast: an empty {' or '.join(keys)} in row {_first(history[keys].isna().any(axis=1))}"
        )
    table = history[keys].assign(step=_steps(history[period], frequency), value=_numbers(history[value]))
    twice = table.duplicated([*keys, "step"])
    if twice.any():
        where = "/".join(str(part) for part in history.loc[twice.to_numpy(), [*keys, period]].iloc[0])
        raise DataError(
            f"forecast: {twice.sum()} rows have the same series and period as another, first {where}"
        )
    nothing = table.groupby(keys)["value"].count() == 0
    if nothing.any():
        raise DataError(f"forecast: series {nothing.idxmax()} has no value at all; leave it out")
    if np.ptp(table["step"]) >= LONGEST_HISTORY:
        raise DataError(
            f"forecast: the periods span more than {LONGEST_HISTORY}; is '{period}' the right column?"
        )
    return table


def _first(wrong: pd.Series) -> int:
    """Position of the first wrong row, counted from 1."""
    return int(wrong.to_numpy().argmax()) + 1


def _numbers(values: pd.Series) -> pd.Series:
    """Values as numbers; text, infinity and negative amounts are refused."""
    numbers = pd.to_numeric(values, errors="coerce").astype(float)
    text = numbers.isna() & values.notna()
    if text.any():
        raise DataError(f"forecast: '{values[text].iloc[0]}' in row {_first(text)} is no number")
    if np.isinf(numbers).any():
        raise DataError(
            f"forecast: infinite value in row {_first(np.isinf(numbers))}; leave it empty if unknown"
        )
    if (numbers < 0).any():
        raise DataError(
            f"forecast: negative value {numbers[numbers < 0].iloc[0]:g} in row {_first(numbers < 0)}; "
            "counts and costs are zero or more, so correct it or leave it empty"
        )
    return numbers


def _steps(periods: pd.Series, frequency: str) -> pd.Series:
    """Number of each period since year 0."""
    pattern, _ = PATTERNS[frequency]
    found = periods.astype(str).str.strip().str.extract(f"^{pattern.pattern}$")
    unread = found.isna().any(axis=1)
    if unread.any():
        raise DataError(
            f"forecast: period '{periods[unread].iloc[0]}' in row {_first(unread)} is no {frequency}; "
            f"expected a form such as {EXAMPLES[frequency]}"
        )
    parts = found.astype(int)
    return parts[0] * PERIODS[frequency] + (parts[1] - 1 if frequency != "year" else 0)


def _label(step: int, frequency: str) -> str | int:
    """The period of a step, as it is written."""
    year, part = divmod(step, PERIODS[frequency])
    return year if frequency == "year" else PATTERNS[frequency][1].format(year=year, part=part + 1)


def _quantile_levels(horizon: int, levels: Sequence[float]) -> tuple[float, ...]:
    """Quantiles of central intervals in percent, and the median, in order."""
    if (
        isinstance(horizon, bool)
        or not isinstance(horizon, int | np.integer)
        or not 1 <= horizon <= LONGEST_HORIZON
    ):
        raise ParameterError(
            f"forecast: horizon is {horizon}; expected a whole number from 1 to {LONGEST_HORIZON}"
        )
    wrong = [level for level in levels if not 0 < level < 100]
    if wrong:
        raise ParameterError(f"forecast: interval of {wrong[0]} %; expected more than 0 and less than 100")
    tails = {round((100 - level) / 200, 6) for level in levels}
    return tuple(sorted(tails | {0.5} | {round(1 - tail, 6) for tail in tails}))


def _groups(history: pd.DataFrame, *, keys: list[str], group: str) -> pd.Series:
    """The kind of each series."""
    if group not in history.columns:
        raise DataError(f"forecast: no column {group}; the table has {', '.join(map(str, history.columns))}")
    kinds = history.groupby(keys)[group]
    several = kinds.agg(lambda kind: len(set(kind))) > 1
    if several.any():
        raise DataError(f"forecast: series {several.idxmax()} has more than one {group}")
    return kinds.first()


def _long(found: Forecast, index: pd.Index, *, periods: list, keys: list[str], period: str) -> pd.DataFrame:
    """One row per series and step."""
    horizon = len(periods)
    rows = index.to_frame(index=False).loc[np.repeat(np.arange(len(index)), horizon)].reset_index(drop=True)
    columns = {f"{level:g}": found.quantiles[:, :, place].ravel() for place, level in enumerate(found.levels)}
    return rows[keys].assign(**{period: periods * len(index), "mean": found.mean.ravel(), **columns})
