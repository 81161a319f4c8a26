"""The timetable of the state beside the scenarios: a table, and what the charts of the panel say of it."""

from __future__ import annotations

from typing import Any

import pandas as pd

from analyse import scenario
from analyse.present.exhibits.exhibit import Exhibit
from analyse.present.exhibits.tables import Column
from analyse.present.text import formats
from analyse.present.text.language import N_, Words, translator
from analyse.scenario import timetable
from analyse.scenario.timetable import Planned

STATUSES = {
    "in force": N_("in force"),
    "decided": N_("decided"),
    "in preparation": N_("in preparation"),
    "asked to stop": N_("parliament asked to stop it"),
    "aim": N_("an aim, no law"),
}
SUBJECTS = {
    "tariffs": N_("tariffs"),
    "standardisation": N_("standardisation"),
    "own contribution": N_("own contribution"),
    "long-term care": N_("long-term care (Wlz)"),
    "purchase": N_("purchase"),
    "local teams": N_("local teams"),
    "duration": N_("duration of help"),
    "closed care": N_("closed care"),
    "agenda": N_("reform agenda"),
}
MILLION = 1e6


def marks(until: int, language: str = "nl") -> dict[str, Any]:
    """What the charts of the panel draw of it, and the sentence that names what they draw.

    Returns
    -------
    dict
        ``lines``: where on the axis, in years, and the letters there; ``said``: the sentence, empty without lines.
    """
    words, drawn = translator(language), timetable.lettered(timetable.planned(), until=until)
    places: dict[float, list[str]] = {}
    for letter, one in drawn.items():
        places.setdefault(float(one.at or 0), []).append(letter)
    named = "; ".join(
        words.gettext(
            "{letter} = {title} ({when}, {status})",
            letter=letter,
            title=getattr(one.title, language),
            when=_when(one, words),
            status=words.gettext(STATUSES[one.status]),
        )
        for letter, one in drawn.items()
    )
    said = words.gettext("Letters above the dotted lines, what the state does: {named}.", named=named)
    lines = [{"at": at, "letters": " ".join(letters)} for at, letters in sorted(places.items())]
    return {"lines": lines, "said": said if drawn else ""}


def shown(*, until: int, language: str = "nl") -> Exhibit:
    """The timetable as a table: what, when, by which law, how far, and what is expected of it.

    Parameters
    ----------
    until : int
        Last year of the charts beside it, for their letters.
    """
    words, levers = translator(language), scenario.levers()
    listed, titles = timetable.planned(levers), {one.id: getattr(one.title, language) for one in levers}
    letters = {one.id: letter for letter, one in timetable.lettered(listed, until=until).items()}
    rows = pd.DataFrame(
        {
            N_("What the state does"): _headed(letters.get(one.id, ""), getattr(one.title, language)),
            N_("From"): _when(one, words),
            N_("How far"): words.gettext(STATUSES[one.status]),
            N_("What it is to do"): _expected(one, words),
            N_("Law or decision"): words.gettext(
                "{law}. Source: {source}; looked at on {day}",
                law=getattr(one.law, language),
                source=one.source,
                day=formats.date(one.checked, language),
            ),
            N_("Measures in the panel"): "; ".join(titles[name] for name in one.levers)
            or words.gettext("none"),
        }
        for one in listed
    )
    force = sum(one.status == "in force" for one in listed)
    title = words.gettext(
        "What the state does: {force} of {all} plans are in force, {open} have no day yet",
        force=force,
        all=len(listed),
        open=sum(one.day is None for one in listed),
    )
    return Exhibit.of_table(
        rows,
        {heading: Column(heading) for heading in rows},
        title,
        language,
        caption=words.gettext("Timetable of what the state does in youth care"),
        source=words.gettext("timetable compiled for this analysis, with the source of each row"),
        note=words.gettext(
            "The letters stand above the dotted lines in the charts of the panel. None of this is in the forecast by "
            "itself: switch on the measure to see what it may do. Amounts are targets of the state, below 0 a saving."
        ),
    )


def _headed(letter: str, title: str) -> str:
    return f"{letter}: {title}" if letter else title


def _expected(one: Planned, words: Words) -> str:
    """What it is to do, with the amount that the state counts on."""
    said = getattr(one.expects, words.language)
    if one.million_eur is None:
        return words.gettext("{subject}: no amount known. {said}", subject=_subject(one, words), said=said)
    amount = formats.euro(one.million_eur * MILLION, words.language)
    return words.gettext(
        "{subject}: {amount} a year, all municipalities. {said}",
        subject=_subject(one, words),
        amount=amount,
        said=said,
    )


def _subject(one: Planned, words: Words) -> str:
    subject = words.gettext(SUBJECTS[one.subject])
    return subject[:1].upper() + subject[1:]


def _when(one: Planned, words: Words) -> str:
    if one.day is None:
        return words.gettext("no day known")
    return formats.date(one.day, words.language) if one.precision == "day" else str(one.day.year)
