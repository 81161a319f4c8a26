"""On a cluster: the same bytes as on one machine, also when a worker is lost, and no work for another version."""

from __future__ import annotations

import os
import signal
import threading

import pytest
from distributed import Client, LocalCluster

from analyse import runs
from analyse.errors import OutputError, ParameterError
from analyse.history import areas
from analyse.parameters import Run
from analyse.runs import Effort, Plan, cluster, worker
from analyse.runs.plan import Job
from analyse.sources import snapshot

MUNICIPALITIES = 24


@pytest.fixture(scope="module")
def scheduler():
    """A scheduler and two worker processes on this machine."""
    with LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None, memory_limit=0
    ) as local:
        yield local.scheduler_address


@pytest.fixture
def plan(tmp_path, write_notebook) -> Plan:
    source = write_notebook(tmp_path / "tiny.ipynb", ["import sys; sys.__stderr__", "municipality"])
    jobs = [
        Job(f"municipality-{code}", "municipality", source, code, "Delft", {"municipality": code})
        for code in areas.members(snapshot.load(), areas.ALL)[:MUNICIPALITIES]
    ]
    return Plan("try", Run(), tuple(jobs), whole=True)


def test_a_lost_worker_changes_nothing_in_what_a_cluster_makes(scheduler, plan, tmp_path, folders):
    told, share = [], tmp_path / "share"
    with Client(scheduler, set_as_default=False) as client:
        before = client.run(os.getpid)

    def kill_one_in_the_middle(entry: dict) -> None:
        told.append(entry["name"])
        if len(told) == 5:
            threading.Timer(0.3, os.kill, (min(before.values()), signal.SIGKILL)).start()

    effort = Effort(scheduler=scheduler, share=share.as_uri())
    found = runs.make(plan, tmp_path / "cluster", effort=effort, progress=kill_one_in_the_middle)
    local = runs.make(plan, tmp_path / "local", effort=Effort(workers=2))

    assert sorted(told) == sorted(job.name for job in plan.jobs)
    assert found.failed == []
    assert folders.differences(folders.files(local.folder), folders.files(found.folder)) == ""
    entries = [
        [{**one, "seconds": 0, "attempts": 1} for one in made.manifest["notebooks"]]
        for made in (local, found)
    ]
    assert entries[0] == entries[1]
    assert "was lost" in (tmp_path / "cluster" / worker.LOG).read_text()
    assert list(share.iterdir()) == [], "what passed through is cleared away"


def test_a_worker_of_another_version_gets_no_work(scheduler, plan, tmp_path, monkeypatch):
    ours = cluster.versions("open")
    monkeypatch.setattr(cluster, "versions", _Elsewhere(ours | {"data": "other"}))

    with pytest.raises(
        OutputError, match=r"it has other versions: data .*, here other\. Install this version"
    ):
        runs.make(plan, tmp_path / "reports", effort=Effort(scheduler=scheduler))


class _Elsewhere:
    """Versions as they are here, and as a worker finds them: what is pickled is the function of the package."""

    def __init__(self, ours: dict[str, str]) -> None:
        self.ours = ours

    def __call__(self, *asked: object) -> dict[str, str]:
        return self.ours

    def __reduce__(self):
        return getattr, (cluster, "versions")


def test_a_notebook_that_fails_on_a_cluster_is_one_failed_row(scheduler, plan, tmp_path, write_notebook):
    source = write_notebook(tmp_path / "bad.ipynb", ["1 / 0"])
    bad = Job("municipality-GM0503", "municipality", source, "GM0503", "Delft", {"municipality": "GM0503"})
    result = runs.make(
        Plan("try", Run(), (bad, plan.jobs[0]), whole=True),
        tmp_path / "reports",
        effort=Effort(scheduler=scheduler),
    )

    assert [(one["name"], one["reason"]) for one in result.failed] == [
        (bad.name, "ZeroDivisionError: division by zero")
    ]
    assert "division by zero" in (result.folder / bad.html).read_text(encoding="utf-8")


def test_a_scheduler_that_is_not_there_is_said(plan, tmp_path, monkeypatch):
    monkeypatch.setattr(cluster, "CONNECT_SECONDS", 1)
    with pytest.raises(ParameterError, match="no scheduler answers"):
        runs.make(plan, tmp_path / "reports", effort=Effort(scheduler="tcp://127.0.0.1:1"))


def test_a_share_that_takes_nothing_is_named(scheduler, plan, tmp_path):
    (tmp_path / "file").touch()
    for share in ("nosuch://bucket/reports", str(tmp_path / "file")):
        with pytest.raises(
            OutputError, match=f"--share {share}: cannot be written to .*give another --share"
        ):
            runs.make(plan, tmp_path / "reports", effort=Effort(scheduler=scheduler, share=share))
