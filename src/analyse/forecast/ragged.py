"""Joint futures where not every municipality has accounts up to the same year.

The forecast starts from the last year that at least half of the municipalities have accounts of, so that one that is
ahead changes nothing for the others. One that is ahead starts from its own last year. One that is behind gets the
missing years too, in every sample on the line between its last accounts and its first future year. One without accounts
at all starts as ``starting`` says, and has the same level per youth in the years before that.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from analyse.errors import ParameterError
from analyse.forecast import known as knowledge
from analyse.forecast.joint import Paths, joint

Tables = Mapping[str, pd.DataFrame]


def paths(
    history: pd.DataFrame,
    tables: Tables,
    *,
    horizon: int,
    samples: int,
    rng: np.random.Generator,
    **chosen: Any,
) -> Paths:
    """Sample joint futures, each municipality from its own last accounts on.

    Parameters
    ----------
    history : DataFrame
        One row per (municipality_code, care_form, period), all municipalities.
    tables : mapping of DataFrame
        The tables of the dataset.
    horizon : int
        Years after the last year that most municipalities have accounts of.
    samples : int
        Number of joint futures.
    rng : Generator
        Source of the random numbers; those who are ahead draw the same ones.
    **chosen
        ``assumptions`` and ``declared`` of ``known.as_of``, where they are not those of ``parameters/``.

    Raises
    ------
    ParameterError
        When a municipality is so far ahead that nothing is left of the horizon.
    """
    accounts = whole_accounts(history)
    if accounts.empty:
        return joint(
            knowledge.as_of(history, tables, **chosen), horizon=horizon, samples=samples, rng=rng
        )  # says why not
    origin, last = common_origin(accounts), accounts.groupby("municipality_code")["period"].max()
    again = copy.deepcopy(rng)
    common = joint(
        knowledge.as_of(_until(history, origin), tables, **chosen), horizon=horizon, samples=samples, rng=rng
    )
    ahead = last.index[last > origin]
    if len(ahead):
        steps = horizon - (int(last.max()) - origin)
        if steps < 1:
            raise ParameterError(
                f"forecast: {', '.join(ahead)}: accounts of {last.max()}, the others to {origin}; "
                f"choose a horizon of more than {last.max() - origin}"
            )
        own = joint(knowledge.as_of(history, tables, **chosen), horizon=steps, samples=samples, rng=again)
        common = _with_own(common, own, list(ahead))
    return _filled_in(common, accounts)


def whole_accounts(history: pd.DataFrame) -> pd.DataFrame:
    """Return municipality_code, period and cost_eur of every year with accounts that are whole."""
    whole = knowledge.settled(history["status"]) & history["cost_eur"].notna()
    return history.loc[whole, ["municipality_code", "period", "cost_eur"]]


def common_origin(accounts: pd.DataFrame) -> int:
    """Return the last year that at least half of the municipalities have accounts of.

    Examples
    --------
    >>> rows = [("GM0001", 2023), ("GM0001", 2024), ("GM0002", 2024), ("GM0002", 2025), ("GM0003", 2024)]
    >>> common_origin(pd.DataFrame(rows, columns=["municipality_code", "period"]))
    2024
    """
    number = accounts["municipality_code"].nunique()
    by_year = accounts.groupby("period")["municipality_code"].nunique()
    return int(by_year.index[2 * by_year >= number].max())


def ahead(history: pd.DataFrame) -> dict[str, int]:
    """Return the last year with accounts of every municipality that has a later one than most, by code."""
    accounts = whole_accounts(history)
    last = accounts.groupby("municipality_code")["period"].max()
    return {str(code): int(year) for code, year in last[last > common_origin(accounts)].items()}


def _until(history: pd.DataFrame, origin: int) -> pd.DataFrame:
    """The history without the accounts of later years."""
    later = history["period"] > origin
    if not history.loc[later, "cost_eur"].notna().any():
        return history
    return history.assign(
        cost_eur=history["cost_eur"].mask(later), status=history["status"].mask(later, "missing")
    )


def _with_own(common: Paths, own: Paths, codes: list[str]) -> Paths:
    """The joint futures with the costs of some municipalities from their own last year on."""
    places = [common.codes.index(code) for code in codes]
    same = [own.codes.index(code) for code in codes]
    periods = np.isin(common.periods, own.periods)
    cost, observed = common.cost_eur.copy(), common.observed.copy()
    for place, other in zip(places, same, strict=True):
        cost[place, periods], observed[place, periods] = own.cost_eur[other], own.observed[other]
    return replace(common, cost_eur=cost, observed=observed)


def _filled_in(found: Paths, accounts: pd.DataFrame) -> Paths:
    """Years without accounts before the first future year: between the last accounts and that year."""
    behind = np.flatnonzero((~found.observed & np.isnan(found.cost_eur[:, :, 0])).any(axis=1))
    cost = found.cost_eur.copy() if len(behind) else found.cost_eur
    for place in behind:
        of_one = accounts.loc[accounts["municipality_code"] == found.codes[place]].set_index("period")[
            "cost_eur"
        ]
        future = int(np.argmax(~found.observed[place] & ~np.isnan(cost[place, :, 0])))
        if of_one.empty:
            cost[place, :future] = _at_same_level(found, place, future)
            continue
        start, end = int(of_one.index.max()), int(found.periods[future])
        for year in range(max(start + 1, int(found.periods[0])), end):
            part = (year - start) / (end - start)
            between = (1 - part) * np.log(of_one[start]) + part * np.log(cost[place, future])
            cost[place, year - int(found.periods[0])] = np.exp(between)
    return replace(found, cost_eur=cost)


def _at_same_level(found: Paths, place: int, future: int) -> np.ndarray:
    """Costs before the first future year at its level per youth, in prices of each year (year, sample)."""
    unit = found.youths[place] * found.price
    return found.cost_eur[place, future] * unit[:future] / unit[future]
