"""The door for other data: what it accepts, what it gives, and what it refuses in words."""

import numpy as np
import pandas as pd
import pytest

import analyse
from analyse.errors import DataError, ParameterError
from analyse.forecast import any_table, futures


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
    return analyse.forecast_table(table, **({"horizon": 2, "key": "code", "value": "cost"} | settings))


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
        ({"cost": ["veel"] + [1.0] * 15}, "row 0, column cost: 'veel' is no number"),
        ({"cost": [np.inf] + [1.0] * 15}, "infinite value inf in row 0"),
        ({"cost": [1.0, -2.0] + [1.0] * 14}, "negative value -2 in row 1"),
        ({"year": ["2017", "17-18", *map(str, range(2019, 2033))]}, "row 1, column year: '17-18' is no year"),
        ({"year": [2017] * 16}, "14 rows have the same series and period as another, first GM0001/2017"),
        ({"cost": [np.nan] * 8 + [1.0] * 8}, "series GM0001 has no value at all"),
        ({"code": [None] * 16}, "an empty code in row 0"),
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
        ({"levels": "wide"}, "interval of wide %"),
        ({"levels": (0.8,)}, "interval of 0.8 %"),
        ({"samples": 1}, "samples is 1"),
        ({"seed": -1}, "seed is -1"),
        ({"keys": "code"}, "no setting 'keys'; did you mean key"),
        ({"breaks": [2017]}, "breaks 2017"),
        ({"revision_percent": 100}, "revision of 100 %"),
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
    with pytest.raises(DataError, match="row 1 has more than one form"):
        forecast(history(form=list("ab") * 8), group="form")


def test_columns_have_their_usual_names_by_default():
    table = history().rename(columns={"year": "period", "cost": "value"})
    pd.testing.assert_frame_equal(
        analyse.forecast_table(table, horizon=2).rename(columns={"period": "year"}), forecast(history())
    )
    alone = table[table["code"] == "GM0001"].drop(columns="code")
    assert " ".join(analyse.forecast_table(alone, horizon=2)) == "period mean 0.025 0.1 0.5 0.9 0.975"


def test_an_index_with_names_and_first_days_of_a_year_are_read_as_columns():
    table = history()
    pd.testing.assert_frame_equal(forecast(table.set_index(["code", "year"])), forecast(table))
    dated = table.assign(year=pd.to_datetime(table["year"].astype(str) + "-01-01"))
    pd.testing.assert_frame_equal(forecast(dated), forecast(table))


def test_what_is_no_table_of_numbers_is_refused():
    with pytest.raises(DataError, match="got list; expected a pandas DataFrame"):
        forecast([1, 2])
    with pytest.raises(DataError, match="two columns are named cost"):
        forecast(pd.concat([history(), history()[["cost"]]], axis=1))
    with pytest.raises(DataError, match="column cost has datetime"):
        forecast(history(cost=pd.Timestamp("2024-01-01")))


def test_the_old_call_of_the_package_still_forecasts_and_warns():
    from analyse import forecast as package

    assert package is analyse.forecast
    with pytest.warns(DeprecationWarning, match="is now analyse.forecast_table"):
        old = package(history(), horizon=2, key="code", value="cost")
    pd.testing.assert_frame_equal(old, forecast(history()))


def test_a_column_that_is_no_key_is_noticed():
    with pytest.raises(DataError, match="every row is a series of its own by code, youths"):
        forecast(history(youths=np.arange(16)), key=None)


@pytest.mark.parametrize(("period", "is_a"), [("2024H1", "half-year"), ("2024-05", "month")])
def test_half_years_and_months_never_go_with_years(period, is_a):
    table = history(year=[*map(str, range(2017, 2024)), period] * 2)
    with pytest.raises(
        DataError, match=f"row 7, column year: '{period}' is no year.*it is a {is_a}.*--frequency {is_a}"
    ):
        forecast(table)


def test_joint_futures_have_the_quantiles_of_the_forecast_and_add_up():
    table = history()
    settings = {"horizon": 2, "key": "code", "value": "cost"}
    drawn = futures(table, samples=4000, **settings)
    assert list(drawn) == ["code", "year", "sample", "cost"]
    own, told = forecast(table), analyse.forecast_table(table, samples=4000, **settings)
    found = drawn.groupby(["code", "year"])["cost"]
    assert told["0.9"].to_numpy() == pytest.approx(found.quantile(0.9).to_numpy())
    assert told["mean"].to_numpy() == pytest.approx(found.mean().to_numpy())
    assert told[["0.1", "0.5", "0.9"]].to_numpy() == pytest.approx(
        own[["0.1", "0.5", "0.9"]].to_numpy(), rel=0.03
    )


def test_the_same_seed_gives_the_same_futures_and_another_seed_others():
    first, again, other = (forecast(history(), samples=50, seed=seed) for seed in (1, 1, 2))
    pd.testing.assert_frame_equal(first, again)
    assert (first["mean"] != other["mean"]).all()


def test_futures_that_do_not_fit_in_memory_are_refused():
    many = pd.DataFrame({"code": range(30), "year": 2024, "cost": 10.0})
    with pytest.raises(ParameterError, match="100000 futures of 30 series and 120 periods do not fit"):
        forecast(many, samples=100_000, horizon=120)


def test_provisional_values_are_raised_by_their_usual_revision():
    final = history(cost=100.0, status="final")
    provisional = final.assign(status=["final"] * 7 + ["provisional"] + ["final"] * 8)
    provisional.loc[7, "cost"] = 100 / 1.04
    pd.testing.assert_frame_equal(forecast(provisional, revision_percent=4.0), forecast(final))


def test_faulty_and_missing_and_incomplete_values_are_left_out():
    table = history(status="final")
    table.loc[[3, 4, 5], "status"] = ["faulty", "missing", "incomplete"]
    left_out = table.drop(index=[3, 4, 5])
    pd.testing.assert_frame_equal(forecast(table), forecast(left_out))
    with pytest.raises(DataError, match="status 'voorlopig' in row 0; expected one of final, provisional"):
        forecast(history(status="voorlopig"))


def test_suppressed_counts_are_drawn_between_zero_and_nine_around_their_neighbours():
    values = np.array([[np.nan, 40.0, np.nan], [10.0, np.nan, 10.0], [np.nan] * 3])
    rng = np.random.default_rng(1)
    drawn = np.array([any_table.filled(values, np.isnan(values), rng) for _ in range(1000)])
    hidden = drawn[:, np.isnan(values)]
    assert hidden.min() == 0
    assert hidden.max() == 9
    assert (drawn[:, 0, 1] == 40).all()
    # a Poisson of mean 9 cut off at 9 has mean 7.0; one of mean 4.5 has mean 4.4
    assert drawn[:, 0, 0].mean() == pytest.approx(7.0, abs=0.2)
    assert drawn[:, 2].mean() == pytest.approx(4.4, abs=0.2)


def test_a_series_that_was_always_suppressed_is_small_and_unsure():
    table = history(status=["suppressed"] * 8 + ["final"] * 8, cost=[np.nan] * 8 + [100.0] * 8)
    small = forecast(table).query("code == 'GM0001'").iloc[0]
    assert 2 < small["0.5"] < 8
    assert small["0.025"] <= 1.5
    assert small["0.975"] >= 8


@pytest.mark.parametrize("values", [[5.0], [5.0, 6], [0.0, 0, 0], [7.0] * 8, [0.0] * 8, [0.0] * 7 + [3]])
def test_short_constant_and_empty_series_get_a_sane_answer(values):
    years = range(2025 - len(values), 2025)
    for company in (0, 30):
        table = pd.DataFrame({"code": "short", "year": years, "cost": values})
        others = [history(code=np.repeat([f"a{n}", f"b{n}"], 8)) for n in range(company)]
        found = forecast(pd.concat([table, *others])).query("code == 'short'")
        numbers = found.drop(columns=["code", "year"]).to_numpy()
        assert np.isfinite(numbers).all()
        assert (numbers >= 0).all()
        assert (np.diff(found[["0.025", "0.1", "0.5", "0.9", "0.975"]], axis=1) >= 0).all()
        assert found["0.5"].between(0.4 * values[-1], 1.4 * values[-1] + 1).all()


def test_a_hundred_thousand_series():
    rng = np.random.default_rng(1)
    series, years = 100_000, 5
    values = rng.poisson(np.repeat(rng.gamma(2, 20, series), years)).astype(float)
    table = pd.DataFrame(
        {
            "code": np.repeat(np.arange(series), years),
            "year": list(range(2020, 2025)) * series,
            "cost": values,
        }
    )
    found = forecast(table, horizon=1)
    assert len(found) == series
    assert np.isfinite(found.drop(columns=["code", "year"]).to_numpy()).all()


@pytest.mark.parametrize(
    ("renamed", "settings", "said"),
    [
        ({}, {"key": ["value"]}, "column value is named twice among key, period and value"),
        ({}, {"key": ["key", "key"]}, "column key is named twice"),
        (
            {"key": "0.5"},
            {"key": ["0.5"]},
            "column 0.5 has the name of a column of the forecast itself; rename it",
        ),
        ({"key": "mean"}, {"key": ["mean"]}, "column mean has the name of a column of the forecast itself"),
        ({"key": "sample"}, {}, "column sample has the name of a column of the forecast itself"),
    ],
)
def test_a_column_in_two_roles_or_with_a_name_of_the_forecast_is_refused(renamed, settings, said):
    history = pd.DataFrame({"key": ["a"] * 4, "period": range(2020, 2024), "value": 1.0})

    with pytest.raises(DataError, match=said):
        analyse.forecast_table(history.rename(columns=renamed), horizon=1, **settings)
