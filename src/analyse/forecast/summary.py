"""What a reader needs of the paths: quantiles and the chance that a budget is exceeded."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from analyse.errors import DataError
from analyse.schema import QUANTILES, WHOLE_STATUSES, quantile_names

COVERAGE_80, COVERAGE_95 = ("q0.1", "q0.9"), ("q0.025", "q0.975")
MEASURES = ("cost_eur", "clients", "youths")
KEYS = ["area_code", "period"]


def quantiles(paths: pd.DataFrame, measures: Sequence[str] = MEASURES) -> pd.DataFrame:
    """Mean and quantiles over the samples.

    Parameters
    ----------
    paths : DataFrame
        From ``by_area``: one row per (area_code, care_form, period, sample).
    measures : sequence of str
        Columns to summarise.

    Returns
    -------
    DataFrame
        One row per (area_code, period, measure): stage, mean, q0.025, q0.1, q0.5, q0.9, q0.975, in the unit of the
        measure (EUR, or youths). An 80 % interval is q0.1 to q0.9, a 95 % interval q0.025 to q0.975. Where stage is
        ``observed`` all are equal for cost_eur; clients are forecast in every row.

    Raises
    ------
    DataError
        If there is not one row per area, period and sample: several care forms or levels together.
    KeyError
        If a column is missing.

    Examples
    --------
    >>> paths = pd.DataFrame({"area_code": "GM0503", "period": 2025, "sample": range(5), "stage": "forecast",
    ...                       "cost_eur": [30.0, 10.0, 50.0, 20.0, 40.0]})
    >>> quantiles(paths, ["cost_eur"])[["mean", "q0.1", "q0.5"]].round(1).iloc[0].tolist()
    [30.0, 14.0, 30.0]

    In half of the futures costs are above 30.
    """
    keys, cube = _cube(paths, measures)
    values = np.quantile(cube, QUANTILES, axis=2)
    parts = [
        keys.assign(
            measure=name,
            mean=cube[row].mean(axis=1),
            **dict(zip(quantile_names(), values[:, row], strict=True)),
        )
        for row, name in enumerate(measures)
    ]
    ordered = pd.concat(parts).sort_values([*KEYS, "measure"], kind="stable")
    return ordered.reset_index(drop=True)


def chance_budget_exceeded(paths: pd.DataFrame, history: pd.DataFrame) -> pd.DataFrame:
    """Chance that costs end above the budget, and the amount at risk.

    Parameters
    ----------
    paths : DataFrame
        From ``by_area``.
    history : DataFrame
        From the history's ``by_area`` at the same level, with budget_eur and budget_status; where it has
        ``budget_with_policy_eur``, the largest budget that can be meant.

    Returns
    -------
    DataFrame
        One row per area and forecast year with a budget: area_code, period, budget_eur, budget_status,
        probability (0-1) and probability_low (the chance against the largest budget that can be meant; the same
        where there is one budget), amount_at_risk_eur (P90 of the costs less the budget, 0 when that is negative),
        largest_eur (that largest budget; the budget itself where there is one).
        A budget of which a part is unknown (``incomplete``) is a lower bound: no chance is given.

    Raises
    ------
    DataError, KeyError
        As for ``quantiles``, of either table.

    Examples
    --------
    >>> paths = pd.DataFrame({"area_code": "GM0503", "period": 2025, "sample": range(4), "stage": "forecast",
    ...                       "cost_eur": [90.0, 100.0, 110.0, 120.0]})
    >>> history = pd.DataFrame({"area_code": ["GM0503"], "period": [2025], "budget_eur": [105.0],
    ...                         "budget_status": ["final"]})
    >>> row = chance_budget_exceeded(paths, history).iloc[0]
    >>> float(row["probability"]), round(float(row["amount_at_risk_eur"]), 1)
    (0.5, 12.0)

    In two of the four futures costs end above the budget of 105.
    """
    keys, cube = _cube(_forecast(paths), ["cost_eur"])
    budgets = history.assign(largest=history.get("budget_with_policy_eur", history["budget_eur"]))
    budgets = budgets[[*KEYS, "budget_eur", "budget_status", "largest"]]
    budgets = budgets.astype({"area_code": "str", "period": "int64"})
    placed = keys.merge(budgets, on=KEYS, how="left", validate="1:1")
    budget = placed["budget_eur"].to_numpy(dtype=float, na_value=np.nan)
    whole = placed["budget_status"].isin(WHOLE_STATUSES).to_numpy()
    costs = cube[0]
    above = (costs > budget[:, None]).mean(axis=1)
    largest = placed["largest"].to_numpy(dtype=float, na_value=np.nan)
    lower = np.where(np.isnan(largest), above, (costs > largest[:, None]).mean(axis=1))
    risk = np.maximum(np.quantile(costs, 0.9, axis=1) - budget, 0.0)
    result = placed.assign(
        probability=np.where(whole, above, np.nan),
        probability_low=np.where(whole, lower, np.nan),
        amount_at_risk_eur=np.where(whole, risk, np.nan),
        largest_eur=np.where(np.isnan(largest), budget, largest),
    )
    known = result["budget_eur"].notna()
    shown = [
        "budget_eur",
        "budget_status",
        "probability",
        "probability_low",
        "amount_at_risk_eur",
        "largest_eur",
    ]
    return result.loc[known, [*KEYS, *shown]].reset_index(drop=True)


CERTAINTY = (0.5, 0.8, 0.9)
"""Fractions of the futures that an amount must suffice for."""


def certainty(paths: pd.DataFrame) -> pd.DataFrame:
    """The amount that suffices with a certainty of 50, 80 and 90 %, and what the next accounts would narrow.

    When the accounts of the first year ahead are known, the later years move with them: the part of their
    variance (of log costs) that the first year explains in the joint futures is then gone.

    Parameters
    ----------
    paths : DataFrame
        From ``by_area``.

    Returns
    -------
    DataFrame
        One row per area and forecast year: area_code, period, amount_50_eur, amount_80_eur, amount_90_eur,
        width_80_percent (of the 80 % interval, per cent of the median) and width_80_then_percent (the same once the
        accounts of the first year ahead are known; 0 for that year itself).

    Examples
    --------
    In ten futures costs of 2025 are 91 to 100, and in 2026 always the same again:

    >>> costs = np.arange(91.0, 101.0)
    >>> paths = pd.DataFrame({"area_code": "GM0503", "period": np.repeat([2025, 2026], 10), "stage": "forecast",
    ...                       "sample": np.tile(range(10), 2), "cost_eur": np.tile(costs, 2)})
    >>> table = certainty(paths)
    >>> table[["amount_50_eur", "amount_80_eur", "amount_90_eur"]].round(1).iloc[0].tolist()
    [95.5, 98.2, 99.1]
    >>> table["width_80_then_percent"].round(3).tolist()
    [0.0, 0.0]

    Of five futures four cost at most 98.2; once 2025 is known, 2026 is too.
    """
    keys, cube = _cube(_forecast(paths), ["cost_eur"])
    amounts = np.quantile(cube[0], CERTAINTY, axis=1)
    low, middle, high = np.quantile(cube[0], (0.1, 0.5, 0.9), axis=1)
    width = 100 * (high - low) / middle
    first = (
        keys["area_code"].map(dict(zip(keys["area_code"][::-1], keys.index[::-1], strict=True))).to_numpy()
    )
    logs = np.log(cube[0])
    off = logs - logs.mean(axis=1, keepdims=True)
    spread = np.sqrt((off**2).mean(axis=1))
    together = (off * off[first]).mean(axis=1) / np.maximum(spread * spread[first], 1e-300)
    left = np.sqrt(np.clip(1 - together**2, 0.0, 1.0))
    columns = {f"amount_{round(100 * part)}_eur": amounts[row] for row, part in enumerate(CERTAINTY)}
    return keys[KEYS].assign(**columns, width_80_percent=width, width_80_then_percent=width * left)


def _forecast(paths: pd.DataFrame) -> pd.DataFrame:
    return paths.loc[paths["stage"] == "forecast"]


def _cube(paths: pd.DataFrame, measures: Sequence[str]) -> tuple[pd.DataFrame, np.ndarray]:
    """Keys (area_code, period, stage), and values (measure, key, sample)."""
    samples = paths["sample"].nunique()
    ordered = paths.sort_values([*KEYS, "sample"], kind="stable")
    if samples == 0 or len(ordered) % samples or ordered.duplicated([*KEYS, "sample"]).any():
        raise DataError(
            f"paths: {len(ordered)} rows and {samples} samples; expected one row per "
            "area, period and sample, so summarise one care form and level at a time"
        )
    keys = ordered.iloc[::samples][[*KEYS, "stage"]].reset_index(drop=True)
    keys = keys.astype({"area_code": "str", "period": "int64", "stage": "str"})
    return keys, np.stack([ordered[name].to_numpy(dtype=float).reshape(-1, samples) for name in measures])
