"""What drives the change: population, price, and use with all else, from the last accounts to a later year."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analyse.present.exhibits import tables
from analyse.present.exhibits.exhibit import Exhibit
from analyse.present.figures import common
from analyse.present.figures import steps as steps_chart
from analyse.present.figures.steps import Step
from analyse.present.text import formats
from analyse.present.text.language import N_, Words, translator

DRIVERS = {
    "population": (N_("number of youths"), N_("the number of youths")),
    "price": (N_("wages and prices"), N_("wages and prices")),
    "use_and_rest": (N_("use of care and all else"), N_("more, heavier or longer care")),
}
"""What a step is called, and what it is called where it is the largest."""
SURE = 2 / 3
"""A driver is named as the largest when it is in this part of the futures."""


def waterfall(drivers: pd.DataFrame, *, area: str, language: str = "nl") -> Exhibit:
    """A step chart of costs from the start to the end year, each step with its 80 % interval.

    Parameters
    ----------
    drivers : DataFrame
        Rows of one area from ``forecast.drivers``: driver, effect_eur, q0.1, q0.9, start_eur, end_eur, end_q0.1,
        end_q0.9 (EUR), largest_share (0 to 1), with the years as from_period and to_period. The effects and
        start_eur add up to end_eur.
    area : str
        Name of the area.
    """
    words = translator(language)
    area = words.gettext(area)
    rows = drivers.set_index("driver").reindex(list(DRIVERS)).reset_index()
    years = {"start": int(rows["from_period"].iloc[0]), "end": int(rows["to_period"].iloc[0])}
    steps = _steps(rows, years, words)
    note = words.gettext(
        "Thin lines: 4 in 5 chance that the effect lies between the ends. The steps add up to the middle outcome. Use "
        "and all else are one step, because the figures do not tell them apart."
    )
    return Exhibit(
        kind="figure",
        title=_title(rows, years, area, words),
        alt=_alternative(steps, years, words),
        source=words.gettext(common.SOURCE_COSTS),
        note=note,
        drawing={"data": steps_chart.traces(steps), "layout": steps_chart.layout(steps, words)},
        table=_table(rows, years, area, words),
        language=language,
    )


def _title(rows: pd.DataFrame, years: dict[str, int], area: str, words: Words) -> str:
    """The largest driver where the futures agree on it, and else only the change."""
    first = rows.loc[rows["largest_share"].idxmax()]
    if first["largest_share"] >= SURE:
        cause = words.gettext(DRIVERS[first.driver][1])
        return words.gettext(
            "{area}: from {start} to {end} costs change most through {driver}",
            area=area,
            driver=cause,
            **years,
        )
    change = float(first["end_eur"] - first["start_eur"])
    values = {"area": area, "amount": formats.euro(abs(change), words.language, digits=2), **years}
    if change > 0:
        return words.gettext(
            "{area}: from {start} to {end} costs rise by about {amount}, through no single cause", **values
        )
    return words.gettext(
        "{area}: from {start} to {end} costs fall by about {amount}, through no single cause", **values
    )


def _steps(rows: pd.DataFrame, years: dict[str, int], words: Words) -> list[Step]:
    level = start = float(rows["start_eur"].iloc[0])
    end = float(rows["end_eur"].iloc[0])
    first = formats.euro(start, words.language)
    about = words.gettext("about {value}", value=formats.euro(end, words.language, digits=2))
    steps = [
        Step(
            str(years["start"]),
            0.0,
            start,
            start,
            start,
            first,
            _millions(start, words, digits=3),
            total=True,
        )
    ]
    for row in rows.to_dict("records"):
        driver, effect = row["driver"], float(row["effect_eur"])
        sign = "+" if effect > 0 else ""
        text = sign + formats.euro(effect, words.language, digits=2)
        short = sign + _millions(effect, words)
        low, high = level + row["q0.1"], level + row["q0.9"]
        label = words.gettext(DRIVERS[driver][0])
        steps.append(Step(label, level, level + effect, low, high, text, short))
        level += effect
    ends = (end, float(rows["end_q0.1"].iloc[0]), float(rows["end_q0.9"].iloc[0]))
    return [*steps, Step(str(years["end"]), 0.0, *ends, about, _millions(end, words), total=True)]


def _millions(amount: float, words: Words, *, digits: int = 2) -> str:
    """An amount in millions without unit, for narrow screens: as precise as on wide ones."""
    rounded = float(f"{abs(amount) / common.MILLION:.{digits}g}")
    text = formats.number(rounded, words.language, decimals=int(rounded < 10 ** (digits - 1)))
    return f"\u2212{text}" if amount < 0 and text.strip("0,.") else text


def _alternative(steps: list[Step], years: dict[str, int], words: Words) -> str:
    parts = "; ".join(f"{step.label} {step.text}" for step in steps[1:-1])
    first, last = steps[0].text, steps[-1].text
    return words.gettext(
        "Step chart from {first} in {start} to {last} in {end}: {parts}.",
        parts=parts,
        first=first,
        last=last,
        **years,
    )


def _table(rows: pd.DataFrame, years: dict[str, int], area: str, words: Words) -> tables.Table:
    only, effects = rows.iloc[0], rows[["driver", "effect_eur", "q0.1", "q0.9"]].itertuples()
    listed = [
        (str(years["start"]), only["start_eur"], np.nan, np.nan, tables.KNOWN),
        *((row.driver, row.effect_eur, row[3], row[4], tables.EXPECTED) for row in effects),
        (str(years["end"]), only["end_eur"], only["end_q0.1"], only["end_q0.9"], tables.EXPECTED),
    ]
    columns = {
        "step": tables.Column("Step", terms={name: called for name, (called, _) in DRIVERS.items()}),
        "effect_eur": tables.Column("Amount", "euro"),
        **tables.intervals("euro", 80, blank=True),
    }
    frame = pd.DataFrame(listed, columns=[*columns, "effect_eur_digits"])
    caption = words.gettext("{area}: what drives the change in costs, {start} to {end}", area=area, **years)
    return tables.build(frame, columns, caption, words.language)
