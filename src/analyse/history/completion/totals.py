"""Rows of an array added up by group: as a product with a sparse matrix, many times faster than adding one by one."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from scipy import sparse


def codes(keys: pd.DataFrame, names: Sequence[str]) -> np.ndarray:
    """Number of the group of each row, (row,), in the order of its names; all in one group without names.

    Examples
    --------
    >>> codes(pd.DataFrame({"form": ["ggz", "ambulant", "ggz"], "class": [1, 2, 1]}), ["form", "class"])
    array([1, 0, 1])
    """
    if not len(names):
        return np.zeros(len(keys), dtype=int)
    group = np.zeros(len(keys), dtype=int)
    for name in names:
        values, different = pd.factorize(keys[name], sort=True)
        group = group * len(different) + values
    return pd.factorize(group, sort=True)[0]


def by(groups: np.ndarray, values: np.ndarray) -> np.ndarray:
    """Sum of the rows of each group, (group, ...).

    Examples
    --------
    >>> by(np.array([0, 1, 0]), np.array([[1.0], [2.0], [3.0]]))
    array([[4.],
           [2.]])
    """
    size = len(groups)
    member = sparse.csr_matrix((np.ones(size), (groups, np.arange(size))), shape=(groups.max() + 1, size))
    return (member @ values.reshape(size, -1)).reshape(-1, *values.shape[1:])
