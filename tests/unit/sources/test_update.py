"""From the server to a dataset that can be used, and everything that may go wrong on the way."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
from dataclasses import replace

import pandas as pd
import pytest

from analyse import store
from analyse.errors import DataError, OutputError, ParameterError
from analyse.sources import snapshot, update
from analyse.sources.cbs import shapes
from analyse.sources.update import Way

FORMS = Way(only=("83454NED",))
"""A small table of version 4, of 5 pages."""


def _nothing_replaced(home) -> None:
    assert store.latest() == "open"
    assert sorted(path.name for path in (home / "data").iterdir() if path.is_dir()) in (
        ["open"],
        ["open", "raw"],
    )
    assert len(snapshot.load(store.latest())["costs"]) > 400


def test_everything_arrives(downloaded, monkeypatch, few):
    folder, outcome = downloaded
    monkeypatch.setenv("ANALYSE_HOME", str(folder))

    found = snapshot.load(outcome.dataset)
    assert store.latest() == outcome.dataset
    # No municipality of the three regions was divided, and outlines come with --boundaries only.
    assert {name for name, frame in found.items() if frame.empty} == {"boundary_splits", "district_outlines"}
    assert sorted(outcome.left) == ["85098NED", "85984NED"], (
        "a table that is otherwise than described, and one not there"
    )
    assert len(outcome.taken) == 18
    assert "VormenVanJeugdzorg: Iets nieuws (A999999)" in outcome.taken[0].new
    usage = found["usage_by_form"].set_index(["municipality_code", "year", "part", "care_form", "measure"])
    delft = usage.loc[("GM0503", 2023, "year", "met-verblijf", "youths")]
    assert delft["status"] == "provisional"
    assert delft["count"] % 5 == 0
    assert usage.loc[("GM0503", 2019, "H1", "total", "youths"), "series"] == "2015-2020"
    assert usage.loc[("GM0638", 2022, "year", "pleegzorg", "youths"), "status"] == "suppressed"
    assert usage.loc[("GM0576", 2018, "year", "total", "youths"), "count"] == 250
    costs = found["costs"].set_index(["municipality_code", "year", "report", "taakveld"])["cost_eur"]
    before = few["costs"].set_index(["municipality_code", "year", "report", "taakveld"])["cost_eur"]
    pd.testing.assert_series_equal(costs[before.dropna().index], before.dropna())
    national = found["national_reference"].query("period == '2023' and indicator == 'youths with youth care'")
    assert national["source"].tolist() == ["CBS StatLine 85099NED"]


def test_pages_and_version_3_give_the_same_as_version_4(settings, server, made):
    server.page = 37
    first = update.run(settings, FORMS)
    by_pages = snapshot.load(first.dataset)["costs_by_form"]

    server.page = 100_000
    server.change("83454NED", versions=("v3",), modified="later")
    second = update.run(settings, FORMS)

    pd.testing.assert_frame_equal(snapshot.load(second.dataset)["costs_by_form"], by_pages)
    assert "/opendata.cbs.nl/ODataFeed/odata/83454NED" in second.taken[0].address
    assert any("Regio eq 'GM0503   '" in one.replace("%20", " ") for one in server.asked), (
        "padded as they come"
    )
    row = by_pages.query("municipality_code == 'GM0638' and year == 2020 and report == 'accounts'")
    assert dict(zip(row["care_form"], row["status"], strict=True)) == {
        "total": "final", "jeugdhulp": "final", "met-verblijf": "missing", "jb-jr": "missing"
    }  # fmt: skip


def test_long_questions_are_asked_in_parts(settings, server):
    short = settings.network.model_copy(update={"longest_query": 500})
    update.run(settings.model_copy(update={"network": short}), FORMS)

    questions = [one.split("?", 1)[1] for one in server.asked if "Observations?" in one]
    assert len(questions) > 2
    assert max(len(one.split("&$skip")[0]) for one in questions) < short.longest_query


BUDGET, ACCOUNTS = (
    {"BegroteKosten_1": ("Begrote kosten", "1 000 euro")},
    ("Gerealiseerde kosten", "1 000 euro"),
)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        (BUDGET, "measure GerealiseerdeKosten is gone; there are Begrote kosten"),
        ({"BegroteKosten_1": ("Begrote kosten", "euro"), "GerealiseerdeKosten_2": ACCOUNTS},
         "measure BegroteKosten is in 'euro'"),
    ],
)  # fmt: skip
def test_a_changed_measure_is_said_and_nothing_is_replaced(settings, server, home, changes, said):
    server.change("83454NED", measures=changes)

    with pytest.raises(shapes.Changed, match=said):
        update.run(settings, FORMS)
    _nothing_replaced(home)


def test_changed_dimensions_codes_and_words_are_all_said(settings, server, home, cbs):
    table = server.tables["83454NED"]
    kind, forms = table.dimensions["VormenVanJeugdzorg"]
    years = [cbs.Item("2024JJ00", "2024", "Onzeker")]
    server.change(
        "83454NED",
        dimensions={
            **table.dimensions,
            "Perioden": ("TimeDimension", years),
            "VormenVanJeugdzorg": (kind, forms[1:]),
        },
    )
    with pytest.raises(shapes.Changed) as raised:
        update.run(settings, FORMS)
    assert "VormenVanJeugdzorg: total is gone" in str(raised.value)
    assert "Perioden: status Onzeker is new" in str(raised.value)

    more = {**table.dimensions, "Bron": ("Dimension", [cbs.Item("1", "een")])}
    server.change("83454NED", dimensions=more, modified="later")
    with pytest.raises(shapes.Changed, match="dimension Bron is new"):
        update.run(settings, FORMS)
    _nothing_replaced(home)


def test_partial_takes_what_is_right(settings, server):
    server.change("83454NED", measures={"Anders_1": ("Anders", "euro")})

    outcome = update.run(settings, Way(only=("83454NED", "85755NED"), partial=True))

    assert [one.table for one in outcome.taken] == ["85755NED"]
    assert "measure BegroteKosten is gone" in outcome.left["83454NED"]
    package = snapshot.package(outcome.dataset)
    assert package["vintage"]["left"].keys() == {"83454NED"}


@pytest.mark.parametrize("kind", ["endless", "truncated", "redirect", "big"])
def test_nonsense_halfway_leaves_everything_as_it_was(settings, server, home, cbs, kind):
    server.troubles.append(cbs.Trouble("Observations", kind, times=-1))

    with pytest.raises(DataError):
        update.run(settings, FORMS)
    _nothing_replaced(home)


@pytest.mark.parametrize(
    ("factor", "said"), [(1000.0, "changed by a factor"), (None, "that were known are empty now")]
)
def test_figures_that_cannot_be_right_are_refused(settings, server, home, made, factor, said):
    right = made["37259ned"].cell

    def wrong(codes, key):
        value = right(codes, key)
        return value if value is None or factor is None else value * factor

    first = made["83454NED"].cell
    update.run(settings, FORMS)
    wrongly = (
        (lambda codes, key: ".") if factor is None else (lambda codes, key: _times(first(codes, key), factor))
    )
    server.change("83454NED", cell=wrongly, modified="later")

    with pytest.raises(DataError, match=said):
        update.run(settings, FORMS)
    assert store.latest() == snapshot.package(store.latest())["version"].replace(".", "-")


def _times(value, factor):
    return value * factor if isinstance(value, int | float) else value


def test_an_update_that_was_broken_off_goes_on(settings, server, cbs, home):
    server.page = 60
    server.troubles.append(cbs.Trouble("$skip=120", "500", times=3))
    with pytest.raises(DataError, match="status 500"):
        update.run(settings, FORMS)
    asked = [one for one in server.asked if "Observations" in one]

    outcome = update.run(settings, FORMS)

    again = [one for one in server.asked if "Observations" in one][len(asked) :]
    assert outcome.dataset
    assert not set(again) & set(asked[:-3]), "what had come is not asked again"


def test_a_full_disk_leaves_everything_as_it_was(settings, server, home, monkeypatch):
    written = []

    def full(descriptor):
        written.append(descriptor)
        if len(written) > 12:
            raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OutputError, match="No space left on device"):
        update.run(settings, FORMS)
    monkeypatch.undo()
    monkeypatch.setenv("ANALYSE_HOME", str(home))
    _nothing_replaced(home)


class Killed(BaseException):
    """The machine stops here."""


@pytest.mark.parametrize("step", (1, 8, 14, 15, 16))
def test_whenever_it_stops_the_dataset_in_use_is_whole(settings, server, home, monkeypatch, step):
    done = {"steps": 0}

    def stopping(original):
        def instead(*arguments, **options):
            if "raw" not in str(arguments):
                done["steps"] += 1
                if done["steps"] == step:
                    raise Killed
            return original(*arguments, **options)

        return instead

    for name in ("replace", "rename"):
        monkeypatch.setattr(os, name, stopping(getattr(os, name)))
    with contextlib.suppress(Killed):
        update.run(settings, FORMS)
    monkeypatch.undo()
    monkeypatch.setenv("ANALYSE_HOME", str(home))

    assert len(snapshot.load(store.latest())["costs"]) > 400
    assert update.run(settings, FORMS).dataset == store.latest()
    assert not list((home / "data").glob(".new-*"))


def test_a_real_kill_leaves_the_last_good_data_and_the_next_update_goes_on(written, server):
    server.page = 60
    command = [
        sys.executable,
        "-c",
        "from analyse.cli import main; main()",
        "update",
        "--table",
        "83454NED",
        "--quiet",
    ]
    process = subprocess.Popen(command, env=os.environ, stderr=subprocess.DEVNULL)
    server.when_asked = lambda count: process.send_signal(signal.SIGKILL) if count == 9 else None
    process.wait(60)
    assert process.returncode == -signal.SIGKILL
    _nothing_replaced(written)

    server.when_asked = lambda count: None
    done = subprocess.run(command, env=os.environ, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert store.latest() in done.stdout
    assert snapshot.verify(store.latest())["problem"].eq("").all()


def test_offline_makes_the_same_dataset_again_without_the_network(settings, server):
    first = update.run(settings, FORMS)
    asked = len(server.asked)

    again = update.run(settings, replace(FORMS, offline=True))

    assert len(server.asked) == asked
    pd.testing.assert_frame_equal(
        snapshot.load(again.dataset)["costs_by_form"], snapshot.load(first.dataset)["costs_by_form"]
    )
    assert again.differences.empty


def test_offline_without_an_earlier_download_says_so(settings, server, home):
    with pytest.raises(DataError, match="nothing was downloaded before"):
        update.run(settings, replace(FORMS, offline=True))
    assert server.asked == []


def test_an_unknown_table_is_refused(settings):
    with pytest.raises(ParameterError, match="no table '1'"):
        update.run(settings, Way(only=("1",)))


def test_a_table_that_is_otherwise_in_version_4_is_taken_from_version_3(settings, server, made):
    right = made["83454NED"]

    answer = server.v4

    def renamed(table, entity, question):
        rows = answer(table, entity, question)
        return [{**row, "Title": "Anders"} for row in rows] if entity == "MeasureCodes" else rows

    server.v4 = renamed
    outcome = update.run(settings, FORMS)

    assert "/opendata.cbs.nl/" in outcome.taken[0].address
    assert right.title == outcome.taken[0].title


def test_a_title_that_fits_two_codes_is_left_out_unless_it_is_needed(settings, server, cbs):
    table = server.tables["83454NED"]
    kind, forms = table.dimensions["VormenVanJeugdzorg"]
    twice = [*forms, cbs.Item("A1", "Pleegzorg"), cbs.Item("A2", "Pleegzorg, kort")]
    server.change("83454NED", dimensions={**table.dimensions, "VormenVanJeugdzorg": (kind, twice)})
    cell = table.cell
    server.change("83454NED", cell=lambda codes, key: cell({**codes, "VormenVanJeugdzorg": "A045561"}, key))

    outcome = update.run(settings, FORMS)

    assert "pleegzorg" not in set(snapshot.load(outcome.dataset)["costs_by_form"]["care_form"])
    assert "VormenVanJeugdzorg: Pleegzorg (A1)" in outcome.taken[0].new
