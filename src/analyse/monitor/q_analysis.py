"""Q-analysis: a change of cost split exactly into youths, trajectories, mix, volume and tariff.

The cost of each cell (care form, provider, referrer) is youths x trajectories per youth x share of the cell in all
trajectories x volume per trajectory x cost per unit. The logarithmic mean Divisia index (B. Ang, "The LMDI approach to
decomposition analysis", Energy Policy 33, 2005) gives each factor its part without a remainder; a cell that is there in
one year only is wholly mix. Youths are counted once, whatever number of cells they are in.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analyse.errors import DataError

CELL = ("care_form", "provider", "referrer", "unit")
FACTORS = ("youths", "trajectories", "mix", "volume", "tariff")
AGREED = ("volume", "tariff", "outside")
MEASURES = ("trajectories", "volume", "cost_eur")


@dataclass(frozen=True)
class Quantities:
    """The care of one year."""

    cells: pd.DataFrame
    """One row per cell: care_form, provider, referrer, unit, trajectories, volume, cost_eur."""
    youths: pd.DataFrame
    """dimension ("care_form", "provider", "referrer" or "" for all together), name, youths: each counted once in a row.
    Untreated: hide small ones before showing."""

    @property
    def all_youths(self) -> int:
        """Youths, each counted once."""
        return int(self.youths.loc[self.youths["dimension"].eq(""), "youths"].sum())

    def by(self, dimension: str) -> pd.Series:
        """Youths by the names of a dimension."""
        own = self.youths[self.youths["dimension"].eq(dimension)]
        return own.set_index("name")["youths"]


def split(before: Quantities, after: Quantities, *, cell: Sequence[str] = CELL) -> pd.DataFrame:
    """Split the change between two years over the factors, by cell.

    Compare years as known equally long after their end, or late declarations come out as less volume.

    Parameters
    ----------
    before, after : Quantities
        The two years; compare them as known equally long after their end, or late declarations come out as less volume.
    cell : sequence of str
        Columns that make one row, such as care form and provider.

    Returns
    -------
    DataFrame
        ``cell``, before_eur, after_eur and one column in EUR per factor; a row's factors add up to its change.

    Raises
    ------
    DataError
        When a column is missing, or the same cell has two rows.

    Examples
    --------
    Twice the hours at the same tariff is all volume:

    >>> one = pd.DataFrame({"form": ["ggz"], "trajectories": [10], "volume": [100], "cost_eur": [9e3]})
    >>> ten = pd.DataFrame({"dimension": [""], "name": [""], "youths": [10]})
    >>> more = one.assign(volume=200, cost_eur=18e3)
    >>> split(Quantities(one, ten), Quantities(more, ten), cell=["form"])[list(FACTORS)].round().to_dict("records")
    [{'youths': 0.0, 'trajectories': 0.0, 'mix': 0.0, 'volume': 9000.0, 'tariff': 0.0}]
    """
    cell = list(cell)
    for year in (before, after):
        _check(year.cells, [*cell, *MEASURES], cell)
    whole = before.cells.merge(after.cells, on=cell, how="outer", suffixes=("_0", "_1"), validate="1:1")
    start, end = (whole[f"cost_eur_{when}"].fillna(0).to_numpy(dtype=float) for when in (0, 1))
    factors = _factors(whole, before, after)
    usable = [np.isfinite(one) & (one > 0) for one in factors.values()]
    both = np.logical_and.reduce([*usable, start > 0, end > 0])
    weight = np.where(both, _log_mean(start, end), 0)
    effects = {name: weight * np.log(np.where(both, ratio, 1.0)) for name, ratio in factors.items()}
    effects["mix"] = np.where(both, effects["mix"], end - start)
    return whole[cell].assign(before_eur=start, after_eur=end, **effects)


def by(found: pd.DataFrame, dimension: str, before: Quantities, after: Quantities) -> pd.DataFrame:
    """A split added up by care form, provider or referrer; every one of these tables adds up to the same total.

    Parameters
    ----------
    found : DataFrame
        From ``split`` of ``before`` and ``after``.
    dimension : str
        care_form, provider or referrer.
    before, after : Quantities
        As for ``split``.

    Returns
    -------
    DataFrame
        ``dimension``, before_eur, after_eur, the factors, and youths_before and youths_after (persons, untreated).
    """
    summed = found.groupby(dimension, observed=True)[["before_eur", "after_eur", *FACTORS]].sum()
    counted = {
        f"youths_{name}": year.by(dimension).reindex(summed.index).fillna(0).astype(float)
        for name, year in (("before", before), ("after", after))
    }
    return summed.assign(**counted).reset_index()


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
        agreed_eur=target,
        cost_eur=cost,
        volume=by_volume,
        tariff=np.where(both, cost - target - by_volume, 0.0),
        outside=np.where(both, 0.0, cost - target),
    )


def _factors(whole: pd.DataFrame, before: Quantities, after: Quantities) -> dict[str, np.ndarray]:
    """Ratio of each factor after to before, by cell; NaN where it has no meaning."""
    levels = []
    for when, year in enumerate((before, after)):
        trajectories, volume, cost = (
            whole[f"{name}_{when}"].to_numpy(dtype=float, na_value=np.nan) for name in MEASURES
        )
        together = float(year.cells["trajectories"].sum())
        levels.append(
            {
                "youths": np.full(len(whole), float(year.all_youths)),
                "trajectories": _ratio(
                    np.full(len(whole), together), np.full(len(whole), float(year.all_youths))
                ),
                "mix": _ratio(trajectories, np.full(len(whole), together)),
                "volume": _ratio(volume, trajectories),
                "tariff": _ratio(cost, volume),
            }
        )
    return {name: _ratio(levels[1][name], levels[0][name]) for name in FACTORS}


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
