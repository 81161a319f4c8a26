"""What an area can do: the measures with evidence that fit it, each with amount, chance and business case."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from analyse import scenario
from analyse.present.exhibits import tables
from analyse.present.exhibits.exhibit import Exhibit
from analyse.present.exhibits.tables import EXPECTED, Column
from analyse.present.figures.common import SOURCE_COSTS
from analyse.present.scenario import panel_words
from analyse.present.scenario.lever_panel import Panel
from analyse.present.text import formats, sentences
from analyse.present.text.language import N_, Words, translator
from analyse.scenario import fitting
from analyse.scenario.fitting import Fitting

NOTHING = 1e-4
"""Part of the costs below which a difference is none, as in the panel."""
CHOSEN = N_(
    "From each of three kinds of measure (who comes in, how long help lasts, where it is given) the one with "
    "the strongest evidence that the municipality can take itself."
)
NOT_CHOSEN = N_("Measures that need a law or rest on our own assumption are in the panel below.")
DIFFERENCES = {
    "less": N_("In {year} about {middle} less (80% chance between {between} less)."),
    "more": N_("In {year} about {middle} more (80% chance between {between} more)."),
    "unsure": N_("In {year} uncertain: 80% chance between {less} less and {more} more."),
    "perhaps less": N_("In {year} perhaps nothing, and at most {less} less (80% chance)."),
    "perhaps more": N_("In {year} perhaps nothing, and at most {more} more (80% chance)."),
    "same": N_("In {year} it makes no difference."),
}


def shown(panel: Panel, mix: pd.DataFrame) -> Exhibit:
    """Three measures with evidence that fit the area of a panel, worked out on the futures of that panel.

    Parameters
    ----------
    panel : Panel
        The panel of the same page, so that a measure chosen there gives the same amounts.
    mix : DataFrame
        ``compare.mix`` of the area by referrer.
    """
    language = panel.payload["language"]
    words, inputs = translator(language), panel.seen
    year = inputs.years[-1]
    found = fitting.of(inputs, year=year, referrers=fitting.referred(mix))
    cost = float(np.median(inputs.cost_eur[inputs.year_index(year)]))
    likely = sum(one.difference_eur[2] < -NOTHING * cost for one in found)
    values = {"area": words.gettext(inputs.area), "year": year, "n": likely, "all": len(found)}
    title = (
        words.gettext("{area}: of {all} measures that fit, {n} very probably save money in {year}", **values)
        if likely
        else words.gettext("{area}: none of the {all} measures that fit is sure to save money", **values)
    )
    rows = [_row(one, inputs.years[-1], words) for one in found]
    columns = {
        "name": Column("Measure taken"),
        "evidence": Column("Evidence"),
        "q0.5": Column("Difference in {year}", "euro", digits=EXPECTED).of(year=year),
        **tables.intervals("euro", 80),
        "saves": Column("Chance that it saves money", "likelihood"),
        "spent_eur": Column("Cost, all years", "euro", digits=EXPECTED, blank=True),
        "worth_eur": Column("Present value, middle", "euro", digits=EXPECTED),
        "payback": Column("Paid back in"),
    }
    caption = words.gettext("{area}: measures that fit", area=words.gettext(inputs.area))
    return Exhibit(
        kind="choices",
        title=title,
        source=words.gettext(SOURCE_COSTS),
        note=" ".join(words.gettext(one) for one in ((CHOSEN,) if panel.hidden else (CHOSEN, NOT_CHOSEN))),
        content={
            "role": "measures",
            "cards": [
                _card(one, year, cost, until=inputs.years[-1], words=words)
                | ({} if panel.hidden else {"link": _link(one, words)})
                for one in found
            ],
        },
        table=tables.build(pd.DataFrame(rows, columns=list(columns)), columns, caption, language),
        language=language,
    )


def _row(one: Fitting, until: int, words: Words) -> dict[str, Any]:
    low, middle, high = one.difference_eur
    spent = one.case.amounts["investment_eur"] + one.case.amounts["running_eur"]
    return {
        "name": getattr(one.lever.title, words.language),
        "evidence": one.lever.evidence,
        "q0.5": middle,
        "q0.1": low,
        "q0.9": high,
        "saves": one.saves,
        "spent_eur": float(spent.mean(axis=1).sum()) if one.case.cost_given else np.nan,
        "worth_eur": float(np.median(one.case.present_value_eur)),
        "payback": _payback(one, until, words),
    }


def _card(one: Fitting, year: int, cost: float, *, until: int, words: Words) -> dict[str, Any]:
    worth = float(np.median(one.case.present_value_eur))
    given = one.case.cost_given
    rounded = worth if given or worth > NOTHING * cost else 0.0
    said = (
        words.gettext("net, all years to {year} together", year=until)
        if given
        else words.gettext("may cost in all up to {year}, with an even chance of breaking even", year=until)
    )
    choices = [
        [formats.likelihood(one.saves, words.language), words.gettext("chance that it saves money")],
        [formats.euro(rounded, words.language, digits=EXPECTED), said],
        [words.gettext("Paid back:"), _payback(one, until, words)],
    ]
    return {
        "label": getattr(one.lever.title, words.language),
        "value": _difference(one, year, cost, words),
        "choices": choices,
        "details": [_why(one, words), " ".join([_evidence(one, words), *_cost(one, words)])],
    }


def _link(one: Fitting, words: Words) -> dict[str, str]:
    return {"to": f"#scenario=&{one.lever.id}=", "text": words.gettext("Try this in the panel")}


def _difference(one: Fitting, year: int, cost: float, words: Words) -> str:
    low, middle, high = (0.0 if abs(value) < NOTHING * cost else float(value) for value in one.difference_eur)
    if low == 0 and high == 0:
        kind = "same"
    elif low < 0 < high:
        kind = "unsure"
    elif low < 0:
        kind = "perhaps less" if high == 0 else "less"
    else:
        kind = "perhaps more" if low == 0 else "more"
    ends = sorted((abs(low), abs(high)))
    return words.gettext(
        DIFFERENCES[kind],
        year=year,
        middle=formats.euro(abs(middle), words.language, digits=EXPECTED),
        between=formats.euro_between(*ends, words.language),
        less=formats.euro(abs(low), words.language, digits=EXPECTED),
        more=formats.euro(abs(high), words.language, digits=EXPECTED),
    )


def _why(one: Fitting, words: Words) -> str:
    """Why it fits here: the costs it reaches, the largest form of care in them, and the referrer."""
    titles = {form.id: getattr(form.title, words.language) for form in scenario.care_forms().forms}
    values = {
        "share": formats.percent(100 * one.reach, words.language, decimals=0),
        "form": sentences.lowered(titles[one.largest_form]),
    }
    said = (
        words.gettext("Here it concerns {share} of the costs: {form}.", **values)
        if len(one.lever.forms) == 1
        else words.gettext("Here it concerns {share} of the costs; most of that is {form}.", **values)
    )
    if formats.known(one.referred):
        part = formats.percent(100 * one.referred, words.language, decimals=0)
        said += " " + words.gettext("The referrer began {part} of the help here.", part=part)
    return said


def _evidence(one: Fitting, words: Words) -> str:
    kind = words.gettext(panel_words.TEXTS[f"evidence_{one.lever.evidence}"])
    return words.gettext("Evidence {letter}: {kind}.", letter=one.lever.evidence, kind=kind)


def _cost(one: Fitting, words: Words) -> list[str]:
    """What it is assumed to cost, where that depends on how many youths live here."""
    each = one.lever.default.running_eur_per_youth
    if not each:
        return []
    amount = formats.euro(each, words.language)
    return [words.gettext("This assumes a cost of {amount} a year per youth.", amount=amount)]


def _payback(one: Fitting, until: int, words: Words) -> str:
    if not one.case.cost_given:
        return words.gettext("cost not found: fill it in")
    if not formats.known(one.case.pays_back):
        return "–"
    chance = formats.likelihood(one.case.pays_back, words.language)
    if one.case.payback_year is None:
        return words.gettext("{chance} chance before {next}", next=until + 1, chance=chance)
    return words.gettext(
        "in {year}; {chance} chance before {next}",
        year=one.case.payback_year,
        next=until + 1,
        chance=chance,
    )
