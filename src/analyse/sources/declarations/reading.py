"""Reading declarations: every file among the paths, checked, pseudonymised, judged and stored, or refused whole."""

from __future__ import annotations

import itertools
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import pyarrow as pa

from analyse import store
from analyse.errors import AnalyseError, DataError
from analyse.reading.codes import municipality
from analyse.sources.declarations import (
    archives,
    codes,
    flat,
    layouts,
    messages,
    municipalities,
    other_messages,
    outcome,
    pseudonyms,
    records,
    rules,
    staging,
    statuses,
    storage,
    writing,
)
from analyse.sources.declarations.demo import LABEL
from analyse.sources.declarations.gathered import Gathered
from analyse.sources.declarations.outcome import Reading

TOGETHER = 200_000
"""Lines of small files that are typed in one statement."""
MANY = 1_000
"""Tables of small files that are kept apart: each takes twenty times the memory of its few rows."""


@dataclass
class _State:
    """What is gathered while files are read."""

    connection: duckdb.DuckDBPyConnection
    pseudonyms: pseudonyms.Pseudonyms
    rules: rules.Rules
    known: dict[str, layouts.Layout]
    manifest: dict[str, Any]
    seen: set[str]
    small: Gathered = field(default_factory=Gathered)
    """What is in small messages, until it is enough for tables."""
    pending: list[pa.Table] = field(default_factory=list)
    waiting: int = 0
    other_tables: dict[str, list[pa.Table]] = field(default_factory=dict)
    files: list[dict[str, Any]] = field(default_factory=list)

    def stage(self) -> None:
        """Type the lines of the small files that were gathered."""
        self.make_tables()
        if self.pending:
            parts, self.pending, self.waiting = self.pending, [], 0
            staging.add_lines(self.connection, iter(parts), euros=False, rules=self.rules)

    def make_tables(self) -> None:
        """Make tables of what was gathered of small messages."""
        for name, table in self.small.tables(self.pseudonyms):
            if name == "lines":
                self.pending.append(table)
            else:
                self.gather(name, [table])

    def gather(self, name: str, tables: list[pa.Table]) -> None:
        """Keep what surrounds the lines of one message; many small tables become rows in one."""
        found = self.other_tables.setdefault(name, [])
        found += tables
        if len(found) >= MANY:
            staging.add_other_tables(self.connection, name, pa.concat_tables(found))
            found.clear()


def read(
    paths: Iterable[Path | str],
    output: Path | str,
    *,
    mapping: Path | str | None = None,
    key: Path | str | None = None,
) -> Reading:
    """Read declarations into a store.

    Parameters
    ----------
    paths : iterable of path
        Messages (XML), flat files (CSV, XLSX, Parquet), zip and gzip files, or folders with these.
    output : path
        Folder of the store; made when it is not there, added to when it is.
    mapping : path, optional
        Columns of flat files; by default the one of ``parameters/declarations`` that fits.
    key : path, optional
        Key of the pseudonyms; see ``pseudonyms.key_path``.

    Raises
    ------
    DataError
        If none of the paths is there, no file could be read, or the store was made with another key. A file that is
        wrong is refused, with the reason in the result; the others are read.
    """
    output, secret = Path(output), pseudonyms.read_key(key)
    sources = list(archives.find(paths))
    storage.make(output)
    (output / ".lock").touch(mode=storage.PRIVATE_FILE)
    with store.alone(output / ".lock"):
        manifest = storage.about(output) if (output / storage.MANIFEST).is_file() else storage.empty()
        _check_key(manifest, pseudonyms.fingerprint(secret), output)
        with tempfile.TemporaryDirectory(dir=output, prefix=".work-") as work, duckdb.connect() as connection:
            connection.execute("set preserve_insertion_order = false")
            connection.execute("set enable_progress_bar = false")
            connection.execute("set temp_directory = ?", [str(Path(work) / "spill")])
            state = _begin(connection, output, manifest, pseudonyms.Pseudonyms(secret), mapping=mapping)
            for source in sources:
                state.files.append(_one(source, state))
            state.stage()
            return _finish(state, output, Path(work))


def _check_key(manifest: dict[str, Any], mark: str, output: Path) -> None:
    if manifest["key"] not in ("", mark):
        raise DataError(
            f"{output}: made with another key, so the same youth would get two pseudonyms; put that key back with "
            f"{pseudonyms.KEY_FILE}, or, if it is lost, read all files again into a new folder"
        )
    manifest["key"] = mark


def _begin(
    connection: duckdb.DuckDBPyConnection,
    output: Path,
    manifest: dict[str, Any],
    known: pseudonyms.Pseudonyms,
    *,
    mapping: Path | str | None,
) -> _State:
    storage.show(connection, output, manifest)
    places = municipalities.load()
    staging.prepare(connection, places.listed, places.successors)
    codes.prepare(connection, codes.load(), places.listed, places.successors)
    seen = {one[0] for one in connection.execute("select file_id from files").fetchall()}
    return _State(connection, known, rules.load(), layouts.mappings(mapping), manifest, seen)


def _one(source: archives.Source | archives.Refused, state: _State) -> dict[str, Any]:
    """Read one file: its row in the list of files."""
    row = {"name": source.name, "kind": "", "status": "refused", "reason": "", "lines": 0}
    if isinstance(source, archives.Refused):
        return row | {"reason": source.reason}
    try:
        source = source.held()
        digest, size = source.sha256()
        row |= {"file_id": digest[:16], "bytes": size}
        if row["file_id"] in state.seen:
            return row | {"status": "already read"}
        row |= (
            _message(source, state, row["file_id"])
            if source.kind == "xml"
            else _flat(source, state, row["file_id"])
        )
    except messages.PassedOver as other:
        return row | {"kind": str(other), "status": "passed over"}
    except Exception as error:  # whatever a file makes a library throw, the others are read
        return row | {"reason": _reason(error)}
    state.seen.add(row["file_id"])
    return row | {"status": "read"}


def _reason(error: Exception) -> str:
    """Why a file is refused; the words of a library, in which a cell may stand, are no part of it."""
    if isinstance(error, AnalyseError):
        return str(error)
    what = getattr(error, "strerror", None) or type(error).__name__
    return f"cannot be read ({what}); ask for it again, or save it as CSV UTF-8"


def _message(source: archives.Source, state: _State, file_id: str) -> dict[str, Any]:
    message = records.Message(file_id)
    with source.open() as stream:
        message.simulated = messages.is_simulated(stream)
    _check_label(state, message.simulated)
    rest: dict[str, list[pa.Table]] = {}
    with source.open() as stream:
        found = messages.read(stream, state.pseudonyms, message, together=state.small)
        parts = _lines_of(found, rest)
        held: list[pa.Table] = []
        for table in parts:
            held.append(table)
            if sum(one.num_rows for one in held) >= TOGETHER:
                break
        else:
            state.pending += held
            state.waiting += message.lines
            held = []
        if held:  # a large file, line after line and not in memory
            state.stage()
            whole = itertools.chain(held, parts)
            staging.add_lines(state.connection, whole, euros=False, rules=state.rules)
    if state.small.full:
        state.make_tables()
    if state.waiting >= TOGETHER or len(state.pending) >= MANY:
        state.stage()
    for name, tables in rest.items():
        state.gather(name, tables)
    return _row(message.kind, message.simulated, message.lines, message.control_cents) | {
        "municipality_code": municipality(message.municipality),
        "provider": other_messages.coded(message.provider, r"\d{8}"),
        "message_id": other_messages.without_bsn(
            other_messages.reference(message.message_id), "", state.pseudonyms
        ),
        "message_date": other_messages.as_date(message.sent_on),
    }


def _lines_of(parts: Iterator[tuple[str, pa.Table]], rest: dict[str, list[pa.Table]]) -> Iterator[pa.Table]:
    """The declared lines in a message; what surrounds them goes to ``rest``."""
    for name, table in parts:
        if name == "lines":
            yield table
        else:
            rest.setdefault(name, []).append(table)


def _flat(source: archives.Source, state: _State, file_id: str) -> dict[str, Any]:
    file = flat.Flat(source, state.known)
    tables = file.read(state.pseudonyms)
    first = next(tables, None)
    if first is None:
        raise DataError("no lines in it")
    _check_label(state, file.simulated)
    whole = (records.stamped(one, file_id) for one in itertools.chain([first], tables))
    staging.add_lines(state.connection, whole, euros=file.layout.amount_unit == "euro", rules=state.rules)
    return _row("flat", file.simulated, file.lines, file.control_cents) | dict.fromkeys(
        ("municipality_code", "provider", "message_id", "message_date")
    )


def _row(kind: str, simulated: bool, lines: int, total: int) -> dict[str, Any]:
    declared = kind in ("JW323", "flat")
    return {
        "kind": kind,
        "simulated": simulated,
        "lines": lines,
        "control_total_cents": total if declared else None,
    }


def _check_label(state: _State, simulated: bool) -> None:
    """Simulated and real declarations do not go into one store."""
    if state.manifest["simulated"] is None:
        state.manifest |= {"simulated": simulated, "label": LABEL if simulated else ""}
    elif state.manifest["simulated"] != simulated:
        what, other = ("simulated", "real") if simulated else ("real", "simulated")
        raise DataError(
            f"{what} declarations, and the store holds {other} ones; read them into another folder"
        )


def _finish(state: _State, output: Path, work: Path) -> Reading:
    """Judge the lines, write the store, and tell what was read."""
    connection, files = state.connection, pd.DataFrame(state.files)
    if files.empty or not (files["status"] == "read").any():
        return outcome.of(files, connection, [])
    _stage_rest(state)
    _make_stored(connection)
    messages_read = files.loc[(files["status"] == "read") & (files["kind"] == "JW323")]
    statuses.prepare(connection, messages_read.reindex(columns=list(storage.FILES)))
    statuses.judge(connection)
    gone = writing.write_lines(connection, state.manifest, statuses.changed(connection), work)
    for name in state.other_tables:
        writing.write_other_table(connection, name, work)
    state.manifest["reads"] += 1
    writing.write_files(connection, files.loc[files["status"] == "read"], state.manifest["reads"], work)
    storage.replace(output, state.manifest, work, gone)
    now = sorted(set(files.loc[files["status"] == "read", "file_id"]))
    with storage.open_store(output) as opened:
        return outcome.of(files, opened, now)


def _stage_rest(state: _State) -> None:
    for name, tables in state.other_tables.items():
        if tables:
            staging.add_other_tables(state.connection, name, pa.concat_tables(tables))


def _make_stored(connection: duckdb.DuckDBPyConnection) -> None:
    """Keys of the stored lines of providers that occur now."""
    connection.execute("""
        create temp table stored as
        select file_id, line_number, year, municipality_code, provider, client, reference, previous_reference,
            amount_cents, debit_credit, declared_on, status, rule
        from lines
        where provider in (select provider from staged union select provider from staged_rejections)
    """)
