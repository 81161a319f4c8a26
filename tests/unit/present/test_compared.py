"""The figures of the comparison: chance is not difference, nothing is ranked, a flag stands on its number."""

import json
import re

import pandas as pd
import pytest

from analyse import scenario
from analyse.compare import choices, vision
from analyse.present import figures
from analyse.present.exhibits import exhibit, markup
from analyse.present.figures import outlines
from analyse.present.pages import comparison, regional_vision
from analyse.present.text.formats import NBSP
from analyse.report import downloads
from analyse.report.cells import Pieces

LANGUAGES = ["nl", "en"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_figure_is_whole(compared, language):
    for shown in compared.every(language):
        json.dumps(shown._repr_mimebundle_(), allow_nan=False)
        text = json.dumps(shown.as_json(), ensure_ascii=False, allow_nan=False)
        assert not re.search(r"\b(?:nan|NaN|None)\b|\{\w+\}", text), shown.title
        assert shown.alt.endswith(".") and shown.source and shown.table.cells
        assert not shown.title.endswith(".")


def test_the_funnel_counts_who_differs_and_lists_by_the_alphabet(compared):
    shown = compared.funnel()

    assert (
        shown.title
        == "Jongeren met jeugdhulp per 100 jongeren, 2022: 1 van de 4 gemeenten verschilt meer dan gewoon is"
    )
    assert [row[0] for row in shown.table.cells] == sorted(compared.NAMES.values())
    points = next(one for one in shown.drawing["data"] if one["mode"] == "markers")
    assert points["marker"]["symbol"] == ["circle", "circle-open", "circle-open", "diamond"]
    assert shown.table.cells[3][-1] == "meer dan het gewone verschil"
    assert compared.funnel(outside=False).title.endswith("geen enkele ongewoon veel")


def test_an_area_on_the_map_holds_its_value_and_the_letter_of_its_flag(compared):
    shown = compared.drawn_map()
    texts = next(one for one in shown.drawing["data"] if one["mode"] == "text")
    said = dict(zip(texts["customdata"], texts["text"], strict=True))

    assert {key.replace(NBSP, " "): value.replace(NBSP, " ") for key, value in said.items()}.items() >= {
        "Delft: € 2.460": "€ 2.460", "Alphen aan den Rijn: € 2.100": "€ 2.100<sup>a</sup>",
    }.items()  # fmt: skip
    assert "a = Eigen inkoop" in shown.note
    assert [mark[1] for mark in shown.table.marks] == ["a", "", "", ""]
    assert len(shown.drawing["layout"]["shapes"]) == 5
    assert "CC BY 4.0" in shown.source


def test_neighbours_share_their_border_on_the_grid_and_the_country_stands_small_in_the_corner(compared):
    found = outlines.shapes(compared.outlines(), compared.CODES)
    first, second = (found[code] for code in compared.CODES[:2])
    assert len(set(first.rings[0]) & set(second.rings[0])) == 2
    assert first.middle[0] < second.middle[0]
    data = compared.drawn_map().drawing["data"]
    whole = figures.outline_map(
        compared.fair(), compared.outlines().query("municipality_code != 'GM0014'"), compared.NAMES,
        measure="cost_per_youth_eur", period=2024,
    )  # fmt: skip
    assert len(data) == len(whole.drawing["data"]) + 2


def test_on_a_grid_points_between_and_twice_are_left_out_but_no_corner(compared):
    text = "4.0 52.0 4.00001 52.0 4.1 52.0 4.2 52.0 4.2 52.1 4.0 52.1 4.0 52.0"
    row = pd.DataFrame([("GM0001", 1, "land", text)], columns=["municipality_code", "ring", "kind", "points"])
    assert len(outlines.shapes(row, ["GM0001"])["GM0001"].rings[0]) == 4


def test_every_area_of_a_map_leads_to_its_page_by_keyboard_too(compared):
    bundle = compared.drawn_map()._repr_mimebundle_()
    given = bundle[exhibit.MIME], bundle[exhibit.PLOTLY]
    beside = Pieces("nl", lambda name, content: name, {"Delft": "municipality-GM0503.html"})
    page, alone = str(beside.exhibit(*given)), str(Pieces("nl", lambda name, content: name).exhibit(*given))

    assert '<a href="municipality-GM0503.html" aria-label="Delft: €\u00a02.460"><title>Delft: ' in page
    assert page.count('<a href="municipality') == 1
    assert 'role="group"' in page and 'aria-hidden="true"><svg' not in page and "Sla de kaart over" in page
    assert "data-for=" not in page
    assert 'tabindex="0"' in alone and "Sla de kaart over" not in alone


def test_a_flag_leads_from_its_number_to_its_reason_and_into_the_download(compared):
    data = compared.drawn_map().as_json()
    page = str(markup.table(data["table"], place="flag-3"))

    assert '<sup><a href="#flag-3-a"><span class="unseen">let op </span>a</a></sup>' in page
    assert '<li id="flag-3-a"><sup>a</sup> <strong>Eigen inkoop.</strong> ' in markup.legend(
        data["table"], place="flag-3"
    )
    made = downloads.as_csv(downloads.sheet(3, data)).decode().splitlines()
    assert made[0].endswith("Kosten per jongere: opmerking")
    assert made[1].endswith(",2100,Eigen inkoop")


def test_a_place_is_an_interval_in_the_order_of_the_alphabet(compared):
    shown = compared.ranks()

    assert list(shown.table.cells) == [
        ("Alphen aan den Rijn", "1", "2"), ("Delft", "1", "2"), ("Leiden", "3", "3"), ("Zoetermeer", "4", "4"),
    ]  # fmt: skip
    assert "0 van de 4" in shown.title


def test_the_steps_of_a_difference_add_up_in_picture_and_words(compared):
    shown = compared.difference()
    bars = shown.drawing["data"][0]

    assert bars["base"][1] + bars["x"][1] == pytest.approx(bars["base"][2])
    assert bars["base"][2] + bars["x"][2] == pytest.approx(bars["x"][3])
    assert shown.title.replace(NBSP, " ").startswith(
        "Haaglanden gaf in 2022 € 280 minder uit per jongere dan Rijnmond"
    )
    assert shown.note.startswith("Minder uitgegeven door ")
    assert bars["marker"]["pattern"]["shape"][2] == "/", "a fall shows without colour"


def test_an_area_beside_its_peers(compared):
    assert compared.peers().title.replace(NBSP, " ") == (
        "Delft: kosten per jongere € 2.460 in 2024, boven de meeste vergelijkbare gemeenten (€ 1.970 tot € 2.350)"
    )
    assert compared.peers().drawing["data"][2]["y"] == [2360.0, 2460.0]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_vision_shows_what_is_known_and_says_which_source_would_fill_the_rest(compared, language):
    declared = choices.visions()["JZ24"]
    monitor = compared.followed(declared).assign(area_code="GM0503")
    shown = regional_vision.vision(monitor, declared, area="Delft", language=language)
    (gaps,) = regional_vision.gaps(monitor, declared, area="Delft", language=language)

    assert shown.title == {"nl": "Delft: 2 van de 19 indicatoren van de visie hebben een cijfer",
                           "en": "Delft: 2 of the 19 indicators of the vision have a figure"}[language]  # fmt: skip
    rows = {row[0]: row for row in shown.table.cells}
    costs = rows[{"nl": "Kosten per jongere", "en": "Costs per youth"}[language]]
    assert costs[5] == {"nl": "geen duidelijke verandering", "en": "no clear change"}[language]
    assert len(rows) == 2 and len(gaps.table.cells) == 17
    assert all(row[4] not in ("", "–") for row in gaps.table.cells), "each says which source"
    assert any("iJw 301" in row[4] for row in gaps.table.cells)


def test_what_a_region_published_itself_stands_with_the_region_only(compared):
    declared = choices.visions()["JZ24"]
    monitor = compared.followed(declared)
    region = regional_vision.vision(monitor.assign(area_code="JZ24"), declared, area="Haaglanden")

    (waiting,) = [row for row in region.table.cells if "wachten" in row[0]]
    assert waiting[3].replace(NBSP, " ") == "1.114 jongeren wachtten te lang op ggz (30 juni 2023)"
    assert waiting[4].replace(NBSP, " ") == "839 jongeren wachtten te lang op ggz (31 december 2021)"
    assert "Vlietnieuws" in waiting[7]


def test_a_target_is_named_with_its_decision_and_whether_it_is_met(compared):
    declared = choices.visions()["JZ24"]
    monitor = compared.followed(declared).assign(area_code="JZ24").set_index("indicator").astype(object)
    told = {"period": 2024, "value": 0.17, "measure": "overspend_fraction", "unit": "fraction", "origin": vision.OPEN,
            "target_value": 0.0, "target_year": 2024, "target_met": False}  # fmt: skip
    for name, value in told.items():
        monitor.loc["overspend", name] = value
    shown = regional_vision.vision(monitor.reset_index(), declared, area="Haaglanden")

    (row,) = [row for row in shown.table.cells if row[0].startswith("Rekening boven")]
    assert "Doel voor 2024: 0,0 % (de begrotingen 2024" in row[7].replace(NBSP, " ")
    assert row[7].endswith("Dat is niet gehaald.")


def test_an_indicator_of_which_a_part_is_hidden_has_bounds(compared):
    declared = choices.visions()["JZ24"]
    monitor = compared.followed(declared).assign(area_code="GM0503")
    hidden = monitor["indicator"].eq("probation")
    monitor.loc[hidden, ["period", "value", "low", "high"]] = [2022, float("nan"), 0.4, 0.5]
    shown = regional_vision.vision(monitor, declared, area="Delft")

    (row,) = [row for row in shown.table.cells if "jeugdreclassering" in row[0]]
    assert row[3].replace(NBSP, " ") == "0,4 % tot 0,5 % (2022)"
    assert shown.title.startswith("Delft: 3 van de 19")


def test_the_action_lines_name_the_measures_with_their_evidence():
    declared = choices.visions()["JZ24"]
    shown = regional_vision.actions(declared, {lever.id: lever for lever in scenario.levers()})

    assert shown.title == "Bij 16 van de 34 actielijnen hoort een maatregel in het wat-als-paneel"
    school = shown.table.cells[4]
    assert "Preventie op scholen met jeugdgezondheidszorg en leerplicht (€)" in school[1]
    assert school[2] == "Hulp op school (onderwijs-zorgarrangementen) (D)"
    for one in choices.visions().values():
        regional_vision.actions(one, {lever.id: lever for lever in scenario.levers()})


def test_every_measure_stands_beside_a_reference_with_margin_denominator_and_source(compared):
    shown = compared.beside()
    rows = {row[0]: [one.replace(NBSP, " ") for one in row[1:]] for row in shown.table.cells}

    assert [one.label.replace(NBSP, " ") for one in shown.table.columns] == [
        "Maat", "Jaar", "Delft", "Marge (80 %)", "Alphen aan den Rijn", "Helft van de vergelijkbare gemeenten",
        "Gerekend over", "Bron"]  # fmt: skip
    assert rows["kosten per jongere"] == [
        "2024", "€ 2.460", "€ 2.460", "€ 2.100", "€ 1.970 tot € 2.350",
        "15.700 jongeren van 0 t/m 17 jaar", "CBS/BZK Iv3"]  # fmt: skip
    assert shown.table.marks[0][4] == "a", "the flag is that of the other municipality"
    assert (
        "Welke gemeenten vergelijkbaar zijn met Delft, staat bij de grafiek onder deze tabel." in shown.note
    )


def test_what_boundaries_do_is_said_of_what_moved_only(compared):
    shown = compared.composed()

    assert [row[0] for row in shown.table.cells] == ["Holland Rijnland", "Haaglanden"]
    assert shown.table.cells[1][5].replace(NBSP, " ") == "€ 7,80 miljoen"
    assert shown.note == (
        "Voorschoten ging in 2024 van Haaglanden naar Holland Rijnland. "
        "Fusies veranderen geen totaal van een regio: Brielle (2023)."
    )


def test_areas_stand_side_by_side_with_their_flags(compared):
    shown = compared.together()

    assert [one.label for one in shown.table.columns][2:4] == ["Delft", "Alphen aan den Rijn"]
    assert shown.table.cells[0][3].replace(NBSP, " ") == "€ 2.100"
    assert shown.table.marks[0][2:4] == ("", "a")
    assert shown.table.legend[0][1] == "Eigen inkoop"
    assert shown.note.replace(NBSP, " ").startswith("Tussen haakjes: de marge van 80 %.")
    sources = shown.source.split("; ")
    assert len(sources) == len(set(sources)), "each source stands there once"


def test_a_figure_of_which_a_part_is_hidden_has_bounds(compared):
    own = compared.with_peers().query("area_code == 'GM0503' and measure == 'cost_per_youth_eur'")
    own = own.assign(measure="probation_percent", value=float("nan"), low=0.3, high=0.6)
    shown = comparison.together(own, {"GM0503": "Delft"}, language="nl")

    assert shown.table.cells[0][2].replace(NBSP, " ") == "0,3 % tot 0,6 %"
