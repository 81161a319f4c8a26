"""What all pages on the same declarations share: results of a whole store, kept with that store (``analyse.cache``)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from analyse import cache

WHOLE = "whole_store"
"""Attribute of a table with all cells of a store: its folder and hash, how many rows, and their sum."""


def mark(cells: pd.DataFrame, folder: Path | str, digest: str) -> pd.DataFrame:
    """The same cells, marked as all cells of the store in this folder, with this hash.

    Parameters
    ----------
    cells : DataFrame
        Amounts of a store.
    folder : Path or str
        Of the store.
    digest : str
        Hash of what the store holds.
    """
    cells.attrs[WHOLE] = [str(folder), digest, *_size(cells)]
    return cells


def whole_store(cells: pd.DataFrame) -> tuple[str, str]:
    """Folder and hash of the store of which these are all the cells; empty when they are not.

    A part of marked cells, which pandas leaves the mark on, is no longer of that size.
    """
    folder, digest, *size = cells.attrs.get(WHOLE, ["", ""])
    return (folder, digest) if size == _size(cells) else ("", "")


def once(
    what: str,
    whole: tuple[str, str],
    choices: Mapping[str, Any],
    make: Callable[[], Mapping[str, cache.Value]],
) -> Mapping[str, cache.Value]:
    """A result of a whole store, made once by all notebooks of a run together; else on the spot.

    Parameters
    ----------
    what : str
        Name of the result.
    whole : tuple of str
        Folder and hash of the store; empty to make it on the spot.
    choices : mapping
        Everything else that the result depends on.
    make : callable
        Gives tables, arrays and plain values by name.
    """
    folder, digest = whole
    if not digest or not cache.on():
        return make()
    return cache.of_store(what, Path(folder), choices, make, data=digest)


def _size(cells: pd.DataFrame) -> list[int]:
    return [len(cells), int(cells["amount_cents"].sum())]
