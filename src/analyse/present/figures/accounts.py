"""The accounts against the original budget, year by year."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pandas as pd

from analyse.compare import WHOLE
from analyse.present.exhibits import style, tables
from analyse.present.exhibits.exhibit import Exhibit
from analyse.present.figures import common, marks
from analyse.present.text import formats, sentences
from analyse.present.text.language import N_, Words, translator

SOURCE = N_("CBS, Iv3 information of municipalities: accounts and original budgets")


ABOUT_PERCENT = 0.5
"""A usual difference that is smaller rounds to nothing."""


def budget_against_accounts(
    history_area: pd.DataFrame, *, breaks: Iterable[Any] = (), language: str = "nl"
) -> Exhibit:
    """Bars of spending, a mark for each budget, and the percentage difference above.

    Parameters
    ----------
    history_area : DataFrame
        Rows of one area from ``panel.by_area``: area_code, area, period, cost_eur (EUR), status,
        budget_eur (EUR), budget_status.
    breaks : iterable of Break
        Declared breaks; those that touch this chart are drawn and explained.
    """
    words = translator(language)
    code, area = common.one_area(history_area, words)
    rows = history_area.sort_values("period")
    told = rows["cost_eur"].notna() | rows["status"].ne("missing")
    rows = rows[told if told.any() else rows["budget_eur"].notna()]
    both = rows["status"].isin(WHOLE) & rows["budget_status"].isin(WHOLE)
    rows = rows.assign(
        over=(100 * (rows["cost_eur"] / rows["budget_eur"] - 1)).where(both),
        difference_eur=(rows["cost_eur"] - rows["budget_eur"]).where(both),
    )
    compared, marked = rows[both], common.touching(breaks, "costs", [code], rows["period"])
    return Exhibit(
        kind="figure",
        title=_title(compared, area, words),
        alt=sentences.paragraph(_alternative(rows, words), common.breaks_told(marked, words)),
        source=words.gettext(SOURCE),
        note=sentences.paragraph(
            words.gettext(
                "Bar: spent. Thick line: budgeted before the year began. Percentage: difference with the budget."
            ),
            common.status_note(rows, "cost_eur", "status", words, bars=True),
            _budget_note(rows, words),
            common.break_note(marked, words),
        ),
        drawing={
            "data": _traces(rows, words),
            "layout": common.over_years(
                rows["period"],
                words,
                broken=marked,
                margin={"l": 48, "r": 16, "t": 48, "b": 56},
                showlegend=True,
            ),
        },
        table=_table(rows, area, words),
        language=language,
    )


def _title(compared: pd.DataFrame, area: str, words: Words) -> str:
    if compared.empty:
        return words.gettext("{area}: accounts and budget cannot be compared", area=area)
    over, years, usual = int(compared["over"].gt(0).sum()), len(compared), float(compared["over"].median())
    amount = formats.percent(abs(usual), words.language, decimals=0)
    middle = (
        words.gettext("about as much")
        if abs(usual) < ABOUT_PERCENT
        else words.gettext("{percent} more", percent=amount)
        if usual > 0
        else words.gettext("{percent} less", percent=amount)
    )
    return words.ngettext(
        "{area} spent more than budgeted in {over} of {years} year; in a usual year {middle}",
        "{area} spent more than budgeted in {over} of {years} years; in a usual year {middle}",
        years,
        area=area,
        over=over,
        years=years,
        middle=middle,
    )


def _traces(rows: pd.DataFrame, words: Words) -> list[dict[str, Any]]:
    spent = common.has_value(rows, "cost_eur", "status")
    partial = spent["status"].eq("incomplete")
    budget = common.has_value(rows, "budget_eur", "budget_status")
    tops = pd.concat(
        [spent.set_index("period")["cost_eur"], budget.set_index("period")["budget_eur"]], axis=1
    ).max(axis=1)
    compared = rows.dropna(subset="over")
    over = [formats.percent(value, words.language, decimals=0, signed=True) for value in compared["over"]]
    shown = common.MEASURES["cost_eur"]
    return [
        marks.bar(
            name=words.gettext("spent"),
            x=spent["period"].tolist(),
            y=(spent["cost_eur"] / common.MILLION).tolist(),
            width=0.6,
            marker={
                "color": [style.TOKENS["paper"] if one else style.TOKENS["band80"] for one in partial],
                "line": {"color": style.TOKENS["accent"], "width": 1},
            },
            hover=[
                common.hover(words.gettext("spent"), period, value, shown, words.language, at_least=bool(one))
                for period, value, one in zip(spent["period"], spent["cost_eur"], partial, strict=True)
            ],
        ),
        _budget_marks(budget, words),
        marks.scatter(
            "text",
            x=compared["period"].tolist(),
            showlegend=False,
            y=[tops[period] / common.MILLION for period in compared["period"]],
            text=over,
            meta={"narrow": [text.removesuffix("%").rstrip() for text in over]},
            textposition="top center",
            hoverinfo="skip",
            cliponaxis=False,
        ),
    ]


def _budget_marks(budget: pd.DataFrame, words: Words) -> dict[str, Any]:
    """A thick line across each bar, whatever the width of the screen."""
    name, x, y, texts = words.gettext("budgeted"), [], [], []
    for row in budget.to_dict("records"):
        partial = row["budget_status"] == "incomplete"
        text = common.hover(
            name,
            row["period"],
            row["budget_eur"],
            common.MEASURES["cost_eur"],
            words.language,
            at_least=partial,
        )
        x += [row["period"] - 0.38, row["period"], row["period"] + 0.38, None]
        y += [row["budget_eur"] / common.MILLION] * 3 + [None]
        texts += [text] * 4
    return marks.scatter(
        "lines",
        name=name,
        x=x,
        y=y,
        line={"color": style.TOKENS["ink"], "width": 3},
        connectgaps=False,
        hover=texts,
    )


def _budget_note(rows: pd.DataFrame, words: Words) -> str:
    wrong = rows.loc[rows["budget_eur"].isna() & rows["budget_status"].eq("faulty"), "period"]
    partial = rows.loc[rows["budget_status"].eq("incomplete"), "period"]
    said = []
    if len(wrong):
        said.append(
            words.gettext(
                "No budget for {years}: the source holds an error.", years=common.years(wrong, words)
            )
        )
    if len(partial):
        said.append(
            words.gettext(
                "The budget of {years} is not whole, so it is not compared.",
                years=common.years(partial, words),
            )
        )
    return " ".join(said)


def _alternative(rows: pd.DataFrame, words: Words) -> str:
    compared = rows.dropna(subset="over")
    parts = "; ".join(
        f"{int(row.period)} {formats.percent(row.over, words.language, decimals=0, signed=True)}"
        for row in compared.itertuples()
    )
    if not parts:
        return words.gettext("Bar chart. No year has both whole accounts and a whole budget.")
    return words.gettext(
        "Bar chart of accounts beside budgets. Difference with the budget: {parts}.", parts=parts
    )


def _table(rows: pd.DataFrame, area: str, words: Words) -> tables.Table:
    shown = rows.assign(cost_eur_status=rows["status"], budget_eur_status=rows["budget_status"])
    columns = {
        "period": tables.Column("Year", "year"),
        "budget_eur": tables.Column("Budgeted", "euro_exact"),
        "cost_eur": tables.Column("Spent", "euro_exact"),
        "difference_eur": tables.Column("Difference", "euro_exact", blank=True),
        "over": tables.Column("Difference in per cent", "percent1", blank=True),
    }
    return tables.build(
        shown, columns, words.gettext("{area}: accounts against budget", area=area), words.language
    )
