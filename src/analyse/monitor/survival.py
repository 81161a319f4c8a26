"""Kaplan-Meier curves: how long something lasts when part of it has not ended yet.

What still runs says that it lasts at least so long. Closed ones alone come out short, the more so the longer it lasts.
The Kaplan-Meier estimate counts both (statsmodels' ``SurvfuncRight``), also where something came under observation
after its start.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from analyse.schema import REACH_95

if TYPE_CHECKING:
    from statsmodels.duration.survfunc import SurvfuncRight

LASTED = "lasted"
"""Column with how long it has lasted; beside it ``stopped`` (bool) and ``entered``: how long it ran unseen."""


@dataclass(frozen=True)
class Curve:
    """A survival curve; flat where nothing stopped."""

    times: np.ndarray
    surviving: np.ndarray
    error: np.ndarray
    """When something stopped, the share that lasts longer, and its standard error (Greenwood)."""
    fitted: SurvfuncRight | None = None

    def at(self, time: float) -> float:
        """The share that lasts longer than ``time``."""
        place = np.searchsorted(self.times, time, side="right") - 1
        return float(self.surviving[place]) if place >= 0 else 1.0

    def interval(self, time: float) -> tuple[float, float]:
        """95 % interval of that share."""
        place = np.searchsorted(self.times, time, side="right") - 1
        error = float(self.error[place]) if place >= 0 else 0.0
        low, high = (self.at(time) + sign * REACH_95 * error for sign in (-1, 1))
        return max(low, 0.0), min(high, 1.0)

    def median(self) -> tuple[float, float, float]:
        """The time that half lasts, with its 95 % interval; NaN where half has not stopped."""
        if self.fitted is None:
            return np.nan, np.nan, np.nan
        with np.errstate(
            divide="ignore", invalid="ignore"
        ):  # at one and at zero there is no log-log interval
            low, high = (float(end) for end in self.fitted.quantile_ci(0.5))
        return float(self.fitted.quantile(0.5)), low, high

    def mean_until(self, horizon: float) -> tuple[float, float]:
        """Mean up to a horizon and its standard error: the area under the curve, and Greenwood's formula."""
        if self.fitted is None:
            return float(horizon), 0.0
        inside = self.times < horizon
        times = np.concatenate([[0.0], self.times[inside], [horizon]])
        area = np.concatenate([[1.0], self.surviving[inside]]) * np.diff(times)
        ahead = np.cumsum(area[::-1])[::-1][1:]
        events, at_risk = (np.asarray(one)[inside] for one in (self.fitted.n_events, self.fitted.n_risk))
        rest = at_risk * (at_risk - events)
        variance = np.divide(ahead**2 * events, rest, out=np.zeros(len(ahead)), where=rest > 0).sum()
        return float(area.sum()), float(np.sqrt(variance))


def expected_stops(part: pd.DataFrame, among: pd.DataFrame, horizon: float) -> np.ndarray:
    """How many stops each row had coming in the time that it was seen, at the pace of all (Breslow's one-sample test).

    Parameters
    ----------
    part : DataFrame
        ``LASTED`` and ``entered`` of the rows.
    among : DataFrame
        All, with ``stopped`` as well: their cumulative hazard (Nelson and Aalen) is the measure.
    horizon : float
        What is seen after it does not count.

    Returns
    -------
    ndarray (row,), expected number of stops; its sum beside the stops counted says whether care lasts longer.

    References
    ----------
    N. Breslow, "Analysis of survival data under the proportional hazards model", International Statistical Review 43,
    1975: the number of stops is Poisson with this expectation, however short the follow-up.

    Examples
    --------
    Of four, one stops after one month and one after two; who was seen for a month only had a quarter of a stop coming:

    >>> four = pd.DataFrame({"lasted": [1.0, 2.0, 3.0, 3.0], "stopped": [True, True, False, False], "entered": 0.0})
    >>> expected_stops(four, four, horizon=24).round(3).tolist()
    [0.25, 0.583, 0.583, 0.583]
    """
    fitted = curve(among).fitted
    if fitted is None:
        return np.zeros(len(part))
    risk = np.asarray(fitted.n_risk, dtype=float)
    hazard = np.concatenate([[0.0], np.cumsum(np.asarray(fitted.n_events) / np.maximum(risk, 1))])
    until, since = (part[name].to_numpy(dtype=float).clip(max=horizon) for name in (LASTED, "entered"))
    places = [np.searchsorted(fitted.surv_times, times, side="right") for times in (until, since)]
    return hazard[places[0]] - hazard[places[1]]


def curve(part: pd.DataFrame) -> Curve:
    """The Kaplan-Meier curve of ``LASTED``, ``stopped`` and ``entered``.

    Examples
    --------
    Of three, one stopped after two months; the others have been running for four:

    >>> three = pd.DataFrame({"lasted": [2.0, 4.0, 4.0], "stopped": [True, False, False], "entered": 0.0})
    >>> round(curve(three).at(3), 3), curve(three).at(1)
    (0.667, 1.0)
    """
    time, status = (part[name].to_numpy(dtype=float) for name in (LASTED, "stopped"))
    from statsmodels.duration.survfunc import SurvfuncRight  # takes a second, and the commands do without

    if not status.any():
        return Curve(np.array([]), np.array([]), np.array([]))
    entry = part["entered"].to_numpy(dtype=float)
    late = {"entry": np.minimum(entry, time - 1e-6)} if (entry > 0).any() else {}
    fitted = SurvfuncRight(time, status, **late)
    found = (fitted.surv_times, fitted.surv_prob, np.nan_to_num(fitted.surv_prob_se))
    return Curve(*(np.asarray(one, dtype=float) for one in found), fitted)
