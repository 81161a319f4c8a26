"""Two methods beside each other: pairs only, by hand, and years drawn whole."""

import numpy as np
import pandas as pd
import pytest

from analyse.errors import ParameterError
from analyse.forecast import paired


def _table(errors):
    """Rows of a backtest from {(origin, area): {method: error in per cent}}, all accounts 100."""
    rows = [
        {
            "level": "region",
            "horizon": 1,
            "origin": origin,
            "area_code": area,
            "method": method,
            "actual_eur": 100.0,
            "q0.5": 100.0 + off,
        }
        for (origin, area), of in errors.items()
        for method, off in of.items()
    ]
    return pd.DataFrame(rows)


def _by_summary(table, **settings):
    found = paired.difference(table, "forecast", "drift", rng=np.random.default_rng(1), **settings)
    return found.set_index("summary")


def test_the_difference_and_who_was_nearer_by_hand():
    found = _by_summary(
        _table(
            {
                (2021, "A"): {"forecast": 2.0, "drift": -4.0},
                (2021, "B"): {"forecast": -3.0, "drift": 1.0},
                (2022, "A"): {"forecast": 10.0, "drift": 2.0},
                (2022, "B"): {"forecast": 1.0, "drift": 5.0},
            }
        )
    )
    # Forecast 2, 3, 10, 1: median 2.5, mean 4. Drift 4, 1, 2, 5: median 3, mean 3. Nearer in two of four.
    assert found["difference_points"].to_dict() == pytest.approx({"median": -0.5, "mean": 1.0})
    assert found["nearer"].tolist() == [0.5, 0.5]
    assert found[["n", "origins"]].to_numpy().tolist() == [[4, 2]] * 2


def test_years_are_drawn_whole():
    # Within a year the areas cancel out. Drawn one by one they would not: the interval would not be a point.
    both = {"A": {"forecast": 6.0, "drift": 0.0}, "B": {"forecast": 0.0, "drift": 6.0}}
    found = _by_summary(_table({(year, area): of for year in range(2019, 2024) for area, of in both.items()}))
    assert found.loc["mean", ["low", "high"]].tolist() == pytest.approx([0.0, 0.0])


def test_the_interval_runs_from_the_worst_year_to_the_best_and_shrinks_with_its_coverage():
    table = _table(
        {(2021, "A"): {"forecast": 8.0, "drift": 2.0}, (2022, "A"): {"forecast": 1.0, "drift": 3.0}}
    )
    # Two years: one in four draws is twice the first (6), one in four twice the second (-2), the rest are 2.
    assert _by_summary(table).loc["mean", ["low", "high"]].tolist() == pytest.approx([-2.0, 6.0])
    assert _by_summary(table, coverage=0.4).loc["mean", ["low", "high"]].tolist() == pytest.approx([2.0, 2.0])


def test_only_what_both_forecast_counts():
    table = _table(
        {
            (2021, "A"): {"forecast": 1.0, "drift": 2.0},
            (2022, "A"): {"forecast": 1.0, "drift": 2.0},
            (2022, "B"): {"forecast": 50.0},
            (2023, "A"): {"drift": 90.0},
        }
    )
    assert _by_summary(table).loc[
        "mean", ["n", "nearer", "difference_points", "high"]
    ].tolist() == pytest.approx([2, 1.0, -1.0, -1.0])


def test_one_year_has_no_interval():
    found = _by_summary(_table({(2021, "A"): {"forecast": 1.0, "drift": 2.0}}))
    assert found["difference_points"].tolist() == pytest.approx([-1.0, -1.0])
    assert found[["low", "high"]].isna().all(axis=None)


def test_an_unknown_method_is_refused_with_those_that_are_there():
    table = _table({(2021, "A"): {"forecast": 1.0, "ets": 2.0}})
    with pytest.raises(ParameterError, match="'drift' is not in the table; choose from ets, forecast"):
        _by_summary(table)


def test_the_interval_says_how_often_it_holds():
    """Five independent years, the true difference 0: the percentile interval of the mean holds 84 of 100 times."""
    rng, origins = np.random.default_rng(4), np.arange(5)
    drawn = rng.integers(0, 5, (800, 5))
    years = rng.standard_normal((1500, 5))
    low, high = np.quantile(years[:, drawn].mean(axis=2), [0.025, 0.975], axis=1)

    assert ((low <= 0) & (high >= 0)).mean() == pytest.approx(paired.HELD[5], abs=0.03)
    table = _table({(2019 + year, "A"): {"forecast": float(year), "drift": 2.0} for year in origins})
    assert _by_summary(table)["held_fraction"].tolist() == [0.84, 0.84]
