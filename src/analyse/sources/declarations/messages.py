"""Messages of iJw 3.2, and of 3.1 and 3.0 in the same shapes, as a stream of tables without a BSN or a name.

A JW323 gives the declared lines; JW301, JW305, JW307, JW315 and JW325 what surrounds them. The parser is lxml's: on one
core it takes 45 to 75 MB of such XML a second, and a walk over the fields by name costs a third of that. Measured
beside it: handlers in Python for every element (expat, lxml's target) are slower, so is an XPath per field.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import BinaryIO

import pyarrow as pa
from lxml import etree

from analyse.errors import DataError
from analyse.sources.declarations import answers, other_messages, xml
from analyse.sources.declarations.demo import LABEL
from analyse.sources.declarations.gathered import FIELDS, Gathered
from analyse.sources.declarations.pseudonyms import Pseudonyms
from analyse.sources.declarations.records import Message

NAMESPACE = re.compile(r"http://www\.istandaarden\.nl/ijw/3_[012]/(jw\d{3})/schema")
OTHER_VERSION = re.compile(r"http://www\.istandaarden\.nl/(ijw|iwmo)/(\d+)_(\d+)/")
CODES = {"490": "JW323", "491": "JW325", "436": "JW301", "438": "JW305", "440": "JW307", "446": "JW315"}
ORDINARY = {
    "437": "JW302", "439": "JW306", "441": "JW308", "447": "JW316", "486": "JW317", "487": "JW318", "488": "JW319",
    "489": "JW320",
}  # fmt: skip
"""Ordinary traffic in which nothing stands that is used: return messages, and requests for a change."""


class PassedOver(Exception):
    """A message that is right, and of which nothing is used; its kind is the text."""


def is_simulated(stream: BinaryIO) -> bool:
    """Whether the message says before its first element that it was made, not received."""
    return LABEL.encode() in xml.prolog(stream)


def read(
    stream: BinaryIO, pseudonyms: Pseudonyms, message: Message, *, together: Gathered | None = None
) -> Iterator[tuple[str, pa.Table]]:
    """The tables in a message, part by part: name and rows.

    Parameters
    ----------
    stream : binary file
        The message.
    pseudonyms : Pseudonyms
        Turns a BSN into a pseudonym; no table holds a BSN, a name or a date of birth.
    message : Message
        Filled with what the header says.
    together : Gathered, optional
        Takes what is in a message that is too small for a table of its own, which then gives none.

    Raises
    ------
    DataError
        If it is not a message that is known, is damaged, or its total is not that of its lines.
    PassedOver
        If it is a message of which nothing is used.
    """
    names = (
        "Header",
        "DeclaratieNummer",
        "DeclaratieDagtekening",
        "TotaalIngediendBedrag",
        "TotaalToegekendBedrag",
        "Client",
        "DeclaratieAntwoord",
    )
    own, answer, is_small = Gathered(), answers.Answer(message, pseudonyms), together is not None
    for element in xml.elements(stream, names):
        name = etree.QName(element).localname
        if name == "Header":
            _take_header(element, message)
            answer.take_header(element)
        elif not message.kind:
            raise DataError("no header before its content; not a message of iJw 3.0 to 3.2")
        elif message.kind == "JW325":
            answer.take(name, element)
        elif name != "Client":
            if name == "DeclaratieNummer":
                own.close(message)
            _take_head(name, element, message)
        elif message.kind == "JW323":
            _add_lines(element, own)
        else:
            own.add_rows(*other_messages.read(element, message, pseudonyms), message)
        if own.full:
            own.close(message)
            is_small = False
            yield from own.tables(pseudonyms)
    own.close(message)
    _check_whole(message)
    own.add_rows("rejections", answer.found, message)
    if is_small:
        together.take(own)
    else:
        yield from own.tables(pseudonyms)


def _check_whole(message: Message) -> None:
    if not message.kind:
        raise DataError("no header; not a message of iJw 3.0 to 3.2")
    if message.kind == "JW323" and message.found_cents != message.control_cents:
        raise DataError(
            f"the head says {message.control_cents:,} eurocents, the lines are {message.found_cents:,} together; "
            "ask for the message again"
        )


def _take_header(header: etree._Element, message: Message) -> None:
    namespace = etree.QName(header).namespace or ""
    if not NAMESPACE.fullmatch(namespace):
        raise _other_version(namespace)
    leaves = xml.leaves(header)
    code = leaves.get("BerichtCode", "")
    if code in ORDINARY:
        raise PassedOver(ORDINARY[code])
    if code not in CODES:
        raise DataError(f"a message that is not read; known are {', '.join(sorted(CODES.values()))}")
    message.kind = CODES[code]
    sender, receiver = leaves.get("Afzender", ""), leaves.get("Ontvanger", "")
    from_municipality = message.kind in ("JW301", "JW325")
    message.municipality, message.provider = (sender, receiver) if from_municipality else (receiver, sender)
    message.sent_on = leaves.get("BerichtIdentificatie/Dagtekening", "")
    message.message_id = leaves.get("BerichtIdentificatie/Identificatie", "")


def _other_version(namespace: str) -> Exception:
    found = OTHER_VERSION.match(namespace)
    if found is None:
        return DataError("not in a namespace of iJw; messages of iJw 3.0, 3.1 and 3.2 are read")
    if found[1] == "iwmo":
        return PassedOver("iWmo")
    version = f"{found[2]}.{found[3]}"
    if int(found[2]) < 3:
        return DataError(
            f"a message of iJw {version}, of care until 2020; messages of iJw 3.0 to 3.2 are read (care from 2021 "
            "on), so these years stay without its lines unless they come as a flat file"
        )
    return DataError(
        f"a message of iJw {version}, a version that is not known yet; messages of iJw 3.0 to 3.2 are read, so "
        "its lines stay out until this program is newer"
    )


def _take_head(name: str, element: etree._Element, message: Message) -> None:
    """What stands above the clients of a declaration."""
    if name == "TotaalIngediendBedrag":
        leaves = xml.leaves(element)
        total = leaves.get("TotaalBedrag", "")
        if not total.isdigit():
            raise DataError(
                "the total in the head is not a whole number of eurocents; ask for the message again"
            )
        message.control_cents += -int(total) if leaves.get("DebetCredit") == "C" else int(total)
    else:
        message.head[name] = element.text or ""


@cache
def _places(namespace: str) -> tuple[str, dict[str, int]]:
    """The full names of the BSN and of the fields of a line, which depend on the version of the message."""
    found = NAMESPACE.fullmatch(namespace)
    if found is None:
        raise DataError("a client in another namespace than the header; ask for the message again")
    basis = namespace.replace(f"/{found[1]}/", "/basisschema/")
    places = {f"{{{one}}}{name}": place for one in (namespace, basis) for place, name in enumerate(FIELDS)}
    return f"{{{namespace}}}Bsn", places


def _add_lines(client: etree._Element, gathered: Gathered) -> None:
    """Gather the declared lines of a client."""
    bsn, places = _places(etree.QName(client).namespace or "")
    place_of, number = places.get, ""
    texts: list[str | None] = []
    for part in client:
        if part.tag == bsn:
            number = (part.text or "").strip()
            continue
        for line in part:
            row: list[str | None] = [None] * len(FIELDS)
            for leaf in line.iter():
                place = place_of(leaf.tag)
                if place is not None:
                    row[place] = leaf.text
            texts += row
    gathered.add(number, texts)
