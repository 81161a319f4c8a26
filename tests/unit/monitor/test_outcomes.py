"""Outcomes by year, of trajectories of which the truth is known."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

from analyse import cli
from analyse.errors import DataError
from analyse.monitor import outcomes

UNTIL = "2024-12-31"
ASKED = {"area_code": "GM0503", "norm_weeks": 10.0}


def made(count: int, **columns: object) -> pd.DataFrame:
    given = {"client": [f"{columns.get('name', 'a')}{number}" for number in range(count)], "provider": "p"}
    frame = pd.DataFrame(given).assign(care_form="ggz", reason="31", allocated_on="2023-01-01")
    frame = frame.assign(start_date="2023-02-05", stop_date="2023-11-01")
    return frame.assign(**{name: value for name, value in columns.items() if name != "name"})


def value(table: pd.DataFrame, indicator: str, year: int = 2023, form: str = "total") -> pd.Series:
    rows = table[table["indicator"].eq(indicator) & table["care_form"].eq(form) & table["year"].eq(year)]
    assert len(rows) == 1
    return rows.iloc[0]


def test_ends_moves_returns_and_waits_are_those_that_were_made():
    planned, broken = made(60), made(40, name="b", reason="33")
    other = made(
        30, name="b", provider="q", start_date="2023-11-20", stop_date=None, allocated_on="2023-11-10"
    )
    back = made(12, start_date="2024-05-01", stop_date=None, allocated_on=None)
    late = made(20, name="c", start_date="2023-06-01", stop_date="2023-12-01", reason="20")

    found = outcomes.table(pd.concat([planned, broken, other, back, late], ignore_index=True), UNTIL,
                           years=[2023], **ASKED)  # fmt: skip

    assert value(found, "ended_as_planned")["value"] == pytest.approx(0.6)
    assert value(found, "ended_as_planned")["n"] == 100, "a pause says nothing of how care went"
    assert value(found, "changed_provider")["value"] == pytest.approx(30 / 120)
    assert value(found, "returned_within_year")["value"] == pytest.approx(42 / 120), (
        "19 days away is a return"
    )
    assert value(found, "waiting_beyond_norm")["value"] == pytest.approx(20 / 150)
    assert value(found, "waiting_weeks")["value"] == pytest.approx(5, abs=0.01)
    row = value(found, "ended_as_planned")
    assert row["low"] == pytest.approx(0.502, abs=0.001) and row["high"] == pytest.approx(0.691, abs=0.001)


def test_duration_of_a_year_follows_a_change_of_pace():
    """Stops of a mean of 12 months until 2023, of 6 months from then on: geometric, so the truth is known."""
    rng = np.random.default_rng(5)
    start = pd.Timestamp("2018-01-01") + pd.to_timedelta(rng.integers(0, 365 * 7, 14_000), unit="D")
    slow = rng.exponential(12 * 30.4375, len(start))
    change = (pd.Timestamp("2023-01-01") - start).days.to_numpy()
    fast = np.maximum(change, 0) + rng.exponential(6 * 30.4375, len(start))
    days = np.where(slow < change, slow, fast)
    table = pd.DataFrame({"client": np.arange(len(start)).astype(str), "provider": "p", "care_form": "ggz",
                          "reason": "31", "allocated_on": start, "start_date": start,
                          "stop_date": start + pd.to_timedelta(days.astype(int), unit="D")})  # fmt: skip

    found = outcomes.table(table, UNTIL, years=[2022, 2023], **ASKED)

    for year, mean in ((2022, 12), (2023, 6)):
        row, truth = value(found, "duration_months", year), mean * (1 - np.exp(-24 / mean))
        assert row["value"] == pytest.approx(truth, rel=0.06) and row["low"] < truth < row["high"]


def test_nothing_is_said_of_fewer_than_ten_nor_of_a_side_of_fewer_than_ten():
    few, side = made(7, care_form="crisis"), made(4, name="b", reason="33")

    found = outcomes.table(pd.concat([made(60), few, side]), UNTIL, years=[2023], **ASKED)

    hidden = found[found["care_form"].eq("crisis") | found["indicator"].eq("ended_as_planned")]
    assert len(hidden) >= 6 and hidden[["value", "low", "high", "n"]].isna().all(axis=None)
    assert found["n"].dropna().mod(5).eq(0).all()


def test_a_year_that_has_not_begun_and_a_store_without_messages_give_no_rows():
    assert outcomes.table(made(20), UNTIL, years=[2025], **ASKED).empty
    assert list(outcomes.table(made(0), UNTIL, years=[2023], **ASKED)) == list(outcomes.COLUMNS)


def test_the_command_writes_the_same_columns_with_names_beside_codes(stored, tmp_path: Path):
    table = tmp_path / "outcomes.csv"

    shown = CliRunner().invoke(
        cli.app,
        ["declarations", "outcomes", str(stored.store), "--municipality", "Delft", "--output", str(table)],
    )
    absent = CliRunner().invoke(
        cli.app, ["declarations", "outcomes", str(stored.store), "--region", "Haaglanden"]
    )

    written = pd.read_csv(table)
    assert shown.exception is None and re.search(r"duration_months +GM0503 +Delft +2023", shown.output)
    assert [name for name in written if name != "area"] == list(outcomes.COLUMNS)
    assert set(written["area"]) == {"Delft"} and set(written["year"]) == {2022, 2023, 2024}
    assert isinstance(absent.exception, DataError) and "Den Haag" in str(absent.exception)
