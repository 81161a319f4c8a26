"""The comparison of two sets of reports finds what differs, and nothing else."""

from __future__ import annotations

import importlib.util
import json
import zipfile
from pathlib import Path

import pytest

_SPEC = importlib.util.spec_from_file_location("same_reports", Path(__file__).with_name("same_reports.py"))
same_reports = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(same_reports)


@pytest.fixture
def sets(tmp_path: Path) -> tuple[Path, Path]:
    """Two sets that differ only in what may: folder, order in a workbook, code of a notebook, how it was made."""
    for side, names in (("before", ("a.xml", "b.xml")), ("after", ("b.xml", "a.xml"))):
        folder = tmp_path / side
        (folder / ".hidden").mkdir(parents=True)
        (folder / ".shared").mkdir()
        (folder / ".shared" / f"cells-{side}.arrow").write_bytes(b"x")
        (folder / ".hidden" / "page.html").write_text(f"<p>2.460 euro in {folder}/page</p>", encoding="utf-8")
        with zipfile.ZipFile(folder / "table.xlsx", "w") as book:
            for name in names:
                book.writestr(name, f"<v>{name}</v>")
        cell = {"cell_type": "code", "source": [side], "outputs": [{"text": ["12,3 %"]}]}
        (folder / "run.ipynb").write_text(json.dumps({"cells": [cell]}), encoding="utf-8")
        made = {"run": "set", "seconds": len(side), "notebooks": [{"name": "one", "inputs": {"code": side}}]}
        (folder / "manifest.json").write_text(json.dumps(made), encoding="utf-8")
    return tmp_path / "before", tmp_path / "after"


def test_sets_made_elsewhere_by_other_code_are_the_same(sets):
    assert same_reports.differences(*sets) == {}


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        (".hidden/page.html", "2.460", "2.461"),
        ("run.ipynb", "12,3 %", "12,4 %"),
        ("manifest.json", '"one"', '"two"'),
    ],
)
def test_a_figure_that_differs_is_named_with_its_passage(sets, name: str, old: str, new: str):
    path = sets[1] / name
    path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")

    found = same_reports.differences(*sets)

    assert list(found) == [name]
    assert old.strip('"') in found[name]
    assert new.strip('"') in found[name]


def test_a_cell_of_a_workbook_that_differs_is_named(sets):
    with zipfile.ZipFile(sets[1] / "table.xlsx", "a") as book:
        book.writestr("c.xml", "<v>7</v>")

    assert "c.xml" in same_reports.differences(*sets)["table.xlsx"]


def test_a_file_on_one_side_only_is_named(sets):
    (sets[0] / "page.css").write_text("p {}", encoding="utf-8")

    assert same_reports.differences(*sets) == {"page.css": "  only before"}


def test_a_file_that_is_shorter_differs_where_it_ends():
    assert (
        same_reports.first_difference("12,3 %", "12,3")
        == "  character 4\n  before: '12,3 %'\n  after:  '12,3'"
    )
