"""The lines, bands and steps of a fan chart."""

from __future__ import annotations

from typing import Any

import pandas as pd

from analyse.present.exhibits import style
from analyse.present.figures import common, marks
from analyse.present.figures.common import MEASURES, NAMES, Measure
from analyse.present.text import formats
from analyse.present.text.language import Words


def bands(forecast: pd.DataFrame, last: pd.DataFrame, shown: Measure) -> list[dict[str, Any]]:
    """The 95 % band below the 80 % band, with edges that show in grey.

    Parameters
    ----------
    forecast : DataFrame
        Rows of one area and measure by year, with q0.025 to q0.975.
    last : DataFrame
        The last observed row with a value, or no row.
    shown : Measure
        Which column, and its scale and kind.
    """
    traces = []
    for low, high, fill in (("q0.025", "q0.975", "band95"), ("q0.1", "q0.9", "band80")):
        x, lower = _from_last(forecast, last, low, shown)
        _, upper = _from_last(forecast, last, high, shown)
        traces.append(
            marks.scatter(
                "lines",
                fill="toself",
                fillcolor=style.TOKENS[fill],
                x=[*x, *reversed(x)],
                y=[*lower, *reversed(upper)],
                hoverinfo="skip",
                showlegend=False,
                line={"color": style.TOKENS["accent"], "width": 0.6},
            )
        )
    return traces


def _from_last(
    forecast: pd.DataFrame, last: pd.DataFrame, column: str, shown: Measure
) -> tuple[list[int], list[float]]:
    """Years and values of the forecast, starting from the last whole observed year."""
    whole = last[last[shown.status].ne("incomplete")]
    values = [*whole[shown.column], *forecast[column]]
    return [int(year) for year in [*whole["period"], *forecast["period"]]], [
        value / shown.scale for value in values
    ]


def forecast_trace(
    forecast: pd.DataFrame, last: pd.DataFrame, shown: Measure, words: Words
) -> list[dict[str, Any]]:
    """The dashed line through the middle of the forecast, from the last whole year.

    Parameters
    ----------
    forecast, last, shown
        As for ``bands``.
    words : Words
        Of the language of the page.
    """
    x, y = _from_last(forecast, last, "q0.5", shown)
    texts = [forecast_words(row, shown, words) for row in forecast.to_dict("records")]
    return [
        marks.scatter(
            "lines",
            name=words.gettext("forecast"),
            x=x,
            y=y,
            line={"color": style.TOKENS["accent"], "width": 2.5, "dash": "dash"},
            hover=[""] * (len(x) - len(texts)) + texts,
        )
    ]


def forecast_words(row: dict[str, Any], shown: Measure, words: Words) -> str:
    """One year of the forecast in words, with its 80 % interval.

    Parameters
    ----------
    row : dict
        A row of the forecast.
    shown, words
        As for ``forecast_trace``.
    """
    if shown.kind == "euro":
        middle = formats.euro(row["q0.5"], words.language, digits=2)
        between = formats.euro_between(row["q0.1"], row["q0.9"], words.language)
    else:
        middle = formats.about(row["q0.5"], words.language, digits=2)
        between = words.gettext(
            "{low} and {high}",
            low=formats.about(row["q0.1"], words.language, digits=2),
            high=formats.about(row["q0.9"], words.language, digits=2),
        )
    return words.gettext(
        "{year}: about {middle} (80% chance between {between})",
        year=int(row["period"]),
        middle=middle,
        between=between,
    )


def budget_note(budget: pd.DataFrame, words: Words) -> str:
    """The sentence that explains open diamonds; empty when every budget is complete."""
    partial = budget.loc[budget["budget_status"].eq("incomplete"), "period"]
    if partial.empty:
        return ""
    return words.gettext(
        "Open diamond ({years}): a part of the budget is not known, so it is at least this much.",
        years=common.years(partial, words),
    )


def budget_traces(budget: pd.DataFrame, words: Words) -> list[dict[str, Any]]:
    """Budgets as steps with a tick in each year; a lower bound is a separate diamond."""
    if budget.empty:
        return []
    whole = common.every_year(budget)
    amounts = common.runs(whole, "budget_eur", "budget_status")
    x, y = [], []
    for period, amount in zip(whole["period"], amounts, strict=True):
        x += [period - 0.5, period + 0.5]
        y += [amount / common.MILLION if amount is not None else None] * 2
    step = marks.scatter(
        "lines",
        name=words.gettext("budgeted"),
        x=x,
        y=y,
        hoverinfo="skip",
        line={"color": style.TOKENS["muted"], "width": 1.5},
        connectgaps=False,
    )
    at_least = budget["budget_status"].eq("incomplete")
    ticks = marks.scatter(
        "markers",
        showlegend=False,
        x=budget["period"].tolist(),
        y=(budget["budget_eur"] / common.MILLION).tolist(),
        marker={
            "symbol": ["diamond-open" if partial else "line-ns-open" for partial in at_least],
            "size": 9,
            "color": style.TOKENS["muted"],
            "line": {"width": 2, "color": style.TOKENS["muted"]},
        },
        hover=[
            common.hover(
                words.gettext("budgeted"),
                period,
                amount,
                MEASURES["cost_eur"],
                words.language,
                at_least=bool(partial),
            )
            for period, amount, partial in zip(budget["period"], budget["budget_eur"], at_least, strict=True)
        ],
    )
    return [step, ticks]


def layout(
    observed: pd.DataFrame,
    forecast: pd.DataFrame,
    budget: pd.DataFrame,
    marked: list[Any],
    shown: Measure,
    words: Words,
) -> dict[str, Any]:
    """Axes from zero, the breaks, and a label at each line.

    Parameters
    ----------
    observed, budget : DataFrame
        Rows of the area by year: those with a value, and those with a budget.
    forecast, shown, words
        As for ``forecast_trace``.
    marked : list of Break
        The breaks that are drawn.
    """
    marks, known = common.break_marks(marked), common.has_value(observed, shown.column, shown.status)
    last, end = known.tail(1), forecast.iloc[-1]
    below = {"yanchor": "top", "yshift": -6} if known[shown.column].diff().tail(1).lt(0).any() else {}
    labels = [
        style.end_label(
            int(end["period"]), end["q0.5"] / shown.scale, words.gettext("forecast"), style.TOKENS["accent"]
        )
    ]
    if len(last):
        labels.append(
            {
                **style.end_label(
                    int(last["period"].iloc[0]),
                    last[shown.column].iloc[0] / shown.scale,
                    words.gettext(NAMES[shown.column]),
                    style.TOKENS["ink"],
                    above=True,
                ),
                "xanchor": "right",
                **below,
            }
        )
    if len(budget):
        lowest = budget.iloc[len(budget) // 2]
        labels.append(
            {
                **style.end_label(
                    int(lowest["period"]),
                    lowest["budget_eur"] / common.MILLION,
                    words.gettext("budgeted"),
                    style.TOKENS["muted"],
                ),
                "yanchor": "top",
                "xanchor": "left",
                "xshift": 0,
                "yshift": -6,
            }
        )
    periods = [int(year) for year in [*budget["period"], *observed["period"], *forecast["period"]]]
    return style.layout(
        words.language,
        margin={"l": 48, "r": 84, "t": 48, "b": 32},
        xaxis=style.year_axis(periods),
        yaxis=style.axis(rangemode="tozero"),
        shapes=marks["shapes"],
        annotations=[style.note_on_axis(words.gettext(shown.unit)), *marks["annotations"], *labels],
    )
