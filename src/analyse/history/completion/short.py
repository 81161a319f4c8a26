"""Declarations of too few months: what has been declared of them, and nothing of what is still to come.

How declarations come in, and how far a completion is off, is learned from the past. With too little past there is no
completed amount and no interval: both are missing (NaN), never zero and never a guess.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from analyse.history.completion.complete import BY, Completed
from analyse.history.completion.samples import FEWEST, SETTLED, YEAR, Uncertain
from analyse.history.completion.triangle import AMOUNT, MONTH, from_cells, month_number

NEEDED = YEAR + 1 + FEWEST + SETTLED
"""Months of care needed to say how certain a completion to the end of the year is."""
STRAY = 0.1
"""Of what is declared of the middle month, the part below which earlier months are strays: a correction of long ago."""


def months(cells: pd.DataFrame, cut_off: str | pd.Timestamp) -> int:
    """How many months of care there are up to the cut-off, from the first that is more than a stray line.

    Parameters
    ----------
    cells : DataFrame
        product_month, amount_cents.
    cut_off : last month of which the declarations are known

    Examples
    --------
    >>> cells = pd.DataFrame({"product_month": ["2019-05-01", "2023-11-01", "2023-12-01", "2024-01-01"],
    ...                       "amount_cents": [10, 900, 1000, 800]})
    >>> months(cells, "2024-02")
    4
    """
    last = int(month_number(pd.Series([pd.Timestamp(cut_off)]))[0])
    found = cells.groupby(month_number(cells[MONTH]))[AMOUNT].sum().loc[:last]
    found = found[found > STRAY * found.median()]
    return last - int(found.index.min()) + 1 if len(found) else 0


def declared(
    cells: pd.DataFrame, cut_off: str | pd.Timestamp, *, by: Sequence[str] = BY, ahead: int = 0
) -> Uncertain:
    """What has been declared by series and month, in the shape of a completion; cost and samples are NaN.

    Parameters
    ----------
    cells : DataFrame
        ``by``, product_month, development_month, amount_cents.
    cut_off : last month of which the declarations are known
    by : names of the columns that name a series
    ahead : months after the cut-off, of which nothing is known either
    """
    triangle = from_cells(cells, by, cut_off)
    to_date = np.hstack([triangle.to_date, np.zeros((len(triangle.keys), ahead))])
    unknown = np.full(to_date.shape, np.nan)
    own = Completed(
        keys=triangle.keys,
        months=triangle.first + np.arange(to_date.shape[1]),
        cut_off=triangle.cut_off,
        declared=to_date,
        cost=unknown,
        expected=unknown,
        open_share=unknown,
    )
    return Uncertain(own, np.zeros((1, *to_date.shape)))
