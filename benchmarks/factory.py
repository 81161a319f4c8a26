"""How long reports take, and what they cost: a loop of commands against ``analyse report``, on the same municipalities.

Every way makes the same notebooks and pages with the same packages; the ratios say more than the seconds do.
"""

from __future__ import annotations

import argparse
import contextlib
import csv
import ctypes
import os
import resource
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil

from analyse import parameters, runs, store
from analyse.history import areas
from analyse.runs.plan import Job
from analyse.sources import snapshot

RESULTS = Path(__file__).with_name("results.csv")
FIELDS = ("name", "reports", "wall_seconds", "cpu_seconds", "peak_mb", "wall_ratio", "cpu_ratio")
BIN = Path(sys.executable).parent
PR_SET_CHILD_SUBREAPER = 36
NATIONAL = {"municipality": 342, "region": 42}
"""Municipalities and youth regions of the whole country; made here from the known ones, again and again."""


@dataclass
class Measured:
    """What one way took: ratios are to the loop, per report."""

    name: str
    reports: int
    wall_seconds: float = 0.0
    cpu_seconds: float = 0.0
    peak_mb: float = 0.0


def loop(codes: Sequence[str], folder: Path) -> None:
    """The commands that anybody would type, one after another."""
    notebook = store.root() / "notebooks" / "municipality.ipynb"
    for code in codes:
        executed = folder / f"{code}.ipynb"
        _run(BIN / "papermill", notebook, executed, "-p", "municipality", code, "--no-progress-bar")
        _run(BIN / "jupyter", "nbconvert", "--to", "html", executed)


def report(codes: Sequence[str], folder: Path, *, workers: int) -> None:
    """The command of this project; a second time in the same folder it finds everything as it was."""
    chosen = [argument for code in codes for argument in ("--municipality", code)]
    _run(BIN / "analyse", "report", *chosen, "--workers", workers, "--output", folder, "--quiet")


def national(folder: Path, *, workers: int) -> None:
    """As many reports as the country has municipalities and youth regions."""
    run, tables = parameters.load(), snapshot.load()
    codes = {"municipality": areas.members(tables, areas.ALL), "region": list(areas.REGIONS)}
    jobs = [
        _job(kind, codes[kind][number % len(codes[kind])], number)
        for kind, count in NATIONAL.items()
        for number in range(count)
    ]
    result = runs.make(
        runs.Plan("national", run, tuple(jobs), whole=False), folder, effort=runs.Effort(workers=workers)
    )
    if result.failed:
        sys.exit(f"{len(result.failed)} reports failed, first: {result.failed[0]['reason']}")


def _job(kind: str, code: str, number: int) -> Job:
    source = store.root() / "notebooks" / f"{kind}.ipynb"
    return Job(f"{kind}-{number:03d}", kind, source, code, f"{kind} {number}", {kind: code})


def main() -> None:
    """Measure each way once, print and write the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--municipalities", type=int, default=8, metavar="N")
    parser.add_argument("--national", action="store_true", help="also 342 municipalities and 42 regions")
    arguments = parser.parse_args()
    _adopt()
    codes = areas.members(snapshot.load(), areas.ALL)[: arguments.municipalities]
    with tempfile.TemporaryDirectory() as kept:
        ways: dict[str, tuple[int, Callable[[Path], None]]] = {
            "loop": (len(codes), lambda folder: loop(codes, folder)),
            "factory-1": (len(codes), lambda folder: report(codes, folder, workers=1)),
            "factory-2": (len(codes), lambda folder: report(codes, Path(kept), workers=2)),
            "unchanged": (len(codes), lambda folder: report(codes, Path(kept), workers=2)),
        }
        if arguments.national:
            ways["national"] = (sum(NATIONAL.values()), lambda folder: national(folder, workers=2))
        measured = [_measure(name, reports, way) for name, (reports, way) in ways.items()]
    rows = [_row(one, measured[0]) for one in measured]
    with RESULTS.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.DictWriter(stream, FIELDS)
        writer.writeheader()
        writer.writerows(rows)
    print("  ".join(FIELDS))
    for row in rows:
        print("  ".join(str(row[field]).rjust(len(field)) for field in FIELDS))


def _measure(name: str, reports: int, way: Callable[[Path], None]) -> Measured:
    found = Measured(name, reports)
    with tempfile.TemporaryDirectory() as folder, _memory(found):
        started, before = time.perf_counter(), _cpu_seconds()
        way(Path(folder))
        found.wall_seconds = time.perf_counter() - started
        found.cpu_seconds = _cpu_seconds() - before
    return found


def _adopt() -> None:
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
    """Note the most memory that all processes together take; what they share counts once."""
    ended = threading.Event()

    def watch() -> None:
        while not ended.wait(0.5):
            found.peak_mb = max(found.peak_mb, sum(_own_mb(one) for one in psutil.Process().children(True)))

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


def _row(one: Measured, base: Measured) -> dict[str, object]:
    share = one.reports / base.reports
    return {
        "name": one.name,
        "reports": one.reports,
        "wall_seconds": round(one.wall_seconds, 1),
        "cpu_seconds": round(one.cpu_seconds, 1),
        "peak_mb": round(one.peak_mb),
        "wall_ratio": round(base.wall_seconds * share / max(one.wall_seconds, 0.01), 1),
        "cpu_ratio": round(base.cpu_seconds * share / max(one.cpu_seconds, 0.01), 1),
    }


def _run(*command: object) -> None:
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"{command[0]} failed: {done.stderr.strip()}")


if __name__ == "__main__":
    main()
