"""The price index: observed years observed, provisional ones revised, later ones assumed with an interval."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from analyse.errors import DataError
from analyse.forecast import known, price
from analyse.forecast.streams import Streams


def test_wages_weigh_nine_tenths_and_consumer_prices_stand_in(tables):
    growth = known.price_growth(tables["price_index"], 0.9)
    assert growth[2022] == pytest.approx(0.9 * 0.0442 + 0.1 * 0.100)  # no PPC: CPI
    assert growth[2024] == pytest.approx(0.9 * 0.06 + 0.1 * 0.031)  # the PPC, not the CPI of 3.3


def test_the_index_of_the_vng_is_reproduced(tables):
    # VNG: definitive 2023 6.43 %, 2024 5.71 %, preliminary 2025 3.94 %.
    growth = known.price_growth(tables["price_index"], 0.9)
    assert (growth.loc[[2023, 2024, 2025]] * 100).round(2).tolist() == [6.43, 5.71, 3.94]


def test_a_published_year_is_the_same_in_every_sample(small):
    ahead = replace(small, price_growth=pd.concat([small.price_growth, pd.Series({2021: 0.05})]))
    index = price.paths(ahead, horizon=2, samples=50, streams=Streams(1))
    assert index[0] == pytest.approx(np.full(50, 1.05))
    assert index[1].std() > 0.005


def test_a_provisional_year_varies_by_its_usual_revision(small):
    ahead = replace(
        small,
        price_growth=pd.concat([small.price_growth, pd.Series({2021: 0.05})]),
        provisional_prices=frozenset({2021}),
    )
    index = price.paths(ahead, horizon=1, samples=4000, streams=Streams(1))
    assert index[0].mean() == pytest.approx(1.05, abs=0.001)
    assert index[0].std() == pytest.approx(small.constants.price.revision_sd, rel=0.05)


def test_assumed_growth_holds_its_interval_in_the_long_run(small):
    index = price.paths(small, horizon=10, samples=4000, streams=Streams(1))
    growth = index[-1] / index[-2] - 1
    assumed = small.assumptions["price_growth_percent"]
    inside = ((growth >= assumed.low / 100) & (growth <= assumed.high / 100)).mean()
    assert inside == pytest.approx(assumed.coverage, abs=0.03)


def test_a_missing_year_is_an_error_that_names_it(small):
    with pytest.raises(DataError, match="2019"):
        price.log_index(small.price_growth.drop(2019), small.years)


def test_a_high_year_is_followed_by_a_high_one(small):
    # Prices rose 10 % in the year of the origin: 0.6 of the distance to what is assumed is left a year later.
    index = price.paths(small, horizon=1, samples=50, streams=Streams(1))
    mean, _ = price.growth_assumed(small.assumptions)
    assert index[0].mean() == pytest.approx(1 + mean + 0.6 * (0.10 - mean))
    assert mean < 0.05
