"""The embedded snapshot of published figures: read, verified against its package, known errors marked."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import zlib
from collections.abc import Callable, Collection
from pathlib import Path
from typing import Annotated, Any

import pandas as pd
from pydantic import BaseModel, Field

from analyse import cache, parameters, schema, store
from analyse.errors import DataError
from analyse.sources import corrections, cross_checks, scope

Tables = dict[str, pd.DataFrame]

PACKED = b"\x1f\x8b"
"""How a table begins that is packed with gzip: the large ones that are read as a whole."""


class _Resource(BaseModel):
    """What must be known of a table; a package may say more."""

    name: str
    path: Annotated[str, Field(pattern=r"^[a-z0-9_]+\.csv(\.gz)?$")]
    hash: Annotated[str, Field(pattern=r"^sha256:[0-9a-f]{64}$")]
    rows: Annotated[int, Field(ge=0)]
    title: str = ""
    temporal: str = ""
    stated: str = ""
    sources: list[dict[str, str]] = []
    licenses: list[dict[str, str]] = []


class _Package(BaseModel):
    """What must be known of a dataset."""

    version: str
    description: str
    created: str
    resources: list[_Resource]


def load(dataset: str = "open", *, regions: Collection[str] = parameters.THREE_REGIONS) -> Tables:
    """Return every table of a dataset, checked byte for byte and row for row, with known source errors marked.

    Parameters
    ----------
    dataset : str
        Name of a folder below ``data/`` with a ``datapackage.json``.
    regions : collection of str
        Youth regions whose municipalities are kept, by default those of ``parameters.Run``;
        ``parameters.COUNTRY`` keeps all.

    Returns
    -------
    dict of DataFrame
        One entry per name in ``analyse.schema.TABLES``, typed as declared there; an optional table that the
        dataset lacks has no rows. Cells named in ``data/corrections.yaml`` are empty and have status ``faulty``.

    Raises
    ------
    DataError
        If a file is missing or altered, or a table does not fit its schema.
    ParameterError
        If the dataset has no such region.

    Examples
    --------
    >>> load()["costs"].columns.tolist()[:5]
    ['municipality_code', 'year', 'report', 'taakveld', 'cost_eur']
    """
    store.note(f"data/{dataset}", data_hash(dataset))
    store.note_file(_corrections())
    return scope.within(_kept(dataset, lambda: _whole(dataset)), regions)


def keep(tables: Tables, dataset: str) -> None:
    """Let the other processes of a run read the tables of the whole country as they were loaded here."""
    _kept(dataset, lambda: tables)


def _kept(dataset: str, make: Callable[[], Tables]) -> Tables:
    """The tables of the whole country, read and checked once in a run."""
    data = store.hash_files([store.root() / "data" / dataset / "datapackage.json", _corrections()])
    return dict(cache.of_run("tables", {"dataset": dataset}, make, data=data))


def _whole(dataset: str) -> Tables:
    with store.unnoted():
        return _typed(corrections.apply(_texts(dataset), corrections.read(_corrections())), dataset)


def _corrections() -> Path:
    return store.root() / "data" / "corrections.yaml"


def as_published(dataset: str = "open") -> Tables:
    """Return every table as ``load`` does, but without known errors marked, to make a new dataset from.

    Raises
    ------
    DataError
        If a file is missing or altered, or a table does not fit its schema.
    """
    return _typed(_texts(dataset), dataset)


def some(names: Collection[str]) -> Tables:
    """Return a few tables of the whole country as ``load`` does, without reading the others.

    Not those in which ``data/corrections.yaml`` marks errors.

    Raises
    ------
    DataError
        If a file is missing or altered, or a table does not fit its schema.
    """
    store.note("data/open", data_hash("open"))
    resources = _declared("open")
    made = {name: _checked("open", resources[name], _read("open", resources[name])) for name in names}
    return _typed(made, "open")


def verify(dataset: str = "open") -> pd.DataFrame:
    """Return one row per table: ``table``, ``file``, ``rows``, ``sha256`` and ``problem`` (empty without one)."""
    rows: list[dict[str, Any]] = []
    tables: Tables = {}
    store.note(f"data/{dataset}", data_hash(dataset))
    for name, resource in _declared(dataset).items():
        where = f"data/{dataset}/{resource['path']}"
        sha256 = resource["hash"].removeprefix("sha256:")
        row = {"table": name, "file": where, "rows": resource["rows"], "sha256": sha256}
        try:
            content = _read(dataset, resource)
            _check_bytes(content, resource, where)
            tables[name] = schema.check(_parse(content, where), name, where)
            row["problem"] = ""
        except DataError as error:
            row["problem"] = str(error)
        rows.append(row)
    if len(tables) == len(rows):
        _check_together(tables, f"data/{dataset}", rows)
    return pd.DataFrame(rows)


def _check_together(tables: Tables, where: str, rows: list[dict[str, Any]]) -> None:
    """Note where tables contradict each other, in the table concerned."""
    try:
        cross_checks.check(tables, where)
    except DataError as error:
        for row in rows:
            if str(error).startswith(f"{row['file'].removesuffix('.gz')}:"):
                row["problem"] = str(error)


def package(dataset: str = "open") -> dict[str, Any]:
    """Return the Frictionless Data Package of a dataset: version, titles, sources, licences, checksums.

    Raises
    ------
    DataError
        If there is no such dataset, or its package is not valid JSON.
    """
    path = store.root() / "data" / dataset / "datapackage.json"
    try:
        described = json.loads(path.read_text(encoding="utf-8"))
        parameters.validated(_Package, described, _short(path), error=DataError)
        store.note(f"description/{dataset}", description_hash(described))
        return described
    except FileNotFoundError as error:
        known = sorted(p.parent.name for p in (store.root() / "data").glob("*/datapackage.json"))
        raise DataError(f"dataset {dataset!r}: no {_short(path)}; there is {', '.join(known)}") from error
    except ValueError as error:
        raise DataError(f"{_short(path)}: not valid JSON ({error}); restore it with git checkout") from error
    except (OSError, RecursionError) as error:
        raise DataError(f"{_short(path)}: cannot be read; restore it with git checkout") from error


def description_hash(package: dict[str, Any]) -> str:
    """Return the hash of a package without the contents of its tables: titles, sources, licences, fields."""
    described = [
        {key: value for key, value in resource.items() if key not in ("hash", "bytes")}
        for resource in package["resources"]
    ]
    return hashlib.sha256(json.dumps({**package, "resources": described}).encode()).hexdigest()[:20]


def data_hash(dataset: str) -> str:
    """Return the hash of all tables of a dataset, from the checksums in its package."""
    return store.hash_files([store.root() / "data" / dataset / "datapackage.json"])


def _declared(dataset: str) -> dict[str, dict[str, Any]]:
    resources = {resource["name"]: resource for resource in package(dataset)["resources"]}
    missing = [name for name, table in schema.TABLES.items() if name not in resources and not table.optional]
    if missing:
        raise DataError(
            f"data/{dataset}/datapackage.json: no table {', '.join(missing)}; restore it with git checkout"
        )
    return {name: resources[name] for name in schema.TABLES if name in resources}


def _resources(dataset: str) -> dict[str, tuple[dict[str, Any], bytes]]:
    return {name: (resource, _read(dataset, resource)) for name, resource in _declared(dataset).items()}


def _read(dataset: str, resource: dict[str, Any]) -> bytes:
    path = store.root() / "data" / dataset / resource["path"]
    try:
        return path.read_bytes()
    except OSError as error:
        raise DataError(
            f"{_short(path)}: cannot be read ({error.strerror}); restore it with git checkout"
        ) from error


def _check_bytes(content: bytes, resource: dict[str, Any], where: str) -> None:
    actual = hashlib.sha256(content).hexdigest()
    expected = resource["hash"].removeprefix("sha256:")
    if actual != expected:
        raise DataError(
            f"{where}: altered (sha256 {actual[:12]}…, expected {expected[:12]}…); restore it with git checkout {where}"
        )


def _texts(dataset: str) -> Tables:
    """Every table with its cells as text; what the dataset lacks has no rows."""
    tables = {
        name: pd.DataFrame(columns=table.column_names, dtype="str") for name, table in schema.TABLES.items()
    }
    store.note(f"data/{dataset}", data_hash(dataset))
    for name, (resource, content) in _resources(dataset).items():
        tables[name] = _checked(dataset, resource, content)
    cross_checks.check(tables, f"data/{dataset}")
    schema.check(tables["regions"], "regions", f"data/{dataset}/regions.csv")  # before a part of it is chosen
    return tables


def _checked(dataset: str, resource: dict[str, Any], content: bytes) -> pd.DataFrame:
    """The cells of a table as text, with the checksum, columns and number of rows that its package says."""
    where = f"data/{dataset}/{resource['path']}"
    _check_bytes(content, resource, where)
    table = _parse(content, where)
    schema.check_columns(table, resource["name"], where)
    if len(table) != resource["rows"]:
        raise DataError(f"{where}: {len(table)} rows, datapackage.json says {resource['rows']}")
    return table


def _typed(texts: Tables, dataset: str) -> Tables:
    return {name: schema.check(frame, name, f"data/{dataset}/{name}.csv") for name, frame in texts.items()}


def _parse(content: bytes, where: str) -> pd.DataFrame:
    try:
        plain = gzip.decompress(content) if content.startswith(PACKED) else content
        return pd.read_csv(io.BytesIO(plain), dtype=str, keep_default_na=False, na_values=[""])
    except (ValueError, UnicodeDecodeError, OSError, EOFError, zlib.error) as error:
        raise DataError(f"{where}: not a CSV table ({error})") from error


def _short(path: Path) -> str:
    return str(path.relative_to(store.root())) if path.is_relative_to(store.root()) else str(path)
