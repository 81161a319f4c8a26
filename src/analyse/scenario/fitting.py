"""Which measures with evidence fit an area: one on who comes in, one on how long help lasts, one on where it is given.

A measure that needs a law is not for the municipality to take, and one that rests on an assumption of our own (class D)
has no evidence; both stay out. Of the rest the strongest evidence goes first, then what reaches the most here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analyse.scenario import business_case
from analyse.scenario.definitions import Lever
from analyse.scenario.model import Inputs

QUESTIONS = ("demand", "duration", "place")
"""Groups of levers that one is chosen from each."""
EVIDENCE = ("A", "B", "C")
ENDS = (0.1, 0.5, 0.9)


@dataclass(frozen=True)
class Fitting:
    """A measure that fits, used as its default says.

    Attributes
    ----------
    lever : Lever
        The measure.
    reach_eur : float
        Costs of the year in the forms of care that it concerns, the middle of the futures.
    reach : float
        The same as a part of all costs.
    largest_form : str
        The form of care in which it reaches most, an id.
    referred : float
        Part of the help here that its referrer began; NaN where it has none.
    difference_eur : ndarray (3,)
        The 10 %, 50 % and 90 % of what costs change in the year.
    saves : float
        Part of the futures in which costs are lower in the year.
    case : Case
        Its business case to the horizon.
    """

    lever: Lever
    reach_eur: float
    reach: float
    largest_form: str
    referred: float
    difference_eur: np.ndarray
    saves: float
    case: business_case.Case


def of(inputs: Inputs, *, year: int, referrers: Mapping[str, float]) -> list[Fitting]:
    """The measures that fit an area, in the order of ``QUESTIONS``.

    Parameters
    ----------
    inputs : Inputs
        One area.
    year : int
        Year of the forecast to look at.
    referrers : mapping of str to float
        Category of referrer -> part of the help here that it began, 0 to 1.

    Raises
    ------
    ParameterError
        If ``year`` is not a year of the forecast.
    """
    at = inputs.year_index(year)
    by_form = np.median(inputs.form_cost[:, at], axis=1)
    chosen = []
    for group in QUESTIONS:
        usable = [
            one
            for one in inputs.levers
            if one.group == group and _may_be_taken(one, year) and _reach(one, inputs, by_form) > 0
        ]
        if usable:
            chosen.append(min(usable, key=lambda one: _rank(one, inputs, by_form, referrers)))
    return [_worked_out(lever, inputs, at, by_form=by_form, referrers=referrers) for lever in chosen]


def referred(mix: pd.DataFrame) -> dict[str, float]:
    """Part of the help that each referrer began, in the last year counted.

    Examples
    --------
    >>> rows = pd.DataFrame({"year": [2022, 2022], "category": ["general practitioner", "unknown"],
    ...                      "share": [0.3, float("nan")]})
    >>> referred(rows)
    {'general practitioner': 0.3}
    """
    last = mix[mix["year"].eq(mix["year"].max())].dropna(subset="share")
    return last.set_index("category")["share"].to_dict()


def _may_be_taken(lever: Lever, year: int) -> bool:
    usual = lever.default
    return lever.evidence in EVIDENCE and lever.law is None and usual.size != 0 and usual.start <= year


def _rank(
    lever: Lever, inputs: Inputs, by_form: np.ndarray, referrers: Mapping[str, float]
) -> tuple[str, float, float]:
    """The strongest evidence first; then a referrer who begins more here than elsewhere; then the most money."""
    fit = referrers.get(lever.referrer, 0.0) / lever.exposure if lever.referrer else 1.0
    return lever.evidence, -fit, -_reach(lever, inputs, by_form)


def _reach(lever: Lever, inputs: Inputs, by_form: np.ndarray) -> float:
    return float(sum(by_form[inputs.forms.index(form)] for form in lever.forms))


def _worked_out(
    lever: Lever, inputs: Inputs, at: int, *, by_form: np.ndarray, referrers: Mapping[str, float]
) -> Fitting:
    case = business_case.work_out(inputs, {lever.id: lever.default}, rates=business_case.rates())
    changed = -case.amounts["net_eur"][at]
    reach = _reach(lever, inputs, by_form)
    return Fitting(
        lever=lever,
        reach_eur=reach,
        reach=reach / float(by_form.sum()),
        largest_form=max(lever.forms, key=lambda form: by_form[inputs.forms.index(form)]),
        referred=referrers.get(lever.referrer, float("nan")) if lever.referrer else float("nan"),
        difference_eur=np.quantile(changed, ENDS),
        saves=float((changed < 0).mean()),
        case=case,
    )
