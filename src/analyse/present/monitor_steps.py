"""The Q-analysis as steps: from last year to this year, and from what was agreed to what was declared."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from analyse.present import formats, monitor, monitor_figures, tables
from analyse.present.exhibit import Exhibit
from analyse.present.figures import steps as steps_chart
from analyse.present.figures.steps import Step
from analyse.present.language import N_, Words, translator

FACTORS = {
    "youths": N_("Number of youths"),
    "mix": N_("Mix of care, providers and referrers"),
    "trajectories": N_("Trajectories per youth"),
    "volume": N_("Volume per trajectory"),
    "tariff": N_("Tariff"),
}
AGREED = {
    "volume": N_("More or less volume"),
    "tariff": N_("Higher or lower tariff"),
    "outside": N_("Outside agreements, or not delivered"),
}


def quantities(
    split: pd.DataFrame, about: Mapping[str, Any], *, area: str, years: Sequence[int], language: str = "nl"
) -> Exhibit:
    """From last year's cost to this year's in the steps of the Q-analysis.

    Parameters
    ----------
    split : DataFrame
        ``monitor.q_analysis.split``.
    """
    words = translator(language)
    effects = {words.gettext(text): float(split[name].sum()) for name, text in FACTORS.items()}
    first, last = years
    ends = {str(first): float(split["before_eur"].sum()), str(last): float(split["after_eur"].sum())}
    title = words.gettext(
        "{area}: from {first} to {last} costs change most through: {driver}",
        area=area,
        first=first,
        last=last,
        driver=max(effects, key=lambda name: abs(effects[name])).lower(),
    )
    note = words.gettext(
        "The same months of both years, as declared equally long after them. The steps add up exactly."
    )
    return _waterfall(effects, ends, title, about, note=note, words=words)


def agreed(
    table: pd.DataFrame, about: Mapping[str, Any], *, area: str, year: int, language: str = "nl"
) -> Exhibit:
    """From what was agreed to what was delivered.

    Parameters
    ----------
    table : DataFrame
        ``monitor.q_analysis.against_agreed``.
    """
    words = translator(language)
    effects = {words.gettext(text): float(table[name].sum()) for name, text in AGREED.items()}
    ends = {
        words.gettext("Agreed"): float(table["agreed_eur"].sum()),
        words.gettext("Declared"): float(table["cost_eur"].sum()),
    }
    title = words.gettext(
        "{area}, {year}: declared {cost} of the {agreed} that was agreed",
        area=area,
        year=year,
        cost=formats.euro(table["cost_eur"].sum(), language),
        agreed=formats.euro(table["agreed_eur"].sum(), language),
    )
    note = words.gettext("A whole year of care, as declared so far. The steps add up exactly.")
    return _waterfall(effects, ends, title, about, note=note, words=words)


def _waterfall(
    effects: Mapping[str, float],
    ends: Mapping[str, float],
    title: str,
    about: Mapping[str, Any],
    *,
    note: str,
    words: Words,
) -> Exhibit:
    (first, start), (last, end) = ends.items()
    level, steps = start, [_total(first, start, words)]
    for name, effect in effects.items():
        text = ("+" if effect > 0 else "") + formats.euro(effect, words.language)
        steps.append(Step(name, level, level + effect, level + effect, level + effect, text, text))
        level += effect
    steps.append(_total(last, end, words))
    shown = pd.DataFrame({"step": [first, *effects, last], "amount": [start, *effects.values(), end]})
    columns = {
        "step": tables.Column(words.gettext("Step")),
        "amount": tables.Column(words.gettext("Amount"), "euro"),
    }
    alt = "; ".join(f"{step.label} {step.text}" for step in steps)
    layout = steps_chart.layout(steps, words)
    layout["annotations"] = monitor_figures.mark(about, words)
    return Exhibit(
        "figure",
        title,
        alt=alt,
        source=monitor.source(about, words),
        note=note,
        language=words.language,
        figure={"data": steps_chart.traces(steps), "layout": layout},
        table=tables.build(shown, columns, title, words.language),
    )


def _total(name: str, amount: float, words: Words) -> Step:
    text = formats.euro(amount, words.language)
    return Step(name, 0.0, amount, amount, amount, text, text, total=True)
