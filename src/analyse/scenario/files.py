"""Scenarios: YAML files that list only the levers they use, checked, and refused with a reason."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import Field

from analyse import store
from analyse.errors import ParameterError
from analyse.parameters import BothLanguages, Strict, near, once, validated
from analyse.scenario.definitions import MOVING, Lever, Setting, levers

FOLDER = "scenarios"
RAMP_MONTHS = (0, 120)
EUR_PER_YOUTH = (0, 1000)
COST_RATIO = (0, 3)


@dataclass(frozen=True)
class Scenario:
    """A scenario: its title and the levers it uses, with every value filled in."""

    id: str
    title: BothLanguages
    text: BothLanguages | None
    settings: Mapping[str, Setting]
    works_as_set: bool = False
    """Whether every size is taken to come true as it stands: an assumption, said wherever the scenario is shown."""


class Differs(Strict):
    """What a scenario file may say about one lever."""

    size: float | None = None
    start: int | None = None
    ramp_months: int | None = None
    one_off_eur_per_youth: float | None = None
    running_eur_per_youth: float | None = None
    cost_ratio: float | None = None
    new_only: bool | None = None


class File(Strict):
    """A scenario file."""

    title: BothLanguages | str
    text: BothLanguages | None = None
    works_as_set: bool = False
    levers: dict[str, Differs | None] = Field(default_factory=dict)


def names() -> list[str]:
    """The scenarios that come with the suite: the files of ``parameters/scenarios/``."""
    return sorted(path.stem for path in (store.root() / "parameters" / FOLDER).glob("*.yaml"))


def load(name: Path | str, *, years: Sequence[int], known: Sequence[Lever] | None = None) -> Scenario:
    """Read and check a scenario.

    Parameters
    ----------
    name : path or str
        A YAML file, or the name of one in ``parameters/scenarios/``.
    years : sequence of int
        The years of the forecast; a lever starts in one of them.
    known : sequence of Lever, optional
        By default the levers of ``parameters/levers.yaml``.

    Returns
    -------
    Scenario: its name in both languages, and ``settings`` by the name of a lever.

    Raises
    ------
    ParameterError
        If there is no such file, or it does not fit: says what is allowed.

    Examples
    --------
    >>> load("base", years=range(2025, 2031)).settings
    {}
    """
    if str(name) in names():
        return read(shipped(str(name)), years=years, known=known, where=str(name))
    path = Path(name)
    if not path.exists():
        raise ParameterError(f"scenario {str(name)!r}: no such file or scenario; {near(str(name), names())}")
    return read(store.read_yaml(path), years=years, known=known, where=path.stem)


def shipped(name: str) -> Any:
    """The content of a scenario that comes with the suite, as it stands in its file; not to be changed."""
    path = store.root() / "parameters" / FOLDER / f"{name}.yaml"
    return once(FOLDER, lambda: store.read_yaml(path), path)


def read(
    content: Any, *, years: Sequence[int], known: Sequence[Lever] | None = None, where: str = "scenario"
) -> Scenario:
    """Check the content of a scenario file.

    Parameters
    ----------
    content : mapping
        ``title``, ``text`` and ``levers``, as in a file.
    years, known
        As for ``load``.
    where : str
        What messages call it.

    Raises
    ------
    ParameterError
        If it does not fit: says what is allowed.

    Examples
    --------
    >>> read({"title": "x", "levers": {"poh-jeugt": {}}}, years=range(2025, 2031))
    Traceback (most recent call last):
    analyse.errors.ParameterError: scenario: unknown lever 'poh-jeugt'; did you mean poh-jeugd?
    """
    if not isinstance(content, dict):
        raise ParameterError(f"{where}: expected `title` and `levers`, got {type(content).__name__}")
    file = validated(File, content, where)
    by_id = {lever.id: lever for lever in (levers() if known is None else known)}
    for name in file.levers:
        if name not in by_id:
            raise ParameterError(f"{where}: unknown lever {name!r}; {near(name, by_id)}")
    settings = {}
    for name, differs in file.levers.items():
        given = (differs or Differs()).model_dump(exclude_none=True)
        given |= {"works_as_set": file.works_as_set}
        settings[name] = by_id[name].default.model_copy(update=given)
    check(settings, by_id.values(), years=years, where=where)
    title = BothLanguages(nl=file.title, en=file.title) if isinstance(file.title, str) else file.title
    return Scenario(where, title, file.text, settings, file.works_as_set)


def check(
    settings: Mapping[str, Setting], known: Iterable[Lever], *, years: Sequence[int], where: str = "scenario"
) -> None:
    """Refuse settings that are out of range, start too late, move more than there is, or go round in circles.

    Parameters
    ----------
    settings : mapping of Setting
        The levers that are used, by id.
    known : iterable of Lever
        All levers.
    years : sequence of int
        The years of the forecast.
    where : str
        What messages call it.

    Raises
    ------
    ParameterError
        Says which lever, what was got and what is allowed.
    """
    used = {lever.id: lever for lever in known if lever.id in settings}
    for name, lever in used.items():
        setting, at = settings[name], f"{where}: {name}"
        _within(f"{at}: size", setting.size, (lever.minimum, lever.maximum), lever.unit)
        _within(f"{at}: start", setting.start, (years[0], years[-1]), "the years of the forecast")
        _within(f"{at}: ramp_months", setting.ramp_months, RAMP_MONTHS, "months")
        _within(f"{at}: one_off_eur_per_youth", setting.one_off_eur_per_youth, EUR_PER_YOUTH, "EUR")
        _within(f"{at}: running_eur_per_youth", setting.running_eur_per_youth, EUR_PER_YOUTH, "EUR")
        if setting.cost_ratio is not None:
            if lever.to is None:
                raise ParameterError(f"{at}: cost_ratio is only for levers that move care to another form")
            _within(f"{at}: cost_ratio", setting.cost_ratio, COST_RATIO, "1 is equally expensive")
        if setting.new_only and lever.mechanism != "duration":
            raise ParameterError(f"{at}: new_only is only for levers on duration")
    _not_twice(used, settings, where)
    moving = {
        name: lever for name, lever in used.items() if lever.mechanism in MOVING and settings[name].size != 0
    }
    _not_more_than_all(moving, settings, where)
    _not_round(moving.values(), where)


def overlapping(first: Lever, second: Lever) -> bool:
    """Whether two levers are the same money, so that they cannot be used together."""
    return second.id in first.overlaps or first.id in second.overlaps


def _not_twice(used: Mapping[str, Lever], settings: Mapping[str, Setting], where: str) -> None:
    """Levers that are the same money are not added up."""
    tried = [lever for name, lever in used.items() if settings[name].size != 0]
    for index, first in enumerate(tried):
        for second in tried[index + 1 :]:
            if overlapping(first, second):
                raise ParameterError(
                    f"{where}: {first.id} and {second.id} are the same money; leave one of them out, or set it to 0"
                )


def _not_more_than_all(moving: Mapping[str, Lever], settings: Mapping[str, Setting], where: str) -> None:
    """All that leaves a care form is at most the whole of it, also in the furthest sample."""
    for form in sorted({form for lever in moving.values() for form in lever.forms}):
        leaving = {name: lever for name, lever in moving.items() if form in lever.forms}
        caps = [name for name, lever in leaving.items() if lever.mechanism == "cap"]
        if len(caps) > 1:
            raise ParameterError(f"{where}: {' and '.join(caps)} both limit {form}; keep one")
        total = sum(
            abs(settings[name].size)
            * lever.percent_of_one
            * lever.exposure
            * max(1, lever.comes_true().highest)
            for name, lever in leaving.items()
        )
        if total > 100:
            raise ParameterError(
                f"{where}: {' and '.join(leaving)} could move {total:.0f} % of {form}, "
                "counting the upper end of their intervals; at most 100 % is there, choose smaller sizes"
            )


def _not_round(moving: Iterable[Lever], where: str) -> None:
    """No care form may come back to itself."""
    ways: dict[str, set[str]] = {}
    for lever in moving:
        for form in lever.forms:
            if lever.to is not None:
                ways.setdefault(form, set()).add(lever.to)
    for begin in ways:
        seen, ahead = set(), set(ways[begin])
        while ahead:
            form = ahead.pop()
            if form == begin:
                raise ParameterError(
                    f"{where}: care moves from {begin} and by other levers back to {begin}; leave one of them out"
                )
            if form not in seen:
                seen.add(form)
                ahead |= ways.get(form, set())


def _within(what: str, value: float, limits: tuple[float, float], unit: str) -> None:
    if not limits[0] <= value <= limits[1]:
        raise ParameterError(f"{what} {value:g}; allowed is {limits[0]:g} to {limits[1]:g} ({unit})")
