"""Places above the region, shown: how many, how full, who waits, where it should go, and which source is missing."""

from __future__ import annotations

import pandas as pd

from analyse.present.exhibits.exhibit import Exhibit
from analyse.present.exhibits.tables import Column
from analyse.present.text import formats
from analyse.present.text.language import N_, Words, translator
from analyse.scenario import capacity
from analyse.scenario.capacity import Supply

_PLACES, _USED, _WAITING = N_("{n} places"), N_("{n} used"), N_("{n} waiting")
PLACES = {"closed"}
"""Forms of which the unit is a place for one youth, so that use divided by places says how full it is."""


def shown(region: str, *, area: str, language: str = "nl") -> Exhibit:
    """Places above a region: those of the country and of the part of the country that it lies in.

    Parameters
    ----------
    region : str
        Code of the region.
    area : str
        Its name.
    """
    words, listed = translator(language), capacity.about(region)
    rows = pd.DataFrame(
        {
            N_("Care"): getattr(one.title, language),
            N_("What is counted"): getattr(one.unit, language),
            N_("Counted on"): formats.date(one.counted[-1].day, language)
            if one.counted
            else words.gettext("not known"),
            N_("Places"): _number(one, "places", language),
            N_("Used"): _number(one, "used", language),
            N_("Occupied"): _full(one, words),
            N_("Waiting"): _number(one, "waiting", language),
            N_("Before"): _before(one, words),
            N_("Path"): _path(one, words),
            N_("Not known, and who knows"): getattr(one.missing, language),
            N_("Source"): one.counted[-1].source if one.counted else words.gettext("none found"),
        }
        for one in listed
    )
    known = sum(bool(one.counted) for one in listed)
    return Exhibit.of_table(
        rows,
        {heading: Column(heading) for heading in rows},
        words.gettext(
            "{area}: places above the region: of {known} of {all} kinds something is public",
            area=words.gettext(area),
            known=known,
            all=len(listed),
        ),
        language,
        caption=words.gettext("Places above the region"),
        source=words.gettext("public figures, with the source of each row"),
        note=words.gettext(
            "A measure that moves youths to foster care or family homes can move no more than there are new places. "
            "Closed care breaks even when 90% of its places are taken: fewer youths in as many places cost as much."
        ),
    )


def _number(one: Supply, name: str, language: str) -> str:
    value = getattr(one.counted[-1], name) if one.counted else None
    return formats.unknown(language) if value is None else formats.number(value, language)


def _full(one: Supply, words: Words) -> str:
    last = one.counted[-1] if one.counted else None
    if one.form not in PLACES:
        return "–"
    if last is None or not last.places or last.used is None:
        return formats.unknown(words.language)
    return formats.percent(100 * last.used / last.places, words.language, decimals=0)


def _before(one: Supply, words: Words) -> str:
    """The first count, where there is an earlier one than the newest."""
    if len(one.counted) < 2:
        return formats.unknown(words.language)
    first = one.counted[0]
    parts = [
        words.gettext(text, n=formats.number(value, words.language))
        for text, value in ((_PLACES, first.places), (_USED, first.used), (_WAITING, first.waiting))
        if value is not None
    ]
    return f"{formats.date(first.day, words.language)}: {', '.join(parts)}"


def _path(one: Supply, words: Words) -> str:
    if not one.aims:
        return words.gettext("no path found")
    return "; ".join(
        words.gettext(
            "{n} in {year} ({source})",
            n=formats.number(aim.places, words.language),
            year=aim.year,
            source=aim.source,
        )
        for aim in one.aims
    )
