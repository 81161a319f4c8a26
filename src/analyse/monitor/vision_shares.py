"""Shares of youths and lines that the visions of regions ask for and that messages show, by year.

In the columns of ``monitor.outcomes``, with 95 % intervals; a share of which either side is fewer than ten persons is
empty, and shares are taken of counts rounded to five, so that no smaller count can be derived from them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import duckdb
import numpy as np
import pandas as pd

from analyse import small_cells
from analyse.monitor import duration
from analyse.schema import REACH_95

COLUMNS = ["indicator", "area_code", "care_form", "year", "value", "unit", "n", "low", "high"]
RESIDENTIAL = ("pleegzorg", "gezinshuis", "verblijf", "gesloten", "crisis")
FAMILY = ("pleegzorg", "gezinshuis")
CLOSED = ("gesloten",)
GP = "02"
"""Referrer (COD327) general practitioner."""
OF_COURT = ("04", "08")
"""Referrers (COD327) certified institution, and court or prosecutor."""
PROTECTION = ("jeugdbescherming", "jeugdreclassering")
AGAIN_MONTHS = 24


def table(
    trajectories: pd.DataFrame,
    until: str | pd.Timestamp,
    *,
    area_code: str,
    years: Iterable[int],
    lines: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Family forms and closed care in residential care, referral by the GP, care through court again, corrected lines.

    Parameters
    ----------
    trajectories : DataFrame
        client, care_form, referrer (empty where not known), start_date and stop_date (empty while it runs).
    until : last day that is known
    area_code : str
        The area they belong to.
    years : iterable of int
        Whole years; one that ends after ``until`` gives no rows.
    lines : DataFrame, optional
        From ``lines_by_status``.

    Returns
    -------
    DataFrame
        ``COLUMNS``: indicator (family_forms, closed_care, referred_by_gp, repeated_protection, corrected_lines),
        care_form "total", value, low and high as fractions, n: what it is a share of, rounded to five.
    """
    last = pd.Timestamp(until)
    start, stop = (pd.to_datetime(trajectories[name]) for name in ("start_date", "stop_date"))
    rows = []
    for year in years:
        first, end = pd.Timestamp(year, 1, 1), pd.Timestamp(year, 12, 31)
        if end > last:
            continue
        there = trajectories[(start <= end) & ~(stop < first)]
        staying = there[there["care_form"].isin(RESIDENTIAL)]
        begun = trajectories[start.between(first, end) & trajectories["referrer"].fillna("").ne("")]
        shares = {
            "family_forms": _of_youths(staying, staying["care_form"].isin(FAMILY)),
            "closed_care": _of_youths(staying, staying["care_form"].isin(CLOSED)),
            "referred_by_gp": _of_youths(begun, begun["referrer"].eq(GP)),
            "repeated_protection": _again(trajectories, end),
            "corrected_lines": _corrected(lines, year),
        }
        rows += [{"indicator": name, "year": year, **share} for name, share in shares.items()]
    found = pd.DataFrame(rows, columns=["indicator", "year", "value", "low", "high", "n"])
    return found.assign(area_code=area_code, care_form="total", unit="fraction")[COLUMNS]


def lines_by_status(connection: duckdb.DuckDBPyConnection, members: Sequence[str]) -> pd.DataFrame:
    """Lines of the members by the year they were sent in: year, lines, and corrected (refused, double or credited)."""
    query = """
        select year(declared_on)::INTEGER as year, count(*) as lines,
            count(*) filter (status <> 'accepted') as corrected
        from lines where municipality_code in (select unnest(?)) and declared_on is not null
        group by all order by all
    """
    return connection.execute(query, [list(members)]).df()


def _of_youths(rows: pd.DataFrame, marked: pd.Series) -> dict[str, float]:
    return _share(rows.loc[marked, "client"].nunique(), rows["client"].nunique())


def _share(part: float, whole: float) -> dict[str, float]:
    """A share with Wilson's interval, of counts rounded to five; empty where either side is small."""
    of, over = small_cells.rounded(part), small_cells.rounded(whole)
    if not (whole - part >= small_cells.SMALLEST and np.isfinite(of) and np.isfinite(over)):
        return {"value": np.nan, "low": np.nan, "high": np.nan, "n": over}
    share, z = of / over, REACH_95
    middle = (share + z**2 / (2 * over)) / (1 + z**2 / over)
    reach = z * np.sqrt(share * (1 - share) / over + z**2 / (4 * over**2)) / (1 + z**2 / over)
    return {"value": share, "low": middle - reach, "high": middle + reach, "n": over}


def _again(trajectories: pd.DataFrame, end: pd.Timestamp) -> dict[str, float]:
    """Care through an institution or court that begins again within ``AGAIN_MONTHS`` after all of it stopped."""
    imposed = trajectories["referrer"].isin(OF_COURT) | trajectories["care_form"].isin(PROTECTION)
    own = trajectories[imposed & trajectories["client"].notna()].assign(all="total")
    found = duration.returning(own, end, by="all", months=AGAIN_MONTHS)
    nothing = {"value": np.nan, "low": np.nan, "high": np.nan, "n": np.nan}
    if found.empty or not np.isfinite(found.loc[0, "returned"]):
        return nothing
    one = found.loc[0]
    came = one["returned"] * one["youths"]
    if min(came, one["youths"] - came) < small_cells.SMALLEST:
        return nothing
    ends = {"low": float(one["q0.025"]), "high": float(one["q0.975"])}
    return {"value": float(one["returned"]), **ends, "n": small_cells.rounded(one["youths"])}


def _corrected(lines: pd.DataFrame | None, year: int) -> dict[str, float]:
    rows = None if lines is None else lines[lines["year"].eq(year)]
    if rows is None or rows.empty:
        return {"value": np.nan, "low": np.nan, "high": np.nan, "n": np.nan}
    return _share(float(rows["corrected"].iloc[0]), float(rows["lines"].iloc[0]))
