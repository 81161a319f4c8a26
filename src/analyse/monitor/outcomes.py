"""Outcomes of care, by year: how long it lasts and waits, how it ends, who changes provider, who comes back.

One row per indicator, care form and year, in columns that any monitor of a vision can read. Everything covers one
calendar year: durations at the pace of the stops of that year, its ends and moves, waiting of what was allocated in it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd

from analyse import small_cells
from analyse.monitor import duration, survival, waiting
from analyse.schema import REACH_95

COLUMNS = ("indicator", "area_code", "care_form", "year", "value", "unit", "n", "low", "high")
UNITS = {
    "duration_months": "months",
    "ended_as_planned": "fraction",
    "changed_provider": "fraction",
    "returned_within_year": "fraction",
    "waiting_beyond_norm": "fraction",
    "waiting_weeks": "weeks",
}
TOTAL = "total"
PLANNED = "31"
"""Reason of a stop, code list JZ588: according to plan."""
JUDGED = (PLANNED, "32", "33", "34", "35", "36", "38")
"""Reasons that say how care went: stopped by the client, the provider, both, somebody else or the municipality, or
gone to another provider. Death (02), a pause (20), a changed allocation (37) and another law (39) say nothing of it."""
MOVE_DAYS = (-30, 60)
"""Care with another provider that begins from a month before to two months after the last day is a move."""


def table(
    trajectories: pd.DataFrame,
    until: str | pd.Timestamp,
    *,
    area_code: str,
    years: Sequence[int],
    norm_weeks: float,
) -> pd.DataFrame:
    """The outcomes of an area, by care form and of all forms together.

    Parameters
    ----------
    trajectories : DataFrame
        client, provider, care_form, allocated_on, start_date, stop_date, reason, and first_declared_on where it is
        known; of the members of the area only, consecutive allocations together (``duration.chained``).
    until : str or Timestamp
        Last day that is known.
    area_code : str
        Code that the rows get.
    years : sequence of int
        Calendar years; one that has not begun by ``until`` gives no rows.
    norm_weeks : float
        Weeks from allocation to start that count as in time.

    Returns
    -------
    DataFrame
        ``COLUMNS``: value with its 95 % interval (low, high) in ``unit`` (months, weeks or fraction), and n: the
        trajectories, ends, youths or allocations behind it, rounded to five. With n below ten, or a fraction of which
        one side is fewer than ten, all four are missing.

    Examples
    --------
    >>> one = pd.DataFrame({"client": [f"{n}" for n in range(20)], "provider": "p", "care_form": "ggz",
    ...     "allocated_on": "2023-01-01", "start_date": "2023-02-05", "stop_date": "2024-03-01", "reason": "31"})
    >>> found = table(one, "2024-12-31", area_code="GM0503", years=[2023], norm_weeks=10)
    >>> found.query("unit == 'weeks'")[["care_form", "value", "n"]].round(1).to_numpy().tolist()
    [['ggz', 5.0, 20.0], ['total', 5.0, 20.0]]
    """
    until = pd.Timestamp(until)
    dates = {name: pd.to_datetime(trajectories[name]) for name in ("allocated_on", "start_date", "stop_date")}
    own = trajectories.assign(**dates)
    moved = own.assign(moved=_moves(own))
    rows = [
        {"indicator": name, "care_form": form, "year": year, **found}
        for year in years
        if pd.Timestamp(year, 1, 1) <= until
        for name, form, found in _of_year(moved, year, until, norm_weeks)
    ]
    made = pd.DataFrame(rows, columns=["indicator", "care_form", "year", "value", "low", "high", "n"])
    made = made.assign(area_code=area_code, unit=made["indicator"].map(UNITS))
    return _treated(made)[list(COLUMNS)].sort_values(
        ["indicator", "care_form", "year"], ignore_index=True, kind="stable"
    )


def _treated(made: pd.DataFrame) -> pd.DataFrame:
    """Without what says anything about fewer than ten."""
    count = made["n"].astype(float)
    few = small_cells.small(count, zero=True) | (
        made["unit"].eq("fraction") & small_cells.one_sided(count, made["value"])
    )
    hidden = {name: made[name].astype(float).mask(few) for name in ("value", "low", "high")}
    return made.assign(**hidden, n=small_cells.shown_count(count).mask(few))


def _of_year(
    own: pd.DataFrame, year: int, until: pd.Timestamp, norm_weeks: float
) -> Iterator[tuple[str, str, dict[str, float]]]:
    """Each indicator of a year, by form and together."""
    first, last = pd.Timestamp(year, 1, 1), min(pd.Timestamp(year, 12, 31), until)
    ended = own[own["stop_date"].between(first, last)]
    sets = {
        "duration_months": (duration.observed(own, last, since=first), _duration),
        "ended_as_planned": (ended[ended["reason"].isin(JUDGED)], _planned),
        "changed_provider": (ended[ended["stop_date"] <= until - pd.Timedelta(days=MOVE_DAYS[1])], _changed),
    }
    for name, (part, of) in sets.items():
        yield from ((name, form, of(rows)) for form, rows in _forms(part))
    left = duration.left(own, until)
    left = left[left["left_on"].between(first, last)]
    yield from (("returned_within_year", form, _returned(rows)) for form, rows in _forms(left))
    allocated = own[own["allocated_on"].between(first, last)]
    both = pd.concat([allocated, allocated.assign(care_form=TOTAL)], ignore_index=True)
    for one in waiting.times(both, until, norm_weeks=norm_weeks).to_dict("records"):
        n = {"n": float(one["allocated"])}
        beyond = {"value": one["beyond_norm"], "low": one["q0.025"], "high": one["q0.975"]}
        half = {"value": one["median_weeks"], "low": one["median_low"], "high": one["median_high"]}
        yield "waiting_beyond_norm", str(one["care_form"]), n | beyond
        yield "waiting_weeks", str(one["care_form"]), n | half


def _forms(rows: pd.DataFrame) -> Iterator[tuple[str, pd.DataFrame]]:
    """All together, and each care form."""
    if len(rows):
        yield TOTAL, rows
    yield from ((str(form), part) for form, part in rows.groupby("care_form", observed=True))


def _duration(rows: pd.DataFrame) -> dict[str, float]:
    """Mean of the first two years at the pace of a year; whoever began before it counts from its first day."""
    mean, error = survival.curve(rows).mean_until(duration.HORIZON_MONTHS)
    seen = rows[survival.LASTED].max() >= duration.HORIZON_MONTHS
    value = mean if seen and rows["stopped"].any() else np.nan
    return {
        "n": float(len(rows)),
        "value": value,
        "low": max(value - REACH_95 * error, 0.0),
        "high": value + REACH_95 * error,
    }


def _planned(rows: pd.DataFrame) -> dict[str, float]:
    return _part(rows["reason"].eq(PLANNED))


def _changed(rows: pd.DataFrame) -> dict[str, float]:
    return _part(rows["moved"])


def _part(true: pd.Series) -> dict[str, float]:
    """A share and its interval after Wilson (Journal of the American Statistical Association 22, 1927)."""
    from statsmodels.stats.proportion import proportion_confint  # slow to import

    low, high = proportion_confint(int(true.sum()), len(true), alpha=0.05, method="wilson")
    return {"n": float(len(true)), "value": float(true.mean()), "low": float(low), "high": float(high)}


def _returned(rows: pd.DataFrame) -> dict[str, float]:
    found = duration.returned(rows, months=12)
    value, low, high = (found[name] for name in ("returned", "q0.025", "q0.975"))
    return {"n": float(found["left"]), "value": value, "low": low, "high": high}


def _moves(own: pd.DataFrame) -> pd.Series:
    """Whether the care of each row goes on with another provider, who did not give it long before."""
    ended = own.loc[own["stop_date"].notna(), ["client", "provider", "stop_date"]].reset_index(names="row")
    begun = own.loc[own["start_date"].notna(), ["client", "provider", "start_date"]]
    pairs = ended.merge(begun, on="client", suffixes=("", "_next"))
    days = (pairs["start_date"] - pairs["stop_date"]).dt.days
    other = pairs["provider"].ne(pairs["provider_next"]) & days.between(*MOVE_DAYS)
    return pd.Series(own.index.isin(pairs.loc[other, "row"]), index=own.index)
