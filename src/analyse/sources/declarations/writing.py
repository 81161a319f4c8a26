"""New lines, and stored ones with another status, as files beside the store; ``storage.replace`` takes them in."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import pyarrow as pa

from analyse.sources.declarations import codes, staging, storage

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
    new = connection.execute("select distinct year from staged").fetchall()
    for year in sorted(
        {one[0] for one in [*new, *changed]}
    ):  # the parts of a year are held together until they are written
        connection.execute(f"""
            copy (
                select *, coalesce(municipality_code, 'unknown') as municipality from ({whole}) where year = {year}
            ) to {_target(work / "lines")} (
                format parquet, compression zstd, partition_by (year, municipality), overwrite_or_ignore,
                filename_pattern 'part_{{i}}'
            )
        """)
    again = {f"lines/year={year}/municipality={code or 'unknown'}" for year, code in changed}
    return [one for one in manifest["lines"] if one.rpartition("/")[0] in again]


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
