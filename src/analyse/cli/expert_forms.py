"""``analyse scenario experts``: a form for experts, and what the filled-in forms say together."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from analyse.cli.options import Parameters, areas_named, levers_named, writable
from analyse.errors import ParameterError

KNOWN = 8
"""Questions with a known answer in a form."""
NAMED = "own assumption of the experts who were asked, no evidence"
app = typer.Typer(
    help="Ask experts for low, middle and high of measures nobody measured, and pool them.",
    no_args_is_help=True,
)
Municipality = Annotated[
    str | None, typer.Option(help="Code or name of a municipality.", autocompletion=areas_named)
]
Region = Annotated[str | None, typer.Option(help="Code or name of a region.", autocompletion=areas_named)]

HEAD = {
    "nl": (
        "# Wat verwacht u? Een formulier van hooguit een kwartier. Zet bij expert uw naam of een nummer.\n"
        "# Geef bij elke vraag drie getallen in procenten, onder 0 is minder:\n"
        "#   low     1 kans op 10 dat het lager wordt\n"
        "#   middle  even vaak erboven als eronder\n"
        "#   high    1 kans op 10 dat het hoger wordt\n"
        "# Tel mee wat elders terugkomt: het gaat om wat er overblijft. Een vraag zonder antwoord laat u leeg (null).\n"
        "# De vragen onder known hebben een bekend antwoord. Zoek het niet op: zij laten zien hoe goed u schat.\n"
    ),
    "en": (
        "# What do you expect? A form of at most a quarter of an hour. Put your name or a number at expert.\n"
        "# Give three numbers in per cent for each question, below 0 is less:\n"
        "#   low     1 chance in 10 that it becomes lower\n"
        "#   middle  as often above as below\n"
        "#   high    1 chance in 10 that it becomes higher\n"
        "# Count what comes back elsewhere: what is left is asked. Leave a question without an answer empty (null).\n"
        "# The questions under known have a known answer. Do not look it up: they show how well you estimate.\n"
    ),
}


@app.command()
def form(
    output: Annotated[Path, typer.Option(callback=writable, help="The file to write, such as form.yaml.")],
    municipality: Municipality = None,
    region: Region = None,
    lever: Annotated[
        list[str] | None,
        typer.Option(
            help="Measure to ask about; may be repeated. Default: those of alle-maatregelen nobody measured.",
            autocompletion=levers_named,
        ),
    ] = None,
    language: Annotated[str, typer.Option(help="nl or en.")] = "nl",
    parameters: Parameters = None,
) -> None:
    """Write an empty form: one copy for each expert."""
    import yaml

    from analyse import store
    from analyse.scenario import expert_form

    if language not in HEAD:
        raise ParameterError(f"experts form: language {language!r} is not known; choose nl or en")
    questions, _ = _known(municipality, region, parameters, language)
    content = expert_form.form(_asked(lever), questions, language=language)
    written = yaml.safe_dump(content, sort_keys=False, allow_unicode=True, width=110)
    store.write_text(output, HEAD[language] + written)
    count = len(content["known"]) + len(content["measures"])
    typer.echo(f"{output}: {count} questions; give each expert a copy")


@app.command()
def pool(
    forms: Annotated[list[Path], typer.Argument(help="The filled-in forms, two or more.")],
    output: Annotated[
        Path | None,
        typer.Option(callback=writable, help="The file to write, for `analyse scenario run --experts`."),
    ] = None,
    municipality: Municipality = None,
    region: Region = None,
    performance: Annotated[
        bool,
        typer.Option("--performance", help="Weigh experts by the known questions; default equal weights."),
    ] = False,
    parameters: Parameters = None,
) -> None:
    """Pool filled-in forms, with equal weights or by how experts did on the known questions."""
    import yaml

    from analyse import scenario, store
    from analyse.cli import scenario_tables
    from analyse.scenario import elicitation, expert_form

    _, truths = _known(municipality, region, parameters, "nl")
    if len(set(forms)) < len(forms):
        raise ParameterError("experts: a form is given twice; give each form once")
    contents = {str(path): store.read_yaml(path) for path in forms}
    read = expert_form.read(contents, scenario.levers(), truths)
    pooled = elicitation.pool(read, truths, performance=performance)
    how = "by how they did on the known questions" if pooled.weighed else "equal"
    said = ", ".join(f"{name} {weight:.0%}" for name, weight in pooled.weights.items())
    typer.echo(f"Weights ({how}): {said}")
    typer.echo(scenario_tables.expected(elicitation.table(pooled)))
    typer.echo(f"This is the {NAMED}.")
    if output is not None:
        store.write_text(
            output, yaml.safe_dump(pooled.model_dump(mode="json"), sort_keys=False, allow_unicode=True)
        )
        typer.echo(f"{output}: {len(pooled.measures)} measures")


def given(inputs: Any, path: Path, chosen: Any, rng: Any) -> tuple[Any, Any]:
    """The inputs and settings of a scenario in which pooled experts say what comes true, for ``scenario run``.

    Parameters
    ----------
    inputs : Inputs
        Of the area.
    path : Path
        What ``experts pool`` wrote.
    chosen : Scenario
        The scenario.
    rng : callable
        ``run.rng``.
    """
    from dataclasses import replace

    from analyse import store
    from analyse.parameters import validated
    from analyse.scenario import elicitation, files

    pooled = validated(elicitation.File, store.read_yaml(path), path.name)
    used = [name for name in pooled.measures if name in chosen.settings]
    if not used:
        raise ParameterError(
            f"scenario run: {path.name} is about {', '.join(pooled.measures)}; none of these is in {chosen.id}"
        )
    settings = elicitation.settings(chosen.settings, pooled)
    asked = elicitation.applied(inputs, pooled, rng)
    files.check(settings, asked.levers, years=inputs.years, where=chosen.id)
    return asked, replace(chosen, settings=settings)


def _asked(names: list[str] | None) -> list[Any]:
    """The measures to ask about."""
    from analyse import scenario
    from analyse.parameters import near
    from analyse.scenario import expert_form

    levers = {one.id: one for one in scenario.levers()}
    if names:
        for name in names:
            if name not in levers:
                raise ParameterError(f"experts form: unknown lever {name!r}; {near(name, levers)}")
        return [levers[name] for name in dict.fromkeys(names)]
    plan = scenario.load("alle-maatregelen", years=range(2025, 2040)).settings
    return [
        levers[name]
        for name in plan
        if levers[name].evidence == "D" and levers[name].unit in expert_form.PERCENT
    ]


def _known(
    municipality: str | None, region: str | None, path: Path | None, language: str
) -> tuple[dict[str, str], dict[str, float]]:
    """Questions about the accounts of municipalities of the region, and their answers."""
    from analyse import parameters, shared
    from analyse.history import areas
    from analyse.scenario import seed_questions

    if municipality is not None and region is not None:
        raise ParameterError("experts: give either --municipality or --region")
    run = parameters.load(path)
    tables = shared.tables(run)
    own = areas.resolve(tables, municipality or run.municipality)
    code = areas.region_of(tables, own) if region is None else areas.resolve_region(tables, region)
    members = areas.members(tables, code, run.composition_year)
    past = shared.read("past", run, members)
    names = {one: areas.name(tables, one) for one in members}
    return seed_questions.growth(past, names, number=KNOWN, language=language)
