"""Beside the pages: one file to mail, and a PDF, for what succeeded only."""

from __future__ import annotations

import shutil
import zipfile

import nbformat
import pytest

from analyse.errors import DataError, OutputError
from analyse.runs import Result, declaration_pages, disclosure_gate, exports


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


@pytest.mark.parametrize(
    ("name", "stays"),
    [("declarations-GM0503", False), ("planning-GM0503", False), ("municipality-GM0503", True)],
)
def test_a_document_of_a_page_on_declarations_that_names_a_youth_does_not_stay(tmp_path, name, stays):
    """A document is packed, so that its texts are no texts of the file itself."""
    entries = [
        {"name": "declarations-GM0503", "notebook": declaration_pages.NOTEBOOK},
        {"name": "planning-GM0503", "notebook": "planning"},
        {"name": "municipality-GM0503", "notebook": "municipality"},
    ]
    form = tmp_path / f"{name}.docx"
    with zipfile.ZipFile(form, "w", zipfile.ZIP_DEFLATED) as parts:
        parts.writestr("word/document.xml", f"<p>{'0123456789abcdef' * 2}</p>")

    if stays:
        disclosure_gate.check_forms(tmp_path, entries, [form])
    else:
        with pytest.raises(DataError, match=f"the pseudonym of a youth stands in {name}.docx"):
            disclosure_gate.check_forms(tmp_path, entries, [form])

    assert form.exists() is stays
