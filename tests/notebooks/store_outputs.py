"""Run every shipped notebook and keep in it the outputs of its check cells, and nothing else: ``make notebooks``.

nbval compares these outputs, and a diff of them shows which numbers changed; say why in the commit. Code and outputs
then go to the notebook in English, whose prose is its own. Names of notebooks leave out the others.
"""

from __future__ import annotations

import sys
from copy import deepcopy
from pathlib import Path

import nbformat
from nbclient import NotebookClient

DUTCH = Path(__file__).resolve().parents[2] / "notebooks"
ENGLISH = DUTCH / "en"
CHECKED = "# NBVAL_CHECK_OUTPUT"


def store(path: Path) -> nbformat.NotebookNode:
    """Execute one notebook and write it back with the outputs of its check cells."""
    notebook = nbformat.read(path, as_version=4)
    NotebookClient(notebook, timeout=300, resources={"metadata": {"path": str(path.parent)}}).execute()
    for cell in notebook.cells:
        cell.metadata.pop("execution", None)
        if cell.cell_type != "code":
            continue
        if not cell.source.startswith(CHECKED):
            cell.execution_count = None
            cell.outputs = []
        for output in cell.outputs:
            output.pop("execution_count", None)
    notebook.metadata["language_info"] = {"name": "python"}
    _write(notebook, path)
    return notebook


def in_english(dutch: nbformat.NotebookNode, english: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """The Dutch notebook with the English prose, cell by cell.

    Raises
    ------
    KeyError
        If a cell of prose has no English one of the same ``id``.
    """
    prose = {cell.id: cell for cell in english.cells if cell.cell_type == "markdown"}
    made = deepcopy(dutch)
    made.cells = [prose[cell.id] if cell.cell_type == "markdown" else cell for cell in made.cells]
    for cell in made.cells:
        if "parameters" in cell.metadata.get("tags", []):
            cell.source = cell.source.replace('language = "nl"', 'language = "en"')
    return made


def _write(notebook: nbformat.NotebookNode, path: Path) -> None:
    path.write_text(nbformat.writes(notebook, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    for one in sorted(DUTCH.glob("*.ipynb")):
        if sys.argv[1:] and one.stem not in sys.argv[1:]:
            continue
        made = store(one)
        other = ENGLISH / one.name
        _write(in_english(made, nbformat.read(other, as_version=4)), other)
        sys.stdout.write(f"{one.name}\n")
