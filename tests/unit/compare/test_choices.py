"""What is declared in ``parameters/``: checked on loading, and shown where it plays."""

import re
import shutil

import pandas as pd
import pytest

from analyse import store
from analyse.compare import choices, flags, table, vision
from analyse.errors import ParameterError
from analyse.history import areas, panel


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


def test_every_municipality_has_one_tile_near_its_region(tables):
    tiles = choices.tiles()

    assert sorted(tile.municipality for tile in tiles) == areas.municipalities(tables)
    assert len({(tile.row, tile.column) for tile in tiles}) == 35
    middle = pd.DataFrame(
        [(areas.region_of(tables, t.municipality), t.row, t.column) for t in tiles]
    ).groupby(0)
    rows = middle[1].mean()
    assert rows["JZ18"] < rows["JZ24"] < rows["JZ29"], "north to south"


def test_the_vision_says_what_cannot_be_filled(tables, history):
    declared = choices.vision()
    delft = panel.by_area(history, "municipality").query("area_code == 'GM0503'")
    fair = table.side_by_side(delft, tables, {"GM0503": ["GM0503"]})
    found = vision.monitor(declared, fair, "GM0503").set_index("indicator")

    assert len(declared.ambitions) == 6
    assert found.loc["residential", "value"] == 8.5
    assert found.loc["cost-per-youth", "movement"] == "away"
    assert pd.isna(found.loc["waiting-time", "value"])
    assert all(
        (one.measure is None) != (one.why_not is None) for a in declared.ambitions for one in a.indicators
    )


def test_a_target_of_the_council_is_held_against_the_last_figure():
    text = choices.BothLanguages(nl="x", en="x")
    one = choices.Indicator(id="i", title=text, measure="overspend_fraction", direction="lower")
    declared = choices.Vision(
        source="s",
        ambitions=[choices.Ambition(id="a", title=text, indicators=[one])],
        targets=[choices.Target(indicator="i", area_code="GM0503", year=2026, value=0.05, source="s")],
    )
    fair = pd.DataFrame(
        {"area_code": "GM0503", "measure": "overspend_fraction", "unit": "fraction", "status": "final",
         "period": [2023, 2024], "value": [0.10, 0.04], "low": None, "high": None}
    )  # fmt: skip
    row = vision.monitor(declared, fair, "GM0503").iloc[0]

    assert (row["movement"], row["target_met"], row["previous_value"]) == ("towards", True, 0.10)


@pytest.mark.parametrize(
    ("name", "wrong", "said"),
    [
        ("comparability.yaml", ("break: leiden-2022", "break: leiden-2023"), "did you mean leiden-2022"),
        (
            "comparability.yaml",
            ("[cost_per_client_eur]", "[cost_per_cliënt]"),
            "did you mean cost_per_client_eur",
        ),
        ("tiles.yaml", ("row: 2, column: 3", "row: 1, column: 5"), "there twice"),
        ("vision.yaml", ("direction: lower", "direction: down"), "direction"),
        ("vision.yaml", ("targets: []\n", ""), "'targets' is missing"),
        ("regional_rules.yaml", ("needed_fraction: 0.5", "needed_fraction: 66"), "less than 1"),
    ],
)
def test_a_mistake_in_a_file_is_an_error_in_words(tmp_path, monkeypatch, name, wrong, said):
    shutil.copytree(store.root() / "parameters", tmp_path / "parameters")
    path = tmp_path / "parameters" / name
    text = path.read_text(encoding="utf-8")
    assert wrong[0] in text
    path.write_text(text.replace(*wrong, 1), encoding="utf-8")
    monkeypatch.setattr(store, "root", lambda: tmp_path)
    read = {"comparability.yaml": choices.flags, "tiles.yaml": choices.tiles, "vision.yaml": choices.vision}

    with pytest.raises(ParameterError, match=re.escape(said)):
        read.get(name, choices.rules)()
