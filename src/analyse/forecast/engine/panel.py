"""The series as the engine works on them: each divided by its own level, with what is masked and broken."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from analyse.errors import DataError
from analyse.forecast.engine import kinds, seasons

COUNT_OFFSET = 0.5
"""Added to counts before a root or a log, so that zero has a place there."""

RELATIVE_OFFSET = 0.1
"""The offset is never more than this share of the level: figures below one are rates, not counts."""

FEWEST_POINTS = 3
"""Errors count from origins with at least this many values (fewer where no series is that long)."""


@dataclass(frozen=True)
class Panel:
    """Series (series, period) as shares of their level (series,), and what the engine must know of them.

    ``seasonal`` (series, season) is the pattern that was taken out.
    """

    values: np.ndarray
    level: np.ndarray
    offset: np.ndarray
    signed: np.ndarray
    groups: np.ndarray
    breaks: np.ndarray
    seasonal: np.ndarray

    @property
    def shape(self) -> tuple[int, int]:
        """Number of series and of periods."""
        return self.values.shape

    def part(self, rows: slice) -> Panel:
        """Return some of the series."""
        return Panel(*(getattr(self, name)[rows] for name in self.__dataclass_fields__))

    def roots(self, values: np.ndarray) -> np.ndarray:
        """Variance-stabilising scale: twice the root of (series, ...) values; signed series as they are."""
        extra = (slice(None), *(None,) * (values.ndim - 1))
        roots = 2 * np.sqrt(np.maximum(values, 0) + self.offset[extra])
        return np.where(self.signed[extra], values, roots)

    def from_roots(self, roots: np.ndarray) -> np.ndarray:
        """Bring roots (series, ...) back to values, at or above zero unless the series is signed."""
        extra = (slice(None), *(None,) * (roots.ndim - 1))
        values = np.square(np.maximum(roots, 0) / 2) - self.offset[extra]
        return np.where(self.signed[extra], roots, np.maximum(values, 0))

    def original(self, values: np.ndarray) -> np.ndarray:
        """Bring forecasts (series, horizon, ...) back to the unit they came in, with their seasons."""
        extra = (slice(None), slice(None), *(None,) * (values.ndim - 2))
        steps = np.arange(values.shape[1]) + self.shape[1]
        pattern = self.seasonal[:, steps % self.seasonal.shape[1]][extra]
        signed, level = (
            field[extra[:1] + (None,) * (values.ndim - 1)] for field in (self.signed, self.level)
        )
        return np.where(signed, values * level + pattern, values * level * (1 + pattern))

    @cached_property
    def _counts(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Whether a value is known, how many are up to then, and how many breaks, each (series, period)."""
        known = np.isfinite(self.values)
        arrays = known, known.cumsum(axis=1), self.breaks.cumsum(axis=1)
        return tuple(np.asfortranarray(array) for array in arrays)

    def pairs(self, step: int, first: int) -> np.ndarray:
        """Whether origin t may be scored ``step`` ahead, (series, origin): known, and no break between."""
        known, count, shifts = self._counts
        origins, targets = slice(first, self.shape[1] - step), slice(first + step, None)
        unbroken = shifts[:, targets] == shifts[:, origins]
        return (count[:, origins] >= min(FEWEST_POINTS, first + 1)) & known[:, targets] & unbroken

    @property
    def first_origin(self) -> int:
        """Index of the first period from which a forecast is scored."""
        return max(0, min(FEWEST_POINTS - 1, self.shape[1] - 3))


def panel(values: np.ndarray, *, groups=None, breaks=None, season: int = 1) -> Panel:
    """Prepare (series, period) values; see :func:`analyse.forecast.engine.engine` for the arguments.

    Parameters
    ----------
    values : (series, period), NaN where unknown
    groups, breaks, season
        as for ``engine``; season is the number of periods in a year. Without groups yearly series fall into the kinds
        that :mod:`analyse.forecast.engine.kinds` finds.

    Raises
    ------
    DataError
        When a value is infinite, or a series has no value at all.
    """
    values = np.array(values, dtype=float, ndmin=2)
    if np.isinf(values).any():
        row = np.isinf(values).any(axis=1).argmax()
        raise DataError(f"engine: infinite value in series {row}; mask it with NaN")
    known = np.isfinite(values)
    if not known.any(axis=1).all():
        raise DataError(f"engine: series {known.any(1).argmin()} has no value at all; leave it out")
    shifts = np.zeros(values.shape, bool)
    if breaks is not None:
        shifts |= np.asarray(breaks, bool)
    values = without_shifts(values, shifts)
    signed = np.nanmin(values, axis=1) < 0
    alone = groups is None and season == 1  # a seasonal pattern would look like a kind
    numbers = kinds.kinds(values) if alone else numbered(groups, len(values))
    seasonal = seasons.pattern(values, season, signed=signed, groups=numbers)
    pattern = seasonal[:, np.arange(values.shape[1]) % season]
    values = np.where(signed[:, None], values - pattern, values / (1 + np.where(signed[:, None], 0, pattern)))
    level = np.nanmean(np.abs(values), axis=1)
    level = np.where(level > 0, level, 1.0)
    offset = np.minimum(COUNT_OFFSET / level, RELATIVE_OFFSET).astype(np.float32)
    scaled = np.asfortranarray(values / level[:, None], dtype=np.float32)  # the engine walks over periods
    return Panel(scaled, level, offset, signed, numbers, shifts, seasonal)


def numbered(labels: np.ndarray | None, series: int) -> np.ndarray:
    """Number labels 0, 1, ...; all alike when there are none."""
    return np.zeros(series, int) if labels is None else np.unique(labels, return_inverse=True)[1]


def without_shifts(values: np.ndarray, breaks: np.ndarray) -> np.ndarray:
    """Bring the history before a declared break to the level after it.

    What changed at the break, beyond the series' usual (median) growth, is a level shift, not a trend: all
    earlier values are multiplied by it. A series that touches zero at the break is left as it is.
    """
    adjusted = values.copy()
    for t in np.flatnonzero(breaks.any(axis=0)):
        for row in np.flatnonzero(breaks[:, t]):
            known = np.flatnonzero(np.isfinite(values[row]))
            before, after = known[known < t][-1:], known[known >= t][:1]
            if len(before) == 0 or len(after) == 0:
                continue
            old, new = values[row, before[0]], values[row, after[0]]
            if old > 0 and new > 0:
                usual = _usual_growth(values[row], breaks[row]) * (after[0] - before[0])
                adjusted[row, :t] *= new / old / np.exp(usual)
    return adjusted


def _usual_growth(values: np.ndarray, breaks: np.ndarray) -> float:
    """Median log growth outside the breaks; 0 when there is none."""
    logs = np.log(np.where(values > 0, values, np.nan))
    growth = np.diff(logs)[~breaks[1:]]
    growth = growth[np.isfinite(growth)]
    return float(np.median(growth)) if len(growth) else 0.0
