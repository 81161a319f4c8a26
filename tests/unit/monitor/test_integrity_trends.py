"""Trends of integrity rules: nothing is called where nothing changes, and a doubled rate is found."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from analyse.monitor import integrity_trends


def faults(rng: np.random.Generator, *, doubled: str = "") -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Twenty rules over two half years at eighteen providers, whose own rates differ from half year to half year.

    Each mistake concerns 1 to 10 lines of a youth; a provider makes some thirty per cent more or fewer than the time
    before, by itself.
    """
    rows = []
    for number in range(20):
        rule, rate = f"rule {number}", rng.uniform(3, 12)
        for provider in range(18):
            size = rng.lognormal(0, 0.6)
            for year in (2023, 2024):
                more = 2.0 if rule == doubled and year == 2024 else 1.0
                youths = rng.poisson(rate * size * more * rng.lognormal(0, 0.3))
                if youths:
                    lines = int(rng.integers(1, 11, youths).sum())
                    rows.append((rule, year, f"{provider:08d}", lines, lines * 5000, youths))
    found = pd.DataFrame(rows, columns=["rule", "year", "provider", "lines", "amount_cents", "clients"])
    totals = found.groupby(["rule", "year"], as_index=False)[["lines", "amount_cents", "clients"]].sum()
    return totals, pd.DataFrame({"year": [2023, 2024], "lines": [50_000, 50_000]}), found


def test_constant_rates_call_nothing():
    """Counted by lines, as if each came alone, every one of these worlds has a rule that "rises" or "falls"."""
    worlds = [faults(np.random.default_rng([1, seed])) for seed in range(40)]

    called = [
        set(integrity_trends.by_rule(*world, year=2024)["trend"]) & {"rises", "falls"} for world in worlds
    ]

    assert sum(map(bool, called)) <= 4, "one in twenty of forty, and chance"
    alone = [
        np.log(now / before) / np.sqrt(1 / now + 1 / before)
        for now, before in (
            (
                world[0].query("year == 2024")["lines"].to_numpy(),
                world[0].query("year == 2023")["lines"].to_numpy(),
            )
            for world in worlds[:5]
        )
    ]
    assert all(np.abs(scores).max() > 3 for scores in alone)


def test_a_doubled_rate_is_found():
    found = 0
    for seed in range(20):
        world = faults(np.random.default_rng([2, seed]), doubled="rule 3")
        table = integrity_trends.by_rule(*world, year=2024).set_index("rule")
        found += table.loc["rule 3", "trend"] == "rises"

    assert found >= 16


def test_a_rate_that_doubled_of_late_is_found_in_the_newest_months():
    """The whole years do not know it yet."""
    found = 0
    for seed in range(20):
        whole = faults(np.random.default_rng([4, seed]))
        half = faults(np.random.default_rng([4, seed]), doubled="rule 3")
        table = integrity_trends.by_rule(*whole, year=2024, lately=half[1:]).set_index("rule")
        found += table.loc["rule 3", "trend_lately"] == "rises" and table.loc["rule 3", "trend"] != "rises"

    assert found >= 16


def test_years_and_newest_months_together_call_as_little_as_one_of_them():
    worlds = [[faults(np.random.default_rng([5, seed, part])) for part in (0, 1)] for seed in range(40)]

    tables = [integrity_trends.by_rule(*whole, year=2024, lately=half[1:]) for whole, half in worlds]

    called = [one[["trend", "trend_lately"]].isin(["rises", "falls"]).any(axis=None) for one in tables]
    assert sum(called) <= 4


@pytest.mark.parametrize(
    ("now", "before", "trend"), [(60, 10, "unclear"), (60, 9, "unknown"), (9, 60, "unknown")]
)
def test_of_fewer_than_ten_youths_of_late_no_trend_is_known(now: int, before: int, trend: str):
    """One provider alone tells nothing of what is usual, so six times as many is not called; nine is not looked at."""
    found = pd.DataFrame(
        {"rule": "late", "year": [2024, 2023], "provider": "a", "lines": 100, "amount_cents": 100}
    ).assign(clients=[now, before])
    lines = pd.DataFrame({"year": [2023, 2024], "lines": [1000, 1000]})
    whole = found.assign(clients=100)

    table = integrity_trends.by_rule(
        whole.drop(columns="provider"), lines, whole, year=2024, lately=(lines, found)
    )

    assert table["trend_lately"].tolist() == [trend]


def test_providers_are_called_as_little_as_rules():
    worlds = [faults(np.random.default_rng([3, seed]))[2] for seed in range(20)]

    called = [
        set(integrity_trends.by_provider(one, year=2024)["trend"]) & {"rises", "falls"} for one in worlds
    ]

    assert sum(map(bool, called)) <= 3


@pytest.mark.parametrize(("now", "before"), [(0, 30), (30, 0), (4, 3)])
def test_without_one_of_the_years_or_with_few_youths_nothing_is_called(now: int, before: int):
    found = pd.DataFrame({"rule": "late", "year": [2024, 2023], "provider": "a", "lines": [now, before],
                          "amount_cents": 100, "clients": [now, before]})  # fmt: skip
    found = found[found["clients"] > 0]
    lines = pd.DataFrame({"year": [2023, 2024], "lines": [1000, 1000]})

    table = integrity_trends.by_rule(found.drop(columns="provider"), lines, found, year=2024)

    assert table["trend"].tolist() == ["unclear" if now and before else "unknown"]


def test_a_store_in_which_nothing_is_wrong_has_no_trend():
    """Two youths, four lines, no rule broken in either year: a table without rows, and no error."""
    found = pd.DataFrame(
        {"rule": [], "year": [], "provider": [], "lines": [], "amount_cents": [], "clients": []}
    )
    lines = pd.DataFrame({"year": [2026], "lines": [4]})

    assert integrity_trends.by_rule(found.drop(columns="provider"), lines, found, year=2026).empty
    assert integrity_trends.by_provider(found, year=2026).empty
