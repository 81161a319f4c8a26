"""Tables of the user's own: the documented template, checked row by row, put in a new dataset.

``docs/sources.md`` describes the templates. A wrong cell is named by row and column as a spreadsheet shows them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from analyse import schema, store
from analyse.errors import DataError, ParameterError
from analyse.parameters import near
from analyse.reading import codes, numbers, periods
from analyse.reading.sheets import Sheet, as_text
from analyse.schema import AGE_GROUPS
from analyse.schema.downloaded import CARE_FORMS
from analyse.sources import replacements, snapshot, vintages
from analyse.sources.cbs.translate import NO_FIGURE

Tables = Mapping[str, pd.DataFrame]
Resolve = Callable[[Tables, str, int | None], str]
STATUS_CHOICES = ("final", "provisional")
MOST_SHOWN = 5
"""So many wrong cells are named; the rest is counted."""
FIRST_YEAR = 2017
BUDGET_YEARS = 4
"""Years after the last one with municipalities of which budgets are taken in: the next year, and three beyond."""
LARGEST = {"amount_eur": 1e11, "youths": 1e7, "inhabitants": 1e8}
"""No municipality has more; a larger figure is a mistake."""
DECIMALS = {"amount_eur": 2, "youths": 0, "inhabitants": 0}


@dataclass(frozen=True)
class Field:
    """One column of a template: what stands in it, and how its text is read; figures are read by the column."""

    name: str
    meaning: str
    read: Callable[[str, Tables], Any] | None = None
    required: bool = True


@dataclass(frozen=True)
class Imported:
    """What an import did."""

    dataset: str
    """Name of the new dataset, now in use."""
    rows: int
    """Rows that were taken in."""
    replaced: pd.DataFrame
    """Figures that were in use and are another now, see ``replacements.of``."""
    unknown: int
    """Figures that were left empty or written as unknown."""
    tables: dict[str, pd.DataFrame]
    """The new rows by table."""


def _text(text: str, tables: Tables) -> str:
    return text


def _last_year(tables: Tables) -> int:
    return int(tables["municipalities"]["year"].max())


def _year(text: str, tables: Tables, after: int = 0) -> int:
    year, last = periods.step(text, "year"), _last_year(tables) + after
    if year is None:
        raise ValueError("a year such as 2024")
    if not FIRST_YEAR <= year <= last:
        raise ValueError(f"a year from {FIRST_YEAR} to {last}")
    return year


def _budget_year(text: str, tables: Tables) -> int:
    return _year(text, tables, after=BUDGET_YEARS)


def _one_of(*allowed: str) -> Callable[[str, Tables], str]:
    def read(text: str, tables: Tables) -> str:
        if text not in allowed:
            raise ValueError(f"one of {', '.join(allowed)}")
        return text

    return read


MUNICIPALITY = Field("municipality", "name or CBS code of a municipality of that year", _text)
PLACE = (MUNICIPALITY, Field("year", "calendar year, or 1 January of it for inhabitants", _year))
STATUS = Field("status", "final or provisional; final when empty", _one_of(*STATUS_CHOICES), required=False)
MONEY = (
    Field("taakveld", "Iv3 task field in the numbering of that year", _text),
    Field("amount_eur", "spending in whole euros, all of the task field; empty is unknown", required=False),
    STATUS,
)
TEMPLATES: dict[str, tuple[Field, ...]] = {
    "costs": (*PLACE, *MONEY),
    "budget": (MUNICIPALITY, Field("year", "calendar year", _budget_year), *MONEY),
    "usage": (
        *PLACE,
        Field("care_form", "form of care; total for all", _one_of(*CARE_FORMS)),
        Field("youths", "youths with that care in the year, 0 to 22; empty is unknown", required=False),
        STATUS,
    ),
    "population": (
        *PLACE,
        Field("age_group", "total, or first-last year of age", _one_of("total", *AGE_GROUPS)),
        Field("inhabitants", "inhabitants on 1 January; empty is unknown", required=False),
        STATUS,
    ),
}


def template(kind: str, tables: Tables) -> pd.DataFrame:
    """The template: its columns, with rows as they stand in a dataset now as examples.

    Raises
    ------
    ParameterError
        If there is no such kind.
    """
    fields = _fields(kind)
    name, value = {"usage": ("usage", "count"), "population": ("population", "count")}.get(
        kind, ("costs", "cost_eur")
    )
    rows = tables[name]
    if name == "costs":
        rows = rows.loc[rows["report"] == ("budget" if kind == "budget" else "accounts")]
    if name == "usage":
        rows = rows.loc[(rows["breakdown"] == "total") & (rows["measure"] == "youths")].assign(
            care_form="total"
        )
    known = rows.loc[rows[value].notna() & rows["status"].isin(STATUS_CHOICES)]
    last = known.loc[known["year"] == known["year"].max()].head(3)
    renamed = last.rename(columns={"municipality_code": "municipality", value: fields[3].name})
    shown = renamed[[field.name for field in fields]]
    return shown.astype({fields[3].name: "int64"}).reset_index(drop=True)


def read(path: Path, kind: str, tables: Tables, resolve: Resolve) -> dict[str, pd.DataFrame]:
    """Rows of a filled-in template, as rows of the tables they belong to.

    Parameters
    ----------
    path : Path
        CSV or XLSX in the form of the template.
    kind : {"costs", "budget", "usage", "population"}
        Which template.
    tables : mapping of DataFrame
        Tables of the dataset it is added to.
    resolve : callable
        Gives the code of a municipality of a year by its name, or raises ``ParameterError``.

    Returns
    -------
    dict of DataFrame
        Rows by the name of their table; the index is the row of the spreadsheet.

    Raises
    ------
    DataError
        If a column is missing or unknown, or a cell is wrong: row and column of each of the first ones are named.
    """
    fields = _fields(kind)
    names = [field.name for field in fields]
    sheet = store.read_sheet(path, wanted=names)
    _check_columns(sheet, fields)
    if sheet.frame.empty:
        raise DataError(f"{sheet.where}: no rows; fill in the template of `analyse template {kind}`")
    wrong: list[tuple[int, str]] = []
    value = fields[3].name
    columns = {
        field.name: _texts(sheet, field, tables, wrong)
        for field in fields
        if field.read is not None and field.name in sheet.frame
    }
    columns[value] = _figures(sheet, value, wrong)
    columns["municipality"] = _codes(sheet, columns, tables, resolve, wrong)
    if kind in ("costs", "budget"):
        _check_task_fields(sheet, columns, tables, wrong)
    if wrong:
        said = [sentence for _, sentence in sorted(wrong, key=lambda finding: finding[0])]
        more = f"; and {len(said) - MOST_SHOWN} more" if len(said) > MOST_SHOWN else ""
        raise DataError(f"{sheet.where}: {'; '.join(said[:MOST_SHOWN])}{more}")
    rows = pd.DataFrame({name: columns[name] for name in names if name in columns}, index=sheet.frame.index)
    twice = rows.duplicated(names[:3])
    if twice.any():
        first = twice.idxmax()
        name = "/".join(str(part) for part in rows.loc[first, names[:3]])
        raise DataError(f"{sheet.where}: row {first}: {name} is there twice; keep one row")
    return _placed(rows, kind, value)


def take_in(path: Path, kind: str, resolve: Resolve, *, base: str = "", replace: bool = False) -> Imported:
    """Put a file of the user's own in a new dataset, and that in use.

    Parameters
    ----------
    path, kind, resolve
        As for ``read``; ``history.areas.resolve`` resolves names.
    base : str
        Dataset to add to; by default the one in use.
    replace : bool
        Take figures that are far from those in use as well.

    Raises
    ------
    DataError
        If the file is not right, or contradicts the figures in use. Nothing was replaced.
    OutputError
        If it cannot be written. Nothing was replaced.
    """
    with vintages.alone():
        base = base or store.latest()
        tables = snapshot.as_published(base)
        new = read(path, kind, tables, resolve)
        replaced = replacements.of(tables, new)
        if not replace:
            replacements.check(tables, new, replaced, path.name)
        together = vintages.merged(tables, new)
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        source = {"title": f"own file {path.name} ({kind})"}
        name = vintages.write(
            together,
            base=base,
            description=snapshot.package(base)["description"],
            changed={table: [source] for table in new},
            extra={"imported": {"file": path.name, "as": kind, "sha256": digest}},
        )
    figures = next(iter(new.values()))
    unknown = int(figures[vintages.value_column(schema.TABLES[next(iter(new))])].isna().sum())
    return Imported(name, sum(len(frame) for frame in new.values()), replaced, unknown, new)


def _fields(kind: str) -> tuple[Field, ...]:
    if kind not in TEMPLATES:
        raise ParameterError(f"import: no template {kind!r}; there are {', '.join(TEMPLATES)}")
    return TEMPLATES[kind]


def _check_columns(sheet: Sheet, fields: tuple[Field, ...]) -> None:
    names = [field.name for field in fields]
    there = list(sheet.frame.columns)
    absent = [field.name for field in fields if field.name not in there and field.name != STATUS.name]
    if absent:
        raise DataError(
            f"{sheet.where}: column {', '.join(absent)} is missing; expected {', '.join(names)}. The names were sought "
            f"in row {sheet.header}, where {', '.join(there)[:200]} stands"
        )
    for name in there:
        if name not in names:
            raise DataError(f"{sheet.where}: unknown column {name!r}; {near(str(name), names)}")


def _texts(sheet: Sheet, field: Field, tables: Tables, wrong: list[tuple[int, str]]) -> list[Any]:
    """A column as it is meant; what cannot be read is added to ``wrong`` with its row."""
    made = []
    for row, cell in sheet.frame[field.name].items():
        text, value = as_text(cell) or "", None
        try:
            if text:
                value = field.read(text, tables)
            elif field.required:
                raise ValueError("a value")
        except ValueError as error:
            wrong.append((row, f"{sheet.cell(row, field.name)}: got {text[:40]!r}, expected {error}"))
        made.append(value)
    return made


def _figures(sheet: Sheet, name: str, wrong: list[tuple[int, str]]) -> np.ndarray:
    """The column with the figures, NaN where unknown."""
    unreadable: list[numbers.Unreadable] = []
    rows = sheet.frame.index
    try:
        figures = numbers.column(
            sheet.frame[name], otherwise=sheet.layout, most_decimals=DECIMALS[name], wrong=unreadable
        )
    except numbers.Unreadable as error:
        unreadable, figures = [error], np.full(len(rows), np.nan)
    wrong += [
        (rows[error.position], f"{sheet.cell(rows[error.position], name)}: {error}") for error in unreadable
    ]
    least = -LARGEST[name] if name == "amount_eur" else 0
    beyond = (figures < least) | (figures > LARGEST[name]) | (figures == NO_FIGURE)
    whole = np.abs(figures - np.round(figures, DECIMALS[name])) > 1e-6
    for position in np.flatnonzero(beyond | whole):
        row, figure = rows[position], figures[position]
        expected = "a figure that a municipality can have" if beyond[position] else "whole numbers"
        if figure == NO_FIGURE:
            expected = "nothing where no figure was given: CBS writes -99998 for that"
        wrong.append((row, f"{sheet.cell(row, name)}: got {figure:,.10g}, expected {expected}"))
    return figures


def _codes(
    sheet: Sheet,
    columns: Mapping[str, Sequence[Any]],
    tables: Tables,
    resolve: Resolve,
    wrong: list[tuple[int, str]],
) -> list[str | None]:
    """Codes of the municipalities: a code or a name of that year."""
    listed, last = tables["municipalities"], _last_year(tables)
    there = set(zip(listed["year"].astype(int), listed["municipality_code"], strict=True))
    made: list[str | None] = []
    for row, text, year in zip(sheet.frame.index, columns["municipality"], columns["year"], strict=True):
        code = codes.municipality(text)
        if text and (min(year or last, last), code) not in there:
            try:
                code = resolve(tables, text, year)
            except ParameterError as error:
                wrong.append((row, f"{sheet.cell(row, 'municipality')}: {error}"))
        made.append(code)
    return made


def _check_task_fields(
    sheet: Sheet, columns: Mapping[str, Sequence[Any]], tables: Tables, wrong: list[tuple[int, str]]
) -> None:
    """A task field must exist in the numbering of its year: that of the figures in use, or of the last ones."""
    known = tables["costs"].groupby(tables["costs"]["year"].astype(int))["taakveld"].unique()
    for row, year, field in zip(sheet.frame.index, columns["year"], columns["taakveld"], strict=True):
        if year is None or field is None:
            continue
        fields = sorted(known[known.index <= year].iloc[-1])
        if field not in fields:
            wrong.append(
                (
                    row,
                    f"{sheet.cell(row, 'taakveld')}: {field} does not exist in {year}; there are {', '.join(fields)}",
                )
            )


def _placed(rows: pd.DataFrame, kind: str, value: str) -> dict[str, pd.DataFrame]:
    """Rows of the tables that a template belongs to; a figure that is not given is missing, never zero."""
    said = rows.get("status", pd.Series(index=rows.index, dtype=object))
    status = said.where(said.notna(), "final").where(rows[value].notna(), "missing")
    coded = rows.rename(columns={"municipality": "municipality_code"}).assign(status=status)
    if kind in ("costs", "budget"):
        report = "budget" if kind == "budget" else "accounts"
        costs = coded.assign(report=report).rename(columns={value: "cost_eur"})
        return {"costs": costs}
    coded = coded.rename(columns={value: "count"})
    if kind == "population":
        return {"population": coded}
    counted = coded.assign(measure="youths")
    series = counted["year"].map(lambda year: "2021-" if year >= 2021 else "2015-2020")
    made = {"usage_by_form": counted.assign(part="year", series=series)}
    totals = counted.loc[counted["care_form"] == "total"].drop(columns="care_form")
    if len(totals):
        made["usage"] = totals.assign(breakdown="total", category="total")
    return made
