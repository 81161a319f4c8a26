"""Use at equal ages: worked by hand, bounded where cells are hidden, and true of the real figures."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from analyse.compare import standardise
from analyse.errors import ParameterError


def cells(*rows):
    return pd.DataFrame(rows, columns=["clients_low", "clients_high", "youths"]).astype(float)


def test_a_direct_rate_weighs_own_rates_with_the_ages_of_all():
    found = standardise.direct(cells((10, 10, 100), (30, 30, 100)), pd.Series([0.8, 0.2]))

    assert found["direct_per_100"] == pytest.approx(0.8 * 10 + 0.2 * 30)
    assert found["direct_low"] < found["direct_per_100"] < found["direct_high"]


def test_with_one_band_the_gamma_interval_is_the_exact_poisson_one():
    found = standardise.direct(cells((50, 50, 1000)), pd.Series([1.0]))

    assert found["direct_low"] == pytest.approx(stats.chi2.ppf(0.025, 100) / 2 / 10)
    assert found["direct_high"] == pytest.approx(stats.chi2.ppf(0.975, 102) / 2 / 10)


def test_a_hidden_band_widens_the_interval_and_leaves_the_middle():
    shown = standardise.direct(cells((100, 100, 1000), (4, 4, 100)), pd.Series([0.9, 0.1]))
    hidden = standardise.direct(cells((100, 100, 1000), (0, 9, 100)), pd.Series([0.9, 0.1]))

    assert hidden["direct_per_100"] == pytest.approx(0.9 * 10 + 0.1 * 4.5)
    assert hidden["direct_low"] < shown["direct_low"] < shown["direct_high"] < hidden["direct_high"]


def test_nobody_with_care_has_an_upper_limit_only():
    found = standardise.direct(cells((0, 0, 100)), pd.Series([1.0]))

    assert found["direct_low"] == found["direct_per_100"] == 0
    assert found["direct_high"] == pytest.approx(-np.log(0.025) * 1)


def test_an_indirect_ratio_is_one_where_rates_are_those_of_all():
    found = standardise.indirect(cells((0, 0, 200), (0, 0, 400)), 100.0, pd.Series([0.10, 0.20]))

    assert found["expected_clients"] == pytest.approx(100)
    assert found["ratio"] == pytest.approx(1)
    assert found["ratio_low"] < 1 < found["ratio_high"]


@given(st.lists(st.integers(10, 500), min_size=2, max_size=4), st.floats(0.01, 0.5))
def test_equal_rates_at_all_ages_are_the_same_however_standardised(sizes, rate):
    youths = pd.Series(sizes, dtype=float)
    part = pd.DataFrame({"clients_low": rate * youths, "clients_high": rate * youths, "youths": youths})
    weights = pd.Series(np.arange(1, len(sizes) + 1) / sum(range(1, len(sizes) + 1)))

    assert standardise.direct(part, weights)["direct_per_100"] == pytest.approx(100 * rate)
    ratio = standardise.indirect(part, rate * youths.sum(), pd.Series(rate, youths.index))["ratio"]
    assert ratio == pytest.approx(1)


def test_all_together_are_the_standard(tables, members):
    everywhere = standardise.standardised(tables, {"ALL": members["ALL"]}).set_index("period").loc[2022]

    assert everywhere["ratio"] == pytest.approx(1, abs=0.001), "totals and bands are rounded apart"
    assert everywhere["direct_per_100"] == pytest.approx(everywhere["plain_per_100"], abs=0.02)


def test_students_hide_the_use_of_delft(tables):
    delft = standardise.standardised(tables, {"GM0503": ["GM0503"]}).set_index("period").loc[2022]

    assert delft["plain_per_100"] == pytest.approx(9.8, abs=0.05)
    assert delft["direct_per_100"] == pytest.approx(12.8, abs=0.05)
    assert delft["direct_low"] < delft["indirect_per_100"] < delft["direct_high"]


def test_hidden_cells_of_predecessors_are_bounds(tables):
    found = standardise.standardised(tables, {"GM1992": ["GM1992"]}).set_index("period").loc[2022]

    assert found["hidden_bands"] == 2, "two hold a hidden count of Westvoorne"
    assert found["direct_low"] < found["direct_per_100"] < found["direct_high"]


def test_a_coverage_outside_the_scale_is_refused(tables):
    with pytest.raises(ParameterError, match="between 0 and 1"):
        standardise.standardised(tables, {"GM0503": ["GM0503"]}, coverage=95)
