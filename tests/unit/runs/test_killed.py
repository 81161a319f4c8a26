"""Kills at random moments of workers, kernels, the zygote, the server of both, and the run itself.

``make test`` kills ten times, ``make stress`` fifty.
"""

from __future__ import annotations

import contextlib
import itertools
import json
import os
import random
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from analyse import runs
from analyse.history import areas
from analyse.parameters import Run
from analyse.runs import Effort, Plan, Reuse, journal, outputs, worker, zygote
from analyse.runs.plan import Job
from analyse.sources import snapshot

pytestmark = pytest.mark.skipif(not zygote.available(), reason="processes are told apart as Linux does")

SEED, KILLS, KILLS_A_RUN, JOBS = 20261122, int(os.environ.get("ANALYSE_KILLS", "10")), 10, 24
KINDS = (*("worker", "kernel") * 4, *("zygote",) * 2, "server")
SCRIPT = """
import json, sys
from pathlib import Path
from analyse import runs
from analyse.parameters import Run
from analyse.runs.plan import Job
if __name__ == "__main__":
    folder, source = map(Path, sys.argv[1:3])
    jobs = [Job(name, "municipality", source, code, "Delft", {"municipality": code})
            for name, code in json.loads(sys.argv[3])]
    runs.make(runs.Plan("try", Run(), tuple(jobs), True), folder, reuse=runs.Reuse(resume=True),
              effort=runs.Effort(workers=2, retries=1000))
"""


def test_kills_at_random_moments_lose_nothing_and_change_nothing(tmp_path, write_notebook, folders):
    source = write_notebook(tmp_path / "tiny.ipynb", ["import time; time.sleep(0.1)", "municipality"])
    codes = itertools.islice(itertools.cycle(areas.members(snapshot.load(), areas.ALL)), JOBS)
    jobs = [
        Job(f"municipality-{number}", "municipality", source, code, "Delft", {"municipality": code})
        for number, code in enumerate(codes)
    ]
    plan = Plan("try", Run(), tuple(jobs), whole=True)
    whole = runs.make(plan, tmp_path / "whole", effort=Effort(workers=2)).folder
    moments, killed, sets = random.Random(SEED), [], []
    print(f"seed {SEED}")
    while len(killed) < KILLS:
        folder, finished = tmp_path / f"killed-{len(sets)}", 0
        while len(killed) < KILLS and not outputs.manifest_of(folder / "try"):
            _kill_in_one_run(tmp_path / "script.py", folder, jobs, killed, moments)
            if not outputs.manifest_of(folder / "try"):
                assert _finished(folder) >= finished, "what was finished is lost"
                finished = _finished(folder)
        sets.append(runs.make(plan, folder, reuse=Reuse(resume=True)).folder)

    print(*killed)
    for one in sets:
        assert folders.differences(folders.files(whole), folders.files(one)) == ""
        assert (one.parent / "index.html").read_bytes() == (whole.parent / "index.html").read_bytes()
        assert [path.name for path in one.parent.glob(".try*")] == []


def _kill_in_one_run(
    script: Path, folder: Path, jobs: list[Job], killed: list[str], moments: random.Random
) -> None:
    """Start a run, kill what belongs to it at random moments and last the run itself, unless it is done before."""
    script.write_text(SCRIPT)
    names = json.dumps([[job.name, job.area_code] for job in jobs])
    run = psutil.Popen([sys.executable, script, folder, jobs[0].source, names], stdout=subprocess.DEVNULL)
    _until(lambda: run.poll() is not None or _of_kind(run, "worker"))
    seen: set[psutil.Process] = set()
    for kind in [*(moments.choice(KINDS) for _ in range(KILLS_A_RUN - 1)), "run"]:
        time.sleep(moments.uniform(0.02, 0.3))
        seen.update(_children(run))
        victims = [run] if kind == "run" else _of_kind(run, kind)
        if victims and run.poll() is None and len(killed) < KILLS:
            with contextlib.suppress(psutil.NoSuchProcess):  # it has just ended by itself: no kill
                moments.choice(victims).kill()
                killed.append(kind)
    run.wait(timeout=120)
    assert psutil.wait_procs(seen, timeout=20)[1] == [], "a process outlived its run"


def _of_kind(run: psutil.Process, kind: str) -> list[psutil.Process]:
    """Children of a run: the server; what it forked, the workers and the zygote; kernels below these."""
    found = []
    for one in _children(run):
        try:
            if kind == _kind(one, run):
                found.append(one)
        except (psutil.Error, OSError):
            continue
    return found


def _children(run: psutil.Process) -> list[psutil.Process]:
    try:
        return run.children(recursive=True)
    except psutil.NoSuchProcess:
        return []


def _kind(one: psutil.Process, run: psutil.Process) -> str:
    above = one.parent()
    if above == run:
        return "server" if "forkserver" in " ".join(one.cmdline()) else "tracker"
    if above.parent() != run:
        return "kernel"
    return "worker" if Path(f"/proc/{one.pid}/fd/1").readlink().name == worker.LOG else "zygote"


def _finished(folder: Path) -> int:
    places = (outputs.partial(folder, "try"), outputs.broken_off(folder, "try"))
    return max(len(journal.finished(place)) for place in places)


def _until(done) -> None:
    end = time.monotonic() + 60
    while not done():
        assert time.monotonic() < end
        time.sleep(0.02)
