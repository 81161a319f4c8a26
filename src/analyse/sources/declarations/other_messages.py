"""What surrounds the declared lines: allocations, starts, stops, requests and rejections, client by client."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable
from typing import Any

from lxml import etree

from analyse.reading import codes
from analyse.sources.declarations import records
from analyse.sources.declarations.pseudonyms import Pseudonyms, holds_bsn
from analyse.sources.declarations.records import Message
from analyse.sources.declarations.xml import leaves

REGISTERED = "1"
"""Kind of address (code list COD757): that of the population register (BRP)."""


def read(
    client: etree._Element, message: Message, pseudonyms: Pseudonyms
) -> tuple[str, list[dict[str, Any]]]:
    """The rows on one client in a message around the declarations: the name of the table, and the rows.

    Parameters
    ----------
    client : Element
        The client in the message.
    message : Message
        Its kind, sender and receiver; the rows are counted in it.
    pseudonyms : Pseudonyms
        Replaces the BSN.
    """
    name, element, fields = _TABLES[message.kind]
    own = text_of(client, "Bsn")
    birth, home = as_date(text_of(client, "Geboortedatum")), registered(client)
    pseudonym, passed = pseudonyms.of(own)
    rows = []
    for one in client.iter(f"{{*}}{element}"):
        found = leaves(one)
        row = {
            column: without_bsn(as_read(found.get(part)), own, pseudonyms)
            for column, (part, as_read) in fields.items()
        }
        row |= {
            "municipality_code": codes.municipality(message.municipality),
            "provider": coded(message.provider, r"\d{8}"),
            "client": pseudonym if passed else None,
            "sent_on": as_date(message.sent_on),
        }
        begin = row.get("allocated_on") or row.get("start_date")
        if "age" in records.OTHER_TABLES[name].names and birth and begin and begin >= birth:
            row["age"] = begin.year - birth.year - ((begin.month, begin.day) < (birth.month, birth.day))
        if "postcode" in records.OTHER_TABLES[name].names:
            row["postcode"] = home
        rows.append(row)
    message.lines += len(rows)
    return name, rows


def registered(client: etree._Element) -> str | None:
    """The digits of the postcode at which a youth is registered (BRP), where the message has it; not of relations.

    No more of an address is looked at: four digits are enough to know the municipality, and name no street.
    """
    own = [*client.iterfind("./{*}Contact"), *client.iterfind("./{*}Contacten/{*}Contact")]
    for contact in own:
        found = leaves(contact)
        if (found.get("Soort") or "").lstrip("0") == REGISTERED:
            digits = re.fullmatch(r"(\d{4})\s?[A-Za-z]{2}", (found.get("Adres/Postcode") or "").strip())
            return digits[1] if digits else None
    return None


def coded(text: str | None, pattern: str) -> str | None:
    """A code where it has the shape of one; any other text is not kept, for it may say who somebody is."""
    return text if text and re.fullmatch(pattern, text) else None


def as_date(text: str | None) -> datetime.date | None:
    """A date as ``2026-04-01``; nothing where it is not one (an example of the standard has 31 June)."""
    try:
        return datetime.date.fromisoformat((text or "")[:10])
    except ValueError:
        return None


def number(text: str | None) -> int | None:
    """A whole number of at most twelve digits; nothing for any other text."""
    return int(text) if text and re.fullmatch(r"\d{1,12}", text) else None


def text_of(client: etree._Element, name: str) -> str:
    """The text of a direct part of an element; empty where there is none."""
    for child in client:
        if isinstance(child.tag, str) and child.tag.rpartition("}")[2] == name:
            return "".join(child.itertext()).strip()
    return ""


def without_bsn(value: Any, own: str, pseudonyms: Pseudonyms) -> Any:
    """A reference or number as it may be kept: without the BSN of the youth (``own``) or of another one.

    Parameters
    ----------
    value : object
        A reference, a number or something else that was read.
    own : str
        BSN of the youth.
    pseudonyms : Pseudonyms
        Replaces a BSN.
    """
    if isinstance(value, str) and (holds_bsn(value) or (own and own.lstrip("0") in value)):
        return pseudonyms.reference(value)
    if isinstance(value, int) and (holds_bsn(str(value)) or str(value) == own.lstrip("0")):
        return pseudonyms.of_number(value)
    return value


def reference(text: str | None) -> str | None:
    """A reference of at most twenty signs without a space."""
    return coded(text, r"[^\s]{1,20}")


def _code(pattern: str) -> Callable[[str | None], str | None]:
    """A reader of codes that look like ``pattern``."""
    return lambda text: coded(text, pattern)


PRODUCT = {
    "product_category": ("Product/Categorie", _code(r"\d{2}")),
    "product_code": ("Product/Code", _code(r"[A-Za-z0-9]{1,5}")),
}
SIZE = {
    "volume": ("Omvang/Volume", number),
    "unit": ("Omvang/Eenheid", _code(r"\d{2}")),
    "frequency": ("Omvang/Frequentie", _code(r"\d")),
}
ALLOCATION = {
    "allocation_number": ("ToewijzingNummer", number),
    **PRODUCT,
    "allocated_on": ("Toewijzingsdatum", as_date),
    "start_date": ("Ingangsdatum", as_date),
    "end_date": ("Einddatum", as_date),
    **SIZE,
    "budget_cents": ("Budget", number),
    "change_reason": ("RedenWijziging", _code(r"\d{2}")),
    "provider_reference": ("ReferentieAanbieder", reference),
}
START = {
    "allocation_number": ("ToewijzingNummer", number),
    **PRODUCT,
    "allocation_start": ("ToewijzingIngangsdatum", as_date),
    "start_date": ("Begindatum", as_date),
    "delivery": ("StatusAanlevering", _code(r"\d")),
}
STOP = {
    **START,
    "stop_date": ("Einddatum", as_date),
    "reason": ("RedenBeeindiging", _code(r"\d{2}")),
}
REQUEST = {
    "provider_reference": ("ReferentieAanbieder", reference),
    **PRODUCT,
    "start_date": ("ToewijzingIngangsdatum", as_date),
    "end_date": ("ToewijzingEinddatum", as_date),
    **SIZE,
    "referrer": ("Verwijzer/Type", _code(r"\d{2}")),
}
"""Column of a table -> the element of the message that fills it, and how its text is read."""
_TABLES = {
    "JW301": ("allocations", "ToegewezenProduct", ALLOCATION),
    "JW305": ("starts", "StartProduct", START),
    "JW307": ("stops", "StopProduct", STOP),
    "JW315": ("requests", "AangevraagdProduct", REQUEST),
}
