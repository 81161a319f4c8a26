"""How good the forecast was: its error in past years beside simpler methods and the municipality's own budget."""

from __future__ import annotations

from typing import Any

import pandas as pd

from analyse.present.exhibits import style, tables
from analyse.present.exhibits.exhibit import Exhibit
from analyse.present.exhibits.style import Line
from analyse.present.figures import marks
from analyse.present.text import formats, sentences
from analyse.present.text.language import N_, Words, translator

METHODS = {
    "forecast": N_("this forecast"),
    "last_year": N_("same as last year"),
    "last_growth": N_("last year's growth again"),
    "drift": N_("its own mean change every year"),
    "pooled_growth": N_("the growth of all municipalities"),
    "engine": N_("the engine for any table"),
    "ets": N_("exponential smoothing (ETS)"),
    "state_space": N_("random walk with drift (state space)"),
    "budget": N_("own budget"),
}
"""Every method of a backtest, in the order of tables."""
LINES = {
    "forecast": Line(style.TOKENS["accent"], "solid", "circle"),
    "budget": Line(style.TOKENS["ink"], "dash", "diamond"),
    "last_year": Line(style.TOKENS["brown"], "dot", "square-open"),
    "last_growth": Line(style.TOKENS["orange"], "dashdot", "triangle-up-open"),
}
"""Those that are drawn, in the order of the legend."""
SOURCE = N_(
    "This analysis: forecasts made with only the figures known at the time, against the accounts of CBS Iv3"
)


def backtest(score: pd.DataFrame, *, whose: str = "", horizon: int = 1, language: str = "nl") -> Exhibit:
    """The median error one and more years ahead, by method.

    Parameters
    ----------
    score : DataFrame
        ``backtest.score``: method, horizon (years), n, median_absolute_percentage_error (per cent),
        bias_percent, coverage_80, coverage_95 (0 to 1, empty without intervals).
    whose : str
        Key of ``sentences.WHOSE``, of which areas the errors are.
    horizon : int
        Years ahead of the error in the title.
    """
    words = translator(language)
    order = {name: place for place, name in enumerate(LINES)}
    rows = score[score["method"].isin(LINES)]
    rows = rows.sort_values("method", key=lambda one: one.map(order)).sort_values("horizon", kind="stable")
    return Exhibit(
        kind="figure",
        title=_title(rows, sentences.WHOSE.get(whose, ""), horizon, words),
        alt=_alternative(rows, words),
        source=words.gettext(SOURCE),
        note=_note(rows, horizon, words),
        drawing={
            "data": [_trace(rows, method, words) for method in LINES if method in set(rows["method"])],
            "layout": _layout(rows, words),
        },
        table=_table(rows, words),
        language=language,
    )


def _error(rows: pd.DataFrame, method: str, horizon: int) -> float:
    found = rows[rows["method"].eq(method) & rows["horizon"].eq(horizon)]["median_absolute_percentage_error"]
    return float(found.iloc[0]) if len(found) else float("nan")


def _title(rows: pd.DataFrame, whose: str, horizon: int, words: Words) -> str:
    own, budget = _error(rows, "forecast", horizon), _error(rows, "budget", horizon)
    values = {
        "ahead": _ahead(horizon, words),
        "whose": words.gettext(whose) if whose else "",
        "own": formats.percent(own, words.language, decimals=0),
        "budget": formats.percent(budget, words.language, decimals=0),
    }
    values["ahead"] = f"{values['ahead'][:1].upper()}{values['ahead'][1:]}"
    if not formats.known(budget):
        return words.gettext("{ahead} this forecast was usually {own} off", **values)
    if whose:
        return words.gettext(
            "{ahead} this forecast was usually {own} off for {whose}, their budgets {budget}", **values
        )
    return words.gettext(
        "{ahead} this forecast was usually {own} off, the municipality’s budget {budget}", **values
    )


def _ahead(horizon: int, words: Words) -> str:
    return words.ngettext("{n} year ahead", "{n} years ahead", horizon)


def _alternative(rows: pd.DataFrame, words: Words) -> str:
    parts = []
    for horizon, group in rows.groupby("horizon"):
        errors = ", ".join(
            f"{words.gettext(METHODS[row.method])} "
            f"{formats.percent(row.median_absolute_percentage_error, words.language, decimals=0)}"
            for row in group.itertuples()
        )
        ahead = words.ngettext(
            "{n} year ahead: {errors}",
            "{n} years ahead: {errors}",
            int(horizon),
            n=int(horizon),
            errors=errors,
        )
        parts.append(ahead)
    return words.gettext("Dot chart of the median error. {parts}.", parts="; ".join(parts))


def _note(rows: pd.DataFrame, horizon: int, words: Words) -> str:
    said = [words.gettext("A budget is made before the accounts of the year before are known.")]
    one = rows[rows["method"].eq("forecast") & rows["horizon"].eq(horizon)]
    if len(one) and formats.known(one["coverage_80"].iloc[0]):
        found = one.iloc[0]
        values = {"n": formats.number(found["n"], words.language)}
        values |= {
            name: formats.number(found["n"] * found[f"coverage_{name[-2:]}"], words.language)
            for name in ("inside_80", "inside_95")
        }
        said.insert(
            0,
            words.ngettext(
                "Of {n} account, {inside_80} were inside the 80% interval {ahead}, {inside_95} inside 95%.",
                "Of {n} accounts, {inside_80} were inside the 80% interval {ahead}, {inside_95} inside 95%.",
                int(found["n"]),
                ahead=_ahead(horizon, words),
                **values,
            ),
        )
    return " ".join(said)


def _trace(rows: pd.DataFrame, method: str, words: Words) -> dict[str, Any]:
    mine, line = rows[rows["method"].eq(method)], LINES[method]
    name = words.gettext(METHODS[method])
    return marks.scatter(
        "lines+markers",
        name=name,
        x=mine["horizon"].tolist(),
        y=mine["median_absolute_percentage_error"].tolist(),
        line={"color": line.color, "dash": line.dash, "width": 2},
        marker={
            "symbol": line.symbol,
            "size": 10,
            "color": line.color,
            "line": {"width": 2, "color": line.color},
        },
        hover=[
            f"{name}: {formats.percent(value, words.language)}"
            for value in mine["median_absolute_percentage_error"]
        ],
    )


def _layout(rows: pd.DataFrame, words: Words) -> dict[str, Any]:
    horizons = sorted({int(value) for value in rows["horizon"]})
    ahead = [_ahead(n, words) for n in horizons]
    return style.layout(
        words.language,
        margin={"l": 48, "r": 16, "t": 48, "b": 72},
        xaxis=style.axis(
            grid=False, tickvals=horizons, ticktext=ahead, range=[horizons[0] - 0.4, horizons[-1] + 0.4]
        ),
        yaxis=style.axis(rangemode="tozero"),
        showlegend=True,
        annotations=[style.note_on_axis(words.gettext("median error in per cent"))],
    )


def _table(rows: pd.DataFrame, words: Words) -> tables.Table:
    columns = {
        "method": tables.Column("Method", terms=METHODS),
        "horizon": tables.Column("Years ahead", "integer"),
        "n": tables.Column("Comparisons", "integer"),
        "median_absolute_percentage_error": tables.Column("Median error", "percent1"),
        "bias_percent": tables.Column("Too high (+) or too low (−)", "percent1"),
        "coverage_80": tables.Column("Inside the 80% interval", "probability", blank=True),
        "coverage_95": tables.Column("Inside the 95% interval", "probability", blank=True),
    }
    return tables.build(rows, columns, words.gettext("Error of the forecast in past years"), words.language)
