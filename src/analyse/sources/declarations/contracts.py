"""What was agreed and budgeted: tariffs, budgets, agreements and lump sums, from ``data/contracts/*.csv``.

All of them are optional: what is not there is a table without rows, and the parts that need it say so.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from analyse import schema, store
from analyse.errors import DataError, ParameterError
from analyse.parameters import near
from analyse.reading import periods
from analyse.reading.sheets import Sheet, as_text
from analyse.schema import Column, Table
from analyse.sources.declarations import codes, municipalities

UNITS = ("01", "04", "14", "16", "82", "83", "84")
"""Units of iJw code list WJ756: minute, hour, day and night, part of a day, piece (output), euro, piece (effort)."""
NEEDED = ("tariffs", "budgets", "agreements", "lump_sums")
"""Without one of these a page says what it cannot show; what the others bring is simply not there."""
DAYS = ("starts_on", "ends_on")
CODES = {
    "provider": (r"\d{8}", "an AGB code of eight digits"),
    "postcode": (r"\d{4}", "the four digits of a postcode"),
    "product_code": ("[A-Z0-9]{1,5}", "a product code such as 45A04"),
}
FILLED = {
    "provider": lambda text: codes.filled(text, 7, 8),
    "unit": lambda text: codes.filled(text, 1, 2),
    "product_code": str.upper,
    "postcode": lambda text: codes.filled(re.sub(r"(\d)\s*[A-Za-z]{2}$", r"\1", text), 3, 4),
}
"""How codes in another coat are put right; a spreadsheet drops the zeros at their front."""
CENTS = 2
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
        Table(
            "providers",
            "Names of providers",
            ("provider",),
            (PROVIDER, Column("name", "text", "name, as it stands in the contract"), LABEL),
        ),
        Table(
            "framework",
            "Agreed duration and intensity (richtinggevend kader), by care form or product",
            ("care_form", "product_code"),
            (CARE_FORM, Column("product_code", "text", "product code; empty: the whole form", required=False),
             Column("agreed_months", "number", "duration that was agreed", unit="months", minimum=0),
             Column("agreed_per_week", "number", "volume a week that was agreed", required=False, minimum=0),
             Column("unit", "text", "unit of that volume, code list WJ756", required=False, allowed=UNITS), LABEL),
        ),
        Table(
            "calendar",
            "Contracts in time: when they begin, end, and can be given notice",
            ("provider", "starts_on"),
            (PROVIDER, Column("starts_on", "text", "first day, 2026-01-01"), Column("ends_on", "text", "last day"),
             Column("notice_days", "integer", "days before the last day by which notice is given", unit="days",
                    minimum=0, required=False),
             Column("renewal_months", "integer", "months for which it can be renewed", unit="months", minimum=0,
                    required=False), LABEL),
        ),
        Table(
            "proposals",
            "Tariffs that providers propose",
            ("provider", "care_form", "starts_on"),
            (PROVIDER, Column("care_form", "text", "care form; empty: all care of the provider", required=False),
             Column("starts_on", "text", "first day, 2027-01-01"),
             Column("change_percent", "number", "change of the tariff", unit="percent", minimum=-90), LABEL),
        ),
        Table(
            "postcodes",
            "Municipality of each postcode, to see who should pay",
            ("postcode", "municipality_code"),
            (Column("postcode", "text", "the four digits of a postcode"), MUNICIPALITY, LABEL),
        ),
    )
}  # fmt: skip


def read(folder: Path | str | None) -> dict[str, pd.DataFrame]:
    """The tables of a folder by name; one without a file has no rows.

    Parameters
    ----------
    folder : Path, optional
        Holds any of the files of ``TABLES``, such as ``budgets.csv``, read as every table of the user's own: see
        ``reading.numbers`` for amounts. None: no tables.

    Raises
    ------
    DataError
        If the folder is not there, holds a table under another name, which would otherwise play no part without a
        word, or a table is not as ``TABLES`` declares it.

    Examples
    --------
    >>> list(read(None))
    ['tariffs', 'budgets', 'agreements', 'lump_sums', 'providers', 'framework', 'calendar', 'proposals', 'postcodes']
    """
    if folder is None:
        return {name: _empty(table) for name, table in TABLES.items()}
    folder = Path(folder)
    if not folder.is_dir():
        raise DataError(
            f"contracts {folder}: no such folder; put any of {', '.join(f'{name}.csv' for name in TABLES)} there"
        )
    _check_names(folder)
    return {name: _read(folder / f"{name}.csv", table) for name, table in TABLES.items()}


def absent(contracts: Mapping[str, pd.DataFrame]) -> list[str]:
    """Names of the tables that the year end needs and that have no row, in order.

    Examples
    --------
    >>> absent(read(None))
    ['tariffs', 'budgets', 'agreements', 'lump_sums']
    """
    return [name for name in NEEDED if name not in contracts or contracts[name].empty]


def _check_names(folder: Path) -> None:
    known = [f"{name}.csv" for name in TABLES]
    for path in sorted(folder.iterdir()):
        name = path.name
        if name not in known and name.lower().removesuffix(".gz").endswith((".zip", *store.TABLE_EXTENSIONS)):
            raise DataError(f"contracts {folder}: {name} is not read; {near(name, known)}")


def _read(path: Path, table: Table) -> pd.DataFrame:
    if not path.is_file():
        return _empty(table)
    sheet = store.read_sheet(path, wanted=table.column_names)
    absent = [one.name for one in table.columns if not one.required and one.name not in sheet.frame]
    cells = sheet.frame.assign(**dict.fromkeys(absent)).rename_axis(schema.SHEET_ROW)
    schema.check_columns(cells, table, path.name)
    found = cells.assign(**{str(name): _meant(sheet, str(name), table) for name in sheet.frame})
    if MUNICIPALITY.name in found:
        found[MUNICIPALITY.name] = _places(sheet, found)
    checked = schema.check(found, table, path.name, cells=cells)
    _check_codes(checked, cells, path.name)
    return _of_today(checked, table).reset_index(drop=True)


def _places(sheet: Sheet, found: pd.DataFrame) -> list[str | None]:
    """The municipality of each row, by its code or its name in the year of the row, or of today."""
    of_country, made = municipalities.load(), {}
    texts = found[MUNICIPALITY.name]
    years = found[YEAR.name] if YEAR.name in found else [None] * len(found)
    asked = [(text, year if isinstance(year, int) else None) for text, year in zip(texts, years, strict=True)]
    for row, (text, year) in zip(found.index, asked, strict=True):
        try:
            if (text, year) not in made:
                made[text, year] = of_country.code(text, year) if text else None
        except ParameterError as error:
            raise DataError(f"{sheet.where}: {sheet.cell(row, MUNICIPALITY.name)}: {error}") from error
    return [made[one] for one in asked]


def _of_today(table: pd.DataFrame, declared: Table) -> pd.DataFrame:
    """What was agreed by municipalities that merged since, added up for the one that they are now, as lines are."""
    if MUNICIPALITY.name not in table:
        return table
    of_country = municipalities.load()
    today = table[MUNICIPALITY.name].map(
        {one: of_country.today(one) for one in table[MUNICIPALITY.name].unique()}
    )
    if (today == table[MUNICIPALITY.name]).all():
        return table
    others = [one for one in declared.columns if one.name not in declared.key]
    how = {one.name: "first" if one.kind == "text" else _together for one in others}
    of_today = table.assign(**{MUNICIPALITY.name: today})
    return of_today.groupby(list(declared.key), sort=False, as_index=False).agg(how)[list(table)]


def _together(amounts: pd.Series) -> float | None:
    """The sum of what was agreed; not known where a part of it is not."""
    return amounts.sum(skipna=False)


def _meant(sheet: Sheet, name: str, table: Table) -> pd.Series:
    """What the cells of a column mean: numbers by the one rule for all doors, years, and codes with their zeros."""
    cells = sheet.frame[name]
    kind = next((column.kind for column in table.columns if column.name == name), "text")
    if name == YEAR.name:
        years = cells.map(lambda cell: periods.step(cell, "year"))
        wrong = (years.isna() & cells.notna()).rename_axis(schema.SHEET_ROW)
        schema.refuse(
            wrong, cells.rename_axis(schema.SHEET_ROW), f"{sheet.where}: column year", "a year such as 2024"
        )
        return years
    if name in DAYS:
        return cells.map(lambda cell: day.isoformat() if (day := periods.day(cell)) else as_text(cell))
    if kind != "text":
        most = 0 if kind == "integer" else CENTS if name.endswith("_eur") else None
        return sheet.numbers(name, most_decimals=most)
    texts = cells.map(as_text)
    return texts.map(FILLED[name], na_action="ignore") if name in FILLED else texts


def _check_codes(table: pd.DataFrame, cells: pd.DataFrame, where: str) -> None:
    """Codes of the right shape, and care forms that declarations can have: another one would meet nothing."""
    for name, (pattern, expected) in CODES.items():
        if name in table:
            schema.refuse(
                ~table[name].str.fullmatch(pattern, na=True), cells[name], f"{where}: column {name}", expected
            )
    for name in DAYS:
        if name in table:
            day = pd.to_datetime(table[name], format="%Y-%m-%d", errors="coerce")
            schema.refuse(day.isna(), cells[name], f"{where}: column {name}", "a day such as 2026-01-01")
    if set(DAYS) <= set(table):
        before = table["ends_on"] < table["starts_on"]
        schema.refuse(before, cells["ends_on"], f"{where}: column ends_on", "a day after starts_on")
    if "care_form" in table:
        known = sorted(set(codes.load()["care_form"]))
        expected = f"one of {', '.join(known)}"
        wrong = ~table["care_form"].isin(known) & table["care_form"].notna()
        schema.refuse(wrong, cells["care_form"], f"{where}: column care_form", expected)


def _empty(table: Table) -> pd.DataFrame:
    return schema.check(pd.DataFrame(columns=table.column_names, dtype=object), table, table.name)
