"""What is drawn for each sample: how much of a lever comes true, what it costs, and how long care lasts.

Every draw has a stream of random numbers of its own, named after what it is for. So it is the same in every scenario,
and a sample is one joint future whatever else is in the scenario.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np

from analyse.parameters import Assumption
from analyse.scenario.definitions import CareForms, Interval, Lever

Rng = Callable[..., np.random.Generator]


@dataclass(frozen=True)
class Effects:
    """Factors (lever, sample), median 1: on the size, on the cost ratio and on the cost of each lever."""

    draws: np.ndarray
    ratios: np.ndarray
    cost: np.ndarray


def factor(interval: Interval, samples: int, rng: np.random.Generator) -> np.ndarray:
    """Draw factors whose quantile function runs straight between the points of the interval.

    Parameters
    ----------
    interval : Interval
        Low, 1 and high with their coverage.
    samples : int
        Number of draws.
    rng : Generator
        Where they come from.

    Returns
    -------
    ndarray (sample,)

    Examples
    --------
    Of an 80 % interval from 0 to 2, a tenth lies below 0.05:

    >>> factors = factor(Interval(low=0.0, high=2.0), 10_000, np.random.default_rng(1))
    >>> [round(float(value), 1) for value in np.quantile(factors, [0.1, 0.5, 0.9])]
    [0.0, 1.0, 2.0]
    """
    probabilities, factors = interval.quantiles()
    return np.interp(rng.random(samples), probabilities, factors)


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
    names = ("size", "ratio", "cost")
    drawn = {name: [] for name in names}
    for lever in levers:
        intervals = (lever.comes_true(), lever.ratio or certain, lever.cost)
        for name, interval in zip(names, intervals, strict=True):
            drawn[name].append(factor(interval, samples, rng("scenario", "lever", lever.id, name)))
    return Effects(*(np.stack(drawn[name]) for name in names))


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


def assumption(value: Assumption, samples: int, rng: np.random.Generator) -> np.ndarray:
    """Draw an assumption, in its unit.

    Parameters
    ----------
    value : Assumption
        Value, low and high with their coverage.
    samples : int
        Number of draws.
    rng : Generator
        Where they come from.

    Returns
    -------
    ndarray (sample,)
    """
    interval = Interval(low=value.low / value.value, high=value.high / value.value, coverage=value.coverage)
    return value.value * factor(interval, samples, rng)
