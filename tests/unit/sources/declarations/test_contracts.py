"""What was agreed and budgeted is checked on reading; what is not there is said."""

from __future__ import annotations

import pytest

from analyse.errors import DataError
from analyse.sources.declarations import contracts


def test_a_table_that_is_not_there_has_no_rows_and_is_named(tmp_path):
    (tmp_path / "budgets.csv").write_text(
        "municipality_code,year,budget_eur\nGM0503,2024,1000.5\n", encoding="utf-8"
    )

    told = contracts.read(tmp_path)

    assert told["budgets"]["budget_eur"].tolist() == [1000.5]
    assert contracts.absent(told) == ["tariffs", "agreements", "lump_sums"]


def test_a_table_as_a_dutch_spreadsheet_saves_it(tmp_path):
    (tmp_path / "lump_sums.csv").write_text(
        "municipality_code;provider;care_form;year;amount_eur\nGM0503;01020304;jeugdbescherming;2024;1234,50\n",
        encoding="utf-8-sig",
    )

    row = contracts.read(tmp_path)["lump_sums"].iloc[0]

    assert (row["provider"], row["amount_eur"]) == ("01020304", 1234.5)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("municipality_code,year\nGM0503,2024\n", "budgets.csv: column budget_eur is missing"),
        ("municipality_code,year,budget\nGM0503,2024,5\n", "budgets.csv: column budget_eur is missing"),
        ("municipality_code,year,budget_eur,note\nGM0503,2024,5,a\n", "unknown column note"),
        ("municipality_code,year,budget_eur\nGM0503,2024,-5\n", "at least 0"),
        ("municipality_code,year,budget_eur\nGM0503,2024,much\n", r"row 2, column budget_eur \(C2\): 'much' is no"),
        ("municipality_code,year,budget_eur\nGM0503,2024,5\nGM0503,2024,6\n", "1 duplicate"),
        ("municipality_code,year,budget_eur\nGM0503,2024,5\nDelft,2024,6\n", "1 duplicate"),
        ("municipality_code,year,budget_eur\nGM0503,2024,5\nDelf,2024,6\n",
         r"row 3, column municipality_code \(A3\): municipality 'Delf' is not a municipality in 2024; did you mean"),
        ("municipality_code,year,budget_eur\nGM9999,2024,5\n", "'GM9999' is not a municipality in 2024"),
        ("municipality_code,year,budget_eur\nGM0503,24,5\n", "row 2: got '24', expected a year such as 2024"),
        ("municipality_code,year,budget_eur\n,2024,5\n", "row 2: got nothing, expected a value"),
    ],
)  # fmt: skip
def test_a_wrong_table_is_refused_with_its_column_and_row(tmp_path, text, said):
    (tmp_path / "budgets.csv").write_text(text, encoding="utf-8")

    with pytest.raises(DataError, match=said):
        contracts.read(tmp_path)


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("20304,GM0503,2024,ggz,5,04,100", "an AGB code of eight digits"),
        ("01020304,GM0503,2024,gzz,5,04,100", "got 'gzz', expected one of ambulant, crisis"),
        ("01020304,GM0503,2024,ggz,5,hour,100", "got 'hour', expected one of 01, 04"),
        (
            "01020304,GM0503,2024,ggz,5,04,10.5",
            r"row 2, column agreed_cents \(G2\): '10.5' is no number; write it as 1250",
        ),
    ],
)
def test_an_agreement_that_would_meet_no_declaration_is_refused(tmp_path, row, said):
    head = "provider,municipality_code,year,care_form,agreed_volume,unit,agreed_cents\n"
    (tmp_path / "agreements.csv").write_text(head + row + "\n", encoding="utf-8")

    with pytest.raises(DataError, match=said):
        contracts.read(tmp_path)


@pytest.mark.parametrize(
    ("written", "budget"),
    [
        (["1.250.000", "980.000"], [1250000.0, 980000.0]),
        (["€ 1.250.000,50", "980.000"], [1250000.5, 980000.0]),
        (["1.250,00", "980"], [1250.0, 980.0]),
        (["1250000.50", "980000.00"], [1250000.5, 980000.0]),
        (["1\u202f250\u202f000", "980"], [1250000.0, 980.0]),
    ],
)
def test_amounts_are_read_by_the_rule_of_every_door(tmp_path, written, budget):
    rows = [f"{place};2024;{amount}" for place, amount in zip(("503", "gm0518  "), written, strict=True)]
    text = "\n".join(["Begroting jeugd", "municipality_code;year;budget_eur", "", *rows])
    (tmp_path / "budgets.csv").write_text(text, encoding="utf-8")

    told = contracts.read(tmp_path)["budgets"]

    assert told["budget_eur"].tolist() == budget
    assert told["municipality_code"].tolist() == ["GM0503", "GM0518"]
    assert told["year"].tolist() == [2024, 2024]


@pytest.mark.parametrize(
    ("amounts", "said"),
    [
        (
            ["1.250,50", "980.50"],
            r"row 5, column budget_eur \(C5\): '980.50' is not written like '1.250,50'",
        ),
        (["1e400", "5"], "'1e400' is no number"),
        (["5", ""], "row 5: got nothing, expected a value"),
        (["5", "x" * 40_000], r"\(C5\): 'x{40}…' is no number"),
        (["5", "onbekend"], "row 5: got 'onbekend', expected a value"),
        (["5", "-7"], "row 5: got '-7', expected at least 0"),
        (["5", "99999999999999"], "row 5: got '99999999999999', expected a number that can be"),
    ],
)
def test_an_amount_that_reads_in_two_ways_is_named_by_its_cell(tmp_path, amounts, said):
    rows = [f"{place};2024;{amount}" for place, amount in zip(("GM0503", "GM0518"), amounts, strict=True)]
    text = "\n".join(["municipality_code;year;budget_eur", "", "", *rows])
    (tmp_path / "budgets.csv").write_text(text, encoding="utf-8")

    with pytest.raises(DataError, match=said):
        contracts.read(tmp_path)


def test_a_folder_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(DataError, match="no such folder"):
        contracts.read(tmp_path / "nothing")


def test_municipalities_are_found_by_any_name_and_count_where_they_are_now(tmp_path):
    rows = [
        "'s-Gravenhage (gemeente);2022;10",
        "Brielle;2022;1,50",
        "GM0530;2022;2",
        "614;2022;4",
        "Voorne aan Zee;2023;8",
        "GM0501;2024;16",
        "Den Haag;2023;32",
    ]
    text = "\n".join(["municipality_code;year;budget_eur", *rows])
    (tmp_path / "budgets.csv").write_text(text, encoding="utf-8")

    told = contracts.read(tmp_path)["budgets"].set_index(["municipality_code", "year"])["budget_eur"]

    assert told.to_dict() == {
        ("GM0518", 2022): 10,
        ("GM1992", 2022): 7.5,
        ("GM1992", 2023): 8,
        ("GM1992", 2024): 16,
        ("GM0518", 2023): 32,
    }


def test_a_volume_of_merged_municipalities_is_not_known_where_one_of_them_is_not(tmp_path):
    rows = ["01020304,0501,2024,ggz,5,04,100", "01020304,0530,2024,ggz,,04,20"]
    head = "provider,municipality_code,year,care_form,agreed_volume,unit,agreed_cents"
    (tmp_path / "agreements.csv").write_text("\n".join([head, *rows]), encoding="utf-8")

    row = contracts.read(tmp_path)["agreements"].squeeze()

    assert (row["municipality_code"], row["agreed_cents"]) == ("GM1992", 120)
    assert row.isna()["agreed_volume"]


@pytest.mark.parametrize("name", ["budget.csv", "Budgets.CSV", "budgets.xlsx", "budgets.csv.gz"])
def test_a_table_under_a_name_that_nothing_reads_is_refused(tmp_path, name):
    (tmp_path / name).write_text("municipality_code,year,budget_eur\nGM0503,2024,5\n", encoding="utf-8")
    (tmp_path / "LEESMIJ.txt").write_text("", encoding="utf-8")

    with pytest.raises(DataError, match=f"{name} is not read; did you mean budgets.csv"):
        contracts.read(tmp_path)


def test_postcodes_are_four_digits_in_any_coat_and_may_lie_in_two_municipalities(tmp_path):
    """Two parts of Voorne aan Zee (Brielle, Hellevoetsluis) are one municipality since 2023."""
    (tmp_path / "postcodes.csv").write_text(
        "postcode,municipality_code\n2611,Delft\n2611 AB,GM0599\n3231,0501\n3231,0530\n", encoding="utf-8"
    )

    rows = contracts.read(tmp_path)["postcodes"][["postcode", "municipality_code"]].to_numpy().tolist()

    assert rows == [["2611", "GM0503"], ["2611", "GM0599"], ["3231", "GM1992"]]


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        (
            "calendar",
            "provider,starts_on,ends_on\n01020304,2026-12-31,2026-01-01\n",
            "row 2: got '2026-01-01', expected a day after starts_on",
        ),
        (
            "tariffs",
            "provider,product_code,year,unit,tariff_cents\n01020304,=1+1,2026,14,14339\n",
            r"row 2: got '=1\+1', expected a product code such as 45A04",
        ),
    ],
)
def test_a_contract_that_ends_before_it_begins_or_is_about_no_product_is_refused(tmp_path, name, text, said):
    (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8")

    with pytest.raises(DataError, match=said):
        contracts.read(tmp_path)


def test_product_codes_in_small_letters_are_those_of_declarations(tmp_path):
    text = "provider,product_code,year,unit,tariff_cents\n1020304,45a04,2026,4,14339\n"
    (tmp_path / "tariffs.csv").write_text(text, encoding="utf-8")

    told = contracts.read(tmp_path)["tariffs"]

    assert told[["provider", "product_code", "unit"]].to_numpy().tolist() == [["01020304", "45A04", "04"]]
