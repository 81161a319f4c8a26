"""The image: it is made from the lock and nothing else, and holds all that a report needs."""

from __future__ import annotations

import json
import shlex
import tomllib

import pytest

from analyse import store

ROOT = store.root()


@pytest.fixture(scope="module")
def steps() -> list[tuple[str, str]]:
    """Instruction and argument of every step; a line that ends with a backslash goes on."""
    text = (ROOT / "Containerfile").read_text(encoding="utf-8").replace("\\\n", " ")
    lines = [line.split(None, 1) for line in text.splitlines() if line.strip() and not line.startswith("#")]
    return [(name, argument.strip()) for name, argument in lines]


def copied(steps: list[tuple[str, str]]) -> list[str]:
    return [source for name, argument in steps if name == "COPY" for source in shlex.split(argument)[:-1]]


def test_packages_come_from_the_lock_with_their_hashes_and_from_nowhere_else(steps):
    installs = [
        one
        for name, argument in steps
        if name == "RUN"
        for one in argument.split("&&")
        if "pip install" in one
    ]

    assert len(installs) == 2
    assert {"--no-deps", "--require-hashes", "-r", "requirements.lock"} <= set(shlex.split(installs[0]))
    assert {"--no-deps", "--no-build-isolation", "--editable", "."} <= set(shlex.split(installs[1]))
    places = {argument.split()[0]: place for place, (name, argument) in enumerate(steps) if name == "COPY"}
    first_install = next(
        place for place, (name, argument) in enumerate(steps) if "--require-hashes" in argument
    )
    assert places["requirements.lock"] < first_install < places["src"], (
        "code that changes keeps the packages' layer"
    )


def test_python_of_the_image_is_one_that_the_project_takes(steps):
    name, tag = dict(steps)["FROM"].rsplit(":", 1)
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]

    assert name.endswith("library/python")
    assert f">={tag.removesuffix('-slim')}" in project["requires-python"], (
        "the version that the lock was made for"
    )


def test_all_that_a_report_reads_is_in_the_image_and_there(steps):
    sources = copied(steps)

    assert [one for one in sources if not (ROOT / one).exists()] == []
    wanted = (
        "src",
        "parameters",
        "notebooks",
        "data/open",
        "data/corrections.yaml",
        "requirements.lock",
        "pyproject.toml",
    )
    assert [one for one in wanted if one not in sources] == []
    readme = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["readme"]
    assert readme in sources, "without it the project cannot be installed"


def test_no_declarations_go_along_and_nobody_is_root(steps):
    assert [one for one in copied(steps) if one in (".", "data", "data/declarations") or "key" in one] == []
    users = [argument for name, argument in steps if name == "USER"]
    assert users and users[-1] != "root"
    assert json.loads(dict(steps)["ENTRYPOINT"]) == ["analyse"]
    assert json.loads(dict(steps)["CMD"])[0] == "report"
