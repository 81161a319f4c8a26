"""An executed notebook as an accessible page: prose, exhibits, and nothing else.

Code and printed lines are left out; an error is shown plainly. Only exhibits (``present.exhibits.exhibit``) and
markdown reach the page: a bare DataFrame or plotly figure has no caption, source or alternative.
"""

from __future__ import annotations

import base64
import html as html_text
import re
from collections.abc import Iterator, Sequence
from functools import cache, partial
from pathlib import Path
from typing import Any

import jinja2
import nbformat
from markupsafe import Markup
from nbconvert.exporters.templateexporter import TemplateExporter

import analyse
from analyse import store
from analyse.errors import DataError
from analyse.present.exhibits import exhibit
from analyse.present.scenario import lever_panel
from analyse.present.text.language import N_, Words, translator
from analyse.report import declaration_section, downloads, folds, page_context, skips
from analyse.report.cells import Pieces, prose, shared_layout
from analyse.report.linking import Linker
from analyse.report.workbook import About
from analyse.sources import snapshot

HEADING = re.compile(r"<h2>(.*?)</h2>", re.DOTALL)
TAGS = re.compile(r"<[^>]+>")
FIRST_HEADING = re.compile(r"\A\s*#[ \t]+(.+?)[ \t]*#*[ \t]*(?:\n|\Z)")
TABLES = "tables"
"""Folder beside the pages with a folder of tables for each."""
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class ReportExporter(TemplateExporter):
    """nbconvert with the template of this folder, without the second parse of the page by its HTML exporter."""

    def __init__(self, **options: Any) -> None:
        """Take nbconvert's options; the template is fixed."""
        super().__init__(
            template_file="report.html.j2", extra_template_paths=[str(page_context.TEMPLATES)], **options
        )

    def _create_environment(self) -> jinja2.Environment:
        return page_context.prepare(super()._create_environment())


@cache
def _exporter() -> ReportExporter:
    return ReportExporter()


def export(
    notebook: nbformat.NotebookNode | Path | str,
    target: Path | str,
    *,
    language: str,
    assets: str = "assets",
    home: str = "index.html",
    single_file: bool = False,
    beside: str = "",
    around: Sequence[Sequence[str]] = (),
) -> Path:
    """Write one page from an executed notebook, and its tables beside it; always the same bytes.

    The tables go to ``tables/<name of the page>/``: one CSV each, and one XLSX with all of them.

    Parameters
    ----------
    notebook : NotebookNode or Path
        The notebook with its outputs.
    target : Path
        The HTML file.
    language : str
        ``nl`` or ``en``: of everything on the page besides the prose of the notebook.
    assets : str
        Folder with the shared plotly.js and house style, seen from the page.
    home : str
        The index, seen from the page.
    single_file : bool
        Put plotly.js, the house style and the tables inside the page, so that it can be mailed (5 MB).
    beside : str
        File name of the other page of the same area, on declarations or on published figures.
    around : sequence of (str, str, str)
        The pages around it: relation (up, previous, next, down, or area for each area of the set), file name and
        title.

    Raises
    ------
    DataError
        If the notebook is not there or cannot be read.
    OutputError
        If the page or a table cannot be written.
    """
    node, target = (
        notebook if isinstance(notebook, nbformat.NotebookNode) else read(Path(notebook)),
        Path(target),
    )
    place = page_context.Place(assets, home, single_file, beside, tuple(map(tuple, around)))
    page, made = _page(node, target.stem, language=language, place=place)
    if not single_file:
        _write_tables(target.parent / TABLES / target.stem, made)
    return store.write_text(target, page)


def html(
    node: nbformat.NotebookNode,
    *,
    language: str,
    name: str = "report",
    place: page_context.Place | None = None,
) -> str:
    """The page as text, see ``export``.

    Parameters
    ----------
    node, language
        The notebook, executed, and the language, as for ``export``.
    name, place
        Name of the page, for the names of its files, and what it needs to know of its set.
    """
    return _page(node, name, language=language, place=place or page_context.Place())[0]


def _page(
    node: nbformat.NotebookNode, name: str, *, language: str, place: page_context.Place
) -> tuple[str, dict[str, bytes]]:
    """The page, and the files that it links to by their name."""
    words, kept = translator(language), list(kept_cells(node.cells))
    exhibits = [output for cell in kept for output in exhibits_of(cell)]
    head = next((one for one in exhibits if one["kind"] == "head"), None)
    heading = head["title"] if head else _heading(kept) or words.gettext("Report")
    failed = any(_failed(cell) for cell in kept)
    dataset = node.metadata.get("papermill", {}).get("parameters", {}).get("dataset", "open")
    package = snapshot.package(dataset)
    about = About(heading, language, package["created"], analyse.__version__, package["resources"])
    panels = any(
        lever_panel.MIME in output.get("data", {}) for cell in kept for output in cell.get("outputs", [])
    )
    around = _around(() if place.single_file else place.around, words)
    areas = {one["name"]: one["link"] for one in around["area"] if one["name"] != heading}
    linker = Linker(areas, words)
    pieces = Pieces(language, _inside if place.single_file else partial(_beside, name), areas)
    resources = page_context.page(
        language, title=heading, script="page.js", dataset=dataset, place=place, panels=panels
    ) | {
        "subject": head["content"]["subject"] if head else words.gettext("Youth care: costs and use"),
        "beside": declaration_section.beside(place.beside, heading, words),
        "around": around,
        "layout": page_context.embedded(shared_layout(language)),
        "heading": None if head else heading,
        "sections": (sections := list(_sections(kept, pieces, has_head=head is not None))),
        "contents": _contents(sections, linker),
        "explanations": linker.explanations(),
        "folds": [folds.folded(one) for one in sections]
        if name.startswith(declaration_section.PREFIX)
        else skips.added(sections, after=downloads.PLACE, words=words),
        "banner": words.gettext("This report is not complete: a part could not be made.") if failed else "",
        "downloads": pieces.downloads(name, about),
    }
    # The template shows the sections; nbconvert would copy and check every output of the notebook before it looks.
    page, _ = _exporter().from_notebook_node(nbformat.v4.new_notebook(metadata=node.metadata), resources)
    return page, pieces.files


def _beside(page: str, name: str, content: bytes) -> str:
    """The address of a file in the folder of the tables of a page."""
    return f"{TABLES}/{page}/{name}"


def _inside(name: str, content: bytes) -> str:
    """A file as an address that holds it."""
    kind = "text/csv;charset=utf-8" if name.endswith(".csv") else XLSX
    return f"data:{kind};base64,{base64.b64encode(content).decode()}"


def _write_tables(folder: Path, made: dict[str, bytes]) -> None:
    """Write the files of a page, and remove those of an earlier page of that name that it no longer has."""
    for name, content in made.items():
        store.write_bytes(folder / name, content)
    for path in folder.glob("*") if folder.is_dir() else ():
        if path.name not in made and path.suffix in (".csv", ".xlsx"):
            path.unlink()


def read(path: Path) -> nbformat.NotebookNode:
    """An executed notebook.

    Raises
    ------
    DataError
        If it is not there or cannot be read.
    """
    try:
        return nbformat.read(path, as_version=4)
    except FileNotFoundError as error:
        raise DataError(f"{path}: no such notebook; run `make report`") from error
    except (OSError, ValueError, nbformat.ValidationError) as error:
        raise DataError(f"{path}: not a readable notebook ({str(error).splitlines()[0]})") from error


def kept_cells(cells: list[nbformat.NotebookNode]) -> Iterator[nbformat.NotebookNode]:
    """The cells for readers, up to the one that failed: the cells after it mean nothing without its figures."""
    for cell in cells:
        if cell.cell_type in ("markdown", "code") and "remove_output" not in cell.metadata.get("tags", []):
            yield cell
        if _failed(cell):
            return


def _failed(cell: nbformat.NotebookNode) -> bool:
    return any(output.output_type == "error" for output in cell.get("outputs", []))


def exhibits_of(cell: nbformat.NotebookNode) -> Iterator[dict[str, Any]]:
    """What a cell shows, as JSON (``Exhibit.as_json``)."""
    for output in cell.get("outputs", []):
        if exhibit.MIME in output.get("data", {}):
            yield output["data"][exhibit.MIME]


def _heading(cells: list[nbformat.NotebookNode]) -> str:
    """The first heading of the first level in the prose."""
    for cell in cells:
        match = FIRST_HEADING.match(cell.source) if cell.cell_type == "markdown" else None
        if match:
            return match.group(1)
    return ""


def _around(pages: Sequence[Sequence[str]], words: Words) -> dict[str, list[dict[str, str]]]:
    """The pages around a page by their relation, each with the text of its link."""
    texts = {"previous": N_("Previous: {name}"), "next": N_("Next: {name}")}
    found: dict[str, list[dict[str, str]]] = {one: [] for one in ("up", "previous", "next", "down", "area")}
    for how, link, title in pages:
        name = words.gettext(title)
        found[how].append(
            {"link": link, "name": words.gettext(texts[how], name=name) if how in texts else name}
        )
    return found


def _contents(sections: list[dict[str, Any]], linker: Linker) -> list[dict[str, str]]:
    """The headings of the second level, each with a place that a list of contents leads to; marks them in the parts.

    Names and terms in the parts lead on as well.
    """
    listed: list[dict[str, str]] = []

    def marked(heading: re.Match[str]) -> str:
        name = TAGS.sub("", heading[1])
        place = downloads.slug(html_text.unescape(name))
        if f"#{place}" in [one["link"] for one in listed]:
            place = f"{place}-{len(listed) + 1}"
        listed.append({"link": f"#{place}", "name": name})
        return f'<h2 id="{place}">{heading[1]}</h2>'

    for section in sections:
        section["parts"] = [linker.linked(HEADING.sub(marked, part)) for part in section["parts"]]
    return [{**one, "name": Markup(one["name"])} for one in listed]  # noqa: S704 - escaped by prose


def _sections(
    cells: list[nbformat.NotebookNode], pieces: Pieces, *, has_head: bool
) -> Iterator[dict[str, Any]]:
    """The page in parts: the head with what follows it up to the next prose is the first screen."""
    parts, kind, titled = [], "prose", False
    for cell in cells:
        if cell.cell_type == "markdown":
            text = cell.source
            if not titled and FIRST_HEADING.match(text):
                titled, text = True, "" if has_head else FIRST_HEADING.sub("", text)
            if kind == "first-screen" and text:
                yield {"kind": kind, "parts": parts}
                parts, kind = [], "prose"
            parts += [prose(text)] if text else []
            pieces.headed = pieces.headed or (bool(text) and "<h2" in parts[-1])
            continue
        for output in cell.get("outputs", []):
            shown = pieces.output(output, first=kind == "first-screen")
            if exhibit.MIME in output.get("data", {}) and output["data"][exhibit.MIME]["kind"] == "head":
                yield {"kind": kind, "parts": parts}
                parts, kind = [], "first-screen"
            parts += [shown] if shown else []
    yield {"kind": kind, "parts": parts}
