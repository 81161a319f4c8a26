"""The commands: simulate, read, check, with the exit status that a schedule looks at."""

from __future__ import annotations

import re
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from analyse import cli
from analyse.errors import AnalyseError, DataError, ParameterError


def run(*arguments: str):
    return CliRunner().invoke(cli.app, list(arguments), standalone_mode=False)


def test_simulate_read_and_check(tmp_path: Path):
    demo, store = str(tmp_path / "demo"), str(tmp_path / "store")
    made = run(
        "demo-declarations",
        "--municipality",
        "Wassenaar",
        "--years",
        "2024",
        "--lines",
        "400",
        "--output",
        demo,
    )
    read = run("declarations", "read", f"{demo}/plat", "--output", store)
    again = run("declarations", "read", f"{demo}/plat", "--output", store)
    table = str(tmp_path / "found.csv")
    checked = run(
        "declarations", "check", "--store", store, "--contracts", f"{demo}/contracts", "--output", table
    )

    assert [one.exception for one in (made, read, again, checked)] == [None] * 4
    assert all(one.output.startswith("Gesimuleerde declaraties") for one in (made, read, checked))
    assert "reconciled to the cent" in read.output
    assert "new key" in read.output and "new key" not in again.output
    assert "1 files already read" in again.output
    assert "<10" in checked.output
    head, first, *_ = Path(table).read_text().splitlines()
    assert head.startswith("rule,what,severity,year,provider,provider_name,lines")
    rule, what = first.split(",")[:2]
    assert re.search(rf"^{rule} .*  {re.escape(what)}$", checked.output, re.M), "a code never stands alone"


def test_a_refused_file_is_named_and_ends_in_an_error(tmp_path: Path):
    (tmp_path / "wrong.xml").write_text("<a/>")

    found = run("declarations", "read", str(tmp_path / "wrong.xml"), "--output", str(tmp_path / "store"))

    assert isinstance(found.exception, DataError)
    assert "wrong.xml: " in found.output


@pytest.mark.parametrize("wrong", [["--years", "2031"], ["--years", "ooit"], []])
def test_impossible_wishes_are_refused(tmp_path: Path, wrong: list[str]):
    place = [] if not wrong else ["--municipality", "Delft"]

    found = run("demo-declarations", "--output", str(tmp_path / "demo"), *place, *wrong)

    assert isinstance(found.exception, ParameterError)


def message(folder: Path, made, name: str = "april.xml", change: tuple[str, str] = ("", "")) -> Path:
    """A JW323 of two lines, as a file."""
    lines = {made.BSN["first"]: [made.line("R1", 5000), made.line("R2", 6000)]}
    path = folder / "in" / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(made.jw323(lines, 11000).replace(*change))
    return path


def end(*arguments: str) -> tuple[int, str, str]:
    """Exit status, output and errors of the command as a shell sees them."""
    found = subprocess.run(
        [sys.executable, "-m", "analyse", *arguments], capture_output=True, text=True, check=False
    )
    return found.returncode, found.stdout, found.stderr


def test_a_shell_sees_the_status_and_one_sentence_without_anything_of_a_client(
    made, tmp_path: Path, key: Path
):
    message(tmp_path, made)
    wrong = message(tmp_path, made, "wrong.xml", ("<i:Bedrag>6000", "<i:Bedrag>6001"))

    status, out, err = end("declarations", "read", str(tmp_path / "in"), "--output", str(tmp_path / "store"))

    assert status == DataError.exit_code
    assert f"{wrong.name}: " in out
    assert err.strip().count("\n") == 0
    assert "1 of 2 files were refused" in err
    assert not [one for one in (*made.BSN.values(), *made.NAMES, "Traceback") if one in out + err]
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    assert key.read_text().strip() not in out + err


def test_a_lost_key_is_explained_and_another_one_is_not_used(made, tmp_path: Path, key: Path):
    first, store = message(tmp_path, made), str(tmp_path / "store")
    second = message(tmp_path, made, "may.xml", (">R", ">S"))
    assert run("declarations", "read", str(first), "--output", store).exception is None
    key.unlink()

    found = run("declarations", "read", str(second), "--output", store)

    assert isinstance(found.exception, DataError)
    assert "put that key back" in str(found.exception)
    assert "read all files again into a new folder" in str(found.exception)
    counted = run("declarations", "check", "--store", store)
    assert counted.exception is None


def test_a_second_key_is_refused(made, tmp_path: Path):
    first, store = message(tmp_path, made), str(tmp_path / "store")
    second = message(tmp_path, made, "may.xml", (">R", ">S"))
    assert run("declarations", "read", str(first), "--output", store).exception is None

    found = run("declarations", "read", str(second), "--output", store, "--key", str(tmp_path / "other.key"))

    assert isinstance(found.exception, DataError)
    assert "another key" in str(found.exception)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["read", "absent", "--output", "store"], "no such file"),
        (["read", "in", "--output", "store", "--mapping", "absent.yaml"], "absent.yaml"),
        (["read", "in", "--output", "store", "--key", "open.key"], "chmod 600"),
        (["check", "--store", "absent"], "no declarations here"),
        (["check", "--store", "store", "--contracts", "absent"], "absent"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_sentence(made, tmp_path: Path, monkeypatch, arguments, said):
    message(tmp_path, made)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "open.key").write_text("00" * 32)
    (tmp_path / "open.key").chmod(0o644)
    if arguments[0] == "check" and "store" in arguments:
        assert run("declarations", "read", "in", "--output", "store").exception is None

    found = run("declarations", *arguments)

    assert isinstance(found.exception, AnalyseError)
    assert said in str(found.exception)
    assert "\n" not in str(found.exception)
