"""What the simulation must come out at, per municipality and year: from the published figures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from analyse.errors import ParameterError
from analyse.sources.declarations.demo.settings import Shape

RESIDENTIAL = "residential care, share of youth help"


def from_history(
    history: pd.DataFrame,
    tables: Mapping[str, pd.DataFrame],
    codes: Sequence[str],
    *,
    years: range,
    shape: Shape,
) -> pd.DataFrame:
    """The totals to reach: one row per municipality and year.

    Parameters
    ----------
    history : DataFrame
        ``municipality_code``, ``period``, ``youths``, ``clients``, ``cost_eur``, ``budget_eur``.
    tables : mapping of DataFrame
        With ``usage_indicators``.
    codes : sequence of str
        Municipalities to make.
    years : range
        Years of care. A year without a published cost has that of the nearest year that has one, moved by the index
        of tariffs; a year without a count of clients has the nearest share of youths.
    shape : Shape
        The part of the costs that runs through declarations, and the index.

    Returns
    -------
    DataFrame
        ``municipality_code``, ``year``, ``clients`` (persons a year), ``cost_eur`` and ``budget_eur`` (the part that is
        declared, EUR), ``residential_share`` (of the clients, fraction).

    Raises
    ------
    ParameterError
        If a municipality has no published figures at all.
    """
    shares = (
        tables["usage_indicators"]
        .query("indicator == @RESIDENTIAL")
        .groupby("municipality_code")["value_percent"]
    )
    residential = shares.mean() / 100
    rows = []
    for code in codes:
        own = (
            history.loc[history["municipality_code"] == code].astype({"period": "int64"}).set_index("period")
        )
        if own["cost_eur"].isna().all() or own["clients"].isna().all():
            raise ParameterError(
                f"demo-declarations: no published costs and clients of {code}; see `analyse list`"
            )
        use = own["clients"] / own["youths"]
        for year in years:
            near = _nearest(own["cost_eur"].where(own["cost_eur"] > 0), year)
            level = shape.index(year) / shape.index(near)
            youths = own.loc[_nearest(own["youths"], year), "youths"]
            budget = own["budget_eur"].get(year, np.nan)
            rows.append(
                {
                    "municipality_code": code,
                    "year": year,
                    "clients": use[_nearest(use, year)] * youths,
                    "cost_eur": own.loc[near, "cost_eur"] * level * shape.declared_share,
                    "budget_eur": budget * shape.declared_share,
                    "residential_share": residential.get(code, residential.median()),
                }
            )
    return pd.DataFrame(rows)


def _nearest(values: pd.Series, year: int) -> int:
    known = values.dropna().index.to_numpy()
    return int(known[np.abs(known - year).argmin()])
