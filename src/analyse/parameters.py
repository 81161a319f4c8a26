"""Choices: YAML and notebook parameters turned into checked, frozen settings.

An unknown key is an error that names the nearest known one; an impossible value is an error that says
what is allowed. Policy numbers and assumptions live in ``parameters/``, never in code.
"""

from __future__ import annotations

import ast
import datetime
import difflib
import zlib
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from statistics import NormalDist
from typing import Annotated, Any, Literal, get_args, get_origin

import numpy as np
import yaml
from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    TypeAdapter,
    ValidationError,
    field_serializer,
    field_validator,
    model_validator,
)

from analyse import store
from analyse.assumed import Assumed
from analyse.errors import AnalyseError, ParameterError


class Strict(BaseModel):
    """Frozen; an unknown key or a value of another kind is refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


THREE_REGIONS = ("JZ18", "JZ24", "JZ29")
"""Holland Rijnland, Haaglanden and Rijnmond: the regions of a run that chooses no others."""
COUNTRY: tuple[str, ...] = ()
"""No regions chosen is all of them; in YAML ``regions: country``."""


def chosen_regions(given: Any) -> Any:
    """Return regions as YAML, notebooks and manifests write them as ``Run`` holds them.

    Examples
    --------
    >>> chosen_regions(["JZ24", "JZ18", "JZ24"]), chosen_regions("country")
    (('JZ18', 'JZ24'), ())
    """
    if given == "country":
        return COUNTRY
    return tuple(sorted(set(given))) if isinstance(given, list | tuple) and given else given


class Run(Strict):
    """The choices of one run; see ``parameters/run.yaml`` for what each means."""

    dataset: Annotated[str, Field(pattern=r"^[a-z0-9-]+$")] = "open"
    municipality: Annotated[str, Field(pattern=r"^GM\d{4}$")] = "GM0503"
    region: Annotated[str, Field(pattern=r"^JZ\d{2}$")] = "JZ24"
    regions: Annotated[tuple[Annotated[str, Field(pattern=r"^JZ\d{2}$")], ...], Field(strict=False)] = (
        THREE_REGIONS
    )
    groups: tuple[tuple[str, tuple[Annotated[str, Field(pattern=r"^GM\d{4}$")], ...]], ...] = ()
    horizon: Annotated[int, Field(ge=1, le=10)] = 6
    samples: Annotated[int, Field(ge=100, le=10_000)] = 1000
    seed: Annotated[int, Field(ge=0, lt=2**63)] = 20241231
    composition: Literal["fixed", "of-the-time"] = "fixed"
    composition_year: Annotated[int, Field(ge=2017, le=2026)] = 2026
    language: Literal["nl", "en"] = "nl"
    districts: bool = False
    area: Annotated[str, Field(pattern=r"^(GM\d{4}|JZ\d{2})$")] = "GM0503"
    declarations: str = "data/declarations/store"
    contracts: str = "data/contracts"
    sending_delay_days: Annotated[int, Field(ge=0, le=60)] = 0
    assumptions: Annotated[Assumed, Field(strict=False)] = Assumed()

    @field_validator("municipality", "area", mode="before")
    @classmethod
    def _with_letters(cls, code: Any) -> Any:
        """Digits that papermill or YAML took for a number are refused: YAML reads 0503 as octal, which is 323."""
        if isinstance(code, int) and not isinstance(code, bool):
            raise ValueError(
                f"a number, where a code is expected; write it with its letters, such as GM{code:04d}"
            )
        return code

    @field_validator("regions", mode="before")
    @classmethod
    def _chosen(cls, regions: Any) -> Any:
        """The order, and a code given twice, make no other run."""
        return chosen_regions(regions)

    @field_validator("groups", mode="before")
    @classmethod
    def _by_name(cls, groups: Any) -> Any:
        """Own groups of municipalities, written as ``name: [codes]``."""
        if not isinstance(groups, dict):
            return groups
        return tuple((str(name), tuple(codes or ())) for name, codes in groups.items())

    @field_serializer("groups")
    def _written(self, groups: tuple[tuple[str, tuple[str, ...]], ...]) -> dict[str, list[str]]:
        return {name: list(codes) for name, codes in groups}

    @field_serializer("regions")
    def _listed(self, regions: tuple[str, ...]) -> list[str] | str:
        """What YAML and the ``parameters`` cell of a notebook say."""
        return list(regions) or "country"

    def of_country(self) -> Run:
        """The same choices for the whole country."""
        return self.model_copy(update={"regions": COUNTRY})

    @field_validator("assumptions", mode="before")
    @classmethod
    def _as_written(cls, assumed: Any) -> Any:
        """A text, as ``papermill -p assumptions "{price_growth_percent: 3}"`` gives it, is YAML."""
        if isinstance(assumed, str):
            try:
                assumed = yaml.safe_load(assumed)
            except yaml.YAMLError as error:
                raise ValueError("is no YAML; write such as {price_growth_percent: 3}") from error
        return {} if assumed is None else assumed

    @field_validator("dataset")
    @classmethod
    def _named(cls, name: str) -> str:
        """``latest`` becomes the name of the dataset in use, so that a run says which figures it had."""
        return store.latest() if name == store.LATEST else name

    def rng(self, *names: str) -> np.random.Generator:
        """A random generator of its own for each tuple of names: the order of use changes no number."""
        return np.random.default_rng([self.seed, *(zlib.crc32(name.encode()) for name in names)])


class BothLanguages(Strict):
    """A text in Dutch and in English."""

    nl: str
    en: str


class Break(Strict):
    """A place where a series changes for another reason than demand; see ``parameters/breaks.yaml``."""

    id: str
    number: Annotated[int, Field(ge=1)]
    period: int
    applies_to: Annotated[list[Literal["costs", "usage"]], Field(min_length=1)]
    municipalities: list[Annotated[str, Field(pattern=r"^GM\d{4}$")]]
    effect: Literal["excluded from trend", "shown only"]
    title: BothLanguages
    reason: BothLanguages
    source: str


class Assumption(Strict):
    """A value that the figures do not give, with its interval and where it comes from."""

    value: float
    unit: str
    low: float
    high: float
    coverage: Annotated[float, Field(gt=0, lt=1)]
    date: datetime.date
    status: Literal["observed", "assumption"]
    description: str
    source: str

    @property
    def spread(self) -> float:
        """Standard deviation, in the unit, of a normal distribution with this interval.

        Examples
        --------
        An 80 % interval is 2.56 standard deviations wide:

        >>> assumed = assumptions()["provisional_revision_percent"]
        >>> assumed.coverage, round((assumed.high - assumed.low) / assumed.spread, 2)
        (0.8, 2.56)
        """
        return (self.high - self.low) / (2 * NormalDist().inv_cdf(0.5 + self.coverage / 2))

    @model_validator(mode="after")
    def _in_order(self) -> Assumption:
        if not self.low <= self.value <= self.high:
            raise ValueError(f"low {self.low}, value {self.value} and high {self.high} must be in that order")
        return self


class ListedAssumption(Assumption):
    """An assumption that pages list, so its source stands in both languages."""

    source: BothLanguages  # type: ignore[assignment]


def _value(entry: Any) -> Any:
    """The value of a constant that is given with its unit, status and description."""
    if not isinstance(entry, dict):
        return entry
    wanted = {"value", "unit", "status", "description"}
    if set(entry) != wanted or entry["status"] not in ("estimated", "assumption"):
        raise ValueError(f"expected {', '.join(sorted(wanted))}, with status estimated or assumption")
    return entry["value"]


Number = Annotated[float, Field(ge=0), BeforeValidator(_value)]
Tabulated = Annotated[list[list[float]], Field(min_length=1), BeforeValidator(_value)]


class CostConstants(Strict):
    """Constants of the costs; ``parameters/forecast.yaml`` says what each one is."""

    damping: Number
    pull_own: Tabulated
    pull_own_error: Tabulated
    pull_region: Tabulated
    budget_weight: Tabulated
    renumbered_budget_share: Number
    pull_sd: Number
    budget_sd: Number
    shared_growth: Number
    shared_sd: Number
    shared_prior_years: Number
    region_sd: Number
    own_sd: Number
    own_prior_years: Number
    size_slope: Number
    degrees: Number
    shock_stays: Number
    break_shared_sd: Number
    break_own_sd: Number
    announced_own_sd: Number


class UsageConstants(Strict):
    """Constants of the youths with care."""

    damping: Number
    pull: Number
    stays: Number
    shared_sd: Number
    region_sd: Number
    own_sd: Number
    degrees: Number
    unknown_sd: Number


class YouthConstants(Strict):
    """Constants of the number of youths."""

    birth_years: Annotated[int, Field(ge=1), BeforeValidator(_value)]
    births_stay: Number
    size_slope: Number
    student_factor: Number
    ages_sd: Number
    gain_sd: Number
    published_left: Number
    shared_part: Annotated[float, Field(ge=0, le=1), BeforeValidator(_value)]


class PriceConstants(Strict):
    """Constants of the price index."""

    persistence: Annotated[float, Field(ge=0, lt=1), BeforeValidator(_value)]
    revision_sd: Number


class ForecastConstants(Strict):
    """Constants of the forecast, and how they were estimated."""

    tuning: dict[str, Any]
    renumbered_budgets: list[str]
    announced_rules: list[str]
    costs: CostConstants
    usage: UsageConstants
    youths: YouthConstants
    price: PriceConstants


class Publication(Strict):
    """A day of the year on which new figures are out; see ``parameters/publications.yaml``."""

    day: Annotated[str, Field(pattern=r"^\d\d-\d\d$")]
    what: BothLanguages
    source: str


class Question(Strict):
    """A question for council and board, and the figure that raises it; see ``parameters/questions.yaml``."""

    id: Annotated[str, Field(pattern=r"^[a-z-]+$")]
    figure: str
    above: float | None = None
    below: float | None = None
    question: BothLanguages
    raised: BothLanguages

    def asked(self, value: float) -> bool:
        """Whether the figure of an area raises it."""
        return (self.above is None or value > self.above) and (self.below is None or value < self.below)


def load(path: Path | str | None = None, **overrides: Any) -> Run:
    """The settings of a YAML file, with ``overrides`` on top.

    Parameters
    ----------
    path : Path or str, optional
        A run file, as ``parameters/run.yaml``; none is the defaults.
    **overrides
        Choices of ``Run`` by name, which go before those of the file.

    Returns
    -------
    Run, frozen: the choices that every function with ``run`` takes.

    Raises
    ------
    ParameterError
        If the file is not there, or a key or value is not allowed.

    Examples
    --------
    >>> load(horizon=3).horizon
    3
    """
    values = {}
    if path is not None:
        path = Path(path)
        values = store.read_yaml(path if path.is_absolute() or path.exists() else store.root() / path) or {}
        if not isinstance(values, dict):
            raise ParameterError(
                f"{path}: expected keys and values such as `horizon: 6`, got {type(values).__name__}"
            )
    if isinstance(values.get("assumptions"), dict) and isinstance(overrides.get("assumptions"), dict):
        overrides["assumptions"] = values["assumptions"] | overrides["assumptions"]
    return validated(Run, {**values, **overrides}, str(path or "parameters"))


def from_notebook(namespace: dict[str, Any]) -> Run:
    """The settings that stand in a notebook's ``parameters`` cell, with what papermill put below it.

    Parameters
    ----------
    namespace : dict
        ``globals()`` of the notebook. Only names set in cells of plain values, run before the first cell that
        calls this function, are parameters: the cell can be run again when the notebook has gone on.

    Raises
    ------
    ParameterError
        If a name is not a parameter (a mistyped one would otherwise do nothing), or a value is impossible.
    """
    names = _assigned(namespace.get("In", []))
    return validated(Run, {name: namespace[name] for name in names if name in namespace}, "parameters")


def _assigned(cells: list[str]) -> list[str]:
    """Names that the cells of plain values assign, up to the cell that asks for the parameters."""
    names: dict[str, None] = {}
    for source in cells:
        if from_notebook.__name__ in source:
            break
        try:
            statements = ast.parse(source).body
        except SyntaxError:  # a cell with a magic command
            continue
        if all(_is_plain(statement) for statement in statements):
            names |= dict.fromkeys(target.id for statement in statements for target in statement.targets)
    return list(names)


def _is_plain(statement: ast.stmt) -> bool:
    """Whether a statement is ``name = literal``."""
    if not isinstance(statement, ast.Assign) or not all(
        isinstance(target, ast.Name) for target in statement.targets
    ):
        return False
    try:
        ast.literal_eval(statement.value)
    except ValueError:
        return False
    return True


def breaks() -> tuple[Break, ...]:
    """The declared breaks of ``parameters/breaks.yaml``, by number.

    Returns
    -------
    tuple of Break: period, applies_to, municipalities, effect, title and reason in both languages, source.

    Examples
    --------
    >>> breaks()[0].period
    2020
    """
    path = store.root() / "parameters" / "breaks.yaml"
    declared = validated(list[Break], store.read_yaml(path), path.name)
    return tuple(sorted(declared, key=lambda entry: entry.number))


def publications() -> tuple[Publication, ...]:
    """The days of ``parameters/publications.yaml`` on which new figures are out."""
    path = store.root() / "parameters" / "publications.yaml"
    return tuple(validated(list[Publication], store.read_yaml(path), path.name))


def questions() -> tuple[Question, ...]:
    """The questions of ``parameters/questions.yaml``, in the order in which they are asked."""
    path = store.root() / "parameters" / "questions.yaml"
    return tuple(validated(list[Question], store.read_yaml(path), path.name))


def assumptions() -> dict[str, ListedAssumption]:
    """The assumptions of ``parameters/assumptions.yaml`` by name.

    Returns
    -------
    dict of ListedAssumption: value, unit, low and high, the chance ``coverage`` that the truth lies between, source.

    Examples
    --------
    >>> assumptions()["price_growth_percent"].unit
    '% a year'
    """
    path = store.root() / "parameters" / "assumptions.yaml"
    return validated(dict[str, ListedAssumption], store.read_yaml(path), path.name)


def forecast_constants() -> ForecastConstants:
    """Constants of the forecast in ``parameters/forecast.yaml``, as ``benchmarks/forecasting/tune.py`` wrote them."""
    path = store.root() / "parameters" / "forecast.yaml"
    return validated(ForecastConstants, store.read_yaml(path), path.name)


def validated(kind: Any, values: Any, where: str, *, error: type[AnalyseError] = ParameterError) -> Any:
    """The values as a model, or as a list or mapping of models; everything that is wrong in one error.

    Parameters
    ----------
    kind : type
        Such as ``Run`` or ``list[Break]``.
    values : object
        What a file or a caller gave.
    where : str
        File or step, named in the error.
    error : type
        The kind of error.

    Raises
    ------
    AnalyseError
        Of the kind ``error``: for every finding the key, what was got, and what is allowed; an unknown key with the
        nearest known one.

    Examples
    --------
    >>> validated(list[Publication], [{"day": "01-07", "what": {"nl": "x", "en": "x"}, "sourse": "x"}], "days.yaml")
    Traceback (most recent call last):
    analyse.errors.ParameterError: days.yaml: key '0.source' is missing; unknown key '0.sourse'; did you mean source?
    """
    try:
        return TypeAdapter(kind).validate_python(values)
    except ValidationError as invalid:
        models = list(_models(kind))
        raise error(
            f"{where}: {'; '.join(_sentence(finding, models) for finding in invalid.errors())}"
        ) from invalid


def near(name: str, known: Iterable[str]) -> str:
    """A hint: the nearest known name, or all of them; never the name itself.

    Examples
    --------
    >>> near("horizn", ["horizon", "samples"]), near("x", ["horizon", "samples"])
    ('did you mean horizon?', 'known are horizon, samples')
    """
    known = [other for other in known if other != name]
    nearest = difflib.get_close_matches(name, known, n=1)
    return f"did you mean {nearest[0]}?" if nearest else f"known are {', '.join(known)}"


def _models(kind: Any) -> Iterator[type[BaseModel]]:
    """The models that a type is made of, itself first."""
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        yield kind
        for field in kind.model_fields.values():
            yield from _models(field.annotation)
    for part in get_args(kind):
        yield from _models(part)


def _place_of(model: type[BaseModel], models: Sequence[type[BaseModel]]) -> str:
    """Where the keys of a model stand in a file, in words."""
    for outer in models:
        for name, field in outer.model_fields.items():
            if outer is not model and model in _models(field.annotation):
                each = get_origin(field.annotation) in (dict, list, tuple)
                return f"{'each entry' if each else 'what stands'} below {field.alias or name!r}"
    return "the first level of the file"


def _sentence(error: Any, models: list[type[BaseModel]]) -> str:
    """One finding of pydantic as a sentence with what was got, what is allowed and the cure."""
    ways = {"str", *(model.__name__ for model in models)}  # how pydantic names the members of a union
    key = ".".join(str(part) for part in error["loc"] if part not in ways)
    if error["type"] == "extra_forbidden":
        name = str(error["loc"][-1])
        fields = {field.alias or own: model for model in models for own, field in model.model_fields.items()}
        if name in fields:
            return f"key {key!r} stands in the wrong place: {name!r} belongs to {_place_of(fields[name], models)}"
        return f"unknown key {key!r}; {near(name, fields)}"
    if error["type"] == "missing":
        return f"key {key!r} is missing"
    expected = _expected_code(error)
    if expected:
        return f"{key}: got {error['input']!r}, expected {expected}; see `analyse list`"
    reason = error["msg"].removeprefix("Value error, ")
    got = "" if isinstance(error["input"], dict) else f"got {error['input']!r}; "
    return f"{key}: {got}{reason}" if key else f"{got}{reason}"


def _expected_code(error: Any) -> str:
    """The kind of code that a finding is about; empty when it is about something else."""
    if error["type"] == "string_type" and error["loc"][-1] in ("municipality", "area", "region"):
        return "a code with its letters, such as GM0503 or JZ24, which no program takes for a number"
    if error["type"] != "string_pattern_mismatch":
        return ""
    pattern = error["ctx"]["pattern"]
    if "GM" in pattern:
        return "a CBS code such as GM0503"
    return "the code of a youth region such as JZ24" if "JZ" in pattern else ""
