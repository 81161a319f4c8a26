"""The command that attacks a finished set of pages on declarations."""

from __future__ import annotations

import csv
import json
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from analyse import cli, small_cells
from analyse.errors import DataError, ParameterError
from analyse.monitor import inputs
from analyse.present.exhibits.exhibit import Exhibit
from analyse.report import exporter, period_rows, secrets
from tests import declaration_page


@pytest.fixture(scope="module")
def shown(stored) -> list[Exhibit]:
    """The page of Delft."""
    return declaration_page.of(stored.store, stored.contracts, samples=100)


@pytest.fixture
def reports(shown, samples, tmp_path: Path) -> Path:
    """A set of that page alone."""
    cells = [samples.cell(one) for one in shown]
    book = samples.notebook(samples.prose("# Delft"), *cells)
    exporter.export(book, tmp_path / "declarations-GM0503.html", language="nl")
    entry = {"name": "declarations-GM0503", "notebook": "07_declarations", "area_code": "GM0503"}
    (tmp_path / "manifest.json").write_text(json.dumps({"language": "nl", "notebooks": [entry]}))
    return tmp_path


def attack(reports: Path, stored, *more: str):
    places = ["--store", str(stored.store), "--contracts", str(stored.contracts)]
    return CliRunner().invoke(cli.app, ["declarations", "attack", str(reports), *places, *more])


def plant(reports: Path) -> None:
    """Somebody adds a table with what a provider of few youths declared."""
    folder = reports / "tables" / "declarations-GM0503"
    path = next(one for one in folder.glob("*.csv") if "aanbieders-veranderden" in one.name)
    heads, *_ = csv.reader(path.open(encoding="utf-8", newline=""))
    written = {heads[1]: "Gesimuleerde aanbieder 3 (99900003)", heads[3]: "17"}
    with (folder / "99-more.csv").open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows([list(written), list(written.values())])


def test_a_set_that_gives_nothing_away_passes(reports, stored):
    found = attack(reports, stored)

    assert found.exception is None, found.output
    assert ": 0 amounts of fewer than ten youths in a month, a year or a year so far" in found.output
    assert (
        "0 of them can be told" in found.output
        and " amounts of fewer than ten youths, areas with a page: 1" in found.output
    )


def test_an_amount_that_is_planted_in_a_file_of_the_set_stops_the_command(reports, stored):
    plant(reports)

    found = attack(reports, stored)

    assert isinstance(found.exception, DataError) and "do not share it" in str(found.exception)


def test_sets_beside_each_other_are_looked_at_from_both_sides(reports, stored, tmp_path_factory):
    other = tmp_path_factory.mktemp("other")
    shutil.copytree(reports, other, dirs_exist_ok=True)

    same = attack(reports, stored, "--beside", str(other))

    assert same.exception is None, same.output
    assert same.output.count("are shown by") == 2


def test_the_amount_so_far_of_few_youths_that_is_planted_stops_the_command(reports, stored):
    """By the end of March care of 2024 of 8 youths had been declared; somebody adds that month to the set."""
    march = period_rows.until("2024-03")
    truth = secrets.periods(inputs.read(stored.store, stored.contracts), {"GM0503": ["GM0503"]})
    secret = truth.set_index("category").loc[march]
    assert 0 < secret["youths"] < small_cells.SMALLEST
    rows = [["Gedeclareerd tot en met", "Gedeclareerd (euro)"], ["maart 2024", f"{secret['value']:.0f}"]]
    with (reports / "tables" / "declarations-GM0503" / "99-more.csv").open(
        "w", encoding="utf-8", newline=""
    ) as stream:
        csv.writer(stream).writerows(rows)

    found = attack(reports, stored)

    assert isinstance(found.exception, DataError)
    assert f"{period_rows.PERIOD} {march}" in found.output + found.stderr


def test_a_text_for_planning_is_read_too(reports, stored):
    """The same amount in the text for the interim report, whose page has published figures beside it."""
    told = json.loads((reports / "manifest.json").read_text())
    told["notebooks"].append({"name": "planning-GM0503", "notebook": "planning", "area_code": "GM0503"})
    (reports / "manifest.json").write_text(json.dumps(told))
    truth = secrets.periods(inputs.read(stored.store, stored.contracts), {"GM0503": ["GM0503"]})
    value = truth.set_index("category").loc[period_rows.until("2024-03"), "value"]
    said = f"<p>Van de zorg tot en met maart 2024 is € {value:,.0f} gedeclareerd.</p>".replace(",", ".")
    (reports / "planning-GM0503.html").write_text(f"<html><body>{said}</body></html>", encoding="utf-8")

    assert isinstance(attack(reports, stored).exception, DataError)


def test_a_folder_that_is_no_set_is_refused(stored, tmp_path):
    assert isinstance(attack(tmp_path, stored).exception, ParameterError)
