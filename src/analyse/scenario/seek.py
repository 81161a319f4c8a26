"""Goal-seek: which size of a lever meets the budget, in half or in four of five futures."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analyse.errors import ParameterError
from analyse.parameters import near
from analyse.scenario import core, files
from analyse.scenario.definitions import Lever, Setting
from analyse.scenario.model import Inputs

STEPS = 24
"""Halvings of the range: the answer is exact to a millionth of it."""
GRID = 9
"""Sizes that are tried to see whether more of the lever always means less cost."""


@dataclass(frozen=True)
class Answer:
    """What was found: ``size`` is None where nothing within the range of the lever meets the budget."""

    lever: str
    year: int
    budget_eur: float
    wanted: float
    size: float | None
    reached: float
    """Probability of staying within the budget at ``size``, or the best one within the range."""
    best_size: float
    without: float
    """Probability of staying within the budget without this lever."""
    limit: str = ""
    """What limits it where no size does, in words; empty where one does."""
    start: int = 0
    """The year in which the lever starts."""
    why: str = ""
    """The same as a key: late, evidence, places, nothing or range."""
    reach: float = 0.0
    """Part of the costs of the year, in the middle, that the lever acts on."""
    needed_eur: float = 0.0
    """What must go for the budget to be met with the probability, without this lever; below 0 there is room."""
    at_best_eur: float = 0.0
    """What the lever changes at ``best_size``, in the middle of the futures; below 0 is less."""


def find(
    inputs: Inputs,
    name: str,
    *,
    year: int,
    budget_eur: float,
    probability: float = 0.5,
    settings: Mapping[str, Setting] | None = None,
) -> Answer:
    """The smallest size of one lever with which the costs of a year stay within a budget.

    Bisection on the same samples, between sizes spread over the range of the lever: where more of a lever always means
    less cost this is the smallest size; where it may also cost more, the smallest one that was met on the way.

    Parameters
    ----------
    inputs : Inputs
        One area.
    name : str
        The lever, such as ``inflow``, ``duration`` or ``residential-to-family``. Its start and ramp are those of
        ``settings``, or its own.
    year : int
        Year whose budget counts.
    budget_eur : float
        The budget, in EUR.
    probability : float
        Part of the samples that must stay within it, such as 0.5 or 0.8.
    settings : mapping of Setting, optional
        A scenario that the lever comes on top of.

    Raises
    ------
    ParameterError
        If the lever or the year is not known, or a value is out of range.
    """
    lever = _known(inputs, name)
    year_index = inputs.year_index(year, asked_by="seek")
    if not 0 < probability < 1 or not np.isfinite(budget_eur) or budget_eur <= 0:
        raise ParameterError(
            "seek: the budget is above 0 EUR and the probability between 0 and 1, such as 0.8"
        )
    others = dict(settings or {})
    own = others.get(name, lever.default)

    def cost(size: float) -> np.ndarray:
        chosen = {**others, name: own.model_copy(update={"size": size})}
        return core.run(inputs, chosen).cost_eur[year_index]

    def within(size: float) -> float:
        return float((cost(size) <= budget_eur).mean())

    tried = {
        size: within(size) for size in _sizes(lever) if _allowed(inputs, {**others, name: own}, name, size)
    }
    best = max(tried, key=lambda size: (tried[size], -abs(size)))
    size = _bisect(within, best, tried, probability)
    base = core.run(inputs, {k: v for k, v in others.items() if k != name}).cost_eur[year_index]
    why = "" if size is not None else _why(lever, own, year)
    return Answer(
        lever=name,
        year=year,
        budget_eur=budget_eur,
        wanted=probability,
        size=size,
        reached=tried[best] if size is None else within(size),
        best_size=best,
        without=float((base <= budget_eur).mean()),
        limit=_limit(why, lever, own, year),
        start=own.start,
        why=why,
        reach=_reach(inputs, lever, year_index),
        needed_eur=float(np.quantile(base, probability) - budget_eur),
        at_best_eur=float(np.median(cost(best) - base)),
    )


def together(
    inputs: Inputs, *, year: int, budget_eur: float, settings: Mapping[str, Setting] | None = None
) -> pd.DataFrame:
    """Add measures one by one, the best evidence first, each as promised or as its default says.

    Parameters
    ----------
    inputs : Inputs
        One area.
    year : int
        Year whose budget counts.
    budget_eur : float
        The budget, in EUR.
    settings : mapping of Setting, optional
        A scenario that the measures come on top of.

    Returns
    -------
    DataFrame
        lever (empty for the start), evidence, size, and within: the probability of staying within the budget with it
        and all before it. What is the same money as one before it is left out, and what nobody measured or promised.
    """
    at, chosen = inputs.year_index(year, asked_by="seek"), dict(settings or {})

    def within() -> float:
        return float((core.run(inputs, chosen).cost_eur[at] <= budget_eur).mean())

    rows = [{"lever": "", "evidence": "", "size": np.nan, "within": within()}]
    for lever in sorted(inputs.levers, key=lambda lever: lever.evidence):
        own = (
            lever.default
            if lever.promised is None
            else lever.default.model_copy(update={"size": lever.promised.size})
        )
        if lever.id in chosen or own.size == 0 or own.start > year:
            continue
        try:
            files.check({**chosen, lever.id: own}, inputs.levers, years=inputs.years)
        except ParameterError:
            continue
        chosen[lever.id] = own
        rows.append({"lever": lever.id, "evidence": lever.evidence, "size": own.size, "within": within()})
    return pd.DataFrame(rows)


def _reach(inputs: Inputs, lever: Lever, at: int) -> float:
    """Part of the costs of a year that a lever acts on, in the middle; a population acts on all."""
    if lever.mechanism == "population":
        return 1.0
    forms = [inputs.forms.index(form) for form in lever.forms]
    return float(np.median(inputs.shares[forms, at].sum(axis=0))) * lever.exposure


def _why(lever: Lever, own: Setting, year: int) -> str:
    """Why no size of a lever meets a budget."""
    realised = lever.comes_true()
    if own.start > year:
        return "late"
    if realised is None:
        return "evidence"
    if lever.capacity_percent_a_year is not None:
        return "places"
    return "nothing" if realised.points[1][1] == 0 else "range"


def _limit(why: str, lever: Lever, own: Setting, year: int) -> str:
    """The same, in words."""
    if why == "places":
        return f"new places take over {lever.capacity_percent_a_year.value:g} % a year"
    if why == "nothing":
        return f"in {lever.comes_true().points[1][0]:.0%} of the futures it does nothing, whatever its size"
    return {
        "late": f"it starts in {own.start}, so it does nothing in {year}",
        "evidence": "studies found what it does, and a larger size does not change that",
        "range": "its range or its price limits it",
    }.get(why, "")


def _sizes(lever: Lever) -> list[float]:
    """Sizes over the range, and 0."""
    return sorted({0.0, *np.linspace(lever.minimum, lever.maximum, GRID).tolist()}, key=abs)


def _allowed(inputs: Inputs, settings: Mapping[str, Setting], name: str, size: float) -> bool:
    """Whether the size goes together with the other levers."""
    chosen = {**settings, name: settings[name].model_copy(update={"size": size})}
    try:
        files.check(chosen, inputs.levers, years=inputs.years)
    except ParameterError:
        return size == 0
    return True


def _bisect(
    within: Callable[[float], float], best: float, tried: Mapping[float, float], probability: float
) -> float | None:
    """Smallest size on the way from 0 to the best one that reaches the probability."""
    if tried[0.0] >= probability:
        return 0.0
    if tried[best] < probability:
        return None
    side = [size for size in tried if size * best >= 0 and abs(size) <= abs(best)]
    low = max((size for size in side if tried[size] < probability), key=abs, default=0.0)
    high = min((size for size in side if tried[size] >= probability and abs(size) > abs(low)), key=abs)
    for _ in range(STEPS):
        middle = (low + high) / 2
        low, high = (low, middle) if within(middle) >= probability else (middle, high)
    return high


def _known(inputs: Inputs, name: str) -> Lever:
    known = {lever.id: lever for lever in inputs.levers}
    if name not in known:
        raise ParameterError(f"seek: unknown lever {name!r}; {near(name, known)}")
    return known[name]
