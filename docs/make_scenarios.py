"""Write the tables of docs/scenarios.md from ``parameters/`` and the forecast: ``python docs/make_scenarios.py``."""

from pathlib import Path

from analyse import scenario
from analyse.parameters import Run
from analyse.scenario import comparison

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
    """Difference with the base by scenario, in millions of euros."""
    inputs = {code: scenario.of(Run(), code) for code in AREAS}
    lines = [
        f"Difference with the base in {YEAR}, in millions of euros: mean, and in brackets the 80 % interval.",
        "",
        f"| scenario | title | {' | '.join(AREAS.values())} |",
        "|---|---|---|---|",
    ]
    for name in scenario.names():
        cells = []
        for one in inputs.values():
            chosen = scenario.load(name, years=one.years, known=one.levers)
            rows = comparison.compare([comparison.work_out(one, chosen)])
            row = rows.query("measure == 'difference_eur' and period == @YEAR").iloc[0]
            mean, low, high = (f"{row[column] / 1e6:z.1f}" for column in ("mean", "q0.1", "q0.9"))
            cells.append(f"{mean} ({low} to {high})")
        lines.append(f"| `{name}` | {chosen.title.en} | {' | '.join(cells)} |")
    return lines


def _levers() -> list[str]:
    lines = []
    for lever in scenario.levers():
        default = lever.default
        interval = f"{lever.low:g}, {lever.mid:g}, {lever.high:g}"
        true = lever.realisation
        facts = [
            f"{lever.mechanism}; {lever.unit}",
            f"low, middle, high {interval} ({lever.coverage:.0%} interval)",
            *(
                [
                    f"of a chosen size {true.low:g} to {true.high:g} times comes true ({true.coverage:.0%} interval)"
                ]
                if true is not None and true.low < true.high
                else []
            ),
            f"default {default.size:g} from {default.start}, in {default.ramp_months} months",
            f"can be set from {lever.minimum:g} to {lever.maximum:g}",
        ]
        facts += [f"reaches {lever.exposure:.0%} of it"] if lever.exposure < 1 else []
        facts += [f"cost ratio {default.cost_ratio:g}"] if default.cost_ratio is not None else []
        facts += [f"old place paid {lever.delay_months} months longer"] if lever.delay_months else []
        if lever.capacity_percent_a_year:
            facts.append(f"at most {lever.capacity_percent_a_year:g} % a year")
        lines += [
            f"### `{lever.id}`: {lever.title.en} ({lever.title.nl})",
            "",
            lever.text.en,
            "",
            f"Evidence {lever.evidence}. {'; '.join(facts)}. Forms: {', '.join(lever.forms) or 'all'}"
            + (f" → {lever.to}" if lever.to else "")
            + f". Action line: {lever.action_line.en}. Source: {lever.source.en}.",
            "",
        ]
    return lines[:-1]


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
