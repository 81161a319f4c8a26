"""The sentences of the first screen of all municipalities of the country, each number worked out again from the tables.

What is expected uses nothing of ``present.text.facts``: accounts, youths and use are added up from the history by
municipality, and everything about later years is counted in the futures themselves.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pytest

from analyse import compare, forecast, parameters, shared
from analyse.compare import choices
from analyse.history import panel
from analyse.parameters import Run
from analyse.present.exhibits import cards
from analyse.present.text.evidence import Evidence

RUN = Run(regions=parameters.COUNTRY, samples=200, horizon=4)
WHOLE = ["final", "provisional", "estimated"]
AMOUNT = re.compile(r"€\s(\d[\d.,]*)(?:\s(miljoen|miljard))?")
PERCENT = re.compile(r"([+−-]?\d[\d.,]*)\s?%")
SCALES = {"miljoen": 1e6, "miljard": 1e9, "": 1.0}


@dataclass
class Raw:
    """What the expected numbers are worked out from."""

    own: pd.DataFrame
    futures: pd.DataFrame
    regions: dict[str, str]


def amounts(text: str) -> list[tuple[float, float]]:
    """Amounts of a text in EUR, each with how far it may be from what it was rounded from."""
    found = []
    listed = list(AMOUNT.finditer(text))
    for place, one in enumerate(listed):
        later = listed[place + 1] if place + 1 < len(listed) else None
        shared_scale = later is not None and text[one.end() : later.start()] == " en "
        scale = one[2] or (later[2] if shared_scale else None) or ""
        digits = one[1].replace(".", "")
        decimals = len(digits.split(",")[1]) if "," in digits else 0
        value = float(digits.replace(",", "."))
        whole = str(int(value))
        zeros = len(whole) - len(whole.rstrip("0")) if not decimals and len(whole) > 2 else 0
        found.append((value * SCALES[scale], 0.5 * 10 ** (zeros - decimals) * SCALES[scale]))
    return found


def percents(text: str) -> list[float]:
    return [float(one.replace("−", "-").replace(".", "").replace(",", ".")) for one in PERCENT.findall(text)]


def close(text: str, *expected: float) -> bool:
    found = amounts(text)
    return len(found) == len(expected) and all(
        abs(value - wanted) <= off * 1.0001 + 1e-9
        for (value, off), wanted in zip(found, expected, strict=True)
    )


@pytest.fixture(scope="module")
def raw():
    tables = shared.tables(RUN)
    own = panel.build(tables, composition_year=RUN.composition_year)
    futures = shared.read("future", RUN)
    futures = futures[futures["area_code"].str.startswith("GM") & futures["stage"].eq("forecast")]
    members = compare.members(tables, "region", RUN.composition_year)
    return Raw(own, futures, {code: region for region, codes in members.items() for code in codes})


@pytest.fixture(scope="module")
def screens(raw):
    """The finding and the cards of every municipality, from one set of tables as a page has them."""
    tables = shared.tables(RUN)
    members = {code: [code] for code in raw.regions} | dict(
        compare.members(tables, "region", RUN.composition_year)
    )
    past, future = (shared.read(what, RUN) for what in ("past", "future"))
    summary = forecast.quantiles(future)
    risk = forecast.chance_budget_exceeded(future, past)
    residential = compare.residential_share(tables, members)
    by_area = {
        name: dict(list(frame.groupby("area_code", observed=True)))
        for name, frame in (
            ("past", past),
            ("summary", summary),
            ("risk", risk),
            ("residential", residential),
        )
    }
    found = {}
    for code, region in raw.regions.items():
        rows = {
            name: pd.concat([groups[one] for one in (code, region) if one in groups] or [past.iloc[:0]])
            for name, groups in by_area.items()
        }
        evidence = Evidence(
            *(rows[name] for name in ("past", "summary", "risk", "residential")),
            breaks=parameters.breaks(),
            flags=choices.flags(),
            members={one: members[one] for one in (code, region)},
        )
        finding = cards.finding(evidence, code).content["paragraphs"]
        shown = cards.first_screen(evidence, code, reference_code=region).content["cards"]
        found[code] = (" ".join(finding), shown)
    return found


def last_accounts(raw: Raw, code: str) -> pd.Series | None:
    rows = raw.own[raw.own["municipality_code"].eq(code)].dropna(subset=["cost_eur"])
    rows = rows[rows["period"].lt(raw.futures["period"].min() + 1)]
    return None if rows.empty else rows.sort_values("period").iloc[-1]


def ahead(raw: Raw, code: str, period: int) -> np.ndarray:
    rows = raw.futures[raw.futures["area_code"].eq(code) & raw.futures["period"].eq(period)]
    return rows["cost_eur"].to_numpy()


def test_all_municipalities_have_a_first_screen(screens):
    assert len(screens) == 342
    assert all(finding and len(shown) == 5 for finding, shown in screens.values())


def test_every_finding_has_the_accounts_and_the_quantiles_of_the_futures(raw, screens):
    checked, wrong = 0, {}
    for code, (finding, _) in screens.items():
        last = last_accounts(raw, code)
        if last is None or last["status"] not in WHOLE:
            continue
        target = int(last["period"]) + 3
        low, middle, high = np.quantile(ahead(raw, code, target), [0.1, 0.5, 0.9])
        checked += 1
        if not close(finding, last["cost_eur"], middle, low, high) or f"in {target}" not in finding.lower():
            wrong[code] = (finding, last["cost_eur"], middle, low, high)
        said = next(word for word in ("stijgt", "daalt", "gelijk") if word in finding)
        rises, falls = low > last["cost_eur"], high < last["cost_eur"]
        if "waarschijnlijk" not in finding and (said == "stijgt") != rises and (said == "daalt") != falls:
            wrong[code] = (finding, "trend")
    assert checked > 250
    assert wrong == {}


def test_every_card_of_costs_is_costs_by_youths_beside_the_region(raw, screens):
    own = raw.own.assign(region=raw.own["municipality_code"].map(raw.regions))
    whole = own["status"].isin(WHOLE)
    sums = (
        own.assign(whole=whole)
        .groupby(["region", "period"])
        .agg(cost=("cost_eur", "sum"), youths=("youths", "sum"), whole=("whole", "all"))
    )
    checked, wrong = 0, {}
    for code, (_, shown) in screens.items():
        year = re.search(r", (\d{4})$", shown[0]["label"])
        if not year:
            continue
        period = int(year[1])
        rows = raw.own[raw.own["municipality_code"].eq(code)].set_index("period")
        rate = rows["cost_eur"] / rows["youths"]
        checked += 1
        if not close(shown[0]["value"], rate[period]):
            wrong[code] = (shown[0]["value"], rate[period])
        details = " ".join(shown[0]["details"])
        more = re.search(r"([\d.,]+\s%) (meer|minder) dan in (\d{4})", details)
        if more:
            change = 100 * (rate[period] / rate[int(more[3])] - 1)
            if abs(abs(change) - percents(more[1])[0]) > 0.51 or (change > 0) != (more[2] == "meer"):
                wrong[code] = (details, change)
        place = re.search(r"(Hoger dan|Lager dan|Ongeveer gelijk aan) [^€.]*\((€[^)]*)\)", details)
        if place and (beside := sums.loc[(raw.regions[code], period)])["whole"]:
            there = beside["cost"] / beside["youths"]
            apart = rate[period] / there - 1
            word = "Ongeveer" if abs(apart) <= 0.05 else "Hoger" if apart > 0 else "Lager"
            if not place[1].startswith(word) or not close(place[2], there):
                wrong[code] = (details, rate[period], there)
    assert checked > 250
    assert wrong == {}


def test_every_card_of_use_is_users_by_youths(raw, screens):
    checked, wrong = 0, {}
    for code, (_, shown) in screens.items():
        year = re.search(r", (\d{4})$", shown[1]["label"])
        value = re.search(r"[\d,]+$", shown[1]["value"])
        if not year or not value:
            continue
        row = raw.own[raw.own["municipality_code"].eq(code) & raw.own["period"].eq(int(year[1]))].iloc[0]
        wanted = 100 * row["clients"] / row["youths_0_22"]
        checked += 1
        if abs(float(value[0].replace(",", ".")) - wanted) > 0.0501:
            wrong[code] = (shown[1]["value"], wanted)
    assert checked > 330
    assert wrong == {}


def test_every_expected_change_and_chance_is_counted_in_the_futures(raw, screens):
    checked, wrong = 0, {}
    for code, (_, shown) in screens.items():
        last = last_accounts(raw, code)
        if last is None or last["status"] not in WHOLE or "%" not in shown[2]["value"]:
            continue
        values = 100 * (ahead(raw, code, int(last["period"]) + 3) / last["cost_eur"] - 1)
        wanted = np.quantile(values, [0.5, 0.1, 0.9])
        said = percents(shown[2]["value"]) + percents(shown[2]["details"][0])[1:]
        checked += 1
        if len(said) != 3 or np.abs(np.array(said) - wanted).max() > 0.51:
            wrong[code] = (said, wanted)
        year = re.search(r"\d{4}", shown[3]["label"])
        budgets = raw.own[raw.own["municipality_code"].eq(code)].set_index("period")["budget_eur"]
        if year and (chances := percents(shown[3]["value"])):
            highest = 100 * float((ahead(raw, code, int(year[0])) > budgets[int(year[0])]).mean())
            if abs(chances[-1] - highest) > 1.01 and not re.search("meer|minder", shown[3]["value"]):
                wrong[code] = (shown[3]["value"], highest)
    assert checked > 250
    assert wrong == {}


def test_another_number_would_be_noticed(raw, screens):
    """The check itself: one digit more in a sentence is not the number of the accounts."""
    finding, _ = screens["GM0503"]
    last = last_accounts(raw, "GM0503")
    low, middle, high = np.quantile(ahead(raw, "GM0503", int(last["period"]) + 3), [0.1, 0.5, 0.9])
    first = AMOUNT.search(finding)[1]

    assert close(finding, last["cost_eur"], middle, low, high)
    other = first[:-1] + str((int(first[-1]) + 1) % 10)
    assert not close(finding.replace(first, other, 1), last["cost_eur"], middle, low, high)
