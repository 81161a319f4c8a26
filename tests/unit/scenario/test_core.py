"""The arithmetic of a scenario, against answers worked by hand."""

from dataclasses import replace

import numpy as np
import pytest

from analyse import scenario, shared
from analyse.history import areas
from analyse.parameters import Run
from analyse.scenario import core, prepared

OUTPATIENT = ("guidance", "treatment", "day-care", "other-outpatient", "mental-health")


def _share(one, *forms):
    return sum(one.shares[one.forms.index(form)] for form in forms)


def test_the_empty_scenario_returns_its_input_to_the_bit(area):
    one = area()
    outcome = scenario.run(one, {})

    assert outcome.cost_eur is one.cost_eur
    assert outcome.youths is one.youths
    assert outcome.clients is one.clients
    assert outcome.price is one.price


def test_a_lever_of_size_zero_changes_nothing(area, settings):
    one = area()
    outcome = scenario.run(one, settings({"normalise": {"size": 0}, "outflow": {"size": 0}}))

    np.testing.assert_array_equal(outcome.cost_eur, one.cost_eur)
    np.testing.assert_array_equal(outcome.clients, one.clients)


def test_nothing_changes_before_a_lever_starts(area, settings):
    one = area()
    outcome = scenario.run(one, settings({"inflow": {"size": -30, "start": 2027}}))

    np.testing.assert_array_equal(outcome.cost_eur[:2], one.cost_eur[:2])
    assert (outcome.cost_eur[2:] < one.cost_eur[2:]).all()


@pytest.mark.parametrize("months", [1.0, 3.3, 10.7, 13.4, 50.9])
def test_a_stock_that_nothing_touches_is_exactly_one(months):
    stock, clients = core.flow(np.array([months]), np.ones((24, 1)), np.ones((24, 1)))

    assert (stock == 1).all()
    assert (clients == 1).all()


def test_a_shorter_duration_empties_the_stock_with_the_right_delay():
    # Mean duration 10 months, now 8: each month 1/8 leaves, so the stock goes to 0.8 and a gap shrinks by 7/8.
    stock, _ = core.flow(np.array([10.0]), np.ones((24, 1)), np.full((24, 1), 0.8))
    ends = 0.8 + 0.2 * (7 / 8) ** np.arange(25)

    np.testing.assert_allclose(stock[:, 0], (ends[1:] + ends[:-1]) / 2)


def test_fewer_new_trajectories_empty_the_stock_and_clients_follow():
    # 10 % fewer come in; what is there leaves as ever: the stock goes to 0.9, and a gap shrinks by 9/10 a month.
    stock, clients = core.flow(np.array([10.0]), np.full((12, 1), 0.9), np.ones((12, 1)))

    assert stock[-1, 0] == pytest.approx((2 * 0.9 + 0.1 * (0.9**11 + 0.9**12)) / 2)
    assert clients[0, 0] == pytest.approx((1 + 0.9 * 12 / 10) / (1 + 12 / 10))


def test_a_price_lever_acts_on_the_costs_of_its_forms_at_once(area, settings):
    one = area(certain=True)
    outcome = scenario.run(one, settings({"tariff-cut": {"size": -5, "start": 2026, "ramp_months": 0}}))

    np.testing.assert_allclose(outcome.cost_eur[1:], 0.95 * one.cost_eur[1:])
    np.testing.assert_allclose(outcome.price[1:], 0.95 * one.price[1:])


def test_tariff_growth_compounds_by_year(area, settings):
    one = area(certain=True)
    outcome = scenario.run(one, settings({"tariff-growth": {"size": 2, "start": 2026}}))
    expected = np.array([1, 1.02, 1.02**2, 1.02**3])[:, None]

    np.testing.assert_allclose(outcome.cost_eur, expected * one.cost_eur)


def test_a_ramp_reaches_the_full_size_after_its_months(area, settings):
    # Ramp of 24 months: after month m the effect is m/24, in the first year (1 + ... + 12) / 12 / 24 on average.
    one = area(certain=True)
    outcome = scenario.run(
        one, settings({"guideline-intensity": {"size": -10, "start": 2026, "ramp_months": 24}})
    )
    saved = 1 - outcome.cost_eur / one.cost_eur
    part = _share(one, *OUTPATIENT)

    np.testing.assert_allclose(saved[1], 0.1 * part[1] * 6.5 / 24)
    np.testing.assert_allclose(saved[2], 0.1 * part[2] * 18.5 / 24)
    np.testing.assert_allclose(saved[3], 0.1 * part[3])


def test_substitution_takes_from_one_form_and_adds_its_cost_ratio_to_the_other(area, settings):
    one = area(certain=True)
    moved = settings({"regional-to-local": {"size": 20, "start": 2025, "ramp_months": 0, "cost_ratio": 0.5}})
    outcome = scenario.run(one, moved)
    base, local = one.form_cost, one.forms.index("local")
    treatment, other = one.forms.index("treatment"), one.forms.index("other-outpatient")

    np.testing.assert_allclose(outcome.form_cost[treatment], 0.8 * base[treatment])
    np.testing.assert_allclose(outcome.form_cost[local], 0.5 * 0.2 * (base[treatment] + base[other]))


def test_a_budget_neutral_shift_changes_no_total(area, settings):
    one = area(certain=True)
    outcome = scenario.run(one, settings({"regional-to-local": {"size": 20, "cost_ratio": 1}}))

    np.testing.assert_allclose(outcome.cost_eur, one.cost_eur)


def test_what_moves_is_a_part_of_what_is_left_of_the_stock(area, settings):
    # A shift that costs the same elsewhere changes no total, also when fewer youths come in.
    one = area(certain=True)
    fewer = {"inflow": {"size": -40, "start": 2025, "ramp_months": 0}}
    shift = {"regional-to-local": {"size": 20, "start": 2025, "cost_ratio": 1}}

    np.testing.assert_allclose(
        scenario.run(one, settings(fewer | shift)).cost_eur, scenario.run(one, settings(fewer)).cost_eur
    )


def test_a_cap_takes_what_does_not_fit_after_others_moved(area):
    # Of closed care 30 % leaves youth care; there are 40 % fewer places: 10 % more must go, for nothing.
    one = area(certain=True)
    known = {lever.id: lever for lever in one.levers}
    cap = known["closed-places"].default.model_copy(
        update={"size": -40.0, "start": 2025, "ramp_months": 0, "cost_ratio": 0.0}
    )
    one.scales[one.lever_index("wlz")] = 1.0
    away = known["wlz"].model_copy(update={"forms": ["closed"]})
    levers = tuple(away if lever.id == "wlz" else lever for lever in one.levers)
    leaving = away.default.model_copy(update={"size": 30.0, "start": 2025, "ramp_months": 0})
    outcome = scenario.run(replace(one, levers=levers), {"wlz": leaving, "closed-places": cap})
    closed = one.forms.index("closed")

    np.testing.assert_allclose(outcome.form_cost[closed], 0.6 * one.form_cost[closed])
    np.testing.assert_allclose(outcome.cost_eur, one.cost_eur - 0.4 * one.form_cost[closed])


def test_an_old_place_is_paid_for_some_months_and_new_places_are_limited(area, settings):
    # Family homes: the old place is paid 6 months longer, and at most 5 % a year is taken over.
    one = area(certain=True)
    one.capacity[one.lever_index("residential-to-family")] = 5.0
    moved = settings(
        {"residential-to-family": {"size": 50, "start": 2025, "ramp_months": 0, "cost_ratio": 1}}
    )
    outcome = scenario.run(one, moved)
    old, new = one.forms.index("residential"), one.forms.index("family-homes")
    base = one.form_cost
    taken = 0.05 * np.arange(1, 49) / 12
    left = 1 - np.concatenate([np.zeros(6), taken[:-6]])

    np.testing.assert_allclose(
        outcome.form_cost[old] / base[old],
        np.repeat(left.reshape(4, 12).mean(axis=1)[:, None], one.samples, axis=1),
    )
    np.testing.assert_allclose(
        outcome.form_cost[new] - base[new], base[old] * taken.reshape(4, 12).mean(axis=1)[:, None]
    )


def test_a_cap_on_places_sends_the_rest_elsewhere(area, settings):
    one = area(certain=True)
    capped = settings({"closed-places": {"size": -40, "start": 2025, "ramp_months": 0, "cost_ratio": 0.5}})
    outcome = scenario.run(one, capped)
    closed, other = one.forms.index("closed"), one.forms.index("residential")

    np.testing.assert_allclose(outcome.form_cost[closed], 0.6 * one.form_cost[closed])
    np.testing.assert_allclose(
        outcome.form_cost[other] - one.form_cost[other], 0.5 * 0.4 * one.form_cost[closed]
    )


def test_a_cap_does_nothing_where_fewer_come_in_than_there_are_places(area, settings):
    one = area(certain=True)
    fewer = {"inflow": {"size": -60, "start": 2025, "ramp_months": 0}}
    both = fewer | {"closed-places": {"size": -1, "start": 2028, "ramp_months": 0}}

    np.testing.assert_allclose(
        scenario.run(one, settings(both)).cost_eur, scenario.run(one, settings(fewer)).cost_eur
    )


def test_a_cap_holds_from_its_start_also_for_what_grew_before(area, settings):
    # Half as many more come in; from 2028 there is room for 99 % of today's youths in closed care.
    one = area(certain=True)
    more = {"inflow": {"size": 50, "start": 2025, "ramp_months": 0}}
    limit = {"closed-places": {"size": -1, "start": 2028, "ramp_months": 0, "cost_ratio": 0}}
    grown, capped = (scenario.run(one, settings(levers)) for levers in (more, more | limit))
    closed = one.forms.index("closed")

    np.testing.assert_array_equal(capped.form_cost[:, :3], grown.form_cost[:, :3])
    np.testing.assert_allclose(capped.form_cost[closed, 3], 0.99 * one.form_cost[closed, 3])


def test_who_leaves_youth_care_costs_nothing_and_is_no_client(area, settings):
    one = area(certain=True)
    one.scales[one.lever_index("wlz")] = 1.0  # per cent
    outcome = scenario.run(one, settings({"wlz": {"size": 10, "start": 2025, "ramp_months": 0}}))
    part = _share(one, "guidance", "day-care", "residential")

    np.testing.assert_allclose(outcome.cost_eur, one.cost_eur * (1 - 0.1 * part))
    np.testing.assert_allclose(outcome.clients, one.clients * (1 - 0.1 * part))


def test_another_population_carries_costs_youths_and_clients_along(area, settings):
    one = area(certain=True)
    outcome = scenario.run(one, settings({"more-youths": {"size": 1, "start": 2027}}))
    expected = np.array([1, 1, 1.01, 1.01**2])[:, None]

    for name in ("cost_eur", "youths", "clients"):
        np.testing.assert_allclose(getattr(outcome, name), expected * getattr(one, name))


def test_more_teenagers_weigh_as_much_as_teenagers_do(area, settings):
    parts = {"more-teenagers": (0.3, 0.4, 0.5)}
    one = replace(area(certain=True), age_parts=parts)
    outcome = scenario.run(one, settings({"more-teenagers": {"size": 1, "start": 2027}}))
    growth = np.array([1, 1, 1.01, 1.01**2])[:, None] - 1

    for name, part in zip(("youths", "clients", "cost_eur"), parts["more-teenagers"], strict=True):
        np.testing.assert_allclose(getattr(outcome, name), (1 + part * growth) * getattr(one, name))
    both = scenario.run(
        one, settings({name: {"size": 1, "start": 2027} for name in ("more-teenagers", "more-youths")})
    )
    np.testing.assert_allclose(both.cost_eur, (1 + 0.5 * growth) * (1 + growth) * one.cost_eur)


def test_ages_have_their_part_of_youths_care_and_costs():
    run = Run(samples=100)
    tables = shared.tables(run)
    delft, region = (prepared.of(run, code).age_parts for code in ("GM0503", "JZ24"))

    for found in (delft, region):
        youths, use, cost = (
            [one[which] for one in (found["more-children"], found["more-teenagers"])] for which in range(3)
        )
        assert sum(youths) == pytest.approx(1)  # 0-11 and 12-17 are all youths
        assert sum(use) < 1 and sum(cost) < 1  # youths of 18-22 use care too
        assert use[1] / youths[1] > use[0] / youths[0]  # teenagers use more
    future, past = (shared.read(name, run, ["GM0503", areas.COUNTRY]) for name in ("future", "past"))
    bare = prepared.build(future, past, tables, run=run, code="GM0503")
    assert "more-children" not in [lever.id for lever in bare.levers] and bare.age_parts == {}


def test_measures_cost_what_they_cost_per_youth_in_prices_of_the_year(area, settings):
    one = area(certain=True)
    paid = settings(
        {"normalise": {"size": 0, "start": 2026, "one_off_eur_per_youth": 7, "running_eur_per_youth": 3}}
    )
    outcome = scenario.run(one, paid)
    per_youth = np.array([0, 10, 3, 3])[:, None]

    np.testing.assert_allclose(outcome.programme_eur, per_youth * one.youths * one.price)
    np.testing.assert_allclose(outcome.cost_eur - one.cost_eur, outcome.programme_eur, atol=1e-6)


def test_a_lever_that_reaches_a_part_has_a_smaller_effect(area, settings):
    one = area(certain=True)
    practice = scenario.run(one, settings({"poh-jeugd": {"size": -10, "start": 2025, "ramp_months": 0}}))
    lever = next(lever for lever in one.levers if lever.id == "poh-jeugd")
    all_of_it = settings({"normalise": {"size": -10 * lever.exposure, "start": 2025, "ramp_months": 0}})

    np.testing.assert_allclose(practice.cost_eur, scenario.run(one, all_of_it).cost_eur)


def test_what_comes_true_is_taken_per_sample(area, settings):
    one = area(samples=2, certain=True)
    one.draws[one.lever_index("guideline-intensity")] = [0.0, 2.0]
    outcome = scenario.run(
        one, settings({"guideline-intensity": {"size": -10, "start": 2025, "ramp_months": 0}})
    )
    part = _share(one, *OUTPATIENT)

    np.testing.assert_allclose(1 - outcome.cost_eur / one.cost_eur, part * np.array([0.0, 0.2]), atol=1e-12)
