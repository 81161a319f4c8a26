"""Levers and care forms: ``parameters/levers.yaml`` and ``parameters/care_forms.yaml``, read and checked.

A lever says which care forms it touches and how, how large its effect is with an interval and the kind of
evidence, and what it costs.
"""

from __future__ import annotations

import datetime
import functools
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, model_validator

from analyse import store
from analyse.errors import ParameterError
from analyse.parameters import Assumption, BothLanguages, Strict, near, validated

MECHANISMS = ("inflow", "duration", "intensity", "price", "substitution", "population", "cap")
MOVING = ("substitution", "cap")
"""Mechanisms that move part of a care form elsewhere."""
RESERVED = ("population", "usage", "price", "mix", "interaction", "scenario")
"""Names of other steps of the waterfall and rows of the business case: no lever is called so."""
TAIL = 0.5
"""Beyond low and high the effect may go half as far again from the middle, see ``Interval.quantiles``."""


class CareForm(Strict):
    """One form of youth care: the Iv3 sub-codes it is booked on, and how long a trajectory lasts."""

    id: Annotated[str, Field(pattern=r"^[a-z-]+$")]
    group: Literal["outpatient", "residential", "protection", "local"]
    title: BothLanguages
    subcodes: list[str]
    months: Assumption | None = None


class Group(Strict):
    """A group of care forms: its sub-codes in the accounts, and the youths it counts in the Netherlands."""

    id: Literal["outpatient", "residential", "protection"]
    title: BothLanguages
    subcodes: list[str]
    youths: Assumption


class CareForms(Strict):
    """``parameters/care_forms.yaml``."""

    groups: list[Group]
    forms: list[CareForm]


class Interval(Strict):
    """How much of a size comes true: low, the middle (1) and high, as factors."""

    low: float
    high: float
    coverage: Annotated[float, Field(gt=0, lt=1)] = 0.8

    @model_validator(mode="after")
    def _around_one(self) -> Interval:
        if not self.low <= 1 <= self.high:
            raise ValueError(f"low {self.low} and high {self.high} must lie around 1")
        return self

    def quantiles(self) -> tuple[tuple[float, ...], tuple[float, ...]]:
        """Probabilities and the factors there; between them the factor runs straight.

        Examples
        --------
        >>> Interval(low=0.0, high=2.0, coverage=0.8).quantiles()[1]
        (0.0, 0.0, 1.0, 2.0, 2.5)
        """
        tail = (1 - self.coverage) / 2
        lowest = self.low - TAIL * (1 - self.low)
        lowest = max(lowest, 0.0) if self.low >= 0 else lowest
        highest = self.high + TAIL * (self.high - 1)
        return (0.0, tail, 0.5, 1 - tail, 1.0), (lowest, self.low, 1.0, self.high, highest)

    @property
    def highest(self) -> float:
        """The largest factor."""
        return self.quantiles()[1][-1]


class Setting(Strict):
    """How a scenario uses a lever."""

    size: float
    start: int
    ramp_months: int
    one_off_eur_per_youth: float = 0.0
    running_eur_per_youth: float = 0.0
    cost_ratio: float | None = None


class Lever(Strict):
    """One lever; see ``parameters/levers.yaml`` for what each entry means."""

    id: Annotated[str, Field(pattern=r"^[a-z-]+$")]
    group: Literal["demand", "duration", "place", "price", "own"]
    title: BothLanguages
    text: BothLanguages
    action_line: BothLanguages
    mechanism: Literal["inflow", "duration", "intensity", "price", "substitution", "population", "cap"]
    forms: list[str]
    to: str | None = None
    unit: Literal["percent", "percent a year"] = "percent"
    exposure: Annotated[float, Field(gt=0, le=1)] = 1.0
    low: float
    mid: float
    high: float
    coverage: Annotated[float, Field(gt=0, lt=1)]
    realisation: Interval | None = None
    evidence: Literal["A", "B", "C", "D"]
    source: BothLanguages
    date: datetime.date
    minimum: float
    maximum: float
    step: Annotated[float, Field(gt=0)]
    default: Setting
    delay_months: Annotated[int, Field(ge=0, le=36)] = 0
    capacity_percent_a_year: Annotated[float, Field(gt=0)] | None = None
    ratio: Interval | None = None
    cost: Interval = Interval(low=0.8, high=1.25)

    @property
    def per_year(self) -> bool:
        """Whether the effect is a change every year."""
        return self.unit == "percent a year"

    def comes_true(self) -> Interval:
        """How much of a size comes true: as given, else from low, mid and high."""
        if self.realisation is not None:
            return self.realisation
        return Interval(low=self.low / self.mid, high=self.high / self.mid, coverage=self.coverage)

    @model_validator(mode="after")
    def _consistent(self) -> Lever:
        checks = {
            "low, mid and high must be in order": sorted((self.low, self.mid, self.high))
            in ([self.low, self.mid, self.high], [self.high, self.mid, self.low]),
            "the default size must lie between minimum and maximum": self.minimum
            <= self.default.size
            <= self.maximum,
            "mid 0 needs `realisation`": self.mid != 0 or self.realisation is not None,
            "only price and population go by year": not self.per_year
            or self.mechanism in ("price", "population"),
            "population goes by year": self.mechanism != "population" or self.per_year,
            "`to`, `ratio` and `delay_months` are for moving": self.mechanism in MOVING
            or (self.to is None and self.ratio is None and self.delay_months == 0),
            "`ratio` and `default.cost_ratio` go with `to`": (self.to is None)
            == (self.ratio is None)
            == (self.default.cost_ratio is None),
            "a cap has no delay": self.mechanism != "cap" or self.delay_months == 0,
            "a substitution is not below 0": self.mechanism != "substitution" or self.minimum >= 0,
            "a cap is not above 0": self.mechanism != "cap" or self.maximum <= 0,
        }
        for text, holds in checks.items():
            if not holds:
                raise ValueError(f"{self.id}: {text}")
        furthest = max(abs(self.minimum), abs(self.maximum)) * self.comes_true().highest
        if furthest > 100 or (self.mechanism not in MOVING and furthest * self.exposure > 95):
            raise ValueError(
                f"{self.id}: the furthest effect is {furthest:.0f} %; narrow minimum, maximum or the interval"
            )
        return self


def care_forms() -> CareForms:
    """The care forms of ``parameters/care_forms.yaml``."""
    return _care_forms(*_noted("care_forms.yaml"))


def levers() -> tuple[Lever, ...]:
    """The levers of ``parameters/levers.yaml``, in that order."""
    return _levers(*_noted("levers.yaml"), frozenset(form.id for form in care_forms().forms))


@functools.cache
def _care_forms(
    path: Path, digest: str
) -> CareForms:  # the digest tells one content of the file from another
    with store.unnoted():
        return validated(CareForms, store.read_yaml(path), path.name)


@functools.cache
def _levers(path: Path, digest: str, known: frozenset[str]) -> tuple[Lever, ...]:
    with store.unnoted():
        content = store.read_yaml(path)
    levers = tuple(validated(list[Lever], content, path.name))
    ids = [lever.id for lever in levers]
    for name in ids:
        if ids.count(name) > 1 or name in RESERVED:
            raise ParameterError(
                f"{path.name}: {name!r} is the name of something else too; choose another id"
            )
    for lever in levers:
        for form in [*lever.forms, *([lever.to] if lever.to else [])]:
            if form not in known:
                raise ParameterError(
                    f"{path.name}: {lever.id}: unknown care form {form!r}; {near(form, known)}"
                )
    return levers


def _noted(name: str) -> tuple[Path, str]:
    """A file of ``parameters/`` and the hash of its content, noted as read."""
    path = store.root() / "parameters" / name
    digest = store.hash_files([path])
    store.note(f"file/{name}", digest)
    return path, digest
