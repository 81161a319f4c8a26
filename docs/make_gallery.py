"""Run the notebooks and write them as pages of the site, to read without running: ``make gallery``.

Those of the whole set, of three municipalities of different size, of a region, of the districts of one municipality,
and of declarations (simulated ones). A page has the code, and every output as plain HTML with its picture.
"""

from __future__ import annotations

import itertools
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import nbformat
import papermill
from nbconvert import HTMLExporter

from analyse import parameters, runs, shared, store
from analyse.history import areas
from analyse.present.exhibits import exhibit
from analyse.present.exhibits.exhibit import SVG
from analyse.runs import declaration_pages
from analyse.runs import plan as planned
from analyse.sources import snapshot

PAGE = """# {title}

`````{{raw}} html
<div class="notebook">{body}</div>
`````
"""
HERE = Path(__file__).parent
PAGES, INDEX = HERE / "gallery", HERE / "gallery.md"
LANGUAGE = "en"
INJECTED = "injected-parameters"
"""Tag of the cell that repeats the parameters of a run."""
ALONE = {"00_start": {}, declaration_pages.NOTEBOOK: {"declarations": ""}}
"""Notebooks that a set of reports lacks, and their choices: without a store declarations are simulated."""
MUNICIPALITIES, REGION = ("Rotterdam", "Delft", "Nissewaard"), "JZ24"
ABOVE = """# Gallery

Every notebook as it looks when it has run, with its code. `notebooks/en/` has them to run and change.

{.gallery}
"""


def executed(folder: Path) -> Iterator[tuple[str, nbformat.NotebookNode]]:
    """The notebooks with their outputs, by the name of their page."""
    run = parameters.load(language=LANGUAGE, declarations="", districts=True)
    tables, version = shared.loaded(run.dataset, run.regions), snapshot.package(run.dataset)["version"]
    whole = planned(run, tables, version=version, whole=True, name="gallery")
    chosen = planned(run, tables, version=version, municipalities=MUNICIPALITIES, regions=[REGION])
    districts = f"districts-{areas.resolve(tables, MUNICIPALITIES[1])}"
    wanted = {one.name for one in chosen.jobs if one.notebook != "districts"} | {districts}
    jobs = [one for one in whole.jobs if one.area_code == "ALL" or one.name in wanted]
    made = runs.make(replace(whole, jobs=tuple(jobs), whole=False), folder)
    if made.failed:
        raise SystemExit(f"gallery: {', '.join(one['reason'] for one in made.failed)}")
    for entry in made.manifest["notebooks"]:
        yield entry["name"], nbformat.read(made.folder / entry["executed"], as_version=4)
    for name, choices in ALONE.items():
        target = folder / f"{name}.ipynb"
        source = store.notebooks(LANGUAGE) / target.name
        papermill.execute_notebook(source, target, choices, progress_bar=False)
        yield name, nbformat.read(target, as_version=4)


def write(name: str, notebook: nbformat.NotebookNode) -> str:
    """Write a page and its thumbnail, and return the line that leads to it."""
    notebook.cells = [one for one in notebook.cells if INJECTED not in one.metadata.get("tags", [])]
    title = _title(notebook)
    exporter = HTMLExporter(template_name="basic", exclude_input_prompt=True, exclude_output_prompt=True)
    body, _ = exporter.from_notebook_node(notebook)
    store.write_text(PAGES / f"{name}.md", PAGE.format(title=title, body=body))
    pictures = (
        output["data"][SVG]
        for cell in notebook.cells
        for output in cell.get("outputs", [])
        if SVG in output.get("data", {})
    )
    picture = next(pictures, "")
    if not picture:
        return f"- [{title}](gallery/{name}.md)\n"
    store.write_text(PAGES / f"{name}.svg", picture)
    return f"- [![](gallery/{name}.svg) {title}](gallery/{name}.md)\n"


def _title(notebook: nbformat.NotebookNode) -> str:
    """What its head is about and its first heading, which is taken out."""
    first = notebook.cells[0]
    heading, _, first.source = first.source.partition("\n")
    heads = (
        output["data"][exhibit.MIME]["title"]
        for cell in notebook.cells
        for output in cell.get("outputs", [])
        if output.get("data", {}).get(exhibit.MIME, {}).get("kind") == "head"
    )
    return " – ".join([*itertools.islice(heads, 1), heading.removeprefix("# ")])


def main() -> None:
    """Write all pages and the index of them."""
    shutil.rmtree(PAGES, ignore_errors=True)
    with tempfile.TemporaryDirectory(prefix="gallery-") as folder:
        lines = [write(name, notebook) for name, notebook in executed(Path(folder))]
    hidden = "\n```{toctree}\n:hidden:\n:glob:\n\ngallery/*\n```\n"
    store.write_text(INDEX, ABOVE + "".join(lines) + hidden)


if __name__ == "__main__":
    main()
