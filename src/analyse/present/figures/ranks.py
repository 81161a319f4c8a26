"""The interval of the rank of each area; deliberately not a ranking."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from analyse.present.exhibits import style, tables
from analyse.present.exhibits.exhibit import Exhibit
from analyse.present.figures import marks, measures
from analyse.present.text.language import Words, translator


def ranks(
    places: pd.DataFrame, names: Mapping[str, str], *, measure: str, period: int, language: str = "nl"
) -> Exhibit:
    """The 95 % interval of each area's rank, in alphabetical order.

    Parameters
    ----------
    places : DataFrame
        ``chance.rank_intervals``: area_code, place_low, place_high (1 is the lowest figure), of.
    names : mapping of str to str
        Name of each area code.
    measure, period : str, int
        The figure to show, and its year.
    """
    words = translator(language)
    rows = places.assign(area=[words.gettext(names[code]) for code in places["area_code"]]).sort_values(
        "area"
    )
    number = int(rows["of"].iloc[0])
    middle = (number + 1) / 2
    around = int((rows["place_low"].le(middle) & rows["place_high"].ge(middle)).sum())
    width = int((rows["place_high"] - rows["place_low"] + 1).median())
    values = {
        "measure": measures.name(measure, words).capitalize(),
        "year": period,
        "n": around,
        "all": number,
        "width": width,
    }
    return Exhibit(
        kind="figure",
        title=words.gettext(
            "{measure}, {year}: {n} of {all} municipalities cannot be told apart from the middle", **values
        ),
        alt=words.gettext(
            "Interval per municipality of the place among {all}. The middle interval spans {width} places.",
            **values,
        ),
        source=measures.source(measure, words),
        note=words.gettext(
            "1 is the lowest figure. Bar: the places it would have in 95 of 100 years if only chance "
            "played a part. Municipalities whose bars overlap cannot be told apart; low or high is neither good "
            "nor bad."
        ),
        drawing={"data": [_bars(rows, words)], "layout": _layout(rows, number, words)},
        table=_table(rows, values, words),
        language=language,
    )


def _bars(rows: pd.DataFrame, words: Words) -> dict[str, Any]:
    return marks.bar(
        orientation="h",
        y=[style.plain(area) for area in rows["area"]],
        base=(rows["place_low"] - 0.4).tolist(),
        width=0.5,
        x=(rows["place_high"] - rows["place_low"] + 0.8).tolist(),
        marker={"color": style.TOKENS["band80"], "line": {"color": style.TOKENS["accent"], "width": 1}},
        hover=[
            words.gettext(
                "{area}: place {low} to {high}",
                area=style.plain(row.area),
                low=int(row.place_low),
                high=int(row.place_high),
            )
            for row in rows.itertuples()
        ],
    )


def _layout(rows: pd.DataFrame, number: int, words: Words) -> dict[str, Any]:
    title = style.along(words.gettext("place, 1 is the lowest figure"))
    return style.layout(
        words.language,
        margin={"l": 16, "r": 16, "t": 8, "b": 48},
        xaxis=style.axis(range=[0.2, number + 0.8], tickformat="d", title=title),
        yaxis=style.names_axis(size=11, dtick=1),
        meta={"tall": len(rows) > 12},
    )


def _table(rows: pd.DataFrame, values: dict[str, Any], words: Words) -> tables.Table:
    columns = {
        "area": tables.Column("Municipality"),
        "place_low": tables.Column("Place from", "integer"),
        "place_high": tables.Column("Place to", "integer"),
    }
    caption = words.gettext("{measure}, {year}: place among {all} municipalities", **values)
    return tables.build(rows, columns, caption, words.language)
