"""The worst case of a written set: as if every figure beside a category told what was declared of it, to the euro.

Forecasts, what is agreed, room and effects of tariffs are no sums of what was declared, so they are no equations of
the attack. A reader could still work back from them: of a form that is nearly complete the forecast is what was
declared. Here each row that has an amount beside a category is taken to tell its amount of this year, of the year
before and of the last whole year. What is hidden must hold even so.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import pandas as pd

from analyse.present.text.language import LANGUAGES, translator
from analyse.report import read_back
from analyse.report.downloads import UNITS
from analyse.report.read_back import Row
from analyse.report.written import Table

MEASURES = ("now", "before", "settled")
PERCENTAGE = f" ({UNITS['percent']})"
_WORDS = [translator(language) for language in LANGUAGES]
_EUROS = tuple(f" ({words.gettext(UNITS['euro'])})" for words in _WORDS)
_DECLARED = tuple(f"{words.gettext('Declared')}{PERCENTAGE}" for words in _WORDS)
_RULE = {words.gettext(read_back.RULE) for words in _WORDS}
_MUNICIPALITY = {words.gettext("Municipality") for words in _WORDS}
_FORM = {words.gettext("Care form") for words in _WORDS}
_ALL = {words.gettext("all") for words in _WORDS}


def rows(
    tables: Iterable[Table], truth: pd.DataFrame, pages: Mapping[str, str], called: Mapping[str, str]
) -> Iterator[Row]:
    """The rows that ``attack.told`` gets in addition to those that were read.

    Parameters
    ----------
    tables, truth, pages
        As for ``read_back.read``. Only CSV files are used, in which every table of a set is.
    called : mapping of str to str
        Name of an area -> its code, for tables with rows of several municipalities.
    """
    known = read_back.shown_as(truth)
    value = truth.set_index([*read_back.KEY, "category"])["value"]
    for table in tables:
        place, dimension = read_back.dimension_of(table)
        if table.page not in pages or not table.file.endswith(".csv") or place is None:
            continue
        for area, name in _named(table, place, pages[table.page], called):
            for measure in MEASURES:
                category = known.get((area, dimension, measure), {}).get(name)
                if category is not None:
                    amount = value[(area, dimension, measure, category)]
                    yield Row(area, dimension, measure, (category,), amount, amount)


def _named(table: Table, place: int, area: str, called: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """The area and category of each row with an amount in it; one of a rule, or of one form only, is another amount."""
    amounts = [n for n, head in enumerate(table.heads) if head.endswith(_EUROS) or head in _DECLARED]
    columns = {
        what: next((n for n, head in enumerate(table.heads) if head in names and n != place), None)
        for what, names in (("rule", _RULE), ("municipality", _MUNICIPALITY), ("form", _FORM))
    }
    if columns["rule"] is not None:
        return
    for row in table.rows:
        form = columns["form"]
        if any(row[one] for one in amounts) and (form is None or row[form] in _ALL):
            there = columns["municipality"]
            yield area if there is None else called.get(row[there], area), row[place]
