"""A part of the joint futures of an area that stands for all of them: what a page can carry."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from analyse.errors import ParameterError
from analyse.scenario.model import Inputs

DRAWN = ("months", "waiting", "draws", "found", "ratios", "cost_draws", "capacity")
PATHS = ("youths", "clients", "price", "cost_eur")
DIVIDED = ("shares", "client_weights")
"""Parts that add up to 1 in a sample, so they stay as they are."""

BANDS = 16
"""Groups of costs within which samples are spread over the strength of measures."""


def of(inputs: Inputs, samples: int) -> Inputs:
    """A number of futures, spread over the costs of the last year, with the distributions of all of them.

    Samples are taken evenly from low to high costs, and at equal costs evenly from weak to strong measures: what a
    measure does in a dear future is then neither too often strong nor too often weak. Then every number that varies
    (costs, youths and price of each year, each draw) gets the quantiles of all samples in place of its own, in the same
    order. So each year and each draw has the middle and the ends of all futures, and what belongs together in a sample
    stays together.

    Parameters
    ----------
    inputs : Inputs
        One area.
    samples : int
        How many, at most as many as there are; with one more than a multiple of 40 the 2.5 %, 10 %, 50 %, 90 % and
        97.5 % are those of all futures exactly.

    Raises
    ------
    ParameterError
        If there are fewer samples.
    """
    if not 1 <= samples <= inputs.samples:
        raise ParameterError(f"scenario panel: {samples} samples; choose 1 to {inputs.samples}")
    chosen = spread(inputs.cost_eur[-1], samples, within=_strength(inputs))
    matched = {name: like_all(getattr(inputs, name), chosen) for name in (*PATHS, *DRAWN)}
    divided = {name: getattr(inputs, name)[..., chosen] for name in DIVIDED}
    start = {name: like_all(values, chosen) for name, values in inputs.start.items()}
    return replace(inputs, start=start, **matched, **divided)


def spread(costs: np.ndarray, samples: int, *, within: np.ndarray | None = None) -> np.ndarray:
    """Numbers of the chosen samples, spread evenly over the costs of the last year, in order; none of them twice.

    Parameters
    ----------
    costs : array (sample,)
        Costs of the last year.
    samples : int
        How many to choose.
    within : array (sample,), optional
        What they are spread evenly over as well, in each of ``BANDS`` equal groups of costs; not where (almost) all
        samples are chosen, since a group may then have fewer than are asked of it.

    Examples
    --------
    >>> spread(np.array([9.0, 1.0, 5.0, 3.0, 7.0, 2.0]), 3)
    array([0, 2, 5])
    """
    bands = min(BANDS, samples)
    if within is None or len(costs) < samples + bands:
        bands, within = 1, None
    order = np.argsort(costs, kind="stable")
    counts = np.diff(np.linspace(0, samples, bands + 1).round().astype(int))
    chosen = []
    for group, count in zip(np.array_split(order, bands), counts, strict=True):
        listed = group if within is None else group[np.argsort(within[group], kind="stable")]
        chosen.append(listed[((np.arange(count) + 0.5) * len(listed) / count).astype(int)])
    return np.sort(np.concatenate(chosen))


def _strength(inputs: Inputs) -> np.ndarray:
    """How strong the measures are in each sample: the sum of their draws, each in its own standard deviations."""
    draws = np.concatenate([inputs.draws, inputs.found])
    draws = draws[np.isfinite(draws).all(axis=1) & (draws.std(axis=1) > 0)]
    return ((draws - draws.mean(axis=1, keepdims=True)) / draws.std(axis=1, keepdims=True)).sum(axis=0)


def like_all(values: np.ndarray, chosen: np.ndarray) -> np.ndarray:
    """The chosen samples (last axis) with the quantiles of all samples, in the order they had.

    Examples
    --------
    Of 1 to 5 the first, second and fourth are chosen; they become the lowest, the middle and the highest of all:

    >>> like_all(np.array([1.0, 2.0, 3.0, 4.0, 5.0]), np.array([0, 1, 3])).tolist()
    [1.0, 3.0, 5.0]
    """
    taken = values[..., chosen]
    if np.isinf(values).any():
        return taken
    ranks = np.argsort(np.argsort(taken, axis=-1, kind="stable"), axis=-1, kind="stable")
    # Sorted ahead: a partition around each of many quantiles takes three times as long.
    quantiles = np.quantile(np.sort(values, axis=-1), np.linspace(0, 1, len(chosen)), axis=-1)
    return np.take_along_axis(np.moveaxis(quantiles, 0, -1), ranks, axis=-1)
