"""What the pages of all municipalities of the country say to decide by, each number worked out again from the tables.

What is expected uses nothing of ``present.text.facts``: accounts, youths and use are added up from the history by
municipality, and everything about later years is counted in the futures themselves.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from analyse import compare, forecast, parameters, scenario, shared
from analyse.compare import choices, form_costs
from analyse.history import boundaries, panel
from analyse.parameters import Run
from analyse.present.exhibits import cards
from analyse.present.pages import care_form_costs, one_area, questions
from analyse.present.scenario import fitting_measures
from analyse.present.text import facts
from analyse.present.text.evidence import Evidence

RUN = Run(regions=parameters.COUNTRY, samples=200, horizon=4)
WHOLE = ["final", "provisional", "estimated"]
AMOUNT = re.compile(r"€\s(\d[\d.,]*)(?:\s(miljoen|miljard))?")
PERCENT = re.compile(r"([+−-]?\d[\d.,]*)\s?%")
NAN = float("nan")
SCALES = {"miljoen": 1e6, "miljard": 1e9, "": 1.0}


@dataclass
class Raw:
    """What the expected numbers are worked out from."""

    own: pd.DataFrame
    futures: pd.DataFrame
    regions: dict[str, str]
    subcodes: dict[tuple[str, int, str], pd.Series]
    """Municipality of today, year and report -> costs by sub-code."""
    referrers: dict[str, pd.Series]
    """Municipality of today -> periods of care by who began them and in total, in the last year counted."""


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
    usage = tables["usage"].query("measure == 'trajectories' and breakdown in ('referrer', 'total')")
    usage = usage[usage["year"].eq(usage["year"].max())]
    booked, begun = (
        rows.assign(code=boundaries.current_codes(rows["municipality_code"], tables))
        for rows in (tables["costs_subcode"], usage)
    )
    return Raw(
        own,
        futures,
        {code: region for region, codes in members.items() for code in codes},
        {
            key: rows.groupby("subcode")["cost_eur"].sum(min_count=len(set(rows["municipality_code"])))
            for key, rows in booked.groupby(["code", "year", "report"])
        },
        {code: rows.groupby("category")["count"].sum() for code, rows in begun.groupby("code")},
    )


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


THIRD = 3
"""The measures and questions of one municipality take a second: of every third one they are worked out again."""


@dataclass
class Decided:
    """What the page of one municipality says to decide by, and the futures that its measures are worked out on."""

    inputs: scenario.Inputs
    measures: list[dict]
    questions: dict[str, str]
    """What was asked -> the figure that raised it."""
    by_form: str


@pytest.fixture(scope="module")
def decided(raw):
    found = {}
    for code in list(raw.regions)[::THIRD]:
        page = one_area.read(RUN, code)
        inputs = scenario.of(RUN, code, version="1")
        mix = compare.mix(page.nearby, page.members, breakdown="referrer")
        beside = SimpleNamespace(seen=inputs, hidden="", payload={"language": "nl"})
        asked = questions.shown(page, inputs, page.costs, parameters.questions())
        found[code] = Decided(
            inputs,
            fitting_measures.shown(beside, mix).content["cards"],
            dict(asked.content["items"]),
            care_form_costs.by_form(page.costs, inputs, year=inputs.years[2]).title,
        )
    return found


def test_every_card_of_residence_is_the_share_that_cbs_published(raw, screens):
    published = shared.tables(RUN)["usage_indicators"].query(
        "indicator == 'residential care, share of youth help'"
    )
    checked, wrong = 0, {}
    for code, (_, shown) in screens.items():
        year, said = re.search(r", (\d{4})$", shown[4]["label"]), percents(shown[4]["value"])
        rows = published[published["municipality_code"].eq(code)]
        value = rows.loc[rows["year"].eq(int(year[1])), "value_percent"].dropna() if year else []
        if said and len(value):  # not of who was put together of several after that year
            checked += 1
            if len(value) != 1 or abs(said[0] - float(value.iloc[0])) > 0.0501:
                wrong[code] = (shown[4]["value"], value.tolist())
    assert checked > 300
    assert wrong == {}


def test_every_head_has_the_last_years_that_are_known(raw):
    past, wrong = dict(list(shared.read("past", RUN).groupby("area_code", observed=True))), {}
    for code in raw.regions:
        said = facts.dates(past[code], code)
        rows = raw.own[raw.own["municipality_code"].eq(code)].set_index("period")
        known = {
            "accounts": rows["cost_eur"].dropna(),
            "use": rows["clients"].dropna(),
            "budget": rows.loc[rows["budget_status"].isin(WHOLE), "budget_eur"].dropna(),
        }
        expected = {name: int(values.index.max()) for name, values in known.items() if len(values)}
        if said != expected:
            wrong[code] = (said, expected)
    assert wrong == {}


def test_every_measure_has_the_difference_the_chance_and_the_part_of_the_costs_of_its_futures(raw, decided):
    levers = {lever.title.nl: lever for lever in scenario.levers()}
    checked, wrong = 0, {}
    for code, one in decided.items():
        inputs = one.inputs
        for card in one.measures:
            lever = levers[card["label"]]
            changed = (scenario.run(inputs, {lever.id: lever.default}).cost_eur - inputs.cost_eur)[-1]
            nothing = fitting_measures.NOTHING * np.median(inputs.cost_eur[-1])
            ends = np.quantile(changed, [0.1, 0.5, 0.9])
            low, _, high = ends = np.where(np.abs(ends) < nothing, 0.0, ends)
            said = amounts(card["value"])
            wanted = {
                "niet zeker": [-low, high],
                "hoogstens": [max(-low, high)],
                "geen verschil": [],
            }
            kind = next((name for name in wanted if name in card["value"]), None)
            expected = wanted[kind] if kind else [abs(ends[1]), *sorted([abs(low), abs(high)])]
            reach = np.median(inputs.form_cost[:, -1], axis=1)
            part = sum(reach[inputs.forms.index(form)] for form in lever.forms) / reach.sum()
            shares = percents(card["details"][0])
            referred = raw.referrers.get(code, pd.Series(dtype=float))
            begun = (
                100 * referred.get(lever.referrer, NAN) / referred.get("total", NAN)
                if lever.referrer
                else NAN
            )
            checked += 1
            fits = len(said) == len(expected) and all(
                abs(value - amount) <= off * 1.01 + 1
                for (value, off), amount in zip(said, expected, strict=True)
            )
            chance = percents(card["choices"][0][0])[0]
            near = abs(chance - 100 * float((changed < 0).mean())) <= 1.01
            reached = abs(shares[0] - 100 * part) <= 0.51
            if len(shares) > 1 and abs(shares[1] - begun) > 0.51:
                reached = False
            if not (fits and near and reached):
                wrong[code, lever.id] = (card["value"], ends, chance, shares, part, begun)
    assert checked > 300
    assert wrong == {}


FIGURES = {
    "zo vaak meer uit": "often",
    "groei van de begroting": "jump",
    "Welk deel van het verschil": "beside",
    "Krijgen jongeren hier op tijd": "beside",
    "afspraken zijn er met huisartsen": "referred",
    "wat de regio inkoopt": "region",
    "waar het meeste geld heen gaat": "largest",
    "Welke reserve hoort": "reserve",
    "Welke uitgaven wijken": "change",
}


def figures_of(raw: Raw, code: str) -> dict[str, list[float]]:
    """The numbers that a question of a municipality can name, in per cent, times or EUR."""
    rows = raw.own[raw.own["municipality_code"].eq(code)].set_index("period").sort_index()
    both = rows[rows["status"].isin(WHOLE) & rows["budget_status"].isin(WHOLE)]
    over = both["cost_eur"] > both["budget_eur"]
    whole = rows.loc[rows["budget_status"].isin(WHOLE), "budget_eur"]
    last = whole.index[whole.index <= rows["cost_eur"].last_valid_index() + 2].max() if len(whole) else None
    cost = rows["cost_eur"].dropna()
    forms = [form.subcodes for form in scenario.care_forms().forms if form.subcodes]
    booked = raw.subcodes.get((code, 2023, "accounts"), pd.Series(dtype=float))
    spent = pd.Series([booked.reindex(codes).sum(min_count=len(codes)) for codes in forms]).dropna()
    bought = raw.subcodes.get((code, 2025, "budget"), pd.Series(dtype=float))
    bought = bought[bought.index.str.fullmatch(r"6\.7[56][123]")]
    begun = raw.referrers.get(code, pd.Series(dtype=float))
    there = raw.own[raw.own["municipality_code"].map(raw.regions).eq(raw.regions[code])]
    there = there[there["period"].eq(cost.index.max())]
    rate = there["cost_eur"].sum() / there["youths"].sum()
    own = rows.loc[cost.index.max(), "cost_eur"] / rows.loc[cost.index.max(), "youths"]
    return {
        "often": [float(over.sum()), float(len(over))],
        "jump": [abs(100 * (whole.get(last, NAN) / whole.get((last or 0) - 1, NAN) - 1))],
        "beside": [abs(100 * (own / rate - 1))],
        "referred": [100 * begun.get("general practitioner", NAN) / begun.get("total", NAN)],
        "region": [100 * bought[bought.index.str.endswith("2")].sum() / bought.sum()],
        "largest": [100 * spent.max() / spent.sum()] if spent.sum() else [],
        "reserve": [float(np.quantile(ahead(raw, code, 2027), 0.9))],
        "change": [100 * (np.median(ahead(raw, code, int(cost.index.max()) + 3)) / cost.iloc[-1] - 1)],
    }


def test_every_question_names_the_figure_that_the_tables_have(raw, decided):
    checked, wrong = dict.fromkeys(FIGURES.values(), 0), {}
    for code, one in decided.items():
        known = figures_of(raw, code)
        for asked, raised in one.questions.items():
            name = next((name for begin, name in FIGURES.items() if begin in asked), None)
            if name is None:
                continue
            checked[name] += 1
            if name == "often":
                right = [
                    float(found) for found in re.findall(r"(\d+) van de (\d+) jaar", raised)[0]
                ] == known[name]
            elif name == "reserve":
                right = close(raised, *known[name])
            else:
                right = abs(percents(raised)[0] - known[name][0]) <= 0.51
            if not right:
                wrong[code, name] = (raised, known[name])
    assert min(checked.values()) > 0 and sum(checked.values()) > 300, checked
    assert wrong == {}


def test_every_title_of_the_money_has_the_largest_form(raw, decided):
    checked, wrong = 0, {}
    for code, one in decided.items():
        booked = raw.subcodes.get((code, 2023, "accounts"), pd.Series(dtype=float))
        forms = {
            form.title.nl: booked.reindex(form.subcodes).sum(min_count=len(form.subcodes))
            for form in scenario.care_forms().forms
            if form.subcodes
        }
        if "het meeste geld gaat naar" in one.by_form:
            name = max((found for found in forms if forms[found] == forms[found]), key=forms.get)
            checked += 1
            if name.lower() not in one.by_form.lower() or not close(one.by_form, forms[name]):
                wrong[code] = (one.by_form, name, forms[name])
    assert checked > 90
    assert wrong == {}


def test_every_title_of_who_buys_has_the_largest_buyer_and_its_part(raw):
    tables, members = shared.tables(RUN), {code: [code] for code in raw.regions}
    youths = raw.own.rename(columns={"municipality_code": "area_code", "municipality": "area"})
    costs = dict(list(form_costs.costs_by_form(tables, youths, members).groupby("area_code", observed=True)))
    checked, wrong = 0, {}
    for code in raw.regions:
        bought = raw.subcodes.get((code, 2025, "budget"), pd.Series(dtype=float))
        bought = bought[bought.index.str.fullmatch(r"6\.7[56][123]")]
        if code not in costs or bought.sum() <= 0:
            continue
        said = care_form_costs.bought(costs[code], area=code).title
        by = bought.groupby(bought.index.str[-1]).sum()
        buyer = {"1": "lokaal", "2": "door de regio", "3": "landelijk"}[by.idxmax()]
        checked += 1
        if buyer not in said or abs(percents(said)[0] - 100 * by.max() / by.sum()) > 0.51:
            wrong[code] = (said, by.to_dict())
    assert checked > 300
    assert wrong == {}
