"""Amounts of a whole area in a period: which of them would tell what fewer than ten youths cost.

What was declared of a year up to the cut-off is of a few youths only early in a year, or in a small municipality. Then
it is on no page: not by itself, and not as the sum of a table. The page of a region hides the amounts of a period that
one of its municipalities hides, whether that has a page or not: the region less the others would tell them.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from analyse import small_cells
from analyse.history.completion.triangle import label, month_number
from analyse.monitor import year_end
from analyse.monitor.inputs import Inputs

PERIOD = "period"
"""What such periods are called among what a page leaves out (``category_plans.apart``)."""
NOW, BEFORE = "now", "before"
"""The year up to the cut-off, and the same months of the year before."""
YEAR = 12


def hidden(inputs: Inputs, members: Sequence[str]) -> frozenset[str]:
    """The periods of which the page of an area shows no amount that adds up to all its care.

    Parameters
    ----------
    inputs : Inputs
        The declarations.
    members : sequence of str
        The municipalities of the area.

    Returns
    -------
    frozenset of str
        ``NOW``, ``BEFORE`` and years of care, "2024"; that of the cut-off goes with ``NOW``.
    """
    by_year = inputs.declared(members).youths_by_year(inputs.last_day)
    few = set(by_year.loc[small_cells.small(by_year["clients"]), "year"].astype(str))
    before = inputs.declared(members, inputs.same_day(inputs.year - 1))
    earlier = before.youths_by_year(before.day)
    earlier = earlier[earlier["year"].eq(inputs.year - 1)]
    few |= {BEFORE} if small_cells.small(earlier["clients"]).any() else set()
    return frozenset(few | ({NOW} if str(inputs.year) in few else set()))


def to_date(inputs: Inputs, members: Sequence[str]) -> dict[str, str]:
    """Cut-offs of which what was declared of the year up to then is hidden, and why (``small_cells.hidden_totals``).

    Parameters
    ----------
    inputs, members
        As for ``hidden``.

    Returns
    -------
    dict of str
        Month of the year of the cut-off, "2024-01" -> reason.
    """
    last = int(month_number(pd.Series([pd.Timestamp(inputs.cut_off)]))[0])
    months = [label(month) for month in range(last // YEAR * YEAR, last + 1)]
    found = inputs.declared(members).arrived(inputs.year, months=inputs.last_day.month)
    wide = {
        name: found.pivot_table(index="period", columns="municipality_code", values=name)
        .reindex(months)
        .fillna(0.0)
        for name in ("added", "entered")
    }
    return small_cells.hidden_totals(wide["entered"].cumsum(), wide["added"])


def track(
    inputs: Inputs, *, members: Sequence[str], months: int, samples: int, rng: np.random.Generator
) -> pd.DataFrame:
    """The forecast of each of the last months of the year, without what fewer than ten youths cost.

    Parameters
    ----------
    inputs, members
        As for ``hidden``.
    months, samples, rng
        As for ``year_end.track``, which says what the table holds.
    """
    drawing = {"members": members, "months": months, "samples": samples, "rng": rng}
    hidden_then = to_date(inputs, members)
    return year_end.track(inputs.cells, inputs.contracts, inputs.cut_off, hidden=hidden_then, **drawing)
