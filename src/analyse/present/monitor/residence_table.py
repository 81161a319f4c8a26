"""Who should pay by the rule of residence, shown: how much belongs to another municipality, and what is not known."""

from __future__ import annotations

import pandas as pd

from analyse import small_cells
from analyse.monitor.residence import ELSEWHERE, OUTCOME
from analyse.present.exhibits import tables
from analyse.present.exhibits.exhibit import Exhibit
from analyse.present.monitor import names
from analyse.present.monitor.page import Page
from analyse.present.text import formats


def shown(judged: pd.DataFrame, page: Page) -> pd.DataFrame:
    """The outcomes that may stand by themselves, largest first, and the others in a last row.

    Parameters
    ----------
    judged : DataFrame
        ``Inputs.residence`` of one year: residence, lines, clients (untreated) and cost_eur.
    page : Page
        Which outcomes other pages of the set would give away.
    """
    values = ["lines", "clients", "cost_eur"]
    rows = judged.groupby(OUTCOME, as_index=False)[values].sum()
    closed = page.closed(rows[OUTCOME])
    other = page.words.gettext(names.DIMENSIONS[OUTCOME][1])
    return small_cells.merged(rows, OUTCOME, ["clients"], largest="cost_eur", other=other, also=closed)


def divided(shown: pd.DataFrame, to_whom: pd.DataFrame | None) -> pd.DataFrame:
    """The rows of ``shown``, with other municipalities one by one; those of fewer than ten youths stay together.

    Parameters
    ----------
    shown : DataFrame
        The rows to divide.
    to_whom : DataFrame, optional
        responsible_code, lines, clients (untreated) and cost_eur; without it nothing is divided.
    """
    rows = shown.assign(responsible_code="")
    elsewhere = rows[OUTCOME].eq(ELSEWHERE)
    if to_whom is None or to_whom.empty or not elsewhere.any():
        return rows
    parts = small_cells.merged(to_whom, "responsible_code", ["clients"], largest="cost_eur", other="")
    return pd.concat([rows[~elsewhere], parts.assign(**{OUTCOME: ELSEWHERE})], ignore_index=True)


def named(rows: pd.DataFrame, page: Page) -> pd.DataFrame:
    """The rows of ``shown`` in words, with lines and youths rounded to five."""
    counts = {name: small_cells.shown_count(rows[name]) for name in ("lines", "clients")}
    return rows.assign(**{OUTCOME: names.named(rows[OUTCOME], OUTCOME, page.words)}, **counts)


def residence(judged: pd.DataFrame, page: Page, *, year: int, postcodes: bool) -> Exhibit:
    """Lines of a year by who should pay them.

    Parameters
    ----------
    judged : DataFrame
        ``Inputs.residence`` of ``year``.
    year : int
        Year of care.
    postcodes : bool
        Whether there is a postcodes.csv.
    """
    words = page.words
    heading = words.gettext("Who should pay")
    if judged.empty:
        said = (
            words.gettext(
                "No allocation or request (JW301, JW315) has an address, so this page cannot say whether another "
                "municipality should pay."
            )
            if postcodes
            else words.gettext(
                "postcodes.csv is missing: without it this page cannot say whether another municipality should pay."
            )
        )
        return page.text([said], heading)
    if page.few(year):
        return page.of_few(words.gettext("who should pay the care of {year}", year=year))
    rows = shown(judged, page).set_index(OUTCOME)
    columns = {
        OUTCOME: tables.Column(names.DIMENSIONS[OUTCOME][0]),
        "lines": tables.Column("Lines", "persons"),
        "clients": tables.Column("Youths", "persons"),
        "cost_eur": tables.Column("Declared", "euro"),
    }
    table = named(rows.reset_index(), page)
    if ELSEWHERE in rows.index:
        title = words.gettext(
            "{area}: {amount} of {year} belongs to another municipality by the rule of residence",
            amount=formats.euro(rows.loc[ELSEWHERE, "cost_eur"], page.language),
            year=year,
        )
    else:
        title = words.gettext("{area}: who should pay the care of {year} by the rule of residence", year=year)
    note = words.gettext(
        "Rule of 2022: the municipality in which the youth is registered pays, and in case of a stay the one in which "
        "it was registered just before the stay. Not known: no address, none of before the stay, or a postcode that is "
        "not in the table. Ask the provider before you reclaim: an address in a message can be out of date."
    )
    return page.table(table, columns, title, note=note)
