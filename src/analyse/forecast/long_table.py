"""A long table of any series, checked and laid out for the engine; what is wrong is refused in words."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
import pandas as pd

from analyse.errors import DataError, ParameterError
from analyse.parameters import near
from analyse.reading import numbers, periods
from analyse.schema import STATUSES

NOTATIONS = {",": numbers.DUTCH, ".": numbers.ENGLISH}
LONGEST_HISTORY = 1200
STATUS = "status"
SUPPRESSED, PROVISIONAL, UNUSABLE = "suppressed", "provisional", ("incomplete", "faulty", "missing")
LARGEST = 1e15
"""A value that is larger is a mistake: no amount of money or number of people is."""


@dataclass(frozen=True)
class Layout:
    """What the columns of a table mean, and what is known beside them.

    Attributes
    ----------
    key : columns that together name a series; by default all that have no other meaning here
    period : column with 2024, 2024H1 or 2024-05, by ``frequency``; by default "period", else "year"
    value : column with counts or amounts, zero or more; empty is unknown, not zero
    group, region : columns with the kind and the area of each series; series of one kind learn from each other
        first, and those of one kind or area move together in the joint futures
    frequency : year, half-year or month
    breaks : periods in which every series got a new level that is no trend
    revision_percent : by how much values with status "provisional" usually rise when they become final
    decimal : decimal sign, "," or ".", of values that are text where the whole column does not tell it
    """

    key: str | Sequence[str] | None = None
    period: str | None = None
    value: str = "value"
    group: str | None = None
    region: str | None = None
    frequency: str = "year"
    breaks: Sequence[Any] = ()
    revision_percent: float = 0.0
    decimal: str | None = None

    @classmethod
    def of(cls, settings: Mapping[str, Any]) -> Layout:
        """From names and values.

        Raises
        ------
        ParameterError
            When a name is unknown (with the nearest known one), or a frequency or revision is impossible.
        """
        names = [field.name for field in fields(cls)]
        for name in settings:
            if name not in names:
                raise ParameterError(f"forecast: no setting {name!r}; {near(name, names)}")
        made = cls(**settings)
        if made.frequency not in periods.PARTS:
            raise ParameterError(
                f"forecast: frequency is '{made.frequency}'; expected one of {', '.join(periods.PARTS)}"
            )
        if made.decimal not in (None, *NOTATIONS):
            raise ParameterError(f"forecast: decimal is {made.decimal!r}; expected ',' or '.'")
        if not -100 < made.revision_percent < 100:
            raise ParameterError(
                f"forecast: revision of {made.revision_percent} %; expected more than -100 and less than 100"
            )
        return made


OWN_NAMES = re.compile(r"mean|sample|0?\.[0-9]+")
"""Columns that a forecast brings: its mean, the number of a future, and quantiles such as 0.5."""


@dataclass(frozen=True)
class Wide:
    """The series as arrays (series, period), their keys as a table, and the last period as a step."""

    period: str
    keys: pd.DataFrame
    values: np.ndarray
    suppressed: np.ndarray
    groups: np.ndarray | None
    regions: np.ndarray | None
    breaks: np.ndarray | None
    last: int


def wide(history: pd.DataFrame, layout: Layout) -> Wide:
    """Check a long table and lay it out.

    Raises
    ------
    DataError
        A column is missing, a value is text, infinite or negative, a period is unreadable or of another frequency,
        a series has a period twice or nothing at all.
    """
    if not isinstance(history, pd.DataFrame):
        raise DataError(f"forecast: got {type(history).__name__}; expected a pandas DataFrame")
    if any(name is not None for name in history.index.names):
        history = history.reset_index()
    if history.columns.has_duplicates:
        twice = history.columns[history.columns.duplicated()][0]
        raise DataError(f"forecast: two columns are named {twice}; rename or drop one")
    period = layout.period or ("period" if "period" in history.columns else "year")
    keys = _keys(history, layout, period)
    _has(history, [*keys, period, layout.value, *filter(None, (layout.group, layout.region))])
    _check_names([*keys, period, layout.value])
    if history.empty:
        raise DataError("forecast: the table has no rows")
    empty = history[keys].isna().any(axis=1)
    if empty.any():
        raise DataError(f"forecast: an empty {' or '.join(keys)} in {_row(history, empty)}")
    steps = _steps(history[period], layout.frequency)
    numbers, hidden = _with_status(history, keys, read_numbers(history, layout.value, layout), layout)
    series = history.groupby(keys, sort=True, observed=True).ngroup().to_numpy() if keys else steps * 0
    _check_series(history, [*keys, period], series=series, steps=steps, known=np.isfinite(numbers) | hidden)
    if layout.key is None and len(steps) > 1 and series.max() + 1 == len(steps) and np.ptp(steps) > 0:
        raise DataError(
            f"forecast: every row is a series of its own by {', '.join(keys)}; name the key columns"
        )
    _, first_rows = np.unique(series, return_index=True)
    cells = series, steps - steps.min()
    shape = len(first_rows), int(np.ptp(steps)) + 1
    values, suppressed = np.full(shape, np.nan), np.zeros(shape, bool)
    values[cells], suppressed[cells] = numbers, hidden
    return Wide(
        period=period,
        keys=history[keys].iloc[first_rows].reset_index(drop=True),
        values=values,
        suppressed=suppressed,
        groups=_labels(history, layout.group, series, first_rows),
        regions=_labels(history, layout.region, series, first_rows),
        breaks=_breaks(layout, first=int(steps.min()), length=shape[1]),
        last=int(steps.max()),
    )


def _keys(history: pd.DataFrame, layout: Layout, period: str) -> list[str]:
    if layout.key is None:
        return [name for name in history.columns if name not in (period, layout.value, STATUS)]
    return [layout.key] if isinstance(layout.key, str) else list(layout.key)


def _has(history: pd.DataFrame, names: Sequence[str]) -> None:
    absent = [name for name in dict.fromkeys(names) if name not in history.columns]
    if absent:
        have = ", ".join(map(str, history.columns))
        raise DataError(f"forecast: no column {', '.join(absent)}; the table has {have}")


def _check_names(names: Sequence[str]) -> None:
    """Refuse a column in two roles, and one whose name the forecast gives to a column of its own."""
    twice = next((name for place, name in enumerate(names) if name in names[:place]), None)
    if twice is not None:
        raise DataError(
            f"forecast: column {twice} is named twice among key, period and value; each is another"
        )
    taken = next((name for name in names[:-1] if OWN_NAMES.fullmatch(str(name))), None)
    if taken is not None:
        raise DataError(
            f"forecast: column {taken} has the name of a column of the forecast itself; rename it, as {taken}_of_key"
        )


def _check_series(history: pd.DataFrame, names: list[str], *, series, steps, known) -> None:
    """Every series has something, and no period twice."""
    twice = pd.DataFrame({"series": series, "step": steps}).duplicated().to_numpy()
    if twice.any():
        where = "/".join(str(part) for part in history.loc[twice, names].iloc[0])
        raise DataError(
            f"forecast: {twice.sum()} rows have the same series and period as another, first {where}"
        )
    nothing = np.bincount(series, weights=known) == 0
    if nothing.any():
        row = int((series == nothing.argmax()).argmax())
        name = "/".join(str(part) for part in history[names[:-1]].iloc[row])
        raise DataError(f"forecast: series {name} has no value at all; leave it out")
    if np.ptp(steps) >= LONGEST_HISTORY:
        raise DataError(
            f"forecast: the periods span more than {LONGEST_HISTORY}; is '{names[-1]}' the right column?"
        )


def _row(history: pd.DataFrame, wrong: pd.Series | np.ndarray | int) -> str:
    """The first wrong row, by its label: the row of the spreadsheet where the table comes from a file."""
    position = wrong if isinstance(wrong, int) else int(np.asarray(wrong).argmax())
    return f"row {history.index[position]}"


def read_numbers(
    table: pd.DataFrame, name: str, layout: Layout, *, what: str = "forecast", signed: bool = False
) -> np.ndarray:
    """A column as numbers; text, infinity and, unless ``signed``, negative amounts are refused.

    Parameters
    ----------
    table : DataFrame
        The labels of its index are the rows in messages.
    name : str
        The column.
    layout : Layout
        With the decimal sign of text.
    what : str
        Which table, for messages.
    signed : bool
        Whether a value may be below zero.

    Raises
    ------
    DataError
        With the row and the value.
    """
    values = table[name]
    if pd.api.types.is_datetime64_any_dtype(values) or pd.api.types.is_bool_dtype(values):
        raise DataError(f"{what}: column {name} has {values.dtype}; expected counts or amounts")
    if pd.api.types.is_numeric_dtype(values):
        amounts = values.to_numpy(dtype=float, na_value=np.nan)
    else:
        cells = values.astype(object).where(values.notna(), None)
        try:
            amounts = numbers.column(cells, otherwise=NOTATIONS.get(layout.decimal))
        except numbers.Unreadable as error:
            raise DataError(f"{what}: {_row(table, error.position)}, column {name}: {error}") from error
    for wrong, kind, cure in (
        (np.isinf(amounts), "infinite", "leave it empty if it is unknown"),
        ((amounts < 0) & (not signed), "negative", "it is zero or more, so correct it or leave it empty"),
        (np.abs(amounts) > LARGEST, "impossibly large", "correct it or leave it empty"),
    ):
        if wrong.any():
            value = f"{kind} value {amounts[wrong][0]:g}"
            raise DataError(f"{what}: {value} in {_row(table, wrong)}, column {name}; {cure}")
    return amounts


def _with_status(
    history: pd.DataFrame, keys: list[str], numbers: np.ndarray, layout: Layout
) -> tuple[np.ndarray, np.ndarray]:
    """Values raised where provisional and masked where of no use, and which cells are suppressed."""
    if STATUS not in history.columns or STATUS in keys:
        return numbers, np.zeros(len(numbers), bool)
    status = history[STATUS].astype(object).where(history[STATUS].notna(), "final")
    wrong = ~status.isin(STATUSES).to_numpy()
    if wrong.any():
        raise DataError(
            f"forecast: status '{status[wrong].iloc[0]}' in {_row(history, wrong)}; "
            f"expected one of {', '.join(STATUSES)}"
        )
    hidden = (status == SUPPRESSED).to_numpy()
    raised = np.where(status == PROVISIONAL, 1 + layout.revision_percent / 100, 1.0)
    return np.where(hidden | status.isin(UNUSABLE), np.nan, numbers * raised), hidden


def _steps(written: pd.Series, frequency: str) -> np.ndarray:
    """Number of each period since year 0."""
    codes, uniques = pd.factorize(written.astype(object), use_na_sentinel=False)
    steps = [None if pd.isna(value) else periods.step(value, frequency) for value in uniques]
    unread = np.array([step is None for step in steps])
    if unread.any():
        position = int(unread[codes].argmax())
        raise DataError(f"forecast: {_unread(written, position, frequency)}")
    return np.array(steps, dtype=int)[codes]


def _unread(written: pd.Series, position: int, frequency: str) -> str:
    """What is wrong with a period, where, and what to write."""
    row, value = f"row {written.index[position]}, column {written.name}", written.iloc[position]
    if pd.isna(value) or not str(value).strip():
        return f"{row}: the period is empty; write it, or leave the row out if it is a total"
    other = [name for name in periods.PARTS if periods.step(value, name) is not None]
    hint = "leave totals out"
    if other:
        hint = f"it is a {other[0]}, and years, half-years and months never go in one table (--frequency {other[0]})"
    return (
        f"{row}: '{value}' is no {frequency}; expected a form such as {periods.EXAMPLES[frequency]}; {hint}"
    )


def _labels(history: pd.DataFrame, name: str | None, series: np.ndarray, first_rows: np.ndarray):
    """The kind or area of each series, None without such a column."""
    if name is None:
        return None
    written = history[name].astype(str).to_numpy()
    labels = written[first_rows]
    several = written != labels[series]
    if several.any():
        raise DataError(f"forecast: the series of {_row(history, several)} has more than one {name}")
    return labels


def _breaks(layout: Layout, *, first: int, length: int) -> np.ndarray | None:
    """True where every series got a new level, (period,)."""
    if not len(layout.breaks):
        return None
    starts = _steps(pd.Series(list(layout.breaks), name="breaks"), layout.frequency) - first
    if ((starts < 1) | (starts >= length)).any():
        raise ParameterError(
            f"forecast: breaks {', '.join(map(str, layout.breaks))}; expected periods of the table, not the first"
        )
    broken = np.zeros(length, bool)
    broken[starts] = True
    return broken
