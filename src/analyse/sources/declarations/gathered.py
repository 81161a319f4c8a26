"""Declared lines and what surrounds them, gathered as texts until there are enough of them for a table.

A table of the few lines of one small message takes as long to make as one of thousands, so small messages are gathered
together: each of them whole, or not at all. What is gathered holds the BSNs as they were sent; it lives in memory only,
and no table that is made of it has them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa

from analyse.sources.declarations import records
from analyse.sources.declarations.pseudonyms import Pseudonyms
from analyse.sources.declarations.records import Message

BATCH = 10_000
"""Lines or rows that are made into a table."""
FIELDS = {
    "ReferentieNummer": "reference",
    "VorigReferentieNummer": "previous_reference",
    "ToewijzingNummer": "allocation_number",
    "ProductCategorie": "product_category",
    "ProductCode": "product_code",
    "Begindatum": "period_start",
    "Einddatum": "period_end",
    "GeleverdVolume": "volume",
    "Eenheid": "unit",
    "ProductTarief": "tariff",
    "Bedrag": "amount",
    "DebetCredit": "debit_credit",
}
"""Fields of a line (Prestatie): their names are unique within it, at whatever depth they stand."""
_AMOUNT, _SIGN = (list(FIELDS.values()).index(name) for name in ("amount", "debit_credit"))


class _Stretch(NamedTuple):
    """Lines that follow each other under one head."""

    lines: int
    first: int
    """Number of its first line in the file."""
    file_id: str
    municipality: str
    provider: str
    declared_on: str
    declaration_number: str


@dataclass
class Gathered:
    """What was read of a message, or of more."""

    texts: list[str | None] = field(default_factory=list)
    """Line after line, ``FIELDS`` each; a list for each line would keep the garbage collector busy."""
    numbers: list[str] = field(default_factory=list)
    """The BSN of each client, and in ``repeats`` how many lines it has."""
    repeats: list[int] = field(default_factory=list)
    stretches: list[_Stretch] = field(default_factory=list)
    rows: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    """Rows of the other tables, each with the name of its table."""
    closed: int = 0
    """Lines that are in a stretch."""

    @property
    def lines(self) -> int:
        """How many lines there are."""
        return len(self.texts) // len(FIELDS)

    @property
    def full(self) -> bool:
        """Whether there is enough for a table."""
        return self.lines >= BATCH or len(self.rows) >= BATCH

    def add(self, number: str, texts: list[str | None]) -> None:
        """Add the lines of a client."""
        self.texts += texts
        self.numbers.append(number)
        self.repeats.append(len(texts) // len(FIELDS))

    def add_rows(self, name: str, rows: Iterable[dict[str, Any]], message: Message) -> None:
        """Add rows of another table, as part of the file of the message.

        Parameters
        ----------
        name : str
            One of ``records.OTHER_TABLES``.
        rows : iterable of dict
            Values by column.
        message : Message
            In which they stand.
        """
        self.rows += [(name, row | {"file_id": message.file_id}) for row in rows]

    def close(self, message: Message) -> None:
        """End a stretch: the lines since the one before have the head that the message has now."""
        count = self.lines - self.closed
        if not count:
            return
        head = (message.head.get(name, "") for name in ("DeclaratieDagtekening", "DeclaratieNummer"))
        first = message.lines + 1
        self.stretches.append(
            _Stretch(count, first, message.file_id, message.municipality, message.provider, *head)
        )
        width = len(FIELDS)
        new = self.texts[self.closed * width :]
        message.found_cents += _signed_total(new[_AMOUNT::width], new[_SIGN::width])
        message.lines += count
        self.closed += count

    def take(self, other: Gathered) -> None:
        """Add what another one gathered, all of whose lines are in a stretch."""
        self.texts += other.texts
        self.numbers += other.numbers
        self.repeats += other.repeats
        self.stretches += other.stretches
        self.rows += other.rows
        self.closed += other.closed

    def tables(self, pseudonyms: Pseudonyms) -> Iterator[tuple[str, pa.Table]]:
        """The tables of what was gathered, by name and without a BSN; afterwards nothing is left here."""
        if self.texts:
            yield "lines", self._table(pseudonyms)
        of_each: dict[str, list[dict[str, Any]]] = {}
        for name, row in self.rows:
            of_each.setdefault(name, []).append(row)
        for name, rows in of_each.items():
            yield name, pa.Table.from_pylist(rows, schema=records.stored_schema(name))
        self.texts, self.numbers, self.repeats = [], [], []
        self.stretches, self.rows, self.closed = [], [], 0

    def _table(self, pseudonyms: Pseudonyms) -> pa.Table:
        lengths = [one.lines for one in self.stretches]
        stretch = np.repeat(np.arange(len(lengths)), lengths)
        columns = {
            name: pa.array(self.texts[place :: len(FIELDS)], pa.string())
            for place, name in enumerate(FIELDS.values())
        }
        heads = {name: _spread(values, stretch) for name, values in self._heads().items()}
        clients = np.repeat(np.arange(len(self.numbers), dtype=np.int32), self.repeats)
        numbers = pa.DictionaryArray.from_arrays(clients, pa.array(self.numbers, pa.string()))
        begins = np.cumsum([0, *lengths])[:-1] - [one.first for one in self.stretches]
        in_file = (np.arange(len(stretch)) - begins[stretch]).astype(np.int32)
        files = heads.pop("file_id")
        guarded = records.guarded(columns | heads, numbers, pseudonyms, first=1)
        return records.placed(guarded, files, pa.array(in_file))

    def _heads(self) -> dict[str, list[str]]:
        """What the heads say, stretch by stretch."""
        names = ("file_id", "municipality", "provider", "declared_on", "declaration_number")
        return {name: [getattr(one, name) for one in self.stretches] for name in names}


def _spread(values: list[str], stretch: np.ndarray) -> pa.DictionaryArray:
    """A value for each stretch, as one for each line."""
    coded = pa.array(values, pa.string()).dictionary_encode()
    return pa.DictionaryArray.from_arrays(coded.indices.take(pa.array(stretch)), coded.dictionary)


def _signed_total(amounts: list[str | None], signs: list[str | None]) -> int:
    """Total in eurocents, credit negative; what is not a number of at most twelve digits is not counted."""
    return sum(
        -int(amount) if sign == "C" else int(amount)
        for amount, sign in zip(amounts, signs, strict=True)
        if amount is not None and len(amount) <= 12 and amount.isascii() and amount.isdigit()
    )
