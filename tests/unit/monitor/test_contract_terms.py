"""Contracts as dates, prices and shares, of which the truth is known; and the agreed framework."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from analyse.errors import DataError
from analyse.monitor import agreed_framework, contract_terms, duration, room, waiting
from analyse.present import monitor
from analyse.sources.declarations import contracts

MEMBERS = ["GM0001", "GM0002"]


@pytest.fixture(scope="module")
def cells(cells_of) -> pd.DataFrame:
    """Provider A is three times as large in the first municipality; everything is declared in its own month."""
    parts = [("GM0001", "ggz", 3_000_000), ("GM0002", "ggz", 1_000_000), ("GM0001", "crisis", 1_000_000)]
    months = pd.date_range("2020-01-01", "2024-12-01", freq="MS")
    return cells_of(
        [(code, form, "99900001", month, 0, cents) for month in months for code, form, cents in parts]
    )


def proposal(**changes: object) -> pd.DataFrame:
    row = {
        "provider": "99900001",
        "care_form": None,
        "starts_on": "2025-01-01",
        "change_percent": 3.0,
    } | changes
    return pd.DataFrame([row])


def effects(cells: pd.DataFrame, table: pd.DataFrame) -> pd.DataFrame:
    found = room.looked_back(cells, "2024-09", MEMBERS)
    told = {"samples": 200, "rng": np.random.default_rng(1)}
    return contract_terms.effects(table, found, cells, **told).set_index("municipality_code")


def test_a_proposed_tariff_costs_its_part_of_the_year_and_municipalities_add_up(cells):
    found = effects(cells, proposal())

    assert found.loc["", "mean"] == pytest.approx(0.03 * 12 * 50_000, rel=0.01)
    assert found.loc["GM0001", "mean"] == pytest.approx(0.8 * found.loc["", "mean"], rel=1e-9)
    assert found.loc[MEMBERS, "mean"].sum() == pytest.approx(found.loc["", "mean"])
    assert (found["q0.1"] <= found["mean"]).all() and (found["mean"] <= found["q0.9"]).all()


def test_a_proposal_for_one_form_counts_that_form_and_a_lower_tariff_saves(cells):
    found = effects(cells, proposal(care_form="crisis", change_percent=-10.0))

    assert found.loc["", "mean"] == pytest.approx(-0.1 * 12 * 10_000, rel=0.01)
    assert effects(cells, proposal(provider="99900099")).empty


def test_what_a_page_hides_of_a_provider_is_hidden_in_what_its_tariff_costs(cells):
    found = effects(cells, proposal()).reset_index()
    page = monitor.Page("Regio", False)
    called = dict(zip(MEMBERS, ("Een", "Twee"), strict=True))

    open_, shut = (
        monitor.sections.agreed_terms.tariff_effects(found, page, closed=closed, called=called)
        for closed in ({}, {"GM0002": frozenset({"99900001"}), "": frozenset({"99900001"})})
    )

    assert [row[4] for row in open_.table.cells] == ["Alle gemeenten samen", "Een", "Twee"]
    assert [row[4] for row in shut.table.cells] == ["Een"]


def test_care_of_one_provider_is_concentrated_and_of_four_equal_ones_is_not():
    many = pd.DataFrame({"care_form": "ggz", "provider": list("abcd"), "clients": 20, "cost_eur": 25.0})
    one = pd.DataFrame(
        {"care_form": "crisis", "provider": ["a", "b"], "clients": 20, "cost_eur": [100.0, 0.0]}
    )

    found = contract_terms.concentration(pd.concat([many, one])).set_index("care_form")

    assert found.loc["ggz", ["providers", "largest_three", "equal_providers"]].tolist() == [4, 0.75, 4]
    assert found.loc["crisis", ["providers", "equal_providers"]].tolist() == [1, 1]
    assert not found["told"].any()


def test_the_share_of_three_providers_is_left_out_where_it_tells_the_amount_of_a_fourth_with_few_youths():
    """Of € 100 three providers have € 80: the fourth, with four youths, has the € 20 that are left."""
    cells = pd.DataFrame(
        {
            "care_form": ["ggz"] * 4 + ["wonen"] * 5,
            "provider": [*"abcd", *"abcde"],
            "clients": [40, 30, 20, 4, 40, 30, 20, 4, 4],
            "cost_eur": [40.0, 20.0, 20.0, 20.0, 40.0, 20.0, 20.0, 10.0, 10.0],
        }
    )
    found = contract_terms.concentration(cells)
    page = monitor.Page("Delft", False)

    shown = monitor.sections.agreed_terms.concentration(
        found, page, youths=pd.Series({"ggz": 90.0, "wonen": 90.0})
    )

    assert found.set_index("care_form")["told"].to_dict() == {"ggz": True, "wonen": False}
    assert [row[0] for row in shown.table.cells] == ["wonen"]


def test_contracts_that_do_not_run_or_end_later_are_not_in_the_calendar():
    rows = [
        ("a", "2024-01-01", "2025-06-30"),
        ("b", "2020-01-01", "2024-06-30"),
        ("c", "2024-01-01", "2030-12-31"),
    ]
    table = pd.DataFrame(rows, columns=["provider", "starts_on", "ends_on"])
    table = table.assign(notice_days=pd.array([None, 30, 30], dtype="Int64"), renewal_months=None)

    found = contract_terms.calendar(table, "2024-09-30")

    assert found[["provider", "notice_by", "days_left", "renewed_until"]].to_numpy().tolist() == [
        ["a", "2025-06-30", 273, ""]
    ]


@pytest.mark.parametrize(("name", "text", "said"), [
    ("calendar", "provider,starts_on,ends_on\n99900001,ooit,2024-12-31\n", "a day such as 2026-01-01"),
    ("proposals", "provider,starts_on,change_percent\n99900001,2025-01-01,-95\n", "at least -90"),
    ("framework", "care_form,agreed_months\nwonen,6\n", "one of "),
])  # fmt: skip
def test_a_wrong_value_is_refused_with_its_row(tmp_path, name, text, said):
    (tmp_path / f"{name}.csv").write_text(text)

    with pytest.raises(DataError, match=said):
        contracts.read(tmp_path)


def test_the_framework_says_which_part_lasts_longer_than_agreed_also_of_a_product():
    start = pd.Timestamp("2022-01-01")
    days = [100] * 30 + [400] * 10
    made = pd.DataFrame({"client": range(40), "provider": "p", "care_form": "ggz", "start_date": start,
                         "product_code": ["54001"] * 20 + ["54002"] * 20,
                         "stop_date": [start + pd.Timedelta(days=one) for one in days]})  # fmt: skip
    agreed = pd.DataFrame({"care_form": "ggz", "product_code": [None, "54002"], "agreed_months": [6.0, 6.0],
                           "agreed_per_week": [2.0, None], "unit": ["04", None]})  # fmt: skip
    delivered = pd.DataFrame({"care_form": "ggz", "unit": "04", "volume": [30.0], "weeks": [10.0]})

    durations = duration.observed(made, "2024-12-31")
    found = agreed_framework.beside(agreed, durations, delivered)

    assert found["longer"].tolist() == [0.25, 0.5] and found["per_week"].iloc[0] == 3.0
    assert np.isnan(found["per_week"].iloc[1]), "volumes are not known by product"
    judged = agreed_framework.by_provider(agreed, duration.funnel(durations))
    assert judged["agreed_months"].tolist() == [6.0]


def test_waiting_that_got_longer_with_one_provider_is_called_a_rise():
    rng, parts = np.random.default_rng(1), []
    for provider, weeks in (("a", (6, 14)), *((name, (6, 6)) for name in "bcd")):
        for year, mean in zip((2023, 2024), weeks, strict=True):
            day = pd.Timestamp(year, 1, 1) + pd.to_timedelta(rng.integers(0, 364, 200), unit="D")
            waited = pd.to_timedelta(rng.exponential(mean * 7, 200), unit="D")
            one = {"provider": provider, "allocated_on": day, "start_date": day + waited, "stop_date": pd.NaT}
            parts.append(pd.DataFrame(one))
    found = waiting.by_provider(pd.concat(parts), "2024-12-31", norm_weeks=10).set_index("provider")

    assert found["trend"].to_dict() == {"a": "rises", "b": "unclear", "c": "unclear", "d": "unclear"}
    assert found.loc["a", "beyond_norm"] == pytest.approx(np.exp(-10 / 14), abs=0.08)
    assert found.loc["a", "beyond_before"] == pytest.approx(np.exp(-10 / 6), abs=0.08)
