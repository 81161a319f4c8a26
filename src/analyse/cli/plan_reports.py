"""``analyse plan``: plans of a year, and what was promised beside what happened."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from analyse.cli.options import areas_named, writable
from analyse.errors import ParameterError

if TYPE_CHECKING:
    from analyse.compare.year_plans import YearPlan

app = typer.Typer(help="Plans of a year: what was promised beside what happened.", no_args_is_help=True)


@app.command("list")
def list_plans() -> None:
    """Print the plans in parameters/plans/."""
    from analyse.compare import year_plans

    for name, plan in year_plans.plans().items():
        made_up = "  (example)" if plan.example else ""
        typer.echo(f"{plan.year}  {plan.area_code}  {name}  {len(plan.measures)} measures{made_up}")


@app.command()
def report(
    year: Annotated[int, typer.Argument(help="Year of the plan.")],
    area: Annotated[
        str | None,
        typer.Option(help="Code or name, where that year has several plans.", autocompletion=areas_named),
    ] = None,
    output: Annotated[
        Path | None, typer.Option(callback=writable, help="HTML file; default reports/plans/<plan>.html.")
    ] = None,
    language: Annotated[Literal["nl", "en"], typer.Option(help="Language of the page.")] = "nl",
    dataset: Annotated[str | None, typer.Option(help="Folder below data/, or latest.")] = None,
    judgements: Annotated[
        Path | None, typer.Option(help="Folder where judgements are kept; default data/judgements.")
    ] = None,
) -> None:
    """Lay what a plan promised beside the figures, and keep on which figures it was judged."""
    from analyse import parameters, store
    from analyse.present.pages import plan_judged

    name, plan = _asked(year, area)
    run = parameters.load(None, **({"dataset": dataset} if dataset else {}), language=language)
    from analyse.report import plan_page

    parts = plan_judged.parts(name, plan, run, folder=judgements)
    target = (output or store.reports_folder() / "plans" / f"{name}.html").absolute()
    plan_page.write(parts, target, dataset=run.dataset, language=run.language)
    typer.echo(f"{target}: {len(plan.measures)} measures of {name}")


def _asked(year: int, area: str | None) -> tuple[str, YearPlan]:
    """The plan of a year and area; an example only where it is asked for by its area.

    Raises
    ------
    ParameterError
        If there is none, or more than one.
    """
    from analyse import parameters
    from analyse.compare import year_plans
    from analyse.history import areas
    from analyse.sources import snapshot

    known = year_plans.plans()
    chosen = {name: plan for name, plan in known.items() if plan.year == year}
    if area:
        tables = snapshot.load(regions=parameters.COUNTRY)
        names = areas.all_names(tables)
        code = area if area in names else next((one for one, called in names.items() if called == area), area)
        chosen = {name: plan for name, plan in chosen.items() if plan.area_code == code}
    if len(chosen) != 1:
        there = ", ".join(f"{plan.year} {plan.area_code} ({name})" for name, plan in known.items())
        several = "several plans; name one with --area" if chosen else "no plan"
        raise ParameterError(f"plan: {several} of {year}{f' and {area}' if area else ''}; there are {there}")
    return next(iter(chosen.items()))
