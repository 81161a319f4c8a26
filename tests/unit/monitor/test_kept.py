"""How a whole store completes is worked out once for all pages; a part of it never passes for the whole."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from analyse import shared
from analyse.monitor import kept, year_end


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv(shared.FOLDER, str(tmp_path / "shared"))
    return tmp_path / "shared"


def declared(*codes: str) -> pd.DataFrame:
    """Five years of one provider per municipality, half declared after one month, half after three."""
    months = pd.date_range("2019-01-01", "2024-06-01", freq="MS")
    rows = [(code, "ggz", "A", month, lag, 5_000_000) for code in codes for month in months for lag in (1, 3)]
    names = [
        "municipality_code",
        "care_form",
        "provider",
        "product_month",
        "development_month",
        "amount_cents",
    ]
    return pd.DataFrame(rows, columns=names)


def test_a_result_is_made_once_for_each_store_and_choice(folder):
    made = []

    def ask(digest: str, choices: dict[str, object]) -> int:
        return kept.once("count", digest, choices, lambda: made.append(digest) or len(made))

    assert [ask("a", {"by": 1}), ask("a", {"by": 1}), ask("b", {"by": 1}), ask("a", {"by": 2})] == [
        1,
        1,
        2,
        3,
    ]
    assert made == ["a", "b", "a"]
    assert [ask("", {"by": 1}), ask("", {"by": 1})] == [4, 5]


def test_without_a_folder_everything_is_made_on_the_spot(monkeypatch):
    monkeypatch.delenv(shared.FOLDER, raising=False)

    assert [kept.once("count", "a", {}, lambda one=one: one) for one in (1, 2)] == [1, 2]


def test_only_all_cells_of_a_store_pass_for_it():
    cells = kept.mark(declared("GM0503", "GM0518"), "a")

    assert kept.whole_store(cells) == "a"
    assert kept.whole_store(cells.copy()) == "a"
    assert kept.whole_store(cells[cells["municipality_code"] == "GM0503"]) == ""
    assert kept.whole_store(cells.assign(amount_cents=1)) == ""
    assert kept.whole_store(declared("GM0503")) == ""


def test_the_numbers_are_the_same_shared_or_not(folder):
    plain = declared("GM0503", "GM0518")
    marked = kept.mark(plain.copy(), "a")

    found = [
        year_end.looked_back(cells, "2024-06").draw(50, np.random.default_rng(1))
        for cells in (plain, marked, marked)
    ]

    assert len(list(folder.glob("looked_back-*.pickle"))) == 1
    np.testing.assert_array_equal(found[0], found[1])
    np.testing.assert_array_equal(found[0], found[2])
    part = marked[marked["municipality_code"] == "GM0518"]
    assert len(year_end.looked_back(part, "2024-06").completed.keys) == 1
