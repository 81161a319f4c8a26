"""The split is exact, and each factor gets what is its own."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analyse.errors import DataError
from analyse.monitor import q_analysis
from analyse.present import monitor
from analyse.present.monitor.page import Page

ONE = pd.DataFrame({"form": ["a"], "trajectories": [20], "volume": [100.0], "cost_eur": [8000.0]})


def year(cells: pd.DataFrame, youths: int = 10) -> q_analysis.Quantities:
    counted = pd.DataFrame({"dimension": [""], "name": [""], "youths": [youths]})
    return q_analysis.Quantities(cells, counted)


def split(before: pd.DataFrame, after: pd.DataFrame, youths: tuple[int, int] = (10, 10)) -> pd.DataFrame:
    return q_analysis.split(year(before, youths[0]), year(after, youths[1]), cell=["form"])


@pytest.mark.parametrize(
    ("after", "youths", "expected"),
    [
        ({"cost_eur": 8800.0}, 10, {"tariff": 800}),
        ({"volume": 110.0, "cost_eur": 8800.0}, 10, {"volume": 800}),
        ({"trajectories": 22, "volume": 110.0, "cost_eur": 8800.0}, 10, {"trajectories": 800}),
        ({"trajectories": 22, "volume": 110.0, "cost_eur": 8800.0}, 11, {"youths": 800}),
        ({"volume": 100.0}, 10, {}),
    ],
)
def test_each_factor_alone_gets_the_whole_change(after, youths, expected):
    row = split(ONE, ONE.assign(**after), (10, youths)).iloc[0]

    assert {
        name: round(float(row[name]), 6) for name in q_analysis.FACTORS if abs(row[name]) > 1e-6
    } == expected


def test_a_shift_to_a_dearer_form_is_mix():
    before = pd.DataFrame(
        {
            "form": ["cheap", "dear"],
            "trajectories": [50, 50],
            "volume": [50.0, 50.0],
            "cost_eur": [50.0, 500.0],
        }
    )
    after = before.assign(trajectories=[40, 60], volume=[40.0, 60.0], cost_eur=[40.0, 600.0])

    total = split(before, after)[list(q_analysis.FACTORS)].sum()

    assert total["mix"] == pytest.approx(90)
    assert total.drop("mix").abs().max() < 1e-9


def test_a_youth_with_a_second_form_is_no_second_youth():
    """Ten youths get transport beside their day care: twice the trajectories, not twice the youths."""
    before = pd.DataFrame({"form": ["day"], "trajectories": [10], "volume": [100.0], "cost_eur": [1000.0]})
    after = pd.DataFrame(
        {
            "form": ["day", "bus"],
            "trajectories": [10, 10],
            "volume": [100.0, 50.0],
            "cost_eur": [1000.0, 200.0],
        }
    )

    total = split(before, after)[list(q_analysis.FACTORS)].sum()

    assert total["youths"] == 0
    assert total.sum() == pytest.approx(200)


@pytest.mark.parametrize("amount", [500.0, -500.0])
def test_a_cell_that_comes_or_goes_or_is_below_zero_is_mix(amount):
    found = split(ONE, ONE.assign(form="b", cost_eur=amount)).set_index("form")

    assert found["mix"].to_dict() == {"a": -8000, "b": amount}


def test_by_provider_and_by_form_add_up_to_the_same():
    cells = pd.DataFrame(
        {
            "care_form": ["x", "x", "y"],
            "provider": ["p", "q", "p"],
            "referrer": "01",
            "unit": "04",
            "trajectories": [10, 20, 5],
            "volume": [100.0, 300.0, 50.0],
            "cost_eur": [900.0, 2500.0, 700.0],
        }
    )
    counted = pd.DataFrame(
        [
            ("", "", 30),
            ("care_form", "x", 28),
            ("care_form", "y", 5),
            ("provider", "p", 14),
            ("provider", "q", 19),
        ],
        columns=["dimension", "name", "youths"],
    )
    before = q_analysis.Quantities(cells, counted)
    after = q_analysis.Quantities(
        cells.assign(volume=[120.0, 290.0, 80.0], cost_eur=[1100.0, 2600.0, 900.0]), counted
    )

    made = q_analysis.split(before, after)
    forms, providers = (q_analysis.by(made, side, before, after) for side in ("care_form", "provider"))

    factors = list(q_analysis.FACTORS)
    pd.testing.assert_series_equal(forms[factors].sum(), providers[factors].sum())
    assert forms[factors].to_numpy().sum() == pytest.approx(500)
    assert forms["youths_after"].tolist() == [28, 5] and providers["youths_before"].tolist() == [14, 19]


amounts = st.floats(1, 1e6)


@given(
    st.lists(st.tuples(*[st.integers(1, 500)] * 4, *[amounts] * 2), min_size=1, max_size=6),
    st.tuples(st.integers(1, 500), st.integers(1, 500)),
)
@settings(max_examples=40)
def test_the_factors_add_up_to_the_change_to_the_cent(rows, youths):
    table = np.array(rows)
    before, after = (
        pd.DataFrame(
            {
                "form": range(len(table)),
                "trajectories": table[:, k],
                "volume": table[:, 2 + k],
                "cost_eur": table[:, 4 + k],
            }
        )
        for k in (0, 1)
    )

    found = split(before, after, youths)

    gap = found[list(q_analysis.FACTORS)].sum(axis=1) - (found["after_eur"] - found["before_eur"])
    assert gap.abs().max() < 0.005


def test_against_what_was_agreed():
    delivered = pd.DataFrame(
        {
            "provider": ["p", "q"],
            "care_form": "ggz",
            "unit": "04",
            "volume": [120.0, 10.0],
            "cost_eur": [9600.0, 900.0],
        }
    )
    agreed = pd.DataFrame(
        {
            "provider": ["p", "r"],
            "care_form": "ggz",
            "unit": "04",
            "agreed_volume": [100, 50],
            "agreed_cents": [8000_00, 4000_00],
        }
    )

    found = q_analysis.against_agreed(delivered, agreed).set_index("provider")

    assert found.loc["p", ["volume", "tariff", "outside"]].tolist() == pytest.approx([1600, 0, 0])
    assert found["outside"].to_dict() == {"p": 0, "q": 900, "r": -4000}


@pytest.mark.parametrize(
    ("youths", "alone"), [([12, 30], True), ([12, 4], False), ([], True), ([0, 12], True)]
)
def test_an_amount_outside_agreements_of_few_youths_in_one_municipality_is_not_shown_by_itself(youths, alone):
    cell = {"care_form": "ggz", "unit": "04"}
    whole = pd.DataFrame({**cell, "provider": ["p", "q"], "agreed_eur": [8000.0, 0.0], "cost_eur": [9600.0, 900.0],
                          "volume": [1600.0, 0.0], "tariff": 0.0, "outside": [0.0, 900.0]})  # fmt: skip
    beside = pd.Series([float(one) for one in youths])

    made = monitor.agreed(whole, Page("Delft", False), year=2023, beside=beside)
    steps = dict(made.table.values)

    assert ("Buiten afspraken, of niet geleverd" in steps) == alone
    assert steps[
        "Meer of minder hoeveelheid" if alone else "Meer of minder hoeveelheid, of buiten afspraken"
    ] == (1600.0 if alone else 2500.0)


def test_a_cell_that_is_there_twice_is_refused():
    with pytest.raises(DataError, match="1 cells are there twice"):
        split(pd.concat([ONE, ONE]), ONE)
