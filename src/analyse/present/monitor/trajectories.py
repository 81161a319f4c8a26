"""Waiting, inflow, stock and outflow, shown."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from analyse import small_cells
from analyse.present.exhibits import style, tables
from analyse.present.exhibits.exhibit import Exhibit
from analyse.present.figures import marks
from analyse.present.monitor import names
from analyse.present.monitor.page import Page, lying
from analyse.present.text import formats
from analyse.present.text.language import N_, Words
from analyse.schema import REACH_80

COLUMNS = {
    "inflow": tables.Column("Started", "persons"),
    "outflow": tables.Column("Stopped", "persons"),
    "stock": tables.Column("In care at the end", "persons"),
}
COUNTS = tuple(COLUMNS)
MOST = 12
"""Rows of a table on the page; the workbook has them all."""
MOVED = N_("Trajectories that start and stop")
SAID = {
    1: N_("{area}: from {first} to {last} more trajectories started than stopped"),
    0: N_("{area}: from {first} to {last} about as many trajectories started as stopped"),
    -1: N_("{area}: from {first} to {last} more trajectories stopped than started"),
}
"""A difference of counts must exceed chance this many times before a direction is named."""


def waits(table: pd.DataFrame, page: Page, *, norm_weeks: float) -> Exhibit:
    """The share that waits longer than the norm, by care form.

    Parameters
    ----------
    table : DataFrame
        ``monitor.waiting.times`` by care form.
    norm_weeks : float
        The norm, in weeks from allocation to start.
    """
    words = page.words
    if table.empty:
        return page.without_messages(words.gettext("How long youths wait"))
    few = small_cells.one_sided(table["allocated"], table["beyond_norm"].astype(float))
    shares = {"beyond": "beyond_norm", "q0.025": "q0.025", "q0.975": "q0.975"}
    percent = {name: table[column].astype(float).mask(few) * 100 for name, column in shares.items()}
    rows = table.assign(**percent, care_form=names.named(table["care_form"], "care_form", words))
    rows = rows[~page.closed(table["care_form"])]
    shown = small_cells.enough(rows, "allocated")
    shown = shown.assign(
        withdrawn=small_cells.shown_count(shown["withdrawn"]),
        withdrawn_status=small_cells.HIDDEN,
        **{f"{name}_status": tables.NOT_APPLICABLE for name in shares},
    )
    shown = shown.sort_values("beyond", ascending=False, ignore_index=True)
    drawn = shown.dropna(subset=["beyond"])[::-1]
    weeks = formats.number(norm_weeks, page.language)
    if drawn.empty:
        return page.text([words.gettext("There are too few allocations to show how long youths wait.")], "")
    most = shown.iloc[0]
    title = words.gettext(
        "{area}: most wait longer than the norm of {weeks} weeks for {form} ({share})",
        form=most["care_form"],
        weeks=weeks,
        share=formats.percent(most["beyond"], page.language, decimals=0),
    )
    columns = {
        "care_form": tables.Column("Care form"),
        "allocated": tables.Column("Allocations", "persons"),
        "withdrawn": tables.Column("Withdrawn before the start", "persons"),
        "median_weeks": tables.Column("Half waits longer than (weeks)", "decimal"),
        "beyond": tables.Column("Waits longer than the norm", "percent"),
        **tables.intervals("percent", 95),
    }
    note = words.gettext(
        "Those still waiting count for as long as is known. The norm is the Treeknorm: ten weeks to the start"
        " of treatment. Thin lines: 95% interval."
    )
    alt = "; ".join(
        f"{row.care_form}: {formats.percent(row.beyond, page.language, decimals=0)}"
        for row in drawn[::-1].itertuples()
    )
    along = words.gettext("per cent that waits longer than the norm")
    figure = {"data": [_bars(drawn, words)], "layout": lying(words, along)}
    return page.figure(title, figure, (shown, columns), alt=alt, note=page.and_left_empty(note))


def _bars(rows: pd.DataFrame, words: Words) -> dict[str, Any]:
    texts = [
        f"{row.care_form}: {formats.percent(row.beyond, words.language, decimals=0)}"
        for row in rows.itertuples()
    ]
    return marks.bar(
        orientation="h",
        y=[style.plain(one) for one in rows["care_form"]],
        x=rows["beyond"].tolist(),
        marker={"color": style.TOKENS["band80"], "line": {"color": style.TOKENS["ink"], "width": 1}},
        error_x=marks.reaching(
            (rows["q0.975"] - rows["beyond"]).tolist(), (rows["beyond"] - rows["q0.025"]).tolist()
        ),
        hover=texts,
    )


def moves(table: pd.DataFrame, page: Page) -> Exhibit:
    """Trajectories that start and stop, month by month.

    ``table`` is ``monitor.flows.monthly`` by one column or more: added up here.
    """
    words = page.words
    if table.empty:
        return page.without_messages(words.gettext(MOVED))
    rows = table.groupby("period", as_index=False)[list(COUNTS)].sum()
    more = float(rows["inflow"].sum() - rows["outflow"].sum())
    first, last = (page.month(rows["period"].iloc[place]) for place in (0, -1))
    said = SAID[
        int(np.sign(more))
        if abs(more) > REACH_80 * np.sqrt(rows[["inflow", "outflow"]].to_numpy().sum())
        else 0
    ]
    title = words.gettext(said, first=first, last=last)
    shown = rows.assign(month=[page.month(one, short=True) for one in rows["period"]])
    for name in COUNTS:
        shown[name] = small_cells.shown_count(rows[name])
        shown[f"{name}_status"] = small_cells.HIDDEN
    lines = (
        ("inflow", words.gettext("started"), "accent", "solid", "circle"),
        ("outflow", words.gettext("stopped"), "brown", "dash", "square"),
    )
    data = [
        marks.scatter(
            "lines+markers",
            name=name,
            x=list(range(len(shown))),
            y=[None if value != value else value for value in shown[column]],
            connectgaps=False,
            line={"color": style.TOKENS[color], "width": 2, "dash": dash},
            marker={"symbol": symbol, "size": 7, "color": style.TOKENS[color]},
            meta={"count": "persons", "axis": "y"},
            hover=[
                f"{month} · {name}: {formats.number(value, page.language)}"
                for month, value in zip(shown["month"], shown[column], strict=True)
            ],
        )
        for column, name, color, dash, symbol in lines
    ]
    columns = {"month": tables.Column("Month"), **COLUMNS}
    alt = words.gettext(
        "Two lines by month: trajectories that started and that stopped. At the end about {stock} run.",
        stock=formats.number(shown["stock"].iloc[-1], page.language),
    )
    layout = style.layout(
        page.language,
        showlegend=True,
        xaxis=style.axis(
            grid=False, tickvals=list(range(0, len(shown), 4)), ticktext=shown["month"].tolist()[::4]
        ),
        yaxis=style.axis(rangemode="tozero"),
        annotations=[style.note_on_axis(words.gettext("trajectories"))],
    )
    note = words.gettext("Rounded to five. A trajectory is one allocation; a youth can have more than one.")
    return page.figure(title, {"data": data, "layout": layout}, (shown, columns), alt=alt, note=note)


def moved(table: pd.DataFrame, page: Page) -> Exhibit:
    """Inflow, outflow and stock by care form or referrer over the months of a table.

    ``table`` is ``monitor.flows.monthly``; its first column says by what. Rows with a small count are taken together.
    """
    words, column = page.words, str(table.columns[0])
    if table.empty:
        return page.text([], words.gettext(MOVED))
    last = table["period"].max()
    rows = table.groupby(column)[["inflow", "outflow"]].sum()
    rows = rows.assign(stock=table[table["period"] == last].set_index(column)["stock"]).reset_index()
    closed = page.closed(rows[column]).tolist()
    rows[column] = names.named(rows[column], column, words)
    label, other = (words.gettext(one) for one in names.DIMENSIONS[column])
    whole = pd.DataFrame([{column: words.gettext("Total"), **rows[list(COUNTS)].sum()}])
    taken = {"largest": "stock", "other": other, "also": closed}
    shown, uncut = (
        _with_total(small_cells.merged(rows, column, COUNTS, most=most, **taken), whole)
        for most in (MOST, len(rows))
    )
    most = shown[column].iloc[0]
    title = words.gettext(
        "{area}: of what runs at the end of {month}, most is: {part}",
        part=most,
        month=page.month(last),
    )
    note = words.gettext(
        "From {first} to {last}, rounded to five. Rows with a small number are taken together.",
        first=page.month(table["period"].min()),
        last=page.month(last),
    )
    return page.table(shown, {column: tables.Column(label), **COLUMNS}, title, note=note, whole=uncut)


def _with_total(rows: pd.DataFrame, whole: pd.DataFrame) -> pd.DataFrame:
    """The rows with their total below them, counts treated."""
    shown = pd.concat([rows, whole], ignore_index=True)
    counts = {name: small_cells.shown_count(shown[name]) for name in COUNTS}
    return shown.assign(**counts, **{f"{name}_status": small_cells.HIDDEN for name in COUNTS})
