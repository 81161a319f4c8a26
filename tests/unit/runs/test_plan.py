"""What runs is decided, and refused, before anything runs."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from analyse.errors import ParameterError
from analyse.parameters import Run
from analyse.runs.plan import WHOLE, parameter_names, plan, scoped

COMMON = 'language = "nl"\nsamples = 1000'


@pytest.fixture
def tables() -> dict[str, pd.DataFrame]:
    rows = [
        (2026, "GM0484", "Alphen aan den Rijn", "JZ18"),
        (2026, "GM0503", "Delft", "JZ24"),
        (2026, "GM0518", "'s-Gravenhage", "JZ24"),
        (2026, "GM0599", "Rotterdam", "JZ29"),
        (2026, "GM0363", "Amsterdam", None),
    ]
    listed = pd.DataFrame(rows, columns=["year", "municipality_code", "municipality", "region_code"])
    changes = pd.DataFrame({"year": [2023], "municipality_code": ["GM0501"], "successor_code": ["GM1992"]})
    names = [("JZ18", "Holland Rijnland"), ("JZ24", "Haaglanden"), ("JZ29", "Rijnmond")]
    regions = pd.DataFrame(names, columns=["region_code", "region"])
    return {"municipalities": listed, "boundary_changes": changes, "regions": regions}


@pytest.fixture
def folder(tmp_path: Path, write_notebook) -> Path:
    write_notebook(tmp_path / "municipality.ipynb", [], f'municipality = "GM0503"\n{COMMON}')
    write_notebook(tmp_path / "region.ipynb", [], f'region = "JZ24"\n{COMMON}')
    for name, _ in WHOLE.values():
        write_notebook(tmp_path / f"{name}.ipynb", [], COMMON)
    return tmp_path


def test_the_whole_set_is_every_municipality_of_the_regions_the_regions_and_the_rest(tables, folder):
    made = plan(Run(), tables, version="2026.11", whole=True, notebooks=folder)

    assert made.name == "open-2026.11-nl"
    assert made.whole
    assert [job.html for job in made.jobs] == [
        *("sources.html", "history.html", "forecast.html", "regions.html", "backtest.html", "scenarios.html"),
        "expected.html",
        *("region-JZ18.html", "region-JZ24.html", "region-JZ29.html"),
        *("municipality-GM0484.html", "municipality-GM0503.html", "municipality-GM0518.html"),
        "municipality-GM0599.html",
    ]
    assert [job.title for job in made.jobs][3:6] == [
        "De jeugdregio’s vergeleken",
        "Hoe goed is de prognose?",
        "Wat als? Haaglanden",
    ]


def test_a_page_knows_its_region_and_the_municipalities_before_and_after_it(tables, folder):
    jobs = plan(Run(), tables, version="2026.11", whole=True, notebooks=folder).jobs
    around = {job.name: [one for one in job.around if one[0] != "area"] for job in jobs}

    # Of the four municipalities Delft and Den Haag are in Haaglanden, in this order.
    assert around["municipality-GM0503"] == [
        ("up", "region-JZ24.html", "Haaglanden"),
        ("next", "municipality-GM0518.html", "Den Haag"),
    ]
    assert [how for how, *_ in around["municipality-GM0518"]] == ["up", "previous"]
    assert [name for *_, name in around["region-JZ24"]] == ["Delft", "Den Haag"]
    assert around["forecast"] == []
    areas = {tuple(one for one in job.around if one[0] == "area") for job in jobs}
    assert len(areas) == 1 and ("area", "municipality-GM0599.html", "Rotterdam") in areas.pop(), (
        "all know all"
    )


def test_districts_are_a_page_below_their_municipality_when_they_are_asked(tables, folder, write_notebook):
    write_notebook(folder / "districts.ipynb", [], f'municipality = "GM0503"\n{COMMON}')
    made = plan(Run(districts=True), tables, version="1", municipalities=["Delft"], notebooks=folder)
    own, below = made.jobs

    assert made.name == "open-1-nl-districts-GM0503"
    assert (below.html, below.title) == ("districts-GM0503.html", "Delft: wijken en leeftijden")
    assert ("down", "districts-GM0503.html", "Delft: wijken en leeftijden") in own.around
    assert below.around[0] == ("up", "municipality-GM0503.html", "Delft")


def test_texts_for_planning_are_a_page_below_every_area_without_declarations_where_there_are_none(
    tables, folder, write_notebook
):
    own = f'area = "GM0503"\ndeclarations = ""\n{COMMON}'
    write_notebook(folder / "planning.ipynb", [], own)
    run = Run(planning=True)
    made = plan(run, tables, version="1", municipalities=["Delft"], regions=["Haaglanden"], notebooks=folder)
    jobs = {job.name: job for job in made.jobs}

    assert made.name == "open-1-nl-planning-JZ24-GM0503"
    below = jobs["planning-GM0503"]
    assert (below.area_code, below.title) == ("GM0503", "Delft: teksten voor planning en control")
    assert (below.parameters["area"], below.parameters["declarations"]) == ("GM0503", "")
    assert ("down", "planning-GM0503.html", below.title) in jobs["municipality-GM0503"].around
    assert ("down", "planning-JZ24.html", jobs["planning-JZ24"].title) in jobs["region-JZ24"].around
    assert ("up", "region-JZ24.html", "Haaglanden") in jobs["planning-JZ24"].around


def test_a_job_has_the_parameters_that_its_notebook_takes_and_its_own_area(tables, folder):
    made = plan(Run(samples=200), tables, version="1", municipalities=["rotterdam"], notebooks=folder)
    (job,) = made.jobs

    assert dict(job.parameters) == {"municipality": "GM0599", "language": "nl", "samples": 200}
    assert (job.title, job.area_code) == ("Rotterdam", "GM0599")
    assert (job.html, job.executed) == ("municipality-GM0599.html", "notebooks/municipality-GM0599.ipynb")


def test_the_same_choice_has_the_same_name_and_another_choice_another(tables, folder):
    def name(run: Run = Run(), **chosen) -> str:  # noqa: B008
        return plan(run, tables, version="1", notebooks=folder, **chosen).name

    assert name(municipalities=["Delft", "GM0503"]) == "open-1-nl-GM0503"
    assert name(municipalities=["Delft"], regions=["Haaglanden"]) == "open-1-nl-JZ24-GM0503"
    assert name(Run(horizon=3, language="en"), whole=True) == "open-1-en-horizon-3"
    five = name(municipalities=["Delft", "Rotterdam", "Den Haag"], regions=["JZ18", "JZ24"])
    assert five.startswith("open-1-nl-5-areas-")
    assert five == name(municipalities=["Den Haag", "Rotterdam", "Delft"], regions=["JZ24", "JZ18"])
    assert name(municipalities=["Delft"], name="mine") == "mine"


def test_an_area_outside_the_regions_of_the_run_is_seen_against_the_whole_country():
    assert scoped(Run(), municipalities=["Delft"], regions=["Haaglanden"]) == Run()
    assert scoped(Run(), municipalities=["Utrecht"]) == Run(regions="country")
    assert scoped(Run(), regions=["Zuid-Limburg"]) == Run(regions="country")
    assert scoped(Run(regions=["JZ22"]), municipalities=["Utrecht"]).regions == ("JZ22",)
    with pytest.raises(
        ParameterError, match=r"'Utrech' is not a municipality of today; .*GM0344 \(Utrecht\)"
    ):
        scoped(Run(), municipalities=["Utrech"])
    with pytest.raises(ParameterError, match=r"region 'Zuid-Limbrg' is not known; choose one of JZ41"):
        scoped(Run(), regions=["Zuid-Limbrg"])


def test_a_run_of_other_regions_has_another_name(tables, folder):
    made = plan(Run(regions=["JZ24", "JZ41"]), tables, version="1", whole=True, notebooks=folder)
    assert made.name == "open-1-nl-JZ24-JZ41"
    country = plan(Run(regions="country"), tables, version="1", municipalities=["Delft"], notebooks=folder)
    assert country.name == "open-1-nl-country-GM0503"


@pytest.mark.parametrize(
    ("chosen", "message"),
    [
        ({}, "nothing chosen; give --municipality, --region, --group, --all or --country"),
        ({"municipalities": ["Delf"]}, r"did you mean GM0503 \(Delft\)"),
        ({"municipalities": [""]}, "municipality"),
        ({"regions": ["Utrecht"]}, "Haaglanden"),
    ],
)
def test_an_impossible_choice_is_refused_with_what_is_allowed(tables, folder, chosen, message):
    with pytest.raises(ParameterError, match=message):
        plan(Run(), tables, version="1", notebooks=folder, **chosen)


@pytest.mark.parametrize(
    ("cell", "message"),
    [
        ('gemeente = "GM0503"', "no 'municipality'"),
        ('municipality = "GM0503"\nmodel = "x"', "unknown parameter 'model'"),
    ],
)
def test_a_notebook_that_does_not_take_its_parameters_is_refused(
    tables, tmp_path, write_notebook, cell, message
):
    write_notebook(tmp_path / "municipality.ipynb", [], cell)

    with pytest.raises(ParameterError, match=message):
        plan(Run(), tables, version="1", municipalities=["Delft"], notebooks=tmp_path)


def test_a_notebook_that_is_missing_broken_or_without_parameters_is_refused(tmp_path, write_notebook):
    with pytest.raises(ParameterError, match="no such notebook"):
        parameter_names(tmp_path / "none.ipynb")
    (tmp_path / "broken.ipynb").write_text("{")
    with pytest.raises(ParameterError, match="not a readable notebook"):
        parameter_names(tmp_path / "broken.ipynb")
    path = write_notebook(tmp_path / "plain.ipynb", [])
    path.write_text(path.read_text().replace('"parameters"\n', '"other"\n'))
    with pytest.raises(ParameterError, match="found 0"):
        parameter_names(path)
