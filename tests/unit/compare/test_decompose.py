"""Effects add up to the difference, and each driver takes what is its own."""

import math

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyse.compare import decompose, standardise
from analyse.errors import ParameterError
from analyse.history import panel

SIZE = st.floats(1.0, 1e6)


def rows(*values, clients_status="final", status="final"):
    frame = pd.DataFrame(values, columns=["area_code", "period", "youths", "clients", "cost_eur"])
    return frame.assign(clients_status=clients_status, status=status)


def effects(found):
    return dict(zip(found["driver"], found["effect_eur"], strict=True))


def test_twice_as_many_youths_is_all_population():
    found = decompose.difference(
        rows(("A", 2022, 100, 10, 1000), ("B", 2022, 200, 20, 2000)),
        first=("A", 2022), last=("B", 2022), per_youth=False,
    )  # fmt: skip

    assert effects(found) == pytest.approx({"population": 1000, "usage": 0, "price_and_mix": 0})


def test_use_and_price_share_a_product_by_logarithms():
    found = decompose.difference(
        rows(("A", 2022, 100, 10, 1000), ("A", 2023, 100, 20, 4000)),
        first=("A", 2022), last=("A", 2023), per_youth=False, price_growth=pd.Series({2023: 1.0}),
    )  # fmt: skip
    weight = 3000 / math.log(4)

    assert effects(found) == pytest.approx(
        {"population": 0, "usage": weight * math.log(2), "price": weight * math.log(2), "mix": 0}
    )


def test_age_takes_what_ages_lead_one_to_expect():
    expected = pd.Series({("A", 2022): 10.0, ("B", 2022): 20.0})
    found = decompose.difference(
        rows(("A", 2022, 100, 10, 1000), ("B", 2022, 100, 20, 2000)),
        first=("A", 2022), last=("B", 2022), expected=expected,
    )  # fmt: skip

    assert effects(found) == pytest.approx({"age": 10, "usage": 0, "price_and_mix": 0})


def test_unknown_use_is_not_told_apart():
    found = decompose.difference(
        rows(("A", 2023, 100, None, 1000), ("A", 2024, 100, None, 1200), clients_status="missing"),
        first=("A", 2023), last=("A", 2024), per_youth=False,
    )  # fmt: skip

    assert effects(found) == pytest.approx({"population": 0, "usage_price_and_mix": 200})


@given(st.lists(SIZE, min_size=8, max_size=8), st.booleans(), st.booleans())
def test_effects_add_up_and_the_way_back_is_the_opposite(values, per_youth, aged):
    y0, y1, c0, c1, k0, k1, e0, e1 = values
    areas = rows(("A", 2022, y0, c0, k0), ("B", 2022, y1, c1, k1))
    expected = pd.Series({("A", 2022): e0, ("B", 2022): e1}) if aged else None
    there = decompose.difference(
        areas, first=("A", 2022), last=("B", 2022), expected=expected, per_youth=per_youth
    )
    back = decompose.difference(
        areas, first=("B", 2022), last=("A", 2022), expected=expected, per_youth=per_youth
    )
    start, end = there["start_eur"].iloc[0], there["end_eur"].iloc[0]

    assert there["effect_eur"].sum() == pytest.approx(end - start, abs=1e-9 * (start + end) + 1e-9)
    scale = 1e-6 * (there["effect_eur"].abs().sum() + 1e-6)
    assert (there["effect_eur"] + back["effect_eur"]).abs().max() <= scale


def test_from_a_later_year_to_an_earlier_one_prices_fall(regions):
    growth = pd.Series({2022: 0.05, 2023: 0.06, 2024: 0.06})
    there, back = (
        effects(
            decompose.difference(regions, first=("JZ24", first), last=("JZ24", last), price_growth=growth)
        )
        for first, last in ((2021, 2024), (2024, 2021))
    )
    assert there["price"] > 0
    assert back["price"] == pytest.approx(-there["price"])


def test_rijnmond_has_fewer_youths_with_care_at_higher_costs(tables, regions, members):
    inside = {code: members[code] for code in ("JZ24", "JZ29")}
    expected = standardise.standardised(tables, inside).set_index(["area_code", "period"])["expected_clients"]
    found = effects(
        decompose.difference(regions, first=("JZ24", 2022), last=("JZ29", 2022), expected=expected)
    )

    assert {name: round(value, -1) for name, value in found.items()} == {
        "age": -10, "usage": -480, "price_and_mix": 540,
    }  # fmt: skip


def test_what_is_not_whole_or_not_known_is_refused(history):
    areas = panel.by_area(history, "municipality")
    with pytest.raises(ParameterError, match="faulty"):
        decompose.difference(areas, first=("GM0569", 2022), last=("GM0569", 2024))
    with pytest.raises(ParameterError, match="0 rows"):
        decompose.difference(areas, first=("GM9999", 2022), last=("GM0569", 2024))
    with pytest.raises(ParameterError, match="with itself"):
        decompose.difference(areas, first=("GM0503", 2022), last=("GM0503", 2022))


def test_an_area_without_whole_accounts_is_left_out_of_the_sum_too():
    """Two whole areas of 100 youths, with 1,000 and 3,000 euros: 20 per youth together, and one area left out."""
    areas = pd.DataFrame(
        {
            "area_code": list("ABC"),
            "period": 2024,
            "youths": 100.0,
            "clients": 10.0,
            "clients_status": "final",
            "cost_eur": [1000.0, 3000.0, 50.0],
            "status": ["final", "final", "incomplete"],
        }
    )
    whole = areas.iloc[:1].assign(
        area_code="ALL", youths=300.0, clients=30.0, cost_eur=4050.0, status="incomplete"
    )

    found = decompose.gaps(areas, whole, period=2024)

    assert found["to_area"].unique().tolist() == ["A", "B"]
    assert found["start_eur"].unique().tolist() == [20.0]
    assert found["left_out"].unique().tolist() == [1]
    assert found.query("to_area == 'B'")["effect_eur"].sum() == pytest.approx(10.0)
