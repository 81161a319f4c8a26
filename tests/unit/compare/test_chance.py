"""How much costs jump by themselves, and places that overlap."""

import numpy as np
import pandas as pd
import pytest

from analyse import parameters
from analyse.compare import chance
from analyse.compare.funnel import Funnel
from analyse.errors import ParameterError


def test_costs_jump_less_where_a_municipality_is_large(history):
    own, by_size = chance.cost_noise(history, parameters.breaks())

    assert 0.005 < np.sqrt(own + by_size / 120_000) < 0.03
    assert 0.07 < np.sqrt(own + by_size / 2_000) < 0.13


def test_the_error_of_one_year_is_found_apart_from_a_course_that_moves():
    """400 municipalities, 8 years: the level moves 6 % a year, a year of 10,000 youths lies 5 % from it."""
    rng, codes = np.random.default_rng(3), [f"GM{number:04d}" for number in range(1, 401)]
    youths = np.repeat([[4_000.0], [10_000.0], [40_000.0], [100_000.0]], 100, axis=0)
    level = np.cumsum(0.06 * rng.standard_normal((400, 8)), axis=1)
    error = np.sqrt(25 / youths) * rng.standard_normal((400, 8))
    rows = pd.DataFrame({
        "municipality_code": np.repeat(codes, 8), "period": np.tile(np.arange(2017, 2025), 400), "status": "final",
        "youths": np.repeat(youths.ravel(), 8), "cost_eur": (youths * 2_000 * np.exp(level + error)).ravel(),
    })  # fmt: skip
    own, by_size = chance.cost_noise(rows, [])

    assert by_size == pytest.approx(25, rel=0.15)
    assert own < 0.0003, "half the mean square of growth would say 0.0018"


def test_places_of_one_that_is_always_lower_are_certain():
    draws = np.array([[1.0, 1.1, 1.2], [5.0, 6.0, 7.0], [6.0, 5.0, 8.0]])
    found = chance.rank_intervals(draws, ["A", "B", "C"]).set_index("area_code")

    assert found.loc["A", ["place_low", "place_high"]].tolist() == [1, 1]
    assert found.loc["B", ["place_low", "place_high"]].tolist() == [2, 3]
    with pytest.raises(ParameterError, match="3 rows of draws for 2 areas"):
        chance.rank_intervals(draws, ["A", "B"])


def test_the_same_seed_gives_the_same_places():
    value, size = pd.Series([1000.0, 1100.0, 3000.0]), pd.Series([2000.0, 5000.0, 9000.0])
    funnel = Funnel("cost", 1100.0, own=0.01, by_size=20.0)
    first, second = (
        chance.draw_costs(value, size, funnel, rng=np.random.default_rng(7), draws=50) for _ in range(2)
    )

    np.testing.assert_array_equal(first, second)
