"""What differs between one dataset and another, and by how much provisional figures were revised."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from analyse import schema
from analyse.schema import Table
from analyse.sources.vintages import value_column

Tables = Mapping[str, pd.DataFrame]
COLUMNS = (
    "table",
    "municipality_code",
    "year",
    "measure",
    "old",
    "new",
    "change_percent",
    "old_status",
    "new_status",
    "kind",
)
OBSERVED = 0.8
"""Part of the changes between ``low_percent`` and ``high_percent``."""


def differences(earlier: Tables, later: Tables) -> pd.DataFrame:
    """Every cell that is not the same in two datasets.

    Returns
    -------
    DataFrame
        table, municipality_code (empty where a table has none), year, measure (the rest of the key, joined by /),
        old, new, change_percent, old_status, new_status, kind: revised, new or gone.
    """
    tables = [_of_table(earlier[name], later[name], table) for name, table in _changed(earlier, later)]
    nothing = pd.DataFrame({name: pd.Series(dtype="str") for name in COLUMNS})
    return pd.concat(tables, ignore_index=True) if tables else nothing


def _changed(earlier: Tables, later: Tables) -> list[tuple[str, Table]]:
    """Tables with figures that are not the very same in both."""
    return [
        (name, table)
        for name, table in schema.TABLES.items()
        if value_column(table) and earlier[name] is not later[name]
    ]


def _of_table(old: pd.DataFrame, new: pd.DataFrame, table: Table) -> pd.DataFrame:
    value, key = value_column(table), list(table.key)
    sides = [
        frame[[*key, value, "status"]]
        .astype({value: "float64"})
        .rename(columns={value: side, "status": f"{side}_status"})
        for frame, side in ((old, "old"), (new, "new"))
    ]
    both = sides[0].merge(sides[1], on=key, how="outer", indicator=True, validate="1:1")
    same = (both["old"] == both["new"]) | (both["old"].isna() & both["new"].isna())
    same &= both["old_status"] == both["new_status"]
    both = both.loc[~same]
    rest = [name for name in key if name not in ("municipality_code", "year", "period")]
    when = both["year"] if "year" in both else both.get("period", pd.Series("", index=both.index))
    with np.errstate(divide="ignore", invalid="ignore"):
        change = (both["new"] / both["old"] - 1) * 100
    return pd.DataFrame(
        {
            "table": table.name,
            "municipality_code": both.get("municipality_code", pd.Series("", index=both.index)),
            "year": when.astype("str"),
            "measure": _joined(both, rest),
            "old": both["old"],
            "new": both["new"],
            "change_percent": change.replace([np.inf, -np.inf], np.nan),
            "old_status": both["old_status"],
            "new_status": both["new_status"],
            "kind": both["_merge"]
            .astype("str")
            .map({"both": "revised", "left_only": "gone", "right_only": "new"}),
        }
    )


def _joined(frame: pd.DataFrame, columns: list[str]) -> pd.Series:
    """The words of some columns, joined by a slash."""
    joined = pd.Series("", index=frame.index, dtype="str")
    for position, name in enumerate(columns):
        joined = (joined + "/" if position else joined) + frame[name].astype("str")
    return joined


def summary(differing: pd.DataFrame) -> pd.DataFrame:
    """Differences per table and municipality: how many cells were revised, are new or gone, and the mean change.

    Returns
    -------
    DataFrame
        table, municipality_code, revised, new, gone, change_percent (of the sum of what was revised).
    """
    keys = ["table", "municipality_code"]
    counts = differing.groupby([*keys, "kind"]).size().unstack(fill_value=0)
    counts = counts.reindex(columns=["revised", "new", "gone"], fill_value=0)
    revised = differing.loc[
        (differing["kind"] == "revised") & differing["old"].notna() & differing["new"].notna()
    ]
    sums = revised.groupby(keys)[["old", "new"]].sum()
    counts["change_percent"] = (sums["new"] / sums["old"].where(sums["old"] != 0) - 1) * 100
    return counts.reset_index()


def measured(
    earlier: Tables, later: Tables, names: tuple[str, str], *, differing: pd.DataFrame | None = None
) -> pd.DataFrame:
    """By how much provisional figures were revised between two datasets: rows of the table ``revisions``.

    Parameters
    ----------
    earlier, later : mapping of DataFrame
        Tables of both.
    names : tuple of str
        Their names.
    differing : DataFrame, optional
        ``differences`` of both, when they were worked out before.
    """
    differing = differences(earlier, later) if differing is None else differing
    kept = _unchanged_provisional(earlier, later)
    changed = differing.loc[(differing["kind"] == "revised") & (differing["old_status"] == "provisional")]
    changed = changed.loc[changed["old"].gt(0) & changed["new"].notna() & changed["old"].ne(changed["new"])]
    rows = pd.concat([changed[["table", "measure", "year", "old", "new"]], kept], ignore_index=True)
    rows = rows.loc[rows["table"].isin(rows.loc[rows["old"] != rows["new"], "table"])]
    made = []
    for (table, measure, year), group in rows.groupby(["table", "measure", "year"]):
        change = (group["new"] / group["old"] - 1) * 100
        tail = (1 - OBSERVED) / 2
        made.append(
            {
                "table": table,
                "measure": measure,
                "year": int(year),
                "earlier": names[0],
                "later": names[1],
                "n": len(group),
                "mean_percent": (group["new"].sum() / group["old"].sum() - 1) * 100,
                "low_percent": change.quantile(tail),
                "high_percent": change.quantile(1 - tail),
            }
        )
    columns = schema.TABLES["revisions"].column_names
    return schema.check(pd.DataFrame(made, columns=columns), "revisions")


def _unchanged_provisional(earlier: Tables, later: Tables) -> pd.DataFrame:
    """Provisional figures that stayed the same while they became final: a revision of nothing counts too."""
    rows = []
    for name, table in _changed(earlier, later):
        value = value_column(table)
        if "year" not in table.key:
            continue
        key = list(table.key)
        both = earlier[name].merge(later[name], on=key, suffixes=("_old", "_new"))
        both = both.loc[(both["status_old"] == "provisional") & (both["status_new"] == "final")]
        both = both.loc[both[f"{value}_old"].eq(both[f"{value}_new"]).fillna(False).astype(bool)]
        rest = [name for name in key if name not in ("municipality_code", "year")]
        if len(both) and rest:
            rows.append(
                pd.DataFrame(
                    {
                        "table": name,
                        "measure": _joined(both, rest),
                        "year": both["year"].astype("str"),
                        "old": both[f"{value}_old"].astype(float),
                        "new": both[f"{value}_new"].astype(float),
                    }
                )
            )
    return pd.concat(rows) if rows else pd.DataFrame(columns=["table", "measure", "year", "old", "new"])
