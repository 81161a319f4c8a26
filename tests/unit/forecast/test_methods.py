"""The door for methods, and the plain rivals."""

import numpy as np
import pytest

from analyse.errors import ParameterError
from analyse.forecast import methods


def test_last_year_repeats_the_last_known_value():
    assert methods.repeat(np.array([[90.0, 100.0], [5.0, np.nan]]), 2).tolist() == [
        [100.0, 100.0],
        [5.0, 5.0],
    ]


def test_last_growth_repeats_the_last_known_growth():
    # 100 -> 110 is 10 %; with a year missing in between, 100 -> 121 in two years is 10 % a year.
    values = np.array([[np.nan, 100.0, 110.0], [100.0, np.nan, 121.0], [np.nan, np.nan, 7.0]])
    grown = methods.repeat_growth(values, 2)
    assert grown == pytest.approx(np.array([[121.0, 133.1], [133.1, 146.41], [7.0, 7.0]]))


def test_an_unknown_method_is_refused_with_the_nearest_name():
    with pytest.raises(ParameterError, match="did you mean 'pooled growth'"):
        methods.find("poled growth")


def test_every_method_gives_numbers_of_the_promised_shape(now):
    from analyse.forecast.streams import Streams

    for method in methods.METHODS.values():
        found = method(now, horizon=3, samples=7, streams=Streams(1))
        assert found.shape == (35, 3, 7)
        assert np.isfinite(found).all()
