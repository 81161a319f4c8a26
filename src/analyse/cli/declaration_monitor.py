"""``analyse declarations complete|monitor|outcomes``: what is still coming, steering on it, and what care came to."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Any

import typer

from analyse.cli.options import OptionalTableFile
from analyse.errors import DataError, ParameterError

Store = Annotated[Path, typer.Argument(help="Folder that `analyse declarations read` made.")]
CutOff = Annotated[
    str,
    typer.Option(help="Last month that is fully in, such as 2024-09; default that of the last declaration."),
]
Municipality = Annotated[str | None, typer.Option(help="Name or code; default each one of the store.")]
Region = Annotated[str | None, typer.Option(help="Name or code of a youth region.")]
STORE = Path("data/declarations/store")
SEED = 20241231
Samples = Annotated[int, typer.Option(min=100, max=10_000, help="Joint samples for the intervals.")]


def add(app: typer.Typer) -> None:
    """Add the commands to those on declarations."""
    app.command()(complete)
    app.command()(monitor)
    app.command()(outcomes)
    app.command()(residence)


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
        table.insert(0, "municipality", called(table["municipality_code"]))
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
    from analyse.monitor import few_in_period, inputs, year_end
    from analyse.sources.declarations import contracts as agreed

    known = inputs.read(folder, contracts, cut_off=cut_off)
    model = year_end.looked_back(known.cells, known.cut_off)
    codes = sorted(known.cells["municipality_code"].unique())
    rows = [
        year_end.without_few_to_date(
            year_end.forecast(
                model, known.contracts, members=[code], samples=samples, rng=np.random.default_rng(SEED)
            ),
            few_in_period.to_date(known, [code]),
        )
        for code in codes
    ]
    table = pd.concat(rows, ignore_index=True).rename(columns=lambda name: re.sub("^q(?=0)", "", name))
    table.insert(0, "municipality_code", codes)
    table.insert(1, "municipality", called(codes))
    _banner(known.about)
    shown = table[
        ["municipality_code", "municipality", "declared_eur", "mean", "0.1", "0.9", "budget_eur"]
    ].round(-3)
    typer.echo(shown.assign(probability=table["probability"].round(2)).to_string(index=False, na_rep="-"))
    typer.echo("-: not known, or it would tell what fewer than ten youths cost")
    for name in agreed.absent(known.contracts):
        typer.echo(f"{name}.csv is not there; see docs/monitor.md for what needs it")
    if output is not None:
        store.write_table(table, output)


def outcomes(
    folder: Store = STORE,
    municipality: Municipality = None,
    region: Region = None,
    years: Annotated[int, typer.Option(min=1, max=10, help="How many years, the last one included.")] = 3,
    cut_off: CutOff = "",
    output: OptionalTableFile = None,
) -> None:
    """What care came to by year: duration, ends, moves between providers, returns and waiting."""
    import pandas as pd

    from analyse import store
    from analyse.monitor import inputs

    known = inputs.read(folder, cut_off=cut_off)
    named = areas_of(known, municipality, region)
    shown = range(known.year - years + 1, known.year + 1)
    table = pd.concat([known.outcomes(code, one, shown) for code, one in named.items()], ignore_index=True)
    table.insert(2, "area", called(table["area_code"]))
    _banner(known.about)
    whole = table[table["care_form"] == "total"].drop(columns="care_form")
    typer.echo(whole.round(3).to_string(index=False, na_rep="-"))
    typer.echo("-: fewer than ten, or not known yet; low and high: 95 % interval")
    if output is not None:
        store.write_table(table, output)
        typer.echo(f"{len(table):,} rows by area, care form and year in {output}")


def residence(
    folder: Store = STORE,
    contracts: Annotated[Path | None, typer.Option(help="Folder with postcodes.csv.")] = None,
    municipality: Municipality = None,
    region: Region = None,
    cut_off: CutOff = "",
    output: OptionalTableFile = None,
) -> None:
    """Which lines another municipality should pay by the rule of residence of 2022; print them by year."""
    import pandas as pd

    from analyse import store
    from analyse.monitor import category_plans, inputs
    from analyse.parameters import COUNTRY
    from analyse.present.monitor import Page, residence_table
    from analyse.sources import snapshot

    known = inputs.read(folder, contracts, cut_off=cut_off)
    if known.contracts["postcodes"].empty:
        raise DataError(
            "residence: no postcodes.csv; name the folder with --contracts, see docs/monitor.md for its columns"
        )
    tables = snapshot.load(regions=COUNTRY)
    parts = []
    for code, members in areas_of(known, municipality, region).items():
        page = Page("", False, "en", apart=category_plans.apart(known, code, tables))
        for year, own in known.residence(members).groupby("year"):
            shown = residence_table.shown(own, page)
            to_whom = known.reclaims(members, int(year)) if len(members) == 1 else None
            table = residence_table.named(residence_table.divided(shown, to_whom), page)
            parts.append(table.assign(municipality=called([code])[0], area_code=code, year=year))
    _banner(known.about)
    if not parts:
        raise DataError("residence: no allocation or request in the store has an address (JW301, JW315)")
    table = pd.concat(parts, ignore_index=True)
    table["responsible"] = called(table["responsible_code"])
    table = table[
        ["area_code", "municipality", "year", "residence", "responsible", "lines", "clients", "cost_eur"]
    ]
    typer.echo(table.round(0).to_string(index=False, na_rep="-"))
    typer.echo(
        "who should pay; lines and youths rounded to five, what has fewer than ten youths taken together"
    )
    if output is not None:
        store.write_table(table, output)
        typer.echo(f"{len(table):,} rows by area, year and who should pay in {output}")


def areas_of(known: Any, municipality: str | None, region: str | None) -> dict[str, list[str]]:
    """The areas that were asked for, with their municipalities; by default each municipality of a store.

    Raises
    ------
    ParameterError
        If both are given, or the area is not known.
    DataError
        If a municipality of the area has no lines in the store.
    """
    from analyse.history import areas
    from analyse.monitor import inputs
    from analyse.parameters import COUNTRY
    from analyse.sources import snapshot

    there = sorted(known.cells["municipality_code"].unique())
    if municipality is None and region is None:
        return {code: [code] for code in there}
    if municipality is not None and region is not None:
        raise ParameterError("declarations: give either --municipality or --region")
    tables = snapshot.load(regions=COUNTRY)
    code = areas.resolve(tables, municipality) if municipality else areas.resolve_region(tables, str(region))
    members = inputs.members(tables, code)
    absent = sorted(set(members) - set(there))
    if absent:
        raise DataError(f"declarations: the store has no lines of {', '.join(called(absent))}")
    return {code: members}


def called(codes: Iterable[str]) -> list[str]:
    """The names of areas by code, merged ones too; a code without a name stays as it is."""
    from analyse.history import areas
    from analyse.parameters import COUNTRY
    from analyse.sources import snapshot

    names = areas.all_names(snapshot.load(regions=COUNTRY))
    return [names.get(code, code) for code in codes]


def _banner(about: object) -> None:
    label = about["label"] if isinstance(about, dict) else ""
    if label:
        typer.echo(label)
