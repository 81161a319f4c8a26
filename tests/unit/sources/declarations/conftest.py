"""Declarations made by hand: small messages with test numbers, names that must not come out, and a key of their own."""

from __future__ import annotations

from pathlib import Path

import pytest

IJW = "http://www.istandaarden.nl/ijw/3_2"
NAMES = ("Vanderheijdenstein", "Kwartelbroek")
"""Surnames that stand in the messages and nowhere else."""
BSN = {"first": "999900006", "second": "999900018", "third": "999900031"}


def line(reference: str, cents: int, **other: str) -> str:
    """A Prestatie: four hours of 45A03 in April 2026, unless said otherwise."""
    given = {
        "month": "2026-04",
        "sign": "D",
        "previous": "",
        "allocation": "10072",
        "unit": "04",
        "code": "45A03",
    } | other
    volume = int(other.get("volume", 4))
    tariff = other.get("tariff", str(cents // volume))
    begin, end = given.get("begin", f"{given['month']}-01"), given.get("end", f"{given['month']}-28")
    back = (
        f"<i:VorigReferentieNummer>{given['previous']}</i:VorigReferentieNummer>" if given["previous"] else ""
    )
    return (
        f"<j:Prestatie><j:ProductReferentie><i:ReferentieNummer>{reference}</i:ReferentieNummer>{back}"
        f"</j:ProductReferentie><j:ToewijzingNummer>{given['allocation']}</j:ToewijzingNummer>"
        f"<j:ProductCategorie>{given['code'][:2]}</j:ProductCategorie><j:ProductCode>{given['code']}</j:ProductCode>"
        f"<j:ProductPeriode><i:Begindatum>{begin}</i:Begindatum><i:Einddatum>{end}</i:Einddatum></j:ProductPeriode>"
        f"<j:GeleverdVolume>{volume}</j:GeleverdVolume><j:Eenheid>{given['unit']}</j:Eenheid>"
        f"<j:ProductTarief>{tariff}</j:ProductTarief><j:IngediendBedrag><i:Bedrag>{cents}</i:Bedrag>"
        f"<i:DebetCredit>{given['sign']}</i:DebetCredit></j:IngediendBedrag></j:Prestatie>"
    )


def jw323(clients: dict[str, list[str]], total: int, **other: str) -> str:
    """A JW323 from provider 65656055 to Delft, with lines by BSN."""
    inside = "".join(
        f"<j:Client><j:Bsn>{bsn}</j:Bsn><j:Prestaties>{''.join(lines)}</j:Prestaties></j:Client>"
        for bsn, lines in clients.items()
    )
    day = other.get("day", "2026-05-06")
    return header(
        "JW323", "490", other.get("provider", "65656055"), other.get("municipality", "0503"), day
    ) + (
        f"<j:Declaratie><j:DeclaratieNummer>DN1</j:DeclaratieNummer><j:DeclaratieDagtekening>{day}"
        f"</j:DeclaratieDagtekening><j:TotaalIngediendBedrag><i:TotaalBedrag>{abs(total)}</i:TotaalBedrag>"
        f"<i:DebetCredit>{'C' if total < 0 else 'D'}</i:DebetCredit></j:TotaalIngediendBedrag>"
        f"<j:Clienten>{inside}</j:Clienten></j:Declaratie></j:Bericht>"
    )


def header(kind: str, code: str, sender: str, receiver: str, day: str) -> str:
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><j:Bericht xmlns:i="{IJW}/basisschema/schema" '
        f'xmlns:j="{IJW}/{kind.lower()}/schema"><j:Header><j:BerichtCode>{code}</j:BerichtCode>'
        f"<j:Afzender>{sender}</j:Afzender><j:Ontvanger>{receiver}</j:Ontvanger><j:BerichtIdentificatie>"
        f"<i:Dagtekening>{day}</i:Dagtekening></j:BerichtIdentificatie></j:Header>"
    )


def client_message(kind: str, code: str, product: str, *, day: str, from_municipality: bool = False) -> str:
    """A JW301, JW305, JW307 or JW315 about one youth, born on 14 February 2010, with a name and a comment."""
    sender, receiver = ("0503", "65656055") if from_municipality else ("65656055", "0503")
    return header(kind, code, sender, receiver, day) + (
        f"<j:Client><j:Bsn>{BSN['first']}</j:Bsn><j:Geboortedatum><i:Datum>2010-02-14</i:Datum></j:Geboortedatum>"
        f"<j:Naam><i:Geslachtsnaam><i:Achternaam>{NAMES[0]}</i:Achternaam></i:Geslachtsnaam>"
        f"<i:Voornamen>{NAMES[1]}</i:Voornamen></j:Naam><j:Commentaar>bel {NAMES[0]}</j:Commentaar>"
        f"{product}</j:Client></j:Bericht>"
    )


ALLOCATION = (
    "<j:ToegewezenProducten><j:ToegewezenProduct><j:ToewijzingNummer>10072</j:ToewijzingNummer>"
    "<j:ReferentieAanbieder>A10072</j:ReferentieAanbieder><j:Product><i:Categorie>45</i:Categorie>"
    "<i:Code>45A03</i:Code></j:Product><j:Toewijzingsdatum>2026-03-10</j:Toewijzingsdatum>"
    "<j:Ingangsdatum>2026-04-01</j:Ingangsdatum><j:Einddatum>2026-12-31</j:Einddatum><j:Omvang><i:Volume>10</i:Volume>"
    "<i:Eenheid>04</i:Eenheid><i:Frequentie>6</i:Frequentie></j:Omvang></j:ToegewezenProduct></j:ToegewezenProducten>"
)
REQUEST = (
    "<j:AangevraagdeProducten><j:AangevraagdProduct><j:ReferentieAanbieder>A10072</j:ReferentieAanbieder><j:Product>"
    "<i:Categorie>45</i:Categorie><i:Code>45A03</i:Code></j:Product><j:Verwijzer><i:Type>02</i:Type>"
    f"<i:Naam>{NAMES[1]}</i:Naam></j:Verwijzer></j:AangevraagdProduct></j:AangevraagdeProducten>"
)
STOP = (
    "<j:StopProducten><j:StopProduct><j:ToewijzingNummer>10072</j:ToewijzingNummer><j:Begindatum>2026-04-02"
    "</j:Begindatum><j:RedenBeeindiging>31</j:RedenBeeindiging><j:Einddatum>2026-04-20</j:Einddatum>"
    "<j:StatusAanlevering>1</j:StatusAanlevering></j:StopProduct></j:StopProducten>"
)


@pytest.fixture(autouse=True)
def key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A key of its own for each test."""
    path = tmp_path / "secret" / "pseudonyms.key"
    monkeypatch.setenv("ANALYSE_DECLARATIONS_KEY", str(path))
    return path


class Made:
    """What tests make messages with."""

    line, jw323, client_message = staticmethod(line), staticmethod(jw323), staticmethod(client_message)
    ALLOCATION, REQUEST, STOP, BSN, NAMES, IJW = ALLOCATION, REQUEST, STOP, BSN, NAMES, IJW


@pytest.fixture
def made() -> type[Made]:
    return Made
