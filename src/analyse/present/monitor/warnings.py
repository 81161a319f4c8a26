"""Early warning, shown: inflow, stock and prices beside what was expected at the start of the year."""

from __future__ import annotations

import pandas as pd

from analyse import small_cells
from analyse.monitor.early_warning import INFLOW, PRICE, STOCK, TOTAL, WIDER
from analyse.present.exhibits import tables
from analyse.present.exhibits.exhibit import Exhibit
from analyse.present.monitor import names
from analyse.present.monitor.page import Page
from analyse.present.text import formats
from analyse.present.text.language import N_, Words

SERIES = {
    INFLOW: N_("Started: all care forms"),
    WIDER: N_("Started: all care in the region"),
    STOCK: N_("Running at the end of the month"),
    PRICE: N_("Mean tariff of the same care"),
}
SAID = {True: N_("more"), False: N_("fewer")}
PRICE_SAID = {True: N_("higher"), False: N_("lower")}


def warnings(table: pd.DataFrame, page: Page) -> Exhibit:
    """Whether inflow, stock and prices differ from what was expected at the start of the year.

    Parameters
    ----------
    table : DataFrame
        ``monitor.early_warning.shown``.
    """
    words = page.words
    if table.empty:
        said = words.gettext(
            "To tell whether more or fewer come in than expected, the two whole years before are needed."
        )
        return page.text([said], words.gettext("Whether more come in than expected"))
    price = table["series"].eq(PRICE)
    counts = {name: small_cells.shown_count(table[name].mask(price)) for name in ("seen", "expected")}
    shown = table.assign(
        what=[named(one, words) for one in table.itertuples()],
        said=[_said(one, words) for one in table.itertuples()],
        change=table["change"] * 100,
        **{"q0.1": table["low"] * 100, "q0.9": table["high"] * 100},
        **counts,
        **{f"{name}_status": tables.NOT_APPLICABLE for name in counts},
        found_from=[
            formats.percent(one * 100, page.language, decimals=0) if one < 1 else "–"
            for one in table["found_from"]
        ],
    )
    columns = {
        "what": tables.Column("What is watched"),
        "seen": tables.Column("Seen so far this year", "persons"),
        "expected": tables.Column("Expected at the start of the year", "persons"),
        "change": tables.Column("Difference", "percent"),
        **tables.intervals("percent", 80),
        "said": tables.Column("Warning"),
        "found_from": tables.Column("A rise is found from"),
    }
    number = int(table["alarm"].sum())
    title = (
        words.ngettext(
            "{area}: {n} series is other than was expected at the start of the year",
            "{area}: {n} series are other than was expected at the start of the year",
            number,
        )
        if number
        else words.gettext("{area}: inflow, stock and tariffs are as was expected at the start of the year")
    )
    note = words.gettext(
        "Beside the years before, with their season; starts that are not known yet are counted in. Chance gives a "
        "warning at most once in five years, over all rows together. The last column: a rise of this size is found "
        "within three months in 4 of 5 cases; a smaller one in a small municipality no test can find, so there the row "
        "of the region says more."
    )
    return page.table(shown, columns, title, note=note)


def named(row: object, words: Words) -> str:
    """What a row of ``monitor.early_warning.shown`` watches."""
    if row.series == INFLOW and row.care_form != TOTAL:
        form = names.named([row.care_form], "care_form", words)[0]
        return words.gettext("Started: {form}", form=form)
    return words.gettext(SERIES[row.series])


def _said(row: object, words: Words) -> str:
    if not row.alarm:
        return "–"
    return words.gettext((PRICE_SAID if row.series == PRICE else SAID)[bool(row.change > 0)])
