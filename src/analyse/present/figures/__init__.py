"""Tidy table in, exhibit out: each figure states its finding and carries the table behind it."""

from analyse.present.figures.accounts import budget_against_accounts
from analyse.present.figures.backtests import backtest
from analyse.present.figures.differences import difference
from analyse.present.figures.driver_steps import waterfall
from analyse.present.figures.fans import fan
from analyse.present.figures.forecast_and_accounts import outcomes
from analyse.present.figures.form_bars import care_forms, one_form
from analyse.present.figures.funnels import funnel
from analyse.present.figures.gaps import gaps
from analyse.present.figures.maps import outline_map
from analyse.present.figures.over_time import over_time
from analyse.present.figures.overspending import overspending
from analyse.present.figures.peer_bars import peers
from analyse.present.figures.ranks import ranks
from analyse.present.figures.regions import regions_per_youth
from analyse.present.figures.usage_bars import usage_breakdown

__all__ = [
    "backtest",
    "budget_against_accounts",
    "care_forms",
    "difference",
    "fan",
    "funnel",
    "gaps",
    "one_form",
    "outcomes",
    "outline_map",
    "over_time",
    "overspending",
    "peers",
    "ranks",
    "regions_per_youth",
    "usage_breakdown",
    "waterfall",
]
