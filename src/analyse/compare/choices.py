"""The choices of the comparison, from ``parameters/``: flags, visions and the rules of the regions.

The only module of this room that reads files, besides ``year_plans``; the others take what these return.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, model_validator

from analyse import parameters, store
from analyse.compare import vision_figures
from analyse.compare.flags import Flag, Municipality, measure
from analyse.errors import ParameterError
from analyse.parameters import BothLanguages, Run, Strict, near, once, read_declared, validated


def _vision_measure(name: str) -> str:
    return name if name in vision_figures.MEASURES else measure(name)


VisionMeasure = Annotated[str, AfterValidator(_vision_measure)]
Region = Annotated[str, Field(pattern=r"^JZ\d{2}$")]
RULES = "regional_rules.yaml"
"""In ``parameters/``: rules by which municipalities of a region share costs and votes."""

GROUPS = "groups.yaml"
"""In ``parameters/``: own groups of municipalities."""


class Indicator(Strict):
    """What an ambition is followed by; see ``parameters/vision/indicators.yaml``."""

    id: str
    title: BothLanguages
    definition: BothLanguages
    direction: Literal["lower", "higher", "no direction"]
    measure: VisionMeasure | None = None
    declared: str | None = None
    """The outcome of declarations that shows it, where there is a store of them."""
    caution: BothLanguages | None = None
    needs: BothLanguages | None = None
    """Which source would fill it."""

    @model_validator(mode="after")
    def _filled_or_why_not(self) -> Indicator:
        if self.measure is None and self.needs is None:
            raise ValueError(f"{self.id}: give measure, or needs: the source that would fill it")
        return self


class ActionLine(Strict):
    """An action line of an ambition; ``affordable`` where the document marks it as containing costs."""

    title: BothLanguages
    affordable: bool
    levers: list[str]
    """What-if measures that are about it; none where none is."""


class Ambition(Strict):
    """One ambition of a regional vision, with the ids of its indicators."""

    id: str
    title: BothLanguages
    action_lines: list[ActionLine]
    indicators: Annotated[list[str], Field(min_length=1)]
    scenario: str = ""
    """The ready scenario that is about it; empty without one."""


class Target(Strict):
    """What was decided that an indicator should be in a year, in its unit; ``source`` is the decision."""

    indicator: str
    area_code: Annotated[str, Field(pattern=r"^(GM\d{4}|JZ\d{2}|ALL)$")]
    year: int
    value: float
    source: str


class Published(Strict):
    """A figure on an indicator that the region published itself, counted in its own way."""

    indicator: str
    when: datetime.date
    value: float
    what: BothLanguages
    source: str


class Vision(Strict):
    """The vision of one region; see ``parameters/vision/``."""

    region: Region
    title: BothLanguages
    source: str
    ambitions: Annotated[list[Ambition], Field(min_length=1)]
    targets: list[Target]
    published: list[Published]
    known: Annotated[dict[str, Indicator], Field(exclude=True)]
    """All indicators by id, of ``indicators.yaml``."""

    @property
    def followed(self) -> list[tuple[Ambition, Indicator]]:
        """Each indicator with its ambition, in the order of the document."""
        return [(one, self.known[name]) for one in self.ambitions for name in one.indicators]

    @model_validator(mode="after")
    def _known(self) -> Vision:
        ids = [name for one in self.ambitions for name in one.indicators]
        unknown = sorted(set(ids) - set(self.known))
        doubles = sorted({name for name in ids if ids.count(name) > 1})
        strangers = sorted({one.indicator for one in [*self.targets, *self.published]} - set(ids))
        if unknown or doubles or strangers:
            raise ValueError(
                f"indicators that indicators.yaml does not have {unknown}; named twice {doubles}; targets or published "
                f"figures without indicator {strangers}"
            )
        return self


class Example(Strict):
    """A figure that a council document gives, as a check."""

    year: int
    amount_eur: float
    municipality: Municipality
    part_eur: float
    within_eur: float
    source: str


class Amount(Strict):
    """An amount that a cost key is shown for."""

    title: BothLanguages
    amount_eur: Annotated[float, Field(gt=0)]
    source: str


class Rule(Strict):
    """How the municipalities of a region share costs and votes; see ``parameters/regional_rules.yaml``."""

    id: str
    region: Region
    status: Literal["known", "assumption"]
    first: int
    last: int | None
    inhabitants_years_back: int
    needed_fraction: Annotated[float, Field(gt=0, lt=1)]
    groups: dict[str, list[Municipality]]
    amounts: Annotated[list[Amount], Field(min_length=1)]
    example: Example | None
    source: str


class OwnGroup(Strict):
    """Municipalities that go by one name; see ``parameters/groups.yaml``."""

    name: Annotated[str, Field(pattern=r"^[^/+\n]{1,60}$")]
    municipalities: Annotated[list[Municipality], Field(min_length=1)]
    source: str


class BodyYear(Strict):
    """One year of the budget of a regional body, EUR."""

    without_target: Annotated[float, Field(gt=0)]
    with_target: Annotated[float, Field(gt=0)]


class BodyBudget(Strict):
    """What a regional body budgets for years ahead; see ``parameters/regional_budgets.yaml``."""

    region: Region
    body: BothLanguages
    source: str
    years: Annotated[dict[int, BodyYear], Field(min_length=2)]


def flags() -> tuple[Flag, ...]:
    """The comparability flags; one that names a declared break has its title, reason and source.

    Raises
    ------
    ParameterError
        When the file is malformed, or names a break that nobody declared.

    Examples
    --------
    >>> [flag.id for flag in flags()][:2]
    ['rotterdam-teams', 'leiden-2022']
    """
    folder = store.root() / "parameters"
    return once("flags", _flags, *(folder / name for name in ("comparability.yaml", "breaks.yaml")))


def _flags() -> tuple[Flag, ...]:
    known = {one.id: one for one in parameters.breaks()}
    entries = []
    for entry in store.read_yaml(store.root() / "parameters" / "comparability.yaml"):
        entry = dict(entry)
        name = entry.pop("break", None)
        if name is not None and name not in known:
            raise ParameterError(
                f"comparability.yaml: break {name!r} is not declared in breaks.yaml; {near(str(name), known)}"
            )
        if name is not None:
            one = known[name]
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


def visions() -> dict[str, Vision]:
    """The visions of the regions, by code of the region: one file per region in ``parameters/vision/``.

    Raises
    ------
    ParameterError
        If a file is wrong, names an indicator that ``indicators.yaml`` does not have, or is the second of a region.

    Examples
    --------
    >>> {code: len(one.followed) for code, one in visions().items()}
    {'JZ24': 19, 'JZ18': 22, 'JZ29': 21}
    """
    folder = store.root() / "parameters" / "vision"
    return once("visions", lambda: _visions(folder), *sorted(folder.glob("*.yaml")))


def _visions(folder: Path) -> dict[str, Vision]:
    listed = read_declared(list[Indicator], "vision/indicators.yaml")
    known = {one.id: one for one in listed}
    if len(known) < len(listed):
        raise ParameterError("vision/indicators.yaml: an id is there twice")
    found: dict[str, Vision] = {}
    for path in sorted(folder.glob("*.yaml")):
        if path.stem != "indicators":
            one = validated(Vision, {**store.read_yaml(path), "known": known}, f"vision/{path.name}")
            if one.region in found:
                raise ParameterError(f"vision/{path.name}: {one.region} has a vision already")
            found[one.region] = one
    return found


def rules() -> tuple[Rule, ...]:
    """The rules by which the municipalities of a region share costs and votes; none where there is no file of them."""
    if not (store.root() / "parameters" / RULES).is_file():
        return ()
    return tuple(read_declared(list[Rule], RULES))


def _own_groups() -> list[OwnGroup]:
    """The groups of ``parameters/groups.yaml``; none where there is no such file."""
    return read_declared(list[OwnGroup], GROUPS) if (store.root() / "parameters" / GROUPS).is_file() else []


def body_budgets() -> dict[str, BodyBudget]:
    """What regional bodies budget for years ahead, by code of the region.

    Examples
    --------
    >>> round(body_budgets()["JZ29"].years[2028].with_target / 1e6, 1)
    427.4
    """
    return {one.region: one for one in read_declared(list[BodyBudget], "regional_budgets.yaml")}


def groups(run: Run, only: Sequence[str] = ()) -> dict[str, Sequence[str]]:
    """Return the groups of a run, of ``parameters/groups.yaml`` and of regional rules, or those named in ``only``.

    A run names its own in ``run.groups``, which go first.

    Raises
    ------
    ParameterError
        When a name is not one of them.

    Examples
    --------
    >>> sorted(groups(Run(groups={"both": ["GM0503", "GM0603"]})))[:3]
    ['GRJR', 'H1', 'H10']
    """
    of_rules = {name: codes for rule in rules() for name, codes in rule.groups.items()}
    known = of_rules | {one.name: one.municipalities for one in _own_groups()} | dict(run.groups)
    for name in only:
        if name not in known:
            raise ParameterError(f"group {name!r} is not known; {near(name, known)}")
    return {name: known[name] for name in only or known}
