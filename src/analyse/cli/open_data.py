"""The commands for open figures: update, data diff, import and template."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from analyse.cli.options import OptionalTableFile, Quiet, TableFile
from analyse.errors import DataError

if TYPE_CHECKING:
    import pandas as pd


Kind = Literal["costs", "usage", "population", "budget"]
"""What figures of your own are."""
Outlines = Literal["districts"]
"""Of what outlines can be downloaded."""
MOST_SHOWN = 5


def register(app: typer.Typer, data_app: typer.Typer, epilog: str) -> None:
    """Add the commands to the command line."""
    app.command("update", epilog=epilog)(update)
    app.command("import", epilog=epilog)(take_in)
    app.command("template", epilog=epilog)(template)
    data_app.command("verify", epilog=epilog)(verify)
    data_app.command("diff", epilog=epilog)(difference)


def update(
    table: Annotated[
        list[str] | None, typer.Option(help="CBS table, such as 85099NED; may be repeated.")
    ] = None,
    boundaries: Annotated[
        Outlines | None,
        typer.Option(help="Download the outlines of districts, for maps; tables only if --table names them."),
    ] = None,
    base: Annotated[str, typer.Option(help="Dataset to go on from; default the one in use.")] = "",
    offline: Annotated[
        bool, typer.Option("--offline", help="Read the last download again; never touch the network.")
    ] = False,
    partial: Annotated[
        bool, typer.Option("--partial", help="Take the tables that are right when others are not.")
    ] = False,
    fresh: Annotated[
        bool, typer.Option("--fresh", help="Do not go on with an update that was broken off.")
    ] = False,
    quiet: Quiet = False,
) -> None:
    """Download the open figures of CBS into a new dataset, and put it in use when all of it is right."""
    from analyse.history import imported
    from analyse.parameters import COUNTRY
    from analyse.sources import snapshot
    from analyse.sources import update as updating
    from analyse.sources.cbs import catalogue

    settings = catalogue.load()
    outlines = (boundaries,) if boundaries else ()
    way = updating.Way(tuple(table or ()), outlines, base, partial, offline, fresh)
    asked = len(way.only) + len(outlines) or len(settings.tables)
    with _progress(asked, quiet=quiet) as tell:
        outcome = updating.run(settings, way, tell=tell)
    if not quiet:
        for taken in outcome.taken:
            typer.echo(f"{taken.table}  {taken.rows} rows  {taken.title} ({taken.edition[:10]})")
            for item in taken.new:
                typer.echo(f"  not in our lists, left out: {item}")
        _print_differences(outcome.differences)
        _tell(imported.lacking(snapshot.load(outcome.dataset, regions=COUNTRY)))
    for name, why in outcome.left.items():
        typer.echo(f"{name} stays as it was: {why}", err=True)
    typer.echo(
        f"data/{outcome.dataset} is in use as dataset latest; data/{outcome.base} is as it was. "
        f"Reports: analyse report --all --dataset latest"
    )


def take_in(
    file: Annotated[Path, typer.Argument(help="CSV or XLSX in the form of `analyse template`.")],
    kind: Annotated[Kind, typer.Option("--as", help="What the figures are.")],
    base: Annotated[str, typer.Option(help="Dataset to add to; default the one in use.")] = "",
    replace: Annotated[
        bool, typer.Option("--replace", help="Take figures that are far from those in use as well.")
    ] = False,
) -> None:
    """Put figures of your own in a new dataset: accounts, budgets, usage or inhabitants."""
    from analyse.history import areas, imported
    from analyse.parameters import COUNTRY
    from analyse.sources import own_files, snapshot

    made = own_files.take_in(file, kind, areas.resolve, base=base, replace=replace)
    for change in made.replaced.drop_duplicates("row").head(MOST_SHOWN).itertuples():
        typer.echo(f"row {change.row}, {change.key}: {change.old:,.10g} became {change.new:,.10g}")
    if made.replaced["row"].nunique() > MOST_SHOWN:
        typer.echo(f"and {made.replaced['row'].nunique() - MOST_SHOWN} more; see `analyse data diff`")
    if made.unknown:
        typer.echo(f"{made.unknown} figures are unknown: left empty, or written as '.' or '-'")
    if "costs" in made.tables:
        tables, rows = snapshot.load(made.dataset, regions=COUNTRY), made.tables["costs"]
        _tell(imported.counted(tables, rows))
        _tell(imported.lacking(tables, rows))
    typer.echo(f"{made.rows} rows of {file} are in data/{made.dataset}, in use as dataset latest")


def _tell(said: list[str]) -> None:
    """The first sentences, and how many more there are."""
    for sentence in said[:MOST_SHOWN]:
        typer.echo(sentence)
    if len(said) > MOST_SHOWN:
        typer.echo(f"and {len(said) - MOST_SHOWN} more like this")


def template(
    kind: Annotated[Kind, typer.Argument(help="What the figures are.")],
    output: TableFile,
) -> None:
    """Write a template to fill in, with a few rows of the figures in use as an example."""
    from analyse import store
    from analyse.sources import own_files, snapshot

    made = own_files.template(kind, snapshot.load(store.latest()))
    store.write_table(made, output)
    typer.echo(f"{output}: fill in, leave out what is not yours, then `analyse import {output} --as {kind}`")
    for field in own_files.TEMPLATES[kind]:
        typer.echo(f"  {field.name}: {field.meaning}")


def verify(dataset: Annotated[str, typer.Option(help="Folder below data/.")] = "open") -> None:
    """Check every embedded table, byte for byte and row for row."""
    from analyse.sources import snapshot

    tables = snapshot.verify(dataset)
    for row in tables.itertuples():
        typer.echo(
            f"{row.problem or 'ok'}" if row.problem else f"ok  {row.file}  {row.rows} rows  {row.sha256[:12]}"
        )
    wrong = tables.loc[tables["problem"] != "", "problem"]
    if len(wrong):
        raise DataError(f"{len(wrong)} of {len(tables)} tables are wrong; first: {wrong.iloc[0]}")


def difference(
    earlier: Annotated[str, typer.Argument(help="Dataset, a folder below data/.")],
    later: Annotated[str, typer.Argument(help="Dataset, or latest.")] = "latest",
    municipality: Annotated[str, typer.Option(help="Only this municipality: code or name.")] = "",
    output: OptionalTableFile = None,
) -> None:
    """Show what was revised between two datasets, per table and municipality."""
    from analyse import store
    from analyse.history import areas
    from analyse.sources import revisions, snapshot

    names = [store.latest() if name == store.LATEST else name for name in (earlier, later)]
    before, after = (snapshot.load(name) for name in names)
    differing = revisions.differences(before, after)
    if municipality:
        differing = differing.loc[differing["municipality_code"] == areas.resolve(after, municipality)]
    if output is not None:
        store.write_table(differing, output)
        typer.echo(f"{output}: {len(differing)} rows")
    typer.echo(f"data/{names[0]} and data/{names[1]}:")
    _print_differences(differing, by_municipality=True)


def _print_differences(differing: pd.DataFrame, *, by_municipality: bool = False) -> None:
    """A line per table, or per table and municipality, with what was revised."""
    import pandas as pd

    from analyse.sources import revisions

    if differing.empty:
        typer.echo("no figure differs")
        return
    shown = differing if by_municipality else differing.assign(municipality_code="")
    for row in revisions.summary(shown).itertuples():
        table = f"{row.table} {row.municipality_code}".strip()
        change = f", together {row.change_percent:+.1f} %" if pd.notna(row.change_percent) else ""
        typer.echo(f"{table}: {row.revised} revised{change}; {row.new} new; {row.gone} gone")


@contextlib.contextmanager
def _progress(total: int, *, quiet: bool) -> Iterator[Callable[[str, str], None]]:
    """A bar of tables on a terminal, with the number of questions asked; nothing elsewhere."""
    from rich.console import Console

    from analyse.cli import progress

    console = Console(stderr=True)
    if quiet or not console.is_terminal:
        yield lambda table, address: None
        return
    with progress.bar(console, "tables") as bar:
        task, seen, questions = bar.add_task("tables", total=total, last=""), set(), 0

        def tell(table: str, address: str) -> None:
            nonlocal questions
            questions += bool(address)
            seen.add(table)
            bar.update(task, completed=len(seen) - 1, last=f"{table}, {questions} questions")

        yield tell
        bar.update(task, completed=total)
