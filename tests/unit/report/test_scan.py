"""Every produced file is read for small counts of persons; a planted one is found in each."""

import dataclasses
import json

import nbformat
import pandas as pd
import pytest

from analyse import small_cells
from analyse.present.exhibits import tables
from analyse.present.exhibits.exhibit import Exhibit
from analyse.present.exhibits.tables import Column
from analyse.report import exporter, index, scan

SHOWN = {"age": Column("Leeftijd"), "clients": Column("Jongeren", "persons")}


def exhibit(language="nl"):
    frame = pd.DataFrame({"age": ["totaal", "0-11", "12-17", "18-22"], "clients": [62, 7, 31, 24]})
    made = small_cells.protect(frame, "clients", totals={"age": "totaal"})
    bars = {
        "type": "bar", "x": made["clients"].tolist(), "y": made["age"].tolist(),
        "meta": {"count": "persons", "axis": "x"}, "customdata": ["60 jongeren", "", "30 jongeren", ""],
    }  # fmt: skip
    table = tables.build(made, SHOWN, "Jongeren", language)
    figure = {"data": [bars], "layout": {}}
    return Exhibit(
        "figure", "Jongeren", "Staven.", "Eigen telling", drawing=figure, table=table, language=language
    )


def planted(table=None, figure=None, title=None):
    """The same exhibit with the real count in one place."""
    good = exhibit()
    cells = tuple(("0-11", "7") if row[0] == "0-11" else row for row in good.table.cells)
    values = tuple(("0-11", 7) if row[0] == "0-11" else tuple(row) for row in good.table.as_json()["values"])
    bars = good.drawing["data"][0]
    return {
        "a cell": dataclasses.replace(good, table=dataclasses.replace(good.table, cells=cells)),
        "a value": dataclasses.replace(good, table=dataclasses.replace(good.table, values=values)),
        "a bar": dataclasses.replace(good, drawing={"data": [bars | {"x": [60, 7, 30, None]}], "layout": {}}),
        "a hover": dataclasses.replace(good, drawing={"data": [bars | {"customdata": ["7 jongeren"]}], "layout": {}}),
        "a sentence": dataclasses.replace(good, title="Er waren 7 jongeren jonger dan 12"),
        "an alternative": dataclasses.replace(good, alt="In 2022 waren er 3 kinderen."),
    }  # fmt: skip


PLACES = {
    "a cell": {".html"},
    "a value": {".csv", ".xlsx", ".ipynb"},
    "a bar": {".html", ".ipynb"},
    "a hover": {".html", ".ipynb"},
    "a sentence": {".html"},
    "an alternative": {".html"},
}


def in_folder(place):
    return scan.small_counts(place, sorted(place.rglob("*")))


def written(samples, place, shown):
    node = samples.notebook(samples.cell(shown))
    exporter.export(node, place / "page.html", language=shown.language)
    nbformat.write(node, place / "page.ipynb")
    return in_folder(place)


@pytest.mark.parametrize("language", ["nl", "en"])
def test_what_was_treated_passes(samples, tmp_path, language):
    assert written(samples, tmp_path, exhibit(language)) == []
    assert "(persons, rounded to 5)" in scan.PERSONS or language == "nl"


@pytest.mark.parametrize("kind", PLACES)
def test_a_planted_count_is_found(samples, tmp_path, kind):
    found = written(samples, tmp_path, planted()[kind])

    assert {f".{one.split(':')[0].rsplit('.', 1)[1]}" for one in found} == PLACES[kind]
    assert not any("7" in one.split(": ", 1)[1] for one in found), "the scan does not repeat the count"


@pytest.mark.parametrize("language", ["nl", "en"])
def test_the_reports_pass(samples, tmp_path, language):
    exporter.export(samples.report(language), tmp_path / "delft.html", language=language)
    index.write(samples.manifest(language), tmp_path)
    nbformat.write(samples.report(language), tmp_path / "delft.ipynb")

    assert len(list(tmp_path.rglob("*.csv"))) == 9
    assert in_folder(tmp_path) == []
    assert json.loads((tmp_path / "delft.ipynb").read_text(encoding="utf-8"))["cells"]


def test_rows_that_carry_an_address_or_a_class_are_read_as_any_other():
    page = (
        '<table><tr><th data-count="persons">n</th></tr><tr id="GM0503" class="area"><td>7</td></tr></table>'
    )

    assert list(scan._page(page.encode())) == ["table 1"]
