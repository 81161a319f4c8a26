"""Results that all notebooks of a run share, computed once: sums by area, joint futures, backtest, and the tables.

A notebook reads only its part: ``read("future", run, ["GM0503", "JZ24"])``. During a run the results stand in the
cache (``analyse.cache``) with one record batch per part; outside one they are computed on the spot: the numbers are the
same. How each is made is in ``results``.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa

from analyse import cache, schema, store
from analyse.errors import DataError
from analyse.parameters import COUNTRY, Run
from analyse.shared import results
from analyse.shared.results import PART, Pool, loaded, pool
from analyse.sources import snapshot

__all__ = [
    "OF_AREAS",
    "SHOWN_LAST",
    "WHOLE",
    "Pool",
    "Tables",
    "digest",
    "key",
    "loaded",
    "pool",
    "prepare",
    "read",
    "tables",
]

OF_AREAS = ("past", "future", "tested", "scored")
SHOWN_LAST = ("fair", "followed")
"""What every page of an area reads, and what it does not read before its last parts."""
WHOLE = "*"
"""The part that means all of a result."""
ORDER = "order"
"""Column of a stored table: the place of a row in the whole."""
PARAMETERS = (
    "dataset",
    "regions",
    "horizon",
    "samples",
    "seed",
    "composition",
    "composition_year",
    "assumptions",
)
"""The choices that change a shared result."""


def read(what: str, run: Run, codes: Sequence[str] | None = None) -> pd.DataFrame:
    """One shared result, for some areas or for all.

    Parameters
    ----------
    what : {"past", "future", "tested", "scored", "rivals", "fair", "followed", "expected", "districts", "ages"}
        ``panel.by_area`` of the history, ``forecast.by_area`` of the joint futures (costs in euro),
        ``backtest.run``, ``backtest.score`` of that, ``backtest.run`` of the methods in ``backtest.FURTHER``,
        ``compare.overview.figures``, or ``compare.followed.figures`` (of
        regions with a vision and their municipalities only); each for municipalities, regions, all together and the
        country (``areas.COUNTRY``; past and future), distinguished by ``area_code``. Of ``scored`` also the levels are
        parts: all municipalities together are ``municipality``. ``need.expected_use.municipalities`` and
        ``need.district_use.shown`` of the whole country; ``ages`` are ``need.single_years.people`` with the national
        profile.
    run : Run
        The choices of the run.
    codes : sequence of str, optional
        Areas, in the order wanted; by default all.

    Raises
    ------
    DataError
        If there is no such result, or an area is not in it.
    """
    if what not in results.MAKERS:
        raise DataError(f"shared: no result {what!r}; there are {', '.join(results.MAKERS)}")
    return _read(what, run, codes)


def prepare(run: Run, names: Sequence[str] = OF_AREAS) -> None:
    """Compute and store ahead what pages read, during a run.

    This process forgets what it computed, its tables apart: for the whole country that is a third of a gigabyte.
    """
    if cache.on():
        snapshot.keep(loaded(run.dataset, COUNTRY), run.dataset)
        for what in names:
            _stored(what, run)
        results.forget()
        pa.default_memory_pool().release_unused()


class Tables(Mapping[str, pd.DataFrame]):
    """The tables of a dataset, each read when it is asked for; see ``tables``."""

    def __init__(self, run: Run, codes: Sequence[str] | None) -> None:
        """Take the run and the municipalities."""
        self.run, self.codes = run, None if codes is None else tuple(codes)
        self.read: dict[str, pd.DataFrame] = {}

    def __getitem__(self, name: str) -> pd.DataFrame:
        """One table."""
        if name not in schema.TABLES:
            raise KeyError(name)
        if name not in self.read:
            self.read[name] = _read(f"table-{name}", self.run, self.codes, lenient=True)
        return self.read[name]

    def __iter__(self) -> Iterator[str]:
        """The names of the tables."""
        return iter(schema.TABLES)

    def __len__(self) -> int:
        """How many there are."""
        return len(schema.TABLES)


def tables(run: Run, codes: Sequence[str] | None = None) -> Tables:
    """The tables of the dataset, as ``snapshot.load`` gives them, each read when it is asked for.

    With ``codes``, a table by municipality holds the rows of these municipalities of today and of what merged into
    them, municipality by municipality; a page that reads no more than it shows is made again only when that changes.
    """
    return Tables(run, codes)


def digest(part: str, run: Run) -> str:
    """The content hash, as of now, of a part that a notebook has read: ``future/GM0503+JZ24``.

    Raises
    ------
    KeyError
        If that part no longer exists.
    """
    what, _, codes = part.partition("/")
    with cache.opened(_stored(what, run)) as (_, index):
        return _digest(index, list(index) if codes == WHOLE else [code for code in codes.split("+") if code])


def _read(what: str, run: Run, codes: Sequence[str] | None, *, lenient: bool = False) -> pd.DataFrame:
    if not cache.on():
        return _part(results.made(what, run), codes, lenient=lenient)
    with cache.opened(_stored(what, run)) as (reader, index):
        wanted = list(index) if codes is None else [code for code in codes if code in index]
        if lenient and list(index) == [""]:
            codes, wanted = None, [""]
        if not lenient and codes is not None and len(wanted) < len(codes):
            raise _unknown(what, next(code for code in codes if code not in index))
        store.note(f"{what}/{WHOLE if codes is None else '+'.join(wanted)}", _digest(index, wanted))
        batches = [reader.get_batch(index[code]["batch"]) for code in wanted]
        frame = pa.Table.from_batches(batches, reader.schema).to_pandas(use_threads=False)
    if codes is None:
        frame = frame.sort_values(ORDER)
    return frame.drop(columns=[ORDER, PART], errors="ignore").reset_index(drop=True)


def _part(frame: pd.DataFrame, codes: Sequence[str] | None, *, lenient: bool) -> pd.DataFrame:
    """The rows of some areas, in the order of ``codes``."""
    column = PART if PART in frame else "area_code"
    if codes is None or (lenient and (frame[column] == "").all()):
        return frame.drop(columns=PART, errors="ignore")
    parts = [frame.loc[frame[column] == code] for code in codes]
    empty = [code for code, part in zip(codes, parts, strict=True) if part.empty]
    if empty and not lenient:
        raise _unknown("result", empty[0])
    return pd.concat(parts, ignore_index=True).drop(columns=PART, errors="ignore")


def _unknown(what: str, code: str) -> DataError:
    return DataError(f"shared: {what} has no area {code!r}; see `analyse list`")


def key(what: str, run: Run) -> str:
    """The hash of everything that a shared result is made from."""
    choices = ("dataset", "regions") if what.startswith("table-") else PARAMETERS
    values = run.model_dump(include=set(choices))
    return cache.key(what, values, results.MAKERS[what], results.data(store.root(), run.dataset))


def _stored(what: str, run: Run) -> Path:
    """The file of a result; computes it when nobody has yet."""
    path = cache.shared_folder() / f"{what}-{key(what, run)}.arrow"
    return cache.stored(path, lambda: _packed(results.made(what, run)))


def _packed(frame: pd.DataFrame) -> pa.Table:
    """One record batch per part, and of each its place and hash."""
    column = PART if PART in frame else "area_code"
    frame = frame.assign(**{ORDER: range(len(frame))})
    numbers, codes = pd.factorize(frame[column].astype(str), sort=True)
    frame = frame.iloc[np.argsort(numbers, kind="stable")]
    sizes = np.bincount(numbers, minlength=len(codes))
    ends = np.cumsum(sizes)
    hashes = pd.util.hash_pandas_object(frame.drop(columns=ORDER), index=False, categorize=False).to_numpy()
    table, index, batches = pa.Table.from_pandas(frame, preserve_index=False).combine_chunks(), {}, []
    for number, (code, start, end) in enumerate(zip(codes, ends - sizes, ends, strict=True)):
        digest = hashlib.sha256(hashes[start:end].tobytes()).hexdigest()
        index[code] = {"batch": number, "sha256": digest}
        batches += table.slice(start, end - start).to_batches()
    about = {**table.schema.metadata, cache.ABOUT: json.dumps(index).encode()}
    return pa.Table.from_batches(batches, table.schema).replace_schema_metadata(about)


def _digest(index: Mapping[str, Mapping[str, str]], codes: Sequence[str]) -> str:
    text = " ".join(f"{code}={index[code]['sha256']}" for code in codes)
    return hashlib.sha256(text.encode()).hexdigest()[:20]
