"""The pages in a real browser: accessible, drawn, quiet, and asking the network for nothing.

Debian's package ``chromium`` is the browser; where there is none these tests say so and are skipped.
"""

from __future__ import annotations

import html
import io
import os
import re
import shutil
import xml.etree.ElementTree as ET
from pathlib import Path

import pandas as pd
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import sync_playwright
from pypdf import PdfReader

from analyse import parameters, store
from analyse.history import areas, panel
from analyse.present.pages import by_form, listings, provenance
from analyse.report import assets, exporter, index, pdf
from analyse.sources import corrections, snapshot

CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]

pytestmark = pytest.mark.skipif(
    CHROMIUM is None,
    reason="NO BROWSER: pages are not checked; install Debian's package chromium, or name one in CHROMIUM",
)


@pytest.fixture(scope="module")
def folder(samples, compared, tmp_path_factory):
    place = tmp_path_factory.mktemp("reports")
    assets.write(place / "assets")
    for language in ("nl", "en"):
        exporter.export(samples.report(language), place / f"municipality-{language}.html", language=language)
        exporter.export(
            _comparison(samples, compared, language), place / f"compared-{language}.html", language=language
        )
        exporter.export(_made(samples, language), place / f"made-{language}.html", language=language)
        index.write(
            samples.manifest(language),
            place / language,
            previous=samples.manifest(language) | {"run": "first"},
        )
        assets.write(place / language / "assets")
    exporter.export(samples.report(), place / "alone" / "delft.html", language="nl", single_file=True)
    return place


def _comparison(samples, compared, language):
    shown = [
        *compared.every(language),
        compared.monitor(language),
        compared.beside(language),
        compared.composed(language),
    ]
    return samples.notebook(samples.prose("# Vergeleken"), *(samples.cell(one) for one in shown))


def _made(samples, language):
    """What the pages on sources, history, forecast and backtest have that no other page has."""
    package, tables = snapshot.package(), snapshot.load()
    corrected = corrections.read(store.root() / "data" / "corrections.yaml")
    names = {code: areas.name(tables, code) for code in areas.members(tables, areas.ALL)}
    past = panel.by_area(panel.build(tables), "region")
    errors = pd.DataFrame({"period": [2023, 2024], "error_percent": [0.4, -1.2]})
    shown = [
        provenance.method(1000, language=language),
        provenance.breaks(parameters.breaks(), list(names), language=language),
        provenance.corrections(corrected, names, language=language),
        provenance.assumptions(parameters.assumptions(), language=language),
        provenance.sources(package, language=language),
        listings.history(past, caption="Regions", language=language),
        listings.population_check(errors, caption="Error", language=language),
        by_form.use(past.iloc[:0], past.iloc[:0], language=language),
    ]
    return samples.notebook(samples.prose("# Gemaakt"), *(samples.cell(one) for one in shown))


@pytest.fixture(scope="module")
def browser():
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield started
        started.close()


@pytest.fixture
def visit(browser, folder):
    """Open a page of the set; whatever it complains of or asks for elsewhere is kept in ``page.complaints``."""
    opened = []

    def go(name: str, width: int = 1280, height: int = 720, scheme: str = "light"):
        page = browser.new_page(viewport={"width": width, "height": height}, color_scheme=scheme)
        opened.append(page)
        page.complaints = []
        page.on("console", lambda message: page.complaints.append(f"{message.type}: {message.text}"))
        page.on("pageerror", lambda error: page.complaints.append(str(error)))
        page.on("request", lambda request: _note_request(page.complaints, request.url))
        page.goto((folder / name).as_uri())
        if page.locator("script[type=module], script[src$='/page.js']").count():
            page.wait_for_selector('html[data-ready="1"]')
        return page

    yield go
    for page in opened:
        page.close()


def _note_request(complaints: list[str], url: str) -> None:
    if not url.startswith(("file:", "data:", "blob:")):
        complaints.append(f"request: {url}")


PAGES = ("municipality-{}.html", "compared-{}.html", "made-{}.html", "{}/index.html", "{}/accessibility.html")


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_accessible_and_quiet(visit, name, language):
    page = visit(name.format(language))
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
    for width in (1280, 768, 320):
        page.set_viewport_size({"width": width, "height": 720})
        found = Axe().run(page, options={"preload": False})
        assert found.violations_count == 0, found.generate_report()
    assert page.complaints == []
    assert page.get_attribute("html", "lang") == language


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_accessible_in_the_dark(visit, name):
    page = visit(name.format("nl"), scheme="dark")
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
    found = Axe().run(page, options={"preload": False})

    assert found.violations_count == 0, found.generate_report()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(18, 23, 31)"


def test_charts_follow_the_house_style_and_paper_stays_light(visit):
    page = visit("municipality-nl.html", scheme="dark")

    def ink():
        line = page.locator(".picture.wide path[stroke='var(--c-ink)']").first
        return line.evaluate("(one) => getComputedStyle(one).stroke")

    assert ink() == "rgb(232, 237, 244)"
    page.emulate_media(media="print", color_scheme="dark")
    assert ink() == "rgb(22, 36, 58)"


def test_charts_are_there_before_plotly_which_waits(visit):
    page = visit("municipality-nl.html")

    assert page.locator(".plot .picture.wide").first.is_visible()
    assert page.evaluate("performance.getEntriesByName('charts').length") == 1
    assert page.evaluate("typeof window.Plotly") == "undefined"


def test_a_chart_comes_to_life_where_a_reader_points_and_not_on_a_narrow_screen(visit):
    page = visit("municipality-nl.html")

    page.locator(".plot").first.hover()
    page.wait_for_selector(".drawn .live svg.main-svg")
    assert page.locator(".plot .picture.wide > text").first.is_hidden()
    assert page.locator(".plot .picture.wide").nth(1).locator("> text").first.is_visible()
    page.set_viewport_size({"width": 320, "height": 640})
    assert page.locator(".plot .picture.narrow").first.is_visible()
    assert page.locator(".live").is_hidden()
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 900, "height": 640})
    assert page.locator(".plot .picture.wide > text").first.is_visible()
    assert page.complaints == []


PLACES = """place => Object.fromEntries([...place.querySelectorAll("SELECTOR")].map(one => {
    const box = one.getBoundingClientRect(), from = place.getBoundingClientRect();
    return [one.textContent, [box.left + box.width / 2 - from.left, box.top + box.height / 2 - from.top]];
}))"""


@pytest.mark.parametrize("width", [1280, 768])
def test_a_chart_is_the_same_before_and_after_a_reader_points_at_it(visit, width):
    page = visit("municipality-nl.html", width=width)

    for number in range(page.locator(".plot").count()):
        plot = page.locator(".plot").nth(number)
        before = plot.evaluate(PLACES.replace("SELECTOR", ".picture.wide > text"))
        height = plot.bounding_box()["height"]
        plot.hover()
        plot.locator(".live svg.main-svg").first.wait_for()
        plot.locator(".modebar").first.wait_for(state="attached")
        ticks = ".live :is(.xtick, .ytick) text"
        after = plot.evaluate(PLACES.replace("SELECTOR", ticks))
        assert plot.bounding_box()["height"] == height
        assert after and set(after) <= set(before), (number, "other ticks")
        for said, (x, y) in after.items():
            assert abs(x - before[said][0]) < 6 and abs(y - before[said][1]) < 6, (number, said)
        assert plot.get_attribute("role") == "group" and plot.get_attribute("aria-label")
        paper = plot.locator(".live svg.main-svg").first.evaluate(
            "one => getComputedStyle(one).backgroundColor"
        )
        assert paper == "rgba(0, 0, 0, 0)", "the legend of the picture shows through"
    found = Axe().run(page, options={"preload": False})
    assert found.violations_count == 0, found.generate_report()
    assert page.locator(".modebar-btn").first.get_attribute("data-title") == "Inzoomen"


def test_without_a_script_charts_and_tables_are_there(browser, folder):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto((folder / "municipality-nl.html").as_uri())

    shown = page.locator(".plot .picture.wide")
    assert shown.count() == page.locator(".plot").count()
    assert all(shown.nth(number).bounding_box()["height"] > 200 for number in range(shown.count()))
    context.close()


def test_a_page_that_was_mailed_is_whole(visit):
    page = visit("alone/delft.html")

    page.locator(".plot").first.hover()
    page.wait_for_selector(".drawn .live svg.main-svg")
    assert page.complaints == []
    with page.expect_download() as started:
        page.locator("a[download$='.xlsx']").click()
    assert started.value.suggested_filename == "delft.xlsx"
    assert Path(started.value.path()).read_bytes().startswith(b"PK")


def test_tables_are_downloaded_beside_the_page(visit, folder):
    page = visit("municipality-nl.html")

    for link in page.locator("a[download]").all():
        assert (folder / link.get_attribute("href")).is_file()


@pytest.mark.parametrize("name", [name.format("nl") for name in PAGES])
def test_nothing_is_lost_on_a_narrow_screen_or_zoomed_in(visit, name):
    page = visit(name, width=1280)

    for width in (1280, 640, 320):
        page.set_viewport_size({"width": width, "height": 640})
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_a_table_that_is_wider_than_the_screen_says_so(visit):
    page = visit("compared-nl.html", width=1280)
    said = """places => places.filter(one => one.checkVisibility()).map(one => ({
        wider: one.scrollWidth > one.clientWidth + 1, said: getComputedStyle(one, "::before").content,
        caption: one.querySelector("caption")?.getBoundingClientRect().right ?? 0}))"""
    found = {}
    for width in (1280, 320):
        page.set_viewport_size({"width": width, "height": 640})
        page.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
        found[width] = page.locator(".scroll").evaluate_all(said)

    for one in found[1280] + found[320]:
        assert ("schuif opzij" in one["said"]) == one["wider"]
    assert any(one["wider"] for one in found[320]) and not all(one["wider"] for one in found[1280])
    assert all(one["caption"] <= 320 for one in found[320]), "a caption is read without scrolling"


def test_every_chart_is_drawn_and_numbers_are_dutch(visit):
    page = visit("municipality-nl.html")
    charts = page.locator(".plot")

    assert page.title() == "Delft – Jeugdhulp: kosten en gebruik"
    assert charts.count() == 7
    for number in range(charts.count()):
        assert charts.nth(number).locator(".picture.wide").is_visible()
        assert charts.nth(number).get_attribute("role") == "img"
        assert len(charts.nth(number).get_attribute("aria-label")) > 20
    assert "4.000" in " ".join(charts.nth(2).locator(".picture.wide text").all_text_contents())


def test_the_first_screen_fits(visit):
    page = visit("municipality-nl.html")

    bottoms = page.evaluate(
        "[...document.querySelectorAll('.first-screen :is(.finding, .options > li)')]"
        ".map(one => one.getBoundingClientRect().bottom)"
    )
    assert len(bottoms) == 4
    assert max(bottoms) <= 720


def test_a_reader_gets_there_by_keyboard(visit):
    page = visit("municipality-nl.html")

    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Naar de inhoud"
    page.keyboard.press("Enter")
    assert page.evaluate("location.hash") == "#content"
    page.locator("details").first.locator("summary").focus()
    page.keyboard.press("Enter")
    assert page.locator("details").first.get_attribute("open") is not None


@pytest.mark.parametrize("kind", ["png", "svg"])
def test_a_chart_can_be_downloaded_without_a_server(visit, kind):
    page = visit("municipality-nl.html")

    with page.expect_download() as started:
        page.locator(f"button[data-format={kind}]").first.click()
    content = Path(started.value.path()).read_bytes()
    assert started.value.suggested_filename == f"delft-plot-2.{kind}"
    assert content.startswith({"png": b"\x89PNG", "svg": b"<svg"}[kind])
    if kind == "png":
        assert len(content) > 10_000
    else:
        said = "".join(ET.fromstring(content).itertext())
        told = (
            "uitgegeven",
            "de kosten stijgen",
            "Bron: CBS",
            "Binnenste band",
            "Gegevens van",
            "Lijngrafiek.",
        )
        assert all(one in said for one in told), [one for one in told if one not in said]
    assert page.complaints == []


def test_without_plotly_the_pictures_stay(visit, folder):
    other = folder / "elsewhere"
    shutil.copytree(folder / "assets", other / "assets", ignore=shutil.ignore_patterns("plotly*"))
    shutil.copy(folder / "municipality-nl.html", other / "page.html")
    page = visit("elsewhere/page.html")

    page.locator(".plot").first.hover()
    page.wait_for_timeout(300)
    assert page.locator(".plot .picture.wide > text").first.is_visible()


def test_the_index_searches_and_sorts(visit):
    page = visit("nl/index.html")
    rows = page.locator("#areas tbody tr")

    page.fill("#search", "leiden")
    assert [rows.nth(place).is_visible() for place in range(3)].count(True) == 1
    assert page.locator("#found").inner_text() == "1 van 3 getoond"
    page.fill("#search", "haaglanden")
    assert [rows.nth(place).is_visible() for place in range(3)].count(True) == 2
    page.fill("#search", "")
    button = page.get_by_role("button", name="Gebied")
    button.focus()
    page.keyboard.press("Enter")
    assert rows.locator("th").all_inner_texts() == ["Delft", "Haaglanden", "Leiden"]
    page.keyboard.press("Enter")
    assert rows.locator("th").all_inner_texts() == ["Leiden", "Haaglanden", "Delft"]
    assert page.locator("th[aria-sort=descending]").inner_text().startswith("Gebied")
    page.get_by_role("button", name="Uitgegeven, 2024").click()
    assert rows.locator("th").all_inner_texts()[-1] == "Leiden", "an area without a figure stays at the end"


def test_a_reader_finds_another_area_from_every_page(visit, folder, samples):
    around = [("up", "region-JZ24.html", "Haaglanden"), ("area", "region-JZ24.html", "Haaglanden")]
    around += [("area", "municipality-nl.html", "Delft"), ("area", "found.html", "Den Haag")]
    exporter.export(samples.report(), folder / "found.html", language="nl", around=around)
    (folder / "areas.js").write_text(
        'window.jeugdhulpAreas=[["Delft","","municipality-nl.html"],["Den Haag","The Hague","found.html"]];\n'
    )
    page = visit("found.html")

    field = page.get_by_label("Naar een gemeente of regio")
    field.fill("Nergens")
    field.press("Enter")
    assert page.locator(".find [role=status]").inner_text() == "Niet in deze rapporten"
    field.fill("delf")
    field.press("Enter")
    page.wait_for_url("**/municipality-nl.html")


def test_a_word_is_explained_where_it_stands(visit):
    page = visit("municipality-nl.html")

    word = page.locator("button.term").first
    shown = page.locator(f"#{word.get_attribute('popovertarget')}")
    assert shown.is_hidden()
    word.focus()
    page.keyboard.press("Enter")
    assert shown.is_visible() and len(shown.inner_text()) > 30
    box, by = shown.bounding_box(), word.bounding_box()
    assert abs(box["y"] - by["y"] - by["height"]) < 20 or abs(box["y"] + box["height"] - by["y"]) < 20
    page.keyboard.press("Escape")
    assert shown.is_hidden()
    page.emulate_media(media="print")
    assert word.evaluate("one => getComputedStyle(one).textDecorationLine") == "none"


def test_the_list_of_contents_follows_the_reader(visit, folder, samples):
    parts = (samples.prose(f"## {name}\n\n" + "Een zin.\n\n" * 40) for name in ("Eerst", "Daarna"))
    exporter.export(samples.notebook(samples.prose("# Kop"), *parts), folder / "sections.html", language="nl")
    page = visit("sections.html")

    page.evaluate("scrollTo(0, document.documentElement.scrollHeight)")
    page.wait_for_selector(".contents a[aria-current=true]")
    assert page.locator(".contents a[aria-current=true]").all_inner_texts() == ["Daarna"]
    assert page.locator(".contents").bounding_box()["y"] == 0


def test_a_page_is_printed_on_a4_with_its_charts_always_the_same(folder, tmp_path):
    first = pdf.write(
        folder / "municipality-nl.html", tmp_path / "first.pdf", created="2026-11-21"
    ).read_bytes()
    again = pdf.write(
        folder / "municipality-nl.html", tmp_path / "again.pdf", created="2026-11-21"
    ).read_bytes()

    assert first == again
    reader = PdfReader(io.BytesIO(first))
    root = reader.root_object
    every = [reader.get_object(number) for number in range(1, reader.trailer["/Size"])]
    assert float(reader.pages[0].mediabox.width) == pytest.approx(595, abs=1), "A4"
    assert len(first) > 50_000, "charts are in it"
    assert reader.metadata["/CreationDate"].startswith("D:20261121000000")
    assert "/StructTreeRoot" in root, "a screen reader follows its headings, lists, tables and figures"
    assert "/Outlines" in root, "its headings are bookmarks"
    assert root["/Lang"] == "nl" and root["/ViewerPreferences"]["/DisplayDocTitle"]
    page = (folder / "municipality-nl.html").read_text(encoding="utf-8")
    spoken = {str(one["/Alt"]) for one in every if isinstance(one, dict) and "/Alt" in one}
    alternatives = {
        html.unescape(one) for one in re.findall(r'id="plot-\d+" role="img" aria-label="([^"]*)"', page)
    }
    assert len(alternatives) == 7 and alternatives <= spoken, "every chart is told, not only named"
