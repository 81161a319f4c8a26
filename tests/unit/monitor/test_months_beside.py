"""Sets of months that follow each other: what one hid, the next does not show."""

from __future__ import annotations

import duckdb
import pandas as pd
import pytest

from analyse.monitor import category_plans, inputs
from analyse.sources import snapshot
from analyse.sources.declarations import contracts


@pytest.fixture(scope="module")
def declared() -> pd.DataFrame:
    """Delft and Rijswijk, with providers a to d; in Delft b has nine youths in 2024 until its tenth in September."""
    rows = []
    for month in pd.date_range("2023-01-01", "2024-12-01", freq="MS"):
        for place in ("GM0503", "GM0603"):
            for provider in "abcd":
                few = (place, provider) == ("GM0503", "b")
                nine = few and "2024-01" <= str(month)[:7] < "2024-09"
                youths = 9 if nine else 10 if few else 40
                rows += [(place, provider, f"{place}{provider}{number}", month) for number in range(youths)]
    table = pd.DataFrame(rows, columns=["municipality_code", "provider", "client", "product_month"])
    return table.assign(
        care_form="ggz",
        referrer="02",
        unit="04",
        allocation_number=1,
        volume=1,
        amount_cents=100_00,
        debit_credit="D",
        development_month=1,
        declared_on=table["product_month"] + pd.offsets.MonthEnd(0),
    )


def closed(declared: pd.DataFrame, cut_off: str) -> set[str]:
    """The providers that the page of Delft takes together, in the set of a month."""
    connection = duckdb.connect()
    connection.register("declarations", declared)
    for view in ("payable", "trajectories", "addresses", "lines", "allocations", "stops"):
        connection.execute(
            f"create view {view} as select *, 'accepted' as status, product_month as period_start, product_month as "
            "period_end, null::DATE as start_date, null::DATE as end_date, null::DATE as stop_date, "
            "null::DATE as allocated_on, null::VARCHAR as postcode, null::DATE as known_on, 'file' as file_id, "
            "row_number() over () as line_number, year(product_month) as year, '54001' as product_code, "
            "100_00 as tariff_cents, '6' as frequency, null::VARCHAR as rule "
            f"from declarations where {view not in ('allocations', 'stops')}"
        )
    seen = inputs.Inputs({}, cut_off, declared, declared, contracts.read(None), connection)
    return set(category_plans.apart(seen, "GM0503", snapshot.load())["provider"])


def test_what_a_set_hid_is_hidden_for_two_months_more(declared):
    hidden = {month: "b" in closed(declared, month) for month in ("2024-08", "2024-09", "2024-10", "2024-11")}

    assert hidden == {"2024-08": True, "2024-09": True, "2024-10": True, "2024-11": False}


def test_without_the_months_before_it_would_appear_at_once(declared, monkeypatch):
    monkeypatch.setattr(category_plans, "EARLIER", 0)

    assert "b" in closed(declared, "2024-08") and "b" not in closed(declared, "2024-09")
