"""What several figures share: measures, breaks on the axis, traces of observed years."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import pandas as pd

from analyse.present.exhibits import style
from analyse.present.figures import marks
from analyse.present.text import formats, sentences
from analyse.present.text.language import N_, Words, translator
from analyse.schema import VALUE_STATUSES

MILLION = 1e6
MILLIONS = N_("million euros")
SOURCE_COSTS = N_("CBS and Ministry of BZK, Iv3 information of municipalities; forecast: this analysis")
SOURCE_USAGE = N_("CBS, youths with youth care; forecast: this analysis")


@dataclass(frozen=True)
class Measure:
    """A measure that can be shown over time: its column, status, scale and words."""

    column: str
    status: str
    scale: float
    kind: str
    unit: str
    source: str
    breaks: str


MEASURES = {
    "cost_eur": Measure("cost_eur", "status", MILLION, "euro", MILLIONS, SOURCE_COSTS, "costs"),
    "clients": Measure(
        "clients", "clients_status", 1.0, "about", N_("youths with care"), SOURCE_USAGE, "usage"
    ),
}
NAMES = {"cost_eur": N_("spent"), "clients": N_("counted")}


def one_area(frame: pd.DataFrame, words: Words) -> tuple[str, str]:
    """Code and name of the single area in a table.

    Raises
    ------
    ValueError
        If the table holds no area, or more than one: select one first.
    """
    codes = list(dict.fromkeys(frame["area_code"]))
    if len(codes) != 1:
        raise ValueError(
            f"figure: expected rows of one area, got {len(codes)}: {', '.join(map(str, codes[:4]))}"
        )
    return str(codes[0]), words.gettext(str(frame["area"].iloc[0]))


def runs(rows: pd.DataFrame, column: str, status: str) -> list[float | None]:
    """Values to join with a line: None where a year is missing or only a lower bound is known.

    Parameters
    ----------
    rows : DataFrame
        Rows of one area by period.
    column, status : str
        Columns of the value and of its status.
    """
    joined = rows[status].ne("incomplete") & rows[column].notna()
    return [float(value) if join else None for value, join in zip(rows[column], joined, strict=True)]


def every_year(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows by year, with an empty row for each missing year, so that no line is drawn across a gap."""
    if rows.empty:
        return rows
    rows = rows.sort_values("period")
    span = range(int(rows["period"].min()), int(rows["period"].max()) + 1)
    return rows.set_index("period").reindex(span).rename_axis("period").reset_index()


def has_value(rows: pd.DataFrame, column: str, status: str) -> pd.DataFrame:
    """The rows whose value may be shown.

    Parameters
    ----------
    rows, column, status
        As for ``runs``.
    """
    return rows[rows[column].notna() & rows[status].isin(VALUE_STATUSES)]


def touching(
    breaks: Iterable[Any], kind: str, area_codes: Iterable[str], periods: Iterable[int]
) -> list[Any]:
    """The declared breaks that belong in a chart: those of its kind, years and municipalities.

    A region does not know its members here: for its chart give those of ``history.breaks.touching``.

    Parameters
    ----------
    breaks : iterable of Break
        The declared breaks.
    kind : str
        ``costs`` or ``usage``.
    area_codes : iterable of str
        Municipality codes.
    periods : iterable of int
        Years in the chart.
    """
    codes, years = set(area_codes), [int(period) for period in periods]
    whole = not any(code.startswith("GM") for code in codes)
    return [
        one
        for one in sorted(breaks, key=lambda one: one.number)
        if kind in one.applies_to
        and min(years) < one.period <= max(years)
        and (not one.municipalities or whole or codes & set(one.municipalities))
    ]


def break_marks(breaks: Iterable[Any], language: str) -> dict[str, list[dict[str, Any]]]:
    """Thin vertical lines before the first year after each break, named above by number and title."""
    shapes, labels = [], []
    for one in breaks:
        at, title = int(one.period) - 0.5, style.plain(getattr(one.title, language))
        line = {"color": style.TOKENS["muted"], "width": 1, "dash": "dot"}
        place = {"name": "break", "x0": at, "x1": at, "y0": 0, "y1": 1, "yref": "paper", "layer": "below"}
        shapes.append({"type": "line", **place, "line": line})
        labels.append(
            {
                "name": "break",
                "x": at,
                "y": 1,
                "yref": "paper",
                "xanchor": "left",
                "yanchor": "bottom",
                "xshift": 4,
                "align": "left",
                "showarrow": False,
                "text": f"<b>{one.number}</b> {title}",
                "font": {"size": 12, "color": style.TOKENS["ink"]},
            }
        )
    return {"shapes": shapes, "annotations": labels}


def over_years(
    periods: Iterable[Any],
    words: Words,
    *,
    unit: str = MILLIONS,
    broken: Iterable[Any] | None = None,
    labels: Iterable[dict[str, Any]] = (),
    **changes: Any,
) -> dict[str, Any]:
    """The layout of a chart of amounts over the years: from zero, with the unit above the vertical axis.

    Parameters
    ----------
    periods : iterable of int
        Every year in the chart.
    words : Words
        Texts in the language of the page.
    unit : str
        Unit of the vertical axis, in English or in the language of the page.
    broken : iterable of Break, optional
        The breaks to draw.
    labels : iterable of dict
        Annotations at the lines, such as ``style.end_label``.
    **changes
        Other properties of the layout, the margins among them.
    """
    drawn = {"annotations": []} if broken is None else break_marks(broken, words.language)
    annotations = [style.note_on_axis(words.gettext(unit)), *drawn.pop("annotations"), *labels]
    return style.layout(
        words.language,
        xaxis=style.year_axis([int(year) for year in periods]),
        yaxis=style.axis(rangemode="tozero"),
        **changes,
        **drawn,
        annotations=annotations,
    )


def break_note(breaks: Iterable[Any], words: Words) -> str:
    """The sentence that explains the numbers on the axis; empty when there are none."""
    parts = [f"{one.number} = {getattr(one.title, words.language)} ({one.period})" for one in breaks]
    if not parts:
        return ""
    return words.gettext("Numbers on the vertical dotted lines: {parts}.", parts="; ".join(parts))


def breaks_told(breaks: Iterable[Any], words: Words) -> str:
    """The breaks of a chart for its alternative, by name and year; empty when there are none."""
    parts = [f"{getattr(one.title, words.language)} ({one.period})" for one in breaks]
    return words.gettext("Vertical lines: {parts}.", parts="; ".join(parts)) if parts else ""


def status_note(rows: pd.DataFrame, column: str, status: str, words: Words, *, bars: bool = False) -> str:
    """Sentences about years with a partial or missing figure; empty when all years are complete.

    Parameters
    ----------
    rows, column, status
        As for ``runs``.
    words : Words
        Texts in the language of the page.
    bars : bool
        Whether the chart has bars, in which nothing is hollow.
    """
    partial = rows.loc[rows[status].eq("incomplete") & rows[column].notna(), "period"]
    wrong = rows.loc[rows[column].isna() & rows[status].eq("faulty"), "period"]
    hidden = rows.loc[rows[column].isna() & rows[status].isin(["suppressed", "missing"]), "period"]
    sentences = []
    if len(partial):
        shown = years(partial, words)
        hollow = words.gettext(
            "Hollow marker ({years}): a part is not known, so it is at least this much.", years=shown
        )
        bar = words.gettext(
            "Open bar ({years}): a part is not known, so it is at least this much.", years=shown
        )
        sentences.append(bar if bars else hollow)
    if len(wrong):
        sentences.append(
            words.gettext("No figure for {years}: the source holds an error.", years=years(wrong, words))
        )
    if len(hidden):
        sentences.append(words.gettext("No figure for {years}: not published.", years=years(hidden, words)))
    return " ".join(sentences)


def years(periods: Iterable[Any], words: Words) -> str:
    """Years as a list in words: 2019, 2020 en 2022."""
    return sentences.listing([str(int(period)) for period in sorted(set(periods))], words.language)


def observed_traces(rows: pd.DataFrame, measure: Measure, name: str, language: str) -> list[dict[str, Any]]:
    """The observed line in solid ink; a lower bound is a hollow marker that no line reaches.

    Parameters
    ----------
    rows : DataFrame
        Rows of one area by period.
    measure : Measure
        Which column, and its scale and kind.
    name : str
        Name of the line, in ``language``.
    language : {"nl", "en"}
        Language of the page.
    """
    whole = every_year(rows)
    line = marks.scatter(
        "lines+markers",
        name=style.plain(name),
        connectgaps=False,
        x=whole["period"].tolist(),
        y=[
            value / measure.scale if value is not None else None
            for value in runs(whole, measure.column, measure.status)
        ],
        line={"color": style.TOKENS["ink"], "width": 2.5},
        marker={"size": 7, "color": style.TOKENS["ink"]},
        hover=[
            hover(name, period, value, measure, language)
            for period, value in zip(whole["period"], whole[measure.column], strict=True)
        ],
    )
    partial = rows[rows[measure.status].eq("incomplete") & rows[measure.column].notna()]
    if partial.empty:
        return [line]
    hollow = {
        **line,
        "mode": "markers",
        "showlegend": False,
        "x": partial["period"].tolist(),
        "y": (partial[measure.column] / measure.scale).tolist(),
        "marker": {"size": 9, "symbol": "circle-open", "color": style.TOKENS["ink"], "line": {"width": 2}},
        "customdata": [
            hover(name, period, value, measure, language, at_least=True)
            for period, value in zip(partial["period"], partial[measure.column], strict=True)
        ],
    }
    return [line, hollow]


def hover(
    name: str, period: Any, value: Any, measure: Measure, language: str, *, at_least: bool = False
) -> str:
    """One line of hover text: 2024 · uitgaven: € 41,2 miljoen.

    Parameters
    ----------
    name, language
        As for ``observed_traces``.
    period, value
        The year, and its amount, unscaled.
    measure : Measure
        How it is written.
    at_least : bool
        Whether a part of it is not known.
    """
    text = formats.euro(value, language) if measure.kind == "euro" else formats.about(value, language)
    if at_least:
        text = translator(language).gettext("at least {amount}", amount=text)
    return f"{int(period)} · {style.plain(name)}: {text}"
