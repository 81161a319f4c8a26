"""From declarations to the years ahead: the year completed, carried on by the growth of the forecast, per sample.

A forecast that starts from the accounts knows its first year for certain. One that starts from declarations does not:
months are still coming. Here each joint sample of the completed year is the start of one joint future, so intervals
of later years contain what is still coming, and what of the year is yet to be delivered.

What is assumed: the care that is declared grows as all youth care of the municipality does, and how far completion is
off says nothing about later growth (they are drawn apart).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from analyse.errors import DataError
from analyse.history import completion
from analyse.monitor import year_end

COMPLETED, FORECAST = "completed", "forecast"
TOTAL = "total"
KEYS = ["area_code", "care_form", "period", "sample"]


def paths(
    found: completion.Uncertain,
    futures: pd.DataFrame,
    contracts: Mapping[str, pd.DataFrame],
    *,
    areas: Mapping[str, Sequence[str]],
    rng: np.random.Generator,
) -> pd.DataFrame:
    """Joint futures that begin with the year of the cut-off, completed.

    Parameters
    ----------
    found : Uncertain
        From ``year_end.known``: months completed and forecast to the end of the year, with care_form or without. Where
        these are not known (too few months), the outcome is NaN.
    futures : DataFrame
        Joint futures of every municipality in ``areas`` (``shared.read("future", ...)``), with the year of the cut-off
        among its periods: area_code (the municipality), period, sample, cost_eur. As many samples are drawn as it has.
    contracts : mapping of DataFrame
        ``monitor.contracts.read``; lump sums, which bring no declarations, are added to the year and grow with it.
    areas : mapping of str to sequence of str
        The municipalities that each area is the sum of: ``{"GM0503": ["GM0503"]}``, or a region and its members.
    rng : Generator
        ``run.rng("declarations")``.

    Returns
    -------
    DataFrame
        The contract of paths: area_code, care_form ("total"), period (year), sample, cost_eur, stage: ``completed`` in
        the year of the cut-off (months to come of that year included), ``forecast`` after it.

    Raises
    ------
    DataError
        The forecast does not have the year of the cut-off, or not a municipality.
    """
    year = found.completed.cut_off // year_end.YEAR
    grown = _growth(futures, year)
    samples = grown.columns.get_level_values("sample").unique()
    start = _start(found, contracts, year, samples=len(samples), rng=rng)
    inside = sorted({code for members in areas.values() for code in members})
    absent = [code for code in inside if code not in grown.index]
    if absent:
        raise DataError(f"multi_year: no forecast of {', '.join(absent)}; give that of all municipalities")
    periods = grown.columns.get_level_values("period").unique()
    shape = (len(inside), len(periods), len(samples))
    cube = start.reindex(inside).to_numpy()[:, None, :] * grown.loc[inside].to_numpy().reshape(shape)
    parts = [
        pd.DataFrame(
            {
                "area_code": area,
                "care_form": TOTAL,
                "period": np.repeat(periods, len(samples)),
                "sample": np.tile(samples, len(periods)),
                "cost_eur": cube[[inside.index(code) for code in members]].sum(axis=0).ravel(),
            }
        )
        for area, members in sorted(areas.items())
    ]
    long = pd.concat(parts, ignore_index=True)
    return long.assign(stage=np.where(long["period"] == year, COMPLETED, FORECAST))[
        [*KEYS, "cost_eur", "stage"]
    ]


def _growth(futures: pd.DataFrame, year: int) -> pd.DataFrame:
    """Costs relative to a year by municipality, period and sample."""
    cost = futures[futures["period"] >= year]
    if year not in set(cost["period"]):
        raise DataError(
            f"multi_year: the forecast starts after {year}, the year of the declarations; make it from {year} on"
        )
    keys = [
        cost[name].astype(str if name == "area_code" else int) for name in ("area_code", "period", "sample")
    ]
    wide = cost["cost_eur"].groupby(keys).sum(min_count=1).unstack(["period", "sample"]).sort_index(axis=1)
    return wide / np.tile(wide[year].to_numpy(), wide.shape[1] // wide[year].shape[1])


def _start(
    found: completion.Uncertain,
    contracts: Mapping[str, pd.DataFrame],
    year: int,
    *,
    samples: int,
    rng: np.random.Generator,
) -> pd.DataFrame:
    """The year completed, lump sums included, EUR (municipality, sample)."""
    drawn = year_end.year_samples(found, samples, rng)
    codes = found.completed.keys["municipality_code"].to_numpy()
    total = pd.DataFrame(drawn, index=codes).groupby(level=0).sum(min_count=1)
    lump = contracts["lump_sums"].query("year == @year").groupby("municipality_code")["amount_eur"].sum()
    return total.add(lump.reindex(total.index).fillna(0.0), axis=0)
