"""What boundaries and regions do to a total: of the time against fixed, and which part moves and mergers have."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from analyse.history import areas as names
from analyse.history import boundaries, panel

MEASURES = tuple(panel.VALUES)
FIRST = 2017
"""First year whose moves and mergers are listed."""


def effect(
    fixed: pd.DataFrame, of_the_time: pd.DataFrame, tables: Mapping[str, pd.DataFrame]
) -> pd.DataFrame:
    """Region totals in both compositions, and the difference by cause.

    Parameters
    ----------
    fixed, of_the_time : DataFrame
        The history by municipality in either composition, see ``history.panel.build``.
    tables : mapping of DataFrame
        With ``boundary_changes``.

    Returns
    -------
    DataFrame
        One row per area_code, area, period and measure (a figure of the history): of_the_time, fixed, effect
        (of the time less fixed), move (what municipalities of another region then bring in or take away),
        merger (the rest: predecessors added up; zero unless a part is estimated or unknown), effect_fraction
        (of fixed), status (of the worst of both totals).

    Examples
    --------
    >>> from analyse.sources import snapshot
    >>> tables = snapshot.load()
    >>> found = effect(panel.build(tables), panel.build(tables, composition="of-the-time"), tables)
    >>> found = found.set_index(["area_code", "period", "measure"]).loc[("JZ24", 2023, "cost_eur")]
    >>> [float(found[name]) for name in ("fixed", "move", "merger")]
    [399975000.0, 7856000.0, 0.0]

    In 2023 Haaglanden, without Voorschoten, spent EUR 400.0 million; with Voorschoten, which belonged to it
    then, EUR 7.9 million more.
    """
    keys = ["area_code", "area", "period", "measure"]
    totals = {"fixed": _totals(fixed), "of_the_time": _totals(of_the_time)}
    found = totals["of_the_time"].merge(
        totals["fixed"], on=keys, how="outer", validate="1:1", suffixes=("_then", "_fixed")
    )
    found = found.rename(columns={"value_then": "of_the_time", "value_fixed": "fixed"})
    found = found.merge(
        _moved(fixed, of_the_time, tables), on=["area_code", "period", "measure"], how="left", validate="1:1"
    )
    statuses = zip(
        found["status_then"].fillna("missing"), found["status_fixed"].fillna("missing"), strict=True
    )
    difference = found["of_the_time"] - found["fixed"]
    move = found["move"].where(found["move"].notna() | difference.isna(), 0.0)
    found = found.assign(
        effect=difference,
        move=move,
        merger=difference - move,
        effect_fraction=difference / found["fixed"],
        status=[boundaries.combine(pair) for pair in statuses],
    )
    found = found[found["effect"].notna()].sort_values(["measure", "area_code", "period"])
    return found[
        [*keys, "of_the_time", "fixed", "effect", "move", "merger", "effect_fraction", "status"]
    ].reset_index(drop=True)


def events(tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """The moves between regions and the mergers since ``FIRST``.

    Returns
    -------
    DataFrame
        year (first in the new situation), kind ("move" or "merger"), municipality_code, municipality,
        from_code, to_code (regions of a move; the municipality and its successor of a merger).

    Examples
    --------
    >>> from analyse.sources import snapshot
    >>> found = events(snapshot.load())
    >>> found.loc[found["kind"] == "move", ["year", "municipality", "from_code", "to_code"]].to_dict("tight")["data"]
    [[2024, 'Voorschoten', 'JZ24', 'JZ18']]
    """
    listed = tables["municipalities"].dropna(subset="region_code").sort_values(["municipality_code", "year"])
    before = listed.groupby("municipality_code")["region_code"].shift()
    moved = listed.assign(from_code=before)[before.notna() & (before != listed["region_code"])]
    moved = moved.rename(columns={"region_code": "to_code"}).assign(kind="move")
    changes = tables["boundary_changes"]
    changes = changes[changes["municipality_code"].isin(tables["municipalities"]["municipality_code"])]
    merged = changes.assign(kind="merger", from_code=changes["municipality_code"])
    merged = merged.rename(columns={"successor_code": "to_code"})
    merged["municipality"] = [names.name(tables, code) for code in merged["municipality_code"]]
    found = pd.concat([moved, merged]).astype({"year": "int64"})
    found = found[found["year"] >= FIRST].sort_values(["year", "municipality_code"])
    return found[["year", "kind", "municipality_code", "municipality", "from_code", "to_code"]].reset_index(
        drop=True
    )


def _totals(history: pd.DataFrame) -> pd.DataFrame:
    regions = panel.by_area(history, "region")
    parts = [
        regions[["area_code", "area", "period"]].assign(
            measure=value, value=regions[value], status=regions[status]
        )
        for value, status in panel.VALUES.items()
    ]
    return pd.concat(parts, ignore_index=True)


def _moved(
    fixed: pd.DataFrame, of_the_time: pd.DataFrame, tables: Mapping[str, pd.DataFrame]
) -> pd.DataFrame:
    """What municipalities that were in another region then bring to that one, and take from the fixed one."""
    then = of_the_time.assign(today=boundaries.current_codes(of_the_time["municipality_code"], tables))
    now = fixed[["municipality_code", "period", "region_code"]].rename(
        columns={"municipality_code": "today", "region_code": "region_fixed"}
    )
    both = then.merge(now, on=["today", "period"], validate="m:1")
    both = both[both["region_code"] != both["region_fixed"]]
    long = both.melt(
        id_vars=["region_code", "region_fixed", "period"],
        value_vars=list(MEASURES),
        var_name="measure",
        value_name="move",
    ).dropna(subset="move")
    signed = pd.concat(
        [
            long.rename(columns={"region_code": "area_code"}),
            long.rename(columns={"region_fixed": "area_code"}).assign(move=-long["move"]),
        ]
    )
    return signed.groupby(["area_code", "period", "measure"])["move"].sum().reset_index()
