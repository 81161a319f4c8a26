"""A plain second reading of tables, with other means than the package: csv, openpyxl and Babel, no heuristics."""

from __future__ import annotations

import contextlib
import csv
import datetime
import io
import tempfile
import unicodedata
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import duckdb
import openpyxl
from babel.numbers import NumberFormatError, parse_decimal

UNKNOWN = {"", "-", "\u2013", ".", "..", "x", "na", "n/a", "nan", "onbekend"}


def grid(content: bytes, extension: str) -> list[list[Any]] | None:
    """The filled rows of a file; None when this reading does not understand it at all."""
    try:
        if extension == ".xlsx":
            book = openpyxl.load_workbook(io.BytesIO(content), data_only=True)
            sheets = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
            rows = [list(cells) for sheet in sheets for cells in sheet.iter_rows(values_only=True)]
        elif extension == ".parquet":
            rows = _of_parquet(content)
        else:
            text = _decoded(content)
            lines = text.split("\n", 1)
            first = lines[0].strip('\r"')
            if first.lower().startswith("sep="):
                separator, text = first[4], lines[1]
            else:
                separator = max(";,\t", key=text[:300].count)
            rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=separator))
            rows = [[cell.strip() for cell in row] for row in rows]
    except Exception:
        return None
    return [row for row in rows if any(cell not in (None, "") for cell in row)]


def _of_parquet(content: bytes) -> list[list[Any]]:
    with tempfile.NamedTemporaryFile(suffix=".parquet") as file, duckdb.connect() as connection:
        Path(file.name).write_bytes(content)
        read = connection.execute(f"select * from read_parquet('{file.name}')")
        names = [column[0] for column in read.description]
        return [names, *(list(row) for row in read.fetchall())]


def _decoded(content: bytes) -> str:
    for encoding in ("utf-8-sig", "utf-16", "cp1252"):
        if encoding == "utf-16" and content[:2] not in (b"\xff\xfe", b"\xfe\xff"):
            continue
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise ValueError("no text")


def semicolons(content: bytes) -> bool:
    """Whether the second line of a text, or its only one, has a semicolon."""
    return b";" in content.split(b"\n")[:2][-1]


def readings(cell: Any, locales: Sequence[str] = ("nl", "en")) -> set[float | None]:
    """What a cell can mean: one number, two, or nothing known; an empty set when it is no number."""
    if cell is None:
        return {None}
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return {float(cell)}
    text = unicodedata.normalize("NFKC", str(cell)).strip()
    if text.casefold() in UNKNOWN:
        return {None}
    text = text.replace("€", "").replace("EUR", "").replace("\u2212", "-").strip()
    sign = -1 if text.endswith("-") or text.startswith("-") else 1
    body = text.strip("-+ ").replace(" ", "")
    return {sign * value for value in (_parsed(body, locale) for locale in locales) if value is not None}


def _parsed(body: str, locale: str) -> float | None:
    """A number in the notation of a locale, as Babel reads it; one without thousands signs as Python does."""
    with contextlib.suppress(NumberFormatError, ValueError):
        return float(parse_decimal(body, locale=locale, strict=True))
    decimal = "," if locale == "nl" else "."
    if "." in body.replace(decimal, "") or "," in body.replace(decimal, "") or "_" in body:
        return None
    with contextlib.suppress(ValueError):
        return float(body.replace(decimal, ".")) if body.isascii() else None
    return None


def locales(cells: Iterable[Any], *, most_decimals: int | None, semicolons: bool) -> list[str]:
    """The notations that fit a whole column; a file with semicolons has decimal commas where both do."""
    texts = [cell for cell in cells if isinstance(cell, str)]
    fitting = []
    for locale in ("nl", "en"):
        read = [readings(text, (locale,)) for text in texts]
        known = [value for values in read for value in values if value is not None]
        few = most_decimals is None or all(abs(value * 10**most_decimals % 1) < 1e-6 for value in known)
        if few and all(read):
            fitting.append(locale)
    return fitting[:1] if semicolons and len(fitting) > 1 else fitting or ["nl", "en"]


NAMES = {
    "delft": "GM0503",
    "den haag": "GM0518",
    "'s-gravenhage (gemeente)": "GM0518",
    "brielle": "GM0501",
}
MERGED = {"GM0501": "GM1992", "GM0530": "GM1992", "GM0614": "GM1992"}
DAYS = ("%d-%m-%Y", "%Y-%m-%d", "%Y%m%d", "%d/%m/%Y", "%d.%m.%Y")


def text(cell: Any) -> str:
    """A cell without the spaces around it; nothing for an empty one."""
    return "" if cell is None or cell != cell else str(cell).strip()


def place(cell: Any) -> str | None:
    """The municipality of today that a cell means."""
    written = text(cell).casefold().removeprefix("gemeente ").removeprefix("gm").strip().removesuffix(".0")
    code = NAMES.get(written)
    if written.isascii() and written.isdigit():
        code = f"GM{int(written):04d}"
    return MERGED.get(code, code) if code else None


def day(cell: Any) -> datetime.date | None:
    """The day that a cell means."""
    if isinstance(cell, datetime.datetime):
        return cell.date()
    for form in DAYS:
        try:
            return datetime.datetime.strptime(text(cell).removesuffix(" 00:00:00"), form).date()
        except ValueError:
            continue
    return None
