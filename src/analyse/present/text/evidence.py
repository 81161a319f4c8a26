"""The tables behind the first screen of a report, and the few numbers taken from them; no words here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from analyse import compare
from analyse.compare import flags as comparability
from analyse.parameters import Break
from analyse.present.text import formats

NAN = float("nan")
ALIKE_FRACTION = 0.05
"""Areas that differ by less than this are called about the same."""


@dataclass(frozen=True)
class Evidence:
    """The tables behind the first screen, with rows of the area and of its reference areas."""

    areas: pd.DataFrame
    """History by area: ``panel.by_area`` of the area's level and of its reference, one below the other."""
    summary: pd.DataFrame
    """``forecast.summary.quantiles``: area_code, period, measure, stage, q0.1, q0.5, q0.9."""
    risk: pd.DataFrame
    """area_code, period, probability (0 to 1, empty without a whole budget)."""
    residential: pd.DataFrame
    """``compare.residential_share``: area_code, year, share_percent."""
    breaks: Sequence[Break] = ()
    """``parameters.breaks()``; one between the last accounts and the budget makes these two unlike."""
    flags: Sequence[Any] = ()
    """``compare.choices.flags()``: where a figure is not comparable."""
    members: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """The municipality codes of the area and of its reference, for the flags."""
    equal_ages: pd.DataFrame | None = None
    """Rows of ``compare.overview.figures`` of the use of care at equal ages: area_code, period, measure, value, low and
    high (80 %). With it the use of two areas is judged at equal ages."""
    usual: pd.DataFrame | None = None
    """Where four of five areas with such people lie: area_code, period, usual_low, usual_high, per 100 youths. With it
    the use of an area is judged by who lives there as well."""
    found: dict[tuple[str, ...], Any] = field(default_factory=dict, init=False, repr=False, compare=False)
    """What was worked out before, by the name of the fact and its areas: a page says the same in several places."""

    def marks(self, area_code: str, reference_code: str, measure: str, period: int) -> tuple[Any, ...]:
        """The flags on the area's figure, followed by those on the reference's figure only.

        Parameters
        ----------
        area_code, reference_code : str
            The area, and the one it is compared with.
        measure : str
            One of ``compare.table.MEASURES``.
        period : int
            Year of the figure.
        """
        found = []
        for code in (area_code, reference_code):
            touched = comparability.touching(self.flags, self.members.get(code, ()), measure, [period])
            found += [(flag, code == area_code) for flag in touched if flag not in [one for one, _ in found]]
        return tuple(found)


@dataclass(frozen=True)
class Cost:
    """The last accounts and what is expected; amounts in EUR."""

    area: str
    period: int | None
    cost_eur: float
    status: str
    target: int | None = None
    middle_eur: float = NAN
    low_eur: float = NAN
    high_eur: float = NAN
    together: bool = False
    """Whether the area is several regions together, which takes a plural verb."""

    @property
    def trend(self) -> str:
        """The word of ``formats.trend``; a lower bound has no trend."""
        if self.status not in compare.WHOLE:
            return "unknown"
        return formats.trend(
            *(amount / self.cost_eur - 1 for amount in (self.low_eur, self.middle_eur, self.high_eur))
        )


@dataclass(frozen=True)
class KeyFigure:
    """One figure of the first screen: its value, the one before, and that of the reference area."""

    value: float = NAN
    period: int | None = None
    estimated: bool = False
    previous: float = NAN
    previous_period: int | None = None
    reference: float = NAN
    reference_low: float = NAN
    reference_name: str = ""
    low: float = NAN
    high: float = NAN
    broken: Break | None = None
    flags: tuple[Any, ...] = ()
    """Pairs: why it is not comparable (``choices.Flag``), and whether that concerns the area itself."""
    equal_ages: KeyFigure | None = None
    """The same at equal ages, with its 80 % interval; a verdict is given on this one where it is known."""
    usual_low: float = NAN
    usual_high: float = NAN
    """Between these lie four of five areas with such people."""

    @property
    def for_its_people(self) -> str:
        """``more``, ``less`` or ``usual`` for the people who live there; ``unknown`` where nothing can be expected."""
        if not (formats.known(self.value) and formats.known(self.usual_low)):
            return "unknown"
        if self.usual_low <= self.value <= self.usual_high:
            return "usual"
        return "more" if self.value > self.usual_high else "less"

    @property
    def place(self) -> str:
        """``higher``, ``lower`` or ``alike`` against the reference; ``unknown`` without one."""
        if not (formats.known(self.value) and formats.known(self.reference) and self.reference_name):
            return "unknown"
        if self.low <= self.reference <= self.high:
            return "alike"
        if abs(self.value - self.reference) <= ALIKE_FRACTION * abs(self.reference):
            return "alike"
        return "higher" if self.value > self.reference else "lower"


@dataclass(frozen=True)
class Budget:
    """A budget beside the forecast of its year: what it grew by, and how far it lies from the middle; per cent."""

    area: str
    period: int
    growth: float = NAN
    gap: float = NAN
    """Above zero when the budget is more than the middle outcome."""
