"""A part of the joint futures of an area that stands for all of them: what a page can carry."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

import numpy as np

from analyse.errors import ParameterError
from analyse.scenario import core
from analyse.scenario.definitions import Setting
from analyse.scenario.model import Inputs

DRAWN = ("months", "waiting", "draws", "found", "ratios", "cost_draws", "capacity")
PATHS = ("youths", "clients", "price", "cost_eur")
DIVIDED = ("shares", "client_weights")
"""Parts that add up to 1 in a sample, so they stay as they are."""

BANDS = 16
"""Groups of costs within which samples are spread over the strength of measures."""
LEVELS = (0.1, 0.5, 0.9)
"""Parts of the futures below which as many of the chosen ones must lie."""
SHOWN = (0.05, 0.1, 0.15, 0.5, 0.85, 0.9, 0.95)
"""The same for the differences that scenarios make, close to what a panel shows of them."""
WEIGHT = 3
"""How much more a count of these matters than one of what goes into them."""
NEAR = 60
"""Samples on each side that are looked at for the best exchange."""


def of(inputs: Inputs, samples: int, *, plans: Iterable[Mapping[str, Setting]] = ()) -> Inputs:
    """A number of futures, spread over the costs of the last year, with the distributions of all of them.

    Samples are taken evenly from low to high costs, and at equal costs evenly from weak to strong measures. Then some
    are exchanged, one for one, until about the right number of chosen ones lies below each quantile of all futures: of
    the costs of a year, a draw, what a measure does by itself, and what each plan does. Then every number that varies
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
    plans : iterable of mapping of Setting
        Scenarios of which the differences must be those of all futures as well as can be: those that come with a panel.

    Raises
    ------
    ParameterError
        If there are fewer samples.
    """
    if not 1 <= samples <= inputs.samples:
        raise ParameterError(f"scenario panel: {samples} samples; choose 1 to {inputs.samples}")
    chosen = spread(inputs.cost_eur[-1], samples, within=_strength(inputs))
    if samples < inputs.samples:
        chosen = balanced(_below(inputs, plans), chosen)
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


def balanced(below: np.ndarray, chosen: np.ndarray) -> np.ndarray:
    """Exchange chosen samples for others until no exchange brings the counts nearer to what they should be.

    Parameters
    ----------
    below : int array (sample, count)
        1, or a weight, where a sample counts; of n of N samples n / N of the sum of all is wanted, and the sum of the
        squared distances from that is made small. Whole numbers, so that every machine exchanges the same samples.
    chosen : int array
        Numbers of samples to begin with.

    Returns
    -------
    int array
        As many numbers, in order.

    Examples
    --------
    Of six samples three count; two of the first three are taken, so one of them goes:

    >>> balanced(np.array([[1], [1], [1], [0], [0], [0]]), np.array([0, 1])).tolist()
    [1, 3]
    """
    every, number = len(below), len(chosen)
    counts = below.astype(float)
    together = every * (counts @ counts.T)
    own = np.diag(together)
    inside = np.zeros(every, dtype=bool)
    inside[chosen] = True
    off = counts @ (every * counts[inside].sum(axis=0) - number * counts.sum(axis=0))
    near = min(NEAR, number, every - number)
    while True:
        leaving = np.argsort(np.where(inside, own - 2 * off, np.inf), kind="stable")[:near]
        coming = np.argsort(np.where(inside, np.inf, own + 2 * off), kind="stable")[:near]
        gained = (
            (own + 2 * off)[coming][:, None]
            + (own - 2 * off)[leaving]
            - 2 * together[np.ix_(coming, leaving)]
        )
        best = np.unravel_index(gained.argmin(), gained.shape)
        if gained[best] >= 0:
            return np.flatnonzero(inside)
        came, left = coming[best[0]], leaving[best[1]]
        inside[[came, left]] = True, False
        off = off + together[:, came] - together[:, left]


def _below(inputs: Inputs, plans: Iterable[Mapping[str, Setting]]) -> np.ndarray:
    """Whether each sample lies below each quantile of what must be spread as in all futures, (sample, count)."""

    def counted(values: Iterable[np.ndarray], levels: tuple[float, ...]) -> np.ndarray:
        rows = np.reshape(list(values), (-1, inputs.samples))
        limits = np.quantile(rows, levels, axis=1)
        return (rows <= limits[..., None]).reshape(-1, inputs.samples)

    parts = counted(_varying(inputs), LEVELS), WEIGHT * counted(_differences(inputs, plans), SHOWN)
    return np.concatenate(parts).T


def _varying(inputs: Inputs) -> Iterator[np.ndarray]:
    """Costs of each year, each draw, and about what each measure does in the last year, by itself and together."""
    yield from inputs.cost_eur
    by_form, everything = inputs.form_cost[:, -1], np.zeros(inputs.samples)
    for index, lever in enumerate(inputs.levers):
        draws = [one for one in (inputs.draws[index], inputs.found[index]) if np.ptp(one)]
        prices = [one[index] for one in (inputs.ratios, inputs.cost_draws) if np.ptp(one[index])]
        yield from (*draws, *prices)
        reached = by_form[[inputs.forms.index(form) for form in lever.forms]].sum(axis=0)
        moved = 1.0 if lever.to is None else inputs.ratios[index] - 1
        for one in draws:
            alone = one * reached * moved
            if np.ptp(alone):
                yield alone
                everything = everything + alone / alone.std()
    if np.ptp(everything):
        yield everything


def _differences(inputs: Inputs, plans: Iterable[Mapping[str, Setting]]) -> Iterator[np.ndarray]:
    """What each plan changes in every other year but the first two, when measures have hardly begun."""
    for settings in plans:
        changed = core.run(inputs, settings).cost_eur - inputs.cost_eur
        yield from (one for one in changed[:1:-2] if np.ptp(one))


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
    return np.take_along_axis(_evenly(np.sort(values, axis=-1), len(chosen)), ranks, axis=-1)


def _evenly(ordered: np.ndarray, number: int) -> np.ndarray:
    """So many quantiles from the lowest to the highest value (last axis), of values in order.

    To the last digit those of ``np.quantile``, which puts values in order again around each quantile that is asked for:
    ten times the work.
    """
    places = (ordered.shape[-1] - 1) * np.linspace(0, 1, number)
    below = np.floor(places).astype(int)
    part = places - below
    low, high = ordered[..., below], ordered[..., np.minimum(below + 1, ordered.shape[-1] - 1)]
    between = np.where(part < 0.5, low + (high - low) * part, high - (high - low) * (1 - part))
    return np.where(np.isnan(ordered[..., -1:]), np.nan, between)
