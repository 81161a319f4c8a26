"""How a whole store completes is worked out once for all pages; a part of it never passes for the whole."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from analyse import cache
from analyse.monitor import store_cache, year_end


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A store, while a run is on whose shared results stand elsewhere."""
    monkeypatch.setenv(cache.FOLDER, str(tmp_path / "shared"))
    (tmp_path / "store").mkdir()
    return tmp_path / "store"


@pytest.fixture
def declared(cells_of):
    """Five years of one provider per municipality, half declared after one month, half after three."""
    months = pd.date_range("2019-01-01", "2024-06-01", freq="MS")

    def of(*codes: str) -> pd.DataFrame:
        return cells_of(
            [
                (code, "ggz", "A", month, lag, 5_000_000)
                for code in codes
                for month in months
                for lag in (1, 3)
            ]
        )

    return of


def test_a_result_is_made_once_for_each_store_and_choice(folder):
    made = []

    def ask(digest: str, choices: dict[str, object]) -> int:
        def make() -> dict[str, int]:
            made.append(digest)
            return {"count": len(made)}

        return store_cache.once("count", (str(folder), digest), choices, make)["count"]

    asked = [("a", {"by": 1}), ("a", {"by": 1}), ("b", {"by": 1}), ("a", {"by": 2})]
    assert [ask(*one) for one in asked] == [1, 1, 2, 3]
    assert made == ["a", "b", "a"]
    assert [ask("", {"by": 1}), ask("", {"by": 1})] == [4, 5]


def test_outside_a_run_everything_is_made_on_the_spot(folder, monkeypatch):
    monkeypatch.delenv(cache.FOLDER)

    found = [
        store_cache.once("count", (str(folder), "a"), {}, lambda one=one: {"count": one}) for one in (1, 2)
    ]

    assert [one["count"] for one in found] == [1, 2]
    assert list(folder.iterdir()) == []


def test_what_is_kept_lies_with_the_store_for_its_owner_only(folder, tmp_path, declared):
    cells = declared("GM0503")

    found = store_cache.once("cells", (str(folder), "a"), {}, lambda: {"cells": cells})
    again = store_cache.once("cells", (str(folder), "a"), {}, lambda: pytest.fail("made twice"))

    pd.testing.assert_frame_equal(again["cells"], cells)
    pd.testing.assert_frame_equal(found["cells"], cells)
    assert not (tmp_path / "shared").exists()
    assert (folder / cache.PRIVATE).stat().st_mode & 0o777 == 0o700
    assert {path.stat().st_mode & 0o777 for path in (folder / cache.PRIVATE).iterdir()} == {0o600}


def test_only_all_cells_of_a_store_pass_for_it(declared):
    cells = store_cache.mark(declared("GM0503", "GM0518"), "store", "a")

    assert store_cache.whole_store(cells) == ("store", "a")
    assert store_cache.whole_store(cells.copy()) == ("store", "a")
    assert store_cache.whole_store(cells[cells["municipality_code"] == "GM0503"]) == ("", "")
    assert store_cache.whole_store(cells.assign(amount_cents=1)) == ("", "")
    assert store_cache.whole_store(declared("GM0503")) == ("", "")


def test_the_numbers_are_the_same_kept_or_not(folder, declared):
    plain = declared("GM0503", "GM0518")
    marked = store_cache.mark(plain.copy(), folder, "a")

    found = [
        year_end.looked_back(cells, "2024-06").draw(50, np.random.default_rng(1))
        for cells in (plain, marked, marked)
    ]

    assert len(list((folder / cache.PRIVATE).glob("looked_back-*.arrow"))) == 1
    np.testing.assert_array_equal(found[0], found[1])
    np.testing.assert_array_equal(found[0], found[2])
    part = marked[marked["municipality_code"] == "GM0518"]
    assert len(year_end.looked_back(part, "2024-06").completed.keys) == 1
