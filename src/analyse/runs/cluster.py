"""Run the same jobs on a dask.distributed cluster, and cope with workers that are lost or have another version.

This side gives each worker one job at a time, and only after it has shown that its data, code and packages are ours.
The files come back through a folder that all see, or an object store; the entries, progress and what was printed come
back over the scheduler.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import platform
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from analyse import store
from analyse.errors import OutputError, ParameterError
from analyse.runs import declaration_pages, journal, manifest, staleness, worker
from analyse.runs.execute import Effort, Progress
from analyse.runs.journal import Journal
from analyse.runs.plan import Job
from analyse.runs.share import Share, exchange
from analyse.sources import snapshot

CONNECT_SECONDS, LOOK_SECONDS = 30, 0.5
PATIENCE_SECONDS = 120.0
"""How long a run waits for a worker that it can use, when there is none."""
LOSSES = 3
"""A notebook whose worker is lost this often counts as failed: it may be what ends the workers."""
_REMOTE: dict[str, subprocess.Popen] = {}
_ONE_AT_A_TIME = threading.Lock()


def versions(dataset: str, folders: Mapping[str, str] | None = None) -> dict[str, str]:
    """Versions that a worker must share with this machine for its pages to be the same.

    ``folders`` names those of declarations and contracts, where there are pages on them.
    """
    tables = snapshot.verify(dataset)[["file", "sha256", "problem"]].to_csv(index=False)
    settings = sorted((store.root() / "parameters").rglob("*.y*ml"))
    return {
        "Python": platform.python_version(),
        "packages and lock": staleness.packages_hash(),
        "code": staleness.code_hash(),
        "data": hashlib.sha256(tables.encode()).hexdigest()[:20],
        "parameters": store.hash_files([*settings, store.root() / "data" / "corrections.yaml"]),
        **(declaration_pages.digests(folders) if folders else {}),
    }


def refusal(theirs: object, ours: Mapping[str, str]) -> str:
    """Why a worker is given no work, in words; empty when it may work."""
    if not isinstance(theirs, Mapping):
        return f"this project does not answer there ({' '.join(str(theirs).split())[:200]})"
    other = [
        f"{name} {theirs.get(name)}, here {value}"
        for name, value in ours.items()
        if theirs.get(name) != value
    ]
    return f"it has other versions: {'; '.join(other)}" if other else ""


def run_job(request: dict[str, Any]) -> dict[str, Any]:
    """On a worker: let the process beside it, started with the first job, make one report."""
    with _ONE_AT_A_TIME:
        remote = _REMOTE.get("")
        if remote is None or remote.poll() is not None:
            remote = _REMOTE[""] = subprocess.Popen(
                [sys.executable, "-m", "analyse.runs.remote"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
        try:
            print(json.dumps(request), file=remote.stdin, flush=True)
            line = remote.stdout.readline()
        except BrokenPipeError:
            line = ""
        return json.loads(line) if line else {"lost": "the process that makes the reports died"}


@dataclass
class _Round:
    """One run: jobs that wait, the job of each worker, and workers that were refused."""

    client: Any
    share: Share
    language: str
    effort: Effort
    asked: tuple[str, Mapping[str, str]]
    ours: Mapping[str, str]
    log: Journal
    waiting: deque[tuple[Job, int, int]]
    usable: dict[str, str] = field(default_factory=dict)
    busy: dict[str, tuple[Any, Job, int, int]] = field(default_factory=dict)
    changed: threading.Event = field(default_factory=threading.Event)

    def alive(self) -> set[str]:
        """Addresses of the workers, from the scheduler itself: the list its client keeps can lag behind."""
        try:
            return set(self.client.sync(self.client.scheduler.identity, n_workers=-1)["workers"])
        except OSError as error:
            raise OutputError(
                f"scheduler {self.effort.scheduler}: it no longer answers ({error}); start it, and go on with --resume"
            ) from error

    def look(self) -> None:
        """Update the list of workers: check the versions of new ones, and take back the jobs of lost ones."""
        alive = self.alive()
        if new := sorted(alive - set(self.usable)):
            found = self.client.run(versions, *self.asked, workers=new, on_error="return")
            for address in new:
                self.usable[address] = refusal(found.get(address, "it went away"), self.ours)
                if self.usable[address]:
                    self.tell(f"worker {address} gets no work: {self.usable[address]}")
        for address in set(self.usable) - alive:
            del self.usable[address]
            self.tell(f"worker {address} was lost")
            if address in self.busy:
                future, job, attempt, losses = self.busy.pop(address)
                future.cancel(force=True)
                self.tell(f"{job.name} goes to another")
                self.waiting.appendleft((job, attempt, losses + 1))

    def give(self) -> None:
        """Give each idle worker that may work a job."""
        alive = self.alive()
        for address in sorted(alive - set(self.busy)):
            if self.waiting and self.usable.get(address) == "":
                job, attempt, losses = self.waiting.popleft()
                future = self.client.submit(
                    run_job, self.request(job), workers=[address], allow_other_workers=False, pure=False
                )
                future.add_done_callback(lambda _: self.changed.set())
                self.busy[address] = (future, job, attempt, losses)
                self.log.tell(job.name, journal.RUNNING)

    def request(self, job: Job) -> dict[str, Any]:
        """A job as text, with the contents of its notebook, which the worker may keep in another place."""
        told = {key: value for key, value in asdict(job).items() if key != "source"}
        effort = {"timeout_seconds": self.effort.timeout_seconds, "memory_mb": self.effort.memory_mb}
        text = job.source.read_text(encoding="utf-8")
        return {
            **{"job": told, "file": job.source.name, "text": text, "effort": effort},
            **{"language": self.language, "share": self.share.url},
        }

    def answers(self) -> Iterator[tuple[Job, int, int, dict[str, Any]]]:
        """The answers that have arrived since the last call."""
        for address, (future, job, attempt, losses) in list(self.busy.items()):
            if future.done() and future.status != "cancelled":
                del self.busy[address]
                error = future.exception() if future.status == "error" else None
                answer = {"lost": str(error)} if error else future.result()
                if printed := answer.get("printed"):
                    self.tell(f"{job.name} on {address}:\n{printed.rstrip()}")
                yield job, attempt, losses, answer

    def tell(self, text: str) -> None:
        """Add to the log of the workers, which is kept on this machine."""
        with self.share.place.with_name(worker.LOG).open("a", encoding="utf-8") as stream:
            stream.write(f"{text}\n")


def execute(
    jobs: Sequence[Job],
    place: Path,
    *,
    language: str,
    effort: Effort,
    progress: Progress = lambda entry: None,
) -> list[dict[str, Any]]:
    """Execute every job on the cluster at ``effort.scheduler``.

    Parameters
    ----------
    jobs, place, language, effort, progress
        As for ``execute.execute``, and so is what it returns.

    Raises
    ------
    ParameterError
        If dask.distributed is not installed, or no scheduler answers.
    OutputError
        If there is no worker of our versions, or a result cannot be written or read back.
    """
    log, entries = Journal(place), []
    for job in jobs:
        log.tell(job.name, journal.WAITING)
    with _connected(effort.scheduler) as client, exchange(effort.share, place) as url:
        asked = (jobs[0].parameters.get("dataset", "open"), declaration_pages.named(jobs))
        waiting = deque((job, 1, 0) for job in jobs)
        state = _Round(client, Share(url, place), language, effort, asked, versions(*asked), log, waiting)
        last = time.monotonic()
        while state.waiting or state.busy:
            state.look()
            state.give()
            last = _patient(state, last)
            for entry in _settle(state):
                entries.append(entry)
                progress(entry)
            state.changed.wait(LOOK_SECONDS)
            state.changed.clear()
    return entries


def _settle(state: _Round) -> Iterator[dict[str, Any]]:
    """Entries of the jobs that are finished; a job that failed or was lost is queued again as often as allowed."""
    for job, attempt, losses, answer in state.answers():
        if "error" in answer:
            raise OutputError(f"{job.name}: {answer['error']}")
        if "lost" in answer:
            state.tell(f"the worker of {job.name} was lost: {answer['lost']}")
        if "lost" in answer and losses + 1 < LOSSES:
            state.waiting.append((job, attempt, losses + 1))
            continue
        if "lost" in answer:
            entry = _given_up(job, state, answer["lost"])
        else:
            entry = answer["entry"] | {"inputs": staleness.inputs(job), "attempts": attempt}
            state.share.fetch(entry)
        again = entry["status"] == "failed" and attempt <= state.effort.retries
        if again:
            state.waiting.append((job, attempt + 1, losses))
        else:
            yield entry
        state.log.tell(job.name, journal.state_of(entry), entry)


def _given_up(job: Job, state: _Round, why: str) -> dict[str, Any]:
    place = state.share.place
    entry = manifest.entry(job, reason=f"its worker was lost {LOSSES} times ({why})"[:400])
    worker.finish(job, place, state.language, entry)
    return entry | {"inputs": staleness.inputs(job), "outputs": staleness.outputs(place, job)}


def _patient(state: _Round, last: float) -> float:
    """When a worker was last seen; raises once there has been none for too long."""
    if state.busy:
        return time.monotonic()
    refused = [f"{address}: {why}" for address, why in state.usable.items() if why]
    if len(refused) == len(state.usable) > 0 or time.monotonic() - last > PATIENCE_SECONDS:
        raise OutputError(
            f"scheduler {state.effort.scheduler}: no worker that can be used"
            f"{'; ' if refused else ' came'}{'; '.join(refused)}. Install this version with its lock on the workers, "
            "and go on with --resume"
        )
    return last


@contextlib.contextmanager
def _connected(address: str) -> Iterator[Any]:
    try:
        from distributed import Client
    except ImportError as error:
        raise ParameterError(
            "--scheduler needs dask.distributed; pip install 'jeugdhulp-analyse[cluster]'"
        ) from error
    try:
        client = Client(address, timeout=CONNECT_SECONDS, set_as_default=False)
    except (OSError, ValueError) as error:
        raise ParameterError(
            f"--scheduler {address}: no scheduler answers ({error}); start it, or name another"
        ) from error
    with client:
        yield client
