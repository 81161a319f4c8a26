"""The last look at pages on declarations, which are other every month: one that gives a youth away is not shown."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import nbformat

from analyse.runs import manifest, staleness, worker
from analyse.runs.plan import Job

PSEUDONYM = re.compile(rb"(?<![0-9A-Za-z])[0-9a-f]{32}(?![0-9A-Za-z])")
"""How a youth is called in a store."""


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


def _reason(place: Path, job: Job) -> str:
    """What a page gives away, and where; never the count itself."""
    from analyse.report import audit, scan

    for name in staleness.outputs(place, job):
        if not name.endswith(".xlsx") and PSEUDONYM.search((place / name).read_bytes()):
            return f"the pseudonym of a youth stands in {name}"
    small = scan.of_page(place, job.name)
    if small:
        return f"a count below ten stands in {small[0]}"
    given = audit.across(place, pages={job.name: job.title})
    return f"a hidden count follows from other cells ({given[0]})" if given else ""


def _withheld(job: Job, place: Path, language: str, reason: str) -> dict[str, Any]:
    """The entry of a page that is not shown; in its place stands one without a figure."""
    node = nbformat.read(job.source, as_version=4)
    for cell in node.cells:
        if cell.cell_type == "code":
            cell.outputs = []
    nbformat.write(node, place / job.executed)
    entry = manifest.entry(job, reason=f"not shown: {reason}")
    worker.finish(job, place, language, entry)
    return entry | {"inputs": staleness.inputs(job), "outputs": staleness.outputs(place, job)}
