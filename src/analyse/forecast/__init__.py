"""Floor 2, forecast: joint sample paths of what youth care will cost, and what they say. Pure; ``rng`` is passed.

- ``known``: what is known at an origin; everything below reads only that;
- ``population``, ``usage``, ``price``, ``growth``: the four parts of the costs;
- ``methods``: the one door where another method replaces ``growth``; ``rivals``: what it is laid beside;
- ``simulate``: the parts together, one joint future per sample, and sums per area;
- ``summary``, ``drivers``: quantiles, chances, and what the change is made of;
- ``backtest``: the same code at origins in the past, beside the rivals and the budget; ``paired``: whether one
  method was nearer than another, or may only have been lucky;
- ``engine``: forecasts of any panel of short series; ``door`` and ``long_table``: the same for any long table.

The package itself can be called: ``analyse.forecast(history, horizon=3)`` forecasts any long table.
"""

import sys
from types import ModuleType

from analyse.forecast.methods import METHODS
from analyse.forecast.simulate import by_area, simulate
from analyse.forecast.summary import ceiling_crossed, chance_budget_exceeded, quantiles

__all__ = [
    "METHODS",
    "by_area",
    "ceiling_crossed",
    "chance_budget_exceeded",
    "futures",
    "quantiles",
    "simulate",
]


class _Callable(ModuleType):
    """A module that can be called; the engine is imported when somebody does."""

    def __call__(self, history, *, horizon, levels=(80, 95), samples=None, seed=20241231, **layout):
        """Forecast every series of a long table; see :func:`analyse.forecast.door.forecast`."""
        from analyse.forecast import door

        return door.forecast(history, horizon=horizon, levels=levels, samples=samples, seed=seed, **layout)


def futures(history, *, horizon, samples=1000, seed=20241231, **layout):
    """Draw joint futures of every series of a long table; see :func:`analyse.forecast.door.futures`."""
    from analyse.forecast import door

    return door.futures(history, horizon=horizon, samples=samples, seed=seed, **layout)


sys.modules[__name__].__class__ = _Callable
