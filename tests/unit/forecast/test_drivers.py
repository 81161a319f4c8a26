"""What a change is made of: exact in every sample."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analyse.errors import ParameterError
from analyse.forecast import drivers
from analyse.forecast.simulate import by_area

amount = st.floats(1e-3, 1e9)


def _one(youths, clients, price, cost):
    return {"youths": youths, "clients": clients, "price": price, "cost_eur": cost}


def _arrays(values):
    return {name: np.array([[value]]) for name, value in values.items()}


def test_a_change_in_one_factor_is_wholly_that_factors():
    # Only the price rises, by a tenth: 100 becomes 110, and price explains the 10.
    effects = drivers.per_sample(_arrays(_one(10.0, 2.0, 1.0, 100.0)), _arrays(_one(10.0, 2.0, 1.1, 110.0)))
    assert effects[:, 0, 0] == pytest.approx([0.0, 0.0, 10.0, 0.0])


def test_two_equal_factors_share_the_change():
    # Youths and price both x 2: 100 becomes 400; each explains 150.
    effects = drivers.per_sample(_arrays(_one(10.0, 2.0, 1.0, 100.0)), _arrays(_one(20.0, 4.0, 2.0, 400.0)))
    assert effects[:, 0, 0] == pytest.approx([150.0, 0.0, 150.0, 0.0])


@settings(max_examples=200, deadline=None)
@given(start=st.tuples(*[amount] * 4), end=st.tuples(*[amount] * 4))
def test_effects_add_up_to_the_change(start, end):
    effects = drivers.per_sample(_arrays(_one(*start)), _arrays(_one(*end)))
    assert np.isfinite(effects).all()
    assert effects.sum() == pytest.approx(
        end[3] - start[3], rel=1e-9, abs=1e-9 * max(start[3], end[3], np.abs(effects).max())
    )


@settings(max_examples=200, deadline=None)
@given(first=amount, relative=st.floats(-0.5, 0.5))
def test_the_logarithmic_mean_lies_between_the_two(first, relative):
    second = first * (1 + relative)
    mean = float(drivers.logarithmic_mean(np.array([first]), np.array([second]))[0])
    assert min(first, second) * (1 - 1e-9) <= mean <= max(first, second) * (1 + 1e-9)


def test_effects_add_up_to_the_change_of_the_median_for_every_area(path_table):
    split = drivers.decompose(by_area(path_table, "region"), from_period=2024, to_period=2027)
    assert split["driver"].tolist()[:3] == ["population", "price", "use_and_rest"]
    summed = split.groupby("area_code").agg(
        effect=("effect_eur", "sum"), start=("start_eur", "first"), end=("end_eur", "first")
    )
    assert summed["effect"].to_numpy() == pytest.approx(
        (summed["end"] - summed["start"]).to_numpy(), rel=1e-9
    )


def test_the_rest_is_what_a_full_decomposition_would_give(path_table):
    # cost / (clients x price) is the rest; its own logarithmic effect equals what is left over.
    start = {n: np.array([[v]]) for n, v in _one(10.0, 2.0, 1.0, 100.0).items()}
    end = {n: np.array([[v]]) for n, v in _one(11.0, 2.5, 1.2, 180.0).items()}
    rest = np.log((180 / (2.5 * 1.2)) / (100 / (2.0 * 1.0)))
    weight = (180 - 100) / np.log(1.8)
    assert drivers.per_sample(start, end)[3, 0, 0] == pytest.approx(weight * rest)


@pytest.mark.parametrize(
    ("first", "last", "words"), [(2024, 2060, "2060"), (2025, 2025, "before"), (2026, 2025, "before")]
)
def test_impossible_years_are_refused(path_table, first, last, words):
    with pytest.raises(ParameterError, match=words):
        drivers.decompose(by_area(path_table, "all"), from_period=first, to_period=last)


def test_a_table_of_one_area_is_enough():
    paths = pd.DataFrame(
        {
            "area_code": "GM0503",
            "period": [2024, 2025],
            "sample": 0,
            "youths": 10.0,
            "clients": [2.0, 4.0],
            "price": 1.0,
            "cost_eur": [100.0, 200.0],
        }
    )
    split = drivers.decompose(paths, from_period=2024, to_period=2025).set_index("driver")["effect_eur"]
    assert split["use_and_rest"] == pytest.approx(100.0)


def test_the_last_step_ends_at_the_median_and_the_largest_driver_is_counted():
    # Ten futures: price takes 100 to 101, 102, ... 110 in nine of them; in the tenth youths double at the old price.
    prices = [1.01, 1.02, 1.03, 1.04, 1.05, 1.06, 1.07, 1.08, 1.09, 1.0]
    youths = [10.0] * 9 + [20.0]
    last = pd.DataFrame({"youths": youths, "price": prices})
    paths = pd.concat(
        [
            pd.DataFrame({"period": 2024, "youths": [10.0] * 10, "price": 1.0, "cost_eur": 100.0}),
            last.assign(period=2025, cost_eur=10 * last["youths"] * last["price"]),
        ]
    ).assign(area_code="GM0503", clients=1.0, sample=[*range(10), *range(10)])

    split = drivers.decompose(paths, from_period=2024, to_period=2025).set_index("driver")

    # The costs of 2025 are 101 ... 109 and 200: their median is 105.5, not the mean of 114.5.
    assert split["end_eur"].tolist() == pytest.approx([105.5] * 3)
    assert split["effect_eur"].sum() == pytest.approx(5.5)
    assert split["largest_share"].to_dict() == pytest.approx(
        {"population": 0.1, "price": 0.9, "use_and_rest": 0.0}
    )
