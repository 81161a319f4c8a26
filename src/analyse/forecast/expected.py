"""What similar need costs elsewhere: the level that local need explains, and how far a municipality is from it.

Spending on income support (taakveld 6.3) stands for need: both follow from how people live, and it is known at
every origin. Municipalities move towards the level that need explains, not towards a plain mean.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from analyse.forecast.known import Known

LIMIT = 3.0
"""Figures further out than this many robust standard deviations count as this far: typing errors exist."""
HUBER = 1.3
"""Residuals beyond this many robust standard deviations weigh less in a robust line."""
ROUNDS = 30


def apart(
    known: Known, level: np.ndarray, *, need: Sequence[np.ndarray] | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """How far the own level lies above what need explains, apart from the region and as a region.

    The expected level is a robust line through all municipalities: log costs per inhabitant on log income support
    per inhabitant (mean of the years known) and on the log share of youths.

    Parameters
    ----------
    known : Known
        Figures known at the origin.
    level : ndarray (series,)
        Log of costs per youth.
    need : sequence of ndarray (series,), optional
        What explains the level, on the log scale; by default ``support`` and ``young``.

    Returns
    -------
    own, region : ndarray (series,)
        On the log scale; the region's part is the mean of its municipalities, drawn to 0 as if one more
        municipality were exactly as expected.

    Examples
    --------
    Without a difference in need, the first lies a tenth above the second and half of that above the middle:

    >>> from types import SimpleNamespace
    >>> known = SimpleNamespace(inhabitants=np.full((2, 3), 100.0), youths=np.full((2, 4), 20.0),
    ...     income_support=np.full((2, 3), 50.0), region_index=np.array([0, 1]))
    >>> own, region = apart(known, np.array([2.1, 2.0]))
    >>> (own + region).round(3).tolist(), region.round(3).tolist()
    ([0.05, -0.05], [0.025, -0.025])
    """
    per_inhabitant, explained = _line(known, level, need)
    left = np.nan_to_num(centred(per_inhabitant - explained, middle=0.0))
    members = np.bincount(known.region_index)
    region = (np.bincount(known.region_index, weights=left) / (members + 1))[known.region_index]
    return left - region, region


def usual(known: Known, level: np.ndarray) -> tuple[np.ndarray, float]:
    """The level that need explains (series,), and how far municipalities usually lie from it, on the log scale.

    Parameters
    ----------
    known : Known
        Figures known at the origin.
    level : ndarray (series,)
        Log of costs per youth, NaN where it is not known.
    """
    per_inhabitant, explained = _line(known, level, None)
    middle = np.nanmedian(level + young(known))
    return middle + explained - young(known), robust_sd(per_inhabitant - explained)


def _line(
    known: Known, level: np.ndarray, need: Sequence[np.ndarray] | None
) -> tuple[np.ndarray, np.ndarray | float]:
    """Centred log costs per inhabitant, and what the robust line on need makes of them (series,)."""
    need = (support(known), young(known)) if need is None else need
    per_inhabitant = centred(level + young(known))
    design = np.reshape([np.nan_to_num(centred(signal)) for signal in need], (len(need), len(level))).T
    return per_inhabitant, design @ robust_line(design, per_inhabitant) if len(need) else 0.0


def support(known: Known) -> np.ndarray:
    """Log spending on income support per inhabitant beside the median, mean of the years known (series,)."""
    relative = np.log(known.income_support) - np.log(known.inhabitants)
    relative = relative[:, np.isfinite(relative).any(axis=0)]
    relative = relative - np.nanmedian(relative, axis=0)
    count = np.maximum(np.isfinite(relative).sum(axis=1), 1)
    return np.nansum(relative, axis=1) / count


def young(known: Known) -> np.ndarray:
    """Log share of youths among the inhabitants in the year of the origin (series,)."""
    return np.log(known.youths[:, -2]) - np.log(known.inhabitants[:, -1])


def centred(values: np.ndarray, *, middle: float | None = None) -> np.ndarray:
    """Values less their median (or ``middle``), at most ``LIMIT`` robust standard deviations from it; NaN stays.

    Examples
    --------
    >>> centred(np.array([1.0, 2.0, 3.0, 100.0, np.nan])).round(2).tolist()
    [-1.5, -0.5, 0.5, 4.45, nan]
    """
    if not np.isfinite(values).any():
        return np.asarray(values, dtype=float)
    off = values - (np.nanmedian(values) if middle is None else middle)
    limit = LIMIT * robust_sd(off)
    return np.clip(off, -limit, limit)


def robust_sd(values: np.ndarray) -> float:
    """Standard deviation of values around zero, by their median size; one wild value in ten hardly moves it.

    The median size of normal values is 1 / 1.4826 of their standard deviation (P.J. Huber, Robust Statistics, 1981).

    Examples
    --------
    >>> round(robust_sd(np.array([-1.0, 1.0, -1.0, 50.0, np.nan])), 4)
    1.4826
    """
    return float(1.4826 * np.nanmedian(np.abs(values)))


def robust_line(design: np.ndarray, values: np.ndarray) -> np.ndarray:
    """Coefficients of a line without intercept that one wild value in ten hardly moves (Huber's M-estimator).

    Parameters
    ----------
    design : ndarray (series, signal)
        Centred signals; one without variation gets the coefficient 0.
    values : ndarray (series,)
        NaN where unknown.

    Returns
    -------
    ndarray (signal,)

    Examples
    --------
    >>> signal = np.array([[-2.0], [-1.0], [0.0], [1.0], [2.0]])
    >>> robust_line(signal, np.array([-1.0, -0.5, 0.0, 0.5, 30.0])).round(1).tolist()
    [0.5]
    """
    seen = np.isfinite(values)
    design, values, weight = design[seen], values[seen], np.ones(seen.sum())
    line = np.zeros(design.shape[1])
    for _ in range(ROUNDS):
        root = np.sqrt(weight)
        line = np.linalg.lstsq(design * root[:, None], values * root, rcond=1e-9)[0]
        off = np.abs(values - design @ line)
        scale = robust_sd(off) if len(off) else 0.0
        if scale < 1e-12:
            break
        weight = np.minimum(1.0, HUBER * scale / np.maximum(off, 1e-12))
    return line
