"""What a change of costs is made of: population, use, price and the rest, adding up exactly.

Costs are a product, youths x clients per youth x price x rest, so the change is split by logarithmic
means (LMDI-I): each factor's effect is ``L(c1, c0) * log(factor1 / factor0)`` with
``L(a, b) = (a - b) / log(a / b)``. Done per sample, the effects add up to the change in every future.
Source: B.W. Ang, "The LMDI approach to decomposition analysis: a practical guide", Energy Policy 33 (2005).
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from analyse.errors import ParameterError
from analyse.forecast.summary import QUANTILES, quantile_names

DRIVERS = ("population", "usage", "price", "rest")


def decompose(paths: pd.DataFrame, *, from_period: int, to_period: int) -> pd.DataFrame:
    """Split the change of costs between two years over the drivers.

    Parameters
    ----------
    paths : DataFrame
        From ``by_area``; must contain both years. The last year with accounts is in the paths, with stage
        ``observed``.
    from_period, to_period : int
        First and last year of the change.

    Returns
    -------
    DataFrame
        One row per area and driver: area_code, from_period, to_period, driver (population: youths of 0-17;
        usage: clients per youth; price; rest: everything else, such as longer or heavier care),
        start_eur and end_eur (mean costs), end_q0.1 and end_q0.9 (80 % of the futures of the last year),
        effect_eur (mean over the samples), q0.025 ... q0.975. The mean effects of an area add up to
        end_eur - start_eur.

    Raises
    ------
    ParameterError
        When a year is not in the paths.

    Examples
    --------
    Costs double from 100 to 200, and so do the youths; clients and price follow or stay as they are:

    >>> paths = pd.DataFrame({"area_code": "GM0503", "period": [2024, 2025], "sample": 0,
    ...     "youths": [10.0, 20.0], "clients": [1.0, 2.0], "price": [1.0, 1.0], "cost_eur": [100.0, 200.0]})
    >>> decompose(paths, from_period=2024, to_period=2025)["effect_eur"].round(6).tolist()
    [100.0, 0.0, 0.0, 0.0]
    """
    areas, start, end = _ends(paths, from_period, to_period)
    effects = per_sample(start, end)
    quantiles = np.quantile(effects, QUANTILES, axis=2)
    low, high = np.quantile(end["cost_eur"], (0.1, 0.9), axis=1)
    rows = [
        areas.assign(
            from_period=from_period,
            to_period=to_period,
            driver=driver,
            start_eur=start["cost_eur"].mean(axis=1),
            end_eur=end["cost_eur"].mean(axis=1),
            **{"end_q0.1": low, "end_q0.9": high},
            effect_eur=effects[row].mean(axis=1),
            **dict(zip(quantile_names(), quantiles[:, row], strict=True)),
        )
        for row, driver in enumerate(DRIVERS)
    ]
    ordered = pd.concat(rows)
    ordered["driver"] = pd.Categorical(ordered["driver"], DRIVERS, ordered=True)
    ordered = ordered.sort_values(["area_code", "driver"], kind="stable").reset_index(drop=True)
    return ordered.astype({"driver": "str"})


def per_sample(start: dict[str, np.ndarray], end: dict[str, np.ndarray]) -> np.ndarray:
    """Effects (driver, area, sample) in EUR of the four drivers, in the order of ``DRIVERS``.

    Parameters
    ----------
    start, end : dict of ndarray (area, sample)
        youths, clients, price and cost_eur in the first and last year, all above zero.

    Returns
    -------
    ndarray (driver, area, sample)
        The sum over the drivers is the change of costs, within rounding of floating point.
    """
    ratio = {name: np.log(end[name]) - np.log(start[name]) for name in start}
    weight = logarithmic_mean(end["cost_eur"], start["cost_eur"])
    population, price = ratio["youths"], ratio["price"]
    usage = ratio["clients"] - ratio["youths"]
    effects = weight * np.stack([population, usage, price])
    rest = end["cost_eur"] - start["cost_eur"] - effects.sum(axis=0)
    return np.concatenate([effects, rest[None]])


def logarithmic_mean(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """``(a - b) / log(a / b)``, and ``a`` where they are equal.

    Examples
    --------
    >>> logarithmic_mean(np.array([200.0, 5.0]), np.array([100.0, 5.0])).round(4).tolist()
    [144.2695, 5.0]
    """
    relative = first / second - 1
    near = np.abs(relative) < 1e-6
    safe = np.where(near, 1.0, relative)
    # Close to equality the quotient loses its digits: the first terms of its series, b (1 + r/2 - r2/12).
    return second * np.where(near, 1 + relative / 2 - relative**2 / 12, safe / np.log1p(safe))


def _ends(paths: pd.DataFrame, first: int, last: int) -> tuple[pd.DataFrame, dict, dict]:
    """Areas, and values (area, sample) by name, in both years."""
    known = sorted(int(period) for period in paths["period"].unique())
    for period in (first, last):
        if period not in known:
            raise ParameterError(f"drivers: {period} is not in the paths; choose {known[0]} to {known[-1]}")
    if first >= last:
        raise ParameterError(f"drivers: from {first} to {last}; the first year must come before the last")
    samples = paths["sample"].nunique()
    values = []
    for period in (first, last):
        rows = paths.loc[paths["period"] == period].sort_values(["area_code", "sample"], kind="stable")
        names = ("youths", "clients", "price", "cost_eur")
        values.append({name: rows[name].to_numpy(dtype=float).reshape(-1, samples) for name in names})
        areas = rows.iloc[::samples][["area_code"]].astype("str").reset_index(drop=True)
    return areas, *values
