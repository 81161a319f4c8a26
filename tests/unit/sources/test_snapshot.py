"""The embedded snapshot: real, verified, described, with known source errors marked."""

import json
import shutil

import pandas as pd
import pytest

from analyse import schema, store
from analyse.errors import DataError
from analyse.sources import corrections, snapshot


@pytest.fixture
def copy(tmp_path, monkeypatch):
    """A copy of the data folder that a test may damage."""
    shutil.copytree(store.root() / "data", tmp_path / "data")
    monkeypatch.setattr(store, "root", lambda: tmp_path)
    return tmp_path / "data"


def test_every_table_is_there_and_right():
    assert set(snapshot.load()) == set(schema.TABLES)
    assert (snapshot.verify()["problem"] == "").all()


def test_the_package_describes_every_table_as_the_schema_does():
    for resource in snapshot.package()["resources"]:
        table = schema.TABLES[resource["name"]]
        assert [field["name"] for field in resource["schema"]["fields"]] == table.column_names
        assert resource["schema"]["primaryKey"] == list(table.key)
        assert resource["sources"] and resource["licenses"] and resource["temporal"]


def test_figures_are_those_that_cbs_published():
    tables = snapshot.load()
    delft = tables["costs"].query("municipality_code == 'GM0503' and year == 2024 and report == 'accounts'")
    youth = delft[delft["taakveld"].isin(["6.72", "6.73", "6.74", "6.82"])]
    assert youth["cost_eur"].sum() == 38_631_000
    users = tables["usage"].query(
        "municipality_code == 'GM0546' and measure == 'youths' and breakdown == 'total'"
    )
    assert users.set_index("year")["count"].to_dict() == {2021: 4160, 2022: 3180, 2023: 3325}


def test_a_budget_that_was_not_given_is_missing_not_zero():
    costs = snapshot.load()["costs"]
    cell = costs.query("municipality_code == 'GM0599' and year == 2026 and taakveld == '6.76'").iloc[0]
    assert cell["status"] == "missing"
    assert pd.isna(cell["cost_eur"])


def test_known_errors_are_faulty():
    costs = snapshot.load()["costs"]
    faulty = costs[costs["status"] == "faulty"]
    assert set(zip(faulty["municipality_code"], faulty["year"], faulty["report"], strict=True)) == {
        ("GM0569", 2022, "accounts"),
        ("GM0569", 2022, "budget"),
        ("GM0569", 2024, "budget"),
        ("GM0503", 2017, "budget"),
        ("GM1621", 2023, "budget"),
        ("GM1992", 2023, "budget"),
    }
    assert faulty["cost_eur"].isna().all()


def test_one_changed_byte_names_the_file(copy):
    path = copy / "open" / "usage.csv"
    content = path.read_bytes()
    path.write_bytes(content[:-2] + b"x\n")
    with pytest.raises(DataError, match=r"data/open/usage\.csv: altered .* git checkout"):
        snapshot.load()
    assert snapshot.verify().set_index("table")["problem"]["usage"].startswith("data/open/usage.csv: altered")


def test_a_missing_file_is_named(copy):
    (copy / "open" / "population.csv").unlink()
    with pytest.raises(DataError, match=r"data/open/population\.csv: cannot be read"):
        snapshot.load()


def test_a_package_that_lacks_a_table_is_refused(copy):
    path = copy / "open" / "datapackage.json"
    package = json.loads(path.read_text())
    package["resources"] = [r for r in package["resources"] if r["name"] != "costs"]
    path.write_text(json.dumps(package))
    with pytest.raises(DataError, match="no table costs"):
        snapshot.load()


def test_another_dataset_is_refused_by_name():
    with pytest.raises(DataError, match=r"dataset 'nergens'.* there is open"):
        snapshot.load("nergens")


def test_a_correction_that_hits_another_number_of_cells_is_refused():
    tables = {"costs": snapshot.load()["costs"]}
    row = corrections.Correction(
        id="x",
        table="costs",
        where={"municipality_code": "GM0569", "year": 1999},
        cells=2,
        reason="r",
        source="s",
    )
    with pytest.raises(DataError, match="x hits 0 cells of costs, expected 2"):
        corrections.apply(tables, (row,))


def test_a_correction_of_an_unknown_column_is_refused():
    row = corrections.Correction(
        id="x", table="costs", where={"colour": "red"}, cells=1, reason="r", source="s"
    )
    with pytest.raises(DataError, match="no column colour in costs"):
        corrections.apply({"costs": snapshot.load()["costs"]}, (row,))


def test_a_corrections_file_with_an_unknown_key_is_refused(tmp_path):
    (tmp_path / "corrections.yaml").write_text(
        "- {id: x, table: costs, where: {}, cells: 1, reason: r, source: s, why: y}"
    )
    with pytest.raises(DataError, match="unknown key '0.why'; known are id, table"):
        corrections.read(tmp_path / "corrections.yaml")
