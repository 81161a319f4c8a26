"""What the tables of a dataset say of each other: each may be right by itself, and together they are impossible."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from analyse.errors import DataError

LISTS = ("municipalities", "boundary_changes", "boundary_splits")
"""Tables that say which municipalities there are or were; the others are held against them."""
CURE = "correct the row"


def check(tables: Mapping[str, pd.DataFrame], where: str) -> None:
    """Refuse figures of a municipality that did not exist in their year.

    Parameters
    ----------
    tables : mapping of DataFrame
        All tables of a dataset, as text or typed. Years outside those of the table ``municipalities`` are held against
        its first or last year.
    where : str
        Folder of the dataset, named in the error.

    Raises
    ------
    DataError
        With the file, the row, the code and the year; or where a municipality became part of one that is not listed.

    Examples
    --------
    >>> listed = pd.DataFrame({"year": [2024], "municipality_code": ["GM0503"], "region_code": ["JZ24"]})
    >>> costs = pd.DataFrame({"municipality_code": ["GM0503", "GM9999"], "year": [2024, 2024]})
    >>> check({"municipalities": listed, "costs": costs}, "data/open")
    Traceback (most recent call last):
    analyse.errors.DataError: data/open/costs.csv: row 3: GM9999 is not in municipalities.csv; correct the row
    """
    listed = tables["municipalities"]
    years, codes = pd.to_numeric(listed["year"], errors="coerce"), set(listed["municipality_code"])
    there = set(_keys(listed["municipality_code"], years))
    for name, frame in tables.items():
        if name in LISTS or not {"municipality_code", "year"} <= set(frame.columns) or not there:
            continue
        when = pd.to_numeric(frame["year"], errors="coerce").clip(years.min(), years.max())
        absent = when.notna() & ~_keys(frame["municipality_code"], when).isin(there)
        if absent.any():
            row = int(absent.to_numpy().argmax())
            code, year = frame["municipality_code"].iloc[row], frame["year"].iloc[row]
            why = f"did not exist in {year}, says" if code in codes else "is not in"
            raise DataError(f"{where}/{name}.csv: row {row + 2}: {code} {why} municipalities.csv; {CURE}")
    _check_mergers(tables.get("boundary_changes"), codes, where)


def _keys(codes: pd.Series, years: pd.Series) -> pd.Series:
    """Code and year as one text, which is looked up far faster than a pair."""
    return codes.astype(str) + "/" + years.round().astype("Int64").astype(str)


def _check_mergers(changes: pd.DataFrame | None, codes: set[str], where: str) -> None:
    if changes is None or changes.empty:
        return
    wrong = ~changes["successor_code"].isin(codes) | changes["successor_code"].eq(
        changes["municipality_code"]
    )
    if wrong.any():
        row = int(wrong.to_numpy().argmax())
        raise DataError(
            f"{where}/boundary_changes.csv: row {row + 2}: successor {changes['successor_code'].iloc[row]} is no other "
            f"municipality of municipalities.csv; {CURE}"
        )
