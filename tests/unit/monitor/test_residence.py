"""Who should pay: each situation of the rule of 2022, as in docs/monitor.md, with the municipality that is right."""

from __future__ import annotations

import datetime
import json
import shutil
from collections.abc import Sequence

import duckdb
import pandas as pd
import pyarrow.parquet as pq
import pytest
from click.testing import Result
from typer.testing import CliRunner

from analyse import cli
from analyse.monitor import residence
from analyse.present.monitor import residence_table
from analyse.present.monitor.page import Page
from analyse.sources.declarations import storage

PAYER, OTHER, THIRD = "GM0503", "GM0599", "GM0518"
POSTCODES = pd.DataFrame(
    [("2611", PAYER), ("3011", OTHER), ("2511", THIRD), ("2600", PAYER), ("2600", OTHER), ("2500", OTHER),
     ("2500", THIRD)],
    columns=["postcode", "municipality_code"],
)  # fmt: skip
HOME, AWAY, FAR = "2611", "3011", "2511"
UNTIL = datetime.date(2024, 12, 31)

Care = tuple[str, str]
"""Care form and month of a line."""
Address = tuple[str, str]
"""Day on which it is known, and postcode."""
Stay = tuple[str, str, str | None]
"""Care form, first and last day."""


def judged(
    care: Sequence[Care], addresses: Sequence[Address], stays: Sequence[Stay] = (), *, credited: bool = False
) -> pd.DataFrame:
    """The lines of one youth, € 100 each, judged."""
    connection = duckdb.connect()
    lines = pd.DataFrame(care, columns=["care_form", "month"])
    first = pd.to_datetime(lines["month"] + "-01")
    lines = lines.assign(
        client="a", municipality_code=PAYER, provider="1", allocation_number=1, product_month=first,
        period_start=first, period_end=first + pd.offsets.MonthEnd(0), status="accepted", amount_cents=100_00,
        declared_on=first + pd.offsets.MonthEnd(1),
    )  # fmt: skip
    if credited:
        back = lines.assign(amount_cents=-100_00)
        lines = pd.concat([lines, back]).assign(status="credited")
    known = pd.DataFrame(addresses, columns=["known_on", "postcode"]).assign(
        client="a", municipality_code=PAYER, provider="1", allocation_number=1
    )
    running = pd.DataFrame(stays, columns=["care_form", "start_date", "stop_date"]).assign(client="a")
    dates = {name: pd.to_datetime(running[name]) for name in ("start_date", "stop_date")}
    connection.register("payable", lines.drop(columns="month"))
    connection.register(
        "addresses", known.assign(known_on=pd.to_datetime(known["known_on"])).astype({"postcode": str})
    )
    connection.register("trajectories", running.assign(**dates))
    return residence.judge(connection, POSTCODES, members=[PAYER], known=UNTIL)


YEAR = [("ambulant", f"2023-{month:02d}") for month in range(1, 13)]
STAY = [("verblijf", f"2023-{month:02d}") for month in range(3, 7)]
IN_MARCH: Stay = ("verblijf", "2023-03-10", "2023-06-30")
SITUATIONS = {
    "registered here": (YEAR, [("2022-12-01", HOME)], [], {("here", "", ""): 12}),
    "registered in another municipality": (YEAR, [("2022-12-01", AWAY)], [], {("elsewhere", "", OTHER): 12}),
    "moves away in July": (
        YEAR, [("2022-12-01", HOME), ("2023-07-01", AWAY)], [],
        {("here", "", ""): 6, ("elsewhere", "", OTHER): 6},
    ),
    "the first address comes after the care, with its own allocation": (
        YEAR, [("2024-01-15", AWAY)], [], {("elsewhere", "", OTHER): 12},
    ),
    "a stay, registered here before, then where it stays": (
        STAY, [("2023-01-05", HOME), ("2023-04-01", AWAY)], [IN_MARCH], {("here", "", ""): 4},
    ),
    "a stay here, registered elsewhere before": (
        STAY, [("2023-01-05", AWAY), ("2023-04-01", HOME)], [IN_MARCH], {("elsewhere", "", OTHER): 4},
    ),
    "a second stay from the next day": (
        STAY, [("2023-01-05", FAR), ("2023-04-01", HOME)],
        [("pleegzorg", "2023-02-01", "2023-04-30"), ("verblijf", "2023-05-01", None)],
        {("elsewhere", "", THIRD): 4},
    ),
    "a second stay after weeks at home": (
        STAY, [("2022-01-05", FAR), ("2023-02-20", HOME)],
        [("pleegzorg", "2022-02-01", "2023-02-15"), ("verblijf", "2023-03-10", None)],
        {("here", "", ""): 4},
    ),
    "guidance beside a stay": (
        [("ambulant", "2023-04"), ("ambulant", "2023-09")], [("2023-01-05", AWAY), ("2023-04-01", HOME)], [IN_MARCH],
        {("elsewhere", "", OTHER): 1, ("here", "", ""): 1},
    ),
    "a stay without a start message": (
        STAY, [("2023-01-05", AWAY), ("2023-04-01", HOME)], [], {("elsewhere", "", OTHER): 4},
    ),
    "a stay, no address of before it": (
        STAY, [("2023-04-01", HOME)], [IN_MARCH], {("unknown", "not_before_stay", ""): 4},
    ),
    "no address": (YEAR, [], [], {("unknown", "no_address", ""): 12}),
    "a postcode that is not in the table": (
        YEAR, [("2022-12-01", "9999")], [], {("unknown", "no_municipality", ""): 12},
    ),
    "a postcode in two municipalities, this is one": (YEAR, [("2022-12-01", "2600")], [], {("here", "", ""): 12}),
    "a postcode in two other municipalities": (YEAR, [("2022-12-01", "2500")], [], {("elsewhere", "", ""): 12}),
    "care of before 2022": ([("ambulant", "2021-12")], [("2021-01-01", AWAY)], [], {}),
}  # fmt: skip


@pytest.mark.parametrize("situation", SITUATIONS)
def test_each_situation_has_the_right_payer(situation):
    care, addresses, stays, right = SITUATIONS[situation]
    found = judged(care, addresses, stays)
    told = {(one.residence, one.reason, one.responsible_code): one.lines for one in found.itertuples()}
    assert told == right
    assert found["cost_eur"].sum() == 100 * sum(right.values())


def test_what_was_taken_back_belongs_to_nobody():
    assert judged(YEAR, [("2022-12-01", AWAY)], credited=True).empty


def table(**clients: int) -> pd.DataFrame:
    return pd.DataFrame(
        [(name, 10 * many, many, 1000.0 * many) for name, many in clients.items()],
        columns=["residence", "lines", "clients", "cost_eur"],
    )


def test_fewer_than_ten_youths_elsewhere_are_not_shown_nor_follow_from_the_rest():
    page = Page("Delft", False, "en")
    assert residence_table.shown(table(here=200, elsewhere=7, unknown=40), page)["residence"].tolist() == [
        "here",
        "Too few to show apart",
    ]
    assert (
        "another municipality by"
        not in residence_table.residence(table(here=200, elsewhere=7), page, year=2024, postcodes=True).title
    )


def test_the_amount_elsewhere_stands_in_the_title_and_is_divided_over_who_should_pay():
    page = Page("Delft", False, "en")
    rows = table(here=200, elsewhere=30)
    assert "€30,000" in residence_table.residence(rows, page, year=2024, postcodes=True).title.replace(
        " ", ""
    )
    to_whom = pd.DataFrame(
        {
            "responsible_code": [OTHER, THIRD, "GM0629", "GM0603"],
            "lines": 9,
            "clients": [20, 12, 6, 4],
            "cost_eur": [20.0, 12.0, 6.0, 4.0],
        }
    )
    found = residence_table.divided(residence_table.shown(rows, page), to_whom)
    assert found["responsible_code"].tolist() == ["", OTHER, ""]
    assert found["clients"].tolist() == [200, 20, 22]


def test_without_postcodes_or_addresses_the_page_says_what_is_missing():
    page, nothing = Page("Delft", False, "en"), table().assign(year=2024)
    assert "postcodes.csv" in str(
        residence_table.residence(nothing, page, year=2024, postcodes=False).content
    )
    assert "JW301" in str(residence_table.residence(nothing, page, year=2024, postcodes=True).content)


def run(*words: object) -> Result:
    return CliRunner().invoke(cli.app, ["declarations", "residence", *map(str, words)])


def test_the_command_prints_who_should_pay_by_year_with_the_label_of_a_simulation(stored):
    found = run(stored.store, "--contracts", stored.contracts)

    assert found.exception is None, found.output
    assert "Gesimuleerde declaraties" in found.output
    assert all(f"Delft  {year}" in found.output for year in (2022, 2023, 2024))


def test_the_command_needs_postcodes_and_addresses(stored, tmp_path):
    assert "postcodes.csv" in str(run(stored.store).exception)

    old = shutil.copytree(stored.store, tmp_path / "old")
    for name in ("allocations", "requests"):  # as a store from before addresses were read
        for path in (old / name).glob("*.parquet"):
            rows = pq.read_table(path)
            pq.write_table(rows.drop_columns("postcode"), path)
    # such a store names no checksums either
    manifest = json.loads((old / storage.MANIFEST).read_text(encoding="utf-8"))
    del manifest["sums"]
    (old / storage.MANIFEST).write_text(json.dumps(manifest), encoding="utf-8")

    assert "has an address" in str(run(old, "--contracts", stored.contracts).exception)
