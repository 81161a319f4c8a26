"""The manifest: what a run was made with, and how each notebook ended."""

from __future__ import annotations

import importlib.metadata
import platform
import re
import subprocess
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from analyse import store
from analyse.runs.plan import Job, Plan
from analyse.sources import snapshot


def entry(
    job: Job,
    *,
    reason: str = "",
    cell: int | None = None,
    seconds: float = 0.0,
    highlights: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """How one notebook ended; without a reason it succeeded.

    Parameters
    ----------
    job : Job
        The notebook.
    reason : str
        Why it failed; empty if it succeeded.
    cell : int, optional
        Number of the code cell that failed, counted from 1.
    seconds : float
        How long it took.
    highlights : mapping, optional
        Numbers for its row in the index.
    """
    return {
        "name": job.name,
        "notebook": job.notebook,
        "area_code": job.area_code,
        "title": job.title,
        "parameters": dict(job.parameters),
        "status": "failed" if reason else "ok",
        "reason": reason,
        "cell": cell,
        "html": job.html,
        "executed": job.executed,
        "seconds": round(seconds, 1),
        "highlights": dict(highlights or {}),
        "inputs": {},
        "reads": {},
        "outputs": {},
    }


def build(plan: Plan, entries: Sequence[Mapping[str, Any]], seconds: float) -> dict[str, Any]:
    """The whole manifest, notebooks in the order of the plan.

    Parameters
    ----------
    plan : Plan
        The jobs.
    entries : sequence of mapping
        How each of them ended.
    seconds : float
        How long the whole run took.

    Returns
    -------
    dict
        run, whole, language, parameters, seed, data, packages, python, commit, notebooks, seconds, and declarations
        (notebook, simulated, label, absent) where there are any.
    """
    order = {job.name: place for place, job in enumerate(plan.jobs)}
    data = snapshot.verify(plan.run.dataset)[["table", "file", "sha256", "rows"]]
    return {
        "run": plan.name,
        "whole": plan.whole,
        "language": plan.run.language,
        "parameters": plan.run.model_dump(mode="json"),
        "seed": plan.run.seed,
        "data": [{**row, "rows": int(row["rows"])} for row in data.to_dict("records")],
        "packages": packages(),
        "python": platform.python_version(),
        "commit": commit(),
        **plan.declared.as_json(),
        "notebooks": sorted(entries, key=lambda one: order[one["name"]]),
        "seconds": round(seconds, 1),
    }


def packages() -> dict[str, str]:
    """Versions of this package and of what it needs directly, as installed."""
    required = importlib.metadata.requires("jeugdhulp-analyse") or []
    direct = [re.match(r"[A-Za-z0-9._-]+", line).group() for line in required if "extra ==" not in line]
    return {name: _version(name) for name in sorted(["jeugdhulp-analyse", *direct], key=str.casefold)}


def commit() -> str:
    """The commit of the code, with ``+changes`` when files differ from it; empty outside a clone."""
    found = _git("rev-parse", "HEAD")
    return f"{found}+changes" if found and _git("status", "--porcelain", "--untracked-files=no") else found


def failed(entries: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """The notebooks that did not succeed."""
    return [one for one in entries if one["status"] == "failed"]


def _version(name: str) -> str:
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return "not installed"


def _git(*arguments: str) -> str:
    if store.root() == store.SHIPPED:
        return ""  # the repository around an installed package, if any, is another one
    try:
        done = subprocess.run(
            ["git", "-C", str(store.root()), *arguments],
            capture_output=True,
            text=True,
            timeout=30,
            check=True,
        )
    except (OSError, subprocess.SubprocessError):
        return ""
    return done.stdout.strip()
