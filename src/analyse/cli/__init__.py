"""The commands: parse, call, print; no logic."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Annotated, Any, Literal

import typer
from typer.main import get_command

from analyse import __version__
from analyse.cli import (
    declarations,
    earlier_forecasts,
    evaluate,
    exit_status,
    forecast_flows,
    open_data,
    own_folder,
    past_forecasts,
    plan_reports,
    regional_rules,
    scenario,
)
from analyse.cli.options import (
    Areas,
    Assume,
    Boundaries,
    BoundaryYear,
    By,
    Country,
    Groups,
    Handout,
    Horizon,
    InputBreaks,
    InputFrequency,
    InputGroup,
    InputKey,
    InputKnown,
    InputLeads,
    InputLevels,
    InputPeriod,
    InputRegion,
    InputRoles,
    InputTable,
    InputValue,
    Json,
    Level,
    Office,
    OptionalTableFile,
    OwnGroups,
    Parameters,
    Pdf,
    Planning,
    Quiet,
    Samples,
    Seed,
    SingleFile,
    Templates,
    check_given_once,
)
from analyse.errors import ParameterError, ReportFailure

HELP = "Forecast, compare and explain youth care of Dutch municipalities."

app = typer.Typer(help=HELP, epilog=exit_status.MEANINGS, no_args_is_help=True, add_completion=True)
data_app = typer.Typer(help="The embedded figures.", no_args_is_help=True)
app.add_typer(data_app, name="data")
own_folder.register(app, exit_status.MEANINGS)
open_data.register(app, data_app, exit_status.MEANINGS)
app.add_typer(scenario.app, name="scenario")
app.add_typer(regional_rules.app, name="rules")
declarations.register(app, exit_status.MEANINGS)
for command in (past_forecasts.backtest, forecast_flows.flows, evaluate.evaluate):
    app.command(epilog=exit_status.MEANINGS)(command)
app.add_typer(earlier_forecasts.app, name="register")
app.add_typer(plan_reports.app, name="plan")


def _print_version(asked: bool) -> None:
    if asked:
        typer.echo(f"analyse {__version__}")
        raise typer.Exit


@app.callback()
def common(
    debug: Annotated[bool, typer.Option("--debug", help="Show the traceback of an error.")] = False,
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Forecast, compare and explain youth care of Dutch municipalities."""
    own_folder.adopt(Path.cwd())


@app.command(epilog=exit_status.MEANINGS)
def report(
    municipality: Areas = None,
    region: Areas = None,
    group: OwnGroups = None,
    provider: Annotated[
        str,
        typer.Option(help="Instead: the page of one provider (AGB code) from the declarations, as one file."),
    ] = "",
    everything: Annotated[
        bool, typer.Option("--all", help="Every municipality, region and comparison.")
    ] = False,
    country: Country = False,
    districts: Annotated[
        bool, typer.Option("--districts", help="Also a page on the districts of each municipality.")
    ] = False,
    planning: Planning = False,
    output: Annotated[Path | None, typer.Option(help="Folder for the reports; default reports/.")] = None,
    name: Annotated[
        str, typer.Option(help="Name of the run; default: dataset, version, language, areas.")
    ] = "",
    language: Annotated[Literal["nl", "en"] | None, typer.Option(help="Language of the pages.")] = None,
    dataset: Annotated[str | None, typer.Option(help="Folder below data/, or latest.")] = None,
    workers: Annotated[
        int | None, typer.Option(min=1, max=256, help="Processes; default one per processor.")
    ] = None,
    parameters: Parameters = None,
    assume: Assume = None,
    declared: Annotated[
        Path | None,
        typer.Option("--declarations", help="Store to make pages of; default data/declarations/store."),
    ] = None,
    contracts: Annotated[
        Path | None, typer.Option(help="Folder with what was agreed; default data/contracts.")
    ] = None,
    no_declarations: Annotated[
        bool, typer.Option("--no-declarations", help="No pages on declarations.")
    ] = False,
    resume: Annotated[bool, typer.Option("--resume", help="Go on where a run was broken off.")] = False,
    fresh: Annotated[bool, typer.Option("--fresh", help="Run everything, also what did not change.")] = False,
    only_changed: Annotated[
        bool, typer.Option("--only-changed", help="Do not try again what failed, unless it changed.")
    ] = False,
    retry: Annotated[int, typer.Option(min=0, max=10, help="Times to try again what fails.")] = 0,
    timeout: Annotated[float, typer.Option(min=1, help="Seconds that one notebook may take.")] = 600.0,
    memory: Annotated[int, typer.Option(min=0, help="Megabytes for one notebook; 0: no limit.")] = 4000,
    scheduler: Annotated[str, typer.Option(help="Address of a dask.distributed cluster to work on.")] = "",
    share: Annotated[
        str, typer.Option(help="Folder or URL that its workers write to; default --output.")
    ] = "",
    single_file: SingleFile = False,
    pdf: Pdf = False,
    handout: Handout = False,
    office: Office = False,
    template: Templates = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Print what would run and why.")] = False,
    quiet: Quiet = False,
) -> None:
    """Make reports: HTML pages, executed notebooks, an index and a manifest; what did not change stays."""
    from analyse import runs, shared, store
    from analyse.cli import progress
    from analyse.compare import choices
    from analyse.runs import exports
    from analyse.sources import snapshot

    forms = exports.Forms(single_file, pdf, handout, office, tuple(template or ()))
    forms.check(planning=planning)
    run = _settings(
        parameters,
        country=country,
        assume=assume,
        language=language,
        dataset=dataset,
        districts=districts or None,
        planning=planning or None,
        **declarations.folders(declared, contracts, without=no_declarations),
    )
    if provider:
        named = [*(municipality or ()), *(region or ())]
        typer.echo(declarations.provider_page(run, provider, output, areas=named))
        return
    wholes = [*(region or ()), *(choices.groups(run, group) if group else ())]
    run = runs.scoped(run, municipalities=municipality or (), regions=wholes)
    tables = shared.loaded(run.dataset, run.regions)
    chosen = runs.plan(
        run,
        tables,
        version=snapshot.package(run.dataset)["version"],
        municipalities=municipality or (),
        regions=wholes,
        whole=everything or (country and not (municipality or region or group)),
        name=name,
    )
    folder = (output or store.reports_folder()).absolute()
    reuse = runs.Reuse(fresh=fresh, resume=resume, keep_failed=only_changed)
    verdicts = runs.judge(chosen, folder, reuse=reuse)
    if dry_run:
        progress.print_plan(verdicts)
        return
    effort = runs.Effort(workers, timeout, memory, retry, scheduler=scheduler, share=share)
    with progress.shown(sum(bool(verdict.why) for verdict in verdicts), quiet=quiet) as tell:
        result = runs.make(chosen, folder, effort=effort, reuse=reuse, progress=tell)
    exports.write(result, forms, created=snapshot.package(run.dataset)["created"])
    progress.record(result, folder)
    progress.print_closing(result, quiet=quiet)
    if result.failed:
        failed = ", ".join(notebook["name"] for notebook in result.failed)
        raise ReportFailure(
            f"{len(result.failed)} of {len(chosen.jobs)} notebooks failed: {failed}; see {result.index}"
        )


@app.command(epilog=exit_status.MEANINGS)
def reproduce(
    manifest: Annotated[Path, typer.Argument(help="The manifest.json of a set of reports.")],
    workers: Annotated[int | None, typer.Option(min=1, max=256, help="Processes.")] = None,
) -> None:
    """Make a set of reports again from its manifest, elsewhere, and say whether the result is the same."""
    from analyse import runs
    from analyse.cli import progress
    from analyse.runs import reproduce as again

    compared = again.reproduce(manifest, effort=runs.Effort(workers=workers))
    progress.print_comparison(compared)
    if compared["other"]:
        raise ReportFailure(
            f"{len(compared['other'])} of {compared['notebooks']} reports are not the same as in {manifest}"
        )


@app.command(
    epilog=exit_status.MEANINGS, context_settings={"allow_extra_args": True, "ignore_unknown_options": True}
)
def warm(context: typer.Context) -> None:
    """Run a command with a warm process standing by: analyse warm papermill -k zygote in.ipynb out.ipynb."""
    import subprocess

    from analyse.runs import zygote

    if not context.args:
        raise ParameterError("warm: name a command, such as papermill -k zygote in.ipynb out.ipynb")
    with zygote.running():
        raise typer.Exit(subprocess.run(context.args).returncode)


@app.command(epilog=exit_status.MEANINGS)
def history(
    by: By,
    output: OptionalTableFile = None,
    json: Json = False,
    composition: Boundaries = None,
    composition_year: BoundaryYear = None,
    group: Groups = None,
    country: Country = False,
    parameters: Parameters = None,
) -> None:
    """Write what is known: one row per area and year."""
    from analyse.cli import export

    run = _settings(parameters, country=country, composition=composition, composition_year=composition_year)
    _deliver(lambda: export.known_figures(run, by, only=group or ()), output, json=json)


@app.command(epilog=exit_status.MEANINGS)
def forecast(
    output: OptionalTableFile = None,
    json: Json = False,
    by: Annotated[Level | None, typer.Option(help="What one row is; or give --input.")] = None,
    table: InputTable = None,
    key: InputKey = None,
    period: InputPeriod = None,
    value: InputValue = None,
    group: InputGroup = None,
    region: InputRegion = None,
    frequency: InputFrequency = None,
    breaks: InputBreaks = None,
    levels: InputLevels = None,
    known: InputKnown = None,
    role: InputRoles = None,
    lead: InputLeads = None,
    horizon: Horizon = None,
    samples: Samples = None,
    seed: Seed = None,
    country: Country = False,
    parameters: Parameters = None,
    assume: Assume = None,
) -> None:
    """Write what is expected, one row per area and year, or per key and period of a table of your own."""
    from analyse.cli import export

    columns = {
        **{"key": key, "period": period, "value": value, "group": group, "region": region},
        **{"frequency": frequency, "breaks": breaks, "levels": levels},
        **{"known": known, "role": role, "lead": lead},
    }
    chosen = {"horizon": horizon, "samples": samples, "seed": seed}
    if table is not None and assume:
        raise ParameterError("forecast: --assume goes with --by, not with --input")
    if export.brings_table(by, table, parameters, columns):
        _deliver(lambda: export.forecast_of_table(table, **columns, **chosen), output, json=json)
        return
    run = _settings(parameters, country=country, assume=assume, **chosen)
    _deliver(lambda: export.expected_costs(run, by), output, json=json)


@app.command("list", epilog=exit_status.MEANINGS)
def list_areas(json: Json = False) -> None:
    """Print the regions and their municipalities, with their codes."""
    from analyse import parameters
    from analyse.cli import export
    from analyse.history import areas
    from analyse.sources import snapshot

    tables = snapshot.load(regions=parameters.COUNTRY)
    if json:
        listed = areas.in_year(tables).dropna(subset="region_code")
        typer.echo(export.as_json(listed.assign(region=listed["region_code"].map(areas.regions(tables)))))
        return
    for region_code, region_name in areas.regions(tables).items():
        typer.echo(f"{region_code}    {region_name}")
        for code in areas.members(tables, region_code):
            typer.echo(f"  {code}  {areas.name(tables, code)}")


def main() -> None:
    """Run the command line and end with the documented exit status."""
    arguments = sys.argv[1:]
    debug = "--debug" in arguments
    try:
        command = get_command(app)
        check_given_once(command, arguments)
        status = (
            command([argument for argument in arguments if argument != "--debug"], standalone_mode=False) or 0
        )
        sys.stdout.flush()
    except (typer.Abort, KeyboardInterrupt):
        status = exit_status.INTERRUPTED
    except Exception as error:
        if debug:
            raise
        status = exit_status.of_error(error)
    if status == exit_status.INTERRUPTED:  # typer too answers Ctrl-C with this status
        exit_status.complain("interrupted; what stood in the output folder is as it was", status)
    sys.exit(status)


def _settings(
    path: Path | None, *, country: bool = False, assume: Sequence[str] | None = None, **chosen: Any
) -> Any:
    """The checked parameters: the file, and on top of it what stands on the command line."""
    from analyse import parameters
    from analyse.cli import export

    if assume:
        chosen["assumptions"] = export.assumptions(assume)
    chosen = {**chosen, "regions": "country"} if country else chosen
    return parameters.load(path, **{key: value for key, value in chosen.items() if value is not None})


def _deliver(make: Callable[[], Any], output: Path | None, *, json: bool) -> None:
    """Make a table and write it, print it, or both."""
    from analyse import store
    from analyse.cli import export

    if output is None and not json:
        raise ParameterError("give --output FILE to write the table, or --json to print it")
    table = make()
    if output is not None:
        store.write_table(table, output)
    typer.echo(export.as_json(table) if json else f"{output}: {len(table)} rows")
