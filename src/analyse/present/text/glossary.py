"""Words that a page explains where they stand: terms of youth care and of municipal money, in plain language."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Annotated

from pydantic import Field

from analyse.parameters import BothLanguages, Strict, validated
from analyse.reading import plain_yaml

FILE = Path(__file__).with_name("glossary.yaml")


class Forms(Strict):
    """The forms of a word in both languages."""

    nl: Annotated[list[str], Field(min_length=1)]
    en: Annotated[list[str], Field(min_length=1)]


class Term(Strict):
    """A word with its meaning; see ``glossary.yaml``."""

    id: Annotated[str, Field(pattern=r"^[a-z0-9-]+$")]
    word: Forms
    meaning: BothLanguages


@cache
def terms() -> tuple[Term, ...]:
    """All terms.

    Examples
    --------
    >>> terms()[0].word.nl
    ['trajecten', 'traject']
    """
    return tuple(validated(list[Term], plain_yaml.parsed(FILE.read_text(encoding="utf-8")), FILE.name))
