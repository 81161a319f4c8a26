"""What is drawn for each sample: how much of a lever comes true, what it costs, and how long care lasts.

Every draw has a stream of random numbers of its own, named after what it is for. So it is the same in every scenario,
and a sample is one joint future whatever else is in the scenario. Draws are spread evenly over their distribution, one
in each of as many equal parts as there are samples, in random order (Latin hypercube; McKay, Beckman and Conover 1979):
their median and ends are those of the distribution, not of a lucky set.

What comes true of several measures is related: the same people carry them out, and the same research says what
they do. The draws of each measure have the order of ``sqrt(r) * common + sqrt(1 - r) * own``, standard normal both,
with r the correlation of ``parameters/evidence.yaml``. Whether a law passes is drawn apart from that.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np

from analyse.parameters import Assumption
from analyse.scenario.definitions import CareForms, Lever, evidence
from analyse.scenario.evidence import Interval, quantile

Rng = Callable[..., np.random.Generator]


@dataclass(frozen=True)
class Effects:
    """What is drawn for each lever, (lever, sample).

    A size ``s`` has the effect ``found + s * part``, in the unit of the size: of class A only what was found counts, of
    the others a part of the size. ``ratios`` and ``cost`` are factors on cost ratio and cost, ``capacity`` is the
    largest part that new places take over in a year, infinite where there is no limit.
    """

    part: np.ndarray
    found: np.ndarray
    ratios: np.ndarray
    cost: np.ndarray
    capacity: np.ndarray


def spread_evenly(order: np.ndarray) -> np.ndarray:
    """Probabilities (sample,) in the middle of equal parts, in the order of these values.

    Examples
    --------
    >>> spread_evenly(np.array([0.3, -1.2, 5.0, 0.9])).tolist()
    [0.375, 0.125, 0.875, 0.625]
    """
    ranks = np.argsort(np.argsort(order, kind="stable"), kind="stable")
    return (ranks + 0.5) / len(order)


def factor(interval: Interval, samples: int, rng: np.random.Generator) -> np.ndarray:
    """Draw factors whose quantile function runs straight between the points of the interval.

    Parameters
    ----------
    interval : Interval
        Low, 1 and high with their coverage.
    samples : int
        Number of draws.
    rng : Generator
        Where their order comes from.

    Returns
    -------
    ndarray (sample,)

    Examples
    --------
    Of an 80 % interval from 0 to 2, the median is exactly 1:

    >>> factors = factor(Interval(low=0.0, high=2.0), 1000, np.random.default_rng(1))
    >>> [round(float(value), 2) for value in np.quantile(factors, [0.1, 0.5, 0.9])]
    [0.0, 1.0, 2.0]
    """
    return np.interp(spread_evenly(rng.random(samples)), *interval.quantiles())


def effects(levers: Iterable[Lever], *, samples: int, rng: Rng) -> Effects:
    """Draw for every lever.

    Parameters
    ----------
    levers : iterable of Lever
        In the order of the file.
    samples : int
        Number of joint futures.
    rng : callable
        ``run.rng``: a generator by name.
    """
    certain = Interval(low=1.0, high=1.0)
    common = rng("scenario", "lever", "common").standard_normal(samples)
    together = evidence().correlation.value
    rows = []
    for lever in levers:

        def stream(name: str, lever: Lever = lever) -> np.random.Generator:
            return rng("scenario", "lever", lever.id, name)

        part, found = _size(lever, common, together, stream)
        capacity = lever.capacity_percent_a_year
        rows.append(
            Effects(
                part=part,
                found=found,
                ratios=factor(lever.ratio or certain, samples, stream("ratio")),
                cost=factor(lever.cost, samples, stream("cost")),
                capacity=np.full(samples, np.inf)
                if capacity is None
                else quantile(capacity.points(), spread_evenly(stream("capacity").random(samples))),
            )
        )
    return Effects(*(np.stack([getattr(row, name) for row in rows]) for name in Effects.__dataclass_fields__))


def _size(
    lever: Lever, common: np.ndarray, together: float, stream: Callable[[str], np.random.Generator]
) -> tuple[np.ndarray, np.ndarray]:
    """How much of a size comes true, and what was found: one of the two is zero."""
    nothing, own = np.zeros(len(common)), stream("size").standard_normal(len(common))
    shared = 0.0 if lever.law is not None else together
    probability = spread_evenly(np.sqrt(shared) * common + np.sqrt(1 - shared) * own)
    realised = lever.comes_true()
    if realised is None:
        return nothing, quantile(lever.found.points(), probability)
    part = quantile(realised.points, probability)
    if lever.waterbed is not None:
        back = spread_evenly(stream("waterbed").random(len(common)))
        part = part * (1 - quantile(lever.waterbed.points(), back))
    return part, nothing


def months(care: CareForms, *, samples: int, rng: Rng, outpatient: float | None = None) -> np.ndarray:
    """Mean duration by care form, in months, (care form without ``local``, sample).

    Forms that share one assumption share its draws.

    Parameters
    ----------
    care : CareForms
        The forms with their assumptions.
    samples : int
        Number of joint futures.
    rng : callable
        ``run.rng``: a generator by name.
    outpatient : float, optional
        Mean duration of help without residence, in months, where a dataset has it: then that is the middle, with the
        same relative interval.
    """
    by_form = []
    for form in care.forms:
        if form.months is not None:
            drawn = assumption(form.months, samples, rng("scenario", "months", form.months.description))
            measured = outpatient is not None and form.group == "outpatient"
            by_form.append(drawn * outpatient / form.months.value if measured else drawn)
    return np.stack(by_form)


def waiting(care: CareForms, *, samples: int, rng: Rng) -> np.ndarray:
    """Youths who wait, as a part of those in care, (care form without ``local``, sample); 0 where nothing is known.

    Forms that share one assumption share its draws.

    Parameters
    ----------
    care : CareForms
        The forms, some with an assumption on how many wait.
    samples : int
        Number of draws.
    rng : callable
        Gives the generator that belongs to some names.
    """
    return np.stack(
        [
            np.zeros(samples)
            if form.waiting is None
            else np.maximum(
                0.0, assumption(form.waiting, samples, rng("scenario", "waiting", form.waiting.description))
            )
            for form in care.forms
            if form.months is not None
        ]
    )


def assumption(value: Assumption, samples: int, rng: np.random.Generator) -> np.ndarray:
    """Draw an assumption, in its unit.

    Parameters
    ----------
    value : Assumption
        Value, low and high with their coverage.
    samples, rng
        As for ``factor``.

    Returns
    -------
    ndarray (sample,)
    """
    interval = Interval(low=value.low / value.value, high=value.high / value.value, coverage=value.coverage)
    return value.value * factor(interval, samples, rng)
