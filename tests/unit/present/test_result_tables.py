"""What an analyst reads of scenarios, in words."""

from __future__ import annotations

import pandas as pd
import pytest

from analyse import scenario
from analyse.present.scenario import result_tables
from analyse.present.text.formats import NBSP
from analyse.scenario import business_case, comparison, seek, uncertainty


@pytest.fixture(scope="module")
def area(panels):
    return panels.inputs(samples=100)


def _read(area, **levers):
    return scenario.read(
        {"title": "Proef", "levers": levers}, years=area.years, known=area.levers, where="proef"
    )


def test_a_scenario_that_certainly_saves_is_counted_and_one_without_levers_left_out(area):
    chosen = [_read(area), _read(area, duration={"size": -20, "start": 2025}, normalise={"size": 0})]
    chosen = [chosen[0].__class__("base", chosen[0].title, None, {}), chosen[1]]
    found = comparison.compare([comparison.work_out(area, one) for one in chosen])
    shown = result_tables.compared(found, chosen, area="Delft", year=2030)

    assert shown.title == "Delft: 1 van de 1 scenario’s kosten in 2030 zeer waarschijnlijk minder"
    assert [row[0] for row in shown.table.cells] == ["Proef"]
    assert shown.drawing["data"][0]["base"][0] < 0


def test_a_tornado_has_its_widest_bar_first_and_names_it(area):
    settings = _read(area, duration={"size": -20, "start": 2025}, inflow={"size": -1, "start": 2030}).settings
    found = uncertainty.tornado(area, settings, year=2030)
    shown = result_tables.tornado(found, area.levers, area="Delft", year=2030, language="en")
    widths = shown.drawing["data"][0]["x"]

    assert widths == sorted(widths, reverse=True)
    assert shown.table.cells[0][0] in shown.title
    assert len(shown.drawing["data"]) == 1


def test_sources_of_uncertainty_are_told_apart(area):
    found = uncertainty.separate(area, _read(area, duration={"size": -20, "start": 2025}).settings)
    shown = result_tables.separated(found, area="Delft", year=2030)

    assert shown.table.cells[0][0] == "alles"
    assert len(shown.table.cells) == 3


def test_what_does_not_reach_a_budget_says_so(area):
    answers = [
        seek.find(area, "duration", year=2029, budget_eur=20e6, probability=0.8),
        seek.find(area, "duration", year=2029, budget_eur=40e6, probability=0.5),
    ]
    shown = result_tables.sought(answers, area.levers, area="Delft").table

    assert shown.cells[0][2].replace("\u00a0", " ") == "niet binnen −60 % tot 60 %"
    assert shown.cells[1][2].startswith("−")
    assert "€\u00a020,0\u00a0miljoen" in shown.caption
    assert shown.cells[0][-1] and shown.cells[1][-1] == "niets"


def test_measures_that_are_added_one_by_one_have_their_chance(area):
    table = seek.together(area, year=2029, budget_eur=40e6)
    shown = result_tables.together(table, area.levers, area="Delft", year=2029).table

    assert list(shown.cells[0][:2]) == ["geen maatregel", "–"]
    assert len(shown.cells) == len(table)


def test_a_saving_without_its_cost_is_not_called_paid_back(area):
    levers = {"duration": {"size": -20, "start": 2026}, "inflow": {"size": -5, "running_eur_per_youth": 1.0}}
    found = business_case.table(area, _read(area, **levers).settings, rates=business_case.Rates(0.02, 0.02))
    shown = result_tables.cases(found, area.levers, area="Delft", rates=business_case.Rates(0.02, 0.0225))
    rows = {row[0]: row for row in shown.table.cells}
    titles = {one.id: one.title.nl for one in area.levers}

    assert rows[titles["duration"]][-2:] == ("geen kosten ingevuld", "–")
    assert rows[titles["inflow"]][-1].endswith("%")
    assert "alles samen" in rows
    assert "2,00" in shown.note and "2,25" in shown.note


def test_a_payer_of_a_few_euros_pays_nothing():
    rows = [
        ("municipality", 1.2e6, -0.6e6, 2.5e6),
        ("families", -6.0, -10.0, 0.25e6),
    ]
    table = pd.DataFrame(rows, columns=["who", "q0.5", "q0.1", "q0.9"])
    shown = result_tables.who_pays(table, area="Leiden", year=2030)

    assert [one.replace(NBSP, " ") for one in shown.table.cells[1][1:]] == ["€ 0", "€ 0", "€ 250.000"]
