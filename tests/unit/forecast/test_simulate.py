"""Joint paths: the product is exact, sums are exact, the same seed gives the same bits."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analyse import forecast
from analyse.errors import DataError, ParameterError
from analyse.forecast import growth, ragged, usage
from analyse.forecast.joint import joint
from analyse.forecast.simulate import by_area
from analyse.forecast.streams import Streams
from analyse.history import panel


def test_costs_are_youths_times_price_times_real_cost_per_youth(now, paths):
    streams, size = Streams.split(np.random.default_rng(1)), {"horizon": 6, "samples": 400}
    ahead = paths.periods > paths.origin
    real = np.exp(growth.paths(now, **size, streams=streams))
    expected = real * paths.youths[:, ahead] * paths.price[ahead]
    np.testing.assert_allclose(paths.cost_eur[:, ahead], expected, rtol=1e-12)
    rate = np.exp(usage.paths(now, **size, streams=streams))
    np.testing.assert_allclose(paths.clients, rate * paths.youths, rtol=1e-12)
    assert np.ptp(paths.youths[:, -1], axis=1).min() > 0


def test_observed_costs_are_the_accounts_in_every_sample(path_table, history):
    seen = path_table.query("stage == 'observed' and period == 2024").groupby(
        "municipality_code", observed=True
    )
    spread = seen["cost_eur"].agg(["min", "max"])
    accounts = history.query("period == 2024").set_index("municipality_code")["cost_eur"]
    assert (spread["min"] == spread["max"]).all()
    assert spread["min"].to_dict() == accounts.to_dict()


def test_sums_are_exact_within_a_sample(path_table):
    keys = ["period", "sample"]
    region, everything = by_area(path_table, "region"), by_area(path_table, "all")
    for measure in ("youths", "clients", "cost_eur"):
        parts = path_table.groupby(keys)[measure].sum()
        regions = region.groupby(keys)[measure].sum()
        whole = everything.set_index(keys)[measure]
        assert np.abs(parts / whole - 1).max() <= 1e-9
        assert np.abs(regions / whole - 1).max() <= 1e-9


def test_the_same_seed_gives_the_same_bits(now):
    first = joint(now, horizon=2, samples=20, rng=np.random.default_rng(7))
    second = joint(now, horizon=2, samples=20, rng=np.random.default_rng(7))
    assert np.array_equal(first.cost_eur, second.cost_eur)
    assert np.array_equal(first.clients, second.clients)


def test_the_order_of_the_rows_changes_nothing(history, tables):
    straight = forecast.simulate(history, tables, horizon=1, samples=10, rng=np.random.default_rng(3))
    mixed = history.sample(frac=1, random_state=1)
    again = forecast.simulate(mixed, tables, horizon=1, samples=10, rng=np.random.default_rng(3))
    pd.testing.assert_frame_equal(straight, again)


def test_random_numbers_of_one_municipality_do_not_depend_on_the_others(small):
    same = replace(growth.fit(small, 3), own_sd=np.array([0.1, 0.1]))
    both = growth._own(small, same, Streams(5), (3, 10))
    turned = growth._own(replace(small, codes=small.codes[::-1]), same, Streams(5), (3, 10))
    assert np.array_equal(turned[::-1], both)


def test_a_longer_horizon_begins_with_the_shorter_ones_random_numbers():
    short, long = (Streams(5).normal("own", ["GM0001"], (steps, 10)) for steps in (2, 5))
    assert np.array_equal(short, long[:, :2])


@pytest.mark.parametrize(("horizon", "samples"), [(0, 100), (11, 100), (6, 1), (6, 10_001)])
def test_impossible_sizes_are_refused(now, horizon, samples):
    with pytest.raises(ParameterError, match="choose"):
        joint(now, horizon=horizon, samples=samples, rng=np.random.default_rng(1))


def test_an_unknown_level_is_refused(path_table):
    with pytest.raises(ParameterError, match="municipality, region, all"):
        by_area(path_table, "province")


@pytest.mark.parametrize("horizon", [1, 10])
def test_the_shortest_and_longest_horizon_give_numbers_everywhere(now, horizon):
    paths = joint(now, horizon=horizon, samples=20, rng=np.random.default_rng(1))
    for values in (paths.cost_eur, paths.clients, paths.youths, paths.price):
        assert np.isfinite(values).all()
        assert (values > 0).all()
    assert paths.periods[-1] == 2024 + horizon


def test_the_composition_of_the_time_can_be_forecast_too(tables):
    then = panel.build(tables, composition="of-the-time")
    found = forecast.simulate(then, tables, horizon=2, samples=20, rng=np.random.default_rng(1))
    assert found["cost_eur"].notna().all()
    assert found["municipality_code"].nunique() == 35


@settings(max_examples=30, deadline=None)
@given(
    costs=st.lists(st.floats(0.01, 1e9), min_size=2, max_size=6),
    samples=st.integers(1, 4),
)
def test_any_paths_add_up(costs, samples):
    rows = [
        {
            "municipality_code": f"GM{place:04d}",
            "region_code": f"JZ{place % 2}",
            "care_form": "total",
            "period": 2025,
            "sample": sample,
            "youths": 1.0,
            "clients": 1.0,
            "price": 1.0,
            "cost_eur": cost * (1 + sample),
            "stage": "forecast",
        }
        for place, cost in enumerate(costs)
        for sample in range(samples)
    ]
    paths = pd.DataFrame(rows)
    regions = by_area(paths, "region").groupby("sample")["cost_eur"].sum()
    everything = by_area(paths, "all").set_index("sample")["cost_eur"]
    for sample in range(samples):
        expected = sum(costs) * (1 + sample)
        assert everything[sample] == pytest.approx(expected, rel=1e-9)
        assert regions[sample] == pytest.approx(expected, rel=1e-9)


def test_a_sum_with_an_unknown_part_is_unknown():
    paths = pd.DataFrame(
        {
            "municipality_code": ["GM0001", "GM0002"],
            "region_code": "JZ24",
            "care_form": "total",
            "period": 2025,
            "sample": 0,
            "youths": 1.0,
            "clients": [1.0, np.nan],
            "price": 1.0,
            "cost_eur": 1.0,
            "stage": "forecast",
        }
    )
    total = by_area(paths, "region").iloc[0]
    assert np.isnan(total["clients"])
    assert total["cost_eur"] == 2.0


def test_the_table_is_small_enough_to_keep(path_table):
    assert path_table.memory_usage(deep=True).sum() / len(path_table) < 50  # bytes a row


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (lambda h: h.drop(columns="youths"), "no column youths"),
        (lambda h: h.iloc[:0], "no accounts"),
        (lambda h: pd.concat([h, h.iloc[:1]]), "duplicate .* first GM0484/total/2017"),
    ],
)
def test_a_history_that_cannot_be_forecast_is_refused_in_words(history, tables, spoil, words):
    with pytest.raises(DataError, match=words):
        forecast.simulate(spoil(history), tables, horizon=1, samples=10, rng=np.random.default_rng(1))


def test_one_municipality_without_its_last_accounts_is_forecast_from_the_years_before(history, tables):
    rows = (history["municipality_code"] == "GM0503") & (history["period"] == 2024)
    gap = history.assign(
        cost_eur=history["cost_eur"].mask(rows), status=history["status"].mask(rows, "missing")
    )
    found = forecast.simulate(gap, tables, horizon=1, samples=50, rng=np.random.default_rng(1))
    delft = found.query("municipality_code == 'GM0503'")
    missing = delft.query("period == 2024")
    assert set(missing["stage"]) == {"forecast"}
    assert 34_879_000 < missing["cost_eur"].median() < delft.query("period == 2025")["cost_eur"].median()
    region = by_area(found, "region").query("area_code == 'JZ24' and period == 2024")
    assert set(region["stage"]) == {"forecast"} and region["cost_eur"].notna().all()
    assert 30e6 < delft.query("period == 2025")["cost_eur"].median() < 55e6


@pytest.mark.parametrize("budget", [True, False])
def test_a_municipality_without_any_accounts_is_forecast_with_a_wider_margin(history, tables, budget):
    """From its budget, or else from what need explains; the others keep their numbers nearly."""
    rows = history["municipality_code"] == "GM0503"
    empty = history.assign(
        cost_eur=history["cost_eur"].mask(rows), status=history["status"].mask(rows, "missing")
    )
    if not budget:
        empty = empty.assign(
            budget_eur=empty["budget_eur"].mask(rows),
            budget_status=empty["budget_status"].mask(rows, "missing"),
        )
    usual, found = (
        forecast.simulate(given, tables, horizon=2, samples=200, rng=np.random.default_rng(1)).query(
            "municipality_code == 'GM0503'"
        )
        for given in (history, empty)
    )
    assert set(found["stage"]) == {"forecast"} and found["cost_eur"].gt(0).all()
    in_2026 = [one.query("period == 2026")["cost_eur"] for one in (usual, found)]
    assert 0.6 < in_2026[1].median() / in_2026[0].median() < 1.6
    spread = [np.log(one).std() for one in in_2026]
    assert spread[1] > 1.1 * spread[0]
    assert found.query("period == 2024")["cost_eur"].nunique() == 200


def test_a_history_of_one_municipality_gives_numbers(history, tables):
    alone = history.query("municipality_code == 'GM0638'")
    with pytest.raises(ParameterError, match="has 1 of 35 municipalities.*select from the result"):
        forecast.simulate(alone, tables, horizon=2, samples=50, rng=np.random.default_rng(1))
    found = forecast.simulate(
        alone, tables, horizon=2, samples=50, rng=np.random.default_rng(1), partial=True
    )
    assert found["cost_eur"].gt(0).all()


def test_a_municipality_that_is_a_year_ahead_changes_nothing_for_the_others(history, tables):
    """Delft has accounts of 2025: it starts from there, the others from 2024 as before."""
    rows = (history["municipality_code"] == "GM0503") & (history["period"] == 2025)
    one_ahead = history.assign(
        cost_eur=history["cost_eur"].mask(rows, 42.8e6), status=history["status"].mask(rows, "provisional")
    )
    assert ragged.ahead(one_ahead) == {"GM0503": 2025}
    before, after = (
        forecast.simulate(given, tables, horizon=3, samples=50, rng=np.random.default_rng(1))
        for given in (history, one_ahead)
    )
    others = before["municipality_code"] != "GM0503"
    pd.testing.assert_frame_equal(before[others], after[others])
    delft = after[~others]
    assert delft.groupby("period", observed=True)["stage"].first().to_dict() == {
        2024: "observed", 2025: "observed", 2026: "forecast", 2027: "forecast"
    }  # fmt: skip
    assert set(delft.query("period == 2025")["cost_eur"]) == {42.8e6}
    region = by_area(after, "region").query("area_code == 'JZ24'")
    assert set(region.query("period == 2025")["stage"]) == {"forecast"}
    with pytest.raises(ParameterError, match="GM0503: accounts of 2025.*horizon of more than 1"):
        forecast.simulate(one_ahead, tables, horizon=1, samples=50, rng=np.random.default_rng(1))
