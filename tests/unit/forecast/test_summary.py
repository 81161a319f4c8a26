"""Quantiles and chances, worked out by hand on a handful of samples."""

import numpy as np
import pandas as pd
import pytest

from analyse.errors import DataError
from analyse.forecast import summary
from analyse.forecast.simulate import by_area
from analyse.history import panel
from analyse.schema import quantile_names


@pytest.fixture
def five():
    """One area, one year, five futures: 10, 20, 30, 40, 50."""
    return pd.DataFrame(
        {
            "area_code": "GM0503",
            "period": 2025,
            "sample": range(5),
            "stage": "forecast",
            "cost_eur": [30.0, 10.0, 50.0, 20.0, 40.0],
        }
    )


def _history(budget, status="final"):
    return pd.DataFrame(
        {"area_code": ["GM0503"], "period": [2025], "budget_eur": [budget], "budget_status": [status]}
    )


def test_quantiles_by_hand(five):
    row = summary.quantiles(five, ["cost_eur"]).iloc[0]
    assert row["mean"] == 30.0
    assert row[["q0.025", "q0.1", "q0.5", "q0.9", "q0.975"]].tolist() == pytest.approx(
        [11.0, 14.0, 30.0, 46.0, 49.0]
    )


def test_the_chance_counts_the_futures_above_the_budget(five):
    row = summary.chance_budget_exceeded(five, _history(25.0)).iloc[0]
    assert row["probability"] == 0.6
    assert row["amount_at_risk_eur"] == pytest.approx(46.0 - 25.0)


def test_the_chance_is_a_range_where_two_budgets_can_be_meant(five):
    # Costs of 10, 20, 30, 40 and 50: three above 25, and two above the largest budget of 35.
    history = _history(25.0).assign(budget_with_policy_eur=35.0)

    row = summary.chance_budget_exceeded(five, history).iloc[0]

    assert (row["probability_low"], row["probability"]) == (0.4, 0.6)


def test_a_budget_above_nine_tenths_of_the_futures_is_no_risk(five):
    assert summary.chance_budget_exceeded(five, _history(48.0)).iloc[0]["amount_at_risk_eur"] == 0.0


def test_an_incomplete_budget_gives_no_chance(five):
    row = summary.chance_budget_exceeded(five, _history(25.0, "incomplete")).iloc[0]
    assert np.isnan(row["probability"])
    assert row["budget_eur"] == 25.0


def test_an_unknown_budget_gives_no_row(five):
    assert summary.chance_budget_exceeded(five, _history(np.nan, "missing")).empty


def test_next_accounts_tell_nothing_of_a_year_that_does_not_move_with_them():
    # Four futures: low-low, low-high, high-low and high-high. 2026 is as wide once 2025 is known.
    paths = pd.DataFrame({
        "area_code": "GM0503", "period": [2025] * 4 + [2026] * 4, "sample": [0, 1, 2, 3] * 2, "stage": "forecast",
        "cost_eur": [90.0, 90.0, 110.0, 110.0, 90.0, 110.0, 90.0, 110.0],
    })  # fmt: skip
    first, second = (row for _, row in summary.certainty(paths).iterrows())
    assert first["width_80_percent"] == pytest.approx(20.0)
    assert first["width_80_then_percent"] == pytest.approx(0.0, abs=1e-6)
    assert second["width_80_then_percent"] == pytest.approx(20.0)


def test_two_care_forms_at_once_are_refused(five):
    with pytest.raises(DataError, match="one row per"):
        summary.quantiles(pd.concat([five, five]), ["cost_eur"])


def test_every_forecast_year_has_both_intervals_and_the_wider_holds_the_narrower(path_table):
    found = summary.quantiles(by_area(path_table, "municipality")).query("stage == 'forecast'")
    assert len(found) == 35 * 6 * 3
    ordered = found[quantile_names()].to_numpy()
    assert (np.diff(ordered, axis=1) >= 0).all()
    costs = found.query("measure == 'cost_eur'")
    assert (costs["q0.975"] > costs["q0.025"]).all()


def test_rotterdams_incomplete_budget_of_2026_makes_its_region_incomplete(path_table, history):
    chances = summary.chance_budget_exceeded(by_area(path_table, "region"), panel.by_area(history, "region"))
    rijnmond = chances.query("area_code == 'JZ29' and period == 2026").iloc[0]
    assert rijnmond["budget_status"] == "incomplete"
    assert np.isnan(rijnmond["probability"])
