"""Choices and options that several commands share."""

from __future__ import annotations

import errno
import itertools
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from analyse.errors import ParameterError

Level = Literal["municipality", "region", "group"]
"""What one row is."""
Composition = Literal["fixed", "of-the-time"]
"""Whether the boundaries of one year hold, or those of each year."""


def areas_named(incomplete: str) -> list[str]:
    """Names and codes of municipalities and regions that begin so, for the shell to complete."""
    from analyse import parameters
    from analyse.history import areas
    from analyse.sources import snapshot

    tables = snapshot.load(regions=parameters.COUNTRY)
    names = areas.all_names(tables)
    begun = incomplete.casefold()
    return sorted(
        word for code, name in names.items() for word in (name, code) if word.casefold().startswith(begun)
    )


def scenarios_named(incomplete: str) -> list[str]:
    """Names of scenarios that begin so, for the shell to complete."""
    from analyse import scenario

    return [name for name in scenario.names() if name.startswith(incomplete)]


def levers_named(incomplete: str) -> list[str]:
    """Names of levers that begin so, for the shell to complete."""
    from analyse import scenario

    return [lever.id for lever in scenario.levers() if lever.id.startswith(incomplete)]


def writable(path: Path | None) -> Path | None:
    """Refuse a file that is a folder, or whose folder is a file or read-only, before any work is done for it."""
    from analyse import store

    if path is None:
        return None
    folder = next(one for one in path.absolute().parents if one.exists())
    if path.is_dir():
        raise store.cannot_write(path, OSError(errno.EISDIR, os.strerror(errno.EISDIR)))
    if not folder.is_dir():
        raise store.cannot_write(path, OSError(errno.ENOTDIR, f"{folder} is a file and no folder"))
    if not os.access(folder, os.W_OK | os.X_OK):
        raise store.cannot_write(path, OSError(errno.EACCES, os.strerror(errno.EACCES)))
    return path


def table_file(path: Path | None) -> Path | None:
    """The same for a table: its extension tells the form."""
    from analyse import store

    if path is not None:
        store.check_extension(path)
    return writable(path)


By = Annotated[Level, typer.Option(help="What one row is.")]
Parameters = Annotated[
    Path | None, typer.Option(help="YAML file with parameters, such as parameters/run.yaml.")
]
Country = Annotated[
    bool, typer.Option("--country", help="All municipalities and regions, not only those of `regions:`.")
]
Assume = Annotated[
    list[str] | None,
    typer.Option(
        help="An assumption of this run: price_growth_percent=3, leave_out_years=2020, budget_signal=no, breaks=2022; "
        "may be repeated."
    ),
]
Quiet = Annotated[bool, typer.Option("--quiet", help="Print one line, and errors.")]
SingleFile = Annotated[
    bool, typer.Option("--single-file", help="Also each page as one file that can be mailed.")
]
Pdf = Annotated[bool, typer.Option("--pdf", help="Also each page as PDF; needs Chromium.")]
Handout = Annotated[
    bool,
    typer.Option(
        "--handout", help="Also a hand-out of one A4 page per area, as HTML and PDF; needs Chromium."
    ),
]
Planning = Annotated[
    bool,
    typer.Option(
        "--planning",
        help="Also a page per area with texts for budget, risk, interim report and annual accounts.",
    ),
]
Office = Annotated[
    bool,
    typer.Option(
        "--office",
        help="With --handout also as Word and PowerPoint, with --planning also as Word; needs the extra `office`.",
    ),
]
Templates = Annotated[
    list[Path] | None,
    typer.Option(
        "--template",
        help="Own template for --office: .docx or .dotx for Word, .pptx or .potx for PowerPoint; may be repeated.",
    ),
]
TableFile = Annotated[Path, typer.Option(callback=table_file, help="File to write: .csv, .parquet or .xlsx.")]
Json = Annotated[bool, typer.Option("--json", help="Print the rows as JSON on stdout.")]
OptionalTableFile = Annotated[
    Path | None, typer.Option(callback=table_file, help="File to write: .csv, .parquet or .xlsx.")
]
Areas = Annotated[
    list[str] | None, typer.Option(help="Code or name; may be repeated.", autocompletion=areas_named)
]
Area = Annotated[str | None, typer.Option(help="Code or name.", autocompletion=areas_named)]
Boundaries = Annotated[Composition | None, typer.Option(help="Boundaries of one year, or of each year.")]
BoundaryYear = Annotated[int | None, typer.Option(help="Year whose regions the fixed one takes.")]
OwnGroups = Annotated[
    list[str] | None,
    typer.Option(
        help="Own group of municipalities, from `groups:` in the parameters or from the rules of a region; "
        "may be repeated."
    ),
]
Groups = Annotated[list[str] | None, typer.Option(help="With --by group: only this group; may be repeated.")]
InputTable = Annotated[
    Path | None,
    typer.Option("--input", help="A table of your own: .csv, .parquet or .xlsx, a row per key and period."),
]
InputKey = Annotated[
    list[str] | None, typer.Option(help="Column that names a series of --input; may be repeated.")
]
InputFrequency = Annotated[
    Literal["year", "half-year", "month"] | None, typer.Option(help="What one period of --input is.")
]
InputBreaks = Annotated[
    str | None, typer.Option(help="Periods of --input with a new level that is no trend: 2021,2023.")
]
InputLevels = Annotated[str | None, typer.Option(help="Intervals of --input in per cent; default 80,95.")]
InputKnown = Annotated[
    Path | None,
    typer.Option(help="A table of what is known beforehand: key and period of --input, and covariates."),
]
InputRoles = Annotated[
    list[str] | None,
    typer.Option(
        help="What a covariate is: budget_eur=level (a plan in the unit of the value) or need_eur=peer (the "
        "level expected of the series); may be repeated. The others are free."
    ),
]
InputLeads = Annotated[
    list[str] | None,
    typer.Option(help="Periods ahead a covariate is known: budget_eur=1; default as --known runs ahead."),
]
InputPeriod = Annotated[str | None, typer.Option(help="Column of --input with the period.")]
InputValue = Annotated[str | None, typer.Option(help="Column of --input to forecast.")]
InputGroup = Annotated[str | None, typer.Option(help="Column of --input with the kind of series.")]
InputRegion = Annotated[str | None, typer.Option(help="Column of --input with the area of a series.")]
Horizon = Annotated[int | None, typer.Option(help="Periods ahead; default 6.")]
Samples = Annotated[int | None, typer.Option(help="Joint futures; --by makes 1000 by default.")]
Seed = Annotated[int | None, typer.Option(help="The same seed gives the same numbers.")]


def check_given_once(command: Any, arguments: Sequence[str]) -> None:
    """Refuse an option without a word as its value, and one that takes one value and is given two.

    The parser would take the last of two, and an empty value would mean the default.
    """
    given: set[str] = set()
    words = [*itertools.takewhile(lambda one: one != "--", arguments), None]
    for argument, following in itertools.pairwise(words):
        command = getattr(command, "commands", {}).get(argument, command)
        name, sign, value = argument.partition("=")
        option = next((one for one in command.params if name in one.opts and name.startswith("--")), None)
        if option is None or option.is_flag:
            continue
        if (value if sign else following) == "":
            raise ParameterError(f"{name} is empty; give a value, or leave it out")
        if option.name in given and not option.multiple:
            raise ParameterError(f"{name} is given twice; keep one")
        given.add(option.name)
