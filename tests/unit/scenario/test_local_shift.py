"""From regional help to local teams: amounts that add up, people, what is paid twice, and the neutral price."""

from __future__ import annotations

import numpy as np
import pytest
from typer.testing import CliRunner

from analyse import cli, scenario
from analyse.compare import choices
from analyse.parameters import Run
from analyse.present.pages import local_shift_table
from analyse.scenario import local_shift

PLAN = {"size": 20, "start": 2027, "ramp_months": 0, "cost_ratio": 0.9}


@pytest.fixture(scope="module")
def rijnmond():
    return scenario.of(Run(samples=200), "JZ29")


def shift(inputs, **changed):
    levers = {local_shift.LEVER: {**PLAN, **changed}}
    setting = scenario.read({"title": "x", "levers": levers}, years=inputs.years).settings[local_shift.LEVER]
    return local_shift.work_out(inputs, setting, fte_eur=100_000.0, interest=0.01)


def test_what_moves_is_the_size_of_what_the_lever_reaches(rijnmond):
    found = shift(rijnmond)
    at = rijnmond.year_index(2030)
    forms = [rijnmond.forms.index(one) for one in ("treatment", "other-outpatient")]
    base = rijnmond.form_cost[forms].sum(axis=0)[at]

    assert found.amounts["moved_eur"][-1] == pytest.approx(base * 0.20 * 0.5)
    weights = rijnmond.client_weights[forms, at].sum(axis=0)
    assert found.amounts["youths"][-1] == pytest.approx(rijnmond.clients[at] * weights * 0.10)


def test_amounts_add_up_and_the_old_contract_is_paid_for_six_months(rijnmond):
    found = shift(rijnmond)
    moved, regional, double, local, net = (
        found.amounts[name] for name in ("moved_eur", "regional_eur", "double_eur", "local_eur", "net_eur")
    )

    assert moved - regional == pytest.approx(double)
    assert local - regional == pytest.approx(net)
    # From January on everything is local, and half of that year the region is paid still.
    assert double[0] == pytest.approx(moved[0] / 2)
    assert double[1:] == pytest.approx(np.zeros_like(double[1:]), abs=1.0)


def test_workers_are_the_local_cost_at_the_price_of_the_year(rijnmond):
    found = shift(rijnmond)
    price = rijnmond.price[[rijnmond.year_index(year) for year in found.years]]

    assert found.amounts["fte"] == pytest.approx(found.amounts["local_eur"] / (1e5 * price))


def test_at_the_neutral_price_it_costs_as_much_as_before(rijnmond):
    found = shift(rijnmond, cost_ratio=1.0)
    price = rijnmond.price[[rijnmond.year_index(year) for year in found.years]]
    worth = (1.01 ** -np.arange(len(found.years)))[:, None] / price
    cost = found.neutral * found.amounts["moved_eur"] - found.amounts["regional_eur"]

    assert (worth * cost).sum(axis=0) == pytest.approx(np.zeros(200), abs=1.0)
    assert (found.neutral < 1).all()
    # A longer way there makes what is paid twice weigh more.
    assert np.median(shift(rijnmond, ramp_months=36).neutral) < np.median(found.neutral)


def test_the_page_lays_it_beside_the_budget_of_the_regional_body(rijnmond):
    known = choices.body_budgets()["JZ29"]
    budgets = {year: one.with_target for year, one in known.years.items()}
    (shown,) = local_shift_table.shown(rijnmond, area="Rijnmond", budgets=budgets)
    rows = {row[0]: row for row in shown.table.cells}

    assert rows["2028"][7].endswith("%") and rows["2030"][7] == "niet bekend"
    assert "bdumedia" in shown.source
    assert (
        local_shift_table.shown(scenario.of(Run(samples=100, horizon=2), "JZ29"), area="x", budgets={}) == []
    )


def test_a_consultant_bounds_the_costs_that_were_not_found():
    levers = {one.id: one for one in scenario.levers()}
    plan = scenario.load("alle-maatregelen", years=range(2025, 2040)).settings
    most = local_shift.staff()["fte_eur"].value / local_shift.staff()["youths_per_consultant"].value
    for name in ("guideline-duration", "guideline-intensity", "outflow", "own-contribution"):
        assert levers[name].cost.low == 0.0
        furthest = plan[name].running_eur_per_youth * levers[name].cost.highest
        assert furthest == pytest.approx(most, rel=0.02)


def test_the_command_prints_the_neutral_price():
    done = CliRunner().invoke(cli.app, ["scenario", "local", "--municipality", "Schiedam"])

    assert done.exception is None, done.output
    assert "budget-neutral local price" in done.output and "paid twice" in done.output
