"""How much care per week: declared volume of a year per week of care, by form and provider, with funnel limits."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from analyse import small_cells
from analyse.compare import funnel as funnels

KIND = ("care_form", "unit")
"""Volumes of another unit cannot be added."""


def per_week(delivered: pd.DataFrame, by: Sequence[str] = KIND) -> pd.DataFrame:
    """Volume per week of care by group.

    Parameters
    ----------
    delivered : DataFrame
        One row per trajectory and unit (``Inputs.delivered``): ``by``, volume, weeks (of care in the same time).

    Returns
    -------
    DataFrame
        ``by``, trajectories, weeks, volume and per_week, with standard_error: that of a ratio, from how much
        trajectories differ.

    Examples
    --------
    >>> two = pd.DataFrame({"care_form": "ggz", "unit": "04", "volume": [20.0, 100.0], "weeks": [10.0, 50.0]})
    >>> per_week(two)["per_week"].tolist()
    [2.0]
    """
    by = list(by)
    grouped = delivered.groupby(by, observed=True)
    found = grouped[["volume", "weeks"]].sum().assign(trajectories=grouped.size())
    found = found.assign(per_week=(found["volume"] / found["weeks"]).where(found["weeks"] > 0)).reset_index()
    own = delivered.merge(found[[*by, "per_week"]], on=by, validate="m:1")
    rest = (own["volume"] - own["per_week"] * own["weeks"]) ** 2
    squares = rest.groupby([own[name] for name in by], observed=True).sum().rename("squares").reset_index()
    found = found.merge(squares, on=by, how="left", validate="1:1")
    error = np.sqrt(found["squares"]) / found["weeks"].where(found["weeks"] > 0)
    columns = [*by, "trajectories", "weeks", "volume", "per_week", "standard_error"]
    return found.assign(standard_error=error)[columns]


def summary(delivered: pd.DataFrame) -> pd.DataFrame:
    """Volume per week by form and unit as a page may show it: of a region without what tells of few in a municipality.

    Parameters
    ----------
    delivered : DataFrame
        As for ``per_week``.
    """
    return small_cells.without_told(per_week(delivered), delivered, KIND)


def funnel(delivered: pd.DataFrame) -> pd.DataFrame:
    """Volume per week of each provider beside the limits within which providers of the same form usually lie.

    Returns
    -------
    DataFrame
        ``KIND``, provider, trajectories, per_week, and what ``compare.funnel.Funnel.beside`` adds. Fewer than ten
        trajectories are left out, and of a region those that tell of few in one of its municipalities.
    """
    kinds, providers = per_week(delivered), per_week(delivered, [*KIND, "provider"])
    providers = providers[~small_cells.small(providers["trajectories"])]
    parts = [_funnel(providers.head(0), per_week=np.nan, deviation=np.nan)]
    for kind in kinds.itertuples():
        own = providers[(providers["care_form"] == kind.care_form) & (providers["unit"] == kind.unit)]
        deviation = kind.standard_error * kind.weeks / np.sqrt(kind.trajectories)
        parts.append(_funnel(own.reset_index(drop=True), per_week=kind.per_week, deviation=deviation))
    return small_cells.without_told(pd.concat(parts, ignore_index=True), delivered, [*KIND, "provider"])


def _funnel(own: pd.DataFrame, *, per_week: float, deviation: float) -> pd.DataFrame:
    """A ratio of volume to weeks is a mean over trajectories of equal length, as many as its weeks are worth."""
    weeks, number = own["weeks"].astype(float), own["trajectories"].astype(float)
    rows = own[[*KIND, "provider", "trajectories", "per_week"]].assign(size=weeks**2 / number)
    rows = rows.dropna(subset=["per_week"])
    limits = funnels.of_means(rows["per_week"], rows["size"], target=per_week, deviation=deviation)
    return limits.beside(rows, value="per_week", size="size").drop(columns="size")
