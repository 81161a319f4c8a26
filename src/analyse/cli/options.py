"""Choices and options that several commands share."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer


class Level(StrEnum):
    """What one row is."""

    municipality = "municipality"
    region = "region"
    group = "group"


class Composition(StrEnum):
    """Which boundaries hold."""

    fixed = "fixed"
    of_the_time = "of-the-time"


class Language(StrEnum):
    """Language of the pages."""

    nl = "nl"
    en = "en"


class Frequency(StrEnum):
    """What one period of a table of your own is."""

    year = "year"
    half_year = "half-year"
    month = "month"


By = Annotated[Level, typer.Option(help="What one row is.")]
Parameters = Annotated[
    Path | None, typer.Option(help="YAML file with parameters, such as parameters/run.yaml.")
]
Country = Annotated[
    bool, typer.Option("--country", help="All municipalities and regions, not only those of `regions:`.")
]
Quiet = Annotated[bool, typer.Option("--quiet", help="Print one line, and errors.")]
TableFile = Annotated[Path, typer.Option(help="File to write: .csv, .parquet or .xlsx.")]
OptionalTableFile = Annotated[Path | None, typer.Option(help="File to write: .csv, .parquet or .xlsx.")]
