"""Tables of a written set read back as rows of an equation: what a page shows of a category, and how it was rounded."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from analyse import small_cells
from analyse.present.monitor import mirror_page, names
from analyse.present.text.language import LANGUAGES, translator
from analyse.report.downloads import UNITS
from analyse.report.written import Table

DIGITS = 3
"""Significant digits of an amount in a page."""
AMOUNTS = {
    "Year before": "before",
    "This year": "now",
    "Declared": "now",
    "Euros concerned": "rule",
}
"""Heading of an amount -> measure; in a table of agreements of a whole year the measure is "settled"."""
COUNTS = {
    "Started": "inflow",
    "Stopped": "outflow",
    "In care at the end": "stock",
    "Allocations": "allocated",
    "Youths": "youths",
}
"""Heading of a count of trajectories or youths -> measure."""
TRAJECTORIES = "Trajectories"
ENDED, LASTED, LEFT, WEEKLY = "ended", "lasted", "left", "weekly"
COUNTED = {ENDED: "Ended within two years", LEFT: "Youths who left"}
"""Measure -> heading of its count, where that is not ``TRAJECTORIES``."""
KINDS = {
    COUNTED[ENDED]: ENDED,
    COUNTED[LEFT]: LEFT,
    "Mean of the first two years (months)": LASTED,
    "Half lasts longer than (months)": LASTED,
    "A week of care": WEEKLY,
}
"""Heading that says of what a table counts trajectories -> measure; the first that a table has."""
BY = ("Care form", "Care form that stopped last", "Product", "Provider (AGB code)", "Unit")
"""Headings by which such a table counts, in the order of a category (``together``)."""
ANY = ("all", "All providers", "–")
"""What stands in such a column where it divides nothing."""
TOGETHER = "together"
PARTS_OF = {
    "Waits longer than the norm": "Allocations",
    "Comes back within a year": "Youths who left",
    "Lasts longer than agreed": TRAJECTORIES,
}
"""Heading of a percentage -> that of the count it is of, in the same table."""
SETTLED = {"Agreed", "Difference"}
"""Headings in a table of a whole earlier year."""
RULE, RULE_OF = "Rule", "rule"
MIRROR = "mirror"
KEY = ["area", "dimension", "measure"]
_WORDS = [translator(language) for language in LANGUAGES]
_DIMENSIONS = {label: dimension for dimension, (label, _) in names.DIMENSIONS.items()}
_HEADINGS = {
    words.gettext(text): text
    for words in _WORDS
    for text in (*_DIMENSIONS, *AMOUNTS, *COUNTS, *SETTLED, RULE, *KINDS, *BY, *PARTS_OF, *PARTS_OF.values())
}
_ANY = {words.gettext(text) for words in _WORDS for text in ANY}
_REST = {words.gettext(rest) for words in _WORDS for _, rest in names.DIMENSIONS.values()}
_TOTAL = {words.gettext("Total") for words in _WORDS}
_MIRROR = {
    f"{words.gettext(label)}, {words.gettext(who)}": (measure, who == "you")
    for words in _WORDS
    for measure, label in mirror_page.VOLUMES.items()
    for who in ("you", "all providers")
}
_UNITS = tuple(f" ({words.gettext(UNITS[kind])})" for words in _WORDS for kind in ("euro", "persons"))
_ORIGIN = {words.gettext("Origin") for words in _WORDS}
_NUMBER = re.compile(r"-?\d+(\.\d+)?")
_MARKED = (*_UNITS, f" ({UNITS['percent']})")
_EUROS = re.compile(
    r"(?P<sign>[-−–]?)\s?€\s?(?P<inner>[-−–]?)(?P<digits>\d[\d.,]*)(?:\s(?P<scale>miljoen|million|miljard|billion))?"
)
_SCALES = {"": 1.0, "miljoen": 1e6, "million": 1e6, "miljard": 1e9, "billion": 1e9}


@dataclass(frozen=True)
class Row:
    """One row of a written table.

    Attributes
    ----------
    area, dimension, measure : str
        Page, column of the categories, and what is shown.
    categories : tuple of str
        What it covers: one category, or all that the table does not name.
    low, high : float
        The range that the amount (EUR) or count lies in, given how it was rounded.
    column : str
        Heading of the column that it stands in.
    """

    area: str
    dimension: str
    measure: str
    categories: tuple[str, ...]
    low: float
    high: float
    column: str = ""


def dimension_of(table: Table) -> tuple[int | None, str]:
    """The column of a table that names categories, and what these are of; None and nothing without such a column."""
    said = [_HEADINGS.get(one, "") for one in plain_heads(table)]
    place = next((number for number, one in enumerate(said) if one in _DIMENSIONS), None)
    return place, "" if place is None else _DIMENSIONS[said[place]]


def few_parts(tables: Iterable[Table], pages: Mapping[str, str]) -> pd.DataFrame:
    """Percentages of a count in the same row that tell of fewer than ten: so many of these, or all but so many.

    Parameters
    ----------
    tables, pages
        As for ``read``.

    Returns
    -------
    DataFrame
        area, dimension (what the percentage says), category (the first cells of the row), measure and file.
    """
    rows = []
    for table in tables:
        said = [_HEADINGS.get(one, "") for one in plain_heads(table)]
        for part, whole in PARTS_OF.items():
            if table.page not in pages or not {part, whole} <= set(said):
                continue
            share, count = said.index(part), said.index(whole)
            for row in table.rows:
                found = value_of(row[count], table.heads[count], False)
                percent = re.fullmatch(r"(\d+(?:[.,]\d+)?)( ?%)?", row[share])
                if found and percent:
                    in_percent = percent[2] or not table.file.endswith(".xlsx")  # a workbook has fractions
                    fraction = float(percent[1].replace(",", ".")) / (100 if in_percent else 1)
                    ends = [round(found[1] * one) for one in (fraction, 1 - fraction)]
                    if small_cells.small(np.array(ends)).any():
                        first = next(one for one in row if one)
                        rows.append((pages[table.page], part, whole, first, table.file))
    return pd.DataFrame(rows, columns=[*KEY, "category", "file"]).drop_duplicates(ignore_index=True)


def together(*parts: str) -> str:
    """The category of a count by several columns, in the order of ``BY``; what divides nothing is left out.

    Examples
    --------
    >>> together("ggz", "", "De Horizon")
    'ggz · De Horizon'
    """
    return " · ".join(one for one in parts if one and one not in _ANY)


def amounts_in(text: str) -> Iterator[tuple[float, float]]:
    """The amounts in a text, with how far each may have been rounded, in EUR.

    Examples
    --------
    >>> list(amounts_in("van € 41,2 miljoen naar € 2.350"))
    [(41200000.0, 50000.0), (2350.0, 5.0)]
    """
    for found in _EUROS.finditer(text):
        digits = found["digits"].rstrip(".,")
        whole, _, decimals = digits.replace(".", ",").rpartition(",")
        if not whole or (not found["scale"] and len(decimals) == 3):  # a mark between thousands
            whole, decimals = whole + decimals, ""
        plain = whole.replace(",", "")
        scale = _SCALES[found["scale"] or ""]
        value = float(f"{plain}.{decimals or 0}") * scale
        rounded = 10.0 ** max(len(plain) - DIGITS, 0) if not decimals else 10.0 ** -len(decimals)
        sign = -1 if found["sign"] or found["inner"] else 1
        yield sign * value, rounded * scale / 2


def read(tables: Iterable[Table], truth: pd.DataFrame, pages: Mapping[str, str]) -> Iterator[Row]:
    """Every row with an amount or count by care form, provider, referrer, rule or who should pay.

    Parameters
    ----------
    tables : iterable of Table
        From ``written.read``.
    truth : DataFrame
        As for ``told``.
    pages : mapping of str to str
        Name of a page -> code of its area.
    """
    known = shown_as(truth)
    for table in tables:
        if pages.get(table.page) is not None:
            yield from _rows(table, pages[table.page], known)


def by_column(
    tables: Iterable[Table], truths: Iterable[pd.DataFrame], pages: Mapping[str, str]
) -> pd.DataFrame:
    """How many amounts and counts of the CSV files stand in each column, and how many of them became a row.

    Every table of a set is a CSV file too, whose headings say what is an amount (EUR) or a count of persons.

    Parameters
    ----------
    tables, pages
        As for ``read``.
    truths : iterable of DataFrame
        As ``read`` takes them, of amounts and of counts.

    Returns
    -------
    DataFrame
        by (heading of the first column), column, tables, written and read: a row per heading.
    """
    known = shown_as(pd.concat(truths, ignore_index=True))
    rows = []
    for table in tables:
        if table.page not in pages or not table.file.endswith(".csv"):
            continue
        read_of = Counter(one.column for one in _rows(table, pages[table.page], known))
        heads = plain_heads(table)
        first = next((one for one in heads if one not in _ORIGIN), "")
        for number, plain in enumerate(heads):
            if table.heads[number].endswith(_UNITS):
                values = sum(_NUMBER.fullmatch(row[number]) is not None for row in table.rows)
                rows.append((first, plain, 1, values, min(read_of[plain], values)))
    found = pd.DataFrame(rows, columns=["by", "column", "tables", "written", "read"])
    return found.groupby(["by", "column"], as_index=False).sum()


def shown_as(truth: pd.DataFrame) -> dict[tuple[str, str, str], dict[str, str]]:
    """What is shown of each measure of each area -> its category."""
    return {
        key: dict(zip(part["category_shown"], part["category"], strict=True))
        for key, part in truth.groupby(KEY)
    }


def _rows(table: Table, area: str, known: Mapping[tuple[str, str, str], Mapping[str, str]]) -> Iterator[Row]:
    """The rows of one table: those of a category, the last one with all that it does not name, and the total."""
    plain, (place, dimension) = plain_heads(table), dimension_of(table)
    said = [_HEADINGS.get(one, "") for one in plain]
    rule = said.index(RULE) if RULE in said else None
    if dimension == "care_form" and any(one in _MIRROR for one in plain):
        yield from _mirrored(table, plain, area, known)
        return
    kind = next((measure for head, measure in KINDS.items() if head in said), None)
    if kind is not None and COUNTED.get(kind, TRAJECTORIES) in said:
        yield from _by_several(table, said, known.get((area, TOGETHER, kind), {}), (area, TOGETHER, kind))
        return
    for number, head in enumerate(said):
        measure = {**AMOUNTS, **COUNTS}.get(head)
        if measure is None or (measure == "rule") == (rule is None):
            continue
        if place is None and rule is None:  # a table by month or year says nothing of a category
            continue
        if measure != "rule" and set(said) >= SETTLED:
            measure = "settled"
        asked = table.heads[number], head in AMOUNTS
        values = [(row, *found) for row in table.rows if (found := value_of(row[number], *asked))]
        for rule_text in {row[rule] for row in table.rows} if rule is not None else {""}:
            own = f"{RULE_OF} {rule_text}" if rule is not None else measure
            shown = known.get((area, dimension or "provider", own), {})
            mine = [one for one in values if rule is None or one[0][rule] == rule_text]
            found_rows = _equations(mine, place, shown, (area, dimension or "provider", own))
            yield from (replace(one, column=plain[number]) for one in found_rows)


def _equations(
    values: Sequence[tuple[Sequence[str], float, float]],
    place: int | None,
    shown: Mapping[str, str],
    key: tuple[str, str, str],
) -> Iterator[Row]:
    """The rows of one measure; ``place`` is the column of categories, without which each row is the total."""
    named = {shown[row[place]] for row, *_ in values if row[place] in shown} if place is not None else set()
    everything = tuple(sorted(set(shown.values())))
    rest = tuple(one for one in everything if one not in named)
    for row, low, high in values:
        name = "" if place is None else row[place]
        if place is None or name in _TOTAL:
            yield Row(*key, everything, low, high)
        elif name in shown:
            yield Row(*key, (shown[name],), low, high)
        elif name in _REST:
            yield Row(*key, rest, low, high)


def _mirrored(
    table: Table,
    heads: Sequence[str],
    area: str,
    known: Mapping[tuple[str, str, str], Mapping[str, str]],
) -> Iterator[Row]:
    """The rows of the page of one provider: its own count of each form, and that of all."""
    provider = table.page.rpartition("-")[2]
    for number, head in enumerate(heads):
        if head not in _MIRROR:
            continue
        measure, own = _MIRROR[head]
        for row in table.rows:
            key = (area, "provider", f"{MIRROR} {measure} {row[0]}")
            there, value = known.get(key, {}), value_of(row[number], table.heads[number], False)
            if value and there:
                whose = (provider,) if own else tuple(sorted(there.values()))
                yield Row(*key, whose, *value, column=head)


def _by_several(
    table: Table, said: Sequence[str], shown: Mapping[str, str], key: tuple[str, str, str]
) -> Iterator[Row]:
    """The rows of a table that counts trajectories by more than one column; nothing adds up in it."""
    columns = [said.index(one) for one in BY if one in said]
    number = said.index(COUNTED.get(key[-1], TRAJECTORIES))
    column = plain_heads(table)[number]
    for row in table.rows:
        name = together(*(row[one] for one in columns))
        value = value_of(row[number], table.heads[number], False)
        if value and name in shown:
            yield Row(*key, (shown[name],), *value, column=column)


def plain_heads(table: Table) -> list[str]:
    """The headings of a table without their unit."""
    return [re.sub(r" \([^()]*\)$", "", one) if one.endswith(_MARKED) else one for one in table.heads]


def value_of(text: str, head: str, amount: bool, /) -> tuple[float, float] | None:
    """The range that a cell lies in; None where it is no amount or count.

    Parameters
    ----------
    text, head : str
        The cell as it is written, and the heading above it.
    amount : bool
        Whether it is an amount, not a count.
    """
    if amount:
        if found := next(amounts_in(text), None):
            value, slack = found
        elif head.endswith(_UNITS) and _NUMBER.fullmatch(text):
            value, slack = float(text), 0.5
        else:
            return None
        return value - slack, value + slack
    digits = re.sub(r"[.,\s]", "", text)
    if not re.fullmatch(r"\d+", digits):
        return None
    value = float(digits)
    return max(value - small_cells.STEP // 2, 0.0), value + small_cells.STEP // 2
