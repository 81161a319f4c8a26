"""What notebooks share: the same numbers stored or made on the spot, read in parts, each part with its own hash."""

from __future__ import annotations

import shutil

import pandas as pd
import pytest

from analyse import cache, shared, store
from analyse.errors import DataError
from analyse.history import areas
from analyse.parameters import COUNTRY, Run
from analyse.shared import results
from analyse.sources import snapshot

RUN = Run(samples=100, horizon=2)
DELFT = ["GM0503", "JZ24"]


@pytest.fixture
def reads(tmp_path, monkeypatch):
    """Store results in a folder of the test, and note what is read."""
    direct = {what: shared.read(what, RUN, DELFT) for what in ("past", "future", "tested")}
    monkeypatch.setenv(cache.FOLDER, str(tmp_path / "shared"))
    monkeypatch.setenv(store.READS, str(tmp_path / "reads"))
    return direct, tmp_path / "reads"


def test_a_stored_part_is_what_is_made_on_the_spot_and_its_hash_is_noted(reads):
    direct, noted = reads
    for what, expected in direct.items():
        found = shared.read(what, RUN, DELFT)
        pd.testing.assert_frame_equal(found, expected, check_categorical=False)

    lines = [line.split() for line in noted.read_text().splitlines()]
    assert [part for _, part in lines] == ["past/GM0503+JZ24", "future/GM0503+JZ24", "tested/GM0503+JZ24"]
    assert all(shared.digest(part, RUN) == digest for digest, part in lines)


def test_tables_hold_the_rows_of_these_municipalities_and_of_what_merged_into_them(reads):
    whole, voorne = shared.tables(RUN), shared.tables(RUN, ["GM1992"])

    assert set(voorne["costs"]["municipality_code"]) == {"GM0501", "GM0530", "GM0614", "GM1992"}
    assert len(voorne["municipalities"]) == len(whole["municipalities"])
    assert len(whole) == len(list(whole))
    assert "usage" in reads[1].read_text() or "costs" in reads[1].read_text()


def test_a_table_without_rows_is_stored_and_read_as_such(reads):
    empty = [name for name, table in snapshot.load().items() if table.empty]
    found = shared.tables(RUN, ["GM0503"])

    assert empty and all(found[name].empty for name in empty)
    assert all(list(found[name].columns) == list(snapshot.load()[name].columns) for name in empty)


def test_an_unknown_result_or_area_is_refused_in_words(reads):
    with pytest.raises(DataError, match="no result 'futures'; there are past"):
        shared.read("futures", RUN)
    with pytest.raises(DataError, match="no area 'GM0000'"):
        shared.read("past", RUN, ["GM0000"])


def test_other_choices_have_another_key_and_the_language_makes_no_difference():
    assert shared.key("future", RUN) == shared.key("future", RUN.model_copy(update={"language": "en"}))
    assert shared.key("future", RUN) != shared.key("future", RUN.model_copy(update={"seed": 1}))
    assert shared.key("table-usage", RUN) == shared.key("table-usage", RUN.model_copy(update={"seed": 1}))


def test_what_is_prepared_stands_in_the_folder(tmp_path, monkeypatch):
    monkeypatch.setenv(cache.FOLDER, str(tmp_path))
    results.forget()

    shared.prepare(Run(samples=100), ["past", "scored"])

    kept = {path.name.split("-")[0] for path in tmp_path.glob("*.arrow")}
    assert kept == {"past", "scored", "tables", "history"}


def test_the_processes_of_a_run_read_and_check_the_data_once(tables, reads, tmp_path):
    """The second reads what the first kept: the same tables, noted as read, though a file is gone by then."""
    home, data = tmp_path / "home", store.root() / "data"
    shutil.copytree(data / "open", home / "data" / "open")
    shutil.copy(data / "corrections.yaml", home / "data")
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("ANALYSE_HOME", str(home))
        first = snapshot.load(regions=COUNTRY)
        (home / "data" / "open" / "costs.csv").unlink()
        reads[1].unlink()
        again, chosen = snapshot.load(regions=COUNTRY), snapshot.load()
    for name, table in tables.items():
        pd.testing.assert_frame_equal(again[name], first[name])
        pd.testing.assert_frame_equal(chosen[name], table)
    assert [line.split()[1] for line in reads[1].read_text().splitlines()] == [
        "data/open",
        "file/corrections.yaml",
    ] * 2


@pytest.mark.parametrize("what", ["future", "tested", "past"])
def test_an_area_has_the_same_figures_whichever_regions_a_run_shows(what):
    """Every run learns from all municipalities: a page made alone says what the set of three regions says."""
    run = Run(samples=100, horizon=3)
    alone, wide = (run.model_copy(update={"regions": regions}) for regions in (("JZ24",), ("JZ24", "JZ41")))
    codes = ["GM0503", "JZ24"] if what == "tested" else ["GM0503", "JZ24", areas.COUNTRY]
    pd.testing.assert_frame_equal(*(shared.read(what, one, codes) for one in (alone, wide)))
    together = [shared.read(what, one, [areas.ALL]) for one in (alone, wide)]
    assert not together[0].equals(together[1])
