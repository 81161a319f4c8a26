"""The last check of a set with pages on declarations, which change every month: what gives a youth away is withheld."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import nbformat

from analyse.errors import DataError
from analyse.runs import declaration_pages, manifest, staleness, worker
from analyse.runs.plan import PLANNING, Job


def checked(
    entries: Sequence[Mapping[str, Any]], jobs: Sequence[Job], place: Path, *, language: str
) -> list[dict[str, Any]]:
    """The entries of a run; a page of ``jobs`` that must not be shown is a failed one that says so.

    Parameters
    ----------
    entries : sequence of mapping
        Of all notebooks of the run.
    jobs : sequence of Job
        The pages that were not looked at before; only those on declarations are.
    place : Path
        Folder of the run.
    language : {"nl", "en"}
        Language of the pages.
    """
    own = {job.name: job for job in jobs if job.made_from}
    found = {name: _reason(place, job) for name, job in own.items()}
    return [
        _withheld(own[one["name"]], place, language, found[one["name"]])
        if found.get(one["name"])
        else dict(one)
        for one in entries
    ]


def check_whole(place: Path, entries: Sequence[Mapping[str, Any]]) -> None:
    """Look at every file of a finished set, hidden ones too.

    No file may hold a pseudonym, and none that belongs to no page, such as the index, a small count. Pages on
    declarations have been looked at by then, and the other pages show what has been published.

    Raises
    ------
    DataError
        If the set gives a youth away; the earlier set stays.
    """
    from analyse.report import scan

    of_pages = {place / name for entry in entries for name in entry["outputs"]}
    why = scan.reason(place, sorted(place.rglob("*")), published=of_pages)
    if why:
        raise DataError(f"reports: not shown, because {why}")


def check_forms(place: Path, entries: Sequence[Mapping[str, Any]], written: Sequence[Path]) -> None:
    """Look at the further forms of the pages on declarations, and of texts for planning, which have figures of theirs.

    Parameters
    ----------
    place : Path
        Folder of the set.
    entries : sequence of mapping
        Of all its notebooks.
    written : sequence of Path
        The forms: single files, PDFs, hand-outs and documents. None of such a page stays where one may not be shown.

    Raises
    ------
    DataError
        If one gives a youth away.
    """
    from analyse.report import scan

    notebook = {one["name"]: one["notebook"] for one in entries}
    planning = [path for path in written if notebook.get(path.stem) == PLANNING]
    own = [path for path in written if notebook.get(path.stem) == declaration_pages.NOTEBOOK] + planning
    why = scan.reason(place, own, published=planning)
    if why:
        for path in own:
            path.unlink(missing_ok=True)
        raise DataError(f"reports: not shown, because {why}; the forms of pages on declarations are removed")


def _reason(place: Path, job: Job) -> str:
    """Why a page may not be shown, and where; never the count itself."""
    from analyse.report import audit, scan

    why = scan.reason(place, [place / name for name in staleness.outputs(place, job)])
    if why:
        return why
    given = audit.across(place, pages={job.name: job.title})
    return f"a hidden count follows from other cells ({given[0]})" if given else ""


def _withheld(job: Job, place: Path, language: str, reason: str) -> dict[str, Any]:
    """The entry of a page that is withheld; a page without figures takes its place."""
    node = nbformat.read(job.source, as_version=4)
    for cell in node.cells:
        if cell.cell_type == "code":
            cell.outputs = []
    nbformat.write(node, place / job.executed)
    entry = manifest.entry(job, reason=f"not shown: {reason}")
    worker.finish(job, place, language, entry)
    return entry | {"inputs": staleness.inputs(job), "outputs": staleness.outputs(place, job)}
