"""The last cell of a notebook for analysts say what to try next; all of it works."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import nbformat
import pytest

from analyse.parameters import Run
from analyse.present.exhibits import exhibit
from analyse.present.exhibits.exhibit import Exhibit
from analyse.present.scenario.lever_panel import Panel
from analyse.present.widgets import Explorer

FOLDER = Path(__file__).resolve().parents[2] / "notebooks"
PATHS = [one for one in sorted(FOLDER.glob("*.ipynb")) if one.stem != "07_declarations"]
BLOCK = re.compile(r"```python\n(.*?)\n```", re.DOTALL)
FEW = "samples = 100"
"""What is tried must work; how sure the figures are is no matter here."""


def _advice(path: Path) -> list[str]:
    cell = nbformat.read(path, as_version=4).cells[-1]
    assert "remove_output" in cell.metadata["tags"], "a report for readers has no code to try"
    return BLOCK.findall(cell.source)


def _is_choice(source: str, names: set[str]) -> bool:
    """Whether a block changes parameters of the notebook, and nothing else."""
    nodes = ast.parse(source).body
    return all(isinstance(one, ast.Assign) and getattr(one.targets[0], "id", "") in names for one in nodes)


def _run(path: Path, *choices: str) -> dict:
    """Run the code of a notebook here, with choices below its parameters as papermill puts them."""
    cells = [one for one in nbformat.read(path, as_version=4).cells if one.cell_type == "code"]
    place = next(number for number, one in enumerate(cells) if "parameters" in one.metadata.get("tags", []))
    known = {one.targets[0].id for one in ast.parse(cells[place].source).body}
    few = [FEW] if "samples" in known else []
    sources = [cells[place].source, *few, *choices, *(one.source for one in cells[place + 1 :])]
    namespace: dict = {
        "In": sources,
        "__choices__": known,
        "display": lambda *many: [_pictured(one) for one in many],
    }
    for source in sources:
        _shown(source, namespace)
    return namespace


def _shown(source: str, namespace: dict) -> object:
    """Run a cell, and make what it would show."""
    *before, last = ast.parse(source).body
    if (
        isinstance(last, ast.Expr)
        and isinstance(last.value, ast.Call)
        and ast.unparse(last.value.func) == "display"
    ):
        exec(compile(source, "<cell>", "exec"), namespace)
        return None
    value = None
    if isinstance(last, ast.Expr):
        exec(compile(ast.Module(before, []), "<cell>", "exec"), namespace)
        value = eval(compile(ast.Expression(last.value), "<cell>", "eval"), namespace)
    else:
        exec(compile(source, "<cell>", "exec"), namespace)
    for one in value.exhibits if isinstance(value, Explorer) else [value]:
        _pictured(one)
    return value


def _pictured(shown: object) -> None:
    """Make what is shown; where plotly is unknown each chart is a picture, also that of a panel."""
    bundle = shown.bundle() if isinstance(shown, Panel) else {}
    if isinstance(shown, Exhibit):
        bundle = shown._repr_mimebundle_()
    if isinstance(shown, Panel) or (isinstance(shown, Exhibit) and shown.kind == "figure"):
        assert bundle[exhibit.SVG].startswith("<svg")
        assert 'src="data:image/svg+xml;base64,' in bundle["text/html"]


@pytest.fixture(scope="module", params=PATHS, ids=lambda path: path.stem)
def path(request):
    return request.param


def test_there_are_three_lines_to_try(path):
    assert len(_advice(path)) >= 3


def test_the_lines_to_try_show_something(path, capsys):
    namespace = _run(path)
    lines = [one for one in _advice(path) if not _is_choice(one, namespace["__choices__"])]

    assert lines
    for line in lines:
        value = _shown(line, namespace)
        assert value is not None, line
        assert isinstance(value, Explorer | Exhibit) or len(value), line


def test_the_choices_to_try_run_to_the_end(path, capsys):
    known = {one.targets[0].id for one in ast.parse(_parameters(path)).body}
    choices = [one for one in _advice(path) if _is_choice(one, known)]

    assert choices
    namespace = _run(path, *choices)
    for choice in choices:
        for node in ast.parse(choice).body:
            name, value = node.targets[0].id, ast.literal_eval(node.value)
            assert getattr(namespace["run"], name) == getattr(Run(**{name: value}), name)


def _parameters(path: Path) -> str:
    cells = nbformat.read(path, as_version=4).cells
    return next(one.source for one in cells if "parameters" in one.metadata.get("tags", []))
