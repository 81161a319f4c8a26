"""The tables of a page as files beside it: one CSV each, and one workbook with all of them.

Both hold the values themselves, not the rounded texts; where a value needs a word (an error in the source, a
lower bound, a flag) the column beside it says so.
"""

from __future__ import annotations

import csv
import io
import math
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from analyse.present.exhibits import tables
from analyse.present.exhibits.exhibit import MARK, SIMULATED
from analyse.present.text.language import N_, Words, translator
from analyse.reading.formulas import harmless
from analyse.report import workbook

PLACE = "downloads"
"""The place on a page of the section that says which files there are."""
LENGTH = 48
"""Letters of a name of a file that is made of a text, at most."""
UNITS = {
    "persons": N_("persons, rounded to 5"),
    "euro": N_("euros"),
    "euro_exact": N_("euros"),
    "percent": "%",
    "percent1": "%",
    "probability": N_("chance, 0 to 1"),
    "likelihood": N_("chance, 0 to 1"),
}


@dataclass(frozen=True)
class Sheet:
    """One table of a page, ready to be written: headings with units, plain values, kind per column."""

    number: int
    stem: str
    caption: str
    headings: tuple[str, ...]
    kinds: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]
    source: str
    note: str


def sheet(number: int, exhibit: Mapping[str, Any]) -> Sheet:
    """The table of an exhibit as values, with a column of words beside each column that needs them.

    Of simulated declarations every row says so, as a file of their lines does: it may be copied without the rest.
    """
    table, words = exhibit.get("whole") or exhibit["table"], translator(exhibit["language"])
    headings, kinds, columns = [], [], []
    if words.gettext(SIMULATED) in exhibit["source"]:
        headings.append(words.gettext("Origin"))
        kinds.append("text")
        columns.append([words.gettext(MARK)] * len(table["values"]))
    for place, column in enumerate(table["columns"]):
        values = [_plain(row[place], column["kind"]) for row in table["values"]]
        headings.append(_heading(column, words))
        kinds.append(column["kind"])
        columns.append(values)
        remarks = [_remark(table, row, place, words) for row in range(len(values))]
        if any(remarks):
            headings.append(words.gettext("{column}: remark", column=column["label"]))
            kinds.append("text")
            columns.append(remarks)
    rows = tuple(zip(*columns, strict=True))
    stem = f"{number:02d}-{slug(table['caption'])}"
    return Sheet(
        number,
        stem,
        table["caption"],
        tuple(headings),
        tuple(kinds),
        rows,
        exhibit["source"],
        exhibit["note"],
    )


def files(sheets: Iterable[Sheet], name: str, *, about: workbook.About) -> dict[str, bytes]:
    """Every file of a page by its name: a CSV per table and one workbook; nothing without tables.

    Parameters
    ----------
    sheets : iterable of Sheet
        From ``sheet``.
    name : str
        Name of the page, without extension.
    about : About
        What the sheet of sources says, and the date that the files bear.
    """
    sheets = list(sheets)
    made = {f"{one.stem}.csv": as_csv(one) for one in sheets}
    if sheets:
        made[f"{name}.xlsx"] = workbook.write(sheets, about)
    return made


def as_csv(one: Sheet) -> bytes:
    """UTF-8 with commas and decimal points (RFC 4180), so that any program reads the same."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\r\n")
    writer.writerow([harmless(heading) for heading in one.headings])
    writer.writerows([["" if value is None else harmless(value) for value in row] for row in one.rows])
    return stream.getvalue().encode("utf-8")


def slug(text: str) -> str:
    """A text as part of a file name: small letters, digits and dashes.

    Examples
    --------
    >>> slug("Kosten per jongere (0 t/m 17), één jaar")
    'kosten-per-jongere-0-t-m-17-een-jaar'
    """
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:LENGTH].strip("-") or "table"


def _heading(column: Mapping[str, str], words: Words) -> str:
    unit = UNITS.get(column["kind"])
    return f"{column['label']} ({words.gettext(unit)})" if unit else column["label"]


def _plain(value: Any, kind: str) -> Any:
    """A value without spurious digits: whole euros, and four decimals for anything else."""
    if value is None or isinstance(value, str | int):
        return value
    rounded = (
        round(value) if kind in ("euro", "euro_exact", "about", "integer", "persons") else round(value, 4)
    )
    return int(rounded) if math.isclose(rounded, round(rounded), abs_tol=1e-9) else rounded


def _remark(table: Mapping[str, Any], row: int, place: int, words: Words) -> str:
    """What the page says of a value beyond the value itself: why it is not there, a lower bound, flags."""
    value, cell = table["values"][row][place], table["cells"][row][place]
    kind = table["columns"][place]["kind"]
    letters = table["marks"][row][place] if table.get("marks") else ""
    said = [title for letter, title, _ in table.get("legend") or () if letter in letters]
    if kind != "text" and cell != tables.status_word(tables.NOT_APPLICABLE):
        differs = value is None or cell != tables.written(value, kind, words.language)
        said = [cell, *said] if differs else said
    return "; ".join(said)
