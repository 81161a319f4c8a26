"""What the state does, and when: the file, its place on the time axis, and what charts say of it."""

from __future__ import annotations

import datetime

import pytest
import yaml
from typer.testing import CliRunner

from analyse import scenario, store
from analyse.cli import app
from analyse.errors import ParameterError
from analyse.present.scenario import timetable_table
from analyse.scenario import timetable

ASKED = ("tariffs", "standardisation", "own contribution", "long-term care")


@pytest.fixture
def entry():
    return store.read_yaml(store.root() / "parameters" / timetable.FILE)[0]


def written(place, entries, monkeypatch):
    """The timetable of a root of its own."""
    (place / "parameters").mkdir()
    (place / "parameters" / timetable.FILE).write_text(yaml.safe_dump(entries), encoding="utf-8")
    monkeypatch.setattr(store, "root", lambda: place)
    return timetable.planned


def test_every_subject_that_was_asked_for_is_told():
    subjects = {one.subject for one in timetable.planned(scenario.levers())}

    assert set(ASKED) <= subjects


def test_an_amount_and_its_year_are_those_of_the_measure():
    levers = {one.id: one for one in scenario.levers()}
    compared = 0
    for one in timetable.planned():
        for lever in (levers[name] for name in one.levers):
            if lever.promised is None or one.day is None:
                continue
            assert lever.promised.year == one.day.year, one.id
            if lever.unit == "million euros":
                assert one.million_eur == -(lever.taken_from_fund or -lever.promised.size), one.id
                compared += 1

    assert compared == 3


def test_the_first_of_july_is_half_way_the_year():
    days = {one.id: one.at for one in timetable.planned()}

    assert days["fair-tariffs"] == pytest.approx(2024.497, abs=0.001)
    assert days["standardisation"] is None


def test_later_than_the_axis_is_not_drawn_nor_named():
    short, long = (timetable_table.marks(until) for until in (2027, 2030))

    assert [line["letters"] for line in short["lines"]] == ["a", "b", "c d"]
    assert "Eigen bijdrage" not in short["said"] and "Eigen bijdrage" in long["said"]
    assert [line["at"] for line in long["lines"]] == sorted(line["at"] for line in long["lines"])
    assert timetable_table.marks(2020) == {"lines": [], "said": ""}


def test_the_table_has_the_letters_of_the_charts_and_says_what_is_not_known():
    table = timetable_table.shown(until=2028).as_json()["table"]

    assert table["cells"][0][0] == "a: Reële tarieven verplicht"
    assert "geen datum bekend" in str(table) and "geen bedrag bekend" in str(table)


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"precision": None}, "day and precision"),
        ({"day": datetime.date(2030, 1, 1)}, "in force"),
        ({"status": "perhaps"}, "perhaps"),
    ],
)
def test_what_does_not_fit_is_refused_in_words(changed, words, entry, tmp_path, monkeypatch):
    with pytest.raises(ParameterError, match=words):
        written(tmp_path, [{**entry, **changed}], monkeypatch)()


def test_an_unknown_lever_is_refused(entry, tmp_path, monkeypatch):
    levers = scenario.levers()
    with pytest.raises(ParameterError, match="fair-tariff"):
        written(tmp_path, [{**entry, "levers": ["fair-tarifs"]}], monkeypatch)(levers)


def test_a_double_id_is_refused(entry, tmp_path, monkeypatch):
    with pytest.raises(ParameterError, match="twice"):
        written(tmp_path, [entry, entry], monkeypatch)()


def test_the_command_prints_each_plan_with_its_source():
    done = CliRunner().invoke(app, ["scenario", "timetable"])

    assert done.exit_code == 0
    assert done.output.count("Source:") == len(timetable.planned())
