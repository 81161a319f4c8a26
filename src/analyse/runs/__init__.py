"""Making a set of reports: notebooks in parallel, pages, index and manifest, put in place when all is done."""

from __future__ import annotations

import contextlib
import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from analyse import store
from analyse.runs import execute, manifest, outputs
from analyse.runs.plan import Job, Plan, plan

__all__ = ["Job", "Plan", "Result", "make", "plan"]


@dataclass(frozen=True)
class Result:
    """A finished run: where it stands and how its notebooks ended."""

    folder: Path
    index: Path
    manifest: Mapping[str, Any]

    @property
    def failed(self) -> list[Mapping[str, Any]]:
        """The notebooks that did not succeed."""
        return manifest.failed(self.manifest["notebooks"])


def make(chosen: Plan, folder: Path, *, workers: int | None = None,
         timeout_seconds: float = execute.TIMEOUT_SECONDS,
         progress: Callable[[dict[str, Any]], None] = lambda entry: None) -> Result:  # fmt: skip
    """Execute a plan and put the reports in ``folder/<name>/``.

    An earlier run of that name stays until this one is finished. When not one notebook succeeded it
    stays for good, and the failed run stands beside it as ``<name>.failed``. The index of the folder
    shows the last whole run; a run of some areas leaves it alone once there is one.

    Raises
    ------
    OutputError
        If the folder is full, read-only, in use by another run, or holds something else by that name.
    """
    started = time.monotonic()
    outputs.check_name(chosen.name)
    with (
        outputs.locked(folder, chosen.name),
        outputs.workspace(folder, chosen.name, whole=chosen.whole, pages=len(chosen.jobs)) as place,
    ):
        entries = execute.execute(
            chosen.jobs,
            place,
            language=chosen.run.language,
            workers=workers,
            timeout_seconds=timeout_seconds,
            progress=progress,
        )
        made = manifest.build(chosen, entries, time.monotonic() - started)
        _write_set(made, place)
        target = folder / chosen.name
        if len(manifest.failed(entries)) == len(entries) and outputs.manifest_of(target):
            target = folder / f"{chosen.name}.failed"
        outputs.publish(place, target)
        return Result(target, _folder_index(made, folder, target, whole=chosen.whole), made)


def _write_set(made: dict[str, Any], place: Path) -> None:
    """Write what the pages share: plotly.js, the index and the manifest."""
    from analyse.report import assets, index

    with contextlib.suppress(OSError):
        if (place / "log.txt").stat().st_size == 0:
            (place / "log.txt").unlink()
    assets.write(place / "assets")
    index.write(made, place)
    store.write_text(place / "manifest.json", json.dumps(made, indent=1, ensure_ascii=False) + "\n")


def _folder_index(made: dict[str, Any], folder: Path, target: Path, *, whole: bool) -> Path:
    """Point ``index.html`` of the reports folder at this run, unless that would hide a whole one."""
    from analyse.report import index

    if target.name == made["run"] and (whole or not outputs.has_whole_run(folder)):
        index.write(made, folder, prefix=f"{target.name}/")
        return folder / "index.html"
    return target / "index.html"
