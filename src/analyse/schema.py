"""The words everyone uses: every table, its key, columns, units and allowed values.

``check`` is the door of each floor: a table goes in as it was read and comes out with the declared
types, or an error names the table, the column, the first offending row and the cure.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from analyse.errors import DataError

STATUSES = {
    "final": "a published, settled figure",
    "provisional": "published, and usually revised later",
    "estimated": "reconstructed here from other published figures",
    "incomplete": "a sum of which a part is not known: a lower bound",
    "suppressed": "hidden by the publisher because the cell is small",
    "faulty": "a known error of the source, see data/corrections.yaml",
    "missing": "not published",
}
VALUE_STATUSES = ("final", "provisional", "estimated", "incomplete")
"""A cell with one of these statuses has a value; with any other it is empty."""

DTYPES = {"text": "str", "integer": "Int64", "number": "float64"}


@dataclass(frozen=True)
class Column:
    """One column: its kind (text, integer or number), meaning, unit and limits."""

    name: str
    kind: str
    description: str
    unit: str = ""
    required: bool = True
    minimum: float | None = None
    allowed: tuple[str, ...] | None = None


@dataclass(frozen=True)
class Table:
    """One table: its key (no two rows share it) and its columns, in order."""

    name: str
    title: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]

    @property
    def column_names(self) -> list[str]:
        """Names of the columns, in order."""
        return [column.name for column in self.columns]


def _municipality() -> Column:
    return Column("municipality_code", "text", "CBS municipality code of that year, GM and four digits")


def _year(description: str = "calendar year") -> Column:
    return Column("year", "integer", description, unit="year", minimum=1995)


def _status() -> Column:
    return Column("status", "text", "what kind of figure it is", allowed=tuple(STATUSES))


_REPORT = Column("report", "text", "accounts (jaarrekening) or budget (primitieve begroting)",
                 allowed=("accounts", "budget"))  # fmt: skip

TABLES: dict[str, Table] = {
    table.name: table
    for table in (
        Table(
            "municipalities",
            "Municipalities that are or were part of the three youth regions, by year",
            ("year", "municipality_code"),
            (
                _year("year in which the code exists, on 1 January"),
                _municipality(),
                Column("municipality", "text", "official name in that year"),
                Column("region_code", "text", "youth region (jeugdregio) on 1 January", required=False,
                       allowed=("JZ18", "JZ24", "JZ29")),
            ),
        ),
        Table(
            "boundary_changes",
            "Municipal mergers: which code went into which, and when",
            ("municipality_code",),
            (
                _municipality(),
                _year("first year in which the successor exists"),
                Column("successor_code", "text", "code of the municipality it became part of"),
            ),
        ),
        Table(
            "costs",
            "Spending (lasten) on youth tasks by taakveld: accounts and original budgets",
            ("municipality_code", "year", "report", "taakveld"),
            (
                _municipality(), _year(), _REPORT,
                Column("taakveld", "text", "Iv3 task field in the numbering of that year"),
                Column("cost_eur", "number", "spending; empty where not given", unit="EUR", required=False),
                _status(),
            ),
        ),
        Table(
            "costs_subcode",
            "Spending and income on youth tasks by Iv3 sub-code: accounts 2023, budgets 2023-2025",
            ("municipality_code", "year", "report", "subcode"),
            (
                _municipality(), _year(), _REPORT,
                Column("subcode", "text", "Iv3 sub-code in the numbering of that year"),
                Column("label", "text", "official Dutch name of the sub-code"),
                Column("cost_eur", "number", "spending (lasten)", unit="EUR", required=False),
                Column("revenue_eur", "number", "income (baten)", unit="EUR", required=False),
                _status(),
            ),
        ),
        Table(
            "usage",
            "Youths (0-22) with youth care in kind, and trajectories, by municipality",
            ("municipality_code", "year", "measure", "breakdown", "category"),
            (
                _municipality(), _year(),
                Column("measure", "text", "what is counted", allowed=("youths", "trajectories")),
                Column("breakdown", "text", "how it is broken down",
                       allowed=("total", "age", "household", "referrer")),
                Column("category", "text", "category within the breakdown; total for the whole"),
                Column("count", "integer", "number, rounded to 5 by CBS; empty below 10", required=False, minimum=0),
                _status(),
            ),
        ),
        Table(
            "usage_indicators",
            "Youth-care indicators by municipality, per cent",
            ("municipality_code", "year", "indicator"),
            (
                _municipality(), _year(),
                Column("indicator", "text", "name of the indicator"),
                Column("value_percent", "number", "value", unit="%", required=False, minimum=0),
                _status(),
            ),
        ),
        Table(
            "population",
            "Inhabitants on 1 January by age group",
            ("municipality_code", "year", "age_group"),
            (
                _municipality(), _year("1 January of the year"),
                Column("age_group", "text", "total, or first-last year of age",
                       allowed=("total", "0-4", "5-9", "10-14", "15-19", "20-24", "0-14", "15-24", "0-17")),
                Column("count", "integer", "inhabitants", required=False, minimum=0),
                _status(),
            ),
        ),
        Table(
            "population_dynamics",
            "Births, deaths and migration by municipality",
            ("municipality_code", "year"),
            (
                _municipality(), _year(),
                Column("inhabitants_start", "integer", "inhabitants on 1 January", minimum=0),
                Column("births", "integer", "live births", minimum=0),
                Column("deaths", "integer", "deaths", minimum=0),
                Column("immigration", "integer", "arrivals from abroad", minimum=0),
                Column("arrivals", "integer", "arrivals from other municipalities", minimum=0),
                Column("emigration", "integer", "departures abroad, administrative corrections included"),
                Column("departures", "integer", "departures to other municipalities", minimum=0),
                Column("net_migration", "integer", "arrivals less departures, all kinds"),
                Column("inhabitants_end", "integer", "inhabitants on 31 December", minimum=0),
                _status(),
            ),
        ),
        Table(
            "single_parent_households",
            "Single-parent households in the measure of the gemeentefonds",
            ("municipality_code", "year"),
            (
                _municipality(), _year("1 January of the year"),
                Column("count", "integer", "households", minimum=0),
                _status(),
            ),
        ),
        Table(
            "municipal_fund",
            "Gemeentefonds per cluster by circular (a calculation from the circulars, not an official figure)",
            ("circular", "year", "municipality_code", "cluster"),
            (
                Column("circular", "text", "circular, for example meicirculaire 2024"),
                _year("year the money is for"),
                _municipality(),
                Column("cluster", "text", "cluster of the gemeentefonds"),
                Column("amount_eur", "number", "amount", unit="EUR", minimum=0),
                _status(),
            ),
        ),
        Table(
            "price_index",
            "Yearly change of wages and prices that youth-care tariffs follow",
            ("year", "component"),
            (
                _year(),
                Column("component", "text", "ova (wages in care), ppc (private consumption), cpi (consumer prices)",
                       allowed=("ova", "ppc", "cpi")),
                Column("change_percent", "number", "change on the year before", unit="%"),
                _status(),
                Column("source", "text", "who published it"),
            ),
        ),
        Table(
            "national_reference",
            "National and provincial reference figures on youth care",
            ("period", "area_code", "indicator", "source"),
            (
                Column("period", "text", "year (2019), half-year (2020H1) or reference date (2023-06-30)"),
                Column("area_code", "text", "NL01 the Netherlands, PV28 Zuid-Holland, or a municipality"),
                Column("indicator", "text", "name of the indicator"),
                Column("value", "number", "value", minimum=0),
                Column("unit", "text", "unit of the value", allowed=("youths", "trajectories", "%", "EUR")),
                _status(),
                Column("source", "text", "CBS publication or table"),
            ),
        ),
    )
}  # fmt: skip


def check(frame: pd.DataFrame, table: Table | str, where: str = "") -> pd.DataFrame:
    """Return ``frame`` with the declared columns, order and types, or raise.

    Parameters
    ----------
    frame : DataFrame
        One row per key of the table; columns in any order.
    table : Table or str
        What it should look like; a name is looked up in ``TABLES``.
    where : str
        File or step, named in the error.

    Raises
    ------
    DataError
        On a missing or unknown column, a value of the wrong kind, outside its limits or empty where
        required, a duplicate key, or a status that contradicts the value.

    Examples
    --------
    >>> rows = pd.DataFrame({"municipality_code": ["GM0576"], "year": [2019], "successor_code": ["GM0575"]})
    >>> check(rows, "boundary_changes").dtypes["year"]
    Int64Dtype()
    """
    table = TABLES[table] if isinstance(table, str) else table
    place = f"{where or table.name}: "
    _check_columns(frame, table, place)
    typed = pd.DataFrame({c.name: _typed(frame[c.name], c, place) for c in table.columns})
    duplicated = typed.duplicated(list(table.key))
    if duplicated.any():
        first = "/".join(str(value) for value in typed.loc[duplicated, list(table.key)].iloc[0])
        raise DataError(f"{place}{int(duplicated.sum())} duplicate ({', '.join(table.key)}) rows, "
                        f"first {first}; keep one row per key")  # fmt: skip
    _check_status(typed, table, place)
    return typed


def _check_columns(frame: pd.DataFrame, table: Table, place: str) -> None:
    missing = [name for name in table.column_names if name not in frame.columns]
    unknown = [str(name) for name in frame.columns if name not in table.column_names]
    if missing:
        raise DataError(
            f"{place}column {', '.join(missing)} is missing; expected {', '.join(table.column_names)}"
        )
    if unknown:
        raise DataError(
            f"{place}unknown column {', '.join(unknown)}; expected {', '.join(table.column_names)}"
        )


def _typed(values: pd.Series, column: Column, place: str) -> pd.Series:
    place = f"{place}column {column.name}"
    if column.kind == "text":
        typed = values.astype("str").where(values.notna())
        typed = typed.where(typed != "")
    else:
        typed = pd.to_numeric(values, errors="coerce")
        _refuse(
            typed.isna() & values.notna() & (values.astype("str").str.strip() != ""),
            values,
            place,
            "a number",
        )
        _refuse(typed.isin([float("inf"), float("-inf")]), values, place, "a finite number")
        if column.kind == "integer":
            _refuse(typed.notna() & (typed % 1 != 0), values, place, "a whole number")
    typed = typed.astype(DTYPES[column.kind])
    if column.required:
        _refuse(typed.isna(), values, place, "a value")
    if column.minimum is not None:
        _refuse(
            (typed < column.minimum).fillna(False).astype(bool), values, place, f"at least {column.minimum:g}"
        )
    if column.allowed is not None:
        _refuse(
            typed.notna() & ~typed.isin(column.allowed), values, place, f"one of {', '.join(column.allowed)}"
        )
    return typed


def _refuse(wrong: pd.Series, values: pd.Series, place: str, expected: str) -> None:
    if wrong.any():
        row = int(wrong.to_numpy().argmax())
        got: Any = values.iloc[row]
        got = got.item() if isinstance(got, np.generic) else got
        raise DataError(
            f"{place}, row {row + 2}: got {got!r}, expected {expected} ({int(wrong.sum())} such rows)"
        )


def _check_status(frame: pd.DataFrame, table: Table, place: str) -> None:
    """A figure with a value has a status that says so, and the other way round."""
    optional = [c.name for c in table.columns if c.kind != "text" and not c.required]
    if "status" not in frame or not optional:
        return
    has_value = frame[optional[0]].notna()
    wrong = has_value != frame["status"].isin(VALUE_STATUSES)
    if wrong.any():
        row = int(wrong.to_numpy().argmax())
        raise DataError(f"{place}row {row + 2}: status {frame['status'].iloc[row]!r} contradicts "
                        f"{optional[0]} = {frame[optional[0]].iloc[row]}; missing is not zero")  # fmt: skip
