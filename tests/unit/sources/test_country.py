"""The figures of the whole country: the sums that are published, and the cells of the three regions as they were."""

import hashlib

import pytest

from analyse import parameters, store
from analyse.errors import ParameterError
from analyse.history import areas, panel
from analyse.sources import corrections, snapshot

OF_35 = {
    "municipalities": "c5272f2195a0138d3d786589aa825d81d3377dc25ca50d8dff92864fe6a28bbe",
    "boundary_changes": "22167ee2674641563a52a7396d6e25e6684471abd7958348ca0fd39469ec281f",
    "costs": "378e96abb5132fe57f66ffc40eb5ee660f2476bc53f16de9b9a6217c6b9beeef",
    "costs_subcode": "f1b9ce37555ba3c111a6d22a76239f63f67297910b884b76277d9d8ec80d7881",
    "usage": "5cac9ca6092978a3ae66a751e34aaffd9a690bb9402b404d1ad6d82d8bee607d",
    "usage_indicators": "07d7a4fd543f2f4501b3f5a03e4dd87daf6c29229c85e3bdf6edf02245334dbf",
    "population": "c15dcac6aa25d89ccc99bdcc2aba86126b0a2e58da1011519cc44a7df873554f",
    "population_dynamics": "24805886bc2cf9e2e47de74d1e914d86a38a23794176eec30fbaa15ea9f8b86b",
    "municipal_fund": "237e40563364d5e357566bc295d291db31af25b234b387c6885fc9ebe31073e9",
}
"""SHA-256 of the tables as they stood when they held the 35 municipalities only (November 2026)."""
ADDED = {
    "costs": lambda line: line[3] == "6.3",
    "usage": lambda line: line[1] == "2023",
    "usage_indicators": lambda line: "youth care in kind, share of youths 0-22" in ",".join(line),
    "population": lambda line: line[1] == "2023" and line[2] in ("0-14", "15-24"),
}
"""Rows of the 35 that came with the country: income support, and figures of 2023."""


@pytest.fixture(scope="module")
def country():
    return snapshot.load(regions=parameters.COUNTRY)


@pytest.mark.parametrize("name", OF_35)
def test_every_cell_of_the_three_regions_is_as_it_was(name):
    heading, *lines = (store.root() / "data" / "open" / f"{name}.csv").read_text().splitlines(keepends=True)
    codes = set(snapshot.load()["municipalities"]["municipality_code"])
    place = heading.strip().split(",").index("municipality_code")
    ours = [line for line in lines if line.split(",")[place] in codes]
    before = [line for line in ours if not ADDED.get(name, lambda _: False)(line.strip().split(","))]
    assert hashlib.sha256("".join([heading, *before]).encode()).hexdigest() == OF_35[name]


def test_national_accounts_are_those_known_within_five_million(country):
    known = {2017: 4175, 2018: 4642, 2019: 5105, 2020: 5210, 2021: 5582, 2022: 5621, 2023: 6278, 2024: 7174}
    spent = panel.build(country).groupby("period")["cost_eur"].sum() / 1e6
    assert {year: abs(spent[year] - value) < 5 for year, value in known.items()} == dict.fromkeys(known, True)


def test_users_add_up_to_what_cbs_counted(country):
    used = panel.build(country).groupby("period")["clients"].sum()
    assert used[[2021, 2022, 2023]].tolist() == [463_570, 461_955, 485_110]


def test_inhabitants_add_up_to_the_national_figure(country):
    whole = country["population"].query("age_group == 'total' and year == 2023")
    assert len(whole) == 342 and whole["count"].sum() == 17_811_291


def test_the_country_has_342_municipalities_and_42_regions(country):
    assert len(areas.municipalities(country)) == 342
    assert len(areas.regions(country)) == 42
    assert len(areas.members(country, "JZ41")) == 16  # Zuid-Limburg


def test_the_three_regions_are_the_same_read_alone_and_read_from_the_country(country):
    alone = panel.build(snapshot.load()).groupby(["region", "period"])["cost_eur"].sum()
    beside = panel.build(country).groupby(["region", "period"])["cost_eur"].sum()
    assert alone.equals(beside.loc[alone.index])
    assert len(snapshot.load()["regions"]) == 3


def test_accounts_that_were_not_delivered_are_missing_and_not_zero(country):
    dordrecht = country["costs"].query(
        "municipality_code == 'GM0505' and year == 2022 and report == 'accounts'"
    )
    assert dordrecht["cost_eur"].isna().all() and set(dordrecht["status"]) == {"missing"}
    asten = country["costs"].query("municipality_code == 'GM0743' and year == 2021 and report == 'accounts'")
    assert set(asten["status"]) == {"faulty"}


def test_every_cell_that_was_judged_and_kept_is_there():
    rows = corrections.read(store.root() / "data" / "kept.yaml")
    assert len(rows) > 10
    corrections.apply(snapshot.as_published(), rows)  # another number of cells is an error


def test_a_municipality_that_was_divided_is_flagged_with_its_parts(country):
    parts = country["boundary_splits"].groupby("municipality_code")["successor_code"].agg(list)
    assert parts.to_dict() == {
        "GM0053": ["GM1966", "GM1969"],
        "GM0140": ["GM0080", "GM1900", "GM1949"],
        "GM0788": ["GM0757", "GM0824", "GM0855", "GM0865"],
    }
    added_up = country["boundary_changes"].set_index("municipality_code")["successor_code"]
    assert all(added_up[code] in successors for code, successors in parts.items())


def test_the_data_stay_small_enough_for_git():
    files = (store.root() / "data" / "open").glob("*")
    assert sum(path.stat().st_size for path in files) < 6_000_000


def test_a_region_that_is_not_there_is_named():
    with pytest.raises(ParameterError, match="no youth region JZ99"):
        snapshot.load(regions=["JZ24", "JZ99"])
