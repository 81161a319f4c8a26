"""Floor 4, monitor: managing by declarations. Tables in, tables out; ``inputs`` and ``queries`` read.

- ``category_plans``: what the pages of a set leave out, so that no page tells what another hides;
- ``few_in_period``: the periods of which a page shows no amount, since fewer than ten youths are behind it;
- ``year_end``: completed and forecast against the budget; ``breakdown``: the same by municipality or care form;
- ``multi_year``: the completed year carried on to the years ahead, what is still coming in every interval;
- ``q_analysis``: a change of cost in youths, trajectories, mix, volume and tariff, exactly;
- ``room``: what is left of each provider's agreement, and when it runs out;
- ``duration``, ``waiting``: survival analysis (``survival``) that counts who is still in care or waiting;
- ``intensity``: care a week, both with the limits of ``compare.funnel``; ``flows``: in, out, stock;
- ``outcomes``: duration, ends, moves, returns and waiting by year, for any monitor of a vision;
- ``mirror``: what one provider does beside all together;
- ``reconciliation``: declarations, contracts, ledger and CBS side by side;
- ``vision_shares``: family forms, closed care, referral, return through court and corrected lines, for visions;
- ``integrity_trends``: what the integrity rules find, by rule, with its trend.

Counts of persons leave this room untreated: ``present.monitor`` hides the small ones.
"""

from analyse.monitor import (
    breakdown,
    category_plans,
    duration,
    few_in_period,
    flows,
    inputs,
    integrity_trends,
    intensity,
    mirror,
    multi_year,
    outcomes,
    q_analysis,
    reconciliation,
    room,
    vision_shares,
    waiting,
    year_end,
)

__all__ = [
    "breakdown",
    "category_plans",
    "duration",
    "few_in_period",
    "flows",
    "inputs",
    "integrity_trends",
    "intensity",
    "mirror",
    "multi_year",
    "outcomes",
    "q_analysis",
    "reconciliation",
    "room",
    "vision_shares",
    "waiting",
    "year_end",
]
