"""Seasons: what is taken out comes back, and what is noise is not taken out."""

import numpy as np
import pytest

from analyse.forecast.engine import engine, seasons

PATTERN = np.array([0.8, 1.2])


def seasonal(series, years, noise, seed=0):
    """Half-years around 100 of which the first is low and the second high."""
    rng = np.random.default_rng(seed)
    return 100 * np.tile(PATTERN, years) * np.exp(rng.normal(0, noise, (series, 2 * years)))


def found(values, season=2):
    series = len(values)
    return seasons.pattern(values, season, signed=np.zeros(series, bool), groups=np.zeros(series, int))


def test_the_moving_average_of_a_year_by_hand():
    # (10 / 2 + 20 + 30 / 2) / 2 = 20, (20 / 2 + 30 + 40 / 2) / 2 = 30
    average = seasons.moving_average(np.array([[10.0, 20, 30, 40]]), 2)
    assert average[0, 1:3] == pytest.approx([20, 30])
    assert np.isnan(average[0, [0, 3]]).all()


def test_an_exact_pattern_is_found():
    assert found(seasonal(1, 6, 0.0)) == pytest.approx(np.array([[-0.2, 0.2]]))


def test_noise_without_seasons_is_left_alone():
    values = 100 * np.exp(np.random.default_rng(1).normal(0, 0.2, (200, 12)))
    own = values[:, 1::2].mean(axis=1) / values[:, ::2].mean(axis=1) - 1
    assert np.abs(found(values)).mean() < 0.4 * np.abs(own).mean()


def test_a_series_too_short_for_its_own_pattern_gets_that_of_its_group():
    values = seasonal(40, 5, 0.05)
    values[0, :-2] = np.nan
    assert found(values)[0] == pytest.approx([-0.2, 0.2], abs=0.03)


def test_the_forecast_has_the_seasons():
    middle = engine(seasonal(30, 6, 0.03), horizon=4, frequency="half-year").median
    assert middle.mean(axis=0) == pytest.approx([80, 120, 80, 120], rel=0.05)


def test_years_have_no_seasons():
    assert not found(seasonal(5, 4, 0.1), season=1).any()
