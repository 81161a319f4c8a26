"""The door for other data: what it accepts, what it gives, and what it refuses in words."""

import numpy as np
import pandas as pd
import pytest

from analyse.errors import DataError, ParameterError
from analyse.forecast.door import forecast_panel


def history(**changes):
    """Two municipalities, eight years."""
    years = np.tile(np.arange(2017, 2025), 2)
    rng = np.random.default_rng(0)
    usual = {
        "code": np.repeat(["GM0001", "GM0002"], 8),
        "year": years,
        "cost": 100 + rng.integers(0, 40, 16) * 1.0,
    }
    return pd.DataFrame(usual | changes)


def forecast(table, **settings):
    return forecast_panel(
        table, **({"horizon": 2, "key": "code", "period": "year", "value": "cost"} | settings)
    )


def test_one_row_per_series_and_step():
    found = forecast(history())
    assert list(found) == ["code", "year", "mean", "0.025", "0.1", "0.5", "0.9", "0.975"]
    assert found[["code", "year"]].to_numpy().tolist() == [
        ["GM0001", 2025],
        ["GM0001", 2026],
        ["GM0002", 2025],
        ["GM0002", 2026],
    ]
    assert (found["0.1"] < found["0.9"]).all()


def test_the_order_of_the_rows_does_not_matter():
    table = history()
    shuffled = table.sample(frac=1, random_state=1)
    pd.testing.assert_frame_equal(forecast(table), forecast(shuffled))


def test_several_keys_groups_and_levels():
    table = history(form=["a"] * 8 + ["b"] * 8)
    found = forecast(table, key=["code", "form"], group="form", levels=(50,))
    assert list(found) == ["code", "form", "year", "mean", "0.25", "0.5", "0.75"]


@pytest.mark.parametrize(
    ("frequency", "periods", "following"),
    [
        ("half-year", ["2022H1", "2022H2", "2023H1", "2023H2"], ["2024H1", "2024H2"]),
        ("half-year", ["2022HJ01", "2022HJ02", "2023HJ01", "2023HJ02"], ["2024H1", "2024H2"]),
        ("month", ["2023-09", "2023-10", "2023-11", "2023-12"], ["2024-01", "2024-02"]),
    ],
)
def test_half_years_and_months(frequency, periods, following):
    table = pd.DataFrame({"code": "a", "year": periods, "cost": [4.0, 5, 4, 6]})
    assert list(forecast(table, frequency=frequency)["year"]) == following


def test_a_gap_or_an_early_end_is_unknown_not_zero():
    table = history()
    found = forecast(table[~((table["code"] == "GM0001") & table["year"].isin([2020, 2024]))])
    assert found["0.5"].min() > 80
    width = (found["0.9"] - found["0.1"]) / found["0.5"]
    whole = forecast(table)
    assert width[0] > 0.9 * ((whole["0.9"] - whole["0.1"]) / whole["0.5"])[0]


def test_one_single_value_gets_a_finite_wide_interval():
    found = forecast(pd.DataFrame({"code": ["a"], "year": [2024], "cost": [50.0]}))
    assert found["0.5"].to_numpy() == pytest.approx(50, rel=0.05)
    assert (found["0.975"] - found["0.025"] > 10).all()


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"cost": ["x"] + [1.0] * 15}, "'x' in row 1 is no number"),
        ({"cost": [np.inf] + [1.0] * 15}, "infinite value in row 1"),
        ({"cost": [1.0, -2.0] + [1.0] * 14}, "negative value -2 in row 2"),
        ({"year": ["2017", "17-18", *map(str, range(2019, 2033))]}, "period '17-18' in row 2 is no year"),
        ({"year": [2017] * 16}, "14 rows have the same series and period as another, first GM0001/2017"),
        ({"cost": [np.nan] * 8 + [1.0] * 8}, "series GM0001 has no value at all"),
        ({"code": [None] * 16}, "an empty code in row 1"),
    ],
)
def test_bad_rows_are_refused_in_words(changes, words):
    with pytest.raises(DataError, match=words):
        forecast(history(**changes))


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"horizon": 0}, "horizon is 0"),
        ({"horizon": 1.5}, "horizon is 1.5"),
        ({"frequency": "week"}, "frequency is 'week'; expected one of year, half-year, month"),
        ({"levels": (95, 100)}, "interval of 100 %"),
    ],
)
def test_impossible_settings_are_refused_in_words(settings, words):
    with pytest.raises(ParameterError, match=words):
        forecast(history(), **settings)


def test_missing_columns_and_empty_tables_are_named():
    with pytest.raises(DataError, match="no column amount; the table has code, year, cost"):
        forecast(history(), value="amount")
    with pytest.raises(DataError, match="no rows"):
        forecast(history().iloc[:0])
    with pytest.raises(DataError, match="GM0001 has more than one form"):
        forecast(history(form=list("ab") * 8), group="form")
