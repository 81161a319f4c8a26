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
from analyse.schema import QUANTILES, quantile_names

DRIVERS = ("population", "price", "use_and_rest")
"""Use and all else are one driver: the paths draw them independently, so chance in one returns in the other."""
MIDDLE = 0.1
"""The effects are those of the futures around the middle outcome: this part of them."""


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
        price; use_and_rest: everything else, such as more, longer or heavier care), start_eur, end_eur (median
        costs), end_q0.1 and end_q0.9 (80 % of the futures of the last year), effect_eur, q0.025 ... q0.975 of the
        effect, and largest_share: the part of the futures in which this driver has the largest effect. ``effect_eur``
        is the mean over the futures around the median outcome, scaled so that the effects of an area add up to
        end_eur - start_eur.

    Raises
    ------
    ParameterError
        If ``from_period`` or ``to_period`` is not in the paths.

    Examples
    --------
    Costs double from 100 to 200, and so do the youths; clients and price follow or stay as they are:

    >>> paths = pd.DataFrame({"area_code": "GM0503", "period": [2024, 2025], "sample": 0,
    ...     "youths": [10.0, 20.0], "clients": [1.0, 2.0], "price": [1.0, 1.0], "cost_eur": [100.0, 200.0]})
    >>> decompose(paths, from_period=2024, to_period=2025)["effect_eur"].round(6).tolist()
    [100.0, 0.0, 0.0]
    """
    areas, start, end = _ends(paths, from_period, to_period)
    population, usage, price, rest = per_sample(start, end)
    effects = np.stack([population, price, usage + rest])
    middle = around_the_middle(effects, start["cost_eur"], end["cost_eur"])
    largest = np.abs(effects).argmax(axis=0)
    quantiles = np.quantile(effects, QUANTILES, axis=2)
    low, high = np.quantile(end["cost_eur"], (0.1, 0.9), axis=1)
    medians = {name: np.median(one["cost_eur"], axis=1) for name, one in (("start", start), ("end", end))}
    each = len(DRIVERS)
    return (
        areas.loc[areas.index.repeat(each)]
        .reset_index(drop=True)
        .assign(
            from_period=from_period,
            to_period=to_period,
            driver=pd.array(DRIVERS * len(areas), dtype="str"),
            start_eur=medians["start"].repeat(each),
            end_eur=medians["end"].repeat(each),
            **{"end_q0.1": low.repeat(each), "end_q0.9": high.repeat(each)},
            effect_eur=middle.T.ravel(),
            largest_share=(largest[:, None] == np.arange(each)[:, None]).mean(axis=2).ravel(),
            **{name: one.T.ravel() for name, one in zip(quantile_names(), quantiles, strict=True)},
        )
    )


def per_sample(start: dict[str, np.ndarray], end: dict[str, np.ndarray]) -> np.ndarray:
    """Effects (factor, area, sample) in EUR of population, usage, price and the rest.

    Parameters
    ----------
    start, end : dict of ndarray (area, sample)
        youths, clients, price and cost_eur in the first and last year, all above zero.

    Returns
    -------
    ndarray (factor, area, sample)
        The sum over the factors is the change of costs, within rounding of floating point.
    """
    ratio = {name: np.log(end[name]) - np.log(start[name]) for name in start}
    weight = logarithmic_mean(end["cost_eur"], start["cost_eur"])
    population, price = ratio["youths"], ratio["price"]
    usage = ratio["clients"] - ratio["youths"]
    effects = weight * np.stack([population, usage, price])
    rest = end["cost_eur"] - start["cost_eur"] - effects.sum(axis=0)
    return np.concatenate([effects, rest[None]])


def around_the_middle(effects: np.ndarray, start: np.ndarray, end: np.ndarray) -> np.ndarray:
    """Effects (driver, area) in the futures around the median outcome, adding up to the change of the median.

    Parameters
    ----------
    effects : ndarray (driver, area, sample)
        From ``per_sample``, in EUR.
    start, end : ndarray (area, sample)
        Costs in the first and last year, in EUR.

    Returns
    -------
    ndarray (driver, area)
        The mean over the ``MIDDLE`` part of the samples whose last year is nearest its median. What their mean
        differs from the median, at most a few thousandths, is shared out in proportion to the size of the effects.
    """
    samples = end.shape[1]
    near = np.abs(end - np.median(end, axis=1, keepdims=True)).argsort(axis=1, kind="stable")
    near = near[:, : max(1, round(MIDDLE * samples))]
    chosen = np.take_along_axis(effects, np.broadcast_to(near, (len(effects), *near.shape)), axis=2).mean(
        axis=2
    )
    missing = np.median(end, axis=1) - np.median(start, axis=1) - chosen.sum(axis=0)
    size = np.abs(chosen)
    total = size.sum(axis=0)
    share = np.divide(size, total, out=np.full_like(size, 1 / len(size)), where=total > 0)
    return chosen + share * missing


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
