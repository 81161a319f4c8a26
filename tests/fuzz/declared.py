"""The doors of declarations and product codes: every figure that is stored against a plain reading."""

from __future__ import annotations

import csv
import io
import random
import re
import zipfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import duckdb
import pandas as pd
import yaml

from analyse import store
from analyse.sources.declarations import codes

HEAD = ["BSN", "Gemeentecode", "AGB-code", "Referentienummer", "Productcategorie", "Productcode", "Begindatum",
        "Einddatum", "Volume", "Eenheid", "Tarief", "Debet/credit", "Declaratiedatum", "Bedrag"]  # fmt: skip
BSN = ("999900006", "999900018", "999900031")
PLACES = ("503", "0503", "GM0503", "gm0518  ", "1992", "501", "Den Haag", "Brielle")
"""Municipalities in their coats; Brielle (501) is part of Voorne aan Zee (1992)."""
SIGNS = {"d": "D", "debet": "D", "debit": "D", "c": "C", "credit": "C"}
STORED = (
    "reference, municipality_code, provider, unit, volume, amount_cents, debit_credit, period_start, status"
)


def flat_lines(rng: random.Random, home: Path, cases: Any, independent: Any) -> Any:
    """A flat file of good lines, with a cell or two changed, in the notation of the example or of a mapping."""
    english = rng.random() < 0.3
    rows = []
    for number in range(rng.randrange(3, 9)):
        month = rng.randrange(1, 13)
        volume, tariff = rng.choice(["1", "4", "31", "2.5" if english else "2,5"]), rng.randrange(50, 400_000)
        rows.append(
            [rng.choice(BSN), rng.choice(PLACES), rng.choice(["65656055", "1020304"]), f"R{number}", "45",
             "45A03", f"01-{month:02d}-2024", f"28-{month:02d}-2024", volume, rng.choice(["04", "4"]),
             str(tariff), rng.choice(["D", "D", "d", "Debet", "C"]), f"05-{month:02d}-2024", rng.randrange(10, 900_000)]
        )  # fmt: skip
    made, note = _changed(
        rng, rows, cases, style=rng.choice(["english", "float", "plain"]) if english else None
    )
    content, extension, form = cases.table_file(rng, made)
    content, bytes_note = cases.spoil_bytes(rng, content)
    files = {f"own{extension}": content}
    asked = ["declarations", "read", f"own{extension}", "--output", "store"]
    if english:
        mapping = yaml.safe_load((home / "parameters/declarations/voorbeeld.yaml").read_text("utf-8"))
        mapping |= {"decimal": ".", "thousands": ",", "separator": "auto"}
        files["own.yaml"] = yaml.safe_dump(mapping).encode()
        asked += ["--mapping", "own.yaml"]

    def judge(home: Path, work: Path) -> str:
        grid = independent.grid(content, extension)
        return _compare_lines(work / "store", grid, independent, ["en"] if english else ["nl"])

    return cases.Case(f"lines: {form}; {note}; {bytes_note}", asked, files, judge=judge)


def _changed(
    rng: random.Random, rows: list[list[Any]], cases: Any, *, style: str | None
) -> tuple[list[list[Any]], str]:
    """The rows with their amounts written out, and up to two cells changed."""
    style = style or rng.choice(["plain", "dots", "cents", "dots and cents", "euro", "spaces"])
    made = [HEAD] + [[*row[:-1], cases.written(rng, row[-1], style)] for row in rows]
    notes = [style]
    for _ in range(rng.choice([0, 1, 1, 2])):
        row, column = rng.randrange(1, len(made)), rng.choice([1, 2, 6, 8, 9, 11, 12, 13, 13, 13])
        pool = {1: cases.PLACES, 6: cases.YEARS, 12: cases.YEARS}.get(column, cases.STRANGE)
        made[row][column] = rng.choice(pool)
        notes.append(f"row {row + 1} {HEAD[column]}: {str(made[row][column])[:20]!r}")
    return made, ", ".join(notes)


def _stored(folder: Path) -> pd.DataFrame:
    """The lines of a store, straight from its files."""
    with duckdb.connect() as connection:
        return connection.execute(
            f"select {STORED} from read_parquet('{folder}/lines/**/*.parquet', hive_partitioning = true, "
            "hive_types = {'municipality': VARCHAR})"
        ).df()


def _compare_lines(folder: Path, grid: Any, independent: Any, locales: list[str]) -> str:
    if grid is None:
        return "read, and no other reader can read it"
    start = next(
        (
            place
            for place, row in enumerate(grid)
            if {"BSN", "Bedrag"} <= {independent.text(cell) for cell in row}
        ),
        None,
    )
    if start is None:
        return "read without its columns"
    names = [independent.text(cell) for cell in grid[start]]
    given = [dict(zip(names, row, strict=False)) for row in grid[start + 1 :]]
    stored = _stored(folder)
    if len(stored) != len(given):
        return f"{len(given)} rows, {len(stored)} lines in the store"
    for reference, lines in stored.groupby("reference", dropna=False):
        cells = [
            one
            for one in given
            if independent.text(one.get("Referentienummer")) == independent.text(reference)
        ]
        if len(cells) != 1 or len(lines) != 1:
            continue  # a reference that stands twice, or that was changed
        for wrong in _findings(cells[0], lines.iloc[0], independent, locales):
            return f"{reference}: {wrong}"
    return ""


def _findings(cells: dict[str, Any], line: pd.Series, independent: Any, locales: list[str]) -> Iterator[str]:
    """What is stored of a row otherwise than another reader reads it; beyond the amount only of lines that count."""
    amount = {one for one in independent.readings(cells["Bedrag"], locales) if one is not None}
    cents = line["amount_cents"]
    if pd.notna(cents) and not any(abs(abs(one * 100) - abs(cents)) < 0.5 for one in amount):
        yield f"amount {cells['Bedrag']!r} became {cents} cents, another reader makes {amount} of it"
    if line["status"] != "accepted":
        return
    if pd.isna(cents):
        yield "accepted without an amount"
    volume = {one for one in independent.readings(cells["Volume"], locales) if one is not None}
    if pd.notna(line["volume"]) and not any(abs(one - float(line["volume"])) < 0.0006 for one in volume):
        yield f"volume {cells['Volume']!r} became {line['volume']}"
    sign = independent.text(cells["Debet/credit"])
    told = {
        "Begindatum": (independent.day(cells["Begindatum"]), pd.Timestamp(line["period_start"]).date()),
        "Gemeentecode": (independent.place(cells["Gemeentecode"]), line["municipality_code"]),
        "AGB-code": (independent.text(cells["AGB-code"]).split(".")[0].zfill(8), line["provider"]),
        "Debet/credit": (SIGNS.get(sign.casefold()) if sign else line["debit_credit"], line["debit_credit"]),
    }
    for name, (meant, read) in told.items():
        if meant != read:
            yield f"{name} {cells[name]!r} became {read!r}"


def _declared(home: Path) -> dict[str, str]:
    """The simulated messages with declared lines."""
    found = {}
    for path in sorted((home / "declared").rglob("*.zip")):
        with zipfile.ZipFile(path) as archive:
            names = [name for name in archive.namelist() if name.startswith("JW323")]
            found |= {name: archive.read(name).decode() for name in names}
    return found


def message(rng: random.Random, home: Path, cases: Any, independent: Any) -> Any:
    """A simulated JW323 with a text between two tags changed: what is stored stands in it."""
    known = _declared(home)
    source = rng.choice(sorted(known))
    text = known[source]
    texts = list(
        re.finditer(r"<\w+:(Bedrag|GeleverdVolume|Begindatum|ProductTarief|Eenheid)>([^<]+)</", text)
    )
    chosen = rng.choice(texts)
    put = rng.choice([one for one in cases.STRANGE if "\0" not in one and len(one) < 100])
    put = put.replace("&", "&amp;").replace("<", "&lt;")
    content = (text[: chosen.start(2)] + put + text[chosen.end(2) :]).encode()
    name, packed = cases.packed(rng, source, content)

    def judge(home: Path, work: Path) -> str:
        lines = [one for one in ElementTree.fromstring(content).iter() if one.tag.endswith("}Prestatie")]
        texts = [
            independent.text(next(part.text for part in one.iter() if part.tag.endswith("}Bedrag")))
            for one in lines
        ]
        given = Counter(abs(int(text)) for text in texts if re.fullmatch(r"-?[0-9]+", text))
        stored = _stored(work / "store")
        if len(stored) != len(lines):
            return f"{len(lines)} lines in the message, {len(stored)} in the store"
        more = Counter(stored["amount_cents"].dropna().abs().astype(int)) - given
        return f"amounts {list(more)} stand in the store and not in the message" if more else ""

    return cases.Case(
        f"message {name}: {chosen[1]} {put[:20]!r}",
        ["declarations", "read", name, "--output", "store"],
        {name: packed},
        judge=judge,
    )


def codes_file(rng: random.Random, home: Path, cases: Any, independent: Any) -> Any:
    """The table of product codes with a cell or its bytes changed."""
    plain = (home / "parameters/product_codes.csv").read_bytes()
    rows = list(csv.reader(io.StringIO(plain.decode())))
    row, column = rng.randrange(1, len(rows)), rng.randrange(7)
    rows[row][column] = rng.choice(cases.YEARS if column in (1, 2) else cases.STRANGE)
    separator = rng.choice(",;")
    stream = io.StringIO()
    csv.writer(stream, delimiter=separator, lineterminator="\n").writerows(rows)
    content, note = cases.spoil_bytes(rng, stream.getvalue().encode("utf-8", errors="replace"))

    def call(work: Path) -> None:
        store.write_table(codes.load(), work / "out.csv")

    def judge(home: Path, work: Path) -> str:
        grid = independent.grid(content, ".csv")
        out = pd.read_csv(work / "out.csv", dtype=str, keep_default_na=False)
        if grid is None or len(grid) != len(out) + 1:
            return "another number of rows than another reader sees"
        names = [independent.text(cell) for cell in grid[0]]
        for cells, line in zip(
            (dict(zip(names, one, strict=False)) for one in grid[1:]), out.to_dict("records"), strict=True
        ):
            for name in (*codes.KEY, "care_form"):
                if independent.text(cells[name]).zfill(2 if name == "product_category" else 0) != line[
                    name
                ].removeprefix("'"):
                    return f"{name} {cells[name]!r} became {line[name]!r}"
            for name in ("from_year", "until_year"):
                if independent.text(cells[name])[:4] != line[name]:
                    return f"{name} {cells[name]!r} became {line[name]!r}"
        return ""

    return cases.Case(
        f"product_codes.csv: row {row + 1} {rows[0][column]}: {rows[row][column][:20]!r}; {note}",
        edits={"parameters/product_codes.csv": content},
        call=call,
        judge=judge,
    )


DOORS = {flat_lines: 7, message: 3, codes_file: 2}
"""The doors of this file, and how many cases in a hundred go to each."""
