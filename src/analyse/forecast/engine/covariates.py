"""What is known beforehand: how signals moved past forecasts off the mark, and what they add to the next ones.

For every step ahead, the log errors of the engine's own past forecasts are laid on the signals as these were at
each origin: a robust ridge line, pooled over series. What an origin would have gained from the line through the
other origins, at this step and the steps before it, decides how much of it is believed; signals that do not help get
nothing.
"""

from __future__ import annotations

import numpy as np

from analyse.forecast.engine.panel import Panel

USUAL_WEIGHT = 0.3
"""Standard deviation of the weights of signals that is expected beforehand; it
shrinks the line of the first step to zero, and that of every other step to the one before."""
MULTIPLES = (1.0, 0.75, 0.5, 0.25)
"""Parts of the line that may be believed."""
FEWEST_ERRORS = 20
ROUNDS, HUBER = 10, 1.3


def adjusted(
    data: Panel, past: np.ndarray, last: np.ndarray, signals: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Forecasts with what the signals add.

    Parameters
    ----------
    data : series as shares of their level
    past : (series, origin, horizon), forecasts from past origins, NaN where none may be scored
    last : (series, horizon), from the last origin
    signals : (signal, series, origin, horizon), on a log scale and centred over the series; NaN where unknown

    Returns
    -------
    past, last : the same, adjusted; past ones by the line through the other origins. Series with negative values
        stay as they are; a step with fewer than 20 past errors takes the line of the step before.
    """
    signals = np.where(np.isfinite(signals) & ~data.signed[:, None, None], signals, 0.0)
    past, last = past.copy(), last.copy()
    line, part = np.zeros(len(signals)), 0.0
    so_far = np.empty((2, 0))
    for step in range(past.shape[2]):
        seen, came = _errors(data, past[:, :, step], step + 1)
        rows, origins = np.nonzero(seen)
        if len(rows) >= FEWEST_ERRORS:
            design, off = signals[:, rows, origins, step].T, came[seen]
            folds = origins if len(np.unique(origins)) > 1 else rows % 2
            left_out = np.zeros(len(off))
            for fold in np.unique(folds):
                others = ridge(design[folds != fold], off[folds != fold], prior=line)
                left_out[folds == fold] = design[folds == fold] @ others
            so_far = np.concatenate([so_far, [off, left_out]], axis=1)
            part = believed(*so_far)
            line = ridge(design, off, prior=line)
            moved = past[rows, origins, step] + data.offset[rows]
            past[rows, origins, step] = moved * np.exp(part * left_out) - data.offset[rows]
        add = part * (signals[:, :, -1, step].T @ line)
        last[:, step] = (last[:, step] + data.offset) * np.exp(add) - data.offset
    floor = np.where(data.signed, -np.inf, 0.0)
    return np.maximum(past, floor[:, None, None]), np.maximum(last, floor[:, None])


def believed(off: np.ndarray, predicted: np.ndarray) -> float:
    """Part of a prediction that would have helped most; 0 unless it helped by more than its standard error.

    Parameters
    ----------
    off, predicted : (error,), what came and what the line through other origins said

    Examples
    --------
    >>> off = np.tile([0.1, -0.1], 20)
    >>> believed(off, 0.5 * off), believed(off, -off)
    (1.0, 0.0)
    """
    best, part = 0.0, 0.0
    for multiple in MULTIPLES:
        gain = np.abs(off) - np.abs(off - multiple * predicted)
        if gain.mean() > max(best, gain.std() / np.sqrt(len(gain))):
            best, part = float(gain.mean()), multiple
    return part


def ridge(design: np.ndarray, values: np.ndarray, *, prior: np.ndarray) -> np.ndarray:
    """Weights of the signals: a line shrunk to that of the step before, which one wild error in ten hardly moves.

    Parameters
    ----------
    design : (error, signal)
    values : (error,)
    prior : (signal,), zero at the first step

    Examples
    --------
    >>> signal = np.linspace(-1, 1, 201)[:, None]
    >>> ridge(signal, 0.4 * signal[:, 0] + np.tile([0.1, -0.1, 0.0], 67), prior=np.zeros(1)).round(2).tolist()
    [0.4]
    """
    weight = np.ones(len(values))
    line = prior
    for _ in range(ROUNDS):
        spread = max(1.4826 * float(np.median(np.abs(values - design @ line))), 1e-9)
        off = np.abs(values - design @ line)
        weight = np.minimum(1.0, HUBER * spread / np.maximum(off, 1e-12))
        weighed, shrunk = design * weight[:, None], (spread / USUAL_WEIGHT) ** 2
        square = weighed.T @ design + shrunk * np.eye(len(line))
        line = np.linalg.solve(square, weighed.T @ values + shrunk * prior)
    return line


def _errors(data: Panel, past: np.ndarray, step: int) -> tuple[np.ndarray, np.ndarray]:
    """Which forecasts have come (series, origin), and their log errors beside the median of their origin."""
    actual = np.full(past.shape, np.nan)
    actual[:, :-step] = data.values[:, step:]
    offset = data.offset[:, None]
    usable = np.isfinite(actual) & np.isfinite(past) & ~data.signed[:, None]
    with np.errstate(invalid="ignore", divide="ignore"):
        off = np.where(usable, np.log((actual + offset) / (past + offset)), np.nan)
    usable &= np.isfinite(off)
    common = np.zeros(off.shape[1])
    some = usable.any(axis=0)
    common[some] = np.nanmedian(np.where(usable, off, np.nan)[:, some], axis=0)
    return usable, off - common
