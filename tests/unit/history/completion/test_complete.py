"""On simulated declarations with a known truth: how near, and how sure."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest

from analyse import store
from analyse.errors import DataError
from analyse.history import completion

MACK_RAA_EUR = 52_135.23
"""What Mack (1993) finds outstanding of the triangle RAA by chain ladder."""
CUT_OFFS = [f"{month // 12}-{month % 12 + 1:02d}" for month in range(2021 * 12 + 3, 2022 * 12 + 11)]
"""Twenty cut-offs, taken in turns from the simulated worlds."""
MOST_HELD = {"twelve months": 0.86, "newest": 0.88, "with three months to come": 0.86}
"""How often 80 % may hold. Of the newest month it is somewhat wide in these worlds: 87.5 % in these four and four more,
as many as before cut-offs of late were looked at; in the ten worlds of the bench it is 79 to 86 %."""


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
    return (
        pd.DataFrame(values.reshape(len(values), -1))
        .groupby(found.keys["municipality_code"].to_numpy())
        .sum()
        .to_numpy()
        .reshape(-1, *values.shape[1:])
    )


def chain_ladder(cumulative: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The yardstick: ultimate, latest amount and completed share, each (..., month); NaN is not known yet."""
    both = np.isfinite(cumulative[..., 1:])
    later = np.where(both, cumulative[..., 1:], 0).sum(axis=-2)
    earlier = np.where(both, cumulative[..., :-1], 0).sum(axis=-2)
    ratios = np.divide(later, earlier, out=np.full(later.shape, np.nan), where=earlier > 0)
    growth = np.flip(np.cumprod(np.flip(ratios, axis=-1), axis=-1), axis=-1)
    share = np.concatenate([1 / growth, np.ones((*ratios.shape[:-1], 1))], axis=-1)
    known = np.isfinite(cumulative)
    lag = known.shape[-1] - 1 - np.flip(known, axis=-1).argmax(axis=-1)
    latest = np.take_along_axis(cumulative, lag[..., None], axis=-1)[..., 0]
    done = np.take_along_axis(share, lag, axis=-1)
    with np.errstate(invalid="ignore", divide="ignore"):
        return latest / done, latest, done


def cape_cod(cumulative: np.ndarray) -> np.ndarray:
    """Bornhuetter-Ferguson whose expectation is one amount for every month, from the triangle itself."""
    _, latest, done = chain_ladder(cumulative)
    done = np.where(np.isfinite(done), done, 0)
    return latest + (1 - done) * latest.sum(axis=-1, keepdims=True) / done.sum(axis=-1, keepdims=True)


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


def test_the_yardstick_gives_what_mack_published(raa):
    ultimate, latest, _ = chain_ladder(raa)

    assert (ultimate - latest).sum() == pytest.approx(MACK_RAA_EUR, abs=0.01)


def test_the_yardstick_equals_the_chainladder_package():
    """Six triangles that the package brings; what it finds outstanding is kept in benchmarks/checks/rivals.json."""
    rivals = json.loads((store.root() / "benchmarks" / "checks" / "rivals.json").read_text(encoding="utf-8"))
    for name, kept in rivals["triangles"].items():
        ultimate, latest, _ = chain_ladder(np.array(kept["triangle"], dtype=float))
        assert (ultimate - latest).sum() == pytest.approx(kept["outstanding"], rel=1e-9), name


def test_it_beats_what_was_declared_chain_ladder_and_cape_cod(cells, looked_back, truth):
    off = {"declared": [], "chain ladder": [], "cape cod": []}
    for cut in CUT_OFFS[::4]:
        whole = completion.from_cells(cells, ["municipality_code"], cut)
        actual = truth[cut].loc[:, :cut].to_numpy()[:, -12:].sum()
        by_method = {
            "declared": whole.to_date,
            "chain ladder": np.nan_to_num(chain_ladder(whole.cumulative)[0]),
            "cape cod": cape_cod(whole.cumulative),
        }
        for name, cost in by_method.items():
            off[name].append(abs(cost[:, -12:].sum() / actual - 1))
    own = errors({cut: looked_back[cut] for cut in CUT_OFFS[::4]}, truth, months=slice(-12, None)).mean()

    assert np.mean(off["declared"]) > 0.1
    assert own < min(np.mean(values) for values in off.values())


def test_intervals_of_80_per_cent_cover_about_that(looked_back, truth):
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
        assert 0.74 <= np.mean(found) <= MOST_HELD[name], f"{name}: {np.mean(found):.3f}"
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


def halves(**newest: float) -> pd.DataFrame:
    """Two years of one provider that declares half after one month and half after two; ``newest`` is of November."""
    rows = [
        (f"{2023 + month // 12}-{month % 12 + 1:02d}-01", lag, 50_000_00)
        for month in range(24)
        for lag in (1, 2)
    ]
    cells = pd.DataFrame(rows, columns=["product_month", "development_month", "amount_cents"])
    november = (cells["product_month"] == "2024-11-01") & (cells["development_month"] == 1)
    cells.loc[november, "amount_cents"] = int(newest["declared_eur"] * 100)
    return cells.assign(municipality_code="GM0503", care_form="ggz", provider="99900001")


def test_a_month_that_is_half_in_weighs_what_is_in_and_what_is_expected_by_benktander():
    """Of November 20,000 is in where 50,000 was usual: half is still to come, of the outcome and not of the norm."""
    own = completion.complete(completion.classed(halves(declared_eur=20_000), "2024-12"))

    expected, still = own.expected[0, -2], own.open_share[0, -2]
    once = 20_000 + still * expected  # Bornhuetter-Ferguson
    assert still == pytest.approx(0.5)
    assert own.cost[0, -2] == pytest.approx(20_000 + still * once)
    assert own.cost[0, -2] < once - 1_000


def test_a_month_of_which_everything_should_be_in_and_nothing_is_counts_as_expected_and_not_as_zero():
    """A provider that always declares within the month sent nothing in December."""
    rows = [(f"{2023 + month // 12}-{month % 12 + 1:02d}-01", 0, 100_000_00) for month in range(23)]
    cells = pd.DataFrame(rows, columns=["product_month", "development_month", "amount_cents"])
    cells = cells.assign(municipality_code="GM0503", care_form="ggz", provider="99900001")

    own = completion.complete(completion.classed(cells, "2024-12"))

    assert own.declared[0, -1] == 0
    assert own.cost[0, -1] == own.expected[0, -1] > 50_000


def test_a_month_of_over_a_year_ago_without_declarations_is_one_without_care():
    """A form that one municipality uses only now and then: twelve months on, an empty month stays empty."""
    rows = [
        (code, f"{2022 + month // 12}-{month % 12 + 1:02d}-01", 0, 100_000_00)
        for code, empty in (("GM0503", (10, 30)), ("GM0518", ()))
        for month in range(36)
        if month not in empty
    ]
    names = ["municipality_code", "product_month", "development_month", "amount_cents"]
    cells = pd.DataFrame(rows, columns=names).assign(care_form="crisis", provider="99900001")

    own = completion.complete(completion.classed(cells, "2024-12"))

    assert own.cost[0, 10] == 0
    assert own.cost[0, 30] == own.expected[0, 30] > 50_000


def test_an_early_month_counts_from_a_tenth_of_the_middle_month_on():
    """Of 900, 1000, 1000 and an early month of 50 or 200: 50 is a stray line, 200 is care."""
    table = pd.DataFrame(
        {
            "product_month": ["2023-01-01", "2023-10-01", "2023-11-01", "2023-12-01"],
            "amount_cents": [50, 900, 1000, 1000],
        }
    )

    assert completion.short.months(table, "2023-12") == 3
    assert completion.short.months(table.replace(50, 200), "2023-12") == 12


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
