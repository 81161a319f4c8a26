"""Business case, reckoning back, waterfall, comparison and what makes a scenario unsure."""

from dataclasses import replace

import numpy as np
import pytest

from analyse import scenario
from analyse.errors import ParameterError
from analyse.scenario import business_case, comparison, seek, uncertainty, waterfall


def _sure(area, **changes):
    """One future of four years: 1 million euros a year, 1000 youths, no rise of prices, every lever as set."""
    one = area(samples=1, certain=True)
    same = {"youths": 1000.0, "clients": 100.0, "price": 1.0, "cost_eur": 1.0e6}
    flat = {name: np.full_like(one.cost_eur, value) for name, value in same.items()}
    return replace(one, **(flat | changes))


def _result(inputs, settings, name="x"):
    chosen = replace(
        scenario.load("base", years=inputs.years, known=inputs.levers), id=name, settings=settings
    )
    return comparison.work_out(inputs, chosen)


def test_a_business_case_worked_by_hand(area, settings):
    # 5 % of 1,000,000 is saved a year from 2026 on; 60 euros for each of 1000 youths once, 10 a year.
    one = _sure(area)
    plan = settings(
        {
            "tariff-cut": {
                "size": -5,
                "start": 2026,
                "ramp_months": 0,
                "one_off_eur_per_youth": 60,
                "running_eur_per_youth": 10,
            }
        }
    )
    case = business_case.work_out(one, plan, rates=business_case.Rates(0.10, 0.10))

    np.testing.assert_allclose(case.amounts["investment_eur"][:, 0], [0, 60_000, 0, 0])
    np.testing.assert_allclose(case.amounts["running_eur"][:, 0], [0, 10_000, 10_000, 10_000])
    np.testing.assert_allclose(case.amounts["saving_eur"][:, 0], [0, 50_000, 50_000, 50_000])
    np.testing.assert_allclose(case.amounts["net_eur"][:, 0], [0, -20_000, 40_000, 40_000])
    np.testing.assert_allclose(case.present_value_eur, -20_000 + 40_000 / 1.1 + 40_000 / 1.21)
    assert case.payback_year == 2027
    assert case.pays_back == 1.0


def test_a_rise_of_prices_does_not_make_a_plan_pay(area, settings):
    plan = settings({"tariff-cut": {"size": -5, "start": 2026, "ramp_months": 0}})
    dear = np.array([1.0, 1.0, 2.0, 4.0])[:, None]
    rising = _sure(area, price=dear, cost_eur=1.0e6 * dear)

    # Twice the price, twice the saving: in prices of the base year it is the same.
    np.testing.assert_allclose(
        business_case.work_out(rising, plan, rates=business_case.Rates(0.10, 0.10)).present_value_eur,
        business_case.work_out(_sure(area), plan, rates=business_case.Rates(0.10, 0.10)).present_value_eur,
    )


def test_what_does_not_pay_back_says_so(area, settings):
    plan = settings({"normalise": {"size": 0, "start": 2026, "running_eur_per_youth": 10}})
    table = business_case.table(_sure(area), plan, rates=business_case.Rates(0.01, 0.0225)).set_index("lever")

    assert table["payback_year"].isna().all()
    assert (table["pays_back"] == 0).all()
    assert table.loc["normalise", "present_value_eur"] < 0


def test_paid_back_means_for_good(area, settings):
    # 50,000 is saved a year from 2025 on; 170 euros for each of 1000 youths in 2027: ahead, behind, and ahead again.
    plan = settings(
        {
            "tariff-cut": {"size": -5, "start": 2025, "ramp_months": 0},
            "normalise": {"size": 0, "start": 2027, "one_off_eur_per_youth": 170},
        }
    )
    case = business_case.work_out(_sure(area), plan, rates=business_case.Rates(0.01, 0.0225))

    np.testing.assert_allclose(np.cumsum(case.amounts["net_eur"][:, 0]), [50_000, 100_000, -20_000, 30_000])
    assert case.payback_year == 2028


def test_a_future_in_which_nothing_happens_pays_nothing_back(area, settings):
    # In one of two futures 5 % of the costs is saved, in the other nothing; nothing is spent.
    one = replace(area(samples=2, certain=True), price=np.ones((4, 2)), cost_eur=np.full((4, 2), 1.0e6))
    one.draws[one.lever_index("tariff-cut")] = [1.0, 0.0]
    case = business_case.work_out(
        one, settings({"tariff-cut": {"size": -5}}), rates=business_case.Rates(0.01, 0.0225)
    )

    assert case.pays_back == 0.5


def test_a_lever_without_a_cost_is_marked(area, settings):
    free = business_case.table(
        _sure(area), settings({"guideline-duration": {}}), rates=business_case.Rates(0.01, 0.0225)
    )

    assert not free["cost_given"].any()


def test_a_business_case_of_nothing_is_refused(area):
    with pytest.raises(ParameterError, match="uses no lever"):
        business_case.work_out(area(), {}, rates=business_case.Rates(0.01, 0.02))


def test_seek_finds_the_size_worked_by_hand(area, settings):
    # A cut of all tariffs by 4 % in one step turns 1,000,000 into the budget of 960,000.
    at_once = settings({"tariff-cut": {"start": 2028, "ramp_months": 0}})
    found = seek.find(_sure(area), "tariff-cut", year=2028, budget_eur=960_000, settings=at_once)

    assert found.size == pytest.approx(-4, abs=1e-5)
    assert (found.reached, found.without) == (1, 0)


def test_seek_finds_nothing_in_a_year_before_the_lever_starts(area, settings):
    late = settings({"tariff-cut": {"start": 2028, "ramp_months": 0}})
    found = seek.find(_sure(area), "tariff-cut", year=2027, budget_eur=960_000, settings=late)

    assert found.size is None
    assert found.reached == found.without == 0


@pytest.mark.parametrize("name", ["inflow", "duration"])
def test_seek_reaches_the_probability_and_a_little_less_does_not(area, settings, name):
    one = area(samples=200)
    found = seek.find(one, name, year=2028, budget_eur=0.95e6, probability=0.8)
    less = settings({name: {"size": found.size * 0.99}})

    assert found.without < 0.8 <= found.reached
    assert (scenario.run(one, less).cost_eur[-1] <= 0.95e6).mean() < 0.8


def test_seek_asks_more_for_more_certainty(area):
    half, sure = (
        seek.find(area(samples=200), "inflow", year=2028, budget_eur=0.95e6, probability=part)
        for part in (0.5, 0.8)
    )

    assert sure.size < half.size < 0


def test_a_budget_of_a_later_year_is_the_last_known_one_raised_with_prices(area):
    one = replace(area(), price=np.array([[1.0], [1.1], [1.2], [1.5]]).repeat(40, axis=1))

    assert one.indexed_budget(2027) == 1.1e6  # known
    assert one.indexed_budget(2028) == pytest.approx(1.1e6 * 1.5 / 1.2)
    with pytest.raises(ParameterError, match="no budget of Voorbeeld is known after 2024"):
        replace(one, budgets={}).indexed_budget(2028)


def test_seek_says_when_nothing_does(area):
    found = seek.find(area(samples=100), "closed-places", year=2028, budget_eur=0.5e6, probability=0.8)

    assert found.size is None
    assert found.reached < 0.8


@pytest.mark.parametrize(
    ("name", "start", "limit"),
    [
        ("inflow", 2028, "it starts in 2028, so it does nothing in 2027"),
        ("poh-jeugd", 2025, "studies found what it does"),
        ("residential-to-foster", 2025, "new places take over 0.5 % a year"),
        ("outflow", 2025, "in 35% of the futures it does nothing"),
        ("tariff-growth", 2025, "its range or its price"),
    ],
)
def test_seek_says_what_limits_it(area, settings, name, start, limit):
    late = settings({name: {"start": start}})
    found = seek.find(area(), name, year=2027, budget_eur=0.2e6, settings=late)

    assert found.size is None
    assert limit in found.limit
    assert found.why in ("late", "evidence", "places", "nothing", "range")


def test_a_measure_that_starts_in_the_year_itself_is_not_late(area, settings):
    now = settings({"inflow": {"start": 2027}})
    found = seek.find(area(), "inflow", year=2027, budget_eur=0.2e6, settings=now)

    assert found.size is None and found.why != "late"


def test_seek_says_why_a_measure_cannot_matter_for_the_costs(area):
    inputs = area()
    found = seek.find(inputs, "residential-to-foster", year=2028, budget_eur=0.2e6)
    form, at = inputs.forms.index("residential"), inputs.year_index(2028)

    assert found.why == "places"
    assert found.reach == pytest.approx(np.median(inputs.shares[form, at]))
    assert found.needed_eur == pytest.approx(np.median(inputs.cost_eur[at]) - 0.2e6)
    assert -found.at_best_eur < found.reach * np.median(inputs.cost_eur[at]) < found.needed_eur


def test_measures_are_added_with_the_best_evidence_first_and_none_twice(area):
    table = seek.together(area(), year=2028, budget_eur=1.0e6)
    names = table["lever"].tolist()

    assert names[:3] == ["", "normalise", "poh-jeugd"]
    assert table["evidence"].tolist() == sorted(table["evidence"])
    assert "own-contribution" in names
    assert "reform-package" not in names  # the same money as its parts
    assert "guideline-intensity" not in names  # nobody measured or promised a size


def test_seek_wants_nothing_when_the_budget_is_met(area):
    assert seek.find(area(), "inflow", year=2028, budget_eur=1e9).size == 0


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"name": "inflo", "year": 2028, "budget_eur": 1e6}, "unknown lever 'inflo'; did you mean inflow"),
        ({"name": "inflow", "year": 2035, "budget_eur": 1e6}, "no forecast of 2035; choose 2025 to 2028"),
        ({"name": "inflow", "year": 2028, "budget_eur": -5.0}, "the budget is above 0"),
        ({"name": "inflow", "year": 2028, "budget_eur": 1e6, "probability": 1.0}, "between 0 and 1"),
    ],
)
def test_seek_refuses_what_makes_no_sense(area, given, message):
    with pytest.raises(ParameterError, match=message):
        seek.find(area(), given.pop("name"), **given)


def test_the_waterfall_names_every_step_in_order(area, settings):
    one, plan = area(), settings({"inflow": {"size": -10}, "closed-places": {}})
    table = waterfall.table(one, plan, year=2028)

    assert table["step"].tolist() == [
        "population",
        "usage",
        "price",
        "mix",
        "inflow",
        "closed-places",
        "interaction",
    ]
    assert table["effect_eur"].sum() == pytest.approx((table["end_eur"] - table["start_eur"]).iloc[0])
    with pytest.raises(ParameterError, match="no forecast of 2040"):
        waterfall.table(one, plan, year=2040)


def test_one_lever_has_no_interaction(area, settings):
    steps = waterfall.per_sample(area(), settings({"inflow": {"size": -10}}), year=2028)

    np.testing.assert_allclose(steps["interaction"], 0, atol=1e-9)


def test_scenarios_are_compared_in_the_same_futures(area, settings):
    one = area()
    base, lower = _result(one, {}, "base"), _result(one, settings({"tariff-cut": {}}), "lower")
    table = comparison.compare([base, lower]).set_index(["scenario", "period", "measure"])

    assert table.loc[("base", 2028, "difference_eur"), "q0.975"] == 0
    assert table.loc[("lower", 2028, "difference_eur"), "mean"] == pytest.approx(
        (lower.outcome.cost_eur[-1] - one.cost_eur[-1]).mean()
    )
    exceeds = table["exceeds"].dropna()
    assert exceeds.index.get_level_values("period").unique().tolist() == [2027]
    assert exceeds["base"].iloc[0] == (one.cost_eur[2] > 1.1e6).mean()


@pytest.mark.parametrize(
    ("name", "value"),
    [("data_version", "2"), ("horizon", 6), ("composition", "of-the-time"), ("samples", 5), ("seed", 9)],
)
def test_what_differs_in_its_making_is_not_compared(area, name, value):
    one = area()
    other = replace(one, passport={**one.passport, name: value})

    with pytest.raises(ParameterError, match=f"cannot be compared: {name} is"):
        comparison.compare([_result(one, {}), _result(other, {})])


def test_other_years_are_not_compared(area):
    one = area()
    later = replace(one, years=(2026, 2027, 2028, 2029))

    with pytest.raises(ParameterError, match="years 2025-2028 and 2026-2029"):
        comparison.compare([_result(one, {}), _result(later, {})])


def test_nothing_to_compare_is_refused():
    with pytest.raises(ParameterError, match="nothing to compare"):
        comparison.compare([])


def test_scenario_paths_hold_every_sample_and_add_up_by_form(area, settings):
    result = _result(area(), settings({"inflow": {"size": -10}}), "lower")
    total, forms = comparison.paths(result), comparison.paths(result, by_form=True)
    key = ["area_code", "period", "sample", "scenario"]

    assert not total.duplicated(key).any()
    assert total["scenario"].unique().tolist() == ["lower"]
    np.testing.assert_allclose(
        forms.groupby(key)["cost_eur"].sum().to_numpy(),
        total.set_index(key)["cost_eur"].sort_index().to_numpy(),
    )


def test_uncertainty_of_forecast_and_effects_stand_apart(area, settings):
    one, plan = area(samples=300), settings({"guideline-intensity": {"size": -10}})
    sure = replace(one, draws=np.ones_like(one.draws))

    def width(inputs):
        last = uncertainty.separate(inputs, plan).query("period == 2028").set_index("source")
        return last["q0.9"] - last["q0.1"]

    assert width(sure)["effects"] == pytest.approx(0, abs=1e-6)
    assert width(sure)["both"] == pytest.approx(width(sure)["forecast"])
    assert width(one)["effects"] > 0
    assert width(one)["both"] > width(one)["forecast"]


def test_the_tornado_puts_what_matters_most_first(area, settings):
    one = area(samples=300)
    table = uncertainty.tornado(
        one, settings({"inflow": {"size": -30}, "guideline-intensity": {"size": -1}}), year=2028
    )

    assert (table["width_eur"].diff().dropna() <= 0).all()
    assert table.loc[0, ["assumption", "lever"]].tolist() == ["size", "inflow"]
    assert (table["width_eur"] > 0).all()
    with pytest.raises(ParameterError, match="no forecast of 2040"):
        uncertainty.tornado(one, {}, year=2040)


def test_without_levers_nothing_is_unsure(area):
    assert uncertainty.tornado(area(), {}, year=2028).empty
