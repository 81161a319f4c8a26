"""Axes of a picture: from values to positions, and the ticks with their labels."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

PADDING = 0.06
"""Room beyond the outermost value, as a part of the range, where no range is given."""
PLACES_APART = {"x": 80, "y": 44}
"""About how far ticks stand apart on each axis, when nothing says where they are."""


@dataclass(frozen=True)
class Scale:
    """One axis: what runs from ``low`` to ``high`` lies between ``start`` and ``end`` of the picture."""

    low: float
    high: float
    """Ends of the range: values, logarithms (base 10), or places of categories counted from 0."""
    start: float
    end: float
    """Ends of the axis in the picture."""
    log: bool = False
    """Whether the axis is logarithmic."""
    categories: tuple[str, ...] = ()
    """The categories in order; empty for numbers."""

    def at(self, value: Any) -> float:
        """The position of a value.

        Examples
        --------
        >>> Scale(0, 10, 100, 0).at(2.5)
        75.0
        """
        if isinstance(value, str):
            value = self.categories.index(value)
        inside = math.log10(value) if self.log else float(value)
        return self.start + (self.end - self.start) * (inside - self.low) / (self.high - self.low)


def scale(axis: dict[str, Any], values: Sequence[Any], start: float, end: float) -> Scale:
    """The scale of an axis of a plotly layout.

    Parameters
    ----------
    axis : dict
        plotly's axis: type, range, rangemode, autorange.
    values : sequence
        Everything that must fit: numbers, or categories in order.
    start, end : float
        Ends of the axis in the picture.
    """
    names = tuple(dict.fromkeys(one for one in values if isinstance(one, str)))
    if names:
        low, high = -0.5, len(names) - 0.5
        backwards = axis.get("autorange") == "reversed"
        return Scale(*((high, low) if backwards else (low, high)), start, end, categories=names)
    log = axis.get("type") == "log"
    if axis.get("range"):
        return Scale(float(axis["range"][0]), float(axis["range"][1]), start, end, log)
    known = [math.log10(one) if log else float(one) for one in values] or [0.0, 1.0]
    low, high = min(known), max(known)
    room = PADDING * ((high - low) or abs(high) or 1.0)
    from_zero = axis.get("rangemode") == "tozero"
    bottom = min(0.0, low) if from_zero and low >= 0 else low - room
    return Scale(bottom, max(high, 0.0) + room if from_zero else high + room, start, end, log)


def ticks(axis: dict[str, Any], found: Scale, *, name: str, separators: str) -> list[tuple[Any, str]]:
    """Positions and labels of the ticks of an axis.

    Parameters
    ----------
    axis : dict
        plotly's axis: tickvals, ticktext, dtick, nticks, tickformat.
    name : {"x", "y"}
        Which axis, for how far ticks stand apart.
    separators : str
        Decimal mark and thousands mark, as plotly has it.
    found : Scale
        Scale of the axis.
    """
    if found.categories:
        return [(one, one) for one in found.categories]
    low, high = sorted((found.low, found.high))
    if axis.get("tickvals"):
        values = list(axis["tickvals"])
        texts = axis.get("ticktext") or [_written(one, axis, separators) for one in values]
        inside = [low <= (math.log10(one) if found.log else one) <= high for one in values]
        return [pair for pair, shown in zip(zip(values, texts, strict=True), inside, strict=True) if shown]
    if found.log:
        return [(one, _written(one, axis, separators)) for one in _powers(low, high)]
    most = axis.get("nticks") or max(int(abs(found.end - found.start) / PLACES_APART[name]), 2)
    step = axis.get("dtick") or nice(high - low, most)
    if axis.get("tickformat") == "d":
        step = max(math.ceil(step), 1)
    first = math.ceil(low / step - 1e-9)
    values = [step * number for number in range(first, math.floor(high / step + 1e-9) + 1)]
    return [(one, _written(one, axis, separators)) for one in values]


def nice(span: float, most: int) -> float:
    """The smallest step of 1, 2 or 5 times a power of ten that fits at most ``most`` times.

    Examples
    --------
    >>> nice(93.0, 5), nice(0.7, 8)
    (20.0, 0.1)
    """
    rough = span / most
    power = 10.0 ** math.floor(math.log10(rough))
    return next(power * one for one in (1, 2, 5, 10) if power * one >= rough * (1 - 1e-9))


def _written(value: float, axis: dict[str, Any], separators: str) -> str:
    """A number on an axis: years without separators, others with at most two decimals.

    Examples
    --------
    >>> _written(12500, {}, ",."), _written(0.25, {}, ",."), _written(2024, {"tickformat": "d"}, ",.")
    ('12.500', '0,25', '2024')
    """
    if axis.get("tickformat") == "d":
        return str(round(value))
    text = f"{value:,.2f}".rstrip("0").rstrip(".") if value % 1 else f"{value:,.0f}"
    decimal, thousands = separators[0], separators[1:]
    return text.translate({ord(","): thousands, ord("."): decimal, ord("-"): "−"})


def _powers(low: float, high: float) -> Iterator[float]:
    for power in range(math.floor(low), math.ceil(high) + 1):
        for one in (1, 2, 5):
            if low <= power + math.log10(one) <= high:
                yield one * 10.0**power
