"""Floor 4, compare: areas side by side, each figure with its denominator. Pure: tables in, tables out.

- ``rates``, ``indicators``, ``table``: the fair measures, wide and as one long table with denominator and status;
- ``overview``: all of it for every area, beside its peers; ``standardise``: use at equal ages;
- ``decompose``: what a difference is made of;
- ``funnel``: limits of chance and of the usual; ``chance``: how costs jump, and place intervals;
- ``peers``: the municipalities most like one;
- ``composition``: what moves and mergers do to a total; ``calculators``: the rules of a region;
- ``flags``: where a figure is not comparable; ``vision``: the vision monitor;
- ``choices`` and ``year_plans``: the only modules that read files, from ``parameters/``.
"""

from analyse.compare.rates import RESIDENTIAL_SHARE, WHOLE, measures, mix, residential_share
from analyse.compare.table import members, side_by_side

__all__ = [
    "RESIDENTIAL_SHARE",
    "WHOLE",
    "measures",
    "members",
    "mix",
    "residential_share",
    "side_by_side",
]
