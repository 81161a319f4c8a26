"""How much more or less each area spends per youth than all areas together, and through what."""

from __future__ import annotations

from typing import Any

import pandas as pd

from analyse.present.exhibits import style, tables
from analyse.present.exhibits.exhibit import Exhibit
from analyse.present.figures import differences, lines, marks
from analyse.present.text import formats, sentences
from analyse.present.text.language import Words, translator

MANY = 8
"""With more areas than this a chart is high."""
LOOKS = (("accent", ""), ("brown", "/"), ("muted", "x"))
"""Colour and hatching of the bars of each driver."""


def gaps(found: pd.DataFrame, names: dict[str, str], *, language: str = "nl") -> Exhibit:
    """Bars to the right and left of all areas together: through use, and through costs per youth with care.

    Parameters
    ----------
    found : DataFrame
        ``compare.decompose.gaps``.
    names : dict of str to str
        Name of each area.
    """
    words = translator(language)
    ends = found.drop_duplicates("to_area").sort_values("end_eur", ascending=False)
    order, year = list(ends["to_area"]), int(found["to_period"].iloc[0])
    wide = found.pivot(index="to_area", columns="driver", values="effect_eur").loc[order]
    told = {code: words.gettext(names[code]) for code in order}
    drivers = [one for one in differences.DRIVERS if one in wide]
    total = ends.set_index("to_area").eval("end_eur - start_eur")
    return Exhibit(
        kind="figure",
        title=_title(ends, told, year, words),
        alt=sentences.paragraph(
            words.gettext("Bar chart of the difference in costs per youth with all areas together."),
            *(_in_words(told[code], total[code], wide.loc[code, drivers], words) for code in order[:MANY]),
        ),
        source=words.gettext(differences.SOURCE),
        note=sentences.paragraph(
            _note(found["use_period"].iloc[0], year, words), _left_out(int(found["left_out"].iloc[0]), words)
        ),
        drawing={
            "data": _bars(wide, drivers, total, told, words),
            "layout": style.layout(
                language,
                margin={"l": 16, "r": 24, "t": 40, "b": 48},
                barmode="group",
                showlegend=True,
                legend=style.LEGEND_ABOVE,
                xaxis=style.axis(
                    title=style.along(words.gettext("euros per youth more (right) or less (left)"))
                ),
                yaxis=style.names_axis(),
                **({"meta": {"tall": True}} if len(order) > MANY else {}),
            ),
        },
        table=_table(wide, total, ends, told, drivers, year, words),
        language=language,
    )


def _left_out(number: int, words: Words) -> str:
    """How many areas are not in the chart because accounts are missing; empty without any."""
    if not number:
        return ""
    return words.ngettext(
        "{n} area has no whole accounts and is left out, also of all together.",
        "{n} areas have no whole accounts and are left out, also of all together.",
        number,
    )


def _title(ends: pd.DataFrame, told: dict[str, str], year: int, words: Words) -> str:
    high, *others = ends.itertuples()
    if not others:
        return words.gettext(
            "In {year} {area} spent {amount} per youth",
            year=year,
            area=told[high.to_area],
            amount=formats.euro(high.end_eur, words.language),
        )
    shown = others if len(others) <= 2 else others[-1:]
    parts = [
        words.gettext(
            "{amount} more than {area}",
            amount=formats.euro(high.end_eur - one.end_eur, words.language, digits=2),
            area=told[one.to_area],
        )
        for one in shown
    ]
    return words.gettext(
        "In {year} {area} spent most per youth: {parts}",
        year=year,
        area=told[high.to_area],
        parts=sentences.listing(parts, words.language),
    )


def _in_words(area: str, total: float, effects: pd.Series, words: Words) -> str:
    parts = [
        f"{words.gettext(differences.DRIVERS[name])} {_signed(value, words)}"
        for name, value in effects.dropna().items()
    ]
    return words.gettext(
        "{area}: {total}, of which {parts}.",
        area=area,
        total=_signed(total, words),
        parts=sentences.listing(parts, words.language),
    )


def _signed(value: float, words: Words) -> str:
    return ("+" if value > 0 else "") + formats.euro(value, words.language, digits=2)


def _note(use_period: Any, year: int, words: Words) -> str:
    use = (
        words.gettext(
            "Use in {year} is not known yet, so use in {use} is shown.", year=year, use=int(use_period)
        )
        if pd.notna(use_period) and int(use_period) != year
        else ""
    )
    end = words.gettext("The bars of an area add up to how far it is from all areas together (diamond).")
    return sentences.paragraph(use, end, words.gettext(lines.CAUTION))


def _bars(
    wide: pd.DataFrame, drivers: list[str], total: pd.Series, told: dict[str, str], words: Words
) -> list[dict[str, Any]]:
    traces = []
    for name, (color, shape) in zip(drivers, LOOKS, strict=False):
        tone = style.TOKENS[color]
        traces.append(
            marks.bar(
                orientation="h",
                name=words.gettext(differences.DRIVERS[name]),
                y=[style.plain(told[code]) for code in wide.index],
                x=[float(value) for value in wide[name]],
                marker=marks.hatched(tone, tone, shape=shape, fgcolor=tone),
                hover=[
                    f"{style.plain(told[code])} · {words.gettext(differences.DRIVERS[name])}: {_signed(value, words)}"
                    for code, value in wide[name].items()
                ],
            )
        )
    return [
        *traces,
        marks.scatter(
            "markers",
            name=words.gettext("difference in all"),
            y=[style.plain(told[code]) for code in wide.index],
            x=[float(total[code]) for code in wide.index],
            marker={"symbol": "diamond", "size": 12, "color": style.TOKENS["ink"]},
            hover=[f"{style.plain(told[code])}: {_signed(total[code], words)}" for code in wide.index],
        ),
    ]


def _table(
    wide: pd.DataFrame,
    total: pd.Series,
    ends: pd.DataFrame,
    told: dict[str, str],
    drivers: list[str],
    year: int,
    words: Words,
) -> tables.Table:
    rows = wide[drivers].assign(
        total=total, end_eur=ends.set_index("to_area")["end_eur"], area=pd.Series(told)
    )
    columns = {
        "area": tables.Column("Area"),
        "end_eur": tables.Column("Costs per youth", "euro"),
        "total": tables.Column("Difference with all together", "euro"),
        **{name: tables.Column(differences.DRIVERS[name], "euro") for name in drivers},
    }
    caption = words.gettext("Costs per youth in {year}, beside all areas together", year=year)
    return tables.build(rows, columns, caption, words.language)
