"""Flat files: CSV, XLSX and Parquet, in the columns of whoever made them, through a mapping to ours.

What comes out is written in one way, whatever the file: numbers as ``1250.50``, days as ``2026-04-01``, codes with
their zeros. A text that is not what its column holds comes out as ``?``, and the rules send its line to quarantine.
"""

from __future__ import annotations

import codecs
import datetime
import difflib
import io
import itertools
import re
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from functools import partial
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv
import pyarrow.parquet as pq

from analyse.errors import DataError
from analyse.reading import sheets
from analyse.reading import text as texts
from analyse.sources.declarations import archives, flat_columns, records
from analyse.sources.declarations.archives import Source
from analyse.sources.declarations.demo import LABEL
from analyse.sources.declarations.flat_columns import Batch
from analyse.sources.declarations.layouts import NEEDED, Layout
from analyse.sources.declarations.pseudonyms import Pseudonyms

BLOCK = 4 * 2**20
ROWS = 50_000
CP1252 = "cp1252"
UNASSIGNED = re.compile(rb"[\x81\x8d\x8f\x90\x9d]")
"""Bytes that Windows-1252 does not know."""
SEP_LINE = re.compile(r'\s*"?sep=(.)"?\s*', re.IGNORECASE)
TITLE_ROWS = 20
"""The names of the columns are within this many rows."""
WORKERS = 2

Lines = tuple[pa.Table, int]


class Flat:
    """One flat file while it is read.

    Attributes
    ----------
    lines : int
        Rows that were read.
    control_cents : int
        Total of the amounts, in eurocents, taken from the texts as they came in.
    """

    def __init__(self, source: Source, known: Mapping[str, Layout]) -> None:
        """Take the file and the mappings that may fit it."""
        self.source, self.known = source, known
        self.lines, self.control_cents = 0, 0
        self.layout: Layout
        self.names: dict[str, str] = {}
        self.meanings: dict[str, flat_columns.Meaning] = {}
        self.simulated = False

    def read(self, pseudonyms: Pseudonyms) -> Iterator[pa.Table]:
        """The lines, part by part, with the schema ``records.RAW``.

        Raises
        ------
        DataError
            If no mapping fits its columns, or a row has another number of them. A cell is never part of the error.
        """
        with ThreadPoolExecutor(WORKERS) as pool:
            for table, total in _ahead(
                pool, partial(self._lines, pseudonyms), _OPENERS[self.source.kind](self)
            ):
                yield records.numbered(table, self.lines + 1)
                self.control_cents += total
                self.lines += len(table)

    def _lines(self, pseudonyms: Pseudonyms, batch: Batch) -> tuple[pa.Table, int]:
        """The lines of a part of the file, and their total in eurocents."""
        columns = records.filled_rows(
            {ours: batch[theirs] for ours, theirs in self.names.items() if theirs in batch}
        )
        label = columns.pop("label", None)
        if label is not None and pc.any(pc.equal(label, LABEL)).as_py():
            self.simulated = True
        columns = flat_columns.in_one_notation(columns, self.layout, self.meanings)
        own = columns.pop("bsn")
        total = flat_columns.total(columns["amount"], columns.get("debit_credit"), self.layout)
        return records.guarded(columns, own, pseudonyms, first=1), total

    def fit(self, header: list[str]) -> None:
        """Take the mapping of which the most columns are in the header, and all that are needed.

        Raises
        ------
        DataError
            If there is none, with the columns that are missing and what comes near them; or a name stands twice.
        """
        found = self.fitting(header)
        if found is None:
            raise DataError(_no_fit(header, self.known))
        self.layout, self.names = found
        self.meanings = flat_columns.meanings(self.layout)
        twice = sorted({name for name in self.names.values() if header.count(name) > 1})
        if twice:
            raise DataError(f"column {twice[0]!r} stands twice; keep one")

    def fitting(self, header: list[str]) -> tuple[Layout, dict[str, str]] | None:
        """The mapping that fits best and how the file calls its columns; nothing where none has what is needed."""
        there = {_plain_name(name): name for name in reversed(header)}
        fits = []
        for mapping in self.known.values():
            own = {ours: there.get(_plain_name(theirs)) for ours, theirs in mapping.columns.items()}
            named = {ours: theirs for ours, theirs in own.items() if theirs is not None}
            if all(name in named for name in NEEDED):
                fits.append((mapping, named))
        return max(fits, key=lambda fit: len(fit[1])) if fits else None

    def types(self) -> dict[str, pa.DataType]:
        """Types in which the columns of the file are read: texts, as a dictionary where they come back often."""
        few = ("bsn", "label", *records.FEW)
        return {theirs: records.CODED if ours in few else pa.string() for ours, theirs in self.names.items()}


def _ahead(pool: Executor, work: Callable[[Batch], Lines], batches: Iterator[Batch]) -> Iterator[Lines]:
    """What comes of each part, in order; some are worked on ahead, since most of it happens outside Python."""
    waiting: deque[Future[Lines]] = deque()
    for batch in batches:
        waiting.append(pool.submit(work, batch))
        if len(waiting) > WORKERS:
            yield waiting.popleft().result()
    while waiting:
        yield waiting.popleft().result()


def _plain_name(name: str) -> str:
    """The name of a column without the spaces and capitals in which files differ."""
    return " ".join(name.split()).casefold()


def _no_fit(header: list[str], known: Mapping[str, Layout]) -> str:
    there = {_plain_name(name): name for name in header}

    def missing(mapping: Layout) -> list[str]:
        return [mapping.columns[name] for name in NEEDED if _plain_name(mapping.columns[name]) not in there]

    name, mapping = min(known.items(), key=lambda one: len(missing(one[1])))
    absent = missing(mapping)
    said = ", ".join(absent[:3])
    near = difflib.get_close_matches(_plain_name(absent[0]), [one for one in there if one], n=1)
    hint = f" (nearest to {absent[0]!r}: {archives.masked(there[near[0]])!r})" if near else ""
    return (
        f"no mapping of {', '.join(known)} fits its columns; {name} misses {said}{hint}; copy "
        "parameters/declarations/voorbeeld.yaml, name its columns there, and give it with --mapping"
    )


def _of_csv(flat: Flat) -> Iterator[Batch]:
    encoding, quoted = _encoding(flat.source)
    with flat.source.open() as stream:
        start = stream.read(2**20).decode(encoding, errors="replace").removeprefix("\ufeff")
    if "\0" in start:
        raise DataError(f"holds a zero byte, so this is no text; {texts.CURE}")
    above, separator, header = _header(flat, start)
    flat.fit(header)
    if flat.layout.encoding != "auto":
        encoding = CP1252 if flat.layout.encoding == "windows-1252" else "utf-8"
    yield from _csv_batches(flat, separator, encoding, above=above, quoted=quoted)


def _encoding(source: Source) -> tuple[str, bool]:
    """The encoding of a file, and whether it has quotation marks, between which lines may break."""
    with source.open() as stream:
        start = stream.read(2**20)
        known = texts.encoding(start[: start.rfind(b"\n") + 1] or start)
        if known.startswith("utf-16") or known.startswith("utf-32"):
            return known, True
        decoder, quoted, encoding = codecs.getincrementaldecoder("utf-8")(), b'"' in start, "utf-8-sig"
        try:
            decoder.decode(start)
            while part := stream.read(2**20):
                quoted = quoted or b'"' in part
                decoder.decode(part)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            encoding = CP1252
    if encoding == CP1252:
        quoted = True
        _check_cp1252(source)
    return encoding, quoted


def _check_cp1252(source: Source) -> None:
    line = 1
    with source.open() as stream:
        while part := stream.read(2**20):
            if wrong := UNASSIGNED.search(part):
                line += part.count(b"\n", 0, wrong.start())
                raise DataError(
                    f"line {line} has the byte 0x{wrong[0][0]:02x}, which is in neither UTF-8 nor Windows-1252; "
                    f"{texts.CURE}"
                )
            line += part.count(b"\n")


def _header(flat: Flat, start: str) -> tuple[int, str, list[str]]:
    """How many lines stand above the names of the columns, the separator, and the names.

    The separator is the one that the file shows, or one that a mapping names, whichever gives columns that fit.
    """
    declared = SEP_LINE.fullmatch(start.partition("\n")[0].rstrip("\r"))
    shown, rows = texts.rows(start, flat.source.name)
    told = {mapping.separator for mapping in flat.known.values()} - {"auto", shown}
    first: list[str] = []
    for separator, numbered in [(shown, rows)] + [
        (one, texts.rows(f"sep={one}\n{start}", flat.source.name)[1]) for one in sorted(told) if not declared
    ]:
        for number, names in itertools.takewhile(lambda row: row[0] <= TITLE_ROWS, numbered):
            if flat.fitting(names) is not None:
                return number - 1 + bool(declared), separator, names
            first = first or (names if any(names) else [])
    return 0, shown, first


def _csv_batches(flat: Flat, separator: str, encoding: str, *, above: int, quoted: bool) -> Iterator[Batch]:
    wrong: list[tuple[int, int]] = []

    def refuse(row: Any) -> str:
        wrong.append((row.expected_columns, row.actual_columns))
        return "error"

    stream = flat.source.open()
    if encoding == "utf-8-sig":
        encoding = "utf-8"
        if stream.seekable() and stream.read(3) != codecs.BOM_UTF8:
            stream.seek(0)
    try:
        reader = pacsv.open_csv(
            pa.PythonFile(stream, mode="r") if flat.source.path is None else stream,
            read_options=pacsv.ReadOptions(block_size=BLOCK, encoding=encoding, skip_rows=above),
            parse_options=pacsv.ParseOptions(
                delimiter=separator, invalid_row_handler=refuse, newlines_in_values=quoted
            ),
            convert_options=pacsv.ConvertOptions(
                column_types=flat.types(),
                include_columns=list(flat.names.values()),
                include_missing_columns=True,
                strings_can_be_null=True,
                null_values=[""],
                quoted_strings_can_be_null=True,
            ),
        )
        for batch in reader:
            yield {name: batch.column(name) for name in batch.schema.names}
    except (pa.ArrowInvalid, UnicodeError) as error:
        if wrong:
            said = f"a row has another number of columns ({wrong[0][1]}) than the {wrong[0][0]} of the first line"
        elif "straddl" in str(error):
            said = f"a row of more than {BLOCK:,} bytes, or a quotation mark that is not closed"
        else:
            said = "not a CSV"
        raise DataError(f"{said}; nothing of it is taken, mend the file") from None
    finally:
        stream.close()


def _of_xlsx(flat: Flat) -> Iterator[Batch]:
    with flat.source.open() as stream:
        content = stream.read()
    archives.check_workbook(io.BytesIO(content))
    wanted = [name for mapping in flat.known.values() for name in mapping.columns.values()]
    frame = sheets.of_workbook(content, flat.source.name, wanted=wanted).frame
    flat.fit([str(name) for name in frame.columns])
    for first in range(0, len(frame), ROWS):
        part = frame.iloc[first : first + ROWS]
        yield {
            name: pa.array([_as_text(cell, flat.layout) for cell in part[name]], pa.string())
            for name in flat.names.values()
        }


def _as_text(cell: Any, mapping: Layout) -> str | None:
    """A cell of a workbook: a number or day written as the mapping says that they are written."""
    if cell is None or cell != cell:
        return None
    if isinstance(cell, datetime.date):
        return cell.strftime(mapping.date_format)
    if isinstance(cell, float):
        return f"{cell:.6f}".rstrip("0").rstrip(".").replace(".", mapping.decimal)
    return str(cell)


def _of_parquet(flat: Flat) -> Iterator[Batch]:
    try:
        source = flat.source.path
        if source is None:
            with flat.source.open() as stream:
                source = io.BytesIO(stream.read())
        file = pq.ParquetFile(source, page_checksum_verification=True)
    except (pa.ArrowException, OSError) as error:
        raise DataError("not a Parquet file that can be read") from error
    flat.fit(file.schema_arrow.names)
    names = list(flat.names.values())
    try:
        for batch in file.iter_batches(ROWS, columns=names):
            yield {name: _column_as_text(batch.column(name), flat.layout) for name in names}
    except (pa.ArrowException, OSError) as error:
        raise DataError("a Parquet file that is damaged; ask for it again") from error


def _column_as_text(column: pa.Array, mapping: Layout) -> pa.Array:
    if pa.types.is_date(column.type) or pa.types.is_timestamp(column.type):
        return pc.strftime(column.cast(pa.timestamp("s")), format=mapping.date_format)
    if pa.types.is_floating(column.type):
        return pa.array([_as_text(cell, mapping) for cell in column.to_pylist()], pa.string())
    if pa.types.is_decimal(column.type):
        return pc.replace_substring(column.cast(pa.string()), ".", mapping.decimal)
    return column.cast(pa.string())


_OPENERS: dict[str, Callable[[Flat], Iterator[Batch]]] = {
    "csv": _of_csv,
    "xlsx": _of_xlsx,
    "parquet": _of_parquet,
}
