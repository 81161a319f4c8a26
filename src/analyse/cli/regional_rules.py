"""``analyse rules``: who pays what in a region, who has how many votes, and what groups have together."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from analyse.cli.options import Json, OptionalTableFile, areas_named
from analyse.errors import ParameterError

if TYPE_CHECKING:
    import pandas as pd

app = typer.Typer(help="The rules of a region: cost key, votes and groups.", no_args_is_help=True)
Region = Annotated[str, typer.Option(help="Code or name of the region.", autocompletion=areas_named)]
Year = Annotated[
    int | None, typer.Option(help="Year that costs or votes are for; default the last that is known.")
]
Amount = Annotated[float, typer.Option(help="What is to be shared, EUR.")]


@app.command("cost-key")
def cost_key(
    region: Region = "Haaglanden",
    amount: Amount = 1_000_000.0,
    year: Year = None,
    leaves: Annotated[
        str | None, typer.Option(help="What changes when this municipality takes no part any more.")
    ] = None,
    output: OptionalTableFile = None,
    json: Json = False,
) -> None:
    """Share an amount over the municipalities of a region by its key, to the cent."""
    from analyse.compare import calculators
    from analyse.history import areas

    tables, rule, chosen = _asked(region, year)
    found = calculators.key(tables, rule, amount_eur=amount, year=chosen)
    if leaves:
        code = areas.resolve(tables, leaves, chosen)
        after = calculators.key(tables, rule, amount_eur=amount, year=chosen, leaves=code)
        found = found.merge(
            after[["municipality_code", "amount_eur"]].rename(columns={"amount_eur": "after_eur"}),
            on="municipality_code",
            how="left",
        )
        found = found.assign(change_eur=found["after_eur"].fillna(0.0) - found["amount_eur"])
    _told(_named(found, tables, chosen), rule, chosen, output, json=json)


@app.command()
def votes(
    region: Region = "Haaglanden",
    year: Year = None,
    favour: Annotated[
        list[str] | None, typer.Option("--for", help="Municipality that votes for; may be repeated.")
    ] = None,
    output: OptionalTableFile = None,
    json: Json = False,
) -> None:
    """Say what share of the votes each municipality has, and whether a proposal passes with those of --for."""
    from analyse.compare import calculators
    from analyse.history import areas

    tables, rule, chosen = _asked(region, year)
    codes = areas.members(tables, rule.region, chosen)
    people = calculators.inhabitants(tables, codes, year=chosen, years_back=rule.inhabitants_years_back)
    found = people.rename_axis("municipality_code").reset_index()
    found = found.assign(fraction=found["inhabitants"] / found["inhabitants"].sum())
    _told(_named(found, tables, chosen), rule, chosen, output, json=json)
    if favour and not json:
        chosen_codes = [areas.resolve(tables, name, chosen) for name in favour]
        told = calculators.votes(people, chosen_codes, needed_fraction=rule.needed_fraction)
        outcome = "passes" if told["passed"] else "does not pass"
        typer.echo(
            f"{told['municipalities_in_favour']} of {len(people)} in favour with {told['in_favour_fraction']:.1%} of "
            f"the votes: {outcome} (more than {rule.needed_fraction:.0%} is needed)."
        )


@app.command()
def groups(
    region: Region = "Haaglanden",
    amount: Amount = 1_000_000.0,
    year: Year = None,
    output: OptionalTableFile = None,
    json: Json = False,
) -> None:
    """Add the parts of municipalities up by group, such as H1, H4 and H5."""
    from analyse.compare import calculators

    tables, rule, chosen = _asked(region, year)
    if not rule.groups:
        raise ParameterError(f"rules: {rule.id} has no groups; see parameters/regional_rules.yaml")
    parts = calculators.key(tables, rule, amount_eur=amount, year=chosen)
    _told(calculators.by_group(parts, rule.groups), rule, chosen, output, json=json)


def _asked(region: str, year: int | None) -> tuple[Any, Any, int]:
    """The tables, the rule of a region, and the year: the last that is known, unless one is given."""
    from analyse import parameters
    from analyse.compare import calculators, choices
    from analyse.history import areas
    from analyse.sources import snapshot

    tables = snapshot.load(regions=parameters.COUNTRY)
    code = areas.resolve_region(tables, region)
    rules = {rule.region: rule for rule in choices.rules()}
    if code not in rules:
        known = ", ".join(areas.name(tables, one) for one in rules)
        raise ParameterError(
            f"rules: no key of {region} is known (known: {known}); add it to parameters/regional_rules.yaml"
        )
    rule = rules[code]
    return tables, rule, year or calculators.last_year(tables, rule)


def _named(found: pd.DataFrame, tables: Any, year: int) -> pd.DataFrame:
    from analyse.history import areas

    names = [areas.name(tables, code, year) for code in found["municipality_code"]]
    found.insert(1, "municipality", names)
    return found


def _told(found: pd.DataFrame, rule: Any, year: int, output: Any, *, json: bool) -> None:
    """Print the table, or write it; and say where the rule comes from."""
    from analyse import store
    from analyse.cli import export

    if output is not None:
        store.write_table(found, output)
    if json:
        typer.echo(export.as_json(found))
        return
    shown = found.assign(**{one: found[one].map("{:.2%}".format) for one in found if one == "fraction"})
    money = {one: "{:,.2f}".format for one in found if one.endswith("_eur")}
    typer.echo(shown.to_string(index=False, formatters=money, na_rep=""))
    typer.echo(f"For {year}. {rule.source}")
    if rule.last is not None and year > rule.last:
        typer.echo(f"The document covers {rule.first} to {rule.last}; for {year} it is applied as it was.")
    if output is not None:
        typer.echo(f"{output}: {len(found)} rows")
