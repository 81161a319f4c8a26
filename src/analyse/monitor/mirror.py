"""What one provider does beside all together: how much, how long, who waits and who comes back.

Counts are protected for all providers at once, so that the pages of several of them, compared with each other, give no
small count away either.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from analyse import small_cells
from analyse.compare.funnel import Funnel
from analyse.monitor import duration, waiting

TOTAL = "total"
"""All providers together."""
MEASURES = ("duration", "waiting", "re-entry")
FEWEST = 3
"""Providers of a care form from which there is a usual."""
VOLUME = ["measure", "care_form", "provider", "trajectories"]
COLUMNS = (
    *("measure", "care_form", "provider", "value", "n", "size"),
    *("target", "between", "by_size", "wide_low_998", "wide_high_998", "signal"),
)


def volume(trajectories: pd.DataFrame, until: str | pd.Timestamp) -> pd.DataFrame:
    """Trajectories of the last twelve months by care form and provider, small ones hidden for all providers at once.

    Parameters
    ----------
    trajectories : DataFrame
        care_form, provider, start_date and stop_date (empty while it runs), consecutive allocations together
        (``duration.chained``).
    until : str or Timestamp
        Last day that is known.

    Returns
    -------
    DataFrame
        measure ("in care", "started", "stopped"), care_form, provider (``TOTAL``: all of that form) and trajectories:
        rounded, empty where hidden. Forms of one provider are not added up: a total would give a hidden one away.

    Examples
    --------
    A provider with four trajectories and one with forty: neither can be derived from the total.

    >>> care = pd.DataFrame({"care_form": "ggz", "provider": ["a"] * 4 + ["b"] * 40, "start_date": "2024-01-01",
    ...     "stop_date": None})
    >>> found = volume(care, "2024-12-31").query("measure == 'in care'")
    >>> found.set_index("provider")["trajectories"].to_dict()
    {'a': nan, 'b': nan, 'total': 45.0}
    """
    parts = [
        _of_form(part).assign(measure=measure, care_form=form)
        for (measure, form), part in counted(trajectories, until).groupby(
            ["measure", "care_form"], sort=False
        )
    ]
    return pd.concat(parts, ignore_index=True)[VOLUME] if parts else pd.DataFrame(columns=VOLUME)


def counted(trajectories: pd.DataFrame, until: str | pd.Timestamp) -> pd.DataFrame:
    """The same counts as they are, without totals: not to be shown.

    Parameters
    ----------
    trajectories, until
        As for ``volume``.
    """
    until = pd.Timestamp(until)
    since = until - pd.DateOffset(years=1)
    start, stop = (pd.to_datetime(trajectories[name]) for name in ("start_date", "stop_date"))
    begun = start <= until
    which = {
        "in care": begun & ~(stop <= since),
        "started": begun & (start > since),
        "stopped": begun & (stop > since) & (stop <= until),
    }
    parts = [
        trajectories[chosen]
        .groupby(["care_form", "provider"], observed=True)
        .size()
        .rename("trajectories")
        .reset_index()
        .assign(measure=measure)
        for measure, chosen in which.items()
    ]
    return pd.concat(parts, ignore_index=True)[VOLUME]


def _of_form(each: pd.DataFrame) -> pd.DataFrame:
    """The providers of one form and their total, without what must be hidden."""
    each = each[["provider", "trajectories"]].reset_index(drop=True)
    hidden = small_cells.hidden_beside_total(each[["trajectories"]], order=each["trajectories"].tolist())
    total = pd.DataFrame([{"provider": TOTAL, "trajectories": each["trajectories"].sum()}])
    shown = each.assign(trajectories=small_cells.shown_count(each["trajectories"]).mask(hidden))
    return pd.concat(
        [shown, total.assign(trajectories=small_cells.shown_count(total["trajectories"]))], ignore_index=True
    )


def beside(trajectories: pd.DataFrame, until: str | pd.Timestamp, *, norm_weeks: float) -> pd.DataFrame:
    """Every provider of every care form beside the limits within which providers of that form usually lie.

    Parameters
    ----------
    trajectories : DataFrame
        client, care_form, provider, allocated_on, start_date, stop_date, and first_declared_on where it is known;
        consecutive allocations together.
    until : str or Timestamp
        Last day that is known.
    norm_weeks : float
        Weeks from allocation to start that count as in time.

    Returns
    -------
    DataFrame
        ``COLUMNS``: measure (``MEASURES``: mean months of the first two years; fraction of what was allocated in the
        last twelve months that waits longer than the norm; fraction that is back within a year after all care stopped),
        n (ends, allocations or departures, rounded), size (what the limits depend on), target (of all
        together) and its limits, and signal ("more", "less" or ""). Fewer than ten, a fraction of which one side is
        fewer than ten, and forms with fewer than ``FEWEST`` providers are left out.
    """
    until = pd.Timestamp(until)
    lasted = duration.funnel(duration.observed(trajectories, until)).assign(measure="duration")
    lasted = lasted.assign(value=lasted["mean_months"], size=lasted["expected_stops"], n=lasted["stops"])
    parts = [lasted, *_rates(trajectories, until, norm_weeks)]
    found = pd.concat(
        [one.reindex(columns=list(COLUMNS)) for one in parts if len(one)]
        or [pd.DataFrame(columns=list(COLUMNS))]
    )
    several = found.groupby(["measure", "care_form"])["provider"].transform("nunique") >= FEWEST
    kept = found[several.astype(bool)].reset_index(drop=True)
    return kept.assign(n=small_cells.shown_count(kept["n"].astype(float)))


def _rates(trajectories: pd.DataFrame, until: pd.Timestamp, norm_weeks: float) -> Iterator[pd.DataFrame]:
    """Waiting and re-entry by form."""
    allocated = pd.to_datetime(trajectories["allocated_on"])
    recent = trajectories[(allocated > until - pd.DateOffset(years=1)) & (allocated <= until)]
    left = duration.left(trajectories, until)
    for form, part in recent.groupby("care_form", observed=True):
        waits = {"until": until, "norm_weeks": norm_weeks}
        own = waiting.times(part, by=["provider"], **waits).rename(
            columns={"beyond_norm": "value", "allocated": "n"}
        )
        whole = waiting.times(part.assign(all=TOTAL), by=["all"], **waits)["beyond_norm"]
        yield _judged(own, float(whole.iloc[0])).assign(measure="waiting", care_form=form)
    for form, part in left.groupby("care_form", observed=True):
        rows = [
            duration.returned(of, months=12) | {"provider": provider}
            for provider, of in part.groupby("provider", observed=True)
        ]
        own = pd.DataFrame(rows).rename(columns={"returned": "value", "left": "n"})
        whole = duration.returned(part, months=12)["returned"]
        yield _judged(own, float(whole)).assign(measure="re-entry", care_form=form)


def _judged(own: pd.DataFrame, target: float) -> pd.DataFrame:
    """Fractions of providers beside their funnel; nothing where there is no usual level."""
    own = own.dropna(subset=["value"])
    own = own[~small_cells.one_sided(own["n"], own["value"].astype(float))]
    if len(own) < FEWEST or not 0 < target < 1 or np.isnan(target):
        return pd.DataFrame(columns=list(COLUMNS))
    value, size = (own[name].to_numpy(dtype=float) for name in ("value", "n"))
    usual = Funnel("rate", target).with_spread(value, size)
    return usual.beside(own.assign(size=size), value="value", size="size")
