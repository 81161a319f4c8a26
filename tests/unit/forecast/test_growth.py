"""Real cost per youth: level, pooled growth, breaks and the budget, worked out by hand."""

from dataclasses import replace

import numpy as np
import pytest

from analyse.forecast import growth
from analyse.forecast.streams import Streams


def test_costs_are_taken_per_youth_and_in_prices_of_the_origin(small):
    # 1,000 euro for 100 youths in 2018, prices 10 % a year: 10 x 1.21 = 12.10 in prices of 2020; growth is 10 %.
    real = np.exp(growth.log_real_cost(small))
    assert real[0] == pytest.approx([12.1, 13.31, 14.641])


def test_the_pooled_growth_is_the_growth_all_have_in_common(small):
    fit = growth.fit(small)
    assert fit.growth == pytest.approx(np.log(1.1))
    assert np.exp(fit.level) == pytest.approx([14.641, 29.282])
    assert fit.budget == pytest.approx([0.0, 0.0])


def test_growth_into_a_declared_break_is_left_out_of_the_trend_but_stays_in_the_level(small):
    breaks = np.array([[False, False, True]] * 2)
    jumped = replace(
        small, cost_eur=np.array([[1000.0, 1210.0, 2928.2], [2000.0, 2420.0, 5856.4]]), cost_breaks=breaks
    )
    fit = growth.fit(jumped)
    assert fit.growth == pytest.approx(np.log(1.1))
    assert np.exp(fit.level) == pytest.approx([29.282, 58.564])


def test_a_break_of_one_municipality_leaves_the_others_growth_in_the_trend():
    values = np.array([[0.0, 0.1], [0.0, 0.3], [0.0, 5.0]])
    medians, usable = growth.pooled_growth(values, np.array([[False, False], [False, False], [False, True]]))
    assert (medians.tolist(), usable.tolist()) == (pytest.approx([0.2]), [True])


def test_own_level_believes_the_newest_year_for_four_fifths():
    # Expected 1.0 + growth 0.1 = 1.1, seen 1.6: error 0.5, level 1.1 + 0.8 x 0.5.
    level, errors = growth.own_level(np.array([[1.0, 1.6], [1.0, np.nan]]), np.array([0.1]))
    assert level == pytest.approx([1.5, 1.1])
    assert errors[0] == pytest.approx([0.5])
    assert np.isnan(errors[1, 0])


def test_a_faulty_year_is_masked_not_taken_for_zero(small):
    cost = small.cost_eur.copy()
    cost[0, 1] = np.nan
    fit = growth.fit(replace(small, cost_eur=cost))
    assert np.exp(fit.level[0]) == pytest.approx(14.641)


def test_the_budget_moves_the_level_by_its_weight(small):
    # Accounts were always 1.25 x budget. The coming budgets are on the trend for the first municipality, and a
    # fifth above it for the second: half the common part (median) and all of the rest, times 0.3.
    ahead = np.exp(growth.DAMPING * np.log(1.1)) * (1 + growth._price_ahead(small))
    budget = np.column_stack([small.cost_eur / 1.25, small.cost_eur[:, -1] * ahead / 1.25 * [1.0, 1.2]])
    fit = growth.fit(replace(small, budget_eur=budget))
    message = np.array([0.0, np.log(1.2)])
    assert fit.budget == pytest.approx(0.3 * (message - 0.5 * np.log(1.2) / 2))


def test_a_budget_of_a_year_with_new_bookkeeping_says_nothing_in_common(small):
    budget = np.column_stack([small.cost_eur / 1.25, small.cost_eur[:, -1]])
    fit = growth.fit(replace(small, budget_eur=budget, breaks_ahead=frozenset({2021})))
    assert fit.budget == pytest.approx([0.0, 0.0])


def test_paths_fade_towards_no_growth_and_widen(small):
    paths = growth.paths(small, horizon=4, samples=4000, streams=Streams(1))
    middle, width = np.median(paths, axis=2), paths.std(axis=2)
    steps = np.log(1.1) * np.cumsum(0.85 ** np.arange(1, 5))
    assert middle[0] == pytest.approx(np.log(14.641) + steps, abs=0.015)
    assert (np.diff(width, axis=1) > 0).all()


def test_a_break_ahead_widens_the_interval_from_its_year_on(small):
    sure = growth.paths(small, horizon=2, samples=2000, streams=Streams(1)).std(axis=2)
    broken = replace(small, breaks_ahead=frozenset({2022}))
    wide = growth.paths(broken, horizon=2, samples=2000, streams=Streams(1)).std(axis=2)
    assert wide[:, 0] == pytest.approx(sure[:, 0])
    assert (wide[:, 1] > sure[:, 1] * 1.02).all()


def test_own_shocks_are_smaller_for_a_larger_municipality(small):
    # Both did exactly as expected, and the second is twice as large.
    own = growth.fit(small).own_sd
    assert own[0] / own[1] == pytest.approx(2**growth.SIZE_SLOPE)


def test_the_spread_of_the_paths_is_that_of_the_trend_the_common_the_regional_and_the_own_shocks(small):
    fit, steps = growth.fit(small), np.arange(1, 4)
    paths = growth.paths(small, horizon=3, samples=60_000, streams=Streams(1))
    fading = np.cumsum(growth.DAMPING**steps)
    stays = 1 + growth.LEVEL_WEIGHT**2 * (steps - 1)  # whole in its own year, four fifths of it after that
    common = (fading * fit.growth_sd) ** 2 + steps * fit.shared_sd**2 + stays * fit.region_sd**2
    together = [np.cov(paths[0, step], paths[1, step])[0, 1] for step in range(3)]
    assert together == pytest.approx(common, rel=0.05)
    assert paths[0].var(axis=1) == pytest.approx(common + stays * fit.own_sd[0] ** 2, rel=0.05)
