"""Many notebooks on a few workers: one that fails, hangs or dies is one failed row, and the rest goes on."""

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
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

import psutil

from analyse.runs import manifest, worker, zygote
from analyse.runs.plan import Job

TIMEOUT_SECONDS = 600.0
Progress = Callable[[dict[str, Any]], None]


@dataclass
class _Worker:
    process: BaseProcess
    pipe: Connection
    job: Job | None = None
    started: float = 0.0

    def give(self, job: Job) -> None:
        self.job, self.started = job, time.monotonic()
        self.pipe.send(job)

    def end(self) -> None:
        """End the process and the kernel it has started, which stands in a session of its own."""
        with contextlib.suppress(psutil.NoSuchProcess):
            for child in psutil.Process(self.process.pid).children(recursive=True):
                with contextlib.suppress(psutil.NoSuchProcess):
                    child.kill()
        self.process.kill()
        self.process.join()
        self.pipe.close()


def default_workers() -> int:
    """As many as there are processors that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def execute(jobs: Sequence[Job], place: Path, *, language: str, workers: int | None = None,
            timeout_seconds: float = TIMEOUT_SECONDS,
            progress: Progress = lambda entry: None) -> list[dict[str, Any]]:  # fmt: skip
    """Execute every job.

    Parameters
    ----------
    jobs : sequence of Job
        What to do, begun in this order.
    place : Path
        Folder of the run, with ``notebooks/`` in it.
    language : {"nl", "en"}
        Language of the pages.
    workers : int, optional
        Number of processes; by default one per processor.
    timeout_seconds : float
        After this time a notebook counts as failed.
    progress : callable
        Called with the entry of each notebook that has ended.

    Returns
    -------
    list of dict
        The entries for the manifest, in the order in which they ended.

    Raises
    ------
    OutputError
        If a result cannot be written; nothing goes on then.
    KeyboardInterrupt
        On SIGINT and SIGTERM, after every child has ended.
    """
    waiting, entries, crew = deque(jobs), [], []
    with _interruptible(), _warm(jobs, place):
        try:
            for _ in range(min(workers or default_workers(), len(jobs))):
                crew.append(_start(place, language))
                crew[-1].give(waiting.popleft())
            while any(one.job for one in crew):
                for one in _ready(crew, timeout_seconds):
                    entry = _collect(one, place, language, timeout_seconds)
                    entries.append(entry)
                    progress(entry)
                    one.job = None
                    if not one.process.is_alive() and waiting:
                        crew[crew.index(one)] = one = _start(place, language)
                    if waiting:
                        one.give(waiting.popleft())
        finally:
            for one in crew:
                one.end()
    return entries


def _warm(jobs: Sequence[Job], place: Path) -> contextlib.AbstractContextManager[int | None]:
    """A zygote for the kernels; one notebook alone starts as quickly without."""
    return zygote.running(place / "log.txt") if len(jobs) > 1 else contextlib.nullcontext()


def _start(place: Path, language: str) -> _Worker:
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=worker.serve, args=(theirs, place, language), daemon=False)
    process.start()
    theirs.close()
    return _Worker(process, ours)


def _ready(crew: Sequence[_Worker], timeout_seconds: float) -> list[_Worker]:
    """The busy workers that have answered, died or used up their time; waits until there is one."""
    busy = [one for one in crew if one.job]
    first_end = min(one.started for one in busy) + timeout_seconds
    heard = wait([one.pipe for one in busy], timeout=max(0.0, first_end - time.monotonic()))
    now = time.monotonic()
    return [one for one in busy if one.pipe in heard or now - one.started >= timeout_seconds]


def _collect(one: _Worker, place: Path, language: str, timeout_seconds: float) -> dict[str, Any]:
    """The entry of the job that a worker had; one that died or hangs is ended, and its page says so."""
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
    return entry


def _ending(code: int | None) -> str:
    if code is not None and code < 0:
        return f"signal {signal.Signals(-code).name}"
    return f"exit status {code}"


@contextlib.contextmanager
def _interruptible() -> Iterator[None]:
    """Hear SIGTERM as Ctrl-C, so that the children end with us."""
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
