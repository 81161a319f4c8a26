"""How certain a scenario is, and what makes it uncertain: the forecast, or the effects of the levers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from analyse.scenario import core
from analyse.scenario.definitions import Setting
from analyse.scenario.model import Inputs, by_year

FORECAST = ("youths", "clients", "price", "cost_eur", "shares")
"""What the forecast is made of."""
EFFECTS = ("draws", "found", "ratios", "cost_draws", "capacity", "months", "waiting")
"""What the effects of levers are made of."""
OF_LEVERS = {
    "size": ("draws", "found"),
    "ratio": ("ratios",),
    "cost": ("cost_draws",),
    "capacity": ("capacity",),
}
"""Assumption on a lever -> the arrays it varies."""
SOURCES = ("both", "forecast", "effects")
TORNADO = ["area_code", "period", "assumption", "lever", "q0.1", "q0.9", "width_eur"]


def separate(inputs: Inputs, settings: Mapping[str, Setting]) -> pd.DataFrame:
    """The difference with the base, with all uncertainty, with that of the forecast, and with that of the effects.

    Returns
    -------
    DataFrame
        area_code, period, source (both; forecast: every lever works as its middle says; effects: the future is the
        mean one), mean and q0.025 ... q0.975 of the difference in EUR.
    """
    known = {"both": inputs, "forecast": _central(inputs, EFFECTS), "effects": _central(inputs, FORECAST)}
    rows = []
    for source in SOURCES:
        varied = known[source]
        difference = core.run(varied, settings).cost_eur - varied.cost_eur
        rows += by_year(inputs, difference, source=source)
    return pd.DataFrame(rows)


def tornado(inputs: Inputs, settings: Mapping[str, Setting], *, year: int) -> pd.DataFrame:
    """Which assumption matters most for what the scenario changes in a year.

    One assumption at a time varies as drawn; everything else stays at its middle.

    Parameters
    ----------
    inputs, settings, year
        One area, the levers that are used, and a year of the forecast: see ``waterfall.per_sample``.

    Returns
    -------
    DataFrame
        area_code, period, assumption (forecast, shares, months, waiting; or size, ratio,
        cost or capacity of a lever), lever, q0.1
        and q0.9 of the difference with the base in EUR, and their distance ``width_eur``; the widest first.

    Raises
    ------
    ParameterError
        If ``year`` is not a year of the forecast.
    """
    year_index, rows = inputs.year_index(year, asked_by="tornado"), []
    for assumption in _assumptions(inputs, settings):
        alone = assumption.alone
        difference = (core.run(alone, settings).cost_eur - alone.cost_eur)[year_index]
        low, high = np.quantile(difference, [0.1, 0.9])
        if low == high:  # an assumption that plays no part, such as the cost of a lever that costs nothing
            continue
        rows.append(
            {
                "area_code": inputs.area_code,
                "period": year,
                "assumption": assumption.name,
                "lever": assumption.lever,
                "q0.1": float(low),
                "q0.9": float(high),
                "width_eur": float(high - low),
            }
        )
    return pd.DataFrame(rows, columns=TORNADO).sort_values(
        "width_eur", ascending=False, kind="stable", ignore_index=True
    )


@dataclass(frozen=True)
class _Assumption:
    name: str
    lever: str
    alone: Inputs


def _assumptions(inputs: Inputs, settings: Mapping[str, Setting]) -> Iterator[_Assumption]:
    """Every assumption with inputs in which only it varies."""
    middle = _central(inputs, (*FORECAST, *EFFECTS))
    forecast = {name: getattr(inputs, name) for name in FORECAST if name != "shares"}
    yield _Assumption("forecast", "", replace(middle, **forecast))
    yield _Assumption("shares", "", replace(middle, shares=inputs.shares))
    yield _Assumption("months", "", replace(middle, months=inputs.months))
    yield _Assumption("waiting", "", replace(middle, waiting=inputs.waiting))
    for name in settings:
        lever = inputs.lever_index(name)
        for label, arrays in OF_LEVERS.items():
            varied = {}
            for array in arrays:
                varied[array] = getattr(middle, array).copy()
                varied[array][lever] = getattr(inputs, array)[lever]
            if any(len(np.unique(values[lever])) > 1 for values in varied.values()):
                yield _Assumption(label, name, replace(middle, **varied))


def _central(inputs: Inputs, names: tuple[str, ...]) -> Inputs:
    """The inputs with these arrays at their middle in every sample."""
    middle = {}
    for name in names:
        array = getattr(inputs, name)
        if name in EFFECTS:
            middle[name] = np.repeat(np.median(array, axis=1, keepdims=True), array.shape[1], axis=1)
        else:
            middle[name] = np.repeat(array.mean(axis=-1, keepdims=True), array.shape[-1], axis=-1)
    return replace(inputs, **middle)
