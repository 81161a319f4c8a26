"""The scenario panel in a real browser: its numbers, its keys, its address, its files, on paper and on a phone.

Debian's package ``chromium`` is the browser; where there is none these tests say so and are skipped.
"""

from __future__ import annotations

import itertools
import json
import os
import re
import shutil
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect, sync_playwright

from analyse import __version__, scenario
from analyse.present.scenario import lever_script, panel_payload
from analyse.report import assets, exporter

CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
SLIDER = "[data-lever=poh-jeugd] [type=range]"

pytestmark = pytest.mark.skipif(
    CHROMIUM is None,
    reason="NO BROWSER: the panel is not checked; install Debian's package chromium, or name one in CHROMIUM",
)


@pytest.fixture(scope="module")
def folder(panels, tmp_path_factory):
    place = tmp_path_factory.mktemp("panels")
    assets.write(place / "assets")
    for language in ("nl", "en"):
        exporter.export(panels.notebook(language), place / f"{language}.html", language=language)
    exporter.export(panels.notebook("nl"), place / "alone.html", language="nl", single_file=True)
    (place / "panel.mjs").write_text(lever_script.module(), encoding="utf-8")
    return place


@pytest.fixture(scope="module")
def browser():
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(
            executable_path=CHROMIUM, args=[*ARGUMENTS, "--allow-file-access-from-files"]
        )
        yield started
        started.close()


@pytest.fixture
def visit(browser, folder):
    """Open a page; whatever it complains of or asks for elsewhere is kept in ``page.complaints``."""
    opened = []

    def go(name: str = "nl.html", width: int = 1280, **options):
        page = browser.new_page(viewport={"width": width, "height": 800}, **options)
        opened.append(page)
        page.complaints = []
        page.on("console", lambda message: page.complaints.append(f"{message.type}: {message.text}"))
        page.on("pageerror", lambda error: page.complaints.append(str(error)))
        page.on("request", lambda request: _note(page.complaints, request.url))
        page.goto(f"file://{folder}/{name}")
        page.wait_for_selector(".scenario-panel[data-state=drawn]", state="attached")
        return page

    yield go
    for page in opened:
        page.close()


def _note(complaints: list[str], url: str) -> None:
    if not url.startswith(("file:", "data:", "blob:")):
        complaints.append(f"request: {url}")


def _finding(page) -> str:
    return page.locator("[data-finding]").inner_text().replace("\u00a0", " ")


@pytest.mark.parametrize("by_year", [False, True])
def test_chromium_gives_the_numbers_of_python(browser, panels, by_year):
    panel = panels.panel(by_year=by_year)
    seen = panel_payload.rounded(panel.inputs, panel.payload)
    given = panels.scenarios(panel.inputs, 15)
    page = browser.new_page()
    page.add_script_tag(
        type="module",
        content=f"{lever_script.module()}\nglobalThis.m = {{ unpack, checked, effective, shown }};",
    )
    page.wait_for_function("globalThis.m !== undefined")
    found = page.evaluate(
        f"""([payload, given]) => {{ const model = m.unpack(payload), read = {panels.READ};
        return given.map((one) => read(m.shown(model, m.effective(m.checked(model, one)), {{ amount: 48e6 }}))); }}""",
        [panel.payload, given],
    )
    page.close()
    right = [panels.expected(seen, one, amount=48e6, whole=panel.inputs) for one in given]

    assert max(panels.worst(a, b) for a, b in zip(found, right, strict=True)) < 1e-6


def test_the_page_says_the_same_with_and_without_its_script(visit, folder):
    page = visit()
    written = re.search(r"</summary><p>(.*?)</p>", (folder / "nl.html").read_text(encoding="utf-8")).group(1)

    assert _finding(page).startswith(written.replace("\u00a0", " "))
    base = page.locator("details.base")
    assert base.get_attribute("open") is None
    base.locator("summary").click()
    row = base.locator("tbody tr").last.locator("td")
    live = page.locator('[data-table="years"] tbody tr').last.locator("td")
    assert page.locator("[data-used]").is_hidden()  # nothing is chosen: the page shows all of it already
    assert live.nth(0).text_content().startswith(row.nth(0).inner_text())


def test_without_scripts_the_words_and_the_table_are_there(visit, browser, folder):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"file://{folder}/nl.html")

    assert "zonder maatregelen kost jeugdhulp in 2030" in page.locator("details.base").inner_text()
    assert page.locator("details.base tbody tr").count() == 6
    context.close()


def test_a_slider_by_keyboard_redraws_and_is_announced(visit):
    page = visit()
    before = _finding(page)
    page.focus(SLIDER)
    for _ in range(10):
        page.keyboard.press("ArrowLeft")
    assert page.locator(SLIDER).input_value() == "-10"
    assert "10\u00a0%" in page.locator(SLIDER).get_attribute("aria-valuetext")
    assert page.locator(SLIDER).get_attribute("data-lm-suppress-shortcuts") == "true"
    assert page.locator("[data-lever=poh-jeugd] [data-on]").is_checked()
    assert _finding(page) != before
    assert "met dit scenario" in _finding(page)
    expect(page.locator("[data-live]")).to_have_text(page.locator("[data-finding]").inner_text())
    outline = page.locator(SLIDER).evaluate("(one) => getComputedStyle(one).outlineStyle")
    assert outline == "solid"
    assert page.complaints == []


def test_charts_tables_and_passports_follow(visit):
    page = visit()
    page.locator("[data-lever=poh-jeugd] [data-on]").check()

    assert page.locator("[data-chart]").count() == 3
    for number in range(3):
        chart = page.locator("[data-chart]").nth(number)
        assert chart.locator("svg").count() == 1
        assert len(chart.get_attribute("aria-label")) > 40
    passports = [one.replace("\u00a0", " ") for one in page.locator("[data-passport]").all_inner_texts()]
    assert len(passports) == 3
    for text in passports:
        for part in (
            "21 november 2026",
            "grenzen van 2026",
            "2030",
            __version__,
            "bewijs A",
            "-10 %".replace("-", "−"),
        ):
            assert part in text
    page.locator("figure", has=page.locator("[data-chart=steps]")).locator("summary").click()
    expect(page.locator('[data-table="steps"] tbody th').first).to_have_text("2024")
    steps = page.locator('[data-table="steps"] tbody th').all_text_contents()
    assert steps[0] == "2024"
    assert steps[-1] == "2030"
    assert "Praktijkondersteuner jeugd bij de huisarts" in steps
    page.locator("[data-year]").select_option("2027")
    assert "in 2027" in _finding(page)


def test_what_the_state_does_stands_on_the_time_axis_and_in_the_words(visit):
    page = visit()
    for name in ("cost", "clients"):
        chart = page.locator(f'[data-chart="{name}"]')
        lines = chart.locator("path.plan")
        assert lines.count() == 5
        places = [float(one.get_attribute("d")[1:].split(",")[0]) for one in lines.all()]
        years = {
            one.text_content(): float(one.get_attribute("x")) for one in chart.locator("text.tick").all()
        }
        # The act of 1 January 2026 stands half-way between the years 2025 and 2026.
        assert places[1] == pytest.approx((years["2025"] + years["2026"]) / 2, abs=0.1)
        assert places == sorted(places)
        said = chart.get_attribute("aria-label")
        assert "b = Specialistische hulp verplicht regionaal inkopen (1 januari 2026, van kracht)" in said
        assert "Eigen bijdrage" in page.locator(f'[data-note="{name}"]').text_content()


def test_the_scenario_is_in_the_address_and_the_address_makes_the_scenario(visit, folder):
    page = visit()
    page.locator("[data-lever=poh-jeugd] [data-on]").check()
    page.locator("[data-lever=poh-jeugd] select").select_option("2029")
    page.fill("[data-title]", "Proef & meer")
    page.wait_for_url(re.compile("meer"))
    address, said = page.evaluate("location.hash"), _finding(page)
    other = visit(f"nl.html{address}")
    assert _finding(other) == said
    assert other.input_value("[data-title]") == "Proef & meer"
    other.evaluate("location.hash = '#scenario=x&poh-jeugt=-5'")
    other.wait_for_selector("[data-refused]:not([hidden])")
    assert "bedoelt u poh-jeugd?" in other.locator("[data-refused]").inner_text()
    assert _finding(other) == said


def test_an_address_that_does_not_fit_is_shown_as_text_only(visit):
    page = visit("nl.html#scenario=x&%3Cimg%20src%3Dx%20onerror%3Dalert(1)%3E=1")

    assert "<img" in page.locator("[data-refused]").inner_text()
    assert page.locator("[data-refused] img").count() == 0
    assert "zonder maatregelen" in _finding(page)
    assert page.complaints == []


def test_a_saved_file_opens_again_and_is_accepted_by_the_command(visit, panels, tmp_path):
    page = visit()
    page.locator("[data-example]").first.click()
    assert page.locator("[data-example]").first.get_attribute("aria-pressed") == "true"
    said = _finding(page)
    with page.expect_download() as started:
        page.locator("[data-do=save]").click()
    path = Path(started.value.path())
    assert started.value.suggested_filename.endswith(".yaml")
    read = scenario.load(_named(path, tmp_path / "scenario.yaml"), years=panels.YEARS)
    assert read.settings
    page.locator("[data-do=reset]").click()
    assert _finding(page) != said
    page.set_input_files("[data-file]", tmp_path / "scenario.yaml")
    expect(page.locator("[data-example]").first).to_have_attribute("aria-pressed", "true")
    assert _finding(page) == said
    (tmp_path / "wrong.yaml").write_text("title: x\nlevers:\n  - poh-jeugd\n", encoding="utf-8")
    page.set_input_files("[data-file]", tmp_path / "wrong.yaml")
    page.wait_for_selector("[data-refused]:not([hidden])")
    assert "Regel 3" in page.locator("[data-refused]").inner_text()
    assert _finding(page) == said
    assert page.complaints == []


def _named(path: Path, target: Path) -> Path:
    shutil.copy(path, target)
    return target


def test_a_choice_that_does_not_go_together_is_put_back(visit):
    page = visit("nl.html#scenario=&reform-package=")
    said = _finding(page)
    page.evaluate("""() => { const slider = document.querySelector('[data-lever=own-contribution] [type=range]');
        slider.value = -100; slider.dispatchEvent(new Event('input', { bubbles: true })); }""")

    assert "zijn hetzelfde geld" in page.locator("[data-refused]").inner_text().replace("\u00a0", " ")
    assert _finding(page) == said
    assert page.locator("[data-lever=own-contribution] [type=range]").input_value() == "0"


@pytest.mark.parametrize(
    ("language", "scheme", "widths"),
    [("nl", "light", (768, 320)), ("en", "dark", (1280,))],
)
def test_the_panel_is_accessible(visit, language, scheme, widths):
    page = visit(f"{language}.html#scenario=Proef&poh-jeugd=", color_scheme=scheme)
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
    for width in widths:
        page.set_viewport_size({"width": width, "height": 800})
        found = Axe().run(page, options={"preload": False})
        assert found.violations_count == 0, found.generate_report()
    assert page.complaints == []


@pytest.mark.parametrize("width", [1280, 768, 640, 320])
def test_nothing_is_lost_on_a_narrow_screen_or_zoomed_in(visit, width):
    page = visit("nl.html#scenario=Proef&poh-jeugd=&residential-to-family=20", width=width)
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")

    assert page.evaluate("document.documentElement.scrollWidth") <= width
    widest = page.evaluate(
        "Math.max(...[...document.querySelectorAll('.scenario-panel svg')]"
        ".map((one) => one.getBoundingClientRect().right))"
    )
    assert widest <= width


def test_goal_seek_puts_the_measure_where_the_budget_is_met(visit):
    page = visit()
    page.locator("[data-amount]").fill("35")
    page.locator("[data-seek=lever]").select_option("inflow")
    page.locator("[data-do=seek]").click()

    assert "met een kans van 50" in page.locator("[data-sought]").inner_text()
    assert float(page.locator("[data-lever=inflow] [type=range]").input_value()) < 0
    expect(page.locator('[data-table="case"] tbody tr')).to_have_count(8)
    assert page.locator('[data-table="payers"] tbody th').first.inner_text().startswith("de gemeente")
    page.locator("[data-do=reset]").click()
    expect(page.locator('[data-table="case"]')).to_be_hidden()


def test_nothing_moves_by_itself(visit):
    page = visit(reduced_motion="reduce")
    page.locator("[data-example]").first.click()

    assert page.evaluate("document.getAnimations().length") == 0
    moving = page.evaluate("[...document.querySelectorAll('.scenario-panel *')].filter((one) => "
                           "getComputedStyle(one).transitionDuration !== '0s').length")  # fmt: skip
    assert moving == 0


def test_paper_shows_the_chosen_scenario_with_its_assumptions(visit):
    page = visit("nl.html#scenario=Proef&poh-jeugd=")
    page.emulate_media(media="print")
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")

    assert page.locator("[data-chart=cost] svg").get_attribute("width") == "660"
    assert page.locator(".levers").is_hidden()
    listed = page.locator("[data-list]").inner_text().replace("\u00a0", " ")
    assert "Proef" in listed
    assert "Praktijkondersteuner jeugd bij de huisarts (−10 % vanaf 2027; bewijs A)" in listed
    assert page.locator('[data-table="years"]').is_visible()
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    assert page.locator("[data-chart=cost] svg").get_attribute("width") != "660"


def test_a_page_that_was_mailed_has_its_panel(visit):
    page = visit("alone.html")
    page.locator("[data-example]").first.click()

    assert "met dit scenario" in _finding(page)
    assert page.complaints == []


def test_a_cell_of_jupyterlab_and_python_follow_each_other(browser, panels):
    payload = panels.panel().payload
    page = browser.new_page()
    page.set_content("<div id='cell'></div>")
    script = lever_script.module().replace("export default", "globalThis.widget =")
    page.add_script_tag(type="module", content=f"""{script}
        const values = {{ payload: {json.dumps(payload)}, scenario: {{ title: "", levers: {{}} }} }}, heard = [];
        globalThis.kernel = {{ get: (name) => values[name], set: (name, value) => {{ values[name] = value; }}, saved: 0,
          save_changes() {{ this.saved += 1; }}, on: (name, act) => heard.push(act), off: () => heard.pop(),
          python(scenario) {{ values.scenario = scenario; for (const act of heard) act(); }}, values }};
        globalThis.end = widget.render({{ model: kernel, el: document.getElementById("cell") }});""")  # fmt: skip
    page.wait_for_selector(".scenario-panel[data-state=drawn]")
    page.evaluate("kernel.python({ title: 'Uit Python', levers: { 'poh-jeugd': { size: -15 } } })")
    assert page.locator(SLIDER).input_value() == "-15"
    assert page.input_value("[data-title]") == "Uit Python"
    assert page.locator("[data-do=print]").count() == 0
    page.focus(SLIDER)
    page.keyboard.press("ArrowLeft")
    page.wait_for_function("kernel.saved > 0")
    assert page.evaluate("kernel.values.scenario.levers['poh-jeugd']") == {"size": -16, "start": 2027}
    assert page.evaluate("location.hash") == ""
    page.evaluate("end()")
    page.close()


def _columns(page) -> dict[str, list[str]]:
    """The table of kept scenarios: heading of a row -> its cells."""
    rows = page.locator("[data-kept] tbody tr")
    return {
        row.locator("th").inner_text().replace("\u00a0", " "): [
            one.replace("\u00a0", " ") for one in row.locator("td").all_inner_texts()
        ]
        for row in rows.all()
    }


def test_named_scenarios_are_kept_and_laid_side_by_side_by_keyboard(visit):
    page = visit()
    assert page.locator("[data-side]").is_hidden()
    page.focus(SLIDER)
    page.keyboard.press("ArrowLeft")
    page.locator("[data-title]").fill("Huisarts")
    page.locator("[data-do=keep]").press("Enter")
    expect(page.locator("[data-live]")).to_have_text("Huisarts is bewaard.")
    page.locator("[data-example]").first.press("Enter")
    page.locator("[data-title]").fill("")
    page.locator("[data-do=keep]").press("Enter")

    heads = page.locator("[data-kept] thead th").all_inner_texts()
    assert heads[1:] == ["Zonder maatregelen", "Huisarts", "Scenario 1"]
    told = _columns(page)
    assert "Praktijkondersteuner jeugd bij de huisarts" in told["Maatregelen"][1]
    assert told["Verschil in 2030"][0] == "geen"
    # What stands there of a scenario is what the panel says of it once it is chosen.
    page.locator("[data-kept_open]").first.press("Enter")
    assert told["Kosten in 2030"][1].split("\n")[0] in _finding(page)
    assert page.locator("[data-title]").input_value() == "Huisarts"
    assert page.complaints == []


def test_what_was_kept_is_there_when_the_page_is_opened_again_and_leaves_when_taken_away(visit):
    page = visit("nl.html#scenario=Proef&poh-jeugd=-20")
    page.locator("[data-do=keep]").click()
    page.locator("[data-year]").select_option("2027")
    page.goto(page.url.split("#")[0] + "?again")
    page.wait_for_selector(".scenario-panel[data-state=drawn]")
    assert page.locator("[data-kept] thead th").all_inner_texts()[-1] == "Proef"
    assert "−20 %" in _columns(page)["Maatregelen"][1]
    page.locator("[data-kept_drop]").click()
    assert page.locator("[data-side]").is_hidden()
    assert page.locator("[data-do=keep]").evaluate("(one) => one === document.activeElement")
    assert page.evaluate("Object.values(localStorage)") == ["[]"]


def test_a_scenario_of_the_same_name_takes_its_place_and_a_fifth_is_refused_in_words(visit):
    page = visit()
    for name in ("een", "twee", "drie", "vier", "twee"):
        page.locator("[data-example]").first.click()
        page.locator("[data-title]").fill(name)
        page.locator("[data-do=keep]").click()
    assert page.locator("[data-kept_drop]").count() == 4
    page.locator("[data-title]").fill("vijf")
    page.locator("[data-do=keep]").click()
    assert "plaats voor 4 scenario" in page.locator("[data-refused]").inner_text()
    assert page.locator("[data-kept_drop]").count() == 4


def test_what_another_page_left_is_checked_before_it_is_used(visit):
    page = visit()
    wrong = ["#scenario=a&no-such-lever=1", "javascript:alert(1)", 7, "#scenario=<b>x</b>&poh-jeugd=-10"]
    page.evaluate("(given) => localStorage.setItem('jeugdhulp GM0001', JSON.stringify(given))", wrong)
    page.goto(page.url.split("#")[0] + "?again")
    page.wait_for_selector(".scenario-panel[data-state=drawn]")
    assert page.locator("[data-kept] thead th").all_inner_texts()[2:] == ["<b>x</b>"]
    page.evaluate("() => localStorage.setItem('jeugdhulp GM0001', 'geen JSON')")
    page.goto(page.url.split("#")[0].split("?")[0] + "?more")
    page.wait_for_selector(".scenario-panel[data-state=drawn]")
    assert page.locator("[data-side]").is_hidden()
    assert page.complaints == []


def test_kept_scenarios_are_printed_and_accessible_on_a_phone(visit):
    page = visit(width=320)
    for number in range(3):
        page.locator("[data-example]").nth(number).click()
        page.locator("[data-title]").fill(f"Scenario met een lange naam {number}")
        page.locator("[data-do=keep]").click()
    found = Axe().run(page).response["violations"]
    assert [one["id"] for one in found] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    page.emulate_media(media="print")
    assert page.locator("[data-kept] table").is_visible()
    assert page.locator("[data-acts]").is_hidden()


@pytest.mark.parametrize("width", [320, 360])
def test_on_a_phone_the_result_and_a_chart_stay_in_view_beside_every_slider(visit, width):
    page = visit(width=width)

    page.evaluate("document.querySelectorAll('.levers details').forEach((one) => { one.open = true; })")
    for number in (0, 3, page.locator(".levers [type=range]").count() - 1):
        slider = page.locator(".levers [type=range]").nth(number)
        slider.evaluate("one => one.scrollIntoView({ block: 'center' })")
        for shown in (page.locator("[data-glance]"), page.locator("[data-small] svg")):
            box = shown.bounding_box()
            assert box["y"] >= 0 and box["y"] + box["height"] <= slider.bounding_box()["y"], (
                "above the slider, in view"
            )
    slider.focus()
    before = page.locator("[data-small] svg").inner_html()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    assert page.locator("[data-small] svg").inner_html() != before
    assert page.locator("[data-glance]").inner_text() == page.locator("[data-finding]").inner_text()


def test_a_wide_panel_has_no_second_result(visit):
    assert visit(width=1280).locator("[data-glance]").is_hidden()


@pytest.mark.parametrize("width", [320, 560, 700, 1000, 1280])
def test_years_below_a_chart_never_run_together(visit, width):
    page = visit(width=width)
    page.locator("[data-example='0']").click()
    ticks = page.locator("[data-chart=cost] svg text.tick[text-anchor=middle]").evaluate_all(
        r"all => all.filter(one => /^\d{4}$/.test(one.textContent)).map(one => one.getBoundingClientRect())"
        ".map(one => [one.left, one.right]).sort((one, other) => one[0] - other[0])"
    )

    assert len(ticks) > 2
    assert all(left[1] + 2 <= right[0] for left, right in itertools.pairwise(ticks))
