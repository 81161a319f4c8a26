"""What a scenario is worked out on: one area's joint futures by care form, and what is drawn for each sample."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from analyse.errors import ParameterError
from analyse.forecast import budgets
from analyse.scenario.definitions import Lever
from analyse.schema import QUANTILES, quantile_names

LOCAL = "local"
"""The form for local teams and the cost of measures: nothing is spent on it in the base."""
MONTHS = 12


@dataclass(frozen=True)
class Inputs:
    """One area: the forecast, its split over care forms, and the draws. Last axis: sample."""

    area_code: str
    area: str
    """Code and name."""
    base_year: int
    """Last year with accounts."""
    years: tuple[int, ...]
    """The years of the forecast, ``base_year`` + 1 to the horizon."""
    forms: tuple[str, ...]
    """Care forms, the last one ``local``."""
    levers: tuple[Lever, ...]
    """All levers, in the order of the file."""
    start: Mapping[str, np.ndarray]
    """youths, clients, cost_eur in the base year; the price there is 1."""
    youths: np.ndarray
    clients: np.ndarray
    price: np.ndarray
    cost_eur: np.ndarray
    """(year, sample): the forecast; cost_eur in EUR."""
    shares: np.ndarray
    """(care form without local, year, sample): part of the costs, adding up to 1 in every sample."""
    client_weights: np.ndarray
    """(care form without local, sample), of a region (care form without local, year, sample): part of the youths with
    care, adding up to 1."""
    months: np.ndarray
    """(care form without local, sample): mean duration of a trajectory, in months."""
    waiting: np.ndarray
    """(care form without local, sample): youths who wait, as a part of those in care."""
    draws: np.ndarray
    found: np.ndarray
    """(lever, sample): the part of a lever's size that comes true, and what was found of it in the unit of the size."""
    ratios: np.ndarray
    cost_draws: np.ndarray
    """(lever, sample): factors on its cost ratio and on its cost, median 1."""
    capacity: np.ndarray
    """(lever, sample): part that new places can take over in a year, in per cent; infinite where there is no limit."""
    scales: np.ndarray
    """(lever, year): per cent of what a lever acts on for one unit of its size; 1 for a size in per cent."""
    age_parts: Mapping[str, Sequence[float]] = field(default_factory=dict)
    """Lever with ages -> the part of the youths, of the youths with care and of the costs that has these ages."""
    budgets: Mapping[int, float] = field(default_factory=dict)
    """Known original budgets in EUR, by year."""
    passport: Mapping[str, Any] = field(default_factory=dict)
    """data_version, composition, composition_year, horizon, samples and seed: equal for whatever is compared."""

    @property
    def samples(self) -> int:
        """Number of joint futures."""
        return self.cost_eur.shape[1]

    @property
    def form_cost(self) -> np.ndarray:
        """Costs of the base by care form, (care form, year, sample), in EUR; nothing for ``local``."""
        by_form = self.cost_eur[None] * self.shares
        return np.concatenate([by_form, np.zeros_like(self.cost_eur)[None]])

    def price_rise(self, since: int, year: int) -> float:
        """How much prices rise between two years, in the middle of the futures; up to the base year they do not."""
        level = dict(zip(self.years, np.median(self.price, axis=1).tolist(), strict=True))
        return budgets.price_rise(level, since, year)

    def indexed_budget(self, year: int) -> float:
        """The budget of a year in EUR: its own where it is known, else the last known one, raised with prices.

        Raises
        ------
        ParameterError
            If no budget is known.
        """
        if not self.budgets:
            raise ParameterError(
                f"scenario: no budget of {self.area} is known after {self.base_year}; give an amount"
            )
        last = max(self.budgets)
        return self.budgets.get(year, self.budgets[last] * self.price_rise(last, year))

    def lever_index(self, lever: str) -> int:
        """Position of a lever in ``levers``."""
        return [known.id for known in self.levers].index(lever)

    def year_index(self, year: int, *, asked_by: str = "scenario") -> int:
        """Position of a year in ``years``.

        Raises
        ------
        ParameterError
            If it is not a year of the forecast; ``asked_by`` begins the message.
        """
        if year not in self.years:
            raise ParameterError(
                f"{asked_by}: no forecast of {year}; choose {self.years[0]} to {self.years[-1]}"
            )
        return self.years.index(year)


@dataclass(frozen=True)
class Outcome:
    """A scenario worked out: arrays (year, sample), and ``form_cost`` (care form, year, sample), in EUR."""

    youths: np.ndarray
    clients: np.ndarray
    price: np.ndarray
    cost_eur: np.ndarray
    form_cost: np.ndarray
    programme_eur: np.ndarray
    """Cost of the measures themselves, (year, sample); part of ``cost_eur``."""


def by_year(inputs: Inputs, values: np.ndarray, **named: str) -> list[dict[str, Any]]:
    """Rows of a result table, one for each year: area_code, period, what is ``named``, mean and q0.025 ... q0.975.

    Parameters
    ----------
    inputs : Inputs
        One area.
    values : ndarray (year, sample)
        The futures of one number.
    **named : str
        Further columns, the same in each row.
    """
    return [
        {"area_code": inputs.area_code, "period": year, **named, **mean_and_quantiles(of_year)}
        for year, of_year in zip(inputs.years, values, strict=True)
    ]


def mean_and_quantiles(values: np.ndarray) -> dict[str, float]:
    """Mean and q0.025 ... q0.975 of the futures of one number, (sample,): columns of a result table.

    Examples
    --------
    >>> mean_and_quantiles(np.array([1.0, 2.0, 6.0]))["mean"]
    3.0
    """
    quantiles = np.quantile(values, QUANTILES)
    return {"mean": float(values.mean()), **dict(zip(quantile_names(), map(float, quantiles), strict=True))}
