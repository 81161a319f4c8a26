"""One person, nine and ten: the edges of what may be shown."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from analyse import small_cells
from analyse.small_cells import sums


@pytest.mark.parametrize(("count", "small"), [(0, False), (1, True), (9, True), (10, False)])
def test_from_one_to_nine_is_small(count: int, small: bool):
    assert bool(small_cells.small(count)) is small


@pytest.mark.parametrize(("total", "closed"), [(30, "whole"), (31, "rest"), (39, "rest"), (40, "open")])
def test_a_rest_of_one_to_nine_is_a_cell_to_hide(total: int, closed: str):
    """A total of 30 over parts of 10 and 20 has no rest; one of 31 gives away a rest of one person."""
    values, kept = sums.with_rests(np.array([10.0, 20.0, float(total)]), [(2, [0, 1])])

    assert kept == {"whole": [(2, [0, 1])], "rest": [(2, [0, 1, 3])], "open": []}[closed]
    assert values[3:].tolist() == ([total - 30.0] if closed == "rest" else [])


@pytest.mark.parametrize(("count", "shown"), [(10, 10), (12, 10), (13, 15), (17, 15), (18, 20)])
def test_a_count_that_is_shown_is_rounded_to_the_nearest_five(count: int, shown: int):
    assert small_cells.rounded(count) == shown


@pytest.mark.parametrize(
    ("fraction", "hidden"), [(0.2, True), (0.5, False), (0.8, True), (0.0, False), (1.0, False)]
)
def test_a_fraction_hides_with_few_persons_on_either_side(fraction: float, hidden: bool):
    """Of 40 youths 0.2 are eight; and 0.8 leaves eight."""
    found = small_cells.one_sided(pd.Series([40.0]), pd.Series([fraction]))

    assert found.tolist() == [hidden]
