"""Totals that grow with time: which of them tell what fewer than ten persons add up to."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analyse.small_cells import rule

FEW, BETWEEN = "few", "between"
"""Why a total is hidden: it is of fewer than ten, or it differs by fewer than ten from a newer one that is shown."""


def hidden_totals(known: pd.DataFrame, added: pd.DataFrame) -> dict[str, str]:
    """Which of the totals that stand beside each other are hidden: the newest is shown wherever it may be.

    The total of all areas goes where that of one of them goes, since the others would tell it.

    Parameters
    ----------
    known : DataFrame (moment, area)
        Persons in the total at each moment, untreated, oldest first.
    added : DataFrame (moment, area)
        Persons of whom something came in since the moment before, untreated.

    Returns
    -------
    dict of str
        Moment that is hidden -> ``FEW`` or ``BETWEEN``.

    Examples
    --------
    In January something came in of 8 youths; in March of 3 more, so that February would tell theirs:

    >>> known = pd.DataFrame({"GM0503": [8, 30, 31]}, index=["2024-01", "2024-02", "2024-03"])
    >>> added = pd.DataFrame({"GM0503": [8, 28, 3]}, index=known.index)
    >>> hidden_totals(known, added)
    {'2024-02': 'between', '2024-01': 'few'}
    """
    hidden: dict[str, str] = {}
    since, shown = np.zeros(known.shape[1]), False
    for moment in known.index[::-1]:
        if rule.small(known.loc[moment].to_numpy(dtype=float)).any():
            hidden[moment] = FEW
        elif shown and rule.small(since).any():
            hidden[moment] = BETWEEN
        else:
            since, shown = np.zeros(known.shape[1]), True
        since = np.maximum(since, added.loc[moment].to_numpy(dtype=float))
    return hidden
