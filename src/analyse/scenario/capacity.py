"""Places above the region: ``parameters/capacity.yaml``, a file of your own, and how your own places cap a measure.

What is not known stays unknown, with the source that would fill it. Own places say how many come free a year in an
area; a measure that moves care there can then move no more youths than that.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Literal

import numpy as np
from pydantic import Field, model_validator

from analyse import store
from analyse.errors import ParameterError
from analyse.parameters import BothLanguages, Strict, near, read_declared, validated
from analyse.scenario.definitions import care_forms
from analyse.scenario.model import Inputs

FILE = "capacity.yaml"
Area = Annotated[str, Field(pattern=r"^(GM\d{4}|JZ\d{2})$")]


class Counted(Strict):
    """What was counted on a day; None where that was not published."""

    day: datetime.date
    places: Annotated[float, Field(ge=0)] | None = None
    used: Annotated[float, Field(ge=0)] | None = None
    waiting: Annotated[float, Field(ge=0)] | None = None
    source: Annotated[str, Field(min_length=1)]


class Aim(Strict):
    """How many places there should be in a year."""

    year: int
    places: Annotated[float, Field(ge=0)]
    source: Annotated[str, Field(min_length=1)]


class Supply(Strict):
    """Places of one care form in the country or a part of it; see ``parameters/capacity.yaml``."""

    id: Annotated[str, Field(pattern=r"^[a-z-]+$")]
    form: str
    level: Literal["country", "landsdeel"]
    title: BothLanguages
    regions: list[Annotated[str, Field(pattern=r"^JZ\d{2}$")]]
    unit: BothLanguages
    counted: list[Counted]
    aims: list[Aim]
    missing: BothLanguages
    levers: list[str]

    @model_validator(mode="after")
    def _by_day(self) -> Supply:
        days = [one.day for one in self.counted]
        if days != sorted(set(days)):
            raise ValueError(f"{self.id}: counts stand by day, each day once")
        return self


class Own(Strict):
    """Your own places: how many an area has of a care form, and how many are added a year (below 0: removed)."""

    area_code: Area
    form: str
    day: datetime.date
    places: Annotated[float, Field(ge=0)]
    used: Annotated[float, Field(ge=0)]
    new_a_year: float
    source: Annotated[str, Field(min_length=1)]


def supply() -> tuple[Supply, ...]:
    """What is public about places above the region.

    Examples
    --------
    >>> [(one.id, one.counted[-1].places) for one in supply() if one.form == "closed" and one.counted]
    [('closed-country', 525.0), ('closed-southwest', 235.0)]
    """
    return tuple(read_declared(list[Supply], FILE))


def about(region: str) -> tuple[Supply, ...]:
    """What concerns a region: the country, the part of the country that it lies in, and parts that nobody located."""
    return tuple(one for one in supply() if not one.regions or region in one.regions)


def own(path: Path) -> tuple[Own, ...]:
    """Places of one's own, from a file.

    Raises
    ------
    ParameterError
        If the file is wrong, names a care form that does not exist, or has a form of an area twice.
    """
    listed = tuple(validated(list[Own], store.read_yaml(path), path.name))
    forms, seen = [form.id for form in care_forms().forms], set()
    for one in listed:
        if one.form not in forms:
            raise ParameterError(f"{path.name}: unknown care form {one.form!r}; {near(one.form, forms)}")
        if (one.area_code, one.form) in seen:
            raise ParameterError(f"{path.name}: {one.form} of {one.area_code} is listed twice")
        seen.add((one.area_code, one.form))
    return listed


def capped(inputs: Inputs, places: Sequence[Own]) -> Inputs:
    """The inputs of an area in which a measure moves no more youths than its own new places take.

    The new places of a year are a part of the youths who have the care that moves: that part takes the place of the
    assumed ``capacity_percent_a_year``. Places that go are no room at all.

    Parameters
    ----------
    inputs : Inputs
        Of the area.
    places : sequence of Own
        ``own``; those of other areas are left out.

    Raises
    ------
    ParameterError
        If none of them is in the area, or no measure moves care there.
    """
    mine = {one.form: one for one in places if one.area_code == inputs.area_code}
    if not mine:
        raise ParameterError(
            f"places: none of {inputs.area_code}; the file is about {', '.join(sorted({o.area_code for o in places}))}"
        )
    capacity, youths = inputs.capacity.copy(), _youths(inputs)
    reached = False
    for at, lever in enumerate(inputs.levers):
        if lever.mechanism == "substitution" and lever.to in mine:
            moving = sum(youths[inputs.forms.index(form)] for form in lever.forms)
            capacity[at], reached = 100 * max(mine[lever.to].new_a_year, 0.0) / moving, True
    if not reached:
        raise ParameterError(f"places: no measure moves care to {', '.join(mine)}")
    return replace(inputs, capacity=capacity)


def _youths(inputs: Inputs) -> np.ndarray:
    """Youths with each care form in the first year of the forecast, (care form without ``local``, sample)."""
    weights = inputs.client_weights[:, 0] if inputs.client_weights.ndim == 3 else inputs.client_weights
    return weights * inputs.clients[0]
