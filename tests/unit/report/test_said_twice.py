"""Written pages, read as a reader does: a fact has one number, and sentences are short.

By default three pages are made. ``PAGES=reports/<set>`` checks every page of a set that is there.
"""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ASKED = ("--municipality", "GM0503", "--municipality", "GM0569", "--region", "JZ24")


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    if "PAGES" in os.environ:
        place = Path(os.environ["PAGES"])
    else:
        place = tmp_path_factory.mktemp("reports")
        command = [
            sys.executable,
            "-m",
            "analyse",
            "report",
            *ASKED,
            "--output",
            str(place),
            "--workers",
            "1",
        ]
        subprocess.run(command, check=True, capture_output=True)
    pages = [*place.rglob("municipality-*.html"), *place.rglob("region-*.html")]
    assert pages
    return {page.stem: page for page in sorted(pages)}


@pytest.fixture(scope="module")
def said_twice(beside):
    return beside("said_twice")


def test_every_fact_of_a_written_page_has_one_number(written, said_twice):
    found = {name: said_twice.differing(page) for name, page in written.items()}

    assert {name: facts for name, facts in found.items() if facts} == {}


def test_the_facts_are_found_in_every_place_they_stand(written, said_twice):
    for name, page in written.items():
        facts = said_twice.facts(page.read_text(encoding="utf-8"))
        assert len(facts) >= 25, name
        places = {place for where in facts.values() for place in where}
        assert {"finding", "card", "sentence of the panel"} <= places, name
        assert sum(len(where) > 1 for where in facts.values()) >= 20, name


def test_another_number_in_one_place_is_noticed(written, said_twice):
    text = next(iter(written.values())).read_text(encoding="utf-8")
    card = re.search(r"<dl><div><dt>€\s(\d+)\smiljoen", text)
    changed = text[: card.start(1)] + str(int(card[1]) + 1) + text[card.end(1) :]

    differ = {fact for fact, places in said_twice.facts(changed).items() if len(set(places.values())) > 1}
    assert len(differ) == 1 and differ.pop().startswith("middle of 20")


def test_sentences_are_short_and_without_words_of_the_trade(written, beside):
    """Of every page of the set; pages of an area are long enough for the means to say something."""
    plain_words = beside("plain_words")
    folder = next(iter(written.values())).parent
    for page in sorted(folder.glob("*.html")):
        text = page.read_text(encoding="utf-8")
        if '<html lang="nl">' not in text:
            continue
        shown = plain_words.of_page(text)
        words, letters = plain_words.measures(shown)
        if len(plain_words.sentences(shown)) > 10:  # the index of the folder has hardly any
            assert words <= plain_words.WORDS and letters <= plain_words.LETTERS, (page.name, words, letters)
        assert [one for one in shown if plain_words.FORBIDDEN.search(one)] == [], page.name
        assert page.stem not in written or len(plain_words.sentences(shown)) > 100
