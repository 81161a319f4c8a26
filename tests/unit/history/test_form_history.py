"""Trajectories by area: counts add up, a mean duration is weighted by what ended."""

import pandas as pd
import pytest

from analyse.history import form_history


@pytest.fixture
def tables():
    """Two municipalities of one region: 30 trajectories of 100 days ended in the one, 10 of 200 in the other."""
    figures = {"begun": (10.0, 50.0), "ended": (30.0, 10.0), "duration_days": (100.0, 200.0)}
    flows = pd.DataFrame(
        {"municipality_code": code, "year": 2023, "part": "year", "referrer": "total", "measure": measure,
         "value": values[place], "status": "final"}
        for measure, values in figures.items() for place, code in enumerate(("GM0001", "GM0002"))
    )  # fmt: skip
    listed = pd.DataFrame(
        {"year": 2023, "municipality_code": ["GM0001", "GM0002"], "municipality": ["Ash", "Birch"],
         "region_code": "JZ24"}
    )  # fmt: skip
    changes = pd.DataFrame({"municipality_code": [], "year": [], "successor_code": []}, dtype="object")
    return {"usage_flows": flows, "municipalities": listed, "boundary_changes": changes}


def _by_measure(tables):
    return form_history.flows(tables, "region").set_index("measure")


def test_the_mean_duration_of_a_region_is_weighted_by_what_ended(tables):
    found = _by_measure(tables)
    assert found.loc["duration_days", "value"] == (30 * 100 + 10 * 200) / 40
    assert found.loc[["begun", "ended"], "value"].tolist() == [60.0, 40.0]
    assert set(found["area_code"]) == {"JZ24"}


def test_without_what_ended_what_began_weighs(tables):
    known = tables["usage_flows"].query("measure != 'ended'")
    assert (
        _by_measure({**tables, "usage_flows": known}).loc["duration_days", "value"]
        == (10 * 100 + 50 * 200) / 60
    )


def test_an_unknown_part_leaves_the_duration_out_and_makes_the_count_a_lower_bound(tables):
    flows = tables["usage_flows"].copy()
    unknown = (flows["municipality_code"] == "GM0002") & (flows["measure"] != "begun")
    flows.loc[unknown, ["value", "status"]] = [None, "missing"]
    found = _by_measure({**tables, "usage_flows": flows})
    assert pd.isna(found.loc["duration_days", "value"])
    assert found.loc["duration_days", "status"] == "missing"
    assert found.loc["ended", ["value", "status"]].tolist() == [30.0, "incomplete"]
