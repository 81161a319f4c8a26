"""How long care lasts and who comes back: running trajectories counted, funnel limits instead of rankings."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.stats import poisson

from analyse import small_cells
from analyse.compare.funnel import LEVELS, Funnel
from analyse.monitor import survival

DAYS_A_MONTH = 30.4375
FAR = pd.Timestamp("2200-01-01")
"""Stands for the end of what is still running."""
HORIZON_MONTHS = 24
"""Mean duration is counted up to here: beyond it too few trajectories are left to tell."""
FEWEST_STOPS = 5
"""Expected stops from which on a provider is judged."""
RETURN_GAP_DAYS = 2
"""Days without care after which new care counts as coming back: care that continues the next day does not
count (CBS, "Eerder jeugdhulp gekregen": at least one day lies between). A usual second choice is 28."""


def observed(
    trajectories: pd.DataFrame, until: str | pd.Timestamp, *, since: str | pd.Timestamp | None = None
) -> pd.DataFrame:
    """Trajectories as durations.

    Parameters
    ----------
    trajectories : DataFrame
        start_date and stop_date (empty while it runs).
    until : last day that is known; a later stop is not known yet
    since : first day that is known; care that stopped before it is not in the figures

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


def chained(trajectories: pd.DataFrame) -> pd.DataFrame:
    """Consecutive allocations of one youth, provider and care form as the one trajectory that they are.

    An allocation that is renewed ends and begins anew on the next day: nobody left, and nobody came.

    Parameters
    ----------
    trajectories : DataFrame
        client, provider, care_form, start_date, stop_date (empty while it runs) and other columns, of which the first
        allocation says. Rows without a start or a client stay as they are.

    Returns
    -------
    DataFrame
        With the columns of ``trajectories``; start_date of the first and stop_date of the last allocation.

    Examples
    --------
    >>> two = pd.DataFrame({"client": "a", "provider": "p", "care_form": "ggz",
    ...                     "start_date": ["2023-01-01", "2024-01-01"], "stop_date": ["2023-12-31", None]})
    >>> one = chained(two).iloc[0]
    >>> str(one["start_date"].date()), bool(pd.isna(one["stop_date"]))
    ('2023-01-01', True)
    """
    keys = ["client", "provider", "care_form"]
    start, stop = (pd.to_datetime(trajectories[name]) for name in ("start_date", "stop_date"))
    table = trajectories.assign(start_date=start, stop_date=stop)
    begun = start.notna() & table["client"].notna()
    own = table[begun].sort_values([*keys, "start_date", "stop_date"], ignore_index=True)
    end = own["stop_date"].fillna(FAR)
    groups = [own[name] for name in keys]
    before = end.groupby(groups).cummax().groupby(groups).shift()
    number = (~(own["start_date"] <= before + pd.Timedelta(days=1))).cumsum()
    last = end.groupby(number).max()
    first = own[~number.duplicated()].reset_index(drop=True)
    first["stop_date"] = last.where(last < FAR).to_numpy()
    return pd.concat([first, table[~begun]], ignore_index=True)[list(trajectories)]


def summary(durations: pd.DataFrame) -> pd.DataFrame:
    """Duration by care form.

    Returns
    -------
    DataFrame
        care_form, trajectories, running, median_months with q0.025 and q0.975 (95 %), mean_months (up to
        ``HORIZON_MONTHS``) with its standard_error, and closed_only_months: the mean of
        closed ones alone, for comparison. Empty where half have not stopped within what is observed. Of a region the
        forms that tell of few in one of its municipalities are left out.
    """
    groups = durations.groupby("care_form", observed=True)
    rows = [{"care_form": form, **_of(part)} for form, part in groups]
    found = pd.DataFrame(rows, columns=["care_form", *_of(durations.head(0))])
    return small_cells.without_told(found, durations, ["care_form"])


def ended(durations: pd.DataFrame) -> pd.Series:
    """Which trajectories (``observed``) stopped within ``HORIZON_MONTHS``, bool."""
    return durations["stopped"].astype(bool) & (durations[survival.LASTED] <= HORIZON_MONTHS)


def funnel(durations: pd.DataFrame) -> pd.DataFrame:
    """Duration of each provider beside the limits within which providers of the same care form usually lie.

    Stops are compared with those expected in the time that each trajectory was followed, so a provider that began last
    month looks neither long nor short for that reason.

    ``durations`` is from ``observed``.

    Returns
    -------
    DataFrame
        care_form, provider, stops (within ``HORIZON_MONTHS``), expected_stops, mean_months (that of all together, times
        expected_stops per stop), and what ``compare.funnel.Funnel.beside`` adds. Of whom fewer than ``FEWEST_STOPS``
        stops are expected is left out. So are, once the limits are drawn with them, providers with fewer than ten
        stops, which mean and limits together tell, and of a region those that tell of few in one of its
        municipalities. The number of trajectories is not given: less the stops it would tell who is still in care.
    """
    parts = [_funnel(part).assign(care_form=form) for form, part in durations.groupby("care_form")]
    parts = [part for part in parts if len(part)]
    found = pd.concat([_funnel(durations.head(0)).assign(care_form=""), *parts], ignore_index=True)
    found = small_cells.without_told(found, durations[ended(durations)], ["care_form", "provider"])
    found = found[~small_cells.small(found["stops"])].reset_index(drop=True)
    return found[["care_form", *(name for name in found if name != "care_form")]]


def _funnel(durations: pd.DataFrame) -> pd.DataFrame:
    seen = durations.assign(
        expected_stops=survival.expected_stops(durations, durations, HORIZON_MONTHS),
        stops=ended(durations),
    )
    groups = seen.groupby("provider", observed=True)
    found = groups[["stops", "expected_stops"]].sum()
    found.insert(0, "trajectories", groups.size())
    enough = ~small_cells.small(found["trajectories"]) & (found["expected_stops"] >= FEWEST_STOPS)
    found = found[enough].drop(columns="trajectories").astype(float).reset_index()
    target = _of(durations)["mean_months"]
    ratio = (found["expected_stops"] + 0.5) / (found["stops"] + 0.5)
    found = found.assign(mean_months=target * ratio)
    limits = Funnel("cost", float(target) if len(found) else 1.0, by_size=1.0)
    if len(found):
        limits = limits.with_spread(found["mean_months"].to_numpy(), found["expected_stops"].to_numpy())
    judged = limits.beside(found, value="mean_months", size="expected_stops")
    return judged.assign(signal=judged["signal"].where(_beyond_chance(judged), ""))


def _beyond_chance(judged: pd.DataFrame) -> np.ndarray:
    """Whether the number of stops is beyond chance; with few stops a logarithm would exaggerate."""
    few = poisson.cdf(judged["stops"], judged["expected_stops"])
    many = poisson.sf(judged["stops"] - 1, judged["expected_stops"])
    return np.minimum(few, many) < (1 - LEVELS["998"]) / 2


def returning(
    trajectories: pd.DataFrame,
    until: str | pd.Timestamp,
    *,
    by: str = "care_form",
    months: int = 12,
    gap_days: int = RETURN_GAP_DAYS,
) -> pd.DataFrame:
    """Share of youths who come back within ``months`` after all their care stopped, by what stopped last.

    Kaplan and Meier's estimate: a youth who left recently counts for the time that is known.

    Parameters
    ----------
    trajectories : DataFrame
        client, start_date, stop_date and ``by``.
    until : last day that is known
    by : column to divide by, such as care_form or provider
    months : within how many months
    gap_days : days from the last day of care to the first of the next, from which it is a return

    Returns
    -------
    DataFrame
        ``by``, left (times that all care of a youth stopped), youths (who left), returned (fraction), with q0.025
        and q0.975 (95 %); NaN where nobody has been followed for so long. Of a region what tells of few in one of its
        municipalities is left out.
    """
    frame = left(trajectories, until, gap_days=gap_days)
    rows = [returned(part, months=months) | {by: name} for name, part in frame.groupby(by, observed=True)]
    found = pd.DataFrame(rows, columns=[by, "left", "youths", "returned", "q0.025", "q0.975"])
    return small_cells.without_told(found, frame.drop_duplicates([by, "client"]), [by])


def left(
    trajectories: pd.DataFrame, until: str | pd.Timestamp, *, gap_days: int = RETURN_GAP_DAYS
) -> pd.DataFrame:
    """Every time that all care of a youth stopped, and how long the youth stayed away.

    Parameters
    ----------
    trajectories : DataFrame
        client, start_date, stop_date and others, which are taken from what stopped last.
    until : str or Timestamp
        Last day that is known.
    gap_days : int
        As for ``returning``.

    Returns
    -------
    DataFrame
        The columns of ``trajectories``, left_on (last day of care), and for ``survival.curve`` lasted (months away),
        stopped (came back) and entered.
    """
    until = pd.Timestamp(until)
    known = trajectories[pd.to_datetime(trajectories["start_date"]) <= until]
    start, stop = (pd.to_datetime(known[name]) for name in ("start_date", "stop_date"))
    known = known.assign(start=start, end=stop.where(stop <= until, FAR))
    known = known.sort_values(["client", "start", "end"], ignore_index=True)
    before = known.groupby("client")["end"].cummax().groupby(known["client"]).shift()
    apart = known["start"] >= before + pd.Timedelta(days=gap_days)
    spell = apart.groupby(known["client"]).cumsum().rename("spell")
    ended = (
        known.groupby(["client", spell]).agg(begin=("start", "min"), place=("end", "idxmax")).reset_index()
    )
    last = known.iloc[ended["place"]].reset_index(drop=True)
    again = ended.groupby("client")["begin"].shift(-1)
    gone = last["end"] <= until
    waited = (again.fillna(until) - last["end"])[gone].dt.days / DAYS_A_MONTH
    found = last.loc[gone, list(trajectories)].assign(left_on=last.loc[gone, "end"])
    away = {"stopped": again[gone].notna(), survival.LASTED: waited.clip(lower=1 / DAYS_A_MONTH)}
    return found.assign(**away, entered=0.0)


def returned(part: pd.DataFrame, *, months: int) -> dict[str, float]:
    """Share of some rows of ``left`` that is back within a number of months; see ``returning``."""
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
    seen = part[survival.LASTED].max() if len(part) else HORIZON_MONTHS
    mean, error = curve.mean_until(min(HORIZON_MONTHS, seen))
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
