"""The commands: what they say, and with which status they end."""

from __future__ import annotations

import io
import sys

import pandas as pd
import pytest
from rich.console import Console

from analyse import cli, store
from analyse.cli import open_data


@pytest.fixture
def analyse(written, monkeypatch, capsys):
    def run(*arguments: str):
        monkeypatch.setattr(sys, "argv", ["analyse", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        return ended.value.code, *capsys.readouterr()

    return run


def test_update_diff_and_verify(analyse, written, server):
    status, out, _ = analyse("update", "--table", "83454NED", "--table", "85098NED", "--table", "85099NED")
    assert status == 0
    assert "83454NED" in out
    assert "not in our lists, left out: VormenVanJeugdzorg: Iets nieuws (A999999)" in out
    assert f"data/{store.latest()} is in use as dataset latest; data/open is as it was" in out

    status, out, _ = analyse(
        "data", "diff", "open", "latest", "--municipality", "Delft", "--output", written / "d.csv"
    )
    assert status == 0
    assert "costs_by_form GM0503: 0 revised; 64 new; 0 gone" in out
    cells = pd.read_csv(written / "d.csv")
    assert set(cells["municipality_code"]) == {"GM0503"}
    assert {"revised", "new"} <= set(cells["kind"])

    status, out, _ = analyse("data", "diff", "latest", "latest")
    assert "no figure differs" in out
    assert analyse("data", "verify", "--dataset", store.latest())[0] == 0


def test_what_is_left_is_said_and_a_failure_has_status_3(analyse, server, cbs):
    status, _, err = analyse("update", "--table", "85098NED", "--table", "85755NED", "--quiet")
    assert status == 0
    assert "85098NED stays as it was" in err
    assert "HeelIetsAnders" in err or "Heel iets anders" in err

    server.troubles.append(cbs.Trouble("85755NED", "500", times=-1))
    status, _, err = analyse("update", "--table", "85755NED")
    assert status == 3
    assert "nothing was replaced" in err
    assert err.count("\n") == 1


def test_an_unknown_dataset_is_refused(analyse):
    status, _, err = analyse("data", "diff", "nowhere")
    assert status == 3
    assert "there is open" in err


def test_the_bar_counts_tables_and_questions(monkeypatch):
    screen = Console(file=io.StringIO(), force_terminal=True, width=100)
    monkeypatch.setattr("rich.console.Console", lambda **options: screen)

    with open_data._progress(2, quiet=False) as tell:
        tell("85099NED", "")
        tell("85099NED", "https://datasets.cbs.nl/x")
        tell("03759ned", "https://datasets.cbs.nl/y")

    assert "2 questions" in screen.file.getvalue()
    assert "2/2" in screen.file.getvalue()
