"""Q-analysis: a change of cost split exactly into youths, mix, trajectories, volume and tariff.

The cost of each cell (care form, provider, referrer) is youths x share of the cell x trajectories per youth x volume
per trajectory x cost per unit. The logarithmic mean Divisia index (B. Ang, "The LMDI approach to decomposition
analysis", Energy Policy 33, 2005) gives each factor its part without a remainder; a cell that is there in one year only
is wholly mix.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from analyse.errors import DataError

CELL = ("care_form", "provider", "referrer", "unit")
FACTORS = ("youths", "mix", "trajectories", "volume", "tariff")
AGREED = ("volume", "tariff", "outside")


def split(before: pd.DataFrame, after: pd.DataFrame, *, cell: Sequence[str] = CELL) -> pd.DataFrame:
    """Split the change between two years over the factors, by cell.

    Parameters
    ----------
    before, after : DataFrame
        One row per cell: ``cell``, youths, trajectories, volume, cost_eur. Compare years as known equally long after
        their end, or late declarations come out as less volume.

    Returns
    -------
    DataFrame
        ``cell``, before_eur, after_eur and one column in EUR per factor; a row's factors add up to its change.

    Raises
    ------
    DataError
        A column is missing or a cell is there twice.

    Examples
    --------
    Twice the hours at the same tariff is all volume:

    >>> one = pd.DataFrame({"form": ["ggz"], "youths": [10], "trajectories": [10], "volume": [100], "cost_eur": [9e3]})
    >>> more = one.assign(volume=200, cost_eur=18e3)
    >>> split(one, more, cell=["form"])[list(FACTORS)].round().to_dict("records")
    [{'youths': 0.0, 'mix': 0.0, 'trajectories': 0.0, 'volume': 9000.0, 'tariff': 0.0}]
    """
    cell = list(cell)
    for table in (before, after):
        _check(table, [*cell, "youths", "trajectories", "volume", "cost_eur"], cell)
    whole = before.merge(after, on=cell, how="outer", suffixes=("_0", "_1"), validate="1:1")
    start, end = (whole[f"cost_eur_{when}"].fillna(0).to_numpy(dtype=float) for when in (0, 1))
    factors = {name: _factor(whole, name, before, after) for name in FACTORS}
    both = (
        np.logical_and.reduce([np.isfinite(one) & (one != 0) for one in factors.values()])
        & (start > 0)
        & (end > 0)
    )
    weight = np.where(both, _log_mean(start, end), 0)
    effects = {
        name: np.where(both, weight * np.where(both, change, 0), 0.0) for name, change in _logs(factors, both)
    }
    effects["mix"] = np.where(both, effects["mix"], end - start)
    return whole[cell].assign(before_eur=start, after_eur=end, **effects)


def against_agreed(delivered: pd.DataFrame, agreed: pd.DataFrame) -> pd.DataFrame:
    """What was delivered against what was agreed, by provider and care form: volume, tariff, and outside agreements.

    Parameters
    ----------
    delivered : DataFrame
        provider, care_form, unit, volume, cost_eur
    agreed : DataFrame
        provider, care_form, unit, agreed_volume, agreed_cents

    Returns
    -------
    DataFrame
        provider, care_form, unit, agreed_eur, cost_eur and in EUR ``volume``, ``tariff`` and ``outside`` (no agreement,
        or nothing delivered), which add up to cost_eur less agreed_eur.
    """
    key = ["provider", "care_form", "unit"]
    own = delivered.groupby(key, observed=True)[["volume", "cost_eur"]].sum().reset_index()
    told = agreed.groupby(key, observed=True)[["agreed_volume", "agreed_cents"]].sum().reset_index()
    whole = own.merge(told, on=key, how="outer", validate="1:1")
    cost = whole["cost_eur"].fillna(0).to_numpy(dtype=float)
    target = whole["agreed_cents"].fillna(0).to_numpy(dtype=float) / 100
    volume, promised = (whole[name].fillna(0).to_numpy(dtype=float) for name in ("volume", "agreed_volume"))
    both = (cost > 0) & (target > 0) & (volume > 0) & (promised > 0)
    by_volume = np.where(both, _log_mean(target, cost), 0) * np.log(
        np.where(both, volume / np.where(both, promised, 1), 1)
    )
    return whole[key].assign(
        agreed_eur=target, cost_eur=cost, volume=by_volume, tariff=np.where(both, cost - target - by_volume, 0.0),
        outside=np.where(both, 0.0, cost - target),
    )  # fmt: skip


def _factor(whole: pd.DataFrame, name: str, before: pd.DataFrame, after: pd.DataFrame) -> np.ndarray:
    """Ratio of a factor after to before, by cell; NaN where it has no meaning."""
    youths = [whole[f"youths_{when}"].to_numpy(dtype=float, na_value=np.nan) for when in (0, 1)]
    total = [float(table["youths"].sum()) for table in (before, after)]
    above = {"trajectories": "trajectories", "volume": "volume", "tariff": "cost_eur"}
    below = {"trajectories": "youths", "volume": "trajectories", "tariff": "volume"}
    if name == "youths":
        values = [np.full(len(whole), one) for one in total]
    elif name == "mix":
        values = [one / whole_of for one, whole_of in zip(youths, total, strict=True)]
    else:
        pair = (above[name], below[name])
        parts = [
            [whole[f"{one}_{when}"].to_numpy(dtype=float, na_value=np.nan) for one in pair] for when in (0, 1)
        ]
        values = [_ratio(*part) for part in parts]
    return _ratio(values[1], values[0])


def _logs(factors: dict[str, np.ndarray], both: np.ndarray) -> list[tuple[str, np.ndarray]]:
    return [(name, np.log(np.where(both, ratio, 1.0))) for name, ratio in factors.items()]


def _ratio(above: np.ndarray, below: np.ndarray) -> np.ndarray:
    return np.divide(above, below, out=np.full(np.shape(above), np.nan), where=below > 0)


def _log_mean(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """Logarithmic mean of two amounts above zero; their common value where they are the same."""
    safe_first, safe_second = np.maximum(first, 1e-12), np.maximum(second, 1e-12)
    logs = np.log(safe_second / safe_first)
    near = np.abs(logs) < 1e-9
    return np.where(near, safe_first, (safe_second - safe_first) / np.where(near, 1, logs))


def _check(table: pd.DataFrame, columns: list[str], cell: list[str]) -> None:
    absent = [name for name in columns if name not in table]
    if absent:
        raise DataError(
            f"Q-analysis: no column {', '.join(absent)}; the table has {', '.join(map(str, table.columns))}"
        )
    if table.duplicated(cell).any():
        raise DataError(
            f"Q-analysis: {int(table.duplicated(cell).sum())} cells are there twice; one row per {', '.join(cell)}"
        )
