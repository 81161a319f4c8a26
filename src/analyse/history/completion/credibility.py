"""Credibility: how much of a group's own experience to believe, and how much of that of all groups together.

Bühlmann and Straub's estimate ("Glaubwürdigkeit für Schadensätze", Bulletin of the Swiss Association of Actuaries 70,
1970; Bühlmann and Gisler, *A course in credibility theory*, 2005, ch. 4): the spread between groups against the
spread within them decides. Groups without experience get the common value, and where groups do not differ beyond
chance all of them do. The common value is the mean of the groups weighted by how much each is believed (theorem 4.4),
not by its volume, which would let the largest group pull all others to itself.
"""

from __future__ import annotations

import numpy as np


def shrunk(values: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Mean of each group, pulled to the common value of all, (..., group).

    Parameters
    ----------
    values : array (..., group, observation)
    weights : array of the same shape; zero where there is no observation

    Returns
    -------
    array (..., group); NaN where no group has an observation

    Examples
    --------
    Two groups that lie apart by more than their own spread keep most of what they have:

    >>> shrunk(np.array([[0.5, 0.6], [0.8, 0.9]]), np.ones((2, 2))).round(3)
    array([0.558, 0.842])
    """
    weights = np.where(weights > 0, weights, 0.0)
    values = np.where(weights > 0, values, 0.0)
    size = weights.sum(axis=-1)
    own = np.divide((weights * values).sum(axis=-1), size, out=np.zeros(size.shape), where=size > 0)
    total = size.sum(axis=-1, keepdims=True)
    centre = _ratio((size * own).sum(axis=-1, keepdims=True), total)
    observed = (weights > 0).sum(axis=-1)
    freedom = np.maximum(observed - 1, 0).sum(axis=-1, keepdims=True)
    squares = (weights * (values - own[..., None]) ** 2).sum(axis=(-2, -1))[..., None]
    within = np.divide(squares, freedom, out=np.zeros(squares.shape), where=freedom > 0)
    groups = (size > 0).sum(axis=-1, keepdims=True)
    spread = (size * np.where(size > 0, own - centre, 0) ** 2).sum(axis=-1, keepdims=True)
    apart = _ratio(
        spread - (groups - 1) * within, total - _ratio((size**2).sum(axis=-1, keepdims=True), total)
    )
    apart = np.where(np.isfinite(apart), np.maximum(apart, 0), 0)
    belief = np.divide(
        size * apart, size * apart + within, out=np.zeros(size.shape), where=size * apart + within > 0
    )
    believed = belief.sum(axis=-1, keepdims=True)
    common = np.divide(
        (belief * own).sum(axis=-1, keepdims=True), believed, out=centre.copy(), where=believed > 0
    )
    return common + belief * (own - common)


def _ratio(above: np.ndarray, below: np.ndarray) -> np.ndarray:
    return np.divide(above, below, out=np.full(np.shape(below), np.nan), where=below > 0)
