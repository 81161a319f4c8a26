"""Every table can be downloaded, as a file that computes, always the same, and runs no formula."""

import csv
import io

import openpyxl
import pandas as pd
import pytest

from analyse.present.exhibits import tables
from analyse.present.exhibits.exhibit import SIMULATED, Exhibit
from analyse.present.exhibits.tables import Column
from analyse.present.text import language as language_of
from analyse.report import downloads, exporter
from analyse.report.workbook import About

ABOUT = About("Delft", "nl", "2026-11-21", "0.1.0", [
    {"title": "Iv3", "temporal": "2017/2026", "sources": [{"title": "CBS"}]},
])  # fmt: skip
EVIL = ['=HYPERLINK("http://x";"klik")', "+31", "-1", "@SUM(A1)", "\t=1+1", " =1"]


def exhibit(frame, columns, caption="Kosten", language="nl"):
    made = tables.build(frame, columns, caption, language)
    return Exhibit("table", caption, source="CBS", note="Let op.", table=made, language=language).as_json()


def costs():
    frame = pd.DataFrame({
        "area": ["Delft", "Leiden", "Zoetermeer"],
        "cost_eur": [38_600_000.4, 12_345_678.0, float("nan")],
        "cost_eur_status": ["final", "incomplete", "faulty"],
        "growth": [12.3, -0.5, float("nan")],
        "growth_status": ["final", "final", tables.NOT_APPLICABLE],
    })  # fmt: skip
    shown = {
        "area": Column("Gebied"),
        "cost_eur": Column("Kosten", "euro"),
        "growth": Column("Groei", "percent1"),
    }
    return exhibit(frame, shown)


def rows(content):
    return list(csv.reader(io.StringIO(content.decode("utf-8"), newline="")))


def book(content):
    return openpyxl.load_workbook(io.BytesIO(content))


def test_a_csv_holds_values_and_says_why_one_is_not_there():
    made = rows(downloads.as_csv(downloads.sheet(1, costs())))

    assert made == [
        ["Gebied", "Kosten (euro)", "Kosten: opmerking", "Groei (%)"],
        ["Delft", "38600000", "", "12.3"],
        ["Leiden", "12345678", "ten minste €\u00a012,3\u00a0miljoen", "-0.5"],
        ["Zoetermeer", "", "fout in de bron", ""],
    ]


def test_a_workbook_holds_numbers_with_their_format():
    sheet = downloads.sheet(1, costs())
    made = book(downloads.files([sheet], "delft", about=ABOUT)["delft.xlsx"])

    assert made.sheetnames == ["Inhoud", "Tabel 1", "Bronnen"]
    table = made["Tabel 1"]
    assert [cell.value for cell in table[4]] == ["Delft", 38600000, None, 0.123]
    assert table["B4"].number_format == "[$€-413] #,##0;[$€-413] -#,##0"
    assert table["D4"].number_format == "0.0%"
    assert table.freeze_panes == "B4"
    assert table["A3"].font.bold
    texts = [cell.value for row in made["Bronnen"] for cell in row if cell.value]
    assert {"Tabel 1", "Kosten", "CBS Let op.", "Iv3", "CBS (2017–2026)", "21 november 2026"} <= set(texts)


@pytest.mark.parametrize("text", EVIL)
def test_a_text_from_data_never_becomes_a_formula(text):
    frame = pd.DataFrame({"area": [text], "n": [1.0]})
    sheet = downloads.sheet(
        1, exhibit(frame, {"area": Column("Naam"), "n": Column("n", "integer")}, caption=text)
    )
    made = downloads.files([sheet], "page", about=ABOUT)

    assert rows(made[f"{sheet.stem}.csv"])[1][0].startswith("'")
    for table in book(made["page.xlsx"]):
        assert not [cell.coordinate for row in table.iter_rows() for cell in row if cell.data_type == "f"]
    assert book(made["page.xlsx"])["Tabel 1"]["A4"].quotePrefix


def test_a_negative_number_stays_a_number():
    frame = pd.DataFrame({"area": ["a"], "n": [-3.0]})
    shown = {"area": Column("x"), "n": Column("n", "integer")}
    made = rows(downloads.as_csv(downloads.sheet(1, exhibit(frame, shown))))

    assert made[1] == ["a", "-3"]


def test_control_characters_do_not_break_a_workbook():
    frame = pd.DataFrame({"area": ["a\x00b\x0bc"], "n": [1.0]})
    sheet = downloads.sheet(1, exhibit(frame, {"area": Column("x"), "n": Column("n", "integer")}))

    assert book(downloads.files([sheet], "page", about=ABOUT)["page.xlsx"])["Tabel 1"]["A4"].value == "abc"


@pytest.mark.parametrize("language", ["nl", "en"])
def test_a_page_links_to_every_file_it_has(samples, tmp_path, language):
    page = exporter.export(samples.report(language), tmp_path / "delft.html", language=language)
    text = page.read_text(encoding="utf-8")
    made = sorted(path.name for path in (tmp_path / "tables" / "delft").iterdir())

    assert len(made) == 10
    for name in made:
        assert text.count(f'href="tables/delft/{name}"') == 1, "a table below itself, the workbook at the end"
    assert sum((tmp_path / "tables" / "delft" / name).stat().st_size for name in made) < 40_000


def test_the_same_notebook_gives_the_same_files_and_nothing_is_left_of_an_earlier_one(samples, tmp_path):
    def content():
        return {path.name: path.read_bytes() for path in (tmp_path / "tables" / "page").iterdir()}

    exporter.export(samples.report(), tmp_path / "page.html", language="nl")
    first = content()
    exporter.export(samples.report("en"), tmp_path / "page.html", language="en")
    exporter.export(samples.report(), tmp_path / "page.html", language="nl")

    assert content() == first


def test_a_workbook_does_not_know_the_clock(monkeypatch):
    sheet = downloads.sheet(1, costs())
    first = downloads.files([sheet], "page", about=ABOUT)["page.xlsx"]
    monkeypatch.setattr("time.time", lambda: 2_000_000_000.0)
    monkeypatch.setattr("time.localtime", lambda *_: (2033, 5, 18, 3, 33, 20, 2, 138, 0))

    assert downloads.files([sheet], "page", about=ABOUT)["page.xlsx"] == first
    assert b"2026-11-21T00:00:00Z" in _core(first)


def _core(content):
    import zipfile

    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        return packed.read("docProps/core.xml")


@pytest.mark.parametrize(
    ("language", "heading", "label"),
    [("nl", "Herkomst", "Gesimuleerde declaraties"), ("en", "Origin", "Simulated declarations")],
)
def test_every_row_on_simulated_declarations_says_so(language, heading, label):
    frame = pd.DataFrame({"month": ["2025-01", "2025-02"], "cost_eur": [1000.0, 2000.0]})
    shown = exhibit(
        frame, {"month": Column("Maand"), "cost_eur": Column("Kosten", "euro")}, language=language
    )
    source = language_of.translator(language).gettext(SIMULATED)
    sheet = downloads.sheet(1, shown | {"source": f"{source}."})
    made = downloads.files([sheet], "delft", about=ABOUT)

    (first,) = [name for name in made if name.endswith(".csv")]
    assert [row[0] for row in rows(made[first])] == [heading, label, label]
    table = book(made["delft.xlsx"]).worksheets[1]
    assert [cell.value for cell in table["A"]][2:5] == [heading, label, label]
    assert heading not in downloads.sheet(1, shown).headings
