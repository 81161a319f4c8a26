"""The business case of an area for society as a whole: each measure, what must be true, and what others gain or pay."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

import pandas as pd

from analyse import scenario
from analyse.present.exhibits import tables
from analyse.present.exhibits.exhibit import Exhibit
from analyse.present.exhibits.tables import EXPECTED, Column
from analyse.present.scenario import result_tables
from analyse.present.text import formats
from analyse.present.text.language import N_, Words, translator
from analyse.scenario import business_case, payers, society
from analyse.scenario.definitions import Setting
from analyse.scenario.model import Inputs

PLAN = "alle-maatregelen"
"""The ready scenario with every measure at what was found or promised."""
MOST_YEARS = 12
"""More years than any forecast has."""
NOTHING = N_("nothing found: 0")


def shown(inputs: Inputs, *, area: str, language: str = "nl") -> list[Exhibit]:
    """The business case of every measure for an area, what measures do outside its youth budget, and who pays.

    Parameters
    ----------
    inputs : Inputs
        Of the area.
    area : str
        Its name.
    """
    settings = _begun(inputs)
    if not settings:
        return []
    rates = business_case.rates()
    worked_out = business_case.cases(inputs, settings, rates=rates)
    cases = society.table(inputs, settings, rates=rates, worked_out=worked_out)
    known = society.outside()
    beyond = society.beyond(inputs, settings, known, rates=rates, worked_out=worked_out)
    titles = {lever.id: getattr(lever.title, language) for lever in inputs.levers}
    return [
        _cases(cases, titles, inputs.years[-1], area=area, words=translator(language)),
        _beyond(beyond, known, settings, area=area, words=translator(language)),
        result_tables.who_pays(
            payers.table(inputs, settings, year=inputs.years[-1]),
            area=area,
            year=inputs.years[-1],
            language=language,
        ),
    ]


def _begun(inputs: Inputs) -> dict[str, Setting]:
    """The measures of the plan that begin within the forecast; one that ends earlier leaves the later ones out."""
    ever = range(inputs.years[0], inputs.years[0] + MOST_YEARS)
    plan = scenario.load(PLAN, years=ever, known=inputs.levers).settings
    return {name: setting for name, setting in plan.items() if setting.start <= inputs.years[-1]}


def _cases(cases: pd.DataFrame, titles: Mapping[str, str], last: int, *, area: str, words: Words) -> Exhibit:
    spent = cases["investment_eur"] + cases["running_eur"]
    rows = cases.assign(
        name=[titles.get(name, words.gettext("everything together")) for name in cases["lever"]],
        spent_eur=spent,
        between=[_between(low, high, words) for low, high in zip(cases["q0.1"], cases["q0.9"], strict=True)],
        chance=cases["pays_back"].where(cases["cost_given"]),
        chance_status=tables.NOT_APPLICABLE,
        must=[_must(row, words) for row in cases.itertuples()],
    )
    whole = cases.loc[cases["lever"].eq(business_case.WHOLE)].iloc[0]
    title = words.gettext(
        "{area}: all measures together pay back by {year} with a chance of {chance}",
        area=words.gettext(area),
        year=last,
        chance=formats.likelihood(whole["pays_back"], words.language),
    )
    columns = {
        "name": Column("Measure taken"),
        "spent_eur": Column("Cost, all years", "euro", digits=EXPECTED),
        "saving_eur": Column("Saved in the last year, on average", "euro", digits=EXPECTED),
        "q0.5": Column("Present value, middle", "euro", digits=EXPECTED),
        "between": Column("80% interval"),
        "chance": Column("Chance that it pays back", "likelihood"),
        "must": Column("What must be true"),
    }
    return Exhibit.of_table(
        rows,
        columns,
        title,
        words.language,
        caption=words.gettext("{area}: what measures cost and yield", area=words.gettext(area)),
        source=words.gettext(
            "model of measures of this analysis; effects and costs, with their sources, in the panel"
        ),
        note=words.gettext(
            "Amounts for the municipalities of the area, in prices of the base year, up to {year}. What a new "
            "place costs more or less is part of the saving.",
            year=last,
        ),
    )


def _must(row: Any, words: Words) -> str:
    """What must be true for half of the futures to pay back."""
    amount = formats.euro(abs(row.yearly_room_eur), words.language, digits=EXPECTED)
    if row.yearly_room_eur == 0:
        return words.gettext("it must save money in more than half of the possible futures")
    if row.yearly_room_eur < 0:
        return words.gettext("{amount} a year less cost, or more saving", amount=amount)
    if not row.cost_given:
        return words.gettext("it costs less than {amount} a year; its cost was not found", amount=amount)
    return words.gettext("no more than {amount} a year of further cost", amount=amount)


def _between(low: float, high: float, words: Words) -> str:
    ends = [formats.euro(one, words.language, digits=EXPECTED) for one in (low, high)]
    return ends[0] if ends[0] == ends[1] else words.gettext("{low} to {high}", low=ends[0], high=ends[1])


def _amount(one: society.Outside, mean: float, used: Collection[str], words: Words) -> str:
    if one.evidence == "none":
        return words.gettext(NOTHING)
    if one.levers and not set(one.levers) & set(used):
        return words.gettext("not among these measures")
    return formats.euro(mean, words.language, digits=EXPECTED)


def _beyond(
    beyond: pd.DataFrame,
    known: tuple[society.Outside, ...],
    used: Collection[str],
    *,
    area: str,
    words: Words,
) -> Exhibit:
    language = words.language
    rows = pd.DataFrame(
        {
            "title": getattr(one.title, language),
            "who": getattr(one.who, language),
            "amount": _amount(one, row.mean_eur, used, words),
            "between": "–" if one.evidence == "none" else _between(row.low_eur, row.high_eur, words),
            "evidence": "–" if one.evidence == "none" else one.evidence,
            "source": getattr(one.source, language),
        }
        for one, row in zip(known, beyond.itertuples(), strict=True)
    )
    found = sum(one.evidence != "none" for one in known)
    columns = {
        "title": Column("Outside youth care"),
        "who": Column("Who gains or pays"),
        "amount": Column("Present value"),
        "between": Column("Interval"),
        "evidence": Column("Evidence"),
        "source": Column("Source"),
    }
    return Exhibit.of_table(
        rows,
        columns,
        words.gettext(
            "Something is known about {n} of {all} kinds of benefits elsewhere; the others are shown as 0",
            n=found,
            all=len(known),
        ),
        language,
        caption=words.gettext("{area}: what the measures do for others", area=words.gettext(area)),
        source=words.gettext("list compiled for this analysis, with the source of each row"),
        note=words.gettext("Below 0: others pay more. Nothing found does not mean that there is nothing."),
    )
