"""What a way of working takes: seconds of the clock and of the processors, and memory over time, children included."""

from __future__ import annotations

import contextlib
import ctypes
import os
import resource
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import psutil

PR_SET_CHILD_SUBREAPER = 36
EVERY_SECONDS = 2.0


@dataclass
class Measured:
    """What one way took: how many pages there are, how many it made, and what it cost."""

    name: str
    reports: int
    made: int = 0
    wall_seconds: float = 0.0
    cpu_seconds: float = 0.0
    memory_mb: list[float] = field(default_factory=list)

    @property
    def peak_mb(self) -> float:
        """The most that all processes together took."""
        return max(self.memory_mb, default=0.0)

    def between(self, first: float, last: float) -> float:
        """The middle of the memory in a part of the time, both ends as a share of it."""
        count = len(self.memory_mb)
        part = sorted(self.memory_mb[int(first * count) : max(int(last * count), int(first * count) + 1)])
        return part[len(part) // 2] if part else 0.0


def measure(name: str, reports: int, way: Callable[[Path], int]) -> Measured:
    """Do it once, in a folder that is removed; ``way`` returns how many pages were made."""
    found = Measured(name, reports)
    with tempfile.TemporaryDirectory() as folder, _memory(found):
        started, before = time.perf_counter(), _cpu_seconds()
        found.made = way(Path(folder))
        found.wall_seconds = time.perf_counter() - started
        found.cpu_seconds = _cpu_seconds() - before
    return found


def adopt() -> None:
    """Become the parent of what a command leaves behind, so that its work is counted too (Linux)."""
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def _cpu_seconds() -> float:
    """Of every process that was started here and has ended, with all below it."""
    until = time.monotonic() + 10
    with contextlib.suppress(ChildProcessError):
        while time.monotonic() < until:
            os.waitpid(-1, os.WNOHANG)
            time.sleep(0.05)
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return children.ru_utime + children.ru_stime


@contextlib.contextmanager
def _memory(found: Measured) -> Iterator[None]:
    """Note what all processes together take; what they share counts once."""
    ended = threading.Event()

    def watch() -> None:
        while not ended.wait(EVERY_SECONDS):
            found.memory_mb.append(sum(_own_mb(one) for one in psutil.Process().children(True)))

    thread = threading.Thread(target=watch, daemon=True)
    thread.start()
    yield
    ended.set()
    thread.join()


def _own_mb(process: psutil.Process) -> float:
    try:
        return process.memory_full_info().pss / 1e6
    except psutil.Error:
        return 0.0
