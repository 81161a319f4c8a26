"""An executed notebook becomes a page that anyone can read, and that asks the network for nothing."""

import base64
import hashlib
import html
import json
import re

import nbformat
import pytest
from markupsafe import Markup

from analyse.errors import DataError
from analyse.present import figures
from analyse.present.exhibits import cards, exhibit
from analyse.present.exhibits.exhibit import Exhibit
from analyse.present.exhibits.tables import Column
from analyse.present.text import formats
from analyse.present.text.language import translator
from analyse.report import exporter, skips
from analyse.sources import snapshot


@pytest.fixture(scope="module")
def page(samples):
    return exporter.html(samples.report(), language="nl")


def test_the_head_of_the_page(page):
    assert page.startswith("<!doctype html>")
    assert '<html lang="nl">' in page
    assert "<title>Delft – Jeugdhulp: kosten en gebruik</title>" in page
    assert page.count("<h1") == 1
    assert '<a class="skip" href="#content">Naar de inhoud</a>' in page
    assert '<a href="index.html">Alle gemeenten en regio’s</a>' in page
    assert f"Gegevens van {formats.date(snapshot.package('open')['created'])}." in page


def test_the_prose_of_the_notebook_stands_on_a_page_of_its_language(samples, page):
    english = exporter.html(samples.report("en"), language="en")

    assert "Waardoor veranderen de kosten?" in page
    assert '<html lang="en">' in english


def test_every_chart_has_a_caption_an_alternative_a_source_and_its_table(page):
    charts = re.findall(r'<figure class="chart".*?</figure>', page, flags=re.S)

    assert len(charts) == 7
    for number, chart in enumerate(charts, start=2):  # the first table is that of the budgets
        assert f'aria-labelledby="figure-{number}"' in chart
        assert f'<figcaption id="figure-{number}">' in chart
        assert re.search(r'role="img" aria-label="[^"]{20,}"', chart)
        assert re.search(r'<svg [^>]*>.*?<text x="[^"]+" y="[^"]+"[^>]*>[^<]+</text>', chart, flags=re.S)
        assert "&lt;text" not in chart
        assert '<p class="source">Bron: ' in chart
        title = re.search(r'<h[23] class="charted">(.+?)</h[23]>', chart).group(1)
        assert f'<summary>Gegevens als tabel<span class="unseen">: {title}</span></summary>' in chart
        assert "<caption>" in chart and 'scope="col"' in chart and 'scope="row"' in chart


def test_the_contents_lead_to_every_heading_in_their_order():
    cells = ["# Delft", "## Wat kost het?\n\nVeel.", "## Wat *nu*?\n\nNiets."]
    node = nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell(cell) for cell in cells])

    page = exporter.html(node, language="nl")

    contents = re.search(
        r'<nav class="contents" aria-label="Op deze pagina">.*?</nav>', page, flags=re.S
    ).group()
    assert re.findall(r'<a href="#([^"]+)">(.*?)</a>', contents) == [
        ("wat-kost-het", "Wat kost het?"),
        ("wat-nu", "Wat nu?"),
    ]
    assert '<h2 id="wat-nu">Wat <em>nu</em>?</h2>' in page


def test_the_first_screen_ends_where_prose_begins(page):
    first = re.search(r'<div class="first-screen">(.*?)<h2 id=', page, flags=re.S).group(1)

    assert [
        part in first for part in ('class="head"', 'class="finding"', 'class="cards"', "<figure", "certainty")
    ] == [True] * 5


def test_the_policy_allows_exactly_the_scripts_of_the_page(page, samples):
    """Those beside the page by their folder; the ones inside a page that was mailed by their digest."""
    place = exporter.page_context.Place(single_file=True)
    mailed = exporter.html(samples.report(), language="nl", place=place)
    policy, alone = (
        html.unescape(re.search(r'http-equiv="Content-Security-Policy" content="([^"]*)"', one).group(1))
        for one in (page, mailed)
    )
    script = re.search(r'<script type="module">(.*?)</script>', mailed, flags=re.S).group(1)
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()

    assert "default-src 'none'" in policy and "default-src 'none'" in alone
    assert f"'sha256-{digest}'" in alone and "'self'" not in alone.split("script-src")[1].split(";")[0]
    assert re.findall(r"<script defer src=\"([^\"]*)\"", page) == ["assets/page.js"]
    assert "script-src 'self' file: ;" in policy
    assert not re.search(r"(?:src|href)=\"(?:https?:)?//", page)
    assert not re.search(r"\son[a-z]+=\"", page)


def test_text_from_data_is_escaped_everywhere(samples):
    evil = "<script>alert('x')</script>"
    areas = samples.history().assign(area=evil)

    made = exporter.html(
        samples.notebook(
            samples.cell(cards.head(evil)),
            samples.cell(figures.fan(areas, samples.summary())),
            samples.prose(f"{evil} <img src=x onerror=alert(1)> x"),
            samples.prose("[x](javascript:alert(1))"),
        ),
        language="nl",
    )

    assert "<script>alert" not in made
    assert "<img" not in made
    assert 'href="javascript:' not in made
    assert made.count("</script>") == made.count("<script")


def test_code_and_printed_lines_are_left_out_and_errors_are_plain(samples):
    cell = nbformat.v4.new_code_cell("secret_code()")
    cell.outputs = [
        nbformat.v4.new_output("stream", name="stdout", text="printed line"),
        nbformat.v4.new_output(
            "execute_result", data={"text/html": "<table>bare</table>", "text/plain": "bare"}
        ),
        nbformat.v4.new_output(
            "error", ename="DataError", evalue="a <column> is missing", traceback=["\x1b[0mline 1"]
        ),
    ]
    after = samples.prose("## Een kop zonder cijfers")
    made = exporter.html(samples.notebook(samples.prose("# Titel"), cell, after), language="nl")

    assert "secret_code" not in made
    assert "Een kop zonder cijfers" not in made, "what comes after it was not made"
    assert "printed line" not in made
    assert "bare" not in made
    assert '<span lang="en">DataError: a &lt;column&gt; is missing</span>' in made
    assert "Dit rapport is niet compleet" in made
    assert "line 1" not in made


def test_the_same_notebook_gives_the_same_bytes(samples, tmp_path):
    first = exporter.export(samples.report(), tmp_path / "a" / "page.html", language="nl").read_bytes()
    second = exporter.export(samples.report(), tmp_path / "b" / "page.html", language="nl").read_bytes()

    assert first == second
    assert len(first) < 400_000


@pytest.mark.parametrize(
    ("beside", "said"),
    [
        ("declarations-GM0503.html", "Delft: declaraties"),
        ("municipality-GM0503.html", "Delft: kosten en gebruik"),
    ],
)
def test_a_page_links_to_the_other_one_of_its_area(samples, tmp_path, beside, said):
    linked, alone, mailed = (
        exporter.export(samples.report(), tmp_path / name / "delft.html", language="nl", **how).read_text()
        for name, how in (
            ("linked", {"beside": beside}),
            ("alone", {}),
            ("mailed", {"beside": beside, "single_file": True}),
        )
    )

    link = f' <a href="{beside}">{said}</a>'
    assert linked.count(link) == 1 and linked.replace(link, "") == alone
    assert f'href="{beside}"' not in mailed, "beside a page that was mailed stands nothing"


def test_a_page_links_to_the_pages_around_it_and_one_that_was_mailed_to_none(samples, tmp_path):
    around = [
        ("up", "region-JZ24.html", "Haaglanden"),
        ("previous", "municipality-GM0518.html", "Den Haag"),
        ("next", "municipality-GM0603.html", "Rijswijk"),
    ]
    linked, mailed = (
        exporter.export(
            samples.report(), tmp_path / name / "delft.html", language="nl", around=around, **how
        ).read_text()
        for name, how in (("linked", {}), ("mailed", {"single_file": True}))
    )

    assert '<a href="region-JZ24.html">Haaglanden</a>' in linked
    assert '<a href="municipality-GM0518.html">Vorige: Den Haag</a>' in linked
    assert '<a href="municipality-GM0603.html">Volgende: Rijswijk</a>' in linked
    assert "municipality-GM0603.html" not in mailed


def test_prose_has_the_apostrophes_of_texts_made_in_code(samples):
    page = exporter.html(
        samples.notebook(samples.prose("# A\n\nDe drie regio's in zo'n jaar")), language="nl"
    )

    assert "De drie regio’s in zo’n jaar" in page


def test_the_title_says_what_the_page_is_about(samples):
    report = samples.report()
    head = next(
        output.data[exhibit.MIME]
        for cell in report.cells
        for output in cell.get("outputs", [])
        if output.get("data", {}).get(exhibit.MIME, {}).get("kind") == "head"
    )
    before = exporter.html(report, language="nl")
    head["content"]["subject"] = "Jeugdhulp: sturen op declaraties"

    assert "<title>Delft – Jeugdhulp: kosten en gebruik</title>" in before
    assert "<title>Delft – Jeugdhulp: sturen op declaraties</title>" in exporter.html(report, language="nl")


def test_a_notebook_on_disk_and_one_that_is_not_there(samples, tmp_path):
    path = tmp_path / "report.ipynb"
    nbformat.write(samples.report(), path)

    assert exporter.export(path, tmp_path / "report.html", language="nl").is_file()
    with pytest.raises(DataError, match="no such notebook"):
        exporter.export(tmp_path / "other.ipynb", tmp_path / "other.html", language="nl")
    path.write_text("{", encoding="utf-8")
    with pytest.raises(DataError, match="not a readable notebook"):
        exporter.export(path, tmp_path / "other.html", language="nl")


def test_figures_in_the_page_are_plain_json(page):
    blocks = re.findall(
        r'<script type="application/json" data-for="([^"]+)">(.*?)</script>', page, flags=re.S
    )

    assert len(blocks) == 7
    for name, text in blocks:
        figure = json.loads(text)
        assert f'id="{name}"' in page
        assert "title" not in figure["layout"], "the caption says it"
        assert "template" not in figure["layout"]


def test_a_page_without_a_head_takes_its_title_from_the_prose(samples):
    text = Exhibit("text", "Zinnen", content={"paragraphs": ["Een <zin>."]})
    made = exporter.html(
        samples.notebook(
            samples.prose("# De bronnen\n\nWaar komt het vandaan?"),
            samples.cell(text),
            samples.prose("# Deel"),
        ),
        language="nl",
    )

    assert "<h1>De bronnen</h1>" in made
    assert "Waar komt het vandaan?" in made
    assert "Een &lt;zin&gt;." in made
    assert re.search(r"<h2[^>]*>Deel</h2>", made)


def test_a_long_table_is_folded_behind_its_caption(samples):
    rows = [(year, float(year)) for year in range(1990, 2026)]
    columns = {"period": Column("Year", "year"), "value": Column("Amount", "euro")}
    short, long = (
        exporter.html(
            samples.notebook(samples.cell(Exhibit.of_table(listed, columns, "Alle jaren"))), language="nl"
        )
        for listed in (rows[:24], rows)
    )

    assert "<summary>Alle jaren (36 rijen)</summary>" in long
    assert long.count("<tr>") == 37 and "rijen)</summary>" not in short


@pytest.mark.parametrize(("stops", "skipped"), [(39, False), (40, False), (41, True)])
def test_a_part_with_more_than_forty_stops_has_a_link_past_it(stops, skipped):
    link = Markup('<a class="to" href="delft.html">Delft</a>')
    parts = [
        Markup('<h2 id="a">Waar <b>gaat</b> het heen?</h2>'),
        link * (stops - 1),
        Markup('<div tabindex="0"></div>'),
    ]
    sections = [
        {"kind": "prose", "parts": parts},
        {"kind": "prose", "parts": [Markup('<h2 id="b">Hoe</h2>')]},
    ]
    made = skips.added(sections, after="downloads", words=translator("nl"))
    past = '<a class="skip" href="#b">Sla dit deel over: Waar gaat het heen?</a>'

    assert (past in made[0]["parts"][0]) == skipped
    assert "skip" not in made[1]["parts"][0] and made[0]["parts"][1:] == parts[1:]
    last = skips.added(sections[::-1], after="downloads", words=translator("nl"))
    assert ('href="#downloads"' in last[1]["parts"][0]) == skipped
