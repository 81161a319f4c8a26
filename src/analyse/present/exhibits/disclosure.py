"""Small cells: counts of persons below 10 are hidden, others rounded to 5, and none can be computed back.

For counts that nobody has treated yet, such as those from declarations. Figures that CBS publishes are treated
already and estimates are of nobody, so neither comes here. A column of ``tables.Column`` of kind ``persons`` takes
treated counts only; ``report.scan`` reads what was written and finds those that are not.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

import numpy as np
import pandas as pd

from analyse.errors import DataError
from analyse.present.text import formats
from analyse.present.text.language import translator

SMALLEST = 10
STEP = 5
HIDDEN = "suppressed"
Nested = Mapping[str, Mapping[str, Sequence[str]]]
T = TypeVar("T")
CERTAIN = 1e-6
"""A hidden count whose lowest and highest possible value differ less is known."""


def treated(value: float) -> bool:
    """Whether a count may be shown as it stands: at least ``SMALLEST``, a multiple of ``STEP``."""
    return value >= SMALLEST and value % STEP == 0


def rounded(value: float) -> float:
    """A count rounded to ``STEP``, halves up; one that would be hidden is NaN.

    Examples
    --------
    >>> rounded(12), rounded(13), rounded(9)
    (10.0, 15.0, nan)
    """
    return float("nan") if not value >= SMALLEST else float(STEP * np.floor(value / STEP + 0.5))


def persons(value: float, language: str = "nl") -> str:
    """A count of persons in a sentence.

    Examples
    --------
    >>> persons(7), persons(43), persons(1, "en")
    ('minder dan 10', 'ongeveer 45', 'fewer than 10')
    """
    words = translator(language)
    if not formats.known(value):
        return formats.unknown(language)
    if value < SMALLEST:
        return words.gettext("fewer than {number}", number=SMALLEST)
    return words.gettext("about {value}", value=formats.number(rounded(value), language))


def protect(
    frame: pd.DataFrame,
    count: str,
    *,
    totals: Mapping[str, str],
    within: Sequence[str] = (),
    beside: Sequence[str] = (),
    nested: Nested | None = None,
) -> pd.DataFrame:
    """Hide the small counts, and as many others as it takes, and round the rest.

    Parameters
    ----------
    frame : DataFrame
        One row per cell, keyed by ``within`` and the columns of ``totals``.
    count : str
        Column of persons: untreated, whole numbers.
    totals : mapping of str to str
        Column that adds up -> its category that is the total of the others; without that row nothing adds up.
    within : sequence of str
        Columns that are apart: cells of different values never add up, for example area and year.
    beside : sequence of str
        Columns that say something of the same persons, such as their costs; hidden with the count.
    nested : mapping of str to mapping, optional
        Column -> category that is the sum of others -> these others, for example ages in wider and finer bands.

    Returns
    -------
    DataFrame
        The same rows with ``count`` rounded or empty, and ``<count>_status`` "suppressed" where it is hidden. In
        every line with a shown total two cells or none are hidden, and together they are ten persons or more;
        no hidden cell follows from the others by adding and subtracting, along all lines together.

    Examples
    --------
    >>> cells = pd.DataFrame({"age": ["total", "0-11", "12-17", "18-22"], "clients": [62, 7, 31, 24]})
    >>> protect(cells, "clients", totals={"age": "total"})["clients"].tolist()
    [60.0, nan, 30.0, nan]
    """
    hidden = pd.Series(False, index=frame.index)
    groups = frame.groupby(list(within), sort=False, dropna=False) if within else [((), frame)]
    for _, part in groups:
        values = part[count].to_numpy(dtype=float)
        hidden.loc[part.index] = _hidden(*_with_rests(values, _lines(part, totals, nested)))[: len(values)]
    shown = frame[count].map(rounded).mask(hidden)
    status = frame.get(f"{count}_status", pd.Series("final", index=frame.index)).astype(object)
    found = frame.assign(**{count: shown, f"{count}_status": status.mask(hidden, HIDDEN)})
    return found.assign(**{name: found[name].mask(hidden) for name in beside})


def protect_together(
    frames: Mapping[str, pd.DataFrame],
    count: str,
    *,
    totals: Mapping[str, str],
    within: Sequence[str] = (),
    nested: Nested | None = None,
) -> dict[str, pd.DataFrame]:
    """Protect tables of the same persons as one, so that none gives away what another hides.

    Parameters
    ----------
    frames : mapping of str to DataFrame
        Tables by name, each keyed by ``within`` and some columns of ``totals``; a table without one of these
        columns holds its totals.
    count, totals, within, nested
        As for ``protect``.

    Returns
    -------
    dict
        The same tables, treated: what is hidden in one is hidden in all, and follows from no two together.

    Raises
    ------
    DataError
        If two tables have another count for the same persons, or a table lacks a column of ``within``.

    Examples
    --------
    Of the 31 youths of 12-17 seven have residential care, a number that the other table would give away:

    >>> ages = pd.DataFrame({"age": ["all", "0-11", "12-17"], "clients": [62, 31, 31]})
    >>> forms = pd.DataFrame({"age": "12-17", "form": ["home", "stay"], "clients": [24, 7]})
    >>> made = protect_together({"ages": ages, "forms": forms}, "clients", totals={"age": "all", "form": "all"})
    >>> made["forms"]["clients"].tolist(), made["ages"]["clients"].tolist()
    ([nan, nan], [60.0, 30.0, 30.0])
    """
    keys = [*within, *totals]
    whole = [_widened(frame, name, count, totals, within) for name, frame in frames.items()]
    cells = pd.concat(whole, ignore_index=True)
    if cells.groupby(keys, dropna=False)[count].nunique(dropna=False).gt(1).any():
        raise DataError(
            f"disclosure: {', '.join(frames)} have different {count} for the same cell; count both from the same rows"
        )
    treated = protect(
        cells.drop_duplicates(keys, ignore_index=True), count, totals=totals, within=within, nested=nested
    )
    status = f"{count}_status"
    found = {}
    for (name, frame), wide in zip(frames.items(), whole, strict=True):
        shown = wide[keys].merge(treated[[*keys, count, status]], on=keys, how="left", validate="m:1")
        found[name] = frame.assign(**{count: shown[count].to_numpy(), status: shown[status].to_numpy()})
    return found


def _widened(
    frame: pd.DataFrame, name: str, count: str, totals: Mapping[str, str], within: Sequence[str]
) -> pd.DataFrame:
    """The cells of a table with every column of the set; where it has none of its own stands the total."""
    lacking = [column for column in (*within, count) if column not in frame]
    if lacking:
        raise DataError(
            f"disclosure: table {name} lacks {', '.join(lacking)}; it has {', '.join(map(str, frame))}"
        )
    return frame.assign(**{column: total for column, total in totals.items() if column not in frame})[
        [*within, *totals, count]
    ]


def _lines(
    part: pd.DataFrame, totals: Mapping[str, str], nested: Nested | None = None
) -> list[tuple[int, list[int]]]:
    """Every sum in a table: the place of the total, and the places of its parts."""
    lines, places = [], np.arange(len(part))
    for column, total in totals.items():
        others = [one for one in totals if one != column]
        keys = (
            part[others].astype(str).agg("\x1f".join, axis=1).to_numpy() if others else np.full(len(part), "")
        )
        for key in dict.fromkeys(keys):
            line = places[keys == key]
            named = part[column].to_numpy()[line]
            if len(set(named)) == len(named):
                found = dict(zip(named, (int(place) for place in line), strict=True))
                lines += sums(found, total, (nested or {}).get(column, {}))
    return lines


def sums(found: Mapping[Any, T], total: str, nested: Mapping[str, Sequence[str]]) -> list[tuple[T, list[T]]]:
    """The sums among the categories of one column: its total, and every sum of some that is there with all its parts.

    Examples
    --------
    >>> sums({"all": 0, "0-11": 1, "12-17": 2, "0-3": 3, "4-11": 4}, "all", {"0-11": ["0-3", "4-11"]})
    [(0, [1, 2]), (1, [3, 4])]
    """
    inside = {part for name, parts in nested.items() if name in found for part in parts}
    coarse = [place for name, place in found.items() if name != total and name not in inside]
    lines = [(found[total], coarse)] if total in found and coarse else []
    whole = [name for name, parts in nested.items() if name in found and all(part in found for part in parts)]
    return [*lines, *((found[name], [found[part] for part in nested[name]]) for name in whole)]


def _with_rests(
    values: np.ndarray, lines: list[tuple[int, list[int]]]
) -> tuple[np.ndarray, list[tuple[int, list[int]]]]:
    """Sums of which a table holds only some parts: a small rest is a count to hide, a larger one ends the sum."""
    found, rests = [], []
    for total, parts in lines:
        rest = values[total] - values[parts].sum()
        if 0 < rest < SMALLEST:
            found.append((total, [*parts, len(values) + len(rests)]))
            rests.append(rest)
        elif not rest >= SMALLEST:
            found.append((total, parts))
    return np.append(values, rests), found


def _hidden(values: np.ndarray, lines: list[tuple[int, list[int]]]) -> np.ndarray:
    """Which cells to hide: the small ones, then others until none can be computed."""
    hidden = ~(values >= SMALLEST)
    for _ in range(len(values)):
        exposed = _too_few(values, lines, hidden) or _computable(values, lines, hidden)
        if exposed is None:
            break
        hidden[_next(values, lines, hidden, exposed)] = True
    return hidden


def _too_few(
    values: np.ndarray, lines: list[tuple[int, list[int]]], hidden: np.ndarray
) -> tuple[int, ...] | None:
    """A line of which one cell is hidden, or several that are fewer than ten persons together."""
    for total, parts in lines:
        cells = (total, *parts)
        inside = [place for place in parts if hidden[place]]
        few = len(inside) == 1 or (len(inside) > 1 and values[inside].sum() < SMALLEST)
        alone = not inside if hidden[total] else few
        if alone and not all(hidden[place] for place in cells):
            return cells
    return None


def _computable(
    values: np.ndarray, lines: list[tuple[int, list[int]]], hidden: np.ndarray
) -> tuple[int, ...] | None:
    """A line with a hidden cell that the sums of all lines, and that no count is negative, give away.

    When all of its lines are hidden already: every cell.
    """
    unknown = np.flatnonzero(hidden)
    if not len(unknown) or not lines:
        return None
    place = {cell: number for number, cell in enumerate(unknown)}
    sums, known = np.zeros((len(lines), len(unknown))), np.zeros(len(lines))
    for row, (total, parts) in enumerate(lines):
        for cell, sign in itertools.chain([(total, -1.0)], ((part, 1.0) for part in parts)):
            if hidden[cell]:
                sums[row, place[cell]] = sign
            else:
                known[row] -= sign * values[cell]
    given = {cell for number, cell in enumerate(unknown) if _certain(number, sums, known)}
    candidates = [
        (total, *parts)
        for total, parts in lines
        if given & {total, *parts} and not all(hidden[cell] for cell in (total, *parts))
    ]
    if given and not candidates:
        candidates = [tuple({cell for total, parts in lines for cell in (total, *parts)})]
    return candidates[0] if candidates and not hidden[list(candidates[0])].all() else None


def _certain(number: int, sums: np.ndarray, known: np.ndarray) -> bool:
    """Whether one unknown can have one value only: the linear programme of a disclosure audit."""
    from scipy.optimize import linprog  # takes as long to import as all that makes an index

    aim = np.eye(sums.shape[1])[number]
    low, high = (linprog(sign * aim, A_eq=sums, b_eq=known, bounds=(0, None)) for sign in (1, -1))
    return bool(low.success and high.success and abs(low.fun + high.fun) < CERTAIN)


def _next(values: np.ndarray, lines: list[tuple[int, list[int]]], hidden: np.ndarray,
          cells: tuple[int, ...]) -> int:  # fmt: skip
    """The shown cell of a line that costs least to hide: the smallest part; a total only at last."""
    totals = {total for total, _ in lines}
    return min(
        (cell for cell in cells if not hidden[cell]), key=lambda cell: (cell in totals, values[cell], cell)
    )
