"""Cohorts: everyone a year older, and intervals that hold on the published youths of 2023 and 2024."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from analyse.forecast import known as knowledge
from analyse.forecast import population
from analyse.forecast.streams import Streams


def test_everyone_grows_a_year_older():
    # Ages 0-3: 10, 20, 30, 40. A year later ages 1-3 are 10, 20, 30 (+5 on the way to age 2); two years later 2-3.
    count, gain = np.array([[10.0, 20.0, 30.0, 40.0]]), np.array([[0.0, 0.0, 5.0, 0.0]])
    assert population.grown(count, gain, 2, below=4).tolist() == [[100.0, 65.0, 40.0]]


def test_only_the_ages_asked_for_are_counted():
    count, gain = np.array([[10.0, 20.0, 30.0, 40.0]]), np.zeros((1, 4))
    assert population.grown(count, gain, 1, below=4, above=2).tolist() == [[70.0, 50.0]]


def test_a_published_first_year_is_as_published_and_a_reconstructed_one_nearly(now, history, tables):
    then = knowledge.as_of(history, tables, origin=2023)
    young, _ = population.paths(then, horizon=1, samples=20, streams=Streams(1))
    assert young[:, 0] == pytest.approx(np.repeat(then.youths[:, -1:], 20, axis=1))
    young, _ = population.paths(now, horizon=1, samples=500, streams=Streams(1))
    assert 0.0005 < (young[:, 0].std(axis=1) / young[:, 0].mean(axis=1)).mean() < 0.005


def test_intervals_from_earlier_years_hold_the_published_youths_of_2023_and_2024(history, tables):
    found = population.check(history, tables, origins=[2019, 2020, 2021], samples=500, streams=Streams(1))
    assert found[["origin", "period", "n"]].to_numpy().tolist() == [
        [2019, 2023, 35],
        [2019, 2024, 35],
        [2020, 2023, 35],
        [2020, 2024, 35],
        [2021, 2023, 35],
        [2021, 2024, 35],
    ]
    inside = found.groupby("origin")[["coverage_80", "coverage_95"]].mean()
    assert inside["coverage_80"].between(0.7, 0.95).all()
    assert inside["coverage_95"].between(0.9, 1.0).all()
    assert found.query("origin == 2021")["median_absolute_percentage_error"].between(0.3, 1.0).all()


def _still(small, births, net_migration):
    """Two municipalities with ten youths of every age, and so many births and newcomers in 2015-2020, by code."""
    moves = pd.DataFrame(
        {
            "municipality_code": code,
            "year": year,
            "births": births[place][year % 2],
            "inhabitants_start": 1000.0,
            "net_migration": net_migration[place][year % 2],
        }
        for place, code in enumerate(small.codes)
        for year in range(2015, 2021)
    )
    published = pd.DataFrame({"age_group": ["0-14", "0-17"], "year": [2021, 2021]})
    changes = pd.DataFrame({"municipality_code": [], "year": [], "successor_code": []})
    return replace(
        small,
        ages=np.full((2, 4, 25), 10.0),
        youths=np.full((2, 4), 180.0),
        youths_0_22=np.full((2, 4), 230.0),
        tables={"population_dynamics": moves, "population": published, "boundary_changes": changes},
    )


@pytest.mark.parametrize(("births", "expected"), [(10.0, [180, 180, 180]), (12.0, [180, 182, 184])])
def test_births_come_in_and_everyone_of_18_goes_out(births, expected, small):
    # Ten youths of every age: with ten births a year 180 stay 180, with twelve there are two more every year.
    known = _still(small, [(births, births)] * 2, [(0.0, 0.0)] * 2)
    young, older = population.paths(known, horizon=3, samples=200, streams=Streams(1))
    assert np.median(young, axis=2)[0] == pytest.approx(expected, abs=0.3)
    assert np.median(older - young, axis=2)[0] == pytest.approx([50, 50, 50], abs=0.3)


def test_spread_of_births_and_migration_by_hand(small):
    # Births of the first double and halve, of the second they stay: each is half of log 2 from their middle.
    # Of every 1,000 inhabitants 10 come to the first in odd years, and 10 leave in even ones: 0.5 % from the middle.
    found = population.spread(_still(small, [(10.0, 20.0), (10.0, 10.0)], [(-10.0, 10.0), (0.0, 0.0)]))
    assert found.own_births == pytest.approx([0.6 * 1.4826 * np.log(2) / 2] * 2)
    assert found.own_migration == pytest.approx([1.4826 * 0.005] * 2)


def test_students_move_twice_as_much(small):
    known = _still(small, [(10.0, 10.0)] * 2, [(-10.0, 10.0), (0.0, 0.0)])
    young, older = population.paths(known, horizon=2, samples=20_000, streams=Streams(1))
    found = population.spread(known)
    since = np.sqrt(found.shared_migration**2 + found.own_migration[0] ** 2 + found.gain**2)
    assert np.log(older - young)[0, 1].std() == pytest.approx(2 * since, rel=0.05)
