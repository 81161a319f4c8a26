"""What was forecast for an area, beside its own budget and what the accounts say."""

from __future__ import annotations

import pandas as pd

from analyse.present.exhibits.exhibit import Exhibit
from analyse.present.exhibits.tables import EXPECTED, Column, intervals
from analyse.present.text import sentences
from analyse.present.text.language import N_, Words, translator

INSIDE = {True: N_("yes"), False: N_("no")}
COLUMNS = {
    "period": Column("Year", "year"),
    "made": Column("Forecast of"),
    "q0.5": Column("Forecast", "euro", digits=EXPECTED),
    **intervals("euro", 80),
    "budget_eur": Column("Own budget", "euro"),
    "actual_eur": Column("Spent", "euro", blank=True),
    "inside": Column("Inside 80%", terms=INSIDE),
}


def foretold(tested: pd.DataFrame, published: pd.DataFrame, *, area: str, language: str = "nl") -> Exhibit:
    """Every forecast of an area beside its own budget and the accounts, by year.

    Parameters
    ----------
    tested : DataFrame
        ``backtest.run`` of one area, with the methods ``forecast`` and ``budget``: made again afterwards, as if in the
        summer in which the accounts of ``origin`` came.
    published : DataFrame
        ``shared.registered.published``: forecasts that were registered, with the day; may have no rows.
    area : str
        Name of the area.
    """
    words = translator(language)
    again, kept = _replayed(tested, words), _published(published)
    shown = pd.concat([again, kept]) if len(kept) else again
    came = shown["actual_eur"].notna()
    held = shown["actual_eur"].between(shown["q0.1"], shown["q0.9"])
    shown = shown.assign(inside=held.where(came).map(INSIDE).fillna("")).sort_values(["period", "order"])
    title = words.ngettext(
        "{area}: of {n} forecast the accounts were inside the 80% interval {inside} times",
        "{area}: of {n} forecasts the accounts were inside the 80% interval {inside} times",
        int(came.sum()),
        n=int(came.sum()),
        area=words.gettext(area),
        inside=int(held.sum()),
    )
    notes = [
        words.gettext(
            "A summer forecast was made again afterwards, from only what was known then: the accounts of the year"
            " before, and the budget of the year itself. The municipality's own budget is from the November "
            "before its year."
        )
    ]
    if len(kept):
        notes.append(
            words.gettext("A forecast with a date was registered on that day and has not been changed since.")
        )
    else:
        notes.append(words.gettext("No forecast has been registered in advance yet."))
    return Exhibit.of_table(shown, COLUMNS, title, language, note=sentences.paragraph(*notes))


def _replayed(tested: pd.DataFrame, words: Words) -> pd.DataFrame:
    own = tested.loc[tested["method"] == "forecast"]
    budget = tested.loc[tested["method"] == "budget"].drop_duplicates("period").set_index("period")["q0.5"]
    summer = [words.gettext("summer {year}", year=int(origin) + 1) for origin in own["origin"]]
    return own.assign(made=summer, budget_eur=own["period"].map(budget), order=-own["horizon"])[
        ["period", "made", "q0.5", "q0.1", "q0.9", "budget_eur", "actual_eur", "order"]
    ]


def _published(table: pd.DataFrame) -> pd.DataFrame:
    return table.rename(columns={"origin_date": "made"}).assign(order=range(1, len(table) + 1))
