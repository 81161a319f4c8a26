"""Durations of a store in the levers of scenarios, in place of those of the whole country.

A scenario lets one part in ``months`` of each stock leave every month. Here that mean comes from the trajectories of
the municipality itself: the area under the curve of Kaplan and Meier for the first two years, and beyond them the share
that is left times what was seen of it (time in care over stops).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd

from analyse.monitor import duration, inputs, survival
from analyse.scenario import model
from analyse.scenario.definitions import care_forms
from analyse.schema import REACH_95

FORMS = {
    "guidance": ("ambulant",),
    "day-care": ("dagbehandeling",),
    "mental-health": ("ggz",),
    "foster-care": ("pleegzorg",),
    "family-homes": ("gezinshuis",),
    "residential": ("verblijf",),
    "crisis-and-specialist": ("crisis",),
    "closed": ("gesloten",),
    "protection": ("jeugdbescherming", "jeugdreclassering"),
}
"""Form of a scenario -> forms of declarations that it is; of the other forms the mean of the country stays."""
FEWEST = 30
"""Stops from which the mean of a municipality takes precedence over that of the country."""
TAIL_STOPS = 10
"""Stops after two years from which the rest is measured separately."""
COLUMNS = ("form", "months", "error", "trajectories", "stops")


def measured(durations: pd.DataFrame) -> pd.DataFrame:
    """Mean duration by form of a scenario, of forms with enough stops.

    Parameters
    ----------
    durations : DataFrame
        ``duration.observed``.

    Returns
    -------
    DataFrame
        ``COLUMNS``: months (mean), its standard error, and the trajectories and stops it is from (untreated).

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> lasted = rng.exponential(12, 4000)
    >>> table = pd.DataFrame({"lasted": np.minimum(lasted, 36), "stopped": lasted < 36, "entered": 0.0})
    >>> measured(table.assign(care_form="ggz"))[["form", "months"]].round(0).to_numpy().tolist()
    [['mental-health', 12.0]]
    """
    rows = []
    for form, names in FORMS.items():
        part = durations[durations["care_form"].isin(names)]
        stops = int(part["stopped"].sum()) if len(part) else 0
        if stops >= FEWEST:
            mean, error = _mean(part)
            rows.append((form, mean, error, len(part), stops))
    return pd.DataFrame(rows, columns=list(COLUMNS))


def applied(prepared: model.Inputs, table: pd.DataFrame, rng: np.random.Generator) -> model.Inputs:
    """The inputs of a scenario with measured durations in place of those of the country.

    Parameters
    ----------
    prepared : Inputs
        Of the scenario.
    table : DataFrame
        From ``measured``.
    rng : Generator
        Where the draws of the mean come from.
    """
    known = [form.id for form in care_forms().forms if form.months is not None]
    months = prepared.months.copy()
    for one in table.to_dict("records"):
        spread = one["error"] / one["months"]
        drawn = one["months"] * np.exp(spread * rng.standard_normal(months.shape[1]) - spread**2 / 2)
        months[known.index(one["form"])] = np.maximum(drawn, 1.0)
    return replace(prepared, months=months)


def of_store(folder: Path | str, members: Sequence[str]) -> pd.DataFrame:
    """The durations of some municipalities in a store, see ``measured``."""
    seen = inputs.read(folder)
    return measured(duration.observed(seen.started(members), seen.last_day))


def _mean(part: pd.DataFrame) -> tuple[float, float]:
    """Mean and its standard error: two years from the curve, and what is left at the pace of the rest."""
    curve, horizon = survival.curve(part), float(duration.HORIZON_MONTHS)
    mean, error = curve.mean_until(horizon)
    low, high = curve.interval(horizon)
    left, of_left = curve.at(horizon), (high - low) / (2 * REACH_95)
    beyond = part[part[survival.LASTED] > horizon]
    stops = int(beyond["stopped"].sum())
    after = float((beyond[survival.LASTED] - np.maximum(beyond["entered"], horizon)).sum())
    if stops < TAIL_STOPS:
        stops = int(part["stopped"].sum())
        after = float((part[survival.LASTED] - part["entered"]).sum())
    rest = after / stops
    return mean + left * rest, float(np.sqrt(error**2 + (rest * of_left) ** 2 + (left * rest) ** 2 / stops))
