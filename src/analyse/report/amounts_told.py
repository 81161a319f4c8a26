"""The attack on the amounts of a whole set as it was written: what a reader of every file can tell of the hidden ones.

The tables of all pages on declarations of a region are read back from their CSV files, which hold what stands in pages
and workbooks as well. Each row is an equation: a category that is named, or the last row, in which the others are added
up; and the municipalities add up to their region. For each amount of fewer than ten youths a linear programme finds the
lowest and highest value that all of these allow. The reader is assumed to know which categories there are.

Hundepool and others, "Handbook on statistical disclosure control", ESSnet 2010, chapter 4 (p-rule, audit by linear
programme); tau-ARGUS audits in the same way.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from scipy.sparse import csr_matrix, vstack

from analyse import small_cells
from analyse.monitor import queries
from analyse.monitor.inputs import Inputs
from analyse.monitor.residence import OUTCOME
from analyse.present.monitor import names
from analyse.present.monitor.page import Page
from analyse.present.text.language import LANGUAGES, translator
from analyse.report.downloads import UNITS

UNBOUNDED = 3
"""What ``linprog`` says where nothing limits an amount."""
SHOWN_TO = 0.5
"""Amounts are shown in whole euros."""
COLUMNS = {"Year before": "before", "This year": "now", "Declared": "now"}
"""Heading of an amount -> measure; in a table of agreements of a whole year the measure is "settled"."""
SETTLED = {"Agreed", "Difference"}
"""Headings in a table of a whole earlier year."""
KEY = ["area", "dimension", "measure"]
_WORDS = [translator(language) for language in LANGUAGES]
_DIMENSIONS = {label: dimension for dimension, (label, _) in names.DIMENSIONS.items()}
_HEADINGS = {words.gettext(text): text for words in _WORDS for text in (*_DIMENSIONS, *COLUMNS, *SETTLED)}
_REST = {words.gettext(rest) for words in _WORDS for _, rest in names.DIMENSIONS.values()}
_EUROS = tuple(f" ({words.gettext(UNITS['euro'])})" for words in _WORDS)


@dataclass(frozen=True)
class Row:
    """One row of a written table.

    Attributes
    ----------
    area, dimension, measure : str
        Page, column that says by what, and what is shown.
    categories : tuple of str
        What it covers: one category, or all that the table does not name.
    amount : float
        EUR.
    """

    area: str
    dimension: str
    measure: str
    categories: tuple[str, ...]
    amount: float


def told(place: Path, truth: pd.DataFrame, *, pages: Mapping[str, str], region: str) -> pd.DataFrame:
    """What can be told of each amount of fewer than ten youths in a written set.

    Parameters
    ----------
    place : Path
        Folder of the set.
    truth : DataFrame
        area (code; ``region`` too), dimension (care_form, provider, referrer or residence), measure (before, now or
        settled), category, category_shown (as it is written), youths and amount_eur: every category that exists.
    pages : mapping of str to str
        Name of the folder with the tables of each page -> code of its area.
    region : str
        Code of the area that the others add up to.

    Returns
    -------
    DataFrame
        area, dimension, measure, category, youths, amount_eur, low and high (EUR; NaN where tables contradict each
        other): all of fewer than ten youths.
    """
    rows = pd.DataFrame(
        [vars(one) for one in read(place, truth, pages)], columns=[*KEY, "categories", "amount"]
    )
    found = [
        _told(part, rows[rows["dimension"].eq(dimension) & rows["measure"].eq(measure)], region)
        for (dimension, measure), part in truth.groupby(["dimension", "measure"])
    ]
    return pd.concat(found, ignore_index=True)


def within_p(found: pd.DataFrame) -> pd.DataFrame:
    """The amounts that can be told to within the p-rule's fifth, to one side or to the other.

    Where the tables of a set contradict each other, nothing is known of an amount; it counts as told.
    """
    step, amount = small_cells.P_RULE * found["amount_eur"], found["amount_eur"]
    slack = 2 * SHOWN_TO
    safe = (found["low"] <= amount - step + slack) & (found["high"] >= amount + step - slack)
    return found[~safe]


def read(place: Path, truth: pd.DataFrame, pages: Mapping[str, str]) -> Iterator[Row]:
    """Every row with an amount by care form, provider, referrer or who should pay.

    Parameters
    ----------
    place, truth, pages
        As for ``told``.
    """
    shown = {
        key: dict(zip(part["category_shown"], part["category"], strict=True))
        for key, part in truth.groupby(["area", "dimension"])
    }
    for path in sorted(place.rglob("*.csv")):
        area = pages.get(path.parent.name)
        if area is not None:
            heads, *body = csv.reader(io.StringIO(path.read_text(encoding="utf-8"), newline=""))
            yield from _rows(heads, body, area, shown)


def _rows(
    heads: list[str], body: list[list[str]], area: str, shown: Mapping[tuple[str, str], Mapping[str, str]]
) -> Iterator[Row]:
    """The rows of one table: those of a category, and the last one with all that it does not name."""
    said = [
        _HEADINGS.get(head.removesuffix(next((one for one in _EUROS if head.endswith(one)), "")), "")
        for head in heads
    ]
    dimension = next((_DIMENSIONS[one] for one in said if one in _DIMENSIONS), "")
    known = shown.get((area, dimension), {})
    if not known:
        return
    place = next(number for number, one in enumerate(said) if one in _DIMENSIONS)
    settled = set(said) >= SETTLED
    named = {known[row[place]] for row in body if row[place] in known}
    rest = tuple(sorted(set(known.values()) - named))
    for number, (head, text) in enumerate(zip(said, heads, strict=True)):
        if head not in COLUMNS or not text.endswith(_EUROS):
            continue
        measure = "settled" if settled else COLUMNS[head]
        for row in body:
            if row[number] and (row[place] in known or row[place] in _REST):
                inside = (known[row[place]],) if row[place] in known else rest
                yield Row(area, dimension, measure, inside, float(row[number]))


def _told(truth: pd.DataFrame, rows: pd.DataFrame, region: str) -> pd.DataFrame:
    """The attack on one dimension and measure."""
    from scipy.optimize import linprog

    truth = truth.reset_index(drop=True)
    cell = {key: number for number, key in enumerate(zip(truth["area"], truth["category"], strict=True))}
    low, high = np.where(truth["amount_eur"] < 0, -np.inf, 0.0), np.full(len(truth), np.inf)
    sums, amounts = [], []
    for one in rows.itertuples():
        places = [cell[(one.area, name)] for name in one.categories if (one.area, name) in cell]
        if len(places) == 1:
            low[places[0]] = max(low[places[0]], one.amount - SHOWN_TO)
            high[places[0]] = min(high[places[0]], one.amount + SHOWN_TO)
        elif places:
            sums.append(dict.fromkeys(places, 1.0))
            amounts.append(one.amount)
    wholes = [
        {place: -1.0}
        | {
            cell[(area, name)]: 1.0
            for area in truth["area"].unique()
            if area != region and (area, name) in cell
        }
        for (code, name), place in cell.items()
        if code == region
    ]
    listed, whole, known = _matrix(sums, len(truth)), _matrix(wholes, len(truth)), np.array(amounts)
    system: dict[str, Any] = {"bounds": np.column_stack([low, np.maximum(high, low)])}
    if sums:
        system |= {
            "A_ub": vstack([listed, -listed]),
            "b_ub": np.concatenate([known + SHOWN_TO, SHOWN_TO - known]),
        }
    if wholes:
        system |= {"A_eq": whole, "b_eq": np.zeros(len(wholes))}
    few = truth[small_cells.small(truth["youths"]) & (truth["amount_eur"] > 0)]
    ends = np.full((len(few), 2), np.nan)
    for number, place in enumerate(few.index):
        aim = np.zeros(len(truth))
        aim[place] = 1.0
        for side, sign in enumerate((1, -1)):
            found = linprog(sign * aim, **system)
            if found.success:
                ends[number, side] = sign * found.fun
            elif found.status == UNBOUNDED:
                ends[number, side] = sign * -np.inf
    return few.assign(low=ends[:, 0], high=ends[:, 1]).drop(columns="category_shown")


def _matrix(rows: Sequence[Mapping[int, float]], columns: int) -> csr_matrix:
    places = [(row, column, value) for row, one in enumerate(rows) for column, value in one.items()]
    across, along, values = (np.array(part) for part in zip(*places, strict=True)) if places else ([], [], [])
    return csr_matrix((values, (across, along)), shape=(len(rows), columns))


def truth(inputs: Inputs, areas: Mapping[str, Sequence[str]], *, language: str) -> pd.DataFrame:
    """Every category of every page as it is in the store, for ``told``.

    Parameters
    ----------
    inputs : Inputs
        Of the store that the set was made from.
    areas : mapping of str to sequence of str
        Code of the area of each page -> its municipalities.
    language : str
        Of the pages.
    """
    page = Page("", False, language, providers=inputs.providers)
    parts = []
    for code, members in areas.items():
        settled = inputs.settled_year(members)
        years = {
            "now": inputs.quantities_until(inputs.year, members),
            "before": inputs.quantities_until(inputs.year - 1, members),
            "settled": inputs.whole_year(settled, members),
        }
        for measure, found in years.items():
            for dimension in queries.SHOWN_BY:
                cost = found.cells.groupby(dimension)["cost_eur"].sum()
                called = page.called(names.named(cost.index, dimension, page.words))
                youths = found.by(dimension).reindex(cost.index).fillna(0).to_numpy(dtype=float)
                part = {
                    "category": cost.index,
                    "category_shown": called,
                    "youths": youths,
                    "amount_eur": cost.to_numpy(),
                }
                parts.append(pd.DataFrame(part).assign(area=code, dimension=dimension, measure=measure))
        parts.append(_payers(inputs, members, page).assign(area=code))
    return pd.concat(parts, ignore_index=True)


def _payers(inputs: Inputs, members: Sequence[str], page: Page) -> pd.DataFrame:
    """The same of who should pay, which a page shows of one year only."""
    judged = inputs.residence(members)
    own = judged[judged["year"].eq(inputs.settled_year(members))]
    whole = own.groupby(OUTCOME)[["clients", "cost_eur"]].sum().reset_index()
    return pd.DataFrame(
        {
            "category": whole[OUTCOME],
            "category_shown": names.named(whole[OUTCOME], OUTCOME, page.words),
            "youths": whole["clients"],
            "amount_eur": whole["cost_eur"],
            "dimension": OUTCOME,
            "measure": "now",
        }
    )
