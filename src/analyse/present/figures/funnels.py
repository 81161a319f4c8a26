"""The funnel: municipalities by size, between the limits of chance and of usual differences."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from analyse.compare.funnel import Funnel
from analyse.present.exhibits import style, tables
from analyse.present.exhibits.exhibit import Exhibit
from analyse.present.figures import marks, measures
from analyse.present.text import formats
from analyse.present.text.language import N_, Words, translator

VERDICTS = {
    "inside": N_("chance can explain it"),
    "usual": N_("more than chance, but a usual difference between municipalities"),
    "outside": N_("more than the usual difference"),
}
POINTS = 60


def funnel(
    limits: Funnel,
    judged: pd.DataFrame,
    names: Mapping[str, str],
    *,
    measure: str,
    period: int,
    highlight: Collection[str] = (),
    language: str = "nl",
) -> Exhibit:
    """Municipalities by size, with the 95 % and 99.8 % limits of chance and of usual differences.

    Parameters
    ----------
    limits : compare.funnel.Funnel
        From ``of_rates`` or ``of_costs``; ``limits(sizes)`` gives the lines.
    judged : DataFrame
        ``Funnel.beside``: area_code, value (fraction or EUR per youth), size (youths), limits, chance, usual.
    names : mapping of str to str
        Name of each area code.
    measure : str
        ``clients_per_100_youths`` or ``cost_per_youth_eur``.
    period : int
        The year.
    highlight : collection of str
        Codes of the areas that are named in the chart.
    """
    words = translator(language)
    factor = 100.0 if limits.kind == "rate" else 1.0
    rows = judged.assign(
        area=[words.gettext(names[code]) for code in judged["area_code"]], verdict=_verdict(judged)
    )
    rows = rows.sort_values("area").reset_index(drop=True)
    marked = rows["area_code"].isin(list(highlight)) | rows["verdict"].eq("outside")
    counts = rows["verdict"].value_counts()
    return Exhibit(
        kind="figure",
        title=_title(counts, len(rows), measure, period, words),
        alt=_alternative(rows, counts, measure, factor, words),
        source=measures.source(measure, words),
        note=_measured_over(limits, len(rows), words)
        + words.gettext(
            "Lines: how far chance alone takes a municipality of that size, in 95% (dashed) and "
            "99.8% of years (solid). Bands: the same, plus the usual differences between "
            "municipalities. Filled: chance can explain it; open: more than chance; diamond: "
            "unusual. A place in the chart is not a judgement."
        ),
        drawing={
            "data": [
                *_bands(_over_sizes(limits, rows["size"]), factor),
                *curves(limits, rows["size"], factor=factor),
                *_points(rows, marked, measure, factor, words),
            ],
            "layout": _layout(rows, marked, measure, factor, words),
        },
        table=_table(rows, measure, period, factor, words),
        language=language,
    )


def _measured_over(limits: Funnel, number: int, words: Words) -> str:
    """Which municipalities the limits are estimated from, where they are more than the chart shows."""
    if limits.areas <= number:
        return ""
    return (
        words.gettext("Lines and bands are based on all {n} municipalities of the country.", n=limits.areas)
        + " "
    )


def _verdict(judged: pd.DataFrame) -> list[str]:
    return [
        "outside" if row.usual != "inside" else "usual" if row.chance != "inside" else "inside"
        for row in judged[["chance", "usual"]].itertuples()
    ]


def _title(counts: pd.Series, number: int, measure: str, period: int, words: Words) -> str:
    values = {
        "measure": measures.name(measure, words).capitalize(),
        "year": period,
        "all": number,
        "more": int(number - counts.get("inside", 0)),
        "outside": int(counts.get("outside", 0)),
    }
    if values["outside"]:
        return words.ngettext(
            "{measure}, {year}: {outside} of {all} municipalities differ more than usual",
            "{measure}, {year}: {outside} of {all} municipalities differ more than is usual",
            values["outside"],
            **values,
        )
    return words.ngettext(
        "{measure}, {year}: {more} of {all} municipalities differ more than chance explains, but no more than"
        " usual",
        "{measure}, {year}: {more} of {all} municipalities differ more than chance explains, none of "
        "them unusually",
        values["more"],
        **values,
    )


def _alternative(rows: pd.DataFrame, counts: pd.Series, measure: str, factor: float, words: Words) -> str:
    outside = rows[rows["verdict"].eq("outside")]
    parts = [f"{words.gettext(VERDICTS[key])}: {int(counts.get(key, 0))}" for key in VERDICTS]
    said = words.gettext("Funnel chart by number of youths: {parts}.", parts="; ".join(parts))
    if len(outside):
        named = "; ".join(
            f"{row.area} {measures.written(row.value * factor, measure, words)}"
            for row in outside.itertuples()
        )
        said += " " + words.gettext("More than usual: {named}.", named=named)
    return said


def _bands(lines: pd.DataFrame, factor: float) -> list[dict[str, Any]]:
    sizes = lines["size"].tolist()
    return [
        marks.scatter(
            "lines",
            fill="toself",
            fillcolor=style.TOKENS[fill],
            hoverinfo="skip",
            x=[*sizes, *reversed(sizes)],
            showlegend=False,
            y=[
                *lines[f"wide_low_{level}"] * factor,
                *reversed((lines[f"wide_high_{level}"] * factor).tolist()),
            ],
            line={"color": style.TOKENS["accent"], "width": 0.6},
        )
        for level, fill in (("998", "band95"), ("95", "band80"))
    ]


def curves(
    limits: Funnel, sizes: pd.Series, *, prefix: str = "", factor: float = 1.0
) -> list[dict[str, Any]]:
    """The middle of a funnel and its two pairs of limits as lines over the sizes: 95 % dashed, 99.8 % solid.

    Parameters
    ----------
    limits : Funnel
        The spread by chance at each size, and the usual spread beyond it.
    sizes : Series
        Of the areas or providers in the chart; the lines reach a little further.
    prefix : str
        "" for the limits of chance, "wide_" for those of the usual.
    factor : float
        What the figures are multiplied by to be shown.
    """
    lines = _over_sizes(limits, sizes)
    drawn = [
        ("target", "solid", 1.6),
        (f"{prefix}low_95", "dash", 1.2),
        (f"{prefix}high_95", "dash", 1.2),
        (f"{prefix}low_998", "solid", 1.0),
        (f"{prefix}high_998", "solid", 1.0),
    ]
    return [
        marks.scatter(
            "lines",
            x=lines["size"].tolist(),
            y=(lines[name] * factor).tolist(),
            hoverinfo="skip",
            showlegend=False,
            line={
                "color": style.TOKENS["ink" if name == "target" else "muted"],
                "dash": dash,
                "width": width,
            },
        )
        for name, dash, width in drawn
    ]


def _over_sizes(limits: Funnel, sizes: pd.Series) -> pd.DataFrame:
    return limits.limits(np.geomspace(sizes.min() * 0.9, sizes.max() * 1.1, POINTS))


def _points(
    rows: pd.DataFrame, marked: pd.Series, measure: str, factor: float, words: Words
) -> list[dict[str, Any]]:
    symbols = {"inside": "circle", "usual": "circle-open", "outside": "diamond"}
    texts = [
        f"{style.plain(row.area)}: {measures.written(row.value * factor, measure, words)} "
        f"({words.gettext(VERDICTS[row.verdict])})"
        for row in rows.itertuples()
    ]
    return [
        marks.scatter(
            "markers",
            showlegend=False,
            x=rows["size"].tolist(),
            y=(rows["value"] * factor).tolist(),
            hover=texts,
            marker={
                "opacity": 1,
                "symbol": [symbols[one] for one in rows["verdict"]],
                "size": [12 if one else 9 for one in marked],
                "color": [style.TOKENS["orange" if one else "ink"] for one in marked],
                "line": {"width": 1.6, "color": [style.TOKENS["orange" if one else "ink"] for one in marked]},
            },
        )
    ]


def _layout(
    rows: pd.DataFrame, marked: pd.Series, measure: str, factor: float, words: Words
) -> dict[str, Any]:
    labels = [
        {
            "name": "wide",
            "x": float(np.log10(row.size)),
            "y": row.value * factor,
            "text": f"<b>{style.plain(row.area)}</b>",
            "showarrow": False,
            "yanchor": "bottom",
            "yshift": 8,
            "font": {"color": style.TOKENS["ink"], "size": 13},
        }
        for row in rows[marked].itertuples(index=False)
    ]
    return layout(
        rows["size"],
        words,
        across=words.gettext("number of youths (each step to the right is a factor)"),
        ticks=(1e3, 2e3, 5e3, 1e4, 2e4, 5e4, 1e5, 2e5, 5e5),
        unit=measures.unit(measure, words),
        labels=labels,
    )


def layout(
    sizes: pd.Series,
    words: Words,
    *,
    across: str,
    ticks: Sequence[float],
    unit: str,
    labels: Sequence[Mapping[str, Any]] = (),
    top: int = 48,
) -> dict[str, Any]:
    """The layout of a funnel: sizes on a scale of factors, figures from zero.

    Parameters
    ----------
    sizes : Series
        Of the areas or providers in the chart.
    words : Words
        Texts in the language of the page.
    across : str
        What the sizes are, in that language.
    ticks : sequence of float
        Sizes to be written on the axis, where they come near those in the chart.
    unit : str
        Unit of the figures, in that language.
    labels : sequence of mapping
        Names beside points, as annotations of plotly.
    top : int
        Pixels above the chart.
    """
    near = [one for one in ticks if sizes.min() * 0.7 < one < sizes.max() * 1.4]
    return style.layout(
        words.language,
        margin={"l": 56, "r": 16, "t": top, "b": 56},
        xaxis=style.axis(
            grid=False,
            type="log",
            tickvals=near,
            title=style.along(across),
            ticktext=[formats.number(one, words.language) for one in near],
        ),
        yaxis=style.axis(rangemode="tozero"),
        annotations=[style.note_on_axis(unit), *labels],
    )


def _table(rows: pd.DataFrame, measure: str, period: int, factor: float, words: Words) -> tables.Table:
    frame = rows.copy()
    shown = ["value", "low_95", "high_95", "wide_low_998", "wide_high_998"]
    frame[shown] = frame[shown] * factor
    kind = measures.MEASURES[measure].kind
    columns = {
        "area": tables.Column("Municipality"),
        "size": tables.Column("Youths", "about"),
        "value": tables.Column(measures.name(measure, words).capitalize(), kind),
        "low_95": tables.Column("Chance alone (95%): from", kind),
        "high_95": tables.Column("Chance alone (95%): to", kind),
        "wide_low_998": tables.Column("Usual (99.8%): from", kind),
        "wide_high_998": tables.Column("Usual (99.8%): to", kind),
        "verdict": tables.Column("Could it be chance?", terms=VERDICTS),
    }
    caption = words.gettext(
        "{measure} by municipality, {year}", measure=measures.name(measure, words).capitalize(), year=period
    )
    return tables.build(frame, columns, caption, words.language)
