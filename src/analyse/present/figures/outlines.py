"""Outlines of municipalities on a grid of whole numbers, as fine as a picture shows.

Neighbours share the points of a border, so they share them on the grid too, and no gaps appear; what a grid point says
twice is left out, which makes a map small.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd

MIDDLE_LATITUDE = 52.2
"""A degree of longitude is as long as one of latitude times the cosine of this: good enough for one small country."""
FINE = 700
"""Points of the grid along the longer side of a map."""

Ring = list[tuple[float, float]]


@dataclass(frozen=True)
class Shape:
    """An area on the grid: its rings, holes among them, and the point where its name stands."""

    rings: tuple[Ring, ...]
    middle: tuple[float, float]


def shapes(outlines: pd.DataFrame, codes: Collection[str], *, points: int = FINE) -> dict[str, Shape]:
    """The outlines of some municipalities on a grid of whole numbers, y to the north.

    Parameters
    ----------
    outlines : DataFrame
        The table of that name: municipality_code, ring, kind and points ("lon lat lon lat …").
    codes : collection of str
        The municipalities to draw.
    points : int
        How many points of the grid lie along the longer side.

    Returns
    -------
    dict of Shape
        By code. An area smaller than a cell of the grid has a middle and no rings.
    """
    rows = outlines[outlines["municipality_code"].isin(list(codes))]
    if rows.empty:
        return {}
    flat = {index: projected(text) for index, text in zip(rows.index, rows["points"], strict=True)}
    every = np.concatenate(list(flat.values()))
    low, span = every.min(axis=0), float(np.ptp(every, axis=0).max())
    found = {}
    for code, own in rows.groupby("municipality_code"):
        exact = [(flat[index] - low) * points / span for index in own.index]
        kept = [ring for ring in map(_simplest, exact) if len(ring) > 2]
        found[str(code)] = Shape(tuple(kept), _middle(max(exact, key=lambda ring: abs(_area(ring)))))
    return found


def projected(text: str) -> np.ndarray:
    """Points (n, 2) of a ring, in degrees of latitude."""
    values = np.array(text.split(), dtype=float).reshape(-1, 2)
    return values * [math.cos(math.radians(MIDDLE_LATITUDE)), 1.0]


def _simplest(ring: np.ndarray) -> Ring:
    """A ring on the grid, without points that lie on the line between their neighbours.

    Examples
    --------
    >>> _simplest(np.array([[0.1, 0.0], [0.9, 0.0], [2.2, 0.1], [2.0, 2.0], [0.0, 2.1], [0.1, 0.0]]))
    [(0, 0), (2, 0), (2, 2), (0, 2)]
    """
    kept: list[tuple[int, int]] = []
    for x, y in np.rint(ring).astype(int).tolist():
        if kept and kept[-1] == (x, y):
            continue
        while len(kept) > 1 and _straight(kept[-2], kept[-1], (x, y)):
            kept.pop()
        kept.append((x, y))
    return kept[:-1] if len(kept) > 1 and kept[0] == kept[-1] else kept


def _straight(one: tuple[int, int], two: tuple[int, int], three: tuple[int, int]) -> bool:
    return (two[0] - one[0]) * (three[1] - one[1]) == (two[1] - one[1]) * (three[0] - one[0])


def _area(ring: np.ndarray) -> float:
    x, y = ring[:, 0], ring[:, 1]
    return float(x @ np.roll(y, -1) - y @ np.roll(x, -1)) / 2


def _middle(ring: np.ndarray) -> tuple[float, float]:
    """The point inside a ring on the widest part of the line through its centre of gravity."""
    x, y = ring[:, 0], ring[:, 1]
    cross = x * np.roll(y, -1) - np.roll(x, -1) * y
    whole = cross.sum()
    if not whole:
        return float(x.mean()), float(y.mean())
    height = float(((y + np.roll(y, -1)) * cross).sum() / (3 * whole))
    after_x, after_y = np.roll(x, -1), np.roll(y, -1)
    passing = (y > height) != (after_y > height)
    with np.errstate(divide="ignore", invalid="ignore"):
        crossings = np.sort((x + (height - y) * (after_x - x) / (after_y - y))[passing])
    if len(crossings) < 2:
        return float(x.mean()), height
    widths = crossings[1::2] - crossings[: len(crossings) // 2 * 2 : 2]
    widest = int(widths.argmax())
    return float(crossings[2 * widest : 2 * widest + 2].mean()), height


def strips(rings: Iterable[np.ndarray]) -> list[Ring]:
    """What rings cover on the grid, as strips one step high: fine enough for a country in a corner.

    Examples
    --------
    >>> square = np.array([[0.0, 0], [3, 0], [3, 1], [0, 1], [0, 0]])
    >>> strips([square, square + [3, 0]])
    [[(0, 0), (6, 0), (6, 1), (0, 1)]]
    """
    pieces: dict[int, list[tuple[float, float]]] = {}
    for ring in rings:
        (x, y), (after_x, after_y) = ring.T, np.roll(ring, -1, axis=0).T
        for row in range(math.floor(y.min()), math.ceil(y.max())):
            middle = row + 0.5
            passing = (y > middle) != (after_y > middle)
            part = (middle - y[passing]) / (after_y - y)[passing]
            ends = np.sort(x[passing] + part * (after_x - x)[passing]).tolist()
            pieces.setdefault(row, []).extend(zip(ends[::2], ends[1::2], strict=True))
    return [_strip(row, left, right) for row in sorted(pieces) for left, right in _merged(pieces[row])]


def _merged(parts: list[tuple[float, float]]) -> list[tuple[int, int]]:
    """Touching pieces of a row joined and rounded to whole numbers; those narrower than one are dropped."""
    joined: list[list[float]] = []
    for left, right in sorted(parts):
        if joined and left - joined[-1][1] < 1:
            joined[-1][1] = max(joined[-1][1], right)
        else:
            joined.append([left, right])
    return [(round(left), round(right)) for left, right in joined if round(right) > round(left)]


def _strip(row: int, left: int, right: int) -> Ring:
    return [(left, row), (right, row), (right, row + 1), (left, row + 1)]
