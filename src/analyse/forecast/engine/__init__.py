"""The engine: forecasts of any panel of short series at once; ``docs/engine.md`` says how and how well.

``panel`` and ``seasons`` prepare the series, ``filters`` and ``theta`` forecast them from every past origin,
``weights`` and ``combine`` weigh those, ``intervals`` and ``dependence`` say how wrong they may be and how
they go wrong together; ``core`` puts the parts together.
"""

from analyse.forecast.engine.method import SEASONS, Forecast, engine

__all__ = ["SEASONS", "Forecast", "engine"]
