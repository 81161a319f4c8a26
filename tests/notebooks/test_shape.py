"""Every shipped notebook keeps to the shape that makes it readable, and to what may stand in git."""

from __future__ import annotations

import ast
import itertools
import re
from pathlib import Path

import nbformat
import pytest

from analyse.parameters import Run

FOLDER = Path(__file__).resolve().parents[2] / "notebooks"
LANGUAGES = {"nl": FOLDER, "en": FOLDER / "en"}
SHIPPED = {
    "00_start",
    *("01_sources", "02_history", "03_forecast", "04_regions", "05_backtest", "06_scenarios"),
    *("08_expected", "municipality", "region", "districts", "planning", "group"),
}
PATHS = [path for folder in LANGUAGES.values() for path in sorted(folder.glob("*.ipynb"))]
DUTCH = [path for path in PATHS if path.parent == FOLDER]
WORDS = {
    "nl": {"het", "een", "de", "niet", "van", "zijn", "wat", "hoe", "voor"},
    "en": {"the", "and", "not", "are", "what", "how", "to", "which", "for"},
}
"""What nearly each text of one language has, and none of the other."""
CHECKED = "# NBVAL_CHECK_OUTPUT"
BLOCK = re.compile(r"```python\n.*?\n```", re.DOTALL)

every_notebook = pytest.mark.parametrize("path", PATHS, ids=lambda path: f"{path.parent.name}-{path.stem}")


def _code(path: Path) -> list[nbformat.NotebookNode]:
    return [cell for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "code"]


def _python(source: str) -> str:
    return "\n".join(line for line in source.splitlines() if not line.lstrip().startswith(("%", "!")))


def test_all_notebooks_are_there():
    for folder in LANGUAGES.values():
        assert {path.stem for path in PATHS if path.parent == folder} >= SHIPPED


@every_notebook
def test_a_notebook_is_valid_and_has_at_most_thirty_cells_and_eighty_lines_of_code(path: Path):
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    lines = [line for cell in _code(path) for line in cell.source.splitlines() if line.strip()]

    assert len({cell.id for cell in notebook.cells}) == len(notebook.cells) <= 30
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
    for several in ("regions", "members"):  # the choices of several codes
        codes = values.pop(several, ["JZ24"])
        assert isinstance(codes, list) and all(isinstance(code, str) for code in codes)
    assert values.pop("assumptions", {}) == {}, "those of the project, unless a run has its own"
    assert all(isinstance(value, str | int | float) for value in values.values())
    assert names <= set(Run.model_fields)
    Run(**{_name(node): ast.literal_eval(node.value) for node in nodes})


@every_notebook
def test_the_cell_that_reads_everything_is_folded_and_tagged_so_that_readers_may_leave_it_out(path: Path):
    cells = _code(path)
    place = next(number for number, cell in enumerate(cells) if "parameters" in cell.metadata.get("tags", []))
    folded = [cell.metadata.get("jupyter", {}).get("source_hidden", False) for cell in cells]
    tagged = ["hide-input" in cell.metadata.get("tags", []) for cell in cells]

    assert folded == tagged == [number == place + 1 for number in range(len(cells))]
    assert "import" in cells[place + 1].source


@every_notebook
def test_the_headings_make_a_table_of_contents(path: Path):
    prose = "\n".join(
        BLOCK.sub("", cell.source) for cell in nbformat.read(path, as_version=4).cells if _is_prose(cell)
    )
    levels = [len(one) for one in re.findall(r"^(#+) ", prose, re.MULTILINE)]

    assert levels[0] == 1 and set(levels[1:]) <= {2, 3} and len(levels) >= 3
    assert all(after - before <= 1 for before, after in itertools.pairwise(levels))


@pytest.mark.parametrize("folder", LANGUAGES.values(), ids=LANGUAGES)
def test_the_start_page_links_to_every_notebook_and_to_pages_that_are_there(folder: Path):
    cells = nbformat.read(folder / "00_start.ipynb", as_version=4).cells
    links = re.findall(r"\]\(([^)]+)\)", "\n".join(cell.source for cell in cells if _is_prose(cell)))

    assert all((folder / one).is_file() for one in links)
    assert {path.name for path in folder.glob("*.ipynb")} == {
        *(Path(one).name for one in links if one.endswith("nb")),
        "00_start.ipynb",
    }


@every_notebook
def test_a_notebook_defines_no_functions_and_has_no_loops(path: Path):
    refused = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda, ast.For, ast.While)
    for cell in _code(path):
        found = [node for node in ast.walk(ast.parse(_python(cell.source))) if isinstance(node, refused)]
        assert found == [], cell.source


@every_notebook
def test_the_prose_of_a_notebook_is_of_its_language_alone(path: Path):
    language = next(one for one, folder in LANGUAGES.items() if folder == path.parent)
    prose = [
        BLOCK.sub("", cell.source) for cell in nbformat.read(path, as_version=4).cells if _is_prose(cell)
    ]

    for text in prose:
        said = {
            one: sum(word in of for word in re.findall(r"[a-z]+", text.lower())) for one, of in WORDS.items()
        }
        assert said[language] == max(said.values()), text


@pytest.mark.parametrize("path", DUTCH, ids=lambda path: path.stem)
def test_both_languages_have_the_same_cells_code_and_outputs(path: Path):
    dutch, english = (nbformat.read(folder / path.name, as_version=4).cells for folder in LANGUAGES.values())

    assert [(cell.id, cell.cell_type, cell.metadata) for cell in dutch] == [
        (cell.id, cell.cell_type, cell.metadata) for cell in english
    ], "the English notebook lacks a cell, or has another one"
    for ours, theirs in zip(dutch, english, strict=True):
        if _is_prose(ours):
            assert _shape(ours.source) == _shape(theirs.source)
            assert ours.source != theirs.source
        else:
            assert ours.source.replace('language = "nl"', 'language = "en"') == theirs.source, (
                "run make notebooks"
            )
            assert ours.outputs == theirs.outputs, "run make notebooks"


def _is_prose(cell: nbformat.NotebookNode) -> bool:
    return cell.cell_type == "markdown"


def _shape(text: str) -> tuple[list[str], list[str], list[str], int]:
    """What both languages have: levels of headings, code to try, addresses of links, and paragraphs."""
    prose = BLOCK.sub("", text)
    return (
        re.findall(r"^#+(?= )", prose, re.MULTILINE),
        BLOCK.findall(text),
        [Path(one).name for one in re.findall(r"\]\(([^)]+)\)", prose)],
        len(re.findall(r"\n\n+", prose.strip())),
    )


def _name(node: ast.stmt) -> str:
    return node.target.id if isinstance(node, ast.AnnAssign) else node.targets[0].id
