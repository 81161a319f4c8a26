"""Layouts of flat files: which column is which, and how amounts and dates are written."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, field_validator, model_validator

from analyse import store
from analyse.parameters import validated
from analyse.sources.declarations import records

OURS = ("bsn", "label", *records.TEXTS)
NEEDED = ("bsn", "municipality", "provider", "reference", "period_start", "unit", "amount", "declared_on")
"""A file without one of these is refused: none of its lines could be counted."""


class Layout(BaseModel):
    """What the columns of a flat file are called, and how its amounts and dates are written."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    title: str
    separator: Literal[",", ";", "\t", "auto"] = "auto"
    encoding: Literal["auto", "utf-8", "windows-1252"] = "auto"
    decimal: Literal[",", "."] = ","
    thousands: Literal[".", ",", " ", ""] = ""
    amount_unit: Literal["euro", "cent"] = "euro"
    date_format: str = "%Y-%m-%d"
    columns: dict[str, str]

    @model_validator(mode="after")
    def _signs_differ(self) -> Layout:
        if self.decimal == self.thousands:
            raise ValueError(
                f"decimal and thousands are both {self.decimal!r}; numbers need two different signs"
            )
        return self

    @field_validator("date_format")
    @classmethod
    def _a_day(cls, pattern: str) -> str:
        known = datetime.datetime(2024, 5, 31)
        try:
            there_and_back = datetime.datetime.strptime(known.strftime(pattern), pattern)
        except ValueError:
            there_and_back = None
        if there_and_back != known:
            raise ValueError(f"{pattern!r} does not tell day, month and year; write such as %d-%m-%Y")
        return pattern

    @field_validator("columns")
    @classmethod
    def _known(cls, columns: dict[str, str]) -> dict[str, str]:
        unknown = [name for name in columns if name not in OURS]
        absent = [name for name in NEEDED if name not in columns]
        if unknown:
            raise ValueError(f"unknown column {unknown[0]}; known are {', '.join(OURS)}")
        if absent:
            raise ValueError(f"{', '.join(absent)} must be mapped")
        theirs = [" ".join(name.split()).casefold() for name in columns.values()]
        twice = [ours for ours, name in zip(columns, theirs, strict=True) if theirs.count(name) > 1]
        if twice:
            raise ValueError(
                f"{' and '.join(twice)} name the same column {columns[twice[0]]!r}; give each its own"
            )
        return columns


def mappings(path: Path | str | None = None) -> dict[str, Layout]:
    """Known mappings by the name of their file: the one that is given, else those in ``parameters/declarations``.

    Raises
    ------
    ParameterError
        If a key is unknown, or a column that is needed is not mapped.
    """
    files = [Path(path)] if path else sorted((store.root() / "parameters" / "declarations").glob("*.yaml"))
    return {file.name: validated(Layout, store.read_yaml(file), file.name) for file in files}
