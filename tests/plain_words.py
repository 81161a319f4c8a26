"""How plain a Dutch text is: the length of its sentences and words, and words that a reader should not meet.

A text of level B1 has some 10 to 12 words in a sentence. LiNT and other measures begin with the same two lengths.
"""

from __future__ import annotations

import html
import re

WORDS, LETTERS, LONGEST = 12, 6, 25
"""The most words of a sentence and letters of a word on average, and the most words of one sentence in a catalogue."""
FORBIDDEN = re.compile(
    r"nagegaan in|middelste fout|gedeeld door|in het midden staan|komen mee met een download|\bbreuk \d"
    r"|\bmake (?:report|data)\b|\banalyse (?:update|report|register|import|scenario)\b"
    r"|\bde opdracht\b|parameters/|\.yaml\b"
)
"""What no page of a councillor has: words of the trade, commands, and files of this repository."""
ASIDE = re.compile(r"<(script|style|svg|table|nav|header|footer|dl)\b.*?</\1>", re.DOTALL)


def of_page(page: str) -> list[str]:
    """The paragraphs and items of a written page as plain text."""
    parts = re.findall(r"<(?:p|li)\b[^>]*>(.*?)</(?:p|li)>", ASIDE.sub(" ", page), flags=re.DOTALL)
    return [" ".join(html.unescape(re.sub(r"<[^>]+>", "", part)).split()) for part in parts]


def sentences(texts: list[str]) -> list[list[str]]:
    """The sentences of texts as words; what has fewer than three words is none."""
    found = (one.split() for text in texts for one in re.split(r"(?<=[.?!:;]) ", text))
    return [one for one in found if len(one) > 2]


def measures(texts: list[str]) -> tuple[float, float]:
    """Mean words of a sentence, and mean letters of a word."""
    found = sentences(texts)
    letters = [len(word) for one in found for word in re.findall(r"[^\W\d_]+", " ".join(one))]
    return sum(map(len, found)) / len(found), sum(letters) / len(letters)
