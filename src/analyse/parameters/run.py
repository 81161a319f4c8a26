"""The choices of one run, from YAML, a notebook or a caller."""

from __future__ import annotations

import ast
import re
import zlib
from pathlib import Path
from typing import Annotated, Any, Literal

import numpy as np
from pydantic import Field, field_serializer, field_validator

from analyse import store
from analyse.assumed import Assumed
from analyse.errors import ParameterError
from analyse.parameters.validation import Strict, validated
from analyse.reading import plain_yaml

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
    """The choices of one run, all with a default; ``load_run`` reads them from a file.

    Attributes
    ----------
    dataset : str
        Folder below ``data/``.
    municipality, region, area : str
        CBS code of a municipality (GM0503) or youth region (JZ24), or of either: what a notebook is about.
    regions : tuple of str
        Youth regions whose municipalities are read and compared; empty is the whole country.
    groups : tuple of (str, tuple of str)
        Own groups of municipalities by name.
    group, members : str, tuple of str
        Name and municipalities of the group that a notebook is about.
    horizon : int
        Years ahead of the last accounts, 1 to 10.
    samples : int
        Joint futures, 100 to 10,000.
    seed : int
        The same seed gives the same numbers.
    composition : {"fixed", "of-the-time"}
        One set of boundaries for all years, or those of each year.
    composition_year : int
        Year whose regions the fixed composition takes, 2017 to 2026.
    language : {"nl", "en"}
        Of figures and tables.
    districts, planning : bool
        Whether a set of reports has a page on the districts of each municipality, and texts for budget and accounts.
    declarations, contracts : str
        Folders of the page on declarations.
    sending_delay_days : int
        Days that pass before a declaration of a date is in the store, 0 to 60.
    assumptions : Assumed
        What this run assumes in place of what ``parameters/`` says.

    Raises
    ------
    ValidationError
        If a value is out of its bounds or of another kind, or there is no such choice.

    Examples
    --------
    >>> Run(horizon=3, municipality="GM0599").samples
    1000
    """

    dataset: Annotated[str, Field(pattern=r"^[a-z0-9-]+$")] = "open"
    municipality: Annotated[str, Field(pattern=r"^GM\d{4}$")] = "GM0503"
    region: Annotated[str, Field(pattern=r"^JZ\d{2}$")] = "JZ24"
    regions: Annotated[tuple[Annotated[str, Field(pattern=r"^JZ\d{2}$")], ...], Field(strict=False)] = (
        THREE_REGIONS
    )
    groups: tuple[tuple[str, tuple[Annotated[str, Field(pattern=r"^GM\d{4}$")], ...]], ...] = ()
    group: Annotated[str, Field(pattern=r"^[^/+\n]{0,60}$")] = ""
    members: Annotated[tuple[Annotated[str, Field(pattern=r"^GM\d{4}$")], ...], Field(strict=False)] = ()
    horizon: Annotated[int, Field(ge=1, le=10)] = 6
    samples: Annotated[int, Field(ge=100, le=10_000)] = 1000
    seed: Annotated[int, Field(ge=0, lt=2**63)] = 20241231
    composition: Literal["fixed", "of-the-time"] = "fixed"
    composition_year: Annotated[int, Field(ge=2017, le=2026)] = 2026
    language: Literal["nl", "en"] = "nl"
    districts: bool = False
    planning: bool = False
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
        taken = [name for name in map(str, groups) if re.match(r"(GM|JZ)\d|ALL$|NL01$", name) or not name]
        if taken or any(set(str(name)) & set("/+\n") for name in groups):
            raise ValueError(
                "a group is named as people say it, without / or +, and not as a code such as GM0503"
            )
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
                assumed = plain_yaml.parsed(assumed)
            except plain_yaml.ERRORS as error:
                why = " ".join(str(error).split())
                raise ValueError(f"is no YAML ({why}); write such as {{price_growth_percent: 3}}") from error
        return {} if assumed is None else assumed

    @field_validator("dataset")
    @classmethod
    def _named(cls, name: str) -> str:
        """``latest`` becomes the name of the dataset in use, so that a run says which figures it had."""
        return store.latest() if name == store.LATEST else name

    def rng(self, *names: str) -> np.random.Generator:
        """A random generator of its own for each tuple of names: the order of use changes no number."""
        return named_rng(self.seed, *names)


def named_rng(seed: int, *names: str) -> np.random.Generator:
    """The random generator of a seed and names, such as a subject and an area."""
    return np.random.default_rng([seed, *(zlib.crc32(name.encode()) for name in names)])


def load(path: Path | str | None = None, **overrides: Any) -> Run:
    """The settings of a YAML file, with ``overrides`` on top.

    Parameters
    ----------
    path : Path or str, optional
        A run file, as ``parameters/run.yaml``; none is the defaults.
    **overrides
        Choices of ``Run`` by name, which override those of the file.

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
        calls this function, are parameters: the cell can be run again when the notebook has gone on. Where cells are
        run without being kept in ``In``, every plain value with the name of a parameter is one.

    Raises
    ------
    ParameterError
        If a name is not a parameter (a mistyped one would otherwise do nothing), or a value is impossible.
    """
    cells = namespace.get("In", [])
    kept = any(from_notebook.__name__ in source for source in cells)
    names = (
        _assigned(cells) if kept else [name for name in Run.model_fields if _is_value(namespace.get(name))]
    )
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


def _is_value(given: Any) -> bool:
    """Whether something in a notebook is a value that a parameter can have, and not, say, a module of that name."""
    return isinstance(given, str | int | float | list | tuple | dict)


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
