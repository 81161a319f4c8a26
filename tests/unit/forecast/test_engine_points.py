"""Filters, Theta, weights and the engine's points, against answers worked by hand."""

import numpy as np
import pytest

from analyse.errors import DataError
from analyse.forecast.engine import engine, filters, theta, weights
from analyse.forecast.engine.panel import panel, without_shifts


def one_filter(**parameters):
    """A bank of a single filter on the identity scale."""
    usual = {
        "transform": 0,
        "slope": filters.LOCAL,
        "alpha": 1.0,
        "beta": 0.0,
        "phi": 0.0,
        "start": 0.0,
        "share": 0.0,
    }
    return filters.Bank(*(np.array([value]) for value in (usual | parameters).values()))


def states(values, bank, growth=0.0):
    data = panel(np.array([values], float))
    return filters.run(data, bank, growth=np.full(data.shape, growth)), data.level[0]


def test_simple_smoothing_by_hand():
    # level 8, then 8 + 0.5 * (12 - 8) = 10, then 10 + 0.5 * (13 - 10) = 11.5
    found, level = states([8, 12, 13], one_filter(alpha=0.5))
    assert found.level[0, 0] * level == pytest.approx([8, 10, 11.5])


def test_damped_holt_by_hand():
    # after 10, 14: start = 1 gives level 14, slope 4, so 14 + 0.5 * 4 = 16 for the third value
    # it is 18, error 2: level 16 + 1 * 2 = 18, slope 0.5 * 4 + 1 * 0.5 * 2 = 3
    # two steps on: 18 + (0.5 + 0.25) * 3 = 20.25
    found, level = states([10, 14, 18], one_filter(beta=0.5, phi=0.5, start=1.0))
    assert filters.ahead(found, 2, origins=[2])[0, 0, 0] * level == pytest.approx(20.25)


def test_a_masked_period_is_bridged_by_the_trend():
    found, level = states([10, 12, np.nan, 16], one_filter(phi=1.0, start=1.0))
    assert found.level[0, 0] * level == pytest.approx([10, 12, 14, 16])


def test_pooled_growth_counts_each_period_once_and_skips_breaks():
    logs = np.array([[0.0, 0.1, 0.5, 0.8], [0.0, 0.3, 0.9, 1.0], [0.0, 0.2, 0.6, 0.8]])
    data = panel(np.exp(logs), breaks=[False, False, True, False])
    # medians 0.2, (break), 0.2 beside one period without growth: 0.2 / 2, 0.2 / 2, 0.4 / 3
    assert filters.pooled_growth(logs, data)[0] == pytest.approx([0, 0.1, 0.1, 0.4 / 3])


def test_expanding_slope_is_least_squares():
    values = np.array([[1.0, 3.0, 2.0, 6.0]])
    found = filters.expanding_slope(values)[0]
    assert found == pytest.approx([0, 2, 0.5, np.polyfit(range(4), values[0], 1)[0]])


def test_theta_continues_a_straight_line():
    line = 10 + 2 * np.arange(8.0)[None]
    fit = theta.theta(line.astype(np.float32))
    assert theta.ahead(fit, 3, origins=[7])[0, 0] == pytest.approx(30, rel=0.02)


def test_theta_finds_the_best_first_level_and_share(monkeypatch):
    monkeypatch.setattr(theta, "ALPHAS", np.array([0.5], np.float32))
    values = (50 + np.random.default_rng(3).normal(0, 5, 12).cumsum()).astype(np.float32)
    slope = filters.expanding_slope(values[None])[0]
    time = np.arange(1, 13)
    line = values.cumsum() / time - slope * (time + 1) / 2
    tried = {
        (start, share): one_step_loss(values, line, slope, start, share)
        for start in np.linspace(0, 100, 401)
        for share in np.linspace(0, 1, 101)
    }
    start, share = min(tried, key=tried.get)
    fit = theta.theta(values[None])
    assert fit.trend[0, -1] / slope[-1] == pytest.approx(share, abs=0.02)
    smoothed = sum(0.5 ** (12 - t) * values[t] for t in range(12))
    assert fit.level[0, -1] == pytest.approx(smoothed + start * 0.5**12, abs=0.02)


def one_step_loss(values, line, slope, start, share):
    """Squared one-step errors of the dynamic Theta model with alpha 0.5, written out."""
    level, loss = start, 0.0
    for t, value in enumerate(values, start=1):
        if t > theta.SKIPPED:
            trend = 0.5 ** (t - 1) * line[t - 2] + (1 - 0.5**t) / 0.5 * slope[t - 2]
            loss += (value - level - share * trend) ** 2
        level += 0.5 * (value - level)
    return loss


def test_weighted_median_by_hand():
    forecasts = np.array([1.0, 5.0, 2.0, 9.0])[:, None, None]
    share = np.array([0.1, 0.3, 0.2, 0.4])[:, None]
    # in order 1, 2, 5, 9 with middles 0.05, 0.2, 0.45, 0.8: one seventh of the way from 5 to 9
    assert weights.weighted_median(forecasts, share)[0, 0] == pytest.approx(5 + 4 / 7)


def test_weights_without_own_errors_are_the_pools():
    loss = np.array([[1.0, 1.0, np.nan], [1.1, 1.1, np.nan]])
    pool = weights.pooled_loss(loss, np.array([0, 0, 0]))
    # ten percent worse in a pool of two, which counts for 2 / (2 + 30)
    assert pool[:, 0] == pytest.approx([0, 0.1 * 2 / 32])
    found = weights.soft_weights(loss, pool[:, [0, 0, 0]])
    assert found.sum(axis=0) == pytest.approx(1)
    assert found[1, 2] / found[0, 2] == pytest.approx(np.exp(-60 * 0.1 * 2 / 32))


def test_a_level_shift_is_not_a_trend():
    values = np.array([[100.0, 100, 100, 100, 150, 150]] * 3)
    with_break = engine(values, horizon=3, breaks=[False] * 4 + [True, False])
    assert with_break.median == pytest.approx(150, rel=0.01)
    assert engine(values, horizon=3).median[0, 2] > 155


def test_the_usual_growth_over_a_break_stays():
    # 10 % a year, and in the fourth year twice that level: what came before is doubled, and goes on growing by 10 %.
    values = np.array([[100.0, 110.0, 121.0, 266.2]])
    breaks = np.array([[False, False, False, True]])
    assert without_shifts(values, breaks)[0] == pytest.approx([200.0, 220.0, 242.0, 266.2])


def test_a_break_in_a_masked_period_is_a_shift_all_the_same():
    values = np.array([[100.0, 100, 100, np.nan, 150, 150]])
    found = without_shifts(values, np.array([[False, False, False, True, False, False]]))
    assert found[0, [0, 1, 2, 4, 5]] == pytest.approx(150)


def test_nothing_known_is_an_error_that_names_the_series():
    with pytest.raises(DataError, match="series 1 has no value"):
        engine(np.array([[1.0, 2.0], [np.nan, np.nan]]), horizon=1)
    with pytest.raises(DataError, match="infinite value in series 0"):
        engine(np.array([[1.0, np.inf]]), horizon=1)


def test_the_median_leans_to_a_forecast_with_most_of_the_weight():
    """Middles of the weights at 0.4 and 0.85: a half lies 0.1 of 0.45 on the way from 0 to 9."""
    forecasts, share = np.array([[[0.0]], [[9.0]], [[90.0]]]), np.array([[0.8], [0.1], [0.1]])

    assert weights.weighted_median(forecasts, share)[0, 0] == pytest.approx(2)
