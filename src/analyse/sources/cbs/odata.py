"""A table by the fourth or the third version of the interface, described and read in one form.

Version 4 gives observations (one row per cell) and says why a cell is empty; version 3 gives one row per key with a
column per measure. Its untyped form is read, because only that shows why a cell is empty. See docs/sources.md.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, urlencode, urljoin

import pandas as pd

from analyse.errors import DataError
from analyse.sources.cbs.client import Absent, Client

VALUE, WHY = "value", "why"
"""Columns of a cell: its number, and in its place ``.``, ``x`` or nothing when it has none."""
WHY_V4 = {"None": "", "Confidential": "x", "NotAvailable": ".", "Impossible": "", "": ""}
ITEM_COLUMNS = ["code", "key", "title", "status"]


@dataclass(frozen=True)
class Described:
    """What a host says about a table.

    ``dimensions`` is name -> kind; ``measures`` is identifier -> title and unit; ``items`` is, for each dimension, a
    table with code, key (the code as the host writes it, with its spaces), title and status.
    """

    table: str
    host: str
    base: str
    title: str
    edition: str
    dimensions: Mapping[str, str]
    measures: Mapping[str, tuple[str, str]]
    items: dict[str, pd.DataFrame] = field(default_factory=dict)


def describe(client: Client, table: str, hosts: Sequence[str], bases: Mapping[str, str]) -> Described:
    """Ask what a table looks like, at the first host that has it.

    Parameters
    ----------
    client : Client
        Asks, and keeps what was answered.
    table : str
        Code of the table, such as "85099NED".
    hosts : sequence of str
        Where to ask, in this order.
    bases : mapping of str to str
        The address of each host.

    Raises
    ------
    Absent
        If none of the hosts has the table.
    DataError
        If a host answers something else.
    """
    for host in hosts:
        client.raw.edition = ""
        read = _described_v4 if host == "v4" else _described_v3
        try:
            return read(client, table, host, bases[host])
        except Absent:
            if host == hosts[-1]:
                raise
    raise DataError(f"update: {table}: no host is configured")


def items(client: Client, described: Described, dimension: str) -> pd.DataFrame:
    """The codes of a dimension: code, key, title, status; asked once.

    Parameters
    ----------
    client : Client
        Asks, and keeps what was answered.
    described : Described
        The table.
    dimension : str
        Name of the dimension, such as "RegioS".
    """
    if dimension not in described.items:
        name, key = (f"{dimension}Codes", "Identifier") if described.host == "v4" else (dimension, "Key")
        rows = list(_rows(client, _address(described, name, {})))
        described.items[dimension] = pd.DataFrame(
            [
                {
                    "code": str(row[key]).strip(),
                    "key": str(row[key]),
                    "status": str(row.get("Status") or ""),
                    "title": " ".join(str(row.get("Title") or "").split()),
                }
                for row in rows
            ],
            columns=ITEM_COLUMNS,
        )
    return described.items[dimension]


def cells(
    client: Client,
    described: Described,
    chosen: Mapping[str, Sequence[str]],
    measures: Sequence[str],
    *,
    longest_query: int,
) -> pd.DataFrame:
    """Read cells.

    Parameters
    ----------
    client : Client
        Asks and keeps.
    described : Described
        From ``describe``.
    chosen : mapping
        Dimension -> keys to take; a dimension that is not named is taken whole.
    measures : sequence of str
        Identifiers of measures.
    longest_query : int
        Longer questions are asked in parts.

    Returns
    -------
    DataFrame
        The dimensions (codes without spaces), ``measure``, ``value`` and ``why``.

    Raises
    ------
    DataError
        If a page lacks a column or a cell comes twice.
    """
    v4 = described.host == "v4"
    chosen = {**chosen, **({"Measure": list(measures)} if v4 else {})}
    read = _cells_v4 if v4 else _cells_v3
    rows = []
    for question in _questions(described, chosen, measures, longest_query):
        entity = "Observations" if v4 else "UntypedDataSet"
        rows.extend(_rows(client, _address(described, entity, question)))
    frame = pd.DataFrame(rows)
    wanted = [*described.dimensions, *(["Measure", "Value"] if v4 else measures)]
    absent = [name for name in wanted if name not in frame]
    if len(frame) and absent:
        raise DataError(f"update: {described.table}: the data have no column {', '.join(absent)}")
    asked = _asked(client, described, chosen)
    if frame.empty:
        _check_count(described, asked * len(measures), 0)
        return pd.DataFrame(columns=[*described.dimensions, "measure", VALUE, WHY])
    cells = read(frame, list(described.dimensions), measures)
    key = [*described.dimensions, "measure"]
    twice = cells.duplicated(key)
    if twice.any():
        first = "/".join(cells.loc[twice, key].iloc[0])
        raise DataError(
            f"update: {described.table}: {int(twice.sum())} cells came twice, first {first}; nothing was replaced"
        )
    _check_count(described, asked * len(measures), len(cells))
    return cells


def _asked(client: Client, described: Described, chosen: Mapping[str, Sequence[str]]) -> int:
    """How many keys a question is about: each combination of the codes of the dimensions."""
    counts = [
        len(chosen[name]) if name in chosen else len(items(client, described, name))
        for name in described.dimensions
    ]
    return math.prod(counts)


def _check_count(described: Described, asked: int, came: int) -> None:
    """Refuse a download that ended early, or brought more than was asked."""
    if came != asked:
        raise DataError(
            f"update: {described.table} ({described.title}): {asked:,} cells were asked and {came:,} came, so the "
            "answer is not whole; nothing was replaced. Try again later"
        )


def _described_v4(client: Client, table: str, host: str, base: str) -> Described:
    address = f"{base}/{table}"
    properties = client.get(f"{address}/Properties", reuse=False)
    client.raw.edition = f"{table} {properties.get('Modified', '')}"
    dimensions = {row["Identifier"]: row.get("Kind", "") for row in _rows(client, f"{address}/Dimensions")}
    measures = {
        row["Identifier"]: (row.get("Title") or "", row.get("Unit") or "")
        for row in _rows(client, f"{address}/MeasureCodes")
    }
    return Described(
        table,
        host,
        address,
        properties.get("Title") or "",
        properties.get("Modified") or "",
        dimensions,
        measures,
    )


def _described_v3(client: Client, table: str, host: str, base: str) -> Described:
    address = f"{base}/{table}"
    properties = client.get(f"{address}/TableInfos?$format=json", reuse=False)
    info = (properties.get("value") or [{}])[0]
    client.raw.edition = f"{table} {info.get('Modified', '')}"
    properties = list(_rows(client, f"{address}/DataProperties?$format=json"))
    dimensions = {row["Key"]: row["Type"] for row in properties if "Dimension" in row.get("Type", "")}
    measures = {
        row["Key"]: (row.get("Title") or "", row.get("Unit") or "")
        for row in properties
        if row.get("Type") == "Topic"
    }
    return Described(
        table, host, address, info.get("Title") or "", info.get("Modified") or "", dimensions, measures
    )


def _rows(client: Client, address: str) -> Iterator[dict[str, Any]]:
    """All rows of a question, page after page.

    Raises
    ------
    DataError
        If a page is not a list, pages refer to each other, or there are more than configured.
    """
    seen: set[str] = set()
    while address:
        if address in seen or len(seen) >= client.network.most_pages:
            why = "the pages refer to each other" if address in seen else f"more than {len(seen)} pages"
            raise DataError(
                f"update: {address.split('?')[0]}: {why}; stopped, and nothing was replaced. "
                "most_pages in parameters/open_data.yaml is the limit"
            )
        seen.add(address)
        page = client.get(address)
        rows = page.get("value")
        if not isinstance(rows, list):
            raise DataError(
                f"update: {address.split('?')[0]}: the answer has no list 'value'; nothing was replaced"
            )
        yield from rows
        following = page.get("@odata.nextLink") or page.get("odata.nextLink")
        address = urljoin(address, following) if following else ""


def _address(described: Described, entity: str, question: Mapping[str, str]) -> str:
    asked = dict(question) if described.host == "v4" else {"$format": "json", **question}
    text = urlencode(asked, quote_via=quote, safe="$'(),=")
    return f"{described.base}/{entity}" + (f"?{text}" if text else "")


def _questions(
    described: Described, chosen: Mapping[str, Sequence[str]], measures: Sequence[str], longest: int
) -> Iterator[dict[str, str]]:
    """The filters, in parts none of which is too long; the longest list is divided."""
    parts = {name: _either(name, keys) for name, keys in chosen.items()}
    select = {} if described.host == "v4" else {"$select": ",".join([*described.dimensions, *measures])}
    question = {"$filter": " and ".join(parts.values()), **select}
    if not parts:
        yield select
        return
    if len(_address(described, "", question)) - len(described.base) <= longest:
        yield question
        return
    divided = max(parts, key=lambda name: len(parts[name]))
    keys = list(chosen[divided])
    if len(keys) == 1:
        raise DataError(
            f"update: {described.table}: a question of {longest} characters does not fit; raise longest_query"
        )
    for half in (keys[: len(keys) // 2], keys[len(keys) // 2 :]):
        yield from _questions(described, {**chosen, divided: half}, measures, longest)


def _either(name: str, keys: Sequence[str]) -> str:
    escaped = [str(key).replace("'", "''") for key in keys]
    return "(" + " or ".join(f"{name} eq '{key}'" for key in escaped) + ")"


def _cells_v4(frame: pd.DataFrame, dimensions: list[str], measures: Sequence[str]) -> pd.DataFrame:
    why = frame.get("ValueAttribute", pd.Series("", index=frame.index)).fillna("").astype("str")
    unknown = sorted(set(why) - set(WHY_V4))
    if unknown:
        raise DataError(
            f"update: unknown reason for an empty cell: {', '.join(unknown)}; expected {', '.join(WHY_V4)}"
        )
    value = pd.to_numeric(frame["Value"], errors="coerce")
    silent = value.isna() & why.isin(["None", ""])
    if silent.any():
        raise DataError(
            f"update: {int(silent.sum())} cells are empty without a reason, first "
            f"{'/'.join(frame.loc[silent, dimensions].astype('str').iloc[0])}; nothing was replaced"
        )
    codes = frame[dimensions].apply(lambda column: column.astype("str").str.strip())
    return codes.assign(measure=frame["Measure"].astype("str"), value=value, why=why.map(WHY_V4))


def _cells_v3(frame: pd.DataFrame, dimensions: list[str], measures: Sequence[str]) -> pd.DataFrame:
    codes = frame[dimensions].apply(lambda column: column.astype("str").str.strip())
    long = pd.concat([codes.assign(measure=name, text=frame[name]) for name in measures], ignore_index=True)
    text = long.pop("text").fillna("").astype("str").str.strip()
    value = pd.to_numeric(text.str.replace(",", "."), errors="coerce")
    wrong = value.isna() & ~text.isin(["", ".", "x", "-"])
    if wrong.any():
        raise DataError(
            f"update: got {text[wrong].iloc[0]!r} as a value, expected a number, '.', 'x' or nothing "
            f"({int(wrong.sum())} such cells)"
        )
    value = value.where(text != "-", 0.0)  # a dash is nil
    return long.assign(value=value, why=text.where(value.isna(), ""))


def plain(name: str) -> str:
    """A title or name in small letters without anything but letters and digits; the number behind a name goes.

    Examples
    --------
    >>> plain("GerealiseerdeKosten_2"), plain("Gerealiseerde kosten")
    ('gerealiseerdekosten', 'gerealiseerdekosten')
    """
    return re.sub(r"[\W_]", "", re.sub(r"_\d+$", "", name).casefold())


def texts(
    client: Client, described: Described, chosen: Mapping[str, Sequence[str]], *, longest_query: int
) -> pd.DataFrame:
    """Rows of a table whose measures are words, such as names and codes of areas; version 3 only.

    Parameters
    ----------
    client, described
        As for ``items``.
    chosen : mapping of str to sequence of str
        Codes that are asked for, by dimension.
    longest_query : int
        Characters that the query of one request may have.
    """
    rows: list[dict[str, Any]] = []
    for question in _questions(described, chosen, list(described.measures), longest_query):
        rows.extend(_rows(client, _address(described, "TypedDataSet", question)))
    _check_count(described, _asked(client, described, chosen), len(rows))
    frame = pd.DataFrame(rows, columns=[*described.dimensions, *described.measures])
    return frame.apply(lambda column: column.fillna("").astype("str").str.strip())
