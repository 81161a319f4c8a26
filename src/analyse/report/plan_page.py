"""The page of a plan: exhibits put together without a notebook, in the template of all pages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import nbformat

from analyse.present.exhibits.exhibit import MIME, Exhibit
from analyse.report import assets, exporter


def write(
    parts: Mapping[str, Sequence[Exhibit]], target: Path, *, dataset: str, language: str = "nl"
) -> Path:
    """Write a page with its tables and what pages share beside it; it leads to the index above it where there is one.

    Parameters
    ----------
    parts : mapping of str to sequence of Exhibit
        Heading -> what stands below it; what has no heading comes first.
    target : Path
        The HTML file.
    dataset : str
        Dataset of the figures, for the sources of the downloads.
    language : {"nl", "en"}
        Of the page.
    """
    cells = []
    for heading, exhibits in parts.items():
        if heading:
            cells.append(nbformat.v4.new_markdown_cell(f"## {heading}"))
        outputs = [nbformat.v4.new_output("display_data", {MIME: one.as_json()}) for one in exhibits]
        cells.append(nbformat.v4.new_code_cell("", outputs=outputs))
    node = nbformat.v4.new_notebook(cells=cells, metadata={"papermill": {"parameters": {"dataset": dataset}}})
    assets.write(target.parent / "assets")
    above = target.parent.parent / "index.html"
    home = f"../{above.name}" if above.is_file() else target.name
    return exporter.export(node, target, language=language, home=home)
