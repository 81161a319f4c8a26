"""What is known beforehand: signals by hand, weights only where they help, and mistakes refused in words."""

import numpy as np
import pandas as pd
import pytest

import analyse
from analyse.errors import DataError, ParameterError
from analyse.forecast.beforehand import Beforehand, signals
from analyse.forecast.engine.method import engine
from analyse.forecast.long_table import Layout, wide


def _table(values, first=2020, name="value"):
    """One series per row: a, b, c ..."""
    return pd.DataFrame(
        [
            {"key": "abcdefgh"[row], "year": first + column, name: value}
            for row, series in enumerate(values)
            for column, value in enumerate(series)
        ]
    )


def _signals(known, roles, values, horizon=1, **leads):
    layout = Layout.of({"key": "key"})
    return signals(Beforehand(known, roles, leads), wide(_table(values), layout), layout, horizon)


def test_a_plan_tells_how_far_it_lies_above_the_value_of_its_origin():
    # In 2020 the plans for 2021 are 10 and 40 % above the value; beside the median of all that is -12 and +12 log %.
    plan = _table([[110.0, 121.0], [280.0, 392.0]], first=2021, name="plan")
    found = _signals(plan, {"plan": "level"}, [[100.0, 110.0], [200.0, 280.0]])
    half = np.log(1.4 / 1.1) / 2
    assert found[0, :, :, 0] == pytest.approx(np.array([[-half, -half], [half, half]]))


def test_a_series_lies_below_its_peer_and_moves_by_the_same_part_every_period():
    peer = _table([[200.0, 200.0], [200.0, 200.0]], name="need")
    found = _signals(peer, {"need": "peer"}, [[100.0, 100.0], [200.0, 200.0]], horizon=3)
    half = np.log(2) / 2
    assert found[0, :, 1] == pytest.approx(np.outer([half, -half], [1, 2, 3]))


def test_what_is_known_later_than_its_lead_says_nothing():
    # The table runs two years ahead, so at 2020 the plan of 2022 is known. With a lead of 1 it is that of 2021.
    plan = _table([[100.0, 100.0, 100.0], [100.0, 200.0, 400.0]], first=2021, name="plan")
    values = [[100.0, 100.0], [100.0, 100.0]]
    two, one = (_signals(plan, {"plan": "level"}, values, **lead) for lead in ({}, {"plan": 1}))
    assert two[0, 1, 0, 0] == pytest.approx(np.log(2) / 2)
    assert one[0, 1, :, 0] == pytest.approx([0.0, np.log(2) / 2])


def test_a_free_covariate_is_taken_at_the_period_itself_as_far_as_it_is_known():
    free = _table([[0.0, 1.0, 2.0], [0.0, -1.0, -2.0]], name="temperature")
    found = _signals(free, {}, [[5.0, 5.0], [5.0, 5.0]], horizon=2)
    assert (
        found[0, 0, 0].tolist() == found[0, 0, 0, [0, 0]].tolist()
    )  # known one year ahead: step 2 has that of step 1
    assert found[0, 0, 1, 0] == pytest.approx(2 * found[0, 0, 0, 0])


def _panel(rng, plan_error):
    """Sixty series that move at random, and plans that knew the year ahead up to an error."""
    moves = rng.normal(0, 0.15, (60, 10))
    values = 100 * np.exp(np.cumsum(moves, axis=1))
    plans = values[:, 1:] * np.exp(rng.normal(0, plan_error, (60, 9)))
    keys, years = [f"s{number}" for number in range(60)], [*range(2015, 2025)]
    history = pd.DataFrame(
        {"key": np.repeat(keys, 9), "year": years[:9] * 60, "value": values[:, :9].ravel()}
    )
    known = pd.DataFrame({"key": np.repeat(keys, 9), "year": years[1:] * 60, "plan": plans.ravel()})
    return history, known, values[:, 9]


def _error(forecast, came):
    return float(np.median(np.abs(forecast["0.5"].to_numpy() / came - 1)))


def test_a_good_plan_is_followed_and_narrows_the_interval():
    history, known, came = _panel(np.random.default_rng(3), plan_error=0.02)
    settings = {"horizon": 1, "key": "key"}
    plain = analyse.forecast_table(history, **settings).sort_values("key", key=_numbered)
    better = analyse.forecast_table(history, known=known, level="plan", **settings).sort_values(
        "key", key=_numbered
    )
    assert _error(plain, came) > 0.08
    assert _error(better, came) < 0.03
    assert (better["0.9"] - better["0.1"]).median() < 0.5 * (plain["0.9"] - plain["0.1"]).median()


def _numbered(keys):
    return keys.str[1:].astype(int)


def test_a_covariate_that_says_nothing_gets_no_weight():
    history, known, _ = _panel(np.random.default_rng(4), plan_error=0.02)
    noise = known.assign(plan=np.random.default_rng(5).normal(0, 1, len(known))).rename(
        columns={"plan": "noise"}
    )
    settings = {"horizon": 1, "key": "key"}
    pd.testing.assert_frame_equal(
        analyse.forecast_table(history, known=noise, **settings), analyse.forecast_table(history, **settings)
    )


@pytest.mark.parametrize(
    ("change", "settings", "message"),
    [
        (lambda known: known, {"level": "plam"}, "did you mean plan"),
        (lambda known: known.drop(columns="plan"), {}, "no covariates"),
        (lambda known: known.drop(columns="year"), {}, "no column year"),
        (lambda known: pd.concat([known, known]), {"level": "plan"}, "same key and period"),
        (
            lambda known: known.assign(key="x" + known["key"]),
            {"level": "plan"},
            "no series of the history, first xs0",
        ),
        (lambda known: known.query("year < 2024"), {"level": "plan"}, "ends with the history"),
        (lambda known: known, {"level": "plan", "lead": {"plan": 1.5}}, "whole number"),
    ],
)
def test_a_mistake_in_what_is_known_is_refused_in_words(change, settings, message):
    history, known, _ = _panel(np.random.default_rng(3), plan_error=0.02)
    with pytest.raises((DataError, ParameterError), match=message):
        analyse.forecast_table(history, horizon=1, key="key", known=change(known), **settings)


def test_a_role_without_a_table_is_refused():
    history, _, _ = _panel(np.random.default_rng(3), plan_error=0.02)
    with pytest.raises(ParameterError, match="give the table as well"):
        analyse.forecast_table(history, horizon=1, key="key", level="plan")


def test_the_mean_of_a_restless_series_is_one_to_budget_with():
    # Up and down by factors of ten: a few futures are a hundred times the last value.
    restless = np.array([[2.0, 21.0, 1.0, 15.0, 0.5, 9.0, 0.4, 4.1]])
    forecast = engine(restless, horizon=4)
    assert (forecast.mean <= 2 * np.maximum(forecast.median, 4.1)).all()
    assert (forecast.mean < forecast.quantiles[:, :, 3]).all()
    assert (
        forecast.quantiles[:, :, 3] > 20
    ).all()  # the interval itself stays as wide as the series is restless


@pytest.mark.parametrize("known", [1, 2, 4])
def test_the_interval_of_a_lone_short_count_series_holds(known):
    rng = np.random.default_rng(1)
    series = rng.poisson(10, (300, known + 1)).astype(float)
    quantiles = np.array([engine(values[None, :known], horizon=1).quantiles[0, 0] for values in series])
    held = (series[:, known] >= quantiles[:, 1]) & (series[:, known] <= quantiles[:, 3])
    assert held.mean() > 0.77


def test_a_lone_figure_that_is_no_count_is_not_widened():
    count, rate = (engine(np.array([[value]]), horizon=1).quantiles[0, 0] for value in (9.0, 9.25))
    assert count[3] - count[1] > 1.5 * (rate[3] - rate[1])
