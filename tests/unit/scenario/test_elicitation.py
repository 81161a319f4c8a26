"""Asking experts: the form, what is refused, the pool, the weights, and what a scenario makes of it."""

from __future__ import annotations

import importlib.util

import numpy as np
import pytest
import yaml
from typer.testing import CliRunner

from analyse import cli, scenario, store
from analyse.errors import ParameterError
from analyse.parameters import Run
from analyse.scenario import elicitation, expert_form, seed_questions
from analyse.scenario.expert_form import Answer

TRUTHS = {f"q{number}": float(value) for number, value in enumerate([1, 4, -2, 8, 3, 0, 6, 2, 5, -1])}


def filled(name, *, shift=0.0, width=3.0, known=True):
    """The form of an expert who is off by ``shift`` on the known questions and puts outflow at -10."""
    return {
        "expert": name,
        "known": {
            one: asked(truth + shift - width, truth + shift, truth + shift + width)
            for one, truth in TRUTHS.items()
        }
        if known
        else {},
        "measures": {"outflow": asked(-20, -10, -2)},
    }


def asked(low, middle, high):
    return {"question": "?", "unit": "percent", "low": low, "middle": middle, "high": high}


def read(*contents):
    return expert_form.read(
        {f"{number}.yaml": one for number, one in enumerate(contents)}, scenario.levers(), TRUTHS
    )


def test_an_expert_who_is_always_right_weighs_all_beside_one_who_is_always_off():
    truths = TRUTHS
    # In one of ten cases below low, in four between low and middle and so on: exactly as stated.
    right, off = {}, {}
    shifts = [4, 1, 1, 1, 1, -1, -1, -1, -1, -4]
    for (name, truth), shift in zip(truths.items(), shifts, strict=True):
        right[name] = Answer(low=truth + shift - 3, middle=truth + shift, high=truth + shift + 3)
        off[name] = Answer(low=truth + 20, middle=truth + 21, high=truth + 22)
    found = elicitation.weigh({"right": right, "off": off}, truths)

    assert found["right"].calibration == pytest.approx(1.0)
    assert found["off"].calibration < 1e-6
    assert elicitation.weights(found) == {"right": 1.0, "off": 0.0}


def test_calibration_is_that_of_cooke_worked_by_hand():
    # All ten truths between low and middle: KL = log(1 / .4), 2 n KL = 18.326, chi2 with 3 degrees of freedom.
    answers = {
        name: Answer(low=truth - 1, middle=truth + 1, high=truth + 2) for name, truth in TRUTHS.items()
    }
    found = elicitation.weigh({"one": answers}, TRUTHS)["one"]

    assert found.calibration == pytest.approx(3.77e-4, rel=0.01)


def test_narrow_answers_are_more_informative():
    wide = {name: Answer(low=truth - 9, middle=truth, high=truth + 9) for name, truth in TRUTHS.items()}
    narrow = {name: Answer(low=truth - 1, middle=truth, high=truth + 1) for name, truth in TRUTHS.items()}
    found = elicitation.weigh({"wide": wide, "narrow": narrow}, TRUTHS)

    assert found["narrow"].information > found["wide"].information > 0


def test_equal_experts_pool_to_themselves_and_others_to_what_lies_between():
    one = Answer(low=-20, middle=-10, high=-2)
    same = elicitation.mixture([one, one], [0.5, 0.5])
    both = elicitation.mixture([one, Answer(low=0, middle=0, high=0)], [0.5, 0.5])

    assert np.interp([0.1, 0.5, 0.9], elicitation.GRID, same) == pytest.approx([-20, -10, -2], abs=0.05)
    # Half of the chance is at 0: from the middle on nothing comes true.
    assert np.interp([0.05, 0.75], elicitation.GRID, both) == pytest.approx([-20, 0], abs=0.05)


def test_the_spread_between_experts_is_told():
    other = {**filled("b"), "measures": {"outflow": asked(-4, -2, 0)}}
    pooled = elicitation.pool(read(filled("a"), other), TRUTHS)
    row = elicitation.table(pooled).iloc[0]

    assert (row["lowest_middle"], row["highest_middle"], row["experts"]) == (-10, -2, 2)
    assert row["low"] < row["middle"] < row["high"]
    assert pooled.weights == {"a": 0.5, "b": 0.5} and not pooled.weighed


def test_performance_takes_the_weight_from_who_is_off():
    good = filled("a")
    shifts = zip(TRUTHS.items(), [4, 1, 1, 1, 1, -1, -1, -1, -1, -4], strict=True)
    good["known"] = {name: asked(truth + by - 3, truth + by, truth + by + 3) for (name, truth), by in shifts}
    pooled = elicitation.pool(read(good, filled("b", shift=30)), TRUTHS, performance=True)

    assert pooled.weighed and pooled.weights["b"] == 0.0


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ({**filled("a"), "measures": {"outflow": asked(-2, -10, -20)}}, "in that order"),
        (
            {**filled("a"), "measures": {"outflow": {**asked(-20, -10, -2), "high": None}}},
            "low, middle and high",
        ),
        ({**filled("a"), "measures": {"outflow": asked(-99, -10, -2)}}, "allowed is -47 to 0"),
        ({**filled("a"), "measures": {"outflw": asked(-20, -10, -2)}}, "did you mean outflow"),
        ({**filled("a"), "known": {"q99": asked(0, 1, 2)}}, "no known answer"),
        ({**filled("a"), "expert": ""}, "expert"),
    ],
)
def test_a_form_that_does_not_fit_is_refused_in_words(content, words):
    with pytest.raises(ParameterError, match=words):
        read(content)


def test_one_form_twice_one_expert_and_too_few_known_questions_are_refused():
    with pytest.raises(ParameterError, match="two forms of a"):
        read(filled("a"), filled("a"))
    with pytest.raises(ParameterError, match="at least two"):
        elicitation.pool(read(filled("a")), TRUTHS)
    with pytest.raises(ParameterError, match="0 known questions"):
        elicitation.pool(read(filled("a"), filled("b", known=False)), TRUTHS, performance=True)


def test_an_answer_in_another_unit_and_a_form_of_nobody_are_refused():
    form = filled("a")
    asked = form["measures"]["outflow"] | {"unit": "euro"}
    with pytest.raises(ParameterError, match="outflow: unit 'euro'; this measure is in percent"):
        read(form | {"measures": {"outflow": asked}})
    with pytest.raises(ParameterError, match="expert"):
        read(form | {"expert": "  "})


def test_a_form_takes_a_quarter_of_an_hour_at_most():
    levers = [one for one in scenario.levers() if one.unit == "percent"]
    with pytest.raises(ParameterError, match="more than 15 minutes"):
        expert_form.form(levers, {f"q{number}": "?" for number in range(8)})
    with pytest.raises(ParameterError, match="whole country"):
        expert_form.form([one for one in scenario.levers() if one.id == "wlz"], {})


@pytest.fixture(scope="module")
def delft():
    return scenario.of(Run(samples=400), "GM0503")


def test_a_scenario_draws_what_the_experts_expect(delft):
    pooled = elicitation.pool(read(filled("a"), filled("b")), TRUTHS)
    chosen = scenario.load("alle-maatregelen", years=delft.years).settings
    asked_of = elicitation.applied(delft, pooled, Run(samples=400).rng)
    settings = elicitation.settings(chosen, pooled)
    lever = next(one for one in asked_of.levers if one.id == "outflow")
    effect = 100 * scenario.core.effect(asked_of, settings, lever)

    assert np.quantile(effect, [0.1, 0.5, 0.9]) == pytest.approx([-20, -10, -2], abs=0.4)
    assert lever.rests_on(settings["outflow"]) == "own"
    # Nothing else is drawn anew.
    others = [at for at, one in enumerate(delft.levers) if one.id != "outflow"]
    assert (asked_of.draws[others] == delft.draws[others]).all()
    assert (asked_of.capacity == delft.capacity).all()


def test_from_form_to_scenario_by_command(tmp_path):
    runner = CliRunner()
    made = runner.invoke(cli.app, ["scenario", "experts", "form", "--output", str(tmp_path / "leeg.yaml")])
    assert made.exception is None, made.output
    empty = store.read_yaml(tmp_path / "leeg.yaml")
    assert len(empty["known"]) + len(empty["measures"]) <= expert_form.MOST_QUESTIONS
    for number in (1, 2):
        own = {**empty, "expert": f"deskundige {number}"}
        own["measures"] = {
            name: {**one, "low": 0, "middle": 1, "high": 2 + number}
            if name.startswith("residential") or name == "school-care"
            else {**one, "low": -6 - number, "middle": -2, "high": 0}
            for name, one in empty["measures"].items()
        }
        (tmp_path / f"{number}.yaml").write_text(yaml.safe_dump(own), encoding="utf-8")
    forms = [str(tmp_path / f"{number}.yaml") for number in (1, 2)]
    target = str(tmp_path / "samen.yaml")
    pooled = runner.invoke(cli.app, ["scenario", "experts", "pool", *forms, "--output", target])
    assert pooled.exception is None, pooled.output
    ran = runner.invoke(cli.app, ["scenario", "run", "alle-maatregelen", "--experts", target])
    assert ran.exception is None, ran.output

    assert "no evidence" in pooled.output and "outflow" in pooled.output
    assert "own assumption of the experts" in ran.output
    nothing = runner.invoke(cli.app, ["scenario", "run", "regionaal-naar-lokaal", "--experts", target])
    assert isinstance(nothing.exception, ParameterError)


def test_growth_that_is_not_whole_is_not_asked_about():
    import pandas as pd

    past = pd.DataFrame(
        {
            "area_code": ["A"] * 3 + ["B"] * 3,
            "period": [2022, 2023, 2024] * 2,
            "cost_eur": [10.0, 11.0, 22.0, 10.0, 5.0, 10.0],
            "status": ["final", "final", "incomplete", "final", "final", "final"],
        }
    )
    _, answers = seed_questions.growth(past, {"A": "a", "B": "b"}, number=3)

    assert answers == {"growth-B-2024": 100.0, "growth-A-2023": 10.0, "growth-B-2023": -50.0}


def test_simulated_experts_together_beat_the_median_one():
    path = store.root() / "benchmarks" / "elicitation.py"
    spec = importlib.util.spec_from_file_location("simulated_experts", path)
    bench = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(bench)
    found = bench.summary(30)

    assert found["equal beats the median expert"] >= 0.9
    assert found["CRPS of equal"] < found["CRPS of median expert"]
