"""Messages of iJw 3.2, and of 3.1 and 3.0 in the same shapes, as a stream of tables without a BSN or a name.

A JW323 gives the declared lines; JW301, JW305, JW307, JW315 and JW325 what surrounds them. The parser is lxml's: on one
core it takes 45 to 75 MB of such XML a second, and a walk over the fields by name costs a third of that. Measured
beside it: handlers in Python for every element (expat, lxml's target) are slower, so is an XPath per field.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from lxml import etree

from analyse.errors import DataError
from analyse.sources.declarations import answers, other_messages, records, xml
from analyse.sources.declarations.demo import LABEL
from analyse.sources.declarations.pseudonyms import Pseudonyms
from analyse.sources.declarations.records import Message

BATCH = 10_000
NAMESPACE = re.compile(r"http://www\.istandaarden\.nl/ijw/3_[012]/(jw\d{3})/schema")
OTHER_VERSION = re.compile(r"http://www\.istandaarden\.nl/(ijw|iwmo)/(\d+)_(\d+)/")
CODES = {"490": "JW323", "491": "JW325", "436": "JW301", "438": "JW305", "440": "JW307", "446": "JW315"}
ORDINARY = {
    "437": "JW302", "439": "JW306", "441": "JW308", "447": "JW316", "486": "JW317", "487": "JW318", "488": "JW319",
    "489": "JW320",
}  # fmt: skip
"""Ordinary traffic in which nothing stands that is used: return messages, and requests for a change."""
FIELDS = {
    "ReferentieNummer": "reference",
    "VorigReferentieNummer": "previous_reference",
    "ToewijzingNummer": "allocation_number",
    "ProductCategorie": "product_category",
    "ProductCode": "product_code",
    "Begindatum": "period_start",
    "Einddatum": "period_end",
    "GeleverdVolume": "volume",
    "Eenheid": "unit",
    "ProductTarief": "tariff",
    "Bedrag": "amount",
    "DebetCredit": "debit_credit",
}
"""Fields of a line (Prestatie): their names are unique within it, at whatever depth they stand."""


class PassedOver(Exception):
    """A message that is right, and of which nothing is used; its kind is the text."""


def is_simulated(stream: BinaryIO) -> bool:
    """Whether the message says before its first element that it was made, not received."""
    return LABEL.encode() in xml.prolog(stream)


def read(stream: BinaryIO, pseudonyms: Pseudonyms, message: Message) -> Iterator[tuple[str, pa.Table]]:
    """The tables in a message, part by part: name and rows.

    Parameters
    ----------
    stream : binary file
        The message.
    pseudonyms : Pseudonyms
        Turns a BSN into a pseudonym; no table holds a BSN, a name or a date of birth.
    message : Message
        Filled with what the header says.

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
    waiting, answer = _Lines(pseudonyms), answers.Answer(message, pseudonyms)
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
            yield from waiting.flush(message, at_least=1 if name == "DeclaratieNummer" else BATCH)
            _take_head(name, element, message)
        elif message.kind == "JW323":
            waiting.add(element)
            yield from waiting.flush(message, at_least=BATCH)
        else:
            yield from other_messages.read(element, message, pseudonyms)
    yield from waiting.flush(message, at_least=1)
    if not message.kind:
        raise DataError("no header; not a message of iJw 3.0 to 3.2")
    yield from answer.rows()
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


class _Lines:
    """Declared lines of a JW323, gathered until there are enough for a table."""

    def __init__(self, pseudonyms: Pseudonyms) -> None:
        self.pseudonyms = pseudonyms
        self.texts: list[
            str | None
        ] = []  # line after line; a list for each would keep the garbage collector busy
        self.numbers: list[str] = []
        self.repeats: list[int] = []
        self.namespace = ""
        self.places: dict[str, int] = {}

    def add(self, client: etree._Element) -> None:
        self._know(etree.QName(client).namespace or "")
        place_of, texts, before = self.places.get, self.texts, len(self.texts)
        number = ""
        for part in client:
            if part.tag == self.number:
                number = (part.text or "").strip()
                continue
            for line in part:
                row: list[str | None] = [None] * len(FIELDS)
                for leaf in line.iter():
                    place = place_of(leaf.tag)
                    if place is not None:
                        row[place] = leaf.text
                texts += row
        self.numbers.append(number)
        self.repeats.append((len(texts) - before) // len(FIELDS))

    def _know(self, namespace: str) -> None:
        """Look up fields under their full names, which depend on the version of the message."""
        if namespace == self.namespace:
            return
        found = NAMESPACE.fullmatch(namespace)
        if found is None:
            raise DataError("a client in another namespace than the header; ask for the message again")
        basis = namespace.replace(f"/{found[1]}/", "/basisschema/")
        self.namespace, self.number = namespace, f"{{{namespace}}}Bsn"
        self.places = {
            f"{{{one}}}{name}": place for one in (namespace, basis) for place, name in enumerate(FIELDS)
        }

    def flush(self, message: Message, at_least: int) -> Iterator[tuple[str, pa.Table]]:
        width = len(FIELDS)
        count = len(self.texts) // width
        if count < at_least:
            return
        columns = {
            name: pa.array(self.texts[place::width], pa.string())
            for place, name in enumerate(FIELDS.values())
        }
        columns |= {
            "municipality": records.constant(message.municipality, count),
            "provider": records.constant(message.provider, count),
            "declared_on": records.constant(message.head.get("DeclaratieDagtekening", ""), count),
            "declaration_number": records.constant(message.head.get("DeclaratieNummer", ""), count),
        }
        clients = np.repeat(np.arange(len(self.numbers), dtype=np.int32), self.repeats)
        numbers = pa.DictionaryArray.from_arrays(clients, pa.array(self.numbers, pa.string()))
        message.found_cents += _signed_total(columns["amount"], columns["debit_credit"])
        yield "lines", records.guarded(columns, numbers, self.pseudonyms, first=message.lines + 1)
        message.lines += count
        self.texts, self.numbers, self.repeats = [], [], []


def _signed_total(amounts: pa.Array, signs: pa.Array) -> int:
    """Total in eurocents, credit negative; what is not a number is not counted."""
    known = pc.if_else(pc.fill_null(pc.match_substring_regex(amounts, r"^\d{1,12}$"), False), amounts, None)
    cents = pc.cast(known, pa.int64())
    signed = pc.if_else(pc.fill_null(pc.equal(signs, "C"), False), pc.negate(cents), cents)
    return pc.sum(signed).as_py() or 0
