"""What changed between two runs, and the small line of each area."""

import copy
import re

import pytest

from analyse.present.text.language import translator
from analyse.report import index, trend


def later(samples, **edits):
    """The manifest of a later run, with highlights of Delft changed."""
    made = copy.deepcopy(samples.manifest())
    delft = next(one for one in made["notebooks"] if one["area_code"] == "GM0503")
    delft["highlights"] = copy.deepcopy(delft["highlights"]) | edits
    return made


def kinds(old, new):
    return [(one.area_code, one.kind, one.period) for one in index.changes(old, new)]


def test_nothing_changed(samples):
    assert index.changes(samples.manifest(), samples.manifest()) == []


def test_a_new_year_and_a_revised_one(samples):
    series = copy.deepcopy(samples.manifest()["notebooks"][3]["highlights"]["series"])
    series["accounts"][-1][1] = 39.1e6
    new = later(samples, series={**series, "accounts": [*series["accounts"], [2025, 41.0e6]]})

    found = index.changes(samples.manifest(), new)
    assert [(one.kind, one.period, one.before, one.after) for one in found] == [
        ("revised", 2024, 38.6e6, 39.1e6),
        ("accounts", 2025, None, 41.0e6),
    ]


def test_a_forecast_that_moves_a_little_has_not_changed(samples):
    middle = samples.manifest()["notebooks"][3]["highlights"]["expected_eur"]

    assert kinds(samples.manifest(), later(samples, expected_eur=middle * 1.005)) == []
    assert kinds(samples.manifest(), later(samples, expected_eur=middle * 1.05)) == [
        ("GM0503", "forecast", 2027)
    ]


def test_data_settings_and_what_comes_and_goes(samples):
    old, new = samples.manifest(), samples.manifest()
    old["data"] = [{"table": "costs", "sha256": "a"}, {"table": "usage", "sha256": "c"}]
    new["data"] = [{"table": "costs", "sha256": "b"}, {"table": "usage", "sha256": "c"}]
    new["parameters"] = new["parameters"] | {"composition_year": 2025}
    old["packages"], new["packages"] = {"jeugdhulp-analyse": "0.1.0"}, {"jeugdhulp-analyse": "0.2.0"}
    new["notebooks"] = [one for one in new["notebooks"] if one["area_code"] != "JZ24"]
    old["notebooks"] = [one for one in old["notebooks"] if one["area_code"] != "GM0503"]
    new["notebooks"][-1] = new["notebooks"][-1] | {"status": "ok"}

    found = index.changes(old, new)
    assert [(one.area_code, one.kind) for one in found] == [
        ("ALL", "data"), ("ALL", "settings"), ("ALL", "version"), ("GM0503", "new"), ("GM0546", "ready"),
        ("JZ24", "gone"),
    ]  # fmt: skip
    assert found[0].what == ("costs",)
    assert found[1].what == ("composition_year 2026 → 2025",)


@pytest.mark.parametrize(("language", "said"), [
    ("nl", "Jaarrekening van 2024 herzien: € 38,6 miljoen werd € 39,1 miljoen."),
    ("en", "Accounts of 2024 revised: €38.6 million became €39.1 million."),
])  # fmt: skip
def test_the_index_says_what_changed(samples, language, said):
    series = copy.deepcopy(samples.manifest()["notebooks"][3]["highlights"]["series"])
    series["accounts"][-1][1] = 39.1e6
    new = later(samples, series=series) | {"language": language}
    page = index.html(new, previous=samples.manifest()).replace("\u00a0", " ")

    assert said in page
    assert "open-2026.11-nl" in page
    assert said not in index.html(new).replace("\u00a0", " ")


def test_a_small_line_has_words_and_leaves_gaps_open(samples):
    series = {"accounts": [[2017, 1e6], [2018, None], [2019, 3e6], [2020, 4e6]],
              "forecast": [[2021, 5e6, 4e6, 6e6], [2022, 6e6, 4e6, 8e6]]}  # fmt: skip
    made = str(trend.svg(series, translator("nl"))).replace("\u00a0", " ")

    assert (
        'aria-label="Van € 1,00 miljoen in 2017 naar € 4,00 miljoen in 2020; verwacht in 2022 ongeveer € 6,0 miljoen"'
        in made
    )
    assert [len(one.split()) for one in re.findall(r'class="known" points="([^"]*)"', made)] == [1, 2]
    assert 'class="expected" points="66.8,14.0 88.4,11.0 110.0,8.0"' in made
    assert trend.svg(None, translator("nl")) == "–"
