"""Forgetting: care before a year, or one youth, out of a store and everything that was made from it."""

from __future__ import annotations

import datetime
import re
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb

from analyse import cache, store
from analyse.errors import ParameterError
from analyse.sources.declarations import storage
from analyse.sources.declarations.staging import FIRST_YEAR

PSEUDONYM = re.compile(r"[0-9a-f]{32}")
ENDS = {
    "allocations": "coalesce(end_date, start_date, allocated_on, sent_on)",
    "starts": "coalesce(start_date, sent_on)",
    "stops": "coalesce(stop_date, start_date, sent_on)",
    "requests": "coalesce(end_date, start_date, sent_on)",
    "rejections": "coalesce(message_date, sent_on)",
}
"""The last day that a row is about."""


@dataclass(frozen=True)
class Forgotten:
    """What was removed."""

    lines: int
    """Declared lines."""
    rows: int
    """Allocations, starts, stops, requests and rejections."""
    results: int
    """Results in the cache of the store, all of which go."""


def forget(folder: Path | str, *, before: int | None = None, client: str = "") -> Forgotten:
    """Remove care before a year, or all of one youth, from a store and its cache.

    What is gone does not come back when a file is read again: the store still knows the files that it has read. Their
    control totals become those of the lines that are left.

    Parameters
    ----------
    folder : path
        The store.
    before : int, optional
        First year that stays; lines of an unknown month stay too.
    client : str, optional
        Pseudonym of a youth.

    Raises
    ------
    DataError
        There is no store.
    ParameterError
        Neither or both are given, or one is no year or no pseudonym.
    """
    folder = Path(folder)
    lines, rows = _conditions(before, client)
    with store.alone(folder / ".lock"):
        manifest = storage.about(folder)
        with (
            tempfile.TemporaryDirectory(dir=folder, prefix=".work-") as place,
            duckdb.connect() as connection,
        ):
            work = Path(place)
            manifest["reads"] += 1
            gone, removed_lines = [], 0
            for path in manifest["lines"]:
                removed = _rewritten(connection, folder, path, work / path, lines)
                removed_lines += removed
                gone += [path] if removed else []
            removed_rows = 0
            for name in ENDS:
                for path in list(manifest["tables"][name]):
                    removed = _rewritten(connection, folder, path, work / path, rows(name))
                    removed_rows += removed
                    if removed:
                        gone.append(path)
                        manifest["tables"][name].remove(path)
            results = _clear_cache(folder)
            if gone:
                _recount(connection, folder, manifest, gone, work)
                storage.replace(folder, manifest, work, gone)
    return Forgotten(removed_lines, removed_rows, results)


def _conditions(before: int | None, client: str):
    if (before is None) == (not client):
        raise ParameterError("forget: give either --before YEAR or --client PSEUDONYM")
    if before is not None:
        if not FIRST_YEAR < before <= datetime.date.today().year + 1:
            raise ParameterError(
                f"forget: --before {before}; expected a year after {FIRST_YEAR}, up to next year"
            )
        return (
            f"year(product_month) < {before}",
            lambda name: f"{ENDS[name]} < date '{before}-01-01'",
        )
    if not PSEUDONYM.fullmatch(client):
        raise ParameterError("forget: --client takes a pseudonym, 32 signs of 0-9 and a-f; never a BSN")
    return f"client = '{client}'", lambda _: f"client = '{client}'"


def _rewritten(
    connection: duckdb.DuckDBPyConnection, folder: Path, path: str, target: Path, gone: str
) -> int:
    """Write what stays of a file of the store, if anything goes; how many rows went."""
    source = f"read_parquet('{_quoted(folder / path)}', hive_partitioning=false)"
    removed, kept = connection.execute(
        f"select count(*) filter (coalesce({gone}, false)), count(*) filter (not coalesce({gone}, false)) from {source}"
    ).fetchone()
    if removed and kept:
        target = target.with_name(target.name.partition("-")[2])
        target.parent.mkdir(parents=True, exist_ok=True)
        while target.exists():
            target = target.with_name(f"again-{target.name}")
        connection.execute(
            f"copy (select * from {source} where not coalesce({gone}, false)) to '{_quoted(target)}' "
            "(format parquet, compression zstd)"
        )
    return removed


def _recount(
    connection: duckdb.DuckDBPyConnection, folder: Path, manifest: dict, gone: list[str], work: Path
) -> None:
    """Give every declared file the control total of the lines that are left of it."""
    left = [folder / path for path in manifest["lines"] if path not in gone] + sorted(
        (work / "lines").rglob("*.parquet")
    )
    files = [folder / path for path in manifest["tables"]["files"]]
    counted = (
        "select file_id, count(*) as lines, sum(amount_cents)::BIGINT as cents from "
        f"read_parquet({_listed(left)}, hive_partitioning=false) group by all"
        if left
        else "select null::VARCHAR as file_id, 0::BIGINT as lines, 0::BIGINT as cents limit 0"
    )
    target = work / "files" / "part.parquet"
    target.parent.mkdir(parents=True, exist_ok=True)
    connection.execute(f"""
        copy (
            select f.* replace (
                case when f.kind in ('JW323', 'flat') then coalesce(c.lines, 0) else f.lines end as lines,
                case when f.kind in ('JW323', 'flat') then coalesce(c.cents, 0) end as control_total_cents)
            from read_parquet({_listed(files)}) f left join ({counted}) c using (file_id)
        ) to '{_quoted(target)}' (format parquet)
    """)
    gone += manifest["tables"]["files"]
    manifest["tables"]["files"] = []


def _clear_cache(folder: Path) -> int:
    place = folder / cache.PRIVATE
    results = len(list(place.glob("*.arrow"))) if place.is_dir() else 0
    shutil.rmtree(place, ignore_errors=True)
    return results


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")


def _listed(paths: list[Path]) -> str:
    return "[" + ", ".join(f"'{_quoted(path)}'" for path in paths) + "]"


def told(found: Forgotten) -> Iterator[str]:
    """What was removed, in words."""
    yield f"{found.lines:>12,} declared lines removed"
    yield f"{found.rows:>12,} allocations, starts, stops, requests and rejections removed"
    yield f"{found.results:>12,} results in the cache of the store removed"
    yield "reports made before this still hold their (suppressed) figures; make them again"
