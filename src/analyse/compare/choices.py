"""The choices of the comparison, from ``parameters/``: flags, vision, tiles and the rules of the regions.

The only module of this room that reads files; the others take what it returns.
"""

from __future__ import annotations

import difflib
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    TypeAdapter,
    ValidationError,
    model_validator,
)

from analyse import parameters, store
from analyse.compare.flags import EVERY
from analyse.compare.table import MEASURES
from analyse.errors import ParameterError
from analyse.parameters import BothLanguages

Municipality = Annotated[str, Field(pattern=r"^GM\d{4}$")]


def _measure(name: str) -> str:
    if name not in (*MEASURES, EVERY):
        near = difflib.get_close_matches(name, MEASURES, n=1)
        raise ValueError(
            f"no measure; {f'did you mean {near[0]}?' if near else 'known are ' + ', '.join(MEASURES)}"
        )
    return name


Measure = Annotated[str, AfterValidator(_measure)]
Region = Annotated[str, Field(pattern=r"^JZ\d{2}$")]


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class Flag(_Strict):
    """A reason why a figure is not, or only with care, comparable; see ``parameters/comparability.yaml``."""

    id: str
    kind: Literal["not comparable", "with care"]
    measures: Annotated[list[Measure], Field(min_length=1)]
    municipalities: list[Municipality]
    first: int
    last: int | None
    between_years: bool
    title: BothLanguages
    reason: BothLanguages
    source: str


class Indicator(_Strict):
    """What an ambition is measured by: a measure of the comparison, or why there is none yet."""

    id: str
    title: BothLanguages
    measure: Measure | None = None
    direction: Literal["lower", "higher", "no direction"]
    caution: BothLanguages | None = None
    why_not: BothLanguages | None = None

    @model_validator(mode="after")
    def _either(self) -> Indicator:
        if (self.measure is None) == (self.why_not is None):
            raise ValueError(f"{self.id}: give either measure, or why_not")
        return self


class Ambition(_Strict):
    """One ambition of the regional vision."""

    id: str
    title: BothLanguages
    indicators: Annotated[list[Indicator], Field(min_length=1)]


class Target(_Strict):
    """What a council decided that an indicator should be."""

    indicator: str
    area_code: Annotated[str, Field(pattern=r"^(GM\d{4}|JZ\d{2}|ALL)$")]
    year: int
    value: float
    source: str


class Vision(_Strict):
    """The vision monitor; see ``parameters/vision.yaml``."""

    source: str
    ambitions: list[Ambition]
    targets: list[Target]

    @model_validator(mode="after")
    def _known(self) -> Vision:
        indicators = [one.id for ambition in self.ambitions for one in ambition.indicators]
        doubles = {name for name in indicators if indicators.count(name) > 1}
        strangers = {target.indicator for target in self.targets} - set(indicators)
        if doubles or strangers:
            raise ValueError(
                f"indicators named twice {sorted(doubles)}; targets without indicator {sorted(strangers)}"
            )
        return self


class Tile(_Strict):
    """The place of a municipality on the tile map; row 1 is the north, column 1 the west."""

    municipality: Municipality
    row: Annotated[int, Field(ge=1)]
    column: Annotated[int, Field(ge=1)]


class Example(_Strict):
    """A figure that a council document gives, as a check."""

    year: int
    amount_eur: float
    municipality: Municipality
    part_eur: float
    within_eur: float
    source: str


class Rule(_Strict):
    """How the municipalities of a region share costs and votes; see ``parameters/regional_rules.yaml``."""

    id: str
    region: Region
    first: int
    inhabitants_years_back: int
    needed_fraction: Annotated[float, Field(gt=0, lt=1)]
    groups: dict[str, list[Municipality]]
    example: Example
    source: str


def flags() -> tuple[Flag, ...]:
    """The comparability flags; one that names a declared break has its title, reason and source.

    Raises
    ------
    ParameterError
        If the file is wrong, or names a break that is not declared.

    Examples
    --------
    >>> [flag.id for flag in flags()][:2]
    ['rotterdam-teams', 'leiden-2022']
    """
    declared = {one.id: one for one in parameters.breaks()}
    entries = []
    for entry in store.read_yaml(store.root() / "parameters" / "comparability.yaml"):
        entry = dict(entry)
        name = entry.pop("break", None)
        if name is not None and name not in declared:
            near = difflib.get_close_matches(str(name), declared, n=1)
            hint = f"did you mean {near[0]}?" if near else f"known are {', '.join(declared)}"
            raise ParameterError(f"comparability.yaml: break {name!r} is not declared in breaks.yaml; {hint}")
        if name is not None:
            one = declared[name]
            entry = {"id": one.id, "municipalities": list(one.municipalities), "first": one.period, "last": None,
                     "title": one.title, "reason": one.reason, "source": one.source} | entry  # fmt: skip
        entries.append({"between_years": False, "last": None} | entry)
    return tuple(_checked(TypeAdapter(list[Flag]), entries, "comparability.yaml"))


def vision() -> Vision:
    """The vision monitor."""
    return _read("vision.yaml", TypeAdapter(Vision))


def tiles() -> tuple[Tile, ...]:
    """The tile map, one tile per municipality of today.

    Raises
    ------
    ParameterError
        If a municipality has two tiles, or a tile two municipalities.
    """
    found = _read("tiles.yaml", TypeAdapter(list[Tile]))
    places = [(tile.row, tile.column) for tile in found]
    codes = [tile.municipality for tile in found]
    doubles = sorted({str(one) for one in [*places, *codes] if [*places, *codes].count(one) > 1})
    if doubles:
        raise ParameterError(
            f"tiles.yaml: {', '.join(doubles)} is there twice; one tile per municipality and place"
        )
    return tuple(found)


def rules() -> tuple[Rule, ...]:
    """The rules by which the municipalities of a region share costs and votes."""
    return tuple(_read("regional_rules.yaml", TypeAdapter(list[Rule])))


def _read(name: str, adapter: TypeAdapter) -> Any:
    return _checked(adapter, store.read_yaml(store.root() / "parameters" / name), name)


def _checked(adapter: TypeAdapter, values: Any, name: str) -> Any:
    try:
        return adapter.validate_python(values)
    except ValidationError as error:
        found = [_sentence(one) for one in error.errors()]
        raise ParameterError(f"{name}: {'; '.join(found)}; correct the file") from error


def _sentence(error: Any) -> str:
    place = ".".join(str(part) for part in error["loc"])
    if error["type"] == "missing":
        return f"key {place!r} is missing"
    said = error["msg"].removeprefix("Value error, ")
    return (
        f"{place}: {said}" if isinstance(error["input"], dict) else f"{place}: got {error['input']!r}; {said}"
    )
