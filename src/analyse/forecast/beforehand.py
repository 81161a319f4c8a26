"""What is known beforehand of the series of a long table: a second table, laid out as signals for the engine."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from analyse.errors import DataError, ParameterError
from analyse.forecast.expected import centred, robust_sd
from analyse.forecast.long_table import Layout, Wide, _steps, read_numbers
from analyse.parameters import near
from analyse.reading.periods import PARTS

LEVEL, PEER = "level", "peer"
ROLES = (LEVEL, PEER)
FREE_UNIT = 0.1
"""One robust standard deviation of a free covariate counts as so much on the log scale."""


@dataclass(frozen=True)
class Beforehand:
    """A table of covariates and what they mean.

    Attributes
    ----------
    table : one row per key and period, with columns named as in the history; other columns are covariates
    roles : column -> "level" (a plan in the unit of the value, such as a budget) or "peer" (the level that is expected
        of the series, in the same unit); a covariate without a role is free
    leads : column -> how many periods ahead of every origin it is known; by default as far as its table now runs ahead
        of the history
    """

    table: pd.DataFrame
    roles: Mapping[str, str] = field(default_factory=dict)
    leads: Mapping[str, int] = field(default_factory=dict)

    @classmethod
    def of(cls, table: pd.DataFrame, settings: Mapping[str, Any]) -> Beforehand:
        """From settings of the forecast: level and peer are one column or several.

        Examples
        --------
        >>> Beforehand.of(pd.DataFrame(), {"level": "budget_eur", "lead": {"budget_eur": 1}}).roles
        {'budget_eur': 'level'}
        """
        roles: dict[str, str] = {}
        for role in ROLES:
            columns = settings.get(role) or ()
            roles |= dict.fromkeys([columns] if isinstance(columns, str) else columns, role)
        leads = settings.get("lead") or {}
        if not isinstance(leads, Mapping):
            raise ParameterError(f"known: lead is {leads!r}; expected column -> periods ahead")
        return cls(table, roles, leads)


def signals(known: Beforehand, history: Wide, layout: Layout, horizon: int) -> np.ndarray:
    """Signals (signal, series, period, step) on a log scale, as they were known at each period.

    A plan tells by how much it lies above the value of its origin (with seasons: of the same season), a peer how far
    the value lies below it, a free covariate its value; each beside the median of all series in that period.

    Parameters
    ----------
    known : Beforehand
        What is known, with its roles and leads.
    history : Wide
        The series.
    layout : Layout
        Names of the columns of the history.
    horizon : int
        Steps ahead.

    Raises
    ------
    DataError
        A column is missing or is no number, a key and period occur twice, or a key is none of the history.
    ParameterError
        A role or lead is of no covariate or impossible.
    """
    columns = _covariates(known, history)
    cells, periods = _cells(known.table, history, layout)
    values = np.where(history.values > 0, history.values, np.nan)  # noqa: PD011
    made = []
    for name in columns:
        wide = np.full((len(history.keys), periods.stop - periods.start), np.nan)
        wide[cells] = read_numbers(known.table, name, layout, what="known", signed=not known.roles.get(name))
        lead, role = _lead(known, name, wide, history.last - periods.start), known.roles.get(name)
        steps = []
        for step in range(1, horizon + 1):
            ahead = lead if role else min(lead, step)
            covariate = _shifted(wide, values.shape[1], history, periods, ahead)
            # A series moves to its peers by the same part every period.
            steps.append(_signal(role, values, covariate, ahead, layout) * (step if role == PEER else 1))
        made.append(steps)
    return np.moveaxis(np.array(made), 1, 3)


def _covariates(known: Beforehand, history: Wide) -> list[str]:
    """Names of the covariates, checked against roles and leads."""
    table = known.table
    if not isinstance(table, pd.DataFrame):
        raise DataError(f"known: got {type(table).__name__}; expected a pandas DataFrame")
    absent = [name for name in (*history.keys.columns, history.period) if name not in table.columns]
    if absent:
        raise DataError(f"known: no column {', '.join(absent)}; it needs the key and period of the history")
    names = [name for name in table.columns if name not in (*history.keys.columns, history.period)]
    if not names:
        raise DataError("known: no covariates; expected columns beside the key and the period")
    for what, given in (("role", known.roles), ("lead", known.leads)):
        for name in given:
            if name not in names:
                raise ParameterError(f"known: {what} of {name!r}, which is no covariate; {near(name, names)}")
    for name, role in known.roles.items():
        if role not in ROLES:
            raise ParameterError(f"known: role {role!r} of {name}; {near(role, ROLES)}")
    return names


def _cells(table: pd.DataFrame, history: Wide, layout: Layout) -> tuple[tuple[Any, Any], range]:
    """Place of every row of the table (series, period), and the periods it spans together with the history."""
    steps = _steps(table[history.period], layout.frequency)
    keys = list(history.keys.columns)
    twice = table.duplicated([*keys, history.period])
    if twice.any():
        where = "/".join(str(part) for part in table.loc[twice, [*keys, history.period]].iloc[0])
        raise DataError(f"known: {twice.sum()} rows have the same key and period as another, first {where}")
    places = history.keys.astype("str").assign(series=range(len(history.keys)))
    series = table[keys].astype("str").merge(places, on=keys, how="left", validate="m:1")["series"]
    first = min(int(steps.min()), history.last - history.values.shape[1] + 1)  # noqa: PD011
    last = max(int(steps.max()), history.last)
    strange = series.isna().to_numpy()
    if strange.any():
        where = "/".join(str(part) for part in table.loc[strange, keys].iloc[0])
        raise DataError(
            f"known: {strange.sum()} rows are of no series of the history, first {where}; leave them out"
        )
    return (series.astype(int).to_numpy(), steps - first), range(first, last + 1)


def _lead(known: Beforehand, name: str, wide: np.ndarray, last: int) -> int:
    """Periods ahead of an origin of which the covariate is known; a plan must say something about coming ones."""
    seen = np.flatnonzero(np.isfinite(wide).any(axis=0))
    if not len(seen):
        raise DataError(f"known: column {name} has no value at all; leave it out")
    lead = known.leads.get(name, int(seen[-1]) - last)
    if not isinstance(lead, int) or isinstance(lead, bool):
        raise ParameterError(f"known: lead of {name} is {lead!r}; expected a whole number of periods")
    if known.roles.get(name) == LEVEL and lead < 1:
        raise ParameterError(
            f"known: {name} ends with the history, lead {lead}; a plan is known at least one period ahead"
        )
    return min(lead, 0) if known.roles.get(name) == PEER else lead


def _shifted(wide: np.ndarray, count: int, history: Wide, periods: range, ahead: int) -> np.ndarray:
    """The covariate ``ahead`` periods after each period of the history (series, period); NaN outside the table."""
    at = np.arange(count) + (history.last - count + 1 - periods.start) + ahead
    inside = (at >= 0) & (at < wide.shape[1])
    found = np.full((len(wide), count), np.nan)
    found[:, inside] = wide[:, at[inside]]
    return found


def _signal(
    role: str | None, values: np.ndarray, covariate: np.ndarray, ahead: int, layout: Layout
) -> np.ndarray:
    """One signal (series, period), beside the median of all series in each period."""
    if role is None:
        off = np.stack([centred(column) for column in covariate.T], axis=1)
        size = robust_sd(off) if np.isfinite(off).any() else 0.0
        return FREE_UNIT * off / size if size > 0 else np.zeros(off.shape)
    with np.errstate(divide="ignore", invalid="ignore"):
        logs = np.log(np.where(covariate > 0, covariate, np.nan))
    season = PARTS[layout.frequency]
    back = 0 if role == PEER else season * -(-ahead // season) - ahead
    compared = np.full(values.shape, np.nan)
    compared[:, back:] = values[:, : values.shape[1] - back]
    return np.stack([centred(column) for column in (logs - np.log(compared)).T], axis=1)
