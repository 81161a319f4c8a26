"""``analyse register``: keep published forecasts so that nobody can change them unnoticed, and score them."""

from __future__ import annotations

import datetime
import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from analyse.cli.options import Country, OptionalTableFile
from analyse.errors import DataError, ParameterError

if TYPE_CHECKING:
    from analyse.parameters import Run
    from analyse.shared import Pool

FOLDER = "data/register"
OUTPUT = "model-output"

app = typer.Typer(help="Published forecasts: keep them, show them, score them.", no_args_is_help=True)
Folder = Annotated[Path, typer.Option(help="Folder of the register.")]


@app.command()
def add(
    folder: Folder = Path(FOLDER),
    origin: Annotated[
        list[int] | None,
        typer.Option(help="Replay: as if made when the accounts of this year came; may be repeated."),
    ] = None,
    country: Country = False,
    horizon: Annotated[int | None, typer.Option(help="Years ahead; default 6.")] = None,
    dataset: Annotated[str | None, typer.Option(help="Folder below data/, or latest.")] = None,
) -> None:
    """Add the forecast of today, or of years in the past, to the register."""
    from analyse import parameters, shared

    given = {"horizon": horizon, "dataset": dataset}
    run = parameters.load(None, **{name: value for name, value in given.items() if value is not None})
    run = run.of_country() if country else run
    learned = shared.pool(run)
    for year in origin or [None]:
        file = _add(run, learned, folder, year)
        typer.echo(f"{folder / file}: added")


@app.command()
def show(folder: Folder = Path(FOLDER)) -> None:
    """List the forecasts, and say of each whether it is as it was registered."""
    from analyse.shared import registered

    entries, problems, _ = registered.read(folder)
    if not entries:
        raise ParameterError(f"register: {folder} is empty; `analyse register add` first")
    for item, problem in zip(entries, problems, strict=True):
        made = "replayed" if item["replayed"] else "published"
        typer.echo(f"{item['added']}  {item['file']}  {made} {item['origin_date']}  {problem or 'unchanged'}")
    if any(problems):
        raise DataError(
            f"register: {sum(map(bool, problems))} of {len(entries)} entries are not as registered"
        )


@app.command()
def score(
    folder: Folder = Path(FOLDER),
    output: OptionalTableFile = None,
    municipality: Annotated[
        str | None, typer.Option(help="Instead: what was forecast for this one, its budgets and accounts.")
    ] = None,
    dataset: Annotated[str | None, typer.Option(help="Folder below data/, or latest.")] = None,
) -> None:
    """Score the forecasts on the accounts that came; refused when the register was changed."""
    from analyse import parameters, store
    from analyse.forecast import register
    from analyse.history import areas, panel
    from analyse.shared import registered
    from analyse.sources import snapshot

    entries, problems, contents = registered.read(folder)
    for item, problem in zip(entries, problems, strict=True):
        if problem:
            raise DataError(f"register: {item['file']}: {problem}; take back what was changed")
    if not entries:
        raise ParameterError(f"register: {folder} is empty; `analyse register add` first")
    tables = snapshot.load(dataset or parameters.Run().dataset, regions=parameters.COUNTRY)
    history = panel.build(tables)
    forecasts = {file: registered.rows(content, file) for file, content in contents.items()}
    if municipality:
        table = register.beside_budget(forecasts, history, areas.resolve(tables, municipality))
    else:
        table = register.scores(forecasts, history)
    if output is not None:
        store.write_table(table, output)
    typer.echo(table.round(3).to_string(index=False))


def _add(run: Run, learned: Pool, folder: Path, year: int | None) -> str:
    """Write one forecast and its entry; return the name of the file."""
    import analyse
    from analyse import store
    from analyse.forecast import ragged, register
    from analyse.forecast.joint import joint
    from analyse.forecast.known import as_of
    from analyse.shared import registered
    from analyse.sources import snapshot

    entries, problems, contents = registered.read(folder)
    if any(problems):
        raise DataError("register: it was changed since; `analyse register show` says where")
    today = datetime.date.today().isoformat()
    origin_date = today if year is None else f"{year + 1}-07-01"
    size = {"horizon": run.horizon, "samples": run.samples, "rng": run.rng("forecast")}
    # A replay is of the summer in which the accounts came: the budget after next is not known then.
    data = learned.history, learned.tables
    then = None if year is None else as_of(*data, origin=year, budgets_ahead=1)
    paths = (ragged.paths(*data, **size) if then is None else joint(then, **size)).only(learned.codes)
    scope = "country" if not run.regions else "regions"
    file = f"{OUTPUT}/{register.MODEL}/{origin_date}-{register.MODEL}-{scope}.csv"
    if file in contents:
        raise ParameterError(f"register: {file} is there already; a forecast is registered once")
    content = register.model_output(paths, origin_date).to_csv(index=False, lineterminator="\n").encode()
    said = {
        **{"file": file, "added": today, "origin_date": origin_date, "origin": paths.origin},
        **{
            "replayed": year is not None,
            "dataset": run.dataset,
            "data_sha256": snapshot.data_hash(run.dataset),
        },
        "software": analyse.__version__,
    }
    entries.append(register.entry(said, content, entries))
    store.write_bytes(folder / file, content)
    store.write_text(
        folder / registered.LIST, "".join(json.dumps(item, sort_keys=True) + "\n" for item in entries)
    )
    return file
