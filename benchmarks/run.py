"""How long reports take: a loop of commands against ``analyse report``, on the same municipalities."""

from __future__ import annotations

import argparse
import csv
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from analyse import store
from analyse.history import areas
from analyse.sources import snapshot

RESULTS = Path(__file__).with_name("results.csv")
FIELDS = ("name", "municipalities", "seconds", "seconds_per_municipality", "times_faster_than_loop")
BIN = Path(sys.executable).parent


def loop(codes: Sequence[str], folder: Path) -> None:
    """The commands that anybody would type, one after another."""
    notebook = store.root() / "notebooks" / "municipality.ipynb"
    for code in codes:
        executed = folder / f"{code}.ipynb"
        _run(BIN / "papermill", notebook, executed, "-p", "municipality", code, "--no-progress-bar")
        _run(BIN / "jupyter", "nbconvert", "--to", "html", executed)


def report(codes: Sequence[str], folder: Path, *, workers: int) -> None:
    """The command of this project."""
    chosen = [argument for code in codes for argument in ("--municipality", code)]
    _run(BIN / "analyse", "report", *chosen, "--workers", workers, "--output", folder, "--quiet")


def main() -> None:
    """Measure each way once, print and write the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--municipalities", type=int, default=4, metavar="N")
    number = parser.parse_args().municipalities
    codes = areas.members(snapshot.load(), areas.ALL)[:number]
    ways: dict[str, Callable[[Path], None]] = {
        "loop": lambda folder: loop(codes, folder),
        "workers-1": lambda folder: report(codes, folder, workers=1),
        "workers-2": lambda folder: report(codes, folder, workers=2),
    }
    seconds = {name: _measure(way) for name, way in ways.items()}
    rows = [_row(name, len(codes), taken, seconds["loop"]) for name, taken in seconds.items()]
    with RESULTS.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.DictWriter(stream, FIELDS)
        writer.writeheader()
        writer.writerows(rows)
    print("  ".join(FIELDS))
    for row in rows:
        print("  ".join(str(row[field]).rjust(len(field)) for field in FIELDS))


def _measure(way: Callable[[Path], None]) -> float:
    with tempfile.TemporaryDirectory() as folder:
        started = time.perf_counter()
        way(Path(folder))
        return time.perf_counter() - started


def _row(name: str, municipalities: int, seconds: float, loop_seconds: float) -> dict[str, object]:
    return {
        "name": name,
        "municipalities": municipalities,
        "seconds": round(seconds, 1),
        "seconds_per_municipality": round(seconds / municipalities, 2),
        "times_faster_than_loop": round(loop_seconds / seconds, 1),
    }


def _run(*command: object) -> None:
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"{command[0]} failed: {done.stderr.strip()}")


if __name__ == "__main__":
    main()
