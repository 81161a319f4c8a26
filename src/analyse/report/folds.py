"""A long page in folds: one per subject, each with its finding, so that the whole fits on a few screens.

A fold opens by itself when a link leads into it (``page.js``), and all of them are open on paper.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from markupsafe import Markup

SUBJECT = re.compile(r"\s*(<h2 id=\"[^\"]*\">.*?</h2>)(.*)", re.DOTALL)
FINDING = re.compile(r"<(?:h[23] class=\"charted\"|caption)[^>]*>(.*?)</(?:h[23]|caption)>", re.DOTALL)
TAG = re.compile(r"<[^>]+>")
PLACE = "part-"
"""What the place of a fold begins with; its number is that of the heading on the page, from 1."""


def folded(section: Mapping[str, Any]) -> dict[str, Any]:
    """A part of a page with each of its subjects in a fold; what stands before the first heading stays.

    Parameters
    ----------
    section : mapping
        kind, and parts: HTML, of which one with a heading of the second level at its beginning starts a subject.

    Examples
    --------
    >>> parts = [Markup("<p>a</p>"), Markup('<h2 id="b">B</h2>\\n<p>b</p>'), Markup('<caption>c <b>d</b></caption>')]
    >>> print(folded({"kind": "prose", "parts": parts})["parts"][1])
    <details class="subject" id="part-1"><summary><h2 id="b">B</h2><span>c d</span></summary>
    <p>b</p>
    <caption>c <b>d</b></caption></details>
    """
    before: list[Markup] = []
    subjects: list[list[Any]] = []
    for part in section["parts"]:
        match = SUBJECT.fullmatch(part)
        if match:
            subjects.append([match[1], [match[2].strip()]])
        elif subjects:
            subjects[-1][1].append(part)
        else:
            before.append(part)
    made = [_fold(number, *one) for number, one in enumerate(subjects, start=1)]
    return {**section, "parts": [*before, *made]}


def _fold(number: int, heading: str, parts: list[str]) -> Markup:
    inside = "\n".join(one for one in parts if one)
    found = FINDING.search(inside)
    said = f"<span>{TAG.sub('', found[1])}</span>" if found else ""
    fold = f'<details class="subject" id="{PLACE}{number}"><summary>{heading}{said}</summary>\n{inside}</details>'
    return Markup(fold)  # noqa: S704 - put together from parts that are escaped already
