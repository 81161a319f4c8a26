"""The vision monitor: what is measured of each ambition, which way it went, and what cannot be measured yet."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

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
    "movement",
    "target_value",
    "target_year",
    "target_met",
]


def monitor(declared: Any, fair: pd.DataFrame, area_code: str) -> pd.DataFrame:
    """The indicators of one area.

    Parameters
    ----------
    declared : choices.Vision
        Ambitions, indicators and targets, see ``choices.vision``.
    fair : DataFrame
        From ``side_by_side``, with rows of the area.
    area_code : str
        Municipality, region or ``ALL``.

    Returns
    -------
    DataFrame
        One row per indicator, in the order of the vision (``COLUMNS``): the last and previous figure, movement
        ("towards", "away", "same"; empty if the indicator has no direction or there is one figure), the
        target the council of the area set, and whether the last figure meets it. An indicator that cannot
        be filled has no measure and no value; why stands in the vision.
    """
    own = fair[fair["area_code"] == area_code].sort_values("period")
    targets = {one.indicator: one for one in declared.targets if one.area_code == area_code}
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
            row |= _last(own[own["measure"] == indicator.measure], indicator.direction)
            target = targets.get(indicator.id)
            if target is not None:
                row |= {
                    "target_value": target.value,
                    "target_year": target.year,
                    "target_met": _met(row.get("value"), target.value, indicator.direction),
                }
            rows.append(row)
    return pd.DataFrame(rows).reindex(columns=COLUMNS)


def _last(rows: pd.DataFrame, direction: str) -> dict[str, Any]:
    """The last figure, and the one before it."""
    if rows.empty:
        return {}
    last = rows.iloc[-1]
    found = {name: last[name] for name in ("period", "value", "low", "high", "unit", "status")}
    if len(rows) > 1:
        before = rows.iloc[-2]
        found |= {"previous_period": before["period"], "previous_value": before["value"]}
        change = np.sign(last["value"] - before["value"])
        if change == change and direction != "no direction":
            wanted = -1 if direction == "lower" else 1
            found["movement"] = "same" if change == 0 else "towards" if change == wanted else "away"
    return found


def _met(value: float | None, target: float, direction: str) -> bool | None:
    if value is None or value != value or direction == "no direction":
        return None
    return bool(value <= target if direction == "lower" else value >= target)
