"""On simulated declarations with a known truth: how near, and how sure."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from analyse.errors import DataError
from analyse.history import completion
from analyse.history.completion import ladder

CUT_OFFS = [f"{month // 12}-{month % 12 + 1:02d}" for month in range(2021 * 12 + 3, 2022 * 12 + 11)]
"""Twenty cut-offs, taken in turns from the simulated worlds."""


@pytest.fixture(scope="module")
def truth(worlds) -> dict[str, pd.DataFrame]:
    """What care of each municipality and month costs in the end, EUR, in the world of each cut-off."""
    keys = ["municipality_code", "product_month"]
    summed = [one.groupby(keys)["amount_cents"].sum().unstack().fillna(0) / 100 for one in worlds]
    return {cut: summed[place % len(summed)] for place, cut in enumerate(CUT_OFFS)}


@pytest.fixture(scope="module")
def looked_back(worlds) -> dict[str, completion.Uncertain]:
    return {
        cut: completion.look_back(completion.classed(worlds[place % len(worlds)], cut), ahead=3)
        for place, cut in enumerate(CUT_OFFS)
    }


def by_municipality(found: completion.Completed, values: np.ndarray) -> np.ndarray:
    return pd.DataFrame(values.reshape(len(values), -1)).groupby(found.keys["municipality_code"].to_numpy()).sum() \
        .to_numpy().reshape(-1, *values.shape[1:])  # fmt: skip


def errors(looked_back, truth, *, months: slice) -> np.ndarray:
    rows = []
    for cut, one in looked_back.items():
        own = one.completed
        until = int((own.months <= own.cut_off).sum())
        total = own.cost[:, :until][:, months].sum()
        actual = truth[cut].loc[:, :cut].to_numpy()[:, months].sum()
        rows.append(total / actual - 1)
    return np.abs(rows)


def test_the_last_twelve_months_together_are_within_one_and_a_half_per_cent(looked_back, truth):
    assert np.mean(errors(looked_back, truth, months=slice(-12, None))) <= 0.005
    assert np.max(errors(looked_back, truth, months=slice(-12, None))) <= 0.015


def test_the_newest_month_is_within_ten_per_cent(looked_back, truth):
    assert np.max(errors(looked_back, truth, months=slice(-1, None))) <= 0.10


def test_it_beats_what_was_declared_chain_ladder_and_cape_cod(cells, looked_back, truth):
    off = {"declared": [], "chain ladder": [], "cape cod": []}
    for cut in CUT_OFFS[::4]:
        whole = completion.from_cells(cells, ["municipality_code"], cut)
        actual = truth[cut].loc[:, :cut].to_numpy()[:, -12:].sum()
        exposure = np.ones(whole.to_date.shape)
        by_method = {
            "declared": whole.to_date,
            "chain ladder": np.nan_to_num(ladder.chain_ladder(whole.cumulative)),
            "cape cod": ladder.cape_cod(whole.cumulative, exposure),
        }
        for name, cost in by_method.items():
            off[name].append(abs(cost[:, -12:].sum() / actual - 1))
    own = errors({cut: looked_back[cut] for cut in CUT_OFFS[::4]}, truth, months=slice(-12, None)).mean()

    assert np.mean(off["declared"]) > 0.1
    assert own < min(np.mean(values) for values in off.values())


def test_intervals_of_80_per_cent_cover_74_to_86_per_cent(looked_back, truth):
    names = ("twelve months", "newest", "with three months to come")
    hits, whole = {name: [] for name in names}, {name: [] for name in names}
    for cut, one in looked_back.items():
        drawn = by_municipality(one.completed, one.draw(500, np.random.default_rng(1)))
        until = pd.Timestamp(cut) + pd.DateOffset(months=3)
        actual = truth[cut].loc[:, :until].to_numpy()[:, -drawn.shape[1] :]
        for name, months in zip(hits, (slice(-15, -3), slice(-4, -3), slice(-15, None)), strict=True):
            low, high = np.quantile(drawn[:, months].sum(axis=1), [0.1, 0.9], axis=1)
            total = actual[:, months].sum(axis=1)
            hits[name].append((low <= total) & (total <= high))
            low, high = np.quantile(drawn[:, months].sum(axis=(0, 1)), [0.1, 0.9])
            whole[name].append(low <= total.sum() <= high)

    assert {name: len(found) * len(found[0]) for name, found in hits.items()} == dict.fromkeys(hits, 200)
    for name, found in hits.items():
        assert 0.74 <= np.mean(found) <= 0.86, f"{name}: {np.mean(found):.3f}"
        assert 0.70 <= np.mean(whole[name]) <= 0.95, f"all together, {name}: {np.mean(whole[name]):.2f}"


def test_the_newest_month_is_never_empty_and_never_zero(looked_back):
    for one in looked_back.values():
        newest = one.completed.cost[:, one.completed.months == one.completed.cut_off]
        assert (newest > 0).all()
        assert (one.draw(50, np.random.default_rng(2)) >= 0).all()


def test_samples_have_the_completed_amount_as_their_mean_and_old_months_do_not_move(looked_back):
    one = looked_back[CUT_OFFS[-1]]

    drawn = one.draw(4000, np.random.default_rng(3))

    cost = one.completed.cost[:, -drawn.shape[1] :]
    assert drawn.mean(axis=2).sum(axis=0) == pytest.approx(cost.sum(axis=0), rel=0.02)
    assert np.ptp(drawn[:, 0], axis=1).max() <= 1e-3 * cost[:, 0].max()


def test_the_same_seed_gives_the_same_samples_and_paths_tell_completed_from_forecast(looked_back):
    one = looked_back[CUT_OFFS[0]]

    first, again = (one.paths(3, np.random.default_rng(4)) for _ in range(2))

    pd.testing.assert_frame_equal(first, again)
    assert set(first.loc[first["period"] <= CUT_OFFS[0], "stage"]) == {"completed"}
    assert set(first.loc[first["period"] > CUT_OFFS[0], "stage"]) == {"forecast"}
    assert first.groupby("stage")["period"].nunique()["forecast"] == 3


def test_what_is_declared_after_the_cut_off_changes_nothing(cells):
    kept = cells[cells["product_month"] <= "2021-06-01"]

    with_later, without = (
        completion.complete(completion.classed(table, "2021-06")) for table in (cells, kept)
    )

    np.testing.assert_array_equal(with_later.cost, without.cost)


def test_each_month_shows_its_completed_share(looked_back):
    table = looked_back[CUT_OFFS[0]].completed.table()

    whole = table[table["stage"] == "completed"]
    assert whole["completed_share"].between(-0.01, 1.2).all()
    shares = whole.groupby("period")[["declared_eur", "cost_eur"]].sum().eval("declared_eur / cost_eur")
    assert shares.iloc[-1] < 0.1 < shares.iloc[-3] < shares.iloc[-20]


def test_too_little_is_refused_in_words(cells):
    with pytest.raises(DataError, match="9 months of care"):
        completion.classed(cells, "2017-09")
    with pytest.raises(DataError, match="no column provider"):
        completion.classed(cells.drop(columns="provider"), "2021-06")
    with pytest.raises(DataError, match="can be told from 31 months on"):
        completion.look_back(completion.classed(cells, "2019-01"))
