"""Make a set of reports: notebooks in parallel, pages, index and manifest, put in place once all are done."""

from __future__ import annotations

import contextlib
import json
import os
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from analyse import cache, shared, store
from analyse.history.areas import ALL
from analyse.parameters import Run
from analyse.runs import (
    declaration_pages,
    disclosure_gate,
    environment,
    execute,
    journal,
    manifest,
    outputs,
    staleness,
    worker,
    zygote,
)
from analyse.runs.execute import Effort
from analyse.runs.plan import Job, Plan, plan, scoped
from analyse.runs.staleness import Verdict

__all__ = ["Effort", "Job", "Plan", "Result", "Reuse", "Verdict", "judge", "make", "plan", "scoped"]


@dataclass(frozen=True)
class Reuse:
    """Which earlier work may be used again.

    ``fresh``: nothing. ``resume``: also what a run that was broken off had finished. ``keep_failed``: a notebook that
    failed is not tried again as long as nothing changed.
    """

    fresh: bool = False
    resume: bool = False
    keep_failed: bool = False


@dataclass(frozen=True)
class Result:
    """A finished run: its folder, how its notebooks ended, and which of them ran and why."""

    folder: Path
    index: Path
    manifest: Mapping[str, Any]
    ran: Mapping[str, str]

    @property
    def failed(self) -> list[Mapping[str, Any]]:
        """The notebooks that did not succeed."""
        return manifest.failed(self.manifest["notebooks"])


def make(
    chosen: Plan,
    folder: Path,
    *,
    effort: Effort | None = None,
    reuse: Reuse | None = None,
    progress: Callable[[dict[str, Any]], None] = lambda entry: None,
) -> Result:
    """Execute the notebooks of a plan that changed, and put the reports in ``folder/<name>/``.

    An earlier run of that name stays until this one is finished. When not one notebook succeeded it
    stays for good, and the failed run stands beside it as ``<name>.failed``. The index of the folder
    shows the last whole run; a run of some areas leaves it alone once there is one. When nothing changed
    since the earlier run, nothing is touched.

    Parameters
    ----------
    chosen : Plan
        The jobs.
    folder : Path
        The reports folder.
    effort : Effort, optional
        Processes, limits and retries.
    reuse : Reuse, optional
        Which earlier work may be used again.
    progress : callable
        Called with the entry of each notebook that ends.

    Raises
    ------
    OutputError
        If the folder is full, read-only, in use by another run, or holds something else by that name.
    """
    started, reuse = time.monotonic(), reuse or Reuse()
    outputs.check_name(chosen.name)
    with outputs.locked(folder, chosen.name), _shared(folder):
        outputs.recover(folder, chosen.name)
        outputs.return_later(folder, chosen.name)
        verdicts = _judged(chosen, folder, reuse)
        target = folder / chosen.name
        if _as_before(chosen, target, verdicts):
            return Result(target, _shown_at(folder, target, chosen), outputs.manifest_of(target), {})
        with outputs.workspace(folder, chosen.name, whole=chosen.whole, pages=len(chosen.jobs)) as place:
            kept = [staleness.carry(one, place) for one in verdicts if not one.why]
            for entry in kept:
                journal.Journal(place).tell(entry["name"], journal.state_of(entry), entry)
            todo = [one.job for one in verdicts if one.why]
            with _ahead(todo, chosen.run, effort or Effort()):
                entries = kept + _execute(todo, place, chosen.run.language, effort or Effort(), progress)
            unseen = [one.job for one in verdicts if one.why or one.folder != target]
            entries = disclosure_gate.checked(entries, unseen, place, language=chosen.run.language)
            made = manifest.build(chosen, entries, time.monotonic() - started)
            before = outputs.manifest_of(target)
            _write_set(made, place, before)
            if chosen.declared.codes:
                disclosure_gate.check_whole(place, made["notebooks"])
            if len(manifest.failed(entries)) == len(entries) and before:
                target = folder / f"{chosen.name}.failed"
            outputs.publish(place, target)
        return Result(
            target,
            _shown_at(folder, target, chosen),
            made,
            {one.job.name: one.why for one in verdicts if one.why},
        )


def _execute(
    jobs: Sequence[Job], place: Path, language: str, effort: Effort, progress: execute.Progress
) -> list[dict[str, Any]]:
    """Execute on this machine, or on the cluster that was named."""
    if effort.scheduler and jobs:
        from analyse.runs import cluster

        return cluster.execute(jobs, place, language=language, effort=effort, progress=progress)
    return execute.execute(jobs, place, language=language, effort=effort, progress=progress)


@contextlib.contextmanager
def _ahead(jobs: Sequence[Job], run: Run, effort: Effort) -> Iterator[None]:
    """Compute what all shipped notebooks of areas share, while the server of the workers imports.

    What their pages show last is made by a process beside the workers; they wait for it where they need it.
    """
    shipped = store.notebooks(run.language)
    of_areas = [
        job for job in jobs if job.source.parent == shipped and job.area_code != ALL and not job.made_from
    ]
    if jobs and not effort.scheduler:
        zygote.prepare(declaration_pages.rooms(jobs))
    if effort.scheduler or len(of_areas) < 2:
        yield
        return
    shared.prepare(run)
    beside = zygote.start(worker.prepare, run, shared.SHOWN_LAST)
    try:
        yield
    except BaseException:
        beside.kill()
        raise
    finally:
        beside.join()


def judge(chosen: Plan, folder: Path, *, reuse: Reuse | None = None) -> list[Verdict]:
    """What ``make`` would do: the reason to run each notebook, empty for one that would be left alone.

    Parameters
    ----------
    chosen, folder, reuse
        As for ``make``.
    """
    with _shared(folder):
        return _judged(chosen, folder, reuse or Reuse())


def _judged(chosen: Plan, folder: Path, reuse: Reuse) -> list[Verdict]:
    target, aside = folder / chosen.name, outputs.broken_off(folder, chosen.name)
    earlier: list[tuple[Path, Sequence[Mapping[str, Any]]]] = []
    if reuse.resume:
        earlier += [
            (place, journal.finished(place)) for place in (aside, outputs.partial(folder, chosen.name))
        ]
    if not reuse.fresh and (found := outputs.manifest_of(target)):
        earlier.append((target, found["notebooks"]))
    return staleness.decide(chosen.jobs, chosen.run, earlier, keep_failed=reuse.keep_failed)


def _as_before(chosen: Plan, target: Path, verdicts: Sequence[Verdict]) -> bool:
    """Whether the set in place is the one that was asked for."""
    found = outputs.manifest_of(target)
    if not found or any(one.why or one.folder != target for one in verdicts):
        return False
    names = [one["name"] for one in found["notebooks"]]
    same = names == [job.name for job in chosen.jobs] and found.get("whole") == chosen.whole
    told = {name: found[name] for name in ("declarations",) if name in found}
    same = same and told == chosen.declared.as_json()
    return same and (target / "index.html").is_file() and (target / "assets").is_dir()


@contextlib.contextmanager
def _shared(folder: Path):
    """Where the notebooks of this run find what they share; unused results of earlier runs are cleared away.

    That is the folder that ``ANALYSE_SHARED`` names, which is left as it is; without it, one beside the reports.
    """
    own = folder / ".shared"
    cache.sweep(own)
    with environment.variables({cache.FOLDER: os.environ.get(cache.FOLDER) or str(own)}):
        yield


def _write_set(made: dict[str, Any], place: Path, before: Mapping[str, Any] | None) -> None:
    """Write what the pages share: plotly.js, the index with what changed since the run before, the manifest.

    The journal goes last: at every moment it or the manifest tells what is finished.
    """
    from analyse.report import assets, index

    _sweep(place, made["notebooks"])
    if plans := outputs.plans(place.parent):
        made["plans"] = plans
    assets.write(place / "assets")
    index.write(made, place, previous=before)
    above = index.html(made, prefix=f"{made['run']}/", previous=before)
    store.write_text(place / ABOVE, above)
    store.write_text(place / "manifest.json", json.dumps(made, indent=1, ensure_ascii=False) + "\n")
    (place / journal.NAME).unlink(missing_ok=True)


ABOVE = ".index-of-folder.html"
"""The index that the reports folder gets when it shows this set; here too, for a run that was killed before that."""


def _sweep(place: Path, entries: Sequence[Mapping[str, Any]]) -> None:
    """Remove files that belong to no notebook: a process that was killed left them half written."""
    known = {place / name for entry in entries for name in entry["outputs"]}
    for path in [one for one in place.rglob("*") if one.is_file()]:
        if path not in known and path.name != journal.NAME:
            path.unlink(missing_ok=True)
    printed = place.with_name(worker.LOG)
    if printed.is_file() and printed.stat().st_size == 0:
        printed.unlink()


def _shown_at(folder: Path, target: Path, chosen: Plan) -> Path:
    """The index to open; that of the folder shows the last whole run, or the last partial one if there is none."""
    shown, above = folder / "index.html", target / ABOVE
    hides_whole = not chosen.whole and outputs.has_whole_run(folder)
    if target.name != chosen.name or hides_whole or not above.is_file():
        return target / "index.html"
    if not shown.is_file() or shown.read_bytes() != above.read_bytes():
        store.write_bytes(shown, above.read_bytes())
    return shown
