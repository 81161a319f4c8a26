"""Contracts as dates, prices and shares: what must be decided when, what a proposed tariff costs, who has how much."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analyse import small_cells
from analyse.history import completion
from analyse.monitor import room

TOGETHER = ""
"""Stands for all municipalities together."""
AHEAD_DAYS = 365
"""A calendar looks so far ahead."""
LARGEST = 3
"""Providers of which a page gives the share together."""
DIVIDED = ("care_form", "cost_eur", "providers", "largest_three", "equal_providers", "told")
EFFECT = ("provider", "care_form", "starts_on", "change_percent", "municipality_code", "mean", "q0.1", "q0.9")


def calendar(contracts: pd.DataFrame, day: str | pd.Timestamp) -> pd.DataFrame:
    """The contracts that end, or can be given notice of, within a year.

    Parameters
    ----------
    contracts : DataFrame
        ``calendar`` of the contracts: provider, starts_on, ends_on, notice_days and renewal_months.
    day : str or Timestamp
        The day from which to look.

    Returns
    -------
    DataFrame
        provider, starts_on, ends_on, notice_by (the last day for notice; the last day itself where none was agreed),
        days_left (until then; below zero where it has passed) and renewed_until (empty where it cannot be renewed):
        those that run on the day, the first to be decided on first.

    Examples
    --------
    >>> one = pd.DataFrame({"provider": ["p"], "starts_on": ["2024-01-01"], "ends_on": ["2025-12-31"],
    ...                     "notice_days": [90], "renewal_months": [12]})
    >>> calendar(one, "2025-09-01")[["notice_by", "days_left", "renewed_until"]].to_numpy().tolist()
    [['2025-10-02', 31, '2026-12-31']]
    """
    day = pd.Timestamp(day)
    start, end = (pd.to_datetime(contracts[name]) for name in ("starts_on", "ends_on"))
    notice = contracts["notice_days"].astype("Float64").fillna(0).astype(float)
    until = end - pd.to_timedelta(notice, unit="D")
    renewal = contracts["renewal_months"].astype("Float64").fillna(0).astype(int)
    longer = [
        str((last + pd.DateOffset(months=months)).date()) if months else ""
        for last, months in zip(end, renewal, strict=True)
    ]
    found = contracts[["provider", "starts_on", "ends_on"]].assign(
        notice_by=until.dt.strftime("%Y-%m-%d"), days_left=(until - day).dt.days, renewed_until=longer
    )
    running = (start <= day) & (end >= day) & (end <= day + pd.Timedelta(days=AHEAD_DAYS))
    return found[running].sort_values(["days_left", "provider"], ignore_index=True)


def effects(
    proposals: pd.DataFrame,
    per_provider: completion.Uncertain,
    cells: pd.DataFrame,
    *,
    samples: int,
    rng: np.random.Generator,
) -> pd.DataFrame:
    """What proposed tariffs cost in a whole year, at the volume of this one.

    Parameters
    ----------
    proposals : DataFrame
        ``proposals`` of the contracts: provider, care_form (empty: all its care), starts_on and change_percent.
    per_provider : Uncertain
        ``room.looked_back``: the year of the cut-off, completed and forecast.
    cells : DataFrame
        Declared amounts of the area by municipality_code, care_form and provider; of the last two years they divide the
        effect.
    samples : int
        Joint samples.
    rng : Generator
        Source of the random numbers.

    Returns
    -------
    DataFrame
        ``EFFECT``: mean and 80 % interval of the effect on a whole year (EUR), of all together and of each
        municipality. The parts add up. Volumes are assumed to stay the same.
    """
    own = per_provider.completed
    year = own.cut_off // room.YEAR
    recent = cells[cells["product_month"].dt.year >= year - 1]
    rows = []
    for one in proposals.to_dict("records"):
        mine = own.keys["provider"].eq(one["provider"]).to_numpy()
        if not mine.any():
            continue
        months = per_provider.months // room.YEAR == year
        drawn = per_provider.draw(samples, rng, series=mine, months=months).sum(axis=(0, 1))
        care = recent[recent["provider"].eq(one["provider"])]
        of_form = care if pd.isna(one["care_form"]) else care[care["care_form"].eq(one["care_form"])]
        whole = float(care["amount_cents"].sum())
        parts = (
            of_form.groupby("municipality_code")["amount_cents"].sum() / whole
            if whole > 0
            else pd.Series(dtype=float)
        )
        for code, share in [(TOGETHER, float(parts.sum())), *parts.items()]:
            effect = drawn * share * one["change_percent"] / 100
            low, high = np.quantile(effect, [0.1, 0.9])
            told = {name: one[name] for name in ("provider", "starts_on", "change_percent")}
            form = "" if pd.isna(one["care_form"]) else one["care_form"]
            amounts = {"mean": float(effect.mean()), "q0.1": float(low), "q0.9": float(high)}
            rows.append({**told, "care_form": form, "municipality_code": code, **amounts})
    return pd.DataFrame(rows, columns=list(EFFECT))


def concentration(cells: pd.DataFrame) -> pd.DataFrame:
    """How the costs of each care form are divided over providers.

    Parameters
    ----------
    cells : DataFrame
        care_form, provider, clients (youths, untreated) and cost_eur of a year: one row each.

    Returns
    -------
    DataFrame
        care_form, cost_eur, providers, largest_three (share of the costs), equal_providers: how many providers of
        the same size would be as concentrated (one over the sum of squared shares; Hirschman 1964), and told: whether
        the share of the three, or of the others, is nearly the amount of a provider with fewer than ten youths.

    Examples
    --------
    >>> two = pd.DataFrame({"care_form": "ggz", "provider": ["a", "b"], "clients": 20, "cost_eur": [50.0, 50.0]})
    >>> concentration(two)[["providers", "equal_providers"]].to_numpy().tolist()
    [[2.0, 2.0]]
    """
    cells = cells.assign(cost_eur=cells["cost_eur"].clip(lower=0))
    rank = cells.groupby("care_form")["cost_eur"].rank(ascending=False, method="first")
    ranked = cells.assign(three=rank <= LARGEST)
    told = {form for form, _ in small_cells.dominated(ranked, ["care_form", "three"])}
    rows = []
    for form, part in ranked.groupby("care_form"):
        cost = part["cost_eur"]
        share = cost / cost.sum() if cost.sum() > 0 else cost * 0.0
        rows.append(
            {
                "care_form": form,
                "cost_eur": float(cost.sum()),
                "providers": float((cost > 0).sum()),
                "largest_three": float(share[part["three"]].sum()),
                "equal_providers": 1 / float((share**2).sum()) if cost.sum() > 0 else np.nan,
                "told": form in told,
            }
        )
    return pd.DataFrame(rows, columns=list(DIVIDED))
