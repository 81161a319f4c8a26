"""Methods that forecast real cost per youth, by name.

A method is a function ``method(known, *, horizon, samples, streams) -> ndarray (series, horizon, samples)``
of log cost per youth in prices of the origin; all series at once, only what is in ``known``. To use
another one, put it in ``METHODS`` and name it in ``STANDARD``: simulation, summary, drivers and backtest
follow.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from analyse.errors import ParameterError
from analyse.forecast import growth
from analyse.forecast.known import Known
from analyse.forecast.streams import Streams
from analyse.parameters import near

SMALLEST_EUR = 0.01
"""Costs per youth are at least a cent: zero has no log."""


def engine_paths(known: Known, *, horizon: int, samples: int, streams: Streams) -> np.ndarray:
    """The generic engine on real cost per youth: it knows the breaks and regions, and no budget.

    Parameters
    ----------
    known, horizon, samples, streams
        See ``joint.joint``.
    """
    from analyse.forecast.engine import engine

    real = np.exp(growth.log_real_cost(known))
    forecast = engine(real, horizon=horizon, regions=np.array(known.regions), breaks=known.cost_breaks)
    return np.log(np.maximum(forecast.sample(samples, streams.of("engine")), SMALLEST_EUR))


METHODS: dict[str, Callable[..., np.ndarray]] = {"need and budgets": growth.paths, "engine": engine_paths}
STANDARD = "need and budgets"


def find(name: str) -> Callable[..., np.ndarray]:
    """The method of this name.

    Raises
    ------
    ParameterError
        When there is none, with the nearest name.
    """
    return named("forecast: method", name, METHODS)


def named(what: str, name: str, known: dict[str, Callable[..., np.ndarray]]) -> Callable[..., np.ndarray]:
    """The function of this name, or an error with the nearest name.

    Parameters
    ----------
    what : what has the name, for the error
    name, known : the name, and the functions by name

    Raises
    ------
    ParameterError
        When there is none.
    """
    if name not in known:
        raise ParameterError(f"{what} {name!r} is not known; {near(name, known)}")
    return known[name]
