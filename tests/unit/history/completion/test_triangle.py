"""From a long table to arrays: what is known, what is not yet, and what is refused."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from analyse.errors import DataError
from analyse.history.completion import from_cells
from analyse.history.completion.triangle import Triangle


def cells(*rows: tuple[str, int, int]) -> pd.DataFrame:
    table = pd.DataFrame(rows, columns=["product_month", "development_month", "amount_cents"])
    return table.assign(product_month=pd.to_datetime(table["product_month"]), care_form="ggz")


TABLE = cells(
    ("2024-01-01", 0, 10_00), ("2024-01-01", 2, 90_00), ("2024-02-01", 1, 50_00), ("2024-03-01", 5, 70_00)
)


def test_what_is_declared_after_the_cut_off_is_left_out():
    found = from_cells(TABLE, ["care_form"], "2024-03")

    assert found.to_date.tolist() == [[100.0, 50.0, 0.0]]
    assert found.cumulative[0, 2, :3].tolist() == [
        0.0,
        pytest.approx(np.nan, nan_ok=True),
        pytest.approx(np.nan, nan_ok=True),
    ]


def test_an_earlier_cut_off_gives_what_was_known_then():
    now = from_cells(TABLE, ["care_form"], "2024-03")

    assert now.at(now.cut_off - 1).to_date.tolist() == [[10.0, 0.0]]
    again = from_cells(TABLE, ["care_form"], "2024-02", first="2024-01")
    np.testing.assert_array_equal(now.at(now.cut_off - 1).to_date, again.to_date)


def test_what_comes_after_the_last_lag_is_added_to_it():
    found = from_cells(TABLE, ["care_form"], "2024-12", lags=3)

    assert found.declared[0, 2].tolist() == [0.0, 0.0, 70.0]


def test_series_add_up():
    keys = pd.DataFrame({"a": ["x", "y", "x"]})
    triangle = Triangle(keys, 2024 * 12, np.arange(6.0).reshape(3, 2, 1))

    total = triangle.summed(["a"])

    assert total.keys["a"].tolist() == ["x", "y"]
    assert total.to_date.tolist() == [[4.0, 6.0], [2.0, 3.0]]


@pytest.mark.parametrize(
    ("table", "cut_off", "said"),
    [
        (TABLE.drop(columns="amount_cents"), "2024-03", "no column amount_cents"),
        (cells(("2024-01-01", -1, 5)), "2024-03", "before the month of care"),
        (TABLE, "2023-03", "no declarations up to 2023-03"),
    ],
)
def test_a_wrong_table_is_refused_in_words(table, cut_off, said):
    with pytest.raises(DataError, match=said):
        from_cells(table, ["care_form"], cut_off)


def test_a_cut_off_outside_the_months_is_refused():
    with pytest.raises(DataError, match="expected 2024-01 to 2024-03"):
        from_cells(TABLE, ["care_form"], "2024-03").at(2023 * 12)
