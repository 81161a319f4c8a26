"""What pages leave out of the integrity rules, so that no page of a set tells the euros of few youths."""

from __future__ import annotations

import pandas as pd
import pytest

from analyse import small_cells
from analyse.monitor import rule_plans


def found(*rows: tuple[str, str, float, float]) -> pd.DataFrame:
    """Rule "late" in 2024: municipality, provider ("" for all), youths and euros."""
    names = ["municipality_code", "provider", "clients", "amount_eur"]
    table = pd.DataFrame(rows, columns=names).assign(rule="late", year=2024)
    return table.assign(amount_cents=table.pop("amount_eur") * 100)


def closed(table: pd.DataFrame, row: str) -> tuple[set[str], set[str]]:
    plans = rule_plans.plans(table, year=2024, areas=["A", "B"])
    rules, findings = (set(plan.columns[plan.loc[row]]) for plan in plans.values())
    return rules, {one.removeprefix("late ") for one in findings}


def test_many_youths_everywhere_close_nothing():
    table = found(("A", "", 40, 900.0), ("A", "p", 40, 900.0), ("B", "", 30, 800.0), ("B", "p", 30, 800.0))

    assert [closed(table, row) for row in ("A", "B", small_cells.REGION)] == [(set(), set())] * 3


def test_a_provider_with_few_in_one_municipality_is_left_out_where_the_region_would_tell_it():
    """p has 5 youths in B: the region less A tells them, so A leaves out p as well, and both another."""
    rows = [(place, one, 20.0, 500.0) for place in "AB" for one in ("q", "r")]
    table = found(
        ("A", "p", 40, 900.0), ("B", "p", 5, 100.0), *rows, ("A", "", 80, 1900.0), ("B", "", 45, 1100.0)
    )

    for row in ("A", "B"):
        rules, providers = closed(table, row)
        assert not rules and "p" in providers and len(providers) >= 2


@pytest.mark.parametrize("row", ["A", small_cells.REGION])
def test_a_rule_whose_euros_are_those_of_one_provider_with_few_youths_is_left_out(row):
    """Of 1,000 euros 900 are those of five youths: whoever knows the total knows them to within a fifth."""
    table = found(("A", "p", 5, 900.0), ("A", "q", 20, 100.0), ("A", "", 25, 1000.0))

    assert closed(table, row) == ({"late"}, {"p", "q"})
