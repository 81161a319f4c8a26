"""Evidence decides what happens: draws by class, laws, what comes back, who waits, and amounts of their own year."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from analyse import scenario, shared
from analyse.parameters import Run
from analyse.scenario import business_case, core, draws, national, payers, shares, use_by_form
from analyse.scenario.definitions import evidence
from analyse.scenario.evidence import Interval, quantile

RUN = Run()
LEVERS = {lever.id: lever for lever in scenario.levers()}
DRAWN = draws.effects(LEVERS.values(), samples=1000, rng=RUN.rng)
INDEX = {name: number for number, name in enumerate(LEVERS)}
AT_ONCE = {"start": 2025, "ramp_months": 0}


def _with(one, name, **arrays):
    """An area in which one lever is drawn as given, and every other array is as it was."""
    changed = {array: getattr(one, array).copy() for array in arrays}
    for array, values in arrays.items():
        changed[array][one.lever_index(name)] = values
    return replace(one, **changed)


# --- Draws


def test_draws_are_spread_evenly_so_that_the_median_is_exact():
    """With 1,000 plain draws the median of such a factor lay 4 % off."""
    factors = draws.factor(Interval(low=0.6, high=1.7), 1000, RUN.rng("test"))

    assert np.quantile(factors, [0.1, 0.5, 0.9]) == pytest.approx([0.6, 1, 1.7], abs=0.002)


def test_class_a_keeps_what_was_found_whatever_is_set():
    found = DRAWN.found[INDEX["poh-jeugd"]]

    assert np.quantile(found, [0.1, 0.5, 0.9]) == pytest.approx([-12, 0, 6], abs=0.1)
    assert found.min() >= -25  # a pilot without comparison is the outer bound
    assert not DRAWN.part[INDEX["poh-jeugd"]].any()


@pytest.mark.parametrize("name", ["B", "C", "D"])
def test_the_middle_of_what_nobody_measured_is_less_than_was_set(name):
    points = evidence().classes[name].points
    part = quantile(points, (np.arange(1000) + 0.5) / 1000)

    assert np.median(part) < 1
    assert 0.1 < (part == 0).mean() < 0.5
    assert part.max() <= 1


def test_a_law_passes_or_does_not():
    part = DRAWN.part[INDEX["own-contribution"]]

    assert (part != 0).mean() == pytest.approx(LEVERS["own-contribution"].law.probability, abs=0.002)


def test_what_a_law_saves_can_cost_more_elsewhere():
    """In 2012 acute care cost 57 of the 70 million that was saved: at the upper end more than all of it."""
    part = DRAWN.part[INDEX["own-contribution"]]

    assert part.min() < 0 < part.max()
    assert part.max() <= 1


def test_what_comes_true_of_measures_hangs_together_as_evidence_says():
    own = {name: INDEX[name] for name in ("poh-jeugd", "normalise")}
    ranks = [np.argsort(np.argsort(DRAWN.found[index])) for index in own.values()]
    usual = 6 / np.pi * np.arcsin(evidence().correlation.value / 2)  # of ranks, for a normal copula

    assert np.corrcoef(*ranks)[0, 1] == pytest.approx(usual, abs=0.06)


def test_places_can_disappear():
    capacity = DRAWN.capacity[INDEX["residential-to-foster"]]

    assert (capacity < 0).mean() > 0.3
    assert np.isinf(DRAWN.capacity[INDEX["school-care"]]).all()


# --- Effects


def test_an_effect_is_what_was_found_plus_the_part_of_the_size_that_comes_true(area, settings):
    one = area(samples=1, certain=True)
    studied = _with(one, "normalise", draws=0.0, found=3.0)
    tried = _with(one, "guideline-intensity", draws=0.25)

    assert core.effect(studied, settings({"normalise": {"size": -10}}), LEVERS["normalise"]) == 0.03
    wanted = settings({"guideline-intensity": {"size": -8}})
    assert core.effect(tried, wanted, LEVERS["guideline-intensity"]) == pytest.approx(-0.02)


def test_what_is_not_tried_does_nothing(area, settings):
    studied = _with(area(samples=1), "normalise", found=3.0)

    assert core.effect(studied, settings({"normalise": {"size": 0}}), LEVERS["normalise"]) == 0


def test_to_work_as_set_is_the_size_in_every_future(area, settings):
    studied = _with(area(samples=3), "poh-jeugd", found=[1.0, 2.0, 3.0])
    wanted = settings({"poh-jeugd": {"size": -10}})
    as_set = {name: setting.model_copy(update={"works_as_set": True}) for name, setting in wanted.items()}

    expected = -0.10 * LEVERS["poh-jeugd"].exposure
    np.testing.assert_allclose(core.effect(studied, as_set, LEVERS["poh-jeugd"]), expected)


def test_two_measures_with_one_effect_divide_it(area, settings):
    one = _with(area(samples=1), "normalise", draws=0.0, found=-4.0)
    both = settings({"normalise": {"size": -4}, "poh-jeugd": {"size": -10}})

    assert core.effect(one, both, LEVERS["normalise"]) == pytest.approx(-0.02)


# --- Who waits, and new care only


def test_room_that_comes_free_goes_to_who_waits_first():
    # Of 10 months, nobody comes in: 10 % leaves in the first month, and 15 % waits. Then 5 % is left to fill 10 %.
    stock, _ = core.flow(np.array([10.0]), np.zeros((12, 1)), np.ones((12, 1)), waiting=np.array([0.15]))

    np.testing.assert_allclose(stock[:2, 0], [1.0, (1 + 0.95) / 2])


def test_where_a_queue_stands_a_measure_saves_nothing_at_first(area, settings):
    one = area(samples=4, certain=True)
    queue = replace(one, waiting=np.full_like(one.waiting, 1.0))
    fewer = settings({"inflow": {"size": -5, **AT_ONCE}})

    np.testing.assert_array_equal(scenario.run(queue, fewer).cost_eur[0], one.cost_eur[0])
    assert (scenario.run(one, fewer).cost_eur[0] < one.cost_eur[0]).all()


def test_use_that_studies_found_has_the_queue_in_it(area, settings):
    one = _with(area(samples=4), "normalise", draws=0.0, found=-5.0)
    queue = replace(one, waiting=np.full_like(one.waiting, 1.0))
    wanted = settings({"normalise": {"size": -1, **AT_ONCE}})

    np.testing.assert_array_equal(scenario.run(queue, wanted).cost_eur, scenario.run(one, wanted).cost_eur)


def test_a_shorter_duration_for_new_care_only_waits_for_the_old_to_leave():
    # Duration 10 months, new care 8: who was there leaves as ever, 0.9 of them a month, and 1/10 comes in each month.
    usual = np.ones((24, 1))
    stock, _ = core.flow(np.array([10.0]), usual, usual, new=np.full((24, 1), 0.8))
    months = np.arange(25)
    old = 0.9**months
    new = 0.1 * np.array([sum((7 / 8) ** ahead for ahead in range(month)) for month in months])
    ends = old + new

    np.testing.assert_allclose(stock[:, 0], (ends[1:] + ends[:-1]) / 2)


def test_new_care_only_saves_later_than_everybody_at_once(area, settings):
    one = area(samples=4, certain=True)
    shorter = {"size": -20, **AT_ONCE}
    everybody = scenario.run(one, settings({"duration": shorter})).cost_eur
    new_only = scenario.run(one, settings({"duration": {**shorter, "new_only": True}})).cost_eur

    assert (everybody < new_only).all()
    assert (new_only < one.cost_eur).all()


def test_new_care_that_lasts_as_long_changes_nothing_to_the_bit(area, settings):
    one = _with(area(samples=2), "guideline-duration", draws=[0.0, 1.0])
    wanted = settings({"guideline-duration": {"size": -20, **AT_ONCE}})

    np.testing.assert_array_equal(scenario.run(one, wanted).cost_eur[:, 0], one.cost_eur[:, 0])


# --- The country


@pytest.fixture(scope="module")
def everywhere():
    """The regions of the run, with the costs and the youths of the whole country divided over forms."""
    inputs, care = scenario.of(RUN, "ALL"), scenario.care_forms()
    by_form = np.array(list(shares.overall(shared.tables(RUN)["costs_subcode"], care).values()))
    weights = use_by_form.weights(care, by_form[:, None], {})
    return replace(
        inputs,
        shares=np.broadcast_to(by_form[:, None, None], inputs.shares.shape),
        client_weights=np.repeat(weights, inputs.samples, axis=1),
    )


@pytest.mark.parametrize("name", [name for name, lever in LEVERS.items() if lever.unit == "million euros"])
def test_the_national_effect_of_an_amount_is_its_source_in_its_own_year(everywhere, name):
    """The three regions stand for the country: what they save is their part of its costs, in prices of the year."""
    lever = LEVERS[name]
    year = everywhere.years.index(lever.promised.year)
    known = {
        "size": lever.promised.size,
        "works_as_set": True,
        "new_only": False,
        "running_eur_per_youth": 0.0,
        **AT_ONCE,
    }
    wanted = {name: lever.default.model_copy(update=known)}
    # A stock that turns over at once: the amount is what the measure saves when all of it is there.
    quick = replace(everywhere, months=np.full_like(everywhere.months, 2.0))
    saved = np.median(quick.cost_eur[year]) - np.median(scenario.run(quick, wanted).cost_eur[year])
    national = shared.read("future", RUN, ["NL01"]).groupby("period")["cost_eur"].median()
    country = evidence().national_cost_eur.value * national[everywhere.years[year]] / national[2024]
    country = country / np.median(everywhere.cost_eur[year])
    rise = {2023: 1.063, 2025: 1 / np.median(everywhere.price[everywhere.years.index(2025)])}
    stated = np.median(everywhere.price[year]) * rise[lever.promised.prices_of] * abs(lever.promised.size)

    assert saved * country / 1e6 == pytest.approx(stated, rel=0.02)


def test_the_number_of_youths_that_leaves_is_that_of_the_letter(everywhere):
    wanted = {"wlz": LEVERS["wlz"].default.model_copy(update={"works_as_set": True, **AT_ONCE})}
    last = everywhere.years.index(2027)
    left = (everywhere.clients - scenario.run(everywhere, wanted).clients)[last].mean()
    national = shared.read("future", RUN, ["NL01"]).groupby("period")["clients"].median()
    country = evidence().national_youths.value * national[2027] / national.iloc[0]

    assert left / everywhere.clients[last].mean() * country == pytest.approx(550, rel=0.02)


def test_closed_places_are_gone_in_the_year_of_the_policy(everywhere):
    wanted = {"closed-places": LEVERS["closed-places"].default.model_copy(update={"works_as_set": True})}
    closed, year = everywhere.forms.index("closed"), everywhere.years.index(2030)
    # Who leaves is paid for another year and a half, so of the last three years' places half a year's part is left.
    left = scenario.run(everywhere, wanted).form_cost[closed, year] / everywhere.form_cost[closed, year]

    assert left.max() < 0.35


# --- The scenarios that come with it


@pytest.mark.parametrize("code", ["GM0503", "JZ24"])
def test_no_ready_scenario_is_surer_than_its_evidence(code):
    inputs = scenario.of(RUN, code)
    chances = {}
    for name in scenario.names():
        chosen = scenario.load(name, years=inputs.years, known=inputs.levers)
        saved = inputs.cost_eur[-1] - scenario.run(inputs, chosen.settings).cost_eur[-1]
        chances[name] = (saved > 0).mean()
    # One says what happens when nothing works and prices rise: that never saves, and is not meant to.
    assert chances.pop("niets-werkt-prijzen-omhoog") == 0
    assert chances.pop("base") == 0

    # Of every measure of the whole plan a cost was found or bounded: together they seldom save, and sometimes do.
    assert 0.05 <= chances.pop("alle-maatregelen") <= 0.5
    assert {name: chance for name, chance in chances.items() if not 0.2 <= chance <= 0.9} == {}


# --- Who pays


def test_what_another_pays_is_no_saving_for_society(area, settings):
    # Of guidance, day care and residence 10 % goes to long-term care: the municipality saves what that act pays.
    one = _with(area(samples=1, certain=True), "wlz", scales=1.0)
    flat = replace(one, price=np.ones_like(one.price), cost_eur=np.full_like(one.cost_eur, 1e6))
    wanted = settings({"wlz": {"size": 10, **AT_ONCE}})
    table = payers.table(flat, wanted, year=2028).set_index("who")["mean"]
    part = sum(flat.shares[flat.forms.index(form), 0, 0] for form in ("guidance", "day-care", "residential"))
    case = business_case.work_out(flat, wanted, rates=business_case.Rates(0.01, 0.0225))

    assert table.to_dict() == pytest.approx({"municipality": -1e5 * part, "long-term care act": 1e5 * part})
    assert case.social_value_eur == pytest.approx(0, abs=1e-6)
    assert case.present_value_eur > 0


def test_what_the_state_takes_it_takes_whether_the_package_works_or_not(area, settings):
    # 650 a hundred-thousandth each would be 6.5 %; nothing works, and the state takes 10.3 % of the costs all the same.
    one = _with(area(samples=1), "reform-package", draws=0.0, scales=0.01)
    table = payers.table(one, settings({"reform-package": {**AT_ONCE}}), year=2028).set_index("who")["mean"]

    assert table["municipality"] == 0
    assert table[payers.FUND] == pytest.approx(0.103 * one.cost_eur[-1, 0])


def test_the_last_year_repeats_itself_after_the_horizon(area, settings):
    one = area(samples=1, certain=True)
    flat = replace(one, price=np.ones_like(one.price), cost_eur=np.full_like(one.cost_eur, 1e6))
    case = business_case.work_out(
        flat, settings({"tariff-cut": {"size": -5, **AT_ONCE}}), rates=business_case.Rates(0.0, 0.0)
    )

    assert case.residual_eur == pytest.approx(5 * 50_000)
    assert case.present_value_eur == pytest.approx(4 * 50_000)
    assert pd.notna(case.pays_back)


def test_where_one_municipality_has_no_accounts_yet_the_forecast_of_the_whole_stands_for_them():
    """Of 2024 the whole is then partly forecast, and its history has no accounts of that year."""
    tables, care, years = shared.tables(RUN), scenario.care_forms(), (2025, 2026, 2027, 2028, 2029, 2030)
    future, past = (shared.read(name, RUN, ["ALL"]) for name in ("future", "past"))
    whole = national.of(future, past, tables, care=care, years=years)
    late = past.assign(cost_eur=past["cost_eur"].mask(past["period"] >= 2024))
    ragged = national.of(future.assign(stage="forecast"), late, tables, care=care, years=years)

    np.testing.assert_allclose(ragged.cost_eur, whole.cost_eur)
    np.testing.assert_allclose(ragged.youths, whole.youths)
    assert ragged.price[2028] == pytest.approx(whole.price[2028])
    assert ragged.price[2023] == pytest.approx(
        1 / 1.0571
    )  # 90 % of 6.0 % wages and 10 % of 3.1 % prices in 2024
