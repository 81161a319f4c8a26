"""Product codes and the care form each stands for, by region and year: ``parameters/product_codes.csv``."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import duckdb
import pandas as pd
import pyarrow as pa

from analyse import store
from analyse.errors import ParameterError

COLUMNS = [
    "region_code", "from_year", "until_year", "product_category", "product_code", "care_form", "unit", "description",
    "status", "source",
]  # fmt: skip
UNMAPPED = "unmapped"


def load(path: Path | None = None) -> pd.DataFrame:
    """The table, checked: one row per region (or ``*``), years, category and code (or ``*``).

    Raises
    ------
    ParameterError
        If a column is missing, a year is not a number, or two rows say something else about the same code.
    """
    path = path or store.root() / "parameters" / "product_codes.csv"
    found = store.read_table(path)
    absent = [name for name in COLUMNS if name not in found]
    if absent:
        raise ParameterError(
            f"{path.name}: column {', '.join(absent)} is missing; expected {', '.join(COLUMNS)}"
        )
    try:
        found = found.astype({"from_year": "int64", "until_year": "int64"})
    except ValueError as error:
        raise ParameterError(f"{path.name}: from_year and until_year must be years") from error
    keys = ["region_code", "product_category", "product_code", "from_year"]
    double = found.duplicated(keys)
    if double.any():
        first = "/".join(str(one) for one in found.loc[double, keys].iloc[0])
        raise ParameterError(f"{path.name}: {first} is there twice; keep one row")
    return found[COLUMNS]


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

    A row for the code goes before one for the category, a row for the region before one for all regions.
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
