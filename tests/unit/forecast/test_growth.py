"""Real cost per youth: level, pooled growth, breaks and the budget, worked out by hand."""

from dataclasses import replace

import numpy as np
import pytest

from analyse.forecast import expected, growth
from analyse.forecast.streams import Streams
from analyse.parameters import forecast_constants

DAMPING = forecast_constants().costs.damping
STAYS = forecast_constants().costs.shock_stays


def test_costs_are_taken_per_youth_and_in_prices_of_the_origin(small):
    # 1,000 euro for 100 youths in 2018, prices 10 % a year: 10 x 1.21 = 12.10 in prices of 2020; growth is 10 %.
    real = np.exp(growth.log_real_cost(small))
    assert real[0] == pytest.approx([12.1, 13.31, 14.641])


def _with_what_is_expected(seen, years):
    """The mean of so many years of growth and of four years of the 2 % that is expected beforehand."""
    return (years * seen + 4 * 0.02) / (years + 4)


def test_the_pooled_growth_is_drawn_to_what_is_expected_beforehand(small):
    fit = growth.fit(small, 3)
    assert fit.growth == pytest.approx(_with_what_is_expected(np.log(1.1), 2))
    assert fit.growth_sd == pytest.approx(fit.shared_sd / np.sqrt(2 + 4))
    assert np.exp(fit.level) == pytest.approx([14.641, 29.282])
    assert fit.budget == pytest.approx(np.zeros((2, 3)))


def test_growth_into_a_declared_break_is_left_out_of_the_trend_but_stays_in_the_level(small):
    breaks = np.array([[False, False, True]] * 2)
    jumped = replace(
        small, cost_eur=np.array([[1000.0, 1210.0, 2928.2], [2000.0, 2420.0, 5856.4]]), cost_breaks=breaks
    )
    fit = growth.fit(jumped, 3)
    assert fit.growth == pytest.approx(_with_what_is_expected(np.log(1.1), 1))
    assert np.exp(fit.level) == pytest.approx([29.282, 58.564])


def test_a_break_of_one_municipality_leaves_the_others_growth_in_the_trend():
    values = np.array([[0.0, 0.1], [0.0, 0.3], [0.0, 5.0]])
    medians, usable = growth.pooled_growth(values, np.array([[False, False], [False, False], [False, True]]))
    assert (medians.tolist(), usable.tolist()) == (pytest.approx([0.2]), [True])


def test_the_level_is_the_last_accounts_and_an_unknown_year_follows_the_pooled_growth():
    # Expected 1.0 + growth 0.1 = 1.1, seen 1.6: error 0.5. The other is not known and carries on to 1.1.
    level, errors = growth.last_level(np.array([[1.0, 1.6], [1.0, np.nan]]), np.array([0.1]))
    assert level == pytest.approx([1.6, 1.1])
    assert errors[0] == pytest.approx([0.5])
    assert np.isnan(errors[1, 0])


def test_a_faulty_year_is_masked_not_taken_for_zero(small):
    cost = small.cost_eur.copy()
    cost[0, 1] = np.nan
    fit = growth.fit(replace(small, cost_eur=cost), 3)
    assert np.exp(fit.level[0]) == pytest.approx(14.641)


def _budgets(small, *coming):
    """Nothing budgeted in the past, then the budgets of coming years as multiples of the last accounts."""
    ahead = np.array(coming).T * small.cost_eur[:, -1:]
    return np.column_stack([np.full((2, 3), np.nan), ahead, np.full((2, 2 - len(coming)), np.nan)])


def test_what_sets_a_budget_apart_comes_true_in_part(small):
    # Budgets 1.0 and 1.2 times the costs now: each lies half of log 1.2 from the middle.
    fit = growth.fit(replace(small, budget_eur=_budgets(small, [1.0, 1.2])), 4)
    weight = np.array([0.2, 0.23, 0.18, 0.18])  # parameters/forecast.yaml; the fourth year keeps the third's
    assert small.constants.costs.budget_weight[1] == weight[:3].tolist()
    assert fit.budget == pytest.approx(np.outer([-0.5, 0.5], weight) * np.log(1.2))


def test_the_budget_of_the_year_after_next_counts_in_place_of_the_next(small):
    fit = growth.fit(replace(small, budget_eur=_budgets(small, [9.0, 1.0], [1.0, 1.2])), 1)
    assert fit.budget[:, 0] == pytest.approx(
        np.array([-0.2, 0.2]) * np.log(1.2)
    )  # weight 0.4 of half of log 1.2


def test_what_all_budgets_say_together_is_not_believed(small):
    fit = growth.fit(replace(small, budget_eur=_budgets(small, [1.3, 1.3])), 2)
    assert fit.budget == pytest.approx(np.zeros((2, 2)))


def test_a_budget_booked_by_other_rules_counts_for_half(small):
    budgets = _budgets(small, [1.0, 1.2])
    whole = growth.fit(replace(small, budget_eur=budgets), 1).budget
    half = growth.fit(replace(small, budget_eur=budgets, renumbered=frozenset({2021})), 1).budget
    later = growth.fit(replace(small, budget_eur=budgets, renumbered=frozenset({2022})), 1).budget
    assert half == pytest.approx(whole / 2)
    assert later == pytest.approx(whole)


def test_a_municipality_moves_towards_what_its_need_explains(small):
    # Costs per head of 14.6 and 29.3, need alike: half of log 2 above and below the middle, in one region of two.
    alike = replace(small, income_support=np.full((2, 3), 5000.0))
    fit = growth.fit(alike, 1)
    assert small.constants.costs.pull_own[0][0] == 0.21
    assert fit.pull[:, 0] == pytest.approx(np.array([0.21, -0.21]) * np.log(2) / 2)


def test_another_need_may_explain_the_level_and_none_is_the_plain_mean(small):
    # Costs of the two differ by log 2 per inhabitant; the region's part is two thirds of nothing.
    level = growth.fit(small, 1).level
    own, region = expected.apart(small, level, need=[])
    assert own + region == pytest.approx(np.array([-0.5, 0.5]) * np.log(2))
    explained, _ = expected.apart(small, level, need=[np.array([0.0, 0.3])])
    assert explained == pytest.approx(np.zeros(2), abs=1e-9)


def test_what_moving_towards_need_adds_is_said_with_its_interval(small):
    alike = replace(small, income_support=np.full((2, 3), 5000.0))
    rows = growth.towards_need(alike, 1).set_index("municipality_code")
    # Half of log 2 below the middle: 0.21 of that comes back in a year, with a standard error of 0.026 of it, and
    # a spread between municipalities of 0.15.
    half = np.log(2) / 2
    assert (small.constants.costs.pull_own_error[0][0], small.constants.costs.pull_sd) == (0.026, 0.15)
    error = 1.2816 * np.hypot(0.026, 0.15)
    assert rows["period"].tolist() == [2021, 2021]
    assert rows.loc["GM0001", "effect_percent"] == pytest.approx(100 * (np.exp(0.21 * half) - 1))
    assert rows.loc["GM0001", "q0.1"] == pytest.approx(100 * (np.exp((0.21 - error) * half) - 1), rel=1e-3)
    assert rows.loc["GM0001", "q0.9"] == pytest.approx(100 * (np.exp((0.21 + error) * half) - 1), rel=1e-3)


def test_a_municipality_that_costs_what_its_need_explains_stays(small):
    # Twice the income support, twice the costs: nothing is left to move towards.
    assert growth.fit(small, 3).pull == pytest.approx(np.zeros((2, 3)), abs=1e-9)


def test_signals_far_from_the_middle_widen_the_interval_of_that_municipality(small):
    # Half of log 2 from the expected level, and half of log 1.2 from the middle of the budgets.
    alike = replace(small, income_support=np.full((2, 3), 5000.0))
    fit = growth.fit(replace(alike, budget_eur=_budgets(small, [1.0, 1.2])), 4)
    pull = 0.15 * np.log(2) / 2 * np.sqrt([1, 2, 3, 4])
    assert fit.signal_sd[0] == pytest.approx(np.hypot(pull, 0.2 * np.log(1.2) / 2))
    drawn = growth.paths(alike, horizon=1, samples=4000, streams=Streams(1))
    plain = growth.paths(small, horizon=1, samples=4000, streams=Streams(1))
    extra = (drawn - plain)[:, 0]
    assert extra.std(axis=1) == pytest.approx(pull[[0, 0]], rel=0.05)
    assert np.corrcoef(extra)[0, 1] == pytest.approx(0.0, abs=0.05)


def test_an_announced_rule_that_moves_bills_widens_each_alone_but_not_all_together(small):
    plain = growth.paths(small, horizon=1, samples=4000, streams=Streams(1))[:, 0]
    moved = growth.paths(
        replace(small, announced=frozenset({2021})), horizon=1, samples=4000, streams=Streams(1)
    )[:, 0]
    extra = moved - plain
    assert small.constants.costs.announced_own_sd == 0.06
    assert extra.std(axis=1) == pytest.approx([0.06, 0.06], rel=0.05)
    assert np.corrcoef(extra)[0, 1] == pytest.approx(0.0, abs=0.05)


def test_paths_fade_towards_no_growth_and_widen(small):
    paths = growth.paths(small, horizon=4, samples=4000, streams=Streams(1))
    middle, width = np.median(paths, axis=2), paths.std(axis=2)
    steps = _with_what_is_expected(np.log(1.1), 2) * np.cumsum(0.85 ** np.arange(1, 5))
    assert middle[0] == pytest.approx(np.log(14.641) + steps, abs=0.015)
    assert (np.diff(width, axis=1) > 0).all()


def test_a_break_ahead_widens_the_interval_from_its_year_on(small):
    sure = growth.paths(small, horizon=2, samples=2000, streams=Streams(1)).std(axis=2)
    broken = replace(small, breaks_ahead=frozenset({2022}))
    wide = growth.paths(broken, horizon=2, samples=2000, streams=Streams(1)).std(axis=2)
    assert wide[:, 0] == pytest.approx(sure[:, 0])
    assert (wide[:, 1] > sure[:, 1] * 1.02).all()


def test_own_shocks_are_smaller_for_a_larger_municipality(small):
    # Both did exactly as expected, and the second has twice the inhabitants.
    inhabitants = small.inhabitants * np.array([[1.0], [2.0]])
    own = growth.fit(replace(small, inhabitants=inhabitants), 3).own_sd
    assert own[0] / own[1] == pytest.approx(2**small.constants.costs.size_slope)


def test_the_spread_of_the_paths_is_that_of_the_trend_the_common_the_regional_and_the_own_shocks(small):
    fit, steps = growth.fit(small, 3), np.arange(1, 4)
    paths = growth.paths(small, horizon=3, samples=60_000, streams=Streams(1))
    fading = np.cumsum(DAMPING**steps)
    stays = 1 + STAYS**2 * (steps - 1)  # whole in its own year, a part of it after that
    common = (fading * fit.growth_sd) ** 2 + steps * fit.shared_sd**2 + stays * fit.region_sd**2
    together = [np.cov(paths[0, step], paths[1, step])[0, 1] for step in range(3)]
    assert together == pytest.approx(common, rel=0.05)
    assert paths[0].var(axis=1) == pytest.approx(common + stays * fit.own_sd[0] ** 2, rel=0.05)
