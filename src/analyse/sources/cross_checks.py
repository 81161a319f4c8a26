"""What the tables of a dataset say about each other: each may be right, and together they may be impossible."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
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
        With the file, the row, the code and the year; or where a municipality became part of one that is not listed, or
        has no inhabitants in any year.

    Examples
    --------
    >>> listed = pd.DataFrame({"year": [2024], "municipality_code": ["GM0503"], "region_code": ["JZ24"]})
    >>> costs = pd.DataFrame({"municipality_code": ["GM0503", "GM9999"], "year": [2024, 2024]})
    >>> check({"municipalities": listed, "costs": costs}, "data/open")
    Traceback (most recent call last):
    analyse.errors.DataError: data/open/costs.csv: row 3: GM9999 is not in municipalities.csv; correct the row
    """
    listed = tables["municipalities"]
    codes, there = set(listed["municipality_code"]), set(_pairs(listed))
    years = {year for _, year in there if year is not None}
    first, last = min(years, default=0), max(years, default=0)
    for name, frame in tables.items():
        if name in LISTS or not {"municipality_code", "year"} <= set(frame.columns) or not years:
            continue
        for code, year in _pairs(frame):
            if year is None or (code, min(max(year, first), last)) in there:
                continue
            row = int((frame["municipality_code"].eq(code) & _years(frame).eq(year)).to_numpy().argmax())
            why = f"did not exist in {year}, says" if code in codes else "is not in"
            raise DataError(f"{where}/{name}.csv: row {row + 2}: {code} {why} municipalities.csv; {CURE}")
    _check_mergers(tables.get("boundary_changes"), codes, where)
    _check_inhabitants(tables.get("population"), there, where)


def _pairs(frame: pd.DataFrame) -> list[tuple[str, int | None]]:
    """Each municipality and year that a table has; no year where there is none, which its own check reports."""
    pairs = frame[["municipality_code", "year"]].drop_duplicates()
    return [
        (code, None if pd.isna(year) else int(year))
        for code, year in zip(pairs["municipality_code"], _years(pairs), strict=True)
    ]


def _years(frame: pd.DataFrame) -> pd.Series:
    return pd.to_numeric(frame["year"], errors="coerce").astype(float).replace([np.inf, -np.inf], np.nan)


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


def _check_inhabitants(
    population: pd.DataFrame | None, there: set[tuple[str, int | None]], where: str
) -> None:
    """Refuse figures without the inhabitants of a municipality: it could not be compared with another."""
    if population is None or population.empty:
        return
    years = set(_years(population).dropna().astype(int))
    absent = {code for code, year in there if year in years} - set(population["municipality_code"])
    if absent:
        raise DataError(
            f"{where}/population.csv: no inhabitants of {', '.join(sorted(absent)[:5])}"
            f"{f' and {len(absent) - 5} more' if len(absent) > 5 else ''} in any year; add the rows, or take it out of "
            "municipalities.csv"
        )
