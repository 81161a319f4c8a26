"""Soft weights for the filters of the bank: what worked in the pool, and a little of what worked here.

Picking the best filter of a series from ten values is mostly picking noise. Each filter gets the weight
:math:`w \\propto \\exp(-\\eta_p P - \\eta_o O)`: :math:`P` is its loss in the pool of series of one group,
relative to the best filter, shrunk to the loss over all groups; :math:`O` the same for the series itself.
"""

from __future__ import annotations

import numpy as np

POOL_SHARPNESS = 60.0
OWN_SHARPNESS = 8.0
GROUP_SHRINKAGE = 20.0
"""A group of this many series counts as much as the whole pool."""

SMALL_POOL = 30.0
"""The verdict of a pool of this many series counts half: with few series it is noise again."""

SMALLEST_LOSS = 1e-3
"""Forecasts this good (in mean changes of the series) are equally good."""


def pooled_loss(loss: np.ndarray, groups: np.ndarray) -> np.ndarray:
    """Loss relative to the best filter, (filter, group), shrunk to that of all series.

    Parameters
    ----------
    loss : (filter, series), mean scaled error, NaN for a series without one
    groups : (series,), group number 0, 1, ...
    """
    known = np.isfinite(loss).all(axis=0)
    if not known.any():
        return np.zeros((len(loss), groups.max() + 1))
    loss = np.maximum(loss, SMALLEST_LOSS)
    whole = loss[:, known].mean(axis=1)
    members = np.eye(groups.max() + 1)[groups[known]]
    count = members.sum(axis=0)
    total = loss[:, known] @ members
    level = np.where(count > 0, total.mean(axis=0), 1)
    usual = (whole / whole.mean())[:, None]
    shrunk = (count * total / level + GROUP_SHRINKAGE * usual) / (count + GROUP_SHRINKAGE)
    best = shrunk.min(axis=0)
    return (shrunk - best) / best * known.sum() / (known.sum() + SMALL_POOL)


def soft_weights(loss: np.ndarray, pool: np.ndarray) -> np.ndarray:
    """Weights (filter, series) that sum to one over the filters.

    Parameters
    ----------
    loss : (filter, series), NaN for a series too short to have one
    pool : (filter, series), the relative pooled loss of each series' group
    """
    mean = np.maximum(loss.mean(axis=0), 1e-9)
    own = np.nan_to_num((loss - loss.min(axis=0)) / mean)
    logs = -POOL_SHARPNESS * pool - OWN_SHARPNESS * own
    weights = np.exp(logs - logs.max(axis=0))
    return weights / weights.sum(axis=0)


def weighted_median(forecasts: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Weighted median over the filters: (filter, series, step) and (filter, series) to (series, step).

    Interpolated between the two middle forecasts, so that it moves smoothly with the weights.

    Examples
    --------
    >>> weighted_median(np.array([[[1.0]], [[2.0]], [[9.0]]]), np.array([[0.4], [0.2], [0.4]]))
    array([[2.]])
    """
    values = np.ascontiguousarray(np.moveaxis(forecasts, 0, 2))
    weights = weights.astype(values.dtype)
    series, steps, filters = values.shape
    order = np.argsort(values, axis=2)
    values = values.ravel()[order + filters * np.arange(series * steps).reshape(series, steps, 1)]
    share = weights.T.ravel()[order + filters * np.arange(series)[:, None, None]]
    middle = share.cumsum(axis=2) - share / 2
    right = np.clip((middle < 0.5).sum(axis=2), 1, values.shape[2] - 1)[..., None]
    low, high = (np.take_along_axis(middle, index, axis=2) for index in (right - 1, right))
    low_value, high_value = (np.take_along_axis(values, index, axis=2) for index in (right - 1, right))
    part = np.clip((0.5 - low) / np.maximum(high - low, 1e-9), 0, 1)
    return (low_value + part * (high_value - low_value))[..., 0]
