"""A set of reports: what stands where when a run is done, and what a run of a part leaves alone."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from analyse import runs
from analyse.errors import OutputError
from analyse.parameters import Run
from analyse.runs import Plan


def _make(folder: Path, name: str, *jobs, whole: bool):
    return runs.make(Plan(name, Run(), jobs, whole), folder, effort=runs.Effort(workers=1))


def test_a_run_holds_pages_notebooks_index_manifest_and_one_plotly(job, tmp_path):
    folder = tmp_path / "reports"
    result = _make(folder, "all", job("GM0503", "1 + 1"), whole=True)

    found = sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())
    assert set(found) >= {
        ".lock",
        "all/assets/plotly.min.js",
        "all/index.html",
        "all/manifest.json",
        "all/municipality-GM0503.html",
        "all/notebooks/municipality-GM0503.ipynb",
        "index.html",
    }
    assert not [name for name in found if "partial" in name or name.endswith("log.txt")]
    assert result.index == folder / "index.html"
    assert json.loads((folder / "all/manifest.json").read_text(encoding="utf-8")) == result.manifest


def test_a_part_does_not_hide_the_whole_set_and_the_whole_set_takes_over_from_a_part(job, tmp_path):
    folder = tmp_path / "reports"
    part = _make(folder, "part", job("GM0503", "1"), whole=False)
    assert part.index == folder / "index.html"
    assert 'href="part/' in part.index.read_text(encoding="utf-8")

    whole = _make(folder, "all", job("GM0599", "1"), whole=True)
    assert 'href="all/' in whole.index.read_text(encoding="utf-8")

    before = whole.index.read_bytes()
    part = _make(folder, "part", job("GM0503", "1"), whole=False)
    assert part.index == folder / "part/index.html"
    assert whole.index.read_bytes() == before
    with pytest.raises(OutputError, match="holds the reports of all areas"):
        _make(folder, "all", job("GM0503", "1"), whole=False)


def test_a_new_run_takes_the_place_of_the_earlier_one_of_its_name(job, tmp_path):
    folder = tmp_path / "reports"
    _make(folder, "all", job("GM0503", "1"), job("GM0599", "1"), whole=True)
    _make(folder, "all", job("GM0503", "1"), whole=True)

    assert [path.name for path in (folder / "all").glob("municipality-*.html")] == [
        "municipality-GM0503.html"
    ]
    assert not [path for path in folder.iterdir() if "partial" in path.name or "previous" in path.name]


def test_results_are_shared_beside_the_reports_or_where_the_environment_says(job, tmp_path, monkeypatch):
    say = "import os\nprint(os.environ['ANALYSE_SHARED'])"
    named = tmp_path / "named"
    named.mkdir()
    (named / "of-somebody-else.txt").write_text("stays", encoding="utf-8")
    said = []
    for folder in ("first", "second"):
        made = _make(tmp_path / folder, "all", job("GM0503", say), whole=True)
        said.append(
            (made.index.parent / "all/notebooks/municipality-GM0503.ipynb").read_text(encoding="utf-8")
        )
        monkeypatch.setenv("ANALYSE_SHARED", str(named))

    assert str(tmp_path / "first" / ".shared") in said[0]
    assert str(named) in said[1]
    assert [path.name for path in named.iterdir()] == ["of-somebody-else.txt"]


def test_the_same_choices_give_the_same_bytes_the_manifest_apart(job, tmp_path):
    written = []
    for name in ("first", "second"):
        _make(tmp_path / name, "all", job("GM0503", "1 + 1"), whole=True)
        files = (path for path in (tmp_path / name).rglob("*") if path.is_file() and path.name != ".lock")
        written.append({path.relative_to(tmp_path / name): path.read_bytes() for path in files})
    first, second = written

    assert {path.name for path in first if first[path] != second[path]} <= {"manifest.json"}


def test_the_manifest_tells_with_what_it_was_made(job, tmp_path):
    made = _make(tmp_path / "reports", "all", job("GM0503", "1"), whole=True).manifest

    assert list(made) == [
        *(
            "run",
            "whole",
            "language",
            "parameters",
            "seed",
            "data",
            "packages",
            "python",
            "commit",
            "notebooks",
        ),
        "seconds",
    ]
    assert made["parameters"] == Run().model_dump(mode="json")
    assert all(len(row["sha256"]) == 64 and row["rows"] > 0 for row in made["data"])
    assert {"pandas", "plotly", "statsmodels", "jeugdhulp-analyse"} <= set(made["packages"])
    (entry,) = made["notebooks"]
    assert {
        key: entry[key]
        for key in ("name", "notebook", "area_code", "title", "status", "reason", "cell", "html")
    } == {
        **{
            "name": "municipality-GM0503",
            "notebook": "municipality",
            "area_code": "GM0503",
            "title": "Delft",
        },
        **{"status": "ok", "reason": "", "cell": None, "html": "municipality-GM0503.html"},
    }
