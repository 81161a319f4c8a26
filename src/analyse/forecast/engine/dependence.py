"""How series go wrong together: shared shocks and horizons, estimated from past errors.

The normal scores of the standardised errors are split into independent shocks shared by all series, by
a region and by a group (care form), and one of the series' own. The shares follow from the mean
product of the scores of two series at the same origin: pairs that share neither region nor group show the
share of the common shock, pairs that share one of them what comes on top.

A common shock has been seen only as often as there are origins. With *m* origins the next one is therefore
Student's t with *m* - 1 degrees of freedom and a scale of :math:`\\sqrt{1 + 1/m}` instead of normal, and the
intervals widen accordingly: with a common share :math:`\\rho` the spread is multiplied by
:math:`\\sqrt{1 + \\rho\\,(k^2 - 1)}`, with :math:`k` the ratio of the 95 % quantiles.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr, ndtri, stdtrit

PRIOR_ORIGINS = 2.0
PRIOR_SHARES = np.array([0.2, 0.05, 0.05])
"""What is believed of the shares (all, region, group) before anything is seen, worth two origins."""

PRIOR_PAIRS = 30.0
MOST_SHARED = 0.9


@dataclass(frozen=True)
class Dependence:
    """Shares of the variance of the shocks (all, region, group) and the correlation of horizons.

    ``widening`` multiplies every spread for what so few common shocks leave unknown.
    """

    shares: np.ndarray
    horizons: np.ndarray
    widening: float


def dependence(
    standardised: np.ndarray, *, regions: np.ndarray | None, groups: np.ndarray | None
) -> Dependence:
    """Estimate the shared shocks from past errors.

    Parameters
    ----------
    standardised : (series, origin, horizon), NaN where there is no error
    regions, groups : (series,) numbers 0, 1, ..., or None where all series are alike
    """
    scores = normal_scores(standardised)
    nearest = scores[:, :, 0]
    origins = int((np.isfinite(nearest).sum(axis=0) > 1).sum())
    shares = shared_shares(nearest, regions=regions, groups=groups)
    missing = np.array([False, regions is None, groups is None])
    prior = np.where(missing, 0, PRIOR_SHARES) if origins else np.zeros(3)
    shares = (origins * shares + PRIOR_ORIGINS * prior) / (origins + PRIOR_ORIGINS)
    unknown = few_origins(origins)
    widened = 1 + shares[0] * (unknown**2 - 1)
    shares = shares * np.array([unknown**2, 1, 1]) / widened
    shares *= min(1.0, MOST_SHARED / max(shares.sum(), 1e-9))
    return Dependence(shares, horizon_correlation(scores), float(np.sqrt(widened)))


def normal_scores(values: np.ndarray) -> np.ndarray:
    """Normal scores of all values together, NaN stays NaN."""
    scores = np.full(values.shape, np.nan)
    known = np.isfinite(values)
    ranks = values[known].argsort().argsort()
    scores[known] = ndtri((ranks + 0.5) / max(known.sum(), 1))
    return scores


def few_origins(origins: int) -> float:
    """Ratio of the 95 % quantile of a shock seen ``origins`` times to the normal one."""
    if origins < 3:
        return 2.0
    return float(stdtrit(origins - 1, 0.95) * np.sqrt(1 + 1 / origins) / ndtri(0.95))


def shared_shares(scores: np.ndarray, *, regions, groups) -> np.ndarray:
    """Shares of the variance (all, region, group) from mean products of pairs of (series, origin) scores.

    Parameters
    ----------
    scores : (series, origin), standardised errors
    regions, groups : (series,), numbers of the labels, or None
    """
    everything = np.zeros(len(scores), int)
    region = everything if regions is None else regions
    group = everything if groups is None else groups
    both = region * (group.max() + 1) + group
    sums = {
        name: _pair_sums(scores, label)
        for name, label in {"all": everything, "region": region, "group": group, "both": both}.items()
    }
    names = ["neither", "region", "group", "both"]
    cells = {
        "both": sums["both"],
        "region": sums["region"] - sums["both"],
        "group": sums["group"] - sums["both"],
        "neither": sums["all"] - sums["region"] - sums["group"] + sums["both"],
    }
    design = np.array([[1, 0, 0], [1, 1, 0], [1, 0, 1], [1, 1, 1]], float)
    design *= np.array([1, regions is not None, groups is not None])
    weight = np.array([np.sqrt(max(cells[name][1], 0)) for name in names])
    mean = np.array([cells[name][0] / max(cells[name][1], 1) for name in names])
    shares = np.linalg.lstsq(design * weight[:, None], mean * weight, rcond=None)[0]
    origins = max((np.isfinite(scores).sum(axis=0) > 1).sum(), 2)
    return np.clip(shares * np.array([origins / (origins - 1), 1, 1]), 0, MOST_SHARED)


def _pair_sums(scores: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Sum of products and number of pairs of different series with the same label, over all origins."""
    known = np.isfinite(scores)
    filled = np.where(known, scores, 0)
    total, squares, count = (
        np.array([np.bincount(labels, weights=column) for column in values.T])
        for values in (filled, filled**2, known)
    )
    return np.array([(total**2 - squares).sum(), (count * (count - 1)).sum()])


def horizon_correlation(scores: np.ndarray) -> np.ndarray:
    """Correlation of errors at two horizons from one origin, (horizon, horizon), positive definite.

    Shrunk to that of a random walk, :math:`\\sqrt{\\min(h, k) / \\max(h, k)}`.
    """
    steps = np.arange(1, scores.shape[2] + 1)
    correlation = np.sqrt(np.minimum.outer(steps, steps) / np.maximum.outer(steps, steps))
    for first in range(len(steps)):
        for second in range(first + 1, len(steps)):
            left, right = scores[:, :, first], scores[:, :, second]
            pairs = np.isfinite(left) & np.isfinite(right)
            if pairs.sum() < 3:
                continue
            left, right = left[pairs], right[pairs]
            seen = (left @ right) / np.sqrt((left @ left) * (right @ right))
            share = pairs.sum() / (pairs.sum() + PRIOR_PAIRS)
            mixed = share * seen + (1 - share) * correlation[first, second]
            correlation[first, second] = correlation[second, first] = mixed
    return nearest_correlation(correlation)


def nearest_correlation(matrix: np.ndarray) -> np.ndarray:
    """Lift the eigenvalues to a small positive number and bring the diagonal back to one."""
    values, vectors = np.linalg.eigh(matrix)
    lifted = (vectors * np.maximum(values, 1e-4)) @ vectors.T
    size = np.sqrt(np.diag(lifted))
    return lifted / np.outer(size, size)


def shocks(
    dependent: Dependence, labels: list[np.ndarray], *, samples: int, rng: np.random.Generator
) -> np.ndarray:
    """Draw uniform ranks (series, horizon, sample) with the dependence found.

    Parameters
    ----------
    dependent : the dependence between series that was found
    labels : the (series,) numbers of all, region and group, in the order of the shares
    samples : number of joint futures
    rng : generator that they come from
    """
    series, horizon = len(labels[0]), len(dependent.horizons)
    own = np.sqrt(1 - dependent.shares.sum())
    drawn = np.float32(own) * rng.standard_normal((series, horizon, samples), dtype=np.float32)
    for share, label in zip(dependent.shares, labels, strict=True):
        if share > 0:
            shared = rng.standard_normal((label.max() + 1, horizon, samples), dtype=np.float32)
            drawn += np.float32(np.sqrt(share)) * shared[label]
    root = np.linalg.cholesky(dependent.horizons).astype(np.float32)
    return ndtr(np.matmul(root, drawn))
