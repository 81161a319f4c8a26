"""What was agreed and budgeted: ``tariffs``, ``budgets``, ``agreements`` and ``lump_sums``, checked on reading.

They come from a folder such as ``data/contracts`` and are optional: what is not there is an empty table, and the
parts that need it say so.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from analyse import schema
from analyse.errors import DataError
from analyse.schema import Column, Table

UNITS = ("01", "04", "14", "16", "82", "83", "84")
"""Units of iJw code list WJ756: minute, hour, day and night, part of a day, piece (output), euro, piece (effort)."""


def _municipality() -> Column:
    return Column("municipality_code", "text", "CBS code of the municipality")


def _year() -> Column:
    return Column("year", "integer", "calendar year of care", minimum=2015)


def _provider() -> Column:
    return Column("provider", "text", "AGB code of the provider")


def _form() -> Column:
    return Column("care_form", "text", "care form, as in parameters/product_codes.csv")


TABLES = {
    table.name: table
    for table in (
        Table(
            "tariffs",
            "Agreed tariffs by provider, product and year",
            ("provider", "product_code", "year"),
            (
                _provider(),
                Column("product_code", "text", "product code"),
                _year(),
                Column("unit", "text", "unit of the tariff (WJ756)", allowed=UNITS),
                Column("tariff_cents", "integer", "agreed tariff", unit="eurocent", minimum=0),
            ),
        ),
        Table(
            "budgets",
            "Budget of each municipality for care that runs through declarations and lump sums",
            ("municipality_code", "year"),
            (
                _municipality(),
                _year(),
                Column("budget_eur", "number", "budget", unit="EUR", minimum=0),
            ),
        ),
        Table(
            "agreements",
            "Volume and amount agreed with each provider (bestedingsruimte)",
            ("provider", "municipality_code", "year", "care_form", "unit"),
            (
                _provider(),
                _municipality(),
                _year(),
                _form(),
                Column("agreed_volume", "number", "agreed volume", minimum=0),
                Column("unit", "text", "unit of the volume (WJ756)", allowed=UNITS),
                Column("agreed_cents", "integer", "agreed amount", unit="eurocent", minimum=0),
            ),
        ),
        Table(
            "lump_sums",
            "Care paid as a sum without declared lines (taakgericht or subsidy)",
            ("municipality_code", "provider", "care_form", "year"),
            (
                _municipality(),
                _provider(),
                _form(),
                _year(),
                Column("amount_eur", "number", "amount for the whole year", unit="EUR", minimum=0),
            ),
        ),
    )
}


def read(folder: Path | str | None) -> dict[str, pd.DataFrame]:
    """The tables of a folder by name; one without a file is empty.

    Raises
    ------
    DataError
        The folder is not there, or a table is not as ``TABLES`` declares it.
    """
    if folder is None:
        return {name: _empty(table) for name, table in TABLES.items()}
    folder = Path(folder)
    if not folder.is_dir():
        raise DataError(
            f"{folder}: no such folder; give one with {', '.join(f'{name}.csv' for name in TABLES)}"
        )
    return {name: _read(folder / f"{name}.csv", table) for name, table in TABLES.items()}


def absent(contracts: Mapping[str, pd.DataFrame]) -> list[str]:
    """Names of the tables without a row, in order."""
    return [name for name in TABLES if contracts[name].empty]


def _read(path: Path, table: Table) -> pd.DataFrame:
    if not path.exists():
        return _empty(table)
    text = {column.name: str for column in table.columns if column.kind == "text"}
    try:
        found = pd.read_csv(path, dtype=text)
    except (ValueError, pd.errors.ParserError) as error:
        raise DataError(f"{path.name}: cannot be read as CSV with commas and points: {error}") from error
    known = [name for name in found.columns if name in table.column_names]
    return schema.check(found[known], table, path.name)


def _empty(table: Table) -> pd.DataFrame:
    return schema.check(pd.DataFrame(columns=table.column_names, dtype=object), table, table.name)
