"""Costs by single year of age, and what the population alone does to use and costs."""

from __future__ import annotations

import pandas as pd

from analyse.present.exhibits import style, tables
from analyse.present.exhibits.exhibit import Exhibit
from analyse.present.figures import common, marks
from analyse.present.text import formats
from analyse.present.text.language import N_, translator

SOURCES = N_(
    "CPB, costs of the Youth Act by age 2022; CBS, youths with care by age 2023, and inhabitants; this analysis"
)
LINES = {
    "youths": (N_("youths of 0 to 17"), "muted", "dot"),
    "use": (N_("use, by age"), "accent", "solid"),
    "cost": (N_("costs, by age"), "orange", "dash"),
}


def ages(rows: pd.DataFrame, *, area: str, year: int, language: str = "nl") -> Exhibit:
    """Bars of the costs by single year of age.

    Parameters
    ----------
    rows : DataFrame
        ``need.single_years.of_area``.
    area : str
        Name of the area.
    year : int
        Of the costs.
    """
    words = translator(language)
    half = rows.sort_values("cost_eur", ascending=False)
    oldest = rows[rows["age"].between(12, 17)]["cost_eur"].sum() / rows["cost_eur"].sum()
    values = {
        "area": words.gettext(area),
        "year": year,
        "share": formats.percent(100 * oldest, language, decimals=0),
        "age": int(half["age"].iloc[0]),
        "amount": formats.euro(float(half["cost_eur"].iloc[0]), language, digits=2),
    }
    texts = [f"{int(row.age)}: {formats.euro(row.cost_eur, language, digits=2)}" for row in rows.itertuples()]
    columns = {
        "age": tables.Column("Age", "integer"),
        "youths": tables.Column("Youths", "about"),
        "clients": tables.Column("Youths with care, about", "about", digits=tables.EXPECTED),
        "cost_eur": tables.Column("Costs, about", "euro", digits=tables.EXPECTED),
    }
    return Exhibit(
        kind="figure",
        title=words.gettext("{area}, {year}: {share} of the costs goes to youths of 12 to 17", **values),
        alt=words.gettext(
            "Bars of the costs by age. The most, {amount}, goes to the age of {age}.", **values
        ),
        source=words.gettext(SOURCES),
        note=words.gettext(
            "The pattern by age is that of the Netherlands, scaled to the use of {area} in each age band and to its "
            "totals: what a municipality spends by age is not published.",
            **values,
        ),
        drawing={
            "data": [
                marks.bar(
                    x=rows["age"].tolist(),
                    y=(rows["cost_eur"] / 1e6).round(4).tolist(),
                    marker={
                        "color": style.TOKENS["band80"],
                        "line": {"color": style.TOKENS["accent"], "width": 1},
                    },
                    hover=texts,
                )
            ],
            "layout": style.layout(
                language,
                xaxis=style.axis(
                    grid=False,
                    dtick=1,
                    range=[-0.7, 22.7],
                    title={"text": words.gettext("age"), "font": {"size": 12}},
                ),
                yaxis=style.axis(rangemode="tozero"),
                annotations=[style.note_on_axis(words.gettext(common.MILLIONS))],
            ),
        },
        table=tables.build(
            rows, columns, words.gettext("Youths, use and costs by age, {area}, {year}", **values), language
        ),
        language=language,
    )


def population(rows: pd.DataFrame, *, area: str, base: int, language: str = "nl") -> Exhibit:
    """Lines of what the population alone does to use and costs.

    Parameters
    ----------
    rows : DataFrame
        ``need.single_years.effect``, from ``base`` on.
    area : str
        Name of the area.
    base : int
        Year that is 100.
    """
    words = translator(language)
    rows = rows[rows["period"] >= base]
    last = rows.iloc[-1]
    values = {"area": words.gettext(area), "year": int(last["period"]), "base": base}
    values |= {
        name: formats.percent(float(last[name]) - 100, language, signed=True, decimals=0) for name in LINES
    }
    traces = [
        marks.scatter(
            "lines",
            name=words.gettext(name),
            x=rows["period"].tolist(),
            y=rows[column].round(2).tolist(),
            line={"color": style.TOKENS[color], "dash": dash, "width": 2.5},
            showlegend=True,
            hover=[
                f"{int(period)} · {words.gettext(name)}: {formats.number(value, language, decimals=1)}"
                for period, value in zip(rows["period"], rows[column], strict=True)
            ],
        )
        for column, (name, color, dash) in LINES.items()
    ]
    columns = {"period": tables.Column("Year", "year")} | {
        column: tables.Column(name, "decimal") for column, (name, _, _) in LINES.items()
    }
    return Exhibit(
        kind="figure",
        title=words.gettext(
            "{area}: by the population alone, use changes by {use} and costs by {cost} from {base} to {year}",
            **values,
        ),
        alt=words.gettext(
            "Lines from {base} to {year}, {base} is 100: youths {youths}, use {use}, costs {cost}.", **values
        ),
        source=words.gettext(SOURCES),
        note=words.gettext(
            "{base} is 100. Use and costs at each age stay as they are; the youths of now grow older, and come and go "
            "as usual. Prices, heavier care and more use at equal ages are not in it. Births beyond those known stay "
            "as they are.",
            base=base,
        ),
        drawing={
            "data": traces,
            "layout": style.layout(
                language,
                margin={"l": 48, "r": 16, "t": 44, "b": 36},
                legend=style.LEGEND_ABOVE,
                xaxis=style.year_axis(rows["period"].astype(int).tolist()),
                showlegend=True,
                yaxis=style.axis(),
            ),
        },
        table=tables.build(
            rows,
            columns,
            words.gettext("What population change alone does, {area}, {base} = 100", **values),
            language,
        ),
        language=language,
    )
