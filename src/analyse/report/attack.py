"""The attack on a whole set as it was written: what a reader of every file can tell of few youths.

All tables of all pages on declarations of a region are read back, from whatever kind of file (``written``). Each row is
an equation: a category that is named, the last row, in which the others are added up, or the total; and the
municipalities add up to their region. For each secret a linear programme finds the lowest and highest value that all of
these allow. The reader is assumed to know which categories there are. What is in no table, a sentence, a label or a
point of a chart, is read as well: an amount beside the name of a hidden category (``named_beside``).

Hundepool and others, "Handbook on statistical disclosure control", ESSnet 2010, chapter 4 (p-rule, audit by linear
programme); tau-ARGUS audits in the same way.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from scipy.sparse import csr_matrix, vstack

from analyse import small_cells
from analyse.present.monitor import mirror_page, names
from analyse.present.text.language import LANGUAGES, translator
from analyse.report.downloads import UNITS
from analyse.report.written import Table, Text

UNBOUNDED = 3
"""What ``linprog`` says where nothing limits a value."""
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
}
"""Heading of a count of trajectories -> measure."""
TRAJECTORIES = "Trajectories"
LASTED, WEEKLY = "lasted", "weekly"
KINDS = {
    "Mean of the first two years (months)": LASTED,
    "Half lasts longer than (months)": LASTED,
    "A week of care": WEEKLY,
}
"""Heading that says of what a table counts trajectories -> measure; the first that a table has."""
BY = ("Care form", "Product", "Provider (AGB code)", "Unit")
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
    """

    area: str
    dimension: str
    measure: str
    categories: tuple[str, ...]
    low: float
    high: float


def told(rows: Iterable[Row], truth: pd.DataFrame, *, region: str) -> pd.DataFrame:
    """What can be told of each amount or count of few youths in a written set.

    Parameters
    ----------
    rows : iterable of Row
        From ``read``.
    truth : DataFrame
        area (code; ``region`` too), dimension, measure, category, category_shown (as it is written), youths and value
        (EUR or a count): every category that exists, see ``secrets``.
    region : str
        Code of the area that the others add up to.

    Returns
    -------
    DataFrame
        The rows of ``truth`` with fewer than ten youths, with low and high (NaN where tables contradict each other).
    """
    table = pd.DataFrame([vars(one) for one in rows], columns=[*KEY, "categories", "low", "high"])
    keys = ["dimension", "measure", "tied"]
    first = table["categories"].str[0].astype(object)
    read_of = dict(iter(table.assign(tied=first.where(table["dimension"].eq(TOGETHER), "")).groupby(keys)))
    tied = truth.assign(
        tied=truth["category"].where(truth["dimension"].eq(TOGETHER), "")
    )  # nothing adds up there
    found = [
        _told(part.drop(columns="tied"), read_of.get(key, table.head(0)), region)
        for key, part in tied.groupby(keys)
    ]
    return pd.concat(found, ignore_index=True)


def within_p(found: pd.DataFrame) -> pd.DataFrame:
    """The amounts that can be told to within the p-rule's fifth, on one side or the other.

    Where the tables of a set contradict each other, nothing is known of an amount; it counts as told.
    """
    step, amount, slack = small_cells.P_RULE * found["value"], found["value"], 1.0
    safe = (found["low"] <= amount - step + slack) & (found["high"] >= amount + step - slack)
    return found[~safe]


def below_ten(found: pd.DataFrame) -> pd.DataFrame:
    """The counts of which a reader can tell that they are below ten; also where tables contradict each other."""
    return found[~(found["high"] >= small_cells.SMALLEST)]


def named_beside(texts: Iterable[Text], truth: pd.DataFrame, pages: Mapping[str, str]) -> pd.DataFrame:
    """Hidden amounts that stand beside the name of their category, to within a fifth, in any text of the set.

    Parameters
    ----------
    texts : iterable of Text
        From ``written.read``.
    truth, pages
        As for ``told`` and ``read``, of amounts.

    Returns
    -------
    DataFrame
        area, dimension, measure, category, file.
    """
    few = truth[small_cells.small(truth["youths"]) & (truth["value"] > 0)]
    hidden = {
        area: dict(iter(part.groupby("category_shown"))) for area, part in few.groupby("area") if len(part)
    }
    patterns = {
        area: re.compile("|".join(rf"(?<!\w){re.escape(one)}(?!\w)" for one in sorted(own, key=len)[::-1]))
        for area, own in hidden.items()
    }
    rows = []
    for one in texts:
        area = pages.get(one.page)
        amounts = [value for value, _ in amounts_in(one.text)] if area in patterns else []
        for name in set(patterns[area].findall(one.text)) if amounts else ():
            for row in hidden[area][name].itertuples():
                if (
                    row.measure.startswith(f"{RULE_OF} ")
                    and row.measure.removeprefix(f"{RULE_OF} ") not in one.text
                ):
                    continue  # of a provider alone an amount is not that of one rule
                near = [abs(amount - row.value) <= small_cells.P_RULE * row.value for amount in amounts]
                if any(near):
                    rows.append((area, row.dimension, row.measure, row.category, one.file))
    return pd.DataFrame(rows, columns=[*KEY, "category", "file"]).drop_duplicates(ignore_index=True)


def shown_near(rows: Iterable[Row], truth: pd.DataFrame) -> pd.DataFrame:
    """Amounts of few youths of which another set shows the same category to within a fifth.

    Parameters
    ----------
    rows : iterable of Row
        Rows of that other set.
    truth : DataFrame
        As for ``told``, of amounts.
    """
    keys = [*KEY, "category"]
    single = [
        (one.area, one.dimension, one.measure, *one.categories, one.low, one.high)
        for one in rows
        if len(one.categories) == 1
    ]
    few = truth[small_cells.small(truth["youths"]) & (truth["value"] > 0)]
    both = few.merge(pd.DataFrame(single, columns=[*keys, "low", "high"]), on=keys)
    step = small_cells.P_RULE * both["value"]
    near = (both["low"] <= both["value"] + step) & (both["high"] >= both["value"] - step)
    return both[near].drop_duplicates(keys, ignore_index=True)


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
        said = [_HEADINGS.get(one, "") for one in _plain(table)]
        for part, whole in PARTS_OF.items():
            if table.page not in pages or not {part, whole} <= set(said):
                continue
            share, count = said.index(part), said.index(whole)
            for row in table.rows:
                found = _value(row[count], table.heads[count], False)
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
    known = {
        key: dict(zip(part["category_shown"], part["category"], strict=True))
        for key, part in truth.groupby(KEY)
    }
    for table in tables:
        if pages.get(table.page) is not None:
            yield from _rows(table, pages[table.page], known)


def _rows(table: Table, area: str, known: Mapping[tuple[str, str, str], Mapping[str, str]]) -> Iterator[Row]:
    """The rows of one table: those of a category, the last one with all that it does not name, and the total."""
    plain = _plain(table)
    said = [_HEADINGS.get(one, "") for one in plain]
    place = next((number for number, one in enumerate(said) if one in _DIMENSIONS), None)
    dimension = "" if place is None else _DIMENSIONS[said[place]]
    rule = said.index(RULE) if RULE in said else None
    if dimension == "care_form" and any(one in _MIRROR for one in plain):
        yield from _mirrored(table, plain, area, known)
        return
    kind = next((measure for head, measure in KINDS.items() if head in said), None)
    if kind is not None and TRAJECTORIES in said:
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
        values = [(row, *found) for row in table.rows if (found := _value(row[number], *asked))]
        for rule_text in {row[rule] for row in table.rows} if rule is not None else {""}:
            own = f"{RULE_OF} {rule_text}" if rule is not None else measure
            shown = known.get((area, dimension or "provider", own), {})
            mine = [one for one in values if rule is None or one[0][rule] == rule_text]
            yield from _equations(mine, place, shown, (area, dimension or "provider", own))


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
            there, value = known.get(key, {}), _value(row[number], table.heads[number], False)
            if value and there:
                yield Row(*key, (provider,) if own else tuple(sorted(there.values())), *value)


def _by_several(
    table: Table, said: Sequence[str], shown: Mapping[str, str], key: tuple[str, str, str]
) -> Iterator[Row]:
    """The rows of a table that counts trajectories by more than one column; nothing adds up in it."""
    columns, number = [said.index(one) for one in BY if one in said], said.index(TRAJECTORIES)
    for row in table.rows:
        name = together(*(row[one] for one in columns))
        value = _value(row[number], table.heads[number], False)
        if value and name in shown:
            yield Row(*key, (shown[name],), *value)


def _plain(table: Table) -> list[str]:
    """The headings of a table without their unit."""
    return [re.sub(r" \([^()]*\)$", "", one) if one.endswith(_MARKED) else one for one in table.heads]


def _value(text: str, head: str, amount: bool, /) -> tuple[float, float] | None:
    """The range that a cell lies in; None where it is no amount or count."""
    if amount:
        if found := next(amounts_in(text), None):
            value, slack = found
        elif head.endswith(_UNITS) and re.fullmatch(r"-?\d+(\.\d+)?", text):
            value, slack = float(text), 0.5
        else:
            return None
        return value - slack, value + slack
    digits = re.sub(r"[.,\s]", "", text)
    if not re.fullmatch(r"\d+", digits):
        return None
    value = float(digits)
    return max(value - small_cells.STEP // 2, 0.0), value + small_cells.STEP // 2


def _told(truth: pd.DataFrame, rows: pd.DataFrame, region: str) -> pd.DataFrame:
    """The attack on one dimension and measure."""
    truth = truth.reset_index(drop=True)
    cell = {key: number for number, key in enumerate(zip(truth["area"], truth["category"], strict=True))}
    low, high = np.where(truth["value"] < 0, -np.inf, 0.0), np.full(len(truth), np.inf)
    sums: dict[tuple[int, ...], tuple[float, float]] = {}
    for one in rows.itertuples():
        places = tuple(cell[(one.area, name)] for name in one.categories if (one.area, name) in cell)
        least, most = sums.get(places, (-np.inf, np.inf))
        sums[places] = max(least, one.low), min(most, one.high)
    for places in [one for one in sums if len(one) < 2]:
        least, most = sums.pop(places)
        for place in places:
            low[place], high[place] = max(low[place], least), max(most, least, low[place])
    wholes = [
        {place: -1.0}
        | {
            cell[(area, name)]: 1.0
            for area in truth["area"].unique()
            if area != region and (area, name) in cell
        }
        for (code, name), place in cell.items()
        if code == region
        and truth["area"].ne(region).any()  # counts of single providers are of the region only
    ]
    system: dict[str, Any] = {"bounds": np.column_stack([low, np.maximum(high, low)])}
    if sums:
        listed = _matrix([dict.fromkeys(one, 1.0) for one in sums], len(truth))
        least, most = (np.array(one) for one in zip(*sums.values(), strict=True))
        system |= {
            "A_ub": vstack([listed, -listed]),
            "b_ub": np.concatenate([np.maximum(most, least), -least]),
        }
    if wholes:
        system |= {"A_eq": _matrix(wholes, len(truth)), "b_eq": np.zeros(len(wholes))}
    few = truth[small_cells.small(truth["youths"]) & (truth["value"] > 0)]
    ends = [_ends(place, len(truth), system) for place in few.index]
    return few.assign(low=[one for one, _ in ends], high=[one for _, one in ends])


def _ends(place: int, size: int, system: Mapping[str, Any]) -> tuple[float, float]:
    """The lowest and highest value of one cell; NaN where there is none."""
    from scipy.optimize import linprog

    aim = np.zeros(size)
    aim[place] = 1.0
    found = [linprog(sign * aim, **system) for sign in (1, -1)]
    low, high = (
        sign * one.fun if one.success else sign * -np.inf if one.status == UNBOUNDED else np.nan
        for one, sign in zip(found, (1, -1), strict=True)
    )
    return low, high


def _matrix(rows: Sequence[Mapping[int, float]], columns: int) -> csr_matrix:
    places = [(row, column, value) for row, one in enumerate(rows) for column, value in one.items()]
    across, along, values = (np.array(part) for part in zip(*places, strict=True)) if places else ([], [], [])
    return csr_matrix((values, (across, along)), shape=(len(rows), columns))
