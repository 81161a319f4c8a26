"""New lines, and stored ones with another status, as files beside the store; ``storage.replace`` takes them in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import pyarrow as pa

from analyse.sources.declarations import codes, staging, storage

TOGETHER = 200_000
"""Lines that are written in one statement, which holds those of every file until it is full."""
SAME_CODE = """
    f.municipality_code is not distinct from l.municipality_code and f.year = l.year
    and f.product_category is not distinct from l.product_category
    and f.product_code is not distinct from l.product_code
"""


def write_lines(
    connection: duckdb.DuckDBPyConnection,
    manifest: dict[str, Any],
    changed: list[tuple[int, str]],
    work: Path,
) -> list[str]:
    """Write new lines, and again the parts in which a stored line got another status.

    Parameters
    ----------
    connection : DuckDBPyConnection
        With the lines that were read in ``staged``.
    manifest : dict
        Of the store before.
    changed : list of (int, str)
        Years and municipalities of which a stored line got another status.
    work : Path
        Folder to write in.

    Returns
    -------
    list of str
        The files of the store that these replace.
    """
    connection.execute(f"create table forms as {codes.mapped('staged')}")
    columns = ", ".join(
        f"l.{name}" for name in staging.LINE_COLUMNS if name not in ("care_form", "status", "rule")
    )
    parts = [
        f"""
        select {columns}, f.care_form, coalesce(v.status, 'accepted') as status, v.rule
        from staged l left join verdicts v using (file_id, line_number) left join forms f on {SAME_CODE}
        """
    ]
    if changed:
        kept = ", ".join(f"l.{name}" for name in staging.LINE_COLUMNS if name not in ("status", "rule"))
        places = ", ".join(f"({year}, '{code or 'unknown'}')" for year, code in changed)
        parts.append(f"""
            select {kept}, case when c.file_id is null then l.status else c.status end as status,
                case when c.file_id is null then l.rule else c.rule end as rule
            from lines l left join changed c using (file_id, line_number)
            where (l.year, coalesce(l.municipality_code, 'unknown')) in ({places})
        """)
    order = ", ".join(staging.LINE_COLUMNS)
    whole = " union all ".join(f"select {order} from ({part})" for part in parts)
    for year, codes_written in _portions(connection, changed):
        written = ", ".join(f"'{code}'" for code in codes_written)
        connection.execute(f"""
            copy (
                select *, coalesce(municipality_code, 'unknown') as municipality from ({whole})
                where year = {year} and coalesce(municipality_code, 'unknown') in ({written})
            ) to {_target(work / "lines")} (
                format parquet, compression zstd, partition_by (year, municipality), overwrite_or_ignore,
                filename_pattern 'part_{{i}}'
            )
        """)
    again = {f"lines/year={year}/municipality={code or 'unknown'}" for year, code in changed}
    return [one for one in manifest["lines"] if one.rpartition("/")[0] in again]


def _portions(
    connection: duckdb.DuckDBPyConnection, changed: list[tuple[int, str]]
) -> Iterator[tuple[int, list[str]]]:
    """A year and municipalities of which lines are written, few enough to be held together until they are."""
    lines = dict.fromkeys(((year, code or "unknown") for year, code in changed), 0)
    counted = "select year, coalesce(municipality_code, 'unknown'), count(*) from staged group by all"
    lines |= {(year, code): count for year, code, count in connection.execute(counted).fetchall()}
    filled: dict[tuple[int, int], list[str]] = {}
    before: Counter[int] = Counter()
    for (year, code), count in sorted(lines.items()):
        filled.setdefault((year, before[year] // TOGETHER), []).append(code)
        before[year] += count
    for (year, _), codes_written in filled.items():
        yield year, codes_written


def write_other_table(connection: duckdb.DuckDBPyConnection, name: str, work: Path) -> None:
    """Write the allocations, starts, stops, requests or rejections that were read.

    Parameters
    ----------
    connection, work
        As for ``write_lines``.
    name : str
        Which of these tables; what was read of it is in ``staged_<name>``.
    """
    rows = f"select * from staged_{name}"
    if name != "rejections":
        date = "allocated_on" if name == "allocations" else "start_date"
        source = f"(select *, coalesce(year({date}), 0)::SMALLINT as year from staged_{name})"
        rows = f"""
            select l.* exclude (year), f.care_form
            from {source} l left join ({codes.mapped(source)}) f on {SAME_CODE}
        """
    (work / name).mkdir(exist_ok=True)
    connection.execute(
        f"copy ({rows}) to {_target(work / name / 'part.parquet')} (format parquet, compression zstd)"
    )


def write_files(
    connection: duckdb.DuckDBPyConnection, read_now: pd.DataFrame, order: int, work: Path
) -> None:
    """Register the files that were read.

    Parameters
    ----------
    connection, work
        As for ``write_lines``.
    read_now : DataFrame
        One row per file, with the columns of ``storage.FILES``.
    order : int
        Which reading this is, counted from the first.
    """
    (work / "files").mkdir(exist_ok=True)
    connection.register(
        "read_now", pa.Table.from_pandas(read_now.assign(read_order=order), preserve_index=False)
    )
    columns = ", ".join(f"{name}::{kind} as {name}" for name, kind in storage.FILES.items())
    target = _target(work / "files" / "part.parquet")
    connection.execute(f"copy (select {columns} from read_now) to {target} (format parquet)")


def _target(path: Path) -> str:
    text = str(path).replace("'", "''")
    return f"'{text}'"
