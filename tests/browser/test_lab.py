"""An explorer in JupyterLab, in a real browser: it can be chosen from by mouse and keyboard, and copied from.

A server is started on this machine alone, with settings of its own. Without chromium or JupyterLab the test is skipped.
"""

from __future__ import annotations

import contextlib
import importlib.util
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import nbformat
import pytest
from playwright.sync_api import TimeoutError as NothingCame
from playwright.sync_api import sync_playwright

from analyse.present import figures
from analyse.present.exhibits import cards

CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")

pytestmark = pytest.mark.skipif(
    CHROMIUM is None or importlib.util.find_spec("jupyterlab") is None,
    reason="NO BROWSER OR LAB: explorers are not checked; install Debian's package chromium and the extra lab",
)

ROOT = Path(__file__).parents[2]
CELL = """
from analyse import parameters
from analyse.history import panel
from analyse.present import widgets
from analyse.sources import snapshot

tables = snapshot.load()
widgets.municipalities(tables, panel.build(tables), parameters.breaks(), parameters.Run())
"""
PANEL = f"""
import sys
sys.path.insert(0, {str(Path(__file__).parents[1])!r})
import panels
panels.panel(samples=100)
"""
SECONDS = 60_000
"""A browser waits so many milliseconds at most for what should come."""
ATTEMPTS = 4


@pytest.fixture(scope="module")
def address(tmp_path_factory, samples):
    folder = tmp_path_factory.mktemp("lab")
    for name, code in (("explorer", CELL), ("panel", PANEL)):
        notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(code.strip())])
        notebook.metadata["kernelspec"] = {
            "name": "python3",
            "display_name": "Python 3",
            "language": "python",
        }
        nbformat.write(notebook, folder / f"{name}.ipynb")
    nbformat.write(_heads(samples), folder / "heads.ipynb")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    own = {
        name: str(folder / "own" / name)
        for name in ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "JUPYTERLAB_SETTINGS_DIR",
                     "JUPYTERLAB_WORKSPACES_DIR", "IPYTHONDIR")
    }  # fmt: skip
    with (folder / "log").open("w") as log:
        server = subprocess.Popen(
            [sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root", "--ip=127.0.0.1", f"--port={port}",
             "--IdentityProvider.token=", "--ServerApp.password=", f"--ServerApp.root_dir={folder}"],
            env=os.environ | own, stdout=log, stderr=subprocess.STDOUT,
        )  # fmt: skip
    try:
        _wait_for(f"http://127.0.0.1:{port}/api/status", server)
        yield f"http://127.0.0.1:{port}/doc/tree/explorer.ipynb?reset"
    finally:
        server.terminate()
        server.wait(timeout=30)


def _wait_for(url: str, server: subprocess.Popen) -> None:
    for _ in range(240):
        assert server.poll() is None, "JupyterLab stopped"
        try:
            with urllib.request.urlopen(url, timeout=2):
                return
        except OSError:
            time.sleep(0.25)
    raise AssertionError("JupyterLab did not start")


def _heads(samples) -> nbformat.NotebookNode:
    """The head of every notebook in both languages, and a chart, as they are kept in a notebook that was run."""
    cells = []
    for language, folder in (("nl", "notebooks"), ("en", "notebooks/en")):
        about = {
            "data_date": "2026-11-30",
            "figures": {"accounts": 2024, "use": 2023, "budget": 2026},
            "language": language,
        }
        for path in sorted((ROOT / folder).glob("*.ipynb")):
            first = nbformat.read(path, as_version=4).cells[0].source.splitlines()[0].lstrip("# ")
            cells.append(samples.cell(cards.head(first, region="Holland Rijnland", **about)))
    cells.append(samples.cell(figures.fan(samples.history(), samples.summary(), breaks=samples.breaks())))
    return samples.notebook(*cells)


@pytest.fixture(scope="module")
def page(address):
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
        )
        context = browser.new_context(viewport={"width": 1280, "height": 2400})
        context.grant_permissions(["clipboard-read", "clipboard-write"])
        shown = context.new_page()
        shown.set_default_timeout(SECONDS)
        _run_cell(shown, address)
        shown.wait_for_selector(".js-plotly-plot .main-svg")
        yield shown
        browser.close()


def _run_cell(page, address, shown=".analyse-grid tbody tr"):
    """Run the cell; JupyterLab drops a key that is pressed before its kernel is there: press again."""
    for _ in range(ATTEMPTS):
        page.goto(address)
        page.locator(".jp-Notebook .jp-CodeCell").first.click()
        page.keyboard.press("Control+Enter")
        with contextlib.suppress(NothingCame):
            page.wait_for_selector(shown, timeout=SECONDS)
            return
    raise AssertionError(f"the cell shows no {shown}")


TEXTS = "all => all.map(one => one.getBoundingClientRect()).map(one => [one.left, one.top, one.right, one.bottom])"


def _crossing(boxes):
    """Pairs of boxes that lie over each other by more than a pixel."""
    return [
        (one, other)
        for place, one in enumerate(boxes)
        for other in boxes[place + 1 :]
        if one[0] < other[2] - 1 and other[0] < one[2] - 1 and one[1] < other[3] - 1 and other[1] < one[3] - 1
    ]


def _until(page, label, text):
    """Wait until a control shows a text; ipywidgets writes it with spaces that do not break."""
    page.wait_for_function(
        "([label, text]) => [...document.querySelectorAll('label')].some(one => one.textContent === label &&"
        " one.control?.selectedOptions?.[0]?.text.replaceAll('\\u00a0', ' ') === text)",
        arg=[label, text],
    )


def test_every_control_has_a_label(page):
    for label in ("Gemeente", "Maat", "Jaar", "Taal"):
        assert page.get_by_label(label, exact=True).count() == 1


def test_a_row_of_the_table_chooses_and_is_marked(page):
    button = page.locator(".analyse-grid").first.get_by_role("button", name="Delft", exact=True)
    button.focus()
    page.keyboard.press("Enter")
    _until(page, "Gemeente", "Delft")

    page.wait_for_selector("tr[data-chosen]")
    assert "Delft" in page.locator("tr[data-chosen]").first.inner_text()
    assert button.get_attribute("aria-pressed") == "true"
    page.get_by_text("Kosten per jongere in 2024: Delft").first.wait_for()
    assert page.locator(".js-plotly-plot").count() == 2, "its years are drawn as well"


def test_a_point_in_the_chart_chooses(page):
    point = page.locator(".js-plotly-plot").first.locator(".points path").nth(26)
    point.scroll_into_view_if_needed()
    place = point.bounding_box()
    page.mouse.move(place["x"] + place["width"] / 2, place["y"] + place["height"] / 2)
    page.wait_for_selector(".hoverlayer .hovertext")
    named = page.locator(".hoverlayer .hovertext").first.text_content().split(":")[0].replace("\xa0", " ")
    page.mouse.down()
    page.mouse.up()
    _until(page, "Gemeente", named)


def test_letters_and_arrows_stay_with_the_control(page):
    cells = page.locator(".jp-Cell").count()
    page.get_by_label("Gemeente", exact=True).focus()
    page.keyboard.press("Z")
    _until(page, "Gemeente", "Zoetermeer")
    page.keyboard.press("ArrowDown")
    _until(page, "Gemeente", "Zoeterwoude")
    page.get_by_text("Kosten per jongere in 2024: Zoeterwoude").first.wait_for()

    assert page.locator(".jp-Cell").count() == cells


def test_the_table_is_copied_as_values(page):
    page.locator(".analyse-grid").first.get_by_role("button", name="Kopieer voor een rekenblad").click()
    page.locator(".analyse-grid").first.get_by_text("Gekopieerd.").wait_for()
    lines = page.evaluate("navigator.clipboard.readText()").splitlines()

    assert lines[0].split("\t")[:2] == ["Gemeente", "Jongeren"]
    assert len(lines) == 36
    assert lines[1].split("\t")[1].isdigit()


def test_what_cannot_be_is_said_and_changes_nothing(page):
    page.get_by_label("Jaar", exact=True).select_option(label="2019")
    page.get_by_text("Kosten per jongere per gemeente, 2019").first.wait_for()
    page.get_by_label("Maat", exact=True).select_option(label="jongeren met jeugdhulp per 100 jongeren")
    page.get_by_role("alert").get_by_text("choose 2021 or 2022").wait_for()

    _until(page, "Maat", "kosten per jongere")


def test_another_language_changes_the_labels(page):
    page.get_by_label("Taal", exact=True).select_option(label="English")
    page.get_by_label("Municipality", exact=True).wait_for()

    _until(page, "Measure", "costs per youth")


def test_the_head_of_every_notebook_fits_and_nothing_runs_together(page, address, tmp_path):
    """Last, because it opens another notebook; a picture of it stays in the folder of the test."""
    page.goto(address.replace("explorer.ipynb", "heads.ipynb"))
    page.wait_for_selector(".jp-OutputArea-output h1")
    page.wait_for_selector(".js-plotly-plot .main-svg")
    page.screenshot(path=tmp_path / "heads.png", full_page=True)
    facts = page.locator(".jp-OutputArea-output p > span").evaluate_all(
        "all => all.map(one => ({said: one.textContent, high: one.getBoundingClientRect().height}))"
    )
    assert page.locator(".jp-OutputArea-output h1").count() == 2 * len(
        list((ROOT / "notebooks").glob("*.ipynb"))
    )
    assert len(facts) > 60 and all(one["high"] < 30 for one in facts), "no fact is broken over two lines"
    wide = page.locator(".jp-OutputArea-output").evaluate_all(
        "all => all.map(one => one.scrollWidth - one.clientWidth)"
    )
    assert max(wide) <= 1, "no output scrolls sideways"
    boxes = page.locator(".js-plotly-plot :is(.xtick, .annotation) text").evaluate_all(TEXTS)
    assert len(boxes) > 8 and _crossing(boxes) == [], "labels of a chart stand apart"
    assert (tmp_path / "heads.png").stat().st_size > 10_000


def test_the_labels_of_the_panel_stand_apart(page, address, tmp_path):
    """A panel with a running kernel, at the width of JupyterLab; a picture of it stays in the folder of the test."""
    _run_cell(page, address.replace("explorer.ipynb", "panel.ipynb"), ".scenario-panel input[type=range]")
    page.locator(".scenario-panel input[type=range]").first.press("ArrowLeft")
    page.locator(".scenario-panel svg text:visible").first.wait_for()
    page.screenshot(path=tmp_path / "panel.png", full_page=True)
    charts = page.locator(".scenario-panel svg").all()
    found = [chart.locator("text:visible").evaluate_all(TEXTS) for chart in charts]
    widths = page.locator(".scenario-panel").evaluate("one => [one.scrollWidth, one.clientWidth]")

    assert charts and any(len(boxes) > 8 for boxes in found)
    assert [_crossing(boxes) for boxes in found] == [[] for _ in charts]
    assert widths[0] <= widths[1] + 1, "the panel does not scroll sideways"
