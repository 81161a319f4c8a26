"""One area beside the band of the municipalities most like it."""

from __future__ import annotations

from typing import Any

import pandas as pd

from analyse.present.exhibits import cards, style, tables
from analyse.present.exhibits.exhibit import Exhibit
from analyse.present.figures import common, marks, measures
from analyse.present.text import sentences
from analyse.present.text.language import N_, Words, translator

HIDDEN = N_(
    "One of the figures that municipalities are compared by is hidden for {area}, so it has no peers."
)


def peers(own: pd.DataFrame, *, area: str, measure: str, language: str = "nl") -> Exhibit:
    """One measure of an area over the years, and the band in which half of its peers lie.

    Parameters
    ----------
    own : DataFrame
        Rows of one area of ``compare.overview.figures``: measure, period, value, peer_low, peer_middle, peer_high
        and peers (names, nearest first).
    area : str
        Name of the area.
    measure : str
        One of ``measures.MEASURES``.
    """
    words = translator(language)
    factor = measures.MEASURES[measure].factor
    rows = own[own["measure"].eq(measure)].sort_values("period")
    if rows["value"].isna().all():
        return _without(
            N_("This figure of {area} is not known, so it has no place among its peers."),
            area,
            measure,
            words,
        )
    if not str(rows["peers"].iloc[0]):
        return _without(HIDDEN, area, measure, words)
    names, area = [words.gettext(one) for one in str(rows["peers"].iloc[0]).split(", ")], words.gettext(area)
    rows = rows[["period", "value", "peer_low", "peer_middle", "peer_high"]].rename(
        columns=lambda name: name.removeprefix("peer_")
    )
    rows[["value", "low", "middle", "high"]] = rows[["value", "low", "middle", "high"]] * factor
    last = rows.dropna(subset=["value", "low"]).iloc[-1]
    values = {
        name: tables.written(last[name], measures.MEASURES[measure].kind, language)
        for name in ("value", "low", "middle", "high")
    }
    values |= {"area": area, "year": int(last["period"]), "measure": measures.name(measure, words)}
    place = "above" if last["value"] > last["high"] else "below" if last["value"] < last["low"] else "inside"
    return Exhibit(
        kind="figure",
        title=_title(place, values, words),
        alt=words.gettext(
            "Line of {area} over the band of its peers. In {year}: {value}; half of the peers between "
            "{low} and {high}, the middle one {middle}.",
            **values,
        ),
        source=measures.source(measure, words),
        note=words.gettext(
            "Peers are the municipalities most like {area} in size, share of youths, ages of students and "
            "single-parent families: {names}. Half of them lie in the band.",
            area=area,
            names=sentences.listing(names, language),
        ),
        drawing={"data": _traces(rows, measure, area, words), "layout": _layout(rows, measure, words)},
        table=_table(rows, measure, area, words),
        language=language,
    )


def _without(said: str, area: str, measure: str, words: Words) -> Exhibit:
    """The sentence for an area without peers, or without a figure to compare with theirs."""
    title = words.gettext("{area} and its peers: {measure}", area=area, measure=measures.name(measure, words))
    return cards.text([words.gettext(said, area=words.gettext(area))], title=title, language=words.language)


def _title(place: str, values: dict[str, Any], words: Words) -> str:
    if place == "above":
        return words.gettext(
            "{area}: {measure} {value} in {year}, above most peers ({low} to {high})", **values
        )
    if place == "below":
        return words.gettext(
            "{area}: {measure} {value} in {year}, below most peers ({low} to {high})", **values
        )
    return words.gettext("{area}: {measure} {value} in {year}, among its peers ({low} to {high})", **values)


def _traces(rows: pd.DataFrame, measure: str, area: str, words: Words) -> list[dict[str, Any]]:
    known, whole = rows.dropna(subset="low"), common.every_year(rows)
    years = known["period"].astype(int).tolist()
    band = marks.scatter(
        "lines",
        fill="toself",
        fillcolor=style.TOKENS["band95"],
        hoverinfo="skip",
        x=[*years, *reversed(years)],
        y=[*known["low"], *reversed(known["high"].tolist())],
        line={"color": style.TOKENS["accent"], "width": 0.6},
        showlegend=True,
        name=words.gettext("half of the peers"),
    )
    middle = marks.scatter(
        "lines+markers",
        x=years,
        y=known["middle"].tolist(),
        showlegend=True,
        name=words.gettext("middle peer"),
        hoverinfo="skip",
        marker={"symbol": "square-open", "size": 7},
        line={"color": style.TOKENS["accent"], "dash": "dash", "width": 2},
    )
    kind = measures.MEASURES[measure].kind
    own = marks.scatter(
        "lines+markers",
        name=style.plain(area),
        connectgaps=False,
        showlegend=True,
        x=whole["period"].astype(int).tolist(),
        y=[float(one) if one == one else None for one in whole["value"]],
        line={"color": style.TOKENS["ink"], "width": 2.5},
        marker={"size": 7, "color": style.TOKENS["ink"]},
        hover=[
            f"{int(row.period)} · {style.plain(area)}: {tables.written(row.value, kind, words.language)}"
            for row in whole.itertuples()
        ],
    )
    return [band, middle, own]


def _layout(rows: pd.DataFrame, measure: str, words: Words) -> dict[str, Any]:
    positive = not (rows[["value", "low"]].min().min() < 0)
    return style.layout(
        words.language,
        margin={"l": 56, "r": 16, "t": 48, "b": 64},
        xaxis=style.year_axis(rows["period"].astype(int).tolist()),
        yaxis=style.axis(rangemode="tozero" if positive else "normal"),
        showlegend=True,
        annotations=[style.note_on_axis(measures.unit(measure, words))],
    )


def _table(rows: pd.DataFrame, measure: str, area: str, words: Words) -> tables.Table:
    kind = measures.MEASURES[measure].kind
    columns = {
        "period": tables.Column("Year", "year"),
        "value": tables.Column(area, kind, blank=True),
        "low": tables.Column("Peers: a quarter below", kind, blank=True),
        "middle": tables.Column("Peers: the middle", kind, blank=True),
        "high": tables.Column("Peers: a quarter above", kind, blank=True),
    }
    caption = words.gettext(
        "{area} and its peers: {measure}", area=area, measure=measures.name(measure, words)
    )
    return tables.build(rows, columns, caption, words.language)
