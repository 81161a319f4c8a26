"""Making a set of reports again from its manifest, and saying whether the result is the same."""

from __future__ import annotations

import json
import platform
import tempfile
from pathlib import Path
from typing import Any

from analyse import runs
from analyse.errors import DataError
from analyse.parameters import Run
from analyse.runs import declaration_pages, execute, manifest, outputs
from analyse.sources import snapshot


def plan_of(path: Path) -> tuple[dict[str, Any], runs.Plan]:
    """The manifest in a file, and the plan that it is the result of.

    Raises
    ------
    DataError
        If the file is not a manifest.
    """
    found = outputs.manifest_of(path.parent) if path.name == "manifest.json" else _read(path)
    if not found or not {"run", "parameters", "notebooks"} <= set(found):
        raise DataError(f"{path}: not the manifest of a set of reports; name reports/<run>/manifest.json")
    run, of_kind = Run(**found["parameters"]), {"municipality": [], "region": []}
    for entry in found["notebooks"]:
        of_kind.get(entry["notebook"], []).append(entry["area_code"])
    chosen = runs.plan(
        run,
        snapshot.load(run.dataset, regions=run.regions),
        version=snapshot.package(run.dataset)["version"],
        municipalities=of_kind["municipality"],
        regions=of_kind["region"],
        whole=bool(found.get("whole")),
        name=found["run"],
    )
    return found, chosen


def reproduce(path: Path, *, effort: execute.Effort | None = None) -> dict[str, Any]:
    """Make everything of a manifest again, from scratch and in a folder of its own, and compare.

    Returns
    -------
    dict
        notebooks (how many), same (how many gave the same bytes), other (names of those that did not, or that are
        not made any more), and differences: of data, packages, Python or code between then and now, in words.
    """
    found, chosen = plan_of(path)
    with tempfile.TemporaryDirectory(prefix="analyse-") as folder:
        again = runs.make(chosen, Path(folder), effort=effort, reuse=runs.Reuse(fresh=True)).manifest
    before = {one["name"]: one.get("outputs") or None for one in found["notebooks"]}
    now = {one["name"]: one["outputs"] for one in again["notebooks"]}
    other = [name for name in {**now, **before} if name not in now or now[name] != before.get(name)]
    return {
        "notebooks": len({**now, **before}),
        "same": len({**now, **before}) - len(other),
        "other": other,
        "differences": _differences(found, again),
    }


def _read(path: Path) -> dict[str, Any] | None:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise DataError(f"{path}: cannot be read as a manifest ({error})") from error
    return found if isinstance(found, dict) else None


def _differences(before: dict[str, Any], now: dict[str, Any]) -> list[str]:
    tables = {one["table"]: one["sha256"] for one in before.get("data", [])}
    found = [f"table {one['table']}" for one in now["data"] if tables.get(one["table"]) != one["sha256"]]
    found += [name for name in declaration_pages.NAMED if _made_with(before, name) != _made_with(now, name)]
    then = before.get("packages", {})
    found += [
        f"{name}: {then.get(name, 'absent')}, now {version}"
        for name, version in manifest.packages().items()
        if then.get(name) != version
    ]
    if before.get("python") != platform.python_version():
        found.append(f"Python: {before.get('python')}, now {platform.python_version()}")
    if before.get("commit") != now["commit"]:
        found.append(f"commit: {before.get('commit') or 'unknown'}, now {now['commit'] or 'unknown'}")
    return found


def _made_with(found: dict[str, Any], name: str) -> set[str]:
    """The hashes of something that pages were made with."""
    return {one["inputs"][name] for one in found["notebooks"] if name in one.get("inputs", {})}
