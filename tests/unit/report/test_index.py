"""The index finds every report, and says which are not there and why."""

import re

import nbformat
import pytest

from analyse import shared, store
from analyse.history import areas
from analyse.parameters import COUNTRY
from analyse.present.text.language import translator
from analyse.report import area_map, assets, downloads, index


def rows(page):
    return re.findall(r"<tr[^>]*>.*?</tr>", re.split("<tbody[^>]*>", page)[1], flags=re.S)


def test_every_area_is_a_row_with_its_figures(samples):
    page = index.html(samples.manifest())
    region, delft, leiden = (re.sub(r"\s+", " ", row.replace("\u00a0", " ")) for row in rows(page))

    assert '<a href="region-JZ24.html">Haaglanden</a>' in region
    assert '<a href="municipality-GM0503.html">Delft</a>' in delft
    assert ">Haaglanden</td>" in delft
    assert 'data-sort="3.86e+07">€ 38,6 miljoen' in delft
    assert "ongeveer € 46 miljoen" in delft and "79 %" in delft and "Wat kunnen we doen?" in delft
    assert ">Holland Rijnland</td>" in leiden
    assert 'data-sort="">niet bekend' in leiden


def test_no_chance_is_sure(samples):
    manifest = samples.manifest()
    for one in manifest["notebooks"]:
        one["highlights"] = one["highlights"] and one["highlights"] | {
            "chance_budget_exceeded": 1.0,
            "chance_low": 1.0,
        }
    region, *_ = rows(index.html(manifest).replace("\u00a0", " "))

    assert re.search(r'<td [^>]*data-sort="1">meer dan 99 %</td>', region)


def test_the_heading_has_the_year_of_most_areas_and_a_cell_of_another_year_says_so(samples):
    manifest = samples.manifest()
    delft = next(one for one in manifest["notebooks"] if one["area_code"] == "GM0503")
    delft["highlights"] = delft["highlights"] | {"budget_period": 2025, "chance_low": 0.61}

    page = re.sub(r"\s+", " ", index.html(manifest).replace("\u00a0", " "))

    assert "Kans boven de begroting, 2026" in page
    assert "61–79 % (2025)" in page


def test_a_failed_report_is_named_with_reason_and_cell(samples):
    page = index.html(samples.manifest())

    reason = '<span lang="en">DataError: a &lt;b&gt;column&lt;/b&gt; is missing</span>'
    assert f'<span class="failed">mislukt</span>: cel 8: {reason}' in page
    assert 'href="notebooks/municipality-GM0546.ipynb"' in page
    assert 'href="municipality-GM0546.html"' not in page
    assert "1 rapport kon niet worden gemaakt." in page


def test_links_get_the_prefix_of_the_run(samples):
    page = index.html(samples.manifest(), prefix="open-2026.11-nl/")

    links = re.findall(r'<a href="([^"#]+)"', page)
    assert links and all(link.startswith("open-2026.11-nl/") for link in links)


def test_the_same_manifest_gives_the_same_bytes(samples, tmp_path):
    first = index.write(samples.manifest(), tmp_path / "a").read_bytes()

    assert first == index.write(samples.manifest(), tmp_path / "b").read_bytes()


def test_english(samples):
    page = index.html(samples.manifest("en"))

    assert '<html lang="en">' in page
    assert "about €46 million" in page.replace("\u00a0", " ")
    assert "mislukt" not in page


def test_plotly_is_copied_once(tmp_path):
    path = assets.write(tmp_path / "assets")
    first = path.stat()

    assert assets.write(tmp_path / "assets") == path
    assert path.stat().st_mtime_ns == first.st_mtime_ns
    path.write_bytes(b"other")
    assert assets.write(tmp_path / "assets").stat().st_size == first.st_size


def with_declarations(samples, language="nl", **told):
    """A manifest with a page on declarations of Delft, whose highlights would be in the table if they were real."""
    made = samples.manifest(language)
    delft = next(one for one in made["notebooks"] if one["name"] == "municipality-GM0503")
    page = delft | {"name": "declarations-GM0503", "notebook": "07_declarations", "html": "declarations-GM0503.html",
                    "highlights": {"cost_eur": 123_456_789.0, "period": 2024}}  # fmt: skip
    made["notebooks"].append(page | told.pop("page", {}))
    absent = [{"area_code": "GM0546", "title": "Leiden", "members": 1, "present": 0},
              {"area_code": "JZ24", "title": "Haaglanden", "members": 9, "present": 8}]  # fmt: skip
    told = {"notebook": "07_declarations", "simulated": True, "label": "Gesimuleerde declaraties"} | told
    return made | {"declarations": told | {"absent": absent}}


def test_pages_on_declarations_stand_apart_with_their_label(samples):
    page = index.html(with_declarations(samples), prefix="run/")
    table, apart = page.split('<section id="declared">')

    assert rows(table) == rows(index.html(samples.manifest(), prefix="run/"))
    assert "123" not in table and "123" not in apart
    assert "declarations-GM0503.html" not in table and 'href="#declared"' in table
    assert apart.index("Gesimuleerde declaraties: niets hiervan") < apart.index("declarations-GM0503.html")
    assert '<a href="run/declarations-GM0503.html">Delft: declaraties</a>' in apart
    assert "2 gebieden hebben geen pagina" in apart
    assert "Leiden: er zijn geen declaraties." in apart and "Haaglanden: van 8 van de 9 gemeenten" in apart
    assert "1 municipality" not in page and "2 gemeenten" in table


def test_real_declarations_bear_no_label_and_a_set_without_has_no_such_part(samples):
    real = index.html(with_declarations(samples, "en", simulated=False, label=""))

    assert "imulated" not in real and "Delft: declarations" in real
    assert "declared" not in index.html(samples.manifest())


def test_a_failed_page_on_declarations_says_why_and_changes_of_it_are_no_changes_of_figures(samples):
    failed = {"status": "failed", "reason": "took longer than 600 seconds", "cell": 3}
    before, now = with_declarations(samples), with_declarations(samples, page=failed)
    page = index.html(now, previous=before)

    apart = page.split('<section id="declared">')[1]
    assert "Delft: declaraties" in apart and "took longer than 600 seconds" in apart
    assert 'href="declarations-GM0503.html"' not in page
    assert index.changes(before, now) == []


def test_the_hague_is_found_by_every_name_and_shown_by_that_of_the_language(samples):
    made = samples.manifest("en")
    entry = next(one for one in made["notebooks"] if one["area_code"].startswith("GM"))
    made["notebooks"] = [entry | {"area_code": "GM0518", "title": "Den Haag"}]

    page = index.html(made)

    assert ">The Hague</a>" in page
    assert 'data-also="s gravenhage the hague den haag"' in page


@pytest.mark.parametrize(("language", "heading"), [("nl", "Wat kunnen we doen?"), ("en", "What can we do?")])
def test_a_row_leads_to_what_can_be_done_which_every_page_of_an_area_has(samples, language, heading):
    shown = index.html(samples.manifest(language))
    place = downloads.slug(heading)

    assert re.search(rf'href="[^"]+\.html#{place}">{re.escape(heading)}', shown)
    for name in ("municipality", "region"):
        notebook = nbformat.read(store.notebooks(language) / f"{name}.ipynb", as_version=4)
        assert sum(cell.source.startswith(f"## {heading}") for cell in notebook.cells) == 1


def test_the_map_leads_to_the_page_of_each_municipality_and_says_what_the_table_says(samples):
    tables = shared.loaded("open")
    codes, words = areas.municipalities(tables), translator("nl")
    cells = [{"sort": "0.55", "text": "55 %"}]
    rows = [{"code": code, "name": code, "link": f"{code}.html", "cells": cells} for code in codes[:4]]
    made = area_map.shown(rows, tables["outlines"], codes, words)

    assert re.findall(r'<a href="([^"]+)" aria-label="([^"]+)"', made["picture"]) == [
        (f"{code}.html", f"{code}: 55 %") for code in codes[:4]
    ]
    assert made["picture"].count("<path") == len(codes) == 35
    assert made["picture"].count("scale-3)") == 4, "from 40 % to 60 %"
    assert area_map.shown(rows[:2], tables["outlines"], codes, words) is None
    assert "map" not in re.findall(r'<section id="([^"]+)"', index.html(samples.manifest()))


def test_the_index_of_the_whole_country_stays_small_and_says_where_its_lines_are(samples):
    """342 municipalities and 42 regions, each with figures: at most 400 kB, and no figure is left out."""
    manifest, known = samples.manifest(), shared.loaded("open", COUNTRY)
    *whole, region, delft, _ = manifest["notebooks"]
    codes = [code for code in areas.all_names(known) if code != areas.ALL]
    manifest["parameters"]["regions"] = "country"
    manifest["notebooks"] = whole + [
        (delft if code.startswith("GM") else region)
        | {"area_code": code, "title": name, "html": f"municipality-{code}.html"}
        for code, name in areas.all_names(known).items()
        if code in codes
    ]
    page = index.html(manifest)

    assert len(codes) == page.replace("\u00a0", " ").count("€ 38,6 miljoen</td>") == 384
    assert len(page.encode()) <= 400_000
    assert page.count('class="trend"') == 42
    assert "De kosten van een gemeente door de jaren heen staan op haar eigen pagina." in page
    assert "door de jaren heen staan op haar" not in index.html(samples.manifest())


def test_pages_that_each_area_has_besides_stand_in_a_fold_of_their_own(samples):
    manifest = samples.manifest()
    delft = next(one for one in manifest["notebooks"] if one["area_code"] == "GM0503")
    html = "planning-GM0503.html"
    below = {"name": "planning-GM0503", "notebook": "planning", "html": html, "title": "Delft: teksten"}
    manifest["notebooks"].append(delft | below)

    page = index.html(manifest)
    fold = re.search(
        r"<details><summary>Teksten voor planning en control \(1\)</summary>(.*?)</details>", page, re.S
    )

    assert '<a href="planning-GM0503.html">Delft: teksten</a>' in fold[1]
    assert page.count("planning-GM0503.html") == 1 and len(rows(page)) == 3
