"""Use by form, from a dataset that has it: counts worked by hand, and what stays as it is where they are not there."""

import numpy as np
import pandas as pd
import pytest

from analyse import scenario, shared
from analyse.parameters import Run
from analyse.scenario import draws, prepared, use_by_form

FLOW = ["municipality_code", "year", "part", "referrer", "measure", "value", "status"]
COUNTED = {
    "zonder-verblijf": 800,
    "met-verblijf": 100,
    "jb-jr": 100,
    "pleegzorg": 40,
    "gezinsgericht": 10,
    "gesloten": 5,
}


def _by_form(year=2024, code="GM0503", **changes):
    counts = COUNTED | changes
    return pd.DataFrame(
        {
            "municipality_code": code,
            "year": year,
            "part": "year",
            "care_form": list(counts),
            "measure": "youths",
            "series": "2021-",
            "count": pd.array(list(counts.values()), dtype="Int64"),
            "status": "final",
        }
    )


def _shares(samples=3):
    care = scenario.care_forms()
    return care, np.full((len(care.forms) - 1, samples), 1 / (len(care.forms) - 1))


def test_counts_divide_the_youths_and_costs_divide_the_rest():
    care, shares = _shares()
    forms = [form.id for form in care.forms]
    found = dict(zip(forms, use_by_form.weights(care, shares, COUNTED)[:, 0], strict=False))

    assert found["foster-care"] == pytest.approx(0.04)
    assert found["closed"] == pytest.approx(0.005)
    # 45 of 100 youths with residence are left for two forms that cost the same; 800 for five.
    assert found["residential"] == found["crisis-and-specialist"] == pytest.approx(0.0225)
    assert found["guidance"] == pytest.approx(0.16)
    assert sum(found.values()) == pytest.approx(1)


def test_without_counts_the_netherlands_stands_in():
    care, shares = _shares()
    found = use_by_form.weights(care, shares, {})

    assert found[:5].sum(axis=0) == pytest.approx(447 / (447 + 41 + 44))
    np.testing.assert_allclose(found.sum(axis=0), 1)


def test_the_last_year_with_every_group_is_taken():
    tables = {
        "usage_by_form": pd.concat(
            [_by_form(2022), _by_form(2023, pleegzorg=60), _by_form(2024, **{"jb-jr": None})]
        )
    }

    assert use_by_form.counts(tables, "GM0503")["pleegzorg"] == 60
    assert use_by_form.counts(tables, "GM0599") == {}
    assert use_by_form.counts({}, "GM0503") == {}


def test_help_without_residence_lasts_as_long_as_measured():
    care = scenario.care_forms()
    usual = draws.months(care, samples=500, rng=Run().rng)
    measured = draws.months(care, samples=500, rng=Run().rng, outpatient=21.0)

    np.testing.assert_allclose(measured[:5], usual[:5] * 21 / 16)
    np.testing.assert_array_equal(measured[5:], usual[5:])


def test_the_measured_duration_is_that_of_the_three_regions_together():
    real = shared.tables(Run())
    codes = real["municipalities"].query("year == 2026")["municipality_code"].tolist()
    rows = [
        (code, 2024, "year", "total", measure, value, "final")
        for code in codes
        for measure, value in (("ended", 100.0), ("duration_days", 487.0))
    ]
    tables = {
        **{name: real[name] for name in ("municipalities", "boundary_changes")},
        "usage_flows": pd.DataFrame(rows, columns=FLOW),
    }

    assert use_by_form.outpatient_months(tables) == pytest.approx(487 / 30.4375)
    assert use_by_form.outpatient_months(real) is None
    assert use_by_form.outpatient_months({}) is None


def test_a_dataset_with_use_by_form_gives_the_same_kind_of_inputs():
    run = Run(samples=300, horizon=4)
    real, future = shared.tables(run), shared.read("future", run, ["GM0503", "NL01"])
    past = shared.read("past", run, ["GM0503", "NL01"])
    tables = {
        name: real[name] for name in ("costs_subcode", "municipalities", "boundary_changes", "price_index")
    }
    usual = prepared.build(future, past, tables, run=run, code="GM0503")
    counted = prepared.build(future, past, {**tables, "usage_by_form": _by_form()}, run=run, code="GM0503")

    np.testing.assert_array_equal(counted.cost_eur, usual.cost_eur)
    np.testing.assert_array_equal(counted.shares, usual.shares)
    assert counted.client_weights.shape == usual.client_weights.shape
    np.testing.assert_allclose(counted.client_weights[counted.forms.index("foster-care")], 0.04)
