"""Nothing half-written replaces something whole."""

from __future__ import annotations

import contextlib
import fcntl  # noqa: F401  (read now: the test that gives up its rights cannot)
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from analyse.errors import OutputError, ParameterError
from analyse.runs import outputs


def _published(folder: Path, name: str, *, whole: bool = True, page: str = "old") -> Path:
    target = folder / name
    target.mkdir(parents=True)
    (target / "index.html").write_text(page)
    (target / "manifest.json").write_text(json.dumps({"run": name, "whole": whole, "notebooks": []}))
    return target


@contextlib.contextmanager
def _without_rights():
    """As an ordinary user, also when the tests run as root, who may write anywhere."""
    earlier = os.geteuid()
    if earlier == 0:
        os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(earlier)


def test_a_finished_run_takes_the_place_of_the_earlier_one_and_leaves_nothing_behind(tmp_path):
    target = _published(tmp_path, "a")
    with outputs.workspace(tmp_path, "a", whole=True, pages=1) as place:
        (place / "index.html").write_text("new")
        outputs.publish(place, target)

    assert (target / "index.html").read_text() == "new"
    assert [path.name for path in tmp_path.iterdir()] == ["a"]


def test_a_run_that_is_broken_off_leaves_the_earlier_one_as_it_was(tmp_path):
    target = _published(tmp_path, "a")
    with pytest.raises(KeyboardInterrupt), outputs.workspace(tmp_path, "a", whole=True, pages=1) as place:
        (place / "index.html").write_text("half")
        raise KeyboardInterrupt

    assert (target / "index.html").read_text() == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["a"]


def test_a_machine_that_stopped_between_the_two_renames_gets_the_earlier_run_back(tmp_path):
    _published(tmp_path, "a").rename(tmp_path / ".a.previous")
    outputs.recover(tmp_path, "a")

    assert (tmp_path / "a" / "index.html").read_text() == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["a"]


def test_what_a_killed_run_left_is_cleared_away(tmp_path):
    (tmp_path / ".a.partial").mkdir()
    (tmp_path / ".a.partial" / "rest.html").write_text("half")
    with outputs.workspace(tmp_path, "a", whole=True, pages=1) as place:
        assert [path.name for path in place.iterdir()] == ["notebooks"]


def test_a_folder_that_is_not_a_run_is_never_replaced(tmp_path):
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "thesis.txt").write_text("mine")

    with (
        pytest.raises(OutputError, match="exists and is not a set of reports"),
        outputs.workspace(tmp_path, "a", whole=True, pages=1),
    ):
        pass
    assert (tmp_path / "a" / "thesis.txt").read_text() == "mine"


def test_a_whole_run_is_not_replaced_by_a_part(tmp_path):
    _published(tmp_path, "a", whole=True)

    with (
        pytest.raises(OutputError, match="holds the reports of all areas"),
        outputs.workspace(tmp_path, "a", whole=False, pages=1),
    ):
        pass


def test_a_full_disk_is_told_before_anything_runs(tmp_path):
    with (
        pytest.raises(OutputError, match=r"MB free, 1000000000 reports take up to"),
        outputs.workspace(tmp_path, "a", whole=True, pages=1_000_000_000),
    ):
        pass


def test_a_read_only_folder_is_told_before_anything_runs(tmp_path):
    tmp_path.chmod(0o500)
    with (
        _without_rights(),
        pytest.raises(OutputError, match="Permission denied; free space or choose"),
        outputs.locked(tmp_path / "reports", "a"),
    ):
        pass


def test_a_file_where_the_folder_should_be_is_told(tmp_path):
    (tmp_path / "reports").write_text("a file")
    with pytest.raises(OutputError, match="cannot write"), outputs.locked(tmp_path / "reports", "a"):
        pass


def test_two_runs_at_once_are_refused_and_the_other_is_named(tmp_path):
    code = (
        "import sys, pathlib; from analyse.runs import outputs\n"
        "with outputs.locked(pathlib.Path(sys.argv[1]), 'first'):\n"
        "    print('held', flush=True); sys.stdin.read()"
    )
    other = subprocess.Popen(
        [sys.executable, "-c", code, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    try:
        assert other.stdout.readline() == "held\n"
        with (
            pytest.raises(OutputError, match=rf"process {other.pid} \(run first\) is making reports here"),
            outputs.locked(tmp_path, "second"),
        ):
            pass
    finally:
        other.communicate()
    with outputs.locked(tmp_path, "second"):
        assert "second" in (tmp_path / ".lock").read_text()


@pytest.mark.parametrize("name", ["", "..", "a/b", ".hidden", "-x", "a b", "x" * 101])
def test_a_name_that_is_no_folder_inside_the_reports_folder_is_refused(name):
    with pytest.raises(ParameterError, match="name"):
        outputs.check_name(name)


def test_the_index_of_a_folder_belongs_to_its_whole_run(tmp_path):
    assert not outputs.has_whole_run(tmp_path)
    _published(tmp_path, "part", whole=False)
    (tmp_path / "index.html").write_text("part")
    assert not outputs.has_whole_run(tmp_path)
    _published(tmp_path, "all", whole=True)
    assert outputs.has_whole_run(tmp_path)
