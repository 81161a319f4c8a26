"""Levers, care forms and kinds of evidence: three files of ``parameters/``, read and checked.

A lever says which care forms it touches and how, its known effect with an interval and the kind of evidence,
what was promised, and what it costs. ``evidence.yaml`` says how much of a chosen size comes true by kind of evidence.
"""

from __future__ import annotations

import datetime
from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from analyse import store
from analyse.errors import ParameterError
from analyse.parameters import Assumption, BothLanguages, Strict, near, once, read_declared, validated
from analyse.scenario.evidence import (
    Capacity,
    Evidence,
    Found,
    Interval,
    Law,
    Payer,
    Promised,
    Realisation,
    Waterbed,
)

MOVING = ("substitution", "cap")
"""Mechanisms that move part of a care form elsewhere."""
STOCK = ("inflow", "duration")
"""Mechanisms that act on the stock of trajectories."""
NATIONAL = ("million euros", "youths")
"""Units that are amounts of the Netherlands: divided by the costs or the youths of their own year."""
RESERVED = ("population", "usage", "price", "mix", "interaction", "scenario")
"""Names of other steps of the waterfall and rows of the business case: no lever is called so."""
OWN = "own"
"""What a size rests on when no evidence carries it: the assumption of whoever set it."""


class CareForm(Strict):
    """One form of youth care: the Iv3 sub-codes it is booked on, and how long a trajectory lasts."""

    id: Annotated[str, Field(pattern=r"^[a-z-]+$")]
    group: Literal["outpatient", "residential", "protection", "local"]
    title: BothLanguages
    subcodes: list[str]
    months: Assumption | None = None
    waiting: Assumption | None = None
    """Youths who wait for it, as a part of those who have it."""


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


class Setting(Strict):
    """How a scenario uses a lever."""

    size: float
    start: int
    ramp_months: int
    one_off_eur_per_youth: float = 0.0
    running_eur_per_youth: float = 0.0
    cost_ratio: float | None = None
    new_only: bool = False
    """Whether a duration applies to new care only, and not to those already in care."""
    works_as_set: bool = False
    """Whether the size is taken to come true as it stands, whatever is known of it."""


class Lever(Strict):
    """One lever; see ``parameters/levers.yaml`` for what each entry means."""

    id: Annotated[str, Field(pattern=r"^[a-z-]+$")]
    group: Literal["demand", "duration", "place", "price", "own"]
    title: BothLanguages
    text: BothLanguages
    opponent: BothLanguages
    action_line: BothLanguages
    mechanism: Literal["inflow", "duration", "intensity", "price", "substitution", "population", "cap"]
    forms: list[str]
    ages: Annotated[list[Annotated[int, Field(ge=0, le=22)]], Field(min_length=2, max_length=2)] | None = None
    """First and last age of the youths who grow in number, for a population lever; all where none are given."""
    to: str | None = None
    unit: Literal["percent", "percent a year", "million euros", "youths"] = "percent"
    exposure: Annotated[float, Field(gt=0, le=1)] = 1.0
    referrer: str | None = None
    """Category of ``usage`` whose referrals it concerns, where it concerns one."""
    evidence: Literal["A", "B", "C", "D"]
    found: Found | None = None
    promised: Promised | None = None
    law: Law | None = None
    realisation: Realisation | None = None
    waterbed: Waterbed | None = None
    source: BothLanguages
    date: datetime.date
    checked: datetime.date
    not_after: datetime.date
    overlaps: list[str] = Field(default_factory=list)
    shares_effect_with: list[str] = Field(default_factory=list)
    minimum: float
    maximum: float
    step: Annotated[float, Field(gt=0)]
    default: Setting
    delay_months: Annotated[int, Field(ge=0, le=36)] = 0
    capacity_percent_a_year: Capacity | None = None
    ratio: Interval | None = None
    cost: Interval = Interval(low=0.8, high=1.25)
    payers: list[Payer] = Field(default_factory=list)
    taken_from_fund: Annotated[float, Field(gt=0)] | None = None
    """Millions of euros that the state takes from the municipal fund for it anyway, in the prices of ``promised``."""

    @property
    def per_year(self) -> bool:
        """Whether the effect is a change every year."""
        return self.unit == "percent a year"

    @property
    def percent_of_one(self) -> float:
        """Per cent of care that one unit of the size can be at most, for checks before anything is run."""
        return 100 / evidence().national_youths.value if self.unit == "youths" else 1.0

    def comes_true(self) -> Realisation | None:
        """How much of a size comes true; None where what was found holds whatever is set (class A)."""
        if self.evidence == "A":
            return None
        known = self.realisation or evidence().classes[self.evidence]
        if self.law is None:
            return known
        fails = 1 - self.law.probability
        later = [[fails + p * self.law.probability, value] for p, value in known.points]
        return Realisation(
            why=self.law.status, points=[[0.0, 0.0], [fails, 0.0], *later] if fails > 0 else later
        )

    def rests_on(self, setting: Setting) -> str:
        """Evidence that carries a size: ``A``, ``B`` or ``C``, or ``own``: an assumption of whoever set it."""
        choice = self.evidence == "D" or setting.works_as_set
        outside = self.found is not None and not self.found.holds(setting.size)
        beyond = self.promised is not None and abs(setting.size) > abs(self.promised.size)
        return OWN if choice or outside or (self.evidence == "C" and beyond) else self.evidence

    @model_validator(mode="after")
    def _consistent(self) -> Lever:
        checks = {
            "the default size must lie between minimum and maximum": self.minimum
            <= self.default.size
            <= self.maximum,
            "class A needs `found`, the other classes have none": (self.evidence == "A")
            == (self.found is not None),
            "class A has no `realisation`, `law` or `waterbed`: what was found is what happens": self.evidence
            != "A"
            or not (self.realisation or self.law or self.waterbed),
            "class C needs `promised`": self.evidence != "C" or self.promised is not None,
            "an amount of the Netherlands needs `promised` with the year it was meant for": self.unit
            not in NATIONAL
            or self.promised is not None,
            "an amount in euros needs `prices_of`": self.unit != "million euros"
            or (self.promised is not None and self.promised.prices_of is not None),
            "`taken_from_fund` is in the prices of `promised`": self.taken_from_fund is None
            or self.unit == "million euros",
            "`checked` lies after `not_after`": self.checked <= self.not_after,
            "only price and population go by year": not self.per_year
            or self.mechanism in ("price", "population"),
            "`ages` are for the population, the first not above the last": self.ages is None
            or (self.mechanism == "population" and self.ages[0] <= self.ages[1]),
            "population goes by year": self.mechanism != "population" or self.per_year,
            "`new_only` is for durations": self.mechanism == "duration" or not self.default.new_only,
            "`to`, `ratio` and `delay_months` are for moving": self.mechanism in MOVING
            or (self.to is None and self.ratio is None and self.delay_months == 0),
            "`ratio` and `default.cost_ratio` go with `to`": (self.to is None)
            == (self.ratio is None)
            == (self.default.cost_ratio is None),
            "a substitution is not below 0": self.mechanism != "substitution" or self.minimum >= 0,
            "a cap is not above 0": self.mechanism != "cap" or self.maximum <= 0,
        }
        for text, holds in checks.items():
            if not holds:
                raise ValueError(f"{self.id}: {text}")
        return self

    def furthest(self) -> float:
        """The largest effect that a size can have, in its unit."""
        known = self.comes_true()
        most = max(abs(self.minimum), abs(self.maximum))
        return (
            max(abs(value) for _, value in self.found.points())
            if known is None
            else most * max(known.highest, 1.0)
        )


def care_forms() -> CareForms:
    """The care forms of ``parameters/care_forms.yaml``."""
    return read_declared(CareForms, "care_forms.yaml")


def evidence() -> Evidence:
    """The kinds of evidence of ``parameters/evidence.yaml``, and what holds for every lever."""
    return read_declared(Evidence, "evidence.yaml")


def levers() -> tuple[Lever, ...]:
    """The levers of ``parameters/levers.yaml``, in that order."""
    folder = store.root() / "parameters"
    names = ("levers.yaml", "evidence.yaml", "care_forms.yaml")
    return once("levers", _levers, *(folder / name for name in names))


def _levers() -> tuple[Lever, ...]:
    name, forms = "levers.yaml", frozenset(form.id for form in care_forms().forms)
    content = store.read_yaml(store.root() / "parameters" / name)
    return check_levers(content, forms=forms, today=datetime.date.today(), where=name)


def check_levers(
    content: Any, *, forms: frozenset[str], today: datetime.date, where: str
) -> tuple[Lever, ...]:
    """Check the content of a file of levers.

    Parameters
    ----------
    content : list
        Entries as in ``parameters/levers.yaml``.
    forms : frozenset of str
        Ids of the care forms.
    today : date
        No evidence is dated later.
    where : str
        What messages call it.

    Raises
    ------
    ParameterError
        If an entry lacks its class, date or source, is dated in the future, names a form or lever that does not exist,
        or could do more than there is.
    """
    levers = tuple(validated(list[Lever], content, where))
    ids = [lever.id for lever in levers]
    for lever in levers:
        if ids.count(lever.id) > 1 or lever.id in RESERVED:
            raise ParameterError(
                f"{where}: {lever.id!r} is the name of something else too; choose another id"
            )
        for form in [*lever.forms, *([lever.to] if lever.to else [])]:
            if form not in forms:
                raise ParameterError(f"{where}: {lever.id}: unknown care form {form!r}; {near(form, forms)}")
        for name in [*lever.overlaps, *lever.shares_effect_with]:
            if name not in ids or name == lever.id:
                others = [other for other in ids if other != lever.id]
                raise ParameterError(
                    f"{where}: {lever.id}: overlaps with {name!r}, which is no other lever; {near(name, others)}"
                )
        for field in ("date", "checked"):
            if getattr(lever, field) > today:
                raise ParameterError(
                    f"{where}: {lever.id}: {field} {getattr(lever, field)} lies in the future; today is {today}"
                )
        limit = {"percent": 100.0, "percent a year": 100.0}.get(lever.unit)
        most = lever.furthest() * (1.0 if lever.mechanism in MOVING else lever.exposure)
        if limit is not None and most > (100 if lever.mechanism in MOVING else 95):
            raise ParameterError(
                f"{where}: {lever.id}: the furthest effect is {most:.0f} %; narrow minimum, maximum or the interval"
            )
    return levers
