"""Columns of a flat file as this program writes them: numbers as ``1250.50``, days as ``2026-04-01``, codes whole."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Mapping
from functools import lru_cache

import pyarrow as pa
import pyarrow.compute as pc

from analyse.reading import numbers, periods
from analyse.sources.declarations import codes, municipalities, records
from analyse.sources.declarations.layouts import Layout

NUMBERS = ("amount", "tariff", "volume")
DAYS = ("period_start", "period_end", "declared_on", "birth_date")
LENGTHS = {"bsn": (7, 9), "provider": (7, 8), "product_category": (1, 2), "unit": (1, 2), "referrer": (1, 2)}
"""Codes of a fixed length, and the fewest digits that a spreadsheet leaves of them when it drops zeros."""
SIGNS = {"d": "D", "debet": "D", "debit": "D", "c": "C", "credit": "C"}
UNREAD = "?"
"""Stands for a text that is not what its column holds, which is itself not kept."""

MOST_KNOWN = 100_000
"""Number of different texts of a column whose meaning is remembered."""

Batch = dict[str, pa.Array]
Meaning = Callable[[str], str]


def meanings(mapping: Layout) -> dict[str, Meaning]:
    """What a text means, by column; each text is looked at once a file, however many rows it stands in."""
    day = lru_cache(MOST_KNOWN)(lambda text: _day(text, mapping.date_format))
    shapes = {name: lambda text, of=lengths: codes.filled(text, *of) for name, lengths in LENGTHS.items()}
    place = lru_cache(MOST_KNOWN)(lambda text: municipalities.load().known(text) or UNREAD)
    return {
        **dict.fromkeys(DAYS, day),
        **shapes,
        "municipality": place,
        "debit_credit": lambda text: SIGNS.get(text.strip().casefold(), UNREAD),
    }


def in_one_notation(columns: Batch, mapping: Layout, known: Mapping[str, Meaning]) -> Batch:
    """The columns as this program writes them; what cannot be read is ``UNREAD``.

    Parameters
    ----------
    columns : dict of Array
        By our names, as they stand in the file.
    mapping : Layout
        How numbers are written there.
    known : mapping of callable
        What ``meanings`` made for the file.
    """
    notation = numbers.Notation(mapping.decimal, mapping.thousands)
    return {
        name: _plain_numbers(column, notation)
        if name in NUMBERS
        else (_meant(column, known[name]) if name in known else column)
        for name, column in columns.items()
    }


def _meant(column: pa.Array, meaning: Meaning) -> pa.DictionaryArray:
    """A column of texts that come back often, each as what it means."""
    coded = column if pa.types.is_dictionary(column.type) else column.cast(pa.string()).dictionary_encode()
    coded = coded.cast(records.CODED)
    meant = [
        None if text is None or not text.strip() else meaning(text) for text in coded.dictionary.to_pylist()
    ]
    return pa.DictionaryArray.from_arrays(coded.indices, pa.array(meant, pa.string()))


def _day(text: str, pattern: str) -> str:
    try:
        return datetime.datetime.strptime(text.strip(), pattern).date().isoformat()
    except ValueError:
        year_first = periods.day(text) if re.match(r"\s*\d{4}-", text) else None
        return year_first.isoformat() if year_first else UNREAD


def _plain_numbers(column: pa.Array, notation: numbers.Notation) -> pa.Array:
    """Numbers as ``-1250.50``: bare ones at once, those written otherwise (euro sign, trailing minus) one by one."""
    if pa.types.is_dictionary(column.type):
        return pa.DictionaryArray.from_arrays(column.indices, _plain_numbers(column.dictionary, notation))
    text = pc.utf8_trim_whitespace(column.cast(pa.string()))
    bare = pc.fill_null(pc.match_substring_regex(text, f"^-?(?:{notation.pattern})$"), False)
    grouped = f"[{re.escape(notation.thousands)}{numbers.SPACES}]"
    plain = pc.replace_substring(
        pc.replace_substring_regex(text, grouped, ""), notation.decimal, ".", max_replacements=1
    )
    rest = pc.indices_nonzero(pc.and_(pc.invert(bare), pc.is_valid(text))).to_pylist()
    if not rest:
        return plain
    written, known = plain.to_pylist(), {}
    for row in rest:
        one = text[row].as_py()
        if one not in known:
            known[one] = None if numbers.is_unknown(one) else notation.plain(one) or UNREAD
        written[row] = known[one]
    return pa.array(written, pa.string())


def total(amounts: pa.Array, signs: pa.Array | None, mapping: Layout) -> int:
    """Total in eurocents of the amounts that are numbers; a credit counts as negative.

    Parameters
    ----------
    amounts : Array
        Texts in one notation.
    signs : Array, optional
        D or C of each.
    mapping : Layout
        Whether they are euros or cents.
    """
    euro = mapping.amount_unit == "euro"
    value = _whole_cents(amounts, euro)
    value = _exact_cents(amounts, euro) if value is None else value
    whole = pc.sum(value).as_py() or 0
    if signs is not None:
        credit = value.filter(pc.fill_null(pc.equal(signs.cast(pa.string()), "C"), False))
        whole -= (pc.sum(credit).as_py() or 0) + (pc.sum(pc.abs(credit)).as_py() or 0)
    return int(whole)


def _whole_cents(text: pa.Array, euro: bool) -> pa.Array | None:
    """Eurocents, where every amount is a plain number with as many decimals as there are cents: nearly always."""
    if euro:
        places = pc.equal(pc.find_substring(text, "."), pc.subtract(pc.binary_length(text), 3))
        if not pc.all(places, min_count=0).as_py():
            return None
        text = pc.replace_substring(text, ".", "", max_replacements=1)
    try:
        return text.cast(pa.int64())
    except pa.ArrowInvalid:
        return None


def _exact_cents(text: pa.Array, euro: bool) -> pa.Array:
    """Eurocents of what is a number, with parts of a cent; nothing for another text."""
    known = pc.fill_null(pc.match_substring_regex(text, r"^-?\d{1,12}(\.\d{1,4})?$"), False)
    value = pc.cast(pc.if_else(known, text, None), pa.decimal128(18, 4))
    return pc.multiply(value, pa.scalar(100 if euro else 1, pa.decimal128(3, 0)))
