"""Managing by declarations, shown: small counts hidden or taken together, simulated figures named as such everywhere.

Every function takes a table of the room ``monitor`` and the ``Page`` it stands on.
"""

from analyse.present.monitor.ceilings import room, used
from analyse.present.monitor.expected_year import finding, head, parts, track
from analyse.present.monitor.ledger import missing, reconciled
from analyse.present.monitor.length_of_care import durations, funnel, intensities, returned, standing_out
from analyse.present.monitor.months import monthly
from analyse.present.monitor.outcome_table import outcomes
from analyse.present.monitor.page import Page
from analyse.present.monitor.quantities import agreed, agreed_by_provider, divided, quantities
from analyse.present.monitor.rule_hits import providers, rules
from analyse.present.monitor.sections import arrivals, checks, contracts, first, framework, year_in_parts
from analyse.present.monitor.trajectories import moved, moves, waits
from analyse.present.monitor.years_ahead import ahead

__all__ = [
    "Page", "agreed", "agreed_by_provider", "ahead", "arrivals", "checks", "contracts", "divided",
    "durations", "finding", "first", "framework", "funnel", "head", "intensities", "missing", "monthly",
    "moved", "moves", "outcomes", "parts", "providers", "quantities", "reconciled", "returned", "room",
    "rules", "standing_out", "track", "used", "waits", "year_in_parts",
]  # fmt: skip
