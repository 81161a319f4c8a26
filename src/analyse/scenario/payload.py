"""The inputs of one area as plain values, for the panel in the browser: a part of the samples, rounded."""

from __future__ import annotations

from typing import Any

import numpy as np

from analyse.errors import ParameterError
from analyse.scenario.definitions import CareForms
from analyse.scenario.model import Inputs

VERSION = 1
DIGITS = {
    "cost_eur": 6,
    "youths": 5,
    "clients": 5,
    "price": 5,
    "months": 3,
    "draws": 4,
    "ratio": 4,
    "cost_draws": 4,
}
"""Significant digits that are kept."""
DECIMALS = 4
"""Decimals of shares and weights."""


def to_dict(inputs: Inputs, care: CareForms, *, samples: int = 300) -> dict[str, Any]:
    """The inputs as lists, names and numbers, see docs/scenarios.md.

    Parameters
    ----------
    inputs : Inputs
        One area.
    care : CareForms
        For the names of the care forms.
    samples : int
        So many samples are taken, see ``spread``.

    Raises
    ------
    ParameterError
        If there are fewer samples.
    """
    if not 1 <= samples <= inputs.samples:
        raise ParameterError(f"scenario panel: {samples} samples; choose 1 to {inputs.samples}")
    titles = {form.id: form for form in care.forms}
    chosen = spread(inputs.cost_eur[-1], samples)
    start = {name: _round(values[chosen], name) for name, values in inputs.start.items()}
    parts = inputs.shares[:, :, chosen]
    constant = bool((parts == parts[:, :1]).all())
    return {
        "version": VERSION,
        "area_code": inputs.area_code,
        "area": inputs.area,
        **inputs.passport,
        "base_year": inputs.base_year,
        "years": list(inputs.years),
        "samples": samples,
        "forms": [_form(titles[name]) for name in inputs.forms],
        "start": start,
        **{
            name: _round(getattr(inputs, name)[:, chosen], name)
            for name in ("youths", "clients", "price", "cost_eur")
        },
        "shares": (parts[:, 0] if constant else parts).round(DECIMALS).tolist(),
        "client_weights": _first_year(inputs.client_weights)[:, chosen].round(DECIMALS).tolist(),
        "months": _round(inputs.months[:, chosen], "months"),
        "levers": [_lever(inputs, index, chosen) for index in range(len(inputs.levers))],
        "budgets": {str(year): amount for year, amount in inputs.budgets.items()},
    }


def spread(costs: np.ndarray, samples: int) -> np.ndarray:
    """Numbers of so many samples, evenly over the costs of the last year, in order.

    The first few hundred of a thousand samples have a middle and ends of their own, some per cent beside those of all;
    the middle sample of each of ``samples`` equal groups from low to high hardly differs from all.

    Parameters
    ----------
    costs : ndarray
        Costs of the last year, one per sample.
    samples : int
        How many, at most as many as there are.

    Examples
    --------
    >>> spread(np.array([9.0, 1.0, 5.0, 3.0, 7.0, 2.0]), 3)
    array([0, 2, 5])
    """
    order = np.argsort(costs, kind="stable")
    return np.sort(order[((np.arange(samples) + 0.5) * len(order) / samples).astype(int)])


def _first_year(weights: np.ndarray) -> np.ndarray:
    """Weights (care form, sample); those of a region hardly move from year to year, and a page carries the first."""
    return weights[:, 0] if weights.ndim == 3 else weights


def _form(form: Any) -> dict[str, Any]:
    return {"id": form.id, "group": form.group, "title": form.title.model_dump()}


def _lever(inputs: Inputs, index: int, chosen: np.ndarray) -> dict[str, Any]:
    lever = inputs.levers[index]
    plain = lever.model_dump(
        mode="json",
        include={
            "id",
            "group",
            "title",
            "text",
            "action_line",
            "mechanism",
            "unit",
            "exposure",
            "low",
            "mid",
            "high",
            "coverage",
            "evidence",
            "source",
            "minimum",
            "maximum",
            "step",
            "default",
            "delay_months",
            "capacity_percent_a_year",
        },
    )
    return plain | {
        "per_year": lever.per_year,
        "forms": [inputs.forms.index(form) for form in lever.forms],
        "to": None if lever.to is None else inputs.forms.index(lever.to),
        "furthest": lever.comes_true().highest,
        "draws": _round(inputs.draws[index, chosen], "draws"),
        "ratio": None if lever.to is None else _round(inputs.ratios[index, chosen], "ratio"),
        "cost_draws": _round(inputs.cost_draws[index, chosen], "cost_draws"),
    }


def _round(values: np.ndarray, name: str) -> list:
    """Significant digits, so that large and small numbers keep the same precision."""
    size = np.floor(np.log10(np.maximum(np.abs(values), 1e-12)))
    scale = 10.0 ** (DIGITS[name] - 1 - size)
    rounded = np.round(values * scale) / scale
    # In tens and more the quotient is whole; through text it loses the tail that floating point adds.
    return _shortest(rounded).tolist()


def _shortest(values: np.ndarray) -> np.ndarray:
    return np.array([float(f"{value:.9g}") for value in values.ravel()]).reshape(values.shape)
