"""Durations of a store in the levers: right where the truth is known, and in the scenario of that area only."""

from __future__ import annotations

import dataclasses

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

from analyse import cli
from analyse.monitor import lever_durations
from analyse.present.exhibits.exhibit import MIME
from analyse.present.monitor import Page
from analyse.present.scenario import own_durations
from analyse.scenario.definitions import care_forms
from analyse.scenario.model import Inputs


def lasting(mean: float, count: int, *, form: str, until: float = 48.0, seed: int = 1) -> pd.DataFrame:
    """Durations with a known mean, followed for a random time up to ``until`` months."""
    rng = np.random.default_rng(seed)
    full, seen = rng.exponential(mean, count), rng.uniform(1, until, count)
    return pd.DataFrame(
        {"care_form": form, "lasted": np.minimum(full, seen), "stopped": full < seen, "entered": 0.0}
    )


@pytest.mark.parametrize("mean", [4.0, 14.0, 30.0])
def test_the_mean_is_that_of_all_care_also_of_what_still_runs_and_its_interval_holds(mean):
    found = [
        lever_durations.measured(lasting(mean, 800, form="ggz", seed=seed)).iloc[0] for seed in range(20)
    ]
    months, error = (np.array([one[name] for one in found]) for name in ("months", "error"))

    assert months.mean() == pytest.approx(mean, rel=0.03)
    assert (np.abs(months - mean) < 1.96 * error).mean() >= 0.8


def test_few_stops_leave_the_mean_of_the_country():
    few = lasting(10, 25, form="gesloten")

    assert lever_durations.measured(pd.concat([few, lasting(9, 400, form="crisis")]))["form"].tolist() == [
        "crisis-and-specialist"
    ]


KNOWN = [form.id for form in care_forms().forms if form.months is not None]


def lasting_sixteen_months() -> Inputs:
    """The inputs of a scenario of which only the durations are there."""
    empty = {one.name: None for one in dataclasses.fields(Inputs)}
    made = object.__new__(Inputs)
    for name, value in (empty | {"months": np.full((len(KNOWN), 500), 16.0)}).items():
        object.__setattr__(made, name, value)
    return made


def test_the_page_says_of_each_form_whether_its_duration_is_of_the_declarations():
    national = lasting_sixteen_months()
    table = lever_durations.measured(lasting(8.0, 900, form="pleegzorg"))
    own = lever_durations.applied(national, table, np.random.default_rng(1))

    shown = own_durations.table(
        own_durations.Durations(national, own, table), Page("Delft", False, "en")
    )._repr_mimebundle_()[MIME]

    assert (
        shown["title"]
        == f"Delft: of 1 of the {len(KNOWN)} care forms the duration comes from these declarations"
    )
    rows = {row[0]: row[1:] for row in shown["table"]["values"]}
    assert rows["Foster care"][0] == pytest.approx(8.0, rel=0.08) and rows["Foster care"][-2:] == [
        16.0,
        "these declarations",
    ]
    assert [row[0] for row in shown["table"]["values"] if row[-1] == "these declarations"] == ["Foster care"]
    assert rows["Guidance"] == [16.0, 16.0, 16.0, 16.0, "the mean of the country"]


def test_only_the_measured_form_changes_in_the_inputs_of_a_scenario():
    known, before = KNOWN, lasting_sixteen_months()
    table = lever_durations.measured(lasting(8.0, 900, form="pleegzorg"))

    after = lever_durations.applied(before, table, np.random.default_rng(1))

    changed = [name for name, row in zip(known, after.months, strict=True) if (row != 16.0).any()]
    assert changed == ["foster-care"]
    assert after.months[known.index("foster-care")].mean() == pytest.approx(8.0, rel=0.08)
    assert (before.months == 16.0).all()


def test_the_command_says_which_durations_it_took(stored):
    found = CliRunner().invoke(
        cli.app,
        [
            "scenario",
            "run",
            "hervormingsagenda",
            "--municipality",
            "Delft",
            "--declarations",
            str(stored.store),
        ],
    )

    assert found.exception is None, found.output
    assert "months on average in these declarations" in found.output or "too few stops" in found.output
