"""Use beside what one would expect: what the difference with the region is made of, and districts with intervals."""

from __future__ import annotations

from typing import Any

import pandas as pd

from analyse.present.exhibits import style, tables
from analyse.present.exhibits.exhibit import Exhibit
from analyse.present.figures import marks
from analyse.present.text import formats, sentences
from analyse.present.text.language import N_, Words, translator

SOURCES = N_(
    "CBS, youths with youth care; who lives there: CBS, SCP (2017) and the Ministry of BZK; expected: this analysis"
)
PARTS = {
    "ages": N_("ages of the youths"),
    "families": N_("families: single parents, parted parents, children"),
    "health": N_("health of parents: mental health care, disability"),
    "income": N_("income, benefits and value of homes"),
    "school": N_("education and special education"),
    "background": N_("background and religion"),
    "urbanity": N_("town or country"),
    "rest": N_("not explained by who lives here"),
    "use": N_("use here"),
}
NOT_RIGHT = N_(
    "Expected is not the same as right: it is what the same people use elsewhere, on average. The figures do not show "
    "what help there is, how it is recorded, or what a neighbourhood team does without recording it."
)


USUAL = {
    "municipality": N_(
        "Four of five municipalities with such people lie between {usual_low} and {usual_high}; the model "
        "itself places the expected level between {expected_low} and {expected_high}."
    ),
    "region": N_(
        "Four of five regions with such people lie between {usual_low} and {usual_high}; the model "
        "itself places the expected level between {expected_low} and {expected_high}."
    ),
}
"""Where areas of a kind usually lie."""


def difference(
    parts: pd.DataFrame, own: pd.Series, *, area: str, region: str, language: str = "nl"
) -> Exhibit:
    """Use beside the expected use, and what the difference with the areas around it is made of.

    Parameters
    ----------
    parts : DataFrame
        ``need.expected_use.beside_region`` or ``beside_country``.
    own : Series
        The row in ``need.expected_use.municipalities``, or of a region in ``regions``.
    area, region : str
        Names of the area and of what it is compared with.
    """
    words = translator(language)
    values = {
        name: formats.number(float(own[name]), language, decimals=1)
        for name in ("use", "expected", "expected_low", "expected_high", "usual_low", "usual_high")
    }
    values |= {"area": words.gettext(area), "region": words.gettext(region), "year": int(own["period"])}
    bars = parts[~parts["part"].isin(["use of the region", "use"])]
    usual = USUAL["municipality" if "municipality_code" in own else "region"]
    beside = words.gettext("use in {region}", region=values["region"])
    return Exhibit(
        kind="figure",
        title=words.gettext(
            "{area}, {year}: use {use} per 100 youths; expected for these people {expected} ({usual_low} to "
            "{usual_high})",
            **values,
        ),
        alt=words.gettext(
            "Bar chart of what makes use differ from that in {region}, youths with care per 100: {parts}.",
            region=values["region"],
            parts="; ".join(
                f"{words.gettext(PARTS[row.part])} {_signed(row.value, language)}"
                for row in bars.itertuples()
            ),
        ),
        source=words.gettext(SOURCES),
        note=" ".join(
            [
                words.gettext(usual, **values),
                words.gettext(NOT_RIGHT),
                *_near(own, words),
            ]
        ),
        drawing={"data": [_bars(bars, words)], "layout": _layout(words)},
        table=tables.build(
            parts,
            {
                "part": tables.Column("What", terms=PARTS | {"use of the region": beside}),
                "value": tables.Column("Youths with care per 100", "decimal"),
            },
            words.gettext("Use of {area} and of {region}, per 100 youths, {year}", **values),
            language,
        ),
        language=language,
    )


def _near(own: pd.Series, words: Words) -> list[str]:
    """Who is nearest in looks and need, where that is known."""
    names = [words.gettext(one) for one in str(own.get("peers", "")).split(", ") if one]
    if not names:
        return []
    said = words.gettext(
        "Most like {area} in expected use, size and ages, in the whole country: {names}.",
        area=words.gettext(str(own["area"])),
        names=sentences.listing(names, words.language),
    )
    return [said]


def _signed(value: float, language: str) -> str:
    text = formats.number(value, language, decimals=1)
    return f"+{text}" if value > 0 and text != formats.number(0, language, decimals=1) else text


def _bars(rows: pd.DataFrame, words: Words) -> dict[str, Any]:
    names = [words.gettext(PARTS[one]) for one in rows["part"]]
    return marks.bar(
        orientation="h",
        y=names,
        x=rows["value"].round(3).tolist(),
        width=0.6,
        text=[_signed(value, words.language) for value in rows["value"]],
        textposition="outside",
        cliponaxis=False,
        marker={
            "color": [style.TOKENS["band95" if part == "rest" else "band80"] for part in rows["part"]],
            "line": {"color": style.TOKENS["accent"], "width": 1},
        },
        hover=[
            f"{name}: {_signed(value, words.language)}"
            for name, value in zip(names, rows["value"], strict=True)
        ],
    )


def _layout(words: Words) -> dict[str, Any]:
    title = style.along(words.gettext("youths with care per 100, more or less"))
    return style.layout(
        words.language,
        margin={"l": 16, "r": 40, "t": 8, "b": 48},
        xaxis=style.axis(title=title, zeroline=True),
        yaxis=style.names_axis(size=12, dtick=1),
    )


def districts(rows: pd.DataFrame, *, area: str, language: str = "nl") -> Exhibit:
    """The use of each district with its interval, beside what is expected of its people, in alphabetical order.

    Parameters
    ----------
    rows : DataFrame
        Districts of one municipality and year from ``need.district_use.shown``.
    area : str
        Name of the municipality.
    """
    words = translator(language)
    rows = rows.sort_values("district").reset_index(drop=True)
    seen = rows["with_care"].notna()
    apart = seen & ((rows["low"] > rows["expected"]) | (rows["high"] < rows["expected"]))
    values = {
        "area": words.gettext(area),
        "year": int(rows["year"].iloc[0]),
        "n": int(apart.sum()),
        "all": len(rows),
    }
    return Exhibit(
        kind="figure",
        title=words.gettext(
            "{area}, {year}: in {n} of {all} districts the use differs from what its people lead one to expect",
            **values,
        ),
        alt=words.gettext(
            "Per district an interval of the use and a diamond for what is expected: {parts}.",
            parts="; ".join(
                words.gettext(
                    "{district} {low} to {high}, expected {expected}",
                    district=row.district,
                    **{
                        name: formats.number(getattr(row, name), language, decimals=1)
                        for name in ("low", "high", "expected")
                    },
                )
                for row in rows.itertuples()
            ),
        ),
        source=words.gettext(SOURCES),
        note=words.gettext(
            "Bar: the use lies in it with a chance of four in five, the count of one year and what is expected taken "
            "together. Diamond: what the same people use elsewhere. Pale bar: fewer than ten youths, or hidden beside "
            "them, so only what is expected here. Bars that overlap cannot be told apart; high or low is neither good "
            "nor bad."
        ),
        drawing={"data": _intervals(rows, seen, words), "layout": _district_layout(rows, words)},
        table=district_table(rows, area=area, words=words),
        language=language,
    )


def _intervals(rows: pd.DataFrame, seen: pd.Series, words: Words) -> list[dict[str, Any]]:
    names = [style.plain(one) for one in rows["district"]]
    texts = [
        words.gettext(
            "{district} {low} to {high}, expected {expected}",
            district=style.plain(row.district),
            **{
                name: formats.number(getattr(row, name), words.language, decimals=1)
                for name in ("low", "high", "expected")
            },
        )
        for row in rows.itertuples()
    ]
    bar = marks.bar(
        orientation="h",
        y=names,
        base=rows["low"].round(3).tolist(),
        x=(rows["high"] - rows["low"]).round(3).tolist(),
        width=0.5,
        showlegend=False,
        marker={
            "color": [style.TOKENS["band80" if one else "paper"] for one in seen],
            "line": {"color": style.TOKENS["accent"], "width": 1},
        },
        hover=texts,
    )
    expected = marks.scatter(
        "markers",
        x=rows["expected"].round(3).tolist(),
        y=names,
        name=words.gettext("expected for these people"),
        showlegend=True,
        marker={"symbol": "diamond", "size": 9, "color": style.TOKENS["orange"], "opacity": 1},
        hover=texts,
    )
    return [bar, expected]


def _district_layout(rows: pd.DataFrame, words: Words) -> dict[str, Any]:
    title = style.along(words.gettext("youths with care per 100"))
    return style.layout(
        words.language,
        margin={"l": 16, "r": 16, "t": 36, "b": 48},
        legend=style.LEGEND_ABOVE,
        showlegend=True,
        xaxis=style.axis(title=title, rangemode="tozero"),
        yaxis=style.names_axis(size=11, dtick=1),
        meta={"tall": len(rows) > 12},
    )


def district_table(rows: pd.DataFrame, *, area: str, words: Words) -> tables.Table:
    """Districts by name: youths, youths with care, and the interval of their use beside what is expected.

    Parameters
    ----------
    rows : DataFrame
        As for ``districts``.
    area : str
        Name of the municipality.
    words : Words
        Texts in the language of the page.
    """
    frame = rows.assign(with_care_status=rows["status"], youths=rows["youths"].round(-1))
    columns = {
        "district": tables.Column("District", language="nl"),
        "youths": tables.Column("Youths (0-22), about", "about"),
        "with_care": tables.Column("With care", "persons"),
        "middle": tables.Column("Per 100, count and expectation together", "decimal"),
        "low": tables.Column("80% interval from", "decimal"),
        "high": tables.Column("80% interval to", "decimal"),
        "expected": tables.Column("Expected for these people", "decimal"),
    }
    caption = words.gettext(
        "Districts of {area} by name, {year}", area=words.gettext(area), year=int(rows["year"].iloc[0])
    )
    return tables.build(frame, columns, caption, words.language)
