"""Floor 4, monitor: steering on declarations. Tables in, tables out; ``inputs`` and ``asked`` read.

- ``year_end``: completed and forecast against the budget; ``parts``: the same by municipality or care form;
- ``onward``: the completed year carried on to the years ahead, what is still coming in every interval;
- ``q_analysis``: a change of cost in youths, trajectories, mix, volume and tariff, exactly;
- ``room``: what is left of each provider's agreement, and when it runs out;
- ``duration``, ``waiting``: survival analysis (``survival``) that counts who is still in care or waiting;
- ``intensity``: care a week; ``funnel``: limits of the usual, for both; ``flows``: in, out, stock;
- ``reconciled``: declarations, contracts, ledger and CBS side by side; ``faults``: integrity by rule, with trend.

Counts of persons leave this room untreated: ``present.monitor`` hides the small ones.
"""

from analyse.monitor import (
    choices,
    duration,
    faults,
    flows,
    inputs,
    intensity,
    onward,
    parts,
    q_analysis,
    reconciled,
    room,
    waiting,
    year_end,
)

__all__ = [
    "choices", "duration", "faults", "flows", "inputs", "intensity", "onward", "parts", "q_analysis", "reconciled",
    "room", "waiting", "year_end",
]  # fmt: skip
