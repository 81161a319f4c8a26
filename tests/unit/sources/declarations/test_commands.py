"""The commands: simulate, read, check, with the exit status that a schedule looks at."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from analyse import cli
from analyse.errors import DataError, ParameterError


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
    assert "1 files already read" in again.output
    assert "<10" in checked.output
    assert Path(table).read_text().startswith("rule,severity,year,provider,lines")


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
