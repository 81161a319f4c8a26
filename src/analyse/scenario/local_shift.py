"""From regional help to local teams: what moves, what it costs, how many people it takes, and its neutral price.

The measure is ``regional-to-local``, taken to work as set: a plan is worked out, not a chance that it works. Until the
regional contract has run down the same help is paid twice. The neutral price is the local price, as a part of the
regional one, at which all years to the horizon together cost as much as before, discounted in prices of the base year.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analyse.parameters import Assumption, read_declared
from analyse.scenario import business_case, core
from analyse.scenario.definitions import Setting
from analyse.scenario.model import Inputs, mean_and_quantiles

LEVER = "regional-to-local"
FILE = "local_teams.yaml"
MEASURES = ("youths", "moved_eur", "local_eur", "regional_eur", "double_eur", "fte", "net_eur")


@dataclass(frozen=True)
class Shift:
    """What moves, by year from the start: arrays (year, sample), amounts in EUR of each year."""

    years: tuple[int, ...]
    amounts: dict[str, np.ndarray]
    """youths; moved_eur: the help at its regional price; local_eur: what it costs locally; regional_eur: what the
    region is paid less; double_eur: what is still paid to the region for help that is already local; fte; and net_eur:
    what the municipality pays more (below 0 less)."""
    neutral: np.ndarray
    """(sample,): local price at which it costs as much as before, as a part of the regional price."""
    regional_per_youth_eur: float
    """Regional price of a youth with this help in the first of the years, in the middle."""


def staff() -> dict[str, Assumption]:
    """What people in a local team cost: ``parameters/local_teams.yaml``.

    Examples
    --------
    >>> staff()["fte_eur"].value
    107700.0
    """
    return read_declared(dict[str, Assumption], FILE)


def work_out(inputs: Inputs, setting: Setting, *, fte_eur: float, interest: float) -> Shift:
    """Work out a plan.

    Parameters
    ----------
    inputs : Inputs
        Of a municipality or region.
    setting : Setting
        Of ``regional-to-local``: size in per cent, start, months, and the cost ratio.
    fte_eur : float
        Cost of one full-time worker a year, in prices of the base year.
    interest : float
        Real rate a year, for the neutral price.
    """
    lever = inputs.levers[inputs.lever_index(LEVER)]
    whole = setting.model_copy(update={"works_as_set": True})
    outcome = core.run(inputs, {LEVER: whole})
    begun = [at for at, year in enumerate(inputs.years) if year >= setting.start]
    forms = [inputs.forms.index(form) for form in lever.forms]
    base = inputs.form_cost[forms].sum(axis=0)[begun]
    regional = base - outcome.form_cost[forms].sum(axis=0)[begun]
    local = (outcome.form_cost[-1] - outcome.programme_eur)[begun]
    ratio = (setting.cost_ratio or 1.0) * inputs.ratios[inputs.lever_index(LEVER)]
    moved = local / ratio
    weights = inputs.client_weights if inputs.client_weights.ndim == 2 else inputs.client_weights[:, begun]
    youths = weights[forms].sum(axis=0) * inputs.clients[begun]
    years = tuple(inputs.years[at] for at in begun)
    price = inputs.price[begun]
    worth = ((1 + interest) ** -np.arange(len(years)))[:, None] / price
    return Shift(
        years=years,
        amounts={
            "youths": moved / base * youths,
            "moved_eur": moved,
            "local_eur": local,
            "regional_eur": regional,
            "double_eur": moved - regional,
            "fte": local / (fte_eur * price),
            "net_eur": local - regional,
        },
        neutral=(worth * regional).sum(axis=0) / (worth * moved).sum(axis=0),
        regional_per_youth_eur=float(np.median(base[0] / youths[0])),
    )


def table(shift: Shift) -> pd.DataFrame:
    """The plan by year: period, measure, mean and q0.025 ... q0.975."""
    return pd.DataFrame(
        [
            {"period": year, "measure": measure, **mean_and_quantiles(values)}
            for measure in MEASURES
            for year, values in zip(shift.years, shift.amounts[measure], strict=True)
        ]
    )


def planned(inputs: Inputs, setting: Setting) -> Shift:
    """The plan with the cost of a worker and the interest of ``parameters/``."""
    return work_out(
        inputs, setting, fte_eur=staff()["fte_eur"].value, interest=business_case.rates().interest
    )
