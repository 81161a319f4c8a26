"""From declarations to the years ahead: the year completed, carried on by the growth of the forecast, per sample.

A forecast that starts from the accounts knows its first year for certain. One that starts from declarations does not:
months are still coming. Here each joint sample of the completed year is the start of one joint future, so intervals
of later years contain what is still coming, and what of the year is yet to be delivered.

What is assumed: the care that is declared grows as all youth care of the municipality does, and how far completion is
off says nothing about later growth (they are drawn apart).
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from analyse.errors import DataError, ParameterError
from analyse.history import completion
from analyse.monitor import year_end

COMPLETED, FORECAST = "completed", "forecast"
TOTAL = "total"
LEVELS = {"municipality": "municipality_code", "region": "region_code"}
KEYS = ["area_code", "care_form", "period", "sample"]


def paths(found: completion.Uncertain, futures: pd.DataFrame, contracts: Mapping[str, pd.DataFrame], *,
          level: str = "municipality", rng: np.random.Generator) -> pd.DataFrame:  # fmt: skip
    """Joint futures that begin with the year of the cut-off, completed.

    Parameters
    ----------
    found : Uncertain
        From ``year_end.looked_back``: months completed and forecast to the end of the year, with care_form or without.
    futures : DataFrame
        From ``forecast.simulate``, with the year of the cut-off among its periods: municipality_code, region_code,
        period, sample, cost_eur. As many samples are drawn as it has.
    contracts : mapping of DataFrame
        ``monitor.contracts.read``; lump sums, which bring no declarations, are added to the year and grow with it.
    level : {"municipality", "region"}
        What an area is. A region has the municipalities that declare: of others nothing is known.
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
    ParameterError
        ``level`` is neither of the two.
    """
    if level not in LEVELS:
        raise ParameterError(f"onward: level {level!r} is not known; choose one of {', '.join(LEVELS)}")
    year = found.completed.cut_off // year_end.YEAR
    grown, regions = _growth(futures, year)
    samples = grown.columns.get_level_values("sample").unique()
    start = _start(found, contracts, year, samples=len(samples), rng=rng)
    absent = start.index.difference(grown.index)
    if len(absent):
        raise DataError(f"onward: no forecast of {', '.join(absent)}; give that of all municipalities")
    grown = grown.loc[start.index]
    periods = grown.columns.get_level_values("period").unique()
    cube = start.to_numpy()[:, None, :] * grown.to_numpy().reshape(len(start), len(periods), len(samples))
    area = pd.Index(start.index if level == "municipality" else regions[start.index], name="area_code")
    table = pd.DataFrame(cube.reshape(len(start), -1), index=area, columns=grown.columns)
    long = table.groupby(level=0).sum().melt(value_name="cost_eur", ignore_index=False).reset_index()
    long = long.sort_values(["area_code", "period", "sample"], ignore_index=True)
    stage = np.where(long["period"] == year, COMPLETED, FORECAST)
    return long.assign(care_form=TOTAL, stage=stage)[[*KEYS, "cost_eur", "stage"]]


def _growth(futures: pd.DataFrame, year: int) -> tuple[pd.DataFrame, pd.Series]:
    """Costs relative to a year by municipality, period and sample, and the region of each municipality."""
    codes = futures["municipality_code"].astype(str)
    cost = futures.assign(municipality_code=codes).query("period >= @year")
    if year not in set(cost["period"]):
        raise DataError(
            f"onward: the forecast starts after {year}, the year of the declarations; make it from {year} on"
        )
    wide = cost.pivot_table(
        index="municipality_code", columns=["period", "sample"], values="cost_eur", aggfunc="sum"
    )
    base = np.tile(wide[year].to_numpy(), wide.shape[1] // wide[year].shape[1])
    regions = futures["region_code"].astype(str).groupby(codes).first()
    return wide / base, regions


def _start(found: completion.Uncertain, contracts: Mapping[str, pd.DataFrame], year: int, *, samples: int,
           rng: np.random.Generator) -> pd.DataFrame:  # fmt: skip
    """The year completed, lump sums included, EUR (municipality, sample)."""
    drawn = year_end.year_samples(found, samples, rng)
    total = (
        pd.DataFrame(drawn, index=found.completed.keys["municipality_code"].to_numpy()).groupby(level=0).sum()
    )
    lump = contracts["lump_sums"].query("year == @year").groupby("municipality_code")["amount_eur"].sum()
    return total.add(lump.reindex(total.index).fillna(0.0), axis=0)
