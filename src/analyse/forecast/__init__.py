"""Floor 2, forecast: joint sample paths of what youth care will cost, and what they say. Pure; ``rng`` is passed.

- ``known``: what is known at an origin; everything below reads only that;
- ``population``, ``usage``, ``price``, ``growth``: the four parts of the costs;
- ``methods``: the one door where a stronger method replaces ``growth``, and the plain rivals;
- ``simulate``: the parts together, one joint future per sample, and sums per area;
- ``summary``, ``drivers``: quantiles, chances, and what the change is made of;
- ``backtest``: the same code at origins in the past, beside the rivals and the budget.
"""

from analyse.forecast.methods import METHODS
from analyse.forecast.simulate import by_area, simulate
from analyse.forecast.summary import ceiling_crossed, chance_budget_exceeded, quantiles

__all__ = ["METHODS", "by_area", "ceiling_crossed", "chance_budget_exceeded", "quantiles", "simulate"]
