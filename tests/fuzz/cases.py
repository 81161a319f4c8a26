"""Files as people and machines spoil them, for every door; each case is made of its number alone.

A case starts from a file that is right, changes it in one or two ways, and says what to run. Where a
change leaves a file that cannot be right, the case says so: taking it in without a word is then wrong.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import random
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq

NARROW = "\u202f"
STRANGE = (
    *(
        "#N/A",
        "#VERW!",
        "########",
        "=1+1",
        "",
        " ",
        ".",
        "-",
        "NaN",
        "None",
        "null",
        "inf",
        "-inf",
        "1e400",
        "1e30",
        "1e5",
    ),
    *(
        "1.012",
        "1,012",
        "1.01.2",
        "1,2,3",
        "1 000",
        f"1{NARROW}000",
        "€ 5",
        "5-",
        "--5",
        "(5)",
        "5%",
        "0x10",
        "١٢",
        "1_000",
    ),
    *(
        "-99998",
        "9" * 30,
        "twaalf",
        "TRUE",
        "2024-01-01",
        "12:00",
        "\u0000",
        "\U0001f600",
        "x" * 40_000,
        "\r\n",
        '"',
        "'5",
    ),
    *("00012", "1.000.000.000", "0,5", ".5", "5.", "1.0E+06", "1,25E+06"),
)
YEARS = (
    "2024JJ00",
    "24",
    "2024.0",
    "",
    "Totaal",
    "31-12-2024",
    "2024-01-01",
    "9999",
    "0",
    "2024H1",
    "2024-05",
    "'2024",
    "20 24",
)
PLACES = (
    "503",
    "0503",
    "gm0503",
    "GM0503   ",
    "00000503",
    "Delft",
    "'s-Gravenhage (gemeente)",
    "Gemeente Delft",
    "GM9999",
    "GM0501",
    "Brielle",
    "Delf",
    "",
    "GM50300",
    "503.0",
    "Den Haag",
    "NULL",
)


@dataclass
class Case:
    """One input and what to run.

    ``arguments`` are those of the command, or ``call`` is done instead; ``files`` stand in the working folder,
    ``edits`` below the home. ``impossible`` says why this must be refused; ``judge`` compares what was taken in.
    """

    name: str
    arguments: list[str] = field(default_factory=list)
    files: dict[str, bytes] = field(default_factory=dict)
    edits: dict[str, bytes] = field(default_factory=dict)
    impossible: str = ""
    judge: Callable[[Path, Path], str] | None = None
    call: Callable[[Path], None] | None = None


def table_file(rng: random.Random, rows: list[list[Any]]) -> tuple[bytes, str, str]:
    """A table in a random form: its bytes, its extension, and how it was made."""
    if rng.random() < 0.3:
        book = openpyxl.Workbook()
        for row in rows:
            book.active.append([_cell(value) for value in row])
        note = _spoil_book(rng, book) if rng.random() < 0.3 else ""
        stream = io.BytesIO()
        book.save(stream)
        return stream.getvalue(), ".xlsx", f"xlsx {note}"
    if rng.random() < 0.1:
        return _parquet(rows), ".parquet", "parquet"
    separator = rng.choice(";;;,,\t")
    lines = [separator.join(_quoted(value, separator) for value in row) for row in rows]
    note = ""
    if rng.random() < 0.3:
        note = _spoil_lines(rng, lines, separator)
    end = rng.choice(["\n", "\r\n"])
    encoding = rng.choice(["utf-8", "utf-8", "utf-8-sig", "cp1252", "utf-16"])
    content = (end.join(lines) + end).encode(encoding, errors="replace")
    return content, ".csv", f"csv {separator!r} {encoding} {note}"


def _parquet(rows: list[list[Any]]) -> bytes:
    """The same table with columns of whole numbers where all are, and of text where not."""
    columns = []
    for cells in zip(*rows[1:], strict=True):
        whole = all(isinstance(cell, int) for cell in cells)
        columns.append(pa.array(cells if whole else [_text(cell) for cell in cells]))
    stream = io.BytesIO()
    pq.write_table(pa.Table.from_arrays(columns, [str(name) for name in rows[0]]), stream)
    return stream.getvalue()


def _text(value: Any) -> str | None:
    return None if value is None else str(value)


def _cell(value: Any) -> Any:
    return "".join(sign for sign in value if sign >= " ") if isinstance(value, str) else value


def _quoted(value: Any, separator: str) -> str:
    text = "" if value is None else str(value)
    return (
        '"' + text.replace('"', '""') + '"'
        if any(sign in text for sign in (separator, '"', "\n", "\r"))
        else text
    )


def _spoil_lines(rng: random.Random, lines: list[str], separator: str) -> str:
    way = rng.randrange(8)
    if way == 0:
        lines.insert(0, f"sep={separator}")
    elif way == 1:
        lines.insert(rng.randrange(len(lines)), "")
    elif way == 2:
        lines[:] = [line + separator * 2 for line in lines]
    elif way == 3:
        lines.append(separator * lines[0].count(separator))
    elif way == 4:
        lines[:0] = ["Opgave van de gemeente", ""]
    elif way == 5:
        lines[-1] = lines[-1] + separator + "opmerking"
    elif way == 6:
        lines[0] = separator.join(f"{name} " for name in lines[0].split(separator))
    else:
        lines.append(lines[-1])
    return f"lines {way}"


def _spoil_book(rng: random.Random, book: openpyxl.Workbook) -> str:
    sheet, way = book.active, rng.randrange(8)
    if way == 0:
        sheet.row_dimensions[2].hidden = True
    elif way == 1:
        sheet.column_dimensions["B"].hidden = True
    elif way == 2:
        sheet.merge_cells("A2:A3")
    elif way == 3:
        book.create_sheet("tweede").append([cell.value for cell in sheet[1]])
    elif way == 4:
        sheet.insert_rows(1, 2)
        sheet["A1"] = "Opgave"
    elif way == 5:
        sheet.cell(2, sheet.max_column).value = "=1+1"
    elif way == 6:
        sheet["XFD1048576"] = 1
    else:
        book.create_sheet("leeg")
    return f"book {way}"


def spoil_bytes(rng: random.Random, content: bytes) -> tuple[bytes, str]:
    """Cut off, flip, insert or double a piece; mostly nothing."""
    way = rng.randrange(20)
    place = rng.randrange(max(len(content), 1))
    if way == 0:
        return content[:place], "cut off"
    if way == 1:
        return content[:place] + bytes([rng.randrange(256)]) + content[place + 1 :], "a byte changed"
    if way == 2:
        return content[:place] + b"\x00" + content[place:], "a zero byte"
    if way == 3:
        return content[:place] + content[place : place + 50] * 3 + content[
            place + 50 :
        ], "a piece three times"
    return content, ""


def written(rng: random.Random, value: float, style: str) -> str:
    """A figure in one of the ways people write it."""
    whole = f"{abs(value):,.0f}"
    text = {
        "plain": whole.replace(",", ""),
        "dots": whole.replace(",", "."),
        "spaces": whole.replace(",", rng.choice([" ", "\u00a0", NARROW])),
        "cents": whole.replace(",", "") + ",00",
        "dots and cents": whole.replace(",", ".") + ",00",
        "euro": "€ " + whole.replace(",", "."),
        "english": whole,
        "float": whole.replace(",", "") + ".0",
    }[style]
    return "-" + text if value < 0 else text


STYLES = ("plain", "dots", "spaces", "cents", "dots and cents", "euro", "english", "float")


def rows_with_figures(
    rng: random.Random, head: list[str], rows: list[list[Any]]
) -> tuple[list[list[Any]], str]:
    """The rows with their last figure written out, and one or two cells changed."""
    style = rng.choice(STYLES) if rng.random() < 0.7 else "numbers"
    made = [head] + [
        [*row[:-1], row[-1] if style == "numbers" else written(rng, row[-1], style)] for row in rows
    ]
    notes = [style]
    for _ in range(rng.choice([0, 0, 0, 1, 1, 2])):
        row, column = rng.randrange(1, len(made)), rng.randrange(len(head))
        choices = {0: PLACES, 1: YEARS}.get(column, STRANGE) if rng.random() < 0.8 else STRANGE
        made[row][column] = rng.choice(choices)
        notes.append(f"row {row + 1} column {column}: {str(made[row][column])[:20]!r}")
    if rng.random() < 0.08:
        column = rng.randrange(len(head))
        made[0][column] = rng.choice([made[0][0], "", "onbekend", made[0][column].upper()])
        notes.append(f"name of column {column}: {made[0][column]!r}")
    if rng.random() < 0.08:
        for row in made:
            row.append(row[-1])
        notes.append("last column twice")
    return made, ", ".join(notes)


def reworked_package(home: Path, table: str, content: bytes, rows: int) -> dict[str, bytes]:
    """A changed table of data/open with its checksum and number of rows in the package."""
    path = home / "data/open/datapackage.json"
    package = json.loads(path.read_text("utf-8"))
    for resource in package["resources"]:
        if resource["name"] == table:
            resource |= {
                "hash": f"sha256:{hashlib.sha256(content).hexdigest()}",
                "bytes": len(content),
                "rows": rows,
            }
    return {f"data/open/{table}.csv": content, "data/open/datapackage.json": json.dumps(package).encode()}


def spoilt_yaml(rng: random.Random, text: str) -> tuple[str, str, str]:
    """A YAML file with a line changed: the text, what was done, and why it cannot be right (or nothing)."""
    lines = text.splitlines()
    keyed = [
        number
        for number, line in enumerate(lines)
        if ":" in line and not line.lstrip().startswith(("#", "- "))
    ]
    number, way = rng.choice(keyed or range(len(lines))), rng.randrange(9) if keyed else 8
    line, impossible = lines[number], ""
    name = line.split(":")[0]
    if way == 0:
        end = number + 1
        while end < len(lines) and (not lines[end].strip() or _indent(lines[end]) > _indent(line)):
            end += 1
        lines[number:number] = lines[number:end]
        impossible = f"{name.strip()} is there twice"
    elif way == 1:
        lines[number] = f"{name}x:{line.split(':', 1)[1]}"
    elif way == 2:
        lines[number] = f"{name}: {rng.choice(STRANGE)}"
    elif way == 3:
        del lines[number]
    elif way == 4:
        lines[number] = " " + line
    elif way == 5:
        lines[number] = (
            f"{name}: {rng.choice(['-1', '1e400', '.inf', '.nan', '0503', '2024-13-45', 'yes', '~', '[]', '{}'])}"
        )
    elif way == 6:
        lines.append("[" * rng.choice([10, 1_000, 100_000]))
    elif way == 7:
        lines.insert(number, "&a [*a]" if rng.random() < 0.5 else "\t- x")
    else:
        content, note = spoil_bytes(rng, "\n".join(lines).encode())
        return content.decode("latin-1"), note, ""
    return "\n".join(lines) + "\n", f"line {number + 1} way {way}", impossible


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


def packed(rng: random.Random, name: str, content: bytes) -> tuple[str, bytes]:
    """A file as it is, in gzip, or in zip."""
    way = rng.randrange(4)
    if way == 0:
        return f"{name}.gz", gzip.compress(content, mtime=0)
    if way == 1:
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(zipfile.ZipInfo(name, (2024, 1, 1, 0, 0, 0)), content)
        return f"{name}.zip", stream.getvalue()
    return name, content
