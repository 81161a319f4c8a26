"""The visions of all regions followed at once: one table of which pages read their part."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from analyse.compare import table, vision, vision_figures

COUNTRY = "NL"
"""Code of the whole country among the figures beside an area."""
BESIDE = "beside_"
ENDS = {"value": BESIDE, "low": "low_beside_", "high": "high_beside_"}
"""What is known of an area beside: the figure, or only its bounds."""
"""Begin of the columns with the figure of another area; its code comes after it."""


def figures(
    past: pd.DataFrame,
    fair: pd.DataFrame,
    tables: Mapping[str, pd.DataFrame],
    *,
    country: pd.DataFrame,
    visions: Mapping[str, Any],
    grounds: Mapping[str, Any],
    composition_year: int | None = None,
) -> pd.DataFrame:
    """The indicators of the visions for their regions and municipalities, with other areas beside each figure.

    Parameters
    ----------
    past, tables, composition_year
        As for ``overview.figures``.
    fair : DataFrame
        ``overview.figures`` of the same areas.
    country : DataFrame
        ``of_country``: the same measures of the whole country.
    visions : mapping of Vision
        ``choices.visions()``.
    grounds : mapping
        flags, noise and price_growth, as ``vision.monitor`` takes them.

    Returns
    -------
    DataFrame
        area_code, region (whose vision it is), ``vision.COLUMNS``, and a column ``beside_<code>`` for each region with
        a vision and for the country: their figure of the same year.
    """
    known = set(past["area_code"])
    inside = {
        code: codes
        for level in ("municipality", "region")
        for code, codes in table.members(tables, level, composition_year).items()
        if code in known
    }
    followed = {region: one for region, one in visions.items() if region in inside}
    local = {code: region for region in followed for code in inside[region]}
    wanted = {**{region: region for region in followed}, **local}
    columns = [*followed, COUNTRY]
    needed = {code: inside[code] for code in wanted if code in inside}
    own = past[past["area_code"].isin(needed)]
    both = pd.concat([fair, vision_figures.figures(tables, own, needed), country], ignore_index=True)
    parts = [pd.DataFrame(columns=["area_code", "region", *vision.COLUMNS])]
    for code, region in wanted.items():
        if code in needed:
            rows = vision.monitor(followed[region], both, code, members=needed[code], **grounds)
            others = vision.beside(rows, both, [one for one in columns if one != code])
            for value, prefix in ENDS.items():
                wide = others.pivot(index="indicator", columns="area_code", values=value)
                wide = wide.reindex(columns=columns).add_prefix(prefix)
                rows = rows.merge(wide, left_on="indicator", right_index=True, how="left")
            parts.append(rows.assign(area_code=code, region=region))
    found = pd.concat([part for part in parts if len(part)] or parts, ignore_index=True)
    return found.astype({"target_met": "object"})


def of_country(past: pd.DataFrame, tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Every measure of the whole country, under the code ``COUNTRY``.

    Parameters
    ----------
    past : DataFrame
        History of all municipalities together, see ``history.panel.AREA_HISTORY``.
    tables : mapping of DataFrame
        The tables of the whole country.
    """
    inside = table.members(tables, "all")
    both = [table.side_by_side(past, tables, inside), vision_figures.figures(tables, past, inside)]
    return pd.concat(both, ignore_index=True).assign(area_code=COUNTRY)
