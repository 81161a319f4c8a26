"""Declarations beside contracts, ledger and CBS, and what is missing, shown."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from analyse import small_cells
from analyse.present.exhibits import tables
from analyse.present.exhibits.exhibit import Exhibit
from analyse.present.monitor.page import Page
from analyse.present.text import formats
from analyse.present.text.language import N_

AMOUNTS = ("declared_eur", "completed_eur", "explained_percent")
PARTS = {
    "tariffs": N_("whether tariffs are those of the contract"),
    "budgets": N_("the budget, and so the chance of spending more"),
    "agreements": N_("the room of each provider and what was agreed"),
    "lump_sums": N_("care that is paid as a sum, without declarations"),
}


def missing(absent: Sequence[str], page: Page) -> Exhibit:
    """Which contract tables are not there, and what cannot be shown without them."""
    words = page.words
    found = [
        words.gettext(
            "{name}.csv is missing: without it {part} cannot be shown.",
            name=name,
            part=words.gettext(PARTS[name]),
        )
        for name in absent
    ]
    found = found or [words.gettext("No table of contracts or budgets is missing.")]
    return page.text(found, words.gettext("What was agreed and budgeted"))


def reconciled(table: pd.DataFrame, page: Page) -> Exhibit:
    """Declarations, contracts, ledger and CBS side by side (``monitor.reconciliation.by_year``; clients untreated)."""
    words = page.words
    table, few = _without_few(table, page)
    clients = small_cells.shown_count(table["clients"])
    small = few | (clients.isna() & table["clients"].notna())
    status = pd.Series(tables.NOT_APPLICABLE, index=table.index).mask(small, small_cells.HIDDEN)
    shown = table.assign(clients=clients, clients_status=status)
    for name in ("lump_sum_eur", "agreed_eur", "ledger_eur", "explained_percent", "cbs_clients"):
        shown[f"{name}_status"] = tables.NOT_APPLICABLE
    for name in AMOUNTS:
        shown[f"{name}_status"] = np.where(few, small_cells.HIDDEN, shown.get(f"{name}_status", "final"))
    columns = {
        "year": tables.Column("Year of care", "year"),
        "declared_eur": tables.Column("Declared", "euro"),
        "completed_eur": tables.Column("Completed", "euro"),
        "lump_sum_eur": tables.Column("Lump sums", "euro"),
        "agreed_eur": tables.Column("Agreed", "euro"),
        "ledger_eur": tables.Column("Ledger (Iv3)", "euro"),
        "explained_percent": tables.Column("Share of the ledger", "percent"),
        "clients": tables.Column("Youths with declarations", "persons"),
        "cbs_clients": tables.Column("Youths with care (CBS)", "about"),
    }
    if table.loc[~few, "completed_eur"].isna().all():
        del columns["completed_eur"], columns["explained_percent"]
    whole = table[table["explained_percent"].notna() & (table["year"] < table["year"].max())]
    title = words.gettext("{area}: declarations beside contracts, ledger and CBS")
    if len(whole):
        newest = whole.iloc[-1]
        title = words.gettext(
            "{area}: declarations and lump sums explain {share} of the ledger of {year}",
            year=int(newest["year"]),
            share=formats.percent(newest["explained_percent"], page.language, decimals=0),
        )
    note = words.gettext(
        "The ledger also holds personal budgets, lump sums and subsidies, so declarations explain a part. The last "
        "year holds the months up to the last declaration."
    )
    return page.table(shown, columns, title, note=note)


def _without_few(table: pd.DataFrame, page: Page) -> tuple[pd.DataFrame, pd.Series]:
    """The table without what fewer than ten youths cost in a year, and which rows these are."""
    few = pd.Series([page.few(int(one)) for one in table["year"]], index=table.index, dtype=bool)
    return table.assign(**{name: table[name].mask(few) for name in (*AMOUNTS, "clients")}), few
