"""Business cases: what a lever or a scenario costs, what it saves, and whether and when it pays back.

Amounts are differences with the base within a sample, brought to prices of the base year (divided by the price path of
the sample) and then discounted at a real rate: ``sum of net / price / (1 + rate) ** (year - first year)``; in the first
year the first lever starts. The municipality looks at its own money, at the rate at which it borrows. Society looks at
the whole, at the social rate: what another payer takes over is no saving for society. What is saved after the horizon
stands apart as residual value: the last year's amount for ``RESIDUAL_YEARS`` years more.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pandas as pd

from analyse.errors import ParameterError
from analyse.parameters import assumptions
from analyse.scenario import core, payers
from analyse.scenario.definitions import Setting
from analyse.scenario.model import Inputs, Outcome, by_year, mean_and_quantiles

MEASURES = ("investment_eur", "running_eur", "saving_eur", "net_eur")
WHOLE = "scenario"
RESIDUAL_YEARS = 5
"""Years after the horizon that the residual value counts, an assumption of our own."""


class Rates(NamedTuple):
    """Real rates a year at which later years count less, as fractions."""

    interest: float
    """At which the municipality borrows, such as 0.01."""
    social: float
    """Of society as a whole, such as 0.0225."""


def rates() -> Rates:
    """The rates of ``parameters/assumptions.yaml``."""
    percent = (assumptions()[key].value for key in ("municipal_interest_percent", "discount_rate_percent"))
    return Rates(*(value / 100 for value in percent))


@dataclass(frozen=True)
class Case:
    """One business case: amounts by measure (year, sample) in EUR of each year, and what follows from them."""

    amounts: Mapping[str, np.ndarray]
    present_value_eur: np.ndarray
    """Of the municipality, (sample,), to the horizon."""
    residual_eur: np.ndarray
    """What comes on top when the last year repeats itself ``RESIDUAL_YEARS`` times, (sample,)."""
    social_value_eur: np.ndarray
    """Of the municipality and the other payers together, (sample,), to the horizon."""
    payback_year: int | None
    """First year from which on at least half of the samples have saved more than was spent, discounted; else None."""
    pays_back: float
    """Part of the samples with more saved than spent at the horizon, discounted: a present value above 0.

    NaN where nothing is spent or saved."""
    cost_given: bool
    """Whether a cost is known of a lever; else the saving is gross, and paying back says nothing."""


def work_out(
    inputs: Inputs,
    settings: Mapping[str, Setting],
    *,
    rates: Rates,
    alone: Mapping[str, Outcome] | None = None,
) -> Case:
    """The business case of a scenario, or of one lever.

    Parameters
    ----------
    inputs : Inputs
        One area.
    settings : mapping of Setting
        The levers that are used; at least one.
    rates : Rates
        At which later years count less.
    alone : mapping of Outcome, optional
        What ``core.run`` gives for each lever alone, where that was worked out before.

    Raises
    ------
    ParameterError
        If no lever is used.
    """
    if not settings:
        raise ParameterError("business case: the scenario uses no lever; there is nothing to spend or save")
    known = (alone or {}).get(next(iter(settings))) if len(settings) == 1 else None
    outcome = core.run(inputs, settings) if known is None else known
    if len(settings) == 1:
        alone = dict.fromkeys(settings, outcome)
    amounts = _amounts(inputs, settings, outcome)
    first = min(setting.start for setting in settings.values())
    since = np.maximum(0, np.asarray(inputs.years) - first)[:, None]
    own = amounts["net_eur"] / inputs.price / (1 + rates.interest) ** since
    shifted = sum(payers.taken_over(inputs, settings, alone).values(), start=np.zeros_like(own))
    together = (amounts["net_eur"] - shifted) / inputs.price / (1 + rates.social) ** since
    cumulative = np.cumsum(own, axis=0)
    back = ((cumulative > 0) & (np.asarray(inputs.years)[:, None] >= first)).mean(axis=1) >= 0.5
    # Paid back for good: no later year in which most samples are behind again.
    for_good = np.logical_and.accumulate(back[::-1])[::-1]
    reached = [year for year, good in zip(inputs.years, for_good, strict=True) if good and year >= first]
    anything = bool(
        (amounts["saving_eur"] != 0).any() or (amounts["investment_eur"] + amounts["running_eur"]).any()
    )
    return Case(
        amounts=amounts,
        present_value_eur=cumulative[-1],
        residual_eur=own[-1] * sum((1 + rates.interest) ** -ahead for ahead in range(1, RESIDUAL_YEARS + 1)),
        social_value_eur=together.sum(axis=0),
        payback_year=reached[0] if reached and anything else None,
        pays_back=float((cumulative[-1] > 0).mean()) if anything else float("nan"),
        cost_given=any(map(_has_cost, settings.values())),
    )


def cases(inputs: Inputs, settings: Mapping[str, Setting], *, rates: Rates) -> dict[str, Case]:
    """The business case of each lever alone, by its id, and of the scenario as a whole (``WHOLE``), which comes last.

    Parameters
    ----------
    inputs, settings, rates
        As for ``work_out``.
    """
    alone = {name: core.run(inputs, {name: setting}) for name, setting in settings.items()}
    found = {
        name: work_out(inputs, {name: setting}, rates=rates, alone=alone)
        for name, setting in settings.items()
    }
    return {**found, WHOLE: work_out(inputs, settings, rates=rates, alone=alone)}


def table(
    inputs: Inputs,
    settings: Mapping[str, Setting],
    *,
    rates: Rates,
    worked_out: Mapping[str, Case] | None = None,
) -> pd.DataFrame:
    """Business cases of each lever alone and of the scenario as a whole, one row each.

    Parameters
    ----------
    inputs, settings, rates
        As for ``work_out``.
    worked_out : mapping of Case, optional
        ``cases`` of these, where they were worked out before.

    Returns
    -------
    DataFrame
        area_code, lever (or ``scenario``), investment_eur and running_eur (means, added up over the years),
        saving_eur (mean in the last year), present_value_eur with q0.025 ... q0.975, residual_eur and
        social_value_eur (means), payback_year (missing when not
        within the horizon), pays_back (probability), cost_given (False for a lever of which no cost is filled in:
        its saving is gross, and paying back says nothing).
    """
    found = cases(inputs, settings, rates=rates) if worked_out is None else worked_out
    rows = [
        {
            "area_code": inputs.area_code,
            "lever": name,
            "investment_eur": float(case.amounts["investment_eur"].mean(axis=1).sum()),
            "running_eur": float(case.amounts["running_eur"].mean(axis=1).sum()),
            "saving_eur": float(case.amounts["saving_eur"][-1].mean()),
            "present_value_eur": present.pop("mean"),
            **present,
            "residual_eur": float(case.residual_eur.mean()),
            "social_value_eur": float(case.social_value_eur.mean()),
            "payback_year": case.payback_year,
            "pays_back": case.pays_back,
            "cost_given": case.cost_given,
        }
        for name, case in found.items()
        for present in [mean_and_quantiles(case.present_value_eur)]
    ]
    return pd.DataFrame(rows).astype({"payback_year": "Int64"})


def yearly(inputs: Inputs, settings: Mapping[str, Setting], *, rates: Rates) -> pd.DataFrame:
    """The business case by year, in EUR of that year: area_code, period, measure, mean and q0.025 ... q0.975.

    Parameters
    ----------
    inputs, settings, rates
        As for ``work_out``.
    """
    case = work_out(inputs, settings, rates=rates)
    return pd.DataFrame(
        [row for name in MEASURES for row in by_year(inputs, case.amounts[name], measure=name)]
    )


def _has_cost(setting: Setting) -> bool:
    return bool(
        setting.one_off_eur_per_youth or setting.running_eur_per_youth or setting.cost_ratio is not None
    )


def _amounts(inputs: Inputs, settings: Mapping[str, Setting], outcome: Outcome) -> dict[str, np.ndarray]:
    once = {
        name: setting.model_copy(update={"running_eur_per_youth": 0.0}) for name, setting in settings.items()
    }
    investment = core.programme(inputs, once)
    running = outcome.programme_eur - investment
    net = inputs.cost_eur - outcome.cost_eur
    return {
        "investment_eur": investment,
        "running_eur": running,
        "saving_eur": net + outcome.programme_eur,
        "net_eur": net,
    }
