"""Funnel limits: between which values providers usually lie, given how many trajectories each has. No ranking."""

from __future__ import annotations

import numpy as np
import pandas as pd

LIMITS = (0.95, 0.998)
"""The usual limits of a funnel (D. Spiegelhalter, "Funnel plots for comparing institutional performance", Statistics
in Medicine 24, 2005)."""
NORMAL = {0.95: 1.959964, 0.998: 3.090232}
WINSOR = 0.1
"""Tail of the providers that does not count in how much providers usually differ (overdispersion)."""


def judged(table: pd.DataFrame, value: str, *, target: float, error: pd.Series) -> pd.DataFrame:
    """Limits around what all have together, and who lies outside the outer ones.

    The limits are those of chance, widened by how much providers differ beyond it (Spiegelhalter 2005, with a tenth of
    the providers at either end winsorised): who stands out does so among its peers.

    Parameters
    ----------
    table : DataFrame
        One row per provider.
    value : str
        Column of its value.
    target : float
        The value of all together.
    error : Series
        Standard error of a provider's value by chance alone.

    Returns
    -------
    DataFrame
        ``table`` with expected, error (widened), low and high per limit ("low_0.95", ...), and signal: "more", "less"
        or "" (inside the 99.8 % limits).

    Examples
    --------
    >>> rows = pd.DataFrame({"hours": [2.0, 2.1, 1.9, 9.0]})
    >>> judged(rows, "hours", target=2.0, error=pd.Series(0.1, index=range(4)))["signal"].tolist()
    ['', '', '', '']
    """
    distance = (table[value] - target) / error
    ends = distance.quantile([WINSOR, 1 - WINSOR])
    usual = float(np.sqrt((distance.clip(ends.iloc[0], ends.iloc[1]) ** 2).mean())) if len(table) else 1.0
    wide = error * max(1.0, usual)
    found = table.assign(expected=target, error=wide)
    for share in LIMITS:
        found[f"low_{share:g}"] = (target - NORMAL[share] * wide).clip(lower=0)
        found[f"high_{share:g}"] = target + NORMAL[share] * wide
    outer = f"{LIMITS[-1]:g}"
    signal = np.select(
        [found[value] > found[f"high_{outer}"], found[value] < found[f"low_{outer}"]], ["more", "less"], ""
    )
    return found.assign(signal=signal)
