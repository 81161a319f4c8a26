"""The backtest: only what was known, hand-made scores, and intervals that hold on the real accounts."""

import numpy as np
import pandas as pd
import pytest

from analyse.errors import ParameterError
from analyse.forecast import backtest
from analyse.forecast import known as knowledge


@pytest.fixture(scope="module")
def tested(history, tables):
    return backtest.run(history, tables, rng=np.random.default_rng(20241231))


def test_nothing_after_the_origin_is_known(history, tables):
    then = knowledge.as_of(history, tables, origin=2020)
    assert then.years.tolist() == [2017, 2018, 2019, 2020]
    assert then.price_growth.index.max() == 2020
    assert then.youths.shape == (35, 5)
    assert then.budget_eur.shape == (35, 6)
    assert then.tables["population"]["year"].max() == 2021
    assert then.tables["population_dynamics"]["year"].max() == 2020
    assert then.tables["usage"].empty
    assert np.isnan(then.clients).all()
    assert then.national_clients.index.max() == 2020


def test_the_price_assumption_of_the_past_is_the_mean_of_the_index_so_far_with_the_same_margins(
    history, tables
):
    now, then = (knowledge.as_of(history, tables, origin=origin) for origin in (None, 2020))
    usual, assumed = (one.assumptions["price_growth_percent"] for one in (now, then))
    assert assumed.value == pytest.approx(100 * then.price_growth.mean())
    assert assumed.value != pytest.approx(usual.value, abs=0.1)
    assert assumed.value - assumed.low == pytest.approx(usual.value - usual.low)
    assert assumed.high - assumed.value == pytest.approx(usual.high - usual.value)


def test_costs_of_nothing_are_unknown(history, tables):
    rows = (history["municipality_code"] == "GM0503") & (history["period"] == 2022)
    then = knowledge.as_of(history.assign(cost_eur=history["cost_eur"].mask(rows, 0.0)), tables)
    delft = then.cost_eur[then.codes.index("GM0503")]
    assert np.isnan(delft[then.years == 2022]).all()
    assert np.isfinite(delft[then.years != 2022]).all()


def test_changing_the_future_changes_no_forecast_of_the_past(history, tables):
    changed = history.copy()
    later = changed["period"] > 2021
    changed.loc[later, "cost_eur"] *= 3
    changed.loc[changed["period"] > 2022, "budget_eur"] *= 3
    changed.loc[changed["period"] > 2022, ["youths", "youths_0_22"]] *= 3
    prices = tables["price_index"].copy()
    prices.loc[prices["year"] > 2021, "change_percent"] *= 3
    columns = ["area_code", "level", "horizon", *backtest.quantile_names()]
    told = []
    for past, known in ((history, tables), (changed, {**tables, "price_index": prices})):
        table = backtest.run(past, known, rng=np.random.default_rng(1), samples=50, origins=[2021])
        told.append(table.query("method == 'forecast'")[columns])
    pd.testing.assert_frame_equal(*told)


@pytest.mark.parametrize("own", [{"budget_signal": False}, {"leave_out_years": [2019]}])
def test_own_assumptions_change_the_forecast_of_the_past_and_not_what_came(history, tables, own):
    size = {"samples": 50, "origins": [2021], "methods": ["forecast", "budget"], "only": ["GM0503", "GM0599"]}
    usual, changed = (
        backtest.run(history, tables, rng=np.random.default_rng(1), assumptions=one, **size)
        for one in (None, own)
    )
    ours = usual["method"].eq("forecast")

    pd.testing.assert_series_equal(usual["actual_eur"], changed["actual_eur"])
    assert (usual.loc[~ours, "q0.5"] == changed.loc[~ours, "q0.5"]).all()
    assert (usual.loc[ours, "q0.5"] != changed.loc[ours, "q0.5"]).all()


def test_every_origin_horizon_level_and_method_is_there(tested):
    seen = tested.query("method == 'forecast' and level == 'all'")[["origin", "horizon"]].to_numpy().tolist()
    assert seen == [
        [2019, 1],
        [2019, 2],
        [2019, 3],
        [2020, 1],
        [2020, 2],
        [2020, 3],
        [2021, 1],
        [2021, 2],
        [2021, 3],
        [2022, 1],
        [2022, 2],
        [2023, 1],
    ]
    assert set(tested["method"]) == {"forecast", "last_year", "last_growth", "budget"}
    assert set(tested["level"]) == {"municipality", "region", "all"}


def test_faulty_accounts_are_not_compared_with_but_their_region_is(tested):
    rows = tested.query("period == 2022 and horizon == 1 and method == 'forecast'").set_index("area_code")
    assert "GM0569" not in rows.index
    assert rows.loc["JZ18", "actual_eur"] == rows.loc[list(_members(tested, rows)), "actual_eur"].sum()


def _members(tested, rows):
    """Holland Rijnland of today, of which the accounts of 2022 are known."""
    codes = [
        "GM0484",
        "GM0534",
        "GM0537",
        "GM0546",
        "GM0547",
        "GM0553",
        "GM0569",
        "GM0575",
        "GM0579",
        "GM0626",
        "GM0638",
        "GM1525",
        "GM1884",
    ]
    return [code for code in codes if code in rows.index]


def test_last_year_is_last_years_accounts(tested, history):
    delft = tested.query("area_code == 'GM0503' and origin == 2023 and method == 'last_year'").iloc[0]
    accounts = history.query("municipality_code == 'GM0503'").set_index("period")["cost_eur"]
    assert delft["q0.5"] == accounts[2023]
    assert delft["actual_eur"] == accounts[2024]
    assert np.isnan(delft["q0.1"])


def test_score_by_hand():
    table = pd.DataFrame(
        {
            "method": "forecast",
            "actual_eur": [100.0, 100.0, 200.0],
            "q0.025": [80.0, 80.0, 80.0],
            "q0.1": [90.0, 101.0, 90.0],
            "q0.5": [110.0, 105.0, 100.0],
            "q0.9": [120.0, 120.0, 150.0],
            "q0.975": [130.0, 130.0, 160.0],
        }
    )
    # Off by +10 %, +5 % and -50 %: median size 10, median +5. Inside 80 %: the first; inside 95 %: two.
    row = backtest.score(table, ["method"]).iloc[0]
    assert row.tolist() == [
        "forecast",
        3,
        pytest.approx(10.0),
        pytest.approx(5.0),
        pytest.approx(1 / 3),
        pytest.approx(2 / 3),
    ]


def test_an_origin_without_accounts_after_it_is_refused(history, tables):
    with pytest.raises(ParameterError, match="2024"):
        backtest.run(history, tables, rng=np.random.default_rng(1), origins=[2024])
    with pytest.raises(ParameterError, match="2019 to 2024"):
        backtest.run(history, tables, rng=np.random.default_rng(1), origins=[2018])


def test_intervals_hold_for_municipalities(tested):
    scores = backtest.score(tested.query("level == 'municipality' and method == 'forecast'"), ["horizon"])
    assert scores["coverage_80"].between(0.72, 0.93).all()
    assert scores["coverage_95"].between(0.90, 1.0).all()


def test_the_forecast_beats_the_rivals_and_the_budget_for_municipalities(tested):
    scores = backtest.score(tested.query("level == 'municipality'"), ["horizon", "method"])
    error = scores.pivot(index="horizon", columns="method", values="median_absolute_percentage_error")
    for rival in ("last_year", "last_growth"):
        assert (error["forecast"] < error[rival]).all()
    assert error.loc[1, "forecast"] < error.loc[1, "budget"] / 2 + 0.5


def test_with_and_without_the_break_of_2023_can_be_told_apart(tested):
    broken = tested.query("break_between")
    assert broken["period"].min() == 2023
    assert (broken["origin"] < 2023).all()


def test_scaled_measures_by_hand():
    table = pd.DataFrame(
        {
            "method": ["forecast"] * 2,
            "actual_eur": [100.0, 300.0],
            "q0.025": [90.0, 310.0],
            "q0.1": [95.0, 320.0],
            "q0.5": [110.0, 330.0],
            "q0.9": [120.0, 340.0],
            "q0.975": [130.0, 350.0],
            "crps_eur": [4.0, 20.0],
            "scale_eur": [10.0, 20.0],
        }
    )
    row = backtest.score(table, ["method"], measures=backtest.SCALED).iloc[0]
    # Off by 10 and 30, usual change 10 and 20; 40 wide and inside, 40 wide and missed by 10 (times 40).
    assert row["mase"] == pytest.approx((10 / 10 + 30 / 20) / 2)
    assert row["smape_percent"] == pytest.approx((200 * 10 / 210 + 200 * 30 / 630) / 2)
    assert row["scaled_crps"] == pytest.approx((0.4 + 1.0) / 2)
    assert row["msis_95"] == pytest.approx((40 / 10 + (40 + 400) / 20) / 2)


def test_the_scale_knows_only_the_past_and_a_point_has_its_error_as_crps(tested, history):
    row = tested.query(
        "area_code == 'GM0503' and origin == 2020 and horizon == 1 and method == 'last_year'"
    ).iloc[0]
    accounts = history.query("municipality_code == 'GM0503' and period <= 2020").sort_values("period")[
        "cost_eur"
    ]
    assert row["scale_eur"] == pytest.approx(accounts.diff().abs().mean())
    assert row["crps_eur"] == pytest.approx(abs(row["q0.5"] - row["actual_eur"]))


def test_every_municipality_has_a_size_and_nothing_else_has(tested):
    sizes = tested.groupby("level")["size"].agg(set)
    assert sizes["municipality"] == set(backtest.SIZES)
    assert sizes["region"] == sizes["all"] == {""}
    assert set(tested.query("area_code == 'GM0599'")["size"]) == {"large"}
    assert set(tested.query("area_code == 'GM0638'")["size"]) == {"small"}


def test_other_rivals_can_be_asked_for(history, tables):
    rng = np.random.default_rng(1)
    found = backtest.run(
        history, tables, rng=rng, samples=20, origins=[2022], methods=["forecast", "drift", "engine"]
    )
    assert set(found["method"]) == {"forecast", "drift", "engine"}
    assert found.query("method == 'engine'")["q0.1"].notna().all()
    with pytest.raises(ParameterError, match="did you mean drift"):
        backtest.run(history, tables, rng=rng, methods=["drfit"])


def test_scores_by_class_are_the_means_over_the_origins(tested):
    scores = backtest.scores_by_class(tested.query("method == 'forecast'"))
    rows = scores.query("level == 'municipality' and size == 'all' and horizon == 1")
    by_origin = rows.query("origin != 'all'")
    assert by_origin["origin"].tolist() == ["2019", "2020", "2021", "2022", "2023"]
    mean = rows.query("origin == 'all'").iloc[0]
    assert mean["crps_percent"] == pytest.approx(by_origin["crps_percent"].mean())
    assert mean["n"] == by_origin["n"].sum()


def test_a_class_of_size_holds_municipalities_with_so_many_inhabitants(tested):
    scores = backtest.scores_by_class(
        tested.query("method == 'forecast' and horizon == 1 and origin == 2023")
    )
    count = scores.query("level == 'municipality' and origin == '2023'").set_index("size")["n"]
    local = tested.query(
        "level == 'municipality' and method == 'forecast' and horizon == 1 and origin == 2023"
    )
    assert count["below 20,000"] == (local["inhabitants"] < 20_000).sum() > 0
    assert count["from 100,000"] == (local["inhabitants"] >= 100_000).sum() > 0
    assert count["all"] == count.drop("all").sum() == len(local)


def test_forecasts_can_be_scored_by_anyone(tested):
    rows = backtest.forecasts(tested.query("method == 'forecast'"))
    assert " ".join(rows) == "municipality_code origin period mean 0.025 0.1 0.5 0.9 0.975"
    assert not rows.duplicated(["municipality_code", "origin", "period"]).any()
    delft = rows.query("municipality_code == 'GM0503' and origin == 2020 and period == 2022").iloc[0]
    assert delft["0.025"] < delft["0.1"] < delft["0.5"] < delft["0.9"] < delft["0.975"]


def test_a_half_and_a_region_leave_no_totals_of_others(tested):
    half = backtest.part(tested, half=1)
    assert set(half["level"]) == {"municipality"}
    assert {backtest.half_of(code) for code in half["area_code"]} == {1}
    region = backtest.part(tested, regions=["JZ24"])
    assert set(region.loc[region["level"] == "region", "area_code"]) == {"JZ24"}
    assert "all" not in set(region["level"])


def test_each_municipality_is_in_one_of_two_halves():
    codes = [f"GM{number:04d}" for number in range(1, 40)]
    table = pd.DataFrame({"level": "municipality", "area_code": codes, "region_code": ""})

    first, second = (set(backtest.part(table, half=half)["area_code"]) for half in (0, 1))

    assert first | second == set(codes) and not first & second


def test_the_budget_after_next_is_known_only_when_it_is_said(history, tables):
    summer, autumn = (knowledge.as_of(history, tables, origin=2021, budgets_ahead=ahead) for ahead in (1, 2))
    assert np.isnan(summer.budget_eur[:, -1]).all()
    assert np.isfinite(autumn.budget_eur[:, -1]).any()
    with pytest.raises(ParameterError, match="choose 1 or 2"):
        knowledge.as_of(history, tables, budgets_ahead=3)


def test_the_usual_change_is_the_mean_over_the_years_that_are_known():
    costs = np.array([[100.0, 110, 90, 90], [100, 107, np.nan, 120], [np.nan, 50, np.nan, 60]])

    assert backtest._usual_change(costs) == pytest.approx([10, 7, np.nan], nan_ok=True)
