"""Write the tables of docs/scenarios.md from ``parameters/`` and the forecast: ``python docs/make_scenarios.py``."""

from pathlib import Path

import numpy as np

from analyse import scenario
from analyse.parameters import Run
from analyse.scenario.evidence import quantile

PAGE = Path(__file__).with_name("scenarios.md")
AREAS = {"GM0503": "Delft", "JZ24": "Haaglanden"}
YEAR = 2030


def page() -> str:
    """The page with its tables made anew; what stands outside the marks stays as it is."""
    text = PAGE.read_text(encoding="utf-8")
    for name, lines in (("scenarios", _scenarios()), ("levers", _levers()), ("months", _months())):
        before, rest = text.split(f"<!-- {name} -->\n", 1)
        _, after = rest.split("<!-- end -->", 1)
        text = f"{before}<!-- {name} -->\n" + "\n".join(lines) + f"\n<!-- end -->{after}"
    return text


def _scenarios() -> list[str]:
    """What is likely of each scenario, and what was hoped for."""
    inputs = {code: scenario.of(Run(), code) for code in AREAS}
    heads = [f"{name}: likely | {name}: saves | {name}: as set" for name in AREAS.values()]
    lines = [
        f"Difference with the base in {YEAR}, in millions of euros. Likely: the mean, with its 80 % interval.",
        "Saves: the chance that it costs less than the base. As set: the middle when every measure does what is set.",
        "",
        f"| scenario | title | {' | '.join(heads)} |",
        f"|---|---|{'---|' * 3 * len(AREAS)}",
    ]
    for name in scenario.names():
        cells = []
        for area in inputs.values():
            chosen = scenario.load(name, years=area.years, known=area.levers)
            whole = {
                lever: setting.model_copy(update={"works_as_set": True})
                for lever, setting in chosen.settings.items()
            }
            likely, hoped = (
                (scenario.run(area, settings).cost_eur - area.cost_eur)[area.years.index(YEAR)] / 1e6
                for settings in (chosen.settings, whole)
            )
            low, high = np.quantile(likely, [0.1, 0.9])
            cells += [f"{likely.mean():z.1f} ({low:z.1f} to {high:z.1f})", f"{(likely < 0).mean():.0%}"]
            cells.append(f"{np.median(hoped):z.1f}")
        lines.append(f"| `{name}` | {chosen.title.en} | {' | '.join(cells)} |")
    return lines


UNITS = {
    "percent": " %",
    "percent a year": " % a year",
    "million euros": " million euros in the whole country",
    "youths": " youths in the whole country",
}


def _levers() -> list[str]:
    lines = []
    for lever in scenario.levers():
        facts = [*_evidence(lever), *_effect(lever)]
        dates = f"dated {lever.date}, checked {lever.checked}, to be looked at again before {lever.not_after}"
        others = [*lever.overlaps, *(f"{name} (shares its effect)" for name in lever.shares_effect_with)]
        lines += [
            f"### `{lever.id}`: {lever.title.en} ({lever.title.nl})",
            "",
            lever.text.en,
            "",
            f"*An opponent would say:* {lever.opponent.en}",
            "",
            f"Evidence {lever.evidence}. {'; '.join(facts)}.",
            "",
            f"Forms: {', '.join(lever.forms) or 'all'}"
            + (f" → {lever.to}" if lever.to else "")
            + f". Action line: {lever.action_line.en}. Source: {lever.source.en}; {dates}."
            + (f" Overlaps with {', '.join(others)}." if others else ""),
            "",
        ]
    return lines[:-1]


def _evidence(lever: scenario.Lever) -> list[str]:
    """What was found and promised, and how much of a size comes true."""
    unit, facts, realised = UNITS[lever.unit], [], lever.comes_true()
    if lever.found is not None:
        found = lever.found
        facts.append(
            f"found {found.mid:g}{unit} ({found.coverage:.0%} interval {found.low:g} to {found.high:g}, outer bound "
            f"{found.furthest:g}), whatever is set"
        )
    if lever.promised is not None:
        facts.append(f"promised {lever.promised.size:g}{unit} in {lever.promised.year}")
    if lever.law is not None:
        facts.append(f"a law that passes with a chance of {lever.law.probability:.0%}: {lever.law.status.en}")
    if realised is not None and not realised.certain:
        nothing = max([p for p, value in realised.points if value == 0], default=0)
        middle = float(quantile(realised.points, np.array(0.5)))
        facts.append(
            f"nothing comes true in {nothing:.0%} of the futures, {middle:.0%} of the size in the middle, at most "
            f"{realised.highest:.0%} ({realised.why.en.rstrip('.')})"
        )
    if lever.waterbed is not None:
        back = lever.waterbed
        facts.append(f"{back.value:.0%} of it comes back ({back.low:.0%} to {back.high:.0%}): {back.why.en}")
    return facts


def _effect(lever: scenario.Lever) -> list[str]:
    default, unit = lever.default, UNITS[lever.unit]
    facts = [
        f"{lever.mechanism}, default {default.size:g}{unit} from {default.start} in {default.ramp_months} months, "
        f"to be set from {lever.minimum:g} to {lever.maximum:g}"
    ]
    facts += [f"reaches {lever.exposure:.0%} of it"] if lever.exposure < 1 else []
    facts += ["for new care only"] if default.new_only else []
    facts += [f"cost ratio {default.cost_ratio:g}"] if default.cost_ratio is not None else []
    facts += [f"old place paid {lever.delay_months} months longer"] if lever.delay_months else []
    if lever.capacity_percent_a_year is not None:
        places = lever.capacity_percent_a_year
        facts.append(f"new places for {places.value:g} % a year ({places.low:g} to {places.high:g})")
    facts += [f"{payer.who} pays {payer.part:.0%} of what is saved" for payer in lever.payers]
    if lever.taken_from_fund is not None:
        facts.append(
            f"the state takes {lever.taken_from_fund:g} million euros from the municipal fund for it"
        )
    return facts


def _months() -> list[str]:
    lines = ["| care form | months | 80 % interval | status | why | source |", "|---|---|---|---|---|---|"]
    for form in scenario.care_forms().forms:
        if (one := form.months) is not None:
            lines.append(
                f"| {form.title.en} | {one.value:g} | {one.low:g} to {one.high:g} | {one.status} "
                f"| {one.description} | {one.source} |"
            )
    return lines


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
