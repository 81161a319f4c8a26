"""The published results are repeated, and each method does what its formula says."""

from __future__ import annotations

import numpy as np
import pytest

from analyse.errors import DataError
from analyse.history.completion import ladder


def test_mack_on_raa_gives_what_mack_published(raa):
    found = ladder.mack(raa)

    assert found.total == pytest.approx(52_135.23, abs=0.01)
    assert found.total_standard_error == pytest.approx(26_909.01, abs=0.01)


def test_mack_on_genins_gives_what_mack_published(genins):
    found = ladder.mack(genins)

    assert found.total == pytest.approx(18_680_856, abs=1)
    assert found.total_standard_error == pytest.approx(2_447_094.86, abs=0.01)
    published = [
        0,
        75_535,
        121_699,
        133_549,
        261_406,
        411_010,
        558_317,
        875_328,
        971_258,
        1_363_155,
    ]  # Mack, table 4
    assert found.standard_error == pytest.approx(published, abs=1)


def test_chain_ladder_by_hand():
    cumulative = np.array([[100.0, 200.0], [50.0, np.nan]])

    assert ladder.chain_ladder(cumulative).tolist() == [200.0, 100.0]


def test_chain_ladder_leaves_a_month_without_payments_at_nothing_and_cape_cod_does_not():
    cumulative = np.array([[0.0, 80.0, 100.0], [0.0, 80.0, np.nan], [0.0, np.nan, np.nan]])

    ladder_alone = ladder.chain_ladder(cumulative)
    with_exposure = ladder.cape_cod(cumulative, np.ones(3))

    assert np.isnan(ladder_alone[2])
    assert with_exposure == pytest.approx([100, 100, 100])


def test_cape_cod_on_growing_months_comes_out_low():
    share = np.array([0.0, 0.5, 1.0])
    cumulative = np.array([[100.0], [110.0], [121.0]]) * share
    cumulative[1, 2] = cumulative[2, 1:] = np.nan

    assert ladder.cape_cod(cumulative, np.ones(3))[2] < 121


def test_mack_refuses_what_is_no_triangle():
    with pytest.raises(DataError, match="full triangle"):
        ladder.mack(np.ones((4, 4)))
