"""Waiting time: from the allocation to the start of care, those still waiting counted, against the norm."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from analyse.monitor import survival

DAYS_A_WEEK = 7


def times(
    trajectories: pd.DataFrame,
    until: str | pd.Timestamp,
    *,
    norm_weeks: float,
    by: Sequence[str] = ("care_form",),
) -> pd.DataFrame:
    """Waiting times of what was allocated, by group.

    Parameters
    ----------
    trajectories : DataFrame
        allocated_on, start_date (empty while waiting), stop_date.
    until : last day that is known
    norm_weeks : weeks within which care should start

    Returns
    -------
    DataFrame
        ``by``, allocated, waiting (not started yet and not stopped), median_weeks (empty where half wait still), and
        beyond_norm: share that waits longer than the norm (Kaplan-Meier, so that short and long waits of those still
        waiting count for what is known of them), with q0.025 and q0.975 (95 %).
    """
    until = pd.Timestamp(until)
    allocated, start = (pd.to_datetime(trajectories[name]) for name in ("allocated_on", "start_date"))
    stop = pd.to_datetime(trajectories["stop_date"])
    begun = start.notna() & (start <= until)
    gone = ~begun & stop.notna()
    use = allocated.notna() & (allocated <= until) & ~gone
    found = trajectories[use]
    last = start.where(begun, until)[use]
    waits = ((last - allocated[use]).dt.days).clip(lower=0) / DAYS_A_WEEK
    frame = found.assign(**{survival.LASTED: waits + 1e-6, "stopped": begun[use], "entered": 0.0})
    rows = []
    for names, part in frame.groupby(list(by), observed=True):
        curve = survival.curve(part)
        low, high = curve.interval(norm_weeks + 1e-5)
        rows.append(
            {
                **dict(zip(by, names, strict=True)),
                "allocated": len(part),
                "waiting": int((~part["stopped"]).sum()),
                "median_weeks": curve.median()[0],
                "beyond_norm": curve.at(norm_weeks + 1e-5),
                "q0.025": low,
                "q0.975": high,
            }
        )
    return pd.DataFrame(
        rows, columns=[*by, "allocated", "waiting", "median_weeks", "beyond_norm", "q0.025", "q0.975"]
    )
