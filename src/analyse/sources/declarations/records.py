"""The shape in which lines come through the door: texts as they were sent, but without BSN."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from analyse.reading.codes import municipality
from analyse.sources.declarations.pseudonyms import Pseudonyms, bsn_inside

TEXTS = (
    "municipality", "provider", "reference", "previous_reference", "allocation_number", "product_category",
    "product_code", "period_start", "period_end", "volume", "unit", "tariff", "amount", "debit_credit", "declared_on",
    "declaration_number", "referrer", "birth_date",
)  # fmt: skip
FEW = (
    "municipality", "provider", "allocation_number", "product_category", "product_code", "period_start", "period_end",
    "volume", "unit", "tariff", "debit_credit", "declared_on", "declaration_number", "referrer", "birth_date",
)  # fmt: skip
"""Texts that come back often: kept as a dictionary, so that each is looked at once a batch."""
CODED = pa.dictionary(pa.int32(), pa.string())
RAW = pa.schema(
    [
        ("file_id", CODED),
        ("line_number", pa.int32()),
        ("client", CODED),
        ("bsn_passed", pa.bool_()),
        *((name, CODED if name in FEW else pa.string()) for name in TEXTS),
    ]
)
CODES = {
    "provider": "^[0-9]{8}$", "product_category": "^[0-9]{2}$", "unit": "^[0-9]{2}$", "referrer": "^[0-9]{2}$",
    "declaration_number": "^[A-Za-z0-9~-]{1,20}$",
}  # fmt: skip
"""What a code looks like; any other text is not kept, for it may say who somebody is."""
FREE_TEXTS = ("reference", "previous_reference", "declaration_number")
"""Fields in which a provider may have written a BSN, of the youth of the line or of another."""
FEWEST_DIGITS = 7
"""Digits of the shortest number that is looked for as the number of its own line, without zeros in front."""

KINDS = {"": pa.string(), ":date": pa.date32(), ":int": pa.int64(), ":age": pa.int16()}


def _schema(names: str) -> pa.Schema:
    """The columns of a table of messages around the declarations: texts, but for a kind behind the name."""
    parts = [
        name.partition(":") for name in f"municipality_code provider client {names} sent_on:date".split()
    ]
    return pa.schema([(name, KINDS[colon + kind]) for name, colon, kind in parts])


OTHER_TABLES: dict[str, pa.Schema] = {
    "allocations": _schema(
        "allocation_number:int product_category product_code allocated_on:date start_date:date end_date:date "
        "volume:int unit frequency budget_cents:int change_reason provider_reference age:age postcode"
    ),
    "starts": _schema(
        "allocation_number:int product_category product_code allocation_start:date start_date:date delivery age:age"
    ),
    "stops": _schema(
        "allocation_number:int product_category product_code allocation_start:date start_date:date stop_date:date "
        "reason delivery age:age"
    ),
    "requests": _schema(
        "provider_reference product_category product_code start_date:date end_date:date volume:int unit frequency "
        "referrer age:age postcode"
    ),
    "rejections": _schema("level reference amount_cents:int return_codes message_id message_date:date"),
}


def stored_schema(name: str) -> pa.Schema:
    """The columns of one of ``OTHER_TABLES`` as it is stored: with the file of each row."""
    return OTHER_TABLES[name].append(pa.field("file_id", pa.string()))


@dataclass
class Message:
    """One message while it is read: its kind, sender, and the totals that it says it has."""

    file_id: str = ""
    """Of the file that it is in."""
    kind: str = ""
    """``JW323`` and so on; empty until the header was read."""
    municipality: str = ""
    provider: str = ""
    sent_on: str = ""
    message_id: str = ""
    simulated: bool = False
    control_cents: int = 0
    """Total of a JW323 by its own head, in eurocents, credit negative."""
    found_cents: int = 0
    """Total of its lines."""
    lines: int = 0
    head: dict[str, str] = field(default_factory=dict)


def guarded(
    columns: Mapping[str, pa.Array], numbers: pa.Array, pseudonyms: Pseudonyms, *, first: int
) -> pa.Table:
    """Lines as they may go on: the BSN a pseudonym, and out of the fields in which it was written as well.

    Parameters
    ----------
    columns : mapping of Array
        Texts by name, see ``TEXTS``; a name that is absent is empty.
    numbers : Array
        The BSN of each line.
    first : int
        Number of the first line in its file.
    pseudonyms : Pseudonyms
        Replaces a BSN.

    Returns
    -------
    Table
        With the schema ``RAW``.
    """
    count = len(numbers)
    client, passed = pseudonyms.of_column(numbers)
    failed = pc.indices_nonzero(pc.invert(passed))
    found = {name: columns.get(name) for name in TEXTS}
    texts = {name: _typed(column, RAW.field(name).type, count) for name, column in found.items()}
    for name in FREE_TEXTS:
        if columns.get(name) is not None:
            texts[name] = _without_bsn(texts[name], numbers, failed, pseudonyms)
    if columns.get("allocation_number") is not None:
        texts["allocation_number"] = _numbered(texts["allocation_number"], pseudonyms)
    texts |= {name: _code(texts[name], pattern) for name, pattern in CODES.items() if name in columns}
    texts["municipality"] = _translated(texts["municipality"], municipality)
    return pa.table(
        [constant("", count), _line_numbers(first, count), client, passed, *texts.values()], schema=RAW
    )


def filled_rows(columns: Mapping[str, pa.Array]) -> dict[str, pa.Array]:
    """The rows in which something stands: spreadsheets write empty ones below a table."""
    if columns["bsn"].null_count == 0:
        return dict(columns)
    filled = None
    for column in columns.values():
        here = pc.fill_null(pc.not_equal(pc.utf8_trim_whitespace(column.cast(pa.string())), ""), False)
        filled = here if filled is None else pc.or_(filled, here)
    return {name: column.filter(filled) for name, column in columns.items()}


def numbered(table: pa.Table, first: int) -> pa.Table:
    """The same lines, numbered in their file from ``first``."""
    return _with(table, "line_number", _line_numbers(first, len(table)))


def placed(table: pa.Table, files: pa.Array, line_numbers: pa.Array) -> pa.Table:
    """The same lines with the file of each and its number in it.

    Parameters
    ----------
    table : Table
        With the schema ``RAW``.
    files : Array
        Identification of the file of each line.
    line_numbers : Array
        Its number in that file.
    """
    return _with(_with(table, "file_id", files), "line_number", line_numbers)


def _with(table: pa.Table, name: str, column: pa.Array) -> pa.Table:
    place = RAW.get_field_index(name)
    return table.set_column(place, RAW.field(place), column)


def _line_numbers(first: int, count: int) -> pa.Array:
    return pa.array(np.arange(first, first + count, dtype=np.int32))


def stamped(table: pa.Table, file_id: str) -> pa.Table:
    """The same rows as part of a file."""
    column = constant(file_id, table.num_rows)
    if "file_id" in table.schema.names:
        return table.set_column(0, table.schema.field(0), column)
    return table.append_column("file_id", column.cast(pa.string()))


def constant(text: str, count: int) -> pa.DictionaryArray:
    """The same text a number of times."""
    return pa.DictionaryArray.from_arrays(
        pa.repeat(pa.scalar(0, pa.int32()), count), pa.array([text], pa.string())
    )


def _typed(column: pa.Array | None, wanted: pa.DataType, count: int) -> pa.Array:
    if column is None:
        return pa.nulls(count, wanted)
    if column.type == wanted:
        return column
    return column.dictionary_encode() if wanted == CODED else column.cast(wanted)


def _translated(
    column: pa.DictionaryArray, meaning: Callable[[str | None], str | None]
) -> pa.DictionaryArray:
    """The same column with what each text means; nothing where it means nothing."""
    meant = pa.array([meaning(text) for text in column.dictionary.to_pylist()], pa.string())
    return pa.DictionaryArray.from_arrays(column.indices, meant)


def _code(column: pa.DictionaryArray, pattern: str) -> pa.DictionaryArray:
    """The same texts; nothing where it does not have the shape of a code."""
    kept = pc.if_else(_matches(column.dictionary, pattern), column.dictionary, None)
    return pa.DictionaryArray.from_arrays(column.indices, kept)


def _without_bsn(texts: pa.Array, numbers: pa.Array, failed: pa.Array, pseudonyms: Pseudonyms) -> pa.Array:
    """The same texts; one that contains a BSN becomes a pseudonym, the same every time it occurs.

    A BSN is what passes the eleven-test, and the number of the line itself when it fails (``failed``: which lines).
    """
    values = texts.dictionary if pa.types.is_dictionary(texts.type) else texts
    held = pa.array(bsn_inside(values))
    hidden = pseudonyms.references(values.filter(held).to_pylist())
    if hidden:
        kept = pc.replace_with_mask(values, held, pa.array(hidden, pa.string()))
        texts = pa.DictionaryArray.from_arrays(texts.indices, kept) if values is not texts else kept
    own = [
        (row, number)
        for row in failed.to_pylist()
        if len(number := re.sub(r"\D", "", numbers[row].as_py() or "").lstrip("0")) >= FEWEST_DIGITS
        and number in re.sub(r"[^0-9A-Za-z]", "", texts[row].as_py() or "")
    ]
    if not own:
        return texts
    written = texts.to_pylist()
    for row, _ in own:
        written[row] = pseudonyms.reference(written[row])
    return _typed(pa.array(written, pa.string()), texts.type, len(texts))


def _numbered(texts: pa.DictionaryArray, pseudonyms: Pseudonyms) -> pa.DictionaryArray:
    """Numbers of allocations, as texts; one that can be a BSN becomes a number below zero."""
    held = np.flatnonzero(bsn_inside(texts.dictionary))
    if not len(held):
        return texts
    written = texts.dictionary.to_pylist()
    for row in held:
        written[row] = str(pseudonyms.of_number(int(re.sub(r"\D", "", written[row]))))
    return pa.DictionaryArray.from_arrays(texts.indices, pa.array(written, pa.string()))


def _matches(texts: pa.Array, pattern: str) -> pa.Array:
    return pc.fill_null(pc.match_substring_regex(texts, pattern), False)
