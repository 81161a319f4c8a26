"""Floor 4, compare: areas side by side, each figure with its denominator. Pure: tables in, tables out."""

from analyse.compare.rates import RESIDENTIAL_SHARE, WHOLE, measures, mix, residential_share, share_below

__all__ = ["RESIDENTIAL_SHARE", "WHOLE", "measures", "mix", "residential_share", "share_below"]
