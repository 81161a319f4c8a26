"""The regions beside each other: costs per youth over the years."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pandas as pd

from analyse.present.exhibits import style, tables
from analyse.present.exhibits.exhibit import Exhibit
from analyse.present.figures import common, marks
from analyse.present.text import formats, sentences
from analyse.present.text.language import N_, Words, translator

SOURCE = N_("CBS and Ministry of BZK: Iv3 accounts; youths of 0 to 17 on 1 January")


def regions_per_youth(measures: pd.DataFrame, *, breaks: Iterable[Any] = (), language: str = "nl") -> Exhibit:
    """Costs per youth of several areas, each with its own colour, dash and marker.

    Parameters
    ----------
    measures : DataFrame
        ``compare.measures`` of the areas: area_code, area, period, cost_per_youth_eur (EUR); empty where
        the accounts are not whole.
    breaks : iterable of Break
        Declared breaks; those that touch these areas are drawn and explained.
    """
    words = translator(language)
    measures = measures.assign(area=[words.gettext(str(name)) for name in measures["area"]])
    rows = measures.dropna(subset="cost_per_youth_eur").sort_values(["area", "period"])
    codes = list(dict.fromkeys(rows["area_code"]))
    marked = common.touching(breaks, "costs", codes, rows["period"])
    last = rows[rows["period"].eq(rows["period"].max())].sort_values("cost_per_youth_eur", ascending=False)
    annotations = [
        style.note_on_axis(words.gettext("euros per youth of 0 to 17")),
        *common.break_marks(marked)["annotations"],
    ]
    annotations += _end_labels(rows, codes)
    return Exhibit(
        kind="figure",
        title=_title(last, words),
        alt=words.gettext(
            "Line chart of costs per youth. In {year}: {parts}.",
            year=int(last["period"].iloc[0]),
            parts="; ".join(_amounts(last, words)),
        ),
        source=words.gettext(SOURCE),
        note=" ".join(
            part
            for part in (
                words.gettext(
                    "A difference between areas need not be a difference in care: youths, prices and books differ too."
                ),
                common.break_note(marked, words),
            )
            if part
        ),
        figure={
            "data": [
                _trace(rows[rows["area_code"].eq(code)], code, place, language)
                for place, code in enumerate(codes)
            ],
            "layout": style.layout(
                language,
                margin={"l": 56, "r": 132, "t": 48, "b": 32},
                xaxis=style.year_axis(rows["period"].astype(int).tolist()),
                yaxis=style.axis(rangemode="tozero"),
                shapes=common.break_marks(marked)["shapes"],
                annotations=annotations,
            ),
        },
        table=_table(measures, words),
        language=language,
    )


def _title(last: pd.DataFrame, words: Words) -> str:
    if 1 < len(last) <= 3:
        parts = sentences.listing(_amounts(last, words), words.language)
        return words.gettext(
            "Costs per youth in {year}: {parts}", year=int(last["period"].iloc[0]), parts=parts
        )
    high, low, year = last.iloc[0], last.iloc[-1], int(last["period"].iloc[0])
    if len(last) == 1:
        return words.gettext(
            "In {year} {area} spent {amount} per youth",
            year=year,
            area=high["area"],
            amount=formats.euro(high["cost_per_youth_eur"], words.language),
        )
    return words.gettext(
        "In {year} {high} spent most per youth ({high_amount}), {low} least ({low_amount})",
        year=year,
        high=high["area"],
        high_amount=formats.euro(high["cost_per_youth_eur"], words.language),
        low=low["area"],
        low_amount=formats.euro(low["cost_per_youth_eur"], words.language),
    )


def _amounts(last: pd.DataFrame, words: Words) -> list[str]:
    return [f"{row.area} {formats.euro(row.cost_per_youth_eur, words.language)}" for row in last.itertuples()]


def _trace(rows: pd.DataFrame, code: str, place: int, language: str) -> dict[str, Any]:
    line, whole = style.region_line(code, place), common.every_year(rows)
    values = whole["cost_per_youth_eur"]
    return marks.scatter(
        "lines+markers",
        name=style.plain(rows["area"].iloc[0]),
        connectgaps=False,
        x=whole["period"].tolist(),
        y=[float(value) if value == value else None for value in values],
        line={"color": line.color, "width": 2.5, "dash": line.dash},
        marker={"symbol": line.symbol, "size": 8, "color": line.color},
        hover=[
            f"{int(period)} · {style.plain(rows['area'].iloc[0])}: {formats.euro(value, language)}"
            for period, value in zip(whole["period"], values, strict=True)
        ],
    )


def _end_labels(rows: pd.DataFrame, codes: list[str]) -> list[dict[str, Any]]:
    """Names at the line ends, pushed apart when they would cover each other."""
    ends = rows.groupby("area_code").tail(1).sort_values("cost_per_youth_eur")
    gap = 0.06 * float(rows["cost_per_youth_eur"].max())
    labels, below = [], float("-inf")
    for row in ends.itertuples():
        at = max(row.cost_per_youth_eur, below + gap)
        line = style.region_line(row.area_code, codes.index(row.area_code))
        labels.append(style.end_label(int(row.period), at, row.area, line.color))
        below = at
    return labels


def _table(measures: pd.DataFrame, words: Words) -> tables.Table:
    frame = measures[["area", "period", "cost_per_youth_eur"]]
    wide = (
        frame.pivot(index="period", columns="area", values="cost_per_youth_eur")
        .dropna(how="all")
        .reset_index()
    )
    columns = {"period": tables.Column("Year", "year")}
    columns |= {
        str(area): tables.Column(str(area), "euro_exact") for area in wide.columns if area != "period"
    }
    return tables.build(wide, columns, words.gettext("Costs per youth of 0 to 17 by year"), words.language)
