"""The split is exact, and each factor gets what is its own."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyse.errors import DataError
from analyse.monitor import q_analysis

ONE = pd.DataFrame(
    {"form": ["a"], "youths": [10], "trajectories": [20], "volume": [100.0], "cost_eur": [8000.0]}
)


def change(**values: float) -> dict[str, float]:
    row = q_analysis.split(ONE, ONE.assign(**values), cell=["form"]).iloc[0]
    return {name: round(float(row[name]), 6) for name in q_analysis.FACTORS if abs(row[name]) > 1e-6}


@pytest.mark.parametrize(
    ("after", "expected"),
    [
        ({"cost_eur": 8800.0}, {"tariff": 800}),
        ({"volume": 110.0, "cost_eur": 8800.0}, {"volume": 800}),
        ({"trajectories": 22, "volume": 110.0, "cost_eur": 8800.0}, {"trajectories": 800}),
        ({"youths": 11, "trajectories": 22, "volume": 110.0, "cost_eur": 8800.0}, {"youths": 800}),
        ({"volume": 100.0}, {}),
    ],
)
def test_each_factor_alone_gets_the_whole_change(after, expected):
    assert change(**after) == expected


def test_a_shift_to_a_dearer_form_is_mix():
    before = pd.DataFrame({"form": ["cheap", "dear"], "youths": [50, 50], "trajectories": [50, 50],
                           "volume": [50.0, 50.0], "cost_eur": [50.0, 500.0]})  # fmt: skip
    after = before.assign(youths=[40, 60], trajectories=[40, 60], volume=[40.0, 60.0], cost_eur=[40.0, 600.0])

    total = q_analysis.split(before, after, cell=["form"])[list(q_analysis.FACTORS)].sum()

    assert total["mix"] == pytest.approx(90)
    assert total.drop("mix").abs().max() < 1e-9


def test_a_cell_that_comes_or_goes_is_mix():
    after = ONE.assign(form="b", cost_eur=500.0)

    found = q_analysis.split(ONE, after, cell=["form"]).set_index("form")

    assert found["mix"].to_dict() == {"a": -8000, "b": 500}


amounts = st.floats(1, 1e6)


@given(st.lists(st.tuples(*[st.integers(1, 500)] * 4, *[amounts] * 4), min_size=1, max_size=6))
def test_the_factors_add_up_to_the_change_to_the_cent(rows):
    table = np.array(rows)
    before, after = (
        pd.DataFrame({"form": range(len(table)), "youths": table[:, k], "trajectories": table[:, 2 + k],
                      "volume": table[:, 4 + k], "cost_eur": table[:, 6 + k]})
        for k in (0, 1)
    )  # fmt: skip

    found = q_analysis.split(before, after, cell=["form"])

    gap = found[list(q_analysis.FACTORS)].sum(axis=1) - (found["after_eur"] - found["before_eur"])
    assert gap.abs().max() < 0.005


def test_against_what_was_agreed():
    delivered = pd.DataFrame({"provider": ["p", "q"], "care_form": "ggz", "unit": "04", "volume": [120.0, 10.0],
                              "cost_eur": [9600.0, 900.0]})  # fmt: skip
    agreed = pd.DataFrame({"provider": ["p", "r"], "care_form": "ggz", "unit": "04", "agreed_volume": [100, 50],
                           "agreed_cents": [8000_00, 4000_00]})  # fmt: skip

    found = q_analysis.against_agreed(delivered, agreed).set_index("provider")

    assert found.loc["p", ["volume", "tariff", "outside"]].tolist() == pytest.approx([1600, 0, 0])
    assert found["outside"].to_dict() == {"p": 0, "q": 900, "r": -4000}


def test_a_cell_that_is_there_twice_is_refused():
    with pytest.raises(DataError, match="1 cells are there twice"):
        q_analysis.split(pd.concat([ONE, ONE]), ONE, cell=["form"])
