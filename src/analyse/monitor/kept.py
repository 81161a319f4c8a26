"""What all pages on the same declarations share, computed by whoever comes first: how they complete as a whole.

Results stand in the folder of the shared results of a run (``analyse.shared``), named after the hash of everything they
are made from. Without that folder, or of declarations that are not those of a store, they are computed on the spot: the
numbers are the same.
"""

from __future__ import annotations

import hashlib
import json
import os
import pickle
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import pandas as pd

from analyse import shared, store

WHOLE = "whole_store"
"""Attribute of a table with all cells of a store: what store, how many rows, and their sum."""
ROOMS = ("schema", "sources", "history", "monitor")
Made = TypeVar("Made")


def mark(cells: pd.DataFrame, digest: str) -> pd.DataFrame:
    """The same cells, marked as all of those of a store with this hash."""
    cells.attrs[WHOLE] = [digest, *_size(cells)]
    return cells


def whole_store(cells: pd.DataFrame) -> str:
    """The hash of the store that these are all the cells of; empty when they are not, or not of a store.

    A part of marked cells, which pandas leaves the mark on, is no longer of that size.
    """
    marked = cells.attrs.get(WHOLE, [""])
    return marked[0] if marked[1:] == _size(cells) else ""


def once(what: str, digest: str, choices: Mapping[str, Any], make: Callable[[], Made]) -> Made:
    """A result from a whole store, made once by all notebooks of a run together.

    Parameters
    ----------
    what : str
        Name of the result.
    digest : str
        Hash of the store; empty to make it on the spot.
    choices : mapping
        Everything else that the result depends on.
    make : callable
        Makes it.
    """
    folder = os.environ.get(shared.FOLDER)
    if not folder or not digest:
        return make()
    named = json.dumps([what, digest, choices, _code()], sort_keys=True)
    path = Path(folder) / f"{what}-{hashlib.sha256(named.encode()).hexdigest()[:20]}.pickle"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        with store.alone(path.with_suffix(".lock")):
            if not path.exists():
                store.write_bytes(path, pickle.dumps(make(), protocol=5))
    os.utime(path)  # what is used stays
    return pickle.loads(path.read_bytes())  # noqa: S301 - written by this function, in a folder of our own


def _size(cells: pd.DataFrame) -> list[int]:
    return [len(cells), int(cells["amount_cents"].sum())]


@cache
def _code() -> str:
    """The hash of the code that such a result is made with, and of the locked packages."""
    package = Path(__file__).parent.parent
    modules = sorted(path for room in ROOMS for path in (package / room).rglob("*.py"))
    return store.hash_files([*modules, store.root() / "requirements.lock"])
