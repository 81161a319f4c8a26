"""What care came to, shown: the last two years of each outcome side by side."""

from __future__ import annotations

import pandas as pd

from analyse.monitor.outcomes import TOTAL, UNITS
from analyse.present.exhibits import tables
from analyse.present.exhibits.exhibit import Exhibit
from analyse.present.monitor.page import Page
from analyse.present.text import formats
from analyse.present.text.language import N_, Words

INDICATORS = {
    "duration_months": N_("Care lasts (mean of the first two years)"),
    "ended_as_planned": N_("Care ends according to plan"),
    "changed_provider": N_("Continues with another provider"),
    "returned_within_year": N_("Comes back within a year after all care stopped"),
    "waiting_beyond_norm": N_("Waits longer than the norm"),
    "waiting_weeks": N_("Half waits longer than"),
}


def outcomes(table: pd.DataFrame, page: Page, *, year: int) -> Exhibit:
    """The outcomes of a year beside those of the year before, of all care forms together.

    Parameters
    ----------
    table : DataFrame
        ``monitor.outcomes.table``: care_form, indicator, year, value, low, high and n.
    year : int
        The year to show.
    """
    words = page.words
    whole = table[table["care_form"].eq(TOTAL)].set_index(["indicator", "year"])
    known = [name for name in UNITS if (name, year) in whole.index]
    if not known:
        return page.without_messages(words.gettext("What care came to"))
    rows = []
    for name in known:
        now = whole.loc[(name, year)]
        before = whole.loc[(name, year - 1)] if (name, year - 1) in whole.index else None
        rows.append(
            {
                "indicator": words.gettext(INDICATORS[name]),
                "before": "–" if before is None else _said(before, words),
                "now": _said(now, words),
                "between": _between(now, words),
                "n": now["n"],
                "n_status": tables.NOT_APPLICABLE,
            }
        )
    columns = {
        "indicator": tables.Column("Outcome"),
        "before": tables.Column("In {year}").of(year=year - 1),
        "now": tables.Column("In {year}").of(year=year),
        "between": tables.Column("95% interval"),
        "n": tables.Column("Number counted", "persons"),
    }
    note = words.gettext(
        "Duration at the rate of stops of the year. Only ends that say how care went: no death, pause, change"
        " of the allocation or other law. Another provider: within two months. Rows with fewer than ten are "
        "left empty."
    )
    planned = whole["value"].get(("ended_as_planned", year), float("nan"))
    title = (
        words.gettext(
            "{area}: of care that ended in {year}, {share} ended according to plan",
            year=year,
            share=formats.percent(planned * 100, page.language, decimals=0),
        )
        if formats.known(planned)
        else words.gettext("{area}: what care came to in {year}", year=year)
    )
    return page.table(pd.DataFrame(rows), columns, title, note=note)


def _said(row: pd.Series, words: Words) -> str:
    return _amount(row["value"], row["unit"], words) if formats.known(row["value"]) else "–"


def _between(row: pd.Series, words: Words) -> str:
    if not (formats.known(row["low"]) and formats.known(row["high"])):
        return "–"
    return " – ".join(_amount(row[name], row["unit"], words) for name in ("low", "high"))


def _amount(value: float, unit: str, words: Words) -> str:
    if unit == "fraction":
        return formats.percent(value * 100, words.language, decimals=0)
    number = formats.number(value, words.language, decimals=1)
    said = N_("{n} months") if unit == "months" else N_("{n} weeks")
    return words.gettext(said, n=number)
