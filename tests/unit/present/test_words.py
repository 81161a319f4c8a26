"""Every Dutch text that a reader may meet is plain: what code says, what notebooks say, and what parameters say."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
import yaml

from analyse.present.text import glossary, language

ROOT = Path(__file__).parents[3]
DECLARED = ("questions", "breaks", "levers", "timetable")
"""Parameters with sentences for a page."""


def catalogue() -> list[str]:
    forms = (
        one.string if isinstance(one.string, tuple) else (one.string,) for one in language.catalogue("nl")
    )
    return [re.sub(r"\{\w+\}", "Delft", text) for texts in forms for text in texts if text]


def prose() -> list[str]:
    """The Dutch prose of the notebooks, without what stays in JupyterLab and without code."""
    found = []
    for path in sorted((ROOT / "notebooks").glob("*.ipynb")):
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
            tags = cell["metadata"].get("tags", [])
            if cell["cell_type"] == "markdown" and "remove_output" not in tags:
                text = re.sub(r"(?m)^(#+|[-*]) .*$|^\|.*$|`[^`]*`|[*_]", " ", "".join(cell["source"]))
                found += [" ".join(part.split()) for part in text.split("\n\n") if part.strip()]
    return found


def declared() -> list[str]:
    found: list[str] = [one.meaning.nl for one in glossary.terms()]

    def gather(value: object) -> None:
        if isinstance(value, dict):
            if isinstance(value.get("nl"), str):
                found.append(value["nl"])
            for one in value.values():
                gather(one)
        elif isinstance(value, list):
            for one in value:
                gather(one)

    for name in DECLARED:
        gather(yaml.safe_load((ROOT / "parameters" / f"{name}.yaml").read_text(encoding="utf-8")))
    return found


@pytest.mark.parametrize("texts", [catalogue, prose, declared], ids=lambda one: one.__name__)
def test_texts_are_short_and_plain(texts, beside):
    plain_words = beside("plain_words")
    shown = texts()
    words, letters = plain_words.measures(shown)
    long = [one for one in plain_words.sentences(shown) if len(one) > plain_words.LONGEST]

    assert len(plain_words.sentences(shown)) > 40
    assert words <= plain_words.WORDS and letters <= plain_words.LETTERS, (words, letters)
    assert [" ".join(one) for one in long] == []
    assert [one for one in shown if plain_words.FORBIDDEN.search(one)] == []
