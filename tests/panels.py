"""A made-up area in a scenario panel, scenarios at random, and every number that the panel should show of them."""

from __future__ import annotations

from typing import Any

import nbformat
import numpy as np
import pandas as pd

from analyse import scenario
from analyse.errors import ParameterError
from analyse.parameters import Run
from analyse.present.scenario import lever_panel, panel_payload
from analyse.scenario import draws, waterfall
from analyse.scenario.model import Inputs

YEARS = (2025, 2026, 2027, 2028, 2029, 2030)
NAN = float("nan")
QUANTILES = (0.025, 0.1, 0.5, 0.9, 0.975)


def inputs(
    *, years: tuple[int, ...] = YEARS, samples: int = 300, by_year: bool = False, seed: int = 1
) -> Inputs:
    """An area of some 16 thousand youths and 40 million euros; ``by_year``: shares that change, as in a region."""
    rng, levers = np.random.default_rng(seed), scenario.levers()
    forms = tuple(form.id for form in scenario.care_forms().forms)
    size, count = (len(years), samples), len(levers)
    shares = np.repeat(rng.dirichlet(np.full(len(forms) - 1, 3.0), samples).T[:, None], len(years), axis=1)
    if by_year:
        shares = shares * rng.uniform(0.9, 1.1, shares.shape)
        shares = shares / shares.sum(axis=0)
    around = np.exp(np.random.default_rng(seed + 1).normal(0, 0.3, (2, count, samples)))
    drawn = draws.effects(levers, samples=samples, rng=Run(seed=seed).rng)
    # About what national amounts are worth: 1 million euros 0.02 %, 1 youth 0.0005 %.
    scales = [{"million euros": 0.02, "youths": 0.0005}.get(lever.unit, 1.0) for lever in levers]
    return Inputs(
        area_code="GM0001", area="Voorbeeld", base_year=2024, years=years, forms=forms, levers=levers,
        start={"youths": np.full(samples, 16e3), "clients": rng.normal(2700, 60, samples),
               "cost_eur": np.full(samples, 40e6)},
        youths=16e3 * np.exp(rng.normal(0, 0.02, size)), clients=2700 * np.exp(rng.normal(0, 0.1, size)),
        price=np.cumprod(1 + rng.normal(0.03, 0.01, size), axis=0), cost_eur=44e6 * np.exp(rng.normal(0, 0.1, size)),
        shares=shares, client_weights=shares[:, 0],
        months=np.repeat(rng.uniform(4, 40, (3, samples)), [5, 4, len(forms) - 10], axis=0),
        waiting=np.repeat(rng.uniform(0, 0.1, (2, samples)), [5, len(forms) - 6], axis=0),
        draws=drawn.part, found=drawn.found, capacity=drawn.capacity,
        scales=np.array(scales)[:, None] * np.linspace(1.0, 0.9, len(years)),
        age_parts={"more-children": (0.65, 0.55, 0.5), "more-teenagers": (0.35, 0.4, 0.45)},
        ratios=around[0], cost_draws=around[1], budgets={2025: 41e6, 2026: 45e6},
        passport={"data_version": "2026.11", "composition": "fixed", "composition_year": 2026, "horizon": len(years),
                  "samples": samples, "seed": seed},
    )  # fmt: skip


def history() -> pd.DataFrame:
    """What is known of the area, with a budget that is not whole."""
    return pd.DataFrame({
        "area_code": "GM0001", "area": "Voorbeeld", "period": range(2021, 2027),
        "cost_eur": [33e6, 35e6, 37e6, 40e6, NAN, NAN], "status": ["final"] * 4 + ["missing"] * 2,
        "budget_eur": [30e6, 31e6, 33e6, 36e6, 41e6, 45e6], "budget_status": ["incomplete"] + ["final"] * 5,
        "clients": [2600.0, 2685.0, NAN, NAN, NAN, NAN], "clients_status": ["final"] * 2 + ["missing"] * 4,
    })  # fmt: skip


def panel(language: str = "nl", **choices: Any) -> lever_panel.Panel:
    """A panel of the area."""
    return lever_panel.Panel(inputs(**choices), history(), data_date="2026-11-21", language=language)


def notebook(language: str = "nl", **choices: Any) -> nbformat.NotebookNode:
    """An executed notebook with a panel."""
    cell = nbformat.v4.new_code_cell("panel")
    shown = panel(language, **choices).bundle()
    cell.outputs = [nbformat.v4.new_output("display_data", data=shown, metadata={})]
    title = {"nl": "# Wat als?\n\nEen vraag.\n\n## Kies", "en": "# What if?\n\nA question.\n\n## Choose"}[
        language
    ]
    return nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell(title), cell])


def scenarios(area: Inputs, count: int, seed: int = 7) -> list[dict[str, Any]]:
    """Scenarios at random, of those that are allowed: some levers, each with any size, start, pace and cost."""
    rng, found = np.random.default_rng(seed), []
    while len(found) < count:
        levers = {one.id: _settings(one, area, rng) for one in area.levers if rng.random() < 0.3}
        given = {"title": "random", "works_as_set": bool(rng.random() < 0.2), "levers": levers}
        try:
            scenario.read(given, years=area.years, known=area.levers)
        except ParameterError:
            continue
        found.append(given)
    return found


def _settings(lever: Any, area: Inputs, rng: np.random.Generator) -> dict[str, Any]:
    own = {
        "size": round(float(rng.uniform(lever.minimum, lever.maximum)), 3),
        "start": int(rng.choice(area.years)),
        "ramp_months": int(rng.integers(0, 121)),
        "one_off_eur_per_youth": round(float(rng.uniform(0, 100)), 2),
        "running_eur_per_youth": round(float(rng.uniform(0, 100)), 2),
    }
    own |= {"new_only": bool(rng.random() < 0.5)} if lever.mechanism == "duration" else {}
    return own | ({"cost_ratio": round(float(rng.uniform(0, 3)), 3)} if lever.to else {})


def expected(area: Inputs, given: dict[str, Any], *, amount: float, whole: Inputs) -> list[float]:
    """Every number that the panel shows of a scenario, worked out by ``analyse.scenario``, in a fixed order.

    ``area`` holds the futures of the panel, ``whole`` all of them: without a measure the forecast itself is shown.
    """
    risen = panel_payload.rise(whole, max(whole.budgets))
    settings = scenario.read(given, years=area.years, known=area.levers).settings
    outcome, found = scenario.run(area, settings), []
    for place, year in enumerate(area.years):
        cost, before = outcome.cost_eur[place], area.cost_eur[place]
        budget = area.budgets.get(year, amount * risen[str(year)])
        known = year in area.budgets
        every = {name: getattr(whole, name)[place] for name in ("cost_eur", "clients")}
        shown = [(cost, "cost_eur"), (before, "cost_eur"), (cost - before, None), (outcome.clients[place], "clients"),
                 (area.clients[place], "clients")]  # fmt: skip
        for number, (values, name) in enumerate(shown):
            forecast = name is not None and (number in (1, 4) or not settings)
            found += [values.mean(), *np.quantile(every[name] if forecast else values, QUANTILES)]
        above = [(values > budget).mean() for values in (cost, before)]
        page = (every["cost_eur"] > budget).mean()
        found += [above[0] if settings or not known else page, page if known else above[1]]
    steps = waterfall.table(area, settings, year=area.years[-1])
    if len(settings) < 2:
        steps = steps[steps["kind"] != "interaction"]
    order = [*[one for one in steps["step"] if one not in settings and one != "interaction"],
             *[one.id for one in area.levers if one.id in settings],
             *[one for one in steps["step"] if one == "interaction"]]  # fmt: skip
    for _, row in steps.set_index("step").loc[order].iterrows():
        found += [row["effect_eur"], row["q0.1"], row["q0.9"]]
    return [float(one) for one in found]


READ = """(numbers) => [
  ...numbers.years.flatMap((one) => [...[one.cost, one.base_cost, one.difference, one.clients, one.base_clients]
    .flatMap((each) => [each.mean, ...each.quantiles]), one.above[1], one.base_above[1]]),
  ...numbers.steps.slice(1, -1).flatMap((one) => [one.amount, one.quantiles[1], one.quantiles[3]])]"""
"""The same numbers, in the same order, out of what the script calls ``shown``."""


def worst(found: list[float], right: list[float]) -> float:
    """The largest relative difference; below one euro or one youth the absolute one counts."""
    a, b = np.array(found), np.array(right)
    return float((np.abs(a - b) / np.maximum(np.abs(b), 1.0)).max())
