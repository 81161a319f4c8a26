"""The municipalities most like one, and the band in which their figures lie.

Distance: each feature less its mean over the municipalities, divided by its standard deviation; then the
root of the mean of the squared differences, all features alike. 1 is one standard deviation apart on
every feature. Costs are no feature: they are what is compared.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from analyse.errors import DataError, ParameterError
from analyse.history import boundaries

FEATURES = ("log_inhabitants", "youth_fraction", "clients_per_100_youths", "single_parent_fraction")
"""Size, youths of 0-17 per inhabitant, youths with care per 100 youths of 0-22, and single-parent families:
the share of the youths with care who live in one, which is the only such figure that is published here."""

FEWEST = 3
"""A band needs as many peers with a figure."""


def features(history: pd.DataFrame, tables: Mapping[str, pd.DataFrame], *, year: int) -> pd.DataFrame:
    """The features of every municipality of today in one year.

    Parameters
    ----------
    history : DataFrame
        By municipality in fixed composition, see ``history.panel.HISTORY``.
    tables : mapping of DataFrame
        With ``population``, ``usage`` and ``boundary_changes``.
    year : int
        Year with usage: 2021 or 2022.

    Returns
    -------
    DataFrame
        municipality_code and ``FEATURES``.

    Raises
    ------
    DataError
        If a feature is not known for a municipality.
    """
    rows = history[history["period"] == year].set_index("municipality_code")
    people = _summed(tables, "population", (tables["population"]["age_group"] == "total"), year)
    usage = tables["usage"]
    of_households = usage["breakdown"] == "household"
    single = _summed(tables, "usage", of_households & (usage["category"] == "single parent"), year)
    households = _summed(tables, "usage", of_households, year)
    found = pd.DataFrame(
        {
            "log_inhabitants": np.log(people),
            "youth_fraction": rows["youths"] / people,
            "clients_per_100_youths": 100 * rows["clients"] / rows["youths_0_22"],
            "single_parent_fraction": single / households,
        }
    ).reindex(rows.index)
    unknown = found.index[found.isna().any(axis=1)]
    if len(unknown) or found.empty:
        raise DataError(
            f"peers: no features for {', '.join(unknown) or 'any municipality'} in {year}; choose a year with usage"
        )
    return found.rename_axis("municipality_code").reset_index()


def nearest(found: pd.DataFrame, code: str, *, number: int = 5) -> pd.DataFrame:
    """The ``number`` municipalities most like ``code``.

    Parameters
    ----------
    found : DataFrame
        From ``features``: municipality_code and any features.
    code : str
        The municipality.
    number : int
        How many peers.

    Returns
    -------
    DataFrame
        municipality_code, distance (standard deviations), nearest first.

    Raises
    ------
    ParameterError
        If the municipality is not in ``found``, or there are not that many others.

    Examples
    --------
    >>> towns = pd.DataFrame({"municipality_code": ["A", "B", "C"], "size": [1.0, 2.0, 4.0]})
    >>> nearest(towns, "A", number=1).round(2).to_dict("tight")["data"]
    [['B', 0.8]]
    """
    table = found.set_index("municipality_code")
    if code not in table.index:
        raise ParameterError(f"peers: {code} has no features; choose one of {', '.join(table.index[:5])} ...")
    if not 1 <= number < len(table):
        raise ParameterError(f"peers: number {number} is impossible; choose 1 to {len(table) - 1}")
    scaled = _scaled(table)
    distance = np.sqrt(((scaled - scaled.loc[code]) ** 2).mean(axis=1)).drop(code)
    return distance.sort_values(kind="stable").head(number).rename("distance").reset_index()


def alike(found: pd.DataFrame, *, number: int = 5) -> dict[str, list[str]]:
    """The codes of the ``number`` municipalities most like each, nearest first; see ``nearest``.

    Examples
    --------
    >>> alike(pd.DataFrame({"municipality_code": ["A", "B", "C"], "size": [1.0, 2.0, 4.0]}), number=1)
    {'A': ['B'], 'B': ['A'], 'C': ['B']}
    """
    scaled = _scaled(found.set_index("municipality_code"))
    codes, values = list(scaled.index), scaled.to_numpy()
    nearby = {}
    for place, code in enumerate(codes):
        distance = np.sqrt(((values - values[place]) ** 2).mean(axis=1))
        order = [other for other in np.argsort(distance, kind="stable") if other != place]
        nearby[str(code)] = [str(codes[other]) for other in order[:number]]
    return nearby


def _scaled(table: pd.DataFrame) -> pd.DataFrame:
    spread = table.std(ddof=0)
    return (table - table.mean()) / spread.where(spread > 0, 1.0)


def bands(fair: pd.DataFrame, alike: Mapping[str, list[str]]) -> pd.DataFrame:
    """The quartiles of the peers of each area, by year and measure.

    Parameters
    ----------
    fair : DataFrame
        area_code, period, measure, value.
    alike : mapping
        The codes of the peers of each area.

    Returns
    -------
    DataFrame
        area_code, period, measure, peer_low, peer_middle, peer_high; no row where fewer than ``FEWEST`` peers have
        the figure.

    Examples
    --------
    >>> fair = pd.DataFrame({"area_code": list("ABCD"), "period": 2024, "measure": "m", "value": [9.0, 1, 2, 3]})
    >>> bands(fair, {"A": ["B", "C", "D"]})[["peer_low", "peer_middle", "peer_high"]].to_numpy().tolist()
    [[1.5, 2.0, 2.5]]
    """
    pairs = pd.DataFrame(
        [(code, peer) for code, found in alike.items() for peer in found], columns=["area_code", "peer"]
    )
    theirs = fair[["area_code", "period", "measure", "value"]].rename(columns={"area_code": "peer"})
    groups = pairs.merge(theirs.dropna(), on="peer").groupby(["area_code", "period", "measure"])["value"]
    quartiles = groups.quantile([0.25, 0.5, 0.75]).unstack()[groups.size() >= FEWEST]
    quartiles.columns = ["peer_low", "peer_middle", "peer_high"]
    return quartiles.reset_index()


def _summed(tables: Mapping[str, pd.DataFrame], name: str, chosen: pd.Series, year: int) -> pd.Series:
    """Counts of one year by municipality of today; what is hidden is not in it."""
    rows = tables[name][chosen & (tables[name]["year"] == year)]
    target = boundaries.successors(tables["boundary_changes"])
    return rows["count"].astype("float64").groupby(rows["municipality_code"].replace(target)).sum(min_count=1)
