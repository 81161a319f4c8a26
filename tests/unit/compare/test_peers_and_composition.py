"""The most alike, the band they form, and what boundaries do to a total."""

import numpy as np
import pandas as pd
import pytest

from analyse.compare import composition, overview, peers
from analyse.errors import DataError, ParameterError
from analyse.history import panel


def test_distance_worked_by_hand():
    towns = pd.DataFrame({"municipality_code": ["A", "B", "C"], "x": [0.0, 1.0, 2.0], "y": [0.0, 0.0, 3.0]})
    near = peers.distances(towns).loc["A"]
    spread_x, spread_y = np.sqrt(2 / 3), np.sqrt(2)

    assert near["B"] == pytest.approx(np.sqrt((1 / spread_x) ** 2 / 2))
    assert near["C"] == pytest.approx(np.sqrt(((2 / spread_x) ** 2 + (3 / spread_y) ** 2) / 2))


def test_a_feature_that_is_equal_everywhere_does_not_count():
    towns = pd.DataFrame({"municipality_code": ["A", "B", "C"], "x": [0.0, 1.0, 5.0], "same": 1.0})

    assert peers.alike(towns, number=1)["C"] == ["B"]


def test_real_peers_are_plausible_and_complete(history, tables):
    found = peers.features(history, tables, year=2022)

    assert len(found) == 35
    assert found[list(peers.FEATURES)].notna().all().all()
    assert found["single_parent_fraction"].between(0.1, 0.6).all()
    assert peers.alike(found, number=1)["GM0599"] == ["GM0518"]
    assert not {"clients", "cost"} & {word for name in peers.FEATURES for word in name.split("_")}


def test_who_uses_much_care_is_not_laid_beside_others_that_do(history, tables):
    """Krimpen has 15.5 per 100; chosen on use its peers had 13, chosen on what it does not steer they have 8."""
    use = history[history["period"] == 2022].set_index("municipality_code")
    per_100 = 100 * use["clients"] / use["youths_0_22"]
    own = peers.alike(peers.features(history, tables, year=2022))["GM0542"]

    assert per_100["GM0542"] == pytest.approx(15.5, abs=0.1)
    assert per_100[own].median() < 9


def test_who_lacks_a_feature_has_no_peers_and_is_nobodys(history, tables):
    usage = tables["usage"]
    of_households = usage["breakdown"].eq("household") & usage["municipality_code"].eq("GM0503")
    hidden = usage.assign(count=usage["count"].mask(of_households))
    found = peers.alike(peers.features(history, tables | {"usage": hidden}, year=2022))

    assert len(found) == 34 and "GM0503" not in found
    assert "GM0503" not in {code for codes in found.values() for code in codes}


def test_wrong_questions_about_peers_are_refused(history, tables):
    towns = pd.DataFrame({"municipality_code": ["A", "B"], "x": [0.0, 1.0]})
    with pytest.raises(ParameterError, match="choose 1 to 1"):
        peers.alike(towns, number=2)
    with pytest.raises(DataError, match="year with usage"):
        peers.features(history, tables, year=2024)


def test_a_band_needs_three_peers_with_the_figure():
    fair = pd.DataFrame(
        {"area_code": list("ABCD"), "period": 2024, "measure": "m", "value": [9.0, 1.0, np.nan, 3.0]}
    )

    assert peers.bands(fair, {"A": ["B", "C", "D"]}).empty


@pytest.fixture(scope="module")
def everything(tables, history):
    past = pd.concat(
        [panel.by_area(history, level) for level in ("municipality", "region", "all")], ignore_index=True
    )
    return overview.figures(past, history, tables)


def test_every_figure_stands_beside_its_peers_and_at_equal_ages(everything):
    found = everything.set_index(["area_code", "period", "measure"])
    peers_of_delft = found.loc[("GM0503", 2024, "cost_per_youth_eur")]

    assert peers_of_delft["peers"].split(", ")[0] == "Leiden" and peers_of_delft["peers"].count(",") == 4
    assert peers_of_delft["peer_low"] < peers_of_delft["peer_middle"] < peers_of_delft["peer_high"]
    direct = found.loc[("GM0503", 2022, "clients_direct_per_100")]
    plain = found.loc[("GM0503", 2022, "clients_per_100_youths")]
    relative = [(one["high"] / one["low"] - 1) for one in (direct, plain)]
    assert relative[0] == pytest.approx(relative[1], rel=0.3), "one kind of margin, chance and youths in both"
    assert direct["low"] < direct["value"] < direct["high"] and direct["value"] > plain["value"] + 2
    assert not found.index.duplicated().any()
    assert set(found.sort_index().loc[("JZ24", 2024)].index) >= {
        "fund_per_cost_fraction",
        "overspend_fraction",
    }


@pytest.fixture(scope="module")
def effects(tables):
    fixed = panel.build(tables)
    then = panel.build(tables, composition="of-the-time")
    return composition.effect(fixed, then, tables).set_index(["area_code", "period", "measure"])


def test_voorschoten_is_all_that_moved(effects, history):
    voorschoten = history.set_index(["municipality_code", "period"]).loc[("GM0626", 2023)]
    for measure in ("cost_eur", "budget_eur", "youths"):
        assert effects.loc[("JZ24", 2023, measure), "move"] == pytest.approx(voorschoten[measure])
        assert effects.loc[("JZ18", 2023, measure), "move"] == pytest.approx(-voorschoten[measure])
    assert effects.loc[("JZ24", 2024, "cost_eur"), "effect"] == 0


def test_mergers_change_no_total_and_moves_cancel_out(effects):
    assert effects["merger"].abs().max() < 1e-6
    assert effects.groupby(["period", "measure"])["effect"].sum().abs().max() < 1e-6
    assert effects["effect"].to_numpy() == pytest.approx((effects["move"] + effects["merger"]).to_numpy())


def test_the_events_are_those_of_the_regions(tables):
    found = composition.events(tables)

    assert found["kind"].value_counts().to_dict() == {"merger": 4, "move": 1}
    assert found.query("kind == 'merger' and to_code == 'GM1992'")["municipality"].tolist() == [
        "Brielle", "Hellevoetsluis", "Westvoorne",
    ]  # fmt: skip
