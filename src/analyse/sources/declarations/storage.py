"""The store: Parquet by year and municipality, and one manifest that says which files are current.

A read writes new files first, then replaces the manifest in one step, then removes what is no longer named. Whoever
reads meanwhile sees the old store or the new one; a read that breaks off leaves the old one.
"""

from __future__ import annotations

import json
import shutil
import zlib
from pathlib import Path
from typing import Annotated, Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, field_validator

from analyse import store
from analyse.errors import DataError
from analyse.sources.declarations import records
from analyse.sources.declarations.staging import LINE_COLUMNS

MANIFEST = "store.json"
PRIVATE_FOLDER, PRIVATE_FILE = 0o700, 0o600
FORMAT = 2
"""Of the files below; 2 knows the message of a file and what an answer rejects, and masks the numbers of others."""
FILES = {
    "file_id": "VARCHAR", "name": "VARCHAR", "kind": "VARCHAR", "municipality_code": "VARCHAR", "provider": "VARCHAR",
    "lines": "BIGINT", "control_total_cents": "BIGINT", "bytes": "BIGINT", "simulated": "BOOLEAN",
    "read_order": "INTEGER", "message_id": "VARCHAR", "message_date": "DATE",
}  # fmt: skip
TABLES = (*records.OTHER_TABLES, "files")
_NEWEST = {
    "allocations": ("municipality_code", "provider", "allocation_number"),
    "starts": ("municipality_code", "provider", "allocation_number"),
    "stops": ("municipality_code", "provider", "allocation_number"),
    "requests": ("municipality_code", "provider", "provider_reference"),
}
ADDRESSED = ("allocations", "requests")
"""Tables with the postcode at which a youth was registered."""
REMOVED = "3"
"""Status of delivery (StatusAanlevering) of a message that takes an earlier one back."""


def _inside(path: str) -> str:
    if Path(path).is_absolute() or ".." in Path(path).parts:
        raise ValueError(f"{path} lies outside the store")
    return path


_Files = list[Annotated[str, AfterValidator(_inside)]]


class _Manifest(BaseModel):
    """What ``store.json`` says, and nothing else."""

    model_config = ConfigDict(extra="forbid", strict=True)

    format: int
    simulated: bool | None
    label: str
    key: str
    reads: Annotated[int, Field(ge=0)]
    lines: _Files
    tables: dict[str, _Files]
    sums: dict[str, int] = {}
    """CRC-32 of each file, by which damage inside it shows; stores of before have none."""

    @field_validator("tables")
    @classmethod
    def _all_there(cls, tables: dict[str, _Files]) -> dict[str, _Files]:
        absent = [name for name in TABLES if name not in tables]
        if absent:
            raise ValueError(f"{', '.join(absent)} not named")
        return tables


def about(folder: Path | str) -> dict[str, Any]:
    """What the store says of itself: ``simulated``, ``label``, ``key`` (fingerprint), and its files.

    Raises
    ------
    DataError
        If there is no store, or it is of another version.
    """
    path = Path(folder) / MANIFEST
    if not path.is_file():
        raise DataError(
            f"{folder}: no declarations here; run `analyse declarations read PATH --output {folder}`"
        )
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise DataError(f"{path}: cannot be read; read the declarations again into a new folder") from error
    if not isinstance(found, dict) or found.get("format") != FORMAT:
        raise DataError(
            f"{path}: of another version of this program; read the declarations again into a new folder"
        )
    try:
        return _Manifest.model_validate(found).model_dump()
    except ValidationError as error:
        place = ".".join(str(part) for part in error.errors()[0]["loc"])
        raise DataError(
            f"{path}: is not as it was written ({place}: {error.errors()[0]['msg']}); put the file of your last copy "
            "back, or read the declarations again into a new folder"
        ) from error


def empty() -> dict[str, Any]:
    """The manifest of a store in which nothing is."""
    tables: dict[str, list[str]] = {name: [] for name in TABLES}
    return {
        "format": FORMAT,
        "simulated": None,
        "label": "",
        "key": "",
        "reads": 0,
        "lines": [],
        "tables": tables,
        "sums": {},
    }


def open_store(folder: Path | str) -> duckdb.DuckDBPyConnection:
    """A connection with views on the store: see ``docs/declarations.md`` for what each holds.

    Raises
    ------
    DataError
        If there is no store, or a file of it is gone or damaged.
    """
    manifest = about(folder)
    connection = duckdb.connect()
    connection.execute("set enable_progress_bar = false")
    show(connection, Path(folder), manifest)
    return connection


def show(connection: duckdb.DuckDBPyConnection, folder: Path, manifest: dict[str, Any]) -> None:
    """Make the views on a store.

    Parameters
    ----------
    connection : DuckDBPyConnection
        In memory.
    folder : Path
        Of the store.
    manifest : dict
        Which files belong to it.
    """
    _check_files(folder, _named(manifest), manifest["sums"])
    try:
        connection.execute(f"create view lines as {_lines(folder, manifest['lines'])}")
        for name in TABLES:
            connection.execute(f"create view {name}_sent as {_table(folder, name, manifest['tables'][name])}")
        for name, key in _NEWEST.items():
            connection.execute(f"create view {name}_newest as {_newest(name, key)}")
        for statement in _VIEWS:
            connection.execute(statement)
    except duckdb.Error as error:
        raise DataError(
            f"{folder}: a file of the store lacks a column; read the declarations again into a new folder"
        ) from error


def _check_files(folder: Path, named: list[str], sums: dict[str, int]) -> None:
    """Refuse a store of which a file is gone, broken off, or another than was written."""
    lost = [one for one in named if not (folder / one).is_file()]
    if lost:
        raise DataError(
            f"{folder}: {len(lost)} files of the store are gone, first {lost[0]}; read the files again"
        )
    for one in named:
        try:
            pq.read_metadata(folder / one)
            whole = one not in sums or _sum(folder / one) == sums[one]
        except (pa.ArrowException, OSError):
            whole = False
        if not whole:
            raise DataError(
                f"{folder / one}: is damaged; put your last copy back, or read the declarations again into a new folder"
            )


def _sum(path: Path) -> int:
    """The CRC-32 of a file."""
    found = 0
    with path.open("rb") as stream:
        while part := stream.read(2**22):
            found = zlib.crc32(part, found)
    return found


def _named(manifest: dict[str, Any]) -> list[str]:
    return [*manifest["lines"], *(one for paths in manifest["tables"].values() for one in paths)]


def _list(folder: Path, paths: list[str]) -> str:
    return "[" + ", ".join("'" + str(folder / one).replace("'", "''") + "'" for one in paths) + "]"


def _lines(folder: Path, paths: list[str]) -> str:
    columns = ", ".join(LINE_COLUMNS)
    if not paths:
        return (
            "select "
            + ", ".join(f"null::{kind} as {name}" for name, kind in LINE_COLUMNS.items())
            + " limit 0"
        )
    types = "{'year': SMALLINT, 'municipality': VARCHAR}"
    return f"select {columns} from read_parquet({_list(folder, paths)}, hive_partitioning=true, hive_types={types})"


def _table(folder: Path, name: str, paths: list[str]) -> str:
    if paths and name in ADDRESSED:  # a store from before addresses were read has no such column
        given = f"select * from read_parquet({_list(folder, paths)}, union_by_name=true)"
        return f"{given} union all by name select null::VARCHAR as postcode where false"
    if paths:
        return f"select * from read_parquet({_list(folder, paths)})"
    if name == "files":
        return "select " + ", ".join(f"null::{kind} as {one}" for one, kind in FILES.items()) + " limit 0"
    kinds = {pa.string(): "VARCHAR", pa.int64(): "BIGINT", pa.int16(): "SMALLINT", pa.date32(): "DATE"}
    columns = [f"null::{kinds[field.type]} as {field.name}" for field in records.OTHER_TABLES[name]]
    form = [] if name == "rejections" else ["null::VARCHAR as care_form"]
    return "select " + ", ".join([*columns, "null::VARCHAR as file_id", *form]) + " limit 0"


def _newest(name: str, key: tuple[str, ...]) -> str:
    """The last message about each key, without those that were taken back."""
    keys = ", ".join(key)
    kept = f"where delivery is distinct from '{REMOVED}'" if name in ("starts", "stops") else ""
    return f"""
    select * from (
        select * from {name}_sent
        qualify row_number() over (partition by {keys} order by sent_on desc, file_id desc) = 1
    ) {kept}
    """


_VIEWS = (
    "create view files as select * from files_sent",
    "create view rejections as select * exclude (sent_on), sent_on as rejected_on from rejections_sent",
    "create view requests as select * from requests_newest",
    "create view starts as select * from starts_newest",
    "create view stops as select * from stops_newest",
    """
    create view allocations as
    select a.*, r.referrer, r.sent_on as requested_on
    from allocations_newest a
    left join requests r using (municipality_code, provider, provider_reference)
    """,
    """
    create view addresses as
    select client, municipality_code, provider, allocation_number, postcode,
        case when change_reason is null then coalesce(allocated_on, sent_on) else coalesce(sent_on, allocated_on) end
            as known_on
    from allocations_sent where postcode is not null and client is not null
    union all
    select client, municipality_code, provider, null, postcode, sent_on
    from requests_sent where postcode is not null and client is not null
    """,
    "create view payable as select * from lines where status in ('accepted', 'credited')",
    """
    create view declarations as
    select p.* replace (coalesce(p.referrer, a.referrer) as referrer, coalesce(p.age, a.age) as age),
        a.allocated_on, a.requested_on
    from payable p left join allocations a using (municipality_code, provider, allocation_number)
    """,
    """
    create view trajectories as
    select a.municipality_code, a.provider, a.client, a.allocation_number, a.care_form, a.product_code, a.referrer,
        coalesce(s.age, a.age) as age, a.requested_on, a.allocated_on, s.start_date, e.stop_date, e.reason,
        p.first_declared_on
    from allocations a
    left join (
        select municipality_code, provider, allocation_number, min(product_month) as first_declared_on
        from payable group by all
    ) p using (municipality_code, provider, allocation_number)
    left join starts s using (municipality_code, provider, allocation_number)
    left join stops e using (municipality_code, provider, allocation_number)
    """,
    """
    create view reconciliation as
    with counted as (
        select file_id, count(*) as lines, count(*) filter (amount_cents is null) as unread_lines,
            coalesce(sum(amount_cents), 0)::BIGINT as found_cents,
            count(*) filter (status = 'accepted') as accepted_lines,
            coalesce(sum(amount_cents) filter (status = 'accepted'), 0)::BIGINT as accepted_cents,
            count(*) filter (status = 'quarantined') as quarantined_lines,
            coalesce(sum(amount_cents) filter (status = 'quarantined'), 0)::BIGINT as quarantined_cents,
            count(*) filter (status = 'duplicate') as duplicate_lines,
            coalesce(sum(amount_cents) filter (status = 'duplicate'), 0)::BIGINT as duplicate_cents,
            count(*) filter (status = 'credited') as credited_lines,
            coalesce(sum(amount_cents) filter (status = 'credited'), 0)::BIGINT as credited_cents
        from lines group by file_id
    )
    select f.file_id, f.name, f.control_total_cents, f.lines as file_lines, c.* exclude (file_id, found_cents),
        f.control_total_cents - coalesce(c.found_cents, 0) as difference_cents,
        f.control_total_cents = coalesce(c.found_cents, 0) and f.lines = coalesce(c.lines, 0)
            and coalesce(c.unread_lines, 0) = 0 as balanced
    from files f left join counted c using (file_id)
    where f.kind in ('JW323', 'flat')
    order by f.read_order, f.name
    """,
)


def replace(folder: Path, manifest: dict[str, Any], work: Path, gone: list[str]) -> None:
    """Take the files in ``work`` into the store, and then put the manifest in place.

    Parameters
    ----------
    folder : Path
        Of the store.
    manifest : dict
        Which files belong to it; those taken in are added.
    work : Path
        Folder beside the store with what was written.
    gone : list of str
        Files that are no longer part of it.
    """
    for made in sorted(work.rglob("*.parquet")):
        relative = made.relative_to(work)
        target = folder / relative.with_name(f"{manifest['reads']:05d}-{relative.name}")
        target.parent.mkdir(parents=True, exist_ok=True)
        made.rename(target)
        _close(folder, target)
        top = relative.parts[0]
        place = manifest["lines"] if top == "lines" else manifest["tables"][top]
        place.append(str(target.relative_to(folder)))
        manifest["sums"][place[-1]] = _sum(target)
    manifest["lines"] = sorted(set(manifest["lines"]) - set(gone))
    manifest["sums"] = {one: manifest["sums"][one] for one in _named(manifest) if one in manifest["sums"]}
    store.write_text(folder / MANIFEST, json.dumps(manifest, indent=1))
    _close(folder, folder / MANIFEST)
    for one in gone:
        (folder / one).unlink(missing_ok=True)
    shutil.rmtree(work, ignore_errors=True)


def make(folder: Path) -> None:
    """Make the folder of a store, readable by its owner only, also when it exists already.

    Raises
    ------
    OutputError
        If it cannot be made.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=PRIVATE_FOLDER)
        folder.chmod(PRIVATE_FOLDER)
        for path in folder.rglob("*"):  # also what an earlier version left open
            path.chmod(PRIVATE_FOLDER if path.is_dir() else PRIVATE_FILE)
    except OSError as error:
        raise store.cannot_write(folder, error) from error


def _close(folder: Path, path: Path) -> None:
    """Leave a file of the store, and the folders it stands in, to their owner only."""
    path.chmod(PRIVATE_FILE)
    for parent in path.relative_to(folder).parents:
        (folder / parent).chmod(PRIVATE_FOLDER)
