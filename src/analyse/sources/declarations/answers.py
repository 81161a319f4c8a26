"""JW325: what a municipality answered to a declaration, as the lines, clients, declarations or messages it rejects.

Only what is rejected stands in an answer (OP303, OP304), each class with its own return codes; what the totals of the
answer say decides where the codes leave room. A message that is rejected for a technical reason counts as never sent
(OP286).
"""

from __future__ import annotations

from typing import Any

from lxml import etree

from analyse.reading.codes import municipality
from analyse.sources.declarations import xml
from analyse.sources.declarations.other_messages import (
    as_date,
    coded,
    number,
    reference,
    text_of,
    without_bsn,
)
from analyse.sources.declarations.pseudonyms import Pseudonyms
from analyse.sources.declarations.records import Message

NO_OBJECTION = frozenset({"0200", "0233", "8001"})
"""Return codes (WJ001) that reject nothing: no remark, not looked at, granted in full."""


class Answer:
    """One JW325 while it is read."""

    def __init__(self, message: Message, pseudonyms: Pseudonyms) -> None:
        """Take the message whose header is being read, and the pseudonyms."""
        self.message, self.pseudonyms = message, pseudonyms
        self.declared: dict[str, Any] = {}
        self.totals: dict[str, int | None] = {}
        self.found: list[dict[str, Any]] = []
        """What is rejected, as rows of ``rejections``."""
        self.rejected_cents = 0

    def take_header(self, header: etree._Element) -> None:
        """Which message it answers, and whether that is rejected as a whole."""
        if self.message.kind != "JW325":
            return
        leaves = xml.leaves(header)
        self.declared = {
            "message_id": without_bsn(
                reference(leaves.get("DeclaratieIdentificatie/Identificatie")), "", self.pseudonyms
            ),
            "message_date": as_date(leaves.get("DeclaratieIdentificatie/Dagtekening")),
        }
        if objections(codes := _codes(header)):
            self._add("message", codes)

    def take(self, name: str, element: etree._Element) -> None:
        """One part of the answer, in the order in which they come."""
        if name in ("TotaalIngediendBedrag", "TotaalToegekendBedrag"):
            self.totals[name] = _signed(element, "TotaalBedrag")
        elif name == "Client":
            self._take_client(element)
        elif name == "DeclaratieAntwoord":
            self._settle(_codes(element))

    def _take_client(self, client: etree._Element) -> None:
        own = text_of(client, "Bsn")
        pseudonym, passed = self.pseudonyms.of(own)
        whole = _codes(client)
        lines = list(client.iter("{*}Prestatie"))
        if not lines and objections(whole):
            self._add("client", whole, client=pseudonym if passed else None)
        for line in lines:
            codes = _codes(line)
            if codes and not objections(codes) and not objections(whole):
                continue
            cents = _signed(line, "IngediendBedrag/Bedrag")
            self.rejected_cents += cents or 0
            self._add(
                "line",
                codes or whole,
                client=pseudonym if passed else None,
                reference=without_bsn(
                    reference(xml.leaves(line).get("ProductReferentie/ReferentieNummer")),
                    own,
                    self.pseudonyms,
                ),
                amount_cents=cents,
            )

    def _settle(self, codes: list[str]) -> None:
        """Compare what is rejected with the totals: nothing granted rejects all, another difference leaves all open."""
        submitted, granted = (
            self.totals.get(one) for one in ("TotaalIngediendBedrag", "TotaalToegekendBedrag")
        )
        if submitted is None or granted is None:
            if objections(codes):
                self._add("declaration", codes)
        elif submitted - self.rejected_cents != granted:
            self._add("declaration" if granted == 0 else "total", codes, amount_cents=submitted - granted)
        self.totals, self.rejected_cents = {}, 0

    def _add(self, level: str, codes: list[str], **values: Any) -> None:
        provider = coded(self.message.provider, r"\d{8}")
        self.message.lines += 1
        self.found.append(
            {
                "provider": provider,
                "municipality_code": municipality(self.message.municipality),
                "level": level,
                "return_codes": " ".join(codes),
                "sent_on": as_date(self.message.sent_on),
                **self.declared,
                **values,
            }
        )


def objections(codes: list[str]) -> list[str]:
    """The return codes among these that reject.

    Examples
    --------
    >>> objections(["0200", "9307"]), objections(["8001"])
    (['9307'], [])
    """
    return [code for code in codes if code not in NO_OBJECTION]


def _codes(element: etree._Element) -> list[str]:
    """The return codes of a class itself, not those of what is in it."""
    own = [part for part in element if isinstance(part.tag, str) and part.tag.endswith("}RetourCodes")]
    codes = [code.text for part in own for code in part.iter("{*}RetourCode")]
    return [code for code in codes if coded(code, r"[A-Z0-9]{4}")]


def _signed(element: etree._Element, path: str) -> int | None:
    """An amount in eurocents, credit negative; nothing where it is not a whole number."""
    leaves = xml.leaves(element)
    cents = number(leaves.get(path))
    sign = leaves.get(path.rpartition("/")[0] + "/DebetCredit" if "/" in path else "DebetCredit")
    return -cents if cents is not None and sign == "C" else cents
