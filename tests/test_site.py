"""The documentation can be built as a site without a warning: links lead somewhere, and every public name is there."""

from __future__ import annotations

import importlib.util
import re
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

import analyse
from analyse import store

DOCS = store.root() / "docs"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    built = tmp_path_factory.mktemp("site")
    build = [sys.executable, "-m", "sphinx", "--quiet", "--fail-on-warning", "-b", "html"]
    ended = subprocess.run([*build, "-d", built / "read", DOCS, built], capture_output=True, text=True)
    assert ended.returncode == 0, ended.stderr
    return built


def test_every_page_and_every_public_name_is_in_it(site: Path):
    pages = [path.relative_to(DOCS).with_suffix(".html") for path in DOCS.rglob("*.md")]
    reference = (site / "api.html").read_text(encoding="utf-8")

    assert [page for page in pages if not (site / page).is_file()] == []
    for name in analyse.__all__:
        assert f'id="analyse.{name}"' in reference, name
    assert reference.count(">Raises") >= len(analyse.__all__) - 1, "plotly_template has nothing to raise"


def test_it_asks_nothing_of_the_network(site: Path):
    asked = re.compile(r'<(?:script|link|img)[^>]+(?:src|href)="(https?:[^"]+)"')
    for path in site.rglob("*.html"):
        assert asked.findall(path.read_text(encoding="utf-8")) == [], path


def test_a_page_of_the_gallery_has_code_pictures_and_a_thumbnail(samples, tmp_path, monkeypatch):
    spec = importlib.util.spec_from_file_location("make_gallery", DOCS / "make_gallery.py")
    gallery = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(gallery)
    monkeypatch.setattr(gallery, "PAGES", tmp_path)
    notebook = samples.report("en")
    notebook.cells.insert(1, nbformat.v4.new_code_cell("figures.fan(known)"))

    line = gallery.write("delft", notebook)
    page = (tmp_path / "delft.md").read_text(encoding="utf-8")

    assert line == "- [![](gallery/delft.svg) Delft – Wat kost jeugdhulp?](gallery/delft.md)\n"
    assert (tmp_path / "delft.svg").read_text(encoding="utf-8").startswith("<svg")
    assert page.startswith("# Delft – Wat kost jeugdhulp?\n") and "\n# Wat kost" not in page
    assert page.count('src="data:image/svg+xml;base64,') == 7
    assert "fan" in page and "<script" not in page
