"""The form that an expert fills in: what it asks, how long it takes, and what is refused in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Any

from pydantic import Field, model_validator

from analyse.errors import ParameterError
from analyse.parameters import BothLanguages, Strict, near, read_declared, validated
from analyse.scenario.definitions import Lever
from analyse.scenario.evidence import TAIL, Points

ASKED = (0.1, 0.5, 0.9)
"""Chance that it becomes less than ``low``, ``middle`` and ``high``."""
PERCENT = ("percent", "percent a year")
"""Units that an expert is asked in: amounts of the whole country are not for an expert of an area."""
MINUTES = 15
MINUTES_A_QUESTION = 1.0
MOST_QUESTIONS = int(MINUTES / MINUTES_A_QUESTION)


class Answer(Strict):
    """Three numbers of one expert on one question."""

    low: float
    middle: float
    high: float

    @model_validator(mode="after")
    def _in_order(self) -> Answer:
        if not self.low <= self.middle <= self.high:
            raise ValueError("low, middle and high must be in that order")
        return self

    def points(self) -> Points:
        """The quantile function of the expert."""
        least = self.low - TAIL * (self.middle - self.low)
        most = self.high + TAIL * (self.high - self.middle)
        ends = (
            [0.0, least],
            *([p, v] for p, v in zip(ASKED, (self.low, self.middle, self.high), strict=True)),
        )
        return [*ends, [1.0, most]]


class Asked(Strict):
    """A question of a form, with its answer once it is filled in."""

    question: str
    unit: str
    low: float | None = None
    middle: float | None = None
    high: float | None = None

    @model_validator(mode="after")
    def _whole(self) -> Asked:
        given = [value is not None for value in (self.low, self.middle, self.high)]
        if any(given):
            if not all(given):
                raise ValueError("give low, middle and high, or none of them")
            Answer(low=self.low, middle=self.middle, high=self.high)
        return self

    @property
    def answer(self) -> Answer | None:
        """The three numbers; None where the question was left open."""
        return None if self.low is None else Answer(low=self.low, middle=self.middle, high=self.high)


class Form(Strict):
    """The form of one expert, as ``analyse scenario experts form`` makes it."""

    expert: Annotated[str, Field(pattern=r"\S")]
    known: dict[str, Asked] = Field(default_factory=dict)
    """Questions of which the answer is known, by id: they say how much the expert weighs."""
    measures: Annotated[dict[str, Asked], Field(min_length=1)]
    """Questions on measures, by the id of the lever."""


def form(levers: Sequence[Lever], known: Mapping[str, str], *, language: str = "nl") -> dict[str, Any]:
    """An empty form.

    Parameters
    ----------
    levers : sequence of Lever
        The measures to ask about, in per cent.
    known : mapping of str to str
        Id of a question with a known answer -> the question.
    language : {"nl", "en"}
        Of the questions.

    Raises
    ------
    ParameterError
        If a measure is not in per cent, or the form would take more than a quarter of an hour.
    """
    other = [lever.id for lever in levers if lever.unit not in PERCENT]
    if other:
        raise ParameterError(
            f"experts: {', '.join(other)} is an amount of the whole country; ask about others"
        )
    if len(levers) + len(known) > MOST_QUESTIONS:
        raise ParameterError(
            f"experts: {len(levers) + len(known)} questions take more than {MINUTES} minutes; at most {MOST_QUESTIONS}"
        )
    return {
        "expert": "",
        "known": {name: {"question": text, "unit": "percent", **_open()} for name, text in known.items()},
        "measures": {
            lever.id: {"question": question(lever, language), "unit": lever.unit, **_open()}
            for lever in levers
        },
    }


def _open() -> dict[str, None]:
    return {"low": None, "middle": None, "high": None}


def question(lever: Lever, language: str) -> str:
    """What is asked about a measure, with the range of answers that the model takes."""
    texts = read_declared(dict[str, BothLanguages], "expert_questions.yaml")
    asked = getattr(texts[lever.mechanism], language).format(title=getattr(lever.title, language))
    limits = {"nl": "Van {low:g} tot {high:g}.", "en": "From {low:g} to {high:g}."}[language]
    return f"{asked} {limits.format(low=lever.minimum, high=lever.maximum)}"


def read(contents: Mapping[str, Any], levers: Sequence[Lever], truths: Mapping[str, float]) -> list[Form]:
    """Check filled-in forms.

    Parameters
    ----------
    contents : mapping
        Name of each file -> its content.
    levers : sequence of Lever
        All levers, for their names and ranges.
    truths : mapping of float
        Known answers, by the id of the question.

    Raises
    ------
    ParameterError
        If a form does not fit, a name stands on two forms, or an answer lies outside the range of a lever.
    """
    forms = [validated(Form, content, name) for name, content in contents.items()]
    names = [one.expert for one in forms]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise ParameterError(f"experts: two forms of {', '.join(twice)}; give each form a name of its own")
    by_id = {lever.id: lever for lever in levers}
    for where, one in zip(contents, forms, strict=True):
        for name in one.known:
            if name not in truths:
                raise ParameterError(f"{where}: no known answer to {name!r}; {near(name, truths)}")
        for name, asked in one.measures.items():
            if name not in by_id:
                raise ParameterError(f"{where}: unknown measure {name!r}; {near(name, by_id)}")
            lever, given = by_id[name], asked.answer
            if asked.unit != lever.unit:
                raise ParameterError(f"{where}: {name}: unit {asked.unit!r}; this measure is in {lever.unit}")
            if given and not (lever.minimum <= given.low and given.high <= lever.maximum):
                raise ParameterError(
                    f"{where}: {name}: {given.low:g} to {given.high:g}; "
                    f"allowed is {lever.minimum:g} to {lever.maximum:g}"
                )
    return forms
