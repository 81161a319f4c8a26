"""Whole pages of a set, in a real browser: nothing that a machine can find is wrong, on any screen, light or dark.

``PAGES=reports/<set> pytest tests/browser/test_real_pages.py`` looks at one page of each type, with ``EVERY=1`` at all.
For English give a set made with ``--language en``. Without a set it is skipped; ``test_pages.py`` has small samples.
"""

from __future__ import annotations

import itertools
import os
import re
import shutil
from pathlib import Path

import lxml.html
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import sync_playwright

CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
PAGES = sorted(Path(os.environ["PAGES"]).glob("[!.]*.html")) if "PAGES" in os.environ else []
LARGEST = 400_000
"""Bytes of a page of an area, its scenarios included."""
OUTSIDE = """[...document.querySelectorAll('.options > li')].flatMap((card) => {
  const right = card.getBoundingClientRect().right + 1;
  return [...card.querySelectorAll('*')].filter((one) => one.getBoundingClientRect().right > right);
}).map((one) => one.textContent)"""
"""What lies to the right of its card."""
SETTINGS = "scenario="
"""What the address of a scenario begins with: no place on the page."""
MOST = 40
"""Stops of the Tab key without a link past them."""
SCREENS = [(width, scheme) for scheme in ("light", "dark") for width in (1280, 768, 320)]

pytestmark = [
    pytest.mark.skipif(
        CHROMIUM is None, reason="NO BROWSER: install Debian's package chromium, or name one in CHROMIUM"
    ),
    pytest.mark.skipif(not PAGES, reason="no set of pages named in PAGES"),
]


def kind(page: Path) -> str:
    return re.sub(r"-(?:GM|JZ)\d+$", "", page.stem)


def one_of_each() -> list[Path]:
    found: dict[str, Path] = {}
    for page in PAGES:
        found.setdefault(page.stem if "EVERY" in os.environ else kind(page), page)
    return list(found.values())


@pytest.fixture(scope="module")
def browser():
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield started
        started.close()


@pytest.mark.parametrize("path", one_of_each(), ids=lambda one: one.stem)
def test_a_page_has_no_fault_on_any_screen(browser, path):
    for width, scheme in SCREENS:
        page = browser.new_page(viewport={"width": width, "height": 720}, color_scheme=scheme)
        complaints: list[str] = []
        page.on("console", lambda message, said=complaints: said.append(message.text))
        page.on("pageerror", lambda error, said=complaints: said.append(str(error)))
        page.goto(path.resolve().as_uri())
        page.wait_for_selector('html[data-ready="1"]') if page.locator("script").count() else None
        page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
        page.wait_for_timeout(100)
        found = Axe().run(page, options={"preload": False})
        assert found.violations_count == 0, f"{width} {scheme}: {found.generate_report()}"
        assert page.evaluate("document.documentElement.scrollWidth") <= width, (width, "scrolls sideways")
        assert page.evaluate(OUTSIDE) == [], (width, "text outside its card")
        assert complaints == []
        page.close()


@pytest.mark.parametrize("path", PAGES, ids=lambda one: one.stem)
def test_a_page_is_small_and_its_links_lead_somewhere(path):
    text = path.read_text(encoding="utf-8")
    places = set(re.findall(r'\bid="([^"]+)"', text))
    links = set(re.findall(r'\b(?:href|src|data-source)="([^"#][^":]*?)(?:#[^"]*)?"', text))
    inside = set(re.findall(r'href="#([^"]+)"', text)) | set(re.findall(r'popovertarget="([^"]+)"', text))

    assert path.stat().st_size <= LARGEST
    assert [one for one in sorted(links) if not (path.parent / one).exists()] == []
    assert sorted(one for one in inside - places if not one.startswith(SETTINGS)) == []


@pytest.mark.parametrize("path", PAGES, ids=lambda one: one.stem)
def test_a_part_of_many_stops_can_be_skipped_and_years_below_charts_are_evenly_spaced(path):
    """A part runs from one heading to the next; within it a map or the panel may have a link past it of its own."""
    inside = lxml.html.parse(str(path)).getroot().find(".//main")
    run, past, uneven = 0, set(), []
    for one in inside.iter():
        past.discard(one.get("id"))
        if one.tag == "h2":
            run = 0
        if "skip" in (one.get("class") or "").split():
            past.add(one.get("href")[1:])
        folded = any(above.tag == "details" and above.get("open") is None for above in one.iterancestors())
        stop = one.tag in ("button", "input", "select") or (one.tag == "a" and one.get("href"))
        run += not past and (bool(stop and not folded) or one.get("tabindex") == "0" or one.tag == "summary")
        assert run <= MOST, f"{run} stops, at {lxml.html.tostring(one)[:200]}"
    for picture in inside.iter("svg"):
        texts = [one.text_content() for one in picture.iter("text") if one.get("text-anchor") == "middle"]
        years = [int(one) for one in texts if re.fullmatch(r"20[1-4]\d", one)]
        steps = {later - one for one, later in itertools.pairwise(years) if later > one}
        uneven += [years] if len(steps) > 1 else []
    assert uneven == []


@pytest.mark.parametrize("width", [320, 360])
@pytest.mark.parametrize("first", ["what can be done", "the name of the area"])
def test_on_a_phone_what_can_be_done_is_at_most_two_taps_from_the_index(browser, width, first):
    page = browser.new_page(viewport={"width": width, "height": 640}, has_touch=True, is_mobile=True)
    page.goto((PAGES[0].parent / "index.html").resolve().as_uri())
    act = page.locator("#areas tbody td a[href*='municipality-']").first
    place = act.get_attribute("href").split("#")[1]
    if first == "what can be done":
        act.tap()
    else:
        page.locator("#areas tbody th a[href*='municipality-']").first.tap()
        page.locator(f".contents a[href='#{place}']").tap()
    page.wait_for_url(f"**#{place}")
    page.wait_for_timeout(500)
    top = page.locator(f"h2#{place}").bounding_box()["y"]

    assert 0 <= top < 320, "the heading is in the upper half of the screen"
    page.close()
