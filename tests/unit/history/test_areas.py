"""Codes, names and regions by year, and what an error says."""

import pytest

from analyse import parameters
from analyse.errors import ParameterError
from analyse.history import areas
from analyse.sources import snapshot


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("GM0503", "GM0503"),
        ("gm503", "GM0503"),
        ("503", "GM0503"),
        ("delft", "GM0503"),
        ("Den Haag", "GM0518"),
        ("'s-Gravenhage", "GM0518"),
        ("s gravenhage", "GM0518"),
        ("Rijswijk", "GM0603"),
        ("VOORNE AAN ZEE", "GM1992"),
    ],
)
def test_a_municipality_is_found_by_code_number_or_name(tables, text, code):
    assert areas.resolve(tables, text) == code


@pytest.mark.parametrize(
    ("text", "year", "said"),
    [
        ("Rotterdm", None, "'Rotterdm' is not a municipality of today; did you mean GM0599 (Rotterdam)?"),
        ("Leidschendam", None, "did you mean GM1916 (Leidschendam-Voorburg)?"),
        ("GM0598", None, "'GM0598' is not a municipality of today; did you mean GM0599 (Rotterdam)"),
        (
            "Amsterdam",
            None,
            "'Amsterdam' is not a municipality of today; `analyse list` shows all codes and names",
        ),
        ("GM0576", None, "(Noordwijkerhout, GM0576) does not exist: part of Noordwijk (GM0575) since 2019"),
        ("noordwijkerhout", 2019, "does not exist in 2019: part of Noordwijk (GM0575) since 2019"),
        ("GM1992", 2022, "does not exist in 2022 yet: until 2022 it was GM0501, GM0530, GM0614"),
    ],
)
def test_an_unknown_municipality_is_refused_with_what_was_meant(tables, text, year, said):
    with pytest.raises(ParameterError) as refused:
        areas.resolve(tables, text, year)
    assert said in str(refused.value)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Delf", "'Delf' is not a municipality or region of today; did you mean GM0503 (Delft)?"),
        (
            "Haaglande",
            "'Haaglande' is not a municipality or region of today; did you mean JZ24 (Haaglanden)?",
        ),
        ("X", "'X' is not a municipality or region of today; `analyse list` shows all codes and names"),
        ("Brielle", "(Brielle, GM0501) does not exist: part of Voorne aan Zee (GM1992) since 2023"),
    ],
)
def test_an_area_that_is_neither_is_refused_with_the_nearest_of_both(tables, text, said):
    with pytest.raises(ParameterError) as refused:
        areas.resolve_area(tables, text)
    assert said in str(refused.value)


def test_regions_have_the_members_of_the_year(tables):
    sizes = {
        year: tuple(len(areas.members(tables, region, year)) for region in ("JZ24", "JZ29", "JZ18"))
        for year in (2018, 2019, 2023, 2024)
    }
    assert sizes == {2018: (10, 15, 13), 2019: (10, 15, 12), 2023: (10, 13, 12), 2024: (9, 13, 13)}
    assert len(areas.members(tables, "ALL")) == len(areas.municipalities(tables)) == 35


def test_a_merged_municipality_had_the_region_of_its_parts(tables):
    assert areas.region_of(tables, "GM1992", 2017) == "JZ29"


def test_voorschoten_moves_in_2024(tables):
    assert [areas.region_of(tables, "GM0626", year) for year in (2023, 2024, 2030)] == [
        "JZ24",
        "JZ18",
        "JZ18",
    ]


def test_names_are_those_of_the_year_and_outlive_the_municipality(merger):
    assert [areas.name(merger, "GM0003", year) for year in (2018, None)] == ["Cedar", "Cedar"], (
        "without province"
    )
    assert areas.name(merger, "GM0001") == "Ash"
    assert areas.name(merger, "JZ24") == "Haaglanden"
    assert areas.name(merger, "ALL") == areas.ALL_NAME


def test_regions_go_by_code_or_name_and_others_are_refused(tables):
    assert areas.resolve_region(tables, "holland rijnland") == "JZ18"
    with pytest.raises(ParameterError, match="JZ24 \\(Haaglanden\\)"):
        areas.members(tables, "JZ99")
    with pytest.raises(ParameterError, match="Noordwijk \\(GM0575\\)"):
        areas.region_of(tables, "GM0576")
    with pytest.raises(ParameterError, match="first year listed is 2012"):
        areas.municipalities(tables, 2000)


def test_the_hague_has_the_name_it_calls_itself_and_is_found_by_that_of_cbs(tables):
    assert areas.name(tables, "GM0518") == "Den Haag"
    assert set(tables["municipalities"].query("municipality_code == 'GM0518'")["municipality"]) == {
        "'s-Gravenhage"
    }
    assert {
        areas.resolve(tables, text) for text in ("'s-Gravenhage", "s gravenhage", "Den Haag", "The Hague")
    } == {"GM0518"}


@pytest.fixture(scope="module")
def country():
    return snapshot.load(regions=parameters.COUNTRY)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Bergen (NH.)", "GM0373"),
        ("bergen nh", "GM0373"),
        ("Bergen (L.)", "GM0893"),
        ("Utrecht", "GM0344"),
        ("Hengelo", "GM0164"),
        ("Beek", "GM0888"),
        ("Rijswijk", "GM0603"),
    ],
)
def test_a_municipality_of_the_whole_country_by_name(country, text, code):
    assert areas.resolve(country, text) == code


def test_two_municipalities_of_one_name_are_told_apart(country):
    with pytest.raises(
        ParameterError, match=r"2 municipalities have that name; give GM0373 \(Bergen \(NH\.\)\)"
    ):
        areas.resolve(country, "Bergen")
    names = areas.all_names(country)
    assert (names["GM0373"], names["GM0893"], names["GM0603"]) == ("Bergen (NH.)", "Bergen (L.)", "Rijswijk")


def test_an_unknown_name_gets_the_nearest_of_the_whole_country(country):
    with pytest.raises(ParameterError, match=r"not a municipality of today; did you mean GM0344 \(Utrecht\)"):
        areas.resolve(country, "Utrech")


def test_all_regions_together_have_the_name_of_what_they_are(country):
    assert areas.all_name(list(areas.regions(country).values())) == "The Netherlands"
    assert areas.all_name(["Haaglanden", "Rijnmond"]) == "Haaglanden, Rijnmond and Holland Rijnland"
    assert areas.all_name(["Haaglanden", "Zeeland"]) == "All regions together"
