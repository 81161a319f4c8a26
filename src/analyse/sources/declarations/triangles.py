"""Development triangles: what was declared about each month of care, by how many months later it came."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

import duckdb
import pandas as pd

from analyse.errors import ParameterError

KEYS = ("municipality_code", "provider", "care_form", "product_code", "unit", "product_category")


def triangle(
    connection: duckdb.DuckDBPyConnection,
    by: Sequence[str] = ("municipality_code", "care_form"),
    *,
    as_of: datetime.date | None = None,
) -> pd.DataFrame:
    """The development triangles of a store.

    Parameters
    ----------
    connection : DuckDBPyConnection
        From ``declarations.open``.
    by : sequence of str
        What one triangle is of: any of municipality_code, provider, care_form, product_code, product_category, unit.
    as_of : date, optional
        Only what was declared on or before this day: the triangle as it was then.

    Returns
    -------
    DataFrame
        ``by``, ``product_month`` (first day), ``development_month`` (whole months from the month of care to that of the
        declaration, 0 or more), ``amount_cents`` (net of credits), ``volume`` and ``lines``.

    Raises
    ------
    ParameterError
        If ``by`` names another column.
    """
    unknown = [name for name in by if name not in KEYS]
    if unknown:
        raise ParameterError(f"triangle: no column {unknown[0]!r}; choose of {', '.join(KEYS)}")
    return connection.execute(sql(by, as_of=as_of)).df()


def sql(by: Sequence[str], *, as_of: datetime.date | None = None) -> str:
    """The statement behind ``triangle``."""
    names = ", ".join(by)
    until = f"where declared_on <= date '{as_of.isoformat()}'" if as_of else ""
    return f"""
    with months as (
        select {names}, product_month, declared_month, sum(amount_cents)::BIGINT as amount_cents,
            sum(case when debit_credit = 'C' then -volume else volume end)::DOUBLE as volume, count(*) as lines
        from payable {until} group by all
    )
    select {names}, product_month,
        date_diff('month', product_month, declared_month)::INTEGER as development_month,
        amount_cents, volume, lines
    from months order by all
    """
