"""Products billed at their end, spread over the months of care; running ones by how long such trajectories last."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from analyse.errors import DataError
from analyse.history import completion
from analyse.history.completion import accrual


def trajectories(starts: pd.DatetimeIndex, months: int = 10) -> pd.DataFrame:
    """Trajectories of so many months each, that begin on the first of a month."""
    stop = starts + pd.DateOffset(months=months) - pd.Timedelta(days=1)
    return pd.DataFrame(
        {"municipality_code": "GM9000", "care_form": "dyslexie", "start_date": starts, "stop_date": stop}
    )


def bills(of: pd.DataFrame, *, lag: int = 2) -> pd.DataFrame:
    """One bill of 3,000 euros for each, in its last month, declared two months later."""
    end = of["stop_date"].dt.to_period("M").dt.to_timestamp()
    table = of[["municipality_code", "care_form"]].assign(product_month=end)
    return table.assign(provider="99900001", development_month=lag, amount_cents=3000_00, volume=1, lines=1)


@pytest.fixture
def steady() -> pd.DataFrame:
    """Ten begin each month: a month of care costs 10 x 10 x 300 = 30,000 euros."""
    return trajectories(pd.DatetimeIndex(np.repeat(pd.date_range("2018-01-01", "2024-12-01", freq="MS"), 10)))


def test_every_month_of_care_has_its_part_and_the_newest_month_is_not_low(steady):
    found = accrual.accrued(bills(steady), steady, "2023-06")

    months = found.groupby("product_month")["amount_cents"].sum() / 100
    assert months["2021-01-01":"2021-12-01"].mean() == pytest.approx(30_000, rel=0.01)
    assert months["2023-06-01"] == pytest.approx(30_000, rel=0.1)
    assert set(found["provider"]) == {accrual.ACCRUED}


def test_bills_alone_would_leave_the_newest_months_empty_and_completion_takes_both(steady):
    other = bills(steady).assign(care_form="ggz", provider="99900002", development_month=1)
    cells = pd.concat([bills(steady), other])

    whole = completion.classed(accrual.accrued(cells, steady, "2023-06", forms=["dyslexie"]), "2023-06")
    found = completion.complete(whole)

    newest = dict(zip(found.keys["care_form"], found.cost[:, -1], strict=True))
    assert sorted(whole.keys["speed_class"].unique()) == [-1, 0]
    assert newest["dyslexie"] == pytest.approx(30_000, rel=0.1)
    assert newest["ggz"] == pytest.approx(30_000, rel=0.1)


def test_what_stops_after_the_cut_off_is_taken_as_running(steady):
    """A stop that nobody knew yet changes nothing."""
    later = steady.assign(stop_date=steady["stop_date"].where(steady["stop_date"] <= "2023-06-30"))
    cells = bills(steady)[lambda table: table["product_month"] <= "2023-06-01"]

    pd.testing.assert_frame_equal(
        accrual.accrued(cells, steady, "2023-06", forms=["dyslexie"]),
        accrual.accrued(cells, later, "2023-06", forms=["dyslexie"]),
    )


def test_a_form_with_one_bill_for_each_trajectory_is_found_and_a_monthly_one_is_not(steady):
    monthly = steady.assign(care_form="ggz")
    each = [
        bills(monthly.assign(stop_date=monthly["start_date"] + pd.DateOffset(months=k))) for k in range(10)
    ]

    found = accrual.billed_at_end(pd.concat([bills(steady), *each]), pd.concat([steady, monthly]), "2023-06")

    assert found == ["dyslexie"]


def test_a_missing_column_is_named(steady):
    with pytest.raises(DataError, match="no column volume"):
        accrual.accrued(bills(steady).drop(columns="volume"), steady, "2023-06")


def test_a_trajectory_that_brings_two_products_counts_for_both(steady):
    """Two products of 1,500 euros in one bill: still 3,000 a trajectory, so 30,000 a month of care."""
    found = accrual.accrued(bills(steady).assign(volume=2), steady, "2023-06", forms=["dyslexie"])

    months = found.groupby("product_month")["amount_cents"].sum() / 100
    assert months["2021-01-01":"2021-12-01"].mean() == pytest.approx(30_000, rel=0.01)
    assert months["2023-06-01"] == pytest.approx(30_000, rel=0.1)
