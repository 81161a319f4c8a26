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
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from scipy.sparse import csr_matrix, vstack

from analyse import small_cells
from analyse.report.read_back import KEY, RULE_OF, TOGETHER, Row, amounts_in
from analyse.report.written import Text

UNBOUNDED = 3
"""What ``linprog`` says where nothing limits a value."""
ROUNDED = 1.0
"""How far (EUR) rounding may keep two ranges of the same row from touching each other."""
ENOUGH = float(small_cells.SMALLEST)
"""A count that can be as high is not told to be below ten."""


def told(rows: Iterable[Row], truth: pd.DataFrame, *, region: str) -> pd.DataFrame:
    """What can be told of each amount or count of few youths in a written set.

    Parameters
    ----------
    rows : iterable of Row
        From ``read_back.read``.
    truth : DataFrame
        area (code; ``region`` too), dimension, measure, category, category_shown (as it is written), youths and value
        (EUR or a count): every category that exists, see ``secrets``.
    region : str
        Code of the area that the others add up to.

    Returns
    -------
    DataFrame
        The rows of ``truth`` with fewer than ten youths, with low and high (NaN where tables contradict each other).
        What can be a fifth less, a fifth more and ten is safe: how much further it can be is not looked for.
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
            "b_ub": np.concatenate(
                [np.where(least <= most + ROUNDED, np.maximum(most, least), most), -least]
            ),
        }
    if wholes:
        system |= {"A_eq": _matrix(wholes, len(truth)), "b_eq": np.zeros(len(wholes))}
    few = truth[small_cells.small(truth["youths"]) & (truth["value"] > 0)]
    low, high = _reached(few["value"], len(truth), system)
    return few.assign(low=low, high=high)


def _reached(values: pd.Series, size: int, system: Mapping[str, Any]) -> tuple[np.ndarray, np.ndarray]:
    """How low and how high each cell can be; NaN where the tables contradict each other.

    A solution is a whole set of values that the tables allow, so it tells of every cell. All cells are first moved
    together, as far as they need be to be safe; only what stays behind is moved by itself, as far as it can.
    """
    from scipy.optimize import linprog

    own, value = values.index.to_numpy(), values.to_numpy(dtype=float)
    needed = {1: value * (1 - small_cells.P_RULE), -1: np.maximum(value * (1 + small_cells.P_RULE), ENOUGH)}
    ends = {1: value.copy(), -1: value.copy()}
    for sign in (1, -1):  # the lowest, then the highest
        while (left := np.flatnonzero(sign * ends[sign] > sign * needed[sign])).size:
            aim, bounds = np.zeros(size), system["bounds"].copy()
            aim[own[left]] = sign / value[left]
            side = 0 if sign == 1 else 1
            bounds[own[left], side] = np.clip(needed[sign][left], *system["bounds"][own[left]].T)
            found = linprog(aim, **{**system, "bounds": bounds})
            if not found.success:
                break
            ends = {1: np.minimum(ends[1], found.x[own]), -1: np.maximum(ends[-1], found.x[own])}
            if (sign * ends[sign][left] > sign * needed[sign][left]).all():
                break
        for place in np.flatnonzero(sign * ends[sign] > sign * needed[sign]):
            aim = np.zeros(size)
            aim[own[place]] = sign
            found = linprog(aim, **system)
            if found.success:
                ends = {1: np.minimum(ends[1], found.x[own]), -1: np.maximum(ends[-1], found.x[own])}
            elif found.status == UNBOUNDED:
                ends[sign][place] = -sign * np.inf
            else:
                return np.full(len(own), np.nan), np.full(len(own), np.nan)
    return ends[1], ends[-1]


def _matrix(rows: Sequence[Mapping[int, float]], columns: int) -> csr_matrix:
    places = [(row, column, value) for row, one in enumerate(rows) for column, value in one.items()]
    across, along, values = (np.array(part) for part in zip(*places, strict=True)) if places else ([], [], [])
    return csr_matrix((values, (across, along)), shape=(len(rows), columns))
