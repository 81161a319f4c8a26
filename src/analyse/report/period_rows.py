"""Amounts of all care of an area in a period, read back from a written set: months, years, and the year so far.

A table by month, year or cut-off names its periods. A table by care form, provider, referrer or municipality has all
care of a period as the sum of its rows; steps from one year to the next begin and end with one. A sentence or card on
the first screen has one as well. Each becomes an equation for ``attack.told``; what is known of two cut-offs tells what
came in between them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import pandas as pd

from analyse.monitor.residence import OUTCOME
from analyse.present.monitor import names
from analyse.present.monitor.page import Page
from analyse.present.text.language import LANGUAGES, translator
from analyse.report import read_back
from analyse.report.read_back import Row
from analyse.report.written import Table, Text

PERIOD = "period"
MONTH, YEAR = "of a month", "of a year"
"""Measures: months of care as they are known now, and years, the year so far among them."""
BEFORE = "same months of the year before"
UNTIL, BETWEEN = "until", "after"
"""Of an earlier cut-off of the year: what was declared until then, and what came in after it."""
MONTHS, YEARS, CUT_OFFS = "Month of care", "Year of care", "Declared up to and including"
STEP, AMOUNT, DECLARED, AGREED = "Step", "Amount", "Declared", "Agreed"
SUMMED = {"This year": "now", "Year before": BEFORE, DECLARED: "now"}
"""Heading of an amount by category -> what its rows add up to."""
NO_SUM = ("Expected at year end", "Declared of what was agreed")
"""Headings of tables with some of the providers only."""
SENTENCES = (
    "{area}: of the care of {year} up to and including {month}, {declared} has been declared so far; "
    "declarations for the last months are still coming in.",
    "Of care up to and including {month}, {declared} has been declared, about {share} of what it will cost.",
)
CARD = "Declared so far"
OF_MONTH = (
    "Bars by month. Dark: declared. Hatched: still to come. Light: months to come. {month}: {declared} declared, "
    "about {cost} in the end."
)
AROUND = 12
"""Letters before and after the month and amount of a sentence by which it is known."""
_FIELDS = {"month": r"(?P<month>\w+ \d{4})", "declared": r"(?P<declared>[^€]?€[^€]{1,22}?)"}
_WORDS = [translator(language) for language in LANGUAGES]
_HEADS = (MONTHS, YEARS, CUT_OFFS, STEP, AMOUNT, DECLARED, AGREED, "Difference", *SUMMED, *NO_SUM)
_HEADINGS = {words.gettext(one): one for words in _WORDS for one in _HEADS}
_DECLARED = {words.gettext(DECLARED) for words in _WORDS}
_TOTAL = {words.gettext("Total") for words in _WORDS}
_CARDS = [words.gettext(CARD) for words in _WORDS]
_DIMENSIONS = {
    words.gettext(label): dimension for words in _WORDS for dimension, (label, _) in names.DIMENSIONS.items()
}


def until(month: str) -> str:
    """The category of what was declared of a year until an earlier cut-off, "2024-01"."""
    return f"{UNTIL} {month}"


def between(month: str) -> str:
    """The category of what came in after such a cut-off."""
    return f"{BETWEEN} {month}"


@dataclass(frozen=True)
class Calendar:
    """The periods of a store, and how pages write its months.

    Attributes
    ----------
    months : tuple of str
        Months of care up to the cut-off, the last one.
    settled : int
        The last whole year that pages compare with what was agreed.
    """

    months: tuple[str, ...]
    settled: int
    called: dict[str, str] = field(init=False, repr=False)
    """A month as pages write it -> "2024-01"."""

    def __post_init__(self) -> None:
        """Write every month in each language, in full and in short."""
        pages = [Page("", False, language) for language in LANGUAGES]
        called = {
            page.month(month, short=short): month
            for page in pages
            for month in self.months
            for short in (False, True)
        }
        object.__setattr__(self, "called", called)

    @property
    def year(self) -> str:
        """Year of the cut-off."""
        return self.months[-1][:4]

    def of(self, year: str) -> tuple[str, ...]:
        """The months of a year."""
        return tuple(one for one in self.months if one.startswith(year))


def read(written: Iterable[Table | Text], pages: Mapping[str, str], calendar: Calendar) -> Iterator[Row]:
    """Every amount of a period as an equation.

    Parameters
    ----------
    written : iterable of Table or Text
        From ``written.read``, in order: the amount of a card can be the text after its label.
    pages : mapping of str to str
        Name of a page -> code of its area.
    calendar : Calendar
        The periods there are.
    """
    label = ""
    for one in written:
        area = pages.get(one.page)
        if area is None:
            continue
        found = _of_table(one, calendar) if isinstance(one, Table) else _of_text(one.text, label, calendar)
        for period, low, high in found:
            yield from _rows(area, period, (low, high), calendar)
        label = one.text if isinstance(one, Text) else ""


def of_cut_offs(one: Table | Text) -> bool:
    """Whether a table or text of a page with published figures too is about declarations: it names a cut-off.

    Parameters
    ----------
    one : Table or Text
        From ``written.read``.
    """
    if isinstance(one, Table):
        return CUT_OFFS in [_HEADINGS.get(head) for head in read_back.plain_heads(one)]
    return any(pattern.search(one.text) for pattern, kind in _PATTERNS if kind == CUT_OFFS)


def counted(columns: pd.DataFrame) -> pd.DataFrame:
    """What was attacked of each column of the CSV files, amounts of a period included.

    Parameters
    ----------
    columns : DataFrame
        ``read_back.by_column``.
    """
    by, column = (columns[name].map(_HEADINGS) for name in ("by", "column"))
    own = by.isin([MONTHS, YEARS, CUT_OFFS]) & column.eq(DECLARED) | by.eq(STEP) & column.eq(AMOUNT)
    return columns.assign(read=columns["read"].mask(own, columns["written"]))


def _rows(area: str, period: str, ends: tuple[float, float], calendar: Calendar) -> Iterator[Row]:
    """The equations of an amount of a month, a year, the same months of the year before, or until a cut-off."""
    if period in calendar.months:
        yield Row(area, PERIOD, MONTH, (period,), *ends)
        return
    if period == until(calendar.months[-1]):
        period = calendar.year
    yield Row(area, PERIOD, YEAR, (period,), *ends)
    if months := calendar.of(period):
        yield Row(area, PERIOD, MONTH, months, *ends)
    if period == calendar.year:
        for month in months[:-1]:
            yield Row(area, PERIOD, YEAR, (until(month), between(month)), *ends)


def _of_table(table: Table, calendar: Calendar) -> Iterator[tuple[str, float, float]]:
    """The period and range of each amount of a table, or of the sum of its rows."""
    said = [_HEADINGS.get(one, "") for one in read_back.plain_heads(table)]
    values = {
        head: [read_back.value_of(row[number], table.heads[number], True) for row in table.rows]
        for number, head in enumerate(said)
        if head in (*SUMMED, AMOUNT)
    }
    firsts = {one: said.index(one) for one in (MONTHS, YEARS, CUT_OFFS, STEP) if one in said}
    if STEP in firsts and AMOUNT in values:
        yield from _steps([row[firsts[STEP]] for row in table.rows], values[AMOUNT], calendar)
    elif firsts and DECLARED in values:
        kind, place = next(iter(firsts.items()))
        periods = [_period(row[place], kind, calendar) for row in table.rows]
        shown = [(one, *ends) for one, ends in zip(periods, values[DECLARED], strict=True) if one and ends]
        yield from shown
        if kind == MONTHS:
            yield from _years(shown, calendar)
    elif not firsts and not any(one in said for one in NO_SUM):
        yield from _sums(table, said, values, calendar)


def _period(text: str, kind: str, calendar: Calendar) -> str:
    """The period that a row is about; "" for one that is not known."""
    if kind == YEARS:
        return text if calendar.of(text) else ""
    month = calendar.called.get(text, "")
    return until(month) if month and kind == CUT_OFFS else month


def _steps(
    names_of: Sequence[str], values: Sequence[tuple[float, float] | None], calendar: Calendar
) -> Iterator[tuple[str, float, float]]:
    """The years that steps begin and end with; those of what was agreed end with the last whole year."""
    years = [one for one in names_of if re.fullmatch(r"\d{4}", one)]
    for name, ends in zip(names_of, values, strict=True):
        if ends is None:
            continue
        if name in _DECLARED:
            yield str(calendar.settled), *ends
        elif name in years:
            so_far = years[-1] == calendar.year and name != calendar.year
            yield BEFORE if so_far else name, *ends


def _years(
    shown: Sequence[tuple[str, float, float]], calendar: Calendar
) -> Iterator[tuple[str, float, float]]:
    """Years of which every month is shown."""
    low, high = ({month: ends[side] for month, *ends in shown} for side in (0, 1))
    for year in sorted({month[:4] for month in low}):
        months = calendar.of(year)
        if set(months) <= set(low):
            yield year, sum(low[one] for one in months), sum(high[one] for one in months)


def _sums(
    table: Table,
    said: Sequence[str],
    values: Mapping[str, Sequence[tuple[float, float] | None]],
    calendar: Calendar,
) -> Iterator[tuple[str, float, float]]:
    """What the rows of a table by category add up to."""
    plain = read_back.plain_heads(table)
    place, dimension = next(
        ((n, _DIMENSIONS[one]) for n, one in enumerate(plain) if one in _DIMENSIONS), (0, "")
    )
    if not dimension or (AGREED in said and "Difference" not in said):
        return
    whole_year = AGREED in said or dimension == OUTCOME
    own = [row[place] not in _TOTAL for row in table.rows]
    for head, listed in values.items():
        found = [ends for ends, counts in zip(listed, own, strict=True) if counts]
        if head not in SUMMED or not found or None in found:
            continue
        period = calendar.year if SUMMED[head] == "now" else SUMMED[head]
        low, high = (sum(ends[side] for ends in found if ends) for side in (0, 1))
        yield str(calendar.settled) if whole_year else period, low, high


def _of_text(text: str, label: str, calendar: Calendar) -> Iterator[tuple[str, float, float]]:
    """The period and range of each amount in a sentence of the first screen, its card or the words of a chart."""
    for pattern, kind in _PATTERNS:
        for found in pattern.finditer(text):
            ends, month = _first_amount(found["declared"]), _period(found["month"], kind, calendar)
            if ends and month:
                yield month, *ends
    for card in _CARDS:
        after = text.partition(card)[2] if card in text else text if label.strip().endswith(card) else ""
        if ends := _first_amount(after[:30]):
            yield calendar.year, *ends


def _first_amount(text: str) -> tuple[float, float] | None:
    found = next(read_back.amounts_in(text), None)
    return (found[0] - found[1], found[0] + found[1]) if found else None


def _pattern(text: str) -> re.Pattern[str]:
    """The part of a sentence with its month and its amount, and a few letters around it."""
    parts = re.split(r"\{(\w+)\}", text)
    literals, fields = parts[::2], parts[1::2]
    first, last = sorted(fields.index(one) for one in _FIELDS)
    literals[first], literals[last + 1] = literals[first][-AROUND:], literals[last + 1][:AROUND]
    pieces = [re.escape(literals[first])]
    for place in range(first, last + 1):
        pieces += [_FIELDS.get(fields[place], ".{1,40}?"), re.escape(literals[place + 1])]
    return re.compile("".join(pieces))


_PATTERNS = [
    (_pattern(words.gettext(text)), kind)
    for words in _WORDS
    for text, kind in (*((one, CUT_OFFS) for one in SENTENCES), (OF_MONTH, MONTHS))
]
