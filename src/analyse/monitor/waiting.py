"""Waiting time: from the allocation to the start of care, those still waiting counted, against the norm."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from analyse.monitor import survival

DAYS_A_WEEK = 7
COUNTED = (
    *("allocated", "waiting", "withdrawn", "median_weeks", "median_low", "median_high"),
    *("beyond_norm", "q0.025", "q0.975"),
)


def times(
    trajectories: pd.DataFrame,
    until: str | pd.Timestamp,
    *,
    norm_weeks: float,
    by: Sequence[str] = ("care_form",),
) -> pd.DataFrame:
    """Waiting times of what was allocated, by group.

    Who gives up is seen until that day: leaving them out would leave out those who wait long. Care that was declared
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
    frame = trajectories.assign(
        **{survival.LASTED: waits + 1e-6, "stopped": begun, "entered": 0.0, "withdrawn": stopped & ~begun}
    )[use]
    rows = []
    for names, part in frame.groupby(list(by), observed=True):
        curve = survival.curve(part)
        low, high = curve.interval(norm_weeks + 1e-5)
        rows.append(
            {
                **dict(zip(by, names, strict=True)),
                "allocated": len(part),
                "waiting": int((~part["stopped"] & ~part["withdrawn"]).sum()),
                "withdrawn": int(part["withdrawn"].sum()),
                **dict(zip(("median_weeks", "median_low", "median_high"), curve.median(), strict=True)),
                "beyond_norm": curve.at(norm_weeks + 1e-5),
                "q0.025": low,
                "q0.975": high,
            }
        )
    return pd.DataFrame(rows, columns=[*by, *COUNTED])
