"""``analyse declarations complete|monitor``: what is still coming, and steering on it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated

import typer

from analyse.cli.options import OptionalTableFile

Store = Annotated[Path, typer.Argument(help="Folder that `analyse declarations read` made.")]
CutOff = Annotated[
    str,
    typer.Option(help="Last month that is fully in, such as 2024-09; default that of the last declaration."),
]
STORE = Path("data/declarations/store")
SEED = 20241231
Samples = Annotated[int, typer.Option(min=100, max=10_000, help="Joint samples for the intervals.")]


def add(app: typer.Typer) -> None:
    """Add the commands to those on declarations."""
    app.command()(complete)
    app.command()(monitor)


def complete(
    folder: Store = STORE,
    cut_off: CutOff = "",
    output: OptionalTableFile = None,
    samples: Samples = 1000,
) -> None:
    """Complete each month of care for declarations that are still coming; print the last twelve months."""
    import numpy as np

    from analyse import store
    from analyse.history import completion
    from analyse.monitor import inputs

    known = inputs.read(folder, cut_off=cut_off)
    completed = completion.look_back(completion.classed(known.cells, known.cut_off))
    drawn = completed.draw(samples, np.random.default_rng(SEED)).sum(axis=0)
    _banner(known.about)
    table = completed.completed.table()
    summed = table.groupby("period")[["declared_eur", "cost_eur"]].sum().tail(len(drawn))
    low, high = np.quantile(drawn, [0.1, 0.9], axis=1)
    summed = summed.assign(
        low_eur=low, high_eur=high, share_percent=summed["declared_eur"] / summed["cost_eur"] * 100
    )
    typer.echo(summed.tail(12).round(0).astype(int).to_string())
    typer.echo("low_eur and high_eur: 80 % interval")
    if output is not None:
        store.write_table(table, output)
        typer.echo(f"{len(table):,} rows by municipality, care form and month in {output}")


def monitor(
    folder: Store = STORE,
    contracts: Annotated[Path | None, typer.Option(help="Folder with budgets.csv and others.")] = None,
    cut_off: CutOff = "",
    output: OptionalTableFile = None,
    samples: Samples = 1000,
) -> None:
    """Forecast the year of every municipality in the store, against its budget."""
    import numpy as np
    import pandas as pd

    from analyse import store
    from analyse.monitor import inputs, year_end
    from analyse.sources.declarations import contracts as agreed

    known = inputs.read(folder, contracts, cut_off=cut_off)
    model = year_end.looked_back(known.cells, known.cut_off)
    codes = sorted(known.cells["municipality_code"].unique())
    rows = [
        year_end.forecast(
            model, known.contracts, members=[code], samples=samples, rng=np.random.default_rng(SEED)
        )
        for code in codes
    ]
    table = pd.concat(rows, ignore_index=True).rename(columns=lambda name: re.sub("^q(?=0)", "", name))
    table.insert(0, "municipality_code", codes)
    _banner(known.about)
    shown = table[["municipality_code", "declared_eur", "mean", "0.1", "0.9", "budget_eur"]].round(-3)
    typer.echo(shown.assign(probability=table["probability"].round(2)).to_string(index=False))
    for name in agreed.absent(known.contracts):
        typer.echo(f"{name}.csv is not there; see docs/monitor.md for what needs it")
    if output is not None:
        store.write_table(table, output)


def _banner(about: object) -> None:
    label = about["label"] if isinstance(about, dict) else ""
    if label:
        typer.echo(label)
