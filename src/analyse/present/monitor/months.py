"""What each month of care costs, shown: declared, still to come and forecast."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from analyse import small_cells
from analyse.present.exhibits import style, tables
from analyse.present.exhibits.exhibit import Exhibit
from analyse.present.figures import common, marks
from analyse.present.figures.common import MILLIONS
from analyse.present.monitor.page import Page, intervals
from analyse.present.text import formats
from analyse.present.text.language import N_, Words

RECENT = 3
"""Months past, of which the newest that is shown makes the title."""
FEW = N_(
    "Where fewer than ten youths are behind what was declared of a month, that amount is not shown; nor is that of a "
    "month beside it, from which it would follow."
)


def monthly(table: pd.DataFrame, drawn: np.ndarray, page: Page) -> Exhibit:
    """What each month of care costs: declared, still to come, and forecast, with intervals.

    Parameters
    ----------
    table : DataFrame
        One row per month of one area: period, declared_eur, cost_eur, stage (``monitor.year_end.by_month``); what is
        hidden has NaN and a ``_status`` (``monitor.year_end.without_few``).
    drawn : array (month, sample)
        Samples of the last months of the table, EUR.
    """
    words = page.words
    if not np.isfinite(drawn).all():
        return _declared(table[table["stage"] == "completed"], page)
    rows = table.tail(len(drawn)).assign(
        **{"q0.1": np.quantile(drawn, 0.1, axis=1), "q0.9": np.quantile(drawn, 0.9, axis=1)}
    )
    rows = rows.assign(month=[page.month(one, short=True) for one in rows["period"]])
    rows.loc[rows["cost_eur"].isna(), ["q0.1", "q0.9"]] = np.nan
    title, alt = _told(rows, page)
    note = words.gettext("Thin lines: 4 in 5 chance that the month ends between the ends.")
    if _hidden(rows).any():
        note = f"{note} {words.gettext(FEW)}"
    figure = {"data": _bars(rows, words), "layout": layout(words, rows["month"].tolist(), every=4)}
    columns = {
        "month": tables.Column("Month of care"),
        "declared_eur": tables.Column("Declared", "euro"),
        "share": tables.Column("Share declared", "percent"),
        "cost_eur": tables.Column("Expected in the end", "euro"),
        **tables.intervals("euro", 80, digits=tables.KNOWN),
    }
    return page.figure(title, figure, (_with_shares(rows), columns), alt=alt, note=note)


def _with_shares(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows with the share that has been declared, and why it or an end of the interval is empty."""
    part = rows["declared_eur"] / rows["cost_eur"] * 100
    made = rows.assign(
        share=part.where(rows["stage"] == "completed"),
        share_status=np.where(_hidden(rows), small_cells.HIDDEN, tables.NOT_APPLICABLE),
    )
    if "cost_eur_status" not in made:
        return made
    return made.assign(**{f"{end}_status": made["cost_eur_status"] for end in ("q0.1", "q0.9")})


def _told(rows: pd.DataFrame, page: Page) -> tuple[str, str]:
    """Title and alternative: of the newest month of which the declared amount is shown, if it is a recent one."""
    words, recent = page.words, rows[rows["stage"] == "completed"].tail(RECENT)
    known = recent[recent["declared_eur"].notna()]
    if known.empty:
        return words.gettext("{area}: what each month of care costs in the end"), words.gettext(FEW)
    newest = known.iloc[-1]
    share = newest["declared_eur"] / newest["cost_eur"] * 100 if newest["cost_eur"] else float("nan")
    values = {"month": page.month(newest["period"])}
    title = words.gettext(
        "{area}: of {month} {share} has been declared so far",
        **values,
        share=formats.percent(share, page.language, decimals=0),
    )
    alt = words.gettext(
        "Bars by month. Dark: declared. Hatched: still to come. Light: months to come. {month}: {declared} declared, "
        "about {cost} in the end.",
        declared=formats.euro(newest["declared_eur"], page.language),
        cost=formats.euro(newest["cost_eur"], page.language),
        **values,
    )
    return title, alt


def _hidden(rows: pd.DataFrame) -> pd.Series:
    """Whether what was declared of a month is hidden."""
    return (rows["stage"] == "completed") & rows["declared_eur"].isna()


def _declared(rows: pd.DataFrame, page: Page) -> Exhibit:
    """What has been declared of each month, where what is still to come cannot be estimated."""
    words = page.words
    rows = rows.assign(month=[page.month(one, short=True) for one in rows["period"]])
    first, last = (page.month(rows["period"].iloc[place]) for place in (0, -1))
    amount = formats.euro(rows["declared_eur"].sum(), page.language)
    title = words.gettext(
        "{area}: of {first} to {last}, {amount} has been declared so far",
        first=first,
        last=last,
        amount=amount,
    )
    if _hidden(rows).any():
        title = words.gettext(
            "{area}: what was declared of each month of {first} to {last}", first=first, last=last
        )
    alt = "; ".join(
        f"{row.month}: {formats.euro(row.declared_eur, page.language)}"
        for row in rows[~_hidden(rows)].itertuples()
    ) or words.gettext(FEW)
    note = words.gettext(
        "Care is declared weeks to months later: the last months look cheaper than they are, and will still grow."
    )
    if _hidden(rows).any():
        note = f"{note} {words.gettext(FEW)}"
    reach = (0 * rows["declared_eur"].fillna(0), rows["declared_eur"].fillna(0))
    bar = _bar(words.gettext("declared"), rows, reach, ("", style.TOKENS["ink"]), words)
    columns = {
        "month": tables.Column("Month of care"),
        "declared_eur": tables.Column("Declared", "euro"),
    }
    figure = {"data": [bar], "layout": layout(words, rows["month"].tolist(), every=max(len(rows) // 6, 1))}
    return page.figure(title, figure, (rows, columns), alt=alt, note=note)


def _bars(rows: pd.DataFrame, words: Words) -> list[dict[str, Any]]:
    few, past = _hidden(rows), (rows["stage"] == "completed") & ~_hidden(rows)
    ink, accent, band, muted = (style.TOKENS[name] for name in ("ink", "accent", "band80", "muted"))
    end = rows["cost_eur"].fillna(0)
    zero, places = end * 0, list(range(len(rows)))
    declared, cost = rows["declared_eur"].where(past, 0), end.where(past, 0)
    shown = [
        (words.gettext("declared"), (zero, declared), ("", ink)),
        (words.gettext("still to come"), (declared, cost), ("/", accent)),
        (words.gettext("forecast"), (zero, end.where(~past & ~few, 0)), ("", band)),
    ]
    if few.any():
        shown.append((words.gettext("declared and still to come"), (zero, end.where(few, 0)), ("", muted)))
    bars = [_bar(name, rows, ends, look, words) for name, ends, look in shown if ends[1].gt(ends[0]).any()]
    return [*bars, intervals(places, rows["q0.1"] / common.MILLION, rows["q0.9"] / common.MILLION)]


def _bar(
    name: str, rows: pd.DataFrame, ends: tuple[pd.Series, pd.Series], look: tuple[str, str], words: Words
) -> dict[str, Any]:
    """Bars of one name by month, from one amount to another, with a pattern and a color."""
    (begin, end), (pattern, color) = ends, look
    return marks.bar(
        name=name,
        x=list(range(len(rows))),
        base=(begin / common.MILLION).tolist(),
        y=((end - begin) / common.MILLION).tolist(),
        marker=marks.hatched(color, width=0.5, shape=pattern, bgcolor=style.TOKENS["paper"]),
        hover=[
            f"{month} · {name}: {formats.euro(value, words.language)}"
            for month, value in zip(rows["month"], end - begin, strict=True)
        ],
    )


def layout(words: Words, months: Sequence[str], *, every: int = 1) -> dict[str, Any]:
    """The layout of a chart by month: months are placed by number, so that some names can be left out.

    Parameters
    ----------
    words : Words
        Texts in the language of the page.
    months : sequence of str
        Their names, in order.
    every : int
        1 to write all names, 4 to write one in four.
    """
    places = list(range(len(months)))
    return style.layout(
        words.language,
        barmode="overlay",
        showlegend=True,
        margin={"l": 48, "r": 16, "t": 48, "b": 56},
        xaxis=style.axis(
            grid=False,
            tickvals=places[::every],
            ticktext=list(months)[::every],
            range=[-0.6, len(months) - 0.4],
        ),
        yaxis=style.axis(rangemode="tozero"),
        annotations=[style.note_on_axis(words.gettext(MILLIONS))],
    )
