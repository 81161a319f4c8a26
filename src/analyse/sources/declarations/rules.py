"""The rules for declarations, as data: ``parameters/integrity_rules.yaml``."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from analyse import store
from analyse.parameters import BothLanguages, validated

Reason = Annotated[str, Field(min_length=10)]
Name = Annotated[str, Field(pattern=r"^[a-z][a-z_]*$")]


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Limit(_Strict):
    """A number that rules use, with where it comes from."""

    value: float
    source: str


class Rule(_Strict):
    """One rule: what is wrong, why that matters, how much, and the SQL that is true where it is broken."""

    id: Name
    stage: Literal["door", "store"]
    severity: Literal["error", "warning", "notice"]
    what: BothLanguages
    why: BothLanguages
    condition: Annotated[str, Field(min_length=3)]
    needs: Literal["allocations", "stops", "tariffs"] | None = None
    off_because: Reason | None = None
    told_later: bool = False
    """Whether other messages, which may still come, decide if a line breaks it."""


class Rules(_Strict):
    """All rules and the limits in them."""

    limits: dict[Name, Limit]
    rules: list[Rule]

    @model_validator(mode="after")
    def _whole(self) -> Rules:
        names = [rule.id for rule in self.rules]
        double = sorted({one for one in names if names.count(one) > 1})
        if double:
            raise ValueError(f"rule {double[0]} is there twice")
        for rule in self.rules:
            for name in re.findall(r"\$(\w+)", rule.condition):
                if name not in self.limits:
                    raise ValueError(f"rule {rule.id}: no limit {name}; known are {', '.join(self.limits)}")
        return self

    def at(self, stage: str) -> list[Rule]:
        """The rules of a stage that are on, in order."""
        return [rule for rule in self.rules if rule.stage == stage and rule.off_because is None]

    def sql(self, rule: Rule) -> str:
        """The condition of a rule with its limits filled in."""
        return re.sub(r"\$(\w+)", lambda found: f"{self.limits[found[1]].value:g}", rule.condition)


def load(path: Path | None = None) -> Rules:
    """Read and check the rules.

    Raises
    ------
    ParameterError
        If a key is unknown or missing, or a rule occurs twice or is switched off without a reason.

    Examples
    --------
    >>> [rule.id for rule in load().at("door")][:2]
    ['bsn_invalid', 'amount_unreadable']
    """
    path = path or store.root() / "parameters" / "integrity_rules.yaml"
    return validated(Rules, store.read_yaml(path), path.name)
