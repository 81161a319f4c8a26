"""One person, nine and ten: the edges of what may be shown."""

from __future__ import annotations

import numpy as np
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
