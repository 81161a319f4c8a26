"""Warm starts: the same outputs as a plain kernel, each notebook alone, and a zygote that may go at any moment."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import nbformat
import papermill
import psutil
import pytest

from analyse.runs import provisioner, worker, zygote

pytestmark = pytest.mark.skipif(not zygote.available(), reason="warm starts need Linux")

AHEAD = """
import gc, multiprocessing, sys
from analyse.runs import declaration_pages, zygote

def tell(pipe):
    pipe.send(["analyse.monitor" in sys.modules, gc.get_freeze_count() > len(gc.get_objects())])

if __name__ == "__main__":
    ours, theirs = multiprocessing.Pipe()
    zygote.prepare(declaration_pages.ROOMS if "declarations" in sys.argv else ())
    zygote.start(tell, theirs).join()
    with zygote.running() as standby:
        standby.process.join(1)  # it ends at once where a fork would not be safe
        print(*ours.recv(), standby.process.is_alive())
"""
WHO = "import os, sys; print(os.getpid(), 'pandas' in sys.modules)"


@pytest.fixture(scope="module")
def warm():
    """A zygote standing by for the tests of this file."""
    with zygote.running() as standby:
        yield standby


def _outputs(path: Path) -> list:
    return [cell.get("outputs") for cell in nbformat.read(path, as_version=4).cells]


def test_a_kernel_starts_with_everything_imported_and_in_a_process_of_its_own(warm, job, place):
    for code in ("GM0503", "GM0599"):
        assert worker._execute(job(code, WHO), place / f"{code}.ipynb") == ("", None)
    printed = [_outputs(place / f"{code}.ipynb")[-1][0]["text"].split() for code in ("GM0503", "GM0599")]

    assert [words[1] for words in printed] == ["True", "True"]
    assert len({printed[0][0], printed[1][0], str(warm.process.pid), str(os.getpid())}) == 4


@pytest.mark.parametrize("on", ["figures", "declarations"])
def test_rooms_of_declarations_are_imported_only_for_a_run_that_has_them(tmp_path, on):
    script = tmp_path / "ahead.py"
    script.write_text(AHEAD)
    told = subprocess.run([sys.executable, script, on], capture_output=True, text=True, check=True).stdout

    imported, out_of_collection, alive = told.split()
    assert imported == str(on == "declarations")
    assert (out_of_collection, alive) == ("True", "True")


def test_a_plain_kernel_gives_the_same_outputs(warm, job, place, monkeypatch):
    one = job("GM0503", "import numpy as np", "np.random.default_rng(1).normal(size=3)", "municipality")
    worker._execute(one, place / "warm.ipynb")
    monkeypatch.delenv(zygote.ADDRESS)
    assert provisioner.kernel_name() == "python3"
    worker._execute(one, place / "plain.ipynb")

    assert _outputs(place / "warm.ipynb") == _outputs(place / "plain.ipynb")


def test_papermill_by_hand_starts_plainly_when_no_zygote_listens(job, place, monkeypatch):
    monkeypatch.setenv(zygote.ADDRESS, str(place / "nobody"))
    papermill.execute_notebook(
        job("GM0503", WHO).source, place / "by-hand.ipynb", kernel_name="zygote", progress_bar=False
    )

    assert _outputs(place / "by-hand.ipynb")[-1][0]["text"].endswith("False\n")


def test_what_one_notebook_changes_the_next_does_not_find(warm, job, place):
    spoil = "import os, random, numpy as np; os.environ['SPOILT'] = '1'; np.pi = 3; random.seed(1)"
    look = "import os, numpy as np; print('SPOILT' in os.environ, round(np.pi, 2))"
    worker._execute(job("GM0503", spoil), place / "spoil.ipynb")
    worker._execute(job("GM0599", look), place / "look.ipynb")

    assert _outputs(place / "look.ipynb")[-1][0]["text"] == "False 3.14\n"


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("1 / 0", "ZeroDivisionError: division by zero"),
        ("import os; os.abort()", "the notebook's process died"),
        ("import os; os._exit(3)", "the notebook's process died"),
    ],
)
def test_the_zygote_outlives_what_a_notebook_does(warm, job, place, source, reason):
    assert worker._execute(job("GM0503", source), place / "bad.ipynb")[0].startswith(reason)
    assert worker._execute(job("GM0599", "1 + 1"), place / "good.ipynb") == ("", None)
    assert psutil.pid_exists(warm.process.pid)


def test_a_notebook_that_wants_too_much_memory_is_refused_it(warm, job, place, monkeypatch):
    monkeypatch.setenv(provisioner.MEMORY, "2000")
    greedy = "import numpy as np; np.ones(400_000_000).sum()"

    for kernel in ("warm", "plain"):
        if kernel == "plain":
            monkeypatch.delenv(zygote.ADDRESS)
            monkeypatch.setattr(provisioner, "PLAIN", "zygote")
        reason, cell = worker._execute(job("GM0503", greedy), place / f"{kernel}.ipynb")
        assert "Unable to allocate" in reason
        assert cell == 3


def test_a_kernel_outlives_its_zygote_and_goes_with_its_worker(job, place, tmp_path):
    note = tmp_path / "pid"
    code = f"import os; open({str(note)!r}, 'w').write(str(os.getpid())); import time; time.sleep(60)"
    script = (
        "import sys; from pathlib import Path; from analyse.runs import worker; from analyse.runs.plan import Job\n"
        + (
            f"source = Path({str(job('GM0503', code).source)!r})\n"
            "one = Job('municipality-GM0503', 'municipality', source, 'GM0503', 'Delft', {})\n"
            f"worker._execute(one, Path({str(place / 'out.ipynb')!r}))"
        )
    )
    with zygote.running() as standby:
        client = psutil.Popen([sys.executable, "-c", script])
        kernel = psutil.Process(int(_wait_for(note)))
        os.kill(standby.process.pid, signal.SIGKILL)
        time.sleep(0.3)
        assert kernel.is_running()
        client.kill()
        client.wait()
        kernel.wait(timeout=10)


def test_without_linux_there_is_no_zygote_and_kernels_start_plainly(monkeypatch):
    monkeypatch.setattr(zygote, "available", lambda: False)
    monkeypatch.delenv(zygote.ADDRESS, raising=False)
    with zygote.running() as standby:
        assert standby is None
        assert provisioner.kernel_name() == "python3"


def _wait_for(path: Path) -> str:
    until = time.monotonic() + 30
    while not (path.exists() and path.read_text()):
        if time.monotonic() > until:
            raise TimeoutError(path)
        time.sleep(0.05)
    return path.read_text()


def test_the_server_ends_in_silence_also_when_it_had_imported_duckdb():
    code = "import duckdb, analyse.runs.preloaded; duckdb.connect().close()"
    environment = {**os.environ, "PYDEVD_DISABLE_FILE_VALIDATION": "1"}
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=environment)

    assert (ended.returncode, ended.stderr) == (0, "")
