"""What the year will cost, shown: the finding, the forecast month by month, and the months of care."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from analyse.monitor.parts import OTHER
from analyse.present import cards, formats, style, tables
from analyse.present.exhibit import Exhibit
from analyse.present.figures import common
from analyse.present.figures.steps import MILLIONS
from analyse.present.language import Words
from analyse.present.monitor import names
from analyse.present.monitor.page import SIMULATED, Page, intervals

WHOLE = 0.8
"""Simulated costs smaller than this part of the real ones are said to be."""


def head(page: Page, cut_off: str, *, scale: float = 1.0) -> Exhibit:
    """The head of the page, with a banner where the declarations are simulated.

    Parameters
    ----------
    cut_off : str
        Last month of which the declarations are known, "2024-09".
    scale : float
        How large the simulated costs are, as a part of the real ones.
    """
    words = page.words
    banner = words.gettext(SIMULATED) + "." if page.simulated else ""
    if page.simulated and scale < WHOLE:
        part = formats.percent(scale * 100, page.language, decimals=0)
        banner += " " + words.gettext(
            "So that it goes fast, they are about {part} of the real size.", part=part
        )
    made = cards.head(page.area, banner=banner, language=page.language)
    rows = [{"label": words.gettext("Declared up to and including"), "value": page.month(cut_off)}]
    subject = words.gettext("Youth care: steering on declarations")
    return Exhibit(
        "head",
        made.title,
        content={**made.content, "subject": subject, "facts": rows},
        language=page.language,
    )


def finding(track: pd.DataFrame, page: Page) -> Exhibit:
    """What the year will cost, against the budget, and what the forecast was a month ago.

    Parameters
    ----------
    track : DataFrame
        ``monitor.year_end.track``.
    """
    words, now = page.words, track.iloc[-1]
    sentences = [_expected(now, page), _risk(now, words)]
    if len(track) > 1:
        before = track.iloc[-2]
        sentences.append(words.gettext(
            "A month earlier ({month}) the forecast was {amount}.", month=page.month(before["cut_off"]),
            amount=formats.euro(before["mean"], page.language)))  # fmt: skip
    sentences.append(_done(now, page))
    return page.text([" ".join(sentences)], words.gettext("What will {year} cost", year=int(now["year"])))


def _expected(now: pd.Series, page: Page) -> str:
    return page.words.gettext(
        "{area} will spend about {amount} on care of {year} (80% chance of between {between}).",
        area=page.area, year=int(now["year"]), amount=formats.euro(now["mean"], page.language),
        between=formats.euro_between(now["0.1"], now["0.9"], page.language, digits=3))  # fmt: skip


def _done(now: pd.Series, page: Page) -> str:
    share = now["declared_eur"] / now["completed_eur"] * 100 if now["completed_eur"] else float("nan")
    return page.words.gettext(
        "Of care up to and including {month}, {declared} has been declared, about {share} of what it will cost.",
        month=page.month(now["cut_off"]), declared=formats.euro(now["declared_eur"], page.language),
        share=formats.percent(share, page.language, decimals=0))  # fmt: skip


def _risk(now: pd.Series, words: Words) -> str:
    if not formats.known(now["budget_eur"]):
        return words.gettext("There is no budget to compare it with: put it in budgets.csv.")
    return words.gettext(
        "The budget is {budget}. The chance of spending more is {chance} ({percent}).",
        budget=formats.euro(now["budget_eur"], words.language),
        chance=formats.chance(now["probability"], words.language),
        percent=formats.likelihood(now["probability"], words.language))  # fmt: skip


def track(table: pd.DataFrame, page: Page) -> Exhibit:
    """The year-end forecast of each month, beside the budget.

    Parameters
    ----------
    table : DataFrame
        ``monitor.year_end.track``.
    """
    words, now = page.words, table.iloc[-1]
    shown = table.assign(month=[page.month(one) for one in table["cut_off"]])
    title = words.gettext("{area}: the forecast for {year} is {amount}, month by month", area=page.area,
                          year=int(now["year"]), amount=formats.euro(now["mean"], page.language))  # fmt: skip
    alt = "; ".join(
        f"{row['month']}: {formats.euro(row['mean'], page.language)} "
        f"({formats.euro_between(row['0.1'], row['0.9'], page.language, digits=3)})"
        for row in shown.to_dict("records")
    )
    places = list(range(len(table)))
    data = [
        intervals(places, table["0.1"] / common.MILLION, table["0.9"] / common.MILLION),
        _points(shown, places, words),
    ]
    if table["budget_eur"].notna().any():
        data.append({
            "type": "scatter", "mode": "lines", "x": places, "name": words.gettext("budget"), "hoverinfo": "skip",
            "y": (table["budget_eur"] / common.MILLION).tolist(),
            "line": {"color": style.TOKENS["ink"], "width": 2, "dash": "dash"},
        })  # fmt: skip
    columns = {
        "month": tables.Column(words.gettext("Declared up to and including")),
        "mean": tables.Column(words.gettext("Forecast for the year"), "euro"),
        "0.1": tables.Column(words.gettext("80% interval from"), "euro"),
        "0.9": tables.Column(words.gettext("80% interval to"), "euro"),
        "budget_eur": tables.Column(words.gettext("Budget"), "euro"),
        "probability": tables.Column(words.gettext("Chance of spending more"), "likelihood"),
    }
    note = words.gettext(
        "Each point is the forecast on what was known then; the line through it has a 4 in 5 chance."
    )
    layout = _layout(words, [page.month(one, short=True) for one in table["cut_off"]])
    return page.figure(title, {"data": data, "layout": layout}, (shown, columns), alt=alt, note=note)


def _points(shown: pd.DataFrame, places: list[int], words: Words) -> dict[str, Any]:
    texts = [
        f"{row['month']}: {formats.euro(row['mean'], words.language)}" for row in shown.to_dict("records")
    ]
    return {
        "type": "scatter", "mode": "markers", "name": words.gettext("forecast"), "x": places,
        "y": (shown["mean"] / common.MILLION).tolist(), "marker": {"size": 10, "color": style.TOKENS["accent"]},
        "customdata": texts, "hovertemplate": "%{customdata}<extra></extra>",
    }  # fmt: skip


def monthly(table: pd.DataFrame, drawn: np.ndarray, page: Page) -> Exhibit:
    """What each month of care costs: declared, still to come, and forecast, with intervals.

    Parameters
    ----------
    table : DataFrame
        One row per month of one area: period, declared_eur, cost_eur, stage (``monitor.year_end.by_month``).
    drawn : array (month, sample)
        Samples of the last months of the table, EUR.
    """
    words = page.words
    rows = table.tail(len(drawn)).assign(
        low=np.quantile(drawn, 0.1, axis=1), high=np.quantile(drawn, 0.9, axis=1)
    )
    rows = rows.assign(month=[page.month(one, short=True) for one in rows["period"]])
    newest = rows[rows["stage"] == "completed"].iloc[-1]
    share = newest["declared_eur"] / newest["cost_eur"] * 100 if newest["cost_eur"] else float("nan")
    values = {"month": page.month(newest["period"])}
    title = words.gettext("{area}: of {month} {share} has been declared so far", area=page.area, **values,
                          share=formats.percent(share, page.language, decimals=0))  # fmt: skip
    alt = words.gettext(
        "Bars by month. Dark: declared. Hatched: still to come. Light: months to come. {month}: {declared} declared, "
        "about {cost} in the end.",
        declared=formats.euro(newest["declared_eur"], page.language),
        cost=formats.euro(newest["cost_eur"], page.language), **values)  # fmt: skip
    note = words.gettext("Thin lines: 4 in 5 chance that the month ends between the ends.")
    figure = {"data": _bars(rows, words), "layout": _layout(words, rows["month"].tolist(), every=4)}
    part = rows["declared_eur"] / rows["cost_eur"] * 100
    shown = rows.assign(share=part.where(rows["stage"] == "completed"), share_status=tables.NOT_APPLICABLE)
    columns = {
        "month": tables.Column(words.gettext("Month of care")),
        "declared_eur": tables.Column(words.gettext("Declared"), "euro"),
        "share": tables.Column(words.gettext("Share declared"), "percent"),
        "cost_eur": tables.Column(words.gettext("Expected in the end"), "euro"),
        "low": tables.Column(words.gettext("80% interval from"), "euro"),
        "high": tables.Column(words.gettext("80% interval to"), "euro"),
    }
    return page.figure(title, figure, (shown, columns), alt=alt, note=note)


def _bars(rows: pd.DataFrame, words: Words) -> list[dict[str, Any]]:
    past = rows["stage"] == "completed"
    ink, paper, accent, band = (style.TOKENS[name] for name in ("ink", "paper", "accent", "band80"))
    zero, places = rows["cost_eur"] * 0, list(range(len(rows)))
    shown = (
        (words.gettext("declared"), zero, rows["declared_eur"].where(past, 0), "", ink),
        (
            words.gettext("still to come"),
            rows["declared_eur"].where(past, 0),
            rows["cost_eur"].where(past, 0),
            "/",
            accent,
        ),
        (words.gettext("forecast"), zero, rows["cost_eur"].where(~past, 0), "", band),
    )
    bars = [
        {
            "type": "bar", "name": name, "x": places, "base": (begin / common.MILLION).tolist(),
            "y": ((end - begin) / common.MILLION).tolist(),
            "marker": {"color": color, "line": {"color": ink, "width": 0.5},
                       "pattern": {"shape": pattern, "bgcolor": paper}},
            "customdata": [f"{month} · {name}: {formats.euro(value, words.language)}"
                           for month, value in zip(rows["month"], end - begin, strict=True)],
            "hovertemplate": "%{customdata}<extra></extra>",
        }
        for name, begin, end, pattern, color in shown
    ]  # fmt: skip
    return [*bars, intervals(places, rows["low"] / common.MILLION, rows["high"] / common.MILLION)]


def _layout(words: Words, months: Sequence[str], *, every: int = 1) -> dict[str, Any]:
    """Months along the axis by their place, so that some of their names may be left out."""
    places = list(range(len(months)))
    return style.layout(
        words.language, barmode="overlay", showlegend=True, margin={"l": 48, "r": 16, "t": 48, "b": 56},
        xaxis=style.axis(grid=False, tickvals=places[::every], ticktext=list(months)[::every],
                         range=[-0.6, len(months) - 0.4]),
        yaxis=style.axis(rangemode="tozero"), annotations=[style.note_on_axis(words.gettext(MILLIONS))],
    )  # fmt: skip


def parts(table: pd.DataFrame, page: Page, *, called: Mapping[str, str] | None = None) -> Exhibit:
    """The year-end forecast by municipality or care form.

    Parameters
    ----------
    table : DataFrame
        ``monitor.parts.by``; its first column says by what.
    called : mapping of str to str, optional
        Names of the parts; by default those of the care forms.
    """
    words, column = page.words, str(table.columns[0])
    label, other = (words.gettext(one) for one in names.DIMENSIONS[column])
    shown = table.sort_values("mean", ascending=False)
    shown = pd.concat([shown[shown[column] != OTHER], shown[shown[column] == OTHER]], ignore_index=True)
    known = {OTHER: other, **(called or {})}
    shown[column] = names.named([known.get(one, one) for one in shown[column]], column, words)
    title = words.gettext("{area}: most of the forecast for the year is {part} ({amount})", area=page.area,
                          part=shown[column].iloc[0],
                          amount=formats.euro(shown["mean"].iloc[0], page.language))  # fmt: skip
    columns = {
        column: tables.Column(label),
        "declared_eur": tables.Column(words.gettext("Declared"), "euro"),
        "mean": tables.Column(words.gettext("Forecast for the year"), "euro"),
        "0.1": tables.Column(words.gettext("80% interval from"), "euro"),
        "0.9": tables.Column(words.gettext("80% interval to"), "euro"),
    }
    if shown["budget_eur"].notna().any():
        columns["budget_eur"] = tables.Column(words.gettext("Budget"), "euro")
        columns["probability"] = tables.Column(words.gettext("Chance of spending more"), "likelihood")
    note = words.gettext("Parts with fewer than ten youths are taken together.")
    return page.table(shown, columns, title, note=note)
