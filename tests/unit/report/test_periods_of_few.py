"""The attack on months, years and years so far: what is planted in any file is found, what is not told is not."""

from __future__ import annotations

import pandas as pd
import pytest

from analyse.present.text.language import translator
from analyse.report import attack as attacking
from analyse.report import period_rows
from analyse.report.period_rows import BEFORE, MONTH, PERIOD, YEAR, between, until
from analyse.report.written import Table, Text

CALENDAR = period_rows.Calendar(("2024-11", "2024-12", "2025-01", "2025-02"), 2024)
PAGES = {"page-a": "GM1", "page-b": "GM2", "page-r": "JZ"}
KNOWN = {
    "GM1": {"2024-11": (20, 9000.0), "2024-12": (20, 9100.0), "2025-01": (5, 1230.0), "2025-02": (4, 777.0)},
    "GM2": {"2024-11": (60, 5e4), "2024-12": (60, 51e3), "2025-01": (50, 3e4), "2025-02": (40, 1e4)},
}


def truth() -> pd.DataFrame:
    """GM1 has 6 youths this year, of whom 4 came in after January, and 7 in the same months of the year before."""
    rows = []
    for area, months in KNOWN.items():
        few = area == "GM1"
        rows += [(area, MONTH, month, float(youths), value) for month, (youths, value) in months.items()]
        sums = {year: sum(v for m, (_, v) in months.items() if m[:4] == year) for year in ("2024", "2025")}
        rows += [
            (area, YEAR, "2024", 25.0 if few else 70.0, sums["2024"]),
            (area, YEAR, "2025", 6.0 if few else 60.0, sums["2025"]),
            (area, YEAR, BEFORE, 7.0 if few else 65.0, 1500.0 if few else 35e3),
            (area, YEAR, until("2025-01"), 3.0 if few else 45.0, 600.0 if few else 2e4),
            (area, YEAR, between("2025-01"), 4.0 if few else 40.0, sums["2025"] - (600.0 if few else 2e4)),
        ]
    table = pd.DataFrame(rows, columns=["area", "measure", "category", "youths", "value"])
    region = (
        table.groupby(["measure", "category"], as_index=False)[["youths", "value"]].sum().assign(area="JZ")
    )
    whole = pd.concat([table, region], ignore_index=True)
    return whole.assign(dimension=PERIOD, category_shown=whole["category"])


def value(category: str, area: str = "GM1") -> float:
    found = truth().set_index(["area", "category"])["value"]
    return float(found[(area, category)])


def told(*written: Table | Text) -> set[str]:
    """The periods of which something is told."""
    rows = period_rows.read(written, PAGES, CALENDAR)
    found = attacking.within_p(attacking.told(rows, truth(), region="JZ"))
    return set(found["category"])


def table(page: str, heads: list[str], *rows: list[str]) -> Table:
    return Table(f"tables/{page}/01.csv", page, tuple(heads), tuple(tuple(row) for row in rows))


def of_months(page: str, *rows: list[str]) -> Table:
    return table(page, ["Maand van de zorg", "Gedeclareerd (euro)"], *rows)


def test_nothing_is_told_of_months_that_are_hidden_with_one_of_their_year():
    shown = of_months(
        "page-a", ["nov 2024", "9000"], ["dec 2024", "9100"], ["jan 2025", ""], ["feb 2025", ""]
    )
    years = table("page-a", ["Jaar van de zorg", "Gedeclareerd (euro)"], ["2024", "18100"], ["2025", ""])

    assert told(shown, years) == set()


def test_a_month_in_a_table_is_found():
    assert told(of_months("page-a", ["jan 2025", "1230"])) == {"2025-01"}


def test_a_month_that_is_left_of_its_year_is_found():
    year = table("page-a", ["Jaar van de zorg", "Gedeclareerd (euro)"], ["2025", "2007"])
    found = told(of_months("page-a", ["feb 2025", "777"]), year)

    assert found == {"2025-01", "2025-02", "2025"}


@pytest.mark.parametrize(
    "written",
    [
        table("page-a", ["Zorgvorm", "Dit jaar (euro)"], ["ggz", "1500"], ["Andere zorgvormen", "507"]),
        table("page-a", ["Aanbieder (AGB-code)", "Jaar ervoor (euro)", "Dit jaar (euro)"], ["x", "", "2007"]),
        table("page-a", ["Stap", "Bedrag"], ["2024", "–"], ["Tarief", "€ 12"], ["2025", "€ 2.010"]),
        table("page-a", ["Step", "Amount"], ["2025", "€2,010"]),
        table("page-a", ["Gedeclareerd tot en met", "Gedeclareerd"], ["februari 2025", "€ 2.010"]),
        Text("a.html", "page-a", "Tot nu toe gedeclareerd € 2.010 Hulp van 2025 tot en met februari 2025."),
        Text("a.html", "page-a", "Van de zorg tot en met februari 2025 is € 2.010 gedeclareerd. Dat is"),
    ],
)  # fmt: skip
def test_a_year_so_far_is_found_in_a_table_or_sentence(written):
    assert told(written) == {"2025"}


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("text", period_rows.SENTENCES)
def test_the_sentences_of_the_first_screen_are_read_as_pages_write_them(text, language):
    month = {"nl": "februari 2025", "en": "February 2025"}[language]
    amount = {"nl": "€ 2.010", "en": "€2,010"}[language]
    said = translator(language).gettext(text, area="A", year=2025, month=month, declared=amount, share="83 %")

    assert told(Text("a.ipynb", "page-a", said)) == {"2025"}


def test_the_amount_of_a_card_may_be_the_text_after_its_label():
    card = Text("a.ipynb", "page-a", "Declared so far"), Text("a.ipynb", "page-a", "€2,010")

    assert told(*card) == {"2025"}
    assert told(card[0], Text("a.ipynb", "page-a", "–"), card[1]) == set()


def test_the_same_months_of_the_year_before_are_found():
    steps = table("page-a", ["Stap", "Bedrag (euro)"], ["2024", "1500"], ["2025", ""])

    assert told(steps) == {BEFORE}


def test_whole_years_in_steps_are_no_months_of_the_year_before():
    steps = table("page-a", ["Stap", "Bedrag (euro)"], ["2023", "1500"], ["2024", "18100"])

    assert told(steps) == set()


def test_a_region_less_the_others_is_found():
    """The page of A shows nothing; those of B and of the region, each enough by itself, tell its year so far."""
    pages = [
        table(page, ["Zorgvorm", "Gedeclareerd (euro)"], ["ggz", str(round(value("2025", area)))])
        for page, area in (("page-b", "GM2"), ("page-r", "JZ"))
    ]

    assert told(pages[0]) == set()
    assert told(*pages) == {"2025"}


def test_what_came_in_between_two_cut_offs_is_found():
    heads = ["Gedeclareerd tot en met", "Gedeclareerd (euro)"]
    both = table("page-a", heads, ["januari 2025", "600"], ["februari 2025", "2007"])

    assert told(both) == {"2025", until("2025-01"), between("2025-01")}


def test_texts_for_planning_are_read_where_they_are_about_declarations():
    declared = table("page-a", ["Gedeclareerd tot en met", "Gedeclareerd"], ["februari 2025", "€ 2.010"])
    accounts = table("page-a", ["Stap", "Bedrag"], ["2023", "€ 2.010"], ["2024", "€ 3.000"])
    said = Text("a.html", "page-a", "Van de zorg tot en met februari 2025 is € 2.010 gedeclareerd.")

    assert [period_rows.of_cut_offs(one) for one in (declared, accounts, said)] == [True, False, True]


def test_a_table_of_some_of_the_providers_is_no_sum():
    some = table(
        "page-a", ["Aanbieder (AGB-code)", "Afgesproken (euro)", "Gedeclareerd (euro)"], ["x", "9", "2007"]
    )
    assert told(some) == set()
