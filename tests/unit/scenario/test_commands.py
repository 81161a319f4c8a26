"""``analyse scenario`` as a user types it."""

from __future__ import annotations

import sys

import pandas as pd
import pytest

from analyse import cli, scenario

FEW = "samples: 300\nhorizon: 4\n"


@pytest.fixture
def analyse(monkeypatch, capsys, tmp_path):
    """Run ``analyse scenario`` with few samples; gives the exit status and what was printed."""
    (tmp_path / "few.yaml").write_text(FEW)

    def run(*arguments: str) -> tuple[int, str, str]:
        more = [] if arguments[0] == "list" else ["--parameters", str(tmp_path / "few.yaml")]
        monkeypatch.setattr(sys, "argv", ["analyse", "scenario", *map(str, arguments), *more])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        return (ended.value.code, *capsys.readouterr())

    return run


def test_run_prints_years_and_business_case_with_their_passport_and_writes_them(analyse, tmp_path):
    status, out, err = analyse(
        "run", "zo-thuis-mogelijk", "--municipality", "Delft", "--output", tmp_path / "d.csv"
    )
    written = pd.read_csv(tmp_path / "d.csv")

    assert (status, err) == (0, "")
    assert "Delft: At home as much as possible" in out
    assert "residential-to-family: 20 percent, from 2027, in 36 months, cost ratio 0.8" in out
    assert "your own assumption, not evidence" in out
    assert "seed 20241231" in out
    assert "present value" in out
    assert "with only the forecast uncertain" in out
    assert [
        line.split()[0] for line in out.splitlines() if line.startswith(("population", "mix", "interaction"))
    ] == ["population", "mix", "interaction"]
    assert sorted(written["period"].unique()) == [2025, 2026, 2027, 2028]
    year = written.query("period == 2028 and measure == 'cost_eur'").iloc[0]
    assert f"2028  {year['mean'] / 1e6:.2f}" in out


def test_run_takes_a_file_of_ones_own_and_writes_every_form_and_sample(analyse, tmp_path):
    (tmp_path / "mijn.yaml").write_text("title: Mijn plan\nlevers: {inflow: {size: -10}}\n")
    status, out, _ = analyse(
        "run",
        tmp_path / "mijn.yaml",
        "--region",
        "Haaglanden",
        "--by-form",
        "--output",
        tmp_path / "h.parquet",
    )
    written = pd.read_parquet(tmp_path / "h.parquet")

    assert status == 0
    assert "Haaglanden: Mijn plan" in out
    assert len(written) == 12 * 4 * 300
    assert set(written["scenario"]) == {"mijn"}


def test_compare_puts_scenarios_side_by_side(analyse, tmp_path):
    status, out, _ = analyse("compare", "base", "betaalbaar", "--year", 2028, "--output", tmp_path / "c.xlsx")
    written = pd.read_excel(tmp_path / "c.xlsx")
    lines = out.splitlines()

    assert status == 0
    assert lines[0] == "Delft, 2028"
    assert [line.split()[0] for line in lines[3:5]] == ["base", "betaalbaar"]
    assert lines[3].split()[-4:] == ["0.00", "0.00", "to", "0.00"]
    assert set(written["scenario"]) == {"base", "betaalbaar"}


def test_compare_takes_several_areas(analyse, tmp_path):
    status, out, _ = analyse(
        "compare",
        "base",
        "betaalbaar",
        "--municipality",
        "Delft",
        "--municipality",
        "GM0599",
        "--region",
        "JZ24",
        "--output",
        tmp_path / "c.csv",
    )
    written = pd.read_csv(tmp_path / "c.csv")

    assert status == 0
    assert [line for line in out.splitlines() if line.endswith(", 2028")] == [
        "Delft, 2028",
        "Rotterdam, 2028",
        "Haaglanden, 2028",
    ]
    assert written["area_code"].unique().tolist() == ["GM0503", "GM0599", "JZ24"]


def test_seek_answers_in_a_sentence(analyse):
    status, out, _ = analyse(
        "seek", "inflow", "--year", "2028", "--budget", "38000000", "--probability", "0.8"
    )

    assert status == 0
    assert "percent meets the budget with a probability of 80%" in out
    assert "Without it" in out


def test_seek_says_what_limits_a_measure(analyse):
    _, early, _ = analyse("seek", "inflow", "--year", "2026", "--budget", "20000000")
    _, studied, _ = analyse("seek", "normalise", "--year", "2028", "--budget", "20000000")

    assert "What limits it: it starts in 2027, so it does nothing in 2026." in early
    assert "What limits it: studies found what it does" in studied


def test_seek_says_when_nothing_meets_the_budget(analyse):
    _, out, _ = analyse("seek", "closed-places", "--year", "2028", "--budget", "20000000")

    assert "no size of closed-places between -100 and 0 percent meets the budget" in out


def test_list_names_every_scenario_and_lever(analyse):
    _, out, _ = analyse("list")

    for name in [*scenario.names(), *(lever.id for lever in scenario.levers())]:
        assert f"{name}" in out.split()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["run", "nergens"], "scenario 'nergens': no such file or scenario; known are"),
        (["run", "base", "--municipality", "Nergenshuizen"], "Nergenshuizen"),
        (["run", "base", "--municipality", "Delft", "--region", "JZ24"], "either --municipality or --region"),
        (["run", "base", "--output", "x.doc"], "extension must be one of"),
        (["run", "base", "--by-form"], "give --output as well"),
        (["compare", "base", "--year", "2040"], "no forecast of 2040; choose 2025 to 2028"),
        (
            ["seek", "inflow", "--year", "2028"],
            "no budget of 2028 is known (known: 2025, 2026); give --budget",
        ),
        (["seek", "instroom", "--year", "2026"], "unknown lever 'instroom'"),
    ],
)
def test_what_is_refused_is_one_line_with_the_cure(analyse, arguments, message):
    status, out, err = analyse(*arguments)

    assert status == 2
    assert out == ""
    assert message in err
    assert err.count("\n") == 1
