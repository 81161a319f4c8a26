"""The plain HTML of nbconvert, which knows neither plotly nor our pages, shows every chart as a picture."""

from __future__ import annotations

import os
import re
import shutil

import pytest

CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium")


@pytest.fixture
def plain(samples, tmp_path):
    """The page that nbconvert makes of a report's notebook, and how many charts the notebook has."""
    from nbconvert import HTMLExporter

    notebook = samples.report()
    charts = sum(
        "image/svg+xml" in one.get("data", {}) for cell in notebook.cells for one in cell.get("outputs", [])
    )
    page = tmp_path / "plain.html"
    page.write_text(HTMLExporter().from_notebook_node(notebook)[0], encoding="utf-8")
    return page, charts


def test_every_chart_is_a_picture_with_its_alternative(plain):
    page, charts = plain
    images = re.findall(r"<img [^>]+>", page.read_text(encoding="utf-8"))
    found = [
        re.search(r'alt="([^"]*)"', one)[1] for one in images if 'src="data:image/svg+xml;base64,' in one
    ]

    assert charts == 7
    assert len(found) == charts
    assert all(len(alternative) > 40 for alternative in found)


SHARES = """images => Promise.all(images.map(async image => {
  await image.decode();
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [image.naturalWidth, image.naturalHeight];
  const pen = canvas.getContext("2d");
  pen.drawImage(image, 0, 0);
  const pixels = pen.getImageData(0, 0, canvas.width, canvas.height).data;
  const light = [];
  for (let place = 0; place < pixels.length; place += 4) {
    light.push(pixels[place] + pixels[place + 1] + pixels[place + 2]);
  }
  const share = test => light.filter(test).length / light.length;
  return { paper: share(one => one > 750), ink: share(one => one < 600), wide: canvas.width };
}))"""


@pytest.mark.skipif(
    CHROMIUM is None, reason="NO BROWSER: pictures are not looked at; install Debian's chromium"
)
def test_the_pictures_are_drawn(plain):
    """In pixels: mostly paper, with lines or bars on it, and not a broken image."""
    from playwright.sync_api import sync_playwright

    page, charts = plain
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        shown = browser.new_page(viewport={"width": 1000, "height": 800})
        shown.goto(page.as_uri(), wait_until="domcontentloaded")
        found = shown.locator('img[src^="data:image/svg"]').evaluate_all(SHARES)
        browser.close()

    assert len(found) == charts
    for one in found:
        assert one["wide"] == 720
        assert one["paper"] > 0.4
        assert 0.003 < one["ink"] < 0.5
