"""Year-end, room, contracts and reconciliation on declarations of which the truth is known."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from analyse.monitor import breakdown, reconciliation, room, year_end
from analyse.sources.declarations import contracts

MEMBERS = ["GM9000", "GM9001"]


@pytest.fixture(scope="module")
def cells() -> pd.DataFrame:
    """Two municipalities, one form, two providers; half is declared after one month, half after three."""
    rng = np.random.default_rng(3)
    months = pd.date_range("2019-01-01", "2024-12-01", freq="MS")
    parts = []
    for code, size in zip(MEMBERS, (300_000, 100_000), strict=True):
        for provider in ("A", "B"):
            level = size * rng.lognormal(0, 0.03, len(months)) * 1.004 ** np.arange(len(months))
            for lag in (1, 3):
                parts.append(
                    pd.DataFrame(
                        {
                            "municipality_code": code,
                            "care_form": "ggz",
                            "provider": provider,
                            "product_month": months,
                            "development_month": lag,
                            "amount_cents": (level * 50).round().astype(int),
                        }
                    )
                )
    return pd.concat(parts, ignore_index=True)


@pytest.fixture(scope="module")
def found(cells):
    return year_end.looked_back(cells, "2024-08")


def agreed(**tables: pd.DataFrame) -> dict[str, pd.DataFrame]:
    return {**contracts.read(None), **tables}


def true_cost(cells: pd.DataFrame, year: int) -> float:
    return cells.loc[cells["product_month"].dt.year == year, "amount_cents"].sum() / 100


def test_the_year_is_forecast_from_months_completed_and_months_to_come(cells, found):
    row = year_end.forecast(found, agreed(), members=MEMBERS, samples=500, rng=np.random.default_rng(1)).iloc[
        0
    ]

    assert row["mean"] == pytest.approx(true_cost(cells, 2024), rel=0.02)
    assert row["q0.025"] < row["q0.1"] < row["q0.5"] < row["q0.9"] < row["q0.975"]
    assert row["declared_eur"] < row["completed_eur"] < row["mean"]
    assert row["completed_eur"] + row["to_come_eur"] == pytest.approx(row["mean"], rel=0.01)
    assert np.isnan(row["budget_eur"]) and np.isnan(row["probability"])


def test_the_chance_of_overspending_follows_the_budget(found):
    seen = []
    for budget in (7e6, 10.9e6, 20e6):
        budgets = pd.DataFrame({"municipality_code": MEMBERS, "year": 2024, "budget_eur": budget / 2})
        row = year_end.forecast(
            found, agreed(budgets=budgets), members=MEMBERS, samples=500, rng=np.random.default_rng(1)
        ).iloc[0]
        seen.append(row["probability"])

    assert seen[0] == 1 and seen[2] == 0


def test_a_lump_sum_is_added_in_full_and_makes_nothing_less_sure(found):
    sums = pd.DataFrame(
        {
            "municipality_code": ["GM9000"],
            "provider": ["C"],
            "care_form": ["jeugdbescherming"],
            "year": [2024],
            "amount_eur": [1e6],
        }
    )

    without, with_sum = (
        year_end.forecast(found, told, members=MEMBERS, samples=200, rng=np.random.default_rng(1)).iloc[0]
        for told in (agreed(), agreed(lump_sums=sums))
    )

    assert with_sum["mean"] - without["mean"] == pytest.approx(1e6)
    assert with_sum["q0.9"] - with_sum["q0.1"] == pytest.approx(without["q0.9"] - without["q0.1"])


def test_a_budget_of_some_members_is_no_budget_of_the_region(found):
    budgets = pd.DataFrame({"municipality_code": ["GM9000"], "year": [2024], "budget_eur": [1.0]})

    row = year_end.forecast(
        found, agreed(budgets=budgets), members=MEMBERS, samples=100, rng=np.random.default_rng(1)
    )

    assert row["probability"].isna().all()


def test_the_forecast_of_last_month_stays_beside_that_of_now(cells):
    table = year_end.track(
        cells,
        agreed(),
        "2024-03",
        members=MEMBERS,
        hidden={},
        months=6,
        samples=100,
        rng=np.random.default_rng(1),
    )

    assert table["cut_off"].tolist() == ["2024-01", "2024-02", "2024-03"]


def test_room_of_a_provider_runs_out_when_the_money_does(cells):
    june = cells[(cells["provider"] == "A") & (cells["product_month"] == pd.Timestamp("2024-06-01"))]
    per_month = june["amount_cents"].sum() / 100
    agreements = pd.DataFrame(
        {
            "provider": ["A", "B"],
            "municipality_code": "GM9000",
            "year": 2024,
            "agreed_cents": [int(9.5 * per_month * 100), 10**12],
        }
    )

    table = room.per_provider(
        room.looked_back(cells, "2024-08", MEMBERS),
        agreements,
        members=MEMBERS,
        samples=400,
        rng=np.random.default_rng(1),
    ).set_index("provider")

    assert table.loc["A", "exhausted"].startswith("2024-10")
    assert "2024-09-15" < table.loc["A", "exhausted_early"] < table.loc["A", "exhausted"]
    assert table.loc["A", "exhausted"] < table.loc["A", "exhausted_late"] < "2024-11-15"
    assert table.loc["A", "probability"] > 0.99 and table.loc["A", "at_risk_eur"] > 0
    assert table.loc["B", ["exhausted", "probability", "at_risk_eur"]].tolist() == ["later", 0, 0]


def test_the_date_lies_within_its_month_as_far_as_the_money_goes():
    months = np.array([[310.0], [280.0], [310.0], *[[0.0]] * 9])  # 10 euros a day up to April

    days = [
        float(room._day_reached(months, amount, 2023)[0])
        for amount in (0.0, 309.0, 315.0, 590.0, 899.0, 901.0)
    ]

    assert days == [0, 30, 31, 59, 89, np.inf]


def test_without_agreements_there_is_no_room(cells):
    table = room.per_provider(
        room.looked_back(cells, "2024-08", MEMBERS),
        agreed()["agreements"],
        members=MEMBERS,
        samples=100,
        rng=np.random.default_rng(1),
    )

    assert table.empty and list(table) == room.COLUMNS


def test_parts_add_up_to_the_forecast_of_the_whole_and_small_ones_are_one(cells):
    small = cells[cells["municipality_code"] == "GM9001"]
    whole_cells = pd.concat([cells, small.assign(care_form="gesloten"), small.assign(care_form="crisis")])
    found = year_end.looked_back(whole_cells, "2024-08")

    def told() -> dict[str, object]:
        return {"members": MEMBERS, "samples": 300, "rng": np.random.default_rng(1)}

    whole = year_end.forecast(found, agreed(), **told()).iloc[0]
    youths = pd.Series({"ggz": 400, "crisis": 30, "gesloten": 4})
    forms = breakdown.by(found, agreed(), "care_form", youths=youths, **told())
    towns = breakdown.by(found, agreed(), "municipality_code", **told())

    assert (
        set(forms["care_form"]) == {"ggz", breakdown.OTHER} and towns["municipality_code"].tolist() == MEMBERS
    )
    for table in (forms, towns):
        assert table["declared_eur"].sum() == pytest.approx(whole["declared_eur"])
        assert table["mean"].sum() == pytest.approx(whole["mean"])


def test_youths_at_risk_are_those_in_care_with_a_provider_that_runs_out():
    table = pd.DataFrame({"provider": ["A", "B"], "probability": [0.9, 0.1]})
    rows = [
        ("A", "x", "2024-01-01", None),
        ("A", "x", "2024-02-01", None),
        ("A", "y", "2024-01-01", "2024-03-01"),
        ("B", "z", "2024-01-01", None),
    ]
    running = pd.DataFrame(rows, columns=["provider", "client", "start_date", "stop_date"])

    found = room.youths_at_risk(
        table, running.assign(municipality_code="GM9000"), members=MEMBERS, day="2024-08-31"
    )

    assert found["youths"].tolist() == [1, 1]
    assert found["youths_at_risk"].tolist() == [1, 0]


def test_years_stand_side_by_side(cells, found):
    history = pd.DataFrame(
        {
            "area_code": [*MEMBERS, "GM9000"],
            "period": [2023, 2023, 2022],
            "cost_eur": [6e6, 5e6, 1.0],
            "clients": [10, 20, 5],
        }
    )

    table = reconciliation.by_year(
        found.completed, pd.DataFrame({"year": [2023], "clients": [31]}), agreed(), history, members=MEMBERS
    ).set_index("year")

    assert table.loc[2023, "completed_eur"] == pytest.approx(true_cost(cells, 2023), rel=1e-3)
    assert table.loc[2023, "ledger_eur"] == 11e6 and table.loc[2023, "cbs_clients"] == 30
    assert table.loc[2023, "explained_percent"] == pytest.approx(
        true_cost(cells, 2023) / 11e6 * 100, rel=1e-3
    )
    assert table.loc[2022, ["ledger_eur", "agreed_eur"]].isna().all()
