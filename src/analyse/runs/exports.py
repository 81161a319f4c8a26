"""Further forms of the pages of a set: each in a single file that can be mailed, as PDF, a hand-out, and Word."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from analyse import store
from analyse.errors import ParameterError
from analyse.runs import Result, disclosure_gate
from analyse.runs.plan import PLANNING

if TYPE_CHECKING:
    from analyse.report.handout import Sheet

SINGLE, PDF, HANDOUT, WORD = "single-file", "pdf", "hand-out", "word"
"""Folders below that of the run."""


@dataclass(frozen=True)
class Forms:
    """Which further forms are asked for, as the options of ``analyse report``."""

    single_file: bool = False
    pdf: bool = False
    handout: bool = False
    office: bool = False
    templates: tuple[Path, ...] = ()

    def check(self, *, planning: bool) -> None:
        """Refuse what would make nothing, before anything runs.

        Parameters
        ----------
        planning : bool
            Whether texts for planning and control are asked for.

        Raises
        ------
        ParameterError
            If there is nothing to make for Office, or a template is not to be used.
        OutputError
            If the packages for Word and PowerPoint are not there.
        """
        from analyse.report import own_template

        if self.templates and not self.office:
            raise ParameterError("report: --template goes with --office")
        if self.office and not (self.handout or planning):
            raise ParameterError("report: --office goes with --handout, --planning or both")
        own_template.named(self.templates)
        if self.office:
            own_template.check_packages()


def write(result: Result, forms: Forms, *, created: str) -> None:
    """Write every form that is asked for.

    Parameters
    ----------
    result : Result
        A finished run.
    forms : Forms
        Which ones.
    created : str
        ISO date of the data, ``snapshot.package()["created"]``.

    Raises
    ------
    DataError
        If a form of a page on declarations gives a youth away.
    """
    from analyse.report import own_template

    templates, written = own_template.named(forms.templates), []
    if forms.single_file:
        written += single_files(result)
    if forms.pdf:
        written += pdfs(result, created=created)
    if forms.handout:
        written += _handouts(result, created=created, office=forms.office, templates=templates)
    if forms.office:
        written += _planning_texts(result, created=created, templates=templates)
    disclosure_gate.check_forms(result.folder, result.manifest["notebooks"], written)


def single_files(result: Result) -> list[Path]:
    """Write every page again as a single file that needs no other file."""
    from analyse.report import exporter

    language = result.manifest["language"]
    return [
        exporter.export(
            result.folder / one["executed"],
            result.folder / SINGLE / one["html"],
            language=language,
            single_file=True,
        )
        for one in _made(result.manifest["notebooks"])
    ]


def pdfs(result: Result, *, created: str) -> list[Path]:
    """Print every page to PDF with headless Chromium.

    Parameters
    ----------
    result : Result
        A finished run.
    created : str
        ISO date that the PDFs bear, ``snapshot.package()["created"]``.

    Raises
    ------
    OutputError
        If there is no Chromium, or a page cannot be printed.
    """
    from analyse.report import pdf

    pdf.browser()
    return [
        pdf.write(result.folder / one["html"], result.folder / PDF / f"{one['name']}.pdf", created=created)
        for one in _made(result.manifest["notebooks"])
    ]


def _handouts(
    result: Result, *, created: str, office: bool = False, templates: Mapping[str, Path] | None = None
) -> list[Path]:
    """One A4 page of every municipality and region, as HTML and printed to PDF.

    Raises
    ------
    OutputError
        If there is no Chromium, a page cannot be printed, or the packages for Word and PowerPoint are not there.
    """
    from analyse.report import handout, pdf

    pdf.browser()
    written = []
    for one in _made(result.manifest["notebooks"]):
        if not (one.get("highlights") or {}).get("series", {}).get("forecast"):
            continue
        language = result.manifest["language"]
        measures = _measures(result.folder / one["executed"])
        said = handout.sheet(one, measures, created=created, language=language)
        page = result.folder / HANDOUT / one["html"]
        handout.write(said, page)
        written += [page, pdf.write(page, page.with_suffix(".pdf"), created=created)]
        if office:
            written += _office(said, page, created, templates or {})
    return written


def _office(said: Sheet, page: Path, created: str, templates: Mapping[str, Path]) -> list[Path]:
    """A hand-out as Word and as PowerPoint, beside its page."""
    from analyse.report import handout, pdf, slides, word

    picture = pdf.picture(handout.chart_page(said), *handout.SIZE)
    documents = {
        ".docx": word.handout(said, picture, created=created, template=templates.get("word")),
        ".pptx": slides.handout(said, created=created, template=templates.get("slides")),
    }
    return [store.write_bytes(page.with_suffix(suffix), content) for suffix, content in documents.items()]


def _planning_texts(
    result: Result, *, created: str, templates: Mapping[str, Path] | None = None
) -> list[Path]:
    """The pages with texts for planning and control as Word.

    Raises
    ------
    OutputError
        If the package for Word is not there, or a file cannot be written.
    """
    from analyse.report import word

    template = (templates or {}).get("word")
    return [
        store.write_bytes(
            result.folder / WORD / f"{one['name']}.docx",
            word.of_page(
                result.folder / one["executed"],
                language=result.manifest["language"],
                created=created,
                template=template,
            ),
        )
        for one in _made(result.manifest["notebooks"])
        if one["notebook"] == PLANNING
    ]


def _measures(notebook: Path) -> list[tuple[str, str]]:
    """What can be done, as the page of an area says it: measures, and what each changes."""
    from analyse.report import exporter

    return [
        (card["label"], card["value"])
        for cell in exporter.kept_cells(exporter.read(notebook).cells)
        for one in exporter.exhibits_of(cell)
        if one["content"].get("role") == "measures"
        for card in one["content"]["cards"]
    ]


def _made(notebooks: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    return [one for one in notebooks if one["status"] == "ok"]
