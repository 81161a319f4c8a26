"""Who uses youth care, and who refers: youths by age and household, trajectories by referrer."""

from __future__ import annotations

from typing import Any

import pandas as pd

from analyse.present.exhibits import style, tables
from analyse.present.exhibits.exhibit import Exhibit
from analyse.present.figures import marks
from analyse.present.text import formats, sentences
from analyse.present.text.language import N_, Words, translator

CATEGORIES = {
    "0-3": N_("0 to 3 years"),
    "4-11": N_("4 to 11 years"),
    "12-17": N_("12 to 17 years"),
    "18-22": N_("18 to 22 years"),
    "couple": N_("two parents"),
    "single parent": N_("one parent"),
    "other": N_("otherwise"),
    "municipal access": N_("municipality (neighbourhood team)"),
    "general practitioner": N_("general practitioner"),
    "youth doctor": N_("youth doctor"),
    "medical specialist": N_("medical specialist"),
    "certified institution": N_("certified institution (child protection)"),
    "court or prosecutor": N_("court or prosecutor"),
    "no referrer": N_("no referrer"),
    "unknown": N_("not recorded"),
}
BREAKDOWNS = {
    "age": (
        N_("{area}: in {year} the largest group with care was {category} ({share})"),
        N_("{area}: in {year} the largest groups with care were {category} ({share} each)"),
        N_("youths with care"),
    ),
    "household": (
        N_("{area}: in {year} most youths with care lived with {category} ({share})"),
        N_("{area}: in {year} as many youths with care lived with {category} ({share} each)"),
        N_("youths with care"),
    ),
    "referrer": (
        N_("{area}: of all referrers the {category} began most care in {year} ({share})"),
        N_("{area}: of all referrers these began most care in {year}: {category} ({share} each)"),
        N_("periods of care"),
    ),
}
"""Titles of the chart of each breakdown, with one on top and with several, and what is counted."""
SOURCES = N_("CBS, youths with youth care; numbers rounded to 5")


def usage_breakdown(mix: pd.DataFrame, *, breakdown: str, area: str, language: str = "nl") -> Exhibit:
    """Bars by category, the last year beside the one before.

    Parameters
    ----------
    mix : DataFrame
        ``compare.mix`` of one area: year, category, count, status, share.
    breakdown : str
        ``"age"``, ``"household"`` or ``"referrer"``.
    area : str
        Name of the area.
    """
    words = translator(language)
    area = words.gettext(area)
    order = [one for one in CATEGORIES if one in set(mix["category"])]
    rows = mix.assign(
        rank=mix["category"].map({name: place for place, name in enumerate(order)})
    ).sort_values(["rank", "year"])
    year = int(rows["year"].max())
    last = rows[rows["year"].eq(year)].dropna(subset="count")
    return Exhibit(
        kind="figure",
        title=_title(last, year, breakdown, area, words),
        alt=words.gettext(
            "Bar chart for {year}: {parts}.",
            year=year,
            parts="; ".join(
                f"{_label(row.category, words)} {_count(row, words)}" for row in last.itertuples()
            ),
        ),
        source=words.gettext(SOURCES),
        note=_note(rows, breakdown, words),
        drawing={"data": _traces(rows, order, words), "layout": _layout(words, breakdown)},
        table=_table(rows, breakdown, area, words),
        language=language,
    )


def _title(last: pd.DataFrame, year: int, breakdown: str, area: str, words: Words) -> str:
    named = last[~last["category"].isin(["unknown", "no referrer"])]
    if named.empty or not last["count"].sum():
        return words.gettext("{area}: numbers of {year} are not known", area=area, year=year)
    top = named[named["count"].eq(named["count"].max())]
    share = formats.percent(100 * top["share"].iloc[0], words.language, decimals=0)
    first = sentences.listing([_label(one, words) for one in top["category"]], words.language)
    said = BREAKDOWNS[breakdown][min(len(top), 2) - 1]
    return words.gettext(said, area=area, year=year, category=first, share=share)


def _label(category: str, words: Words) -> str:
    return words.gettext(CATEGORIES.get(category, category))


def _count(row: Any, words: Words) -> str:
    text = formats.number(row.count, words.language)
    return words.gettext("at least {amount}", amount=text) if row.status == "incomplete" else text


def _note(rows: pd.DataFrame, breakdown: str, words: Words) -> str:
    said = []
    if breakdown == "referrer":
        said.append(words.gettext("The percentage is of all periods of care, also those without a referrer."))
    if rows["status"].eq("suppressed").any():
        said.append(words.gettext("Numbers below 10 are hidden by CBS."))
    if rows["status"].eq("incomplete").any():
        said.append(words.gettext("Where a part is hidden, the bar shows at least how many there are."))
    return sentences.paragraph(*said)


def _traces(rows: pd.DataFrame, order: list[str], words: Words) -> list[dict[str, Any]]:
    fills = [(style.TOKENS["band95"], "/"), (style.TOKENS["accent"], "")]
    traces = []
    years = sorted(set(rows["year"]))[-2:]
    for year, (color, shape) in zip(years, fills[-len(years) :], strict=True):
        mine = rows[rows["year"].eq(year)].set_index("category").reindex(order).reset_index()
        traces.append(
            marks.bar(
                orientation="h",
                name=str(int(year)),
                y=[_label(one, words) for one in mine["category"]],
                x=[float(value) if value == value else None for value in mine["count"].astype("float64")],
                marker=marks.hatched(color, "accent", shape=shape, fgcolor=style.TOKENS["accent"], size=5),
                hover=[
                    f"{int(year)} · {_label(row.category, words)}: {_count(row, words)}"
                    for row in mine.itertuples()
                ],
            )
        )
    return traces


def _layout(words: Words, breakdown: str) -> dict[str, Any]:
    return style.layout(
        words.language,
        margin={"l": 16, "r": 24, "t": 24, "b": 64},
        barmode="group",
        xaxis=style.axis(
            rangemode="tozero", title={"text": words.gettext(BREAKDOWNS[breakdown][2]), "standoff": 8}
        ),
        yaxis=style.names_axis(),
        showlegend=True,
        legend=style.LEGEND_ABOVE,
    )


def _table(rows: pd.DataFrame, breakdown: str, area: str, words: Words) -> tables.Table:
    order = list(dict.fromkeys(rows["category"]))
    rows = rows.assign(count=rows["count"].astype("float64"), year=rows["year"].astype(int).astype(str))
    wide = rows.pivot(index="category", columns="year", values="count").reindex(order)
    status = rows.pivot(index="category", columns="year", values="status").reindex(order)
    frame = pd.concat([wide, status.add_suffix("_status")], axis=1).reset_index()
    columns = {"category": tables.Column("Category", terms=CATEGORIES)}
    columns |= {year: tables.Column(year, "integer") for year in sorted(wide.columns)}
    caption = words.gettext("{area}: {measure}", area=area, measure=words.gettext(BREAKDOWNS[breakdown][2]))
    return tables.build(frame, columns, caption, words.language)
