"""Cohorts: everyone a year older, and intervals that hold on the published youths of 2023 and 2024."""

import numpy as np
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
    then = knowledge.at(history, tables, origin=2023)
    young, _ = population.paths(then, horizon=1, samples=20, streams=Streams(1))
    assert young[:, 0] == pytest.approx(np.repeat(then.youths[:, -1:], 20, axis=1))
    young, _ = population.paths(now, horizon=1, samples=500, streams=Streams(1))
    assert 0.0005 < (young[:, 0].std(axis=1) / young[:, 0].mean(axis=1)).mean() < 0.005


@pytest.mark.parametrize("base", [2020, 2021, 2022])
def test_intervals_from_earlier_years_hold_the_published_youths_of_2023_and_2024(base, history, tables):
    then = knowledge.at(history, tables, origin=base - 1)
    young, _ = population.paths(then, horizon=2025 - base, samples=500, streams=Streams(1))
    rows = tables["population"].query("age_group == '0-17'")
    published = rows.pivot(index="municipality_code", columns="year", values="count").loc[list(then.codes)]
    inside = []
    for year in (2023, 2024):
        low, high = np.quantile(young[:, year - base], [0.1, 0.9], axis=1)
        inside.append(((published[year] >= low) & (published[year] <= high)).mean())
    assert 0.7 <= np.mean(inside) <= 0.95


def test_the_table_has_one_row_per_municipality_year_and_sample(now):
    young, all_ages = population.paths(now, horizon=2, samples=3, streams=Streams(1))
    rows = population.table(now, young, all_ages)
    assert list(rows.columns) == ["municipality_code", "period", "sample", "youths", "youths_0_22"]
    assert len(rows) == 35 * 2 * 3
    assert (rows["youths_0_22"] > rows["youths"]).all()
    assert rows["period"].unique().tolist() == [2025, 2026]
