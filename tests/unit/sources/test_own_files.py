"""Figures of the user's own: every template can be filled in, and a wrong cell is named as a spreadsheet shows it."""

from __future__ import annotations

import sys

import openpyxl
import pandas as pd
import pytest

from analyse import cli, store
from analyse.errors import DataError, ParameterError
from analyse.history import areas, panel
from analyse.sources import own_files, snapshot

HEAD = "municipality,year,taakveld,amount_eur\n"


@pytest.fixture
def write(home):
    def written(text: str, name: str = "own.csv"):
        path = home / name
        path.write_text(text, encoding="utf-8")
        return path

    return written


@pytest.mark.parametrize("kind", ["costs", "budget", "usage", "population"])
@pytest.mark.parametrize("extension", [".csv", ".xlsx"])
def test_a_template_is_taken_in_as_it_is(home, few, kind, extension):
    path = store.write_table(own_files.template(kind, few), home / f"own{extension}")

    name, rows = own_files.take_in(path, kind, areas.resolve)

    assert rows >= 3
    assert store.latest() == name
    table = "costs" if kind in ("costs", "budget") else kind
    pd.testing.assert_frame_equal(snapshot.as_published(name)[table], snapshot.as_published("open")[table])
    assert snapshot.package(name)["vintage"]["imported"]["as"] == kind


def test_own_budget_lines_are_in_the_history(write, few):
    path = write(
        "municipality;year;taakveld;amount_eur\nDelft;2026;6.75;€ 31.000.000\nDelft;2026;6.76;12500000,50\n"
    )
    before = panel.build(few).set_index(["municipality_code", "period"]).loc[("GM0503", 2026), "budget_eur"]
    old = few["costs"].query(
        "municipality_code == 'GM0503' and year == 2026 and taakveld in ['6.75', '6.76']"
    )

    name, _ = own_files.take_in(path, "budget", areas.resolve)

    after = panel.build(snapshot.load(name)).set_index(["municipality_code", "period"]).loc[("GM0503", 2026)]
    assert after["budget_eur"] == pytest.approx(before - old["cost_eur"].sum() + 43_500_000.5)
    sources = {one["name"]: one["sources"] for one in snapshot.package(name)["resources"]}
    assert {"title": "own file own.csv (budget)"} in sources["costs"]


def test_an_empty_figure_is_missing_and_never_zero(write):
    text = "municipality,year,care_form,youths,status\nGM0503,2023,pleegzorg,,\nGM0503,2023,total,2.750,provisional\n"
    name, _ = own_files.take_in(write(text), "usage", areas.resolve)
    tables = snapshot.load(name)

    rows = tables["usage_by_form"].set_index("care_form")
    assert rows.loc["pleegzorg", "status"] == "missing"
    assert pd.isna(rows.loc["pleegzorg", "count"])
    total = tables["usage"].query("municipality_code == 'GM0503' and year == 2023 and breakdown == 'total'")
    assert total.iloc[0][["count", "status"]].tolist() == [2750, "provisional"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (f"{HEAD}Delft,2026,6.75,veel\n",
         "row 2, column amount_eur: got 'veel', expected an amount in whole euro"),
        (f"{HEAD}Delft,2026,6.75,1\nDelf,2026,6.75,1\n",
         r"row 3, column municipality: municipality 'Delf' is not known; did you mean GM0503 \(Delft\)\?"),
        (f"{HEAD}GM0501,2026,6.75,1\n", "row 2, column municipality: .* part of Voorne aan Zee"),
        (f"{HEAD}Voorne aan Zee,2019,6.72,1\n", "row 2, column municipality: 'Voorne aan Zee' did not exist in 2019"),
        (f"{HEAD}Delft,2035,6.75,1\n", "row 2, column year: got '2035', expected a year from 2017 to 2026"),
        (f"{HEAD}Delft,2026,7.1,1\n", "row 2, column taakveld: got '7.1', expected one of 6.1,"),
        (f"{HEAD},2026,6.75,1\n", "row 2, column municipality: got '', expected a value"),
        (f"{HEAD}Delft,2026,6.75,1\nGM0503,2026,6.75,2\n", "row 3: GM0503/2026/6.75 is there twice"),
        ("municipality,year,taakveld\nDelft,2026,6.75\n", "column amount_eur is missing"),
        ("municipality,year,taakveld,amount_eur,amont\nDelft,2026,6.75,1,1\n", "unknown column 'amont'"),
        (HEAD, "no rows"),
    ],
)  # fmt: skip
def test_a_wrong_cell_is_named_and_nothing_is_replaced(write, text, said):
    with pytest.raises(DataError, match=said):
        own_files.take_in(write(text), "budget", areas.resolve)
    assert store.latest() == "open"


def test_many_wrong_cells_are_counted(write):
    lines = "".join(f"Delft,2026,6.75,x{number}\n" for number in range(9))
    with pytest.raises(DataError, match="and 4 more"):
        own_files.take_in(write("municipality,year,taakveld,amount_eur\n" + lines), "costs", areas.resolve)


def test_numbers_of_a_spreadsheet_are_read(home):
    book = openpyxl.Workbook()
    for row in (
        ["municipality", "year", "age_group", "inhabitants"],
        ["'s-Gravenhage", 2025, "0-17", 111_234],
    ):
        book.active.append(row)
    book.save(home / "own.xlsx")

    name, _ = own_files.take_in(home / "own.xlsx", "population", areas.resolve)

    row = snapshot.load(name)["population"].query(
        "municipality_code == 'GM0518' and year == 2025 and age_group == '0-17'"
    )
    assert row["count"].tolist() == [111_234]


def test_an_unknown_kind_is_refused(few):
    with pytest.raises(ParameterError, match="no template 'prices'"):
        own_files.template("prices", few)


def test_the_commands_write_a_template_and_take_it_in(home, monkeypatch, capsys):
    for arguments in (["template", "budget", "--output", "own.csv"], ["import", "own.csv", "--as", "budget"]):
        monkeypatch.chdir(home)
        monkeypatch.setattr(sys, "argv", ["analyse", *arguments])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        assert ended.value.code == 0
    said = capsys.readouterr().out
    assert "amount_eur: spending in euro" in said
    assert f"data/{store.latest()}, in use as dataset latest" in said
