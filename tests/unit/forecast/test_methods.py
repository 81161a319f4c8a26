"""The door for methods."""

import numpy as np
import pytest

from analyse.errors import ParameterError
from analyse.forecast import methods
from analyse.forecast.streams import Streams


def test_an_unknown_method_is_refused_with_the_nearest_name():
    with pytest.raises(ParameterError, match="did you mean need and budgets"):
        methods.find("ned and budgets")


@pytest.mark.parametrize("name", methods.METHODS)
def test_every_method_gives_numbers_of_the_promised_shape(name, now):
    found = methods.find(name)(now, horizon=3, samples=7, streams=Streams(1))
    assert found.shape == (35, 3, 7)
    assert np.isfinite(found).all()
