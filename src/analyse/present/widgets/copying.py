"""A shown table as data: a DataFrame, text to paste into a spreadsheet, and CSV."""

from __future__ import annotations

import csv
import io
from typing import Any

import pandas as pd

from analyse.present.exhibits import tables
from analyse.reading.formulas import harmless

WHOLE = ("euro", "euro_exact", "about", "integer", "persons", "year")
"""Kinds of columns without decimals."""


def frame(table: tables.Table) -> pd.DataFrame:
    """The values of a table under its headings; empty where the table says why there is none.

    Examples
    --------
    >>> shown = tables.Table("Costs", (tables.Column("Area"), tables.Column("Spent", "euro")),
    ...                      (("Delft", "EUR 39 million"),), (("Delft", 38600000),))
    >>> frame(shown)["Spent"].tolist()
    [38600000]
    """
    return pd.DataFrame(list(table.values), columns=[column.label for column in table.columns])


def for_spreadsheet(table: tables.Table, language: str = "nl") -> str:
    """Tab-separated text with the decimal sign of the language, which pastes as numbers.

    A text that a spreadsheet could take for a formula gets an apostrophe before it.

    Examples
    --------
    >>> shown = tables.Table("Use", (tables.Column("Area"), tables.Column("Per 100", "decimal")),
    ...                      (("Delft", "11,6"),), (("Delft", 11.6),))
    >>> for_spreadsheet(shown).splitlines()[1]
    'Delft\\t11,6'
    """
    return _written(table, "\t", "," if language == "nl" else ".")


def as_csv(table: tables.Table) -> str:
    """Comma-separated text with decimal points (RFC 4180)."""
    return _written(table, ",", ".")


def _written(table: tables.Table, between: str, decimal: str) -> str:
    stream = io.StringIO()
    writer = csv.writer(stream, delimiter=between, lineterminator="\n")
    writer.writerow([_cell(column.label, decimal) for column in table.columns])
    kinds = [column.kind for column in table.columns]
    writer.writerows(
        [_cell(_known(value, kind), decimal) for value, kind in zip(row, kinds, strict=True)]
        for row in table.values  # noqa: PD011 - not a DataFrame
    )
    return stream.getvalue()


def _known(value: Any, kind: str) -> Any:
    """A value without spurious digits: whole euros, at most four decimals otherwise."""
    if not isinstance(value, float):
        return value
    return round(value) if kind in WHOLE else round(value, 4)


def _cell(value: Any, decimal: str) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return harmless(" ".join(value.split()))
    return f"{value:.10g}".replace(".", decimal) if isinstance(value, float) else str(value)
