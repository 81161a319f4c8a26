"""What a read came to: totals and reasons, no lines."""

from __future__ import annotations

from dataclasses import dataclass

import duckdb
import pandas as pd

from analyse.sources.declarations import codes


@dataclass(frozen=True)
class Reading:
    """What a read came to."""

    files: pd.DataFrame
    """``name``, ``kind``, ``status`` (read, passed over, refused, already read), ``reason``, ``lines``."""
    reconciliation: pd.DataFrame
    """Per file that was read now: control total, and lines and eurocents by status."""
    quarantine: pd.DataFrame
    """``rule``, ``lines``, ``amount_cents`` of the lines of these files that are not counted."""
    unmapped: pd.DataFrame
    """``product_category``, ``product_code``, ``lines``, ``amount_cents`` without a care form."""


def of(files: pd.DataFrame, connection: duckdb.DuckDBPyConnection, now: list[str]) -> Reading:
    """Tables of what was read; amounts and numbers only, no line.

    Parameters
    ----------
    files : DataFrame
        One row per file that was read.
    connection : DuckDBPyConnection
        To the opened store, with what was read in it.
    now : list of str
        Identifiers of those files.
    """
    inside = "(" + ", ".join(f"'{one}'" for one in now) + ")" if now else "('')"
    shown = [name for name in ("name", "kind", "status", "reason", "lines") if name in files]
    return Reading(
        files=files[shown],
        reconciliation=connection.execute(f"select * from reconciliation where file_id in {inside}").df(),
        quarantine=connection.execute(f"""
            select rule, count(*) as lines, coalesce(sum(amount_cents), 0)::BIGINT as amount_cents from lines
            where status = 'quarantined' and file_id in {inside} group by rule order by lines desc, rule
        """).df(),
        unmapped=connection.execute(f"""
            select product_category, product_code, count(*) as lines, sum(amount_cents)::BIGINT as amount_cents
            from payable where care_form = '{codes.UNMAPPED}' and file_id in {inside} group by all order by lines desc
        """).df(),
    )
