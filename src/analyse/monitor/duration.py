"""How long care lasts, and how intensive it is: running trajectories counted, funnel limits instead of rankings.

Trajectories that still run say that care lasts at least so long. Closed ones alone come out short, the more so the
longer care lasts. The Kaplan-Meier estimate counts both (statsmodels' ``SurvfuncRight``), also where a
trajectory came under observation after its start.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from statsmodels.duration.survfunc import SurvfuncRight

DAYS_A_MONTH = 30.4375
HORIZON_MONTHS = 24
"""Mean duration is counted up to here: beyond it too few trajectories are left to tell."""
LIMITS = (0.95, 0.998)
"""The usual limits of a funnel (D. Spiegelhalter, "Funnel plots for comparing institutional performance", Statistics
in Medicine 24, 2005)."""
NORMAL = {0.95: 1.959964, 0.998: 3.090232}
WINSOR = 0.1
"""Tail of the providers that does not count in how much providers usually differ (overdispersion)."""
FEWEST = 10
MONTHS_IN = "months"


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
        Those that started, with months (duration so far), stopped (bool) and entered (months after the start at which
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
    return found.assign(**{MONTHS_IN: months, "stopped": stopped, "entered": entered})


def summary(durations: pd.DataFrame, by: Sequence[str] = ("care_form",)) -> pd.DataFrame:
    """Duration by group.

    Returns
    -------
    DataFrame
        ``by``, trajectories, running, median_months with low and high (95 %), mean_months (up to ``HORIZON_MONTHS``)
        with its standard_error, and closed_only_months: the mean of closed ones alone, for comparison. Empty
        where half have not stopped within what is observed.
    """
    rows = []
    for names, part in durations.groupby(list(by), observed=True):
        rows.append({**dict(zip(by, names, strict=True)), **_of(part)})
    return pd.DataFrame(rows)


def funnel(durations: pd.DataFrame, by: str = "provider") -> pd.DataFrame:
    """Mean duration of each provider beside the limits within which providers usually lie.

    The limits are those of chance, widened by how much providers differ beyond it (Spiegelhalter 2005, with a tenth of
    the providers at either end winsorised): who stands out does so among its peers.

    Returns
    -------
    DataFrame
        ``by``, trajectories, mean_months, expected_months (of all together), low and high per limit ("low_0.95", ...),
        and signal: "longer", "shorter" or "" (inside the 99.8 % limits). Fewer than ten trajectories are left out.
    """
    whole = _of(durations)
    spread = whole["standard_error"] * np.sqrt(len(durations))
    found = summary(durations, [by])
    found = found[found["trajectories"] >= FEWEST].reset_index(drop=True)
    error = spread / np.sqrt(found["trajectories"])
    distance = (found["mean_months"] - whole["mean_months"]) / error
    ends = distance.quantile([WINSOR, 1 - WINSOR])
    error *= max(1.0, float(np.sqrt((distance.clip(ends.iloc[0], ends.iloc[1]) ** 2).mean())))
    for share in LIMITS:
        found[f"low_{share:g}"] = (whole["mean_months"] - NORMAL[share] * error).clip(lower=0)
        found[f"high_{share:g}"] = whole["mean_months"] + NORMAL[share] * error
    mean, outer = found["mean_months"], f"{LIMITS[-1]:g}"
    signal = np.select(
        [mean > found[f"high_{outer}"], mean < found[f"low_{outer}"]], ["longer", "shorter"], ""
    )
    return found.assign(expected_months=whole["mean_months"], signal=signal)


def returning(trajectories: pd.DataFrame, until: str | pd.Timestamp, *, months: int = 12) -> pd.DataFrame:
    """Share of youths who come back within ``months`` after all their care stopped, by the care form that stopped.

    Kaplan and Meier's estimate: who left shortly ago counts for the time it is known.
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
    ended = ended.assign(
        end=known["end"].to_numpy()[ended["place"]], form=known["care_form"].to_numpy()[ended["place"]]
    )
    again = ended.groupby("client")["begin"].shift(-1)
    left = ended["end"] <= until
    waited = (again.fillna(until) - ended["end"])[left].dt.days / DAYS_A_MONTH
    frame = pd.DataFrame({"care_form": ended.loc[left, "form"], "stopped": again[left].notna(), "entered": 0.0,
                          MONTHS_IN: waited.clip(lower=1 / DAYS_A_MONTH)})  # fmt: skip
    rows = [
        {"care_form": form, "left": len(part), "returned": 1 - _curve(part).surv_at(months)}
        for form, part in frame.groupby("care_form", observed=True)
    ]
    return pd.DataFrame(rows, columns=["care_form", "left", "returned"])


def intensity(volumes: pd.DataFrame, trajectories: pd.DataFrame, by: Sequence[str]) -> pd.DataFrame:
    """Volume per week of care by group and unit.

    Parameters
    ----------
    volumes : DataFrame
        ``by``, unit, volume declared for care between ``first`` and ``until``.
    trajectories : DataFrame
        ``by``, weeks: weeks of care in the same time.
    """
    weeks = trajectories.groupby(list(by), observed=True)["weeks"].sum()
    found = volumes.groupby([*by, "unit"], observed=True)["volume"].sum().reset_index()
    found = found.merge(weeks.reset_index(), on=list(by), how="left", validate="m:1")
    return found.assign(volume_per_week=(found["volume"] / found["weeks"]).where(found["weeks"] > 0))


class _Curve:
    """A survival curve in months."""

    def __init__(self, times: np.ndarray, surviving: np.ndarray, fitted: SurvfuncRight | None) -> None:
        self.times, self.surviving, self.fitted = times, surviving, fitted

    def surv_at(self, months: float) -> float:
        place = np.searchsorted(self.times, months, side="right") - 1
        return float(self.surviving[place]) if place >= 0 else 1.0


def _curve(part: pd.DataFrame) -> _Curve:
    """The Kaplan-Meier curve; flat where nothing stopped."""
    time = part[MONTHS_IN].to_numpy(dtype=float)
    status = part["stopped"].to_numpy(dtype=float)
    if not status.any():
        return _Curve(np.array([]), np.array([]), None)
    entry = part["entered"].to_numpy(dtype=float)
    late = {"entry": np.minimum(entry, time - 1e-6)} if (entry > 0).any() else {}
    fitted = SurvfuncRight(time, status, **late)
    return _Curve(np.asarray(fitted.surv_times), np.asarray(fitted.surv_prob), fitted)


def _of(part: pd.DataFrame) -> dict[str, float]:
    curve = _curve(part)
    mean, error = _restricted_mean(curve)
    closed = part.loc[part["stopped"], MONTHS_IN]
    median, low, high = np.nan, np.nan, np.nan
    if curve.fitted is not None:
        median = float(curve.fitted.quantile(0.5))
        with np.errstate(
            divide="ignore", invalid="ignore"
        ):  # the curve at one and at zero has no log-log interval
            low, high = (float(end) for end in curve.fitted.quantile_ci(0.5))
    return {
        "trajectories": len(part), "running": int((~part["stopped"]).sum()), "median_months": median, "low": low,
        "high": high, "mean_months": mean, "standard_error": error,
        "closed_only_months": float(closed.mean()) if len(closed) else np.nan,
    }  # fmt: skip


def _restricted_mean(curve: _Curve) -> tuple[float, float]:
    """Mean duration up to the horizon and its standard error: the area under the curve, and Greenwood's formula."""
    if curve.fitted is None:
        return float(HORIZON_MONTHS), 0.0
    inside = curve.times < HORIZON_MONTHS
    times = np.concatenate([[0.0], curve.times[inside], [HORIZON_MONTHS]])
    level = np.concatenate([[1.0], curve.surviving[inside]])
    area = level * np.diff(times)
    ahead = np.cumsum(area[::-1])[::-1][1:]
    events, at_risk = (np.asarray(one)[inside] for one in (curve.fitted.n_events, curve.fitted.n_risk))
    rest = at_risk * (at_risk - events)
    variance = np.divide(ahead**2 * events, rest, out=np.zeros(len(ahead)), where=rest > 0).sum()
    return float(area.sum()), float(np.sqrt(variance))
