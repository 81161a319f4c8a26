"""Intervals, dependence, joint samples and invariants of the engine."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from analyse.forecast import scores
from analyse.forecast.engine import dependence as dep
from analyse.forecast.engine import engine, intervals


def walks(series, periods, seed=0):
    rng = np.random.default_rng(seed)
    return 200 * np.exp(rng.normal(0.02, 0.08, (series, periods)).cumsum(axis=1))


def test_quantiles_cover_what_they_say():
    values = walks(400, 15)
    found = engine(values[:, :12], horizon=3)
    low, lower, _, upper, high = np.moveaxis(found.quantiles, 2, 0)
    assert scores.coverage(values[:, 12:], lower, upper) == pytest.approx(0.8, abs=0.04)
    assert scores.coverage(values[:, 12:], low, high) == pytest.approx(0.95, abs=0.03)


def test_samples_have_the_quantiles_and_are_the_same_again():
    found = engine(walks(30, 10), horizon=2)
    drawn = found.sample(4000, np.random.default_rng(1))
    assert np.quantile(drawn, 0.9, axis=2) == pytest.approx(found.quantiles[:, :, 3], rel=0.05)
    assert np.array_equal(drawn, found.sample(4000, np.random.default_rng(1)))


def test_shared_shocks_are_found():
    rng = np.random.default_rng(5)
    region, form = np.repeat(np.arange(6), 20), np.tile(np.arange(4), 30)
    common, regional, by_form = rng.normal(size=400), rng.normal(size=(6, 400)), rng.normal(size=(4, 400))
    scores_seen = (
        np.sqrt(0.3) * common
        + np.sqrt(0.2) * regional[region]
        + np.sqrt(0.1) * by_form[form]
        + np.sqrt(0.4) * rng.normal(size=(120, 400))
    )
    assert dep.shared_shares(scores_seen, regions=region, groups=form) == pytest.approx(
        [0.3, 0.2, 0.1], abs=0.05
    )


def test_few_common_shocks_widen_the_intervals():
    assert dep.few_origins(5) > dep.few_origins(20) > 1
    # 5 origins: t(4) has 95 % quantile 2.1318; times sqrt(1.2) over 1.6449
    assert dep.few_origins(5) == pytest.approx(1.4198, abs=1e-4)


def test_a_series_that_ended_early_is_less_certain():
    values = walks(40, 10)
    values[0, -3:] = np.nan
    wide, usual = (engine(data, horizon=1).quantiles[0, 0] for data in (values, walks(40, 10)))
    assert wide[3] - wide[1] > 1.4 * (usual[3] - usual[1])


def test_errors_grow_at_least_with_the_root_of_the_horizon():
    flat = np.random.default_rng(0).normal(size=(2000, 6, 4))
    assert intervals.horizon_power(flat) == 0.5


def test_spread_by_level_of_counts_falls_with_the_root():
    level = np.array([10.0, 100, 1000, 10000, 100000])
    found = intervals.spread_by_level(1 / np.sqrt(level), level, count=np.full(5, 3))
    assert found == pytest.approx(1 / np.sqrt(level))


@pytest.mark.parametrize(
    "values", [[[7.0]], [[7.0, 9.0]], [[0.0, 0, 0, 0]], [[5.0] * 8], [[-3.0, 2, -1, 4, 0]]]
)
def test_little_or_dull_history_gives_a_finite_forecast(values):
    found = engine(np.array(values), horizon=3)
    assert np.isfinite(found.quantiles).all()
    assert np.isfinite(found.sample(10, np.random.default_rng(0))).all()


def test_two_values_are_continued_between_flat_and_straight():
    middle = engine(np.array([[100.0, 110]] * 3), horizon=1).median
    assert (middle > 108).all()
    assert (middle < 121).all()


def test_a_constant_series_among_others_stays_at_its_level():
    values = np.vstack([np.full((1, 10), 40.0), walks(50, 10)])
    assert engine(values, horizon=2).median[0] == pytest.approx(40, rel=0.03)


def test_a_short_series_learns_from_the_pool():
    values = walks(60, 10)
    values[0, :-1] = np.nan
    found = engine(values, horizon=2)
    width = (found.quantiles[:, :, 3] - found.quantiles[:, :, 1]) / found.median
    assert width[0, 0] > 0.5 * np.median(width[1:, 0])
    assert (width[:, 1] > width[:, 0]).all()


counts = arrays.arrays(float, (6, 7), elements=st.integers(0, 400).map(float))


@settings(max_examples=25, deadline=None)
@given(counts)
def test_quantiles_are_ordered_and_counts_stay_at_or_above_zero(values):
    found = engine(values, horizon=3)
    assert (np.diff(found.quantiles, axis=2) >= -1e-6).all()
    assert (found.quantiles >= 0).all()
    assert np.isfinite(found.mean).all()


@settings(max_examples=15, deadline=None)
@given(counts, st.permutations(range(6)))
def test_the_order_of_the_series_does_not_matter(values, order):
    one, other = engine(values, horizon=2), engine(values[list(order)], horizon=2)
    assert other.median == pytest.approx(one.median[list(order)], rel=1e-3, abs=1e-3)


def test_the_unit_does_not_matter_for_large_values():
    values = walks(40, 9) * 1000
    one, other = engine(values, horizon=2), engine(values * 1000, horizon=2)
    assert other.quantiles == pytest.approx(1000 * one.quantiles, rel=2e-3)


def test_errors_that_grow_with_the_horizon_itself_are_seen():
    # Sizes 1, 2 and 3 one, two and three steps ahead: the power is 1, drawn a little to what is usual.
    size = np.random.default_rng(1).standard_normal((200, 10, 3)) * np.array([1.0, 2.0, 3.0])
    assert intervals.horizon_power(size) == pytest.approx(1.0, abs=0.06)


def test_samples_of_series_that_move_together_move_together():
    rng = np.random.default_rng(1)
    shared, own = rng.standard_normal((1, 15)).cumsum(axis=1), rng.standard_normal((20, 15)).cumsum(axis=1)
    together, apart = (
        np.corrcoef(engine(100 + 5 * values, horizon=1).sample(2000, rng)[:, 0])[
            np.triu_indices(20, 1)
        ].mean()
        for values in (shared + 0.3 * own, own)
    )
    assert together > 0.6
    assert apart < 0.3
