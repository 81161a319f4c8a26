"""``analyse evaluate``: did a measure work, beside a weighted mix of other municipalities."""

from __future__ import annotations

from json import dumps
from typing import TYPE_CHECKING, Annotated

import typer

from analyse.cli.options import areas_named
from analyse.errors import ParameterError

if TYPE_CHECKING:
    from analyse.scenario.measure_effect import Effect

MOST_OTHERS = 8
CAVEATS = (
    "This is no proof of cause. It says what the area changed by more than municipalities that moved alike before.",
    "Anything else that happened there in the same years, such as other measures, prices or bookings, is in it too.",
    "Those who chose a measure may differ from those who did not, in ways that show only later.",
)


def evaluate(
    area: Annotated[
        str,
        typer.Option(
            help="Municipality or region that took the measure; code or name.", autocompletion=areas_named
        ),
    ],
    start: Annotated[int, typer.Option("--from", help="First year of the measure.")],
    measure: Annotated[
        str, typer.Option(help="What it should have changed: cost_per_youth, budget_per_youth or use.")
    ] = "cost_per_youth",
    lever: Annotated[
        str, typer.Option(help="Print the result as evidence for this measure of levers.yaml.")
    ] = "",
    json: Annotated[bool, typer.Option("--json", help="Print the result as JSON on stdout.")] = False,
) -> None:
    """Say what an area changed by more than a weighted mix of others since a measure, and how sure that is."""
    from analyse import parameters, scenario
    from analyse.history import areas, panel
    from analyse.reading import digits
    from analyse.scenario import measure_effect
    from analyse.sources import snapshot

    if lever and lever not in {one.id for one in scenario.levers()}:
        raise ParameterError(f"evaluate: no measure {lever!r} in levers.yaml; see `analyse scenario list`")
    tables = snapshot.load(regions=parameters.COUNTRY)
    code = areas.resolve_area(tables, area)
    members = [code] if code.startswith("GM") else areas.members(tables, code)
    found = measure_effect.estimate(
        panel.build(tables),
        members,
        start=start,
        measure=measure,
        area_code=code,
        breaks=parameters.breaks(),
    )
    if json:
        told = {
            **{
                name: getattr(found, name)
                for name in ("area_code", "measure", "start", "effect", "quantiles")
            },
            **{
                "before": found.before,
                "after": found.after,
                "placebos": found.placebos,
                "shown": found.shown,
            },
            "others": found.others.to_dict(),
            "gap": {int(year): float(gap) for year, gap in found.gap.items()},
            "warnings": found.warnings,
            "caveats": CAVEATS,
        }
        typer.echo(dumps(digits.of_values(told), ensure_ascii=False))
        return
    name, called = areas.name(tables, code), areas.all_names(tables)
    for line in _report(found, name, called):
        typer.echo(line)
    if lever:
        typer.echo("\n" + _as_evidence(found, name, lever))


def _report(found: Effect, name: str, called: dict[str, str]) -> list[str]:
    """The result in words, the mix, the years, and what a reader must know."""
    low, high = (f"{found.quantiles[one]:+.1%}" for one in ("q0.1", "q0.9"))
    wide = [f"{found.quantiles[one]:+.1%}" for one in ("q0.025", "q0.975")]
    verdict = (
        "The 95% interval excludes no effect."
        if found.shown
        else "The 95% interval holds no effect: chance and other causes can explain it."
    )
    mix = [
        f"{called.get(code, code)} {weight:.0%}" for code, weight in found.others.head(MOST_OTHERS).items()
    ]
    gaps = [f"{year} {_percent(gap)}" for year, gap in found.gap.items()]
    return [
        f"{name}, {found.measure} from {found.start}: {found.effect:+.1%} beside its mix of others "
        f"(80% interval {low} to {high}; 95% {wide[0]} to {wide[1]}). {verdict}",
        f"Years {found.before[0]} to {found.before[-1]} before, {found.after[0]} to {found.after[-1]} after; "
        f"interval from {found.placebos} placebos.",
        f"The mix: {len(found.others)} municipalities, most of {', '.join(mix)}.",
        f"Above or below the mix by year: {', '.join(gaps)}.",
        *(f"Warning: {one}." for one in found.warnings),
        *CAVEATS,
    ]


def _percent(gap: float) -> str:
    """A difference of logarithms as per cent."""
    from math import expm1

    return f"{expm1(gap):+.1%}"


def _as_evidence(found: Effect, name: str, lever: str) -> str:
    """The result as lines for ``levers.yaml``: class B, since one area is no study of the measure."""
    low, high = (100 * found.quantiles[one] for one in ("q0.1", "q0.9"))
    about = f"{name}, {found.measure} {found.start}-{found.after[-1]}"
    english = (
        f"{about} beside a synthetic control of {found.placebos} municipalities: {100 * found.effect:+.1f}% "
        f"(80% interval {low:+.1f} to {high:+.1f})"
    )
    dutch = (
        f"{about} naast een synthetische controle uit {found.placebos} gemeenten: {100 * found.effect:+.1f} % "
        f"(80 %-marge {low:+.1f} tot {high:+.1f})"
    )
    return "\n".join(
        [
            f"# for {lever} in parameters/levers.yaml; say in `text` what was done, and look again before `not_after`",
            "evidence: B",
            "source:",
            f'  en: "{english}"',
            f'  nl: "{dutch}"',
        ]
    )
