"""Scenarios of real areas: the base is the forecast, regions are sums, and what a page carries."""

import numpy as np
import pytest

from analyse import scenario, shared
from analyse.errors import DataError, ParameterError
from analyse.parameters import Run
from analyse.present.scenario import society_tables
from analyse.present.scenario.panel_payload import SAMPLES, SAMPLES_BY_YEAR
from analyse.scenario import business_case, comparison, fitting, subset
from analyse.sources import snapshot

RUN = Run(samples=300, horizon=4)
SHIPPED = scenario.names()


@pytest.fixture(scope="module")
def haaglanden():
    return scenario.of(RUN, "JZ24", version="1")


@pytest.fixture(scope="module")
def members():
    codes = ["GM0503", "GM0518", "GM1916", "GM1842", "GM1926", "GM0603", "GM0629", "GM1783", "GM0637"]
    return [scenario.of(RUN, code, version="1") for code in codes]


def test_the_base_is_the_forecast_to_the_bit(members):
    delft = members[0]
    future = shared.read("future", RUN, ["GM0503"]).query("stage == 'forecast'")
    base = scenario.load("base", years=delft.years, known=delft.levers)
    found = comparison.paths(comparison.work_out(delft, base))
    ordered = future.sort_values(["period", "sample"])

    for name in ("youths", "clients", "price", "cost_eur"):
        np.testing.assert_array_equal(found[name].to_numpy(), ordered[name].to_numpy())


@pytest.mark.parametrize("name", ["alle-maatregelen", "zo-thuis-mogelijk", "niets-werkt-prijzen-omhoog"])
def test_municipalities_add_up_to_the_region_by_care_form_and_sample(haaglanden, members, name):
    chosen = scenario.load(name, years=haaglanden.years, known=haaglanden.levers)
    region = scenario.run(haaglanden, chosen.settings)
    parts = [scenario.run(one, chosen.settings) for one in members]

    np.testing.assert_allclose(region.form_cost, sum(one.form_cost for one in parts), rtol=1e-9, atol=1e-3)
    for name in ("cost_eur", "clients", "youths"):
        np.testing.assert_allclose(getattr(region, name), sum(getattr(one, name) for one in parts), rtol=1e-9)


def test_a_municipality_is_the_same_in_every_run_whatever_else_is_made(members):
    again = scenario.of(RUN, "GM0503", version="1")

    np.testing.assert_array_equal(again.shares, members[0].shares)
    np.testing.assert_array_equal(again.draws, members[0].draws)


@pytest.mark.parametrize("name", SHIPPED)
def test_every_shipped_scenario_runs_and_stays_in_reason(members, name):
    delft = members[0]
    chosen = scenario.load(name, years=delft.years, known=delft.levers)
    relative = scenario.run(delft, chosen.settings).cost_eur / delft.cost_eur

    assert np.isfinite(relative).all()
    assert 0.5 < relative.min() <= relative.max() < 1.5


def test_a_card_and_the_table_of_measures_agree_for_every_municipality(members):
    """A card takes a lever as its default says, the table as the plan of all measures does: that is one setting.

    Which lever a card takes differs by municipality, so each that one may take is compared; a few are worked out.
    """
    plan, rates = scenario.load(society_tables.PLAN, years=range(2025, 2031)).settings, business_case.rates()
    usable = [one for one in scenario.levers() if one.law is None and one.default.size]
    strongest = {
        group: min(one.evidence for one in usable if one.group == group) for group in fitting.QUESTIONS
    }
    may_fit = [one for one in usable if one.evidence == strongest.get(one.group)]
    assert len(may_fit) >= 4
    assert {one.id: plan[one.id] for one in may_fit} == {one.id: one.default for one in may_fit}
    for inputs in members:
        for one in fitting.of(inputs, year=2028, referrers={}):
            table = business_case.table(inputs, {one.lever.id: plan[one.lever.id]}, rates=rates).iloc[0]
            assert table["cost_given"] and one.case.cost_given, one.lever.id
            assert table["pays_back"] == one.case.pays_back
            assert table["q0.5"] == pytest.approx(np.median(one.case.present_value_eur))


def test_a_page_cannot_carry_more_futures_than_there_are(members):
    with pytest.raises(ParameterError, match="301 samples; choose 1 to 300"):
        subset.of(members[0], 301)


def test_the_three_regions_together_are_an_area_too():
    everything = scenario.of(RUN, "ALL")

    assert everything.cost_eur.mean() > 1e9
    assert everything.passport["data_version"] == snapshot.package()["version"]
    np.testing.assert_allclose(everything.shares.sum(axis=0), 1)


def test_an_area_that_is_not_there_is_refused():
    with pytest.raises(ParameterError, match="no area 'JZ99'"):
        scenario.of(RUN, "JZ99")
    with pytest.raises(DataError, match="GM9999"):
        scenario.of(RUN, "GM9999")


def test_what_a_page_carries_has_the_middle_and_the_ends_of_all():
    """Some futures taken as they are were up to 3 % off in the years between, and chances up to 3.6 points."""
    delft = scenario.of(Run(), "GM0503")
    fewer = subset.of(delft, SAMPLES)
    points = [0.025, 0.1, 0.5, 0.9, 0.975]

    for name in ("cost_eur", "clients", "draws", "found"):
        every, part = (np.quantile(getattr(inputs, name), points, axis=1) for inputs in (delft, fewer))
        np.testing.assert_allclose(part, every, rtol=1e-9, atol=1e-9)
    for year, budget in delft.budgets.items():
        at = delft.years.index(year)
        chances = [(inputs.cost_eur[at] > budget).mean() for inputs in (delft, fewer)]
        assert abs(chances[0] - chances[1]) <= 0.005


@pytest.mark.parametrize(
    ("code", "samples"),
    [("GM0503", SAMPLES), ("GM0569", SAMPLES), ("GM0518", SAMPLES), ("JZ24", SAMPLES_BY_YEAR)],
)
def test_a_scenario_on_what_a_page_carries_is_that_on_all_futures(code, samples):
    """Every shipped one, in every year but the first two.

    Of the 120 numbers of an area the furthest was up to 11 % of the spread off with samples taken evenly, and 19 % in a
    region, which carries fewer of them.
    """
    area = scenario.of(Run(), code)
    plans = [scenario.load(name, years=area.years, known=area.levers).settings for name in SHIPPED]
    fewer = subset.of(area, samples, plans=plans)
    off = {}
    for name, chosen in zip(SHIPPED, plans, strict=True):
        every, part = (scenario.run(inputs, chosen).cost_eur - inputs.cost_eur for inputs in (area, fewer))
        spread = np.ptp(np.quantile(every, [0.1, 0.9], axis=1), axis=0)[2:]
        found = [np.quantile(values, [0.1, 0.5, 0.9], axis=1)[:, 2:] for values in (every, part)]
        if spread.all():
            off[name] = float((np.abs(found[0] - found[1]) / spread).max())

    assert len(off) >= len(SHIPPED) - 1
    assert {name: value for name, value in off.items() if value > 0.1} == {}
