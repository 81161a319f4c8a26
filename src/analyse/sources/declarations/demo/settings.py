"""The shape of the simulated declarations, checked on loading: ``parameters/demo_declarations.yaml``."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, model_validator

from analyse import store
from analyse.parameters import validated

Fraction = Annotated[float, Field(ge=0, le=1)]


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Form(_Strict):
    """One care form: how many start, how long it lasts, what a month of it holds and costs."""

    weight: Fraction
    duration: Annotated[float, Field(gt=0)]
    codes: Annotated[list[str], Field(min_length=1)]
    unit: str
    tariff: Annotated[float, Field(gt=0)]
    volume: Annotated[float, Field(gt=0)]
    whole_days: bool = False
    at_end: bool = False
    next: dict[str, Fraction]

    @model_validator(mode="before")
    @classmethod
    def _codes_are_text(cls, values: dict) -> dict:
        return {**values, "codes": [str(one) for one in values.get("codes", [])]}


class Speed(_Strict):
    """A class of providers by how soon they declare."""

    share: Fraction
    declared: list[Fraction]


class Shape(_Strict):
    """Everything in ``demo_declarations.yaml``."""

    description: str
    status: str
    date: datetime.date
    source: str
    declared_share: Fraction
    trajectories_per_youth: Annotated[float, Field(ge=1)]
    providers: Annotated[int, Field(ge=10, le=9999)]
    tariff_index: dict[int, float]
    parallel: Fraction
    residential: list[str]
    season: Annotated[list[float], Field(min_length=12, max_length=12)]
    inflow_season: Annotated[list[float], Field(min_length=12, max_length=12)]
    forms: dict[str, Form]
    referrers: dict[str, Fraction]
    lives_elsewhere: Fraction
    registered_at_stay: Fraction
    ages: list[float]
    speeds: dict[str, Speed]
    faults: dict[str, Fraction]

    def index(self, year: int, base: int = 2024) -> float:
        """Level of tariffs in ``year``, with ``base`` = 1.

        Examples
        --------
        >>> load().index(2024)
        1.0
        """
        level = 1.0
        for one in range(min(year, base) + 1, max(year, base) + 1):
            level *= 1 + self.tariff_index.get(one, 3.0) / 100
        return level if year >= base else 1 / level


def load(path: Path | None = None) -> Shape:
    """Read and check the shape.

    Raises
    ------
    ParameterError
        If a key is unknown or missing, or a value is impossible.
    """
    path = path or store.root() / "parameters" / "demo_declarations.yaml"
    return validated(Shape, store.read_yaml(path), path.name)
