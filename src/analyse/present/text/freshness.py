"""The age of the figures in a report, and whether newer ones have been published."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

from analyse import parameters, store
from analyse.parameters import Publication
from analyse.present.text import formats
from analyse.present.text.language import translator

PART = "overdue"
"""Manifest key: whether newer figures were out. A report is made again when this changes."""


def following(
    stated: datetime.date, publications: Sequence[Publication]
) -> tuple[datetime.date, Publication]:
    """The first publication after a day.

    Examples
    --------
    >>> found, what = following(datetime.date(2026, 11, 21), parameters.publications())
    >>> found.isoformat()
    '2027-04-30'
    """
    dates = [
        (datetime.date(year, *map(int, one.day.split("-"))), one)
        for year in (stated.year, stated.year + 1)
        for one in publications
    ]
    return min((one for one in dates if one[0] > stated), key=lambda one: one[0])


def overdue(stated: str, *, today: datetime.date | None = None) -> bool:
    """Whether newer figures have been published than those of an ISO date."""
    due, _ = following(datetime.date.fromisoformat(stated), parameters.publications())
    return (today or datetime.date.today()) > due


def expected(stated: str, *, today: datetime.date | None = None, language: str = "nl") -> tuple[str, str]:
    """When the next figures are expected, and a warning when that day has passed.

    Parameters
    ----------
    stated : str
        ISO date on which the figures were stated.
    today : date, optional
        Today by default; it is recorded, so that a report is made again when newer figures are out.
    """
    words = translator(language)
    late = overdue(stated, today=today)
    store.note(f"{PART}/{stated}", str(late))
    due, publication = following(datetime.date.fromisoformat(stated), parameters.publications())
    day, what = formats.date(due.isoformat(), language), getattr(publication.what, language)
    if not late:
        return day, ""
    return day, words.gettext("Newer figures are probably out, since {day}: {what}.", day=day, what=what)
