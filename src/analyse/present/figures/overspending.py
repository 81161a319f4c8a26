"""Spending above the budget by year: a small chart per area, side by side."""

from __future__ import annotations

from typing import Any

import pandas as pd

from analyse.present.exhibits import style, tables
from analyse.present.exhibits.exhibit import Exhibit
from analyse.present.figures import differences, marks
from analyse.present.text import formats, sentences
from analyse.present.text.language import Words, translator

OVER = "overspend_fraction"
NAME_LETTERS = 12
"""Letters of a line above a small chart: there is room for no more on a phone."""


def overspending(measures: pd.DataFrame, rated: tables.Table, *, language: str = "nl") -> Exhibit:
    """A small chart per area, side by side: spending above the budget in each year.

    Parameters
    ----------
    measures : DataFrame
        ``compare.measures`` of a few areas: area, period, overspend_fraction.
    rated : Table
        The table behind it, see ``listings.rates``.
    """
    words = translator(language)
    known = measures.dropna(subset=OVER)
    groups = [
        (words.gettext(str(area)), rows.sort_values("period"))
        for area, rows in measures.groupby("area", sort=False)
    ]
    years = sorted(int(one) for one in measures["period"].unique())
    over = int(known[OVER].gt(0).sum())
    parts = [
        f"{area}: "
        + ", ".join(
            f"{row.period} {formats.percent(100 * row.overspend_fraction, language)}"
            for row in rows.dropna(subset=OVER).itertuples()
        )
        for area, rows in groups
    ]
    return Exhibit(
        kind="figure",
        title=words.gettext(
            "In {over} of {n} sets of yearly accounts a region spent more than it had budgeted",
            over=over,
            n=len(known),
        ),
        alt=sentences.paragraph(
            words.gettext("Bar charts of spending above the budget."), "; ".join(parts) + "."
        ),
        source=words.gettext(differences.SOURCE),
        note=words.gettext("No bar: the accounts or the budget of a municipality in the region are missing."),
        drawing=_small_multiples(groups, years, words),
        table=rated,
        language=language,
    )


def _small_multiples(
    groups: list[tuple[str, pd.DataFrame]], years: list[int], words: Words
) -> dict[str, Any]:
    """The bars of each area beside those of the one before, on one axis with an empty place between."""
    wide, traces, labels = len(years) + 1, [], []
    highest = max(float(rows[OVER].max()) for _, rows in groups) * 100
    for number, (area, rows) in enumerate(groups):
        known = rows.dropna(subset=OVER)
        at = [wide * number + years.index(int(year)) for year in known["period"]]
        values = [float(100 * value) for value in known[OVER]]
        look = {"color": style.TOKENS["band80"], "line": {"color": style.TOKENS["accent"], "width": 1}}
        texts = [formats.number(value, words.language) for value in values]
        hover = [
            f"{style.plain(area)} {year}: {formats.percent(value, words.language)}"
            for year, value in zip(known["period"], values, strict=True)
        ]
        traces.append(marks.bar(x=at, y=values, width=0.8, marker=look, hover=hover))
        traces.append(
            marks.scatter(
                "text",
                x=at,
                y=[max(one, 0.0) for one in values],
                text=texts,
                textposition="top center",
                textfont={"size": 11},
                hoverinfo="skip",
                meta={"narrow": [""] * len(texts)},
            )
        )
        middle = wide * number + (len(years) - 1) / 2
        labels.append(
            {
                "x": middle,
                "y": highest * 1.12,
                "text": f"<b>{style.broken(area, NAME_LETTERS)}</b>".replace("<br>", "</b><br><b>"),
                "yanchor": "bottom",
                "showarrow": False,
                "font": {"size": 13, "color": style.TOKENS["ink"]},
            }
        )
    starts = [wide * number for number in range(len(groups))]
    layout = style.layout(
        words.language,
        margin={"l": 48, "r": 8, "t": 56, "b": 32},
        barmode="overlay",
        xaxis=style.axis(
            grid=False,
            range=[-0.7, wide * len(groups) - 1.3],
            **_year_ticks(starts, years, most=12),
        ),
        yaxis=style.axis(
            range=[min(0.0, *(100 * float(rows[OVER].min()) for _, rows in groups)), highest * 1.25]
        ),
        annotations=[style.note_on_axis(words.gettext("per cent above the budget")), *labels],
        meta={"narrow_axis": _year_ticks(starts, years, most=6)},
    )
    return {"data": traces, "layout": layout}


def _year_ticks(starts: list[int], years: list[int], *, most: int) -> dict[str, list[Any]]:
    """The ticks of all areas, each with the same years: where they stand, and what they say.

    Parameters
    ----------
    starts : list of int
        Place of the first year of each area.
    years : list of int
        All years.
    most : int
        How many there is room for below the whole picture.
    """
    shown = style.even_years(years, most=max(most // len(starts), 1))
    return {
        "tickvals": [start + years.index(year) for start in starts for year in shown],
        "ticktext": [str(year) for _ in starts for year in shown],
    }
