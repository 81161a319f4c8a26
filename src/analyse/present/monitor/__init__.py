"""Steering on declarations, shown: small counts hidden or taken together, simulated figures named as such everywhere.

Every function takes a table of the room ``monitor`` and the ``Page`` it stands on.
"""

from analyse.present.monitor.ahead import ahead
from analyse.present.monitor.beside import missing, reconciled
from analyse.present.monitor.flows import moved, moves, waits
from analyse.present.monitor.integrity import providers, rules
from analyse.present.monitor.lasting import durations, funnel, intensities, returned, standing_out
from analyse.present.monitor.months import monthly
from analyse.present.monitor.page import Page
from analyse.present.monitor.quantities import agreed, agreed_by_provider, divided, quantities
from analyse.present.monitor.room import room, used
from analyse.present.monitor.year_end import finding, head, parts, track

__all__ = [
    "Page", "agreed", "agreed_by_provider", "ahead", "divided", "durations", "finding", "funnel", "head",
    "intensities", "missing", "monthly", "moved", "moves", "parts", "providers", "quantities", "reconciled",
    "returned", "room", "rules", "standing_out", "track", "used", "waits",
]  # fmt: skip
