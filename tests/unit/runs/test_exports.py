"""Beside the pages: one file to mail, and a PDF, for what succeeded only."""

from __future__ import annotations

import shutil

import nbformat
import pytest

from analyse.errors import OutputError
from analyse.runs import Result, exports


@pytest.fixture
def result(tmp_path):
    """A finished run of two notebooks, of which one failed."""
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell("# Delft")])
    (tmp_path / "notebooks").mkdir()
    nbformat.write(notebook, tmp_path / "notebooks" / "municipality-GM0503.ipynb")
    entries = [
        {
            "name": name,
            "status": status,
            "html": f"{name}.html",
            "executed": f"notebooks/{name}.ipynb",
        }
        for name, status in (("municipality-GM0503", "ok"), ("municipality-GM0546", "failed"))
    ]
    return Result(tmp_path, tmp_path / "index.html", {"language": "nl", "notebooks": entries}, {})


def test_a_single_file_needs_nothing_beside_it(result):
    (page,) = exports.single_files(result)

    text = page.read_text(encoding="utf-8")
    assert page.name == "municipality-GM0503.html"
    assert "Delft" in text
    assert 'src="assets' not in text


@pytest.mark.skipif(shutil.which("chromium") is None, reason="NO CHROMIUM: the PDF was not tested")
def test_what_succeeded_is_printed(result):
    (page,) = exports.single_files(result)
    (result.folder / "municipality-GM0503.html").write_bytes(page.read_bytes())

    (printed,) = exports.pdfs(result, created="2026-11-21")

    assert printed.read_bytes().startswith(b"%PDF")


def test_without_a_browser_the_cure_is_said(result, monkeypatch):
    monkeypatch.setenv("CHROMIUM", "no-such-browser")
    with pytest.raises(OutputError, match="CHROMIUM=no-such-browser is no program"):
        exports.pdfs(result, created="2026-11-21")
