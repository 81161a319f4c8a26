"""A plan of a year beside what happened: its measures with their indicators, the accounts, and earlier judgements."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from analyse.compare import year_plans
from analyse.compare.year_plans import YearPlan
from analyse.present.exhibits import cards, tables
from analyse.present.exhibits.exhibit import Exhibit
from analyse.present.exhibits.tables import EXPECTED, Column
from analyse.present.figures import measures as figures
from analyse.present.figures.common import SOURCE_COSTS
from analyse.present.pages import regional_vision
from analyse.present.text import formats
from analyse.present.text.language import N_, Words, translator

VERDICTS = {
    "towards": N_("in the wanted direction"),
    "away": N_("against the wanted direction"),
    "unclear": N_("no clear change"),
    "stated": N_("changed, as budgeted"),
    "break": N_("not to be compared: these years are counted differently"),
    "": N_("known, without a direction"),
    year_plans.SINGLE: N_("only one figure: no change to be told"),
    year_plans.LATE: N_("not to be told yet: the figure of {year} is not there"),
    year_plans.UNSEEN: N_("no figure shows this"),
    year_plans.NO_FIGURE: N_("no figure of {year} is known"),
}
"""Verdict of ``compare.year_plans`` -> how it is said."""
EXAMPLE = N_(
    "An example: the measures, targets and amounts of this plan are made up. The figures beside them are real."
)
MET = {True: N_("target met"), False: N_("target not met")}


def head(plan: YearPlan, *, area: str, data_date: str, language: str = "nl") -> Exhibit:
    """The head of the page, with a banner where the plan is made up.

    Parameters
    ----------
    plan : YearPlan
        The plan.
    area : str
        Name of its area.
    data_date : str
        ISO date of the figures.
    """
    words = translator(language)
    banner = words.gettext(EXAMPLE) if plan.example else ""
    made = cards.head(
        getattr(plan.title, language), region=area, data_date=data_date, banner=banner, language=language
    )
    subject = words.gettext("What was promised, and what happened")
    rows = [{"label": words.gettext("Area"), "value": words.gettext(area)}]
    rows += [one for one in made.content["facts"] if one["value"] != area]
    rows.append({"label": words.gettext("Decision"), "value": plan.source})
    return Exhibit(
        "head", made.title, content={**made.content, "subject": subject, "facts": rows}, language=language
    )


def measures(
    plan: YearPlan, declared: Any, judged: pd.DataFrame, newest: pd.DataFrame, *, language: str = "nl"
) -> list[Exhibit]:
    """How many measures went which way, each measure with its figures, and what no figure shows.

    Parameters
    ----------
    plan, declared
        As for ``compare.year_plans.judged``.
    judged : DataFrame
        What it gives.
    newest : DataFrame
        ``compare.vision.monitor`` on all figures there are.
    """
    words = translator(language)
    texts, latest = (
        regional_vision.rows(one, declared, language=language).set_index(one["indicator"])
        for one in (judged, newest)
    )
    verdicts = year_plans.by_measure(plan, judged)
    rows = [
        _row(one, verdict, (texts, latest), plan, declared, words)
        for one, verdict in zip(plan.measures, verdicts.itertuples(), strict=True)
    ]
    columns = {
        "title": Column("Measure taken"),
        "who": Column("Who"),
        "expected": Column("What was promised"),
        **(
            {"budget_eur": Column("Budget", "euro", blank=True)}
            if any(one.budget_eur for one in plan.measures)
            else {}
        ),
        "indicator": Column("What shows it"),
        "before": Column("Before"),
        "now": Column("In {year}").of(year=plan.year),
        "verdict": Column("What happened"),
        "latest": Column("Newest figure"),
    }
    title = words.gettext("What became of the measures of {year}", year=plan.year)
    note = words.gettext(
        "In brackets the 80% margin. A direction is named only when the change is larger than its margin, chance "
        "included. It does not say that the measure caused it."
    )
    table = Exhibit.of_table(pd.DataFrame(rows), columns, title, language, note=note, source=plan.source)
    said = cards.text(_counted(plan, verdicts, words), title=title, language=language)
    return [said, table, *_gaps(plan, verdicts, declared, words)]


def _row(
    one: Any,
    verdict: Any,
    both: tuple[pd.DataFrame, pd.DataFrame],
    plan: YearPlan,
    declared: Any,
    words: Words,
) -> dict[str, Any]:
    """A measure as a row: what was promised, what the figures of its year and the newest ones say."""
    texts, latest = both
    language = words.language
    expected = getattr(one.expected, language)
    row = {
        "title": getattr(one.title, language),
        "who": getattr(one.who, language),
        "budget_eur": one.budget_eur,
        "expected": expected,
        "indicator": words.gettext("nothing that is measured"),
        "before": "–",
        "now": "–",
        "latest": "–",
        "verdict": _verdict(verdict, plan, words),
    }
    if one.indicator is None:
        return row
    shown = texts.loc[one.indicator]
    late = verdict.verdict in (year_plans.LATE, year_plans.NO_FIGURE)
    if one.target is not None:
        row["expected"] = words.gettext(
            "{expected}; target {target}",
            expected=expected,
            target=_target(one, declared, words),
        )
    return row | {
        "indicator": shown["indicator"],
        "before": shown["now"] if verdict.verdict == year_plans.LATE else shown["before"],
        "now": "–" if late else shown["now"],
        "latest": latest.loc[one.indicator, "now"],
    }


def _target(one: Any, declared: Any, words: Words) -> str:
    """A target in the unit of its indicator."""
    measure = declared.known[one.indicator].measure
    if measure in regional_vision.KINDS:
        return tables.written(one.target, regional_vision.KINDS[measure], words.language)
    if measure is not None:
        return figures.written(one.target, measure, words)
    return formats.number(one.target, words.language, decimals=1)


def _verdict(verdict: Any, plan: YearPlan, words: Words) -> str:
    said = words.gettext(VERDICTS[verdict.verdict], year=plan.year)
    met = MET.get(verdict.target_met)
    return f"{said}; {words.gettext(met)}" if met else said


def _counted(plan: YearPlan, verdicts: pd.DataFrame, words: Words) -> list[str]:
    """How many measures went which way."""
    counts = verdicts["verdict"].value_counts()
    told = int(sum(counts.get(one, 0) for one in ("towards", "away", "unclear", "stated", "", "single")))
    waiting = int(counts.get(year_plans.LATE, 0))
    unseen = len(verdicts) - told - waiting - int(counts.get("break", 0))
    first = words.gettext(
        "Of {all} measures {told} have a figure of {year}: {towards} went in the wanted direction, {away} against it.",
        all=len(verdicts),
        told=told,
        year=plan.year,
        towards=int(counts.get("towards", 0)),
        away=int(counts.get("away", 0)),
    )
    second = words.gettext(
        "For {late} it is too early to tell, {broken} cannot be compared, and of {unseen} no figure is known.",
        late=waiting,
        broken=int(counts.get("break", 0)),
        unseen=unseen,
    )
    return [f"{first} {second}"]


def _gaps(plan: YearPlan, verdicts: pd.DataFrame, declared: Any, words: Words) -> list[Exhibit]:
    """The measures without a figure, with the source that would fill it."""
    missing = verdicts[verdicts["verdict"].isin([year_plans.NO_FIGURE, year_plans.UNSEEN])]
    if missing.empty:
        return []
    titles = {one.id: getattr(one.title, words.language) for one in plan.measures}
    rows = [(titles[row.measure], _needs(row.indicator, declared, words)) for row in missing.itertuples()]
    columns = {"measure": Column("Measure taken"), "needs": Column("Which source would fill it")}
    title = words.gettext("Measures of which no figure is known")
    return [Exhibit.of_table(rows, columns, title, words.language, source=plan.source)]


def _needs(indicator: str, declared: Any, words: Words) -> str:
    if not indicator:
        return words.gettext("The plan names nothing by which it can be seen.")
    needs = declared.known[indicator].needs
    if needs is None:
        return words.gettext("Published figures: of this year there are none, or they are hidden.")
    return getattr(needs, words.language)


def accounts(
    plan: YearPlan, own: pd.DataFrame, foretold: pd.DataFrame, *, area: str, language: str = "nl"
) -> list[Exhibit]:
    """The budget of the area and its accounts in the year of the plan, and what was forecast beforehand.

    Parameters
    ----------
    plan, area
        As for ``head``.
    own : DataFrame
        Rows of the area of ``panel.by_area``.
    foretold : DataFrame
        ``shared.registered.of_area``.
    """
    words, year = translator(language), plan.year
    rows = own[own["period"].between(year - 1, year)].assign(
        difference=lambda one: one["cost_eur"] - one["budget_eur"],
        cost_eur_status=lambda one: one["status"],
    )
    columns = {
        "period": Column("Year", "year"),
        "budget_eur": Column("Budget", "euro", blank=True),
        "cost_eur": Column("Accounts", "euro", blank=True),
        "difference": Column("Difference of accounts and budget", "euro", blank=True),
    }
    title = words.gettext("{area}: budget and accounts of all youth care", area=words.gettext(area))
    now = rows[rows["period"].eq(year)]
    late = now.empty or not formats.known(now["cost_eur"].iloc[0])
    note = (
        words.gettext("The accounts of {year} are not there yet: not to be told yet.", year=year)
        if late
        else words.gettext("All youth care, not only the measures of the plan.")
    )
    if plan.budget_eur:
        amount = formats.euro(plan.budget_eur, language)
        note += " " + words.gettext("Budget of the plan itself: {amount}.", amount=amount)
    table = Exhibit.of_table(rows, columns, title, language, note=note, source=words.gettext(SOURCE_COSTS))
    return [table, _foretold(foretold, year, words)]


def _foretold(foretold: pd.DataFrame, year: int, words: Words) -> Exhibit:
    """What was registered beforehand for the year, or that nothing was."""
    title = words.gettext("What was forecast for {year}", year=year)
    if foretold.empty:
        said = words.gettext(
            "No forecast of {year} was registered beforehand for this area. The register keeps forecasts from the day "
            "they are published.",
            year=year,
        )
        return cards.text([said], title=title, language=words.language)
    columns = {
        "origin_date": Column("Forecast made on"),
        "q0.5": Column("Forecast", "euro", digits=EXPECTED),
        **tables.intervals("euro", 80),
    }
    source = words.gettext("Register of forecasts")
    return Exhibit.of_table(foretold, columns, title, words.language, source=source)


def judgements(kept: Sequence[Mapping[str, Any]], plan: YearPlan, *, language: str = "nl") -> Exhibit:
    """Each judgement on the plan with the figures that it was made on: a later one does not replace an earlier one.

    Parameters
    ----------
    kept : sequence of mapping
        ``shared.judgements.keep``.
    plan : YearPlan
        The plan.
    """
    words = translator(language)
    columns = {
        "created": Column("Judged on figures of"),
        "dataset": Column("Dataset"),
        **{name: Column(label, "integer") for name, label in COUNTED.items()},
        "remark": Column("Note"),
    }
    rows = []
    for place, one in enumerate(kept):
        found = [row["verdict"] for row in one["measures"]]
        changed = place > 0 and kept[place - 1]["plan_sha256"] != one["plan_sha256"]
        rows.append(
            {
                "created": formats.date(one["created"], language),
                "dataset": f"{one['dataset']} {one['version']}",
                **{name: found.count(name) for name in COUNTED},
                "remark": words.gettext("the plan was changed before this one") if changed else "–",
            }
        )
    title = words.gettext("When the plan of {year} was judged, and on which figures", year=plan.year)
    return Exhibit.of_table(pd.DataFrame(rows, columns=list(columns)), columns, title, language)


COUNTED = {
    "towards": N_("In the wanted direction"),
    "away": N_("Against it"),
    "unclear": N_("No clear change"),
    year_plans.LATE: N_("Not to be told yet"),
}
"""Verdict -> heading of the column that counts it."""
