"""Codes of declarations in words: care forms, referrers and units."""

from __future__ import annotations

from collections.abc import Iterable

from analyse.present.text.language import N_, Words

CARE_FORMS = {
    "ambulant": N_("guidance at home (ambulant)"),
    "dagbehandeling": N_("day treatment"),
    "ggz": N_("mental health care (ggz)"),
    "dyslexie": N_("dyslexia care"),
    "pleegzorg": N_("foster care"),
    "gezinshuis": N_("family-like home"),
    "verblijf": N_("stay in an institution"),
    "gesloten": N_("secure stay"),
    "crisis": N_("crisis help"),
    "vervoer": N_("transport"),
    "jeugdbescherming": N_("child protection"),
    "jeugdreclassering": N_("youth probation"),
    "unmapped": N_("product code not known"),
}
REFERRERS = {
    "01": N_("municipality (neighbourhood team)"),
    "02": N_("general practitioner"),
    "03": N_("youth doctor"),
    "04": N_("certified institution (child protection)"),
    "05": N_("medical specialist"),
    "06": N_("no referrer"),
    "08": N_("court or prosecutor"),
    "": N_("not recorded"),
}
"""Code list COD327."""
UNITS = {
    "04": N_("hours"),
    "14": N_("days and nights"),
    "16": N_("parts of a day"),
    "84": N_("pieces"),
}
"""Code list WJ756, minutes as hours."""
RESIDENCE = {
    "here": N_("this municipality"),
    "elsewhere": N_("another municipality"),
    "unknown": N_("not known"),
}
"""Outcomes of ``monitor.residence``."""
PROVIDER = N_("Provider (AGB code)")
DIMENSIONS = {
    "care_form": (N_("Care form"), N_("Other care forms")),
    "provider": (PROVIDER, N_("Other providers")),
    "referrer": (N_("Referrer"), N_("Other referrers")),
    "municipality_code": (N_("Municipality"), N_("Other municipalities")),
    "residence": (N_("Should pay"), N_("Too few to show apart")),
}
"""Heading of a column, and what the rest of its rows is called."""


def named(codes: Iterable[object], dimension: str, words: Words) -> list[str]:
    """Codes of a dimension in words; one that has none stays as it is.

    Parameters
    ----------
    codes : iterable
        Codes, such as "43" or "general practitioner".
    dimension : str
        Key of ``DIMENSIONS``: what they are codes of.
    words : Words
        Texts in the language of the page.
    """
    lists = {"care_form": CARE_FORMS, "referrer": REFERRERS, "residence": RESIDENCE}
    known = {"": REFERRERS[""]} | lists.get(dimension, {})
    texts = ["" if code is None or code != code else str(code) for code in codes]
    return [words.gettext(known[text]) if text in known else text for text in texts]
