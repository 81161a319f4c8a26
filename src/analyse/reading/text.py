"""Text files: which encoding, which separator, which rows, numbered as a spreadsheet shows them."""

from __future__ import annotations

import codecs
import csv
import io
import re
import unicodedata
from collections.abc import Iterator

from analyse.errors import DataError

SEPARATORS = ";,\t|"
LONGEST_FIELD = 1_000_000
"""Characters of one cell; a longer one is an opening quote without its closing one, or no table."""
SAMPLE_ROWS = 20
MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
"""Byte order marks, and the encoding each means; that of UTF-32 begins with that of UTF-16."""
_UNSEEN = dict.fromkeys(map(ord, "\ufeff\u200b\u200c\u200d\u2060\u00ad"))
_SEP_LINE = re.compile(r'\s*"?sep=(.)"?\s*', re.IGNORECASE)
CURE = "save it as 'CSV UTF-8' in the spreadsheet"


def encoding(content: bytes) -> str:
    """The encoding of a text: its mark, UTF-16 without a mark, UTF-8, or else Windows-1252.

    A guess by frequency of letters, as ``charset-normalizer`` makes, takes short Dutch tables in Windows-1252 for
    Windows-1250 or for Mac; these four cover what spreadsheets write here, and what is none of them is refused.

    Examples
    --------
    >>> encoding("Súdwest-Fryslân".encode()), encoding("€ 100".encode("cp1252"))
    ('utf-8', 'cp1252')
    """
    for mark, name in MARKS:
        if content.startswith(mark):
            return name
    start = content[:4096]
    even, odd = start[::2].count(0), start[1::2].count(0)
    if max(even, odd) > len(start) // 4:
        return "utf-16-be" if even > odd else "utf-16-le"
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8"


def decoded(content: bytes, where: str) -> str:
    """The text of a file.

    Raises
    ------
    DataError
        If a byte belongs to no encoding that is read, with its line; or the file is no text.
    """
    name = encoding(content)
    try:
        text = content.decode(name)
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise DataError(
            f"{where}: line {line} has the byte 0x{content[error.start]:02x}, which is in neither UTF-8 nor "
            f"Windows-1252; {CURE}"
        ) from error
    if "\0" in text:
        line = text[: text.index("\0")].count("\n") + 1
        raise DataError(f"{where}: line {line} holds a zero byte, so this is no text; {CURE}")
    return normal(text)


def normal(text: str) -> str:
    """The same text with each letter written in one way, and without invisible signs.

    Examples
    --------
    >>> normal("Zoe\u0308\u200b") == "Zo\u00eb"
    True
    """
    return unicodedata.normalize("NFC", text.translate(_UNSEEN)) if not text.isascii() else text


def rows(text: str, where: str) -> tuple[str, Iterator[tuple[int, list[str]]]]:
    """The separator, and the rows with their numbers: blank rows count, a line ``sep=;`` does not.

    Returns
    -------
    tuple of the separator, and an iterator of (row number, cells as text)

    Raises
    ------
    DataError
        While iterating: a quote that is not closed, or a cell without end.

    Examples
    --------
    >>> separator, numbered = rows("sep=;\\na;b\\n\\n1;\\"x\\ny\\"\\n", "eigen.csv")
    >>> separator, list(numbered)
    (';', [(1, ['a', 'b']), (2, []), (3, ['1', 'x\\ny'])])
    """
    first, _, rest = text.partition("\n")
    declared = _SEP_LINE.fullmatch(first.rstrip("\r"))
    if declared:
        return declared[1], _numbered(rest, declared[1], where)
    separator = _separator(text)
    return separator, _numbered(text, separator, where)


def _separator(text: str) -> str:
    """The sign that divides most of the first rows into the same number of cells, two or more."""
    sample = "".join(io.StringIO(text[:200_000], newline="").readlines()[: 5 * SAMPLE_ROWS])

    def score(separator: str) -> tuple[int, int]:
        widths = []
        try:
            for cells in csv.reader(io.StringIO(sample, newline=""), delimiter=separator):
                if any(cell.strip() for cell in cells):
                    widths.append(len(cells))
                if len(widths) == SAMPLE_ROWS:
                    break
        except csv.Error:
            return 0, 0
        most = max(set(widths), key=lambda width: (widths.count(width), width), default=1)
        return (widths.count(most), most) if most > 1 else (0, 0)

    return max(SEPARATORS, key=score)


def _numbered(text: str, separator: str, where: str) -> Iterator[tuple[int, list[str]]]:
    csv.field_size_limit(LONGEST_FIELD)
    reader, number = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True), 0
    try:
        for number, cells in enumerate(reader, 1):
            yield number, cells
    except csv.Error as error:
        raise DataError(
            f"{where}: row {number + 1}: {_reason(str(error))}; mend it, or save the file again in the spreadsheet"
        ) from error


def _reason(message: str) -> str:
    if "field larger" in message:
        return f"a cell of more than {LONGEST_FIELD:,} characters"
    return "a quotation mark that is not closed, or followed by more text"
