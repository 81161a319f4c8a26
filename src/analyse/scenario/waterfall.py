"""From the base year to a year of the forecast: what drives the costs, and what each lever changes in that.

The base moves by population, usage, price and the rest, split by logarithmic means (``forecast.drivers``); the rest
is called mix: heavier or longer care. A lever counts as what it does alone; what levers do to each other is the
interaction. All of it is exact in every sample.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from analyse.forecast import drivers
from analyse.scenario import core
from analyse.scenario.definitions import Setting
from analyse.scenario.model import Inputs
from analyse.schema import QUANTILES, quantile_names

BASE = ("population", "usage", "price", "mix")
INTERACTION = "interaction"


def per_sample(inputs: Inputs, settings: Mapping[str, Setting], *, year: int) -> dict[str, np.ndarray]:
    """Work out the steps from the base year to a year of the scenario, in every sample.

    Parameters
    ----------
    inputs, settings
        As for ``core.run``.
    year : int
        Year of the forecast that the steps lead to.

    Returns
    -------
    dict of ndarray (sample,)
        Steps in EUR, in order; their sum is the change of the costs.

    Raises
    ------
    ParameterError
        If ``year`` is not a year of the forecast.
    """
    at = inputs.year_index(year)
    end = {
        "youths": inputs.youths[at],
        "clients": inputs.clients[at],
        "price": inputs.price[at],
        "cost_eur": inputs.cost_eur[at],
    }
    start = {**inputs.start, "price": np.ones(inputs.samples)}
    first = {name: start[name][None] for name in end}
    effects = drivers.per_sample(first, {name: values[None] for name, values in end.items()})[:, 0]
    steps = dict(zip(BASE, effects, strict=True))
    alone = {
        name: core.run(inputs, {name: setting}).cost_eur[at] - end["cost_eur"]
        for name, setting in settings.items()
    }
    together = core.run(inputs, settings).cost_eur[at] - end["cost_eur"]
    return {**steps, **alone, INTERACTION: together - sum(alone.values(), start=np.zeros(inputs.samples))}


def table(inputs: Inputs, settings: Mapping[str, Setting], *, year: int) -> pd.DataFrame:
    """The waterfall as a table: one row per step.

    Parameters
    ----------
    inputs, settings, year
        As for ``per_sample``.

    Returns
    -------
    DataFrame
        area_code, from_period, to_period, step, kind (driver, lever or interaction), start_eur and end_eur (median
        costs in the base year and in the scenario), effect_eur (in the futures around the median outcome, see
        ``drivers.around_the_middle``; the effects add up to end_eur - start_eur), q0.025 ... q0.975.
    """
    steps = per_sample(inputs, settings, year=year)
    kinds = dict.fromkeys(BASE, "driver") | dict.fromkeys(settings, "lever") | {INTERACTION: INTERACTION}
    first = inputs.start["cost_eur"]
    last = first + sum(steps.values())
    middle = drivers.around_the_middle(np.stack(list(steps.values()))[:, None], first[None], last[None])[:, 0]
    rows = [
        {
            "area_code": inputs.area_code,
            "from_period": inputs.base_year,
            "to_period": year,
            "step": name,
            "kind": kinds[name],
            "start_eur": float(np.median(first)),
            "end_eur": float(np.median(last)),
            "effect_eur": float(effect),
            **dict(zip(quantile_names(), np.quantile(values, QUANTILES).tolist(), strict=True)),
        }
        for (name, values), effect in zip(steps.items(), middle, strict=True)
    ]
    return pd.DataFrame(rows)
