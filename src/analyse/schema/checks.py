"""The door of each floor: a table as it was read goes in, a typed one comes out, or an error."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pandas as pd

from analyse.errors import DataError, shortened
from analyse.schema.columns import VALUE_STATUSES, Column, Table
from analyse.schema.tables import TABLES

LARGEST = 1e13
"""No amount or count here is larger; infinity is."""
SHEET_ROW = "sheet row"
"""Name of an index that holds the rows as a spreadsheet shows them; without it the names stand in row 1."""
DTYPES = {"text": "str", "integer": "Int64", "number": "float64"}


def check(
    frame: pd.DataFrame, table: Table | str, where: str = "", *, cells: pd.DataFrame | None = None
) -> pd.DataFrame:
    """Return ``frame`` with the declared columns, order and types, or raise.

    Parameters
    ----------
    frame : DataFrame
        One row per key of the table; columns in any order.
    table : Table or str
        What it should look like; a name is looked up in ``TABLES``.
    where : str
        File or step, named in the error.
    cells : DataFrame, optional
        The cells as they stand in the file, for the error; by default those of ``frame``.

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
    written = frame if cells is None else frame.assign(**{str(name): cells[name] for name in cells})
    typed = pd.DataFrame({c.name: _typed(frame[c.name], c, place, written[c.name]) for c in table.columns})
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


def _typed(values: pd.Series, column: Column, place: str, written: pd.Series) -> pd.Series:
    place = f"{place}column {column.name}"
    if column.kind == "text":
        typed = values.astype("str").where(values.notna())
        typed = typed.where(typed != "")
    else:
        typed = pd.to_numeric(values, errors="coerce")
        no_number = typed.isna() & values.notna() & (values.astype("str").str.strip() != "")
        refuse(no_number, written, place, "a number")
        refuse(typed.isin([float("inf"), float("-inf")]), written, place, "a finite number")
        refuse(typed.abs() > LARGEST, written, place, "a number that can be")
        if column.kind == "integer":
            refuse(typed.notna() & (typed % 1 != 0), written, place, "a whole number")
    typed = typed.astype(DTYPES[column.kind])
    if column.required:
        refuse(typed.isna(), written, place, "a value")
    if column.minimum is not None:
        too_small = (typed < column.minimum).fillna(False).astype(bool)
        refuse(too_small, written, place, f"at least {column.minimum:g}")
    if column.allowed is not None:
        other = typed.notna() & ~typed.isin(column.allowed)
        refuse(other, written, place, f"one of {', '.join(column.allowed)}")
    return typed


def refuse(wrong: pd.Series, cells: pd.Series, place: str, expected: str) -> None:
    """Raise when a cell is wrong, with the row of the first, what it holds, and how many there are.

    Parameters
    ----------
    wrong : Series of bool
        Which cells are wrong.
    cells : Series
        What stands in them; an index named ``SHEET_ROW`` holds the rows as a spreadsheet shows them.
    place : str
        The file and the column.
    expected : str
        What it should hold.

    Raises
    ------
    DataError
        Without a number of nine digits, which may say who somebody is.
    """
    if wrong.any():
        row = int(wrong.to_numpy().argmax())
        shown = cells.index[row] if cells.index.name == SHEET_ROW else row + 2
        raise DataError(
            f"{place}, row {shown}: got {_shown(cells.iloc[row])}, expected {expected} ({int(wrong.sum())} such rows)"
        )


def _shown(cell: Any) -> str:
    """A cell as a person sees it."""
    cell = cell.item() if isinstance(cell, np.generic) else cell
    if not isinstance(cell, str) and pd.isna(cell):
        return "nothing"
    if isinstance(cell, str):
        return re.sub(r"(?<!\d)\d{9}(?!\d)", "*" * 9, repr(shortened(cell)))
    return shortened(repr(cell))


def _check_status(frame: pd.DataFrame, table: Table, place: str) -> None:
    """A figure with a value has a status that says so, and vice versa."""
    optional = [c.name for c in table.columns if c.kind != "text" and not c.required]
    if "status" not in frame or not optional:
        return
    has_value = frame[optional[0]].notna()
    wrong = has_value != frame["status"].isin(VALUE_STATUSES)
    if wrong.any():
        row = int(wrong.to_numpy().argmax())
        raise DataError(
            f"{place}row {row + 2}: status {frame['status'].iloc[row]!r} contradicts "
            f"{optional[0]} = {_shown(frame[optional[0]].iloc[row])}; missing is not zero"
        )
