"""Floor 2, forecast: joint sample paths of what youth care will cost, and what they say. Pure; ``rng`` is passed.

- ``known``: what is known at an origin; everything below reads only that;
- ``population``, ``usage``, ``price``, ``growth``: the four parts of the costs;
- ``methods``: where another method replaces ``growth``; ``rivals``: what the method is compared with;
- ``joint``: the parts together, one joint future per sample; ``simulate``: the same as a table, and sums per area;
- ``summary``, ``drivers``: quantiles, probabilities, and what the change is made of;
- ``backtest``: the same code at origins in the past, beside the rivals and the budget; ``paired``: whether one
  method was nearer than another, or may only have been lucky;
- ``engine``: forecasts of any panel of short series; ``any_table`` and ``long_table``: the same for any long table,
  ``analyse.forecast_table(history, horizon=3)``.
"""

import sys
import warnings
from types import ModuleType

from analyse.forecast.methods import METHODS
from analyse.forecast.simulate import by_area, simulate
from analyse.forecast.summary import certainty, chance_budget_exceeded, quantiles

__all__ = ["METHODS", "by_area", "certainty", "chance_budget_exceeded", "futures", "quantiles", "simulate"]


class _Callable(ModuleType):
    """A module that can be called, as ``analyse.forecast_table`` was until 0.2.0."""

    def __call__(self, history, **settings):
        """Forecast every series of a long table; see :func:`analyse.forecast.any_table.forecast_table`."""
        from analyse.forecast.any_table import forecast_table

        warnings.warn(
            "analyse.forecast(table) is now analyse.forecast_table(table); the old name goes in 0.3.0",
            DeprecationWarning,
            stacklevel=2,
        )
        return forecast_table(history, **settings)


def futures(history, *, horizon, **settings):
    """Draw joint futures of every series of a long table.

    Parameters
    ----------
    history, horizon, **settings
        As for :func:`analyse.forecast.any_table.futures`.
    """
    from analyse.forecast import any_table

    return any_table.futures(history, horizon=horizon, **settings)


sys.modules[__name__].__class__ = _Callable
