"""How long care lasts and who comes back: running trajectories counted, funnel limits instead of rankings."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from analyse import small_cells
from analyse.compare import funnel as funnels
from analyse.monitor import survival

DAYS_A_MONTH = 30.4375
HORIZON_MONTHS = 24
"""Mean duration is counted up to here: beyond it too few trajectories are left to tell."""


def observed(
    trajectories: pd.DataFrame, until: str | pd.Timestamp, *, since: str | pd.Timestamp | None = None
) -> pd.DataFrame:
    """Trajectories as durations.

    Parameters
    ----------
    trajectories : DataFrame
        start_date and stop_date (empty while it runs).
    until : last day that is known; a later stop is not known yet
    since : first day that is known; who stopped before it is not in the figures

    Returns
    -------
    DataFrame
        Those that started, with lasted (months so far), stopped (bool) and entered (months after the start at which
        it came under observation).
    """
    until = pd.Timestamp(until)
    start, stop = (pd.to_datetime(trajectories[name]) for name in ("start_date", "stop_date"))
    begun = start.notna() & (start <= until)
    if since is not None:
        begun &= ~(stop < pd.Timestamp(since))
    found = trajectories[begun]
    start, stop = start[begun], stop[begun]
    stopped = stop.notna() & (stop <= until)
    last = stop.where(stopped, until)
    entered = 0.0 if since is None else (pd.Timestamp(since) - start).dt.days.clip(lower=0) / DAYS_A_MONTH
    months = ((last - start).dt.days + 1) / DAYS_A_MONTH
    return found.assign(**{survival.LASTED: months, "stopped": stopped, "entered": entered})


def summary(durations: pd.DataFrame, by: Sequence[str] = ("care_form",)) -> pd.DataFrame:
    """Duration by group.

    Returns
    -------
    DataFrame
        ``by``, trajectories, running, median_months with q0.025 and q0.975 (95 %), mean_months (up to
        ``HORIZON_MONTHS``) with its standard_error, and closed_only_months: the mean of
        closed ones alone, for comparison. Empty where half have not stopped within what is observed.
    """
    rows = []
    for names, part in durations.groupby(list(by), observed=True):
        rows.append({**dict(zip(by, names, strict=True)), **_of(part)})
    return pd.DataFrame(rows, columns=[*by, *_of(durations.head(0))])


def funnel(durations: pd.DataFrame, by: str = "provider", *, within: str = "care_form") -> pd.DataFrame:
    """Mean duration of each provider beside the limits within which providers of the same care form usually lie.

    Returns
    -------
    DataFrame
        ``within``, ``by``, trajectories, mean_months, and what ``compare.funnel.Funnel.beside`` adds. Fewer than ten
        trajectories are left out.
    """
    parts = [_funnel(part, by).assign(**{within: form}) for form, part in durations.groupby(within)]
    found = pd.concat([_funnel(durations.head(0), by).assign(**{within: ""}), *parts], ignore_index=True)
    return found[[within, *(name for name in found if name != within)]]


def _funnel(durations: pd.DataFrame, by: str) -> pd.DataFrame:
    few = small_cells.small(durations.groupby(by, observed=True)[by].transform("size"))
    whole, found = _of(durations), _means(durations[~few], by)
    deviation = whole["standard_error"] * np.sqrt(len(durations))
    limits = funnels.of_means(
        found["mean_months"], found["trajectories"], target=whole["mean_months"], deviation=deviation
    )
    return limits.beside(found, value="mean_months", size="trajectories")


def _means(durations: pd.DataFrame, by: str) -> pd.DataFrame:
    """``by``, trajectories and mean_months of ``summary``, in a quarter of the time."""
    rows = [
        (name, len(part), survival.curve(part).mean_until(HORIZON_MONTHS)[0])
        for name, part in durations.groupby(by, observed=True)
    ]
    return pd.DataFrame(rows, columns=[by, "trajectories", "mean_months"])


def returning(
    trajectories: pd.DataFrame, until: str | pd.Timestamp, *, by: str = "care_form", months: int = 12
) -> pd.DataFrame:
    """Share of youths who come back within ``months`` after all their care stopped, by what stopped last.

    Kaplan and Meier's estimate: who left shortly ago counts for the time it is known.

    Parameters
    ----------
    trajectories : DataFrame
        client, start_date, stop_date and ``by``.
    until : last day that is known
    by : column to divide by, such as care_form or provider

    Returns
    -------
    DataFrame
        ``by``, left (times that all care of a youth stopped), youths (who left), returned (fraction), with q0.025
        and q0.975 (95 %); NaN where nobody has been followed for so long.
    """
    until = pd.Timestamp(until)
    known = trajectories[pd.to_datetime(trajectories["start_date"]) <= until]
    start, stop = (pd.to_datetime(known[name]) for name in ("start_date", "stop_date"))
    known = known.assign(start=start, end=stop.where(stop <= until, pd.Timestamp("2200-01-01")))
    known = known.sort_values(["client", "start", "end"], ignore_index=True)
    before = known.groupby("client")["end"].cummax().groupby(known["client"]).shift()
    spell = (known["start"] > before).groupby(known["client"]).cumsum().rename("spell")
    ended = (
        known.groupby(["client", spell]).agg(begin=("start", "min"), place=("end", "idxmax")).reset_index()
    )
    last = known.iloc[ended["place"]].reset_index(drop=True)
    again = ended.groupby("client")["begin"].shift(-1)
    left = last["end"] <= until
    waited = (again.fillna(until) - last["end"])[left].dt.days / DAYS_A_MONTH
    frame = pd.DataFrame(
        {
            by: last.loc[left, by],
            "client": last.loc[left, "client"],
            "stopped": again[left].notna(),
            "entered": 0.0,
            survival.LASTED: waited.clip(lower=1 / DAYS_A_MONTH),
        }
    )
    rows = [_returned(part, months) | {by: name} for name, part in frame.groupby(by, observed=True)]
    return pd.DataFrame(rows, columns=[by, "left", "youths", "returned", "q0.025", "q0.975"])


def _returned(part: pd.DataFrame, months: int) -> dict[str, object]:
    curve = survival.curve(part)
    followed = part[survival.LASTED].max() >= months
    share, (low, high) = (
        (curve.at(months), curve.interval(months)) if followed else (np.nan, (np.nan, np.nan))
    )
    return {
        "left": len(part),
        "youths": part["client"].nunique(),
        "returned": 1 - share,
        "q0.025": 1 - high,
        "q0.975": 1 - low,
    }


def _of(part: pd.DataFrame) -> dict[str, float]:
    curve = survival.curve(part)
    mean, error = curve.mean_until(HORIZON_MONTHS)
    median, low, high = curve.median()
    closed = part.loc[part["stopped"].astype(bool), survival.LASTED]
    return {
        "trajectories": len(part),
        "running": int((~part["stopped"].astype(bool)).sum()),
        "median_months": median,
        "q0.025": low,
        "q0.975": high,
        "mean_months": mean,
        "standard_error": error,
        "closed_only_months": float(closed.mean()) if len(closed) else np.nan,
    }
