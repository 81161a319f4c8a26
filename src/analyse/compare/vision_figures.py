"""Figures that only the visions of regions ask for: shares of referrals and of what was budgeted and booked where."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import numpy as np
import pandas as pd

from analyse.compare import form_costs, rates
from analyse.compare.membership import membership
from analyse.history import boundaries
from analyse.schema import REACH_80

MEASURES = (
    "gp_referral_percent",
    "local_budget_percent",
    "residential_cost_percent",
    "access_per_youth_eur",
)
GP = "general practitioner"
ACCESS = "6.22"
SHARES = {
    "local_budget_percent": (
        "budget",
        ("6.751", "6.761"),
        ("6.751", "6.752", "6.753", "6.761", "6.762", "6.763"),
    ),
    "residential_cost_percent": (
        "accounts",
        ("6.73a", "6.73b", "6.73c", "6.74b", "6.74c"),
        (
            "6.72a",
            "6.72b",
            "6.72c",
            "6.72d",
            "6.73a",
            "6.73b",
            "6.73c",
            "6.74a",
            "6.74b",
            "6.74c",
            "6.82a",
            "6.82b",
        ),
    ),
}
"""Measure -> report, the sub-codes of Iv3 in it, and those it is a share of."""


def figures(
    tables: Mapping[str, pd.DataFrame], areas: pd.DataFrame, inside: Mapping[str, Collection[str]]
) -> pd.DataFrame:
    """The measures of this module of every area and year.

    Parameters
    ----------
    tables, areas, inside
        As for ``form_costs.costs_by_form``; with the table ``usage`` too.

    Returns
    -------
    DataFrame
        area_code, area, period, measure, value, low, high, unit, denominator, status. low and high are an 80 % interval
        of chance for the share of referrals; what was budgeted and booked has none. An area of which a part is not
        known has no row.

    Examples
    --------
    >>> from analyse import compare
    >>> from analyse.history import panel
    >>> from analyse.sources import snapshot
    >>> tables, level = snapshot.load(), "region"
    >>> found = figures(tables, panel.by_area(panel.build(tables), level), compare.members(tables, level))
    >>> values = found.set_index(["area_code", "period", "measure"])["value"]
    >>> round(float(values["JZ24", 2022, "gp_referral_percent"]), 1)
    37.2
    """
    parts = [_referrals(tables, inside), *(_shares(tables, areas, inside)), _access(tables, areas, inside)]
    known = areas[["area_code", "area"]].drop_duplicates("area_code")
    found = pd.concat([part for part in parts if len(part)], ignore_index=True)
    return found.merge(known, on="area_code", validate="m:1").dropna(subset="value", ignore_index=True)


def _referrals(tables: Mapping[str, pd.DataFrame], inside: Mapping[str, Collection[str]]) -> pd.DataFrame:
    """Trajectories through the GP of all; an area of which CBS hides either has no share."""
    usage = tables["usage"]
    usage = usage[usage["measure"].eq("trajectories")]
    rows = usage[usage["breakdown"].eq("total") | usage["category"].eq(GP)]
    rows = rows.assign(
        municipality_code=boundaries.current_codes(rows["municipality_code"], tables),
        count=rows["count"].astype("float64"),
    )
    inner = rows.merge(membership(inside), on="municipality_code").rename(columns={"year": "period"})
    keys = ["area_code", "period", "breakdown"]
    sums = boundaries.add_up(inner, keys, {"count": "status"})
    whole = sums.assign(count=sums["count"].where(sums["status"].isin(rates.WHOLE)))
    found = whole.pivot(index=["area_code", "period"], columns="breakdown", values=["count", "status"])
    total = found[("count", "total")].astype(float)
    share = found[("count", "referrer")].astype(float) / total
    reach = REACH_80 * np.sqrt(share * (1 - share) / total)
    return pd.DataFrame(
        {
            "measure": "gp_referral_percent",
            "value": 100 * share,
            "low": 100 * (share - reach),
            "high": 100 * (share + reach),
            "unit": "%",
            "denominator": total,
            "status": found[("status", "referrer")],
        }
    ).reset_index()


def _shares(
    tables: Mapping[str, pd.DataFrame], areas: pd.DataFrame, inside: Mapping[str, Collection[str]]
) -> list[pd.DataFrame]:
    costs = form_costs.costs_by_form(tables, areas, inside)
    parts = []
    for measure, (report, over, under) in SHARES.items():
        rows = costs[costs["report"].eq(report) & costs["subcode"].isin(under)]
        whole = rows.groupby(["area_code", "period"])["cost_eur"].agg(["size", "count"])
        complete = whole.index[whole["size"].eq(len(under)) & whole["count"].eq(len(under))]
        sums = [
            one.groupby(["area_code", "period"])["cost_eur"].sum().reindex(complete)
            for one in (rows[rows["subcode"].isin(over)], rows)
        ]
        part = pd.DataFrame({"value": 100 * sums[0] / sums[1], "denominator": sums[1]}).reset_index()
        parts.append(part.assign(measure=measure, unit="%", low=np.nan, high=np.nan, status=_status(report)))
    return parts


def _access(
    tables: Mapping[str, pd.DataFrame], areas: pd.DataFrame, inside: Mapping[str, Collection[str]]
) -> pd.DataFrame:
    rows = tables["costs_subcode"].rename(columns={"year": "period"})
    rows = rows[rows["subcode"].eq(ACCESS) & rows["report"].eq("budget")]
    rows = rows.assign(municipality_code=boundaries.current_codes(rows["municipality_code"], tables))
    inner = rows.merge(membership(inside), on="municipality_code")
    parts = inner.groupby(["area_code", "period"])["cost_eur"].agg(["sum", "count"])
    size = pd.Series({code: len(set(members)) for code, members in inside.items()}, name="members")
    parts = parts.join(size, on="area_code")
    whole = parts.loc[parts["count"].eq(parts["members"]), "sum"].rename("cost_eur").reset_index()
    found = whole.merge(areas[["area_code", "period", "youths"]], on=["area_code", "period"], validate="1:1")
    return found.assign(
        measure="access_per_youth_eur",
        value=found["cost_eur"] / found["youths"],
        denominator=found["youths"],
        unit="EUR",
        low=np.nan,
        high=np.nan,
        status=_status("budget"),
    ).drop(columns=["cost_eur", "youths"])


def _status(report: str) -> str:
    """A budget is a plan, and final as one; accounts of one year are final."""
    return "estimated" if report == "budget" else "final"
