"""How costs divide over care forms, and what is drawn; from reports of which the answer is seen at once."""

import numpy as np
import pandas as pd
import pytest

from analyse import scenario
from analyse.errors import DataError
from analyse.parameters import Run
from analyse.scenario import draws, shares
from analyse.scenario.evidence import Interval

OUTPATIENT = {"6.72a": 10.0, "6.72b": 20.0, "6.72c": 10.0, "6.72d": 10.0, "6.74a": 10.0}
RESIDENTIAL = {"6.73a": 10.0, "6.73b": 5.0, "6.73c": 10.0, "6.74b": 3.0, "6.74c": 2.0}
OTHER = {"6.82a": 10.0}


def _reports(**municipalities):
    """Rows of costs_subcode: code=[report of 2023, budget of 2024], each a dict of sub-codes."""
    rows = [
        (code, year, report, subcode, amount, "final")
        for code, given in municipalities.items()
        for (year, report), one in zip([(2023, "accounts"), (2024, "budget")], given, strict=False)
        for subcode, amount in one.items()
    ]
    names = ["municipality_code", "year", "report", "subcode", "cost_eur", "status"]
    return pd.DataFrame(rows, columns=names)


def _parts(found, group, code):
    division = found[group]
    return dict(zip(division.parts, division.mean[division.codes.index(code)], strict=True))


WHOLE = OUTPATIENT | RESIDENTIAL | OTHER
DOUBLE_GUIDANCE = WHOLE | {"6.72a": 20.0}


def test_accounts_count_twice_and_a_budget_once():
    found = shares.divisions(
        _reports(GM0001=[WHOLE, DOUBLE_GUIDANCE], GM0002=[WHOLE, WHOLE]), scenario.care_forms()
    )

    assert _parts(found, "outpatient", "GM0001")["guidance"] == pytest.approx((2 * 10 / 60 + 20 / 70) / 3)
    assert _parts(found, "groups", "GM0002")["outpatient"] == pytest.approx(0.6)


def test_a_group_booked_on_one_line_takes_the_mean_of_the_others():
    one_line = OUTPATIENT | OTHER | {"6.73b": 30.0}
    found = shares.divisions(
        _reports(GM0001=[one_line, one_line], GM0002=[WHOLE, WHOLE], GM0003=[DOUBLE_GUIDANCE, WHOLE]),
        scenario.care_forms(),
    )

    assert _parts(found, "residential", "GM0001") == pytest.approx(_parts(found, "residential", "GM0002"))
    assert _parts(found, "groups", "GM0001")["residential"] == pytest.approx(0.3)


def test_costs_that_stand_on_no_form_do_not_divide_a_group():
    undivided = RESIDENTIAL | OTHER | {"6.72": 55.0, "6.72a": 5.0, "6.72b": 0.1}
    found = shares.divisions(_reports(GM0001=[undivided], GM0002=[WHOLE, WHOLE]), scenario.care_forms())

    assert _parts(found, "outpatient", "GM0001") == pytest.approx(_parts(found, "outpatient", "GM0002"))
    assert _parts(found, "groups", "GM0001")["outpatient"] == pytest.approx(60.1 / 100.1)


def test_reports_that_differ_more_leave_more_to_draw():
    alike = shares.divisions(
        _reports(GM0001=[WHOLE, WHOLE | {"6.72a": 11.0}], GM0002=[WHOLE, WHOLE]), scenario.care_forms()
    )
    apart = shares.divisions(
        _reports(GM0001=[WHOLE, DOUBLE_GUIDANCE], GM0002=[WHOLE, WHOLE]), scenario.care_forms()
    )

    assert apart["outpatient"].concentration[0] < alike["outpatient"].concentration[0]


def test_draws_add_up_to_one_and_are_the_same_whatever_else_is_drawn():
    care, run = scenario.care_forms(), Run()
    few = shares.divisions(_reports(GM0001=[WHOLE, DOUBLE_GUIDANCE], GM0002=[WHOLE, WHOLE]), care)
    drawn = shares.draw(few, care, "GM0001", samples=200, rng=run.rng)
    shares.draw(few, care, "GM0002", samples=200, rng=run.rng)

    np.testing.assert_allclose(drawn.sum(axis=0), 1)
    np.testing.assert_array_equal(drawn, shares.draw(few, care, "GM0001", samples=200, rng=run.rng))
    assert drawn.shape == (11, 200)


def test_a_municipality_that_delivered_no_sub_codes_is_as_unknown_as_any_of_the_others():
    table = _reports(GM0001=[WHOLE, WHOLE], GM0002=[DOUBLE_GUIDANCE, DOUBLE_GUIDANCE], GM0003=[WHOLE, WHOLE])
    table.loc[table["municipality_code"] == "GM0003", ["cost_eur", "status"]] = [float("nan"), "missing"]
    found = shares.divisions(table, scenario.care_forms())

    between = (10 / 60 + 20 / 70) / 2
    assert _parts(found, "outpatient", "GM0003")["guidance"] == pytest.approx(between)
    known, unknown = (found["outpatient"].codes.index(code) for code in ("GM0001", "GM0003"))
    assert found["outpatient"].concentration[unknown] < found["outpatient"].concentration[known]


def test_a_municipality_without_costs_by_sub_code_is_named():
    care = scenario.care_forms()
    found = shares.divisions(_reports(GM0001=[WHOLE, WHOLE], GM0002=[WHOLE, WHOLE]), care)

    with pytest.raises(DataError, match="no costs by sub-code of GM0009"):
        shares.draw(found, care, "GM0009", samples=10, rng=Run().rng)


def test_a_table_without_the_reports_is_refused():
    with pytest.raises(DataError, match="no accounts 2023"):
        shares.divisions(_reports(GM0001=[]), scenario.care_forms())


def test_an_interval_holds_as_often_as_it_says():
    drawn = draws.factor(Interval(low=0.5, high=3.0, coverage=0.6), 20_000, np.random.default_rng(1))

    assert ((drawn >= 0.5) & (drawn <= 3.0)).mean() == pytest.approx(0.6, abs=0.01)
    assert np.median(drawn) == pytest.approx(1, abs=0.02)
    assert drawn.max() <= 4.0  # half as far again beyond high


def test_an_effect_that_may_be_nothing_never_turns_round():
    drawn = draws.factor(Interval(low=0.0, high=2.0), 5_000, np.random.default_rng(1))

    assert drawn.min() == 0
    assert (drawn == 0).mean() == pytest.approx(0.1, abs=0.02)


def test_each_lever_has_numbers_of_its_own_that_do_not_depend_on_the_others():
    levers, run = scenario.levers(), Run()
    everything = draws.effects(levers, samples=50, rng=run.rng)
    last = draws.effects(levers[2:5], samples=50, rng=run.rng)

    np.testing.assert_array_equal(everything.part[2:5], last.part)
    assert len({tuple(row) for row in everything.cost}) == len(levers)


def test_durations_of_one_source_are_drawn_together():
    care = scenario.care_forms()
    drawn = draws.months(care, samples=500, rng=Run().rng)
    forms = [form.id for form in care.forms]

    np.testing.assert_array_equal(drawn[forms.index("guidance")], drawn[forms.index("treatment")])
    assert np.median(drawn[forms.index("foster-care")]) == pytest.approx(51, rel=0.03)
    assert (drawn > 1).all()
