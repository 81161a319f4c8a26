"""Texts for planning and control: every number of a text stands in a table, tables agree with the page of the area."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
import pytest

from analyse import forecast, parameters, scenario
from analyse.compare import task_fields
from analyse.present.pages import accounts_explained, budget_cycle, budget_years, one_area, planning
from analyse.present.text import formats
from analyse.present.text.language import translator

NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
AREAS = ("GM0503", "GM0542", "JZ24")


@pytest.fixture(scope="module")
def made():
    """Of each area: its page and the texts with their tables; of Haaglanden and Delft also in English."""
    found = {}
    for code in AREAS:
        for language in ("nl",) if code == "GM0542" else ("nl", "en"):
            run = parameters.load(None, samples=200, language=language)
            page = one_area.read(run, code)
            inputs = scenario.of(run, code)
            rng = run.rng("planning", code)
            found[code, language] = (
                page,
                inputs,
                {
                    "budget": planning.budget(page, inputs, rng, language=language),
                    "risk": planning.risk(page, language=language),
                    "interim": planning.interim(page, language=language),
                    "accounts": accounts_explained.explained(page, language=language),
                },
            )
    return found


def texts(exhibits) -> list[str]:
    return [one for shown in exhibits for one in shown.content.get("paragraphs", [])]


def numbers(text: str) -> set[str]:
    """The numbers of a text; certainties ("80% chance") are part of the question, not of the figures."""
    plain = re.sub(
        r"\b(?:80|90|20|10)\s?%(?= (?:chance|kans|of|dat))|(?:is|it is) (?:20|10)\s?%|\b10\s?%\.", "", text
    )
    return set(NUMBER.findall(plain))


def in_tables(exhibits) -> set[str]:
    """Every number in the cells and headings of tables, and in the names of their rows."""
    found: set[str] = set()
    for shown in exhibits:
        if shown.table:
            cells = [cell for row in shown.table.cells for cell in row]
            heads = [column.label for column in shown.table.columns]
            found |= set(NUMBER.findall(" ".join([*cells, *heads, shown.table.caption])))
    return found


@pytest.mark.parametrize(
    ("code", "language"), [*((one, "nl") for one in AREAS), ("GM0503", "en"), ("JZ24", "en")]
)
def test_every_number_of_a_text_stands_in_a_table_below_it(made, code, language):
    for name, exhibits in made[code, language][2].items():
        told = texts(exhibits)
        assert told, name
        loose = numbers(" ".join(told)) - in_tables(exhibits)
        assert not loose, (name, loose, told)


def test_a_number_from_elsewhere_is_noticed(made):
    exhibits = made["GM0503", "nl"][2]["budget"]
    told = " ".join(texts(exhibits)) + " In 2027 was het € 43,7 miljoen."
    assert numbers(told) - in_tables(exhibits) == {"43,7"}


def test_the_budget_says_what_the_page_of_the_area_says(made):
    page, _, found = made["GM0503", "nl"]
    amounts = budget_cycle.amounts(page.future, page.budgeted, page.this_year).set_index("period")
    table = found["budget"][3].table
    shown = {row[0]: row for row in table.as_json()["values"]}
    assert list(shown) == list(amounts.index)
    for year, row in amounts.iterrows():
        assert shown[year][3:6] == [row[f"amount_{one}_eur"] for one in (50, 80, 90)]
    middle = forecast.quantiles(page.future).query("measure == 'cost_eur'").set_index("period")["q0.5"]
    years = found["budget"][1].table.as_json()
    total = next(row for row in years["values"] if row[0] == "Samen")
    assert total[-5:] == middle.loc[2026:2030].tolist()


@pytest.mark.parametrize("code", AREAS)
def test_task_fields_add_up_to_the_costs_in_every_future(made, code):
    page, inputs, _ = made[code, "nl"]
    drawn = budget_years.by_field(page, inputs, np.random.default_rng(1))
    at = [inputs.year_index(year) for year in budget_years.years(page)]
    assert set(drawn) >= set(budget_years.GROUPS)
    np.testing.assert_allclose(sum(drawn.values()), inputs.cost_eur[at])


@pytest.mark.parametrize("code", AREAS)
def test_the_fields_of_a_budget_and_of_accounts_add_up_to_the_totals_of_the_area(made, code):
    page = made[code, "nl"][0]
    own = page.own.set_index("period")
    for year, report, column in ((2026, "budget", "budget_eur"), (2024, "accounts", "cost_eur")):
        found = task_fields.amounts(page.nearby, page.own, page.members, year=year, report=report)
        if own.loc[year, column] == own.loc[year, column] and len(found):
            assert found.sum() == pytest.approx(own.loc[year, column])
    assert tuple(found.index) == ("6.72", "6.73", "6.74", "6.82")


@pytest.mark.parametrize("code", AREAS)
def test_the_steps_from_budget_to_accounts_are_the_difference(made, code):
    page, _, found = made[code, "nl"]
    budget, *steps, accounts, difference = [row[1] for row in found["accounts"][1].table.as_json()["values"]]
    own = page.own.set_index("period").loc[page.last]
    assert (budget, accounts) == (own["budget_eur"], own["cost_eur"])
    assert sum(steps) == pytest.approx(accounts - budget) == pytest.approx(difference)
    assert len(steps) == 4  # what was spent before, youths, prices, and the rest


def small(costs, budgets):
    """A page with futures of which the answers follow by hand."""
    years = sorted(budgets)
    rows = [
        {"period": year, "sample": sample, "stage": "forecast", "cost_eur": cost, "price": 1.0}
        for year, futures in costs.items()
        for sample, cost in enumerate(futures)
    ]
    risk = pd.DataFrame(
        {
            "period": years,
            "budget_eur": [budgets[year] for year in years],
            "largest_eur": [budgets[year] for year in years],
            "probability": 0.5,
        }
    )
    expected = pd.DataFrame({"period": list(costs), "stage": "forecast"})

    class Page:
        future, budgeted, this_year = pd.DataFrame(rows), risk, min(costs)

    Page.expected = expected
    return Page


def test_a_reserve_of_some_years_counts_that_one_year_pays_for_another():
    """Two years of 100 each; what is 20 more in one future is 20 less the year after: together nothing is needed."""
    futures = [80.0, 90.0, 100.0, 110.0, 120.0]
    page = small(
        {2026: futures, 2027: futures[::-1], 2028: [100.0] * 5}, {2026: 100.0, 2027: 100.0, 2028: 100.0}
    )
    rows = planning.reserves(page, translator("en")).set_index("period")
    assert rows.loc["2026", ["expected_eur", "reserve_80_eur", "reserve_90_eur"]].tolist() == [
        0.0,
        pytest.approx(12.0),
        pytest.approx(16.0),
    ]
    together = rows.loc["2026 to 2028 together"]
    assert (together["budget_eur"], together["reserve_80_eur"], together["reserve_90_eur"]) == (
        300.0,
        0.0,
        0.0,
    )


def test_a_shortage_to_be_expected_is_not_called_a_risk(made):
    """The middle for Haaglanden lies above its budget, that for Delft below it."""
    said = {code: " ".join(texts(made[code, "en"][2]["risk"])) for code in ("GM0503", "JZ24")}
    assert "no risk but a shortage to be expected" in said["JZ24"]
    first = said["GM0503"].split("For 2026 to")[0]
    assert "to be expected" not in first


def test_without_a_budget_the_text_says_so(made):
    page = made["GM0503", "en"][0]

    class Page:
        name, code, this_year, last = page.name, page.code, page.this_year, page.last
        future, expected, budgeted, own = page.future, page.expected, page.budgeted.iloc[:0], page.own

    for exhibits in (planning.risk(Page, language="en"), planning.interim(Page, language="en")):
        assert texts(exhibits) == ["There is no whole budget to compare with."]
    assert formats.unknown("en") not in " ".join(texts(made["GM0503", "en"][2]["budget"]))
