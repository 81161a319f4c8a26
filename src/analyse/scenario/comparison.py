"""Scenarios side by side, sample by sample, and the long table of their paths."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analyse.errors import ParameterError
from analyse.scenario import core
from analyse.scenario.files import Scenario
from analyse.scenario.model import Inputs, Outcome, mean_and_quantiles

TOTAL = "total"
MEASURES = ("cost_eur", "difference_eur", "clients", "youths")


@dataclass(frozen=True)
class Result:
    """One scenario of one area, worked out."""

    scenario: Scenario
    inputs: Inputs
    outcome: Outcome


def work_out(inputs: Inputs, scenario: Scenario) -> Result:
    """Run a scenario for an area."""
    return Result(scenario, inputs, core.run(inputs, scenario.settings))


def compare(results: Sequence[Result]) -> pd.DataFrame:
    """Put any number of scenarios side by side, for one area or several.

    Parameters
    ----------
    results : sequence of Result
        All from the same data, composition, horizon, samples and seed.

    Returns
    -------
    DataFrame
        One row per area, scenario, period and measure (cost_eur, difference_eur with the base in the same sample,
        clients, youths): mean, q0.025 ... q0.975; and for cost_eur budget_eur and ``exceeds``, the probability that the
        costs exceed it, missing where no budget is known.

    Raises
    ------
    ParameterError
        If the results do not go together: says what differs.
    """
    check_together(results)
    return pd.concat([_rows(result) for result in results], ignore_index=True)


def check_together(results: Sequence[Result]) -> None:
    """Refuse results of other data, composition, horizon, samples or seed.

    Raises
    ------
    ParameterError
        If there is nothing to compare, or something differs: says what.
    """
    if not results:
        raise ParameterError("scenarios: nothing to compare; give at least one")
    first = results[0]
    for other in results[1:]:
        for name, value in first.inputs.passport.items():
            got = other.inputs.passport.get(name)
            if got != value:
                raise ParameterError(
                    f"scenarios {first.scenario.id} and {other.scenario.id} cannot be compared: {name} is {value} "
                    f"and {got}; make both with the same {name}"
                )
        if other.inputs.years != first.inputs.years:
            raise ParameterError(
                f"scenarios {first.scenario.id} and {other.scenario.id} cannot be compared: years "
                f"{first.inputs.years[0]}-{first.inputs.years[-1]} and {other.inputs.years[0]}-"
                f"{other.inputs.years[-1]}; make both with the same data and horizon"
            )


def paths(result: Result, *, by_form: bool = False) -> pd.DataFrame:
    """``scenario_paths``: one row per (area_code, care_form, period, sample, scenario).

    Returns
    -------
    DataFrame
        area_code, care_form (``total``, or with ``by_form`` each form), period, sample, youths, clients, price,
        cost_eur, stage, scenario. Youths, clients and price belong to the total, and are missing by form.
    """
    inputs, outcome = result.inputs, result.outcome
    periods, samples = outcome.cost_eur.shape
    forms = inputs.forms if by_form else (TOTAL,)
    costs = outcome.form_cost if by_form else outcome.cost_eur[None]
    size = len(forms) * periods * samples
    nothing = np.full(size, np.nan)
    return pd.DataFrame(
        {
            "area_code": inputs.area_code,
            "care_form": np.repeat(np.array(forms, dtype=object), periods * samples),
            "period": np.tile(np.repeat(inputs.years, samples), len(forms)),
            "sample": np.tile(np.arange(samples), len(forms) * periods),
            "youths": nothing if by_form else outcome.youths.ravel(),
            "clients": nothing if by_form else outcome.clients.ravel(),
            "price": nothing if by_form else outcome.price.ravel(),
            "cost_eur": costs.ravel(),
            "stage": "forecast",
            "scenario": result.scenario.id,
        }
    ).astype({"area_code": "str", "care_form": "str", "stage": "str", "scenario": "str"})


def _rows(result: Result) -> pd.DataFrame:
    inputs, outcome = result.inputs, result.outcome
    values = {
        "cost_eur": outcome.cost_eur,
        "difference_eur": outcome.cost_eur - inputs.cost_eur,
        "clients": outcome.clients,
        "youths": outcome.youths,
    }
    rows = []
    for measure in MEASURES:
        for year, of_year in zip(inputs.years, values[measure], strict=True):
            budget = inputs.budgets.get(year) if measure == "cost_eur" else None
            rows.append(
                {
                    "area_code": inputs.area_code,
                    "scenario": result.scenario.id,
                    "period": year,
                    "measure": measure,
                    **mean_and_quantiles(of_year),
                    "budget_eur": np.nan if budget is None else budget,
                    "exceeds": np.nan if budget is None else float((of_year > budget).mean()),
                }
            )
    return pd.DataFrame(rows)
