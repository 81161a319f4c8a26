"""Every fair measure in one long table: value, interval, numerator, denominator, status and source."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import numpy as np
import pandas as pd

from analyse.compare import indicators, rates
from analyse.compare.membership import membership
from analyse.errors import ParameterError
from analyse.history import areas as names
from analyse.history import boundaries
from analyse.schema import REACH_80

FUND_CLUSTER = "Individuele voorzieningen Jeugd"

YOUTHS_ERROR = 0.008
"""Four of five reconstructed numbers of 0-17 lie within this fraction of the published one; see
``docs/population.md`` and ``youths.check_error``."""

YOUTHS_ERROR_EARLY = 0.03
"""The same before 2020, when no age group is published; see ``docs/population.md``."""

YOUTHS_0_22_ERROR = 0.0063
"""Four of five reconstructed numbers of 0-19 on 1 January 2025 lie within this fraction of the published
one when, as for 2021 and 2022, only 0-14 and 15-24 are known."""

OF_HISTORY = {
    "cost_per_youth_eur": ("EUR", ("cost_eur", "status"), ("youths", "youths_status")),
    "budget_per_youth_eur": ("EUR", ("budget_eur", "budget_status"), ("youths", "youths_status")),
    "clients_per_100_youths": (
        "per 100",
        ("clients", "clients_status"),
        ("youths_0_22", "youths_0_22_status"),
    ),
    "cost_per_client_eur": ("EUR", ("cost_eur", "status"), ("clients", "clients_status")),
    "cost_growth_fraction": ("fraction", ("cost_eur", "status"), ("cost_eur", "status")),
    "overspend_fraction": ("fraction", ("cost_eur", "status"), ("budget_eur", "budget_status")),
}
"""Measure of ``measures`` -> unit, numerator and denominator in the history, each with its status."""

MEASURES = (*OF_HISTORY, *indicators.INDICATORS, "fund_per_cost_fraction", "fund_per_budget_fraction")

COLUMNS = [
    "area_code",
    "area",
    "period",
    "measure",
    "value",
    "low",
    "high",
    "unit",
    "numerator",
    "denominator",
    "numerator_status",
    "denominator_status",
    "status",
    "source",
]


def members(tables: Mapping[str, pd.DataFrame], level: str, year: int | None = None) -> dict[str, list[str]]:
    """The municipality codes of each area, as ``side_by_side`` wants them.

    Parameters
    ----------
    tables : mapping of DataFrame
        With ``municipalities``.
    level : {"municipality", "region", "all"}
        What an area is.
    year : int, optional
        Year whose regions are meant (and, for municipalities, whose areas); today's when not given. The
        codes of a region are always those of today.

    Returns
    -------
    dict of str to list of str: codes of the municipalities of each area, by its code.

    Raises
    ------
    ParameterError
        When ``level`` is not one of the three.

    Examples
    --------
    >>> from analyse.sources import snapshot
    >>> {code: len(inside) for code, inside in members(snapshot.load(), "region").items()}
    {'JZ18': 13, 'JZ24': 9, 'JZ29': 13}
    """
    if level == "municipality":
        return {code: [code] for code in names.municipalities(tables, year)}
    if level in ("region", "all"):
        rows = names.in_year(tables, year).dropna(subset="region_code")
        today = boundaries.current_codes(rows["municipality_code"], tables)
        if level == "all":
            return {names.ALL: sorted(set(today))}
        return {code: sorted(set(today[rows["region_code"] == code])) for code in names.regions(tables)}
    raise ParameterError(f"compare: level {level!r} is not known; choose municipality, region or all")


def side_by_side(
    areas: pd.DataFrame, tables: Mapping[str, pd.DataFrame], inside: Mapping[str, Collection[str]]
) -> pd.DataFrame:
    """Every fair measure of every area and year.

    Parameters
    ----------
    areas : DataFrame
        History by area, see ``history.panel.AREA_HISTORY``.
    tables : mapping of DataFrame
        The tables of the dataset.
    inside : mapping of str to collection of str
        The municipality codes of each area, see ``members``.

    Returns
    -------
    DataFrame
        One row per area, year and measure (``MEASURES``) of which something is published: ``COLUMNS``.
        low and high are an 80 % interval for what the estimated number of youths makes uncertain (for use together
        with binomial chance in one year), and bounds for what CBS rounds or hides; empty where neither plays. What
        chance does to costs: ``chance``.

    Examples
    --------
    >>> from analyse.history import panel
    >>> from analyse.sources import snapshot
    >>> tables = snapshot.load()
    >>> areas = panel.by_area(panel.build(tables), "region")
    >>> fair = side_by_side(areas, tables, members(tables, "region")).set_index(["area_code", "period", "measure"])
    >>> fair.loc[("JZ24", 2022, "clients_per_100_youths"), ["value", "low", "high"]].astype(float).round(1).tolist()
    [10.9, 10.8, 11.0]

    In 2022, 10.9 of every 100 youths in Haaglanden had youth care.
    """
    known = areas[["area_code", "area"]].drop_duplicates("area_code")
    published = indicators.by_area(tables, inside).assign(unit="%", source="CBS 85098NED")
    published = published.assign(numerator_status=published["status"], denominator_status="estimated")
    rows = pd.concat(
        [
            _of_history(areas),
            _funded(areas, tables, inside),
            published.merge(known, on="area_code", validate="m:1"),
        ]
    )
    rows = rows[rows["value"].notna() | rows["low"].notna()].reindex(columns=COLUMNS)
    order = {measure: place for place, measure in enumerate(MEASURES)}
    rows = rows.sort_values(
        ["measure", "area_code", "period"],
        kind="stable",
        key=lambda column: column.map(order) if column.name == "measure" else column,
    )
    return rows.reset_index(drop=True)


def fund(tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """The youth cluster of the gemeentefonds by municipality of today and year, from the last circular.

    Returns
    -------
    DataFrame
        municipality_code, period, amount_eur, circular. The amounts are a calculation from the circulars,
        and no earmarked money: a municipality may spend it on something else.
    """
    rows = tables["municipal_fund"]
    rows = rows[rows["cluster"] == FUND_CLUSTER]
    words = rows["circular"].str.split(" ", expand=True)
    month = words[0].map({"meicirculaire": 5, "septembercirculaire": 9, "decembercirculaire": 12})
    rows = rows.assign(order=words[1].astype(int) * 100 + month).sort_values("order", kind="stable")
    last = rows.drop_duplicates(["municipality_code", "year"], keep="last").rename(columns={"year": "period"})
    last = last[["municipality_code", "period", "amount_eur", "circular"]].astype({"period": "int64"})
    return last.sort_values(["municipality_code", "period"]).reset_index(drop=True)


def _of_history(areas: pd.DataFrame) -> pd.DataFrame:
    values = rates.measures(areas)
    before = areas[["area_code", "period", "cost_eur", "status"]].assign(period=areas["period"] + 1)
    before = areas[["area_code", "period"]].merge(before, how="left", validate="1:1")
    parts = []
    for measure, (unit, over, under) in OF_HISTORY.items():
        earlier = measure == "cost_growth_fraction"
        below = before if earlier else areas.reset_index(drop=True)
        part = values[["area_code", "area", "period"]].assign(
            measure=measure,
            unit=unit,
            value=values[measure].to_numpy(),
            numerator=areas[over[0]].to_numpy(),
            denominator=below[under[0]].to_numpy(),
            numerator_status=areas[over[1]].to_numpy(),
            denominator_status=below[under[1]].fillna("missing").to_numpy(),
            source=areas["source"].to_numpy(),
        )
        parts.append(_with_interval(part, under[0]))
    rows = pd.concat(parts)
    pairs = zip(rows["numerator_status"], rows["denominator_status"], strict=True)
    return rows.assign(status=[boundaries.combine(pair) for pair in pairs])


def _with_interval(part: pd.DataFrame, denominator: str) -> pd.DataFrame:
    """The 80 % interval that an estimated number of youths gives, and for use what chance does in one year as well."""
    error = pd.Series(YOUTHS_ERROR, part.index).where(part["period"] >= 2020, YOUTHS_ERROR_EARLY)
    if denominator == "youths_0_22":
        error = error.where(part["period"] < 2020, YOUTHS_0_22_ERROR)
    counts_youths = denominator.startswith("youths")
    error = error.where(counts_youths & (part["denominator_status"] == "estimated"))
    used = part["measure"] == "clients_per_100_youths"
    clients, youths = (part[name].astype("float64") for name in ("numerator", "denominator"))
    chance = REACH_80 * np.sqrt((1 - clients / youths).clip(lower=0.0) / clients.where(clients > 0))
    error = error.mask(used, np.hypot(error.fillna(0.0), chance))
    return part.assign(low=part["value"] / (1 + error), high=part["value"] / (1 - error))


def _funded(
    areas: pd.DataFrame, tables: Mapping[str, pd.DataFrame], inside: Mapping[str, Collection[str]]
) -> pd.DataFrame:
    """The youth cluster against accounts and against the original budget."""
    amounts = fund(tables)
    listed = amounts.merge(membership(inside), on="municipality_code")
    there = listed.groupby("area_code")["municipality_code"].nunique()
    whole = [code for code, codes in inside.items() if there.get(code, 0) == len(set(codes))]
    grouped = listed[listed["area_code"].isin(whole)].groupby(["area_code", "period"], as_index=False)
    sums = grouped.agg(numerator=("amount_eur", "sum"), source=("circular", "last"))
    if sums.empty:
        return pd.DataFrame(columns=COLUMNS)
    found = sums.merge(areas.drop(columns="source"), on=["area_code", "period"], validate="1:1")
    parts = []
    for measure, value, status in (
        ("fund_per_cost_fraction", "cost_eur", "status"),
        ("fund_per_budget_fraction", "budget_eur", "budget_status"),
    ):
        whole = found[value].where(found[status].isin(rates.WHOLE))
        part = found[["area_code", "area", "period", "numerator"]].assign(
            measure=measure,
            unit="fraction",
            value=found["numerator"] / whole,
            low=float("nan"),
            high=float("nan"),
            denominator=found[value],
            numerator_status="estimated",
            denominator_status=found[status],
            source="BZK " + found["source"] + "; CBS Iv3",
            status=[boundaries.combine(["estimated", one]) for one in found[status]],
        )
        parts.append(part)
    return pd.concat(parts)
