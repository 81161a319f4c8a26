"""Numbers as people write them: the notation is given, or found from the whole column; never cell by cell.

A thousands sign is followed by exactly three digits. ``1.012`` is therefore 1012 where the comma is the decimal sign,
1.012 where the point is, and refused where nothing says which.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

import numpy as np
import pandas as pd

from analyse.errors import shortened

SPACES = " \u00a0\u2007\u2009\u202f"
"""Spaces that stand between thousands: plain, no-break, figure, thin and narrow no-break."""
MINUS = "\u2212-"
"""The minus sign of typographers, and the hyphen; the hyphen last, so that it is no range in a pattern."""
UNKNOWN = frozenset({"", "-", "\u2013", ".", "..", "x", "na", "n/a", "nan", "onbekend"})
"""What is written where a number is not known, in small letters; never zero."""
CURRENCY = r"(?:€|eur)"
_AMBIGUOUS = re.compile(r"[1-9][0-9]{0,2}([.,])[0-9]{3}")
_EXPONENT = re.compile(r"[+-]?[0-9](?:\.[0-9]+)?e[+-]?[0-9]{1,3}")
_DRESSED = re.compile(
    rf"(?P<before>[+{MINUS}]?)\s*{CURRENCY}?\s*(?P<within>[+{MINUS}]?)\s*(?P<body>[0-9].*?|[.,][0-9].*?)\s*{CURRENCY}?\s*"
    rf"(?P<after>[{MINUS}]?)"
)


@dataclass(frozen=True)
class Notation:
    """How numbers of a file or column are written: its decimal sign and its thousands sign.

    Examples
    --------
    >>> DUTCH.number("€ 1.234.567,50"), ENGLISH.number("1,234.5"), DUTCH.number("1.50") is None
    (1234567.5, 1234.5, True)
    """

    decimal: str
    thousands: str

    @cached_property
    def pattern(self) -> str:
        """Regular expression (also of RE2) of a bare number without sign: digits in one row or in threes, decimals."""
        sign = f"[{re.escape(self.thousands)}{SPACES}]"
        return rf"(?:[0-9]+|[1-9][0-9]{{0,2}}(?:{sign}[0-9]{{3}})+)(?:{re.escape(self.decimal)}[0-9]+)?"

    @cached_property
    def _bare(self) -> re.Pattern[str]:
        return re.compile(self.pattern)

    def number(self, text: str) -> float | None:
        """The number that a text means in this notation; None when it is not one."""
        plain = self.plain(text)
        return None if plain is None else float(plain)

    def plain(self, text: str) -> str | None:
        """The number as a computer writes it, with all its digits; None when the text is not a number.

        Examples
        --------
        >>> DUTCH.plain("1.250.000,50-"), DUTCH.plain("100.00")
        ('-1250000.50', None)
        """
        dressed = _undressed(text)
        if dressed is None:
            return None
        sign, body = dressed
        if _EXPONENT.fullmatch(body) and self.decimal == ".":
            return sign + body
        if not self._bare.fullmatch(body):
            return None
        whole, _, decimals = body.partition(self.decimal)
        whole = re.sub(rf"[{re.escape(self.thousands)}{SPACES}]", "", whole)
        return f"{sign}{whole}.{decimals}" if decimals else sign + whole


DUTCH, ENGLISH = Notation(",", "."), Notation(".", ",")


class Unreadable(ValueError):
    """A column has a cell that is not a number, or that can be read in two ways.

    Attributes
    ----------
    position : int
        Of the cell in the column, from 0.
    text : str
        What it holds.
    reason : str
        What was expected, or both readings.
    """

    def __init__(self, position: int, text: str, reason: str) -> None:
        """Remember the place and what it holds."""
        super().__init__(f"{shortened(text)!r} {reason}")
        self.position, self.text, self.reason = position, text, reason


def is_unknown(text: str) -> bool:
    """Whether a text says that there is no figure.

    Examples
    --------
    >>> is_unknown(" - "), is_unknown("0")
    (True, False)
    """
    return text.strip().casefold() in UNKNOWN


def column(
    cells: Iterable[object],
    *,
    layout: Notation | None = None,
    otherwise: Notation | None = None,
    most_decimals: int | None = None,
    wrong: list[Unreadable] | None = None,
) -> np.ndarray:
    """The numbers of a whole column, NaN where unknown.

    Parameters
    ----------
    cells : iterable
        Text, numbers of a spreadsheet (taken as they are) or nothing.
    layout : Notation, optional
        That of the file, where it is known. The cells must then agree.
    otherwise : Notation, optional
        What holds where the cells do not tell: a file with semicolons mostly has decimal commas.
    most_decimals : int, optional
        How many decimals a value can have, 2 for euros and 0 for persons: three digits behind a sign then are
        thousands.
    wrong : list, optional
        Gets each different cell that is not a number, which then counts as unknown; without it the first is raised.

    Returns
    -------
    ndarray of float64, one per cell.

    Raises
    ------
    Unreadable
        At the first cell that is not a number, contradicts the cells before it, or can be read in two ways.

    Examples
    --------
    >>> column(["987", "1.012", "-"], otherwise=DUTCH).tolist()
    [987.0, 1012.0, nan]
    >>> column(["0.5", "1.012"]).tolist()
    [0.5, 1.012]
    >>> column(["987", "1.012"])
    Traceback (most recent call last):
    analyse.reading.numbers.Unreadable: '1.012' can be 1012 or 1.012; write 1012 or 1.0120
    """
    cells = list(cells)
    first: dict[object, int] = {}
    for position, cell in enumerate(cells):
        if not isinstance(cell, float):
            first.setdefault(cell, position)
    texts = [cell for cell in first if isinstance(cell, str)]
    try:
        written = [text for text in texts if not is_unknown(text)]
        notation = layout or notation_of(
            written, otherwise=otherwise, most_decimals=most_decimals, positions=first
        )
    except Unreadable as error:
        if wrong is None:
            raise
        wrong.append(error)
        return np.full(len(cells), np.nan)
    values = {}
    for text in texts:
        plain = "nan" if is_unknown(text) else notation.plain(text)
        value = None if plain is None else float(plain)
        if value is None or np.isinf(value) or not _within(plain, most_decimals):
            error = Unreadable(first[text], text, _expected(notation, text, most_decimals))
            if wrong is None:
                raise error
            wrong.append(error)
            value = np.nan
        values[text] = value
    return np.array([_cell(cell, values, position) for position, cell in enumerate(cells)], dtype=float)


def notation_of(
    texts: Iterable[str],
    *,
    otherwise: Notation | None = None,
    most_decimals: int | None = None,
    positions: dict[str, int] | None = None,
) -> Notation:
    """The one notation in which all texts are numbers.

    Parameters
    ----------
    texts : iterable of str
        The different texts of a column.
    otherwise : Notation, optional
        What holds where the texts do not tell.
    most_decimals : int, optional
        See ``column``.
    positions : dict, optional
        Where each text stands first, for the error.

    Raises
    ------
    Unreadable
        When two texts contradict each other, or nothing shows whether a sign marks decimals or thousands.
    """
    positions = positions or {}
    chosen: Notation | None = None
    proof, unsure = "", ""
    for text in texts:
        dressed = _undressed(text)
        body = dressed[1] if dressed else ""
        fits = _fitting(body, most_decimals)
        if len(fits) == 2:
            unsure = unsure or (text if _AMBIGUOUS.fullmatch(body) else "")
            continue
        if not fits:
            continue  # said by ``column``, with the notation of the others
        if chosen is not None and fits[0] != chosen:
            raise Unreadable(
                positions.get(text, 0), text, f"is not written like {proof!r}; write both in one way"
            )
        chosen, proof = fits[0], proof or text
    if chosen is None and unsure and otherwise is None:
        whole, part = re.split("[.,]", _undressed(unsure)[1])
        raise Unreadable(
            positions.get(unsure, 0),
            unsure,
            f"can be {whole}{part} or {whole}.{part}; write {whole}{part} or {whole}.{part}0",
        )
    return chosen or otherwise or ENGLISH


def _fitting(body: str, most_decimals: int | None) -> list[Notation]:
    """The notations in which a text is a number with no more decimals than it can have."""
    return [
        notation
        for notation in (DUTCH, ENGLISH)
        if (plain := notation.plain(body)) is not None and _within(plain, most_decimals)
    ]


def _within(plain: str, most_decimals: int | None) -> bool:
    """Whether a number, as a computer writes it, has no more decimals than it can have, zeros at the end left out."""
    return most_decimals is None or "e" in plain or len(plain.partition(".")[2].rstrip("0")) <= most_decimals


def _undressed(text: str) -> tuple[str, str] | None:
    """The sign and the digits of a number without euro sign and outer spaces; None when it has two signs or none."""
    match = _DRESSED.fullmatch(text.strip().casefold())
    if match is None:
        return None
    signs = [sign for sign in (match["before"], match["within"], match["after"]) if sign]
    if len(signs) > 1:
        return None
    return "-" if signs and signs[0] in MINUS else "", match["body"]


def _cell(cell: object, values: dict[str, float], position: int) -> float:
    if isinstance(cell, str):
        return values[cell]
    if cell is None or cell is pd.NaT or cell is pd.NA:
        return np.nan
    if isinstance(cell, bool | np.bool_) or not isinstance(cell, int | float | Decimal | np.number):
        raise Unreadable(position, str(cell)[:40], "is no number")
    if abs(cell) > sys.float_info.max:
        raise Unreadable(position, str(cell)[:40], "is infinite; leave it empty if it is unknown")
    return float(cell)


def _expected(notation: Notation, text: str, most_decimals: int | None) -> str:
    example = {0: "1250", 2: f"1250{notation.decimal}50"}.get(
        most_decimals, f"1250 or 1250{notation.decimal}5"
    )
    other = ENGLISH if notation == DUTCH else DUTCH
    if other.number(text) is not None and notation.number(text) is None:
        return (
            f"has {other.decimal!r} as its decimal sign or {other.thousands!r} between thousands, and the others "
            f"{notation.decimal!r} for decimals; write it as {example}"
        )
    return f"is no number; write it as {example}, or leave it empty if it is unknown"
