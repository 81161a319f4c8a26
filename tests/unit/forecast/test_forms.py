"""Use by form of care: sums within a sample, quantiles last, and which years say something of the trend."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from analyse.forecast import forms, known
from analyse.history import breaks


@pytest.fixture
def paths() -> pd.DataFrame:
    """Two municipalities of a region: 0 to 100 youths in one, the opposite in the other, so 100 together."""
    draws = np.arange(101.0)
    parts = {"GM0503": draws, "GM0518": 100 - draws}
    return pd.concat(
        pd.DataFrame(
            {
                "municipality_code": code,
                "region_code": "JZ24",
                "care_form": "foster care",
                "period": 2025,
                "sample": range(101),
                "clients": clients,
            }
        )
        for code, clients in parts.items()
    )


def test_quantiles_of_a_municipality_are_those_of_its_samples(paths):
    found = forms.quantiles(paths, "municipality").set_index("area_code").loc["GM0503"]

    assert found[["mean", "q0.025", "q0.1", "q0.5", "q0.9", "q0.975"]].tolist() == [50, 2.5, 10, 50, 90, 97.5]


def test_a_region_is_added_up_within_each_sample(paths):
    found = forms.quantiles(paths, "region").set_index("area_code").loc["JZ24"]

    assert found[["mean", "q0.025", "q0.975"]].tolist() == [100, 100, 100]


def test_only_breaks_of_use_that_hold_for_everybody_are_no_trend():
    rule = {"period": 2023, "applies_to": ["usage"], "municipalities": [], "effect": breaks.EXCLUDED}
    declared = [
        SimpleNamespace(**{**rule, **change})
        for change in (
            {},
            {"period": 2024, "municipalities": ["GM0503"]},
            {"period": 2022, "applies_to": ["costs"]},
            {"period": 2021},  # the first year has no growth
            {"period": 2030},  # not a year of the table
        )
    ]

    assert forms._breaks(declared, pd.Series([2021, 2022, 2023, 2024])) == [2023]


def test_costs_of_nothing_are_accounts_that_are_not_known():
    found = known._above_zero(np.array([[0.0, 0.4], [20.0, -1.0], [0.0, np.nan]]))

    np.testing.assert_array_equal(found, [[np.nan, 0.4], [20.0, np.nan], [np.nan, np.nan]])
