"""Small cells: what may be shown of counts of persons, how the rest is hidden, and the proof that it stays hidden.

For counts that nobody has treated yet, such as those from declarations. Figures that CBS publishes are treated
already and estimates are of nobody, so neither comes here. The rule has six parts, each a module: the threshold and
the rounding (``rule``), the sums that tie cells together (``sums``), what a reader can compute (``proof``), the three
ways of hiding (``hiding``: leave rows out, merge them, suppress a second cell), which all end in the proof, amounts
across all pages of a set (``amounts``), and totals that grow with time (``totals``).
"""

from analyse.small_cells.amounts import P_RULE, REGION, dominated, hidden_across, told
from analyse.small_cells.hiding import enough, hidden_beside_total, merged, protect
from analyse.small_cells.rule import (
    HIDDEN,
    SMALLEST,
    STEP,
    one_sided,
    rounded,
    shown_count,
    small,
    told_by_whole,
    treated,
    without_told,
)
from analyse.small_cells.totals import BETWEEN, FEW, hidden_totals

__all__ = [
    "BETWEEN",
    "FEW",
    "HIDDEN",
    "P_RULE",
    "REGION",
    "SMALLEST",
    "STEP",
    "dominated",
    "enough",
    "hidden_across",
    "hidden_beside_total",
    "hidden_totals",
    "merged",
    "one_sided",
    "protect",
    "rounded",
    "shown_count",
    "small",
    "told",
    "told_by_whole",
    "treated",
    "without_told",
]
