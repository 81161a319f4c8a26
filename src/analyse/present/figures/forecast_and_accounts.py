"""Past forecasts, a fixed number of years ahead, beside the accounts."""

from __future__ import annotations

from typing import Any

import pandas as pd

from analyse.present.exhibits import cards, style, tables
from analyse.present.exhibits.exhibit import Exhibit
from analyse.present.figures import common, marks
from analyse.present.figures.backtests import SOURCE
from analyse.present.figures.common import MILLION
from analyse.present.text import formats, sentences
from analyse.present.text.language import N_, Words, translator

WIDTHS = (("q0.025", "q0.975", 2.0, N_("95% interval")), ("q0.1", "q0.9", 6.0, N_("80% interval")))


def outcomes(tested: pd.DataFrame, *, area: str, horizon: int, language: str = "nl") -> Exhibit:
    """Forecast with its intervals, own budget and accounts, year by year.

    Parameters
    ----------
    tested : DataFrame
        ``backtest.run`` of one area and one horizon: period, method, actual_eur (EUR) and, for ``forecast``,
        q0.025, q0.1, q0.5, q0.9, q0.975 (EUR).
    area : str
        Name of the area.
    horizon : int
        Years ahead.
    """
    words = translator(language)
    area = words.gettext(area)
    rows = _by_year(tested)
    if rows.empty:
        said = words.ngettext(
            "No year of {area} can be compared with a forecast made {n} year ahead.",
            "No year of {area} can be compared with a forecast made {n} years ahead.",
            horizon,
            area=area,
        )
        return cards.text([said], title=said, language=language)
    inside = int(rows["actual_eur"].between(rows["q0.1"], rows["q0.9"]).sum())
    ahead = words.ngettext("{n} year ahead", "{n} years ahead", horizon)
    return Exhibit(
        kind="figure",
        title=words.ngettext(
            "{area}, {ahead}: the accounts were inside the 80% interval in {inside} of {n} year",
            "{area}, {ahead}: the accounts were inside the 80% interval in {inside} of {n} years",
            len(rows),
            area=area,
            ahead=ahead,
            inside=inside,
            n=len(rows),
        ),
        alt=_alternative(rows, words),
        source=words.gettext(SOURCE),
        note=sentences.paragraph(
            words.gettext("Thick: 4 in 5 chance that the outcome lies in it. Thin: 19 in 20."),
            _nearer(rows, words),
        ),
        drawing={
            "data": _traces(rows, words),
            "layout": common.over_years(
                rows["period"],
                words,
                margin={"l": 56, "r": 16, "t": 48, "b": 72},
                showlegend=True,
            ),
        },
        table=_table(rows, area, ahead, words),
        language=language,
    )


def _nearer(rows: pd.DataFrame, words: Words) -> str:
    """In how many years the own budget was nearer to the accounts than the forecast; empty without budgets."""
    both = rows.dropna(subset="budget_eur")
    if both.empty:
        return ""
    off = [(both[name] - both["actual_eur"]).abs() for name in ("budget_eur", "q0.5")]
    return words.ngettext(
        "In {nearer} of {n} year the municipality’s own budget was nearer; it is drawn up just before that year.",
        "In {nearer} of {n} years the municipality’s own budget was nearer; it is drawn up just before that year.",
        len(both),
        nearer=int((off[0] < off[1]).sum()),
        n=len(both),
    )


def _by_year(tested: pd.DataFrame) -> pd.DataFrame:
    own = tested[tested["method"].eq("forecast")]
    budget = tested[tested["method"].eq("budget")].set_index("period")["q0.5"]
    rows = own.assign(budget_eur=own["period"].map(budget)).dropna(subset="actual_eur").sort_values("period")
    return rows.assign(error_percent=100 * (rows["q0.5"] / rows["actual_eur"] - 1))


def _alternative(rows: pd.DataFrame, words: Words) -> str:
    parts = [
        words.gettext(
            "{year}: forecast {middle}, spent {actual}",
            year=int(row["period"]),
            middle=formats.euro(row["q0.5"], words.language, digits=2),
            actual=formats.euro(row["actual_eur"], words.language),
        )
        for row in rows.to_dict("records")
    ]
    return words.gettext("Dot chart of accounts beside the forecast. {parts}.", parts="; ".join(parts))


def _traces(rows: pd.DataFrame, words: Words) -> list[dict[str, Any]]:
    years = [int(period) for period in rows["period"]]
    traces = [
        marks.scatter(
            "lines",
            name=words.gettext(name),
            hoverinfo="skip",
            x=[one for year in years for one in (year, year, None)],
            y=[
                one
                for low, high in zip(rows[lower] / MILLION, rows[upper] / MILLION, strict=True)
                for one in (low, high, None)
            ],
            line={"color": style.TOKENS["accent"], "width": width},
        )
        for lower, upper, width, name in WIDTHS
    ]
    dots = (
        ("q0.5", N_("forecast"), "accent", "line-ew-open"),
        ("budget_eur", N_("own budget"), "brown", "diamond-open"),
        ("actual_eur", N_("spent"), "ink", "circle"),
    )
    return traces + [
        marks.scatter(
            "markers",
            name=words.gettext(name),
            x=years,
            y=[float(value) / MILLION if value == value else None for value in rows[column]],
            marker={
                "symbol": symbol,
                "size": 12,
                "color": style.TOKENS[color],
                "line": {"width": 2, "color": style.TOKENS[color]},
            },
            hover=[
                f"{year} · {words.gettext(name)}: {formats.euro(value, words.language)}"
                for year, value in zip(years, rows[column], strict=True)
            ],
        )
        for column, name, color, symbol in dots
        if rows[column].notna().any()
    ]


def _table(rows: pd.DataFrame, area: str, ahead: str, words: Words) -> tables.Table:
    columns = {
        "period": tables.Column("Year", "year"),
        "actual_eur": tables.Column("Spent", "euro_exact"),
        "q0.5": tables.Column("Forecast", "euro", digits=tables.EXPECTED),
        **tables.intervals("euro", 80, 95),
        "budget_eur": tables.Column("Own budget", "euro_exact"),
        "error_percent": tables.Column("Too high (+) or too low (−)", "percent1"),
    }
    caption = words.gettext("{area}: forecast and accounts, {ahead}", area=area, ahead=ahead)
    return tables.build(rows, columns, caption, words.language)
