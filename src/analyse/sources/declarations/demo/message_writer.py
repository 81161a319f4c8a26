"""Simulated messages of iJw 3.2: JW323 by provider, municipality and day, and what surrounds them by month."""

from __future__ import annotations

import datetime
import itertools
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd

from analyse import store
from analyse.sources.declarations.demo import LABEL

NAMESPACE = "http://www.istandaarden.nl/ijw/3_2"
CODES = {"JW301": "436", "JW305": "438", "JW307": "440", "JW315": "446", "JW323": "490"}
SENT = {"requested_on": "JW315", "allocated_on": "JW301", "start_date": "JW305", "stop_date": "JW307"}


def write(lines: pd.DataFrame, trajectories: pd.DataFrame, folder: Path, *, until: datetime.date) -> int:
    """Write all messages sent until a day, in a zip per municipality and year, and return how many there are.

    Parameters
    ----------
    lines, trajectories : DataFrame
        Simulated declaration lines, and the care they are for.
    folder : Path
        Where the archives are written.
    until : date
        What is sent later is left out.
    """
    count, made = (
        0,
        [_declarations(lines), *(_other_messages(trajectories, *one, until) for one in SENT.items())],
    )
    archives: dict[Path, zipfile.ZipFile] = {}
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for code, year, name, text in itertools.chain(*made):
            path = folder / f"{code}-{year}.zip"
            if path not in archives:
                archives[path] = zipfile.ZipFile(path, "w")
            member = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))  # the same seed gives the same bytes
            archives[path].writestr(member, text, zipfile.ZIP_DEFLATED, 1)
            count += 1
    except OSError as error:
        raise store.cannot_write(folder, error) from error
    finally:
        for one in archives.values():
            one.close()
    return count


def _declarations(lines: pd.DataFrame) -> Iterator[tuple[str, int, str, str]]:
    """A JW323 per provider, municipality and day."""
    dates = ("period_start", "period_end", "declared_on")
    texts = lines.assign(**{name: lines[name].dt.strftime("%Y-%m-%d") for name in dates})
    ordered = texts.sort_values(["municipality_code", "provider", "declared_on", "bsn"], kind="stable")
    rows = ordered.itertuples(index=False)
    grouped = itertools.groupby(rows, lambda row: (row.municipality_code, row.provider, row.declared_on))
    for number, ((code, provider, day), own) in enumerate(grouped, 1):
        name = f"JW323-{code}-{provider}-{day}.xml"
        yield code, int(day[:4]), name, declaration(list(own), number=number)


def _other_messages(
    trajectories: pd.DataFrame, column: str, kind: str, until: datetime.date
) -> Iterator[tuple[str, int, str, str]]:
    """Messages of one kind: one per provider, municipality and month."""
    sent = trajectories.loc[trajectories[column] <= pd.Timestamp(until)]
    ordered = sent.sort_values(["municipality_code", "provider", column], kind="stable")
    dates = ("birth", "requested_on", "allocated_on", "start_date", "stop_date")
    days = (ordered["stop_date"] - ordered["start_date"]).dt.days + 30
    planned = ordered["start_date"] + pd.to_timedelta(days.clip(lower=365), unit="D")
    texts = ordered.assign(
        planned_end=planned.dt.strftime("%Y-%m-%d"),
        **{name: ordered[name].dt.strftime("%Y-%m-%d") for name in dates},
    )
    rows = texts.itertuples(index=False)
    grouped = itertools.groupby(
        rows, lambda row: (row.municipality_code, row.provider, getattr(row, column)[:7])
    )
    for number, ((code, provider, month), own) in enumerate(grouped, 1):
        clients = list(own)
        text = _surrounding(kind, clients, sent_on=getattr(clients[-1], column), number=number)
        yield code, int(month[:4]), f"{kind}-{code}-{provider}-{month}.xml", text


def declaration(lines: list[Any], *, number: int) -> str:
    """A JW323 of the lines of one provider, municipality and day, in order of client."""
    first = lines[0]
    day = first.declared_on
    end = datetime.date.fromisoformat(day).replace(day=1) - datetime.timedelta(days=1)
    total = sum(line.amount_cents for line in lines)
    parts = [
        _head("JW323", sender=first.provider, receiver=first.municipality_code[2:], day=day, number=number),
        f"\t<jw323:Declaratie>\n\t\t<jw323:DeclaratieNummer>{first.declaration_number}</jw323:DeclaratieNummer>\n"
        f"\t\t<jw323:DeclaratiePeriode>\n\t\t\t<ijw:Begindatum>{end.replace(day=1)}</ijw:Begindatum>\n"
        f"\t\t\t<ijw:Einddatum>{end}</ijw:Einddatum>\n\t\t</jw323:DeclaratiePeriode>\n"
        f"\t\t<jw323:DeclaratieDagtekening>{day}</jw323:DeclaratieDagtekening>\n"
        f"\t\t<jw323:TotaalIngediendBedrag>\n\t\t\t<ijw:TotaalBedrag>{abs(total)}</ijw:TotaalBedrag>\n"
        f"\t\t\t<ijw:DebetCredit>{'C' if total < 0 else 'D'}</ijw:DebetCredit>\n"
        f"\t\t</jw323:TotaalIngediendBedrag>\n\t\t<jw323:Clienten>\n",
    ]
    for bsn, own in itertools.groupby(lines, lambda line: line.bsn):
        parts.append(
            f"\t\t\t<jw323:Client>\n\t\t\t\t<jw323:Bsn>{bsn}</jw323:Bsn>\n\t\t\t\t<jw323:Prestaties>\n"
        )
        parts += [_line(line) for line in own]
        parts.append("\t\t\t\t</jw323:Prestaties>\n\t\t\t</jw323:Client>\n")
    parts.append("\t\t</jw323:Clienten>\n\t</jw323:Declaratie>\n</jw323:Bericht>\n")
    return "".join(parts)


def _head(kind: str, *, sender: str, receiver: str, day: str, number: int) -> str:
    name = kind.lower()
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<!-- {LABEL} -->\n<{name}:Bericht '
        f'xmlns:ijw="{NAMESPACE}/basisschema/schema" xmlns:{name}="{NAMESPACE}/{name}/schema">\n'
        f"\t<{name}:Header>\n\t\t<{name}:BerichtCode>{CODES[kind]}</{name}:BerichtCode>\n"
        f"\t\t<{name}:BerichtVersie>3</{name}:BerichtVersie>\n\t\t<{name}:BerichtSubversie>2</{name}:BerichtSubversie>\n"
        f"\t\t<{name}:Afzender>{sender}</{name}:Afzender>\n\t\t<{name}:Ontvanger>{receiver}</{name}:Ontvanger>\n"
        f"\t\t<{name}:BerichtIdentificatie>\n\t\t\t<ijw:Identificatie>{number}</ijw:Identificatie>\n"
        f"\t\t\t<ijw:Dagtekening>{day}</ijw:Dagtekening>\n\t\t</{name}:BerichtIdentificatie>\n"
        f"\t\t<{name}:XsdVersie>\n\t\t\t<ijw:BasisschemaXsdVersie>1.0.0</ijw:BasisschemaXsdVersie>\n"
        f"\t\t\t<ijw:BerichtXsdVersie>1.0.0</ijw:BerichtXsdVersie>\n\t\t</{name}:XsdVersie>\n\t</{name}:Header>\n"
    )


def _line(line: Any) -> str:
    previous = line.previous_reference
    back = (
        f"\t\t\t\t\t\t\t<ijw:VorigReferentieNummer>{previous}</ijw:VorigReferentieNummer>\n"
        if previous
        else ""
    )
    return (
        "\t\t\t\t\t<jw323:Prestatie>\n\t\t\t\t\t\t<jw323:ProductReferentie>\n"
        f"\t\t\t\t\t\t\t<ijw:ReferentieNummer>{line.reference}</ijw:ReferentieNummer>\n{back}"
        "\t\t\t\t\t\t</jw323:ProductReferentie>\n"
        f"\t\t\t\t\t\t<jw323:ToewijzingNummer>{line.allocation_number}</jw323:ToewijzingNummer>\n"
        f"\t\t\t\t\t\t<jw323:ProductCategorie>{line.product_code[:2]}</jw323:ProductCategorie>\n"
        f"\t\t\t\t\t\t<jw323:ProductCode>{line.product_code}</jw323:ProductCode>\n"
        "\t\t\t\t\t\t<jw323:ProductPeriode>\n"
        f"\t\t\t\t\t\t\t<ijw:Begindatum>{line.period_start}</ijw:Begindatum>\n"
        f"\t\t\t\t\t\t\t<ijw:Einddatum>{line.period_end}</ijw:Einddatum>\n"
        "\t\t\t\t\t\t</jw323:ProductPeriode>\n"
        f"\t\t\t\t\t\t<jw323:GeleverdVolume>{line.volume}</jw323:GeleverdVolume>\n"
        f"\t\t\t\t\t\t<jw323:Eenheid>{line.unit}</jw323:Eenheid>\n"
        f"\t\t\t\t\t\t<jw323:ProductTarief>{line.tariff_cents}</jw323:ProductTarief>\n"
        "\t\t\t\t\t\t<jw323:IngediendBedrag>\n"
        f"\t\t\t\t\t\t\t<ijw:Bedrag>{abs(line.amount_cents)}</ijw:Bedrag>\n"
        f"\t\t\t\t\t\t\t<ijw:DebetCredit>{line.debit_credit}</ijw:DebetCredit>\n"
        "\t\t\t\t\t\t</jw323:IngediendBedrag>\n\t\t\t\t\t</jw323:Prestatie>\n"
    )


def _surrounding(kind: str, rows: list[Any], *, sent_on: str, number: int) -> str:
    """A JW301, JW305, JW307 or JW315 on trajectories of one provider and municipality."""
    name, first = kind.lower(), rows[0]
    provider, municipality = first.provider, first.municipality_code[2:]
    sender, receiver = (municipality, provider) if kind == "JW301" else (provider, municipality)
    parts = [_head(kind, sender=sender, receiver=receiver, day=sent_on, number=number)]
    group, item = _ITEMS[kind]
    for row in rows:
        fields = "".join(_field(name, *one) for one in _FIELDS[kind](row))
        parts.append(
            f"\t<{name}:Client>\n\t\t<{name}:Bsn>{row.bsn}</{name}:Bsn>\n\t\t<{name}:Geboortedatum>\n"
            f"\t\t\t<ijw:Datum>{row.birth}</ijw:Datum>\n\t\t</{name}:Geboortedatum>\n"
            f"\t\t<{name}:Geslacht>0</{name}:Geslacht>\n\t\t<{name}:Naam>\n\t\t\t<ijw:Geslachtsnaam>\n"
            f"\t\t\t\t<ijw:Achternaam>Gesimuleerd</ijw:Achternaam>\n\t\t\t</ijw:Geslachtsnaam>\n\t\t</{name}:Naam>\n"
            f"{_contact(name, row.postcode) if kind == 'JW301' else ''}"
            f"\t\t<{name}:{group}>\n\t\t\t<{name}:{item}>\n{fields}\t\t\t</{name}:{item}>\n\t\t</{name}:{group}>\n"
            f"\t</{name}:Client>\n"
        )
    return "".join(parts) + f"</{name}:Bericht>\n"


def _contact(name: str, postcode: str) -> str:
    """The address of the register (BRP) of a youth."""
    return (
        f"\t\t<{name}:Contacten>\n\t\t\t<{name}:Contact>\n\t\t\t\t<{name}:Soort>01</{name}:Soort>\n"
        f"\t\t\t\t<{name}:Adres>\n\t\t\t\t\t<ijw:Huis>\n\t\t\t\t\t\t<ijw:Huisnummer>1</ijw:Huisnummer>\n"
        f"\t\t\t\t\t</ijw:Huis>\n\t\t\t\t\t<ijw:Postcode>{postcode}XX</ijw:Postcode>\n"
        f"\t\t\t\t\t<ijw:LandCode>NL</ijw:LandCode>\n\t\t\t\t</{name}:Adres>\n\t\t\t</{name}:Contact>\n"
        f"\t\t</{name}:Contacten>\n"
    )


def _field(name: str, path: str, *values: object) -> str:
    """One field; with more values, a group of fields of the basic schema."""
    tabs = "\t\t\t\t"
    if len(values) == 1:
        return f"{tabs}<{name}:{path}>{values[0]}</{name}:{path}>\n"
    inside = "".join(
        f"{tabs}\t<ijw:{one}>{value}</ijw:{one}>\n"
        for one, value in zip(values[::2], values[1::2], strict=True)
    )
    return f"{tabs}<{name}:{path}>\n{inside}{tabs}</{name}:{path}>\n"


def _product(row: Any) -> tuple[object, ...]:
    return ("Product", "Categorie", row.product_code[:2], "Code", row.product_code)


def _request(row: Any) -> list[tuple[object, ...]]:
    return [
        ("ReferentieAanbieder", f"A{row.allocation_number}"),
        _product(row),
        ("ToewijzingIngangsdatum", f"{row.start_date}"),
        ("ToewijzingEinddatum", row.planned_end),
        ("Verwijzer", "Type", row.referrer, "Naam", "verwijzer"),
        ("Raamcontract", 1),
    ]


def _allocation(row: Any) -> list[tuple[object, ...]]:
    return [
        ("ToewijzingNummer", row.allocation_number),
        ("ReferentieAanbieder", f"A{row.allocation_number}"),
        _product(row),
        ("Toewijzingsdatum", f"{row.allocated_on}"),
        ("Toewijzingstijd", "12:00:00"),
        ("Ingangsdatum", f"{row.start_date}"),
        ("Einddatum", row.planned_end),
        ("Omvang", "Volume", row.allocated_volume, "Eenheid", row.unit, "Frequentie", 6),
    ]


def _start(row: Any) -> list[tuple[object, ...]]:
    return [
        ("ToewijzingNummer", row.allocation_number),
        _product(row),
        ("ToewijzingIngangsdatum", f"{row.start_date}"),
        ("Begindatum", f"{row.start_date}"),
    ]


def _started(row: Any) -> list[tuple[object, ...]]:
    return [*_start(row), ("StatusAanlevering", 1)]


def _stop(row: Any) -> list[tuple[object, ...]]:
    end = [
        ("RedenBeeindiging", row.reason),
        ("Einddatum", f"{row.stop_date}"),
        ("StatusAanlevering", 1),
    ]
    return [*_start(row), *end]


_ITEMS = {
    "JW301": ("ToegewezenProducten", "ToegewezenProduct"),
    "JW305": ("StartProducten", "StartProduct"),
    "JW307": ("StopProducten", "StopProduct"),
    "JW315": ("AangevraagdeProducten", "AangevraagdProduct"),
}
_FIELDS = {"JW301": _allocation, "JW305": _started, "JW307": _stop, "JW315": _request}
