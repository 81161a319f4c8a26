"""A page says one thing once: every fact that stands in two places has one number, for every area."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import Any

import pytest

from analyse import compare, forecast, parameters, scenario, shared
from analyse.forecast import drivers
from analyse.history import areas
from analyse.parameters import Run
from analyse.present import figures
from analyse.present.exhibits import cards
from analyse.present.exhibits.exhibit import Exhibit
from analyse.present.pages import budget_cycle
from analyse.present.scenario import lever_panel, panel_payload
from analyse.present.text import facts, formats
from analyse.present.text.formats import NBSP

RUN = Run()
AMOUNT = re.compile(r"€ ?(\d[\d.,]*)(?: (miljoen|miljard))?")
SCALES = {"miljoen": 1e6, "miljard": 1e9}


def amounts(text: str) -> list[float]:
    """Every amount of a sentence in euros; of two that share a unit both have it.

    Examples
    --------
    >>> amounts("ongeveer € 49 miljoen (80 % kans tussen € 40 en € 61 miljoen)")
    [49000000.0, 40000000.0, 61000000.0]
    """
    found = AMOUNT.findall(text.replace(NBSP, " "))
    units = [unit for _, unit in found]
    shared_unit = [unit or next(iter(units[place + 1 :]), "") for place, unit in enumerate(units)]
    return [
        float(number.replace(".", "").replace(",", ".")) * SCALES.get(unit, 1.0)
        for (number, _), unit in zip(found, shared_unit, strict=True)
    ]


def by_year(exhibit: Exhibit, *columns: int) -> dict[str, tuple[str, ...]]:
    """The cells of the rows of a table by their first one."""
    return {row[0]: tuple(row[column] for column in columns) for row in exhibit.table.cells}


def stated(code: str, past, future) -> dict[str, dict[str, object]]:
    """Fact -> place on the page -> the number that stands there."""
    own, mine = past[past["area_code"].eq(code)], future[future["area_code"].eq(code)]
    summary, risk = forecast.quantiles(mine), forecast.chance_budget_exceeded(mine, own)
    residential = compare.residential_share(shared.tables(RUN), {code: [code]}).iloc[:0]
    evidence = facts.Evidence(own, summary, risk, residential, parameters.breaks())
    screen = cards.first_screen(evidence, code)
    last = int(mine.loc[mine["stage"].eq("observed"), "period"].max())
    target = last + 3
    fan = figures.fan(own, summary)
    steps = figures.waterfall(
        drivers.decompose(mine, from_period=last, to_period=target), area=str(own["area"].iloc[0])
    )

    inputs = scenario.of(RUN, code, version="test")
    packed = panel_payload.payload(inputs, own, data_date="2026-11-30")
    base = lever_panel.base(inputs, packed)
    told: dict[str, dict[str, object]] = defaultdict(dict)
    _, *expected = amounts(screen.title)
    tell(told, "finding", {target: expected})
    told[f"middle of {target}"]["title of the fan"] = amounts(fan.title)[-1]
    tell(told, "table of the fan", costs(by_year(fan, 3, 4, 5)))
    tell(told, "table of the steps", {target: costs(by_year(steps, 1, 2, 3))[str(target)]})
    told[f"middle of {target}"]["chart of the steps"] = amounts(steps.drawing["data"][1]["text"][-1])[0]
    tell(told, "table of the panel", costs(by_year(base, 1, 2, 3)))
    for year, (budget, shortage) in by_year(base, 4, 5).items():
        told[f"chance of {year}"]["table of the panel"] = shortage.replace("niet bekend", "–")
        told[f"budget of {year}"]["table of the panel"] = budget.replace("niet bekend", "–")
    tell(told, "sentence of the panel", {inputs.years[-1]: amounts(base.title)})
    for row in risk.dropna(subset="probability").itertuples():
        told[f"chance of {row.period}"]["worked out"] = formats.chances(row.probability_low, row.probability)
    budgets = budget_cycle.cycle(mine, risk, area=str(own["area"].iloc[0]), this_year=2026)
    for year, (budget, shortage, enough) in by_year(budgets, 1, 2, 3).items():
        told[f"middle of {year}"]["table of budgets"] = amounts(enough)[0]
        told[f"chance of {year}"]["table of budgets"] = shortage
        told[f"budget of {year}"]["table of budgets"] = budget
    for card, year in zip(budgets.content["cards"], by_year(budgets, 0), strict=True):
        told[f"middle of {year}"]["card of budgets"] = amounts(card["choices"][0][0])[0]
        if budgeted := re.search(
            r"(?:Begroot|prijsstijging,) (€.+?): kans op een tekort (.+)\.", card["value"]
        ):
            told[f"budget of {year}"]["card of budgets"], told[f"chance of {year}"]["card of budgets"] = (
                budgeted.groups()
            )
    *_, change, chance, _ = screen.content["cards"]
    if year := re.search(r"20\d\d", chance["label"]):
        told[f"chance of {year.group()}"]["tile"] = without_about(chance["value"])
    accounts = own.set_index("period")["cost_eur"][last]
    middle = summary.set_index(["measure", "period"])["q0.5"]["cost_eur", target]
    written = formats.percent(100 * (middle / accounts - 1), decimals=0, signed=True)
    told["change"] = {"tile": without_about(change["value"]), "worked out": written}
    return told


def costs(rows: dict[str, tuple[str, ...]]) -> dict[str, list[float]]:
    """The amounts of the rows that have three: middle, low and high."""
    found = {year: [amount for cell in cells for amount in amounts(cell)] for year, cells in rows.items()}
    return {year: three for year, three in found.items() if len(three) == 3}


def tell(told: dict[str, dict[str, object]], place: str, rows: dict[Any, list[float]]) -> None:
    for year, three in rows.items():
        for name, amount in zip(("middle", "low", "high"), three, strict=True):
            told[f"{name} of {year}"][place] = amount


def without_about(text: str) -> str:
    return text.removeprefix("ongeveer ")


@pytest.fixture(scope="module")
def shown():
    return shared.read("past", RUN), shared.read("future", RUN)


@pytest.mark.parametrize("part", range(4))
def test_every_fact_that_stands_twice_has_one_number(shown, part):
    past, future = shown
    codes = sorted(set(future["area_code"]) - {areas.ALL})[part::4]
    differ = {}
    for code in codes:
        whole = past[past["area_code"].eq(code) & past["cost_eur"].notna()]
        if whole.empty or whole.iloc[-1]["status"] == "incomplete":
            continue
        for fact, places in stated(code, past, future).items():
            if len(set(places.values())) > 1:
                differ[f"{code}: {fact}"] = places

    assert codes and not differ
