"""Chance is not difference: how much a figure moves on its own, and intervals instead of ranks. Nothing here ranks."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd
from scipy.optimize import nnls

from analyse.compare import funnel, rates
from analyse.compare.funnel import Funnel
from analyse.errors import ParameterError
from analyse.history import breaks
from analyse.parameters import Break

COVERAGE = 0.95
"""Chance that an area stands between the places that are given."""
ROUNDS = 10
"""Times that weights and spread of growths are fitted to each other; they settle in five."""


def cost_noise(history: pd.DataFrame, declared: Sequence[Break]) -> tuple[float, float]:
    """How far costs per youth of one year lie from their own course, by size: variance ``own + by_size / youths``.

    Costs follow a course that itself moves (a local level: Harvey, "Forecasting, structural time series models and the
    Kalman filter", 1989, section 2.3). A change of the course stays; a chance error of one year raises the growth
    into it and lowers the growth out of it, so its variance is minus the covariance of successive growths. Growth is
    taken on the log scale less the middle growth of the year; growth into a year with a break that the trend leaves
    out is not counted. The two numbers are fitted to the products of all municipalities by least squares, neither below
    zero. A product spreads as much as the growths do, which is more in a small municipality, so each is weighted by the
    root of its number of years over the variance of growths at its size (fitted likewise): else the few smallest
    municipalities of the country would tell what chance does to all.

    Parameters
    ----------
    history : DataFrame
        By municipality, see ``history.panel.HISTORY``.
    declared : sequence of Break
        The declared breaks.

    Returns
    -------
    tuple of float
        own and by_size.
    """
    rows = history[history["cost_eur"].gt(0) & history["status"].eq("final")]
    rows = rows.assign(log=np.log(rows["cost_eur"] / rows["youths"]))
    growth = rows.pivot(index="municipality_code", columns="period", values="log").diff(axis=1)
    years = [int(year) for year in growth.columns]
    for code in growth.index:
        usable = breaks.usable_growth(declared, [code], "cost_eur", years)
        growth.loc[code, ~usable.to_numpy()] = np.nan
    own_growth = growth - growth.median()
    products = -own_growth * own_growth.shift(axis=1)
    variance = products.mean(axis=1).dropna()
    size, of_growth, years_known = (
        series.reindex(variance.index).to_numpy()
        for series in (
            rows.groupby("municipality_code")["youths"].mean(),
            (own_growth**2).mean(axis=1),
            products.notna().sum(axis=1),
        )
    )
    parts, spread = np.column_stack([np.ones(len(size)), 1 / size]), 1 / size
    for _ in range(ROUNDS):
        spread = parts @ _weighted(parts, of_growth, np.sqrt(years_known) / spread)
    own, by_size = _weighted(parts, variance.to_numpy(), np.sqrt(years_known) / spread)
    return float(own), float(by_size)


def _weighted(parts: np.ndarray, values: np.ndarray, weight: np.ndarray) -> np.ndarray:
    return nnls(parts * weight[:, None], values * weight)[0]


def rank_intervals(draws: np.ndarray, areas: Sequence[str]) -> pd.DataFrame:
    """Between which places each area stands with a chance of ``COVERAGE``, in the order the areas are given.

    Parameters
    ----------
    draws : ndarray (area, draw)
        What the figure might have been, see ``draw_costs``.
    areas : sequence of str
        Names or codes, one per row of ``draws``.

    Returns
    -------
    DataFrame
        area_code, place_low, place_high (1 is the lowest figure), of (number of areas).

    Raises
    ------
    ParameterError
        If there are not as many areas as rows of draws.

    Examples
    --------
    >>> rank_intervals(np.array([[1.0, 1.0, 3.0], [2.0, 2.0, 2.0]]), ["A", "B"]).to_dict("tight")["data"]
    [['A', 1, 2, 2], ['B', 1, 2, 2]]

    The two cannot be told apart.
    """
    if draws.shape[0] != len(areas):
        raise ParameterError(f"rank_intervals: {draws.shape[0]} rows of draws for {len(areas)} areas")
    places = draws.argsort(axis=0).argsort(axis=0) + 1
    tail = (1 - COVERAGE) / 2
    low = np.quantile(places, tail, axis=1, method="lower")
    high = np.quantile(places, 1 - tail, axis=1, method="higher")
    return pd.DataFrame({"area_code": list(areas), "place_low": low, "place_high": high, "of": len(areas)})


def draw_costs(
    value: pd.Series, size: pd.Series, funnel: Funnel, *, rng: np.random.Generator, draws: int
) -> np.ndarray:
    """What the costs per youth of each area might have been by chance: lognormal.

    Parameters
    ----------
    value, size : Series
        EUR per youth, and youths of 0-17, of each area.
    funnel : Funnel
        From ``funnel.of_costs``.
    rng : Generator
        Source of the random numbers.
    draws : int
        How many.

    Returns
    -------
    ndarray (area, draw)
        EUR per youth.
    """
    spread = np.sqrt(funnel.variance(size.to_numpy(dtype=float)))
    shocks = rng.standard_normal((len(spread), draws))
    return value.to_numpy(dtype=float)[:, None] * np.exp(spread[:, None] * shocks)


def limits(local: pd.DataFrame, shown: tuple[str, int], noise: Callable[[], tuple[float, float]]) -> Funnel:
    """The limits of chance and of usual differences, for a measure and year.

    Parameters
    ----------
    local : DataFrame
        ``panel.by_area`` of the municipalities that are measured over.
    shown : (str, int)
        ``cost_per_youth_eur`` or ``clients_per_100_youths``, and year.
    noise : callable
        Gives ``cost_noise``; asked for costs only.

    Raises
    ------
    ParameterError
        If no municipality has the figure in that year.
    """
    value, size, clients = sized(local, *shown)
    if shown[0] == "cost_per_youth_eur":
        return funnel.of_costs(value, size, noise())
    return funnel.of_rates(clients, size)


def sized(local: pd.DataFrame, measure: str, year: int) -> tuple[pd.Series, pd.Series, pd.Series]:
    """The figure (EUR, or a fraction), the youths it is taken over, and the youths with care, by area code.

    Parameters
    ----------
    local, measure, year
        As for ``limits``.

    Raises
    ------
    ParameterError
        If no municipality has the figure in that year.
    """
    known = rates.measures(local).dropna(subset=measure)
    value = known[known["period"].eq(year)].set_index("area_code")[measure]
    if value.empty:
        years = sorted({str(int(one)) for one in known["period"]})
        raise ParameterError(f"year: no figures of {measure} in {year}; choose {' or '.join(years)}")
    rows = local[local["period"].eq(year)].set_index("area_code").loc[value.index]
    of_costs = measure == "cost_per_youth_eur"
    return (
        value if of_costs else value / 100,
        rows["youths" if of_costs else "youths_0_22"],
        rows["clients"],
    )
