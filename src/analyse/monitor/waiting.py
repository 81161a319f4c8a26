"""Waiting time: from the allocation to the start of care, those still waiting counted, against the norm."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from scipy.stats import norm

from analyse import small_cells
from analyse.monitor import survival
from analyse.monitor.integrity_trends import called_trends
from analyse.schema import REACH_95

DAYS_A_WEEK = 7
COUNTED = (
    *("allocated", "waiting", "withdrawn", "median_weeks", "median_low", "median_high"),
    *("beyond_norm", "q0.025", "q0.975"),
)


def by_provider(trajectories: pd.DataFrame, until: str | pd.Timestamp, *, norm_weeks: float) -> pd.DataFrame:
    """Waiting of what was allocated in the last twelve months by provider, with its trend against the twelve before.

    Parameters
    ----------
    trajectories : DataFrame
        As for ``times``, with provider.
    until : str or Timestamp
        Last day that is known.
    norm_weeks : float
        Weeks within which care should start.

    Returns
    -------
    DataFrame
        provider, what ``times`` counts, beyond_before (share of the year before; empty where it tells of fewer than
        ten) and trend: rises, falls, unclear or
        unknown, called over all providers together (``integrity_trends.called_trends``).
    """
    until = pd.Timestamp(until)
    middle = until - pd.DateOffset(years=1)
    allocated = pd.to_datetime(trajectories["allocated_on"])
    now, before = (
        times(part, last, norm_weeks=norm_weeks, by=["provider"])
        for part, last in (
            (trajectories[(allocated > middle) & (allocated <= until)], until),
            (trajectories[(allocated > until - pd.DateOffset(years=2)) & (allocated <= middle)], middle),
        )
    )
    columns = ["provider", "allocated", "beyond_norm", "q0.025", "q0.975"]
    both = now.merge(before[columns], on="provider", how="left", suffixes=("", "_before"), validate="1:1")
    errors = [(both[f"q0.975{when}"] - both[f"q0.025{when}"]) / (2 * REACH_95) for when in ("", "_before")]
    change = (both["beyond_norm"] - both["beyond_norm_before"]).astype(
        float
    )  # without a row pandas knows no type
    error = np.hypot(*(one.astype(float) for one in errors))
    p_value = 2 * norm.sf((change / error.where(error > 0)).abs())
    called = called_trends(p_value.astype(float))
    trend = np.where(
        np.isnan(p_value), "unknown", np.where(~called, "unclear", np.where(change > 0, "rises", "falls"))
    )
    kept = both.rename(columns={"beyond_norm_before": "beyond_before"})
    few = small_cells.one_sided(kept["allocated_before"], kept["beyond_before"])
    kept["beyond_before"] = kept["beyond_before"].astype(float).mask(few)
    kept = kept.drop(columns=["allocated_before", "q0.025_before", "q0.975_before"])
    return kept.assign(trend=trend)


def by_form(trajectories: pd.DataFrame, until: str | pd.Timestamp, *, norm_weeks: float) -> pd.DataFrame:
    """Waiting by care form as a page may show it: of a region without forms that tell of few in a municipality.

    Parameters
    ----------
    trajectories, until, norm_weeks
        As for ``times``, with municipality_code where there are more.
    """
    allocated = trajectories[pd.to_datetime(trajectories["allocated_on"]) <= pd.Timestamp(until)]
    found = times(allocated, until, norm_weeks=norm_weeks)
    return small_cells.without_told(found, allocated, ["care_form"])


def times(
    trajectories: pd.DataFrame,
    until: str | pd.Timestamp,
    *,
    norm_weeks: float,
    by: Sequence[str] = ("care_form",),
) -> pd.DataFrame:
    """Waiting times of what was allocated, by group.

    Whoever gives up is followed until that day: leaving them out would leave out those who wait long. Declared care
    has begun, also where no start message came.

    Parameters
    ----------
    trajectories : DataFrame
        allocated_on, start_date (empty while waiting), stop_date, and first_declared_on where it is known: the first
        day of the first month of care that was declared.
    until : last day that is known
    norm_weeks : weeks within which care should start
    by : columns to divide by

    Returns
    -------
    DataFrame
        ``by``, allocated, waiting (not started yet and not stopped), withdrawn (stopped before care began),
        median_weeks (empty where half wait still; median_low and median_high are its 95 % interval), and beyond_norm:
        share that would wait longer than the norm
        (Kaplan-Meier, those waiting and withdrawn counted until they were last seen), with q0.025 and q0.975 (95 %).
    """
    until = pd.Timestamp(until)
    allocated, told, stop = (
        pd.to_datetime(trajectories[name]) for name in ("allocated_on", "start_date", "stop_date")
    )
    start = told.where(told <= until)
    if "first_declared_on" in trajectories:
        proof = pd.to_datetime(trajectories["first_declared_on"])
        start = start.fillna(proof.where(proof <= until).clip(lower=allocated))
    begun, stopped = start.notna(), stop <= until
    use = allocated.notna() & (allocated <= until)
    last = start.fillna(stop.where(stopped)).fillna(until)
    waits = (last - allocated).dt.days.clip(lower=0) / DAYS_A_WEEK
    frame = trajectories[list(by)].assign(
        **{survival.LASTED: waits + 1e-6, "stopped": begun, "entered": 0.0, "withdrawn": stopped & ~begun}
    )[use]
    frame = frame.assign(waiting=~frame["stopped"] & ~frame["withdrawn"])
    groups, rows = frame.groupby(list(by), observed=True), []
    counts = groups[["waiting", "withdrawn"]].sum().to_numpy(dtype=int).tolist()
    for (names, part), (waits_still, withdrawn) in zip(groups, counts, strict=True):
        curve = survival.curve(part)
        low, high = curve.interval(norm_weeks + 1e-5)
        rows.append(
            {
                **dict(zip(by, names, strict=True)),
                "allocated": len(part),
                "waiting": waits_still,
                "withdrawn": withdrawn,
                **dict(zip(("median_weeks", "median_low", "median_high"), curve.median(), strict=True)),
                "beyond_norm": curve.at(norm_weeks + 1e-5),
                "q0.025": low,
                "q0.975": high,
            }
        )
    return pd.DataFrame(rows, columns=[*by, *COUNTED])
