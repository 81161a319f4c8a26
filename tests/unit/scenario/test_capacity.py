"""Places above the region: what is public, what is not, and own places that cap a measure."""

from __future__ import annotations

import numpy as np
import pytest
import yaml
from typer.testing import CliRunner

from analyse import cli, scenario
from analyse.errors import ParameterError
from analyse.parameters import Run
from analyse.present.pages import capacity_table
from analyse.scenario import capacity

OWN = {
    "area_code": "GM0503",
    "form": "family-homes",
    "day": "2025-12-31",
    "places": 40,
    "used": 38,
    "new_a_year": 2,
    "source": "contracten 2026",
}


@pytest.fixture(scope="module")
def delft():
    return scenario.of(Run(samples=300), "GM0503")


def written(place, *rows):
    import datetime

    rows = [{**one, "day": datetime.date.fromisoformat(one["day"])} for one in rows]
    path = place / "places.yaml"
    path.write_text(yaml.safe_dump(list(rows)), encoding="utf-8")
    return path


def test_every_lever_that_is_named_exists_and_closed_care_is_what_the_levers_say():
    levers = {one.id: one for one in scenario.levers()}
    forms = {form.id for form in scenario.care_forms().forms}
    for one in capacity.supply():
        assert set(one.levers) <= set(levers) and one.form in forms
    closed = next(one for one in capacity.supply() if one.id == "closed-country")
    first, last = closed.counted[1], closed.counted[-1]

    assert str(int(first.places)) in levers["closed-places"].text.nl
    assert last.used / last.places == pytest.approx(0.80, abs=0.005)


def test_a_region_sees_the_country_and_its_own_part_of_it():
    ids = {one.id for one in capacity.about("JZ24")}
    assert "closed-southwest" in ids
    assert "closed-southwest" not in {one.id for one in capacity.about("JZ01")}


def test_what_is_not_published_is_not_known_and_never_nothing():
    table = capacity_table.shown("JZ24", area="Haaglanden").table
    rows = {row[0]: row for row in table.cells}
    southwest, country = rows["Gesloten jeugdhulp, landsdeel Zuidwest"], rows["Gesloten jeugdhulp, Nederland"]

    assert southwest[3] == "235" and southwest[4] == "niet bekend" and "100 in 2024" in southwest[8]
    assert list(country[3:6]) == ["525", "421", "80\u00a0%"]
    assert rows["Gecertificeerde instellingen, Nederland"][3] == "niet bekend"
    assert all(row[9] for row in table.cells)


def test_own_places_let_no_more_youths_move_than_there_is_room_for(delft, tmp_path):
    few, none, many = (
        capacity.capped(delft, capacity.own(written(tmp_path, {**OWN, "new_a_year": new})))
        for new in (2, -3, 10_000)
    )
    chosen = {"residential-to-family": {"size": 40, "start": 2025, "ramp_months": 0}}
    settings = scenario.read(
        {"title": "x", "works_as_set": True, "levers": chosen}, years=delft.years
    ).settings
    index = delft.lever_index("residential-to-family")
    weights = delft.client_weights[delft.forms.index("residential")]

    assert few.capacity[index] == pytest.approx(100 * 2 / (weights * delft.clients[0]))
    moved = [delft.form_cost - scenario.run(one, settings).form_cost for one in (few, none, many)]
    left = [one[delft.forms.index("residential"), -1] for one in moved]
    assert np.median(left[0]) < np.median(left[2])
    assert (left[1] == 0).all()
    others = [at for at in range(len(delft.levers)) if at != index]
    assert (few.capacity[others] == delft.capacity[others]).all()


def test_places_of_another_area_or_of_a_form_nothing_moves_to_are_refused(delft, tmp_path):
    with pytest.raises(ParameterError, match="none of GM0503"):
        capacity.capped(delft, capacity.own(written(tmp_path, {**OWN, "area_code": "GM0518"})))
    with pytest.raises(ParameterError, match="no measure moves care to closed"):
        capacity.capped(delft, capacity.own(written(tmp_path, {**OWN, "form": "closed"})))
    with pytest.raises(ParameterError, match="family-homes"):
        capacity.own(written(tmp_path, {**OWN, "form": "family-home"}))
    with pytest.raises(ParameterError, match="twice"):
        capacity.own(written(tmp_path, OWN, OWN))


def test_the_commands_print_and_cap(tmp_path):
    runner = CliRunner()
    printed = runner.invoke(cli.app, ["scenario", "places", "--region", "Haaglanden"])
    assert printed.exception is None and "south-west" in printed.output and "not known" in printed.output
    place = str(written(tmp_path, OWN))
    capped, free = (
        runner.invoke(cli.app, ["scenario", "run", "zo-thuis-mogelijk", "--json", *more])
        for more in (["--places", place], [])
    )

    assert capped.exception is None and capped.output != free.output


def test_a_region_caps_too():
    haaglanden = scenario.of(Run(samples=100), "JZ24")
    own = capacity.Own(**{**OWN, "area_code": "JZ24", "day": capacity.supply()[0].counted[0].day})
    capped = capacity.capped(haaglanden, [own])

    assert np.isfinite(capped.capacity[haaglanden.lever_index("residential-to-family")]).all()
