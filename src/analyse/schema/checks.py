"""The door of each floor: a table as it was read goes in, a typed one comes out, or an error."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from analyse.errors import DataError
from analyse.schema.columns import VALUE_STATUSES, Column, Table
from analyse.schema.tables import TABLES

LARGEST = 1e13
"""No amount or count here is larger; infinity is."""
SHEET_ROW = "sheet row"
"""Name of an index that holds the rows as a spreadsheet shows them; without it the names stand in row 1."""
DTYPES = {"text": "str", "integer": "Int64", "number": "float64"}


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
    check_columns(frame, table, where)
    typed = pd.DataFrame({c.name: _typed(frame[c.name], c, place) for c in table.columns})
    duplicated = typed.duplicated(list(table.key))
    if duplicated.any():
        first = "/".join(str(value) for value in typed.loc[duplicated, list(table.key)].iloc[0])
        raise DataError(
            f"{place}{int(duplicated.sum())} duplicate ({', '.join(table.key)}) rows, "
            f"first {first}; keep one row per key"
        )
    _check_status(typed, table, place)
    return typed


def check_columns(frame: pd.DataFrame, table: Table | str, where: str = "") -> None:
    """Refuse a table that lacks a column, or has one that was not declared.

    Parameters
    ----------
    frame, table, where
        As for ``check``; the cells do not matter.

    Raises
    ------
    DataError
        With the names that are missing or unknown.
    """
    table = TABLES[table] if isinstance(table, str) else table
    expected = f"expected {', '.join(table.column_names)}"
    missing = [name for name in table.column_names if name not in frame.columns]
    unknown = [str(name) for name in frame.columns if name not in table.column_names]
    if missing:
        raise DataError(f"{where or table.name}: column {', '.join(missing)} is missing; {expected}")
    if unknown:
        raise DataError(f"{where or table.name}: unknown column {', '.join(unknown)}; {expected}")


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
        _refuse(typed.abs() > LARGEST, values, place, "a number that can be")
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
        shown = values.index[row] if values.index.name == SHEET_ROW else row + 2
        raise DataError(
            f"{place}, row {shown}: got {got!r}, expected {expected} ({int(wrong.sum())} such rows)"
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
        raise DataError(
            f"{place}row {row + 2}: status {frame['status'].iloc[row]!r} contradicts "
            f"{optional[0]} = {frame[optional[0]].iloc[row]}; missing is not zero"
        )
