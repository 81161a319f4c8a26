"""Every score by hand on two or three numbers."""

import numpy as np
import pytest
from scipy import stats

from analyse.forecast import scores

ACTUAL = np.array([[10.0, 20.0], [np.nan, 4.0]])
FORECAST = np.array([[12.0, 16.0], [5.0, 4.0]])


def test_scaled_error():
    # |2| / 2 and |4| / 2 and 0 / 4, the unknown left out
    assert scores.mean_absolute_scaled_error(ACTUAL, FORECAST, np.array([2.0, 4.0])) == pytest.approx(1)


def test_symmetric_percentage_error():
    # 200 * 2 / 22, 200 * 4 / 36, 0
    assert scores.symmetric_percentage_error(ACTUAL, FORECAST) == pytest.approx((400 / 22 + 800 / 36) / 3)
    assert scores.symmetric_percentage_error(np.zeros((1, 1)), np.zeros((1, 1))) == 0


def test_coverage_counts_the_borders():
    low, high = np.array([[10.0, 0.0], [0.0, 5.0]]), np.array([[11.0, 20.0], [9.0, 9.0]])
    assert scores.coverage(ACTUAL, low, high) == pytest.approx(2 / 3)


def test_interval_score_charges_every_miss_forty_times():
    # width 2, missed by 1 at 95 %: 2 + 40 * 1, scaled by 2
    score = scores.interval_score(
        np.array([[5.0]]), np.array([[2.0]]), np.array([[4.0]]), level=0.95, scale=[2.0]
    )
    assert score == pytest.approx(21)


def test_the_loss_of_one_quantile_is_twice_its_pinball_loss():
    loss = scores.quantile_loss(
        np.array([[5.0]]), np.array([[[3.0]]]), probabilities=(0.9,), scale=np.ones(1)
    )
    assert loss == pytest.approx(2 * 0.9 * 2)


def test_five_quantiles_are_no_crps():
    """A standard normal forecast of standard normal values: the loss over five quantiles, and over 999 even ones."""
    actual = np.random.default_rng(1).standard_normal((1, 20_000))

    def loss(probabilities):
        quantiles = np.broadcast_to(stats.norm.ppf(probabilities), (1, 20_000, len(probabilities)))
        return scores.quantile_loss(actual, quantiles, probabilities=probabilities, scale=np.ones(1))

    assert loss(np.array([0.025, 0.1, 0.5, 0.9, 0.975])) == pytest.approx(0.346, abs=0.006)
    assert loss(np.arange(1, 1000) / 1000) == pytest.approx(1 / np.sqrt(np.pi), abs=0.01)


def test_crps_of_samples_is_the_distance_when_all_agree():
    assert scores.crps_from_samples(np.array([[3.0]]), np.full((1, 1, 5), 7.0))[0, 0] == pytest.approx(4)


def test_crps_of_samples_by_hand():
    # 0 and 2 around 1: E|X - y| = 1, E|X - X'| = 1, so 1 - 1 / 2
    assert scores.crps_from_samples(np.array([[1.0]]), np.array([[[2.0, 0.0]]]))[0, 0] == pytest.approx(0.5)
