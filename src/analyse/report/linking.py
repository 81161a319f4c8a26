"""Names of areas as links to their page, and terms and breaks that open their explanation where they stand.

Works on the finished HTML of a page, text by text: whatever made a sentence or table, its names lead somewhere.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from markupsafe import Markup

from analyse import parameters
from analyse.present.pages.provenance import EFFECTS
from analyse.present.text import glossary
from analyse.present.text.language import Words

PIECE = re.compile(
    r"<(?P<whole>svg|script|style|select|textarea|title)\b.*?</(?P=whole)>|<(?P<tag>[^>]+)>|(?P<text>[^<]+)",
    re.DOTALL,
)
TAG = re.compile(r"(?P<close>/?)(?P<name>[a-z0-9]+)(?P<rest>[^>]*)", re.DOTALL)
CLOSED = frozenset(
    ("a", "button", "h1", "h2", "h3", "h4", "caption", "summary", "label", "option", "thead", "figcaption")
)
"""Elements in which nothing is made to lead elsewhere."""
BLOCKS = frozenset(("p", "li", "dd", "dt", "td", "th", "div", "section", "figure"))
"""Elements that end a cell; names in a line of sources are of documents and stay as they are."""
ORDINARY = frozenset(("Best", "Buren", "Goes", "Houten", "Hulst", "Kampen", "Laren"))
"""Municipalities whose name is also an ordinary word: in a sentence it is no link."""
BETWEEN = r"(?<![\w–-]){}(?![\w–-])"


@dataclass
class Linker:
    """Links names and terms in the parts of a page, and keeps track of the explanations that the page needs.

    Parameters
    ----------
    areas : mapping
        Names of areas other than that of the page itself, each with the address of its page.
    words : Words
        Texts in the language of the page.
    """

    areas: Mapping[str, str]
    words: Words
    used: dict[str, tuple[str, str]] = field(default_factory=dict)
    """Explanations that the page needs: place -> what is explained, and how."""

    def __post_init__(self) -> None:
        """Prepare the patterns of the language."""
        language = self.words.language
        self._terms = {
            html.escape(form, quote=False).replace(" %", "\u00a0%"): (
                f"term-{one.id}",
                form,
                getattr(one.meaning, language),
            )
            for one in glossary.terms()
            for form in getattr(one.word, language)
        }
        self._breaks = {
            html.escape(f"{one.number} = {getattr(one.title, language)} ({one.period})", quote=False): (
                f"break-{one.number}",
                f"{one.number} {getattr(one.title, language)} ({one.period})",
                f"{getattr(one.reason, language)} {self.words.gettext(EFFECTS[one.effect])}",
            )
            for one in parameters.breaks()
        }
        self._links = {html.escape(name, quote=False): link for name, link in self.areas.items()}
        self._names = _either(name for name in self._links if name not in ORDINARY)
        self._explained = _either([*self._breaks, *self._terms])
        self._opened: set[str] = set()

    def linked(self, part: str) -> Markup:
        """A part of the page with its names and terms linked; in sentences each is linked once in a section.

        A cell that is a name is always linked to its page.
        """
        found, closed, cell, named = [], 0, False, False
        for piece in PIECE.finditer(part):
            text = piece["text"]
            if text is None:
                tag = TAG.match(piece["tag"]) if piece["tag"] else None
                if tag:
                    closed += (tag["name"] in CLOSED) * (-1 if tag["close"] else 1)
                    if tag["name"] in BLOCKS:
                        cell = tag["name"] in ("td", "th") and not tag["close"]
                        named = 'class="source"' in tag["rest"]
                    if tag["name"] == "h2":
                        self._opened.clear()
                found.append(piece[0])
            elif closed or named or not text.strip():
                found.append(text)
            elif cell and text.strip() in self._links:
                found.append(f'<a href="{self._links[text.strip()]}">{text}</a>')
            else:
                found.append(self._sentence(text))
        return Markup("".join(found))  # noqa: S704 - made of parts that were escaped

    def _sentence(self, text: str) -> str:
        def area(match: re.Match[str]) -> str:
            if match[0] in self._opened:
                return match[0]
            self._opened.add(match[0])
            return f'<a href="{self._links[match[0]]}">{match[0]}</a>'

        def explained(match: re.Match[str]) -> str:
            place, what, meaning = self._breaks.get(match[0]) or self._terms[match[0]]
            if place.startswith("term") and place in self._opened:
                return match[0]
            self._opened.add(place)
            self.used[place] = (what, meaning)
            return f'<button type="button" class="term" popovertarget="{place}">{match[0]}</button>'

        pieces = self._explained.split(text) if self._explained else [text]
        return "".join(
            explained(self._explained.fullmatch(piece)) if number % 2 else self._names.sub(area, piece)
            for number, piece in enumerate(pieces)
        )

    def explanations(self) -> Markup:
        """The explanations of the page, each in its own element, which opens where its word is pressed."""
        return Markup("").join(
            Markup('<div popover id="{}" class="explained"><p><strong>{}</strong>: {}</p></div>').format(
                place, what[:1].upper() + what[1:], meaning
            )
            for place, (what, meaning) in self.used.items()
        )


def _either(names: Iterable[str]) -> re.Pattern[str]:
    """A pattern of any of the names, the longest that fits, as a separate word; without names it matches nothing."""
    longest = sorted(names, key=len, reverse=True)
    return re.compile(BETWEEN.format(f"({'|'.join(map(re.escape, longest))})") if longest else r"(?!)()")
