"""``parameters/open_data.yaml``, checked: addresses, manners on the network, and the shape of every table."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, field_validator

from analyse import parameters, store

PATH = "parameters/open_data.yaml"
HostName = Literal["v4", "v3", "iv3", "map"]
Into = Literal[
    "usage_by_form", "usage_flows", "usage_persons", "usage_indicators", "costs_by_form", "population_by_age",
    "population_dynamics", "population_prognosis", "municipalities", "costs", "usage_districts",
]  # fmt: skip


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Network(_Strict):
    """How to behave on the network, and how to get there."""

    timeout_seconds: Annotated[float, Field(gt=0)]
    attempts: Annotated[int, Field(ge=1, le=20)]
    first_wait_seconds: Annotated[float, Field(ge=0)]
    longest_wait_seconds: Annotated[float, Field(ge=0)]
    pause_seconds: Annotated[float, Field(ge=0)]
    largest_response_mb: Annotated[float, Field(gt=0)]
    most_pages: Annotated[int, Field(ge=1)]
    longest_query: Annotated[int, Field(ge=300)]
    environment: bool
    proxy: str
    certificates: str
    test_server: str

    @field_validator("test_server")
    @classmethod
    def _plain(cls, address: str) -> str:
        parts = urlsplit(address)
        if address and (parts.scheme not in ("http", "https") or not parts.hostname or parts.path.strip("/")):
            raise ValueError(
                "expected a scheme, a host and a port, such as http://127.0.0.1:8000, or nothing"
            )
        return address.rstrip("/")


class PeriodStatus(_Strict):
    """What CBS calls figures that may still change, and those that will not."""

    provisional: list[str]
    final: list[str]


class Category(_Strict):
    """One item of a list: its code at CBS where that is known, and what its title looks like."""

    title: str
    code: str = ""


class Dimension(_Strict):
    """What is taken of a dimension: the items of a list (``as``), one code, those that begin or end so, or all."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    listed: Annotated[str, Field(alias="as")] = ""
    required: list[str] = []
    only: str = ""
    starts: str = ""
    ends: list[str] = []


class Measure(_Strict):
    """A measure: the names it may have, separated by ``|``, its units, and what a unit is in ours."""

    name: str
    units: list[str]
    factor: float = 1.0
    required: bool = True

    @property
    def names(self) -> list[str]:
        """The names it may have."""
        return self.name.split("|")


class Shape(_Strict):
    """What a table must look like."""

    title: str
    into: Into
    basis: Literal["seen", "described"]
    hosts: Annotated[list[HostName], Field(min_length=1)]
    region: str
    dimensions: dict[str, Dimension]
    measures: dict[str, Measure]
    hidden: Literal["suppressed", "missing"]
    period: str = ""
    periods: list[Literal["year", "half-year"]] = []
    of_year: int = 0
    first_year: int = 0
    national: bool = False
    districts: bool = False
    """Whether its regions that are taken are districts (WK) of the municipalities, in place of these."""


class Boundaries(_Strict):
    """Where outlines come from: the layer of a map service, and what its properties are called."""

    host: HostName
    path: str
    layer: str
    basis: Literal["seen", "described"]
    code: str
    municipality: str
    water: str
    is_water: str
    page: Annotated[int, Field(ge=1)]


class Settings(_Strict):
    """Everything in the file."""

    network: Network
    hosts: dict[HostName, str]
    boundaries: dict[Literal["districts"], Boundaries]
    period_status: PeriodStatus
    care_forms: dict[str, Category]
    referrers: dict[str, Category]
    persons: dict[str, Category]
    ages: dict[str, Category]
    tables: dict[str, Shape]

    @cached_property
    def lists(self) -> dict[str, dict[str, Category]]:
        """The lists a dimension can take, by name."""
        return {
            "care_forms": self.care_forms,
            "referrers": self.referrers,
            "persons": self.persons,
            "ages": self.ages,
        }

    def base(self, host: str) -> str:
        """The first part of every address of a host; on the test server when one is configured."""
        address = self.hosts[host]
        if self.network.test_server:
            parts = urlsplit(address)
            return f"{self.network.test_server}/{parts.netloc}{parts.path}"
        return address


def load(path: Path | None = None) -> Settings:
    """The settings of ``parameters/open_data.yaml``, or of another file of that form.

    Raises
    ------
    ParameterError
        When there is no such file, or a key or value in it is not allowed.

    Examples
    --------
    >>> load().tables["85099NED"].into
    'usage_by_form'
    """
    path = path or store.root() / PATH
    return parameters.validated(Settings, store.read_yaml(path), path.name)
