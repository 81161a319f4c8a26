"""``analyse scenario``: work out, compare and reckon back, for one area."""

from __future__ import annotations

from dataclasses import asdict
from json import dumps
from pathlib import Path
from typing import Annotated, Any

import typer

from analyse.cli import expert_forms
from analyse.cli.options import (
    Json,
    OptionalTableFile,
    Parameters,
    areas_named,
    levers_named,
    scenarios_named,
)
from analyse.errors import ParameterError

LARGEST_BUDGET = 1e13
app = typer.Typer(help="What if: levers through stock and flow, with their intervals.", no_args_is_help=True)
app.add_typer(expert_forms.app, name="experts")

Name = Annotated[
    str,
    typer.Argument(
        help="A scenario file, or the name of one in parameters/scenarios/.", autocompletion=scenarios_named
    ),
]
Names = Annotated[
    list[str],
    typer.Argument(help="Scenario files or names, two or more.", autocompletion=scenarios_named),
]
Municipality = Annotated[
    str | None, typer.Option(help="Code or name of a municipality.", autocompletion=areas_named)
]
Region = Annotated[
    str | None,
    typer.Option(help="Code or name of a region, or ALL for the three together.", autocompletion=areas_named),
]


@app.command("list")
def list_scenarios(json: Json = False) -> None:
    """Print the scenarios that come with the suite, and the levers with their range and evidence."""
    from analyse import scenario

    if json:
        levers = [lever.model_dump(mode="json") for lever in scenario.levers()]
        typer.echo(dumps({"scenarios": list(scenario.names()), "levers": levers}, ensure_ascii=False))
        return
    for name in scenario.names():
        typer.echo(name)
    typer.echo("")
    for lever in scenario.levers():
        typer.echo(
            f"{lever.id}  {lever.minimum:g} to {lever.maximum:g} {lever.unit}, "
            f"default {lever.default.size:g}, evidence {lever.evidence}: {lever.title.en}"
        )


@app.command("timetable")
def national_timetable(json: Json = False) -> None:
    """Print what the state decided, prepares or wants: when, by which law, how far, and what is expected of it."""
    from analyse import scenario
    from analyse.cli import scenario_tables
    from analyse.scenario import timetable

    listed = timetable.planned(scenario.levers())
    if json:
        typer.echo(dumps([one.model_dump(mode="json") for one in listed], ensure_ascii=False))
        return
    typer.echo(scenario_tables.planned(listed))


@app.command()
def places(region: Region = None, json: Json = False, parameters: Parameters = None) -> None:
    """Print places above the region: closed care, foster care, family homes and certified institutions."""
    from analyse import parameters as params
    from analyse import shared
    from analyse.cli import scenario_tables
    from analyse.history import areas
    from analyse.scenario import capacity

    run = params.load(parameters)
    code = None if region is None else areas.resolve_region(shared.tables(run), region)
    listed = capacity.supply() if code is None else capacity.about(code)
    if json:
        typer.echo(dumps([one.model_dump(mode="json") for one in listed], ensure_ascii=False))
        return
    typer.echo(scenario_tables.places(listed))


@app.command()
def local(
    size: Annotated[float, typer.Option(help="Per cent of treatment and other help that is to move.")] = 20.0,
    cost_ratio: Annotated[float, typer.Option(help="Local price as a part of the regional one.")] = 1.0,
    start: Annotated[int, typer.Option(help="First year.")] = 2027,
    municipality: Municipality = None,
    region: Region = None,
    json: Json = False,
    parameters: Parameters = None,
) -> None:
    """Work out moving help from the region to local teams: youths, workers, paid twice, and the neutral price."""
    import numpy as np

    from analyse.cli import export, scenario_tables
    from analyse.scenario import files, local_shift

    inputs = _inputs(municipality, region, parameters)
    usual = inputs.levers[inputs.lever_index(local_shift.LEVER)].default
    setting = usual.model_copy(update={"size": size, "cost_ratio": cost_ratio, "start": start})
    files.check({local_shift.LEVER: setting}, inputs.levers, years=inputs.years, where="scenario local")
    found = local_shift.planned(inputs, setting)
    table = local_shift.table(found)
    if json:
        typer.echo(export.as_json(table))
        return
    low, middle, high = np.quantile(found.neutral, [0.1, 0.5, 0.9])
    typer.echo(
        f"{inputs.area}: budget-neutral local price {middle:.0%} of the regional one ({low:.0%} to {high:.0%})"
    )
    typer.echo(scenario_tables.shifted(table))


@app.command()
def run(
    name: Name,
    municipality: Municipality = None,
    region: Region = None,
    output: OptionalTableFile = None,
    by_form: Annotated[
        bool, typer.Option("--by-form", help="Write a row per care form, period and sample.")
    ] = False,
    json: Json = False,
    parameters: Parameters = None,
    declarations: Annotated[
        Path | None,
        typer.Option(help="Store of declarations: durations of the area go before the country's."),
    ] = None,
    own_places: Annotated[
        Path | None,
        typer.Option("--places", help="YAML with new places of your own: they cap what moves there."),
    ] = None,
    experts: Annotated[
        Path | None,
        typer.Option(help="What `scenario experts pool` wrote: it says what comes true of their measures."),
    ] = None,
) -> None:
    """Work out one scenario: years, what makes it unsure, what drives the costs, and the business case."""
    from analyse import parameters as params
    from analyse import scenario
    from analyse.cli import scenario_tables
    from analyse.scenario import capacity, comparison

    if by_form and output is None:
        raise ParameterError("scenario run: --by-form says what to write; give --output as well")
    inputs = _inputs(municipality, region, parameters)
    if declarations is not None:
        inputs = _with_own_durations(inputs, declarations, quiet=json)
    if own_places is not None:
        inputs = capacity.capped(inputs, capacity.own(own_places))
    chosen = scenario.load(name, years=inputs.years, known=inputs.levers)
    if experts is not None:
        inputs, chosen = expert_forms.given(inputs, experts, chosen, params.load(parameters).rng)
    result = comparison.work_out(inputs, chosen)
    compared = comparison.compare([result])
    if json:
        _write(comparison.paths(result, by_form=True) if by_form else compared, output, json=True)
        return
    typer.echo(scenario_tables.head(result))
    if experts is not None:
        typer.echo(f"  with the {expert_forms.NAMED}: {experts}")
    typer.echo(scenario_tables.years(compared))
    if result.scenario.settings:
        typer.echo(scenario_tables.unsure(inputs, result.scenario.settings))
        typer.echo(scenario_tables.steps(inputs, result.scenario.settings))
        typer.echo(scenario_tables.cases(inputs, result.scenario.settings))
    _write(comparison.paths(result, by_form=True) if by_form else compared, output)


@app.command()
def compare(
    names: Names,
    municipality: Annotated[list[str] | None, typer.Option(help="Code or name; may be repeated.")] = None,
    region: Annotated[list[str] | None, typer.Option(help="Code, name or ALL; may be repeated.")] = None,
    year: Annotated[int | None, typer.Option(help="Year to print; default the last.")] = None,
    output: OptionalTableFile = None,
    json: Json = False,
    parameters: Parameters = None,
) -> None:
    """Put scenarios side by side, for one area or several, on the same joint futures."""
    from analyse import scenario
    from analyse.cli import scenario_tables
    from analyse.scenario import comparison

    areas_asked = [(name, None) for name in municipality or ()] + [(None, name) for name in region or ()]
    results = []
    for area in areas_asked or [(None, None)]:
        inputs = _inputs(*area, parameters)
        chosen = [scenario.load(name, years=inputs.years, known=inputs.levers) for name in names]
        results += [comparison.work_out(inputs, definition) for definition in chosen]
    compared = comparison.compare(results)
    years = results[0].inputs.years
    wanted = years[-1] if year is None else year
    if wanted not in years:
        raise ParameterError(f"scenario compare: no forecast of {wanted}; choose {years[0]} to {years[-1]}")
    if json:
        _write(compared, output, json=True)
        return
    for area in dict.fromkeys((result.inputs.area_code, result.inputs.area) for result in results):
        typer.echo(f"{area[1]}, {wanted}")
        typer.echo(scenario_tables.side_by_side(compared.loc[compared["area_code"] == area[0]], wanted))
    _write(compared, output)


@app.command()
def seek(
    lever: Annotated[
        str,
        typer.Argument(
            help="The lever to turn, such as inflow, duration or residential-to-family.",
            autocompletion=levers_named,
        ),
    ],
    year: Annotated[int, typer.Option(help="Year whose budget counts.")],
    budget: Annotated[
        float | None, typer.Option(help="Budget in EUR; default the known budget of that year.")
    ] = None,
    probability: Annotated[
        float, typer.Option(help="Part of the futures that stays within the budget.")
    ] = 0.5,
    name: Annotated[
        str, typer.Option("--scenario", help="Scenario that the lever comes on top of.")
    ] = "base",
    municipality: Municipality = None,
    region: Region = None,
    json: Json = False,
    parameters: Parameters = None,
) -> None:
    """Reckon back: which size of a lever meets a budget."""
    from analyse import scenario
    from analyse.cli import scenario_tables
    from analyse.reading import digits
    from analyse.scenario import seek as reckon

    inputs = _inputs(municipality, region, parameters)
    amount = inputs.budgets.get(year) if budget is None else budget
    if budget is not None and not 0 < budget < LARGEST_BUDGET:
        raise ParameterError(
            f"scenario seek: --budget {budget:g}; expected an amount in EUR, such as 45000000"
        )
    if amount is None:
        known = ", ".join(str(budgeted) for budgeted in inputs.budgets) or "none"
        raise ParameterError(
            f"scenario seek: no budget of {year} is known (known: {known}); give --budget in EUR"
        )
    chosen = scenario.load(name, years=inputs.years, known=inputs.levers)
    answer = reckon.find(
        inputs, lever, year=year, budget_eur=amount, probability=probability, settings=chosen.settings
    )
    if json:
        typer.echo(dumps(digits.of_values(asdict(answer))))
        return
    typer.echo(scenario_tables.answer(inputs, answer))
    if answer.size is None:
        tried = reckon.together(inputs, year=year, budget_eur=amount, settings=chosen.settings)
        typer.echo(scenario_tables.combined(tried))


def _inputs(municipality: str | None, region: str | None, path: Path | None) -> Any:
    """The inputs of the area that was asked for; of the parameters' municipality by default."""
    from analyse import parameters, scenario, shared
    from analyse.history import areas

    if municipality is not None and region is not None:
        raise ParameterError("scenario: give either --municipality or --region")
    run = parameters.load(path)
    tables = shared.tables(run)
    if region is not None:
        code = areas.ALL if region.upper() == areas.ALL else areas.resolve_region(tables, region)
    else:
        code = areas.resolve(tables, municipality or run.municipality)
    return scenario.of(run, code)


def _with_own_durations(inputs: Any, folder: Path, *, quiet: bool) -> Any:
    """The inputs with the durations that a store of declarations shows; says which, unless JSON is asked."""
    import numpy as np

    from analyse import shared
    from analyse.monitor import inputs as declared
    from analyse.monitor import lever_durations
    from analyse.parameters import COUNTRY, Run

    members = declared.members(shared.tables(Run(regions=COUNTRY)), inputs.area_code)
    table = lever_durations.of_store(folder, members)
    if not quiet:
        for row in table.itertuples():
            typer.echo(f"{row.form}: {row.months:.1f} months on average in these declarations")
        if table.empty:
            typer.echo("too few stops in these declarations: durations of the country stay")
    return lever_durations.applied(inputs, table, np.random.default_rng(20241231))


def _write(table: Any, output: Path | None, *, json: bool = False) -> None:
    from analyse import store
    from analyse.cli import export

    if output is not None:
        store.write_table(table, output)
    if json:
        typer.echo(export.as_json(table))
    elif output is not None:
        typer.echo(f"{output}: {len(table)} rows")
