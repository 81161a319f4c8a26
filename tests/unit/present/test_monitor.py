"""Managing by declarations, shown: labelled where simulated, small counts neither there nor to be computed."""

from __future__ import annotations

import dataclasses
import json

import numpy as np
import pandas as pd
import pytest

from analyse import small_cells
from analyse.monitor.breakdown import OTHER
from analyse.present import monitor
from analyse.present.exhibits import picture
from analyse.present.exhibits.exhibit import Exhibit

SIMULATED = monitor.Page("Delft", True)
REAL = dataclasses.replace(SIMULATED, simulated=False)
FACTORS = ["youths", "trajectories", "mix", "volume", "tariff"]


def column(made: Exhibit, place: int) -> list[object]:
    return [row[place] for row in made.table.as_json()["values"]]


def texts(made: Exhibit) -> str:
    return " ".join(" ".join(row) for row in made.table.cells)


TRACK = pd.DataFrame(
    {
        "cut_off": ["2024-08", "2024-09"],
        "year": 2024,
        "declared_eur": [9e6, 11e6],
        "completed_eur": [13e6, 15e6],
        "mean": [20.4e6, 20.1e6],
        "q0.1": [19.8e6, 19.6e6],
        "q0.9": [21.0e6, 20.6e6],
        "budget_eur": 20e6,
        "probability": [0.7, 0.21],
    }
)
MONTHS = pd.DataFrame(
    {
        "period": ["2024-08", "2024-09", "2024-10"],
        "declared_eur": [1e6, 2e5, 0.0],
        "cost_eur": [1.5e6, 1.6e6, 1.6e6],
        "stage": ["completed", "completed", "forecast"],
    }
)
DRAWN = np.array([[1.4e6, 1.6e6], [1.3e6, 1.9e6], [1.2e6, 2.0e6]])
PROVIDERS = pd.DataFrame(
    {
        "provider": ["01010101", "02020202", "03030303"],
        "agreed_eur": 1e6,
        "declared_eur": 6e5,
        "completed_eur": 8e5,
        "expected_eur": [1.2e6, 0.9e6, 1.3e6],
        "q0.1": [1.1e6, 8e5, 1.2e6],
        "q0.9": [1.3e6, 1e6, 1.4e6],
        "probability": [0.98, 0.1, 1.0],
        "at_risk_eur": [2e5, 1e4, 3e5],
        "exhausted_early": ["2024-09-20", "later", "2024-08-01"],
        "exhausted": ["2024-10-17", "later", "2024-09-01"],
        "exhausted_late": ["2024-11-30", "later", "2024-10-01"],
        "youths": [43.0, 12.0, 7.0],
        "youths_at_risk": [43.0, 0.0, 7.0],
    }
)
LASTING = pd.DataFrame(
    {
        "care_form": ["ggz", "gesloten"],
        "trajectories": [123, 7],
        "running": [20, 1],
        "median_months": [7.5, 8.5],
        "q0.025": [7.0, 5.0],
        "q0.975": [8.0, 12.0],
        "mean_months": [9.0, 9.5],
        "standard_error": 0.1,
        "closed_only_months": 8.0,
    }
)
FUNNEL = pd.DataFrame(
    {
        "care_form": "ggz",
        "provider": ["01010101", "02020202"],
        "stops": [24, 96],
        "expected_stops": [48.2, 95.0],
        "mean_months": [20.0, 9.0],
        "target": 9.0,
        "between": 0.01,
        "by_size": 1.0,
        "wide_low_998": 5.0,
        "wide_high_998": 13.0,
        "signal": ["more", ""],
    }
)
WAITS = pd.DataFrame(
    {
        "care_form": ["ggz", "crisis"],
        "allocated": [203, 8],
        "waiting": 4,
        "withdrawn": [12, 1],
        "median_weeks": 3.2,
        "beyond_norm": [0.2, 0.9],
        "q0.025": 0.1,
        "q0.975": 0.95,
    }
)
FLOWS = pd.DataFrame(
    {
        "care_form": ["ggz"] * 2 + ["ambulant"] * 2 + ["crisis"] * 2,
        "period": ["2024-08", "2024-09"] * 3,
        "inflow": [20, 31, 40, 41, 2, 1],
        "outflow": [21, 30, 38, 40, 1, 2],
        "stock": [102, 103, 202, 203, 5, 4],
    }
)


def test_each_chart_and_table_of_simulated_declarations_says_so_and_no_other_does():
    made = [
        [
            monitor.track(TRACK, page),
            monitor.monthly(MONTHS, DRAWN, page),
            monitor.used(PROVIDERS, page),
            monitor.room(PROVIDERS, page),
            monitor.durations(LASTING, page),
            monitor.funnel(FUNNEL, page),
            monitor.standing_out(FUNNEL, page),
            monitor.waits(WAITS, page, norm_weeks=10),
            monitor.moves(FLOWS, page),
            monitor.moved(FLOWS, page),
        ]
        for page in (SIMULATED, REAL)
    ]

    for labelled, plain in zip(*made, strict=True):
        assert labelled.source.startswith("Gesimuleerde declaraties")
        assert labelled.table.caption.endswith("(gesimuleerde declaraties)")
        assert "esimuleerd" not in plain.source + plain.table.caption
        if labelled.drawing:
            marks = [one["text"] for one in labelled.drawing["layout"]["annotations"]]
            assert "Gesimuleerde declaraties" in marks
            assert picture.both({"data": labelled.drawing["data"], "layout": labelled.drawing["layout"]})


def test_the_finding_names_amount_interval_chance_and_the_forecast_of_a_month_before():
    said = monitor.finding(TRACK, REAL).content["paragraphs"][0].replace("\u00a0", " ")

    assert (
        "ongeveer € 20,1 miljoen uit aan de jeugdhulp van 2024 (80 % kans tussen € 19,6 en € 20,6 miljoen)"
        in said
    )
    assert "De kans dat er meer wordt uitgegeven is 1 van de 5 (21 %)" in said
    assert "Een maand eerder (augustus 2024) was de prognose € 20,4 miljoen" in said
    assert "€ 11,0 miljoen gedeclareerd" in said and "73 %" in said


def test_without_a_budget_it_says_what_to_do():
    said = monitor.finding(TRACK.assign(budget_eur=np.nan, probability=np.nan), REAL).content["paragraphs"][0]

    assert "budgets.csv" in said and "nan" not in said


def test_the_head_says_how_large_the_simulation_is():
    assert "10" in monitor.head(SIMULATED, "2024-09", scale=0.1).content["banner"]
    assert "omvang" not in monitor.head(SIMULATED, "2024-09", scale=1.0).content["banner"]
    assert monitor.head(REAL, "2024-09").content["banner"] == ""


def test_bars_of_a_month_stand_on_each_other():
    bars = [one for one in monitor.monthly(MONTHS, DRAWN, REAL).drawing["data"] if one["type"] == "bar"]

    tops = np.array([np.add(one["base"], one["y"]) for one in bars])
    assert tops.max(axis=0) == pytest.approx([1.5, 1.6, 1.6])
    assert bars[1]["base"][:2] == bars[0]["y"][:2]


def test_what_few_youths_cost_in_a_month_is_in_no_bar_title_or_table():
    few = MONTHS.assign(
        declared_eur=[1e6, np.nan, 0.0],
        declared_eur_status=["final", "suppressed", "final"],
        cost_eur_status="estimated",
    )
    made = monitor.monthly(few, DRAWN, REAL)
    bars = {one["name"]: one["y"] for one in made.drawing["data"] if one["type"] == "bar"}
    none = monitor.monthly(few.assign(declared_eur=[np.nan, np.nan, 0.0]), DRAWN, REAL)

    assert bars["gedeclareerd"] == [1.0, 0.0, 0.0] and bars["komt nog"] == [0.5, 0.0, 0.0]
    assert bars["gedeclareerd en wat nog komt"] == [0.0, 1.6, 0.0]
    assert "augustus 2024" in made.title and "minder dan tien jongeren" in made.note
    assert made.table.cells[1][1:3] == ("verborgen: het aantal is klein",) * 2
    assert "wat elke maand van de zorg uiteindelijk kost" in none.title and "%" not in none.title


@pytest.fixture
def table() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "provider": ["01010101", "02020202", "03030303", "04040404"],
            "before_eur": [100.0, 50.0, 20.0, 5.0],
            "after_eur": [160.0, 40.0, 30.0, 9.0],
            **dict.fromkeys(FACTORS, 1.0),
            "youths_before": [40.0, 30.0, 12.0, 4.0],
            "youths_after": [50.0, 9.0, 20.0, 6.0],
        }
    )


def test_small_rows_are_taken_together_with_one_that_is_not_small(table):
    shown = small_cells.merged(
        table, "provider", ["youths_before", "youths_after"], largest="after_eur", other="rest"
    )

    assert shown["provider"].tolist() == [
        "01010101",
        "rest",
    ]  # 02020202 and 04040404 are small, 03030303 covers them
    assert shown["after_eur"].sum() == table["after_eur"].sum()


def test_what_other_pages_would_tell_is_in_no_table_by_itself(table):
    """The plan of the set hides 01010101 here: no amount of it stands in the split, the room or the rules."""
    page = dataclasses.replace(REAL, apart={"provider": frozenset({"01010101"})})
    hits = pd.DataFrame({
        "rule": "late", "provider": ["01010101", "02020202"], "lines_2023": 50.0, "clients_2023": 30.0,
        "amount_eur": 9e3, "trend": "unclear",
    })  # fmt: skip

    assert "01010101" in texts(monitor.divided(table, REAL)) and "01010101" in texts(
        monitor.room(PROVIDERS, REAL)
    )
    assert "01010101" not in texts(monitor.divided(table, page))
    assert "01010101" not in texts(monitor.room(PROVIDERS, page))
    assert column(monitor.providers(hits, RULES, page, year=2023), 0) == ["02020202"]


@pytest.mark.parametrize("seed", range(20))
def test_what_is_taken_together_always_holds_ten_youths(seed):
    rng = np.random.default_rng(seed)
    rows = pd.DataFrame(
        {
            "provider": [f"{place:08d}" for place in range(15)],
            "cost": rng.lognormal(0, 1, 15),
            "now": rng.poisson(9, 15),
            "then": rng.poisson(12, 15),
        }
    )

    shown = small_cells.merged(rows, "provider", ["now", "then"], largest="cost", other="rest", most=6)

    rest = rows[~rows["provider"].isin(shown["provider"])]
    kept = rows[rows["provider"].isin(shown["provider"])]
    assert len(shown) <= 7 and shown["cost"].sum() == pytest.approx(rows["cost"].sum())
    assert (kept[["now", "then"]].ge(10) | kept[["now", "then"]].eq(0)).all(axis=None)
    for name in ("now", "then"):
        assert rest[name].max() >= 10 or not len(kept)


def test_the_split_by_provider_hides_the_small_and_adds_up(table):
    made = monitor.divided(table, REAL)

    assert "04040404" not in texts(made) and "Andere aanbieders" in texts(made)
    assert sum(column(made, 3)) == pytest.approx(table["after_eur"].sum() - table["before_eur"].sum())


def test_a_provider_with_few_youths_is_left_out_of_the_room():
    made = monitor.room(PROVIDERS, REAL)

    assert "03030303" not in texts(made) + monitor.used(PROVIDERS, REAL).alt
    assert "17\u00a0okt" in texts(made) and "na\u00a0het\u00a0jaar" in texts(made)
    assert column(made, 10) == [45, None]


def test_without_agreements_there_is_a_sentence():
    made = monitor.room(PROVIDERS.head(0), REAL)

    assert made.kind == "text" and "agreements.csv" in made.content["paragraphs"][0]


@pytest.mark.parametrize(
    "made",
    [
        monitor.durations(LASTING.head(0), REAL),
        monitor.waits(WAITS.head(0), REAL, norm_weeks=10),
        monitor.moves(FLOWS.head(0), REAL),
        monitor.returned(pd.DataFrame(columns=["care_form", "youths"]), REAL),
        monitor.intensities(pd.DataFrame(), pd.DataFrame(), REAL, year=2023),
    ],
)
def test_without_messages_a_part_says_what_is_missing(made):
    assert "JW301" in made.content["paragraphs"][0]


def test_forms_with_few_trajectories_are_left_out():
    assert column(monitor.durations(LASTING, REAL), 1) == [125]
    assert "crisis" not in texts(monitor.waits(WAITS, REAL, norm_weeks=10))


def test_flows_keep_their_total_and_no_small_number():
    made = monitor.moved(FLOWS, REAL)

    assert column(made, 0) == ["ambulante hulp", "Andere zorgvormen", "Totaal"]
    assert column(made, 3) == [205, 105, 310]
    assert all(small_cells.treated(value) for row in made.table.as_json()["values"] for value in row[1:])


@pytest.mark.parametrize(
    ("stopped", "said"),
    [(200, "meer trajecten gestart"), (395, "ongeveer evenveel"), (700, "meer trajecten gestopt")],
)
def test_a_direction_of_flows_is_told_only_beyond_chance(stopped, said):
    moves = pd.DataFrame(
        {
            "care_form": "ggz",
            "period": ["2024-08", "2024-09"],
            "inflow": 200,
            "outflow": stopped // 2,
            "stock": 500,
        }
    )

    assert said in monitor.moves(moves, REAL).title


def test_the_years_ahead_have_their_interval_and_say_what_is_assumed():
    paths = pd.DataFrame(
        {
            "period": np.repeat([2024, 2025], 101),
            "sample": [*range(101)] * 2,
            "stage": "forecast",
            "cost_eur": [*np.linspace(20e6, 21e6, 101), *np.linspace(20e6, 24e6, 101)],
        }
    )

    year = pd.Series(
        {"mean": 20.6e6, "q0.025": 20.1e6, "q0.1": 20.2e6, "q0.5": 20.5e6, "q0.9": 20.9e6, "q0.975": 21e6}
    )
    made = monitor.ahead(paths, REAL, year)

    assert "komt 2025 uit op ongeveer € 22,0 miljoen" in made.title.replace("\u00a0", " ")
    assert column(made, 0) == [2024, 2025] and column(made, 2)[1] == pytest.approx(20.4e6)
    assert column(made, 1) == pytest.approx([20.6e6, 22e6]), "the year itself as the page says it elsewhere"
    assert column(made, 2)[0] == 20.2e6 and made.alt.replace("\u00a0", " ").startswith("2024: € 20,6 miljoen")
    assert "groeit" in made.note


def test_a_funnel_marks_who_stands_out_and_draws_the_limits():
    made = monitor.funnel(FUNNEL, REAL)
    points = next(one for one in made.drawing["data"] if one["mode"] == "markers")
    upper = made.drawing["data"][4]

    assert points["marker"]["symbol"] == ["diamond", "circle"] and points["x"] == [48.0, 95.0]
    assert upper["y"][0] > upper["y"][-1] > 9.0
    assert "1 van de 2 aanbieders" in made.title and "01010101" in made.alt


def test_where_nobody_stands_out_there_is_a_sentence_and_no_table_without_rows():
    made = monitor.standing_out(FUNNEL.assign(signal=""), REAL)

    assert made.kind == "text" and made.content["paragraphs"][0].startswith(made.title)
    assert "in 0 van de 2" in made.title


def test_a_form_without_a_funnel_is_answered_with_those_that_have_one():
    said = monitor.funnel(FUNNEL, REAL, form="gesloten").content["paragraphs"]

    assert said == ["Er is geen trechter van gesloten; wel van ggz."]


def test_intensity_shows_all_together_and_the_largest_pairs():
    whole = pd.DataFrame({"care_form": ["ggz"], "unit": ["04"], "trajectories": [300], "per_week": [1.7]})
    judged = FUNNEL.drop(columns=["mean_months"]).assign(
        trajectories=[52, 103], unit="04", per_week=[3.2, 1.6]
    )

    made = monitor.intensities(whole, judged, REAL, year=2023)

    assert column(made, 1) == ["Alle aanbieders", "01010101", "02020202"]
    assert column(made, 7) == ["–", "meer dan gebruikelijk", "gebruikelijk"]
    assert "in 1 van de 2" in made.title


def test_parts_name_the_municipalities_and_the_rest():
    forms = pd.DataFrame(
        {
            "care_form": [OTHER, "ggz"],
            "declared_eur": 1.0,
            "mean": [9e6, 5e6],
            "q0.1": 4e6,
            "q0.9": 6e6,
            "budget_eur": np.nan,
            "probability": np.nan,
        }
    )
    towns = forms.rename(columns={"care_form": "municipality_code"}).assign(
        municipality_code=["GM0503", "GM1783"], budget_eur=5e6, probability=[1.0, 0.5]
    )

    made = (
        monitor.parts(forms, REAL),
        monitor.parts(towns, REAL, called={"GM0503": "Delft", "GM1783": "Westland"}),
    )

    assert column(made[0], 0) == ["jeugd-ggz", "Andere zorgvormen"]
    assert column(made[1], 0) == ["Delft", "Westland"]
    assert len(made[0].table.columns) == 5 and len(made[1].table.columns) == 7
    assert "100" not in made[1].table.cells[0][6]


RULES = pd.DataFrame(
    {
        "rule": ["late", "double", "future", "over_volume", "negative"],
        "severity": ["notice", "notice", "error", "warning", "error"],
        "state": ["checked", "checked", "checked", "not possible", "off"],
        "reason": ["", "", "", "no allocations", "wij tellen anders"],
        **{f"what_{one}": ["laat", "dubbel", "te vroeg", "te veel", "negatief"] for one in ("nl", "en")},
    }
)


def test_rules_show_their_trend_hide_the_small_and_say_why_one_is_off():
    found = pd.DataFrame(
        {
            "rule": ["late", "double"],
            "lines": [900.0, 6.0],
            "amount_eur": [9e4, 600.0],
            "clients": [300.0, 6.0],
            "clients_before": [200.0, 4.0],
            "per_mille": [60.0, 0.4],
            "per_mille_before": [40.0, 0.2],
            "trend": ["rises", "unclear"],
            "trend_lately": ["falls", "unclear"],
        }
    )

    made = monitor.rules(found, RULES, REAL, year=2023)

    assert column(made, 0) == ["laat"] and column(made, 4) == ["stijgt"] and column(made, 5) == ["daalt"]
    assert "een op de twintig toeval" in made.note and "laatste zes maanden" in made.note
    assert "slaat er 1 in 2023 vaker aan" in made.title
    for part in (
        "niet getoond: dubbel",
        "Niets gevonden bij: te vroeg",
        "te veel (er zijn geen toewijzingen (JW301))",
        "Staat uit: negatief (wij tellen anders)",
    ):
        assert part in made.note


def test_a_rule_of_few_youths_the_year_before_is_not_shown():
    """Its share of the year before would be that of four youths; so of a rule that only the year before broke."""
    found = pd.DataFrame({
        "rule": ["late", "double", "future"], "lines": [900.0, 40.0, 0.0], "amount_eur": [9e4, 600.0, 0.0],
        "clients": [300.0, 30.0, 0.0], "clients_before": [200.0, 4.0, 30.0], "per_mille": [60.0, 0.4, 0.0],
        "per_mille_before": [40.0, 0.2, 2.0], "trend": "unclear", "trend_lately": "unknown",
    })  # fmt: skip

    made = monitor.rules(found, RULES, REAL, year=2023)

    assert column(made, 0) == ["laat"]
    assert "niet getoond: dubbel; te vroeg" in made.note


def test_every_year_hides_its_own_small_counts():
    """02020202 was not there in 2022, so it cannot hide the four youths of 03030303 in that year; 01010101 must too."""
    found = pd.DataFrame({
        "rule": "late", "provider": ["01010101", "02020202", "03030303", "04040404"], "clients_2022": [30.0, 0, 4, 30],
        "clients_2023": [30.0, 20.0, 12.0, 40.0], "amount_eur": [9e3, 8e3, 1e4, 2e4], "trend": "unclear",
        "lines_2022": 40.0, "lines_2023": 50.0,
    })  # fmt: skip

    assert column(monitor.providers(found, RULES, REAL, year=2023), 0) == ["04040404"]


def test_providers_with_few_youths_in_any_year_are_left_out_and_not_alone():
    found = pd.DataFrame(
        {
            "rule": "late",
            "provider": ["01010101", "02020202", "03030303"],
            "lines_2022": [50.0, 40.0, 20.0],
            "clients_2022": [30.0, 20.0, 4.0],
            "lines_2023": [60.0, 40.0, 20.0],
            "clients_2023": [30.0, 20.0, 12.0],
            "amount_eur": [9e3, 8e3, 1e4],
            "trend": "unclear",
        }
    )

    made = monitor.providers(found, RULES, REAL, year=2023)

    assert column(made, 0) == ["01010101"]  # 03030303 is small in 2022; 02020202 covers it


def test_reconciled_speaks_of_the_last_whole_year_and_hides_few_youths():
    years = pd.DataFrame(
        {
            "year": [2022, 2023, 2024],
            "declared_eur": 1e6,
            "completed_eur": 1e6,
            "lump_sum_eur": np.nan,
            "agreed_eur": 1.1e6,
            "ledger_eur": [2e6, 2e6, 2e6],
            "clients": [60.0, 62.0, 7.0],
            "cbs_clients": np.nan,
            "explained_percent": [40.0, 55.0, 20.0],
        }
    )

    made = monitor.reconciled(years, REAL)

    assert "55" in made.title and "2023" in made.title
    assert column(made, 7) == [60, 60, None]


def test_what_is_missing_is_named():
    made = monitor.missing(["budgets", "lump_sums"], REAL)

    assert [one.split(" ")[0] for one in made.content["paragraphs"]] == ["budgets.csv", "lump_sums.csv"]
    assert "Alle tabellen" in monitor.missing([], REAL).content["paragraphs"][0]


def test_the_interval_of_what_a_provider_uses_is_in_per_cent_of_what_was_agreed():
    """Between € 1,1 and € 1,3 million of the € 1 million that was agreed: 110 to 130 %."""
    made = monitor.used(PROVIDERS, monitor.Page("Delft", False))

    assert made.table.cells[0][-2:] == ("110\u00a0%", "130\u00a0%")


def test_a_percentage_that_tells_of_fewer_than_ten_is_left_empty():
    """Of 203 youths 2 % are four; of 95 who left 4 % are as few."""
    page = monitor.Page("Delft", False)
    two = WAITS.assign(allocated=[203, 120], beyond_norm=[0.02, 0.5])
    left = pd.DataFrame({"care_form": ["ggz", "ambulant"], "left": [95, 95], "youths": [95, 95],
                         "returned": [0.04, 0.4], "q0.025": 0.01, "q0.975": 0.5})  # fmt: skip

    waits = monitor.waits(two, page, norm_weeks=10)
    back = monitor.returned(left, page)

    assert {row[0]: row[4] for row in waits.table.cells} == {"crisishulp": "50\u00a0%", "jeugd-ggz": "–"}
    assert "50" in waits.title and "jeugd-ggz" not in json.dumps(waits.drawing["data"])
    assert {row[0]: row[2] for row in back.table.cells} == {"jeugd-ggz": "–", "ambulante hulp": "40\u00a0%"}
    assert "40" in back.title


def test_providers_whose_names_begin_the_same_have_a_bar_each():
    """A name is cut after 22 letters; where two come out the same, the code tells them apart."""
    called = {"01010101": "Stichting Jeugdhulp Noordwest", "02020202": "Stichting Jeugdhulp Noordoost"}
    two = PROVIDERS.assign(youths=[43.0, 12.0, 7.0])

    made = monitor.used(two, monitor.Page("Delft", False, providers=called))

    assert sorted(made.drawing["data"][0]["y"]) == ["Stichting Je… 01010101", "Stichting Je… 02020202"]
