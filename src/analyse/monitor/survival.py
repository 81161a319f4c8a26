"""Kaplan-Meier curves: how long something lasts where some of it has not ended yet.

What still runs says that it lasts at least so long. Closed ones alone come out short, the more so the longer it lasts.
The Kaplan-Meier estimate counts both (statsmodels' ``SurvfuncRight``), also where something came under observation
after its start.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from statsmodels.duration.survfunc import SurvfuncRight

LASTED = "lasted"
"""Column with how long it has lasted; beside it ``stopped`` (bool) and ``entered``: how long it ran unseen."""
NORMAL_95 = 1.959964


@dataclass(frozen=True)
class Curve:
    """A survival curve; flat where nothing stopped.

    Attributes
    ----------
    times, surviving, error : array
        When something stopped, the share that lasts longer, and its standard error (Greenwood).
    """

    times: np.ndarray
    surviving: np.ndarray
    error: np.ndarray
    fitted: SurvfuncRight | None = None

    def at(self, time: float) -> float:
        """The share that lasts longer than ``time``."""
        place = np.searchsorted(self.times, time, side="right") - 1
        return float(self.surviving[place]) if place >= 0 else 1.0

    def interval(self, time: float) -> tuple[float, float]:
        """95 % interval of that share."""
        place = np.searchsorted(self.times, time, side="right") - 1
        error = float(self.error[place]) if place >= 0 else 0.0
        low, high = (self.at(time) + sign * NORMAL_95 * error for sign in (-1, 1))
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


def curve(part: pd.DataFrame) -> Curve:
    """The Kaplan-Meier curve of ``LASTED``, ``stopped`` and ``entered``.

    Examples
    --------
    Of three one stopped after two months, the others run for four already:

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
