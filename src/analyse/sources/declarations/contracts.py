"""What was agreed and budgeted: tariffs, budgets, agreements and lump sums, from ``data/contracts/*.csv``.

All of them are optional: what is not there is a table without rows, and the parts that need it say so.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from analyse import schema, store
from analyse.errors import DataError
from analyse.schema import Column, Table
from analyse.sources.declarations import codes

UNITS = ("01", "04", "14", "16", "82", "83", "84")
"""Units of iJw code list WJ756: minute, hour, day and night, part of a day, piece (output), euro, piece (effort)."""
CODES = {
    "municipality_code": (r"GM\d{4}", "a code as of CBS, GM and four digits"),
    "provider": (r"\d{8}", "an AGB code of eight digits"),
}
PROVIDER = Column("provider", "text", "AGB code, eight digits")
MUNICIPALITY = Column("municipality_code", "text", "CBS municipality code, GM and four digits")
YEAR = Column("year", "integer", "calendar year of the care", unit="year", minimum=2015)
CARE_FORM = Column("care_form", "text", "care form, as in parameters/product_codes.csv")
UNIT = Column("unit", "text", "unit, code list WJ756", allowed=UNITS)
LABEL = Column("label", "text", "says so where it is simulated", required=False)

TABLES = {
    table.name: table
    for table in (
        Table(
            "tariffs",
            "Tariffs agreed with providers",
            ("provider", "product_code", "year"),
            (PROVIDER, Column("product_code", "text", "product code"), YEAR, UNIT,
             Column("tariff_cents", "integer", "tariff a unit", unit="eurocent", minimum=0), LABEL),
        ),
        Table(
            "budgets",
            "Budgets of municipalities for care that is declared or paid as a sum",
            ("municipality_code", "year"),
            (MUNICIPALITY, YEAR, Column("budget_eur", "number", "budget", unit="EUR", minimum=0), LABEL),
        ),
        Table(
            "agreements",
            "Volume and amount agreed with each provider (bestedingsruimte)",
            ("provider", "municipality_code", "year", "care_form", "unit"),
            (PROVIDER, MUNICIPALITY, YEAR, CARE_FORM,
             Column("agreed_volume", "number", "volume", required=False, minimum=0), UNIT,
             Column("agreed_cents", "integer", "amount", unit="eurocent", minimum=0), LABEL),
        ),
        Table(
            "lump_sums",
            "Care paid as a sum, without declared lines (taakgericht or subsidy)",
            ("municipality_code", "provider", "care_form", "year"),
            (MUNICIPALITY, PROVIDER, CARE_FORM, YEAR,
             Column("amount_eur", "number", "amount for the whole year", unit="EUR", minimum=0), LABEL),
        ),
    )
}  # fmt: skip


def read(folder: Path | str | None) -> dict[str, pd.DataFrame]:
    """The tables of a folder by name; one without a file has no rows.

    Parameters
    ----------
    folder : Path, optional
        Holds any of ``tariffs.csv``, ``budgets.csv``, ``agreements.csv`` and ``lump_sums.csv``: UTF-8, commas and
        decimal points, or semicolons and decimal commas. None: no tables.

    Raises
    ------
    DataError
        If the folder is not there, or a table is not as ``TABLES`` declares it.

    Examples
    --------
    >>> {name: len(table) for name, table in read(None).items()}
    {'tariffs': 0, 'budgets': 0, 'agreements': 0, 'lump_sums': 0}
    """
    if folder is None:
        return {name: _empty(table) for name, table in TABLES.items()}
    folder = Path(folder)
    if not folder.is_dir():
        raise DataError(
            f"contracts {folder}: no such folder; put any of {', '.join(f'{name}.csv' for name in TABLES)} there"
        )
    return {name: _read(folder / f"{name}.csv", table) for name, table in TABLES.items()}


def absent(contracts: Mapping[str, pd.DataFrame]) -> list[str]:
    """Names of the tables without a row, in order.

    Examples
    --------
    >>> absent(read(None))
    ['tariffs', 'budgets', 'agreements', 'lump_sums']
    """
    return [name for name in TABLES if name not in contracts or contracts[name].empty]


def _read(path: Path, table: Table) -> pd.DataFrame:
    if not path.is_file():
        return _empty(table)
    found = store.read_table(path)
    optional = [column.name for column in table.columns if not column.required]
    found = found.assign(**{name: None for name in optional if name not in found})
    for column in table.columns:
        if column.kind == "number" and column.name in found:
            found[column.name] = found[column.name].str.replace(r"^(\d+),(\d+)$", r"\1.\2", regex=True)
    checked = schema.check(found, table, path.name)
    _check_codes(checked, path.name)
    return checked


def _check_codes(table: pd.DataFrame, where: str) -> None:
    """Codes of the right shape, and care forms that declarations can have: another one would meet nothing."""
    for name, (pattern, expected) in CODES.items():
        if name in table:
            _refuse(~table[name].str.fullmatch(pattern), table[name], f"{where}: column {name}", expected)
    if "care_form" in table:
        known = sorted(set(codes.load()["care_form"]))
        expected = f"one of {', '.join(known)}"
        _refuse(~table["care_form"].isin(known), table["care_form"], f"{where}: column care_form", expected)


def _refuse(wrong: pd.Series, values: pd.Series, where: str, expected: str) -> None:
    if wrong.any():
        row = int(wrong.to_numpy().argmax())
        got = re.sub(r"\d{9}", "*" * 9, str(values.iloc[row]))
        raise DataError(
            f"{where}, row {row + 2}: got {got!r}, expected {expected} ({int(wrong.sum())} such rows)"
        )


def _empty(table: Table) -> pd.DataFrame:
    return schema.check(pd.DataFrame(columns=table.column_names, dtype=object), table, table.name)
