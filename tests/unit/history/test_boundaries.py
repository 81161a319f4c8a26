"""Predecessors add up exactly, and what is not known stays visible."""

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analyse.history import boundaries
from analyse.schema import STATUSES, VALUE_STATUSES

COST = {"cost_eur": "status"}


def rows(*values):
    return pd.DataFrame(values, columns=["municipality_code", "year", "cost_eur", "status"])


def recoded(merger, *values):
    result = boundaries.recode(rows(*values), merger, COST)
    return [tuple(None if pd.isna(cell) else cell for cell in row) for row in result.itertuples(index=False)]


def test_a_merger_is_the_sum_of_its_predecessors(merger):
    assert recoded(
        merger,
        ("GM0001", 2018, 10.0, "final"),
        ("GM0002", 2018, 30.0, "final"),
        ("GM0003", 2018, 5.0, "final"),
        ("GM0002", 2019, 41.0, "final"),
    ) == [
        ("GM0002", 2018, 40.0, "final"),
        ("GM0002", 2019, 41.0, "final"),
        ("GM0003", 2018, 5.0, "final"),
    ]


@pytest.mark.parametrize("unknown", ["suppressed", "faulty", "missing"])
def test_an_unknown_predecessor_makes_the_sum_a_lower_bound(merger, unknown):
    result = recoded(merger, ("GM0001", 2018, None, unknown), ("GM0002", 2018, 30.0, "final"))
    assert result == [("GM0002", 2018, 30.0, "incomplete")]


def test_a_predecessor_without_a_row_is_not_zero(merger):
    assert recoded(merger, ("GM0002", 2018, 30.0, "final")) == [("GM0002", 2018, 30.0, "incomplete")]
    assert recoded(merger, ("GM0001", 2018, None, "faulty")) == [("GM0002", 2018, None, "faulty")]


@pytest.mark.parametrize(
    ("parts", "whole"),
    [
        (["final", "final"], "final"),
        (["final", "provisional"], "provisional"),
        (["provisional", "estimated"], "estimated"),
        (["estimated", "incomplete"], "incomplete"),
        (["final", "missing"], "incomplete"),
        (["suppressed", "suppressed"], "suppressed"),
        (["missing", "faulty"], "faulty"),
    ],
)
def test_statuses_combine(parts, whole):
    assert boundaries.combine(parts) == whole


def test_chains_of_mergers_end_at_the_last():
    changes = pd.DataFrame(
        {"municipality_code": ["A", "B"], "year": [2019, 2022], "successor_code": ["B", "C"]}
    )
    assert boundaries.successors(changes) == {"A": "C", "B": "C"}
    codes = pd.Series(["A", "C", "D"], index=[7, 8, 9], name="code")
    today = boundaries.current_codes(codes, {"boundary_changes": changes})
    pd.testing.assert_series_equal(today, pd.Series(["C", "C", "D"], index=[7, 8, 9], name="code"))


cells = st.one_of(
    st.tuples(st.integers(-(10**9), 10**9), st.sampled_from(VALUE_STATUSES)),
    st.tuples(st.none(), st.sampled_from([one for one in STATUSES if one not in VALUE_STATUSES])),
)
keys = st.tuples(
    st.sampled_from([f"GM000{n}" for n in range(1, 7)]),
    st.sampled_from([2018, 2019, 2020]),
    st.sampled_from("xy"),
)


@settings(deadline=None)
@given(st.dictionaries(keys, cells, min_size=1), st.dictionaries(st.integers(2, 6), st.integers(2019, 2020)))
def test_any_recoding_preserves_every_total_and_hides_nothing(given_cells, ended):
    """Code n ends in some year and becomes part of a lower code, so there are chains but no circles."""
    tables = {
        "municipalities": pd.DataFrame(
            [
                (year, f"GM000{n}")
                for year in (2018, 2019, 2020)
                for n in range(1, 7)
                if ended.get(n, 9999) > year
            ],
            columns=["year", "municipality_code"],
        ),
        "boundary_changes": pd.DataFrame(
            [(f"GM000{n}", year, f"GM000{n - 1}") for n, year in ended.items()],
            columns=["municipality_code", "year", "successor_code"],
        ),
    }
    frame = pd.DataFrame(
        [(*key, *cell) for key, cell in given_cells.items()],
        columns=["municipality_code", "year", "taakveld", "cost_eur", "status"],
    ).astype({"cost_eur": "float64"})
    result = boundaries.recode(frame, tables, COST)
    by = ["year", "taakveld"]
    pd.testing.assert_series_equal(
        result.groupby(by)["cost_eur"].sum(min_count=1),
        frame.groupby(by)["cost_eur"].sum(min_count=1),
        check_exact=True,
    )
    assert not set(result["municipality_code"]) & {f"GM000{n}" for n in ended}
    assert (result["cost_eur"].notna() == result["status"].isin(VALUE_STATUSES)).all()
    unknown = frame.loc[frame["cost_eur"].isna()]
    unknown = unknown.assign(municipality_code=boundaries.current_codes(unknown["municipality_code"], tables))
    flagged = unknown.merge(result, on=["municipality_code", *by], suffixes=("_part", ""))
    assert not flagged["status"].isin(["final", "provisional", "estimated"]).any()


def test_a_table_without_rows_adds_up_to_none():
    rows = pd.DataFrame({"region": [], "clients": [], "status": [], "other": []})
    assert boundaries.add_up(rows, ["region"], {"clients": "status"}).columns.tolist() == [
        "region",
        "clients",
        "status",
    ]
