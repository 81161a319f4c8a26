"""``analyse flows``: the number in care ahead, from who comes in, how long they stay and who grows older."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from analyse.cli.options import TableFile
from analyse.errors import DataError

if TYPE_CHECKING:
    import pandas as pd


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
    from analyse.forecast import stock_flow

    known = _counts(table, [*stock_flow.KEYS, *stock_flow.COUNTS])
    drawn = stock_flow.futures(
        known,
        _counts(population, ["period", "age", "count"]),
        horizon=horizon,
        samples=samples,
        rng=np.random.default_rng(seed),
    )
    rows = stock_flow.quantiles(drawn)
    store.write_table(rows, output)
    for form, years in stock_flow.stay_years(known).items():
        typer.echo(f"{form}: {years:.1f} years on average")
    typer.echo(f"{output}: {len(rows)} rows")


def _counts(path: Path, wanted: list[str]) -> pd.DataFrame:
    """A table of whole numbers by year and age, read as every table of the user's own."""
    from analyse import store
    from analyse.reading import periods

    sheet = store.read_sheet(path, wanted=wanted)
    read = {}
    for name in wanted:
        if name not in sheet.frame or name == "care_form":
            continue
        cells = sheet.frame[name]
        if name == "period":
            read[name] = cells.map(lambda cell: periods.step(cell, "year"))
        else:
            read[name] = sheet.numbers(name, most_decimals=0)
        unknown = read[name].index[read[name].isna()]
        if len(unknown):
            raise DataError(
                f"{sheet.where}: {sheet.cell(unknown[0], name)}: got {cells[unknown[0]]!r}, expected a whole number"
            )
    return sheet.frame.assign(**read)
