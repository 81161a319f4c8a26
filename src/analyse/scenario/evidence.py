"""What is known about an effect, as ``parameters/`` has it: what was found or promised, laws, what comes back.

Each gives a quantile function, from which ``draws`` draws.
"""

from __future__ import annotations

from typing import Annotated, Literal

import numpy as np
from pydantic import Field, model_validator

from analyse.parameters import Assumption, BothLanguages, Strict

TAIL = 0.5
"""Beyond low and high the effect may go half as far again from the middle, see ``Interval.quantiles``."""
Points = Annotated[list[Annotated[list[float], Field(min_length=2, max_length=2)]], Field(min_length=2)]
"""A quantile function: pairs of a probability and the value there; between them it runs straight."""


def quantile(points: Points, probabilities: np.ndarray) -> np.ndarray:
    """Values of a quantile function that runs straight between points.

    Examples
    --------
    In three of ten futures nothing happens, in half of them at most a fifth:

    >>> quantile([(0, 0), (0.3, 0), (0.5, 0.2), (1, 1)], np.array([0.1, 0.5, 1.0])).tolist()
    [0.0, 0.2, 1.0]
    """
    return np.interp(probabilities, *zip(*points, strict=True))


class Interval(Strict):
    """How much of a size comes true: low, the middle (1) and high, as factors."""

    low: float
    high: float
    coverage: Annotated[float, Field(gt=0, lt=1)] = 0.8

    @model_validator(mode="after")
    def _around_one(self) -> Interval:
        if not self.low <= 1 <= self.high:
            raise ValueError(f"low {self.low} and high {self.high} must lie around 1")
        return self

    def quantiles(self) -> tuple[tuple[float, ...], tuple[float, ...]]:
        """Probabilities and the factors there; between them the factor runs straight.

        Examples
        --------
        >>> Interval(low=0.0, high=2.0, coverage=0.8).quantiles()[1]
        (0.0, 0.0, 1.0, 2.0, 2.5)
        """
        tail = (1 - self.coverage) / 2
        lowest = self.low - TAIL * (1 - self.low)
        lowest = max(lowest, 0.0) if self.low >= 0 else lowest
        highest = self.high + TAIL * (self.high - 1)
        return (0.0, tail, 0.5, 1 - tail, 1.0), (lowest, self.low, 1.0, self.high, highest)

    @property
    def highest(self) -> float:
        """The largest factor."""
        return self.quantiles()[1][-1]


class Realisation(Strict):
    """How much of a chosen size comes true, as a quantile function."""

    why: BothLanguages
    points: Points

    @model_validator(mode="after")
    def _in_order(self) -> Realisation:
        ordered = all(
            a[0] <= b[0] and a[1] <= b[1] for a, b in zip(self.points, self.points[1:], strict=False)
        )
        if not ordered or self.points[0][0] != 0 or self.points[-1][0] != 1:
            raise ValueError("points must go from probability 0 to 1, and values may not fall")
        return self

    @property
    def highest(self) -> float:
        """The largest part that comes true."""
        return self.points[-1][1]

    @property
    def certain(self) -> bool:
        """Whether a size comes true exactly as set: a choice, not a measure."""
        return all(value == 1 for _, value in self.points)


class Evidence(Strict):
    """``parameters/evidence.yaml``: what holds for every lever."""

    classes: dict[Literal["B", "C", "D"], Realisation]
    correlation: Assumption
    national_cost_eur: Assumption
    national_youths: Assumption


class Found(Strict):
    """What controlled studies found, in the unit of the size: unfavourable, middle, favourable, and the outer bound."""

    low: float
    mid: float
    high: float
    furthest: float
    coverage: Annotated[float, Field(gt=0, lt=1)] = 0.8

    @model_validator(mode="after")
    def _ordered(self) -> Found:
        values = [self.low, self.mid, self.high, self.furthest]
        if values not in (sorted(values), sorted(values, reverse=True)):
            raise ValueError("low, mid, high and furthest must be in order")
        return self

    def points(self) -> Points:
        """The quantile function, from least to most favourable."""
        tail = (1 - self.coverage) / 2
        least = self.low - TAIL * (self.mid - self.low)
        return [[0.0, least], [tail, self.low], [0.5, self.mid], [1 - tail, self.high], [1.0, self.furthest]]

    def holds(self, size: float) -> bool:
        """Whether a size lies within what was found."""
        return min(self.low, self.high) <= size <= max(self.low, self.high)


class Promised(Strict):
    """What a plan or a law counted on: a size, the year it was meant for, and the prices it is stated in."""

    size: float
    year: int
    prices_of: int | None = None


class Law(Strict):
    """A law that passes or does not: a draw of yes or no."""

    probability: Annotated[float, Field(gt=0, le=1)]
    status: BothLanguages


class Waterbed(Strict):
    """The part of what is saved that comes back: elsewhere, later, or because it was already in the forecast."""

    value: float
    low: float
    high: float
    coverage: Annotated[float, Field(gt=0, lt=1)] = 0.8
    why: BothLanguages

    def points(self) -> Points:
        """The quantile function; what comes back is at least nothing."""
        tail = (1 - self.coverage) / 2
        ends = (self.low - TAIL * (self.value - self.low), self.high + TAIL * (self.high - self.value))
        return [
            [0.0, max(0.0, ends[0])],
            [tail, self.low],
            [0.5, self.value],
            [1 - tail, self.high],
            [1.0, ends[1]],
        ]


class Capacity(Strict):
    """How much of a form new places can take over in a year, in per cent; below 0 places disappear."""

    low: float
    value: float
    high: float
    coverage: Annotated[float, Field(gt=0, lt=1)] = 0.8

    def points(self) -> Points:
        """The quantile function."""
        tail = (1 - self.coverage) / 2
        return [[0.0, self.low], [tail, self.low], [0.5, self.value], [1 - tail, self.high], [1.0, self.high]]


class Payer(Strict):
    """Who pays what the municipality no longer does: a part of what it saves."""

    who: Literal["national fund", "families", "schools", "long-term care act", "health insurer", "region"]
    part: float
    why: BothLanguages
