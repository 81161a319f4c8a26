"""The municipalities most like one, and the band in which their figures lie.

Distance: each feature less its mean over the municipalities, divided by its standard deviation; then the root of the
mean of the squared differences, all features alike. 1 is one standard deviation apart on every feature. What is
compared is no feature, neither costs nor use: the one that differs most would be compared with others that differ as
much, and look ordinary.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from analyse.errors import DataError, ParameterError
from analyse.history import boundaries, youths

FEATURES = ("log_inhabitants", "youth_fraction", "student_age_fraction", "single_parent_fraction")
"""What a municipality does not steer: size, youths of 0-17 per inhabitant, inhabitants of 18-22 per youth of 0-22
(many where there are students), and single-parent families: the share of the youths with care who live in one, which is
the only such figure that is published here."""

FEWEST = 3
"""A band needs as many peers with a figure."""


def features(history: pd.DataFrame, tables: Mapping[str, pd.DataFrame], *, year: int) -> pd.DataFrame:
    """The features of every municipality of today in one year; where CBS hides one, the municipality is left out.

    Parameters
    ----------
    history : DataFrame
        By municipality in fixed composition, see ``history.panel.HISTORY``.
    tables : mapping of DataFrame
        With ``usage`` and what ``history.youths`` needs.
    year : int
        Year with usage: 2021 or 2022.

    Returns
    -------
    DataFrame
        municipality_code and ``FEATURES``.

    Raises
    ------
    DataError
        If no municipality has all features.
    """
    rows = history[history["period"] == year].set_index("municipality_code")
    people = _summed(tables, "population", (tables["population"]["age_group"] == "total"), year)
    usage = tables["usage"]
    of_households = usage["breakdown"] == "household"
    single = _summed(tables, "usage", of_households & (usage["category"] == "single parent"), year)
    households = _summed(tables, "usage", of_households, year)
    ages = youths.single_ages(tables)
    ages, code = ages[ages["period"] == year], "municipality_code"
    young = ages[ages["age"] <= 22].groupby(code)["count"].sum()
    found = pd.DataFrame(
        {
            "log_inhabitants": np.log(people),
            "youth_fraction": rows["youths"] / people,
            "student_age_fraction": ages[ages["age"].between(18, 22)].groupby(code)["count"].sum() / young,
            "single_parent_fraction": single / households,
        }
    )
    found = found.reindex(rows.index).dropna()
    if found.empty:
        raise DataError(f"peers: no municipality has all features in {year}; choose a year with usage")
    return found.rename_axis("municipality_code").reset_index()


def distances(found: pd.DataFrame) -> pd.DataFrame:
    """Distance between every two municipalities, in standard deviations; rows and columns are their codes.

    ``found`` comes from ``features``: municipality_code and any features. One that is equal everywhere does not count.

    Examples
    --------
    >>> towns = pd.DataFrame({"municipality_code": ["A", "B", "C"], "size": [1.0, 2.0, 4.0]})
    >>> distances(towns).loc["A"].round(2).tolist()
    [0.0, 0.8, 2.41]
    """
    scaled = _scaled(found.set_index("municipality_code"))
    apart = scaled.to_numpy()[:, None] - scaled.to_numpy()
    return pd.DataFrame(np.sqrt((apart**2).mean(axis=2)), index=scaled.index, columns=scaled.index)


def alike(found: pd.DataFrame, *, number: int = 5) -> dict[str, list[str]]:
    """The codes of the ``number`` municipalities most like each, nearest first.

    Parameters
    ----------
    found : DataFrame
        From ``features``.
    number : int
        How many peers.

    Raises
    ------
    ParameterError
        If there are not that many others.

    Examples
    --------
    >>> alike(pd.DataFrame({"municipality_code": ["A", "B", "C"], "size": [1.0, 2.0, 4.0]}), number=1)
    {'A': ['B'], 'B': ['A'], 'C': ['B']}
    """
    if not 1 <= number < len(found):
        raise ParameterError(f"peers: number {number} is impossible; choose 1 to {len(found) - 1}")
    return {
        str(code): [str(other) for other in row.drop(code).sort_values(kind="stable").index[:number]]
        for code, row in distances(found).iterrows()
    }


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
    today = boundaries.current_codes(rows["municipality_code"], tables)
    return rows["count"].astype("float64").groupby(today).sum(min_count=1)
