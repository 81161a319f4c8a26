"""The regional vision monitor as a table: indicators, their direction, and what is not known yet."""

from __future__ import annotations

from typing import Any

import pandas as pd

from analyse.present.exhibits.exhibit import Exhibit
from analyse.present.exhibits.tables import Column
from analyse.present.figures import measures
from analyse.present.text import formats
from analyse.present.text.language import N_, Words, translator

WANTED = {"lower": N_("lower"), "higher": N_("higher"), "no direction": N_("no direction")}
MOVEMENTS = {
    "towards": N_("in the wanted direction"),
    "away": N_("against the wanted direction"),
    "unclear": N_("no clear change"),
    "break": N_("not to be compared: these years are counted differently"),
}


def vision(monitor: pd.DataFrame, declared: Any, *, area: str, language: str = "nl") -> Exhibit:
    """All indicators of the regional vision for one area, including those without a figure.

    Parameters
    ----------
    monitor : DataFrame
        ``compare.vision.monitor``.
    declared : choices.Vision
        ``compare.choices.vision()``, for titles, cautions and what is not known yet.
    area : str
        Name of the area.
    """
    words = translator(language)
    ambitions = {one.id: one for one in declared.ambitions}
    indicators = {one.id: one for ambition in declared.ambitions for one in ambition.indicators}
    rows = pd.DataFrame(
        _row(row, ambitions[row.ambition], indicators[row.indicator], words) for row in monitor.itertuples()
    )
    shown = {
        "indicator": Column("Indicator"),
        "ambition": Column("Ambition"),
        "now": Column("Last figure"),
        "before": Column("Figure before"),
        "wanted": Column("Wanted direction", terms=WANTED),
        "movement": Column("Which way it went", terms=MOVEMENTS),
        "target": Column("Target of the council"),
        "remark": Column("Note"),
    }
    known = int((monitor["value"].notna() | monitor["low"].notna()).sum())
    title = words.gettext(
        "{area}: {n} of the {all} indicators of the vision have a figure",
        area=words.gettext(area),
        n=known,
        all=len(monitor),
    )
    caption = words.gettext("{area}: the regional vision in figures", area=words.gettext(area))
    return Exhibit.of_table(
        rows,
        shown,
        title,
        language,
        caption=caption,
        source=declared.source,
        note=words.gettext(
            "A direction is named only when the change is larger than its 80% margin, chance included; amounts without "
            "the rise of prices. One step between two years is no trend."
        ),
    )


def _row(row: Any, ambition: Any, indicator: Any, words: Words) -> dict[str, str]:
    language = words.language
    remark = indicator.why_not or indicator.caution
    return {
        "indicator": getattr(indicator.title, language),
        "ambition": getattr(ambition.title, language),
        "now": _last(row, words),
        "before": _figure(row.previous_value, row.previous_period, row.measure, words),
        "wanted": row.direction,
        "movement": row.movement if row.movement in MOVEMENTS else "–",
        "target": _figure(row.target_value, row.target_year, row.measure, words),
        "remark": getattr(remark, language) if remark else "–",
    }


def _last(row: Any, words: Words) -> str:
    """The last figure with its year, or its bounds where part of it is hidden."""
    bounded = formats.known(row.low) and formats.known(row.high) and row.measure in measures.MEASURES
    if formats.known(row.value) or not bounded:
        return _figure(row.value, row.period, row.measure, words, none=formats.unknown(words.language))
    low, high = (measures.written(end, row.measure, words) for end in (row.low, row.high))
    return f"{words.gettext('{low} to {high}', low=low, high=high)} ({int(row.period)})"


def _figure(value: float, period: float, measure: Any, words: Words, *, none: str = "–") -> str:
    """A figure with its year; ``none`` where there is no figure."""
    if value is None or value != value or measure not in measures.MEASURES:
        return none
    return f"{measures.written(value, measure, words)} ({int(period)})"
