"""Links past a part of a page that takes many stops of the Tab key: one rule for every page of a set."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from markupsafe import Markup

from analyse.present.text.language import Words

MOST = 40
"""Stops of a part that go without a link past it."""
STOP = re.compile(r'<(?:a\b[^>]*? href=|button\b|summary\b|input\b|select\b|textarea\b)|\btabindex="0"')
HEADING = re.compile(r'<h2 id="([^"]+)">(.*?)</h2>', re.DOTALL)
TAG = re.compile(r"<[^>]+>")


def stops(part: str) -> int:
    """How many stops of the Tab key there are in HTML, folds open.

    Examples
    --------
    >>> stops('<a href="a.html">a</a> <a id="b">b</a> <details><summary>c</summary><div tabindex="0"></div></details>')
    3
    """
    return len(STOP.findall(part))


def added(sections: Sequence[dict[str, Any]], *, after: str, words: Words) -> list[dict[str, Any]]:
    """The parts of a page, with a link below each heading of the second level that more than ``MOST`` stops follow.

    Parameters
    ----------
    sections : sequence of dict
        kind, and parts: HTML, with a place for each heading of the second level.
    after : str
        The place that follows the last part.
    words : Words
        Texts in the language of the page.
    """
    whole = "".join(part for section in sections for part in section["parts"])
    found = list(HEADING.finditer(whole))
    starts, places = [one.start() for one in found], [one[1] for one in found]
    past = {
        one[1]: place
        for one, end, place in zip(found, [*starts, len(whole)][1:], [*places, after][1:], strict=False)
        if stops(whole[one.end() : end]) > MOST
    }

    def linked(heading: re.Match[str]) -> str:
        if heading[1] not in past:
            return heading[0]
        said = words.gettext("Skip this part: {title}", title=TAG.sub("", heading[2]))
        return f'{heading[0]}<a class="skip" href="#{past[heading[1]]}">{said}</a>'

    return [
        {**one, "parts": [Markup(HEADING.sub(linked, part)) for part in one["parts"]]}  # noqa: S704 - escaped
        for one in sections
    ]
