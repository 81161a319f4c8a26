"""One notebook that fails, hangs or dies is one failed row; the others are whole."""

from __future__ import annotations

import os
import signal
import threading
import time
from pathlib import Path

import nbformat
import psutil
import pytest

from analyse.errors import OutputError
from analyse.runs import execute

HIGHLIGHT = """from IPython.display import display
display({"application/vnd.analyse.highlights+json": {"cost_eur": 41.2, "area": municipality}}, raw=True)"""


def _run(jobs, place: Path, **options):
    progress = options.pop("progress", lambda entry: None)
    effort = execute.Effort(**{"workers": 2, **options})
    entries = execute.execute(jobs, place, language="nl", effort=effort, progress=progress)
    return {entry["area_code"]: entry for entry in entries}


def test_a_notebook_gives_a_page_an_executed_notebook_and_its_highlights(job, place):
    entry = _run([job("GM0503", HIGHLIGHT)], place)["GM0503"]

    assert entry["status"] == "ok"
    assert entry["reason"] == ""
    assert entry["highlights"] == {"cost_eur": 41.2, "area": "GM0503"}
    assert "Delft" in (place / entry["html"]).read_text(encoding="utf-8")
    assert nbformat.read(place / entry["executed"], as_version=4).cells[-1].outputs


def test_the_executed_notebook_holds_no_time_and_no_path_of_this_machine(job, place, tmp_path):
    _run([job("GM0503", "1 + 1")], place)
    first = (place / "notebooks/municipality-GM0503.ipynb").read_bytes()
    _run([job("GM0503", "1 + 1")], place)

    assert (place / "notebooks/municipality-GM0503.ipynb").read_bytes() == first
    assert str(tmp_path).encode() not in first


def test_a_raising_cell_is_one_failed_row_with_its_reason_and_its_cell(job, place):
    found = _run(
        [job("GM0503", "1 + 1", "raise ValueError('no budget for 2031')"), job("GM0599", "1 + 1")], place
    )

    assert found["GM0599"]["status"] == "ok"
    assert found["GM0503"]["status"] == "failed"
    assert found["GM0503"]["reason"] == "ValueError: no budget for 2031"
    assert found["GM0503"]["cell"] == 4  # parameters, what papermill put below them, and two cells
    assert "no budget for 2031" in (place / "municipality-GM0503.html").read_text(encoding="utf-8")


def test_a_kernel_that_dies_is_one_failed_row(job, place):
    found = _run(
        [job("GM0503", "import os, signal; os.kill(os.getpid(), signal.SIGKILL)"), job("GM0599", "1")], place
    )

    assert found["GM0503"]["reason"].startswith("the notebook's process died")
    assert found["GM0503"]["cell"] == 3
    assert "process died" in (place / "municipality-GM0503.html").read_text(encoding="utf-8")
    assert found["GM0599"]["status"] == "ok"


def test_a_worker_that_dies_is_one_failed_row_and_another_takes_its_place(job, place):
    kill_parent = (
        "import os, signal, time; os.kill(int(os.environ['JPY_PARENT_PID']), signal.SIGKILL); time.sleep(60)"
    )
    jobs = [job("GM0503", kill_parent), job("GM0599", "1"), job("GM0518", "1")]
    found = _run(jobs, place, workers=1)

    assert found["GM0503"]["reason"] == "the worker died (signal SIGKILL)"
    assert "signal SIGKILL" in (place / "municipality-GM0503.html").read_text(encoding="utf-8")
    assert [found[code]["status"] for code in ("GM0599", "GM0518")] == ["ok", "ok"]


def test_a_notebook_that_hangs_is_ended_and_named(job, place):
    jobs = [job("GM0503", "while True: pass"), job("GM0599", "1 + 1")]
    found = _run(jobs, place, workers=1, timeout_seconds=15)

    assert found["GM0503"]["reason"] == "took longer than 15 seconds"
    assert found["GM0503"]["cell"] == 3
    assert found["GM0599"]["status"] == "ok"


def test_each_finished_notebook_is_told(job, place):
    told = []
    _run([job("GM0503", "1"), job("GM0599", "1 / 0")], place, progress=told.append)

    assert sorted((one["area_code"], one["status"]) for one in told) == [
        ("GM0503", "ok"),
        ("GM0599", "failed"),
    ]


def test_a_result_that_cannot_be_written_ends_the_run_in_words(job, place):
    (place / "notebooks").rmdir()
    (place / "notebooks").write_text("a file where a folder belongs")

    with pytest.raises(OutputError, match="cannot write"):
        _run([job("GM0503", "1")], place)


@pytest.fixture
def _hears_interrupts():
    """As in a terminal: a shell starts what runs in the background with SIGINT ignored."""
    earlier = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, earlier)


@pytest.mark.usefixtures("_hears_interrupts")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupt_ends_every_child(job, place, number):
    jobs = [job(code, "import time; time.sleep(120)") for code in ("GM0503", "GM0599")]
    threading.Thread(target=_interrupt_when_running, args=(place, number), daemon=True).start()
    started = time.monotonic()

    with pytest.raises(KeyboardInterrupt):
        _run(jobs, place)
    assert time.monotonic() - started < 60
    assert not [
        one for one in psutil.Process().children(recursive=True) if "ipykernel" in " ".join(one.cmdline())
    ]


def _interrupt_when_running(place: Path, number: int) -> None:
    while len(list((place / "notebooks").glob("*.ipynb"))) < 2:
        time.sleep(0.1)
    os.kill(os.getpid(), number)
