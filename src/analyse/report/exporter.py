"""An executed notebook as an accessible page: prose of one language, exhibits, and nothing else.

Code and printed lines are left out; an error is shown plainly. Only exhibits (``present.exhibit``) and
markdown reach the page: a bare DataFrame or plotly figure has no caption, source or alternative.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import jinja2
import nbformat
from markupsafe import Markup
from nbconvert.exporters.templateexporter import TemplateExporter
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

from analyse import store
from analyse.errors import DataError
from analyse.present import exhibit, markup
from analyse.present.language import LANGUAGES, translator
from analyse.report import assets as shared
from analyse.report import shell

FIRST_HEADING = re.compile(r"\A\s*#[ \t]+(.+?)[ \t]*#*[ \t]*(?:\n|\Z)")
LATER_HEADING = re.compile(r"^#(?=[ \t])", flags=re.MULTILINE)


class ReportExporter(TemplateExporter):
    """nbconvert with the template of this folder; the HTML exporter's second parse of the page is left out."""

    def __init__(self, **options: Any) -> None:
        """Take nbconvert's options; the template is fixed."""
        super().__init__(
            template_file="report.html.j2", extra_template_paths=[str(shell.TEMPLATES)], **options
        )

    def _create_environment(self) -> jinja2.Environment:
        return shell.prepare(super()._create_environment())


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
) -> Path:
    """Write one page from an executed notebook; the same notebook always gives the same bytes.

    Parameters
    ----------
    notebook : NotebookNode or Path
        The notebook with its outputs.
    target : Path
        The HTML file.
    language : str
        ``nl`` or ``en``; markdown cells tagged with another language are left out.
    assets : str
        Folder with the shared plotly.js, seen from the page.
    home : str
        The index, seen from the page.

    Raises
    ------
    DataError
        If the notebook is not there or cannot be read.
    OutputError
        If the page cannot be written.
    """
    node = notebook if isinstance(notebook, nbformat.NotebookNode) else _read(Path(notebook))
    return store.write_text(target, html(node, language=language, assets=assets, home=home))


def html(
    node: nbformat.NotebookNode, *, language: str, assets: str = "assets", home: str = "index.html"
) -> str:
    """The page as text, see ``export``."""
    words, kept = translator(language), [cell for cell in node.cells if _wanted(cell, language)]
    exhibits = [output for cell in kept for output in _exhibits(cell)]
    head = next((one for one in exhibits if one["kind"] == "head"), None)
    heading = head["title"] if head else _heading(kept) or words.gettext("Report")
    failed = any(output.output_type == "error" for cell in kept for output in cell.get("outputs", []))
    dataset = node.metadata.get("papermill", {}).get("parameters", {}).get("dataset", "open")
    resources = shell.page(language, title=heading, script="page.js", dataset=dataset) | {
        "heading": None if head else heading,
        "sections": list(_sections(kept, language, has_head=head is not None)),
        "banner": words.gettext("This report is not complete: a part could not be made.") if failed else "",
        "plotly": f"{assets}/{shared.PLOTLY}",
        "home": home,
    }
    page, _ = _exporter().from_notebook_node(node, resources)
    return page


def _read(path: Path) -> nbformat.NotebookNode:
    try:
        return nbformat.read(path, as_version=4)
    except FileNotFoundError as error:
        raise DataError(f"{path}: no such notebook; run `make report`") from error
    except (OSError, ValueError, nbformat.ValidationError) as error:
        raise DataError(f"{path}: not a readable notebook ({str(error).splitlines()[0]})") from error


def _wanted(cell: nbformat.NotebookNode, language: str) -> bool:
    """Whether a cell belongs to a page of this language."""
    tags = cell.metadata.get("tags", [])
    others = {f"lang-{one}" for one in LANGUAGES if one != language}
    return cell.cell_type in ("markdown", "code") and not others & set(tags) and "remove_output" not in tags


def _exhibits(cell: nbformat.NotebookNode) -> Iterator[dict[str, Any]]:
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


def _sections(
    cells: list[nbformat.NotebookNode], language: str, *, has_head: bool
) -> Iterator[dict[str, Any]]:
    """The page in parts: the head with what follows it up to the next prose is the first screen."""
    parts, kind, numbers, titled = [], "prose", iter(range(1, 10_000)), False
    for cell in cells:
        if cell.cell_type == "markdown":
            text = cell.source
            if not titled and FIRST_HEADING.match(text):
                titled, text = True, "" if has_head else FIRST_HEADING.sub("", text)
            if kind == "first-screen" and text:
                yield {"kind": kind, "parts": parts}
                parts, kind = [], "prose"
            parts += [prose(text)] if text else []
            continue
        for output in cell.get("outputs", []):
            shown = _output(output, language, numbers)
            if exhibit.MIME in output.get("data", {}) and output["data"][exhibit.MIME]["kind"] == "head":
                yield {"kind": kind, "parts": parts}
                parts, kind = [], "first-screen"
            parts += [shown] if shown else []
    yield {"kind": kind, "parts": parts}


def prose(source: str) -> Markup:
    """Markdown as HTML; raw HTML in it is shown as text, and headings begin at the second level."""
    renderer = IPythonRenderer(escape=True, allow_harmful_protocols=False, exclude_anchor_links=True)
    return Markup(MarkdownWithMath(renderer=renderer).render(LATER_HEADING.sub("##", source)))  # noqa: S704 - escaped above or our own file


def _output(output: nbformat.NotebookNode, language: str, numbers: Iterator[int]) -> Markup | None:
    words = translator(language)
    if output.output_type == "error":
        reason = words.gettext(
            "This part could not be made: {reason}", reason=f"{output.ename}: {output.evalue}"
        )
        return Markup('<p class="banner">{}</p>').format(reason)
    data = output.get("data", {})
    if exhibit.MIME in data:
        return _exhibit(data[exhibit.MIME], data.get(exhibit.PLOTLY), numbers)
    return prose(data["text/markdown"]) if "text/markdown" in data else None


def _exhibit(data: dict[str, Any], figure: dict[str, Any] | None, numbers: Iterator[int]) -> Markup:
    if data["kind"] in ("head", "cards", "text"):
        return markup.exhibit(data)
    words, number = translator(data["language"]), next(numbers)
    table = markup.scrolling(markup.table(data["table"]), words.gettext("Table {number}: {caption}", number=number,
                                                                      caption=data["table"]["caption"]))  # fmt: skip
    if data["kind"] == "table" or figure is None:
        return Markup('<div class="table">{}{}</div>').format(table, markup.credits(data))
    title = Markup('<figcaption id="figure-{}">{}</figcaption>').format(number, data["title"])
    folded = Markup("<details><summary>{}</summary>{}</details>").format(
        words.gettext("Data as a table"), table
    )
    below = Markup('<div class="below">{}{}</div>').format(folded, _actions(data, number))
    return Markup('<figure class="chart" aria-labelledby="figure-{}">{}{}{}{}</figure>').format(
        number, title, _plot(data, figure, number), markup.credits(data), below)  # fmt: skip


def _plot(data: dict[str, Any], figure: dict[str, Any], number: int) -> Markup:
    """The place of the chart, with its alternative; the words stay when the chart cannot be drawn."""
    plain = exhibit.plotly_json(figure)
    plain["layout"].pop("title", None)
    plain["layout"]["margin"] = {**plain["layout"].get("margin", {}), "t": 44}
    return Markup(
        '<div class="plot" id="plot-{0}" role="img" aria-label="{1}"><p>{1}</p></div>'
        '<script type="application/json" data-for="plot-{0}">{2}</script>'
    ).format(number, data["alt"], shell.embedded(plain))


def _actions(data: dict[str, Any], number: int) -> Markup:
    words = translator(data["language"])
    buttons = Markup("").join(
        Markup('<button type="button" data-plot="plot-{}" data-format="{}">{}</button>').format(
            number, kind, words.gettext("Download figure {number} as {format}", number=number, format=kind.upper()))
        for kind in ("png", "svg")
    )  # fmt: skip
    return Markup('<p class="actions" hidden>{}</p>').format(buttons)
