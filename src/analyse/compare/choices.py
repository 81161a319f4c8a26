"""The choices of the comparison, from ``parameters/``: flags, vision, tiles and the rules of the regions.

The only module of this room that reads files; the others take what it returns.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, model_validator

from analyse import parameters, store
from analyse.compare.flags import EVERY
from analyse.compare.table import MEASURES
from analyse.errors import ParameterError
from analyse.parameters import BothLanguages, Strict, near, validated

Municipality = Annotated[str, Field(pattern=r"^GM\d{4}$")]


def _measure(name: str) -> str:
    if name not in (*MEASURES, EVERY):
        raise ValueError(f"no measure; {near(name, MEASURES)}")
    return name


Measure = Annotated[str, AfterValidator(_measure)]
Region = Annotated[str, Field(pattern=r"^JZ\d{2}$")]


class Flag(Strict):
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


class Indicator(Strict):
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


class Ambition(Strict):
    """One ambition of the regional vision."""

    id: str
    title: BothLanguages
    indicators: Annotated[list[Indicator], Field(min_length=1)]


class Target(Strict):
    """What a council decided that an indicator should be."""

    indicator: str
    area_code: Annotated[str, Field(pattern=r"^(GM\d{4}|JZ\d{2}|ALL)$")]
    year: int
    value: float
    source: str


class Vision(Strict):
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


class Tile(Strict):
    """The place of a municipality on the tile map; row 1 is the north, column 1 the west."""

    municipality: Municipality
    row: Annotated[int, Field(ge=1)]
    column: Annotated[int, Field(ge=1)]


class Example(Strict):
    """A figure that a council document gives, as a check."""

    year: int
    amount_eur: float
    municipality: Municipality
    part_eur: float
    within_eur: float
    source: str


class Rule(Strict):
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
            raise ParameterError(
                f"comparability.yaml: break {name!r} is not declared in breaks.yaml; {near(str(name), declared)}"
            )
        if name is not None:
            one = declared[name]
            entry = {
                "id": one.id,
                "municipalities": list(one.municipalities),
                "first": one.period,
                "last": None,
                "title": one.title,
                "reason": one.reason,
                "source": one.source,
            } | entry
        entries.append({"between_years": False, "last": None} | entry)
    return tuple(validated(list[Flag], entries, "comparability.yaml"))


def vision() -> Vision:
    """The vision monitor."""
    return _read("vision.yaml", Vision)


def tiles() -> tuple[Tile, ...]:
    """The tile map, one tile per municipality of today.

    Raises
    ------
    ParameterError
        If a municipality has two tiles, or a tile two municipalities.
    """
    found = _read("tiles.yaml", list[Tile])
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
    return tuple(_read("regional_rules.yaml", list[Rule]))


def _read(name: str, kind: Any) -> Any:
    return validated(kind, store.read_yaml(store.root() / "parameters" / name), name)
