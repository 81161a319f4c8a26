import pandas as pd
import pytest

from analyse import parameters
from analyse.history import bridge
from analyse.sources import snapshot

COSTS = ["municipality_code", "year", "report", "taakveld", "cost_eur", "status"]
CODES = ["municipality_code", "year", "report", "subcode", "cost_eur", "status"]


def tables(costs, codes=()):
    cells = [row for row in costs if row[0] != "-"]
    years = sorted({row[1] for row in cells})
    return {
        "costs": pd.DataFrame(cells, columns=COSTS).astype({"cost_eur": "float64"}),
        "costs_subcode": pd.DataFrame(list(codes), columns=CODES).astype(
            {"year": "int64", "cost_eur": "float64"}
        ),
        "municipalities": pd.DataFrame(
            [(year, code, code, "JZ01") for year in years for code in {row[0] for row in cells}],
            columns=["year", "municipality_code", "municipality", "region_code"],
        ),
        "boundary_changes": pd.DataFrame(
            columns=["municipality_code", "year", "successor_code"], dtype="str"
        ),
    }


def report(code, year, kind, *amounts):
    return [(code, year, kind, field, value, "final") for field, value in amounts]


def test_a_total_is_the_sum_of_the_task_fields_of_the_numbering():
    given = tables(
        [
            *report("GM0001", 2022, "accounts", ("6.2", 100.0), ("6.72", 10.0), ("6.82", 5.0)),
            *report("GM0001", 2024, "accounts", ("6.72", 1.0), ("6.73", 2.0), ("6.74", 3.0), ("6.82", 4.0)),
            *report("GM0002", 2024, "accounts", ("6.72", 7.0)),
        ]
    )
    assert bridge.costs(given)["accounts"].to_numpy().tolist() == [
        ["GM0001", 2022, 15.0, "final"],
        ["GM0001", 2024, 10.0, "final"],
        ["GM0002", 2024, 7.0, "incomplete"],
    ]


BUDGET_2025 = [
    *report(
        "GM0001", 2025, "budget", ("6.75", 60.0), ("6.76", 30.0), ("6.79", 8.0), ("6.82", 10.0), ("6.92", 5.0)
    ),
    *report(
        "GM0001",
        2026,
        "budget",
        ("6.75", 70.0),
        ("6.76", 30.0),
        ("6.79", 16.0),
        ("6.82", 10.0),
        ("6.92", 6.0),
    ),
]
CODES_2025 = [
    ("GM0001", 2025, "budget", "6.791", 6.0, "final"),
    ("GM0001", 2025, "budget", "6.792", 2.0, "final"),
    ("GM0001", 2025, "budget", "6.92", 5.0, "final"),
]


def test_personal_budgets_of_youths_count_and_policy_is_a_bound():
    """2025: 60 + 30 + 10 + 2 published. 2026: 70 + 30 + 10 + a quarter of 16, the share of youths in 2025."""
    found = bridge.costs(tables(BUDGET_2025, CODES_2025))
    assert found["budget"].to_numpy().tolist() == [
        ["GM0001", 2025, 102.0, "final"],
        ["GM0001", 2026, 114.0, "estimated"],
    ]
    assert found["budget with policy"]["cost_eur"].tolist() == [107.0, 120.0]


def test_the_bridge_is_a_table_with_its_interval_and_reason():
    rows = bridge.table(tables(BUDGET_2025, CODES_2025), change=(0.5, 2.0)).set_index(["period", "part"])
    assert rows.loc[(2026, "personal budgets"), ["cost_eur", "q0.1", "q0.9"]].tolist() == [4.0, 2.0, 8.0]
    assert rows.loc[(2025, "personal budgets"), ["cost_eur", "q0.1", "q0.9"]].tolist() == [2.0, 2.0, 2.0]
    assert rows.loc[(2026, "task fields"), "cost_eur"] == 110.0
    assert rows["reason"].str.len().min() > 10


def test_a_municipality_without_personal_budgets_has_none_and_one_that_does_not_say_is_a_lower_bound():
    """GM0002 had 0 in the sub-codes of 2025 and gives no 6.79 in 2026; of GM0003 nothing is known."""
    costs = [
        *report("GM0002", 2026, "budget", ("6.75", 7.0), ("6.76", 2.0), ("6.82", 1.0)),
        *report("GM0003", 2026, "budget", ("6.75", 7.0), ("6.76", 2.0), ("6.82", 1.0)),
    ]
    codes = [("GM0002", 2025, "budget", field, 0.0, "final") for field in ("6.791", "6.792", "6.92")]
    found = bridge.costs(tables(costs, codes))
    assert found["budget"].to_numpy().tolist() == [
        ["GM0002", 2026, 10.0, "estimated"],
        ["GM0003", 2026, 10.0, "incomplete"],
    ]
    assert found["budget with policy"]["status"].tolist() == ["estimated", "incomplete"]


def test_accounts_without_personal_budgets_take_those_of_the_budget_of_the_year():
    costs = [
        *BUDGET_2025,
        *report("GM0001", 2025, "accounts", ("6.75", 65.0), ("6.76", 30.0), ("6.82", 10.0)),
    ]
    accounts = bridge.costs(tables(costs, CODES_2025))["accounts"]
    assert accounts.to_numpy().tolist() == [["GM0001", 2025, 107.0, "estimated"]]


@pytest.fixture(scope="module")
def three():
    """The tables of the three regions, and their costs."""
    given = snapshot.load()
    return given, bridge.costs(given)


@pytest.mark.parametrize(
    ("region", "shown", "with_budgets", "with_policy"),
    [("JZ24", 391.6, 403.3, 415.1), ("JZ18", 162.9, 171.2, 175.6), ("JZ29", 578.3, 586.1, 594.4)],
)
def test_the_budgets_of_2025_of_the_three_regions(three, region, shown, with_budgets, with_policy):
    """EUR million: 6.75 + 6.76 + 6.82, then with 6.792, then with 6.92 (Iv3 2025X000)."""
    given, found = three
    listed = given["municipalities"].query("year == 2025 and region_code == @region")
    inside = set(listed["municipality_code"])
    budgets = {}
    for name, frame in found.items():
        rows = frame.loc[(frame["period"] == 2025) & frame["municipality_code"].isin(inside)]
        budgets[name] = rows["cost_eur"].sum() / 1e6
    costs = given["costs"].query("year == 2025 and report == 'budget'")
    costs = costs.loc[costs["municipality_code"].isin(inside)]
    fields = costs.loc[costs["taakveld"].isin(parameters.bridge().fields(2025)), "cost_eur"].sum() / 1e6
    assert fields == pytest.approx(shown, abs=0.05)
    assert budgets["budget"] == pytest.approx(with_budgets, abs=0.05)
    assert budgets["budget with policy"] == pytest.approx(with_policy, abs=0.05)


def test_the_interval_is_the_spread_of_what_municipalities_budget_for_all_personal_budgets():
    """The change of 6.79 between the budgets of 2025 and 2026: four of five within 0.67 and 1.55."""
    costs = snapshot.load(regions=parameters.COUNTRY)["costs"].query(
        "taakveld == '6.79' and report == 'budget'"
    )
    wide = costs.pivot(index="municipality_code", columns="year", values="cost_eur").query(
        "`2025` > 0 and `2026` > 0"
    )
    factor = (wide[2026] / wide[2025]).quantile([0.1, 0.9])
    assert len(wide) == 325
    assert factor.tolist() == pytest.approx([0.67, 1.55], abs=0.01)
    estimate = parameters.bridge().estimated_budgets
    assert [estimate.low, estimate.high] == pytest.approx(list(factor), abs=0.01)
