"""Price index of youth care: observed while it is published, an assumption with an interval after that."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from analyse.errors import DataError
from analyse.forecast.known import Known
from analyse.forecast.streams import Streams
from analyse.parameters import Assumption


def log_index(growth: pd.Series, years: np.ndarray) -> np.ndarray:
    """Log price index over ``years``, 0 in the last of them.

    Parameters
    ----------
    growth : Series
        Growth fraction by year.
    years : ndarray
        Consecutive years; the growth into every one but the first must be known.

    Raises
    ------
    DataError
        When a growth is not known.

    Examples
    --------
    >>> log_index(pd.Series({2023: 0.05, 2024: 0.10}), np.array([2022, 2023, 2024])).round(4).tolist()
    [-0.1441, -0.0953, 0.0]
    """
    unknown = [str(year) for year in years[1:] if year not in growth.index]
    if unknown:
        raise DataError(
            f"price_index: no wages (ova) and prices (ppc or cpi) for {', '.join(unknown)}; "
            "the forecast needs every year with accounts"
        )
    steps = np.log1p(growth.reindex(years[1:]).to_numpy(dtype=float))
    index = np.concatenate([[0.0], np.cumsum(steps)])
    return index - index[-1]


def paths(known: Known, *, horizon: int, samples: int, streams: Streams) -> np.ndarray:
    """Sample the price index after the origin, one path shared by all municipalities.

    Parameters
    ----------
    known : Known
        With the index so far and the assumption ``price_growth_percent``.
    horizon, samples, streams
        As for every part of the costs, see ``joint.joint``.

    Returns
    -------
    ndarray (horizon, samples)
        Index with the year of the origin as 1. A published year is the same in every sample; one
        published provisionally varies by its usual revision.
    """
    chosen = known.constants.price
    stays = chosen.persistence
    shock = streams.normal("price", ["ALL"], (horizon, samples))[0]
    mean, spread = growth_assumed(known.assumptions)
    growth = np.empty((horizon, samples))
    before = np.full(samples, known.price_growth.get(known.origin, mean))
    for step in range(horizon):
        year = known.origin + 1 + step
        if year in known.price_growth.index:
            revision = chosen.revision_sd if year in known.provisional_prices else 0.0
            growth[step] = known.price_growth[year] + revision * shock[step]
        else:
            growth[step] = mean + stays * (before - mean) + spread * np.sqrt(1 - stays**2) * shock[step]
        before = growth[step]
    return np.cumprod(1 + growth, axis=0)


def growth_assumed(assumptions: Mapping[str, Assumption]) -> tuple[float, float]:
    """Mean and standard deviation, as fractions, of the assumed yearly growth of the price index."""
    assumed = assumptions["price_growth_percent"]
    return assumed.value / 100, assumed.spread / 100
