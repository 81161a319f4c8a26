"""What the state decided, prepares or wants, and when: ``parameters/timetable.yaml``, read and checked.

It is shown beside the scenarios and drawn on their time axis. It changes no number: measures do that, and only when
somebody switches them on.
"""

from __future__ import annotations

import calendar
import datetime
from collections.abc import Iterable, Sequence
from string import ascii_lowercase
from typing import Annotated, Literal

from pydantic import Field, model_validator

from analyse.errors import ParameterError
from analyse.parameters import BothLanguages, Strict, near, read_declared
from analyse.scenario.definitions import Lever

FILE = "timetable.yaml"
Status = Literal["in force", "decided", "in preparation", "asked to stop", "aim"]
Subject = Literal[
    "tariffs",
    "standardisation",
    "own contribution",
    "long-term care",
    "purchase",
    "local teams",
    "duration",
    "closed care",
    "agenda",
]


class Planned(Strict):
    """One thing that the state does, or wants to do; see ``parameters/timetable.yaml`` for each entry."""

    id: Annotated[str, Field(pattern=r"^[a-z-]+$")]
    subject: Subject
    title: BothLanguages
    law: BothLanguages
    day: datetime.date | None = None
    precision: Literal["day", "year"] | None = None
    status: Status
    expects: BothLanguages
    million_eur: float | None = None
    levers: list[str]
    source: Annotated[str, Field(min_length=1)]
    checked: datetime.date

    @model_validator(mode="after")
    def _day_with_precision(self) -> Planned:
        if (self.day is None) != (self.precision is None):
            raise ValueError(f"{self.id}: give day and precision, or neither")
        if self.status == "in force" and (self.day is None or self.day > self.checked):
            raise ValueError(f"{self.id}: what is in force has a day before {self.checked}")
        return self

    @property
    def at(self) -> float | None:
        """The day as a number of years: 2024.5 is half-way 2024; None without a day.

        Examples
        --------
        >>> next(one.at for one in planned() if one.id == "availability-act")
        2026.0
        """
        if self.day is None:
            return None
        days = 366 if calendar.isleap(self.day.year) else 365
        return self.day.year + (self.day.timetuple().tm_yday - 1) / days


def planned(known: Iterable[Lever] | None = None) -> tuple[Planned, ...]:
    """The timetable, by day; entries without a day come last.

    Parameters
    ----------
    known : iterable of Lever, optional
        Levers that an entry may name; without them the names are not checked.

    Raises
    ------
    ParameterError
        If the file is wrong, an id stands twice, or an entry names a lever that does not exist.
    """
    listed = read_declared(list[Planned], FILE)
    ids = [one.id for one in listed]
    twice = sorted({name for name in ids if ids.count(name) > 1})
    if twice:
        raise ParameterError(f"{FILE}: there twice: {', '.join(twice)}")
    if known is not None:
        names = [lever.id for lever in known]
        for one in listed:
            for name in one.levers:
                if name not in names:
                    raise ParameterError(f"{FILE}: {one.id}: unknown lever {name!r}; {near(name, names)}")
    return tuple(sorted(listed, key=lambda one: (one.day is None, one.day or one.checked)))


def lettered(listed: Sequence[Planned], *, until: int) -> dict[str, Planned]:
    """What is drawn on a time axis that ends with a year, each with the letter above its line.

    Examples
    --------
    >>> [(letter, one.id) for letter, one in lettered(planned(), until=2026).items()]
    [('a', 'fair-tariffs'), ('b', 'availability-act')]
    """
    drawn = [one for one in listed if one.day is not None and one.day.year <= until]
    return dict(zip(ascii_lowercase, drawn, strict=False))
