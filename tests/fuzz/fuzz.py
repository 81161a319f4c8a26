"""Run spoilt files through every door and judge what comes of it: ``python tests/fuzz/fuzz.py --number 1000``.

Right is: an exit status that is documented, one line on stderr and no traceback when it is refused, within a minute and
two gigabytes, and either a refusal or what an independent reading makes of the file too.
"""

from __future__ import annotations

import argparse
import importlib
import importlib.util
import os
import random
import resource
import shutil
import signal
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
SECONDS, BYTES = 60.0, 2 * 2**30
WAIT = 5
"""Seconds are those of the processor; by the clock a case may take so many times more, on a machine that others use."""
DOCUMENTED = (0, 2, 3, 4)
FEW = ("GM0503", "GM0518", "GM0599", "GM0613", "GM0546", "GM0484", "GM0501", "GM0530", "GM0614", "GM1992")
"""Municipalities of the small home: two of each region, and those that merged."""
IMPORTED = (
    *(
        "analyse.cli.export",
        "analyse.cli.open_data",
        "analyse.cli.declaration_lines",
        "analyse.forecast",
        "openpyxl",
    ),
    *(
        "analyse.history.panel",
        "analyse.sources.own_files",
        "analyse.sources.declarations",
        "analyse.scenario",
    ),
)
WRONG, UNEXPECTED, ENDLESS, LARGE = "silent wrong", "unexpected error", "no end in 60 s", "above 2 GB"


def _module(name: str) -> Any:
    spec = importlib.util.spec_from_file_location(f"fuzz_{name}", Path(__file__).with_name(f"{name}.py"))
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@dataclass
class Outcome:
    """What came of a case: its fault (empty when it is right), and what was said."""

    number: int
    name: str
    status: int
    fault: str
    said: str


def small_home(folder: Path) -> Path:
    """A repository with the figures of a few municipalities, and a little folder of simulated declarations."""
    import pandas as pd

    from analyse.sources import snapshot, vintages

    for name in IMPORTED:  # once here, not in the process of each case
        importlib.import_module(name)
    home = folder / "home"
    for part in ("parameters", "data/open"):
        shutil.copytree(ROOT / part, home / part)
    (home / "data/corrections.yaml").write_text("[]")
    os.environ["ANALYSE_HOME"] = str(home)
    few: dict[str, pd.DataFrame] = {}
    for name, frame in snapshot.as_published("open").items():
        own = "municipality_code" in frame
        few[name] = frame[frame["municipality_code"].isin(FEW)].reset_index(drop=True) if own else frame
    name = vintages.write(few, base="open", description="few", changed=dict.fromkeys(few, ()))
    shutil.rmtree(home / "data/open")
    (home / "data" / name).rename(home / "data/open")
    (home / "data/latest").unlink()
    asked = [
        "--municipality",
        "Delft",
        "--years",
        "2023",
        "--lines",
        "60",
        "--format",
        "both",
        "--output",
        "declared",
    ]
    status, said, _, _ = _forked(lambda: _command(["demo-declarations", *asked]), home, SECONDS)
    if status:
        raise RuntimeError(f"no simulated declarations: {said}")
    return home


def run(number: int, home: Path, work: Path) -> Outcome:
    """Make case ``number``, run it, and judge it."""
    names = ("cases", "independent", "doors", "declared", "agreed")
    cases, independent, *files = (_module(name) for name in names)
    rng = random.Random(number)
    chances = {door: chance for file in files for door, chance in file.DOORS.items()}
    door = rng.choices(list(chances), list(chances.values()))[0]
    case = door(rng, home, cases, independent)
    work.mkdir(parents=True)
    for name, content in case.files.items():
        (work / name).write_bytes(content)
    kept = {name: (home / name).read_bytes() for name in case.edits}
    datasets = {path.name for path in (home / "data").iterdir()}
    try:
        for name, content in case.edits.items():
            (home / name).write_bytes(content)
        job = (lambda: _called(case.call, work)) if case.call else (lambda: _command(case.arguments))
        status, said, seconds, memory = _forked(job, work, SECONDS)
        fault = _fault(status, said, seconds, memory)
        if not fault and status == 0:
            fault = case.impossible and f"{WRONG}: taken in, and {case.impossible}"
        if not fault and status == 0 and case.judge:
            reason = case.judge(home, work)
            fault = reason and f"{WRONG}: {reason}"
    finally:
        for name, content in kept.items():
            (home / name).write_bytes(content)
        for path in (home / "data").iterdir():
            if path.name not in datasets:
                shutil.rmtree(path) if path.is_dir() else path.unlink()
    return Outcome(number, case.name, status, fault or "", said)


def _fault(status: int, said: str, seconds: float, memory: int) -> str:
    """What is wrong whatever the input was."""
    if seconds > SECONDS:
        return ENDLESS
    if memory > BYTES:
        return f"{LARGE}: {memory / 2**30:.1f} GB"
    lines = said.splitlines()
    if status not in DOCUMENTED or "unexpected" in said or "Traceback" in said:
        return f"{UNEXPECTED}: {status}, {lines[-1:]}"
    if (status == 0) != (not lines) or len(lines) > 1:
        return f"{UNEXPECTED}: status {status} with {len(lines)} lines on stderr, {lines[:1]}"
    return ""


def _command(arguments: list[str]) -> int:
    from analyse import cli

    sys.argv = ["analyse", *arguments]
    try:
        cli.main()
    except SystemExit as ended:
        return int(ended.code or 0)
    return 0


def _called(call: Any, work: Path) -> int:
    from analyse.errors import AnalyseError

    try:
        call(work)
    except AnalyseError as error:
        print(" ".join(str(error).split()), file=sys.stderr)
        return error.exit_code
    return 0


def _forked(job: Any, work: Path, seconds: float) -> tuple[int, str, float, int]:
    """Status, stderr, processor seconds and peak of memory of a job in a process of its own."""
    handle, name = tempfile.mkstemp()
    begun, child = time.monotonic(), os.fork()
    if child == 0:
        status = 1
        try:
            os.chdir(work)
            resource.setrlimit(resource.RLIMIT_AS, (4 * BYTES, 4 * BYTES))
            os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
            os.dup2(handle, 2)
            sys.stdout, sys.stderr = sys.__stdout__, sys.__stderr__
            status = job()
            sys.stdout.flush()
        except BaseException as error:
            print(f"Traceback: {type(error).__name__}: {error}", file=sys.stderr)
        finally:
            sys.stderr.flush()
            os._exit(status)
    while True:
        done, code, used = os.wait4(child, os.WNOHANG)
        if done:
            break
        if time.monotonic() - begun > WAIT * seconds:
            os.kill(child, signal.SIGKILL)
        time.sleep(0.01)
    os.close(handle)
    said = Path(name).read_text("utf-8", errors="replace")
    Path(name).unlink()
    spent = used.ru_utime + used.ru_stime if done and os.WIFEXITED(code) else WAIT * seconds
    return os.waitstatus_to_exitcode(code), said, spent, used.ru_maxrss * 1024


def main() -> None:
    """Run the cases that were asked for, and print those that are wrong and the four numbers."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--number", type=int, default=1000, help="how many cases")
    options.add_argument("--first", type=int, default=0, help="the first of them")
    options.add_argument("--all", action="store_true", help="print the right ones too")
    chosen = options.parse_args()
    counts: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as folder:
        home = small_home(Path(folder))
        for number in range(chosen.first, chosen.first + chosen.number):
            outcome = run(number, home, Path(folder) / "work" / str(number))
            counts[outcome.fault.split(":")[0] or ("refused" if outcome.status else "right")] += 1
            if outcome.fault or chosen.all:
                print(
                    f"{outcome.number}  {outcome.name}\n    {outcome.fault or outcome.said or 'right'}"[:700],
                    flush=True,
                )
    print(dict(counts))
    sys.exit(any(counts[kind] for kind in (WRONG, UNEXPECTED, ENDLESS, LARGE)))


if __name__ == "__main__":
    main()
