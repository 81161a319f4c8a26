"""Product codes and the care form each stands for, by region and year: ``parameters/product_codes.csv``."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import duckdb
import pandas as pd
import pyarrow as pa

from analyse import store
from analyse.errors import DataError, ParameterError
from analyse.reading import periods
from analyse.reading.sheets import as_text

COLUMNS = [
    "region_code", "from_year", "until_year", "product_category", "product_code", "care_form", "unit", "description",
    "status", "source",
]  # fmt: skip
UNMAPPED = "unmapped"
KEY = ["region_code", "product_category", "product_code"]
SHAPES = {
    "region_code": (r"\*|JZ\d{2}", "* or a code such as JZ24"),
    "product_category": (r"[0-9A-Z]{2}", "a category of two signs"),
    "product_code": (r"\*|[0-9A-Za-z]{1,5}", "* or a code of at most five signs"),
    "care_form": (r"[a-z_]+", "a care form in small letters"),
}
"""What a code looks like: a code of another form would match no line, and its money would end up in ``unmapped``
unnoticed."""


def load(path: Path | None = None) -> pd.DataFrame:
    """The table, checked: one row per region (or ``*``), years, category and code (or ``*``).

    Raises
    ------
    ParameterError
        If a column is missing, a year is not a number, or two rows say something else about the same code.
    """
    path = path or store.root() / "parameters" / "product_codes.csv"
    try:
        sheet = store.read_sheet(path, wanted=COLUMNS)
    except DataError as error:
        raise ParameterError(str(error)) from error
    absent = [name for name in COLUMNS if name not in sheet.frame]
    if absent:
        raise ParameterError(
            f"{path.name}: column {', '.join(absent)} is missing; expected {', '.join(COLUMNS)}"
        )
    found = sheet.frame[COLUMNS].map(as_text).astype("str")
    found["product_category"] = found["product_category"].map(
        lambda text: filled(text, 1, 2), na_action="ignore"
    )
    for name in ("from_year", "until_year"):
        years = found[name].map(lambda text: periods.step(text, "year"))
        _refuse(years.isna(), found[name], path.name, "a year such as 2024")
        found[name] = years.astype("int64")
    for name, (pattern, expected) in SHAPES.items():
        _refuse(~found[name].str.fullmatch(pattern).fillna(False), found[name], path.name, expected)
    _refuse(
        found["until_year"] < found["from_year"], found["until_year"], path.name, "no year before from_year"
    )
    _check_overlap(found, path.name)
    return found.reset_index(drop=True)


def filled(text: str, fewest: int, most: int) -> str:
    """A code with the zeros that a spreadsheet took from its front; any other text as it is.

    Parameters
    ----------
    text : str
        As it was written.
    fewest, most : int
        So many digits are left at least, and so many the code has.

    Examples
    --------
    >>> filled("1020304", 7, 8), filled("12", 7, 8), filled(" 4", 1, 2)
    ('01020304', '12', '04')
    """
    text = text.strip()
    return text.zfill(most) if text.isascii() and text.isdigit() and fewest <= len(text) < most else text


def _refuse(wrong: pd.Series, values: pd.Series, where: str, expected: str) -> None:
    if wrong.any():
        row = wrong.idxmax()
        got = "nothing" if pd.isna(values[row]) else repr(values[row])
        raise ParameterError(f"{where}: row {row}, column {values.name}: got {got}, expected {expected}")


def _check_overlap(table: pd.DataFrame, where: str) -> None:
    """Refuse two rows that say something about the same code in the same year."""
    ordered = table.sort_values([*KEY, "from_year"])
    until = ordered.groupby(KEY)["until_year"].cummax().groupby([ordered[name] for name in KEY]).shift()
    double = (until >= ordered["from_year"]).sort_index()
    if double.any():
        row = double.idxmax()
        raise ParameterError(
            f"{where}: row {row}: {'/'.join(table.loc[row, KEY])} is there twice for {table.loc[row, 'from_year']}; "
            "keep one row, or let the years follow each other"
        )


def prepare(
    connection: duckdb.DuckDBPyConnection,
    table: pd.DataFrame,
    municipalities: pd.DataFrame,
    successors: Mapping[str, str],
) -> None:
    """Put the codes, and the region of each municipality by year, where ``mapped`` finds them.

    Parameters
    ----------
    connection : DuckDBPyConnection
        In which the tables are made.
    table : DataFrame
        As ``load`` gives it.
    municipalities : DataFrame
        municipality_code, year, region_code.
    successors : mapping of str to str
        The municipality of today of each that merged, which has the region of its parts in the years before.
    """
    regions = municipalities[["municipality_code", "year", "region_code"]].astype({"year": "int64"})
    before = regions.assign(municipality_code=regions["municipality_code"].map(successors)).dropna()
    regions = pd.concat([regions, before]).drop_duplicates(["municipality_code", "year"])
    for name, frame in (("product_codes", table), ("region_years", regions)):
        connection.register("incoming", pa.Table.from_pandas(frame, preserve_index=False))
        connection.execute(f"create or replace table {name} as select * from incoming")
        connection.unregister("incoming")


def mapped(source: str) -> str:
    """SQL: the care form of each municipality, year, category and code in ``source``.

    A row for the code takes precedence over one for the category, one for the region over one for all regions.
    """
    return f"""
    with seen as (
        select distinct municipality_code, year, product_category, product_code from {source}
    ), last as (select max(year) as year from region_years),
    placed as (
        select seen.*, r.region_code from seen cross join last
        left join region_years r on r.municipality_code = seen.municipality_code
            and r.year = least(seen.year, last.year)
    )
    select p.municipality_code, p.year, p.product_category, p.product_code,
        coalesce(arg_max(c.care_form, (case when c.product_code = '*' then 0 else 2 end)
                                      + (case when c.region_code = '*' then 0 else 1 end)), '{UNMAPPED}') as care_form
    from placed p left join product_codes c
        on c.product_category = p.product_category and (c.product_code = '*' or c.product_code = p.product_code)
        and (c.region_code = '*' or c.region_code = p.region_code) and p.year between c.from_year and c.until_year
    group by all
    """
