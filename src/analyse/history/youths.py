"""Youths per municipality on 1 January (interim: shares of the inhabitants)."""

from __future__ import annotations

import pandas as pd

from analyse.history import boundaries


def reconstruct(tables, *, use_under18=True, until=2026):
    p = boundaries.recode(tables["population"].astype({"count": "float64"}), tables, {"count": "status"})
    w = p.pivot(index=["municipality_code", "year"], columns="age_group", values="count")
    share = (w["0-17"] / w["total"]).groupby("municipality_code").mean()
    total = w["total"].rename("total").reset_index()
    y = total["total"] * total["municipality_code"].map(share)
    known = w["0-17"].reset_index(drop=True)
    return pd.DataFrame({
        "municipality_code": total["municipality_code"], "period": total["year"],
        "youths": known.fillna(y.astype("float64")),
        "youths_status": known.notna().map({True: "final", False: "estimated"}),
        "youths_0_22": y * 1.3, "youths_0_22_status": "estimated"})


def of_the_time(fixed, tables):
    target = boundaries.successors(tables["boundary_changes"])
    p = tables["population"].query("age_group == 'total'").rename(columns={"year": "period"})
    p = p.assign(own=p["municipality_code"], municipality_code=p["municipality_code"].replace(target))
    p["share"] = p["count"].astype(float) / p.groupby(["municipality_code", "period"])["count"].transform("sum")
    m = p[["own", "municipality_code", "period", "share"]].merge(fixed, on=["municipality_code", "period"])
    m = m.assign(youths=m["youths"] * m["share"], youths_0_22=m["youths_0_22"] * m["share"])
    return m.assign(municipality_code=m["own"])[fixed.columns]
