"""``analyse backtest``: what the forecast would have said in the past, scored, and the forecasts themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

import typer

from analyse.cli.options import OptionalTableFile, TableFile
from analyse.errors import ParameterError

if TYPE_CHECKING:
    import pandas as pd

    from analyse.parameters import Run


def backtest(
    output: TableFile,
    forecasts: OptionalTableFile = None,
    country: Annotated[
        bool, typer.Option("--country", help="All municipalities of the Netherlands.")
    ] = False,
    region: Annotated[
        list[str] | None,
        typer.Option(help="Score this region of the Netherlands; code or name, may be repeated."),
    ] = None,
    half: Annotated[
        Literal["0", "1"] | None,
        typer.Option(help="0: municipalities that constants were estimated on; 1: the others."),
    ] = None,
    method: Annotated[
        str | None, typer.Option(help="A rival, or budget; default the method of the forecast.")
    ] = None,
    budgets_ahead: Annotated[
        Literal["1", "2"],
        typer.Option(help="1: the next year's budget is known, as in summer; 2: one more, as from November."),
    ] = "1",
    samples: Annotated[int | None, typer.Option(help="Joint futures; default 1000.")] = None,
    dataset: Annotated[str | None, typer.Option(help="Folder below data/, or latest.")] = None,
) -> None:
    """Score forecasts from every year in the past, made with what was known then, on the accounts that followed.

    Without --country or --region it is about the regions of the reports, as these are made.
    """
    from analyse import parameters, store
    from analyse.forecast import backtest as testing

    if country and region:
        raise ParameterError("backtest: give either --country or --region")
    given = {"dataset": dataset, "samples": samples}
    run = parameters.load(None, **{name: value for name, value in given.items() if value is not None})
    run = run.of_country() if country or region else run
    table, regions = _tested(run, method or testing.FORECAST, int(budgets_ahead), region or [])
    table = testing.part(table, regions=regions, half=None if half is None else int(half))
    scores = testing.scores_by_class(table)
    store.write_table(scores, output)
    typer.echo(f"{output}: {len(scores)} rows")
    if forecasts is not None:
        rows = testing.forecasts(table)
        store.write_table(rows, forecasts)
        typer.echo(f"{forecasts}: {len(rows)} rows")


def _tested(run: Run, method: str, budgets_ahead: int, named: list[str]) -> tuple[pd.DataFrame, list[str]]:
    """The backtest, and the codes of the named regions."""
    from analyse import shared
    from analyse.forecast import backtest as testing
    from analyse.history import areas

    learned = shared.pool(run)
    regions = [areas.resolve_region(learned.tables, name) for name in named]
    table = testing.run(
        learned.history,
        learned.tables,
        rng=run.rng("backtest"),
        samples=run.samples,
        methods=[method],
        budgets_ahead=budgets_ahead,
        only=learned.codes,
    )
    return table, regions
