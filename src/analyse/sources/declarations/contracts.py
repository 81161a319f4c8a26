"""Contracts with providers: tariffs, budgets and agreed volumes, from ``data/contracts/*.csv``."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from analyse import schema, store
from analyse.errors import DataError
from analyse.schema import Column, Table

PROVIDER = Column("provider", "text", "AGB code, eight digits")
MUNICIPALITY = Column("municipality_code", "text", "CBS municipality code, GM and four digits")
YEAR = Column("year", "integer", "calendar year of the care", unit="year", minimum=2015)
LABEL = Column("label", "text", "says so where it is simulated", required=False)

TABLES = {
    "tariffs": Table(
        "tariffs",
        "Tariffs agreed with providers",
        ("provider", "product_code", "year"),
        (PROVIDER, Column("product_code", "text", "product code"), YEAR,
         Column("unit", "text", "unit, code list WJ756"),
         Column("tariff_cents", "integer", "tariff a unit", unit="eurocent", minimum=0), LABEL),
    ),
    "budgets": Table(
        "budgets",
        "Budgets of municipalities for care that is declared",
        ("municipality_code", "year"),
        (MUNICIPALITY, YEAR, Column("budget_eur", "number", "budget", unit="EUR", minimum=0), LABEL),
    ),
    "agreements": Table(
        "agreements",
        "Volume and amount agreed with providers",
        ("provider", "municipality_code", "year", "care_form", "unit"),
        (PROVIDER, MUNICIPALITY, YEAR, Column("care_form", "text", "care form, see product_codes.csv"),
         Column("agreed_volume", "integer", "volume", required=False, minimum=0),
         Column("unit", "text", "unit, code list WJ756"),
         Column("agreed_cents", "integer", "amount", unit="eurocent", minimum=0), LABEL),
    ),
}  # fmt: skip


def read(folder: Path | str) -> dict[str, pd.DataFrame]:
    """The contracts that are there, by name; a table that is absent is not in the result.

    Raises
    ------
    DataError
        If the folder is not there, or a table is not as it should be.
    """
    folder = Path(folder)
    if not folder.is_dir():
        raise DataError(
            f"contracts {folder}: no such folder; put tariffs.csv, budgets.csv or agreements.csv there"
        )
    found = {}
    for name, table in TABLES.items():
        path = folder / f"{name}.csv"
        if path.is_file():
            frame = store.read_table(path)
            frame = frame if "label" in frame else frame.assign(label=None)
            found[name] = schema.check(frame, table, str(path.name))
    return found
