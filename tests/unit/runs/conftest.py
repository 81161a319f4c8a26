"""A tiny notebook in the place of the shipped ones: it runs in a second and does what a test asks for."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Sequence
from pathlib import Path
from types import SimpleNamespace

import nbformat
import pytest

from analyse.runs.plan import Job

HEAD = nbformat.v4.new_markdown_cell("# Delft", id="head")
PARAMETERS = 'municipality = "GM0503"  # CBS code\nlanguage = "nl"  # nl or en'


def notebook(path: Path, sources: Sequence[str], parameters: str = PARAMETERS) -> Path:
    """Write a notebook with a parameters cell and the given code cells."""
    tagged = nbformat.v4.new_code_cell(parameters, id="parameters", metadata={"tags": ["parameters"]})
    code = [nbformat.v4.new_code_cell(source, id=f"cell-{number}") for number, source in enumerate(sources)]
    node = nbformat.v4.new_notebook(cells=[HEAD, tagged, *code])
    node.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(node, path)
    return path


@pytest.fixture
def write_notebook() -> Callable[..., Path]:
    return notebook


@pytest.fixture
def job(tmp_path: Path) -> Callable[..., Job]:
    """Make a job from code cells."""

    def make(code: str, *sources: str) -> Job:
        source = notebook(tmp_path / "notebooks" / f"{code}.ipynb", sources)
        return Job(f"municipality-{code}", "municipality", source, code, "Delft", {"municipality": code})

    return make


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """The folder of a run."""
    (tmp_path / "run" / "notebooks").mkdir(parents=True)
    return tmp_path / "run"


def files(folder: Path) -> dict[str, bytes]:
    """Every file of a set; the manifest, with its seconds and attempts, apart."""
    found = (path for path in folder.rglob("*") if path.is_file() and path.name != "manifest.json")
    return {str(path.relative_to(folder)): path.read_bytes() for path in found}


def differences(expected: dict[str, bytes], found: dict[str, bytes]) -> str:
    """Which files differ and how, in a few lines each; empty when none does."""
    told = [f"missing: {name}" for name in sorted(expected.keys() - found.keys())]
    told += [f"too many: {name}: {found[name][:500]!r}" for name in sorted(found.keys() - expected.keys())]
    for name in sorted(expected.keys() & found.keys()):
        if expected[name] != found[name]:
            sides = [side[name].decode(errors="replace").splitlines() for side in (expected, found)]
            lines = difflib.unified_diff(*sides, "expected", "found", lineterm="", n=0)
            told.append("\n".join([f"other: {name}", *(line[:200] for line in list(lines)[:12])]))
    return "\n".join(told)


@pytest.fixture
def folders() -> SimpleNamespace:
    """``files`` of a folder, and the ``differences`` between those of two."""
    return SimpleNamespace(files=files, differences=differences)
