"""Written pages, read as a reader does: a fact has one number, and sentences are short.

By default three pages are made. ``PAGES=reports/<set>`` checks every page of a set that is there.
"""

import html
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ASKED = ("--municipality", "GM0503", "--municipality", "GM0569", "--region", "JZ24")
FORBIDDEN = (
    "nagegaan in",
    "middelste fout",
    "gedeeld door",
    "kunnen in het midden staan",
    "komen mee met een download",
    "make report",
    "analyse update",
)
WORDS, LETTERS = 12, 6
"""The most words of a sentence and letters of a word, on average: a text of level B1 has some 10 to 12 words."""


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


def test_sentences_are_short_and_without_words_of_the_trade(written):
    for name, page in written.items():
        text = page.read_text(encoding="utf-8")
        shown = re.sub(r"<(script|style|svg|table|nav|header|footer|dl)\b.*?</\1>", " ", text, flags=re.S)
        parts = re.findall(r"<(?:p|li)\b[^>]*>(.*?)</(?:p|li)>", shown, flags=re.S)
        plain = [" ".join(html.unescape(re.sub(r"<[^>]+>", " ", part)).split()) for part in parts]
        sentences = [
            one.split() for part in plain for one in re.split(r"(?<=[.?!:;]) ", part) if len(one.split()) > 2
        ]
        letters = [len(word) for one in sentences for word in re.findall(r"[^\W\d_]+", " ".join(one))]

        assert len(sentences) > 100
        assert sum(map(len, sentences)) / len(sentences) <= WORDS, name
        assert sum(letters) / len(letters) <= LETTERS, name
        assert [one for one in FORBIDDEN if one in " ".join(plain).lower()] == [], name
