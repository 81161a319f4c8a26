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
from analyse.schema import STATUSES

PERIODS = {"year": 1, "half-year": 2, "month": 12}
PATTERNS = {
    "year": (re.compile(r"(\d{4})(?:JJ00|-01-01(?: 00:00:00)?)?(?:\.0)?"), "{year}"),
    "half-year": (re.compile(r"(\d{4})-?H(?:J0)?([12])"), "{year}H{part}"),
    "month": (re.compile(r"(\d{4})-?M{0,2}(0[1-9]|1[0-2])(?:-01)?(?: 00:00:00)?"), "{year}-{part:02d}"),
}
EXAMPLES = {"year": "2024", "half-year": "2024H1", "month": "2024-05"}
LONGEST_HISTORY = 1200
STATUS = "status"
SUPPRESSED, PROVISIONAL, UNUSABLE = "suppressed", "provisional", ("incomplete", "faulty", "missing")
UNKNOWN = ("", "NA", "NaN", "nan")
"""What files write where nothing is known."""


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
    """

    key: str | Sequence[str] | None = None
    period: str | None = None
    value: str = "value"
    group: str | None = None
    region: str | None = None
    frequency: str = "year"
    breaks: Sequence[Any] = ()
    revision_percent: float = 0.0

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
        if made.frequency not in PERIODS:
            raise ParameterError(
                f"forecast: frequency is '{made.frequency}'; expected one of {', '.join(PERIODS)}"
            )
        if not -100 < made.revision_percent < 100:
            raise ParameterError(
                f"forecast: revision of {made.revision_percent} %; expected more than -100 and less than 100"
            )
        return made


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
    _has(history, [*keys, period, layout.value, *(one for one in (layout.group, layout.region) if one)])
    if history.empty:
        raise DataError("forecast: the table has no rows")
    empty = history[keys].isna().any(axis=1)
    if empty.any():
        raise DataError(f"forecast: an empty {' or '.join(keys)} in row {_first(empty)}")
    steps = _steps(history[period], layout.frequency)
    numbers, hidden = _with_status(history, keys, _numbers(history[layout.value]), layout)
    series = history.groupby(keys, sort=True, observed=True).ngroup().to_numpy() if keys else steps * 0
    _check_series(history, [*keys, period], series=series, steps=steps, known=np.isfinite(numbers) | hidden)
    if layout.key is None and len(steps) > 1 and series.max() + 1 == len(steps) and np.ptp(steps) > 0:
        raise DataError(
            f"forecast: every row is a series of its own by {', '.join(keys)}; name the key columns"
        )
    _, places = np.unique(series, return_index=True)
    cells = series, steps - steps.min()
    shape = len(places), int(np.ptp(steps)) + 1
    values, suppressed = np.full(shape, np.nan), np.zeros(shape, bool)
    values[cells], suppressed[cells] = numbers, hidden
    return Wide(
        period=period,
        keys=history[keys].iloc[places].reset_index(drop=True),
        values=values,
        suppressed=suppressed,
        groups=_labels(history, layout.group, series, places),
        regions=_labels(history, layout.region, series, places),
        breaks=_breaks(layout, first=int(steps.min()), periods=shape[1]),
        last=int(steps.max()),
    )


def label(step: int, frequency: str) -> str | int:
    """The period of a step, as it is written.

    Examples
    --------
    >>> label(2024 * 2 + 1, "half-year")
    '2024H2'
    """
    year, part = divmod(step, PERIODS[frequency])
    return year if frequency == "year" else PATTERNS[frequency][1].format(year=year, part=part + 1)


def _keys(history: pd.DataFrame, layout: Layout, period: str) -> list[str]:
    if layout.key is None:
        return [name for name in history.columns if name not in (period, layout.value, STATUS)]
    return [layout.key] if isinstance(layout.key, str) else list(layout.key)


def _has(history: pd.DataFrame, names: Sequence[str]) -> None:
    absent = [name for name in dict.fromkeys(names) if name not in history.columns]
    if absent:
        have = ", ".join(map(str, history.columns))
        raise DataError(f"forecast: no column {', '.join(absent)}; the table has {have}")


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


def _first(wrong: pd.Series | np.ndarray) -> int:
    """Position of the first wrong row, counted from 1."""
    return int(np.asarray(wrong).argmax()) + 1


def _numbers(values: pd.Series) -> np.ndarray:
    """Values as numbers; text, infinity and negative amounts are refused."""
    if pd.api.types.is_datetime64_any_dtype(values):
        raise DataError(f"forecast: column {values.name} has dates; expected counts or amounts")
    numbers = pd.to_numeric(values, errors="coerce").to_numpy(dtype=float, na_value=np.nan)
    text = np.isnan(numbers) & values.notna().to_numpy()
    text &= ~values.astype(str).str.strip().isin(UNKNOWN).to_numpy() if text.any() else text
    if text.any():
        raise DataError(
            f"forecast: '{values[text].iloc[0]}' in row {_first(text)} is no number; "
            "write 1234.5, or leave it empty if unknown"
        )
    if np.isinf(numbers).any():
        raise DataError(
            f"forecast: infinite value in row {_first(np.isinf(numbers))}; leave it empty if unknown"
        )
    if (numbers < 0).any():
        raise DataError(
            f"forecast: negative value {numbers[numbers < 0][0]:g} in row {_first(numbers < 0)}; "
            "counts and costs are zero or more, so correct it or leave it empty"
        )
    return numbers


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
            f"forecast: status '{status[wrong].iloc[0]}' in row {_first(wrong)}; "
            f"expected one of {', '.join(STATUSES)}"
        )
    hidden = (status == SUPPRESSED).to_numpy()
    raised = np.where(status == PROVISIONAL, 1 + layout.revision_percent / 100, 1.0)
    return np.where(hidden | status.isin(UNUSABLE), np.nan, numbers * raised), hidden


def _steps(periods: pd.Series, frequency: str) -> np.ndarray:
    """Number of each period since year 0."""
    codes, written = pd.factorize(periods.astype(str).str.strip())
    found = [PATTERNS[frequency][0].fullmatch(text) for text in written]
    unread = np.array([one is None for one in found])
    if unread.any():
        text = written[unread][0]
        other = [name for name, (pattern, _) in PATTERNS.items() if pattern.fullmatch(text)]
        hint = (
            f"; it is a {other[0]}, and years, half-years and months never go in one table" if other else ""
        )
        raise DataError(
            f"forecast: period '{text}' in row {_first(unread[codes])} is no {frequency}; "
            f"expected a form such as {EXAMPLES[frequency]}{hint}"
        )
    steps = [
        int(one[1]) * PERIODS[frequency] + (int(one[2]) - 1 if frequency != "year" else 0) for one in found
    ]
    return np.array(steps, dtype=int)[codes]


def _labels(history: pd.DataFrame, name: str | None, series: np.ndarray, places: np.ndarray):
    """The kind or area of each series, None without such a column."""
    if name is None:
        return None
    written = history[name].astype(str).to_numpy()
    labels = written[places]
    several = written != labels[series]
    if several.any():
        raise DataError(f"forecast: the series of row {_first(several)} has more than one {name}")
    return labels


def _breaks(layout: Layout, *, first: int, periods: int) -> np.ndarray | None:
    """True where every series got a new level, (period,)."""
    if not len(layout.breaks):
        return None
    places = _steps(pd.Series(list(layout.breaks)), layout.frequency) - first
    if ((places < 1) | (places >= periods)).any():
        raise ParameterError(
            f"forecast: breaks {', '.join(map(str, layout.breaks))}; expected periods of the table, not the first"
        )
    found = np.zeros(periods, bool)
    found[places] = True
    return found
