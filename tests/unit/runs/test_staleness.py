"""Only what changed runs; what was finished is never lost; the same result whether or not a run was broken off."""

from __future__ import annotations

from pathlib import Path

from analyse import runs
from analyse.parameters import Run
from analyse.runs import Effort, Plan, Reuse, journal

CODES = ("GM0503", "GM0518", "GM0599")


def _plan(*jobs) -> Plan:
    return Plan("try", Run(), jobs, whole=True)


def _make(folder: Path, *jobs, **reuse) -> runs.Result:
    return runs.make(_plan(*jobs), folder, effort=Effort(workers=1), reuse=Reuse(**reuse))


def test_a_second_run_runs_only_what_changed_and_says_why(job, tmp_path, write_notebook, folders):
    jobs = [job(code, "1 + 1") for code in CODES]
    first = _make(tmp_path / "reports", *jobs)
    assert first.ran == dict.fromkeys([one.name for one in jobs], "not made before")
    before = folders.files(first.folder)

    assert _make(tmp_path / "reports", *jobs).ran == {}
    write_notebook(jobs[0].source, ["2 + 2"])
    (first.folder / jobs[1].html).write_text("altered", encoding="utf-8")
    second = _make(tmp_path / "reports", *jobs)

    assert second.ran == {
        jobs[0].name: "the notebook changed",
        jobs[1].name: "its files are missing or altered",
    }
    after = folders.files(second.folder)
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
