"""Simulated declarations: the published totals, faults that are found, and a truth that reading comes out at."""

from __future__ import annotations

import datetime
from pathlib import Path

import pandas as pd
import pytest

from analyse.sources import declarations
from analyse.sources.declarations import contracts, pseudonyms
from analyse.sources.declarations.demo import LABEL, message_files, settings, simulation

REFUSED = {"bsn_invalid", "amount_differs", "period_not_one_month", "future", "unit_unknown"}


@pytest.fixture(scope="module")
def targets() -> pd.DataFrame:
    """A municipality with 80 youths and 800,000 euros a year."""
    return pd.DataFrame(
        {
            "municipality_code": "GM0503",
            "year": [2023, 2024],
            "clients": 80.0,
            "cost_eur": 8e5,
            "budget_eur": 7e5,
            "residential_share": 0.07,
        }
    )


@pytest.fixture(scope="module")
def simulated(targets: pd.DataFrame) -> simulation.Simulation:
    return simulation.simulate(targets, settings.load(), seed=1)


def test_costs_and_youths_are_those_published(simulated: simulation.Simulation):
    by_year = simulated.months.groupby(simulated.months["product_month"].dt.year)["amount_cents"].sum() / 100
    found = simulated.trajectories
    inside = (found["start_date"] <= "2024-12-31") & (found["stop_date"] >= "2024-01-01")

    assert by_year.loc[[2023, 2024]].to_numpy() == pytest.approx([8e5, 8e5], rel=0.05)
    assert found.loc[inside, "person"].nunique() == pytest.approx(80, rel=0.3)


def test_the_seed_decides_and_municipalities_do_not_depend_on_each_other(targets, simulated):
    again = simulation.simulate(targets, settings.load(), seed=1)
    beside = pd.concat([targets, targets.assign(municipality_code="GM1783")])
    own = simulation.simulate(beside, settings.load(), seed=1).months.query("municipality_code == 'GM0503'")

    pd.testing.assert_frame_equal(again.lines, simulated.lines)
    pd.testing.assert_frame_equal(own.reset_index(drop=True), simulated.months)
    assert not simulation.simulate(targets, settings.load(), seed=2).lines.equals(simulated.lines)


def test_the_number_of_lines_can_be_chosen(targets: pd.DataFrame):
    found = simulation.simulate(targets, settings.load(), seed=1, lines_a_year=400)

    assert len(found.lines) / 2 == pytest.approx(400, rel=0.3)


def test_all_numbers_of_youths_are_test_numbers_that_pass():
    numbers = simulation.test_numbers(20_000)

    assert len(set(numbers)) == 20_000
    assert all(one.startswith("999") and pseudonyms.passes_eleven_test(one) for one in numbers)


@pytest.fixture(scope="module")
def stored(simulated, tmp_path_factory) -> tuple[Path, Path]:
    folder = tmp_path_factory.mktemp("demo")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ANALYSE_DECLARATIONS_KEY", str(folder / "secret" / "key"))
        message_files.write(
            simulated, folder / "made", until=datetime.date(2027, 12, 31), formats=("csv", "xml")
        )
        for kind in ("plat", "berichten"):
            found = declarations.read([folder / "made" / kind], folder / kind)
            assert found.reconciliation["balanced"].all()
            assert (found.files["status"] == "read").all()
    return folder / "made", folder


def test_reading_comes_out_at_the_truth_from_messages_and_flat_files_alike(simulated, stored):
    _, folder = stored
    true = simulated.months.groupby(["care_form", "product_month"])["amount_cents"].sum()
    for kind in ("plat", "berichten"):
        with declarations.open(folder / kind) as connection:
            query = "select product_month, sum(amount_cents) as cents from payable group by all"
            found = connection.execute(query).df().set_index("product_month")["cents"]
        expected = true.groupby("product_month").sum()
        assert (found.sort_index() == expected.sort_index()).all()


def test_every_fault_is_found(simulated, stored):
    made, folder = stored
    faults = simulated.lines["fault"].value_counts()
    with declarations.open(folder / "berichten") as connection:
        quarantined = dict(
            connection.execute(
                "select rule, count(*) from lines where rule is not null group by 1"
            ).fetchall()
        )
        double = connection.execute("select count(*) from lines where status = 'duplicate'").fetchall()[0][0]
        found = declarations.integrity(connection, contracts=made / "contracts")
    counted = found.found.groupby("rule")["lines"].sum()

    assert {name: quarantined.get(name, 0) for name in REFUSED} == {
        name: faults.get(name, 0) for name in REFUSED
    }
    assert double == faults["duplicate"]
    assert counted["tariff_differs"] >= faults["tariff_differs"]
    assert counted["outside_allocation"] >= faults["outside_allocation"]
    assert counted["code_unknown"] >= faults["unknown_code"]


def test_everything_that_is_written_says_that_it_is_simulated(stored):
    made, folder = stored
    assert declarations.about(folder / "plat")["label"] == LABEL
    for path in made.rglob("*"):
        if path.suffix in (".csv", ".txt"):
            assert LABEL in path.read_text(encoding="utf-8"), path
        elif path.suffix == ".parquet":
            assert (pd.read_parquet(path)["label"] == LABEL).all(), path


def test_the_contracts_fit_their_schema(stored):
    found = contracts.read(stored[0] / "contracts")

    assert contracts.absent(found) == ["lump_sums"]
    assert found["budgets"]["budget_eur"].to_list() == [7e5, 7e5]
