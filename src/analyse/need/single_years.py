"""Use and costs by single year of age, and what the population does to them by itself.

The Netherlands give a profile: costs per inhabitant of each age (CPB, 2022), and youths with care per inhabitant (CBS,
31 December 2023). A municipality has its own level in each age band that CBS counts; what it spends by age is published
nowhere. With the profile held still, costs and use follow how many youths of each age there will be.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from analyse.errors import DataError, ParameterError
from analyse.forecast import usage
from analyse.forecast.known import Known
from analyse.need import signals

AGES = signals.YOUNG
"""Ages 0 to 22."""


def profile(tables: Mapping[str, pd.DataFrame], ages: pd.DataFrame) -> pd.DataFrame:
    """The profile of the Netherlands.

    Parameters
    ----------
    tables, ages
        As for ``signals.rates``.

    Returns
    -------
    DataFrame
        age (0-22), use (youths with care on a day per inhabitant), cost_eur (a year, per inhabitant).

    Raises
    ------
    DataError
        If the dataset has no costs by age.
    """
    spent = tables["care_by_age"].query("measure == 'spending_eur_per_inhabitant'").astype({"age": "int64"})
    if spent.empty:
        raise DataError("ages: the dataset has no costs by age; use one made from data/open")
    use = signals.rates(tables, ages)
    cost = spent.set_index("age")["value"].astype(float).reindex(use.index)
    return pd.DataFrame({"age": use.index, "use": use.to_numpy(), "cost_eur": cost.to_numpy()})


def people(known: Known, *, years: int) -> pd.DataFrame:
    """Inhabitants of every municipality by age, as known and as they grow older: no births or moves beyond the usual.

    Returns
    -------
    DataFrame
        municipality_code, period, age (0-22), count.
    """
    counts = np.concatenate([known.ages, usage.later(known.ages[:, -1], known.gains, years)], axis=1)[
        :, :, :AGES
    ]
    first = known.origin + 2 - known.ages.shape[1]
    index = pd.MultiIndex.from_product(
        [known.codes, range(first, first + counts.shape[1]), range(AGES)],
        names=["municipality_code", "period", "age"],
    )
    return pd.DataFrame({"count": counts.ravel()}, index=index).reset_index()


def _own(national: pd.DataFrame, count: pd.Series, clients: pd.Series) -> pd.DataFrame:
    """The profile of one area: the national one, in each age band as high as the area's own use there.

    ``clients`` are youths with care by band; where that is NaN (hidden) it follows the bands that are known.

    Returns
    -------
    DataFrame
        As ``profile``; costs per youth with care stay those of the Netherlands at each age.

    Examples
    --------
    Students of 18 to 22 who hardly use care take the rate of that band down:

    >>> national = pd.DataFrame({"age": [17, 18], "use": [0.1, 0.1], "cost_eur": [100.0, 100.0]})
    >>> _own(national, pd.Series(100.0, index=[17, 18]), pd.Series({"12-17": 20.0, "18-22": 5.0}))["use"].tolist()
    [0.2, 0.05]
    """
    ages = national["age"].to_numpy()
    usual = count.reindex(ages).to_numpy(dtype=float) * national["use"].to_numpy()
    factor, inside = np.full(len(ages), np.nan), {}
    for band in clients.dropna().index:
        first, last = (int(end) for end in str(band).split("-"))
        inside[band] = (ages >= first) & (ages <= last)
        factor[inside[band]] = clients[band] / usual[inside[band]].sum()
    known = (
        clients.dropna().sum() / sum((usual[one].sum() for one in inside.values()), 0.0) if inside else 1.0
    )
    factor = np.where(np.isnan(factor), known, factor)
    return national.assign(use=national["use"] * factor, cost_eur=national["cost_eur"] * factor)


def own_profile(counts: pd.DataFrame, bands: pd.DataFrame) -> pd.DataFrame:
    """The profile of one area from its rows of ages: as ``own``, with the last use by band that is known.

    Parameters
    ----------
    counts : DataFrame
        age, period, count, and on every row use and cost_eur of the Netherlands at that age.
    bands : DataFrame
        ``compare.mix`` of its youths by age.
    """
    national = counts.drop_duplicates("age")[["age", "use", "cost_eur"]].sort_values("age")
    year = int(bands["year"].max())
    used = bands[bands["year"] == year].set_index("category")["count"].astype(float)
    return _own(national, counts[counts["period"] == year].set_index("age")["count"], used)


def of_area(national: pd.DataFrame, count: pd.Series, *, clients: float, cost_eur: float) -> pd.DataFrame:
    """Use and costs of one area by age: the national profile on its own youths, scaled to its own totals.

    Parameters
    ----------
    national : DataFrame
        From ``profile``.
    count : Series
        Inhabitants by age.
    clients, cost_eur : float
        Youths with care and costs of the area in a year.

    Returns
    -------
    DataFrame
        age, youths, clients, cost_eur; clients and cost_eur add up to what was given.

    Examples
    --------
    >>> national = pd.DataFrame({"age": [0, 1], "use": [0.1, 0.3], "cost_eur": [100.0, 900.0]})
    >>> of_area(national, pd.Series([10.0, 10.0]), clients=8.0, cost_eur=5000.0)["cost_eur"].tolist()
    [500.0, 4500.0]
    """
    youths = count.reindex(national["age"]).to_numpy(dtype=float)
    use, cost = youths * national["use"].to_numpy(), youths * national["cost_eur"].to_numpy()
    return pd.DataFrame(
        {
            "age": national["age"].to_numpy(),
            "youths": youths,
            "clients": clients * use / use.sum(),
            "cost_eur": cost_eur * cost / cost.sum(),
        }
    )


def effect(national: pd.DataFrame, counts: pd.DataFrame, *, base: int) -> pd.DataFrame:
    """What the population alone does, with use and costs at each age as they are: 100 is the year ``base``.

    Parameters
    ----------
    national : DataFrame
        From ``profile``.
    counts : DataFrame
        Inhabitants of one area: period, age, count.
    base : int
        Year that is 100.

    Returns
    -------
    DataFrame
        period, youths (0-17, by number alone), use and cost (by number and age).

    Raises
    ------
    ParameterError
        If the year has no ages.

    Examples
    --------
    As many youths, but older: costs rise by the profile.

    >>> national = pd.DataFrame({"age": [0, 1], "use": [0.1, 0.3], "cost_eur": [100.0, 900.0]})
    >>> counts = pd.DataFrame({"period": [1, 1, 2, 2], "age": [0, 1, 0, 1], "count": [10.0, 10.0, 5.0, 15.0]})
    >>> effect(national, counts, base=1).round(1).to_dict("records")[1]
    {'period': 2, 'youths': 100.0, 'use': 125.0, 'cost': 140.0}
    """
    wide = counts.pivot(index="period", columns="age", values="count").reindex(columns=national["age"])
    if base not in wide.index:
        raise ParameterError(f"ages: no ages of {base}; there are {wide.index.min()} to {wide.index.max()}")
    found = pd.DataFrame(
        {
            "youths": wide.loc[:, wide.columns < 18].sum(axis=1),
            "use": wide.to_numpy() @ national["use"].to_numpy(),
            "cost": wide.to_numpy() @ national["cost_eur"].to_numpy(),
        },
        index=wide.index,
    )
    return (100 * found / found.loc[base]).reset_index()
