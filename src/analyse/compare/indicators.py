"""Shares that CBS publishes per municipality, for any area: residential care, child protection, youth probation."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import pandas as pd

from analyse import small_cells
from analyse.compare.membership import in_order, membership
from analyse.compare.rates import RESIDENTIAL_SHARE
from analyse.history import boundaries, youths

HIDDEN_AT_MOST = small_cells.SMALLEST - 1
"""CBS shows no count below 10: a hidden cell is 0 to 9. It is not narrowed with the total: what CBS hides
stays hidden here."""

ROUNDING_PERCENT = 0.05
"""CBS rounds these shares to 0.1 per cent."""

INDICATORS = {
    "residential_share_percent": (RESIDENTIAL_SHARE, "clients"),
    "protection_percent": ("child protection, share of youths under 18", "youths"),
    "probation_percent": ("youth probation, share of youths 12-22", "youths_12_22"),
}
"""Measure -> the indicator of CBS, and what weighs the municipalities of an area."""


def by_area(tables: Mapping[str, pd.DataFrame], members: Mapping[str, Collection[str]]) -> pd.DataFrame:
    """Residential care, child protection and youth probation per area.

    The share of an area is the mean of its municipalities, weighted by the youths the share is of (for
    residential care by the youths with youth care in kind, because the youths with youth help are not
    published).

    Parameters
    ----------
    tables : mapping of DataFrame
        With ``usage_indicators``, ``usage`` and what ``history.youths`` needs.
    members : mapping of str to collection of str
        The municipality codes of each area, of today or of that year.

    Returns
    -------
    DataFrame
        area_code, period, measure (see ``INDICATORS``), value, low, high (per cent), denominator (youths,
        except for residential care: youths with care), status. low and high hold the rounding of CBS, and 0 to 9
        youths for every hidden municipality; with one hidden there is no value.

    Examples
    --------
    >>> from analyse.sources import snapshot
    >>> delft = by_area(snapshot.load(), {"GM0503": ["GM0503"]})
    >>> delft[["measure", "value"]].to_dict("tight")["data"]
    [['residential_share_percent', 8.5], ['protection_percent', 1.1], ['probation_percent', 0.3]]

    In 2022, 8.5 % of the youths with youth help in Delft had residential care.
    """
    published = tables["usage_indicators"].rename(columns={"year": "period"}).astype({"period": "int64"})
    published = published.merge(_weights(tables), on=["municipality_code", "period"], validate="m:1")
    belongs = membership(members).rename(columns={"municipality_code": "inside"})
    today = boundaries.current_codes(published["municipality_code"], tables)
    inside = pd.concat(
        [published.assign(inside=today), published.assign(inside=published["municipality_code"])]
    )
    inside = inside.merge(belongs, on="inside").drop(columns="inside").drop_duplicates()
    parts = [
        _weighted(inside[inside["indicator"] == indicator], weight).assign(measure=measure)
        for measure, (indicator, weight) in INDICATORS.items()
    ]
    columns = ["area_code", "period", "measure", "value", "low", "high", "denominator", "status"]
    found = pd.concat(parts, ignore_index=True)[columns]
    return in_order(found, members)


def _weights(tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """By municipality of that year and period: clients, youths (0-17) and youths_12_22."""
    ages = youths.single_ages(tables)
    keys = ["municipality_code", "period"]
    young = ages[ages["age"] < 23].groupby(keys)["count"].sum()
    older = ages[ages["age"].between(12, 22)].groupby(keys)["count"].sum() / young
    then = youths.of_the_time(youths.reconstruct(tables), tables)
    lookup = pd.MultiIndex.from_arrays(
        [boundaries.current_codes(then["municipality_code"], tables), then["period"]]
    )
    then = then.assign(youths_12_22=then["youths_0_22"] * older.reindex(lookup).to_numpy())
    usage = tables["usage"].rename(columns={"year": "period", "count": "clients"})
    usage = usage[(usage["measure"] == "youths") & (usage["breakdown"] == "total")]
    usage = usage[[*keys, "clients"]].astype({"period": "int64", "clients": "float64"})
    return then[[*keys, "youths", "youths_12_22"]].merge(usage, on=keys, how="left", validate="1:1")


def _weighted(rows: pd.DataFrame, weight: str) -> pd.DataFrame:
    """The weighted share of each area and year, with bounds; empty when a municipality is hidden."""
    keys, hidden = ["area_code", "period"], rows["value_percent"].isna()
    rows = rows.assign(
        product=rows["value_percent"] * rows[weight],
        shown=rows[weight].mask(hidden),
        hidden=hidden,
        total=rows[weight],
    )
    grouped = rows.groupby(keys)
    summed = grouped[["product", "shown", "hidden", "total"]].sum()
    total, known = summed["total"], summed["product"] / summed["total"]
    slack = ROUNDING_PERCENT * summed["shown"] / total
    status = boundaries.add_up(rows, keys, {"value_percent": "status"}).set_index(keys)["status"]
    added = [boundaries.combine([one, "estimated"]) for one in status]
    return pd.DataFrame(
        {
            "value": known.where(summed["hidden"] == 0),
            "low": (known - slack).clip(lower=0.0),
            "high": known + slack + 100 * HIDDEN_AT_MOST * summed["hidden"] / total,
            "denominator": total,
            "status": status.where(grouped.size() == 1, pd.Series(added, status.index)),
        }
    ).reset_index()
