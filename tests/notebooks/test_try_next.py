"""The last cell of a notebook for analysts say what to try next; all of it works."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import nbformat
import pytest

from analyse.present.exhibits.exhibit import Exhibit
from analyse.present.widgets import Explorer

FOLDER = Path(__file__).resolve().parents[2] / "notebooks"
PATHS = sorted(FOLDER.glob("0[1-68]_*.ipynb"))
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
    return all(isinstance(one, ast.Assign) and one.targets[0].id in names for one in nodes)


def _run(path: Path, *choices: str) -> dict:
    """Run the code of a notebook here, with choices below its parameters as papermill puts them."""
    cells = [one for one in nbformat.read(path, as_version=4).cells if one.cell_type == "code"]
    place = next(number for number, one in enumerate(cells) if "parameters" in one.metadata.get("tags", []))
    known = {one.targets[0].id for one in ast.parse(cells[place].source).body}
    few = [FEW] if "samples" in known else []
    sources = [cells[place].source, *few, *choices, *(one.source for one in cells[place + 1 :])]
    namespace: dict = {"In": sources, "__choices__": known}
    for source in sources:
        _shown(source, namespace)
    return namespace


def _shown(source: str, namespace: dict) -> object:
    """Run a cell, and make what it would show."""
    *before, last = ast.parse(source).body
    value = None
    if isinstance(last, ast.Expr):
        exec(compile(ast.Module(before, []), "<cell>", "exec"), namespace)
        value = eval(compile(ast.Expression(last.value), "<cell>", "eval"), namespace)
    else:
        exec(compile(source, "<cell>", "exec"), namespace)
    for one in (
        value.exhibits if isinstance(value, Explorer) else [value] if isinstance(value, Exhibit) else []
    ):
        assert one._repr_mimebundle_()
    return value


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
        (node,) = ast.parse(choice).body
        assert getattr(namespace["run"], node.targets[0].id) == ast.literal_eval(node.value)


def _parameters(path: Path) -> str:
    cells = nbformat.read(path, as_version=4).cells
    return next(one.source for one in cells if "parameters" in one.metadata.get("tags", []))
