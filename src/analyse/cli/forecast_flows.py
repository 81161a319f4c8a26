"""``analyse flows``: the number in care ahead, from who comes in, how long they stay and who grows older."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from analyse.cli.options import TableFile


def flows(
    output: TableFile,
    table: Annotated[
        Path, typer.Option("--input", help="care_form, period, age, stock (1 January), joined, left.")
    ],
    population: Annotated[
        Path, typer.Option(help="period, age, count on 1 January; also of the years ahead but the last.")
    ],
    horizon: Annotated[int, typer.Option(min=1, max=20, help="Years ahead.")] = 3,
    samples: Annotated[int, typer.Option(min=100, max=10_000, help="Joint futures.")] = 1000,
    seed: Annotated[int, typer.Option(min=0, help="The same seed gives the same numbers.")] = 20241231,
) -> None:
    """Write the number in care by form, age and year, with intervals, and print how long each form now lasts."""
    import numpy as np

    from analyse import store
    from analyse.cli.export import check_extension
    from analyse.forecast import stock_flow

    check_extension(output)
    known = store.read_table(table)
    drawn = stock_flow.futures(
        known,
        store.read_table(population),
        horizon=horizon,
        samples=samples,
        rng=np.random.default_rng(seed),
    )
    rows = stock_flow.quantiles(drawn)
    store.write_table(rows, output)
    for form, years in stock_flow.stay_years(known).items():
        typer.echo(f"{form}: {years:.1f} years on average")
    typer.echo(f"{output}: {len(rows)} rows")
