"""What the integrity rules found, by rule and provider with its trend: from tables of ``declarations.integrity``."""

from __future__ import annotations

import numpy as np
import pandas as pd

NORMAL_80 = 1.281552


def by_rule(totals: pd.DataFrame, checked_lines: pd.DataFrame, *, year: int) -> pd.DataFrame:
    """Lines per thousand of each rule in a year and the year before, and which way it went.

    Parameters
    ----------
    totals : DataFrame
        rule, year, lines, amount_cents, clients (youths, untreated).
    checked_lines : DataFrame
        year, lines: how many were looked at.
    year : the last year of care to look at

    Returns
    -------
    DataFrame
        rule, lines, amount_eur, clients, per_mille, per_mille_before (NaN of a year without any lines),
        clients_before, and change with low and high: the relative change of the share with its 80 % interval (NaN
        where a year has none).

    Examples
    --------
    >>> totals = pd.DataFrame({"rule": "late", "year": [2023, 2024], "lines": [400, 100], "amount_cents": 100,
    ...                        "clients": 50})
    >>> lines = pd.DataFrame({"year": [2023, 2024], "lines": [10_000, 10_000]})
    >>> row = by_rule(totals, lines, year=2024).iloc[0]
    >>> round(float(row["per_mille"]), 1), round(float(row["change"]), 2), bool(row["q0.9"] < 0)
    (10.0, -0.75, True)
    """
    all_lines = checked_lines.set_index("year")["lines"].astype(float)
    years = [totals[totals["year"] == one].set_index("rule") for one in (year, year - 1)]
    rules = years[0].index.union(years[1].index)
    now, before = (one.reindex(rules) for one in years)
    share, share_before = (
        one["lines"].astype(float) / float(all_lines.get(when, np.nan)) * 1000
        for one, when in ((now, year), (before, year - 1))
    )
    return pd.DataFrame(
        {
            "lines": now["lines"].fillna(0).astype(float),
            "amount_eur": now["amount_cents"].fillna(0).astype(float) / 100,
            "clients": now["clients"].fillna(0).astype(float),
            "clients_before": before["clients"].fillna(0).astype(float),
            "per_mille": share.fillna(0.0),
            "per_mille_before": share_before.fillna(0.0 if (year - 1) in all_lines.index else np.nan),
            **_change(now["lines"], before["lines"], share / share_before),
        }
    ).reset_index(names="rule")


def _change(now: pd.Series, before: pd.Series, ratio: pd.Series | float) -> dict[str, pd.Series]:
    """Relative change with its 80 % interval: counts differ by chance as Poisson's."""
    counted, known = (one.astype(float).where(one > 0) for one in (now, before))
    middle = (
        np.log(counted / known)
        if isinstance(ratio, float)
        else np.log(ratio.where(counted.notna() & known.notna()))
    )
    error = NORMAL_80 * np.sqrt(1 / counted + 1 / known)
    return {
        "change": np.exp(middle) - 1,
        "q0.1": np.exp(middle - error) - 1,
        "q0.9": np.exp(middle + error) - 1,
    }


def by_provider(found: pd.DataFrame, *, year: int, years: int = 3) -> pd.DataFrame:
    """Lines of each rule and provider in the last years, most euros first.

    Parameters
    ----------
    found : DataFrame
        rule, year, provider, lines, amount_cents, clients (youths, untreated).

    Returns
    -------
    DataFrame
        rule, provider, amount_eur and clients of ``year``, and lines and clients by year ("lines_2024",
        "clients_2024"; zero where nothing was found, none of years before the first one with a finding); change of the
        lines on the year before, with low and high (80 %; NaN without that year).
    """
    shown = range(max(year - years + 1, int(found["year"].min()) if len(found) else year), year + 1)
    own = found[found["year"].isin(shown)]
    wide = own.pivot_table(
        index=["rule", "provider"],
        columns="year",
        values=["lines", "clients", "amount_cents"],
        aggfunc="sum",
        fill_value=0,
    )
    columns = {
        f"{name}_{one}": wide[(name, one)].astype(float) if (name, one) in wide else 0.0
        for one in shown
        for name in ("lines", "clients")
    }
    euros = wide[("amount_cents", year)] / 100 if ("amount_cents", year) in wide else 0.0
    table = pd.DataFrame(columns, index=wide.index).assign(amount_eur=euros)
    nothing = pd.Series(0.0, index=table.index)
    table = table.assign(**_change(table[f"lines_{year}"], table.get(f"lines_{year - 1}", nothing), 1.0))
    return table.reset_index().sort_values("amount_eur", ascending=False, ignore_index=True)
