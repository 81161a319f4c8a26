"""The part of the index on declarations: apart from the published figures, and labelled where they are simulated."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from analyse.present.text import formats
from analyse.present.text.language import N_, Words

PLACE = "declared"
"""Name of the part, for a link to it."""
SIMULATED = N_("Simulated declarations: none of this is about a real youth or provider.")


PREFIX = "declarations-"
"""What the file name of a page on declarations begins with."""


def beside(page: str, area: str, words: Words) -> dict[str, str]:
    """The link to the other page of an area, see ``exporter.export``; empty without one.

    Parameters
    ----------
    page : str
        File name of the other page; empty without one.
    area : str
        Name of the area.
    words : Words
        Translations.
    """
    if not page:
        return {}
    name = N_("{area}: declarations") if page.startswith(PREFIX) else N_("{area}: costs and use")
    return {"name": words.gettext(name, area=area), "link": page}


def is_page(entry: Mapping[str, Any], manifest: Mapping[str, Any]) -> bool:
    """Whether an entry of a manifest is a page on declarations, whose figures stand nowhere else."""
    return entry["notebook"] == manifest.get("declarations", {}).get("notebook")


def pages(manifest: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The entries of the pages on declarations."""
    return [one for one in manifest["notebooks"] if is_page(one, manifest)]


def section(
    manifest: Mapping[str, Any], page: Callable[[Mapping[str, Any]], dict[str, Any]], words: Words
) -> dict[str, Any] | None:
    """The part as texts and links; None where the set has no declarations.

    Parameters
    ----------
    manifest : mapping
        ``declarations``: notebook, simulated, label, and absent: the chosen areas without a page.
    page : callable
        Name, link and state of an entry.
    """
    told = manifest.get("declarations")
    if not told:
        return None
    regions_first = sorted(pages(manifest), key=lambda one: (one["area_code"].startswith("GM"), one["title"]))
    absent = _absent(told.get("absent", ()), words)
    return {
        "place": PLACE,
        "title": words.gettext("Managing by declarations"),
        "banner": words.gettext(SIMULATED) if told["simulated"] else "",
        "lead": words.gettext(
            "Per area: what has been declared and what is still to come, the forecast for the year, providers, "
            "duration and waiting. These figures are separate from those above."
        ),
        "pages": [
            page(one) | {"name": words.gettext("{area}: declarations", area=one["title"])}
            for one in regions_first
        ],
        "summary": words.ngettext(
            "{n} area has no page on declarations",
            "{n} areas have no page on declarations",
            len(absent),
            n=len(absent),
        ),
        "absent": absent,
    }


def _absent(listed: Sequence[Mapping[str, Any]], words: Words) -> list[str]:
    """Each area without a page, with the reason."""
    return [
        words.gettext(
            "{area}: there are declarations of fewer than ten youths, so they are not shown.",
            area=one["title"],
        )
        if one.get("few")
        else words.gettext(
            "{area}: there are declarations of {present} of its {members} municipalities; sums would be too "
            "small.",
            area=one["title"],
            present=formats.number(one["present"], words.language),
            members=formats.number(one["members"], words.language),
        )
        if one["present"]
        else words.gettext("{area}: there are no declarations.", area=one["title"])
        for one in listed
    ]
