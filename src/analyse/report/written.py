"""Every table and sentence of a written set, whatever file it is in, as an outsider would read it.

Pages (their tables, charts, texts, labels and the JSON inside them), executed notebooks, CSV files, workbooks,
documents of Word and PowerPoint with their charts, the lines of a PDF, drawings, JSON and plain texts.
"""

from __future__ import annotations

import csv
import html
import io
import json
import re
import zipfile
from collections import Counter
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from analyse.errors import DataError
from analyse.present.exhibits import exhibit
from analyse.report.scan import CELL, ROW, TABLE

BLOCK = re.compile(r"</(?:p|li|h\d|dd|dt|div|figcaption|caption|summary|text|tr|title|desc)>")
TAG = re.compile(r"<[^>]*>")
STYLE = re.compile(r"<style\b.*?</style>", flags=re.S)
SCRIPT = re.compile(r"<script\b([^>]*)>(.*?)</script>", flags=re.S)
MARKED_UP = ("text/html", "image/svg+xml")
"""Kinds of output of a notebook that are read as a page."""
SHORT = 80
"""Letters of a cell, at most, that is no sentence."""
LABEL = re.compile(r'(?:aria-label|alt|title|content)="([^"]*)"')


@dataclass(frozen=True)
class Table:
    """One table as it is written.

    Attributes
    ----------
    file : str
        Its path from the folder of the set.
    page : str
        The page that it belongs to.
    heads : tuple of str
        Headings.
    rows : tuple of tuple of str
        Cells; of a page and a document in the notation of its language.
    """

    file: str
    page: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Text:
    """One paragraph, label, row of a table or point of a chart as it is written; files and pages as in ``Table``."""

    file: str
    page: str
    text: str


def read(place: Path, *, without: Container[str] = ()) -> Iterator[Table | Text]:
    """All tables of a set, and all its texts; a row of a table is a text too.

    Parameters
    ----------
    place : Path
        Folder of the set.
    without : container of str
        Pages whose files are not opened.

    Raises
    ------
    DataError
        If a file cannot be read, or has nothing to read in it.
    """
    for path in sorted(place.rglob("*")):
        if path.suffix not in READERS or not path.is_file():
            continue
        file, page = str(path.relative_to(place)), path.parent.name if path.suffix == ".csv" else path.stem
        if page in without:
            continue
        for one in _contents(path, file):
            if isinstance(one, str):
                yield Text(file, page, _plain(one))
                continue
            heads, *body = ([_plain(cell) for cell in row] for row in one)
            width = len(heads)
            rows = tuple((*row, *[""] * (width - len(row)))[:width] for row in body)
            yield Table(file, page, tuple(heads), rows)
            yield from (Text(file, page, text) for row in rows for text in _of_row(row))


def _of_row(row: Sequence[str]) -> Iterator[str]:
    """A row as one text; a sentence in a cell, such as a title in a list of tables, says nothing of the others."""
    yield " · ".join(one for one in row if len(one) <= SHORT)
    yield from (one for one in row if len(one) > SHORT)


def passed_over(place: Path) -> dict[str, int]:
    """How many files of each kind ``read`` does not open: pictures, and what pages are drawn with."""
    suffixes = (path.suffix or path.name for path in place.rglob("*") if path.is_file())
    return dict(sorted(Counter(one for one in suffixes if one not in READERS).items()))


def _contents(path: Path, file: str) -> list[Any]:
    """The tables and texts of one file."""
    try:
        found = list(READERS[path.suffix](path.read_bytes()))
    except Exception as error:  # each kind of file has a library with errors of its own
        raise DataError(f"attack: {file} cannot be read as {path.suffix} ({type(error).__name__})") from error
    if not any(found):
        raise DataError(f"attack: nothing could be read in {file}; a picture of a page has no text")
    return found


def _plain(cell: Any) -> str:
    """A cell as a text with plain spaces."""
    if cell is None:
        return ""
    return " ".join(str(cell).replace("\u00a0", " ").replace("\u202f", " ").split())


def _csv(content: bytes) -> Iterator[list[list[str]]]:
    rows = list(csv.reader(io.StringIO(content.decode("utf-8"), newline="")))
    if rows:
        yield rows


def _workbook(content: bytes) -> Iterator[list[Sequence[Any]] | str]:
    """Each sheet: its widest rows are the table, what stands above it texts."""
    import openpyxl

    for sheet in openpyxl.load_workbook(io.BytesIO(content), read_only=True):
        rows = [list(row) for row in sheet.iter_rows(values_only=True) if any(one is not None for one in row)]
        filled = [sum(one is not None for one in row) for row in rows]
        first = next((n for n, count in enumerate(filled) if count > 1), len(rows))
        yield from (" ".join(str(one) for one in row if one is not None) for row in rows[:first])
        if rows[first:]:
            yield rows[first:]


def _page(content: bytes) -> Iterator[list[list[str]] | str]:
    text = STYLE.sub(" ", content.decode("utf-8"))
    for attributes, script in SCRIPT.findall(text):
        if "json" in attributes:
            yield from _json(json.loads(html.unescape(script) if script.startswith("&") else script))
    text = SCRIPT.sub(" ", text)
    yield from (html.unescape(one) for one in LABEL.findall(text))
    for table in TABLE.findall(text):
        found = [
            [html.unescape(TAG.sub("", cell)) for _, cell in CELL.findall(row)] for row in ROW.findall(table)
        ]
        if found:
            yield found
    yield from (html.unescape(TAG.sub(" ", one)) for one in BLOCK.split(TABLE.sub(" ", text)))


def _json(value: Any) -> Iterator[str]:
    """Every text in plain values; of the trace of a chart each point with its category."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        along, up = value.get("x"), value.get("y")
        if isinstance(along, list) and isinstance(up, list):
            yield from (f"{one} · € {two}" for one, two in zip(up, along, strict=False))
            yield from (f"{one} · € {two}" for one, two in zip(along, up, strict=False))
        for one in value.values():
            yield from _json(one)
    elif isinstance(value, list) and not all(isinstance(one, int | float) for one in value):
        for one in value:
            yield from _json(one)


def _notebook(content: bytes) -> Iterator[list[list[Any]] | str]:
    """The outputs of an executed notebook: tables with the values behind them, and all other texts."""
    for cell in json.loads(content)["cells"]:
        yield from "".join(cell["source"]).splitlines()
        for output in cell.get("outputs", []):
            data = output.get("data", {})
            yield from "".join(output.get("text", "")).splitlines()  # what was printed
            shown = data.get(exhibit.MIME) or {}
            for name in ("table", "whole"):
                table = shown.get(name)
                if table:
                    yield [[one["label"] for one in table["columns"]], *table["values"]]
                    yield [[one["label"] for one in table["columns"]], *table["cells"]]
            yield from _json({key: value for key, value in shown.items() if key not in ("table", "whole")})
            for kind, value in data.items():
                if kind in MARKED_UP:
                    yield from _page("".join(value).encode())
                elif kind != exhibit.MIME:
                    yield from _json(value)


def _document(content: bytes) -> Iterator[list[list[str]] | str]:
    """Tables and paragraphs of Word or PowerPoint, which call them the same; workbooks inside are read too."""
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        for name in parts.namelist():
            if name.endswith(".xlsx"):
                yield from _workbook(parts.read(name))
            elif name.startswith(("word/", "ppt/")) and name.endswith(".xml"):
                root = ElementTree.fromstring(parts.read(name))  # noqa: S314 - our own file
                for table in _named(root, "tbl"):
                    yield [[_said(cell) for cell in _named(row, "tc")] for row in _named(table, "tr")]
                yield from (_said(one) for one in _named(root, "p"))
                yield from _charted(root)
                yield from (
                    value for one in root.iter() for key, value in one.attrib.items() if key == "descr"
                )


def _charted(root: ElementTree.Element) -> Iterator[str]:
    """Each point of the charts in a document, with its category."""
    for series in _named(root, "ser"):
        sides = [
            ["".join(one.itertext()) for part in _named(series, name) for one in _named(part, "v")]
            for name in ("cat", "val")
        ]
        yield from (f"{name} · € {value}" for name, value in zip(*sides, strict=False))


def _lines(content: bytes) -> Iterator[str]:
    from analyse.report import pdf

    yield from pdf.lines(content)


def _texts(content: bytes) -> Iterator[str]:
    yield from content.decode("utf-8").splitlines()


def _plain_values(content: bytes) -> Iterator[str]:
    yield from _json(json.loads(content))


def _named(root: ElementTree.Element, name: str) -> Iterator[ElementTree.Element]:
    """All elements with a name, in any namespace."""
    return (one for one in root.iter() if one.tag.rpartition("}")[2] == name)


def _said(element: ElementTree.Element) -> str:
    return "".join(one.text or "" for one in _named(element, "t"))


READERS = {
    ".csv": _csv,
    ".xlsx": _workbook,
    ".html": _page,
    ".ipynb": _notebook,
    ".docx": _document,
    ".pptx": _document,
    ".pdf": _lines,
    ".svg": _page,
    ".json": _plain_values,
    ".txt": _texts,
}
"""What reads each kind of file."""
