"""Early warning on inflow of which the truth is known: few false alarms, and real changes found."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analyse.monitor import early_warning

MONTHS = pd.period_range("2020-01", "2024-12", freq="M").astype(str)


def flows(rng: np.random.Generator, monthly: dict[str, float], *, rise: float = 0.0) -> pd.DataFrame:
    """Poisson counts with a season; in 2024 the inflow is ``rise`` higher."""
    season = np.tile([1.1, 1.0, 1.1, 1.0, 0.95, 1.0, 0.7, 0.65, 1.2, 1.2, 1.15, 0.95], 5)
    factor = np.where(pd.Index(MONTHS) >= "2024-01", 1 + rise, 1.0)
    parts = [
        pd.DataFrame({"care_form": name, "period": MONTHS, "inflow": rng.poisson(size * season * factor)})
        for name, size in monthly.items()
    ]
    return pd.concat(parts, ignore_index=True)


def test_nothing_changed_gives_at_most_one_alarm_in_five_years():
    rng, alarms, runs = np.random.default_rng(2), 0, 60
    for _ in range(runs):
        found = early_warning.watched(flows(rng, {"a": 200, "b": 80, "c": 15}), year=2024, first="2020-01")
        alarms += found[found["alarm"]]["care_form"].nunique()

    assert alarms * 5 / runs <= 1.0, "five years have five times the alarms of one"


def test_a_rise_of_a_tenth_is_found_within_three_months_in_a_region():
    rng, hits = np.random.default_rng(3), 0
    for _ in range(20):
        known = flows(rng, {"a": 1500, "b": 500}, rise=0.1)
        found = early_warning.watched(known[known["period"] <= "2024-03"], year=2024, first="2020-01")
        hits += found["alarm"].any()

    assert hits >= 18


def test_the_change_of_the_year_to_date_lies_in_its_interval_and_small_series_are_not_watched():
    rng, inside = np.random.default_rng(4), 0
    for _ in range(100):
        found = early_warning.watched(flows(rng, {"a": 300, "b": 4}, rise=0.06), year=2024, first="2020-01")
        row = found[(found["care_form"] == "a") & (found["period"] == "2024-12")].iloc[0]
        inside += row["low"] <= 0.06 <= row["high"]

    assert set(found["care_form"]) == {"a", "total"} and found["limit"].iloc[0] == 120
    assert 70 <= inside <= 90, "of 100 intervals of 80 %"


def test_too_short_a_past_gives_no_row_and_a_small_month_is_not_shown():
    rng = np.random.default_rng(5)
    known = flows(rng, {"a": 300, "b": 12})

    assert early_warning.watched(known, year=2024, first="2023-01").empty
    found = early_warning.watched(known, year=2024, first="2020-01")
    assert set(early_warning.shown(found)["care_form"]) == {"a", "total"}, "a month of b has fewer than ten"
