"""Simulated messages of iJw 3.2: JW323 by provider, municipality and day, and what surrounds them by month."""

from __future__ import annotations

import datetime
import itertools
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pandas as pd

from analyse import store
from analyse.sources.declarations.demo import LABEL

NAMESPACE = "http://www.istandaarden.nl/ijw/3_2"
CODES = {"JW301": "436", "JW305": "438", "JW307": "440", "JW315": "446", "JW323": "490"}
SENT = {"requested_on": "JW315", "allocated_on": "JW301", "start_date": "JW305", "stop_date": "JW307"}


def write(lines: pd.DataFrame, trajectories: pd.DataFrame, folder: Path, *, until: datetime.date) -> int:
    """Write all messages that were sent until a day, in a zip per municipality and year; their number."""
    count, made = (
        0,
        [_declarations(lines), *(_surroundings(trajectories, *one, until) for one in SENT.items())],
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
    order = ["municipality_code", "provider", "declared_on"]
    grouped = lines.sort_values([*order, "bsn"], kind="stable").groupby(order, sort=False)
    for number, ((code, provider, day), own) in enumerate(grouped, 1):
        yield code, day.year, f"JW323-{code}-{provider}-{day:%Y%m%d}.xml", declaration(own, number=number)


def _surroundings(
    trajectories: pd.DataFrame, column: str, kind: str, until: datetime.date
) -> Iterator[tuple[str, int, str, str]]:
    """Messages of one kind: one per provider, municipality and month."""
    sent = trajectories.loc[trajectories[column] <= pd.Timestamp(until)]
    keys = [sent["municipality_code"], sent["provider"], sent[column].dt.to_period("M")]
    for number, ((code, provider, month), own) in enumerate(sent.groupby(keys), 1):
        text = surrounding(kind, own, sent_on=own[column].max(), number=number)
        yield code, month.year, f"{kind}-{code}-{provider}-{month}.xml", text


def declaration(lines: pd.DataFrame, *, number: int) -> str:
    """A JW323 of the lines of one provider, municipality and day."""
    first = lines.iloc[0]
    day = first["declared_on"]
    period = (day.to_period("M") - 1).to_timestamp()
    total = int(lines["amount_cents"].sum())
    parts = [
        _head(
            "JW323", sender=first["provider"], receiver=first["municipality_code"][2:], day=day, number=number
        ),
        f"\t<jw323:Declaratie>\n\t\t<jw323:DeclaratieNummer>{first['declaration_number']}</jw323:DeclaratieNummer>\n"
        f"\t\t<jw323:DeclaratiePeriode>\n\t\t\t<ijw:Begindatum>{period:%Y-%m-%d}</ijw:Begindatum>\n"
        f"\t\t\t<ijw:Einddatum>{period + pd.offsets.MonthEnd(0):%Y-%m-%d}</ijw:Einddatum>\n"
        f"\t\t</jw323:DeclaratiePeriode>\n"
        f"\t\t<jw323:DeclaratieDagtekening>{day:%Y-%m-%d}</jw323:DeclaratieDagtekening>\n"
        f"\t\t<jw323:TotaalIngediendBedrag>\n\t\t\t<ijw:TotaalBedrag>{abs(total)}</ijw:TotaalBedrag>\n"
        f"\t\t\t<ijw:DebetCredit>{'C' if total < 0 else 'D'}</ijw:DebetCredit>\n"
        f"\t\t</jw323:TotaalIngediendBedrag>\n\t\t<jw323:Clienten>\n",
    ]
    parts += _clients(lines)
    parts.append("\t\t</jw323:Clienten>\n\t</jw323:Declaratie>\n</jw323:Bericht>\n")
    return "".join(parts)


def _head(kind: str, *, sender: str, receiver: str, day: pd.Timestamp, number: int) -> str:
    name = kind.lower()
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<!-- {LABEL} -->\n<{name}:Bericht '
        f'xmlns:ijw="{NAMESPACE}/basisschema/schema" xmlns:{name}="{NAMESPACE}/{name}/schema">\n'
        f"\t<{name}:Header>\n\t\t<{name}:BerichtCode>{CODES[kind]}</{name}:BerichtCode>\n"
        f"\t\t<{name}:BerichtVersie>3</{name}:BerichtVersie>\n\t\t<{name}:BerichtSubversie>2</{name}:BerichtSubversie>\n"
        f"\t\t<{name}:Afzender>{sender}</{name}:Afzender>\n\t\t<{name}:Ontvanger>{receiver}</{name}:Ontvanger>\n"
        f"\t\t<{name}:BerichtIdentificatie>\n\t\t\t<ijw:Identificatie>{number}</ijw:Identificatie>\n"
        f"\t\t\t<ijw:Dagtekening>{day:%Y-%m-%d}</ijw:Dagtekening>\n\t\t</{name}:BerichtIdentificatie>\n"
        f"\t\t<{name}:XsdVersie>\n\t\t\t<ijw:BasisschemaXsdVersie>1.0.0</ijw:BasisschemaXsdVersie>\n"
        f"\t\t\t<ijw:BerichtXsdVersie>1.0.0</ijw:BerichtXsdVersie>\n\t\t</{name}:XsdVersie>\n\t</{name}:Header>\n"
    )


def _clients(lines: pd.DataFrame) -> Iterator[str]:
    """The clients with their lines, in order of their number."""
    dates = {name: lines[name].dt.strftime("%Y-%m-%d").tolist() for name in ("period_start", "period_end")}
    columns = [
        lines[name].tolist()
        for name in ("reference", "previous_reference", "allocation_number", "product_code", "volume", "unit",
                     "tariff_cents", "amount_cents", "debit_credit")
    ]  # fmt: skip
    before = None
    for bsn, begin, end, *line in zip(
        lines["bsn"], dates["period_start"], dates["period_end"], *columns, strict=True
    ):
        if bsn != before:
            if before is not None:
                yield "\t\t\t\t</jw323:Prestaties>\n\t\t\t</jw323:Client>\n"
            yield f"\t\t\t<jw323:Client>\n\t\t\t\t<jw323:Bsn>{bsn}</jw323:Bsn>\n\t\t\t\t<jw323:Prestaties>\n"
            before = bsn
        yield _line(begin, end, *line)
    yield "\t\t\t\t</jw323:Prestaties>\n\t\t\t</jw323:Client>\n"


def _line(begin: str, end: str, *line: object) -> str:
    reference, previous, allocation, code, volume, unit, tariff, amount, sign = line
    back = (
        f"\t\t\t\t\t\t\t<ijw:VorigReferentieNummer>{previous}</ijw:VorigReferentieNummer>\n"
        if previous
        else ""
    )
    return (
        "\t\t\t\t\t<jw323:Prestatie>\n\t\t\t\t\t\t<jw323:ProductReferentie>\n"
        f"\t\t\t\t\t\t\t<ijw:ReferentieNummer>{reference}</ijw:ReferentieNummer>\n{back}"
        "\t\t\t\t\t\t</jw323:ProductReferentie>\n"
        f"\t\t\t\t\t\t<jw323:ToewijzingNummer>{allocation}</jw323:ToewijzingNummer>\n"
        f"\t\t\t\t\t\t<jw323:ProductCategorie>{str(code)[:2]}</jw323:ProductCategorie>\n"
        f"\t\t\t\t\t\t<jw323:ProductCode>{code}</jw323:ProductCode>\n"
        "\t\t\t\t\t\t<jw323:ProductPeriode>\n"
        f"\t\t\t\t\t\t\t<ijw:Begindatum>{begin}</ijw:Begindatum>\n"
        f"\t\t\t\t\t\t\t<ijw:Einddatum>{end}</ijw:Einddatum>\n"
        "\t\t\t\t\t\t</jw323:ProductPeriode>\n"
        f"\t\t\t\t\t\t<jw323:GeleverdVolume>{volume}</jw323:GeleverdVolume>\n"
        f"\t\t\t\t\t\t<jw323:Eenheid>{unit}</jw323:Eenheid>\n"
        f"\t\t\t\t\t\t<jw323:ProductTarief>{tariff}</jw323:ProductTarief>\n"
        "\t\t\t\t\t\t<jw323:IngediendBedrag>\n"
        f"\t\t\t\t\t\t\t<ijw:Bedrag>{abs(int(str(amount)))}</ijw:Bedrag>\n"
        f"\t\t\t\t\t\t\t<ijw:DebetCredit>{sign}</ijw:DebetCredit>\n"
        "\t\t\t\t\t\t</jw323:IngediendBedrag>\n\t\t\t\t\t</jw323:Prestatie>\n"
    )


def surrounding(kind: str, rows: pd.DataFrame, *, sent_on: pd.Timestamp, number: int) -> str:
    """A JW301, JW305, JW307 or JW315 of trajectories of one provider and municipality."""
    name, first = kind.lower(), rows.iloc[0]
    provider, municipality = first["provider"], first["municipality_code"][2:]
    sender, receiver = (municipality, provider) if kind == "JW301" else (provider, municipality)
    parts = [_head(kind, sender=sender, receiver=receiver, day=sent_on, number=number)]
    group, item = _ITEMS[kind]
    for row in rows.itertuples():
        fields = "".join(_field(name, *one) for one in _FIELDS[kind](row))
        parts.append(
            f"\t<{name}:Client>\n\t\t<{name}:Bsn>{row.bsn}</{name}:Bsn>\n\t\t<{name}:Geboortedatum>\n"
            f"\t\t\t<ijw:Datum>{row.birth:%Y-%m-%d}</ijw:Datum>\n\t\t</{name}:Geboortedatum>\n"
            f"\t\t<{name}:Geslacht>0</{name}:Geslacht>\n\t\t<{name}:Naam>\n\t\t\t<ijw:Geslachtsnaam>\n"
            f"\t\t\t\t<ijw:Achternaam>Gesimuleerd</ijw:Achternaam>\n\t\t\t</ijw:Geslachtsnaam>\n\t\t</{name}:Naam>\n"
            f"\t\t<{name}:{group}>\n\t\t\t<{name}:{item}>\n{fields}\t\t\t</{name}:{item}>\n\t\t</{name}:{group}>\n"
            f"\t</{name}:Client>\n"
        )
    return "".join(parts) + f"</{name}:Bericht>\n"


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


def _product(row: object) -> tuple[object, ...]:
    return ("Product", "Categorie", row.product_code[:2], "Code", row.product_code)


def _planned_end(row: object) -> str:
    days = max(365, (row.stop_date - row.start_date).days + 30)
    return f"{row.start_date + pd.to_timedelta(days, unit='D'):%Y-%m-%d}"


def _request(row: object) -> list[tuple[object, ...]]:
    return [
        ("ReferentieAanbieder", f"A{row.allocation_number}"), _product(row),
        ("ToewijzingIngangsdatum", f"{row.start_date:%Y-%m-%d}"), ("ToewijzingEinddatum", _planned_end(row)),
        ("Verwijzer", "Type", row.referrer, "Naam", "verwijzer"), ("Raamcontract", 1),
    ]  # fmt: skip


def _allocation(row: object) -> list[tuple[object, ...]]:
    return [
        ("ToewijzingNummer", row.allocation_number),
        ("ReferentieAanbieder", f"A{row.allocation_number}"), _product(row),
        ("Toewijzingsdatum", f"{row.allocated_on:%Y-%m-%d}"), ("Toewijzingstijd", "12:00:00"),
        ("Ingangsdatum", f"{row.start_date:%Y-%m-%d}"), ("Einddatum", _planned_end(row)),
        ("Omvang", "Volume", row.allocated_volume, "Eenheid", row.unit, "Frequentie", 6),
    ]  # fmt: skip


def _start(row: object) -> list[tuple[object, ...]]:
    return [
        ("ToewijzingNummer", row.allocation_number), _product(row),
        ("ToewijzingIngangsdatum", f"{row.start_date:%Y-%m-%d}"), ("Begindatum", f"{row.start_date:%Y-%m-%d}"),
    ]  # fmt: skip


def _started(row: object) -> list[tuple[object, ...]]:
    return [*_start(row), ("StatusAanlevering", 1)]


def _stop(row: object) -> list[tuple[object, ...]]:
    end = [
        ("RedenBeeindiging", row.reason),
        ("Einddatum", f"{row.stop_date:%Y-%m-%d}"),
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
