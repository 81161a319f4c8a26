"""What the monitor takes from a store: the newest month, quantities, contracts; the same simulated on the spot."""

from __future__ import annotations

import datetime
import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

from analyse import cli
from analyse.errors import DataError
from analyse.history import panel
from analyse.monitor import (
    category_plans,
    inputs,
    integrity_trends,
    intensity,
    q_analysis,
    simulated,
    year_end,
)
from analyse.parameters import Run
from analyse.sources import snapshot
from analyse.sources.declarations import contracts

DELFT = ["GM0503"]


@pytest.fixture(scope="module")
def seen(stored) -> inputs.Inputs:
    return inputs.read(stored.store, stored.contracts)


def test_the_cut_off_is_the_month_of_the_last_declaration(seen):
    assert (seen.cut_off, seen.year, seen.last_day) == ("2024-09", 2024, datetime.date(2024, 9, 30))
    assert seen.about["simulated"] is True
    assert contracts.absent(seen.contracts) == ["lump_sums"]


def test_the_cells_are_what_was_declared(seen, stored):
    lines = stored.made.lines
    known = lines[
        (lines["declared_on"] <= "2024-09-30")
        & ~lines["fault"].isin(
            ["duplicate", "bsn_invalid", "amount_differs", "period_not_one_month", "future", "unit_unknown"]
        )
    ]

    assert seen.cells["amount_cents"].sum() == known["amount_cents"].sum()


def test_years_are_compared_as_known_equally_long_after(seen, stored):
    """Care of January to September 2023, as declared by the end of September 2023: later lines do not count."""
    before = seen.quantities_until(2023, DELFT)
    whole = seen.whole_year(2023, DELFT)

    own = "year(product_month) = 2023 and month(product_month) <= 9 and declared_on <= date '2023-09-30'"
    cost = seen.connection.execute(f"select sum(amount_cents) / 100 from payable where {own}").fetchall()[0][
        0
    ]
    assert before.cells["cost_eur"].sum() == pytest.approx(cost)
    assert whole.cells["cost_eur"].sum() > 1.2 * before.cells["cost_eur"].sum()


def test_a_youth_counts_once_whatever_the_number_of_cells(seen):
    found = seen.whole_year(2023, DELFT)

    net = "select client, allocation_number, sum(amount_cents) as net from payable where year(product_month) = 2023"
    query = f"select count(distinct client) from ({net} group by all) where net <> 0"
    youths = seen.connection.execute(query).fetchall()[0][0]
    assert found.all_youths == youths
    assert found.by("care_form").sum() >= youths
    assert len(found.by("provider")) == found.cells["provider"].nunique()


def test_youths_outside_what_was_agreed_are_counted_once(seen):
    """Without an agreement that is everybody, and with one for each cell of care nobody."""
    cells = seen.whole_year(2023, DELFT).cells
    known = seen.declared(DELFT)

    everybody = known.beside(2023, cells.head(0)).set_index("municipality_code")["clients"]
    nobody = known.beside(2023, cells[["provider", "care_form", "unit"]].drop_duplicates())

    assert everybody.to_dict() == {DELFT[0]: seen.whole_year(2023, DELFT).all_youths}
    assert nobody.empty


def test_the_split_comes_out_at_the_change_by_every_side(seen):
    now, before = (seen.quantities_until(year, DELFT) for year in (2024, 2023))

    found = q_analysis.split(before, now)

    change = now.cells["cost_eur"].sum() - before.cells["cost_eur"].sum()
    for side in ("care_form", "provider", "referrer"):
        table = q_analysis.by(found, side, before, now)
        assert table[list(q_analysis.FACTORS)].to_numpy().sum() == pytest.approx(change)
        assert table["youths_after"].max() <= now.all_youths


def test_weeks_of_care_lie_within_the_year(seen):
    found = seen.declared(DELFT).delivered(2023)

    assert len(found) and found["weeks"].between(1 / 7, 366 / 7).all()
    assert set(found["unit"]) <= {"04", "14", "16", "84"}
    stays = intensity.summary(found[found["unit"] == "14"])
    assert (stays["per_week"] < 8).all()  # days and nights a week


def test_integrity_of_the_members_only(seen):
    own, other = seen.integrity(DELFT), seen.integrity(["GM0599"])

    assert own.checked_lines["lines"].sum() > 0 and set(own.rules["state"]) == {"checked"}
    assert other.found.empty and other.checked_lines.empty
    table = integrity_trends.by_provider(own.found, year=2023)
    assert {"lines_2022", "lines_2023", "change", "q0.1", "q0.9"} <= set(table) and "lines_2021" not in table
    row = own.found.query("rule == 'late' and year == 2023").sort_values("lines").iloc[-1]
    shown = table[(table["rule"] == "late") & (table["provider"] == row["provider"])].iloc[0]
    assert (shown["lines_2023"], shown["clients_2023"]) == (row["lines"], row["clients"])


def test_an_earlier_cut_off_may_be_chosen(stored):
    assert inputs.read(stored.store, cut_off="2024-03").last_day == datetime.date(2024, 3, 31)


def test_a_folder_without_declarations_is_refused(tmp_path: Path):
    with pytest.raises(DataError, match="no declarations here"):
        inputs.read(tmp_path)


@pytest.mark.parametrize("until", ["2024-10-10", "2024-10-31"])
def test_a_store_read_in_mid_month_says_the_same_as_at_the_end_of_the_month_before(until: str):
    """Delft as known on 10 and on 31 October 2024: October counts only when it is over.

    Taken as a whole month, its first ten days made the year end a tenth too low, with the narrowest interval of all.
    """
    tables = snapshot.load()
    connection, told, about = simulated.connection(
        panel.build(tables),
        tables,
        DELFT,
        years=range(2019, 2025),
        until=pd.Timestamp(until).date(),
        lines_a_year=1500,
        seed=20241231,
    )
    seen = inputs._inputs(connection, about, {**contracts.read(None), **told}, cut_off="", where="here")

    assert (seen.cut_off, seen.late) == ("2024-10" if until.endswith("31") else "2024-09", ())
    found = year_end.known(seen.cells, seen.cut_off)
    drawn = year_end.year_samples(found, 300, np.random.default_rng(1)).sum(axis=0)
    in_the_end = year_end.known(seen.cells, "2024-09")
    expected = year_end.year_samples(in_the_end, 300, np.random.default_rng(1)).sum(axis=0).mean()
    assert drawn.mean() == pytest.approx(expected, rel=0.03)


def test_a_store_of_its_first_month_alone_shows_that_month():
    """All that there is came in by 31 January 2019: no month is finished, and there is a page all the same."""
    tables = snapshot.load()
    connection, told, about = simulated.connection(
        panel.build(tables),
        tables,
        DELFT,
        years=range(2019, 2020),
        until=datetime.date(2019, 1, 31),
        lines_a_year=1500,
        seed=20241231,
    )
    seen = inputs._inputs(connection, about, {**contracts.read(None), **told}, cut_off="", where="here")

    assert seen.cut_off == "2019-01"
    assert seen.months(DELFT) == 1


def test_a_run_names_the_declarations_and_the_contracts(stored):
    tables = snapshot.load()
    run = Run(area="GM0503", declarations=str(stored.store), contracts=str(stored.contracts))
    without = run.model_copy(update={"contracts": str(stored.store / "nothing")})

    seen, bare = (inputs.choose(one, tables) for one in (run, without))

    assert seen.cut_off == bare.cut_off == "2024-09"
    assert len(contracts.absent(bare.contracts)) == 4


@pytest.fixture(scope="module")
def made() -> inputs.Inputs:
    tables = snapshot.load()
    connection, told, about = simulated.connection(
        panel.build(tables),
        tables,
        ["GM0629", "GM1842"],
        years=range(2023, 2025),
        until=datetime.date(2024, 3, 31),
        lines_a_year=2500,
        seed=1,
    )
    return inputs._inputs(
        connection, about, {**contracts.read(None), **told}, cut_off="2024-03", where="here"
    )


def test_simulated_declarations_say_so_and_how_large_they_are(made):
    assert made.about["simulated"] and made.about["label"] == "Gesimuleerde declaraties"
    assert 0 < made.about["scale"] < 0.5
    assert set(made.cells["municipality_code"]) == {"GM0629", "GM1842"}


def test_simulated_declarations_know_nothing_of_later(made):
    last = made.connection.execute("select max(declared_on) from lines").fetchall()[0][0]
    stops = pd.to_datetime(made.trajectories["stop_date"])

    assert pd.Timestamp(last) <= pd.Timestamp("2024-03-31")
    assert stops.max() <= pd.Timestamp("2024-03-31") and stops.isna().any()


def test_simulated_lines_have_what_reading_gives(made):
    """Every line is accepted, credited with its counterpart, double, or refused; the rules find their faults."""
    status = made.connection.execute(
        "select status, count(*), sum(amount_cents) from lines group by all"
    ).df()
    counted = status.set_index("status")

    assert set(counted.index) == {"accepted", "credited", "duplicate", "quarantined"}
    assert counted.loc["credited"].iloc[1] == 0
    found = made.integrity(["GM0629", "GM1842"])
    assert {"tariff_differs", "outside_allocation", "late", "double"} <= set(found.totals["rule"])


def run(*arguments: str):
    return CliRunner().invoke(cli.app, list(arguments), standalone_mode=False)


def test_complete_prints_every_month_with_its_share(stored, tmp_path: Path):
    table = tmp_path / "months.csv"

    done = run("declarations", "complete", str(stored.store), "--samples", "100", "--output", str(table))

    assert done.exception is None
    rows = [line.split() for line in done.output.splitlines() if line.startswith("202")]
    assert done.output.startswith("Gesimuleerde declaraties")
    assert rows[-1][0] == "2024-09" and len(rows) == 12
    declared, cost, low, high = (int(one) for one in rows[-1][1:5])
    assert declared < cost and low <= cost <= high * 1.5 and cost > 0
    assert set(pd.read_csv(table)["municipality_code"]) == {"GM0503"}


def test_monitor_prints_the_year_of_every_municipality_and_what_is_missing(stored, tmp_path: Path):
    table, own = tmp_path / "year.csv", tmp_path / "contracts"
    shutil.copytree(stored.contracts, own)
    (own / "agreements.csv").unlink()

    done = run(
        "declarations",
        "monitor",
        str(stored.store),
        "--contracts",
        str(own),
        "--samples",
        "100",
        "--output",
        str(table),
    )

    assert done.exception is None
    assert "agreements.csv is not there" in done.output and "budgets.csv" not in done.output
    row = pd.read_csv(table).iloc[0]
    assert row["budget_eur"] == 2.4e5 and 0 <= row["probability"] <= 1
    assert row["declared_eur"] < row["mean"] and row["0.1"] < row["0.9"]


def test_monitor_without_a_store_says_what_to_do(tmp_path: Path):
    done = run("declarations", "monitor", str(tmp_path))

    assert isinstance(done.exception, DataError) and "analyse declarations read" in str(done.exception)


def test_a_funnel_of_counts_is_blind_to_the_small(seen):
    checked = seen.integrity(DELFT)
    table = integrity_trends.by_rule(checked.totals, checked.checked_lines, checked.found, year=2023)

    known = table.dropna(subset=["change"])
    assert (known["q0.1"] <= known["change"]).all() and (known["change"] <= known["q0.9"]).all()
    assert np.isfinite(known[["q0.1", "q0.9"]].to_numpy()).all()


def test_a_page_leaves_apart_what_the_pages_of_its_set_would_tell(seen, tables):
    """Delft alone in the store: whoever has fewer than ten youths in a year, and who hides them."""
    found = category_plans.apart(seen, "GM0503", tables)
    cells = seen.declared(DELFT).of_areas(2024, months=9)["provider"]
    small = set(cells.loc[cells["clients"].lt(10), "provider"])

    assert set(found) == {"care_form", "provider", "referrer", "residence", "rule", "finding", "period"}
    assert small and small <= found["provider"]
    assert cells["clients"].sum() == seen.quantities_until(2024, DELFT).by("provider").sum()
    assert cells["cost_eur"].sum() == pytest.approx(
        seen.quantities_until(2024, DELFT).cells["cost_eur"].sum()
    )
    judged = seen.residence(DELFT)
    youths = judged[judged["year"].eq(seen.settled_year(DELFT))].set_index("residence")["clients"]
    few = set(youths.index[youths.lt(10)])
    assert few and few < found["residence"] <= set(youths.index)
    assert youths[list(found["residence"])].max() >= 10
