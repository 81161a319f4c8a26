"""Futures of the real figures, and small made-up ones of which the answer can be worked out by hand."""

import numpy as np
import pandas as pd
import pytest

from analyse import parameters
from analyse.forecast import known as knowledge
from analyse.forecast.joint import joint
from analyse.forecast.known import Known
from analyse.forecast.simulate import to_table


@pytest.fixture(scope="session")
def now(history, tables):
    """What is known today, on the real figures."""
    return knowledge.as_of(history, tables)


@pytest.fixture(scope="session")
def paths(now):
    return joint(now, horizon=6, samples=400, rng=np.random.default_rng(1))


@pytest.fixture(scope="session")
def path_table(paths):
    return to_table(paths)


@pytest.fixture
def small():
    """Two municipalities of one region, 2018-2020, each with 100 youths; prices rise 10 % a year."""
    flat = np.full((2, 4), 100.0)
    return Known(
        codes=("GM0001", "GM0002"),
        regions=("JZ24", "JZ24"),
        years=np.array([2018, 2019, 2020]),
        cost_eur=np.array([[1000.0, 1210.0, 1464.1], [2000.0, 2420.0, 2928.2]]),
        budget_eur=np.full((2, 5), np.nan),
        youths=flat,
        youths_0_22=flat * 1.25,
        inhabitants=np.full((2, 3), 500.0),
        income_support=np.array([[5000.0] * 3, [10_000.0] * 3]),
        ages=np.full((2, 4, 25), 100.0 / 18),
        gains=np.zeros((2, 25)),
        clients=np.array([[np.nan, 10.0, 10.0], [np.nan, 20.0, 20.0]]),
        provisional_clients=np.zeros((2, 3), dtype=bool),
        usage_by_band=pd.DataFrame(
            {"clients": [10.0, 20.0], "youths": [1000.0, 1000.0]}, index=["0-11", "12-17"]
        ),
        price_growth=pd.Series({2017: 0.1, 2018: 0.1, 2019: 0.1, 2020: 0.1}),
        provisional_prices=frozenset(),
        national_clients=pd.Series({2019: 400.0, 2020: 400.0}),
        provisional_national=frozenset(),
        cost_breaks=np.zeros((2, 3), dtype=bool),
        usage_breaks=np.zeros((2, 3), dtype=bool),
        breaks_ahead=frozenset(),
        renumbered=frozenset(),
        announced=frozenset(),
        constants=parameters.forecast_constants(),
        assumptions=parameters.assumptions(),
        tables={},
    )
