"""Kinds of series found: clear ones are told apart, one cloud is left whole, and a mixed pool costs less."""

import numpy as np
import pytest

from analyse.forecast.engine import engine
from analyse.forecast.engine.kinds import kinds


def _calm(rng, count, periods):
    """Populations: growth that hardly changes."""
    change = 0.0006 * rng.standard_normal((count, periods)).cumsum(axis=1)
    return np.exp((rng.normal(0.006, 0.006, (count, 1)) + change).cumsum(axis=1))


def _restless(rng, count, periods):
    """Production: growth of 2.5 % and shocks of 2.5 %."""
    return np.exp((0.025 + 0.025 * rng.standard_normal((count, periods))).cumsum(axis=1))


@pytest.mark.parametrize("seed", range(5))
def test_calm_and_restless_series_are_told_apart(seed):
    rng = np.random.default_rng(seed)
    found = kinds(np.concatenate([_calm(rng, 30, 15), _restless(rng, 40, 15)]))
    assert (found[:30] == found[0]).mean() > 0.95
    assert (found[30:] != found[0]).mean() > 0.95


@pytest.mark.parametrize("seed", range(5))
def test_one_cloud_is_one_kind(seed):
    rng = np.random.default_rng(seed)
    spread = np.exp(0.5 * rng.standard_normal((200, 1)))
    values = np.exp((0.03 + 0.03 * spread * rng.standard_normal((200, 8))).cumsum(axis=1))
    assert (kinds(values) == 0).all()


def test_too_few_series_or_periods_are_one_kind():
    rng = np.random.default_rng(1)
    assert (kinds(np.concatenate([_calm(rng, 9, 15), _restless(rng, 9, 15)])) == 0).all()
    assert (kinds(np.concatenate([_calm(rng, 30, 4), _restless(rng, 30, 4)])) == 0).all()
    assert (kinds(np.full((30, 8), np.nan)) == 0).all()


def test_calm_series_are_forecast_better_than_as_one_pool():
    rng, gain = np.random.default_rng(2), []
    for _ in range(6):
        values = np.concatenate([_calm(rng, 30, 23), _restless(rng, 60, 23)])
        scale = np.abs(np.diff(values[:30, :20], axis=1)).mean(axis=1)
        error = [
            (
                np.abs(engine(values[:, :20], horizon=3, groups=groups).median - values[:, 20:])[:30].mean(
                    axis=1
                )
                / scale
            )
            for groups in (None, np.zeros(90))
        ]
        gain.append(error[0].mean() / error[1].mean())
    assert np.mean(gain) < 0.97
