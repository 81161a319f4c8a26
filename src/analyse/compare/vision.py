"""The vision monitor: what is measured of each ambition, which way it went, and what cannot be measured yet.

A verdict needs more than a sign: the 80 % interval of the change must exclude no change. For both years it holds the
margin of the figure and chance (binomial for shares of youths, ``chance.cost_noise`` where costs are in it). Amounts
are compared in euros of the last year, and two years with a declared break between them are not compared.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from statistics import NormalDist
from typing import Any

import numpy as np
import pandas as pd

from analyse.compare import flags as comparability
from analyse.forecast.price import log_index

COLUMNS = [
    "ambition",
    "indicator",
    "measure",
    "direction",
    "period",
    "value",
    "low",
    "high",
    "unit",
    "status",
    "previous_period",
    "previous_value",
    "change",
    "q0.1",
    "q0.9",
    "movement",
    "target_value",
    "target_year",
    "target_met",
]
OF_YOUTHS = ("residential_share_percent", "protection_percent", "probation_percent")
"""Measures that are a share of youths, so that chance in one year is binomial; in the margin of use it is already."""
IN_COSTS = {
    "cost_per_youth_eur": lambda value: value,
    "overspend_fraction": lambda value: 1 + value,
    "fund_per_cost_fraction": lambda value: value,
}
"""Measures with costs in them -> how much they change when costs change by all of themselves."""
REACH_80 = NormalDist().inv_cdf(0.9)


def monitor(
    declared: Any,
    fair: pd.DataFrame,
    area_code: str,
    *,
    members: Collection[str],
    flags: Sequence[comparability.FlagLike],
    noise: tuple[float, float],
    price_growth: pd.Series,
) -> pd.DataFrame:
    """The indicators of one area.

    Parameters
    ----------
    declared : choices.Vision
        Ambitions, indicators and targets, see ``choices.vision``.
    fair : DataFrame
        From ``side_by_side``, with rows of the area.
    area_code : str
        Municipality, region or ``ALL``.
    members : collection of str
        The municipality codes of the area.
    flags : sequence of Flag
        See ``choices.flags``: where figures are not comparable.
    noise : tuple of float
        From ``chance.cost_noise``.
    price_growth : Series
        Growth of prices into each year, a fraction; see ``forecast.known``.

    Returns
    -------
    DataFrame
        One row per indicator, in the order of the vision (``COLUMNS``): the last and previous figure, the change with
        its 80 % interval (in the unit of the figure; amounts in euros of the last year), the movement, the target the
        council of the area set, and whether the last figure meets it. The movement is "towards" or "away" where the
        interval excludes no change, "unclear" where it does not, and "break" with a declared break between the years;
        empty if the indicator has no direction or there is one figure. An indicator that cannot be filled has no
        measure and no value; why stands in the vision.
    """
    own = fair[fair["area_code"] == area_code].sort_values("period")
    youths = own[own["measure"] == "cost_per_youth_eur"].set_index("period")["denominator"].astype(float)
    chance = noise[0] + noise[1] / youths
    targets = {target.indicator: target for target in declared.targets if target.area_code == area_code}
    rows = []
    for ambition in declared.ambitions:
        for indicator in ambition.indicators:
            row = {
                "ambition": ambition.id,
                "indicator": indicator.id,
                "measure": indicator.measure,
                "direction": indicator.direction,
                "movement": "",
            }
            figures = own[own["measure"] == indicator.measure]
            if len(figures):
                row |= {
                    name: figures.iloc[-1][name]
                    for name in ("period", "value", "low", "high", "unit", "status")
                }
            if len(figures) > 1:
                before, last = figures.iloc[-2], figures.iloc[-1]
                row |= {"previous_period": before["period"], "previous_value": before["value"]}
                row |= _change(before, last, chance, price_growth)
                broken = _broken(
                    flags, members, indicator.measure, int(before["period"]), int(last["period"])
                )
                row["movement"] = "break" if broken else _movement(row, indicator.direction)
            target = targets.get(indicator.id)
            if target is not None:
                row |= {
                    "target_value": target.value,
                    "target_year": target.year,
                    "target_met": _met(row.get("value"), target.value, indicator.direction),
                }
            rows.append(row)
    return pd.DataFrame(rows).reindex(columns=COLUMNS)


def _change(before: pd.Series, last: pd.Series, chance: pd.Series, growth: pd.Series) -> dict[str, float]:
    """How much a figure changed, with its 80 % interval; of amounts at the prices of the last year."""
    factor = 1.0
    if last["unit"] == "EUR":
        prices = np.exp(log_index(growth, np.arange(before["period"], last["period"] + 1)))
        factor = float(prices[-1] / prices[0])
    change = last["value"] - factor * before["value"]
    variance = _variance(last, chance) + factor**2 * _variance(before, chance)
    reach = REACH_80 * np.sqrt(variance)
    return {"change": change, "q0.1": change - reach, "q0.9": change + reach}


def _variance(figure: pd.Series, chance: pd.Series) -> float:
    """The variance of a figure of one year: its margin, and what chance does in it."""
    margin = float(figure["high"] - figure["low"]) if pd.notna(figure["high"]) else 0.0
    known, value = (margin / 2 / REACH_80) ** 2, float(figure["value"])
    if figure["measure"] in OF_YOUTHS:
        return known + value * (100 - value) / float(figure["denominator"])
    if figure["measure"] == "clients_per_100_youths":
        return known
    return known + IN_COSTS[figure["measure"]](value) ** 2 * float(chance.get(figure["period"], np.nan))


def _broken(
    flags: Sequence[comparability.FlagLike], members: Collection[str], measure: str, first: int, last: int
) -> bool:
    """Whether something declared to make figures not comparable begins between two years."""
    return any(
        first < flag.first <= last for flag in comparability.touching(flags, members, measure, [first, last])
    )


def _movement(row: dict[str, Any], direction: str) -> str:
    """Which way an indicator went, where its interval tells."""
    if direction == "no direction" or pd.isna(row["q0.1"]):
        return ""
    if row["q0.1"] <= 0 <= row["q0.9"]:
        return "unclear"
    return "towards" if (row["change"] < 0) == (direction == "lower") else "away"


def _met(value: float | None, target: float, direction: str) -> bool | None:
    if value is None or value != value or direction == "no direction":
        return None
    return bool(value <= target if direction == "lower" else value >= target)
