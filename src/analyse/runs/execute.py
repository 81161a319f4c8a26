"""Many notebooks on a few workers: one that fails, hangs or dies is one failed row, and the others continue."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

import psutil

from analyse.runs import environment, journal, manifest, provisioner, staleness, worker, zygote
from analyse.runs.journal import Journal
from analyse.runs.plan import Job

TIMEOUT_SECONDS = 600.0
MEMORY_MB = 4000
Progress = Callable[[dict[str, Any]], None]


@dataclass(frozen=True)
class Effort:
    """How hard to try: processes, seconds and megabytes of address space per notebook, and retries.

    ``warm``: with a zygote; by default with more than one notebook. ``scheduler``: address of a cluster to work on, and
    ``share``: where its files pass through, see ``cluster``.
    """

    workers: int | None = None
    timeout_seconds: float = TIMEOUT_SECONDS
    memory_mb: int = MEMORY_MB
    retries: int = 0
    warm: bool | None = None
    scheduler: str = ""
    share: str = ""


@dataclass
class _Worker:
    process: BaseProcess
    pipe: Connection
    job: Job | None = None
    attempt: int = 1
    started: float = 0.0

    def give(self, job: Job, attempt: int, log: Journal) -> None:
        self.job, self.attempt, self.started = job, attempt, time.monotonic()
        log.tell(job.name, journal.RUNNING)
        with contextlib.suppress(BrokenPipeError):  # it died while idle: collecting finds that out
            self.pipe.send(job)

    def end(self) -> None:
        """End the process and the kernel it started, which has a session of its own."""
        with contextlib.suppress(psutil.NoSuchProcess):
            itself = psutil.Process(self.process.pid)
            for one in [*itself.children(recursive=True), itself]:
                with contextlib.suppress(psutil.NoSuchProcess):
                    one.kill()
        self.process.join()
        self.pipe.close()


def default_workers() -> int:
    """The number of processors that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def execute(
    jobs: Sequence[Job],
    place: Path,
    *,
    language: str,
    effort: Effort | None = None,
    progress: Progress = lambda entry: None,
) -> list[dict[str, Any]]:
    """Execute every job.

    Parameters
    ----------
    jobs : sequence of Job
        What to do, begun in this order.
    place : Path
        Folder of the run, with ``notebooks/`` in it.
    language : {"nl", "en"}
        Language of the pages.
    effort : Effort
        How many workers, how long, how much memory, how often.
    progress : callable
        Called with the entry of each notebook that has ended for good.

    Returns
    -------
    list of dict
        The entries for the manifest, in the order in which they ended.

    Raises
    ------
    OutputError
        If a result cannot be written; the run then stops.
    KeyboardInterrupt
        On SIGINT and SIGTERM, after every child has ended.
    """
    effort = effort or Effort()
    log, entries, crew = Journal(place), [], []
    waiting = deque((job, 1) for job in jobs)
    for job in jobs:
        log.tell(job.name, journal.WAITING)
    with _interruptible(), _surroundings(jobs, effort) as standby:
        try:
            for _ in range(min(effort.workers or default_workers(), len(jobs))):
                crew.append(_start(place, language))
                crew[-1].give(*waiting.popleft(), log)
            while busy := [one for one in crew if one.job]:
                for one in _ready(busy, effort.timeout_seconds):
                    entry = _collect(one, place, language, effort.timeout_seconds)
                    entry |= {"inputs": staleness.inputs(one.job), "attempts": one.attempt}
                    if entry["status"] == "failed" and one.attempt <= effort.retries:
                        waiting.append((one.job, one.attempt + 1))
                    else:
                        entries.append(entry)
                        progress(entry)
                    log.tell(entry["name"], journal.state_of(entry), entry)
                    one.job = None
                if standby:
                    standby.keep()
                _give_work(crew, waiting, log, partial(_start, place, language))
        finally:
            for one in crew:
                one.end()
    return entries


def _give_work(
    crew: list[_Worker], waiting: deque[tuple[Job, int]], log: Journal, start: Callable[[], _Worker]
) -> None:
    """Give each idle worker a job; another takes the place of one that died."""
    for place, one in enumerate(crew):
        if one.job is None and waiting:
            if not one.process.is_alive():
                one.end()  # it lives on when the server it came from, which tells, was killed
                crew[place] = one = start()
            one.give(*waiting.popleft(), log)


@contextlib.contextmanager
def _surroundings(jobs: Sequence[Job], effort: Effort) -> Iterator[zygote.Standby | None]:
    """Set up what workers and kernels find in their environment: a zygote, a memory limit, a folder for sockets."""
    warm = len(jobs) > 1 if effort.warm is None else effort.warm  # one alone starts as quickly without
    with contextlib.ExitStack() as stack:
        folder, limit = stack.enter_context(environment.temporary("w-")), str(effort.memory_mb or "")
        found = {worker.SOCKETS: folder, "TMPDIR": folder, provisioner.MEMORY: limit}
        stack.enter_context(environment.variables(found))
        yield stack.enter_context(zygote.running()) if warm else None


def _start(place: Path, language: str) -> _Worker:
    ours, theirs = multiprocessing.Pipe()
    process = zygote.start(worker.serve, theirs, place, language)
    theirs.close()
    return _Worker(process, ours)


def _ready(busy: Sequence[_Worker], timeout_seconds: float) -> list[_Worker]:
    """The busy workers that have answered, died or used up their time; waits until there is one."""
    first_end = min(one.started for one in busy) + timeout_seconds
    heard = wait([one.pipe for one in busy], timeout=max(0.0, first_end - time.monotonic()))
    now = time.monotonic()
    return [one for one in busy if one.pipe in heard or now - one.started >= timeout_seconds]


def _collect(one: _Worker, place: Path, language: str, timeout_seconds: float) -> dict[str, Any]:
    """The entry of the job of a worker; one that died or hangs is ended, and its page says so."""
    try:
        if one.pipe.poll():
            answer = one.pipe.recv()
            if isinstance(answer, Exception):
                raise answer
            return answer
        reason = f"took longer than {timeout_seconds:.0f} seconds"
    except (EOFError, ConnectionResetError):
        one.process.join(timeout=5)
        reason = f"the worker died ({_ending(one.process.exitcode)})"
    one.end()
    job, seconds = one.job, time.monotonic() - one.started
    cell = worker.running_cell(place / job.executed)
    entry = manifest.entry(job, reason=reason, cell=cell, seconds=seconds)
    worker.finish(job, place, language, entry)
    return entry | {"outputs": staleness.outputs(place, job)}


def _ending(code: int | None) -> str:
    if code is not None and code < 0:
        return f"signal {signal.Signals(-code).name}"
    return f"exit status {code}"


@contextlib.contextmanager
def _interruptible() -> Iterator[None]:
    """Treat SIGTERM as Ctrl-C, so that child processes end with this one."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def interrupt(number: int, frame: object) -> None:
        raise KeyboardInterrupt

    earlier = signal.signal(signal.SIGTERM, interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, earlier)
