"""A workbook with the tables of one page: contents, a sheet per table, and a sheet of sources."""

from __future__ import annotations

import copy
import datetime
import io
import re
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet
from openpyxl.writer.excel import ExcelWriter

from analyse.present.text import formats
from analyse.present.text.language import Words, translator
from analyse.reading.formulas import looks_like_formula, printable

NUMBER_FORMATS = {
    "year": "0",
    "integer": "#,##0",
    "persons": "#,##0",
    "about": "#,##0",
    "euro": "[$€-413] #,##0;[$€-413] -#,##0",
    "euro_exact": "[$€-413] #,##0;[$€-413] -#,##0",
    "percent": "0%",
    "percent1": "0.0%",
    "decimal": "0.0",
    "probability": "0%",
    "likelihood": "0%",
}
CAPTION, HEADING = "caption", "heading"
"""Kinds of cells that are no figure."""
HEADER_ROW = 3
WIDEST = 48
CREATED, MODIFIED = (
    re.compile(rb"(<dcterms:created[^>]*>)[^<]*"),
    re.compile(rb"(<dcterms:modified[^>]*>)[^<]*"),
)


@dataclass(frozen=True)
class About:
    """What the sheet of sources says of a page."""

    title: str
    """Title of the page."""
    language: str
    """``nl`` or ``en``."""
    created: str
    """ISO date of the data; the files bear it too, so that the same data give the same bytes."""
    version: str
    """Version of the package."""
    resources: Sequence[Mapping[str, Any]] = ()
    """The tables of the data package: title, sources and temporal."""


def write(sheets: Sequence[Any], about: About) -> bytes:
    """The workbook as bytes; the same tables always give the same bytes.

    ``sheets`` comes from ``downloads``.
    """
    words = translator(about.language)
    book, looks = Workbook(), {}
    _contents(book.active, sheets, about, words)
    for one in sheets:
        _table(book.create_sheet(words.gettext("Table {number}", number=one.number)), one, looks)
    _sources(book.create_sheet(words.gettext("Sources")), sheets, about, words)
    book.properties.title, book.properties.creator = about.title, "jeugdhulp-analyse"
    stream = io.BytesIO()
    # Not packed yet: that is done when the clock has been taken out.
    ExcelWriter(book, zipfile.ZipFile(stream, "w")).save()
    return fixed(stream.getvalue(), about.created)


def _contents(sheet: Worksheet, sheets: Sequence[Any], about: About, words: Words) -> None:
    sheet.title = words.gettext("Contents")
    _text(sheet.cell(1, 1), about.title).font = Font(bold=True, size=14)
    for row, one in enumerate(sheets, start=HEADER_ROW):
        name = words.gettext("Table {number}", number=one.number)
        link = _text(sheet.cell(row, 1), name)
        link.hyperlink, link.font = f"#'{name}'!A1", Font(color="0B5CAD", underline="single")
        _text(sheet.cell(row, 2), one.caption)
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 12, 80


def _table(sheet: Worksheet, one: Any, looks: dict[tuple[str, bool], Any]) -> None:
    """Write a table; ``looks`` keeps the format of each kind of cell, which is slow to make."""
    _styled(_text(sheet.cell(1, 1), one.caption), (CAPTION, True), looks)
    for place, heading in enumerate(one.headings, start=1):
        cell = _text(sheet.cell(HEADER_ROW, place), heading)
        _styled(cell, (HEADING, True), looks)
        texts = [str(row[place - 1]) for row in one.rows if row[place - 1] is not None]
        longest = max((len(text) for text in [*texts, heading[: WIDEST // 2]]), default=8)
        sheet.column_dimensions[get_column_letter(place)].width = min(max(longest + 3, 10), WIDEST)
    for number, row in enumerate(one.rows, start=HEADER_ROW + 1):
        for place, (value, kind) in enumerate(zip(row, one.kinds, strict=True), start=1):
            if value is not None and value != "":
                _value(sheet.cell(number, place), value, kind, looks)
    sheet.freeze_panes = sheet.cell(HEADER_ROW + 1, 2)
    if one.rows:
        last = get_column_letter(len(one.headings))
        sheet.auto_filter.ref = f"A{HEADER_ROW}:{last}{HEADER_ROW + len(one.rows)}"


def _value(cell: Cell, value: Any, kind: str, looks: dict[tuple[str, bool], Any]) -> None:
    words = isinstance(value, str)
    if words:
        _text(cell, value)
    else:
        cell.value = value / 100 if kind in ("percent", "percent1") else value
    _styled(cell, (kind, words), looks)


def _styled(cell: Cell, look: tuple[str, bool], looks: dict[tuple[str, bool], Any]) -> None:
    """Give a cell the look of its kind, as a text or as a number."""
    quoted = cell.quotePrefix
    if look not in looks:
        kind, words = look
        if kind == CAPTION:
            cell.font = Font(bold=True, size=12)
        elif kind == HEADING:
            cell.font, cell.alignment = Font(bold=True), Alignment(wrap_text=True, vertical="bottom")
        else:
            cell.alignment = Alignment(wrap_text=words or None, vertical="top")
            cell.number_format = "General" if words else NUMBER_FORMATS.get(kind, "General")
        looks[look] = cell._style
    cell._style = copy.copy(looks[look])
    cell.quotePrefix = quoted


def _sources(sheet: Worksheet, sheets: Sequence[Any], about: About, words: Words) -> None:
    rows = [
        (
            words.gettext("Table {number}", number=one.number),
            one.caption,
            " ".join(part for part in (one.source, one.note) if part),
        )
        for one in sheets
    ]
    rows += [("", "", "")]
    rows += [
        (
            words.gettext("Figures"),
            one["title"],
            f"{'; '.join(source['title'] for source in one['sources'])} ({one['temporal'].replace('/', '–')})",
        )
        for one in about.resources
    ]
    rows += [
        ("", "", ""),
        (words.gettext("Data as of"), formats.date(about.created, words.language), ""),
        (words.gettext("Version"), f"jeugdhulp-analyse {about.version}", ""),
    ]
    for number, row in enumerate(rows, start=1):
        for place, text in enumerate(row, start=1):
            if text:
                _text(sheet.cell(number, place), text).alignment = Alignment(wrap_text=True, vertical="top")
    for letter, width in (("A", 16), ("B", 48), ("C", 100)):
        sheet.column_dimensions[letter].width = width


def _text(cell: Cell, text: str) -> Cell:
    """Write a text as text: openpyxl turns one that begins with an equals sign into a formula."""
    cell.value = printable(text)
    cell.data_type = "s"
    if looks_like_formula(text):
        cell.quotePrefix = True
    return cell


def fixed(content: bytes, created: str) -> bytes:
    """The same Office file without the clock: every time in it, and in a workbook inside it, is that of the data."""
    day = datetime.date.fromisoformat(created[:10])
    stamp = rb"\g<1>" + f"{day.isoformat()}T00:00:00Z".encode()
    stream = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in sorted(old.namelist(), key=lambda one: (one != "[Content_Types].xml", one)):
            part = old.read(name)
            if name == "docProps/core.xml":
                part = MODIFIED.sub(stamp, CREATED.sub(stamp, part))
            elif name.endswith(".xlsx"):
                part = fixed(part, created)
            entry = zipfile.ZipInfo(name, date_time=(day.year, day.month, day.day, 0, 0, 0))
            entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
            new.writestr(entry, part)
    return stream.getvalue()
