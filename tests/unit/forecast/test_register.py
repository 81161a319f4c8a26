"""The register: the format, the chain that shows a change, and scores by hand."""

import json
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from analyse.errors import DataError
from analyse.forecast import register
from analyse.forecast.joint import Paths


@pytest.fixture
def paths():
    """Two municipalities, one observed year and two ahead; futures of 90, 100, 110 and 120, and twice that."""
    cost = np.array([90.0, 100.0, 110.0, 120.0]) * np.array([1.0, 2.0])[:, None, None] * np.ones((2, 3, 4))
    return Paths(
        codes=("GM0503", "GM0599"),
        regions=("JZ24", "JZ29"),
        origin=2023,
        periods=np.array([2023, 2024, 2025]),
        youths=cost,
        clients=cost,
        price=np.ones((3, 4)),
        cost_eur=cost,
        observed=np.array([[True, False, False]] * 2),
    )


def _entries(*files):
    entries = []
    for name, content in files:
        entries.append(register.entry({"file": name, "origin": 2023}, content, entries))
    return entries


def test_a_forecast_is_hubverse_model_output(paths):
    rows = register.model_output(paths, "2024-07-01", samples=3)
    assert list(rows) == register.COLUMNS
    assert len(rows) == 2 * 2 * (1 + 5 + 3)  # municipalities, years, and mean, quantiles and samples
    first = rows.query("location == 'GM0599' and horizon == 1")
    assert set(first["target_end_date"]) == {"2024-12-31"}
    assert first.query("output_type == 'mean'")["value"].tolist() == [210.0]
    assert first.query("output_type == 'quantile'")["output_type_id"].tolist() == [
        "0.025",
        "0.1",
        "0.5",
        "0.9",
        "0.975",
    ]
    assert first.query("output_type_id == '0.5'")["value"].tolist() == [210.0]
    assert first.query("output_type == 'sample'")["value"].tolist() == [180.0, 200.0, 220.0]


def test_what_is_observed_already_is_no_forecast(paths):
    ahead = replace(paths, observed=np.array([[True, True, False], [True, False, False]]))
    rows = register.model_output(ahead, "2024-07-01").query("output_type == 'mean'")
    assert rows[["location", "target_end_date"]].to_numpy().tolist() == [
        ["GM0503", "2025-12-31"],
        ["GM0599", "2024-12-31"],
        ["GM0599", "2025-12-31"],
    ]


def test_a_register_as_it_was_is_unchanged():
    files = [("a.csv", b"one"), ("b.csv", b"two"), ("c.csv", b"three")]
    assert register.verify(_entries(*files), dict(files)) == ["", "", ""]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (lambda entries, files: files.update({"b.csv": b"twe"}), ["", "its file was changed", ""]),
        (lambda entries, files: files.pop("a.csv"), ["its file is gone", "", ""]),
        (lambda entries, files: entries[1].update({"origin": 2022}), ["", "the entry was changed", ""]),
    ],
)
def test_a_change_shows_where_it_was_made(change, expected):
    files = {"a.csv": b"one", "b.csv": b"two", "c.csv": b"three"}
    entries = _entries(*files.items())
    change(entries, files)
    assert register.verify(entries, files) == expected


def test_an_entry_that_was_left_out_or_written_anew_breaks_the_chain():
    files = {"a.csv": b"one", "b.csv": b"two", "c.csv": b"three"}
    entries = _entries(*files.items())
    broken = "an entry before it was changed, left out or put in between"
    assert register.verify([entries[0], entries[2]], files) == ["", broken]
    forged = register.entry({"file": "b.csv", "origin": 2023}, b"better", entries[:1])
    assert register.verify([entries[0], forged, entries[2]], files | {"b.csv": b"better"}) == ["", "", broken]


def _history(cost):
    return pd.DataFrame(
        {
            "municipality_code": ["GM0503", "GM0503", "GM0599"],
            "period": [2024, 2025, 2024],
            "cost_eur": [cost, np.nan, 400.0],
            "status": ["final", "missing", "final"],
            "budget_eur": [95.0, 98.0, 200.0],
            "budget_status": "final",
        }
    )


def test_scores_by_hand(paths):
    # Delft: median 105, came 100: 5 % too high, inside. Rotterdam: median 210, came 400: outside.
    table = register.scores({"a.csv": register.model_output(paths, "2024-07-01")}, _history(100.0))
    assert table[["horizon", "period", "n"]].to_numpy().tolist() == [
        [1, 2024, 2]
    ]  # of 2025 nothing is known yet
    row = table.iloc[0]
    assert row["median_absolute_percentage_error"] == pytest.approx((5.0 + 47.5) / 2)
    assert row["bias_percent"] == pytest.approx((5.0 - 47.5) / 2)
    assert row["coverage_80"] == row["coverage_95"] == 0.5
    # CRPS of Delft: mean distance (10 + 0 + 10 + 20) / 4, less half the mean distance of two futures, 12.5; of
    # Rotterdam 190 less half of 25.
    assert row["crps_percent"] == pytest.approx(100 * ((10 - 6.25) / 100 + (190 - 12.5) / 400) / 2)


def test_what_was_forecast_stands_beside_the_budget_and_the_accounts(paths):
    forecasts = {"a.csv": register.model_output(paths, "2024-07-01")}
    table = register.beside_budget(forecasts, _history(100.0), "GM0503")
    assert table["period"].tolist() == [2024, 2025]
    assert table["q0.5"].tolist() == [105.0, 105.0]
    assert table["budget_eur"].tolist() == [95.0, 98.0]
    assert table["actual_eur"].iloc[0] == 100.0
    assert np.isnan(table["actual_eur"].iloc[1])


def test_what_is_no_model_output_is_refused():
    with pytest.raises(DataError, match=r"a.csv has no column origin_date"):
        register.checked(pd.DataFrame({"value": [1.0]}), "a.csv")


def test_an_entry_is_plain_json():
    made = _entries(("a.csv", b"one"))[0]
    assert json.loads(json.dumps(made)) == made


def test_an_amount_is_registered_in_whole_euros(paths):
    rows = register.model_output(replace(paths, cost_eur=paths.cost_eur + 0.4), "2024-07-01")

    assert (rows["value"] % 1 == 0).all()
