"""What surrounds the declared lines: allocations, starts, stops, requests and rejections, client by client."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Iterator
from typing import Any

import pyarrow as pa
from lxml import etree

from analyse.reading import codes
from analyse.sources.declarations import records
from analyse.sources.declarations.pseudonyms import Pseudonyms, bsn_inside
from analyse.sources.declarations.records import Message
from analyse.sources.declarations.xml import Leaves, leaves


def read(client: etree._Element, message: Message, pseudonyms: Pseudonyms) -> Iterator[tuple[str, pa.Table]]:
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
    birth = as_date(text_of(client, "Geboortedatum"))
    pseudonym, passed = pseudonyms.of(own)
    rows = []
    for one in client.iter(f"{{*}}{element}"):
        row = fields(leaves(one), one)
        row = {key: without_bsn(value, own, pseudonyms) for key, value in row.items()}
        row |= {
            "municipality_code": codes.municipality(message.municipality),
            "provider": coded(message.provider, r"\d{8}"),
            "client": pseudonym if passed else None,
            "sent_on": as_date(message.sent_on),
        }
        begin = row.get("allocated_on") or row.get("start_date")
        if "age" in records.OTHER_TABLES[name].names and birth and begin and begin >= birth:
            row["age"] = begin.year - birth.year - ((begin.month, begin.day) < (birth.month, birth.day))
        rows.append(row)
    message.lines += len(rows)
    if rows:
        yield name, pa.Table.from_pylist(rows, schema=records.OTHER_TABLES[name])


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
    if isinstance(value, str) and (bsn_inside(pa.array([value]))[0] or (own and own.lstrip("0") in value)):
        return pseudonyms.reference(value)
    if isinstance(value, int) and (bsn_inside(pa.array([str(value)]))[0] or str(value) == own.lstrip("0")):
        return pseudonyms.of_number(value)
    return value


def _product(found: Leaves) -> Leaves:
    return {
        "product_category": coded(found.get("Product/Categorie"), r"\d{2}"),
        "product_code": coded(found.get("Product/Code"), r"[A-Za-z0-9]{1,5}"),
    }


def _size(found: Leaves) -> dict[str, Any]:
    return {
        "volume": number(found.get("Omvang/Volume")),
        "unit": coded(found.get("Omvang/Eenheid"), r"\d{2}"),
        "frequency": coded(found.get("Omvang/Frequentie"), r"\d"),
    }


def reference(text: str | None) -> str | None:
    """A reference of at most twenty signs without a space."""
    return coded(text, r"[^\s]{1,20}")


def _allocation(found: Leaves, _: etree._Element) -> dict[str, Any]:
    return {
        "allocation_number": number(found.get("ToewijzingNummer")),
        **_product(found),
        "allocated_on": as_date(found.get("Toewijzingsdatum")),
        "start_date": as_date(found.get("Ingangsdatum")),
        "end_date": as_date(found.get("Einddatum")),
        **_size(found),
        "budget_cents": number(found.get("Budget")),
        "change_reason": coded(found.get("RedenWijziging"), r"\d{2}"),
        "provider_reference": reference(found.get("ReferentieAanbieder")),
    }


def _start(found: Leaves, _: etree._Element) -> dict[str, Any]:
    return {
        "allocation_number": number(found.get("ToewijzingNummer")),
        **_product(found),
        "allocation_start": as_date(found.get("ToewijzingIngangsdatum")),
        "start_date": as_date(found.get("Begindatum")),
        "delivery": coded(found.get("StatusAanlevering"), r"\d"),
    }


def _stop(found: Leaves, element: etree._Element) -> dict[str, Any]:
    return {
        **_start(found, element),
        "stop_date": as_date(found.get("Einddatum")),
        "reason": coded(found.get("RedenBeeindiging"), r"\d{2}"),
    }


def _request(found: Leaves, _: etree._Element) -> dict[str, Any]:
    return {
        "provider_reference": reference(found.get("ReferentieAanbieder")),
        **_product(found),
        "start_date": as_date(found.get("ToewijzingIngangsdatum")),
        "end_date": as_date(found.get("ToewijzingEinddatum")),
        **_size(found),
        "referrer": coded(found.get("Verwijzer/Type"), r"\d{2}"),
    }


_TABLES: dict[str, tuple[str, str, Callable[[Leaves, etree._Element], dict[str, Any]]]] = {
    "JW301": ("allocations", "ToegewezenProduct", _allocation),
    "JW305": ("starts", "StartProduct", _start),
    "JW307": ("stops", "StopProduct", _stop),
    "JW315": ("requests", "AangevraagdProduct", _request),
}
