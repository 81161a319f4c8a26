"""Digits that a figure has: what stands behind them is the arithmetic's, and goes out in no table, workbook or JSON."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pandas as pd

EUROS = re.compile(r"(^|.*_)eur(_.*|$)")
QUANTILE = re.compile(r"q?0\.\d+")
LARGE = 1000


def known(value: float) -> float:
    """A number with at most three decimals, or six digits below a thousand.

    Examples
    --------
    >>> known(0.1 + 0.2), known(1234567.125), known(1 / 3)
    (0.3, 1234567.125, 0.333333)
    """
    return round(value, 3) if abs(value) >= LARGE else float(f"{value:.6g}")


def estimated(value: float) -> float:
    """The same for what is only about right: whole from a thousand on.

    Examples
    --------
    >>> estimated(471931874.045), estimated(1 / 3)
    (471931874.0, 0.333333)
    """
    return round(value, 0) if abs(value) >= LARGE else known(value)


def of_table(frame: pd.DataFrame) -> pd.DataFrame:
    """A table with the digits that its figures have.

    Every figure of a table with quantiles is an estimate, and so is an amount in euros of which not every row is a
    whole number of cents: below a thousand, that has cents.

    Examples
    --------
    >>> given = {"cost_eur": [2e6 / 3, 2e3 / 3], "paid_eur": [1250.5, 3.25], "rate": [1 / 3, 2e3 / 3]}
    >>> of_table(pd.DataFrame(given)).to_dict("list")
    {'cost_eur': [666667.0, 666.67], 'paid_eur': [1250.5, 3.25], 'rate': [0.333333, 666.667]}
    """
    estimates = any(QUANTILE.fullmatch(str(name)) for name in frame)
    made = frame.copy(deep=False)
    for place, name in enumerate(frame):
        column = frame.iloc[:, place]
        if pd.api.types.is_float_dtype(column):
            euros = EUROS.fullmatch(str(name)) is not None and not _in_cents(column)
            rounded = column.map(estimated if estimates or euros else known, na_action="ignore")
            made.isetitem(place, rounded.round(2) if euros else rounded)
    return made


def of_values(told: Any) -> Any:
    """The same for mappings and lists, as they go into JSON.

    Examples
    --------
    >>> of_values({"effect": -1 / 3, "years": [2024, 2025]})
    {'effect': -0.333333, 'years': [2024, 2025]}
    """
    if isinstance(told, dict):
        return {key: of_values(value) for key, value in told.items()}
    if isinstance(told, list | tuple):
        return [of_values(value) for value in told]
    return known(told) if isinstance(told, float) else told


def _in_cents(amounts: pd.Series) -> bool:
    """Whether every amount is a whole number of cents, as those are that somebody pays."""
    cents = amounts.dropna().to_numpy(float) * 100
    return bool(np.allclose(cents, np.round(cents), rtol=0, atol=1e-4))
