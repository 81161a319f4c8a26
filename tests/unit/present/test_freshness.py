"""The age of the figures: when newer ones are expected, and a warning when that day has passed."""

from __future__ import annotations

import datetime

import pytest

from analyse import store
from analyse.present.exhibits import cards
from analyse.present.text import freshness
from analyse.runs import staleness


@pytest.mark.parametrize(
    ("stated", "due"),
    [
        ("2026-11-21", "2027-04-30"),
        ("2027-04-30", "2027-10-31"),
        ("2027-05-01", "2027-10-31"),
        ("2027-12-31", "2028-04-30"),
    ],
)
def test_the_next_publication_follows_the_day_of_the_figures(stated, due):
    from analyse import parameters

    found, _ = freshness.following(datetime.date.fromisoformat(stated), parameters.publications())
    assert found.isoformat() == due


def test_a_warning_only_after_that_day():
    on_time = freshness.expected("2026-11-21", today=datetime.date(2027, 4, 30))
    late = freshness.expected("2026-11-21", today=datetime.date(2027, 5, 1))

    assert on_time == ("30 april 2027", "")
    assert late[1] == (
        "Er zijn waarschijnlijk nieuwere cijfers, sinds 30 april 2027: jeugdhulp in het hele vorige jaar."
    )


def test_the_head_shows_the_age_and_the_warning_beside_another_one():
    old = cards.head("Delft", data_date="2019-11-01", banner="Let op.", language="nl").content
    new = cards.head("Delft", data_date="2999-11-01", language="en").content

    assert old["banner"].startswith("Let op. Er zijn waarschijnlijk nieuwere cijfers, sinds 30 april 2020")
    assert {"label": "Nieuwe cijfers verwacht", "value": "30 april 2020"} in old["facts"]
    assert new["banner"] == ""


def test_a_report_is_made_again_when_newer_figures_are_out(tmp_path, monkeypatch):
    monkeypatch.setenv(store.READS, str(tmp_path / "reads"))
    freshness.expected("2026-11-21", today=datetime.date(2026, 11, 22))
    noted = staleness.reads(tmp_path / "reads")

    assert noted["overdue/2026-11-21"] == "False"
    assert staleness._current("overdue/2019-11-01", None) == "True"
