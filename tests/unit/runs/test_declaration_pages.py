"""Pages on declarations: for whom they are planned, when they run again, and where their figures may not come."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

import duckdb
import nbformat
import pandas as pd
import pytest
from typer.testing import CliRunner

from analyse import cli, runs
from analyse.cli import progress
from analyse.errors import DataError, ParameterError
from analyse.parameters import Run
from analyse.present.exhibits.exhibit import Exhibit
from analyse.present.exhibits.tables import Column, build
from analyse.report import audit, scan
from analyse.runs import (
    Effort,
    Plan,
    cluster,
    declaration_pages,
    disclosure_gate,
    manifest,
    staleness,
    worker,
)
from analyse.runs.plan import Job, plan
from analyse.sources import declarations, snapshot
from analyse.sources.declarations.staging import LINE_COLUMNS
from analyse.sources.declarations.storage import FORMAT, TABLES

CELL = 'area = "GM0503"\ndeclarations = ""\ncontracts = ""\nlanguage = "nl"'


@pytest.fixture
def tables() -> dict[str, pd.DataFrame]:
    """Two municipalities in Haaglanden, one in Rijnmond."""
    rows = [("GM0503", "Delft", "JZ24"), ("GM0518", "'s-Gravenhage", "JZ24"), ("GM0599", "Rotterdam", "JZ29")]
    listed = pd.DataFrame(rows, columns=["municipality_code", "municipality", "region_code"]).assign(
        year=2026
    )
    names = [("JZ24", "Haaglanden"), ("JZ29", "Rijnmond")]
    changes = pd.DataFrame({"year": [2023], "municipality_code": ["GM0501"], "successor_code": ["GM1992"]})
    return {
        "municipalities": listed,
        "boundary_changes": changes,
        "regions": pd.DataFrame(names, columns=["region_code", "region"]),
    }


@pytest.fixture
def notebooks(tmp_path: Path, write_notebook) -> Path:
    folder = tmp_path / "notebooks"
    write_notebook(folder / "municipality.ipynb", ["1"], 'municipality = "GM0503"\nlanguage = "nl"')
    write_notebook(folder / "region.ipynb", ["1"], 'region = "JZ24"\nlanguage = "nl"')
    write_notebook(folder / f"{declaration_pages.NOTEBOOK}.ipynb", ["1"], CELL)
    return folder


@pytest.fixture
def make_store(tmp_path: Path):
    """A store with a line for each municipality and status, as ``analyse declarations read`` leaves it."""

    def make(lines: dict[str, str], name: str = "store", reads: int = 1) -> Path:
        folder = tmp_path / name
        part = "lines/year=2024/municipality=GM0503/part.parquet"
        (folder / part).parent.mkdir(parents=True, exist_ok=True)
        shown = {"municipality_code": "code", "status": "status"}
        columns = ", ".join(
            f"{shown.get(one, 'null')}::{kind} as {one}" for one, kind in LINE_COLUMNS.items()
        )
        values = ", ".join(f"('{code}', '{status}')" for code, status in lines.items())
        with duckdb.connect() as connection:
            connection.execute(
                f"copy (select {columns} from (values {values}) t(code, status)) to '{folder / part}'"
            )
        told = {
            "format": FORMAT,
            "simulated": True,
            "label": "Gesimuleerde declaraties",
            "key": "",
            "reads": reads,
        }
        no_tables = {one: [] for one in TABLES}
        told |= {"lines": [part], "tables": no_tables}
        (folder / "store.json").write_text(json.dumps(told))
        return folder

    return make


def _plan(tables, notebooks: Path, run: Run, **chosen) -> Plan:
    return plan(run, tables, version="1", notebooks=notebooks, **chosen)


def test_without_a_store_nothing_changes(tables, notebooks, monkeypatch, tmp_path):
    monkeypatch.undo()  # that the tests know no store in the usual place
    monkeypatch.setattr(declaration_pages.store, "root", lambda: tmp_path)

    made = _plan(tables, notebooks, Run(), municipalities=["Delft"], regions=["JZ24"])

    assert [job.name for job in made.jobs] == ["region-JZ24", "municipality-GM0503"]
    assert made.name == "open-1-nl-JZ24-GM0503"
    assert made.declared.as_json() == {}


def test_who_has_lines_gets_a_page_and_a_region_only_when_all_its_municipalities_have(
    tables, notebooks, make_store
):
    folder = make_store({"GM0503": "accepted", "GM0518": "quarantined", "GM0599": "credited"})
    run = Run(declarations=str(folder))

    made = _plan(tables, notebooks, run, municipalities=["Delft", "Den Haag"], regions=["JZ24", "JZ29"])

    pages = [job for job in made.jobs if job.notebook == declaration_pages.NOTEBOOK]
    assert [job.name for job in pages] == ["declarations-JZ29", "declarations-GM0503"]
    assert [(job.area_code, job.title) for job in pages] == [("JZ29", "Rijnmond"), ("GM0503", "Delft")]
    assert pages[1].parameters["area"] == "GM0503" and pages[1].parameters["declarations"] == str(folder)
    told = made.declared.as_json()["declarations"]
    assert told["simulated"] and told["label"] == "Gesimuleerde declaraties"
    assert [(one["area_code"], one["present"], one["members"]) for one in told["absent"]] == [
        ("JZ24", 1, 2),
        ("GM0518", 0, 1),
    ]


def test_both_pages_of_an_area_name_each_other_and_only_when_both_are_made(tables, notebooks, make_store):
    run = Run(declarations=str(make_store({"GM0503": "accepted"})))

    made = _plan(tables, notebooks, run, municipalities=["Delft", "Den Haag"], regions=["JZ24"])
    without = _plan(tables, notebooks, Run(declarations=""), municipalities=["Delft"])

    assert {job.name: job.beside for job in made.jobs} == {
        "region-JZ24": "",
        "municipality-GM0503": "declarations-GM0503.html",
        "municipality-GM0518": "",
        "declarations-GM0503": "municipality-GM0503.html",
    }
    assert {job.beside for job in made.jobs} - {""} <= {job.html for job in made.jobs}
    assert [job.beside for job in without.jobs] == [""]
    assert "beside" not in staleness.inputs(without.jobs[0]), "it is made from what it was made from before"


def test_a_page_is_made_again_when_the_one_beside_it_comes_or_goes(tables, notebooks, make_store, place):
    with_store = Run(declarations=str(make_store({"GM0503": "accepted"})))
    both, alone = (
        _plan(tables, notebooks, run, municipalities=["Delft"]).jobs[0]
        for run in (with_store, Run(declarations=""))
    )
    assert both.parameters == alone.parameters

    for before, after in ((both, alone), (alone, both)):
        for name in (before.html, before.executed):
            (place / name).write_text("made", encoding="utf-8")
        entry = manifest.entry(before) | {
            "inputs": staleness.inputs(before),
            "outputs": staleness.outputs(place, before),
        }
        why = {
            one: staleness.decide([job], Run(), [(place, [entry])])[0].why
            for one, job in (("same", before), ("other", after))
        }
        assert why == {"same": "", "other": "the page beside it came or went"}


def test_another_store_is_another_set_and_one_that_is_not_there_is_refused(tables, notebooks, make_store):
    folder = make_store({"GM0503": "accepted"})

    named = _plan(tables, notebooks, Run(declarations=str(folder)), municipalities=["Delft"]).name
    without = _plan(tables, notebooks, Run(declarations=""), municipalities=["Delft"])

    assert named.startswith("open-1-nl-declarations-store-") and named.endswith("-GM0503")
    assert without.name == "open-1-nl-no-declarations-GM0503" and len(without.jobs) == 1
    with pytest.raises(ParameterError, match="no store.json there"):
        _plan(tables, notebooks, Run(declarations="nowhere"), municipalities=["Delft"])
    (folder / "store.json").write_text("{}")
    with pytest.raises(DataError, match="another version"):
        _plan(tables, notebooks, Run(declarations=str(folder)), municipalities=["Delft"])


def test_only_pages_on_declarations_run_again_when_declarations_or_contracts_change(
    tables, notebooks, make_store, place, tmp_path
):
    folder, contracts = make_store({"GM0503": "accepted"}), tmp_path / "contracts"
    contracts.mkdir()
    run = Run(declarations=str(folder), contracts=str(contracts))

    def chosen() -> Plan:
        return _plan(tables, notebooks, run, municipalities=["Delft"])

    entries = []
    for job in chosen().jobs:
        for name in (job.html, job.executed):
            (place / name).write_text("made", encoding="utf-8")
        made = {"inputs": staleness.inputs(job), "outputs": staleness.outputs(place, job)}
        entries.append(manifest.entry(job) | made)

    def why() -> dict[str, str]:
        found = staleness.decide(chosen().jobs, run, [(place, entries)])
        return {one.job.name: one.why for one in found if one.why}

    assert {one["name"] for one in entries} == {"municipality-GM0503", "declarations-GM0503"}
    assert why() == {}
    make_store({"GM0503": "accepted"}, reads=2)
    assert why() == {"declarations-GM0503": "the declarations changed"}
    make_store({"GM0503": "accepted"})
    (contracts / "budgets.csv").write_text("municipality_code,year,budget_eur\nGM0503,2024,1\n")
    assert why() == {"declarations-GM0503": "the contracts changed"}
    (contracts / "budgets.csv").rename(contracts / "notes.txt")
    assert why() == {}


PSEUDONYM = "5f4dcc3b5aa765d61d8327deb882cf99"


def counted(count: float, status: str) -> Exhibit:
    """A table with one count of persons."""
    frame = pd.DataFrame({"form": ["thuis"], "youths": [count], "youths_status": [status]})
    shown = {"form": Column("Vorm"), "youths": Column("Jongeren", "persons")}
    return Exhibit("table", "Vormen", table=build(frame, shown, "Vormen", "nl"), language="nl")


def told(text: str) -> Exhibit:
    return Exhibit("text", "Vormen", content={"paragraphs": [text]}, language="nl")


@pytest.mark.parametrize(
    ("output", "reason"),
    [
        ([], ""),
        ([counted(25.0, "final")], ""),
        ([told("Er waren 7 jongeren.")], "a count below ten stands in declarations-GM0503.html"),
        ([told(PSEUDONYM)], "the pseudonym of a youth stands in declarations-GM0503.html"),
        ([counted(25.0, "final"), counted(float("nan"), "suppressed")], "a hidden count follows from other"),
    ],
)
def test_a_page_that_gives_a_youth_away_is_not_shown(samples, write_notebook, place, output, reason):
    source = write_notebook(place.parent / "07_declarations.ipynb", ["1"], CELL)
    job = Job("declarations-GM0503", "07_declarations", source, "GM0503", "Delft", {}, {"declarations": "a"})
    nbformat.write(samples.notebook(samples.prose("# Delft"), samples.cell(*output)), place / job.executed)
    worker.finish(job, place, "nl", manifest.entry(job))
    entry = manifest.entry(job) | {"outputs": staleness.outputs(place, job)}

    (found,) = disclosure_gate.checked([entry], [job], place, language="nl")

    assert found["reason"].startswith(f"not shown: {reason}") if reason else found == entry
    assert found["outputs"] == staleness.outputs(place, job)
    for path in (one for one in place.rglob("*") if one.is_file() and reason):
        assert PSEUDONYM.encode() not in path.read_bytes() and b"Vormen" not in path.read_bytes()
    assert disclosure_gate.checked([entry], [], place, language="nl") == [entry]


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("index.html", b"<p>Er waren 7 jongeren.</p>", "a count below ten stands in index.html: a sentence"),
        (
            ".index-of-folder.html",
            PSEUDONYM.encode(),
            "the pseudonym of a youth stands in .index-of-folder.html",
        ),
        (".cells/all.parquet", b"PAR1", "a table that only programs read stands in .cells/all.parquet"),
        (
            "manifest.json",
            b'{"youth": "%s"}' % PSEUDONYM.encode(),
            "the pseudonym of a youth stands in manifest.json",
        ),
        ("page.html", b"<p>In 2022 waren er 7 kinderen.</p>", ""),
    ],
)
def test_every_file_of_a_set_is_looked_at_hidden_ones_too(place, name, content, reason):
    (place / name).parent.mkdir(parents=True, exist_ok=True)
    (place / name).write_bytes(content)
    entries = [{"outputs": {"page.html": "hash of a page with published figures"}}]

    if not reason:
        assert disclosure_gate.check_whole(place, entries) is None
        return
    with pytest.raises(DataError, match=re.escape(f"reports: not shown, because {reason}")):
        disclosure_gate.check_whole(place, entries)


def test_a_pseudonym_inside_a_workbook_is_found(place):
    pd.DataFrame({"naam": [PSEUDONYM]}).to_excel(place / "tables.xlsx")

    with pytest.raises(DataError, match="the pseudonym of a youth stands in tables.xlsx"):
        disclosure_gate.check_whole(place, [{"outputs": {"tables.xlsx": ""}}])


def test_a_worker_of_a_cluster_with_other_declarations_gets_no_work(tables, notebooks, make_store):
    own, other = (
        str(make_store({"GM0503": "accepted"}, name, reads)) for name, reads in (("a", 1), ("b", 2))
    )
    jobs = _plan(tables, notebooks, Run(declarations=own), municipalities=["Delft"]).jobs
    told = declaration_pages.named(jobs)

    assert (
        told == {"declarations": own, "contracts": Run().contracts}
        and declaration_pages.named(jobs[:1]) == {}
    )
    ours, theirs = (cluster.versions("open", told | {"declarations": one}) for one in (own, other))
    assert cluster.refusal(ours, ours) == ""
    assert cluster.refusal(theirs, ours).startswith("it has other versions: declarations ")
    assert "declarations" not in cluster.versions("open")


def test_the_summary_to_mail_bears_the_label_and_names_who_has_no_lines():
    absent = [
        {"title": "Leiden", "members": 1, "present": 0},
        {"title": "Haaglanden", "members": 9, "present": 8},
    ]
    made = {"run": "try", "notebooks": []}

    def text(**more) -> str:
        return progress.summary(runs.Result(Path("set"), Path("set/index.html"), made | more, {}))

    simulated = {
        "notebook": declaration_pages.NOTEBOOK,
        "simulated": True,
        "label": "Gesimuleerde declaraties",
    }
    shown = text(declarations=simulated | {"absent": absent})
    assert "\ndeclarations: Gesimuleerde declaraties\n" in shown
    assert "no page on declarations, for want of lines: Leiden, Haaglanden (8 of 9)\n" in shown
    real = simulated | {"simulated": False, "label": "", "absent": []}
    assert "declarations" not in text(declarations=real) + text()


def test_folders_on_the_command_line(make_store, tmp_path):
    folder = make_store({"GM0503": "accepted"})
    arguments = ["report", "--municipality", "Delft", "--dry-run", "--output", str(tmp_path / "reports")]

    def planned(*more: str):
        return CliRunner().invoke(cli.app, [*arguments, *more], standalone_mode=False)

    assert "declarations-GM0503 (Delft): not made before" in planned("--declarations", str(folder)).output
    assert "1 of 1 notebooks would run" in planned("--no-declarations").output
    for wrong in (["--declarations", str(tmp_path / "none")],
                  ["--no-declarations", "--declarations", str(folder)]):  # fmt: skip
        assert isinstance(planned(*wrong).exception, ParameterError)


@pytest.fixture(scope="module")
def simulated(tmp_path_factory) -> Path:
    """Declarations of a small municipality, simulated as messages and read: a store, and the contracts beside it."""
    folder = tmp_path_factory.mktemp("simulated")
    arguments = ["demo-declarations", "--municipality", "Wassenaar", "--years", "2022-2024", "--lines", "150"]
    key = ["--key", str(folder / "key")]
    read = [
        "declarations",
        "read",
        str(folder / "demo" / "berichten"),
        "--output",
        str(folder / "store"),
        *key,
    ]
    for one in ([*arguments, "--format", "xml", "--output", str(folder / "demo")], read):
        found = CliRunner().invoke(cli.app, one, standalone_mode=False)
        assert found.exception is None, found.exception
    return folder


def test_every_file_of_a_page_on_simulated_declarations_says_so_and_names_nobody(simulated, tmp_path):
    run = Run(declarations=str(simulated / "store"), contracts=str(simulated / "demo" / "contracts"))
    whole = plan(run, snapshot.load(), version="1", municipalities=["Wassenaar"])
    page = replace(whole, jobs=tuple(job for job in whole.jobs if job.made_from), name="try")

    made = runs.make(page, tmp_path, effort=Effort(workers=1))

    assert [one["name"] for one in made.manifest["notebooks"]] == ["declarations-GM0629"] and not made.failed
    text = (made.folder / "declarations-GM0629.html").read_text(encoding="utf-8")
    assert re.search(r'class="banner"[^>]*>\s*Gesimuleerde declaraties', text)
    assert 'href="index.html"' in text
    tables = [path.read_text(encoding="utf-8") for path in made.folder.glob("tables/*/*.csv")]
    *ours, sources = sorted(tables, key=lambda one: one.startswith("Cijfers,"))
    assert len(ours) > 10 and sources.startswith("Cijfers,")
    for rows in (one.splitlines() for one in ours):
        assert rows[0].startswith("Herkomst,")
        assert all(row.startswith("Gesimuleerde declaraties,") for row in rows[1:])
    assert (
        scan.small_counts(made.folder, sorted(made.folder.rglob("*"))) == []
        and audit.across(made.folder) == []
    )
    with declarations.open(simulated / "store") as connection:
        youths = {one for (one,) in connection.execute("select distinct client from lines").fetchall() if one}
    shown = b"".join(path.read_bytes() for path in made.folder.rglob("*") if path.is_file())
    assert len(youths) > 10 and not youths & {one.decode() for one in re.findall(rb"[0-9a-f]{32}", shown)}
    assert runs.judge(page, tmp_path)[0].why == ""


def test_an_area_of_fewer_than_ten_youths_gets_no_page(tables, notebooks, make_store, monkeypatch):
    folder = make_store({"GM0503": "accepted", "GM0518": "accepted"})
    told = declaration_pages._opened(folder)[0], {"GM0503": 7, "GM0518": 30}
    monkeypatch.setattr(declaration_pages, "_opened", lambda place: told)

    made = _plan(
        tables,
        notebooks,
        Run(declarations=str(folder)),
        municipalities=["Delft", "Den Haag"],
        regions=["JZ24"],
    )

    assert made.declared.codes == ("JZ24", "GM0518")
    assert [(one["area_code"], one["few"]) for one in made.declared.absent] == [("GM0503", True)]
