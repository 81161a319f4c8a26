"""Figures of the user's own: every template can be filled in, and a wrong cell is named as a spreadsheet shows it."""

from __future__ import annotations

import sys

import openpyxl
import pandas as pd
import pytest

from analyse import cli, parameters, store
from analyse.errors import DataError, ParameterError
from analyse.history import areas, imported, panel
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

    made = own_files.take_in(path, kind, areas.resolve)
    name = made.dataset

    assert made.rows >= 3
    assert made.replaced.empty
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

    name = own_files.take_in(path, "budget", areas.resolve).dataset

    after = panel.build(snapshot.load(name)).set_index(["municipality_code", "period"]).loc[("GM0503", 2026)]
    assert after["budget_eur"] == pytest.approx(before - old["cost_eur"].sum() + 43_500_000.5)
    sources = {one["name"]: one["sources"] for one in snapshot.package(name)["resources"]}
    assert {"title": "own file own.csv (budget)"} in sources["costs"]


def test_an_empty_figure_is_missing_and_never_zero(write):
    text = "municipality,year,care_form,youths,status\nGM0503,2023,pleegzorg,,\nGM0503,2023,total,2.750,provisional\n"
    name = own_files.take_in(write(text), "usage", areas.resolve).dataset
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
         r"row 2, column amount_eur \(D2\): 'veel' is no number"),
        (f"{HEAD}Delft,2026,6.75,1\nDelf,2026,6.75,1\n",
         r"row 3, column municipality \(A3\): .*'Delf' is not a municipality in 2026; did you mean GM0503 \(Delft\)\?"),
        (f"{HEAD}GM0501,2026,6.75,1\n", "row 2, column municipality .* part of Voorne aan Zee"),
        (f"{HEAD}Voorne aan Zee,2019,6.72,1\n", "does not exist in 2019 yet: until 2022 it was GM0501"),
        (f"{HEAD}Delft,2035,6.75,1\n", "row 2, column year .*: got '2035', expected a year from 2017 to 2030"),
        (f"{HEAD}Delft,2026,7.1,1\n", "row 2, column taakveld .*: 7.1 does not exist in 2026; there are 6.1,"),
        (f"{HEAD},2026,6.75,1\n", "row 2, column municipality .*: got '', expected a value"),
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

    name = own_files.take_in(home / "own.xlsx", "population", areas.resolve).dataset

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
    assert "amount_eur: spending in whole euros" in said
    assert f"data/{store.latest()}, in use as dataset latest" in said


def _taken(write, text, kind="costs", **options):
    return own_files.take_in(write(text), kind, areas.resolve, **options)


def _refused(write, text, kind="costs"):
    with pytest.raises(DataError) as refused:
        _taken(write, text, kind)
    assert store.latest() == "open"
    return str(refused.value)


def _cost(dataset, code, year, field, report="accounts"):
    rows = snapshot.as_published(dataset)["costs"].set_index(
        ["municipality_code", "year", "taakveld", "report"]
    )
    return rows.loc[(code, year, field, report), "cost_eur"]


@pytest.mark.parametrize(
    ("municipality", "code"),
    [
        ("GM0503  ", "GM0503"),
        ("503", "GM0503"),
        ("00000503", "GM0503"),
        ("Gemeente Delft", "GM0503"),
        ("'s-Gravenhage (gemeente)", "GM0518"),
        ("Brielle", "GM0501"),
        ("GM0501", "GM0501"),
    ],
)
def test_every_way_to_write_a_municipality_of_that_year_leads_to_the_same(write, few, municipality, code):
    in_use = (
        few["costs"]
        .query("municipality_code == @code and year == 2022 and taakveld == '6.72'")["cost_eur"]
        .iloc[0]
    )
    text = f"municipality;year;taakveld;amount_eur\n{municipality};2022JJ00;6.72;{in_use + 1:.0f}\n"
    assert _cost(_taken(write, text).dataset, code, 2022, "6.72") == in_use + 1


def test_a_figure_far_from_the_one_in_use_is_taken_only_when_told(write):
    """In use is 16,749,000 for Delft, 2024, 6.72: 16,749 is it in thousands."""
    text = f"{HEAD}Delft,2024,6.72,16749\n"
    said = _refused(write, text)
    assert "row 2, GM0503/2024/accounts/6.72: 16,749, and in use is 16,749,000, a factor of 1e+03" in said
    assert "whole euros" in said
    made = _taken(write, text, replace=True)
    assert _cost(made.dataset, "GM0503", 2024, "6.72") == 16_749
    assert made.replaced[["row", "old", "new"]].to_numpy().tolist() == [[2, 16_749_000, 16_749]]


@pytest.mark.parametrize("empty", ["", ".", "-", "x", "NaN"])
def test_nothing_takes_the_place_of_a_published_figure_in_silence(write, empty):
    said = _refused(write, f"{HEAD}Delft,2024,6.72,{empty}\n")
    assert "row 2" in said
    assert "in use is 16,749,000; leave the row out" in said


def test_costs_of_a_year_without_any_are_held_against_the_nearest_year(write):
    assert "amounts go in whole euros" in _refused(write, f"{HEAD}Delft,2027,6.75,35000\n", "budget")
    made = _taken(write, f"{HEAD}Delft,2027,6.75,35000000\n", "budget")
    assert _cost(made.dataset, "GM0503", 2027, "6.75", "budget") == 35_000_000


def test_a_task_field_belongs_to_the_numbering_of_its_year(write):
    said = _refused(write, f"{HEAD}Delft,2025,6.72,30000000\n")
    assert "6.72 does not exist in 2025; there are 6.1, 6.21" in said


@pytest.mark.parametrize(
    ("amount", "said"),
    [
        ("-99998", "CBS writes -99998"),
        ("1" * 30, "a figure that a municipality can have"),
        ("1e30", "can have"),
        ("16.749.00", "is no number"),
        ("1.234.567,891", "is no number"),
    ],
)
def test_a_figure_beyond_sense_is_refused(write, amount, said):
    assert said in _refused(write, f"municipality;year;taakveld;amount_eur\nDelft;2024;6.72;{amount}\n")


def test_amounts_in_either_notation_are_the_same(write):
    for written in ("16.750.000", "16750000,00", "€ 16.750.000,-"[:-2], "16\u202f750\u202f000"):
        made = _taken(write, f"municipality;year;taakveld;amount_eur\nDelft;2024;6.72;{written}\n")
        assert _cost(made.dataset, "GM0503", 2024, "6.72") == 16_750_000
        (store.root() / "data" / store.LATEST).unlink()


def test_a_total_says_what_is_counted_and_what_it_lacks(write):
    """Delft: 31.0 + 8.5 + 5.1 million, and the 0.492 million of 6.792 in its budget; Den Haag lacks two fields."""
    text = "Delft,2025,6.75,31000000\nDelft,2025,6.76,8500000\nDelft,2025,6.82,5100000\n"
    text += "Den Haag,2025,6.75,110000000\n"
    made = own_files.take_in(write(HEAD + text), "costs", areas.resolve)
    tables = snapshot.load(made.dataset, regions=parameters.COUNTRY)

    whole, partial = imported.counted(tables, made.tables["costs"])
    (absent,) = imported.lacking(tables, made.tables["costs"])

    assert "6.75 + 6.76 + 6.82 make 44,600,000" in whole
    assert "492,000 (as in the budget of that year, because 6.79 was not given): together 45,092,000" in whole
    assert partial.startswith("Den Haag, accounts 2025: 6.76, 6.82 not known, so the total is a lower bound")
    assert absent == "accounts of 2025, Haaglanden: 1 of 2 municipalities have them; forecast for Den Haag"


def test_the_share_of_youths_in_personal_budgets_is_said_to_be_estimated(write):
    text = (
        "".join(f"Delft,2025,{field},1e6\n" for field in ("6.75", "6.76", "6.82"))
        + "Delft,2025,6.79,5000000\n"
    )
    made = own_files.take_in(write(HEAD + text), "costs", areas.resolve)
    tables = snapshot.load(made.dataset, regions=parameters.COUNTRY)
    (said,) = imported.counted(tables, made.tables["costs"])
    assert "(the youth share of 6.79 is estimated)" in said


def test_the_import_command_warns_who_lacks_the_year(home, write, monkeypatch, capsys):
    path = write(HEAD + "Delft,2025,6.75,31000000\nDelft,2025,6.76,8500000\nDelft,2025,6.82,5100000\n")
    monkeypatch.setattr(sys, "argv", ["analyse", "import", str(path), "--as", "costs"])
    with pytest.raises(SystemExit):
        cli.main()
    told = capsys.readouterr().out
    assert "1 of 2 municipalities have them; forecast for Den Haag" in told


def test_a_multi_year_budget_is_in_the_history_up_to_four_years_ahead(write):
    rows = [
        f"Delft,{year},{field},1e6"
        for year in range(2027, 2031)
        for field in ("6.75", "6.76", "6.79", "6.82")
    ]
    made = own_files.take_in(write(HEAD + "\n".join(rows) + "\n"), "budget", areas.resolve)
    delft = (
        panel.build(snapshot.load(made.dataset)).query("municipality_code == 'GM0503'").set_index("period")
    )
    assert delft.loc[[2027, 2030], "budget_eur"].ge(3e6).all()
    assert delft["cost_eur"].last_valid_index() == 2024
