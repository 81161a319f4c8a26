"""A store with too few months to complete: what was declared is shown, the rest says why not, nothing is guessed."""

from __future__ import annotations

import datetime
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analyse.history import completion
from analyse.monitor import duration, inputs, integrity_trends, multi_year, room, year_end
from analyse.present.exhibits.exhibit import Exhibit
from analyse.sources import declarations
from analyse.sources.declarations import contracts
from analyse.sources.declarations.demo import message_files, settings, simulation
from tests import declaration_page

MEMBERS = ["GM0503"]


def cells(months: int, first: str = "2023-01") -> pd.DataFrame:
    """One provider that declares half after one month and half after two."""
    periods = pd.period_range(first, periods=months, freq="M").to_timestamp()
    frame = pd.DataFrame({"product_month": np.repeat(periods, 2), "development_month": [1, 2] * months})
    return frame.assign(
        municipality_code="GM0503", care_form="ggz", provider="99900001", amount_cents=50_000_00
    )


@pytest.mark.parametrize(("months", "enough"), [(12, False), (20, False), (30, False), (31, True)])
def test_what_is_still_to_come_is_told_from_31_months_on(months, enough):
    known = cells(months)
    cut_off = str(known["product_month"].max().date())[:7]

    found = year_end.known(known, cut_off)
    row = year_end.forecast(
        found, contracts.read(None), members=MEMBERS, samples=200, rng=np.random.default_rng(1)
    )

    assert completion.short.months(known, cut_off) == months
    assert year_end.long_enough(known, cut_off) is enough
    assert row[["mean", "q0.1", "q0.9", "completed_eur"]].notna().all(axis=None) == enough
    this_year = known[(known["product_month"].dt.year == int(cut_off[:4]))]
    arrived = this_year["product_month"].dt.to_period("M") + this_year["development_month"] <= pd.Period(
        cut_off
    )
    assert row["declared_eur"].item() == this_year.loc[arrived, "amount_cents"].sum() / 100


def test_a_municipality_that_has_just_come_has_too_few_months_of_its_own():
    both = pd.concat([cells(40, "2020-09"), cells(12).assign(municipality_code="GM0518")])
    told = {
        "contracts": contracts.read(None),
        "cut_off": "2023-12",
        "months": 2,
        "samples": 100,
        "hidden": {},
    }

    old, new = (
        year_end.track(both, members=[code], rng=np.random.default_rng(1), **told)
        for code in ("GM0503", "GM0518")
    )

    assert old["mean"].notna().all() and len(old) == 2
    assert new["mean"].isna().all() and new["declared_eur"].tolist() == [1_050_000]


def test_a_correction_of_long_ago_is_no_history():
    stray = cells(1, "2019-04").assign(amount_cents=100)

    assert completion.short.months(pd.concat([stray, cells(12)]), "2023-12") == 12
    assert completion.short.months(cells(12), "2022-12") == 0


def test_a_month_before_there_was_enough_has_no_forecast_and_is_left_out():
    found = year_end.track(
        cells(32),
        contracts.read(None),
        "2025-08",
        months=3,
        hidden={},
        members=MEMBERS,
        samples=100,
        rng=np.random.default_rng(1),
    )

    assert found["cut_off"].tolist() == ["2025-07", "2025-08"] and found["mean"].notna().all()


def test_room_and_years_ahead_are_missing_and_not_zero():
    agreed = pd.DataFrame({"provider": ["99900001"], "municipality_code": "GM0503", "year": 2023})
    agreed = agreed.assign(agreed_cents=10**8)
    told = {"members": MEMBERS, "samples": 100, "rng": np.random.default_rng(1)}

    left = room.per_provider(room.looked_back(cells(12), "2023-12", MEMBERS), agreed, **told).iloc[0]
    futures = pd.DataFrame(
        [("GM0503", year, sample, 1e6) for year in (2023, 2024) for sample in range(100)],
        columns=["area_code", "period", "sample", "cost_eur"],
    )
    ahead = multi_year.paths(
        year_end.known(cells(12), "2023-12"),
        futures,
        contracts.read(None),
        areas={"GM0503": MEMBERS},
        rng=np.random.default_rng(1),
    )

    assert left["declared_eur"] == 1_050_000 and left["agreed_eur"] == 1e6
    assert left[["expected_eur", "q0.1", "q0.9", "probability", "at_risk_eur", "exhausted"]].isna().all()
    assert len(ahead) == 200 and ahead["cost_eur"].isna().all()


def test_a_year_without_lines_has_no_share_and_no_trend():
    totals = pd.DataFrame(
        {"rule": "late", "year": [2024], "lines": [100], "amount_cents": 100, "clients": 50}
    )
    lines = pd.DataFrame({"year": [2024], "lines": [10_000]})

    row = integrity_trends.by_rule(totals, lines, totals.assign(provider="99900001"), year=2024).iloc[0]
    firms = integrity_trends.by_provider(totals.assign(provider="99900001"), year=2024)

    assert row["per_mille"] == 10 and np.isnan(row["per_mille_before"]) and np.isnan(row["change"])
    assert [name for name in firms if name.startswith("lines_")] == ["lines_2024"]


def test_who_is_followed_for_less_than_a_year_has_not_stayed_away_for_one():
    left = pd.DataFrame({"client": ["a", "b"], "care_form": "ggz"})
    left = left.assign(start_date="2024-01-01", stop_date="2024-06-30")

    found = duration.returning(left, "2024-12-31")

    assert found["left"].item() == 2 and found[["returned", "q0.025", "q0.975"]].isna().all(axis=None)


def test_a_store_that_begins_halfway_a_year_has_that_year_and_none_to_compare_it_with(stored):
    seen = replace(inputs.read(stored.store, stored.contracts), cells=cells(7, "2024-03"))

    now, before = (seen.quantities_until(year, MEMBERS) for year in (2024, 2023))

    assert seen.first_month(MEMBERS) == "2024-03" and seen.settled_year(MEMBERS) == 2024
    assert len(now.cells) and before.cells.empty and seen.whole_year(2024, MEMBERS).cells.empty
    assert seen.span(MEMBERS) == {"first": "2024-03", "last": "2024-09"}


def page(folder: Path, years: range, until: datetime.date) -> list[Exhibit]:
    """Everything that the notebook shows of a store with these years of simulated care."""
    targets = pd.DataFrame(
        {
            "municipality_code": "GM0503",
            "year": list(years),
            "clients": 60.0,
            "cost_eur": 6e5,
            "budget_eur": 6e5,
            "residential_share": 0.07,
        }
    )
    message_files.write(
        simulation.simulate(targets, settings.load(), seed=4), folder / "demo", until=until, formats=("xml",)
    )
    declarations.read([folder / "demo" / "berichten"], folder / "store", key=folder / "key")
    return declaration_page.of(folder / "store", folder / "demo" / "contracts")


@pytest.mark.parametrize(("years", "until", "months"), [
    (range(2024, 2025), datetime.date(2024, 12, 31), 12), (range(2023, 2025), datetime.date(2024, 8, 31), 20),
])  # fmt: skip
def test_the_page_of_a_short_store_shows_what_came_in_and_says_what_needs_more(
    tmp_path, years, until, months
):
    shown = page(tmp_path, years, until)

    said = " ".join(text for one in shown for text in (one.content or {}).get("paragraphs", []))
    cells = [text for one in shown if one.table for row in one.table.cells for text in row]
    titles = [one.title for one in shown]
    needed = f"Er zijn declaraties van {months} maanden; om te zeggen wat er nog komt, zijn er 31 nodig."
    assert said.count(needed) == 3 and f"van de zorg van {until.year} tot en met" in said
    assert ("elke maand van het jaar ervoor" in said) == (months == 12)
    assert any("is tot nu toe" in one and "gedeclareerd" in one for one in titles)
    assert any("alle zorgvormen" in one for one in titles) and any("aanbieders" in one for one in titles)
    assert any("wacht" in one for one in titles) and any("gestart" in one for one in titles)
    assert any("regels voor declaraties" in one for one in titles)
    assert not any("nan" in one.lower().split() for one in [*cells, *titles, said])
    estimated = [one for one in shown if one.table and "vormen van hulp komt de duur" not in one.title]
    assert not any("80" in one.label for made in estimated for one in made.table.columns)
