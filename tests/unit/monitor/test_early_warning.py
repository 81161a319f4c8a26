"""Early warning on series of which the truth is known: few false alarms, and real changes found as soon as can be."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from analyse.monitor import early_warning, sequential
from analyse.present.monitor import warnings
from analyse.present.monitor.page import Page

MONTHS = pd.period_range("2020-01", "2024-12", freq="M").astype(str)
SEASON = np.tile([1.1, 1.0, 1.1, 1.0, 0.95, 1.0, 0.7, 0.65, 1.2, 1.2, 1.15, 0.95], 5)


def flows(rng: np.random.Generator, monthly: dict[str, float], *, rise: float = 0.0) -> pd.DataFrame:
    """Poisson counts with a season; in 2024 the inflow is ``rise`` higher."""
    factor = np.where(pd.Index(MONTHS) >= "2024-01", 1 + rise, 1.0)
    parts = [
        pd.DataFrame({"care_form": name, "period": MONTHS, "inflow": rng.poisson(size * SEASON * factor)})
        for name, size in monthly.items()
    ]
    return pd.concat(parts, ignore_index=True)


def watched(table: pd.DataFrame, *, until: str = "2024-12", **more: object) -> pd.DataFrame:
    known = table[table["period"] <= until]
    return early_warning.watched(known, year=2024, first="2020-01", **more)


def test_nothing_changed_gives_at_most_one_alarm_in_five_years_the_region_counted_in():
    rng, alarms, runs = np.random.default_rng(2), 0, 60
    for _ in range(runs):
        own = flows(rng, {"a": 200, "b": 80, "c": 15})
        found = watched(own, wider=pd.concat([own, flows(rng, {"a": 900, "b": 400, "c": 60})]))
        alarms += found[found["alarm"]].groupby(["series", "care_form"]).ngroups

    assert alarms * 5 / runs <= 1.0, "five years have five times the alarms of one"


def test_a_rise_is_found_within_three_months_where_the_size_allows_it():
    rng = np.random.default_rng(3)
    hits = {
        (size, rise): np.mean(
            [watched(flows(rng, {"a": size}, rise=rise), until="2024-03")["alarm"].any() for _ in range(20)]
        )
        for size, rise in ((2000, 0.1), (4000, 0.05), (110, 0.05))
    }

    assert hits[2000, 0.1] >= 0.9 and hits[4000, 0.05] >= 0.8
    assert hits[110, 0.05] <= 0.5, "no test can find that: at best a quarter"


def test_a_rise_of_the_whole_region_is_found_for_its_small_municipality():
    rng, hits = np.random.default_rng(4), 0
    for _ in range(20):
        own = flows(rng, {"a": 100}, rise=0.08)
        found = watched(own, until="2024-03", wider=pd.concat([own, flows(rng, {"a": 3000}, rise=0.08)]))
        hits += found.loc[found["series"].eq("wider"), "alarm"].any()

    assert hits >= 18


def test_no_test_finds_more_than_the_best_one():
    found = [
        (size, sequential._found(_told(size), 0.05, sequential.limits(_told(size), alarms_a_year=0.2)[0]))
        for size in (200, 1000, 3000)
    ]

    assert all(part <= sequential.most_found(size, 0.05) + 0.03 for size, part in found)
    assert sequential.smallest_found(_told(3000), alarms_a_year=0.2) <= 0.05


def _told(size: float) -> sequential.Expected:
    return sequential.Expected(np.full(12, float(size)), 1.0, 0.0, np.zeros(12))


def test_starts_that_are_not_known_yet_are_counted_in():
    table = flows(np.random.default_rng(5), {"a": 900})
    late = table["inflow"].where(table["period"] != "2024-06", table["inflow"] * 0.6).round()
    seen = table.assign(inflow=late)

    taken_as_whole = watched(seen, until="2024-06")
    completed = watched(seen, until="2024-06", reported=pd.Series({"2024-06": 0.6}))

    newest = [one[one["care_form"].eq("total")].iloc[-1] for one in (taken_as_whole, completed)]
    assert newest[0]["alarm"] and newest[0]["change"] < 0, "a month that is not in looks like a fall"
    assert not newest[1]["alarm"] and newest[1]["seen"] == pytest.approx(table["inflow"].iloc[53], rel=0.01)


def test_the_level_follows_years_that_differ_and_the_mean_of_years_that_do_not():
    def level(*years: float) -> float:
        return early_warning._level(np.log(np.array(years)), 0.0001)[0]

    assert level(100, 100.5, 99.5) == pytest.approx(np.log(100), abs=0.003)
    assert level(100, 120, 144) == pytest.approx(np.log(144), abs=0.01)


def test_the_change_of_the_year_to_date_lies_in_its_interval_and_small_series_are_not_watched():
    rng, inside = np.random.default_rng(6), 0
    for _ in range(100):
        found = watched(flows(rng, {"a": 300, "b": 4}, rise=0.06))
        row = found[(found["care_form"] == "a") & (found["period"] == "2024-12")].iloc[0]
        inside += row["low"] <= 0.06 <= row["high"]

    assert set(found["care_form"]) == {"a", "total"}
    assert 70 <= inside <= 92, "of 100 intervals of 80 %"


def test_stock_and_tariffs_that_leave_their_path_are_called():
    rng = np.random.default_rng(7)
    table = flows(rng, {"a": 300}).assign(
        stock=np.round(4000 * 1.001 ** np.arange(60) + rng.normal(0, 15, 60))
    )
    years = (
        pd.Series(MONTHS)
        .str[:4]
        .map({"2020": np.nan, "2021": 0.03, "2022": 0.04, "2023": 0.035, "2024": 0.04})
    )
    prices = pd.DataFrame({"period": MONTHS, "growth": years + rng.normal(0, 0.001, 60)})

    def called(table: pd.DataFrame, prices: pd.DataFrame) -> set[str]:
        found = watched(table, prices=prices)
        return set(found.loc[found["alarm"], "series"]) & {"stock", "price"}

    assert called(table, prices) == set()
    now = table["period"] >= "2024-01"
    grown = table.assign(stock=table["stock"] * np.where(now, 1 + 0.01 * (np.arange(60) - 47), 1.0))
    dearer = prices.assign(growth=prices["growth"] + np.where(prices["period"] >= "2024-01", 0.06, 0.0))
    assert called(grown, dearer) == {"stock", "price"}


def test_too_short_a_past_gives_no_row_and_a_small_month_is_not_shown():
    known = flows(np.random.default_rng(8), {"a": 300, "b": 12})

    assert early_warning.watched(known, year=2024, first="2023-01").empty
    shown = early_warning.shown(watched(known))
    assert set(shown["care_form"]) == {"a", "total"}, "a month of b has fewer than ten"


def test_the_page_says_what_was_found_and_from_which_rise_on():
    rng, page = np.random.default_rng(9), Page("Delft", False, "en")
    own = flows(rng, {"ggz": 100}, rise=0.15)
    found = watched(own, wider=pd.concat([own, flows(rng, {"ggz": 3000}, rise=0.15)]))

    made = warnings.warnings(early_warning.shown(found), page)

    assert "other than was expected" in made.title
    rows = {row[0]: row for row in made.table.cells}
    assert rows["Started: all care in the region"][-2] == "more"
    assert rows["Started: all care in the region"][-1] in ("4%", "5%", "6%")
    assert set(rows) == {
        "Started: mental health care (ggz)",
        "Started: all care forms",
        "Started: all care in the region",
    }
