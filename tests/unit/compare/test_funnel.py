"""Limits by size, and the spread beyond chance: simulations of known truth."""

import numpy as np
import pandas as pd
import pytest

from analyse.compare import funnel as funnels
from analyse.compare.funnel import Funnel
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
    funnel = funnels.of_rates(count, size)
    rows = pd.DataFrame({"area_code": np.arange(2000), "value": count / size, "size": size})
    inside = funnel.beside(rows)["chance"].eq("inside").mean()

    assert funnel.target == pytest.approx(0.1, abs=0.001)
    assert funnel.between < 1e-4
    assert inside == pytest.approx(0.95, abs=0.015)


def test_differences_between_municipalities_are_more_than_chance_in_one_year(history):
    rows = history[history["period"] == 2022]
    funnel = funnels.of_rates(rows["clients"], rows["youths_0_22"])
    named = pd.DataFrame({"area_code": rows["municipality_code"], "value": rows["clients"] / rows["youths_0_22"],
                          "size": rows["youths_0_22"]})  # fmt: skip
    found = funnel.beside(named)

    assert list(found["area_code"]) == list(rows["municipality_code"]), "in the order given, no ranking"
    assert found["chance"].ne("inside").mean() > 0.8
    assert found["usual"].eq("inside").mean() > 0.8


def test_too_few_areas_or_an_impossible_rate_are_refused():
    with pytest.raises(ParameterError, match="three or more"):
        funnels.of_rates(pd.Series([1.0, None]), pd.Series([10.0, 10.0]))
    with pytest.raises(ParameterError, match="no rate"):
        funnels.of_rates(pd.Series([0.0, 0.0, 0.0]), pd.Series([10.0, 10.0, 10.0]))


def test_the_spread_worked_by_hand():
    """Without chance the scores are (y - 3) / tau; drawn in to 1.4 and 4.6 they are worth 1.6^2 + 1 + 0 + 1 + 1.6^2."""
    found = funnels.spread(np.array([1.0, 2, 3, 4, 5]), np.full(5, 1e-9))

    assert found == pytest.approx((2 * 1.6**2 + 2) / funnels.SHRUNK / 4)


def test_one_far_away_hardly_counts_in_the_spread():
    rng = np.random.default_rng(8)
    value, variance = rng.normal(0, np.sqrt(0.04 + 0.01), 60), np.full(60, 0.01)
    found = funnels.spread(np.append(value, 50.0), np.append(variance, 0.01))

    assert found == pytest.approx(funnels.spread(value, variance), rel=0.15)


def outside(value, variance, target, between):
    scores = np.abs(value - target) / np.sqrt(variance + between)
    return np.array([(scores > 1.959964).mean(), (scores > 3.090232).mean()])


@pytest.mark.parametrize("between", [0.10, 0.25])
def test_rates_of_60_areas_of_all_sizes_have_their_spread_and_few_false_alarms(between):
    """300 panels, a tenth with care; the larger an area, the larger its score, which hid 27 % of the spread before."""
    rng, found, alarms = np.random.default_rng(1), [], []
    size = np.exp(rng.uniform(np.log(4_000), np.log(150_000), 60)).round()
    for _ in range(300):
        rates = 1 / (1 + np.exp(-(np.log(0.1 / 0.9) + between * rng.standard_normal(60))))
        count = pd.Series(rng.binomial(size.astype(int), rates).astype(float))
        funnel = funnels.of_rates(count, pd.Series(size))
        found.append(funnel.between)
        rows = funnel.beside(pd.DataFrame({"value": count / size, "size": size}))
        alarms.append([rows["usual"].ne("inside").mean(), rows["usual"].eq("outside 99.8").mean()])

    assert np.mean(found) == pytest.approx(between**2, rel=0.05)
    assert 0.04 < np.mean(alarms, axis=0)[0] < 0.06
    assert 0.001 < np.mean(alarms, axis=0)[1] < 0.0035


def test_ordinary_providers_that_differ_twice_as_much_as_chance_are_rarely_named():
    """400 panels of 60 ordinary providers, 50 trajectories each: spread twice that of chance, 0.2 % beyond 99.8 %."""
    rng, widened, alarms = np.random.default_rng(2), [], []
    size = pd.Series(np.full(60, 50.0))
    for _ in range(400):
        value = pd.Series(10 + 2 * rng.standard_normal(60))
        funnel = funnels.of_means(value, size, target=10.0, deviation=np.sqrt(50))
        widened.append(1 + funnel.between)  # chance variance is 1
        rows = funnel.beside(pd.DataFrame({"value": value, "size": size}))
        alarms.append(rows["signal"].ne("").mean())

    assert np.sqrt(np.mean(widened)) == pytest.approx(2.0, rel=0.025)
    assert 0.001 < np.mean(alarms) < 0.003


def test_who_stands_out_among_providers_is_named_with_the_way_it_differs():
    value = pd.Series([10.0, 10.5, 9.5, 10.2, 9.8, 10.1, 9.9, 10.3, 9.7, 10.4, 9.6, 20.0, 1.0])
    size = pd.Series(np.full(13, 100.0))
    rows = funnels.of_means(value, size, target=10.0, deviation=5.0).beside(
        pd.DataFrame({"value": value, "size": size})
    )

    assert rows["signal"].tolist() == [""] * 11 + ["more", "less"]


def test_no_limit_of_a_mean_lies_below_zero():
    limits = Funnel("mean", 2.0, between=4.0, by_size=1.0).limits([10.0, 1000.0])

    assert (limits["wide_low_998"] == 0).all() and (limits["low_95"] > 0).all()
