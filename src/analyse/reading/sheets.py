"""Tables as CSV files and workbooks hold them: cells with the row and the letter that a spreadsheet shows.

Empty rows and columns around a table are skipped, and so is a title above it. What cannot be read as it is, is refused
with the name of the cell: an error, a formula without a value, merged or hidden cells, a name that occurs twice.
"""

from __future__ import annotations

import datetime
import io
import re
import zipfile
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pandas as pd

from analyse.errors import DataError, shortened
from analyse.reading import numbers
from analyse.reading import text as texts
from analyse.reading.numbers import DUTCH, Notation

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

MOST_ROWS = 2_000_000
MOST_BYTES = 50_000_000
"""A workbook unfolds to no more, some 200,000 rows: a larger table is read as CSV."""
MOST_CELLS = 4_000_000
"""A sheet stretches over no more, from its first cell to its last, filled or not."""
TITLE_ROWS = 20
"""The names of the columns are within this many rows."""
ERRORS = re.compile(
    r"#(N/A|N/B|REF!|VERW!|VALUE!|WAARDE!|DIV/0!|DEEL/0!|NAME\?|NAAM\?|NUM!|GETAL!|NULL!|LEEG!|SPILL!|#{2,})"
)
"""What a spreadsheet shows in place of a value, in English and Dutch."""


@dataclass(frozen=True)
class Sheet:
    """A table as a file holds it.

    Attributes
    ----------
    where : str
        The file, and the sheet where a workbook has more than one.
    frame : DataFrame
        Cells as text, numbers, dates or None; the index is the row that a spreadsheet shows.
    letters : dict
        The letter of each column.
    layout : Notation or None
        Decimal commas where semicolons divide the columns, for columns of numbers that do not tell.
    header : int
        The row with the names of the columns.
    """

    where: str
    frame: pd.DataFrame
    letters: dict[str, str] = field(default_factory=dict)
    layout: Notation | None = None
    header: int = 1

    def cell(self, row: int, column: str) -> str:
        """A cell as a person finds it: ``row 5, column amount_eur (D5)``."""
        letter = self.letters.get(column)
        return f"row {row}, column {column}" + (f" ({letter}{row})" if letter else "")

    def numbers(self, name: str, *, most_decimals: int | None = None) -> pd.Series:
        """The numbers of a column, NaN where unknown; see ``numbers.column``.

        Raises
        ------
        DataError
            If a cell is no number, or can be read in two ways; it is named as a person finds it.
        """
        cells = self.frame[name]
        try:
            read = numbers.column(cells, otherwise=self.layout, most_decimals=most_decimals)
        except numbers.Unreadable as error:
            row = int(cells.index[error.position])
            raise DataError(f"{self.where}: {self.cell(row, name)}: {error}") from error
        return pd.Series(read, index=cells.index)

    def texts(self) -> pd.DataFrame:
        """The cells as text: whole numbers without decimals, days as 2024-05-31; empty ones missing."""
        return self.frame.map(as_text).astype("str") if len(self.frame.columns) else self.frame


def as_text(cell: Any) -> str | None:
    """A cell as text, None when it is empty.

    Examples
    --------
    >>> as_text(503.0), as_text(datetime.datetime(2024, 5, 31)), as_text(None)
    ('503', '2024-05-31', None)
    """
    if cell is None or isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return str(cell)
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 2**53 else repr(cell)
    if isinstance(cell, datetime.datetime) and cell.time() == datetime.time():
        return cell.date().isoformat()
    return str(cell)


def of_csv(content: bytes, where: str, *, wanted: Collection[str] = ()) -> Sheet:
    """The table of a text file with separators.

    Parameters
    ----------
    content : bytes
        Of the whole file.
    where : str
        The file, named in errors.
    wanted : collection of str, optional
        Names of columns that tell in which row the names stand.

    Raises
    ------
    DataError
        If it is not such a table, or a cell cannot be read as it is.
    """
    separator, numbered = texts.rows(texts.decoded(content, where), where)
    grid = []
    for number, cells in numbered:
        if number > MOST_ROWS:
            raise DataError(f"{where}: more than {MOST_ROWS:,} rows; divide the file")
        stripped = [cell.strip() or None for cell in cells]
        if any(cell is not None for cell in stripped):
            grid.append((number, stripped))
    return _sheet(grid, where, wanted=wanted, layout=DUTCH if separator == ";" else None)


def of_workbook(content: bytes, where: str, *, wanted: Collection[str] = ()) -> Sheet:
    """The table of an XLSX workbook: of its one visible sheet, or the one that has the wanted columns.

    Parameters
    ----------
    content, where
        As for ``of_csv``.
    wanted : collection of str, optional
        Names of columns that tell which sheet, and in which row the names stand.

    Raises
    ------
    DataError
        If it is no workbook, too large, has several sheets that fit or none, or a cell cannot be taken as it stands.
    """
    _check_unfolding(content, where)
    try:
        from openpyxl import load_workbook

        book = load_workbook(io.BytesIO(content), data_only=True)
        formulas = load_workbook(io.BytesIO(content)) if _has_formulas(content) else None
    except Exception as error:  # the library has no error of its own for what is damaged
        raise DataError(f"{where}: cannot be read as xlsx; save it again in the spreadsheet") from error
    sheet = _chosen(book.worksheets, where, wanted)
    place = where if len(book.worksheets) == 1 else f"{where}, sheet {sheet.title}"
    grid = [
        (number, [_stripped(cell) for cell in cells])
        for number, cells in enumerate(sheet.iter_rows(values_only=True), 1)
        if any(_stripped(cell) is not None for cell in cells)
    ]
    header = _header(grid, wanted)
    _check_cells(sheet, formulas[sheet.title] if formulas else None, grid[header][0] if grid else 0, place)
    return _sheet(grid, place, wanted=wanted)


def letter(position: int) -> str:
    """The letter of a column, from 0.

    Examples
    --------
    >>> letter(0), letter(26)
    ('A', 'AA')
    """
    name = ""
    position += 1
    while position:
        position, rest = divmod(position - 1, 26)
        name = chr(ord("A") + rest) + name
    return name


def _sheet(
    grid: Sequence[tuple[int, list[Any]]],
    where: str,
    *,
    wanted: Collection[str] = (),
    layout: Notation | None = None,
) -> Sheet:
    """The table of the rows that are not empty."""
    if not grid:
        raise DataError(f"{where}: no rows; put the names of the columns in row 1 and the figures below it")
    header = _header(grid, wanted)
    row, cells = grid[header]
    named = {place: _name(cell) for place, cell in enumerate(cells) if cell is not None}
    _check_names(named, where)
    body = grid[header + 1 :]
    for number, line in body:
        for place, cell in enumerate(line):
            if cell is not None and place not in named:
                raise DataError(
                    f"{where}: column {letter(place)} has no name in row {row}, and {letter(place)}{number} holds "
                    f"{shortened(str(cell))!r}; name the column or empty it"
                )
            if isinstance(cell, str) and ERRORS.fullmatch(cell):
                raise DataError(
                    f"{where}: cell {letter(place)}{number} (row {number}) holds the error {cell}; mend it, or leave "
                    "the row out"
                )
    columns = {
        name: pd.Series([line[place] if place < len(line) else None for _, line in body], dtype=object)
        for place, name in named.items()
    }
    frame = pd.DataFrame(columns)
    frame.index = pd.Index([number for number, _ in body], dtype=int)
    letters = {name: letter(place) for place, name in named.items()}
    return Sheet(where, frame, letters, layout, row)


def _header(grid: Sequence[tuple[int, list[Any]]], wanted: Collection[str]) -> int:
    """Which of the filled rows holds the names: the one with most of the wanted names, or the first after a title."""
    first = grid[:TITLE_ROWS]
    if wanted and first:
        hits = [sum(_name(cell) in wanted for cell in cells if cell is not None) for _, cells in first]
        if max(hits) >= min(2, len(wanted)):
            return hits.index(max(hits))
    for place, (_, cells) in enumerate(first):
        if sum(cell is not None for cell in cells) > 1:
            return place
    return 0


def _name(cell: Any) -> str:
    return " ".join(str(as_text(cell)).split())


def _check_names(named: dict[int, str], where: str) -> None:
    seen: dict[str, int] = {}
    for place, name in named.items():
        if name in seen:
            raise DataError(
                f"{where}: two columns are named {name!r} (columns {letter(seen[name])} and {letter(place)}); "
                "rename or drop one"
            )
        seen[name] = place


def _stripped(cell: Any) -> Any:
    return (texts.normal(cell).strip() or None) if isinstance(cell, str) else cell


def _check_unfolding(content: bytes, where: str) -> None:
    """Refuse a workbook that unfolds too far, or whose parts declare a document type."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
            if any(part.flag_bits & 1 for part in parts):
                raise DataError(f"{where}: is locked with a password; save it without one")
            size = sum(part.file_size for part in parts)
            if size > MOST_BYTES:
                raise DataError(
                    f"{where}: unfolds to {size:,} bytes, at most {MOST_BYTES:,}; keep the rows that are meant, or "
                    "save it as CSV"
                )
            for part in parts:
                if part.filename.endswith((".xml", ".rels")) and b"<!DOCTYPE" in archive.read(part)[:4096]:
                    raise DataError(f"{where}: {part.filename} declares a document type; it is not read")
    except (
        zipfile.BadZipFile,
        OSError,
        NotImplementedError,
        EOFError,
        RuntimeError,
        zipfile.zlib.error,
    ) as error:
        raise DataError(
            f"{where}: is no XLSX workbook, or damaged; save it again in the spreadsheet"
        ) from error


def _has_formulas(content: bytes) -> bool:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return any(
            re.search(rb"<(\w+:)?f[ >/]", archive.read(name))
            for name in archive.namelist()
            if name.startswith("xl/worksheets/")
        )


def _chosen(sheets: Sequence[Worksheet], where: str, wanted: Collection[str]) -> Worksheet:
    """The one sheet that is meant; hidden ones never are."""
    for sheet in sheets:
        if sheet.max_row * sheet.max_column > MOST_CELLS:
            last = f"{letter(sheet.max_column - 1)}{sheet.max_row}"
            raise DataError(
                f"{where}: sheet {sheet.title} stretches to {last}; delete what is there, or save as CSV"
            )
    filled = [sheet for sheet in sheets if any(_stripped(cell) is not None for cell in _cells(sheet))]
    visible = [sheet for sheet in filled if sheet.sheet_state == "visible"]
    if not visible:
        hidden = f"; the sheet {filled[0].title} is hidden, show it" if filled else ""
        raise DataError(f"{where}: no visible sheet with rows{hidden}")
    if len(visible) == 1:
        return visible[0]
    fitting = [sheet for sheet in visible if wanted and _has_names(sheet, wanted)] or visible
    if len(fitting) > 1:
        names = ", ".join(sheet.title for sheet in fitting)
        raise DataError(f"{where}: more than one sheet may be meant: {names}; keep the one that is")
    return fitting[0]


def _cells(sheet: Worksheet) -> Iterable[Any]:
    return (cell for cells in sheet.iter_rows(values_only=True) for cell in cells)


def _has_names(sheet: Worksheet, wanted: Collection[str]) -> bool:
    return any(
        sum(_name(cell) in wanted for cell in cells if cell is not None) >= min(2, len(wanted))
        for cells in sheet.iter_rows(max_row=TITLE_ROWS, values_only=True)
    )


def _check_cells(sheet: Worksheet, formulas: Worksheet | None, header: int, where: str) -> None:
    """Refuse what hides or lacks a value, from the row of names on."""
    for merged in sheet.merged_cells.ranges:
        if merged.max_row >= header:
            raise DataError(
                f"{where}: cells {merged.coord} are merged, so that only the first has a value; unmerge them and "
                "fill in each"
            )
    for hidden, cells in _hidden(sheet, header):
        if any(cell.value is not None for cell in cells):
            raise DataError(f"{where}: {hidden} is hidden; show it if it counts, or delete it")
    for cells in formulas.iter_rows(min_row=header) if formulas else ():
        for cell in cells:
            if cell.data_type == "f" and sheet[cell.coordinate].value is None:
                raise DataError(
                    f"{where}: cell {cell.coordinate} holds a formula without a value; open the file in the "
                    "spreadsheet and save it, so that it is calculated"
                )


def _hidden(sheet: Worksheet, header: int) -> Iterator[tuple[str, Iterable[Any]]]:
    """The hidden rows from the row with the names on, and the hidden columns, with their cells."""
    for row, dimension in list(sheet.row_dimensions.items()):
        if dimension.hidden and header <= row <= sheet.max_row:
            yield f"row {row}", sheet[row]
    for dimension in list(sheet.column_dimensions.values()):
        if dimension.hidden:
            for column in range(dimension.min, min(dimension.max, sheet.max_column) + 1):
                yield f"column {letter(column - 1)}", sheet[letter(column - 1)]
