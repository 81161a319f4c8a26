"""Which notebooks must run again: those whose notebook, parameters, code, packages or own data have changed."""

from __future__ import annotations

import hashlib
import json
import os
import platform
import shutil
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import analyse
from analyse import shared, store
from analyse.errors import AnalyseError
from analyse.parameters import Run
from analyse.present.text import freshness
from analyse.runs import manifest
from analyse.runs.plan import Job
from analyse.sources import snapshot

WORDS = {
    "notebook": "the notebook changed",
    "parameters": "the parameters changed",
    "code": "the code changed",
    "packages": "the packages changed",
    "declarations": "the declarations changed",
    "contracts": "the contracts changed",
    "beside": "the page beside it came or went",
    "around": "pages around it came or went",
}
SAID = {
    "past": "history",
    "future": "forecast",
    "tested": "backtest",
    "scored": "backtest",
    "fair": "comparison",
    "description": "list of sources",
    "overdue": "newer figures are out",
}


@dataclass(frozen=True)
class Verdict:
    """Whether a notebook runs, and why; one that does not has its entry and the folder with its files."""

    job: Job
    why: str
    entry: Mapping[str, Any] = field(default_factory=dict)
    folder: Path | None = None


def inputs(job: Job) -> dict[str, str]:
    """Hashes of what a job is made with, the published figures apart."""
    return {
        "notebook": store.hash_files([job.source]),
        "parameters": _digest(dict(job.parameters)),
        "code": code_hash(),
        "packages": packages_hash(),
        **job.made_from,
        **({"beside": job.beside} if job.beside else {}),
        **({"around": _digest(job.around)} if job.around else {}),
    }


def _digest(value: Any) -> str:
    """The hash of plain values."""
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()[:20]


@cache
def code_hash() -> str:
    """The hash of every file of the package that can change a report."""
    package = Path(analyse.__file__).parent
    found = (path for path in sorted(package.rglob("*")) if path.is_file())
    names = (path.relative_to(package) for path in found)
    return store.hash_files(
        package / name for name in names if "__pycache__" not in name.parts and name.parts[0] != "cli"
    )


def packages_hash() -> str:
    """The hash of the lock, the version of Python and what is installed."""
    return _packages_hash(store.root())


@cache
def _packages_hash(root: Path) -> str:
    lock = store.hash_files([root / "requirements.lock"])
    return _digest([lock, platform.python_version(), manifest.packages()])


def reads(path: Path) -> dict[str, str]:
    """The parts that a notebook has read, each with its content hash, as written by ``store.note``."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except OSError:
        return {}
    return {part: digest for digest, _, part in sorted(line.partition(" ") for line in lines)}


def outputs(place: Path, job: Job) -> dict[str, str]:
    """The files of a job with their hashes: page, executed notebook, and folders with the name of the page."""
    files = [place / job.html, place / job.executed]
    files += [path for folder in sorted(place.glob(f"*/{job.name}")) for path in sorted(folder.rglob("*"))]
    return {
        str(path.relative_to(place)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in files
        if path.is_file()
    }


def decide(
    jobs: Sequence[Job],
    run: Run,
    earlier: Iterable[tuple[Path, Sequence[Mapping[str, Any]]]],
    *,
    keep_failed: bool = False,
) -> list[Verdict]:
    """Say for every job whether it runs, and why.

    Parameters
    ----------
    jobs : sequence of Job
        What the run consists of.
    run : Run
        Its choices.
    earlier : iterable of (Path, entries)
        Folders with results, the preferred one first, and the entries of their notebooks.
    keep_failed : bool
        Leave a notebook that failed alone as long as nothing changed.
    """
    found = [(folder, {one["name"]: one for one in entries}) for folder, entries in earlier]
    current = cache(lambda part: _current(part, run))
    return [_judge(job, found, current, keep_failed=keep_failed) for job in jobs]


def _judge(
    job: Job,
    found: Sequence[tuple[Path, Mapping[str, Any]]],
    current: Callable[[str], str],
    *,
    keep_failed: bool,
) -> Verdict:
    first = "not made before"
    for folder, entries in found:
        if job.name not in entries:
            continue
        entry = entries[job.name]
        why = _why(job, entry, folder, current, keep_failed=keep_failed)
        if not why:
            return Verdict(job, "", entry, folder)
        first = why if first == "not made before" else first
    return Verdict(job, first)


def _why(
    job: Job, entry: Mapping[str, Any], folder: Path, current: Callable[[str], str], *, keep_failed: bool
) -> str:
    if entry["status"] == "failed" and not keep_failed:
        return "failed before"
    made_with, now = entry.get("inputs", {}), inputs(job)
    for name in now | made_with:
        if made_with.get(name) != now.get(name):
            return WORDS[name]
    for part, digest in entry.get("reads", {}).items():
        if current(part) != digest:
            return f"the data changed: {_said(part)}"
    expected = entry.get("outputs", {})
    if not expected or outputs(folder, job) != expected:
        return "its files are missing or altered"
    return ""


def _current(part: str, run: Run) -> str:
    """The content hash, as of now, of something that was read."""
    kind, _, rest = part.partition("/")
    try:
        if kind == "data":
            return snapshot.data_hash(rest)
        if kind == "description":
            return snapshot.description_hash(snapshot.package(rest))
        if kind == freshness.PART:
            return str(freshness.overdue(rest))
        if kind == "file":
            found = [path for path in store.root().glob(f"*/{rest}") if path.is_file()]
            return store.hash_files(found[:1])
        return shared.digest(part, run)
    except (KeyError, AnalyseError):
        return ""


def _said(part: str) -> str:
    kind, _, rest = part.partition("/")
    said = SAID.get(kind, kind.removeprefix("table-").replace("_", " "))
    areas = rest.replace("+", ", ") if kind not in ("data", "file", "description") else rest
    return f"{said} ({areas})" if areas and areas != shared.WHOLE and areas.count(",") < 4 else said


def carry(verdict: Verdict, place: Path) -> dict[str, Any]:
    """Put the files of a notebook that does not run in the new folder, and return its entry."""
    for name in verdict.entry["outputs"]:
        source, target = verdict.folder / name, place / name
        target.parent.mkdir(parents=True, exist_ok=True)
        try:
            os.link(source, target)
        except OSError:
            shutil.copyfile(source, target)
    return dict(verdict.entry)
