"""Use and costs by form of care, and trajectories begun and ended: there after ``analyse update``, else empty.

A youth can have several forms of care in a year, so forms do not add up to the total.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

import pandas as pd

from analyse.history import areas, boundaries
from analyse.schema import STATUSES, Column, Table

Tables = Mapping[str, pd.DataFrame]
TOTAL = "total"
KEY = ["municipality_code", "care_form", "period"]
MEASURES = ("begun", "ended", "duration_days")
FLOWS = Table(
    "flows",
    "Trajectories of youth help begun and ended, and their mean duration, by area and year",
    ("area_code", "period", "measure"),
    (
        Column("area_code", "text", "municipality code, region code or ALL"),
        Column("period", "integer", "calendar year", unit="year"),
        Column("measure", "text", "what is measured", allowed=MEASURES),
        Column("value", "number", "number of trajectories, or days", required=False, minimum=0),
        Column("status", "text", "what kind of figure it is", allowed=tuple(STATUSES)),
    ),
)


def known(tables: Tables) -> list[str]:
    """The forms of care, the total apart, that a dataset has figures of."""
    parts = [tables[name] for name in ("usage_by_form", "costs_by_form") if name in tables]
    named = pd.concat([part["care_form"] for part in parts]) if parts else pd.Series(dtype="str")
    return [form for form in dict.fromkeys(named) if form != TOTAL]


def rows(tables: Tables, care_forms: Collection[str], *, fixed: bool) -> pd.DataFrame:
    """Clients, costs and budget by form: one row per (municipality_code, care_form, period) with figures.

    Parameters
    ----------
    tables : mapping of DataFrame
        With ``usage_by_form`` and ``costs_by_form``; both may have no rows.
    care_forms : collection of str
        Forms wanted, see ``analyse.schema.downloaded.CARE_FORMS``.
    fixed : bool
        Whether predecessors are added up into the municipalities of today.
    """
    usage = tables["usage_by_form"]
    used = usage.loc[(usage["part"] == "year") & (usage["measure"] == "youths")]
    parts = [_part(used, "count", ("clients", "clients_status"))]
    for report, columns in (
        ("accounts", ("cost_eur", "status")),
        ("budget", ("budget_eur", "budget_status")),
    ):
        costs = tables["costs_by_form"]
        parts.append(_part(costs.loc[costs["report"] == report], "cost_eur", columns))
    wanted = [part.loc[part["care_form"].isin(list(care_forms))] for part in parts]
    if fixed:
        wanted = [_recoded(part, tables) for part in wanted]
    result = wanted[0]
    for part in wanted[1:]:
        result = result.merge(part, on=KEY, how="outer", validate="1:1")
    return result


def _recoded(part: pd.DataFrame, tables: Tables) -> pd.DataFrame:
    """In the municipalities of today."""
    value, status = part.columns[-2:]
    return part if part.empty else boundaries.recode(part, tables, {value: status}, time="period")


def _part(frame: pd.DataFrame, value: str, columns: tuple[str, str]) -> pd.DataFrame:
    renamed = frame.rename(columns={"year": "period", value: columns[0], "status": columns[1]})
    return renamed[[*KEY, *columns]].astype({"period": "int64", columns[0]: "float64"}).reset_index(drop=True)


def flows(tables: Tables, level: str, *, composition_year: int | None = None) -> pd.DataFrame:
    """Trajectories begun and ended, and their mean duration, by area and year, in the municipalities of today.

    Parameters
    ----------
    tables : mapping of DataFrame
        With ``usage_flows``, which may have no rows.
    level : {"municipality", "region", "all"}
        What one row is.
    composition_year : int, optional
        Year whose regions are used.

    Returns
    -------
    DataFrame
        See ``FLOWS``. The mean duration of an area is that of its parts, weighted by what ended there (by what began
        where that is not known); it is left out where a part is unknown.
    """
    published = tables["usage_flows"]
    whole = published.loc[(published["part"] == "year") & (published["referrer"] == TOTAL)]
    if whole.empty:
        return pd.DataFrame(columns=FLOWS.column_names)
    today = boundaries.current_codes(whole["municipality_code"], tables)
    coded = whole.assign(municipality_code=today, area_code=_area(tables, today, level, composition_year))
    coded = coded.dropna(subset="area_code").rename(columns={"year": "period"})
    counts = boundaries.add_up(
        coded.loc[coded["measure"] != "duration_days"],
        ["area_code", "period", "measure"],
        {"value": "status"},
    )
    return pd.concat([counts, _duration(coded)], ignore_index=True)[FLOWS.column_names]


def _area(tables: Tables, codes: pd.Series, level: str, year: int | None) -> pd.Series:
    if level == "municipality":
        return codes
    region = areas.in_year(tables, year).set_index("municipality_code")["region_code"]
    placed = codes.map(region)
    return placed if level == "region" else placed.where(placed.isna(), areas.ALL)


def _duration(coded: pd.DataFrame) -> pd.DataFrame:
    key = ["area_code", "period"]
    wide = coded.pivot_table(index=[*key, "municipality_code"], columns="measure", values="value")
    weights = [wide[name] for name in ("ended", "begun") if name in wide]
    if "duration_days" not in wide or not weights:
        return pd.DataFrame(columns=FLOWS.column_names)
    days = wide.assign(weight=weights[0], product=wide["duration_days"] * weights[0])
    summed = days.groupby(level=key)[["weight", "product"]].sum(min_count=1)
    complete = days["product"].notna().groupby(level=key).all()
    value = (summed["product"] / summed["weight"]).where(complete)
    status = (
        coded.assign(soft=coded["status"] == "provisional").groupby(key)["soft"].any().reindex(value.index)
    )
    words = status.map({True: "provisional", False: "final"}).where(value.notna(), "missing")
    return pd.DataFrame({"measure": "duration_days", "value": value, "status": words}).reset_index()
