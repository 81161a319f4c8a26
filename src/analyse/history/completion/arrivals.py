"""Whether the newest month of declarations is in: what arrived beside what was to be expected, on the last diagonal.

Development by month of care cannot see a file that came late: it takes from every recent month at once. So what arrived
in the newest calendar month is compared with what earlier months made likely, by provider and together, and judged by
how far that was off at earlier cut-offs (calendar-year test: T. Mack, "Measuring the variability of chain ladder
reserve estimates", CAS Forum 1994, appendix H; G. Barnett and B. Zehnwirth, PCAS 87, 2000).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analyse.history.completion import level, totals
from analyse.history.completion.accrual import ACCRUED
from analyse.history.completion.complete import CLASS, FEWEST_MONTHS, classed
from analyse.history.completion.development import YEAR, at_cut_off, completed
from analyse.history.completion.triangle import AMOUNT, LAG, MONTH, Triangle, label, month_number

PAST = 12
"""Earlier cut-offs that tell how far arrivals usually are off; with fewer nothing is said."""
BEYOND = 3.0
"""Standard errors below the usual that a month's arrivals must lie to be called incomplete."""
SMALLEST_SPREAD = 0.02
LESS = 0.9
"""Of what was expected, the part below which a month is incomplete; of one provider ``LESS_OF_ONE``."""
LESS_OF_ONE = 0.5
LARGE = 0.05
"""A provider from which at least this part of the month is expected is looked at separately."""
MOST_STEPS = 2
PROVIDER = "provider"


@dataclass(frozen=True)
class Late:
    """A month of declarations that is not in."""

    month: str
    """The month of arrival, "2024-10"."""
    provider: str
    """Whose declarations are missing; empty when only the total shows it."""
    share: float
    """What arrived, as a part of what was expected."""


def last_finished(cells: pd.DataFrame, cut_off: str) -> tuple[str, tuple[Late, ...]]:
    """The last month of which the declarations are in, and what is missing of those after it.

    Parameters
    ----------
    cells : DataFrame
        provider, product_month, development_month, amount_cents.
    cut_off : str
        The month to begin with, "2024-10"; at most ``MOST_STEPS`` months are left out.
    """
    own = (
        cells[cells[PROVIDER] != ACCRUED]
        .groupby([PROVIDER, MONTH, LAG], as_index=False, observed=True)[AMOUNT]
        .sum()
    )
    missing: list[Late] = []
    for _ in range(MOST_STEPS):
        found = _late(own, cut_off)
        if not found:
            break
        missing += found
        cut_off = label(int(month_number(pd.Series([pd.Timestamp(cut_off)]))[0]) - 1)
    return cut_off, tuple(missing)


def _late(cells: pd.DataFrame, cut_off: str) -> list[Late]:
    """What is missing of the arrivals of the month of the cut-off; nothing where there is too little to tell."""
    last = int(month_number(pd.Series([pd.Timestamp(cut_off)]))[0])
    first = int(month_number(cells[MONTH]).min()) if len(cells) else last
    cut_offs = np.arange(max(last - PAST, first + FEWEST_MONTHS), last + 1)
    if len(cut_offs) <= PAST:
        return []
    whole = classed(cells, cut_off, by=(PROVIDER,))
    expected = np.stack([expected_arrivals(whole.at(int(month) - 1)) for month in cut_offs])
    actual = np.stack([_arrived(whole, int(month)) for month in cut_offs])
    found = []
    if _is_low(actual.sum(axis=1), expected.sum(axis=1), LESS):
        found.append(Late(label(last), "", float(actual[-1].sum() / expected[-1].sum())))
    large = np.flatnonzero(expected[-1] > LARGE * expected[-1].sum())
    found += [
        Late(label(last), str(whole.keys[PROVIDER].iloc[row]), float(actual[-1, row] / expected[-1, row]))
        for row in large
        if _is_low(actual[:, row], expected[:, row], LESS_OF_ONE)
    ]
    return found


def expected_arrivals(triangle: Triangle) -> np.ndarray:
    """What the months before made likely for the month after the cut-off, EUR (series,).

    Each month of care brings the share that comes at its next age, of what it will cost; the new month its first share.
    """
    share = completed(triangle, pools=((CLASS,),))
    done = at_cut_off(share, triangle)
    groups = totals.codes(triangle.keys, [])
    prior = level.expected(triangle.to_date, done, triangle.months, groups=groups, ahead=1)
    size = len(triangle.months)
    cost = triangle.to_date + (1 - done) * prior[:, :size]
    later = share[:, triangle.months % YEAR, np.minimum(triangle.ages + 1, share.shape[2] - 1)]
    return (cost * (later - done)).sum(axis=1) + prior[:, size] * share[:, (triangle.cut_off + 1) % YEAR, 0]


def _arrived(whole: Triangle, month: int) -> np.ndarray:
    """What arrived in a month, EUR (series,)."""
    return whole.at(month).to_date.sum(axis=1) - whole.at(month - 1).to_date.sum(axis=1)


def _is_low(actual: np.ndarray, expected: np.ndarray, part: float) -> bool:
    """Whether the last arrivals lie far below what was expected, compared with how far off earlier ones were."""
    if not expected[-1] > 0 or not ((actual > 0) & (expected > 0))[:-1].all():
        return False  # who sent nothing in an earlier month may do so again
    off = np.log(actual[:-1] / expected[:-1])
    usual = np.median(off)
    spread = max(1.4826 * np.median(np.abs(off - usual)), SMALLEST_SPREAD)
    now = np.log(max(actual[-1], 1.0) / expected[-1])
    return bool(now - usual < min(-BEYOND * spread, np.log(part)))
