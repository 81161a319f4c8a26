"""Texts made in code: English in the source, another language from its gettext catalogue."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

from analyse.errors import ParameterError

LANGUAGES = ("nl", "en")
FOLDER = Path(__file__).with_name("locale")


PERCENT = re.compile(r"(?<=[\d}]) %")
"""A number and its per cent sign, which stay on one line."""


def N_(msgid: str) -> str:  # noqa: N802 - the customary gettext name, which the extraction looks for
    """Mark a text for translation where it stands in a table; ``gettext`` translates it when it is used."""
    return msgid


AREAS = (N_("Haaglanden, Rijnmond and Holland Rijnland"), N_("The Netherlands"), N_("All regions together"))
"""Names of areas that differ by language; ``gettext`` leaves every other name as it is."""
ENGLISH = {"Den Haag": ("The Hague",)}
"""English names of areas known by their Dutch name."""


@dataclass(frozen=True)
class Words:
    """The texts of one language.

    Examples
    --------
    >>> translator("nl").ngettext("{n} report could not be made.", "{n} reports could not be made.", 1)
    '1 rapport kon niet worden gemaakt.'
    """

    language: str
    messages: dict[str, tuple[str, ...]]
    area: str = ""
    """What ``{area}`` stands for where the caller does not say."""

    def gettext(self, msgid: str, /, **values: Any) -> str:
        """The text for ``msgid`` with ``{name}`` filled in; the English text when it is not translated."""
        return self._filled(self.messages.get(msgid, (msgid,))[0], values)

    def ngettext(self, singular: str, plural: str, n: float, /, **values: Any) -> str:
        """The singular or plural text for ``n`` things, filled in.

        Parameters
        ----------
        singular, plural : str
            In English, with names between braces for what is filled in.
        n : float
            How many; 1 takes the singular. Stands for ``{n}`` unless that is among the values.
        **values
            What is filled in.
        """
        forms = self.messages.get(singular, (singular, plural))
        return self._filled(forms[0 if n == 1 else -1], {"n": n, **values})

    def _filled(self, text: str, values: dict[str, Any]) -> str:
        if self.area and "{area}" in text:
            values = {"area": self.area, **values}
        return text.format_map(values) if values else text


@cache
def translator(language: str = "nl") -> Words:
    """The texts of a language, read once from its ``.po`` files.

    Raises
    ------
    ParameterError
        If the language is not one of ``LANGUAGES``.
    """
    if language not in LANGUAGES:
        raise ParameterError(f"language {language!r} is not known; choose one of {', '.join(LANGUAGES)}")
    if language == "en":
        return Words(language, ENGLISH)
    messages = {}
    for message in catalogue(language):
        singular = message.id if isinstance(message.id, str) else message.id[0]
        forms = (message.string,) if isinstance(message.string, str) else tuple(message.string)
        if singular and all(forms) and not message.fuzzy:
            messages[singular] = tuple(PERCENT.sub("\u00a0%", one) for one in forms)
    return Words(language, messages)


def catalogues(language: str) -> dict[str, Catalog]:
    """The gettext catalogues of a language other than English, one for each subject, by file name."""
    found = {}
    for path in sorted((FOLDER / language / "LC_MESSAGES").glob("*.po")):
        with path.open("rb") as stream:
            found[path.name] = read_po(stream, locale=language)
    return found


def catalogue(language: str) -> Catalog:
    """All catalogues of a language in one."""
    whole = Catalog(locale=language)
    for one in catalogues(language).values():
        for message in one:
            if message.id:
                whole[message.id] = message
    return whole
