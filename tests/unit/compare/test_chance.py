"""Limits by size, spread beyond chance, and places that overlap."""

import numpy as np
import pandas as pd
import pytest

from analyse import parameters
from analyse.compare import chance
from analyse.compare.chance import Funnel
from analyse.errors import ParameterError


def test_limits_of_a_rate_worked_by_hand():
    limits = Funnel("rate", 0.5).limits([100]).iloc[0]
    reach = 1.959964 * 0.2  # on the log-odds scale: 1 / sqrt(100 * 0.5 * 0.5)

    assert limits["high_95"] == pytest.approx(1 / (1 + np.exp(-reach)), abs=1e-6)
    assert limits["low_95"] == pytest.approx(1 - limits["high_95"])
    assert limits["low_998"] < limits["low_95"] < limits["wide_high_95"] + 1e-12


def test_limits_of_costs_are_wider_where_a_municipality_is_small():
    funnel = Funnel("cost", 2000.0, own=0.0025, by_size=30.0, between=0.04)
    limits = funnel.limits([2000, 100_000])

    assert limits.loc[0, "high_95"] == pytest.approx(2000 * np.exp(1.959964 * np.sqrt(0.0175)), rel=1e-6)
    assert limits.loc[0, "high_95"] > limits.loc[1, "high_95"]
    assert (limits["wide_high_95"] > limits["high_95"]).all()


def test_a_funnel_never_leaves_the_scale():
    limits = Funnel("rate", 0.004, between=0.5).limits([10, 100, 1000]).drop(columns="size")

    assert ((limits > 0) & (limits < 1)).all().all()


def test_chance_alone_gives_no_spread_and_stays_inside():
    rng = np.random.default_rng(4)
    size = pd.Series(rng.integers(5_000, 50_000, 2000).astype(float))
    count = pd.Series(rng.binomial(size.astype(int), 0.1).astype(float))
    funnel = chance.of_rates(count, size)
    rows = pd.DataFrame({"area_code": np.arange(2000), "value": count / size, "size": size})
    inside = chance.judged(funnel, rows)["chance"].eq("inside").mean()

    assert funnel.target == pytest.approx(0.1, abs=0.001)
    assert funnel.between < 1e-4
    assert inside == pytest.approx(0.95, abs=0.015)


def test_spread_between_areas_is_found_again():
    rng = np.random.default_rng(5)
    size = pd.Series(rng.integers(5_000, 50_000, 3000).astype(float))
    rates = 1 / (1 + np.exp(-(np.log(0.1 / 0.9) + 0.2 * rng.standard_normal(3000))))
    funnel = chance.of_rates(pd.Series(rng.binomial(size.astype(int), rates).astype(float)), size)

    assert np.sqrt(funnel.between) == pytest.approx(0.2, rel=0.05)


def test_differences_between_municipalities_are_more_than_chance_in_one_year(history):
    rows = history[history["period"] == 2022]
    funnel = chance.of_rates(rows["clients"], rows["youths_0_22"])
    named = pd.DataFrame({"area_code": rows["municipality_code"], "value": rows["clients"] / rows["youths_0_22"],
                          "size": rows["youths_0_22"]})  # fmt: skip
    found = chance.judged(funnel, named)

    assert list(found["area_code"]) == list(rows["municipality_code"]), "in the order given, no ranking"
    assert found["chance"].ne("inside").mean() > 0.8
    assert found["usual"].eq("inside").mean() > 0.8


def test_costs_jump_less_where_a_municipality_is_large(history):
    own, by_size = chance.cost_noise(history, parameters.breaks())

    assert 0.05 < np.sqrt(own + by_size / 120_000) < 0.08
    assert 0.11 < np.sqrt(own + by_size / 2_000) < 0.16


def test_places_of_one_that_is_always_lower_are_certain():
    draws = np.array([[1.0, 1.1, 1.2], [5.0, 6.0, 7.0], [6.0, 5.0, 8.0]])
    found = chance.rank_intervals(draws, ["A", "B", "C"]).set_index("area_code")

    assert found.loc["A", ["place_low", "place_high"]].tolist() == [1, 1]
    assert found.loc["B", ["place_low", "place_high"]].tolist() == [2, 3]
    with pytest.raises(ParameterError, match="3 rows of draws for 2 areas"):
        chance.rank_intervals(draws, ["A", "B"])


def test_the_same_seed_gives_the_same_places():
    value, size = pd.Series([1000.0, 1100.0, 3000.0]), pd.Series([2000.0, 5000.0, 9000.0])
    funnel = Funnel("cost", 1100.0, own=0.01, by_size=20.0)
    first, second = (
        chance.draw_costs(value, size, funnel, rng=np.random.default_rng(7), draws=50) for _ in range(2)
    )

    np.testing.assert_array_equal(first, second)
    rates = chance.draw_rates(
        pd.Series([0.0, 50.0]), pd.Series([100.0, 100.0]), rng=np.random.default_rng(1), draws=4000
    )
    assert rates.mean(axis=1) == pytest.approx([0.5 / 101, 0.5], abs=0.005)


def test_too_few_areas_or_an_impossible_rate_are_refused():
    with pytest.raises(ParameterError, match="three or more"):
        chance.of_rates(pd.Series([1.0, None]), pd.Series([10.0, 10.0]))
    with pytest.raises(ParameterError, match="no rate"):
        chance.of_rates(pd.Series([0.0, 0.0, 0.0]), pd.Series([10.0, 10.0, 10.0]))
