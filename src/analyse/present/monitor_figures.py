"""Steering on declarations as figures: months of care, and the forecast month by month."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from analyse.present import formats, monitor, style, tables
from analyse.present.exhibit import Exhibit
from analyse.present.figures import common
from analyse.present.figures.steps import MILLIONS
from analyse.present.language import Words, translator


def monthly(
    table: pd.DataFrame, drawn: np.ndarray, about: Mapping[str, Any], *, area: str, language: str = "nl"
) -> Exhibit:
    """What each month of care costs: declared, still to come, and forecast, with intervals.

    Parameters
    ----------
    table : DataFrame
        One row per month of one area: period, declared_eur, cost_eur, stage.
    drawn : array (month, sample)
        Samples of the last months of the table, EUR.
    """
    words = translator(language)
    rows = table.tail(len(drawn)).assign(
        low=np.quantile(drawn, 0.1, axis=1), high=np.quantile(drawn, 0.9, axis=1)
    )
    newest = rows[rows["stage"] == "completed"].iloc[-1]
    share = newest["declared_eur"] / newest["cost_eur"] * 100 if newest["cost_eur"] else float("nan")
    title = words.gettext(
        "{area}: of {month} {share} has been declared so far",
        area=area,
        month=newest["period"],
        share=formats.percent(share, language, decimals=0),
    )
    alt = words.gettext(
        "Bars by month. Solid: declared. Hatched: still to come. Dotted: months to come. {month}: {declared} declared, "
        "about {cost} in the end.",
        month=newest["period"],
        declared=formats.euro(newest["declared_eur"], language),
        cost=formats.euro(newest["cost_eur"], language),
    )
    note = words.gettext("Thin lines: 4 in 5 chance that the month ends between the ends.")
    return Exhibit(
        "figure",
        title,
        alt=alt,
        source=monitor.source(about, words),
        note=note,
        language=language,
        figure={"data": _bars(rows, words), "layout": _layout(about, words)},
        table=_months_table(rows, title, words),
    )


def _bars(rows: pd.DataFrame, words: Words) -> list[dict[str, Any]]:
    past = rows["stage"] == "completed"
    ink, paper = style.TOKENS["ink"], style.TOKENS["paper"]
    shown = {
        "declared": (rows["declared_eur"], "", style.TOKENS["ink"]),
        "to come": ((rows["cost_eur"] - rows["declared_eur"]).where(past, 0), "/", style.TOKENS["accent"]),
        "forecast": (rows["cost_eur"].where(~past, 0), ".", style.TOKENS["accent"]),
    }
    names = {
        "declared": words.gettext("declared"),
        "to come": words.gettext("still to come"),
        "forecast": words.gettext("forecast"),
    }
    bars = []
    for name, (values, pattern, color) in shown.items():
        marker = {
            "color": color,
            "line": {"color": ink, "width": 0.5},
            "pattern": {"shape": pattern, "bgcolor": paper},
        }
        texts = [
            f"{period} · {names[name]}: {formats.euro(value, words.language)}"
            for period, value in zip(rows["period"], values, strict=True)
        ]
        bars.append(
            {
                "type": "bar",
                "name": names[name],
                "x": rows["period"].tolist(),
                "y": (values / common.MILLION).tolist(),
                "marker": marker,
                "customdata": texts,
                "hovertemplate": "%{customdata}<extra></extra>",
            }
        )
    interval = {
        "type": "scatter",
        "mode": "markers",
        "x": rows["period"].tolist(),
        "hoverinfo": "skip",
        "y": (rows["cost_eur"] / common.MILLION).tolist(),
        "marker": {"size": 1, "color": ink},
        "showlegend": False,
        "error_y": {
            "type": "data",
            "symmetric": False,
            "thickness": 1.5,
            "width": 0,
            "color": ink,
            "array": ((rows["high"] - rows["cost_eur"]).clip(lower=0) / common.MILLION).tolist(),
            "arrayminus": ((rows["cost_eur"] - rows["low"]).clip(lower=0) / common.MILLION).tolist(),
        },
    }
    return [*bars, interval]


def _months_table(rows: pd.DataFrame, caption: str, words: Words) -> tables.Table:
    share = rows["declared_eur"] / rows["cost_eur"] * 100
    shown = rows.assign(share=share.where(rows["stage"] == "completed"), share_status=tables.NOT_APPLICABLE)
    columns = {
        "period": tables.Column(words.gettext("Month of care")),
        "declared_eur": tables.Column(words.gettext("Declared"), "euro"),
        "share": tables.Column(words.gettext("Share declared"), "percent"),
        "cost_eur": tables.Column(words.gettext("Expected in the end"), "euro"),
        "low": tables.Column(words.gettext("80% interval from"), "euro"),
        "high": tables.Column(words.gettext("80% interval to"), "euro"),
    }
    return tables.build(shown, columns, caption, words.language)


def track(table: pd.DataFrame, about: Mapping[str, Any], *, area: str, language: str = "nl") -> Exhibit:
    """The year-end forecast of each month, beside the budget.

    Parameters
    ----------
    table : DataFrame
        ``monitor.year_end.track``.
    """
    words = translator(language)
    now = table.iloc[-1]
    title = words.gettext(
        "{area}: the forecast for {year} is {amount}, month by month",
        area=area,
        year=int(now["year"]),
        amount=formats.euro(now["mean"], language),
    )
    alt = "; ".join(
        f"{row['cut_off']}: {formats.euro(row['mean'], language)} "
        f"({formats.euro_between(row['0.1'], row['0.9'], language, digits=3)})"
        for row in table.to_dict("records")
    )
    line = {
        "type": "scatter",
        "mode": "markers",
        "x": table["cut_off"].tolist(),
        "y": (table["mean"] / common.MILLION).tolist(),
        "marker": {"size": 9, "color": style.TOKENS["accent"]},
        "name": words.gettext("forecast"),
        "error_y": {
            "type": "data",
            "symmetric": False,
            "color": style.TOKENS["accent"],
            "thickness": 2,
            "width": 6,
            "array": ((table["0.9"] - table["mean"]) / common.MILLION).tolist(),
            "arrayminus": ((table["mean"] - table["0.1"]) / common.MILLION).tolist(),
        },
    }
    data = [line]
    if table["budget_eur"].notna().any():
        budget = {
            "type": "scatter",
            "mode": "lines",
            "x": table["cut_off"].tolist(),
            "name": words.gettext("budget"),
            "y": (table["budget_eur"] / common.MILLION).tolist(),
            "line": {"color": style.TOKENS["ink"], "width": 2, "dash": "dash"},
        }
        data.append(budget)
    columns = {
        "cut_off": tables.Column(words.gettext("Declared up to and including")),
        "mean": tables.Column(words.gettext("Forecast for the year"), "euro"),
        "0.1": tables.Column(words.gettext("80% interval from"), "euro"),
        "0.9": tables.Column(words.gettext("80% interval to"), "euro"),
        "budget_eur": tables.Column(words.gettext("Budget"), "euro"),
        "probability": tables.Column(words.gettext("Chance of spending more"), "probability"),
    }
    note = words.gettext(
        "Each point is the forecast on what was known then; the line through it has a 4 in 5 chance."
    )
    layout = _layout(about, words)
    layout["yaxis"]["rangemode"] = "tozero"
    return Exhibit(
        "figure",
        title,
        alt=alt,
        source=monitor.source(about, words),
        note=note,
        language=language,
        figure={"data": data, "layout": layout},
        table=tables.build(table, columns, title, language),
    )


def _layout(about: Mapping[str, Any], words: Words) -> dict[str, Any]:
    title = {"text": words.gettext(MILLIONS), "font": {"size": 12}}
    return style.layout(
        words.language,
        barmode="stack",
        showlegend=True,
        annotations=mark(about, words),
        xaxis=style.axis(grid=False, type="category"),
        yaxis=style.axis(title=title, rangemode="tozero"),
    )


def mark(about: Mapping[str, Any], words: Words) -> list[dict[str, Any]]:
    """The words that stay on the chart when it is copied out of the page."""
    if not about["simulated"]:
        return []
    return [
        {
            "text": words.gettext(monitor.MARK),
            "xref": "paper",
            "yref": "paper",
            "x": 1,
            "y": 1.02,
            "xanchor": "right",
            "yanchor": "bottom",
            "showarrow": False,
            "font": {"size": 13, "color": style.TOKENS["alert"]},
        }
    ]
