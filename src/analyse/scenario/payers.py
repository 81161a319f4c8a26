"""Who pays and who gains: what other payers take over of what a municipality saves, and what the state already took.

Each lever names who pays what the municipality no longer does, and for which part. What the state takes from the
municipal fund for a measure it takes whether the measure works or not: a loss of the municipality beside the scenario.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from analyse.scenario import core
from analyse.scenario.definitions import Setting
from analyse.scenario.model import Inputs, Outcome, mean_and_quantiles

MUNICIPALITY = "municipality"
FUND = "taken from the municipal fund"


def taken_over(
    inputs: Inputs, settings: Mapping[str, Setting], alone: Mapping[str, Outcome] | None = None
) -> dict[str, np.ndarray]:
    """What each other payer pays more, (year, sample), in EUR of each year; a lever counts as what it does alone.

    Parameters
    ----------
    inputs, settings
        As for ``core.run``.
    alone : mapping of Outcome, optional
        What ``core.run`` gives for levers alone, where that was worked out before.
    """
    amounts: dict[str, np.ndarray] = {}
    for lever in inputs.levers:
        if lever.id in settings and lever.payers:
            known = (alone or {}).get(lever.id)
            own = core.run(inputs, {lever.id: settings[lever.id]}) if known is None else known
            saved = inputs.cost_eur - own.cost_eur + own.programme_eur
            for payer in lever.payers:
                amounts[payer.who] = amounts.get(payer.who, 0.0) + payer.part * saved
    return amounts


def taken_from_fund(inputs: Inputs, settings: Mapping[str, Setting]) -> np.ndarray:
    """What the state takes from the area's part of the municipal fund for the levers used, (year, sample), in EUR."""
    total = np.zeros_like(inputs.cost_eur)
    for lever in inputs.levers:
        if lever.id in settings and lever.taken_from_fund is not None:
            whole = {"size": -lever.taken_from_fund, "works_as_set": True}
            as_if = core.run(inputs, {lever.id: settings[lever.id].model_copy(update=whole)})
            total += inputs.cost_eur - as_if.cost_eur + as_if.programme_eur
    return total


def table(inputs: Inputs, settings: Mapping[str, Setting], *, year: int) -> pd.DataFrame:
    """Who pays more or less in a year of the forecast, against the base.

    Parameters
    ----------
    inputs, settings, year
        As for ``waterfall.per_sample``.

    Returns
    -------
    DataFrame
        area_code, period, who, mean and q0.025 ... q0.975 in EUR: above 0 pays more. The municipality comes first, for
        its costs; what is taken from its part of the fund last, where there is any.
    """
    at = inputs.year_index(year)
    changes = {
        MUNICIPALITY: core.run(inputs, settings).cost_eur - inputs.cost_eur,
        **taken_over(inputs, settings),
    }
    fund = taken_from_fund(inputs, settings)
    if fund.any():
        changes[FUND] = fund
    rows = [
        {"area_code": inputs.area_code, "period": year, "who": who, **mean_and_quantiles(change[at])}
        for who, change in changes.items()
    ]
    return pd.DataFrame(rows)
