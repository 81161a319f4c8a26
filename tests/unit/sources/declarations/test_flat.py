"""Flat files: separators, decimals, encodings and forms, all to the same lines."""

from __future__ import annotations

import os
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


def test_a_pipe_is_not_opened_and_the_others_are_read(tmp_path: Path):
    os.mkfifo(tmp_path / "pipe.csv")
    files.write_text(
        tmp_path / "good.csv", f"{NEW}\n" + ";".join(PLAIN[name] for name in NEW.split(";")) + "\n"
    )

    found = declarations.read([tmp_path / "pipe.csv", tmp_path / "good.csv"], tmp_path / "store")

    assert found.files["status"].to_list() == ["refused", "read"]
    assert found.files["reason"][0] == "is no regular file, such as a pipe or a device; it is not opened"


def test_a_parquet_file_that_is_damaged_inside_is_refused_and_the_others_are_read(tmp_path: Path):
    frame = pd.DataFrame(ROWS[:2], columns=HEADER)
    good = files.write_table(frame, tmp_path / "good.parquet").read_bytes()
    place = good.index(ROWS[1][HEADER.index("Bedrag")].encode())
    (tmp_path / "bad.parquet").write_bytes(good[:place] + b"9" + good[place + 1 :])

    both = [tmp_path / "bad.parquet", tmp_path / "good.parquet"]
    found = declarations.read(both, tmp_path / "store", mapping=mapping(tmp_path))

    assert found.files["status"].to_list() == ["refused", "read"]
    assert found.files["reason"].to_list() == ["a Parquet file that is damaged; ask for it again", ""]


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


NEW = (
    "BSN;Gemeentecode;AGB-code;Referentienummer;Begindatum;Einddatum;Volume;Eenheid;Tarief;Bedrag;Debet/credit;"
    "Declaratiedatum;Productcode"
)
PLAIN = {"BSN": "999900006", "Gemeentecode": "0503", "AGB-code": "01234567", "Referentienummer": "R1",
         "Begindatum": "01-04-2026", "Einddatum": "30-04-2026", "Volume": "4", "Eenheid": "04", "Tarief": "25,00",
         "Bedrag": "100,00", "Debet/credit": "D", "Declaratiedatum": "06-05-2026", "Productcode": "45A03"}  # fmt: skip


def one_line(tmp_path: Path, **changes: str) -> tuple:
    """What becomes of a right line of 100.00 with some cells changed: status, rule, cents, and the other columns."""
    row = PLAIN | {name.replace("_", "-"): cell for name, cell in changes.items()}
    row |= {"Debet/credit": changes.get("sign", "D")}
    text = f"{NEW}\n" + ";".join(row[name] for name in NEW.split(";")) + "\n"
    files.write_text(tmp_path / "a.csv", text)
    found = declarations.read([tmp_path / "a.csv"], tmp_path / "store")
    assert found.files["reason"].to_list() == [""]
    with declarations.open(tmp_path / "store") as connection:
        return connection.execute(
            "select status, rule, amount_cents, provider, unit, volume::DOUBLE, municipality_code from lines"
        ).fetchone()


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, ("accepted", None, 10000)),
        ({"Bedrag": "100.00"}, ("quarantined", "amount_unreadable", None)),
        ({"Bedrag": "€ 100,00"}, ("accepted", None, 10000)),
        ({"Bedrag": "€\u202f1.000,00", "Tarief": "250,00"}, ("accepted", None, 100000)),
        ({"Bedrag": "100,00-", "sign": ""}, ("quarantined", "credit_without_original", -10000)),
        ({"Bedrag": "(100,00)"}, ("quarantined", "amount_unreadable", None)),
        ({"Bedrag": "-"}, ("quarantined", "amount_unreadable", None)),
        ({"Bedrag": "1111111,22", "Tarief": ""}, ("quarantined", "amount_unreadable", None)),
        ({"Tarief": "25.00"}, ("quarantined", "volume_unreadable", 10000)),
        ({"Volume": "vier"}, ("quarantined", "volume_unreadable", 10000)),
        ({"sign": "Debet"}, ("accepted", None, 10000)),
        ({"sign": "credit", "Bedrag": "100,00"}, ("quarantined", "credit_without_original", -10000)),
        ({"sign": "af"}, ("quarantined", "debit_credit_unknown", 10000)),
        ({"Begindatum": "01-04-26"}, ("quarantined", "period_unreadable", 10000)),
        ({"Einddatum": "31-04-2026"}, ("quarantined", "period_unreadable", 10000)),
        (
            {"Begindatum": "01-04-2014", "Einddatum": "30-04-2014"},
            ("quarantined", "period_unreadable", 10000),
        ),
        ({"Declaratiedatum": "06-05-2926"}, ("quarantined", "declared_unreadable", 10000)),
        ({"Begindatum": "2026-04-01 00:00:00"}, ("accepted", None, 10000)),
        ({"Gemeentecode": "Gemeente Delft"}, ("accepted", None, 10000)),
        ({"Gemeentecode": "Den Haag"}, ("accepted", None, 10000)),
        ({"Gemeentecode": "Brielle"}, ("accepted", None, 10000)),
        ({"Gemeentecode": "Delf"}, ("quarantined", "municipality_unknown", 10000)),
        ({"Gemeentecode": "Bergen"}, ("quarantined", "municipality_unknown", 10000)),
        ({"Gemeentecode": "GM9999"}, ("quarantined", "municipality_unknown", 10000)),
        ({"Gemeentecode": ""}, ("quarantined", "municipality_unknown", 10000)),
    ],
)
def test_a_cell_is_read_as_it_was_meant_or_sends_its_line_to_quarantine(tmp_path: Path, changes, expected):
    assert one_line(tmp_path, **changes)[:3] == expected


@pytest.mark.parametrize("written", ["0503", "503", "GM0503   ", "gm0503", "00000503", "503.0"])
def test_a_municipality_in_every_coat_is_the_same(tmp_path: Path, written: str):
    assert one_line(tmp_path, Gemeentecode=written)[6] == "GM0503"


def test_zeros_that_a_spreadsheet_took_are_put_back(tmp_path: Path):
    assert one_line(tmp_path, AGB_code="1234567", Eenheid="4")[3:5] == ("01234567", "04")


def test_a_volume_keeps_its_decimals(tmp_path: Path):
    found = one_line(tmp_path, Volume="2,5", Tarief="40,00")

    assert (found[0], found[5]) == ("accepted", 2.5)


@pytest.mark.parametrize("year", ["2019-01-01", "2026-04-01"])
def test_lines_of_a_merged_municipality_count_with_its_successor(tmp_path: Path, year: str):
    """Brielle (0501) is part of Voorne aan Zee (1992) since 2023, whose page shows its earlier years too."""
    day = f"{year[8:]}-{year[5:7]}-{year[:4]}"

    found = one_line(tmp_path, Gemeentecode="0501", Begindatum=day, Einddatum=day)

    assert (found[0], found[6]) == ("accepted", "GM1992")


@pytest.mark.parametrize("lines", [2, 60_000])
def test_lines_break_between_quotes_in_files_of_every_size(tmp_path: Path, lines: int):
    row = ";".join(PLAIN[name] for name in NEW.split(";"))
    text = f"{NEW};Opmerking\n" + "".join(
        row.replace(";R1;", f";R{number};") + ';"eerste\ntweede"\n' for number in range(lines)
    )
    files.write_text(tmp_path / "a.csv", text)

    found = declarations.read([tmp_path / "a.csv"], tmp_path / "store")

    assert found.reconciliation[["accepted_lines", "accepted_cents", "balanced"]].to_numpy().tolist() == [
        [lines, lines * 10000, True]
    ]


@pytest.mark.parametrize(
    "dress",
    [
        lambda text: f"sep=;\n{text}",
        lambda text: f"Declaraties april\n\n{text}",
        lambda text: text.replace("AGB-code", "AGB-code "),
        lambda text: text.replace("AGB-code", "agb-CODE"),
        lambda text: text.replace(";", ",").replace("25,00", '"25,00"').replace("100,00", '"100,00"'),
        lambda text: text + ";" * text.count(";", 0, text.index("\n")) + "\n",
        lambda text: text.replace("\n", "\n" + "; " * text.count(";", 0, text.index("\n")) + "\n", 1),
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp1252", "utf-16"])
def test_what_spreadsheets_put_around_a_table_is_passed_over(tmp_path: Path, dress, encoding: str):
    text = f"{NEW}\n" + ";".join(PLAIN[name] for name in NEW.split(";")) + "\n"
    files.write_bytes(tmp_path / "a.csv", dress(text).encode(encoding))

    found = declarations.read([tmp_path / "a.csv"], tmp_path / "store")

    assert found.files["reason"].to_list() == [""]
    assert found.files["lines"].to_list() == [1]
    assert found.reconciliation["accepted_cents"].to_list() == [10000]
    assert len(found.quarantine) == 0


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (f"{NEW}\n{'x' * 10}\x9d\n".encode("latin-1"), "line 2 has the byte 0x9d"),
        (
            f"{NEW.replace('AGB-code', 'AGB-kode')}\n".encode(),
            "misses AGB-code (nearest to 'AGB-code': 'AGB-kode')",
        ),
        (f"{NEW};BSN\n".encode(), "column 'BSN' stands twice"),
        (f"{NEW}\n999900006;{'y' * 9 * 2**20}\n".encode(), "a row of more than 4,194,304 bytes"),
        (b"\x00\x01\x02" * 1000, "holds a zero byte"),
    ],
)
def test_one_bad_file_costs_no_other(tmp_path: Path, content: bytes, said: str):
    good = f"{NEW}\n" + ";".join(PLAIN[name] for name in NEW.split(";")) + "\n"
    files.write_text(tmp_path / "in" / "a.csv", good)
    files.write_bytes(tmp_path / "in" / "b.csv", content)
    files.write_text(tmp_path / "in" / "c.csv", good.replace(";R1;", ";R2;"))

    found = declarations.read([tmp_path / "in"], tmp_path / "store")

    assert found.files["status"].to_list() == ["read", "refused", "read"]
    assert said in found.files["reason"].iloc[1]
    assert found.reconciliation["accepted_cents"].sum() == 20000
