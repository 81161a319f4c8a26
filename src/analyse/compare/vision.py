"""The vision monitor: what is measured of each ambition, which way it went, and what cannot be measured yet.

A verdict needs more than a sign: the 80 % interval of the change must exclude no change. For both years it holds the
margin of the figure and chance (binomial for shares of youths, ``chance.cost_noise`` where costs are in it). Amounts
are compared in euros of the last year, and two years with a declared break between them are not compared. Figures come
from published tables; where there is a store of declarations, its outcomes fill what these cannot, and say so.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

import numpy as np
import pandas as pd

from analyse.compare import flags as comparability
from analyse.forecast.price import log_index
from analyse.schema import REACH_80, REACH_95

COLUMNS = [
    "ambition",
    "indicator",
    "measure",
    "origin",
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


OPEN, DECLARATIONS = "published figures", "declarations"
"""Where a figure comes from."""
PERCENT = {"fraction": (100.0, "%")}
"""Unit of an outcome of declarations -> what it is multiplied by and shown in."""
TO_80 = REACH_80 / REACH_95
"""Half an 80 % interval as a part of half a 95 % one, which outcomes of declarations have."""


def monitor(
    declared: Any,
    fair: pd.DataFrame,
    area_code: str,
    *,
    members: Collection[str],
    flags: Sequence[comparability.Flag],
    noise: tuple[float, float],
    price_growth: pd.Series,
) -> pd.DataFrame:
    """The indicators of one area, from published figures.

    Parameters
    ----------
    declared : choices.Vision
        Ambitions, indicators and targets, one of ``choices.visions``.
    fair : DataFrame
        From ``side_by_side`` and ``vision_figures.figures``, with rows of the area.
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
        its 80 % interval (in the unit of the figure; amounts in euros of the last year), the movement, the target that
        was set for the area (that of the year of the figure, else the next one), and whether the last figure meets it.
        The movement is "towards" or "away" where the interval excludes no change, "unclear" where it does not, "break"
        with a declared break between the years, "stated" where the figures have no margin; empty if the indicator has
        no direction or there is one figure. An indicator that cannot be filled has no value; what would fill it stands
        in the vision. ``origin`` is where the figure comes from, ``measure`` its name there.
    """
    own = fair[fair["area_code"] == area_code].sort_values("period")
    youths = own[own["measure"] == "cost_per_youth_eur"].set_index("period")["denominator"].astype(float)
    chance = noise[0] + noise[1] / youths
    rows = []
    for ambition, indicator in declared.followed:
        figures = own[own["measure"] == indicator.measure]
        row = {
            "ambition": ambition.id,
            "indicator": indicator.id,
            "measure": indicator.measure,
            "origin": OPEN if len(figures) else "",
            "direction": indicator.direction,
            **_shown(figures, indicator.direction, chance, price_growth),
        }
        if len(figures) > 1:
            first, last = (int(figures.iloc[place]["period"]) for place in (-2, -1))
            if _broken(flags, members, indicator.measure, first, last):
                row["movement"] = "break"
        target = _target(declared.targets, indicator.id, area_code, row.get("period"))
        if target is not None:
            row |= {
                "target_value": target.value,
                "target_year": target.year,
                "target_met": _met(row.get("value"), target.value, indicator.direction),
            }
        rows.append(row)
    return pd.DataFrame(rows).reindex(columns=COLUMNS)


def beside(followed: pd.DataFrame, fair: pd.DataFrame, codes: Sequence[str]) -> pd.DataFrame:
    """The published figures of other areas of the same indicator and year.

    Parameters
    ----------
    followed : DataFrame
        From ``monitor``.
    fair : DataFrame
        As for ``monitor``, with rows of the other areas.
    codes : sequence of str
        The other areas, in the order wanted.

    Returns
    -------
    DataFrame
        indicator, area_code, value, low, high; the value is empty where only its bounds are known, and there is no row
        where an area has no figure of that year.
    """
    keys = followed.loc[followed["origin"].eq(OPEN), ["indicator", "measure", "period"]]
    found = keys.merge(
        fair[["area_code", "measure", "period", "value", "low", "high"]], on=["measure", "period"]
    )
    found = found[found["area_code"].isin(codes) & (found["value"].notna() | found["low"].notna())]
    order = {code: place for place, code in enumerate(codes)}
    return found.sort_values("area_code", key=lambda column: column.map(order), kind="stable")[
        ["indicator", "area_code", "value", "low", "high"]
    ].reset_index(drop=True)


def with_declarations(followed: pd.DataFrame, declared: Any, outcomes: pd.DataFrame) -> pd.DataFrame:
    """The same indicators, those that declarations of the area show from these.

    Parameters
    ----------
    followed : DataFrame
        From ``monitor``.
    declared : choices.Vision
        The vision that is followed.
    outcomes : DataFrame
        What the declarations show: indicator, care_form ("total" for all), year, value, unit, n, low and high (95 %);
        a value is empty where it is of fewer than ten youths.

    Returns
    -------
    DataFrame
        As ``followed``; a fraction is shown as per cent, and its interval narrowed from 95 to 80 % as of a normal
        distribution. Two years that share youths are taken as apart, so a verdict comes late rather than early.
    """
    whole = outcomes[outcomes["care_form"].eq("total")].sort_values("year")
    rows = []
    for row in followed.to_dict("records"):
        name = declared.known[row["indicator"]].declared
        told = whole[whole["indicator"].eq(name)]
        figures = told.dropna(subset="value")
        if figures.empty:
            few = told.dropna(subset="n").tail(1)
            hidden = {"period": few["year"].max(), "status": "suppressed", "origin": DECLARATIONS}
            rows.append(row if few.empty or row["origin"] else {**row, **hidden})
            continue
        unit = str(figures["unit"].iloc[0])
        factor, unit = PERCENT.get(unit, (1.0, unit))
        value = factor * figures["value"]
        ends = {end: value + TO_80 * (factor * figures[end] - value) for end in ("low", "high")}
        figures = figures.rename(columns={"year": "period"}).assign(
            value=value, unit=unit, measure=name, status="provisional", **ends
        )
        shown = _shown(figures, row["direction"], pd.Series(dtype=float), pd.Series(dtype=float))
        kept = {key: row[key] for key in ("ambition", "indicator", "direction")}
        kept |= {
            key: value for key, value in row.items() if key not in COLUMNS and not key.startswith("beside")
        }
        rows.append({**kept, "measure": name, "origin": DECLARATIONS, **shown})
    return pd.DataFrame(rows).reindex(columns=list(followed))


def _shown(figures: pd.DataFrame, direction: str, chance: pd.Series, growth: pd.Series) -> dict[str, Any]:
    """The last figure of an indicator, the one before it, the change, and which way it went."""
    row: dict[str, Any] = {"movement": ""}
    if len(figures):
        row |= {name: figures.iloc[-1][name] for name in ("period", "value", "low", "high", "unit", "status")}
    if len(figures) > 1:
        before, last = figures.iloc[-2], figures.iloc[-1]
        row |= {"previous_period": before["period"], "previous_value": before["value"]}
        change = _change(before, last, chance, growth)
        row |= change
        row["movement"] = _movement(row, direction) if change else ""
    return row


def _target(targets: Sequence[Any], indicator: str, area_code: str, period: Any) -> Any:
    """The target of the year of a figure, else the next one, else the last one; None where none was set."""
    own = sorted(
        (one for one in targets if (one.indicator, one.area_code) == (indicator, area_code)),
        key=lambda one: one.year,
    )
    later = [one for one in own if period is None or one.year >= period]
    return (later or own or [None])[0 if later else -1]


def _change(before: pd.Series, last: pd.Series, chance: pd.Series, growth: pd.Series) -> dict[str, float]:
    """How much a figure changed, with its 80 % interval; of amounts at the prices of the last year.

    Nothing where the prices between the two years are not known.
    """
    factor = 1.0
    if last["unit"] == "EUR":
        if not set(range(before["period"] + 1, last["period"] + 1)) <= set(growth.index):
            return {}
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
    if figure["measure"] not in IN_COSTS:
        return known
    return known + IN_COSTS[figure["measure"]](value) ** 2 * float(chance.get(figure["period"], np.nan))


def _broken(
    flags: Sequence[comparability.Flag], members: Collection[str], measure: str, first: int, last: int
) -> bool:
    """Whether something declared to make figures not comparable begins between two years."""
    return any(
        first < flag.first <= last for flag in comparability.touching(flags, members, measure, [first, last])
    )


def _movement(row: dict[str, Any], direction: str) -> str:
    """Which way an indicator went, where its interval tells."""
    if row["q0.1"] == row["q0.9"]:
        return "stated" if direction != "no direction" else ""
    if direction == "no direction" or pd.isna(row["q0.1"]):
        return ""
    if row["q0.1"] <= 0 <= row["q0.9"]:
        return "unclear"
    return "towards" if (row["change"] < 0) == (direction == "lower") else "away"


def _met(value: float | None, target: float, direction: str) -> bool | None:
    if value is None or value != value or direction == "no direction":
        return None
    return bool(value <= target if direction == "lower" else value >= target)
