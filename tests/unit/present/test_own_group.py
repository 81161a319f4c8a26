"""The page of an own group of municipalities: it adds up with the pages of these, and the index knows it as a group."""

import numpy as np
import pytest

from analyse import scenario, shared
from analyse.compare import choices
from analyse.errors import ParameterError
from analyse.history import areas, panel
from analyse.parameters import Run
from analyse.present.pages import one_area
from analyse.report import index
from analyse.runs import plan, scoped

H4 = ("GM0503", "GM1842", "GM0603", "GM1783")
RUN = Run(samples=100, horizon=3, group="H4", members=H4)


@pytest.fixture(scope="module")
def page():
    return one_area.of_group(RUN)


def test_a_group_is_the_sum_of_its_municipalities_in_every_future(page):
    local, future = (shared.read(name, RUN, list(H4)) for name in ("past", "future"))

    assert page.own.set_index("period")["cost_eur"][2024] == local.query("period == 2024")["cost_eur"].sum()
    summed = future.groupby(["period", "sample"], observed=True)["cost_eur"].sum()
    own = page.future.set_index(["period", "sample"])["cost_eur"]
    np.testing.assert_allclose(own.sort_index(), summed.sort_index())
    assert (page.name, page.beside, page.members) == (
        "H4",
        "Haaglanden, Rijnmond and Holland Rijnland",
        list(H4),
    )
    measured = page.fair.query("area_code == 'H4' and measure == 'cost_per_youth_eur' and period == 2024")
    youths = local.query("period == 2024")["youths"].sum()
    assert measured["value"].item() == pytest.approx(
        page.own.query("period == 2024")["cost_eur"].item() / youths
    )


def test_measures_of_a_group_start_from_its_own_futures(page):
    inputs = scenario.of_group(RUN, page.own, page.future)

    assert (inputs.area, inputs.area_code, inputs.samples) == ("H4", "H4", 100)
    at = page.future.query("period == 2027").sort_values("sample")["cost_eur"]
    np.testing.assert_allclose(scenario.run(inputs, {}).cost_eur[inputs.year_index(2027)], at)


def test_a_group_has_a_page_like_a_region_that_leads_to_its_municipalities(tables):
    chosen = plan(Run(), tables, version="1", municipalities=["Delft"], regions=["H4", "Haaglanden"])
    group = next(job for job in chosen.jobs if job.notebook == "group")

    assert (group.html, group.area_code, group.parameters["members"]) == ("group-H4.html", "H4", list(H4))
    assert ("down", "municipality-GM0503.html", "Delft") in group.around
    row = {"name": "group-H4", "notebook": "group", "area_code": "H4", "title": "H4", "html": "group-H4.html"}
    entry = row | {"status": "ok", "reason": "", "cell": None, "executed": "", "highlights": {}}
    made = index.html({"run": "r", "language": "nl", "parameters": {"dataset": "open"}, "notebooks": [entry]})
    assert '<a href="group-H4.html">H4</a>' in made and ">groep</td>" in made


def test_a_group_outside_the_regions_of_a_run_takes_the_country():
    own = Run(groups={"two": ["GM0344", "GM0363"]})

    assert scoped(own, regions=["two"]).regions == ()
    assert scoped(own, regions=["H5"]).regions == own.regions
    with pytest.raises(ParameterError, match="GM0344 is not in the regions of this run"):
        one_area.of_group(own.model_copy(update={"group": "two", "members": ("GM0344",)}))


@pytest.mark.parametrize("name", ["GM0503", "ALL", "a/b", "x+y", ""])
def test_a_group_may_not_look_like_a_code_or_a_path(name):
    with pytest.raises(ValueError, match="a group is named as people say it"):
        Run(groups={name: ["GM0503"]})


def test_the_groups_that_regions_speak_of_are_there(tables):
    known = choices.groups(Run())
    assert {"H1", "H4", "H5", "H10", "GRJR"} <= set(known)
    assert set(known["H10"]) == {*known["H1"], *known["H4"], *known["H5"]}
    assert set(known["GRJR"]) == set(areas.members(tables, "JZ29"))
    rows = panel.by_area(panel.build(tables), "group", groups=choices.groups(Run(), ["GRJR"]))
    rijnmond = panel.by_area(panel.build(tables), "region").query("area_code == 'JZ29'")
    assert (
        rows.query("period == 2024")["cost_eur"].item() == rijnmond.query("period == 2024")["cost_eur"].item()
    )


def test_an_unknown_group_is_refused_with_the_nearest():
    with pytest.raises(ParameterError, match="group 'H11' is not known; did you mean H1"):
        choices.groups(Run(), ["H11"])
