"""What fewer than ten youths cost in a year so far, or in a year, is on no page, nor does it follow from another."""

from __future__ import annotations

import datetime
from types import SimpleNamespace

import duckdb
import numpy as np
import pandas as pd
import pytest

from analyse.monitor import few_in_period, inputs, queries, year_end
from analyse.present import monitor
from analyse.present.exhibits.exhibit import Exhibit
from analyse.present.monitor import Page, attention, expected_year, ledger
from analyse.present.text import formats
from analyse.sources import declarations
from analyse.sources.declarations.demo import message_files, settings, simulation
from tests import declaration_page

JANUARY = datetime.date(2024, 1, 31)


def seen(rows, cut_off="2024-02"):
    """Inputs with lines of (municipality, youth, month of care, day of declaration, cents)."""
    names = ["municipality_code", "client", "product_month", "declared_on", "amount_cents"]
    lines = pd.DataFrame(rows, columns=names).astype(
        {"product_month": "datetime64[ns]", "declared_on": "datetime64[ns]"}
    )
    connection = duckdb.connect()
    connection.register("payable", lines)
    last = (pd.Timestamp(cut_off) + pd.offsets.MonthEnd(0)).date()
    return SimpleNamespace(
        cut_off=cut_off,
        year=last.year,
        last_day=last,
        same_day=lambda year: last.replace(year=year, day=28),
        declared=lambda members, day=last: queries.Known(connection, members, day),
    )


def youths(count, month, declared_on, *, first=0, code="GM0503", cents=100):
    return [(code, f"{first + one}", f"{month}-01", declared_on, cents) for one in range(count)]


def test_a_year_so_far_of_nine_youths_is_hidden_and_of_ten_is_not():
    nine, ten = (seen(youths(count, "2024-01", "2024-02-10")) for count in (9, 10))

    assert few_in_period.hidden(nine, ["GM0503"]) == {few_in_period.NOW, "2024"}
    assert few_in_period.to_date(nine, ["GM0503"]) == {"2024-02": "few"}
    assert few_in_period.hidden(ten, ["GM0503"]) == frozenset() and not few_in_period.to_date(ten, ["GM0503"])


def test_a_youth_whose_care_was_taken_back_counts_no_longer():
    taken_back = youths(1, "2024-01", "2024-02-20", first=9, cents=-100)
    ten = seen([*youths(10, "2024-01", "2024-01-20"), *taken_back])

    assert few_in_period.to_date(ten, ["GM0503"])["2024-02"] == "few"
    assert few_in_period.NOW in few_in_period.hidden(ten, ["GM0503"])


def test_a_region_hides_what_one_of_its_municipalities_hides():
    both = seen(
        [*youths(40, "2024-01", "2024-01-20"), *youths(3, "2024-01", "2024-01-20", first=50, code="GM0518")]
    )

    assert few_in_period.NOW in few_in_period.hidden(both, ["GM0503", "GM0518"])
    assert few_in_period.hidden(both, ["GM0503"]) == frozenset()


def test_of_two_amounts_so_far_the_older_goes_where_few_youths_are_between_them():
    four_more = seen([*youths(40, "2024-01", "2024-01-20"), *youths(4, "2024-01", "2024-02-20", first=38)])
    nobody_more = seen(youths(40, "2024-01", "2024-01-20"))

    assert few_in_period.to_date(four_more, ["GM0503"]) == {"2024-01": "between"}
    assert few_in_period.to_date(nobody_more, ["GM0503"]) == {}


def test_the_year_before_is_counted_as_it_was_known_a_year_ago():
    late = seen([*youths(9, "2023-02", "2023-02-20"), *youths(9, "2023-02", "2023-06-20", first=9)])

    assert few_in_period.hidden(late, ["GM0503"]) == {few_in_period.BEFORE}


def test_youths_who_come_in_after_a_month_count_once_over_all_later_months():
    """Eight in February and eight in March, of whom four were there, are twelve; and one of January comes back."""
    rows = [*youths(12, "2024-01", "2024-01-20"), *youths(8, "2024-01", "2024-02-20", first=20),
            *youths(8, "2024-01", "2024-03-20", first=24), *youths(1, "2024-03", "2024-03-20")]  # fmt: skip
    later = seen(rows, cut_off="2024-03")

    found = later.declared(["GM0503"]).after(2024, months=3).set_index("period")["clients"]

    assert found.to_dict() == {"2024-01": 13, "2024-02": 9}


TRACK = pd.DataFrame(
    {
        "cut_off": ["2024-01", "2024-02"],
        "year": 2024,
        "declared_eur": [3e3, 8e3],
        "completed_eur": [9e3, 12e3],
        "to_come_eur": [100e3, 80e3],
        "lump_sum_eur": 0.0,
        **dict.fromkeys(("mean", "q0.025", "q0.1", "q0.5", "q0.9", "q0.975"), 95e3),
        "budget_eur": 120e3,
        "probability": 0.1,
    }
)
HIDDEN = {"2024-01": "few", "2024-02": "few"}


def test_what_was_declared_goes_and_the_completed_amount_where_it_tells_it():
    made = year_end.without_few_to_date(TRACK, HIDDEN)

    assert made["declared_eur"].isna().all()
    assert made["completed_eur"].isna().tolist() == [False, True]
    assert made["to_come_eur"].isna().tolist() == [False, True], (
        "the forecast less this is the completed amount"
    )
    assert made["mean"].tolist() == [95e3, 95e3]


def test_the_forecast_of_a_year_goes_where_most_of_it_has_been_declared():
    december = TRACK.assign(declared_eur=80e3, completed_eur=95e3, to_come_eur=0.0)

    assert (
        year_end.without_few_to_date(december, HIDDEN)[["mean", "q0.1", "probability"]].isna().all(axis=None)
    )
    between = year_end.without_few_to_date(december, {"2024-01": "between"})
    assert between["mean"].notna().all(), "the forecasts of two months differ for other reasons too"


@pytest.mark.parametrize("language", ["nl", "en"])
def test_sentence_and_cards_say_that_an_amount_is_left_out_and_why(language):
    page = Page("Delft", False, language, apart={few_in_period.PERIOD: frozenset({"now", "2024"})})
    track = year_end.without_few_to_date(TRACK, HIDDEN)
    said = expected_year.finding(track, page).content["paragraphs"][0]
    cards = attention.figures(track, page, youths=(7, 400)).content["cards"]

    assert page.not_shown(expected_year.so_far(page, "2024-02")) in said
    assert formats.euro(8e3, language) not in said and formats.euro(95e3, language) in said
    assert [one["value"] for one in cards[3:]] == ["–", "–"]
    assert cards[3]["details"][0].startswith(("Niet te zien", "Not shown"))


@pytest.mark.parametrize("mean", [95e3, float("nan")])
def test_a_forecast_that_is_left_out_does_not_come_back_elsewhere(mean):
    page = Page("Delft", False, "en", apart={few_in_period.PERIOD: frozenset({"now", "2024"})})
    track = year_end.without_few_to_date(TRACK.assign(declared_eur=80e3), HIDDEN)
    parts = pd.DataFrame({"care_form": ["ggz"], "declared_eur": 80e3, "mean": mean, "q0.1": mean, "q0.9": mean,
                          "lump_sum_eur": 0.0, "budget_eur": np.nan, "probability": np.nan})  # fmt: skip
    shown = [
        expected_year.finding(track, page),
        expected_year.track(track, page),
        expected_year.parts(parts, page),
    ]

    assert [one.kind for one in shown] == ["text"] * 3
    assert all("fewer than ten youths" in one.content["paragraphs"][0] for one in shown)
    assert not any(text in str(one.content) for one in shown for text in ("95,000", "80,000"))


def test_the_ledger_leaves_out_the_year_and_its_youths():
    table = pd.DataFrame({"year": [2023, 2024], "declared_eur": [4e5, 7e3], "completed_eur": [4e5, 9e3],
                          "lump_sum_eur": 0.0, "agreed_eur": 5e5, "ledger_eur": 9e5, "explained_percent": [44.0, 1.0],
                          "clients": [40.0, 12.0], "cbs_clients": 50.0})  # fmt: skip
    page = Page("Delft", False, "en", apart={few_in_period.PERIOD: frozenset({"2024"})})
    rows = ledger.reconciled(table, page).table.as_json()["values"]

    assert rows[0][1] == 4e5 and rows[1][1:3] == [None, None] and rows[1][6:8] == [None, None]


def test_years_of_few_are_not_compared():
    page = Page("Delft", False, "en", apart={few_in_period.PERIOD: frozenset({"2023"})})
    split = pd.DataFrame({"before_eur": [9e3], "after_eur": [9e5]})
    against = pd.DataFrame({"cost_eur": [9e3]})

    assert monitor.quantities(split, page, years=(2023, 2024), whole=True).kind == "text"
    assert monitor.agreed(against, page, year=2023, beside=pd.Series(dtype=float)).kind == "text"
    assert monitor.agreed_by_provider(against, page, year=2023, youths=pd.Series()).kind == "text"


@pytest.fixture(scope="module", params=[(2021, 14.0), (2023, 11.0)], ids=["with a forecast", "of few months"])
def small(request, tmp_path_factory):
    """The page of a municipality of a dozen youths in January, and what must not be on it."""
    folder = tmp_path_factory.mktemp("small")
    first, clients = request.param
    years = range(first, 2025)
    targets = pd.DataFrame({"municipality_code": "GM0503", "year": years, "clients": clients, "cost_eur": 1.4e5,
                            "budget_eur": 1.4e5, "residential_share": 0.07})  # fmt: skip
    made = simulation.simulate(targets, settings.load(), seed=3)
    message_files.write(made, folder / "demo", until=datetime.date(2024, 2, 26), formats=("xml",))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ANALYSE_DECLARATIONS_KEY", str(folder / "secret" / "key"))
        declarations.read([folder / "demo" / "berichten"], folder / "store")
    known = inputs.read(folder / "store", folder / "demo" / "contracts")
    shown = declaration_page.of(folder / "store", folder / "demo" / "contracts", samples=100)
    return known, shown


def amounts(shown: list[Exhibit]) -> list[float]:
    """Every amount in a table of a page, exactly."""
    tables = [table for one in shown for table in (one.table, one.whole) if table is not None]
    return [
        value
        for table in tables
        for row in table.as_json()["values"]
        for value in row
        if isinstance(value, int | float)
    ]


def test_the_page_of_a_small_municipality_early_in_a_year_tells_nothing_of_it(small):
    known, shown = small
    found = known.declared(["GM0503"]).of_areas(known.year, months=known.last_day.month)["youths"]
    youths, amount = int(found["clients"].sum()), float(found["cost_eur"].sum())
    texts = " ".join(str(one.content or one.alt) + one.title for one in shown)

    assert known.cut_off == "2024-02" and 0 < youths < 10 and amount > 0, "otherwise there is nothing to hide"
    assert formats.euro(amount) not in texts
    assert not [one for one in amounts(shown) if abs(one - amount) < 1]
    assert "Niet te zien: wat er van 2024 tot en met februari 2024 is gedeclareerd" in texts
