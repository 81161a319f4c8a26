"""Which measures fit an area: the strongest evidence of each kind, and then a referrer or the money that says why."""

import numpy as np
import pytest

from analyse import scenario
from analyse.scenario import core, fitting


@pytest.fixture
def one(panels):
    return panels.inputs(samples=200)


def test_one_measure_of_each_kind_that_the_municipality_can_take(one):
    found = fitting.of(one, year=2030, referrers={})
    levers = {lever.id: lever for lever in one.levers}

    assert [fit.lever.group for fit in found] == ["demand", "duration", "place"]
    for fit in found:
        same = [lever for lever in levers.values() if lever.group == fit.lever.group and lever.law is None]
        usable = [lever.evidence for lever in same if lever.evidence != "D" and lever.default.size != 0]
        assert fit.lever.evidence == min(usable)


@pytest.mark.parametrize(("part", "chosen"), [(0.2, "normalise"), (0.45, "poh-jeugd")])
def test_a_gp_who_refers_more_than_elsewhere_makes_the_practice_nurse_fit(one, part, chosen):
    # Both rest on a controlled study; the nurse reaches what GPs refer, some 33 % in the country.
    first, *_ = fitting.of(one, year=2030, referrers={"general practitioner": part})

    assert first.lever.id == chosen
    assert (first.referred == part) == (chosen == "poh-jeugd")


def test_the_amounts_are_those_of_the_scenario_with_that_measure_alone(one):
    for fit in fitting.of(one, year=2029, referrers={}):
        changed = core.run(one, {fit.lever.id: fit.lever.default}).cost_eur[4] - one.cost_eur[4]
        assert fit.difference_eur == pytest.approx(np.quantile(changed, (0.1, 0.5, 0.9)))
        assert fit.saves == (changed < 0).mean()


def test_what_a_measure_reaches_is_the_money_in_its_forms_of_care(one):
    *_, place = fitting.of(one, year=2030, referrers={})
    forms = [scenario.care_forms().forms[at].id for at in range(len(one.forms))]
    shares = np.median(one.cost_eur[-1] * one.shares[:, -1], axis=1)
    right = sum(shares[forms.index(form)] for form in place.lever.forms)

    assert place.reach_eur == pytest.approx(right)
    assert place.reach == pytest.approx(right / shares.sum())
    assert place.largest_form in place.lever.forms
