"""The rules of a region, with the figures of its own documents."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyse.compare import calculators, choices
from analyse.errors import DataError, ParameterError


@pytest.fixture
def rule():
    return next(one for one in choices.rules() if one.id == "haaglanden")


def people(tables, rule, year):
    codes = [code for group in rule.groups.values() for code in group]
    return calculators.inhabitants(tables, codes, year=year, years_back=rule.inhabitants_years_back)


def test_the_example_of_the_council_document(tables, rule):
    example = rule.example
    parts = calculators.shared(example.amount_eur, people(tables, rule, example.year))
    rijswijk = parts.set_index("municipality_code").loc[example.municipality]

    assert len(parts) == 10
    assert rijswijk["inhabitants"] == 54_450, "1 January 2020, the year before the costs"
    assert rijswijk["amount_eur"] == 47_653.35
    assert abs(rijswijk["amount_eur"] - example.part_eur) <= example.within_eur
    assert parts["amount_eur"].sum() == pytest.approx(example.amount_eur, abs=1e-6)


def test_groups_add_up(tables, rule):
    parts = calculators.shared(1_000_000.0, people(tables, rule, 2021))
    groups = calculators.by_group(parts, rule.groups).set_index("group")

    assert groups["municipalities"].to_dict() == {"H1": 1, "H4": 4, "H5": 5}
    assert groups["amount_eur"].sum() == pytest.approx(1_000_000)
    assert groups.loc["H1", "amount_eur"] == 477_704.45


def test_the_hague_alone_has_no_majority_but_one_with_delft(tables, rule):
    weights = people(tables, rule, 2021)

    assert not calculators.votes(weights, ["GM0518"], needed_fraction=rule.needed_fraction)["passed"]
    assert calculators.votes(weights, ["GM0518", "GM0503"], needed_fraction=rule.needed_fraction)["passed"]


def test_half_of_the_votes_is_not_more_than_half():
    assert not calculators.votes(pd.Series({"A": 50, "B": 50}), ["A"])["passed"]


@given(
    st.lists(st.integers(1, 1_000_000), min_size=1, max_size=15),
    st.integers(0, 10**10).map(lambda c: c / 100),
)
def test_shares_add_up_to_the_cent_and_nobody_pays_a_cent_too_much(sizes, amount):
    weights = pd.Series(sizes, index=[f"GM{place:04d}" for place in range(len(sizes))])
    parts = calculators.shared(amount, weights)
    cents = (parts["amount_eur"] * 100).round().astype("int64")

    assert cents.sum() == round(amount * 100)
    assert ((cents / 100 - amount * parts["fraction"]).abs() < 0.0101).all()


def test_impossible_questions_are_refused(tables, rule):
    with pytest.raises(DataError, match="GM0501 on 1 January 2023"):
        calculators.inhabitants(tables, ["GM0501"], year=2024)
    with pytest.raises(ParameterError, match="zero or more"):
        calculators.shared(-1.0, pd.Series({"A": 1}))
    with pytest.raises(ParameterError, match="above zero"):
        calculators.shared(1.0, pd.Series({"A": 0}))
    with pytest.raises(ParameterError, match="Z have no vote"):
        calculators.votes(pd.Series({"A": 1}), ["Z"])
    with pytest.raises(ParameterError, match="needed_fraction"):
        calculators.votes(pd.Series({"A": 1}), ["A"], needed_fraction=66)
    with pytest.raises(ParameterError, match="in one group"):
        calculators.by_group(calculators.shared(1.0, pd.Series({"A": 1})), {"one": ["B"]})


def test_a_departure_moves_one_part_to_the_others_and_changes_no_sum(tables, rule):
    ask = {"amount_eur": 1_000_000.0, "year": 2023}
    before, after = (
        calculators.key(tables, rule, **ask, leaves=one).set_index("municipality_code")["amount_eur"]
        for one in ("", "GM0626")
    )

    assert calculators.leavers(tables, "JZ24", range(2021, 2027)) == {"GM0626": 2024}
    assert calculators.leavers(tables, "JZ29", range(2021, 2027)) == {}, "mergers are no departure"
    assert (len(before), len(after)) == (10, 9)
    assert after.sum() == pytest.approx(1_000_000) and before["GM0626"] == 22_118.90
    assert (after - before).dropna().sum() == pytest.approx(before["GM0626"], abs=0.01)
    with pytest.raises(ParameterError, match="takes no part in 2024"):
        calculators.key(tables, rule, amount_eur=1e6, year=2024, leaves="GM0626")
    with pytest.raises(ParameterError, match="holds from 2021"):
        calculators.key(tables, rule, amount_eur=1e6, year=2020)


def test_what_a_majority_takes(tables, rule):
    found = calculators.majority(people(tables, rule, 2021))
    now = calculators.key(tables, rule, amount_eur=1.0, year=2026).set_index("municipality_code")

    assert (found["largest"], found["fewest"]) == ("GM0518", 2)
    assert not found["alone"] and not found["with_any"], "47.8 % and the smallest, 1.7 %"
    assert calculators.majority(now["inhabitants"])["with_any"], "48.6 % and the smallest, 1.7 %"
    assert found["without"], "the nine others outvote The Hague"
    assert calculators.majority(pd.Series({"A": 60, "B": 40}))["alone"]
    assert calculators.majority(pd.Series({"A": 30, "B": 25, "C": 25, "D": 20}))["fewest"] == 2
    assert not calculators.majority(pd.Series({"A": 30, "B": 25, "C": 25, "D": 20}))["with_any"]


def test_every_region_of_the_reports_has_a_key_and_says_whether_it_is_known(tables):
    rules = choices.rules()

    assert {one.region: one.status for one in rules} == {
        "JZ24": "known",
        "JZ29": "assumption",
        "JZ18": "assumption",
    }
    for one in rules:
        year = calculators.last_year(tables, one)
        parts = calculators.key(tables, one, amount_eur=1e6, year=year)
        assert year == 2026 and parts["amount_eur"].sum() == pytest.approx(1e6)
