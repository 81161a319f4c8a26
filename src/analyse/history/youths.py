"""Youths on 1 January per municipality: as published where published, else reconstructed by cohort.

The method is in ``cohort_model``; ``docs/population.md`` describes it with its measured error.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from analyse.errors import DataError, ParameterError
from analyse.history import boundaries
from analyse.history.cohort_model import AGES, Inputs, solve
from analyse.schema import AGE_GROUPS

FIRST = 2013
"""First 1 January of the model: births are published from 2012."""
SHOWN_FROM = 2017
BOUNDARY_JUMP = 0.05
"""Inhabitants that jump by more than this between 31 December and 1 January: a border moved, not people."""

Tables = Mapping[str, pd.DataFrame]


def reconstruct(tables: Tables, *, use_under18: bool = True) -> pd.DataFrame:
    """Return youths of 0-17 and 0-22 per municipality (today's codes) and year from 2017.

    Parameters
    ----------
    tables : mapping of DataFrame
        With ``population``, ``population_dynamics``, ``municipalities`` and ``boundary_changes``.
    use_under18 : bool
        Whether the published inhabitants of 0-17 are used; without them the method can be checked on them.

    Returns
    -------
    DataFrame
        municipality_code, period, youths, youths_status, youths_0_22, youths_0_22_status. A figure is
        ``final`` and exactly as published where it is published, else ``estimated``.

    Raises
    ------
    DataError
        When a municipality has no inhabitants of 0-14, births or inhabitants in any year.
    """
    ages = single_ages(tables, use_under18=use_under18)
    keys = ["municipality_code", "period"]
    result = ages.loc[ages["age"] < 18].groupby(keys)["count"].sum().rename("youths").reset_index()
    result["youths_0_22"] = ages.loc[ages["age"] < 23].groupby(keys)["count"].sum().to_numpy()
    published = _published(tables)["0-17"].reindex(pd.MultiIndex.from_frame(result[keys])).to_numpy()
    use = ~np.isnan(published) & use_under18
    return result.assign(
        youths=np.where(use, published, result["youths"]),
        youths_status=np.where(use, "final", "estimated"),
        youths_0_22_status=np.where(_counted(result[keys], tables) & use_under18, "final", "estimated"),
    )[[*keys, "youths", "youths_status", "youths_0_22", "youths_0_22_status"]]


def single_ages(tables: Tables, *, use_under18: bool = True, until: int | None = None) -> pd.DataFrame:
    """Return inhabitants by single year of age: municipality_code, period (from 2017), age (0-24), count.

    Where every age is published (table ``population_by_age``, after ``analyse update``) the figures are those; without
    ``use_under18`` they are not used, so that the reconstruction can be checked on them.

    Parameters
    ----------
    tables, use_under18
        As for ``reconstruct``.
    until : int, optional
        Last year; at most the last one of which the inhabitants are published, which is the default.

    Raises
    ------
    ParameterError
        When ``until`` lies outside the years published.
    DataError
        As for ``reconstruct``.
    """
    until = _last(tables) if until is None else until
    codes, counts = _solved(tables, use_under18, until)
    shown = counts[:, :, SHOWN_FROM - FIRST :].transpose(0, 2, 1)
    levels = [codes, range(SHOWN_FROM, until + 1), range(AGES)]
    index = pd.MultiIndex.from_product(levels, names=["municipality_code", "period", "age"])
    ages = pd.DataFrame({"count": shown.ravel()}, index=index)
    if use_under18:
        ages["count"] = _by_age(tables).reindex(index).fillna(ages["count"])
    return ages.reset_index()


def _by_age(tables: Tables) -> pd.Series:
    """Published inhabitants by (municipality_code of today, period, age), where every age is known for certain."""
    ages, key = tables.get("population_by_age"), ["municipality_code", "period"]
    if ages is None or ages.empty:
        index = pd.MultiIndex.from_arrays([[], [], []], names=[*key, "age"])
        return pd.Series(dtype="float64", index=index)
    rows = ages.rename(columns={"year": "period"}).astype(
        {"period": "int64", "age": "int64", "count": "float64"}
    )
    rows = boundaries.recode(rows, tables, {"count": "status"}, time="period")
    rows = rows.loc[rows["status"].isin(["final", "provisional"]) & (rows["age"] < AGES)]
    whole = rows.groupby(key)["age"].transform("size") == AGES
    return rows.loc[whole].set_index([*key, "age"])["count"]


def _counted(keys: pd.DataFrame, tables: Tables) -> np.ndarray:
    """Whether every age of a municipality and year is published."""
    there = _by_age(tables).index.droplevel("age").unique()
    return pd.MultiIndex.from_frame(keys).isin(there)


def check_error(tables: Tables) -> pd.DataFrame:
    """Reconstruct without the published youths of 0-17, and compare with them.

    Returns
    -------
    DataFrame
        municipality_code, period, published and reconstructed (persons), error_percent.
    """
    blind = reconstruct(tables, use_under18=False).set_index(["municipality_code", "period"])["youths"]
    published = _published(tables)["0-17"].dropna().rename("published")
    compared = published.to_frame().join(blind.rename("reconstructed"), how="inner").reset_index()
    return compared.assign(error_percent=100 * (compared["reconstructed"] / compared["published"] - 1))


def of_the_time(fixed: pd.DataFrame, tables: Tables) -> pd.DataFrame:
    """Divide the youths of merged municipalities over the predecessors that existed in that year.

    Parameters
    ----------
    fixed : DataFrame
        As ``reconstruct`` returns it, in today's codes.
    tables : mapping of DataFrame
        With ``municipalities``, ``boundary_changes``, ``population`` and ``population_dynamics``.

    Returns
    -------
    DataFrame
        The same columns in the codes of each year. The parts of a merged municipality are ``estimated`` and
        add up to the whole. They are in proportion to the inhabitants of 0-14 where those are published for
        every part, carried back with the inhabitants; else to the mean of the shares in inhabitants and births.
    """
    listed = tables["municipalities"][["year", "municipality_code"]].rename(columns={"year": "period"})
    whole = boundaries.current_codes(listed["municipality_code"], tables)
    parts = listed.astype({"period": "int64"}).assign(whole=whole)
    parts = parts.loc[parts["period"].isin(fixed["period"])].reset_index(drop=True)
    divided = parts.assign(share=_shares(parts, tables)).merge(
        fixed.rename(columns={"municipality_code": "whole"}), on=["whole", "period"], validate="m:1"
    )
    return divided.assign(
        youths=divided["youths"] * divided["share"],
        youths_0_22=divided["youths_0_22"] * divided["share"],
        youths_status=divided["youths_status"].where(divided["share"] == 1, "estimated"),
    )[list(fixed.columns)]


def _shares(parts: pd.DataFrame, tables: Tables) -> pd.Series:
    """The part of the youths of the whole (whole, period) that lives in municipality_code; one row per part."""
    codes, whole = parts["municipality_code"], [parts["whole"], parts["period"]]
    wide = tables["population"].pivot(
        index=["municipality_code", "year"], columns="age_group", values="count"
    )
    wide = wide.astype("float64").reindex(pd.MultiIndex.from_frame(parts[["municipality_code", "period"]]))
    wide = wide.reset_index(drop=True)
    young = wide["total"] * (wide["0-14"] / wide["total"]).groupby(codes).bfill()
    births = tables["population_dynamics"][["municipality_code", "year", "births"]]
    before = parts.reset_index(names="row").merge(births, on="municipality_code").query("year < period")
    born = before.groupby("row")["births"].sum().astype("float64").reindex(parts.index)

    def share(weight: pd.Series) -> pd.Series:
        return weight / weight.groupby(whole).transform("sum")

    known = young.notna().groupby(whole).transform("all")
    merged = codes.groupby(whole).transform("size") > 1
    by_both = (share(wide["total"]) + share(born)) / 2
    return share(young).where(known, by_both).where(merged, 1.0)


def _solved(tables: Tables, use_under18: bool, until: int) -> tuple[list[str], np.ndarray]:
    """Codes, and inhabitants (municipality, age, year from FIRST)."""
    published = _published(tables)
    inhabitants = published["total"].unstack("period")
    last = _last(tables)
    if not SHOWN_FROM <= until <= last:
        raise ParameterError(f"youths: no reconstruction until {until}; choose {SHOWN_FROM} to {last}")
    births, migration = _births_and_migration(tables, inhabitants, until)
    sums = {}
    for group, (first, after) in AGE_GROUPS.items():
        for period, values in published[group].unstack("period").items():
            used = period <= until and (group != "0-17" or use_under18)
            if used and values.notna().all():
                sums[first, after, period - FIRST] = values.to_numpy()
    scale = published["0-14"].groupby("municipality_code").mean() / 15
    unknown = scale.index[scale.isna() | births.isna().all(axis=1) | migration.isna().any(axis=1)]
    if len(unknown):
        raise DataError(
            f"youths: {', '.join(unknown)}: no inhabitants of 0-14, births or inhabitants in any year; "
            "check data/open/population.csv and population_dynamics.csv"
        )
    known = Inputs(births.to_numpy(), migration.to_numpy(), sums, scale.to_numpy())
    return list(scale.index), solve(known).round(3)


def _last(tables: Tables) -> int:
    """Last 1 January of which there are inhabitants."""
    return int(tables["population"]["year"].max())


def _published(tables: Tables) -> pd.DataFrame:
    """Inhabitants in today's codes: one row per (municipality_code, period), one column per age group."""
    population = boundaries.recode(tables["population"], tables, {"count": "status"})
    known = population["count"].astype("float64").where(population["status"] == "final")
    population = population.assign(count=known).rename(columns={"year": "period"}).astype({"period": "int64"})
    wide = population.pivot(index=["municipality_code", "period"], columns="age_group", values="count")
    return wide.reindex(columns=["total", *AGE_GROUPS])


def _births_and_migration(
    tables: Tables, inhabitants: pd.DataFrame, until: int
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Births and net migration (corrections included), by municipality and year from FIRST - 1.

    Years before a border moved are scaled to the inhabitants after it; years before the first known one are
    given that of the first (births) or the mean (migration). Births after the last known year stay NaN, and
    migration is then the growth of the inhabitants less the natural growth of the last three years.
    """
    columns = ["inhabitants_start", "births", "deaths", "inhabitants_end"]
    dynamics = tables["population_dynamics"][["municipality_code", "year", *columns, "status"]]
    dynamics = boundaries.recode(dynamics, tables, dict.fromkeys(columns, "status"))
    wide = dynamics.astype({"year": "int64"}).pivot(index="municipality_code", columns="year", values=columns)
    wide = wide.astype("float64")
    start, end = wide["inhabitants_start"], wide["inhabitants_end"]
    jump = start.shift(-1, axis="columns") / end
    jump = jump.where((jump - 1).abs() > BOUNDARY_JUMP, 1.0)
    factor = jump.iloc[:, ::-1].cumprod(axis="columns").iloc[:, ::-1]
    natural = wide["births"] - wide["deaths"]
    years = range(FIRST - 1, until)
    births = (wide["births"] * factor).bfill(axis="columns").reindex(columns=years)
    growth = inhabitants.diff(axis="columns").rename(columns=lambda period: period - 1)
    later = growth.sub(natural.iloc[:, -3:].mean(axis="columns"), axis="index")
    migration = ((end - start - natural) * factor).combine_first(later).reindex(columns=years)
    mean = migration.mean(axis="columns")
    return births, migration.where(migration.notna(), mean, axis="index")
