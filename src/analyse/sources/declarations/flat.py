"""Flat files: CSV, XLSX and Parquet, in the columns of whoever made them, through a mapping to ours."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Callable, Iterator, Mapping
from typing import Any, BinaryIO

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv
import pyarrow.parquet as pq

from analyse.errors import DataError
from analyse.sources.declarations import archives, records
from analyse.sources.declarations.archives import Source
from analyse.sources.declarations.demo import LABEL
from analyse.sources.declarations.layouts import NEEDED, Layout
from analyse.sources.declarations.pseudonyms import Pseudonyms

BLOCK = 4 * 2**20
ROWS = 50_000
CP1252 = "cp1252"
NO_WORKBOOK = "not a workbook that can be read; save it again as .xlsx"

Batch = dict[str, pa.Array]


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
        self.simulated = False

    def read(self, pseudonyms: Pseudonyms) -> Iterator[pa.Table]:
        """The lines, part by part, with the schema ``records.RAW``.

        Raises
        ------
        DataError
            If no mapping fits its columns, or a row has another number of them. A cell is never part of the error.
        """
        self.layout, batches = _OPENERS[self.source.kind](self)
        for batch in batches:
            columns = {ours: batch[theirs] for ours, theirs in self.layout.columns.items() if theirs in batch}
            label = columns.pop("label", None)
            if label is not None and pc.any(pc.equal(label, LABEL)).as_py():
                self.simulated = True
            numbers = columns.pop("bsn")
            self.control_cents += _total(columns["amount"], columns.get("debit_credit"), self.layout)
            yield records.guarded(columns, numbers, pseudonyms, first=self.lines + 1)
            self.lines += len(numbers)

    def fitting(self, header: list[str]) -> Layout:
        """The mapping of which the most columns are in the header, and all that are needed."""
        fits = [
            (sum(one in header for one in mapping.columns.values()), mapping)
            for mapping in self.known.values()
            if all(mapping.columns[name] in header for name in NEEDED)
        ]
        if not fits:
            raise DataError(
                f"no mapping of {', '.join(self.known)} fits its columns; copy parameters/declarations/voorbeeld.yaml, "
                "name its columns there, and give it with --mapping"
            )
        return max(fits, key=lambda one: one[0])[1]

    def kind_of(self, mapping: Layout) -> dict[str, pa.DataType]:
        """Types in which the columns of the file are read: texts, as a dictionary where they come back often."""
        few = ("bsn", "label", *records.FEW)
        return {
            theirs: records.CODED if ours in few else pa.string() for ours, theirs in mapping.columns.items()
        }


def _of_csv(flat: Flat) -> tuple[Layout, Iterator[Batch]]:
    encoding, header, separator = _first_line(flat)
    mapping = flat.fitting(header)
    separator = separator if mapping.separator == "auto" else mapping.separator
    if mapping.encoding != "auto":
        encoding = CP1252 if mapping.encoding == "windows-1252" else "utf-8"
    return mapping, _csv_batches(flat, mapping, separator, encoding)


def _first_line(flat: Flat) -> tuple[str, list[str], str]:
    """Encoding, column names and separator, from the file itself."""
    with flat.source.open() as stream:
        start = stream.read(2**20)
        encoding, decoder = "utf-8", codecs.getincrementaldecoder("utf-8")()
        try:
            decoder.decode(start)
            while part := stream.read(2**20):
                if not part.isascii():
                    decoder.decode(part)
                else:
                    decoder.reset()
        except UnicodeDecodeError:
            encoding = CP1252
    text = start.decode("utf-8-sig" if encoding == "utf-8" else CP1252, errors="replace")
    line = text.splitlines()[0] if text.strip() else ""
    separator = max(";,\t", key=line.count)
    return encoding, next(csv.reader([line], delimiter=separator), []), separator


def _csv_batches(flat: Flat, mapping: Layout, separator: str, encoding: str) -> Iterator[Batch]:
    wrong: list[int] = []

    def refuse(row: Any) -> str:
        wrong.append(row.expected_columns)
        return "error"

    stream = flat.source.open()
    _skip_bom(stream)
    try:
        reader = pacsv.open_csv(
            pa.PythonFile(stream, mode="r") if flat.source.path is None else stream,
            read_options=pacsv.ReadOptions(block_size=BLOCK, encoding=encoding),
            parse_options=pacsv.ParseOptions(delimiter=separator, invalid_row_handler=refuse),
            convert_options=pacsv.ConvertOptions(
                column_types=flat.kind_of(mapping),
                include_columns=list(mapping.columns.values()),
                include_missing_columns=True,
                strings_can_be_null=True,
                null_values=[""],
                quoted_strings_can_be_null=True,
            ),
        )
        for batch in reader:
            yield {name: batch.column(name) for name in batch.schema.names}
    except pa.ArrowInvalid:
        where = (
            f"a row has another number of columns than the {wrong[0]} of the first line"
            if wrong
            else "not a CSV"
        )
        raise DataError(f"{where}; nothing of it is taken, mend the file") from None
    finally:
        stream.close()


def _skip_bom(stream: BinaryIO) -> None:
    if stream.seekable() and stream.read(3) != codecs.BOM_UTF8:
        stream.seek(0)


def _of_xlsx(flat: Flat) -> tuple[Layout, Iterator[Batch]]:
    from openpyxl import load_workbook

    content = io.BytesIO()
    with flat.source.open() as stream:
        content.write(stream.read())
    archives.check_workbook(content)
    try:
        sheet = load_workbook(content, read_only=True, data_only=True).worksheets[0]
        rows = sheet.iter_rows(values_only=True)
        header = [str(one) if one is not None else "" for one in next(rows, ())]
    except Exception:  # the library has no error of its own for what is damaged
        raise DataError(NO_WORKBOOK) from None
    mapping = flat.fitting(header)
    return mapping, _row_batches(rows, header, mapping)


def _row_batches(rows: Iterator[tuple[Any, ...]], header: list[str], mapping: Layout) -> Iterator[Batch]:
    gathered: list[list[str | None]] = []
    try:
        for row in rows:
            if any(one is not None for one in row):
                gathered.append([_as_text(one, mapping) for one in row])
            if len(gathered) >= ROWS:
                yield _columns(gathered, header)
                gathered = []
        if gathered:
            yield _columns(gathered, header)
    except Exception:
        raise DataError(NO_WORKBOOK) from None


def _columns(rows: list[list[str | None]], header: list[str]) -> Batch:
    return {
        name: pa.array(column, pa.string())
        for name, column in zip(header, zip(*rows, strict=True), strict=True)
    }


def _as_text(value: Any, mapping: Layout) -> str | None:
    """A cell of a workbook, written as the mapping says that amounts and dates are written."""
    if value is None or isinstance(value, str):
        return value
    if hasattr(value, "strftime"):
        return value.strftime(mapping.date_format)
    if isinstance(value, float):
        return f"{value:.10g}".replace(".", mapping.decimal)
    return str(value)


def _of_parquet(flat: Flat) -> tuple[Layout, Iterator[Batch]]:
    try:
        source = flat.source.path
        if source is None:
            with flat.source.open() as stream:
                source = io.BytesIO(stream.read())
        file = pq.ParquetFile(source)
    except (pa.ArrowException, OSError) as error:
        raise DataError("not a Parquet file that can be read") from error
    mapping = flat.fitting(file.schema_arrow.names)
    return mapping, _parquet_batches(file, mapping)


def _parquet_batches(file: pq.ParquetFile, mapping: Layout) -> Iterator[Batch]:
    names = [one for one in mapping.columns.values() if one in file.schema_arrow.names]
    for batch in file.iter_batches(ROWS, columns=names):
        yield {name: _column_as_text(batch.column(name), mapping) for name in names}


def _column_as_text(column: pa.Array, mapping: Layout) -> pa.Array:
    if pa.types.is_date(column.type) or pa.types.is_timestamp(column.type):
        return pc.strftime(column.cast(pa.timestamp("s")), format=mapping.date_format)
    if pa.types.is_floating(column.type) or pa.types.is_decimal(column.type):
        return pc.replace_substring(column.cast(pa.string()), ".", mapping.decimal)
    return column.cast(pa.string())


_OPENERS: dict[str, Callable[[Flat], tuple[Layout, Iterator[Batch]]]] = {
    "csv": _of_csv,
    "xlsx": _of_xlsx,
    "parquet": _of_parquet,
}


def _total(amounts: pa.Array, signs: pa.Array | None, mapping: Layout) -> int:
    """Total in eurocents of the amounts that are numbers; a credit counts as negative."""
    text = amounts.cast(pa.string())
    if mapping.thousands:
        text = pc.replace_substring(text, mapping.thousands, "")
    value = _whole_cents(text, mapping)
    value = _exact_cents(text, mapping) if value is None else value
    total = pc.sum(value).as_py() or 0
    if signs is not None:
        credit = value.filter(pc.fill_null(pc.equal(signs.cast(pa.string()), "C"), False))
        total -= (pc.sum(credit).as_py() or 0) + (pc.sum(pc.abs(credit)).as_py() or 0)
    return int(total)


def _whole_cents(text: pa.Array, mapping: Layout) -> pa.Array | None:
    """Eurocents, where every amount is a plain number with as many decimals as there are cents: nearly always."""
    if mapping.amount_unit == "euro":
        places = pc.equal(pc.find_substring(text, mapping.decimal), pc.subtract(pc.binary_length(text), 3))
        if not pc.all(places, min_count=0).as_py():
            return None
        text = pc.replace_substring(text, mapping.decimal, "", max_replacements=1)
    try:
        return (
            None if pc.any(pc.match_substring(text, "x", ignore_case=True)).as_py() else text.cast(pa.int64())
        )
    except pa.ArrowInvalid:
        return None


def _exact_cents(text: pa.Array, mapping: Layout) -> pa.Array:
    """Eurocents of what is a number, with parts of a cent; nothing for another text."""
    text = pc.utf8_trim_whitespace(pc.replace_substring(text, mapping.decimal, "."))
    known = pc.fill_null(pc.match_substring_regex(text, r"^-?\d{1,12}(\.\d{1,4})?$"), False)
    value = pc.cast(pc.if_else(known, text, None), pa.decimal128(18, 4))
    return pc.multiply(value, pa.scalar(100 if mapping.amount_unit == "euro" else 1, pa.decimal128(3, 0)))
