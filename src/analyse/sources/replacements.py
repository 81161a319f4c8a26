"""What a file of the user's own replaces: said in full, and refused where it cannot be right."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from analyse import schema
from analyse.errors import DataError
from analyse.sources.vintages import FAR, value_column

Tables = Mapping[str, pd.DataFrame]
SMALL = 20
"""Counts up to this many may change by any factor."""
THOUSANDS = 50.0
"""A first figure this many times smaller or larger than those of another year is in another unit."""
MOST_SHOWN = 5
CURE = "give --replace if the new figures are right"


def of(tables: Tables, new: Tables) -> pd.DataFrame:
    """The figures in use that get another value.

    Returns
    -------
    DataFrame
        row (of the spreadsheet), table, key (its parts joined by /), old and new, in the unit of the table; new is
        missing where the file gives none.
    """
    found = []
    for name, rows in new.items():
        table = schema.TABLES[name]
        value, key = value_column(table), list(table.key)
        old = tables[name].rename(columns={value: "old"})[[*key, "old"]].astype({"old": float})
        given = rows.rename(columns={value: "new"})[[*key, "new"]].astype({"new": float})
        both = given.assign(row=given.index).merge(old, on=key, how="left", validate="1:1")
        both = both.loc[both["old"].notna() & (both["old"] != both["new"])]
        shown = both[key].astype(str).agg("/".join, axis=1) if len(both) else pd.Series(dtype=str)
        found.append(
            pd.DataFrame(
                {"row": both["row"], "table": name, "key": shown, "old": both["old"], "new": both["new"]}
            )
        )
    return pd.concat(found, ignore_index=True)


def check(tables: Tables, new: Tables, replaced: pd.DataFrame, where: str) -> None:
    """Refuse what contradicts the figures in use.

    Parameters
    ----------
    tables, new : mapping of DataFrame
        The tables in use, and the rows to take in.
    replaced : DataFrame
        From ``of``.
    where : str
        The file, named in the error.

    Raises
    ------
    DataError
        If a figure in use would become empty, or differ by more than a factor 1.6; or the costs of a year that has
        none yet are in another unit than those of another year.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        apart = np.abs(np.log(replaced["new"] / replaced["old"]))
    few = (replaced[["old", "new"]].abs().max(axis=1) <= SMALL) & ~replaced["table"].str.startswith("costs")
    wrong = replaced.loc[replaced["new"].isna() | (~(apart <= FAR) & ~few)].drop_duplicates("row")
    said = [_sentence(finding) for finding in wrong.head(MOST_SHOWN).itertuples()]
    said += [] if len(wrong) else list(_of_another_unit(tables, new))[:MOST_SHOWN]
    if said:
        more = f"; and {len(wrong) - MOST_SHOWN} more" if len(wrong) > MOST_SHOWN else ""
        raise DataError(f"{where}: {'; '.join(said)}{more}. Nothing was replaced; {CURE}")


def _sentence(finding) -> str:
    place = f"row {finding.row}, {finding.key}"
    if np.isnan(finding.new):
        unknown = "no figure (empty, '.' and '-' are unknown)"
        return f"{place}: {unknown}, and in use is {finding.old:,.10g}; leave the row out"
    factor = (
        max(finding.new / finding.old, finding.old / finding.new) if finding.new * finding.old > 0 else np.inf
    )
    unit = "; amounts go in whole euros" if finding.table.startswith("costs") and factor > 500 else ""
    return f"{place}: {finding.new:,.10g}, and in use is {finding.old:,.10g}, a factor of {factor:,.3g}{unit}"


def _of_another_unit(tables: Tables, new: Tables):
    """Municipalities whose costs of a year without any are far from those of their nearest year."""
    if "costs" not in new:
        return
    keys = ["municipality_code", "report", "year"]
    known = tables["costs"].astype({"cost_eur": float}).groupby(keys)["cost_eur"].sum(min_count=1).dropna()
    given = new["costs"].astype({"cost_eur": float}).groupby(keys)["cost_eur"].sum(min_count=1).dropna()
    for (code, report, year), amount in given.items():
        years = (
            known.loc[(code, report)] if (code, report) in known.index.droplevel("year") else known.iloc[:0]
        )
        if year in years.index or years.empty or amount <= 0:
            continue
        nearest = min(years.index, key=lambda other: (abs(other - year), other))
        factor = max(amount / years[nearest], years[nearest] / amount)
        if factor > THOUSANDS:
            rows = new["costs"].loc[new["costs"][keys].eq([code, report, year]).all(axis=1)]
            yield (
                f"row {rows.index[0]}, {code}/{year}: {amount:,.10g} together, and of {nearest} {years[nearest]:,.10g} "
                f"is in use, a factor of {factor:,.3g}; amounts go in whole euros"
            )
