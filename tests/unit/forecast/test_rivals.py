"""What the forecast is laid beside: plain rules by hand, and what comes from elsewhere."""

from dataclasses import replace

import numpy as np
import pytest

from analyse.errors import ParameterError
from analyse.forecast import rivals


def test_last_year_repeats_the_last_known_value():
    assert rivals.repeat(np.array([[90.0, 100.0], [5.0, np.nan]]), 2).tolist() == [
        [100.0, 100.0],
        [5.0, 5.0],
    ]


def test_last_growth_repeats_the_last_known_growth():
    # 100 -> 110 is 10 %; with a year missing in between, 100 -> 121 in two years is 10 % a year.
    values = np.array([[np.nan, 100.0, 110.0], [100.0, np.nan, 121.0], [np.nan, np.nan, 7.0]])
    grown = rivals.repeat_growth(values, 2)
    assert grown == pytest.approx(np.array([[121.0, 133.1], [133.1, 146.41], [7.0, 7.0]]))


def test_drift_repeats_the_mean_change():
    # 100 to 130 in three years is 10 a year; one value does not change; what falls stops at zero
    values = np.array(
        [[100.0, 300.0, np.nan, 130.0], [np.nan, np.nan, np.nan, 7.0], [50.0, 40.0, 30.0, 14.0]]
    )
    assert rivals.repeat_change(values, 2).tolist() == [[140.0, 150.0], [7.0, 7.0], [2.0, 0.0]]


def test_pooled_growth_is_the_mean_of_the_medians(small):
    # both grew by 21 % a year
    grown = rivals.pooled_growth(small, 2)[:, :, 0]
    assert grown[0] == pytest.approx([1464.1 * 1.21, 1464.1 * 1.21**2])
    assert grown[1] == pytest.approx(2 * grown[0])


@pytest.mark.parametrize("name", rivals.RIVALS)
def test_every_rival_gives_costs_of_the_promised_shape(name, now):
    found = rivals.find(name)(now, 2, samples=9, rng=np.random.default_rng(1))
    assert found.shape == (35, 2, 9 if name in ("engine", "ets", "state_space") else 1)
    assert (found >= 0).all()
    change = np.median(found, axis=2) / rivals.repeat(now.cost_eur, 2)
    assert 0.95 < np.median(change) < 1.35


def test_what_ets_cannot_fit_gets_no_forecast(small):
    costs = np.array([[np.nan, np.nan, np.nan], [1000.0, 1100.0, 1200.0]])
    found = rivals.ets(replace(small, cost_eur=costs), 2, samples=3, rng=np.random.default_rng(1))
    assert np.isnan(found[0]).all()
    assert found[1, 0] == pytest.approx(1290, rel=0.1)


def test_the_state_space_walk_keeps_the_drift_and_its_error(small):
    # Growth of 10 % and 21 %: the drift is the mean of the logs, known to sd / root 2. Two values say too little.
    costs = np.array([[1000.0, 1100.0, 1331.0], [np.nan, 500.0, 550.0]])
    found = rivals.state_space(replace(small, cost_eur=costs), 2, samples=4000, rng=np.random.default_rng(1))
    drift = np.log(1.331) / 2
    assert np.median(np.log(found[0]), axis=1) == pytest.approx(
        np.log(1331) + drift * np.array([1, 2]), abs=0.01
    )
    variance = (np.log(1.1) - drift) ** 2 + (np.log(1.21) - drift) ** 2
    expected = np.sqrt(variance * np.array([1 + 1 / 2, 2 + 4 / 2]))
    assert np.log(found[0]).std(axis=1) == pytest.approx(expected, rel=0.05)
    assert np.isnan(found[1]).all()


def test_an_unknown_rival_is_refused_with_the_nearest_name():
    with pytest.raises(ParameterError, match="did you mean pooled_growth"):
        rivals.find("poolled_growth")
    with pytest.raises(ParameterError, match="known are last_year, last_growth, drift"):
        rivals.find("x")


def test_a_rival_that_fits_series_alone_fits_those_that_are_compared_only(small):
    def of(known, **which):
        return rivals.state_space(known, 2, samples=40, rng=np.random.default_rng(1), **which)

    some = of(small, wanted=["GM0002"])
    alone = replace(small, codes=("GM0002",), cost_eur=small.cost_eur[1:])
    assert np.isnan(some[0]).all()
    np.testing.assert_array_equal(some[1:], of(alone))
