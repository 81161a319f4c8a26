"""What one run assumes in place of what ``parameters/`` says: another price growth, a year left out, one more break."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_serializer

Year = Annotated[int, Field(ge=2000, le=2100)]
Code = Annotated[str, Field(pattern=r"^GM\d{4}$")]
VALUES = ("price_growth_percent", "price_weight_wages", "provisional_revision_percent")
"""Assumptions of ``parameters/assumptions.yaml`` that change a forecast."""


class OwnBreak(BaseModel):
    """A year into which the growth is no trend, for some municipalities or for all."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    period: Year
    municipalities: tuple[Code, ...] = ()
    applies_to: Annotated[tuple[Literal["costs", "usage"], ...], Field(min_length=1)] = ("costs",)


class Assumed(BaseModel):
    """The ``assumptions:`` of a run; empty is what ``parameters/`` says.

    Attributes
    ----------
    price_growth_percent : float, optional
        Growth of prices after the last known index, in per cent a year.
    price_weight_wages : float, optional
        Weight of wages in the index of prices so far, 0 to 1.
    provisional_revision_percent : float, optional
        By how much provisional counts of youths with care rise when they become final, in per cent.
    leave_out_years : tuple of int
        Years of which costs, budgets and use are not looked at, as if they were unknown.
    budget_signal : bool
        Whether the municipalities' own budgets count.
    breaks : tuple of OwnBreak
        Breaks besides those of ``parameters/breaks.yaml``; a year alone holds for the costs of all municipalities.

    Raises
    ------
    ValidationError
        If a value is out of its bounds or of another kind, or there is no such assumption.

    Examples
    --------
    >>> Assumed(price_growth_percent=3, leave_out_years=2020, breaks=[2022]).model_dump()
    {'price_growth_percent': 3.0, 'leave_out_years': [2020], 'breaks': [{'period': 2022}]}
    >>> bool(Assumed())
    False
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    price_growth_percent: Annotated[float, Field(ge=-20, le=30)] | None = None
    price_weight_wages: Annotated[float, Field(ge=0, le=1)] | None = None
    provisional_revision_percent: Annotated[float, Field(ge=-20, le=20)] | None = None
    leave_out_years: tuple[Year, ...] = ()
    budget_signal: bool = True
    breaks: tuple[OwnBreak, ...] = ()

    @field_validator("leave_out_years", mode="before")
    @classmethod
    def _several(cls, years: Any) -> Any:
        return sorted(set(years)) if isinstance(years, list | tuple | set) else (years,)

    @field_validator("breaks", mode="before")
    @classmethod
    def _written_short(cls, breaks: Any) -> Any:
        listed = breaks if isinstance(breaks, list | tuple) else (breaks,)
        return tuple({"period": one} if isinstance(one, int | str) else one for one in listed)

    @model_serializer
    def _changed(self) -> dict[str, Any]:
        """Only what differs: so it stands in manifests and notebooks."""
        found = {name: getattr(self, name) for name in type(self).model_fields if self._differs(name)}
        if self.leave_out_years:
            found["leave_out_years"] = list(self.leave_out_years)
        if self.breaks:
            found["breaks"] = [_short(one) for one in self.breaks]
        return found

    def _differs(self, name: str) -> bool:
        return getattr(self, name) != type(self).model_fields[name].default

    def __bool__(self) -> bool:
        """Whether anything differs from ``parameters/``."""
        return any(self._differs(name) for name in type(self).model_fields)


def _short(one: OwnBreak) -> dict[str, Any]:
    found: dict[str, Any] = {"period": one.period}
    if one.municipalities:
        found["municipalities"] = list(one.municipalities)
    if one.applies_to != ("costs",):
        found["applies_to"] = list(one.applies_to)
    return found
