"""Tables of the user's own: the documented template, checked row by row, put in a new dataset.

``docs/sources.md`` describes the templates. A wrong cell is named by row and column as a spreadsheet shows them.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from analyse import store
from analyse.errors import DataError, ParameterError
from analyse.parameters import near
from analyse.schema import AGE_GROUPS
from analyse.schema.downloaded import CARE_FORMS
from analyse.sources import snapshot, vintages
from analyse.sources.cbs.translate import KEPT_FIELDS

Tables = Mapping[str, pd.DataFrame]
Resolve = Callable[[Tables, str], str]
STATUS_CHOICES = ("final", "provisional")
MOST_SHOWN = 5
"""So many wrong cells are named; the rest is counted."""
AMOUNT = re.compile(r"-?(\d+|\d{1,3}(\.\d{3})+)(,\d{1,2})?|-?\d+\.\d{1,2}")


@dataclass(frozen=True)
class Field:
    """One column of a template: what stands in it, an example, and how it is read."""

    name: str
    meaning: str
    read: Callable[[str, Tables], Any]
    required: bool = True


def _municipality(text: str, tables: Tables) -> str:
    return text


def _year(text: str, tables: Tables) -> int:
    last = int(tables["costs"]["year"].max())
    year = int(text.removesuffix(".0")) if re.fullmatch(r"\d{4}(\.0)?", text) else 0
    if not 2017 <= year <= last:
        raise ValueError(
            f"a year from 2017 to {last}; later ones need population figures that are not there yet"
        )
    return year


def _amount(text: str, tables: Tables) -> float:
    plain = text.replace(" ", "").replace("\u00a0", "").removeprefix("€")
    if not AMOUNT.fullmatch(plain):
        raise ValueError("an amount in whole euro, such as 1250000, 1.250.000 or 1250000,50")
    if "," in plain or re.fullmatch(r"-?\d{1,3}(\.\d{3})+", plain):
        plain = plain.replace(".", "").replace(",", ".")
    return float(plain)


def _count(text: str, tables: Tables) -> int:
    plain = text.removesuffix(".0").replace("\u00a0", "")
    if not re.fullmatch(r"\d+|\d{1,3}(\.\d{3})+", plain):
        raise ValueError("a whole number, zero or more")
    return int(plain.replace(".", ""))


def _one_of(*allowed: str) -> Callable[[str, Tables], str]:
    def read(text: str, tables: Tables) -> str:
        if text not in allowed:
            raise ValueError(f"one of {', '.join(allowed)}")
        return text

    return read


PLACE = (
    Field("municipality", "name or CBS code of a municipality of today", _municipality),
    Field("year", "calendar year, or 1 January of it for inhabitants", _year),
)
STATUS = Field("status", "final or provisional; final when empty", _one_of(*STATUS_CHOICES), required=False)
MONEY = (
    *PLACE,
    Field("taakveld", "Iv3 task field in the numbering of that year", _one_of(*KEPT_FIELDS)),
    Field(
        "amount_eur",
        "spending in euro, the whole of the task field; empty is unknown",
        _amount,
        required=False,
    ),
    STATUS,
)
TEMPLATES: dict[str, tuple[Field, ...]] = {
    "costs": MONEY,
    "budget": MONEY,
    "usage": (
        *PLACE,
        Field("care_form", "form of care; total for all", _one_of(*CARE_FORMS)),
        Field(
            "youths", "youths with that care in the year, 0 to 22; empty is unknown", _count, required=False
        ),
        STATUS,
    ),
    "population": (
        *PLACE,
        Field("age_group", "total, or first-last year of age", _one_of("total", *AGE_GROUPS)),
        Field("inhabitants", "inhabitants on 1 January; empty is unknown", _count, required=False),
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
        Gives the code of a municipality of today by its name, or raises ``ParameterError``.

    Raises
    ------
    DataError
        If a column is missing or unknown, or a cell is wrong: row and column of each of the first ones are named.
    """
    fields = _fields(kind)
    frame = store.read_table(path)
    _check_columns(frame, fields, path.name)
    filled = frame.dropna(how="all")
    if filled.empty:
        raise DataError(f"{path.name}: no rows; fill in the template of `analyse template {kind}`")
    wrong: list[str] = []
    columns = {field.name: _column(filled, field, tables, wrong) for field in fields if field.name in filled}
    columns["municipality"] = _codes(filled, columns, tables, resolve, wrong)
    if wrong:
        more = f"; and {len(wrong) - MOST_SHOWN} more" if len(wrong) > MOST_SHOWN else ""
        raise DataError(f"{path.name}: {'; '.join(wrong[:MOST_SHOWN])}{more}")
    rows = pd.DataFrame(columns, index=filled.index)
    key = [field.name for field in fields[:3]]
    twice = rows.duplicated(key)
    if twice.any():
        where = int(twice.to_numpy().nonzero()[0][0])
        name = "/".join(str(one) for one in rows.iloc[where][key])
        raise DataError(f"{path.name}: row {filled.index[where] + 2}: {name} is there twice; keep one row")
    return _placed(rows, kind, fields[3].name)


def take_in(path: Path, kind: str, resolve: Resolve, *, base: str = "") -> tuple[str, int]:
    """Put a file of the user's own in a new dataset, and that in use; its name, and the number of rows.

    ``resolve`` gives the code of a municipality by its name, as ``history.areas.resolve`` does.

    Raises
    ------
    DataError
        If the file is not right. Nothing was replaced.
    OutputError
        If it cannot be written. Nothing was replaced.
    """
    with vintages.alone():
        base = base or store.latest()
        tables = snapshot.as_published(base)
        new = read(path, kind, tables, resolve)
        together = vintages.merged(tables, new)
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        source = {"title": f"own file {path.name} ({kind})"}
        description = snapshot.package(base)["description"]
        name = vintages.write(
            together,
            base=base,
            description=description,
            changed={table: [source] for table in new},
            extra={"imported": {"file": path.name, "as": kind, "sha256": digest}},
        )
    return name, sum(len(frame) for frame in new.values())


def _fields(kind: str) -> tuple[Field, ...]:
    if kind not in TEMPLATES:
        raise ParameterError(f"import: no template {kind!r}; there are {', '.join(TEMPLATES)}")
    return TEMPLATES[kind]


def _check_columns(frame: pd.DataFrame, fields: tuple[Field, ...], where: str) -> None:
    names = [field.name for field in fields]
    absent = [field.name for field in fields if field.name not in frame and field.name != STATUS.name]
    if absent:
        raise DataError(f"{where}: column {', '.join(absent)} is missing; expected {', '.join(names)}")
    for name in frame.columns:
        if name not in names:
            raise DataError(f"{where}: unknown column {name!r}; {near(str(name), names)}")


def _column(frame: pd.DataFrame, field: Field, tables: Tables, wrong: list[str]) -> list[Any]:
    """A column as it is meant; what cannot be read is added to ``wrong`` with its row."""
    made = []
    for row, cell in frame[field.name].items():
        text = "" if pd.isna(cell) else str(cell).strip()
        value = None
        try:
            if text:
                value = field.read(text, tables)
            elif field.required:
                raise ValueError("a value")
        except ValueError as error:
            wrong.append(f"row {row + 2}, column {field.name}: got {text!r}, expected {error}")
        made.append(value)
    return made


def _codes(
    frame: pd.DataFrame, columns: Mapping[str, list[Any]], tables: Tables, resolve: Resolve, wrong: list[str]
) -> list[str | None]:
    """Codes of the municipalities: a code of that year, or the name of one of today."""
    listed = tables["municipalities"]
    there = set(zip(listed["year"].astype(int), listed["municipality_code"], strict=True))
    made: list[str | None] = []
    for row, text, year in zip(frame.index, columns["municipality"], columns["year"], strict=True):
        code = text
        if text and (year, text) not in there:
            try:
                code = resolve(tables, text)
                if year and (year, code) not in there:
                    wrong.append(f"row {row + 2}, column municipality: {text!r} did not exist in {year}")
            except ParameterError as error:
                wrong.append(f"row {row + 2}, column municipality: {error}")
        made.append(code)
    return made


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
