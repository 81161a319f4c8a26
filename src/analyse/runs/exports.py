"""Further forms of the pages of a set: each in a single file that can be mailed, as PDF, and a hand-out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from analyse.runs import Result

SINGLE, PDF, HANDOUT = "single-file", "pdf", "hand-out"
"""Folders below that of the run."""


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


def handouts(result: Result, *, created: str) -> list[Path]:
    """One A4 page of every municipality and region, as HTML and printed to PDF.

    Parameters
    ----------
    result, created
        As for ``pdfs``.

    Raises
    ------
    OutputError
        If there is no Chromium, or a page cannot be printed.
    """
    from analyse.report import handout, pdf

    pdf.browser()
    written = []
    for one in _made(result.manifest["notebooks"]):
        if not (one.get("highlights") or {}).get("series", {}).get("forecast"):
            continue
        page = result.folder / HANDOUT / one["html"]
        handout.write(one, page, created=created, language=result.manifest["language"])
        written += [page, pdf.write(page, page.with_suffix(".pdf"), created=created)]
    return written


def _made(notebooks: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    return [one for one in notebooks if one["status"] == "ok"]
