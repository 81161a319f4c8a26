"""Look for small counts of persons in what was written: pages, their figures, notebooks, CSV and XLSX."""

from __future__ import annotations

import csv
import html
import io
import json
import re
import zipfile
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path
from typing import Any

import openpyxl

from analyse import small_cells
from analyse.present.exhibits import exhibit
from analyse.present.text.language import LANGUAGES, translator
from analyse.report.downloads import UNITS

PERSONS = tuple(f"({translator(language).gettext(UNITS['persons'])})" for language in LANGUAGES)
"""How the heading of a column of persons ends, in a CSV or workbook."""

SENTENCE = re.compile(
    r"(?<![\w.,–-])[1-9] (?:jongeren?|kind(?:eren)?|cliënt(?:en)?|persoon|personen|"
    r"youths?|child(?:ren)?|clients?|persons?)\b",
    flags=re.IGNORECASE,
)
PSEUDONYM = re.compile(rb"(?<![0-9A-Za-z])[0-9a-f]{32}(?![0-9A-Za-z])")
"""What a youth is called in a store."""
TABLES_OF_PROGRAMS = frozenset(
    (".arrow", ".parquet", ".feather", ".pickle", ".pkl", ".duckdb", ".db", ".npz")
)
TABLE = re.compile(r"<table.*?</table>", flags=re.S)
ROW, CELL = (
    re.compile(r"<tr\b[^>]*>(.*?)</tr>", flags=re.S),
    re.compile(r"<t[hd]([^>]*)>(.*?)</t[hd]>", flags=re.S),
)
FIGURE = re.compile(r'<script type="application/json" data-for="[^"]*">(.*?)</script>', flags=re.S)
CODE = re.compile(r"<(script|style)\b.*?</\1>", flags=re.S)


def small_counts(place: Path, paths: Iterable[Path]) -> list[str]:
    """Every count below ten in some files: file and where in it, never the count itself.

    A column counts as one of persons by its kind (``persons``), which every kind of file carries; a trace of a
    figure by ``meta: {"count": "persons", "axis": "x" or "y"}``. In texts a number below 10 before a word for
    persons is one.

    Parameters
    ----------
    place : Path
        Folder that the files are named from.
    paths : iterable of Path
        The files; those that are no text of a report are passed over.
    """
    return [
        f"{path.relative_to(place)}: {where}"
        for path in paths
        if path.suffix in READERS and path.is_file()
        for where in READERS[path.suffix](path.read_bytes())
    ]


def reason(place: Path, paths: Iterable[Path], *, published: Collection[Path] = ()) -> str:
    """Why some files may not be shown, as the end of a sentence; empty when they may.

    Parameters
    ----------
    place : Path
        Folder that the files are named from.
    paths : iterable of Path
        The files. None may hold a pseudonym, or be a table in a form that only programs read.
    published : collection of Path
        Those with published figures, which are not searched for small counts.
    """
    there = [path for path in paths if path.is_file()]
    for path in there:
        if path.suffix in TABLES_OF_PROGRAMS:
            return f"a table that only programs read stands in {path.relative_to(place)}"
        if _names_a_youth(path):
            return f"the pseudonym of a youth stands in {path.relative_to(place)}"
    small = small_counts(place, [path for path in there if path not in published])
    return f"a count below ten stands in {small[0]}" if small else ""


def _names_a_youth(path: Path) -> bool:
    """Whether a pseudonym stands in a file, in a part of a workbook or document, or on a page of a PDF."""
    if path.suffix == ".pdf":
        from analyse.report import pdf  # the library takes as long to import as the rest of this

        return any(PSEUDONYM.search(line.encode()) for line in pdf.lines(path.read_bytes()))
    if not zipfile.is_zipfile(path):
        return bool(PSEUDONYM.search(path.read_bytes()))
    with zipfile.ZipFile(path) as parts:
        return any(PSEUDONYM.search(parts.read(name)) for name in parts.namelist())


def _small(value: Any) -> bool:
    """Whether a value is a count that should have been hidden or rounded."""
    if isinstance(value, str):
        digits = re.sub(r"[.,\s\u00a0]", "", value)
        if not digits.isdigit():
            return False
        value = int(digits)
    return isinstance(value, int | float) and value == value and not small_cells.treated(value)


def _page(content: bytes) -> Iterator[str]:
    text = content.decode("utf-8")
    for number, table in enumerate(TABLE.findall(text), start=1):
        heads, *rows = [CELL.findall(row) for row in ROW.findall(table)]
        columns = [
            place for place, (attributes, _) in enumerate(heads) if 'data-count="persons"' in attributes
        ]
        cells = (row[place][1] for row in rows for place in columns)
        yield from (f"table {number}" for cell in cells if _small(html.unescape(cell)))
    for number, figure in enumerate(FIGURE.findall(text), start=1):
        yield from (f"figure {number}" for _ in _figure(json.loads(figure)))
    plain = html.unescape(re.sub(r"<[^>]*>", " ", CODE.sub(" ", text)))
    labels = " ".join(html.unescape(one) for one in re.findall(r'aria-label="([^"]*)"', text))
    yield from _texts([plain, labels])


def _figure(figure: dict[str, Any]) -> Iterator[str]:
    for trace in figure["data"]:
        meta = trace.get("meta")
        if isinstance(meta, dict) and meta.get("count") == "persons":
            yield from ("trace" for value in trace[meta["axis"]] if value is not None and _small(value))
        for name in ("customdata", "text", "hovertext"):
            listed = trace.get(name) or []
            yield from _texts(
                one for one in ([listed] if isinstance(listed, str) else listed) if isinstance(one, str)
            )


def _texts(texts: Iterable[str]) -> Iterator[str]:
    for text in texts:
        yield from ("a sentence" for _ in SENTENCE.finditer(text.replace("\u00a0", " ")))


def _csv(content: bytes) -> Iterator[str]:
    yield from _rows(list(csv.reader(io.StringIO(content.decode("utf-8"), newline=""))))


def _rows(rows: list[list[Any]]) -> Iterator[str]:
    heads, *body = rows
    columns = [place for place, head in enumerate(heads) if str(head).endswith(PERSONS)]
    yield from (str(heads[place]) for row in body for place in columns if _small(row[place]))


def _workbook(content: bytes) -> Iterator[str]:
    book = openpyxl.load_workbook(io.BytesIO(content), read_only=True)
    for sheet in book:
        rows = [list(row) for row in sheet.iter_rows(values_only=True)]
        start = next(
            (n for n, row in enumerate(rows) if any(str(one).endswith(PERSONS) for one in row)), None
        )
        if start is not None:
            yield from (f"{sheet.title}, {where}" for where in _rows(rows[start:]))


def _notebook(content: bytes) -> Iterator[str]:
    for number, cell in enumerate(json.loads(content)["cells"], start=1):
        for output in cell.get("outputs", []):
            data = output.get("data", {})
            table = (data.get(exhibit.MIME) or {}).get("table")
            for place, column in enumerate(table["columns"] if table else ()):
                values = (row[place] for row in table["values"] if column["kind"] == "persons")
                yield from (f"cell {number}" for value in values if _small(value))
            yield from (f"cell {number}" for _ in _figure(data.get(exhibit.PLOTLY) or {"data": []}))


READERS = {".html": _page, ".csv": _csv, ".xlsx": _workbook, ".ipynb": _notebook}
"""The function that looks into each kind of file."""
