"""Costs by care form: what the Iv3 sub-codes say of accounts and budgets, per youth, for any area."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import pandas as pd

from analyse.compare.membership import membership
from analyse.history import boundaries
from analyse.parameters import bridge

SAME = {"6.821": "6.82a", "6.822": "6.82b"}
"""Sub-codes from 2025 that hold what another held before: child protection and youth probation."""


def costs_by_form(
    tables: Mapping[str, pd.DataFrame], areas: pd.DataFrame, inside: Mapping[str, Collection[str]]
) -> pd.DataFrame:
    """Costs and costs per youth of every sub-code of youth care.

    Parameters
    ----------
    tables : mapping of DataFrame
        With ``costs_subcode`` and ``boundary_changes``.
    areas : DataFrame
        History by area (``panel.by_area``): area_code, area, period, youths (0 to 17 on 1 January).
    inside : mapping of str to collection of str
        The municipality codes of today of each area, see ``members``.

    Returns
    -------
    DataFrame
        One row per area, year, report ("accounts" or "budget") and subcode: area_code, area, period, report,
        subcode, cost_eur (EUR), youths, cost_per_youth_eur (EUR per youth), status. Where a part is not known,
        the cost is empty.

    Examples
    --------
    >>> from analyse.compare import members
    >>> from analyse.history import panel
    >>> from analyse.sources import snapshot
    >>> tables = snapshot.load()
    >>> regions = panel.by_area(panel.build(tables), "region")
    >>> found = costs_by_form(tables, regions, members(tables, "region"))
    >>> keys = ["area_code", "period", "report", "subcode"]
    >>> int(found.set_index(keys)["cost_per_youth_eur"][("JZ24", 2023, "accounts", "6.73a")])
    79

    In 2023 the municipalities of Haaglanden booked EUR 79 per youth for foster care (6.73a).
    """
    rows = tables["costs_subcode"].rename(columns={"year": "period"})
    rows = rows.assign(
        municipality_code=boundaries.current_codes(rows["municipality_code"], tables),
        task=rows["subcode"].str[:4],
    )
    fields = {year: bridge().fields(year) for year in rows["period"].unique()}
    rows = rows[[task in fields[year] for task, year in zip(rows["task"], rows["period"], strict=True)]]
    rows = rows.assign(subcode=rows["subcode"].replace(SAME))
    keys = ["period", "report", "subcode"]
    inner = rows.merge(membership(inside), on="municipality_code", how="inner")
    parts = inner.assign(known=inner["cost_eur"].notna()).groupby(["area_code", *keys], sort=False)
    summed = parts["cost_eur"].sum().where(parts["known"].all())
    status = parts["status"].unique().map(boundaries.combine)
    found = pd.DataFrame({"cost_eur": summed, "status": status}).reset_index()
    known = areas[["area_code", "area", "period", "youths"]]
    found = found.merge(known, on=["area_code", "period"], how="inner", validate="m:1")
    found = found.assign(cost_per_youth_eur=found["cost_eur"] / found["youths"])
    return found[["area_code", "area", *keys, "cost_eur", "youths", "cost_per_youth_eur", "status"]]
