"""What is declared in ``parameters/``: breaks, assumptions, constants of the forecast, publications and questions."""

from __future__ import annotations

import datetime
from statistics import NormalDist
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, model_validator

from analyse.parameters.contents import read_declared
from analyse.parameters.validation import BothLanguages, Strict


class Break(Strict):
    """A place where a series changes for another reason than demand; see ``parameters/breaks.yaml``."""

    id: str
    number: Annotated[int, Field(ge=1)]
    period: int
    applies_to: Annotated[list[Literal["costs", "usage"]], Field(min_length=1)]
    municipalities: list[Annotated[str, Field(pattern=r"^GM\d{4}$")]]
    effect: Literal["excluded from trend", "shown only"]
    title: BothLanguages
    reason: BothLanguages
    source: str


class Assumption(Strict):
    """A value that the figures do not give, with its interval and where it comes from."""

    value: float
    unit: str
    low: float
    high: float
    coverage: Annotated[float, Field(gt=0, lt=1)]
    date: datetime.date
    status: Literal["observed", "assumption"]
    description: str
    source: str

    @property
    def spread(self) -> float:
        """Standard deviation, in the unit, of a normal distribution with this interval.

        Examples
        --------
        An 80 % interval is 2.56 standard deviations wide:

        >>> assumed = assumptions()["provisional_revision_percent"]
        >>> assumed.coverage, round((assumed.high - assumed.low) / assumed.spread, 2)
        (0.8, 2.56)
        """
        return (self.high - self.low) / (2 * NormalDist().inv_cdf(0.5 + self.coverage / 2))

    @model_validator(mode="after")
    def _in_order(self) -> Assumption:
        if not self.low <= self.value <= self.high:
            raise ValueError(f"low {self.low}, value {self.value} and high {self.high} must be in that order")
        return self


class ListedAssumption(Assumption):
    """An assumption that pages list, so its source stands in both languages."""

    source: BothLanguages  # type: ignore[assignment]


def _value(entry: Any) -> Any:
    """The value of a constant that is given with its unit, status and description."""
    if not isinstance(entry, dict):
        return entry
    wanted = {"value", "unit", "status", "description"}
    if set(entry) != wanted or entry["status"] not in ("estimated", "assumption"):
        raise ValueError(f"expected {', '.join(sorted(wanted))}, with status estimated or assumption")
    return entry["value"]


Number = Annotated[float, Field(ge=0), BeforeValidator(_value)]
Tabulated = Annotated[list[list[float]], Field(min_length=1), BeforeValidator(_value)]


class CostConstants(Strict):
    """Constants of the costs; ``parameters/forecast.yaml`` says what each one is."""

    damping: Number
    pull_own: Tabulated
    pull_own_error: Tabulated
    pull_region: Tabulated
    budget_weight: Tabulated
    renumbered_budget_share: Number
    pull_sd: Number
    budget_sd: Number
    shared_growth: Number
    shared_sd: Number
    shared_prior_years: Number
    region_sd: Number
    own_sd: Number
    own_prior_years: Number
    size_slope: Number
    degrees: Number
    shock_stays: Number
    break_shared_sd: Number
    break_own_sd: Number
    announced_own_sd: Number


class UsageConstants(Strict):
    """Constants of the youths with care."""

    damping: Number
    pull: Number
    stays: Number
    shared_sd: Number
    region_sd: Number
    own_sd: Number
    degrees: Number
    unknown_sd: Number


class YouthConstants(Strict):
    """Constants of the number of youths."""

    birth_years: Annotated[int, Field(ge=1), BeforeValidator(_value)]
    births_stay: Number
    size_slope: Number
    student_factor: Number
    ages_sd: Number
    gain_sd: Number
    published_left: Number
    shared_part: Annotated[float, Field(ge=0, le=1), BeforeValidator(_value)]


class PriceConstants(Strict):
    """Constants of the price index."""

    persistence: Annotated[float, Field(ge=0, lt=1), BeforeValidator(_value)]
    revision_sd: Number


class ForecastConstants(Strict):
    """Constants of the forecast, and how they were estimated."""

    tuning: dict[str, Any]
    renumbered_budgets: list[str]
    announced_rules: list[str]
    costs: CostConstants
    usage: UsageConstants
    youths: YouthConstants
    price: PriceConstants


class Bridge(Strict):
    """What counts as costs of youth care in each year; see ``parameters/bridge.yaml``."""

    task_fields: Annotated[dict[int, Annotated[list[str], Field(min_length=1)]], Field(min_length=1)]
    """First year of a numbering -> the task fields that are youth care as a whole."""
    apart: int
    """First year in which personal budgets and policy have task fields of their own."""
    estimated_budgets: ListedAssumption
    """Factor between an estimated personal budget of youths and the true one."""
    reasons: dict[Literal["task fields", "personal budgets", "policy"], str]
    """Where each part of the bridge comes from."""
    source: str

    @model_validator(mode="after")
    def _in_order(self) -> Bridge:
        if list(self.task_fields) != sorted(self.task_fields) or self.apart not in self.task_fields:
            raise ValueError("task_fields: the years must rise, and apart must be one of them")
        return self

    def fields(self, year: int) -> tuple[str, ...]:
        """The task fields that are youth care in a year, without those of personal budgets, access and policy."""
        return tuple(self.task_fields[max(first for first in self.task_fields if first <= year)])


class Publication(Strict):
    """A day of the year on which new figures are out; see ``parameters/publications.yaml``."""

    day: Annotated[str, Field(pattern=r"^\d\d-\d\d$")]
    what: BothLanguages
    source: str


class Question(Strict):
    """A question for council and board, and the figure that raises it; see ``parameters/questions.yaml``."""

    id: Annotated[str, Field(pattern=r"^[a-z-]+$")]
    figure: str
    above: float | None = None
    below: float | None = None
    question: BothLanguages
    raised: BothLanguages

    def asked(self, value: float) -> bool:
        """Whether the figure of an area raises it."""
        return (self.above is None or value > self.above) and (self.below is None or value < self.below)


def breaks() -> tuple[Break, ...]:
    """The declared breaks of ``parameters/breaks.yaml``, by number.

    Returns
    -------
    tuple of Break: period, applies_to, municipalities, effect, title and reason in both languages, source.

    Raises
    ------
    DataError
        If the folder of data and parameters is not there.
    ParameterError
        If the file is absent, or holds what is not allowed; it says where and what is.

    Examples
    --------
    >>> breaks()[0].period
    2020
    """
    return tuple(sorted(read_declared(list[Break], "breaks.yaml"), key=lambda entry: entry.number))


def bridge() -> Bridge:
    """What counts as costs of youth care in each year, from ``parameters/bridge.yaml``.

    Examples
    --------
    >>> bridge().fields(2024), bridge().fields(2026)
    (('6.72', '6.73', '6.74', '6.82'), ('6.75', '6.76', '6.82'))
    """
    return read_declared(Bridge, "bridge.yaml")


def publications() -> tuple[Publication, ...]:
    """The days of ``parameters/publications.yaml`` on which new figures are out."""
    return tuple(read_declared(list[Publication], "publications.yaml"))


def questions() -> tuple[Question, ...]:
    """The questions of ``parameters/questions.yaml``, in the order in which they are asked."""
    return tuple(read_declared(list[Question], "questions.yaml"))


def assumptions() -> dict[str, ListedAssumption]:
    """The assumptions of ``parameters/assumptions.yaml`` by name.

    Returns
    -------
    dict of ListedAssumption: value, unit, low and high, the chance ``coverage`` that the truth lies between, source.

    Raises
    ------
    DataError, ParameterError
        As for ``breaks``.

    Examples
    --------
    >>> assumptions()["price_growth_percent"].unit
    '% a year'
    """
    return dict(read_declared(dict[str, ListedAssumption], "assumptions.yaml"))


def forecast_constants() -> ForecastConstants:
    """Constants of the forecast in ``parameters/forecast.yaml``, as ``benchmarks/forecasting/tune.py`` wrote them."""
    return read_declared(ForecastConstants, "forecast.yaml")
