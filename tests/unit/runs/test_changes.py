"""Only what changed runs; what was finished is never lost; the same result whether or not a run was broken off."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from analyse import runs
from analyse.parameters import Run
from analyse.runs import Effort, Plan, Reuse, journal

CODES = ("GM0503", "GM0518", "GM0599")
SLOW = "import time; time.sleep(0.4)"


def _plan(*jobs) -> Plan:
    return Plan("try", Run(), jobs, whole=True)


def _files(folder: Path) -> dict[str, bytes]:
    """Every file of a set, the manifest with its seconds apart."""
    found = (path for path in folder.rglob("*") if path.is_file() and path.name != "manifest.json")
    return {str(path.relative_to(folder)): path.read_bytes() for path in found}


def _make(folder: Path, *jobs, **reuse) -> runs.Result:
    return runs.make(_plan(*jobs), folder, effort=Effort(workers=1), reuse=Reuse(**reuse))


def test_a_second_run_runs_only_what_changed_and_says_why(job, tmp_path, write_notebook):
    jobs = [job(code, "1 + 1") for code in CODES]
    first = _make(tmp_path / "reports", *jobs)
    assert first.ran == dict.fromkeys([one.name for one in jobs], "not made before")
    before = _files(first.folder)

    assert _make(tmp_path / "reports", *jobs).ran == {}
    write_notebook(jobs[0].source, ["2 + 2"])
    (first.folder / jobs[1].html).write_text("altered", encoding="utf-8")
    second = _make(tmp_path / "reports", *jobs)

    assert second.ran == {
        jobs[0].name: "the notebook changed",
        jobs[1].name: "its files are missing or altered",
    }
    after = _files(second.folder)
    assert after[jobs[1].html] == before[jobs[1].html]
    assert _make(tmp_path / "reports", *jobs, fresh=True).ran.keys() == first.ran.keys()


def test_what_failed_is_tried_again_unless_only_changes_count(job, tmp_path):
    jobs = [job("GM0503", "1 / 0"), job("GM0599", "1")]
    _make(tmp_path / "reports", *jobs)

    assert _make(tmp_path / "reports", *jobs, keep_failed=True).ran == {}
    assert _make(tmp_path / "reports", *jobs).ran == {jobs[0].name: "failed before"}


def test_a_notebook_that_fails_once_succeeds_at_the_second_try(job, tmp_path):
    flag = tmp_path / "flag"
    once = f"from pathlib import Path; p = Path({str(flag)!r}); e = p.exists(); p.touch(); 1 / e"
    result = runs.make(_plan(job("GM0503", once)), tmp_path / "reports", effort=Effort(workers=1, retries=1))

    (entry,) = result.manifest["notebooks"]
    assert (entry["status"], entry["attempts"]) == ("ok", 2)


def test_a_half_line_at_the_end_of_a_journal_is_left_out(tmp_path):
    log = journal.Journal(tmp_path)
    log.tell("a", journal.RUNNING)
    log.tell("a", journal.DONE, {"name": "a"})
    with log.path.open("a") as stream:
        stream.write('{"name": "b", "sta')

    assert [line["state"] for line in journal.read(tmp_path)] == ["running", "done"]
    assert journal.finished(tmp_path) == [{"name": "a"}]


SCRIPT = """
import sys
from pathlib import Path
from analyse import runs
from analyse.parameters import Run
from analyse.runs.plan import Job
if __name__ == "__main__":
    jobs = [Job(f"municipality-{c}", "municipality", Path(sys.argv[2]) / f"{c}.ipynb", c, "Delft", {"municipality": c})
            for c in sys.argv[3:]]
    runs.make(runs.Plan("try", Run(), tuple(jobs), True), Path(sys.argv[1]), effort=runs.Effort(workers=2, retries=2))
"""


@pytest.mark.parametrize("victim", ["parent", "child"])
def test_a_run_that_is_killed_at_any_moment_goes_on_to_the_same_result(job, tmp_path, victim):
    jobs = [job(code, SLOW, "1 + 1") for code in CODES]
    whole = _files(_make(tmp_path / "whole", *jobs).folder)
    script = tmp_path / "script.py"
    script.write_text(SCRIPT)
    command = [sys.executable, script, tmp_path / "killed", jobs[0].source.parent, *CODES]
    process = psutil.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _until(lambda: journal.finished(tmp_path / "killed/.try.partial"))
    time.sleep(random.random() * 0.5)
    children = process.children(recursive=True)
    target = process if victim == "parent" else random.choice(children)
    os.kill(target.pid, signal.SIGKILL)
    process.wait(timeout=60)
    assert psutil.wait_procs(children, timeout=20)[1] == []
    result = _make(tmp_path / "killed", *jobs, resume=True)

    assert _files(result.folder) == whole
    assert len(result.ran) < len(jobs)


def _until(done) -> None:
    end = time.monotonic() + 60
    while not done():
        assert time.monotonic() < end
        time.sleep(0.02)


NUMBERS = """
from analyse import parameters, shared
run = parameters.Run(samples=100, horizon=2)
print(shared.read("future", run).to_json(double_precision=15)[:20000], shared.read("past", run).to_csv())
"""


def test_time_zone_and_locale_of_the_machine_change_no_number():
    settings = [
        {"TZ": "Europe/Amsterdam", "LC_ALL": "C.UTF-8"},
        {"TZ": "Pacific/Kiritimati", "LC_ALL": "nl_NL.UTF-8", "LANG": "nl_NL.UTF-8"},
        {"TZ": "Pacific/Kiritimati", "LC_ALL": "tr_TR.UTF-8", "LANG": "tr_TR.UTF-8"},
    ]
    printed = {
        subprocess.run(
            [sys.executable, "-c", NUMBERS], env={**os.environ, **one}, capture_output=True, check=True
        ).stdout
        for one in settings
    }

    assert len(printed) == 1
