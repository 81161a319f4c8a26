"""The commands as a user types them: what they write, what they refuse, and with which exit status."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import nbformat
import openpyxl
import pandas as pd
import pytest

from analyse import __version__, cli, errors
from analyse.cli import options

ROOT = Path(__file__).resolve().parents[2]
VERSION = json.loads((ROOT / "data/open/datapackage.json").read_text(encoding="utf-8"))["version"]
"""Of the embedded figures."""
QUANTILES = ["0.025", "0.1", "0.5", "0.9", "0.975"]


@dataclass
class Ended:
    """How a command ended."""

    status: int
    out: str
    err: str


@pytest.fixture
def analyse(monkeypatch, capsys) -> Callable[..., Ended]:
    """Run the command line in this process, as ``main`` does."""

    def run(*arguments: str) -> Ended:
        monkeypatch.setattr(sys, "argv", ["analyse", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        return Ended(ended.value.code, *capsys.readouterr())

    return run


@pytest.fixture
def home(tmp_path: Path, monkeypatch) -> Path:
    """A repository of our own, with the real figures and two small notebooks; what is made of them is shared."""
    folder = tmp_path / "home"
    shutil.copytree(ROOT / "data", folder / "data")
    shutil.copytree(ROOT / "parameters", folder / "parameters")
    _notebook(folder / "notebooks/municipality.ipynb", 'municipality = "GM0503"', "print(municipality)")
    _notebook(folder / "notebooks/region.ipynb", 'region = "JZ24"', "print(region)")
    monkeypatch.setenv("ANALYSE_HOME", str(folder))
    monkeypatch.setenv("ANALYSE_SHARED", os.environ["ANALYSE_TESTS_SHARED"])
    return folder


def _notebook(path: Path, parameters: str, source: str) -> None:
    tagged = nbformat.v4.new_code_cell(parameters, metadata={"tags": ["parameters"]})
    node = nbformat.v4.new_notebook(cells=[tagged, nbformat.v4.new_code_cell(source)])
    node.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(node, path)


def _one_line(ended: Ended) -> str:
    lines = ended.err.splitlines()
    assert len(lines) == 1, ended.err
    assert lines[0].startswith("analyse: ")
    return lines[0]


def test_list_names_the_regions_and_the_municipalities(analyse):
    ended = analyse("list")

    assert ended.status == 0
    assert "JZ24    Haaglanden\n  GM0503  Delft\n" in ended.out
    assert "JZ22    Utrecht Stad\n  GM0344  Utrecht\n" in ended.out
    assert len(re.findall(r"^  GM", ended.out, re.MULTILINE)) == 342
    assert len(re.findall(r"^JZ", ended.out, re.MULTILINE)) == 42


def test_data_verify_tells_what_was_checked(analyse):
    ended = analyse("data", "verify")

    assert ended.status == 0
    assert re.search(r"ok  data/open/costs.csv  \d+ rows", ended.out)


def test_one_altered_byte_is_named_and_nothing_runs(analyse, home):
    path = home / "data/open/costs.csv"
    path.write_bytes(path.read_bytes().replace(b"1", b"2", 1))

    for command in (("data", "verify"), ("history", "--by", "region", "--output", home / "out.csv")):
        ended = analyse(*command)
        assert ended.status == 3
        assert "data/open/costs.csv: altered" in _one_line(ended)
        assert "git checkout" in ended.err
    assert not (home / "out.csv").exists()


def test_history_by_municipality_has_one_row_per_municipality_and_year(analyse, tmp_path):
    ended = analyse("history", "--by", "municipality", "--output", tmp_path / "history.csv")
    table = pd.read_csv(tmp_path / "history.csv")

    assert ended.status == 0
    assert ended.out == f"{tmp_path}/history.csv: {len(table)} rows\n"
    assert list(table.columns[:5]) == ["region", "region_code", "municipality_code", "municipality", "period"]
    assert {"youths", "clients", "cost_eur", "budget_eur", "status"} <= set(table.columns)
    assert not table.duplicated(["municipality_code", "period"]).any()
    faulty = table.query("municipality == 'Nieuwkoop' and period == 2022").iloc[0]
    assert (faulty["status"], str(faulty["cost_eur"])) == ("faulty", "nan")


def test_history_by_region_gives_the_published_totals(analyse, tmp_path):
    analyse("history", "--by", "region", "--composition", "of-the-time", "--output", tmp_path / "h.parquet")
    table = pd.read_parquet(tmp_path / "h.parquet").set_index(["region", "period"])["cost_eur"]

    assert table["Rijnmond", 2017] == pytest.approx(263.6e6, abs=0.05e6)
    assert table["Rijnmond", 2024] == pytest.approx(595.2e6, abs=0.05e6)
    assert table["Haaglanden", 2017] == pytest.approx(235.5e6, abs=0.05e6)


def test_forecast_has_the_key_the_mean_and_the_quantiles_by_their_own_names(analyse, tmp_path):
    arguments = ("--horizon", "2", "--samples", "100", "--output", tmp_path / "forecast.xlsx")
    ended = analyse("forecast", "--by", "region", *arguments)
    table = pd.read_excel(tmp_path / "forecast.xlsx")

    assert ended.status == 0
    assert list(table.columns) == ["region", "region_code", "period", "mean_eur", *QUANTILES]
    assert sorted(table["period"].unique()) == [2025, 2026]
    assert (table[QUANTILES].diff(axis=1).iloc[:, 1:] >= 0).all(axis=None)


def test_the_municipalities_of_a_forecast_add_up_to_the_region(analyse, tmp_path):
    for level in ("municipality", "region"):
        analyse("forecast", "--by", level, "--samples", "100", "--output", tmp_path / f"{level}.csv")
    municipalities = pd.read_csv(tmp_path / "municipality.csv").groupby(["region", "period"])["mean_eur"]
    parts, number = municipalities.sum(), municipalities.size()
    whole = pd.read_csv(tmp_path / "region.csv").set_index(["region", "period"])["mean_eur"]

    assert list(parts.index) == list(whole.index)
    assert ((parts - whole).abs() <= 0.5 * (number + 1)).all()  # each of them is rounded to a whole euro


@pytest.fixture
def own_table() -> pd.DataFrame:
    """Two series of eight years, with codes that begin with a zero."""
    rng, years = range(8), [*range(2017, 2025)] * 2
    costs = [100.0 + 7 * year for year in rng] + [50.0 + (year % 3) for year in rng]
    return pd.DataFrame({"code": ["0503"] * 8 + ["0518"] * 8, "jaar": years, "kosten": costs})


def test_a_table_of_your_own_is_forecast_with_a_row_per_key_and_period(analyse, tmp_path, own_table):
    columns = (
        "--key",
        "code",
        "--period",
        "jaar",
        "--value",
        "kosten",
        "--horizon",
        "3",
        "--frequency",
        "year",
    )
    for extension, write in (("csv", "to_csv"), ("xlsx", "to_excel"), ("parquet", "to_parquet")):
        getattr(own_table, write)(tmp_path / f"in.{extension}", index=False)
        ended = analyse("forecast", "--input", tmp_path / f"in.{extension}", *columns,
                        "--output", tmp_path / f"{extension}.csv")  # fmt: skip
        assert ended.out == f"{tmp_path}/{extension}.csv: 6 rows\n"
    first, *others = ((tmp_path / f"{one}.csv").read_bytes() for one in ("csv", "xlsx", "parquet"))
    table = pd.read_csv(tmp_path / "csv.csv", dtype={"code": "str"})

    assert others == [first, first]
    assert list(table.columns) == ["code", "jaar", "mean", *QUANTILES]
    assert table[["code", "jaar"]].to_numpy().tolist() == [
        [code, year] for code in ("0503", "0518") for year in (2025, 2026, 2027)
    ]
    assert (table[QUANTILES].diff(axis=1).iloc[:, 1:] >= 0).all(axis=None)


def test_a_table_with_semicolons_and_the_usual_names_needs_no_options(analyse, tmp_path, own_table):
    usual = own_table.rename(columns={"jaar": "period", "kosten": "value"})
    usual.to_csv(tmp_path / "in.csv", index=False, sep=";", encoding="utf-8-sig")
    ended = analyse(
        "forecast", "--input", tmp_path / "in.csv", "--samples", "50", "--output", tmp_path / "out.xlsx"
    )

    assert ended.status == 0
    assert list(pd.read_excel(tmp_path / "out.xlsx").columns) == ["code", "period", "mean", *QUANTILES]


@pytest.mark.parametrize(
    ("arguments", "status", "message"),
    [
        ((), 2, "either --by municipality, --by region, or --input"),
        (("--input", "in.csv", "--by", "region"), 2, "either --by municipality, --by region, or --input"),
        (("--by", "region", "--key", "code"), 2, "--key goes with --input"),
        (("--input", "in.csv", "--parameters", "run.yaml"), 2, "--parameters goes with --by"),
        (("--input", "in.csv", "--period", "jaar", "--value", "kosten", "--horizon", "0"), 2, "horizon is 0"),
        (("--input", "in.csv", "--frequency", "week"), 2, "--frequency"),
        (("--input", "in.doc"), 2, ".csv, .parquet, .xlsx"),
        (("--input", "none.csv"), 3, "no such file"),
        (("--input", "broken.parquet"), 3, "is no Parquet table, or damaged"),
        (
            ("--input", "in.csv", "--value", "kosten", "--period", "year"),
            3,
            "no column year; the table has code",
        ),
        (
            ("--input", "in.csv", "--value", "kosten", "--period", "jaar", "--frequency", "month"),
            3,
            "is no month",
        ),
    ],
)
def test_what_is_wrong_with_a_table_of_your_own_is_one_line(
    analyse, tmp_path, monkeypatch, own_table, arguments, status, message
):
    monkeypatch.chdir(tmp_path)
    own_table.to_csv("in.csv", index=False)
    Path("broken.parquet").write_text("no parquet")
    ended = analyse("forecast", *arguments, "--output", "out.csv")

    assert ended.status == status
    assert message in _one_line(ended)
    assert not Path("out.csv").exists()


def test_the_same_seed_gives_the_same_file_and_another_seed_another(analyse, tmp_path):
    for name, seed in (("a", 1), ("b", 1), ("c", 2)):
        arguments = ("--samples", "100", "--seed", seed, "--output", tmp_path / f"{name}.csv")
        analyse("forecast", "--by", "region", *arguments)
    a, b, c = ((tmp_path / f"{name}.csv").read_bytes() for name in "abc")

    assert a == b != c


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("report", "--municipality", "Delf"), "did you mean GM0503 (Delft)"),
        (("report", "--municipality", "GM0598"), "GM0598"),
        (("report", "--municipality", ""), "municipality"),
        (("report", "--region", "Utrecht"), "JZ22 (Utrecht Stad)"),
        (("report",), "give --municipality, --region, --group, --all or --country"),
        (("report", "--municipality", "Delft", "--name", "../elsewhere"), "name '../elsewhere'"),
        (("report", "--municipality", "Delft", "--workers", "0"), "--workers"),
        (("report", "--municipal", "Delft"), "No such option"),
        (("forecast", "--by", "region", "--horizon", "11", "--output", "f.csv"), "horizon: got 11"),
        (("forecast", "--by", "region", "--samples", "many", "--output", "f.csv"), "--samples"),
        (("history", "--by", "street", "--output", "h.csv"), "--by"),
        (("history", "--by", "region"), "--output"),
        (("history", "--by", "region", "--output", "h.doc"), ".csv, .parquet, .xlsx"),
        (("history", "--by", "region", "--composition-year", "1999", "--output", "h.csv"), "1999"),
        (("nothing",), "nothing"),
    ],
)
def test_a_wrong_parameter_is_one_line_and_status_2(analyse, home, arguments, message):
    ended = analyse(*arguments)

    assert ended.status == 2
    assert message in _one_line(ended)
    assert not (home / "reports").exists()


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("horizn: 6\n", "did you mean horizon?"),
        ("horizon: six\n", "horizon: got 'six'"),
        ("horizon: 2.5\n", "horizon: got 2.5"),
        ("language: fr\n", "language: got 'fr'"),
        ("- 6\n", "expected keys and values"),
        ("horizon: [\n", "not valid YAML"),
    ],
)
def test_a_wrong_parameter_file_is_named_with_what_is_allowed(analyse, tmp_path, content, message):
    path = tmp_path / "run.yaml"
    path.write_text(content)
    ended = analyse("forecast", "--by", "region", "--parameters", path, "--output", tmp_path / "f.csv")

    assert ended.status == 2
    assert message in _one_line(ended)
    assert not (tmp_path / "f.csv").exists()


def test_a_parameter_file_that_is_not_there_is_named(analyse, tmp_path):
    ended = analyse("report", "--all", "--parameters", tmp_path / "none.yaml")

    assert ended.status == 2
    assert "no such file" in _one_line(ended)


def test_an_output_that_cannot_be_written_is_status_4_and_leaves_no_part(analyse, tmp_path):
    (tmp_path / "file").write_text("a file where a folder belongs")
    for command in (
        ("history", "--by", "region", "--output", tmp_path / "file/h.csv"),
        ("report", "--municipality", "Delft", "--output", tmp_path / "file/reports"),
    ):
        ended = analyse(*command)
        assert ended.status == 4
        assert "cannot write" in _one_line(ended)
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_debug_shows_where_an_error_came_from(monkeypatch, tmp_path):
    monkeypatch.setattr(sys, "argv", ["analyse", "report", "--municipality", "Delf", "--debug"])
    with pytest.raises(errors.ParameterError):
        cli.main()


def test_help_tells_the_exit_statuses_that_the_errors_have(analyse):
    ended = analyse("report", "--help")

    assert ended.status == 0
    told = " ".join(ended.out.split())
    for kind, words in (
        (errors.ParameterError, "wrong parameter"),
        (errors.DataError, "data missing"),
        (errors.OutputError, "output cannot be written"),
        (errors.ReportFailure, "at least one notebook failed"),
    ):
        assert f"{kind.exit_code} {words}" in told


def test_report_makes_pages_an_index_and_a_manifest_and_says_where(analyse, home):
    ended = analyse("report", "--municipality", "Delft", "--region", "JZ24", "--workers", "2")
    run = home / f"reports/open-{VERSION}-nl-JZ24-GM0503"
    made = json.loads((run / "manifest.json").read_text(encoding="utf-8"))

    assert ended.status == 0, ended.err
    assert ended.out.splitlines()[-1] == f"open {home}/reports/index.html"
    assert [one["status"] for one in made["notebooks"]] == ["ok", "ok"]
    assert [one["title"] for one in made["notebooks"]] == ["Haaglanden", "Delft"]
    assert {
        "index.html",
        "municipality-GM0503.html",
        "region-JZ24.html",
        "manifest.json",
        "assets",
        "notebooks",
    } <= {path.name for path in run.iterdir()}
    assert made["seed"] == 20241231
    assert {row["table"] for row in made["data"]} >= {"costs", "population"}
    assert made["packages"]["pandas"].startswith("3.")
    assert f'href="open-{VERSION}-nl-JZ24-GM0503/municipality-GM0503.html"' in (
        home / "reports/index.html"
    ).read_text(encoding="utf-8")


def test_quiet_prints_one_line_and_a_second_run_leaves_everything_as_it_is(analyse, home):
    ended = analyse("report", "--municipality", "Delft", "--quiet")
    again = analyse("report", "--municipality", "Delft", "--quiet")

    run = f"open-{VERSION}-nl-GM0503: 1 report,"
    assert (ended.status, ended.err) == (0, "")
    assert ended.out.splitlines()[-1] == f"{run} 1 made, 0 unchanged, 0 failed"
    assert again.out == f"{run} 0 made, 1 unchanged, 0 failed\n"
    assert "nothing changed" in (home / "reports/summary.txt").read_text(encoding="utf-8")
    assert (home / "reports/analyse.log").read_text(encoding="utf-8").count("INFO") == 2


def test_quiet_leaves_standard_error_empty_whatever_a_notebook_writes_there(home):
    """In a process of its own, for what kernels and their workers write goes past Python's ``sys.stderr``."""
    loud = "import os, sys, warnings\nwarnings.warn('loud')\nprint('loud', file=sys.stderr)\nos.write(2, b'loud')"
    _notebook(home / "notebooks/municipality.ipynb", 'municipality = "GM0503"', loud)
    command = [sys.executable, "-m", "analyse", "report", "--municipality", "Delft", "--quiet"]

    ended = subprocess.run(command, capture_output=True, text=True, check=False, cwd=home)

    assert (ended.returncode, ended.stderr.splitlines()) == (0, [])
    assert ended.stdout.splitlines()[-1].endswith("1 made, 0 unchanged, 0 failed")


def test_a_dry_run_says_what_would_run_and_why_and_makes_nothing(analyse, home):
    first = analyse("report", "--municipality", "Delft", "--dry-run")
    analyse("report", "--municipality", "Delft")
    _notebook(home / "notebooks/municipality.ipynb", 'municipality = "GM0503"', "2 + 2")
    changed = analyse("report", "--municipality", "Delft", "--dry-run")

    assert first.out == "municipality-GM0503 (Delft): not made before\n1 of 1 notebooks would run\n"
    assert changed.out.startswith("municipality-GM0503 (Delft): the notebook changed")


def test_reproduce_makes_the_same_and_says_so(analyse, home):
    analyse("report", "--municipality", "Delft", "--name", "try")
    same = analyse("reproduce", home / "reports/try/manifest.json")
    _notebook(home / "notebooks/municipality.ipynb", 'municipality = "GM0503"', "2 + 2")
    other = analyse("reproduce", home / "reports/try/manifest.json")

    assert (same.status, same.out) == (0, "1 of 1 reports are the same, byte for byte\n")
    assert other.status == 5
    assert "not the same: municipality-GM0503" in other.out


def test_a_failing_notebook_is_status_5_and_stands_in_the_index_and_the_manifest(analyse, home):
    source = "if municipality == 'GM0503': raise ValueError('no accounts of 2031')"
    _notebook(home / "notebooks/municipality.ipynb", 'municipality = "GM0503"', source)
    ended = analyse("report", "--municipality", "Delft", "--municipality", "Rotterdam", "--name", "try")
    made = json.loads((home / "reports/try/manifest.json").read_text(encoding="utf-8"))

    assert ended.status == 5
    assert "1 of 2 notebooks failed: municipality-GM0503" in ended.err.splitlines()[-1]
    assert [one["status"] for one in made["notebooks"]] == ["failed", "ok"]
    assert made["notebooks"][0]["reason"] == "ValueError: no accounts of 2031"
    for page in ("index.html", "municipality-GM0503.html"):
        assert "no accounts of 2031" in (home / "reports/try" / page).read_text(encoding="utf-8")


def test_when_nothing_succeeds_the_earlier_set_stays(analyse, home):
    analyse("report", "--municipality", "Delft", "--name", "try")
    before = (home / "reports/try/manifest.json").read_bytes()
    _notebook(home / "notebooks/municipality.ipynb", 'municipality = "GM0503"', "1 / 0")
    ended = analyse("report", "--municipality", "Delft", "--name", "try")

    assert ended.status == 5
    assert "reports/try.failed/index.html" in ended.err
    assert (home / "reports/try/manifest.json").read_bytes() == before


def test_an_interrupted_run_leaves_the_earlier_set_whole(analyse, home):
    analyse("report", "--municipality", "Delft", "--name", "try")
    before = {path: path.read_bytes() for path in (home / "reports").rglob("*") if path.is_file()}
    _notebook(
        home / "notebooks/municipality.ipynb", 'municipality = "GM0503"', "import time; time.sleep(120)"
    )
    command = [
        sys.executable,
        "-m",
        "analyse",
        "report",
        "--municipality",
        "Delft",
        "--name",
        "try",
        "--quiet",
    ]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    while not list((home / "reports/.try.partial").glob("notebooks/*.ipynb")):
        assert process.poll() is None
        time.sleep(0.1)
    process.send_signal(signal.SIGTERM)

    assert "interrupted" in process.communicate(timeout=60)[1]
    assert process.returncode == 130
    after = {path: path.read_bytes() for path in (home / "reports").rglob("*") if path.is_file()}
    beside = {home / "reports/.lock", home / "reports/workers.log"}
    assert after.keys() - beside == before.keys() - beside
    assert all(after[path] == content for path, content in before.items() if path not in beside)


def test_the_version_is_that_of_the_package(analyse):
    ended = analyse("--version")

    assert (ended.status, ended.out) == (0, f"analyse {__version__}\n")


def test_a_full_disk_is_one_sentence_with_its_status(monkeypatch):
    """What is printed to a full disk is lost; Python itself would say so in its own words, with status 120."""
    with Path("/dev/full").open("w") as full:
        ended = subprocess.run(
            [sys.executable, "-m", "analyse", "list"],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert ended.returncode == 4
    assert ended.stderr.splitlines() == [
        "analyse: cannot read or write: No space left on device; free space, or choose another place"
    ]


def test_no_formula_leaves_in_a_table_that_is_written(analyse, tmp_path):
    lines = [f'"=1+{number % 2}",{2015 + number // 2},{100 + number}\n' for number in range(20)]
    (tmp_path / "in.csv").write_text("key,year,value\n" + "".join(lines))
    for name in ("out.csv", "out.xlsx"):
        assert (
            analyse(
                "forecast", "--input", tmp_path / "in.csv", "--horizon", "1", "--output", tmp_path / name
            ).status
            == 0
        )
    assert set(pd.read_csv(tmp_path / "out.csv")["key"]) == {"'=1+0", "'=1+1"}
    cells = [cell for row in openpyxl.load_workbook(tmp_path / "out.xlsx").active.iter_rows() for cell in row]
    assert "f" not in {cell.data_type for cell in cells}
    assert "=1+0" in {cell.value for cell in cells}


def test_rows_as_json_are_those_of_the_table(analyse, tmp_path):
    ended = analyse("history", "--by", "region", "--json", "--output", tmp_path / "out.csv")
    table = pd.read_csv(tmp_path / "out.csv")
    rows = json.loads(ended.out)
    assert [row["region"] for row in rows] == table["region"].tolist()
    known = table["cost_eur"].astype(object).where(table["cost_eur"].notna(), None)
    assert [row["cost_eur"] for row in rows] == known.tolist()
    assert {row["municipality"] for row in json.loads(analyse("list", "--json").out)} > {"Delft", "Groningen"}
    assert "base" in json.loads(analyse("scenario", "list", "--json").out)["scenarios"]


def test_without_a_place_to_leave_the_table_both_are_named(analyse):
    ended = analyse("history", "--by", "region")
    assert ended.status == 2
    assert "give --output FILE to write the table, or --json" in ended.err


@pytest.mark.parametrize(
    ("begun", "completed"),
    [("Delft", ["Delft"]), ("GM0503", ["GM0503"]), ("haag", ["Haaglanden"]), ("xyz", [])],
)
def test_the_shell_completes_areas(begun, completed):
    assert options.areas_named(begun) == completed


def test_the_shell_completes_scenarios_and_levers():
    assert options.scenarios_named("bas") == ["base"]
    assert "inflow" in options.levers_named("inf")
