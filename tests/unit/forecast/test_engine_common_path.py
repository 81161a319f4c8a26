"""The common path: pooled growth, announced levels, and the uncertainty that does not average out."""

import numpy as np
import pytest

from analyse.forecast import common_path as cp

REGIONS = np.repeat([0, 1], 20)


def drawn(logs, **settings):
    usual = {"horizon": 1, "samples": 4000, "rng": np.random.default_rng(1), "regions": REGIONS[: len(logs)]}
    return cp.common_path(logs, **(usual | settings))


def moving(common, own=0.02, seed=0):
    """Forty series that share the growth of each year."""
    rng = np.random.default_rng(seed)
    growth = np.asarray(common) + rng.normal(0, own, (40, len(common)))
    return np.hstack([np.full((40, 1), 5.0), 5 + growth.cumsum(axis=1)])


def test_growth_is_the_mean_of_the_medians_and_skips_breaks():
    logs = np.array([[0.0, 0.1, 0.4, 0.7], [0.0, 0.1, 0.4, 0.6], [0.0, 0.2, 0.9, 1.1]])
    growth = cp.yearly_growth(logs, breaks=(2,))
    found = cp.growth_until(logs, growth, announced=None, period=4)
    # medians 0.1 and (0.3, 0.2, 0.2) -> 0.2; the break is left out
    assert (found.mean, found.years) == (pytest.approx(0.15), 2)


def test_common_uncertainty_does_not_average_out():
    calm, moved = moving([0.05] * 7), moving([0.15, -0.05, 0.12, 0.0, 0.14, -0.04, 0.1])
    spread = [
        np.exp(drawn(logs)).sum(axis=0).std() / np.exp(drawn(logs)).sum(axis=0).mean()
        for logs in (calm, moved)
    ]
    assert spread[1] > 1.5 * spread[0]
    assert spread[0] > 0.02


def test_uncertainty_grows_with_the_horizon():
    spread = drawn(moving([0.05] * 7), horizon=4).std(axis=2).mean(axis=0)
    assert (np.diff(spread) > 0).all()


def test_an_announced_level_above_its_usual_distance_raises_the_forecast():
    logs = moving([0.05, 0.06, 0.04, 0.05, 0.05])
    announced = np.hstack([logs, logs[:, -1:] + 0.05]) - 0.1
    announced[0, -1] += 0.3
    middle = np.median(drawn(logs, announced=announced), axis=2)[:, 0] - logs[:, -1]
    assert middle[0] - np.median(middle[1:]) == pytest.approx(0.3 / 3, abs=0.07)


def test_a_masked_last_value_starts_from_the_latest_and_grows_over_the_gap():
    logs = moving([0.05] * 7, own=0.001)
    logs[0, -1] = np.nan
    paths = drawn(logs)
    assert np.isfinite(paths).all()
    assert np.median(paths[0, 0]) - logs[0, -2] == pytest.approx(0.05 * 1.9, abs=0.01)


def test_lasting_share_tells_a_walk_from_noise():
    rng = np.random.default_rng(2)
    walk, noise = rng.normal(size=(4, 500, 1, 3)).cumsum(axis=3)[0, :, 0], rng.normal(size=(500, 3))
    assert cp.lasting_share((walk[:, 1] - walk[:, 0])[None], (walk[:, 2] - walk[:, 0])[None]) > 0.8
    assert cp.lasting_share((noise[:, 1] - noise[:, 0])[None], (noise[:, 2] - noise[:, 0])[None]) < 0.25


def test_two_periods_and_one_series_are_enough():
    paths = drawn(np.array([[5.0, 5.1]]), horizon=2)
    assert np.isfinite(paths).all()
    assert paths.shape == (1, 2, 4000)
