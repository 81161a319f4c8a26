"""The published results of Mack are repeated, and the completion stands beside them."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest

from analyse import store
from analyse.errors import DataError
from analyse.history.completion import compared, development, from_cells, ladder

RESERVES = [0, 94_634, 469_511, 709_638, 984_889, 1_419_459, 2_177_641, 3_920_301, 4_278_972, 4_625_811]
ERRORS = [0, 75_535, 121_699, 133_549, 261_406, 411_010, 558_317, 875_328, 971_258, 1_363_155]
"""Mack (1993), tables 3 and 4: Taylor and Ashe's triangle (GenIns)."""


def test_raa_gives_what_mack_published(raa):
    found = ladder.mack(raa)

    assert found.outstanding.sum() == pytest.approx(52_135.23, abs=0.01)
    assert found.total_standard_error == pytest.approx(26_909.01, abs=0.01)


def test_genins_gives_what_mack_published(genins):
    found = ladder.mack(genins)

    assert found.outstanding.round() == pytest.approx(RESERVES, abs=1)
    assert found.standard_error == pytest.approx(ERRORS, abs=1)
    assert found.outstanding.sum() == pytest.approx(18_680_856, abs=1)
    assert found.total_standard_error == pytest.approx(2_447_094.86, abs=0.01)


def test_six_triangles_equal_the_chainladder_package():
    """What it finds is kept in benchmarks/checks/rivals.json; it has a rule of its own for Mack's last sigma."""
    rivals = json.loads((store.root() / "benchmarks" / "checks" / "rivals.json").read_text(encoding="utf-8"))
    for name, kept in rivals["triangles"].items():
        triangle = np.array(kept["triangle"], dtype=float)
        if triangle.shape[0] == triangle.shape[1]:
            found = ladder.mack(triangle)
            assert found.outstanding.sum() == pytest.approx(kept["outstanding"], rel=1e-9), name
            assert found.total_standard_error == pytest.approx(kept["standard_error"], rel=0.01), name


@pytest.mark.parametrize("name", ["raa", "genins"])
def test_the_completion_equals_the_chain_ladder_where_that_is_all_there_is(name, request, monkeypatch):
    """One provider, no season, every month as heavy: the completed shares are those of Mack's ratios to the last digit.

    What the completion adds to it (credibility, months of the year, recency) is switched off here.
    """
    cumulative = request.getfixturevalue(name)
    rows = [
        (f"{2023 + month // 12}-{month % 12 + 1:02d}-01", lag, round(amount * 100))
        for month, row in enumerate(np.diff(cumulative, axis=1, prepend=0.0))
        for lag, amount in enumerate(row)
        if np.isfinite(amount)
    ]
    cells = pd.DataFrame(rows, columns=["product_month", "development_month", "amount_cents"])
    triangle = from_cells(cells.assign(all="all"), ["all"], "2023-10", lags=10)
    monkeypatch.setattr(development, "_recency", lambda one: np.ones((1, 1)))
    monkeypatch.setattr(development.credibility, "shrunk", _volume_weighted)

    share = development.at_cut_off(development.completed(triangle, pools=[("all",)]), triangle)[0]

    assert triangle.to_date[0] / share == pytest.approx(ladder.mack(cumulative).ultimate, rel=1e-9)


def _volume_weighted(values: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """The common ratio of all months of the year together: what credibility gives when months do not differ."""
    size = weights.sum(axis=(-2, -1), keepdims=True)[..., 0]
    summed = (values * weights).sum(axis=(-2, -1), keepdims=True)[..., 0]
    common = np.divide(summed, size, out=np.full(size.shape, np.nan), where=size > 0)
    return np.repeat(common, values.shape[-2], axis=-1)


def test_what_is_no_triangle_is_refused():
    with pytest.raises(DataError, match="full triangle"):
        ladder.mack(np.ones((4, 4)))


def test_past_cut_offs_stand_beside_the_chain_ladder_and_what_came(cells):
    others = {"nothing": lambda known, cut: (0.0, 0.0)}
    found = compared.past(cells, "2023-06", back=3, others=others, rng=np.random.default_rng(1))
    near = compared.nearness(found).set_index("method")

    assert found["cut_off"].unique().tolist() == ["2022-04", "2022-05", "2022-06"]
    assert near.loc["nothing", ["error", "held"]].tolist() == [1.0, 0.0]
    assert near.loc["this method", "error"] < 0.015 < near.loc["chain ladder, Mack", "error"]
    with pytest.raises(DataError, match="too few months"):
        compared.past(cells, "2018-06", back=3, others={}, rng=np.random.default_rng(1))
