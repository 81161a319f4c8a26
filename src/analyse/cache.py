"""The results cache: what a run computes once for all its notebooks, as Arrow files that each of them maps into memory.

A result is named after the hash of everything it is made from: its choices and data, the files of ``parameters/``, the
locked packages, and the modules that its maker imports, directly or through others. Whoever needs it first makes it.
Results made from published figures stand in the folder that ``ANALYSE_SHARED`` names, beside the reports; those made
from declarations stand with their store (``private``), where nobody else may look. Outside a run nothing is kept.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import re
import time
from collections.abc import Callable, Mapping
from functools import cache, partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from analyse import store
from analyse.errors import OutputError

FOLDER = "ANALYSE_SHARED"
"""Environment variable with the folder of shared results; not set: everything is made on the spot."""
PRIVATE = ".cache"
"""Folder inside a store of declarations."""
KEEP_SECONDS = 45 * 24 * 3600
"""A monthly run still finds the results of the run before."""
ABOUT = b"analyse"
"""Metadata of a file: what its maker wants to know of it, as JSON."""
NOT_USED = "scenarios"
"""Folder of ``parameters/`` that no cached result is made from."""
IMPORTS = re.compile(r"^\s*(?:from (analyse[\w.]*) import (\([^)]*\)|.*)|import (analyse[\w.]*))", flags=re.M)

Value = pd.DataFrame | np.ndarray | int | float | str | None


def on() -> bool:
    """Whether a run is on that shares results."""
    return bool(os.environ.get(FOLDER))


def shared_folder() -> Path:
    """The folder of results that are made from published figures."""
    return Path(os.environ[FOLDER])


def key(what: str, choices: Mapping[str, Any], maker: Callable[..., Any], data: str) -> str:
    """The hash of everything that a result is made from.

    Parameters
    ----------
    what : str
        Name of the result.
    choices : mapping
        Everything chosen that it depends on.
    maker : callable
        What makes it; its module says which code counts.
    data : str
        Hash of the data it is made from.
    """
    maker = maker.func if isinstance(maker, partial) else maker
    named = [what, dict(choices), data, code(maker.__module__), *_surroundings(store.root())]
    return hashlib.sha256(json.dumps(named, sort_keys=True).encode()).hexdigest()[:20]


def stored(path: Path, make: Callable[[], pa.Table], *, private: bool = False) -> Path:
    """Make and write a result unless it exists, and record that it was used.

    Parameters
    ----------
    path : Path
        Where it stands; one process makes it while others that want it wait.
    make : callable
        Gives the table; each of its record batches can be read apart.
    private : bool
        Whether only the owner of the folder may read it.
    """
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700 if private else 0o777)
        lock = path.with_suffix(".lock")
        lock.touch(mode=0o600 if private else 0o666)
        with store.alone(lock):
            if not path.exists():
                table, sink = make(), pa.BufferOutputStream()
                with pa.ipc.new_file(sink, table.schema) as writer:
                    writer.write_table(table)
                store.write_bytes(path, sink.getvalue(), private=private)
    os.utime(path)
    return path


@contextlib.contextmanager
def opened(path: Path):
    """A reader of the record batches of a result, and what its maker wrote about it."""
    with pa.memory_map(str(path)) as source:
        reader = pa.ipc.open_file(source)
        yield reader, json.loads((reader.schema.metadata or {}).get(ABOUT, b"{}"))


def sweep(folder: Path) -> None:
    """Remove results that no run has needed for a month and a half, and what earlier versions left here.

    Those wrote cells of declarations beside the reports, as ``.pickle``.
    """
    with contextlib.suppress(OSError):
        for path in folder.iterdir():
            unused = time.time() - path.stat().st_mtime > KEEP_SECONDS
            if unused or path.suffix not in (".arrow", ".lock"):
                path.unlink()


def of_store(
    what: str, folder: Path, choices: Mapping[str, Any], make: Callable[[], Mapping[str, Value]], *, data: str
) -> Mapping[str, Value]:
    """A result of a store of declarations, made once by all notebooks of a run and kept with the store.

    Parameters
    ----------
    what : str
        Name of the result.
    folder : Path
        Folder of the store; where it cannot be written the result is made on the spot.
    choices : mapping
        Everything chosen that it depends on.
    make : callable
        Gives tables, arrays and plain values by name.
    data : str
        Hash of the store.
    """
    path = Path(folder) / PRIVATE / f"{what}-{key(what, choices, make, data)}.arrow"
    fresh = not path.exists()
    try:
        found = _kept(path, make, private=True)
    except (OutputError, OSError):
        return make()
    if fresh:
        sweep(path.parent)
    return found


def of_run(
    what: str, choices: Mapping[str, Any], make: Callable[[], Mapping[str, Value]], *, data: str
) -> Mapping[str, Value]:
    """A result of published figures, made once by all processes of a run; outside a run it is made on the spot.

    Parameters
    ----------
    what, choices, make
        As for ``of_store``.
    data : str
        Hash of the data it is made from.
    """
    if not on():
        return make()
    return _kept(shared_folder() / f"{what}-{key(what, choices, make, data)}.arrow", make)


def _kept(
    path: Path, make: Callable[[], Mapping[str, Value]], *, private: bool = False
) -> Mapping[str, Value]:
    """Read values by name from where they stand, made and written first where they do not."""
    stored(path, lambda: _packed(make()), private=private)
    with opened(path) as (reader, about):
        return _unpacked(reader.read_all(), about)


def _packed(values: Mapping[str, Value]) -> pa.Table:
    """One row with a column of bytes for each table and array; the rest in the metadata."""
    columns: dict[str, bytes] = {}
    about: dict[str, Any] = {}
    for name, value in values.items():
        if isinstance(value, pd.DataFrame):
            sink, table = pa.BufferOutputStream(), pa.Table.from_pandas(value)
            with pa.ipc.new_stream(sink, table.schema) as writer:
                writer.write_table(table)
            columns[name], about[name] = sink.getvalue().to_pybytes(), "table"
        elif isinstance(value, np.ndarray):
            columns[name], about[name] = value.tobytes(), [value.dtype.str, value.shape]
        else:
            about[name] = {"value": value}
    schema = pa.schema([(name, pa.large_binary()) for name in columns], {ABOUT: json.dumps(about).encode()})
    return pa.table({name: [value] for name, value in columns.items()}, schema=schema)


def _unpacked(table: pa.Table, about: Mapping[str, Any]) -> dict[str, Value]:
    found: dict[str, Value] = {}
    for name, kind in about.items():
        if isinstance(kind, dict):
            found[name] = kind["value"]
            continue
        packed = table[name][0].as_buffer()
        if kind == "table":
            found[name] = pa.ipc.open_stream(packed).read_pandas()
        else:
            found[name] = np.frombuffer(packed, np.dtype(kind[0])).reshape(kind[1]).copy()
    return found


@cache
def code(module: str) -> str:
    """The hash of a module of this package and of every module of it that it imports, directly or through others."""
    return store.hash_files(sorted(imported(module)))


def imported(module: str) -> set[Path]:
    """The files that a module of this package imports, its own included.

    Examples
    --------
    >>> sorted(path.name for path in imported("analyse.errors"))
    ['__init__.py', 'errors.py']
    """
    todo, seen = _with_packages(module), set()
    while todo:
        path = _file(todo.pop())
        if path is None or path in seen:
            continue
        seen.add(path)
        todo += _imports(path)
    return seen


@cache
def _imports(path: Path) -> list[str]:
    """Names of modules that a file may import: packages count, and so may what is imported from them."""
    found = []
    for package, names, whole in IMPORTS.findall(path.read_text(encoding="utf-8")):
        found += _with_packages(whole or package)
        found += [f"{package}.{name}" for name in re.findall(r"\w+", names)]
    return found


def _with_packages(module: str) -> list[str]:
    """A module and the packages it lies in, which Python imports with it."""
    parts = module.split(".")
    return [".".join(parts[:end]) for end in range(1, len(parts) + 1)]


@cache
def _file(module: str) -> Path | None:
    """The file of a module; None for a name that is none."""
    base = Path(__file__).parent.joinpath(*module.split(".")[1:])
    return next((path for path in (base / "__init__.py", base.with_suffix(".py")) if path.is_file()), None)


@cache
def _surroundings(root: Path) -> tuple[str, ...]:
    """Hashes of the choices in files, and of the locked packages."""
    files = [path for path in sorted((root / "parameters").rglob("*")) if path.is_file()]
    settings = [path for path in files if NOT_USED not in path.relative_to(root).parts]
    return store.hash_files(settings), store.hash_files([root / "requirements.lock"])
