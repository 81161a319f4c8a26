"""Run every shipped notebook and keep in it the outputs of its check cells, and nothing else: ``make notebooks``.

nbval compares these outputs, and a diff of them shows which numbers changed; say why in the commit.
"""

from __future__ import annotations

import sys
from pathlib import Path

import nbformat
from nbclient import NotebookClient

FOLDER = Path(__file__).resolve().parents[2] / "notebooks"
CHECKED = "# NBVAL_CHECK_OUTPUT"


def store(path: Path) -> None:
    """Execute one notebook and write it back with the outputs of its check cells."""
    notebook = nbformat.read(path, as_version=4)
    NotebookClient(notebook, timeout=300, resources={"metadata": {"path": str(FOLDER)}}).execute()
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
    path.write_text(nbformat.writes(notebook, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    for one in sorted(FOLDER.glob("*.ipynb")):
        store(one)
        sys.stdout.write(f"{one.name}\n")
