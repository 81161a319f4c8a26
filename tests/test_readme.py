"""What the README shows really works: its commands and its example are taken from it and run."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from analyse import errors

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def _blocks(language: str) -> list[str]:
    """The fenced blocks of a language."""
    return re.findall(rf"^```{language}\n(.*?)^```$", README, flags=re.MULTILINE | re.DOTALL)


COMMANDS = [line.strip() for block in _blocks("sh") for line in block.splitlines() if line.strip()]


def _commands(*programs: str) -> list[str]:
    return [command for command in COMMANDS if command.split()[0] in programs]


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What a reader of the README has: the repository, here a copy of it."""
    folder = tmp_path_factory.mktemp("clone")
    for name in ("data", "parameters", "notebooks"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns(".ipynb_checkpoints"))
    for name in ("Makefile", "requirements.lock"):
        shutil.copy(ROOT / name, folder)
    return folder


def _run(command: str | list[str], folder: Path) -> subprocess.CompletedProcess[str]:
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    kept = {"ANALYSE_HOME": str(folder), "ANALYSE_SHARED": os.environ["ANALYSE_TESTS_SHARED"]}
    environment = {**os.environ, **kept, "PATH": path}
    return subprocess.run(
        command, cwd=folder, env=environment, shell=isinstance(command, str), capture_output=True, text=True
    )


def test_every_command_is_of_a_kind_that_is_checked_here():
    assert COMMANDS
    assert set(COMMANDS) == set(_commands("make", "conda", "pip", "papermill", "analyse"))


@pytest.mark.parametrize("command", _commands("analyse"))
def test_a_command_works(command: str, clone: Path):
    ended = _run(command, clone)

    assert ended.returncode == 0, ended.stderr
    for output in re.findall(r"--output (\S+)", command):
        assert (clone / output).exists()


@pytest.mark.parametrize("command", _commands("papermill"))
def test_plain_papermill_works(command: str, clone: Path):
    ended = _run(f"{command} --no-progress-bar", clone)

    assert ended.returncode == 0, ended.stderr
    assert (clone / command.split()[2]).is_file()


@pytest.mark.parametrize(
    "target", sorted({*re.findall(r"`make ([a-z]+)`", README), *re.findall(r"^make ([a-z]+)$", README, re.M)})
)
def test_a_target_of_make_is_there(target: str, clone: Path):
    assert re.search(rf"^{target}:", (clone / "Makefile").read_text(encoding="utf-8"), flags=re.MULTILINE)


def test_the_environment_for_conda_is_the_one_that_is_activated():
    environment = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))

    assert "conda env create -f environment.yml" in COMMANDS
    assert f"conda activate {environment['name']}" in COMMANDS


@pytest.mark.parametrize(("example", "printed"), zip(_blocks("python"), _blocks("text"), strict=True))
def test_an_example_prints_what_stands_below_it(example: str, printed: str, clone: Path):
    ended = _run([sys.executable, "-c", example], clone)

    assert ended.returncode == 0, ended.stderr
    shown = "".join(f"{line.rstrip()}\n" for line in ended.stdout.splitlines())
    assert shown == printed, "run python docs/make_readme.py"


def test_the_exit_codes_are_those_of_the_errors():
    told = " ".join(README.split())
    for kind, words in (
        (errors.ParameterError, "wrong parameter"),
        (errors.DataError, "data missing"),
        (errors.OutputError, "output cannot be written"),
        (errors.ReportFailure, "a notebook failed"),
    ):
        assert f"{kind.exit_code} {words}" in told


def test_what_the_readme_points_to_exists():
    paths = re.findall(r"`((?:src|docs|notebooks|parameters|data|tests)/[^`*]*|[A-Z]+\.md)`", README)

    assert paths
    assert [path for path in paths if not (ROOT / path).exists()] == []


def test_the_picture_is_there_and_small():
    (picture,) = re.findall(r"^!\[.+\]\((docs/pictures/[\w.]+)\)$", README, flags=re.M)

    assert 10_000 < (ROOT / picture).stat().st_size < 200_000
