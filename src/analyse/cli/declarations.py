"""``analyse declarations read|check`` and ``analyse demo-declarations``."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from analyse.cli import declaration_attack, declaration_compare, declaration_lines, declaration_monitor
from analyse.cli.options import OptionalTableFile
from analyse.errors import DataError, ParameterError

app = typer.Typer(help="Declarations (declaraties): read them, check them.", no_args_is_help=True)
STORE = Path("data/declarations/store")


def register(main: typer.Typer, epilog: str) -> None:
    """Add the commands to the main one."""
    app.info.epilog = epilog
    declaration_monitor.add(app)
    app.command()(declaration_attack.attack)
    app.command()(declaration_compare.compare)
    main.add_typer(app, name="declarations")
    main.command("demo-declarations", epilog=epilog)(demo)


@app.command()
def read(
    paths: Annotated[
        list[Path], typer.Argument(help="Files or folders: XML, CSV, XLSX, Parquet, zip, gzip.")
    ],
    output: Annotated[Path, typer.Option(help="Folder of the store; added to when it exists.")] = STORE,
    mapping: Annotated[Path | None, typer.Option(help="Columns of flat files; see voorbeeld.yaml.")] = None,
    key: Annotated[Path | None, typer.Option(help="Key of the pseudonyms, outside the repository.")] = None,
) -> None:
    """Read declarations into a store and print the reconciliation."""
    from analyse.sources import declarations
    from analyse.sources.declarations import pseudonyms

    known = pseudonyms.key_is_there(key)
    reading = declarations.read(paths, output, mapping=mapping, key=key)
    label = declarations.about(output)["label"] if len(reading.reconciliation) else ""
    for line in declaration_lines.of_reading(reading, output, label):
        typer.echo(line)
    if not known:
        typer.echo(
            f"new key      {pseudonyms.key_path(key)}; keep a copy in a safe: without it nothing can be added"
        )
    refused = int((reading.files["status"] == "refused").sum()) if len(reading.files) else 0
    if refused or not len(reading.files):
        raise DataError(f"{refused} of {len(reading.files)} files were refused; the others are in {output}")


@app.command()
def check(
    store: Annotated[Path, typer.Option("--store", help="Folder of the store.")] = STORE,
    contracts: Annotated[
        Path | None, typer.Option(help="Folder with tariffs.csv; see data/contracts.")
    ] = None,
    output: OptionalTableFile = None,
) -> None:
    """Look at the whole with the rules of integrity_rules.yaml: per rule and provider, with trend."""
    from analyse import store as files
    from analyse.sources import declarations
    from analyse.sources.declarations import contracts as agreed

    with declarations.open(store) as connection:
        checked = declarations.integrity(connection, contracts=contracts)
    for line in declaration_lines.of_check(checked, declarations.about(store)["label"]):
        typer.echo(line)
    if output is not None:
        table = declaration_lines.with_names(checked, agreed.read(contracts)["providers"])
        files.write_table(table, output)
        typer.echo(f"{output}: {len(table)} rows")


@app.command()
def forget(
    store: Annotated[Path, typer.Option("--store", help="Folder of the store.")] = STORE,
    before: Annotated[int | None, typer.Option(help="Remove care before this year.")] = None,
    client: Annotated[str, typer.Option(help="Remove one youth, by pseudonym.")] = "",
) -> None:
    """Remove care before a year, or one youth, from a store and its cache; say what was removed."""
    from analyse.sources.declarations import forgetting

    for line in forgetting.told(forgetting.forget(store, before=before, client=client)):
        typer.echo(line)


def folders(declared: Path | None, contracts: Path | None, *, without: bool) -> dict[str, str]:
    """The folders that ``analyse report`` was given, as parameters of a run."""
    from analyse.runs.declaration_pages import seen_from_root

    if without and (declared or contracts):
        raise ParameterError("report: --no-declarations leaves out what --declarations and --contracts name")
    if without:
        return {"declarations": ""}
    for option, folder in (("--declarations", declared), ("--contracts", contracts)):
        if folder is not None and not folder.is_dir():
            raise ParameterError(f"{option} {folder}: no such folder")
    given = {"declarations": declared, "contracts": contracts}
    return {name: seen_from_root(folder) for name, folder in given.items() if folder is not None}


def provider_page(run: Any, provider: str, output: Path | None, *, areas: Sequence[str]) -> Path:
    """The page of one provider (AGB code), of the municipality or region that was named, if any."""
    from analyse import parameters, shared, store
    from analyse.history import areas as places
    from analyse.runs import provider_page as mirror

    if len(areas) > 1:
        raise ParameterError("report --provider: name at most one municipality or region")
    tables = shared.tables(parameters.Run(dataset=run.dataset, regions=parameters.COUNTRY))
    code = places.resolve_area(tables, areas[0]) if areas else ""
    folder = (output or store.reports_folder()).absolute()
    return mirror.make(run, provider, folder, area=code, language=run.language)


def demo(
    output: Annotated[Path, typer.Option(help="Folder to write.")],
    years: Annotated[str, typer.Option(help="Years of care, such as 2021-2025.")] = "2022-2024",
    municipality: Annotated[list[str] | None, typer.Option(help="Name or code; may be repeated.")] = None,
    region: Annotated[list[str] | None, typer.Option(help="Name or code; may be repeated.")] = None,
    lines: Annotated[
        int | None, typer.Option(help="About this many lines a year; default the real totals.")
    ] = None,
    until: Annotated[
        datetime.datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Last declaration.")
    ] = None,
    file_format: Annotated[
        Literal["csv", "xml", "both"], typer.Option("--format", help="Messages, flat files or both.")
    ] = "csv",
    seed: Annotated[int, typer.Option(help="The same seed gives the same files.")] = 20241231,
) -> None:
    """Make simulated declarations (Gesimuleerde declaraties), with the truth beside them."""
    from analyse.sources.declarations.demo import LABEL, message_files, settings, simulation

    period = _years(years)
    targets = _targets(municipality or [], region or [], period, settings.load())
    made = simulation.simulate(targets, settings.load(), seed=seed, lines_a_year=lines)
    last = until.date() if until else datetime.date(period[-1], 12, 31)
    formats = ("csv", "xml") if file_format == "both" else (file_format,)
    counted = message_files.write(made, output, until=last, formats=formats)
    typer.echo(f"{LABEL}: {output}: " + ", ".join(f"{number:,} {name}" for name, number in counted.items()))


def _years(text: str) -> range:
    first, _, last = text.partition("-")
    try:
        period = range(int(first), int(last or first) + 1)
    except ValueError:
        period = range(0)
    if not period or period[0] < 2017 or period[-1] > 2026:
        raise ParameterError(
            f"--years: got {text!r}, expected years between 2017 and 2026, such as 2021-2025"
        )
    return period


def _targets(municipalities: list[str], regions: list[str], years: range, shape: Any) -> Any:
    """Published totals of what was asked for."""
    from analyse.history import areas, panel
    from analyse.sources import snapshot
    from analyse.sources.declarations.demo import targets

    tables = snapshot.load()
    codes = {areas.resolve(tables, name) for name in municipalities}
    for region in regions:
        codes |= set(areas.members(tables, region))
    if not codes:
        raise ParameterError(
            "demo-declarations: name a municipality or a region, such as --municipality Delft"
        )
    return targets.from_history(panel.build(tables), tables, sorted(codes), years=years, shape=shape)
