"""What a run assumes itself: it changes the forecast as it should, and nothing else does."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from analyse import forecast, parameters
from analyse.assumed import Assumed
from analyse.errors import ParameterError
from analyse.forecast import own_assumptions
from analyse.history import panel


@pytest.fixture(scope="module")
def history(tables):
    return panel.build(tables)


@pytest.fixture(scope="module")
def futures(history, tables):
    def simulated(rows: pd.DataFrame = history, **chosen) -> pd.DataFrame:
        return forecast.simulate(
            rows, tables, horizon=3, samples=100, rng=np.random.default_rng(17), **chosen
        )

    return simulated


def test_prices_grow_by_what_was_assumed(futures):
    slow = futures(assumptions={"price_growth_percent": 0.0})
    fast = futures(assumptions={"price_growth_percent": 5.0})
    last = slow["period"].max()

    ratio = (fast["price"] / slow["price"]).loc[slow["period"].eq(last)]
    growth = parameters.assumptions()["price_growth_percent"]
    assert 1.05 < ratio.median() < 1.05**3, "published years stay, and growth moves towards what is assumed"
    assert np.allclose(fast["youths"], slow["youths"])
    own = own_assumptions.values(Assumed(price_growth_percent=5.0))["price_growth_percent"]
    assert own.high - own.low == pytest.approx(growth.high - growth.low)
    assert (own.value, own.source.nl) == (5.0, "eigen keuze bij deze doorrekening")


def test_a_year_left_out_emptied_or_dropped_is_the_same(history, futures):
    there = history["period"].eq(2020)
    emptied = history.assign(
        cost_eur=history["cost_eur"].mask(there),
        status=history["status"].mask(there, "missing"),
        clients=history["clients"].mask(there),
        clients_status=history["clients_status"].mask(there, "missing"),
        budget_eur=history["budget_eur"].mask(there),
        budget_status=history["budget_status"].mask(there, "missing"),
    )

    asked = futures(assumptions={"leave_out_years": [2020]})

    pd.testing.assert_frame_equal(asked, futures(emptied))
    pd.testing.assert_frame_equal(asked, futures(history[~there]))
    assert not np.allclose(asked["cost_eur"], futures()["cost_eur"], equal_nan=True)


def test_without_budgets_is_as_if_none_were_known(history, futures):
    unknown = history.assign(budget_eur=np.nan, budget_status="missing")

    pd.testing.assert_frame_equal(futures(assumptions={"budget_signal": False}), futures(unknown))


def test_a_break_more_is_one_more_among_the_declared(futures):
    more = own_assumptions.settings({"breaks": [2022]}, None)[1]["declared"]

    assert len(more) == len(parameters.breaks()) + 1
    pd.testing.assert_frame_equal(futures(assumptions={"breaks": [2022]}), futures(breaks=more))
    assert not np.allclose(futures(breaks=more)["cost_eur"], futures()["cost_eur"], equal_nan=True)
    assert not np.allclose(futures(breaks=[])["cost_eur"], futures()["cost_eur"], equal_nan=True)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"price_growth": 3}, "price_growth_percent"),
        ({"price_growth_percent": 300}, "less than or equal to 30"),
        ({"leave_out_years": ["vorig"]}, "valid integer"),
        ({"breaks": [{"period": 2022, "municipalities": ["Delft"]}]}, "GM0503"),
    ],
)
def test_what_cannot_be_assumed_is_refused(futures, given, said):
    with pytest.raises(ParameterError, match=said):
        futures(assumptions=given)


def test_a_run_says_what_it_assumes_in_one_way(tmp_path):
    (tmp_path / "run.yaml").write_text("assumptions: {price_growth_percent: 3, leave_out_years: [2020]}\n")

    run = parameters.load(tmp_path / "run.yaml", assumptions={"price_growth_percent": 2.5})

    told = {"price_growth_percent": 2.5, "leave_out_years": [2020]}
    assert run.model_dump()["assumptions"] == told
    assert parameters.Run(assumptions="{leave_out_years: 2020, price_growth_percent: 2.5}") == run
    assert parameters.Run(**run.model_dump()) == run
    assert hash(run)
    assert parameters.Run().model_dump()["assumptions"] == {}
