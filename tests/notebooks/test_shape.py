"""Every shipped notebook keeps to the shape that makes it readable, and to what may stand in git."""

from __future__ import annotations

import ast
from pathlib import Path

import nbformat
import pytest

from analyse.parameters import Run

FOLDER = Path(__file__).resolve().parents[2] / "notebooks"
SHIPPED = {
    *("01_sources", "02_history", "03_forecast", "04_regions", "05_backtest", "06_scenarios"),
    *("08_expected", "municipality", "region", "districts"),
}
PATHS = sorted(FOLDER.glob("*.ipynb"))
CHECKED = "# NBVAL_CHECK_OUTPUT"

every_notebook = pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)


def _code(path: Path) -> list[nbformat.NotebookNode]:
    return [cell for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "code"]


def _python(source: str) -> str:
    return "\n".join(line for line in source.splitlines() if not line.lstrip().startswith(("%", "!")))


def test_all_notebooks_are_there():
    assert {path.stem for path in PATHS} >= SHIPPED


@every_notebook
def test_a_notebook_is_valid_and_has_at_most_thirty_cells_and_eighty_lines_of_code(path: Path):
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    lines = [line for cell in _code(path) for line in cell.source.splitlines() if line.strip()]
    read = [cell for cell in notebook.cells if "lang-en" not in cell.metadata.get("tags", [])]

    assert len(read) <= 30
    assert len(lines) <= 80


@every_notebook
def test_only_checked_cells_keep_their_output(path: Path):
    kept = [cell.source for cell in _code(path) if cell.outputs and not cell.source.startswith(CHECKED)]

    assert kept == []


@every_notebook
def test_a_checked_cell_keeps_its_output(path: Path):
    empty = [cell.source for cell in _code(path) if cell.source.startswith(CHECKED) and not cell.outputs]

    assert empty == []


@every_notebook
def test_one_cell_holds_the_parameters_as_typed_literals_that_the_settings_know(path: Path):
    (cell,) = [cell for cell in _code(path) if "parameters" in cell.metadata.get("tags", [])]
    nodes = ast.parse(cell.source).body
    names = {node.target.id if isinstance(node, ast.AnnAssign) else node.targets[0].id for node in nodes}

    values = {_name(node): ast.literal_eval(node.value) for node in nodes}
    codes = values.pop("regions", ["JZ24"])  # the one choice of several codes
    assert isinstance(codes, list) and all(isinstance(code, str) for code in codes)
    assert values.pop("assumptions", {}) == {}, "those of the project, unless a run has its own"
    assert all(isinstance(value, str | int | float) for value in values.values())
    assert names <= set(Run.model_fields)
    Run(**{_name(node): ast.literal_eval(node.value) for node in nodes})


@every_notebook
def test_a_notebook_defines_no_functions_and_has_no_loops(path: Path):
    refused = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda, ast.For, ast.While)
    for cell in _code(path):
        found = [node for node in ast.walk(ast.parse(_python(cell.source))) if isinstance(node, refused)]
        assert found == [], cell.source


@every_notebook
def test_a_notebook_says_which_language_its_prose_is(path: Path):
    prose = [cell for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "markdown"]
    languages = [set(cell.metadata.get("tags", [])) & {"lang-nl", "lang-en"} for cell in prose]

    assert {"lang-nl"} in languages
    assert {"lang-en"} in languages


def _name(node: ast.stmt) -> str:
    return node.target.id if isinstance(node, ast.AnnAssign) else node.targets[0].id
