"""The documentation can be built as a site without a warning: links lead somewhere, and every public name is there."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

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
