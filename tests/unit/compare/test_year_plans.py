"""Plans of a year: what is refused, what figures of its year can tell, and that judgements stay with their figures."""

from __future__ import annotations

import json

import pandas as pd
import pytest

from analyse.compare import choices, year_plans
from analyse.compare.year_plans import YearPlan, by_measure, judged
from analyse.errors import DataError, ParameterError
from analyse.forecast import register
from analyse.parameters import Run, validated
from analyse.present.pages import plan_judged, promised
from analyse.shared import judgements, registered

BOTH = {"nl": "tekst", "en": "text"}
GROUNDS = {"flags": (), "noise": (0.0, 0.0), "price_growth": pd.Series(dtype=float)}


def a_plan(*measures, year=2022, **more) -> YearPlan:
    listed = [
        {"id": f"m{place}", "title": BOTH, "who": BOTH, "expected": BOTH, **one}
        for place, one in enumerate(measures)
    ]
    given = {
        "area_code": "JZ24",
        "year": year,
        "title": BOTH,
        "source": "besluit",
        "measures": listed,
        **more,
    }
    return validated(YearPlan, given, "plans/proef.yaml")


def figures(**by_year: float) -> pd.DataFrame:
    """Shares of youths in residential care of 10,000 youths, and the costs that the monitor weighs chance by."""
    rows = [
        {"area_code": "JZ24", "period": int(year[1:]), "measure": name, "value": value, "low": value, "high": value,
         "unit": "%", "status": "final", "denominator": 10_000.0}
        for year, share in by_year.items()
        for name, value in (("residential_share_percent", share), ("cost_per_youth_eur", 1000.0))
    ]  # fmt: skip
    return pd.DataFrame(rows)


def told(plan: YearPlan, frame: pd.DataFrame) -> pd.DataFrame:
    found = judged(plan, plan.followed("JZ24"), frame, members=["GM0503"], grounds=GROUNDS)
    return by_measure(plan, found).set_index("measure")


def test_what_does_not_fit_is_refused_with_the_nearest():
    with pytest.raises(ParameterError, match="a target needs the indicator"):
        a_plan({"target": 3.0})
    with pytest.raises(ParameterError, match="two targets"):
        a_plan({"indicator": "use", "target": 1.0}, {"indicator": "use", "target": 2.0})
    with pytest.raises(ParameterError, match="budget_eur"):
        a_plan({"budget_eur": -5})
    with pytest.raises(ParameterError, match="unknown|extra|knows"):
        a_plan({"indicatr": "use"})


def test_an_unknown_indicator_is_refused_by_name(tmp_path, monkeypatch):
    (tmp_path / "fout.yaml").write_text(
        json.dumps({**a_plan({"indicator": "use"}).model_dump(), "measures": [
            {"id": "a", "title": BOTH, "who": BOTH, "expected": BOTH, "indicator": "residental"}
        ]}), encoding="utf-8"
    )  # fmt: skip
    with pytest.raises(ParameterError, match=r"fout\.yaml: a: no indicator 'residental'.*residential"):
        year_plans._plans(tmp_path)


def test_every_plan_of_the_project_names_its_decision_and_only_an_example_is_made_up():
    known = year_plans.plans()
    assert [name for name, plan in known.items() if plan.example] == ["voorbeeld-2026"]
    for plan in known.values():
        assert len(plan.source) > 20
        assert not any(one.target for one in plan.measures) or plan.example


def test_a_change_larger_than_chance_has_a_direction_and_a_small_one_has_none():
    """8 and 6 % of 10,000 youths differ by 200; chance is some 40. 8.0 and 7.9 % differ by less than chance."""
    plan = a_plan({"indicator": "residential"})
    assert told(plan, figures(y2021=8.0, y2022=6.0)).loc["m0", "verdict"] == "towards"
    assert told(plan, figures(y2021=6.0, y2022=8.0)).loc["m0", "verdict"] == "away"
    assert told(plan, figures(y2021=8.0, y2022=7.9)).loc["m0", "verdict"] == "unclear"


def test_later_figures_do_not_count_and_late_ones_give_no_verdict():
    plan = a_plan({"indicator": "residential", "target": 7.0}, {}, {"indicator": "waiting-time"})
    rows = told(plan, figures(y2021=8.0, y2022=6.5, y2023=9.0))
    assert (rows.loc["m0", "verdict"], rows.loc["m0", "value"], rows.loc["m0", "target_met"]) == (
        "towards",
        6.5,
        True,
    )
    assert rows.loc["m1", "verdict"] == year_plans.UNSEEN
    assert rows.loc["m2", "verdict"] == year_plans.NO_FIGURE
    late = told(plan, figures(y2020=8.0, y2021=6.5)).loc["m0"]
    assert late["verdict"] == year_plans.LATE and pd.isna(late["target_met"])
    assert told(plan, figures(y2022=6.5)).loc["m0", "verdict"] == year_plans.SINGLE
    assert not told(plan, figures(y2021=8.0, y2022=7.5)).loc["m0", "target_met"]


VINTAGE = {"dataset": "open", "version": "1", "created": "2026-11-30", "data_sha256": "a", "plan_sha256": "p"}


def test_a_judgement_stays_when_newer_figures_judge_again(tmp_path):
    plan = a_plan({"indicator": "residential"})
    first = by_measure(
        plan, judged(plan, plan.followed("JZ24"), figures(y2020=8.0, y2021=8.0), members=[], grounds=GROUNDS)
    )
    again = by_measure(
        plan, judged(plan, plan.followed("JZ24"), figures(y2021=8.0, y2022=6.0), members=[], grounds=GROUNDS)
    )
    judgements.keep(tmp_path, "proef", VINTAGE, first)
    assert len(judgements.keep(tmp_path, "proef", VINTAGE, first)) == 1  # the same figures judge once
    kept = judgements.keep(tmp_path, "proef", VINTAGE | {"data_sha256": "b", "created": "2027-05-01"}, again)
    assert [one["measures"][0]["verdict"] for one in kept] == [year_plans.LATE, "towards"]
    kept = judgements.keep(tmp_path, "proef", kept[-1] | {"plan_sha256": "q"}, again)
    shown = promised.judgements(kept, plan, language="en").table
    assert [row[0] for row in shown.cells] == ["30 November 2026", "1 May 2027", "1 May 2027"]
    assert [row[-1] for row in shown.cells] == ["–", "–", "the plan was changed before this one"]
    (tmp_path / "proef.jsonl").write_text('{"dataset": 1}\n', encoding="utf-8")
    with pytest.raises(DataError, match="not the judgements on a plan"):
        judgements.read(tmp_path, "proef")


def test_what_was_registered_for_an_area_is_added_up_within_each_future(tmp_path):
    """Two municipalities that mirror each other: the sum is 30 in every future, which no sum of quantiles gives."""
    rows = [
        {"origin_date": "2025-07-01", "target": register.TARGET, "horizon": 1, "location": code,
         "target_end_date": "2025-12-31", "output_type": "sample", "output_type_id": f"s{place + 1}", "value": value}
        for code, values in (("GM0503", (10.0, 20.0)), ("GM0518", (20.0, 10.0)))
        for place, value in enumerate(values)
    ]  # fmt: skip
    content = pd.DataFrame(rows, columns=register.COLUMNS).to_csv(index=False, lineterminator="\n").encode()
    entries = []
    for file, replayed in (("a.csv", False), ("b.csv", True)):
        said = {
            "file": file,
            "added": "2025-07-01",
            "origin_date": "2025-07-01",
            "origin": 2024,
            "replayed": replayed,
        }
        entries.append(register.entry(said, content, entries))
        (tmp_path / file).write_bytes(content)
    (tmp_path / registered.LIST).write_text(
        "".join(json.dumps(one, sort_keys=True) + "\n" for one in entries)
    )
    found = registered.of_area(["GM0503", "GM0518"], 2025, tmp_path)
    assert found[["origin_date", "q0.1", "q0.5", "q0.9"]].to_numpy().tolist() == [
        ["2025-07-01", 30.0, 30.0, 30.0]
    ]
    assert registered.of_area(["GM0503", "GM0599"], 2025, tmp_path).empty
    assert registered.of_area(["GM0503"], 2026, tmp_path).empty
    (tmp_path / "a.csv").write_bytes(content + b"\n")
    assert registered.of_area(["GM0503"], 2025, tmp_path).empty


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    """The pages of the plan of Haaglanden and of the example, as exhibits, in English."""
    folder, run = tmp_path_factory.mktemp("judgements"), Run(samples=100, language="en")
    known = year_plans.plans()
    return {
        name: plan_judged.parts(name, known[name], run, folder=folder)
        for name in ("haaglanden-2022", "voorbeeld-2026")
    }


def test_the_page_of_a_real_plan_lays_every_measure_beside_its_figure(pages):
    page, plan = pages["haaglanden-2022"], year_plans.plans()["haaglanden-2022"]
    said, table, gaps = page["The measures"]
    rows = {row[0]: row for row in table.table.cells}
    assert len(rows) == len(plan.measures)
    use = rows["Survey of normalising"]
    assert use[-2] == "not to be compared: these years are counted differently"
    assert "(2022)" in use[5] and "(2023)" in use[-1]
    assert rows["First regional monitor"][-2] == "no figure shows this"
    assert "Of 16 measures" in said.content["paragraphs"][0]
    counted = sum(row[-2].startswith("no figure") for row in table.table.cells)
    assert len(gaps.table.cells) == counted
    assert page[""][0].content["banner"] == ""
    money = page["The money"][0].table
    assert [row[0] for row in money.cells] == ["2021", "2022"]
    value = dict(zip(["year", "budget", "accounts", "difference"], money.as_json()["values"][1], strict=True))
    assert value["difference"] == pytest.approx(value["accounts"] - value["budget"])


def test_a_plan_of_this_year_is_not_judged_yet_and_an_example_says_that_it_is_one(pages):
    page = pages["voorbeeld-2026"]
    assert "made up" in page[""][0].content["banner"]
    table = page["The measures"][1].table
    verdicts = [row[-2] for row in table.cells]
    assert verdicts == ["not to be told yet: the figure of 2026 is not there"] * 3
    assert table.cells[1][2].endswith("target 6.0%")
    assert "not there yet" in page["The money"][0].note
    assert choices.visions()["JZ24"].targets  # those of the region are its own, not of the plan
