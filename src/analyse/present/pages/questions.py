"""Five questions for council and board that follow from the figures of an area, each with the figure that raised it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from analyse import compare
from analyse.parameters import Question
from analyse.present.exhibits.exhibit import Exhibit
from analyse.present.exhibits.tables import EXPECTED
from analyse.present.pages import care_form_costs
from analyse.present.pages.one_area import Area
from analyse.present.text import facts, formats, sentences
from analyse.present.text.language import translator
from analyse.scenario import Inputs
from analyse.scenario.fitting import referred

SHOWN = 5
GP = "general practitioner"


@dataclass(frozen=True)
class Figure:
    """One figure of an area: its value, how it is written, and its year; ``form``: the form of care it concerns."""

    value: float
    text: str
    year: int
    form: str = ""


def shown(
    page: Area, inputs: Inputs, costs: pd.DataFrame, questions: Iterable[Question], *, language: str = "nl"
) -> Exhibit:
    """The first questions of the list that the figures of an area raise.

    Parameters
    ----------
    page : Area
        The area.
    inputs : Inputs
        ``scenario.of`` the area.
    costs : DataFrame
        ``compare.form_costs.costs_by_form`` of the area.
    questions : iterable of Question
        ``parameters.questions()``.
    """
    words = translator(language)
    known = _figures(page, inputs, costs, language=language)
    about = {
        "area": words.gettext(page.name),
        "beside": words.gettext(facts.TOGETHER.get(page.beside, page.beside)),
    }
    items = []
    for one in raised(questions, known):
        figure = known[one.figure]
        values = {**about, "value": figure.text, "year": figure.year, "form": figure.form}
        items.append([getattr(text, language).format(**values) for text in (one.question, one.raised)])
    title = words.gettext("{area}: questions that the figures raise", area=about["area"])
    return Exhibit("text", title, content={"items": items, "role": "questions"}, language=language)


def raised(questions: Iterable[Question], known: Mapping[str, Figure]) -> list[Question]:
    """The first ``SHOWN`` questions whose figure is known and within its bounds."""
    return [one for one in questions if one.figure in known and one.asked(known[one.figure].value)][:SHOWN]


def _figures(page: Area, inputs: Inputs, costs: pd.DataFrame, *, language: str = "nl") -> dict[str, Figure]:
    """Every figure of an area that a question can be about, by its name; what is not known is left out."""
    evidence, codes = page.evidence, (page.code, page.reference)

    def percent(value: float, *, signed: bool = False) -> str:
        return formats.percent(value, language, decimals=0, signed=signed)

    risk, change = facts.budget_risk(evidence, *codes), facts.expected_change(evidence, *codes)
    rate, use = facts.cost_per_youth(evidence, *codes), facts.clients_per_100(evidence, *codes).equal_ages
    residence = facts.residential_share(evidence, *codes)
    found: dict[str, Figure | None] = {
        "chance_of_shortage_percent": _figure(
            risk.value, formats.chances(risk.low / 100, risk.value / 100, language), risk.period
        ),
        "expected_change_percent": _figure(change.value, percent(change.value, signed=True), change.period),
    }
    for name, one in (("cost_per_youth_against_percent", rate), ("use_against_percent", use)):
        value = 100 * (one.value / one.reference - 1) if one is not None and one.reference else float("nan")
        usable = one is not None and one.place in ("higher", "lower")
        found[name] = _figure(value, percent(abs(value)), one.period) if usable else None
    points = residence.value - residence.reference
    written = translator(language).gettext(
        "{n} percentage points", n=formats.number(abs(points), language, decimals=1)
    )
    found["residence_against_points"] = _figure(points, written, residence.period)
    if risk.period:
        growth = facts.budget(evidence, page.code, risk.period).growth
        found["budget_growth_percent"] = _figure(growth, percent(abs(growth)), risk.period)
    found |= _overspent(page.own, language)
    found |= _ahead(page, language, percent)
    found |= _of_the_help(page, inputs, costs, language, percent)
    return {name: one for name, one in found.items() if one is not None}


def _figure(value: float, text: str, year: Any, form: str = "") -> Figure | None:
    return Figure(float(value), text, int(year), form) if formats.known(value) and year else None


def _overspent(own: pd.DataFrame, language: str) -> dict[str, Figure | None]:
    """In what share of the years with accounts and a complete budget more was spent than budgeted."""
    both = own[own["status"].isin(compare.WHOLE) & own["budget_status"].isin(compare.WHOLE)]
    both = both.dropna(subset=["cost_eur", "budget_eur"])
    if both.empty:
        return {}
    over = both["cost_eur"] > both["budget_eur"]
    said = translator(language).gettext("{part} of {n}", part=int(over.sum()), n=len(over))
    return {"years_overspent_percent": _figure(100 * float(over.mean()), said, both["period"].max())}


def _ahead(page: Area, language: str, percent: Any) -> dict[str, Figure | None]:
    """What the next budget needs, and how wide its margin is: as on the first screen."""
    later = page.enough[page.enough["period"].gt(page.this_year)]
    row = (later if len(later) else page.enough).iloc[0]
    amount = formats.euro(row["amount_90_eur"], language, digits=EXPECTED)
    return {
        "amount_for_nine_in_ten_eur": _figure(row["amount_90_eur"], amount, row["period"]),
        "margin_percent": _figure(row["width_80_percent"], percent(row["width_80_percent"]), row["period"]),
    }


def _of_the_help(
    page: Area, inputs: Inputs, costs: pd.DataFrame, language: str, percent: Any
) -> dict[str, Figure | None]:
    """Who refers, who buys, and which form of care costs most."""
    found: dict[str, Figure | None] = {}
    mix = compare.mix(page.nearby, page.members, breakdown="referrer")
    gp = 100 * referred(mix).get(GP, float("nan"))
    found["referred_by_gp_percent"] = _figure(gp, percent(gp), mix["year"].max())
    share = care_form_costs.share_of_region(costs)
    found["bought_by_region_percent"] = _figure(share, percent(share), care_form_costs.BUDGET[0])
    rows = care_form_costs.amounts(costs, inputs, year=inputs.years[0], language=language)
    booked = rows["cost_eur"].sum()
    if booked > 0:
        part, name = 100 * rows["cost_eur"].iloc[0] / booked, rows["name"].iloc[0]
        form = sentences.lowered(name)
        found["largest_form_percent"] = _figure(part, percent(part), care_form_costs.ACCOUNTS[0], form)
    return found
