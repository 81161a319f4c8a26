"""Flat files: separators, decimals, encodings and forms, all to the same lines."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pandas as pd
import pytest

from analyse import store as files
from analyse.errors import ParameterError
from analyse.sources import declarations

MAPPING = """
title: Test
separator: auto
decimal: "{decimal}"
thousands: "{thousands}"
date_format: "{date_format}"
columns: {{bsn: Burgerservicenummer, municipality: Gemeente, provider: AGB, reference: Référence,
  period_start: Van, period_end: Tot, volume: Aantal, unit: Eenheid, tariff: Tarief, amount: Bedrag, declared_on: Datum,
  product_code: Product, birth_date: Geboren}}
"""
HEADER = [
    "Burgerservicenummer", "Gemeente", "AGB", "Référence", "Van", "Tot", "Aantal", "Eenheid", "Tarief", "Bedrag",
    "Datum",    "Product", "Geboren", "Opmerking",
]  # fmt: skip
ROWS = [
    ["999900006", "503", "65656055", "R1", "01-04-2026", "30-04-2026", "2", "14", "1.250,00", "2.500,00", "05-05-2026",
     "44A08", "14-02-2010", "Vanderheijdenstein"],
    ["999900018", "0503", "65656055", "R2", "01-04-2026", "30-04-2026", "4", "04", "10,05", "40,20", "05-05-2026",
     "45A03", "02-04-2012", "niets"],
    ["999900018", "GM0503", "65656055", "R3", "01-04-2026", "30-04-2026", "1", "04", "10,05", "geen", "05-05-2026",
     "45A03", "", "niets"],
]  # fmt: skip
EXPECTED = [
    ("R1", 250000, "gezinshuis", "accepted", 16),
    ("R2", 4020, "ambulant", "accepted", 13),
    ("R3", None, "ambulant", "quarantined", None),
]


def mapping(folder: Path, decimal: str = ",", thousands: str = ".", date_format: str = "%d-%m-%Y") -> Path:
    text = MAPPING.format(decimal=decimal, thousands=thousands, date_format=date_format)
    return files.write_text(folder / "mapping.yaml", text)


def lines(path: Path, chosen: Path, output: Path) -> list[tuple]:
    found = declarations.read([path], output, mapping=chosen)
    assert found.files["status"].to_list() == ["read"], found.files["reason"].to_list()
    unread = sum("geen" in row for row in ROWS) if len(found.quarantine) else 0
    assert found.reconciliation[["unread_lines", "balanced"]].to_numpy().tolist() == [[unread, not unread]]
    with declarations.open(output) as connection:
        query = "select reference, amount_cents, care_form, status, age from lines order by reference"
        return connection.execute(query).fetchall()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
@pytest.mark.parametrize("separator", [";", "\t"])
def test_csv_in_every_dress(tmp_path: Path, encoding: str, separator: str):
    text = "\n".join(separator.join(row) for row in [HEADER, *ROWS]) + "\n"
    files.write_bytes(tmp_path / "a.csv", text.encode(encoding))

    assert lines(tmp_path / "a.csv", mapping(tmp_path), tmp_path / "store") == EXPECTED


def test_csv_with_commas_points_and_iso_dates_in_a_zip(tmp_path: Path):
    def plain(cell: str) -> str:
        day = cell.split("-")
        return "-".join(reversed(day)) if len(day) == 3 else cell.replace(".", "").replace(",", ".")

    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr(
            "a.csv",
            "\n".join(",".join(row) for row in [HEADER, *([plain(one) for one in row] for row in ROWS)]),
        )

    assert lines(tmp_path / "a.zip", mapping(tmp_path, ".", "", "%Y-%m-%d"), tmp_path / "store") == EXPECTED


def test_workbooks_and_parquet_with_real_numbers_and_dates(tmp_path: Path):
    frame = pd.DataFrame(ROWS[:2], columns=HEADER)
    for name in ("Van", "Tot", "Datum", "Geboren"):
        frame[name] = pd.to_datetime(frame[name], format="%d-%m-%Y")
    for name in ("Tarief", "Bedrag"):
        frame[name] = frame[name].str.replace(".", "").str.replace(",", ".").astype(float)
    files.write_table(frame.assign(Aantal=frame["Aantal"].astype(int)), tmp_path / "a.parquet")
    files.write_table(frame.assign(Aantal=frame["Aantal"].astype(int)), tmp_path / "a.xlsx")

    chosen = mapping(tmp_path, thousands="")
    assert lines(tmp_path / "a.parquet", chosen, tmp_path / "p") == EXPECTED[:2]
    assert lines(tmp_path / "a.xlsx", chosen, tmp_path / "x") == EXPECTED[:2]


def test_a_row_of_another_length_refuses_the_file_and_names_no_cell(tmp_path: Path):
    text = "\n".join(";".join(row) for row in [HEADER, ROWS[0], ROWS[1][:5]])
    files.write_text(tmp_path / "a.csv", text)

    found = declarations.read([tmp_path / "a.csv"], tmp_path / "store", mapping=mapping(tmp_path))

    reason = found.files["reason"].iloc[0]
    assert "another number of columns" in reason
    assert "9999" not in reason


def test_a_file_that_no_mapping_fits_says_what_to_do(tmp_path: Path):
    files.write_text(tmp_path / "a.csv", "naam;bedrag\nVanderheijdenstein;3\n")

    found = declarations.read([tmp_path / "a.csv"], tmp_path / "store")

    assert "voorbeeld.yaml" in found.files["reason"].iloc[0]


@pytest.mark.parametrize(
    "change", [("bsn: ", "bns: "), ("amount: Bedrag, ", ""), ("title: Test", "titel: Test")]
)
def test_a_wrong_mapping_is_an_error(tmp_path: Path, change: tuple[str, str]):
    path = mapping(tmp_path)
    files.write_text(path, path.read_text().replace(*change))

    with pytest.raises(ParameterError, match=r"mapping\.yaml"):
        declarations.read([tmp_path], tmp_path / "store", mapping=path)


@pytest.mark.parametrize(
    ("part", "text"),
    [
        ("xl/workbook.xml", b"<a>" + b" " * (32 * 2**20)),
        ("xl/workbook.xml", b'<!DOCTYPE a [<!ENTITY b "b">]><a>&b;</a>'),
        ("../../evil.xml", b"<a/>"),
        ("xl/workbook.xml", b"<a/>"),
        ("", b"PK no workbook"),
    ],
)
def test_a_workbook_that_is_wrong_is_refused_and_the_others_are_read(tmp_path: Path, part: str, text: bytes):
    folder = tmp_path / "in"
    frame = pd.DataFrame(ROWS[:2], columns=HEADER)
    files.write_bytes(folder / "good.csv", frame.to_csv(index=False, sep=";").encode())
    files.write_bytes(folder / "wrong.xlsx", text)
    if part:
        with zipfile.ZipFile(folder / "wrong.xlsx", "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("[Content_Types].xml", "<Types/>")
            archive.writestr(part, text)

    found = declarations.read([folder], tmp_path / "store", mapping=mapping(tmp_path))

    assert found.files["status"].to_list() == ["read", "refused"]
    assert found.reconciliation["balanced"].all()
