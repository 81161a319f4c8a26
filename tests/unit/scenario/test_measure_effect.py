"""What a measure did: right where the truth is known, and sure of itself only as often as it may be."""

import importlib.util
import json

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import minimize
from typer.testing import CliRunner

from analyse import parameters, store
from analyse.cli import app
from analyse.errors import DataError, ParameterError
from analyse.history import panel as histories
from analyse.scenario import measure_effect
from analyse.sources import snapshot

YEARS = range(2017, 2025)


def made(effect=0.0, *, units=60, noise=0.02, start=2022, seed=1):
    """Municipalities on two common courses in other mixes, the first of which changes from a year on."""
    rng = np.random.default_rng(seed)
    courses = np.cumsum(rng.normal(0.05, 0.05, (2, len(YEARS))), axis=1)
    share, level = rng.uniform(0, 1, units), rng.normal(7, 0.3, units)
    logs = (
        level[:, None]
        + np.column_stack([share, 1 - share]) @ courses
        + rng.normal(0, noise, (units, len(YEARS)))
    )
    logs[0] += np.log1p(effect) * (np.array(YEARS) >= start)
    youths = rng.uniform(2_000, 40_000, units)
    rows = [
        {"municipality_code": f"GM{place:04d}", "period": year, "cost_eur": np.exp(logs[place, column]) * youths[place],
         "status": "final", "youths": youths[place]}
        for place in range(units) for column, year in enumerate(YEARS)
    ]  # fmt: skip
    return pd.DataFrame(rows)


def test_a_planted_effect_is_found_where_there_is_little_noise():
    found = measure_effect.estimate(made(-0.20), ["GM0000"], start=2022)

    assert found.effect == pytest.approx(-0.20, abs=0.03)
    assert found.shown and found.quantiles["q0.1"] < -0.20 < found.quantiles["q0.9"]
    assert found.gap[2024] == pytest.approx(np.log(0.8), abs=0.06) and abs(found.gap[2019]) < 0.05
    assert found.others.sum() == pytest.approx(1, abs=0.01) and "GM0000" not in found.others
    nothing = measure_effect.estimate(made(0.0), ["GM0000"], start=2022)
    assert abs(nothing.effect) < 0.03 and not nothing.shown


def test_the_weights_are_those_that_another_solver_finds():
    rng = np.random.default_rng(3)
    units, own = rng.normal(size=(12, 5)), rng.normal(size=5)
    found = measure_effect._unit_weights(units, own[None], 0.7)[:, 0]
    centred, wanted = units - units.mean(axis=1, keepdims=True), own - own.mean()

    def loss(weights):
        return ((weights @ centred - wanted) ** 2).sum() + 0.7**2 * 5 * (weights**2).sum()

    bounds, whole = [(0, 1)] * 12, {"type": "eq", "fun": lambda weights: weights.sum() - 1}
    other = minimize(loss, np.full(12, 1 / 12), bounds=bounds, constraints=whole, options={"ftol": 1e-14})
    assert found == pytest.approx(other.x, abs=1e-4)


def test_no_unit_stands_in_its_own_mix():
    logs = measure_effect.panel(
        made(), "cost_per_youth", treated=["GM0000"], area_code="GM0000", start=2022
    ).logs
    units, before = logs.to_numpy(), np.array(YEARS) < 2022
    weights = measure_effect._unit_weights(units[:, before], units[:, before], 0.1, apart=True)

    assert np.diag(weights).max() == 0 and weights.sum(axis=0) == pytest.approx(np.ones(60))


@pytest.fixture(scope="module")
def country():
    return histories.build(snapshot.load(regions=parameters.COUNTRY))


def test_planted_measures_in_the_real_panel(country):
    """A part of what ``benchmarks/measure_effects.py`` prints; the bounds are those of so few."""
    path = store.root() / "benchmarks" / "measure_effects.py"
    spec = importlib.util.spec_from_file_location("measure_effects", path)
    bench = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(bench)
    scores = bench.scores(bench.planted(country, number=60, starts=(2023,)))

    assert (scores["number"] == 60).all()
    assert scores["error"].abs().max() < 5 and scores["held"].between(0.65, 0.95).all()
    assert scores.loc[0.0, "shown"] <= 0.12
    assert scores["error"].iloc[2] == pytest.approx(0.9 * scores["error"].iloc[0], abs=0.05), (
        "scaled by what is left"
    )


def test_placebos_worked_out_before_change_an_interval_by_little(country):
    whole = measure_effect.panel(
        country, "cost_per_youth", treated=["GM0603"], area_code="GM0603", start=2023
    )
    once = measure_effect.placebo_effects(whole.logs, 2023)
    quick = measure_effect.with_placebos(whole, "GM0603", 2023, "cost_per_youth", once)
    slow = measure_effect.estimate(country, ["GM0603"], start=2023)

    assert quick.effect == pytest.approx(slow.effect, abs=0.002)
    assert quick.quantiles["q0.1"] == pytest.approx(slow.quantiles["q0.1"], abs=0.005)


def test_what_cannot_be_told_is_an_error_in_words(country):
    ask = {"treated": ["GM0603"]}
    with pytest.raises(ParameterError, match="2 years before 2023"):
        measure_effect.estimate(country, **ask, start=2023, measure="use")
    with pytest.raises(ParameterError, match="0 from then on"):
        measure_effect.estimate(country, **ask, start=2026)
    with pytest.raises(ParameterError, match="did you mean cost_per_youth"):
        measure_effect.estimate(country, **ask, start=2023, measure="costs_per_youth")
    with pytest.raises(DataError, match="only 3 other"):
        measure_effect.estimate(made(units=4), ["GM0000"], start=2022)
    few = made().query("municipality_code != 'GM0000' or period != 2019")
    with pytest.raises(DataError, match="no whole cost_per_youth"):
        measure_effect.estimate(few, ["GM0000"], start=2022)


def test_a_region_is_added_up_and_its_members_are_no_others():
    rows = made(-0.2)
    data = measure_effect.panel(
        rows, "cost_per_youth", treated=["GM0000", "GM0001"], area_code="JZ24", start=2022
    )
    both = rows[rows["municipality_code"].isin(["GM0000", "GM0001"]) & rows["period"].eq(2024)]

    assert "GM0001" not in data.logs.index and len(data.logs) == 59
    assert data.logs.loc["JZ24", 2024] == pytest.approx(np.log(both["cost_eur"].sum() / both["youths"].sum()))


def test_the_command_says_what_it_found_and_what_it_is_not():
    told = (
        CliRunner()
        .invoke(app, ["evaluate", "--area", "Rijswijk", "--from", "2023", "--lever", "outflow"])
        .output
    )

    assert "Rijswijk, cost_per_youth from 2023:" in told and "80% interval" in told
    assert "no proof of cause" in told and "New booking rules in 2023" in told
    assert "evidence: B" in told and "naast een synthetische controle" in told
    read = json.loads(
        CliRunner().invoke(app, ["evaluate", "--area", "JZ24", "--from", "2021", "--json"]).output
    )
    assert (
        read["area_code"] == "JZ24"
        and read["before"] == [2017, 2018, 2019, 2020]
        and len(read["caveats"]) == 3
    )
    assert any("only 4 years before" in one for one in read["warnings"])
