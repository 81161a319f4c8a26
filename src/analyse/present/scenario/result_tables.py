"""What an analyst reads of scenarios: side by side, what makes them unsure, what meets a budget, what it costs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

from analyse.present.exhibits import style, tables
from analyse.present.exhibits.exhibit import Exhibit
from analyse.present.exhibits.tables import Column
from analyse.present.figures import common, marks
from analyse.present.scenario import panel_words
from analyse.present.text import formats
from analyse.present.text.language import N_, Words, translator
from analyse.scenario import Lever, Scenario, business_case, payers
from analyse.scenario.seek import Answer

ASSUMPTIONS = {
    "forecast": N_("the forecast itself"),
    "shares": N_("how costs divide over forms of care"),
    "months": N_("how long help lasts"),
    "size": N_("{lever}: how well it works"),
    "ratio": N_("{lever}: price of the new place"),
    "cost": N_("{lever}: what it costs"),
    "capacity": N_("{lever}: how many new places there are"),
    "waiting": N_("how many youths wait for help"),
}
SOURCES = {
    "both": N_("everything"),
    "forecast": N_("only the forecast; every measure works as its middle says"),
    "effects": N_("only the effects; the future is the mean one"),
}
EUROS_80 = tables.intervals("euro", 80, digits=tables.KNOWN)
LIMITS = {
    "late": "limit_late",
    "evidence": "limit_evidence",
    "places": "limit_places",
    "nothing": "limit_nothing",
    "range": "limit_range",
}
"""What limits a goal-seek -> its text, shared with the panel."""
SHOWN = 8
"""Bars of a tornado: the widest ones; the table has them all."""


def compared(
    table: pd.DataFrame, scenarios: Iterable[Scenario], *, area: str, year: int, language: str = "nl"
) -> Exhibit:
    """What each scenario changes in one year, beside the forecast.

    Parameters
    ----------
    table : DataFrame
        ``comparison.compare`` of one area.
    scenarios : iterable of Scenario
        For their titles, in the order wanted; one without levers is left out.
    area : str
        Name of the area.
    year : int
        Year of the forecast.
    """
    words = translator(language)
    titles = {chosen.id: getattr(chosen.title, language) for chosen in scenarios if chosen.settings}
    rows = (
        table.query("period == @year and measure == 'difference_eur'").set_index("scenario").loc[list(titles)]
    )
    rows = rows.assign(name=list(titles.values()))
    values = {"area": words.gettext(area), "year": year, "n": int((rows["q0.9"] < 0).sum()), "all": len(rows)}
    return _spans(
        rows,
        title=words.gettext("{area}: {n} of {all} scenarios very probably cost less in {year}", **values),
        caption=words.gettext("{area}: difference with the forecast in {year}", **values),
        heading=words.gettext("Scenario"),
        note=words.gettext(
            "Bar: 4 in 5 chance that the difference lies in it; the mark is the middle outcome. Very "
            "probably: at least 9 in 10."
        ),
        words=words,
    )


def tornado(
    table: pd.DataFrame, levers: Iterable[Lever], *, area: str, year: int, language: str = "nl"
) -> Exhibit:
    """Which assumption matters most for what a scenario changes, the widest first.

    Parameters
    ----------
    table, area, year
        ``uncertainty.tornado``; the others as for ``compared``.
    levers : iterable of Lever
        For their titles.
    """
    words = translator(language)
    titles = {lever.id: getattr(lever.title, language) for lever in levers}
    names = [
        words.gettext(ASSUMPTIONS[row.assumption], lever=titles.get(row.lever, ""))
        for row in table.itertuples()
    ]
    rows = table.assign(name=names).head(SHOWN)
    values = {"area": words.gettext(area), "year": year, "first": names[0] if names else ""}
    return _spans(
        rows,
        title=words.gettext("{area}, {year}: most uncertainty comes from ‘{first}’", **values),
        caption=words.gettext(
            "{area}: difference with the forecast in {year} when one assumption varies", **values
        ),
        heading=words.gettext("Assumption"),
        note=words.gettext(
            "Each bar lets one assumption vary and holds the others at their middle: 4 in 5 chance that "
            "the difference lies in it. The widest {shown} are drawn.",
            shown=SHOWN,
        ),
        words=words,
    )


def separated(table: pd.DataFrame, *, area: str, year: int, language: str = "nl") -> Exhibit:
    """How much of the uncertainty comes from the forecast and how much from the effects, in one year.

    Parameters
    ----------
    table, area, year
        ``uncertainty.separate``; the others as for ``compared``.
    """
    words = translator(language)
    rows = table.query("period == @year")
    rows = rows.assign(name=[words.gettext(SOURCES[source]) for source in rows["source"]])
    columns = {"name": Column("What varies"), "q0.5": Column("Difference", "euro"), **EUROS_80}
    caption = words.gettext(
        "{area}: difference with the forecast in {year}, by what varies", area=words.gettext(area), year=year
    )
    return _table(rows, columns, caption, words)


def sought(answers: Iterable[Answer], levers: Iterable[Lever], *, area: str, language: str = "nl") -> Exhibit:
    """Which size of which lever meets a budget; says so where none does.

    Parameters
    ----------
    answers : iterable of Answer
        ``seek.find``, of one year and budget.
    levers : iterable of Lever
        For their titles and ranges.
    area : str
        Name of the area.
    """
    words, listed = translator(language), list(answers)
    known = {lever.id: lever for lever in levers}
    rows = pd.DataFrame(
        [
            {
                "lever": getattr(known[answer.lever].title, language),
                "wanted": answer.wanted,
                "size": words.gettext("not within {low} to {high}", **_ends(known[answer.lever], language))
                if answer.size is None
                else formats.percent(answer.size, language, signed=True),
                "reached": answer.reached,
                "without": answer.without,
                "reach": 100 * answer.reach,
                "needed": answer.needed_eur,
                "at_best": answer.at_best_eur,
                "limit": words.gettext(
                    panel_words.TEXTS[LIMITS[answer.why]], start=answer.start, year=answer.year
                )
                if answer.why
                else words.gettext("nothing"),
            }
            for answer in listed
        ]
    )
    columns = {
        "lever": Column("Measure alone"),
        "wanted": Column("Chance wanted", "probability"),
        "size": Column("Size needed"),
        "reached": Column("Chance reached", "likelihood"),
        "without": Column("Chance without it", "likelihood"),
        "reach": Column("Part of the costs that it acts on", "percent", digits=tables.EXPECTED),
        "needed": Column("Must go", "euro", digits=tables.EXPECTED),
        "at_best": Column("Changes at best", "euro", digits=tables.EXPECTED),
        "limit": Column("What limits it"),
    }
    caption = words.gettext(
        "{area}: what keeps {year} within {budget}",
        area=words.gettext(area),
        year=listed[0].year,
        budget=formats.euro(listed[0].budget_eur, language),
    )
    return _table(rows, columns, caption, words)


def together(
    table: pd.DataFrame, levers: Iterable[Lever], *, area: str, year: int, language: str = "nl"
) -> Exhibit:
    """What measures do together for a budget, added one by one, the best evidence first.

    Parameters
    ----------
    table, levers, area, year
        ``seek.together``; the others as for ``tornado``.
    """
    words = translator(language)
    titles = {lever.id: getattr(lever.title, language) for lever in levers}
    rows = table.assign(
        name=[titles.get(name, words.gettext("no measure")) for name in table["lever"]],
        evidence=table["evidence"].replace("", "–"),
    )
    columns = {
        "name": Column("Measure added"),
        "evidence": Column("Evidence"),
        "within": Column("Chance to stay within the budget", "likelihood"),
    }
    caption = words.gettext(
        "{area}: measures added one by one, and the chance to stay within the budget of {year}",
        area=words.gettext(area),
        year=year,
    )
    note = words.gettext(
        "The best evidence first, each as promised or as its default says. What is the same money as one before it is "
        "left out. So is what nobody measured or promised."
    )
    return _table(rows, columns, caption, words, note)


def cases(
    table: pd.DataFrame,
    levers: Iterable[Lever],
    *,
    area: str,
    rates: business_case.Rates,
    language: str = "nl",
) -> Exhibit:
    """The business case of each lever alone and of the whole scenario.

    Parameters
    ----------
    table : DataFrame
        ``business_case.table``.
    rates : Rates
        The discount rates of the cases.
    levers, area
        As for ``tornado``.
    """
    words = translator(language)
    titles = {lever.id: getattr(lever.title, language) for lever in levers}
    rows = table.assign(
        name=[titles.get(name, words.gettext("everything together")) for name in table["lever"]],
        payback=[_payback(row, words) for row in table.itertuples()],
        chance=table["pays_back"].where(table["cost_given"]),
        chance_status=tables.NOT_APPLICABLE,
    )
    columns = {
        "name": Column("Measure taken"),
        "investment_eur": Column("One-off cost", "euro"),
        "running_eur": Column("Running cost, all years", "euro"),
        "saving_eur": Column("Saved in the last year", "euro"),
        "present_value_eur": Column("Present value", "euro"),
        **EUROS_80,
        "residual_eur": Column("After the horizon", "euro"),
        "social_value_eur": Column("Value for society", "euro"),
        "payback": Column("Paid back in"),
        "chance": Column("Chance that it pays back", "likelihood"),
    }
    caption = words.gettext("{area}: business case of each measure", area=words.gettext(area))
    note = words.gettext(
        "Present value for the municipality with {interest} interest a year above inflation, up to the horizon. "
        "After the horizon: what comes on top when the last year repeats itself five times. Value for society: with "
        "{social} a year, and what another payer takes over is no saving. "
        "Where no cost is filled in, a saving is gross and paying back says nothing. Amounts are averages over the "
        "possible futures; paid back means in more than half of them, also where a few bad ones make the average "
        "negative.",
        **{name: formats.percent(100 * rate, language, decimals=2) for name, rate in rates._asdict().items()},
    )
    return _table(rows, columns, caption, words, note)


PAYERS = {
    payers.MUNICIPALITY: N_("the municipality, for youth care and measures"),
    "national fund": N_("the state, which has taken it from the municipal fund"),
    "families": N_("families, who pay or go without"),
    "schools": N_("schools"),
    "long-term care act": N_("the long-term care act (Wlz)"),
    "health insurer": N_("the health insurer"),
    "region": N_("the region, which gets fewer orders"),
    payers.FUND: N_("taken from the municipal fund, whether it works or not"),
}


NOTHING = 1e-4
"""Part of the largest amount in a table of payers below which another one is none."""


def who_pays(table: pd.DataFrame, *, area: str, year: int, language: str = "nl") -> Exhibit:
    """Who pays more and who gains in a year; what stands below 0 is less.

    Parameters
    ----------
    table, area, year
        ``payers.table``; the others as for ``compared``.
    """
    words = translator(language)
    columns = {
        "name": Column("Who"),
        "q0.5": Column("Pays more or less", "euro", digits=tables.EXPECTED),
        **tables.intervals("euro", 80),
    }
    rows = table.assign(name=[words.gettext(PAYERS[who]) for who in table["who"]])
    amounts = [name for name in columns if name != "name"]
    nothing = rows[amounts].abs() < NOTHING * rows[amounts].abs().max(axis=None)
    rows[amounts] = rows[amounts].mask(nothing, 0.0)
    caption = words.gettext("{area}: who pays and who gains in {year}", area=words.gettext(area), year=year)
    note = words.gettext("For anybody not in the table, nothing was found that they pay or gain.")
    return _table(rows, columns, caption, words, note)


def _payback(row: Any, words: Words) -> str:
    if not row.cost_given:
        return words.gettext("no cost filled in")
    return words.gettext("not within the horizon") if pd.isna(row.payback_year) else str(row.payback_year)


def _ends(lever: Lever, language: str) -> dict[str, str]:
    return {
        "low": formats.percent(lever.minimum, language, decimals=0),
        "high": formats.percent(lever.maximum, language, decimals=0),
    }


def _table(
    rows: pd.DataFrame, columns: Mapping[str, Column], caption: str, words: Words, note: str = ""
) -> Exhibit:
    source = words.gettext(common.SOURCE_COSTS)
    return Exhibit.of_table(rows, columns, caption, words.language, source=source, note=note)


def _spans(rows: pd.DataFrame, *, title: str, caption: str, heading: str, note: str, words: Words) -> Exhibit:
    """Bars from the 10 % to the 90 % of a difference in costs, one below the other, and a mark in the middle."""
    said = [
        words.gettext(
            "{name}: 80% chance between {between}",
            name=style.plain(name),
            between=formats.euro_between(low, high, words.language),
        )
        for name, low, high in zip(rows["name"], rows["q0.1"], rows["q0.9"], strict=True)
    ]
    names = [style.broken(name, 40) for name in rows["name"]]
    bar = marks.bar(
        orientation="h",
        y=names,
        width=0.6,
        base=(rows["q0.1"] / common.MILLION).tolist(),
        x=((rows["q0.9"] - rows["q0.1"]) / common.MILLION).tolist(),
        hover=said,
        marker={"color": style.TOKENS["band80"], "line": {"color": style.TOKENS["accent"], "width": 1}},
    )
    mark = marks.scatter(
        "markers",
        y=names,
        x=(rows["q0.5"] / common.MILLION).tolist() if "q0.5" in rows else [],
        hoverinfo="skip",
        marker={"symbol": "diamond", "size": 8, "color": style.TOKENS["ink"]},
    )
    columns = {
        "name": Column(heading),
        **({"q0.5": Column("Difference", "euro")} if "q0.5" in rows else {}),
        **EUROS_80,
    }
    axis = style.along(words.gettext("million euros; below 0 is less than the forecast"))
    layout = style.layout(
        words.language,
        margin={"l": 16, "r": 16, "t": 16, "b": 48},
        xaxis=style.axis(zeroline=True, zerolinecolor=style.TOKENS["muted"], title=axis),
        yaxis=style.names_axis(dtick=1),
    )
    return Exhibit(
        kind="figure",
        title=title,
        alt=" ".join(f"{sentence}." for sentence in said),
        source=words.gettext(common.SOURCE_COSTS),
        note=note,
        drawing={"data": [bar, mark] if "q0.5" in rows else [bar], "layout": layout},
        table=tables.build(rows, columns, caption, words.language),
        language=words.language,
    )
