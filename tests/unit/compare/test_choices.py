"""What is declared in ``parameters/``: checked on loading, and shown where it plays."""

import re
import shutil

import numpy as np
import pandas as pd
import pytest

from analyse import store
from analyse.compare import choices, flags, table, vision
from analyse.errors import ParameterError
from analyse.history import areas, panel
from analyse.parameters import Run

GROUNDS = {
    "flags": [],
    "noise": (0.0, 20.0),
    "price_growth": pd.Series(dict.fromkeys(range(2015, 2026), 0.06)),
}


def ids(codes, measure, periods):
    return [one.id for one in flags.touching(choices.flags(), codes, measure, periods)]


def test_flags_are_those_that_domain_experts_named():
    found = {one.id for one in choices.flags()}

    assert {
        "rotterdam-teams",
        "leiden-2022",
        "nieuwkoop-2022",
        "iv3-2023",
        "own-purchasing",
        "form-mix",
    } <= found
    assert all(one.reason.nl and one.reason.en and one.source for one in choices.flags())


def test_rotterdam_is_flagged_itself_and_in_its_region(members):
    assert ids(["GM0599"], "clients_per_100_youths", [2022]) == ["rotterdam-teams"]
    assert "rotterdam-teams" in ids(members["JZ29"], "residential_share_percent", [2022])
    assert ids(["GM0503"], "clients_per_100_youths", [2022]) == []


def test_a_break_plays_only_between_years():
    assert ids(["GM0546"], "clients_per_100_youths", [2022]) == []
    assert ids(["GM0546"], "clients_per_100_youths", [2021, 2022]) == [
        "leiden-2022",
        "woonplaatsbeginsel-2022",
    ]
    assert "iv3-2023" in ids(["GM0503"], "cost_growth_fraction", [2023]), "growth looks at the year before"
    assert "iv3-2023" not in ids(["GM0503"], "cost_growth_fraction", [2024])


def test_flags_stand_beside_each_figure(tables, regions, members):
    fair = table.side_by_side(regions, tables, {code: members[code] for code in areas.regions(tables)})
    found = flags.flagged(fair, choices.flags(), members).set_index(["area_code", "period", "measure"])[
        "flags"
    ]

    assert found[("JZ29", 2022, "clients_per_100_youths")] == ("rotterdam-teams",)
    assert found[("JZ24", 2024, "cost_per_youth_eur")] == ()


def test_every_indicator_of_the_three_visions_has_a_figure_or_a_source_that_would_fill_it(tables, history):
    visions = choices.visions()
    delft = panel.by_area(history, "municipality").query("area_code == 'GM0503'")
    fair = table.side_by_side(delft, tables, {"GM0503": ["GM0503"]})
    found = vision.monitor(visions["JZ24"], fair, "GM0503", members=["GM0503"], **GROUNDS)
    found = found.set_index("indicator")

    assert {code: len(one.ambitions) for code, one in visions.items()} == {"JZ24": 6, "JZ29": 5, "JZ18": 7}
    assert found.loc["residential", ["value", "origin"]].tolist() == [8.5, vision.OPEN]
    assert pd.isna(found.loc["waiting-time", "value"]) and found.loc["waiting-time", "origin"] == ""
    for one in visions.values():
        assert all(indicator.measure or indicator.needs for _, indicator in one.followed)
    named = {name for one in visions.values() for _, indicator in one.followed for name in [indicator.id]}
    assert set(visions["JZ24"].known) == named, "an indicator that no vision has says nothing"


def test_the_action_lines_of_haaglanden_are_those_of_the_document():
    lines = [line for one in choices.visions()["JZ24"].ambitions for line in one.action_lines]

    assert (len(lines), sum(line.affordable for line in lines)) == (34, 21)


def of_one(targets=(), published=(), **indicator):
    """A vision of one indicator that should fall."""
    text = choices.BothLanguages(nl="x", en="x")
    wanted = {"id": "i", "title": text, "definition": text, "direction": "lower", **indicator}
    return choices.Vision(
        region="JZ24",
        title=text,
        source="s",
        ambitions=[choices.Ambition(id="a", title=text, action_lines=[], indicators=["i"])],
        targets=list(targets),
        published=list(published),
        known={"i": choices.Indicator(**wanted)},
    )


def test_a_target_of_the_council_is_held_against_the_last_figure():
    targets = [
        choices.Target(indicator="i", area_code=code, year=year, value=value, source="s")
        for code, year, value in (("GM0503", 2026, 0.05), ("GM0503", 2023, 0.01), ("GM0518", 2024, 0.0))
    ]
    declared = of_one(targets=targets, measure="overspend_fraction")
    fair = pd.DataFrame(
        {"area_code": "GM0503", "measure": "overspend_fraction", "unit": "fraction", "status": "final",
         "period": [2023, 2024], "value": [0.10, 0.04], "low": None, "high": None, "denominator": 1e8}
    )  # fmt: skip
    row = vision.monitor(declared, fair, "GM0503", members=["GM0503"], **GROUNDS).iloc[0]

    assert (row["movement"], row["target_met"], row["previous_value"]) == ("", True, 0.10)
    assert (row["target_year"], row["target_value"]) == (2026, 0.05), "the next one of the area itself"


def test_declarations_go_before_published_figures_and_their_margin_is_narrowed():
    text = choices.BothLanguages(nl="x", en="x")
    declared = of_one(declared="returned_within_year", needs=text)
    empty = pd.DataFrame({name: [] for name in ("area_code", "measure", "period", "denominator", "unit")})
    before = vision.monitor(declared, empty, "GM0503", members=["GM0503"], **GROUNDS)
    outcomes = pd.DataFrame({
        "indicator": "returned_within_year", "care_form": ["total", "total", "ggz"], "year": [2022, 2023, 2023],
        "n": 100.0, "value": [0.30, 0.20, 0.9], "unit": "fraction",
        "low": [0.26, 0.16, 0.8], "high": [0.34, 0.24, 0.95],
    })  # fmt: skip
    after = vision.with_declarations(before, declared, outcomes).iloc[0]
    reach = 4 * 1.281552 / 1.959964

    assert pd.isna(before.loc[0, "value"])
    assert (after["origin"], after["value"], after["unit"]) == (vision.DECLARATIONS, 20.0, "%")
    assert after["low"] == pytest.approx(20 - reach) and after["movement"] == "towards"
    assert after["q0.9"] == pytest.approx(-10 + reach * 2**0.5)
    nothing = vision.with_declarations(before, declared, outcomes.assign(value=np.nan)).iloc[0]
    assert pd.isna(nothing["value"])
    assert nothing[["status", "period", "origin"]].tolist() == ["suppressed", 2023, vision.DECLARATIONS]
    unknown = vision.with_declarations(before, declared, outcomes.assign(value=np.nan, n=np.nan)).iloc[0]
    assert unknown["origin"] == ""


def test_what_is_budgeted_has_no_margin_and_no_verdict():
    row = verdict([50.0, 40.0], measure="local_budget_percent", unit="%")

    assert (row["change"], row["movement"]) == (-10.0, "stated")


def verdict(values, *, measure="cost_per_youth_eur", unit="EUR", youths=20_000.0, flags=()):
    """The change of one indicator that should fall, of an area of so many youths: 2023 and 2024."""
    declared = of_one(measure=measure)
    fair = pd.DataFrame(
        {"area_code": "GM0503", "measure": measure, "unit": unit, "status": "final", "period": [2023, 2024],
         "value": values, "low": values, "high": values, "denominator": youths}
    )  # fmt: skip
    return vision.monitor(declared, fair, "GM0503", members=["GM0503"], **GROUNDS | {"flags": flags}).iloc[0]


def test_costs_are_compared_in_euros_of_the_last_year_with_chance():
    """2,000 at 6 % more is 2,120; chance of 20,000 youths is 3.2 % of each: 2,100 lies 20 below, give or take 120."""
    row = verdict([2_000.0, 2_100.0])
    reach = 1.281552 * np.hypot(2_100, 2_120) * np.sqrt(20 / 20_000)

    assert row["change"] == pytest.approx(-20)
    assert row["q0.9"] == pytest.approx(-20 + reach) and row["movement"] == "unclear"
    assert verdict([2_000.0, 1_900.0])["movement"] == "towards"
    assert verdict([2_000.0, 2_400.0])["movement"] == "away"


def test_use_that_chance_explains_is_no_movement():
    """Of 20,000 youths 8.17 and 8.21 per 100: a standard deviation of chance is 0.27 for the difference."""
    use = {"measure": "protection_percent", "unit": "%"}

    assert verdict([8.17, 8.21], **use)["movement"] == "unclear"
    assert verdict([8.17, 8.21], **use, youths=5e6)["movement"] == "away"
    assert verdict([8.2, 7.6], **use)["movement"] == "towards"


def test_no_verdict_crosses_a_declared_break():
    words = {"nl": "x", "en": "x"}
    rules = choices.Flag(
        id="b",
        kind="not comparable",
        measures=["cost_per_youth_eur"],
        municipalities=[],
        first=2024,
        last=None,
        between_years=True,
        title=words,
        reason=words,
        source="s",
    )

    assert verdict([2_000.0, 1_500.0], flags=[rules])["movement"] == "break"
    assert (
        verdict([2_000.0, 1_500.0], flags=[rules.model_copy(update={"first": 2025})])["movement"] == "towards"
    )


def test_real_regions_get_no_verdict_on_a_sign(tables, regions, members):
    """Rijnmond rose 0.04 per 100, far less than chance; Leiden counts differently in 2022, in Holland Rijnland."""
    fair = table.side_by_side(regions, tables, members).query("period <= 2022")  # before the seam of 2023

    def use(code, flags):
        grounds = {"members": members[code], **GROUNDS, "flags": flags}
        return (
            vision.monitor(choices.visions()["JZ24"], fair, code, **grounds).set_index("indicator").loc["use"]
        )

    assert use("JZ29", [])["change"] == pytest.approx(0.04, abs=0.01)
    assert use("JZ29", [])["movement"] == "unclear"
    leiden = [flag for flag in choices.flags() if flag.id == "leiden-2022"]
    assert [use(code, leiden)["movement"] for code in ("JZ18", "JZ29")] == ["break", "unclear"]
    fair = table.side_by_side(regions, tables, members)
    assert use("JZ29", choices.flags())["movement"] == "break", "the count of 2023 is final, that of 2022 not"


@pytest.mark.parametrize(
    ("name", "wrong", "said"),
    [
        ("comparability.yaml", ("break: leiden-2022", "break: leiden-2023"), "did you mean leiden-2022"),
        (
            "comparability.yaml",
            ("[cost_per_client_eur]", "[cost_per_cliënt]"),
            "did you mean cost_per_client_eur",
        ),
        ("vision/indicators.yaml", ("direction: lower", "direction: down"), "direction"),
        ("vision/indicators.yaml", ("measure: clients_per_100_youths", ""), "the source that would fill it"),
        ("vision/rijnmond.yaml", ("published: []", ""), "'published' is missing"),
        ("vision/rijnmond.yaml", ("indicators: [local-help, ", "indicators: [local-hlp, "), "local-hlp"),
        ("vision/rijnmond.yaml", ("region: JZ29", "region: JZ24"), "has a vision already"),
        ("regional_rules.yaml", ("needed_fraction: 0.5", "needed_fraction: 66"), "less than 1"),
        ("groups.yaml", ("GM0518", "GM518"), "GM518"),
        ("groups.yaml", ("municipalities: [", "members: ["), "unknown key '0.members'"),
    ],
)
def test_a_mistake_in_a_file_is_an_error_in_words(tmp_path, monkeypatch, name, wrong, said):
    shutil.copytree(store.root() / "parameters", tmp_path / "parameters")
    path = tmp_path / "parameters" / name
    text = path.read_text(encoding="utf-8")
    assert wrong[0] in text
    path.write_text(text.replace(*wrong, 1), encoding="utf-8")
    monkeypatch.setattr(store, "root", lambda: tmp_path)
    read = {
        "comparability.yaml": choices.flags,
        "regional_rules.yaml": choices.rules,
        "groups.yaml": lambda: choices.groups(Run()),
    }

    with pytest.raises(ParameterError, match=re.escape(said)):
        read.get(name, choices.visions)()
