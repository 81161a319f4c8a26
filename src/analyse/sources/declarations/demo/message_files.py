"""Simulated declarations as files: messages of iJw, a flat file per municipality and year, contracts and the truth."""

from __future__ import annotations

import datetime
from pathlib import Path

import pandas as pd

from analyse import store
from analyse.sources.declarations.demo import LABEL, message_writer, terms_made
from analyse.sources.declarations.demo.simulation import Simulation

README = f"""{LABEL}

Alles in deze map is gemaakt door `analyse demo-declarations`. Geen enkele regel gaat over een bestaande jeugdige of
aanbieder. De totalen per gemeente (kosten, jeugdigen) zijn die van de gepubliceerde cijfers; de rest is verzonnen.
De nummers van jeugdigen voldoen aan de elfproef en liggen in reeksen voor tests; de AGB-codes beginnen met 999.

berichten/   berichten van iJw 3.2 (JW301, JW305, JW307, JW315, JW323), een zip per gemeente en jaar
plat/        dezelfde regels als CSV, in de vorm van parameters/declarations/voorbeeld.yaml
contracts/   tarieven, budgetten, afspraken, namen, kader, looptijden en voorstellen
truth/       wat er werkelijk uitkomt, ook wat nog niet gedeclareerd was
"""
FLAT = {
    "bsn": "BSN", "birth_date": "Geboortedatum", "municipality": "Gemeentecode", "provider": "AGB-code",
    "reference": "Referentienummer", "previous_reference": "Vorig referentienummer",
    "allocation_number": "Toewijzingsnummer", "product_category": "Productcategorie", "product_code": "Productcode",
    "period_start": "Begindatum", "period_end": "Einddatum", "volume": "Volume", "unit": "Eenheid", "tariff": "Tarief",
    "amount": "Bedrag", "debit_credit": "Debet/credit", "declared_on": "Declaratiedatum",
    "declaration_number": "Declaratienummer", "referrer": "Verwijzer", "label": "Herkomst",
}  # fmt: skip


def write(
    made: Simulation, folder: Path, *, until: datetime.date, formats: tuple[str, ...]
) -> dict[str, int]:
    """Write a simulation as it was on a day.

    Parameters
    ----------
    made : Simulation
        From ``simulate``.
    folder : Path
        Where to write; every file in it says that it is simulated.
    until : date
        Lines declared later are in ``truth`` only.
    formats : tuple of str
        ``csv``, ``xml`` or both.

    Returns
    -------
    dict
        Number of ``lines``, ``messages`` and ``flat_files`` written.
    """
    store.write_text(folder / "LEESMIJ.txt", README)
    lines = made.lines.loc[made.lines["declared_on"] <= pd.Timestamp(until)]
    lines = lines.assign(declaration_number=_declaration_numbers(lines))
    counted = {"lines": len(lines), "messages": 0, "flat_files": 0}
    if "csv" in formats:
        counted["flat_files"] = _write_flat(lines, folder / "plat")
    if "xml" in formats:
        counted["messages"] = message_writer.write(
            lines, made.trajectories, folder / "berichten", until=until
        )
    _write_contracts(made, folder / "contracts")
    _write_truth(made, folder / "truth")
    return counted


def _declaration_numbers(lines: pd.DataFrame) -> pd.Series:
    """One declaration per provider, municipality and day."""
    day = lines["declared_on"].dt.strftime("%y%m%d")
    return "D" + day + lines["municipality_code"].str[2:]


def _write_flat(lines: pd.DataFrame, folder: Path) -> int:
    """A file per municipality and year of declaration: semicolons, decimal commas, days first."""
    count = 0
    for (code, year), own in lines.groupby([lines["municipality_code"], lines["declared_on"].dt.year]):
        store.write_text(folder / f"declaraties-{code}-{year}.csv", flat_text(own))
        count += 1
    return count


def flat_text(lines: pd.DataFrame) -> str:
    """Lines as the text of a flat file."""
    ours = lines.assign(
        municipality=lines["municipality_code"].str[2:],
        product_category=lines["product_code"].str[:2],
        tariff=_euros(lines["tariff_cents"]),
        amount=_euros(lines["amount_cents"].abs()),
        label=LABEL,
        **{
            name: lines[name].dt.strftime("%d-%m-%Y")
            for name in ("birth_date", "period_start", "period_end", "declared_on")
        },
    )
    return ours[list(FLAT)].rename(columns=FLAT).to_csv(index=False, sep=";", lineterminator="\n")


def _euros(cents: pd.Series) -> pd.Series:
    rest = (cents % 100).astype(str).str.zfill(2)
    return (cents // 100).astype(str) + "," + rest


def _write_contracts(made: Simulation, folder: Path) -> None:
    tariffs = made.tariffs[["provider", "product_code", "year", "unit", "tariff_cents"]]
    for name, table in (
        ("tariffs", tariffs),
        ("budgets", made.budgets.round()),
        ("agreements", made.agreements),
        ("postcodes", made.postcodes),
        *terms_made.tables(made).items(),
    ):
        store.write_table(table.assign(label=LABEL), folder / f"{name}.csv")


def _write_truth(made: Simulation, folder: Path) -> None:
    trajectories = made.trajectories.drop(columns=["bsn", "birth"])
    faults = made.lines.loc[made.lines["fault"] != "", ["provider", "reference", "fault"]]
    shares = made.delays.rename(columns={"speed": "speed_class"})
    truth = {"months": made.months, "trajectories": trajectories, "faults": faults, "delays": shares}
    for name, table in truth.items():
        store.write_table(table.assign(label=LABEL), folder / f"{name}.parquet")
