"""From texts to typed lines, with the first rule that each breaks: one statement, in DuckDB."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import duckdb
import pandas as pd
import pyarrow as pa

from analyse.errors import DataError
from analyse.sources.declarations import records
from analyse.sources.declarations.rules import Rules

LINE_COLUMNS = {
    "file_id": "VARCHAR", "line_number": "INTEGER", "municipality_code": "VARCHAR", "year": "SMALLINT",
    "provider": "VARCHAR", "client": "VARCHAR", "reference": "VARCHAR", "previous_reference": "VARCHAR",
    "allocation_number": "BIGINT", "product_category": "VARCHAR", "product_code": "VARCHAR", "care_form": "VARCHAR",
    "period_start": "DATE", "period_end": "DATE", "product_month": "DATE", "volume": "DECIMAL(12, 3)",
    "unit": "VARCHAR", "tariff_cents": "BIGINT", "amount_cents": "BIGINT", "debit_credit": "VARCHAR",
    "declared_on": "DATE", "declared_month": "DATE", "declaration_number": "VARCHAR", "status": "VARCHAR",
    "rule": "VARCHAR", "referrer": "VARCHAR", "age": "SMALLINT",
}  # fmt: skip
"""Columns of a stored line, in order, with their types."""


MOST_DIGITS = 10**8
"""Amounts in eurocents, tariffs and volumes of the standard have at most eight digits; a larger number is none."""
FIRST_YEAR = 2015
"""Care of the Youth Act; a day before it, or after next year, is no day of it."""


def prepare(
    connection: duckdb.DuckDBPyConnection, municipalities: pd.DataFrame, successors: Mapping[str, str]
) -> None:
    """Make the empty tables in which files are gathered.

    Parameters
    ----------
    connection : DuckDBPyConnection
        In which they are made.
    municipalities : DataFrame
        ``municipality_code`` of every municipality that may occur.
    successors : mapping of str to str
        The municipality of today of each that merged: what it declares, of whatever year, counts there.
    """
    columns = ", ".join(f"{name} {kind}" for name, kind in LINE_COLUMNS.items() if name != "care_form")
    connection.execute(f"create table staged ({columns})")
    codes = sorted(set(municipalities["municipality_code"]))
    known = pa.table(
        {"code": pa.array(codes), "today": pa.array([successors.get(code, code) for code in codes])}
    )
    connection.register("known_arrow", known)
    connection.execute("create table known_municipalities as select * from known_arrow")
    connection.unregister("known_arrow")
    for name in records.OTHER_TABLES:
        empty = records.stored_schema(name).empty_table()
        connection.register("empty", empty)
        connection.execute(f"create table staged_{name} as select * from empty")
        connection.unregister("empty")


def add_lines(
    connection: duckdb.DuckDBPyConnection, batches: Iterator[pa.Table], *, euros: bool, rules: Rules
) -> None:
    """Add lines to ``staged``: all of them, or none when one cannot be read.

    Parameters
    ----------
    connection : DuckDBPyConnection
        With the empty tables.
    batches : iterator of Table
        Lines as they were read.
    euros : bool
        Whether amounts are in euros; else in cents.
    rules : Rules
        What is put in quarantine.
    """
    failures: list[Exception] = []
    parts = (part for table in batches for part in table.to_batches())
    reader = pa.RecordBatchReader.from_batches(records.RAW, _remembering(parts, failures))
    connection.register("incoming", reader)
    # of a stream no number of rows is known: joined as the smaller side it would be held in memory whole
    connection.execute("set disabled_optimizers = 'build_side_probe_side'")
    connection.begin()
    try:
        connection.execute(_insert(rules, euros=euros))
        connection.commit()
    except (duckdb.Error, pa.ArrowException):
        connection.rollback()
        raise failures[0] if failures else DataError("cannot be read as lines; ask for it again") from None
    finally:
        connection.execute("reset disabled_optimizers")
        connection.unregister("incoming")


def add_other_tables(connection: duckdb.DuckDBPyConnection, name: str, rows: pa.Table) -> None:
    """Add allocations, starts, stops, requests or rejections.

    Parameters
    ----------
    connection : DuckDBPyConnection
        With the empty tables.
    name : str
        Of the table.
    rows : Table
        As they were read.
    """
    connection.register("incoming", rows)
    connection.execute(f"""
        insert into staged_{name}
        select incoming.* replace (coalesce(k.today, municipality_code) as municipality_code)
        from incoming left join known_municipalities k on k.code = municipality_code
    """)
    connection.unregister("incoming")


def _remembering(parts: Iterator[pa.RecordBatch], failures: list[Exception]) -> Iterator[pa.RecordBatch]:
    """The parts; a failure to read one is kept, because the engine that asks for it makes another one of it."""
    try:
        yield from parts
    except Exception as error:
        failures.append(error)
        raise


def _code(column: str, pattern: str) -> str:
    return f"case when regexp_full_match({column}, '{pattern}') then {column} end"


def _cents(column: str, *, euros: bool) -> str:
    """SQL for eurocents: nothing where it is not a number, not a whole number of cents, or beyond the standard."""
    value = f"try_cast({column} as DECIMAL(18, 4)) * 100" if euros else f"try_cast({column} as BIGINT)"
    whole = f"{value} % 1 = 0 and " if euros else ""
    return f"case when {whole}abs({value}) < {MOST_DIGITS} then ({value})::BIGINT end"


def _day(column: str) -> str:
    """SQL for a day of care or of a declaration."""
    day = f"try_cast({column} as DATE)"
    return f"case when year({day}) between {FIRST_YEAR} and year(current_date) + 1 then {day} end"


def _insert(rules: Rules, *, euros: bool) -> str:
    """SQL that types the texts and looks at the rules of the door."""
    kept = [name for name in LINE_COLUMNS if name not in ("care_form", "status", "rule")]
    first_broken = " ".join(f"when {rules.sql(rule)} then '{rule.id}'" for rule in rules.at("door"))
    return f"""
    insert into staged ({", ".join(kept)}, rule)
    with texts as (
        select *, {_day("period_start")} as from_date, {_day("period_end")} as to_date,
            {_cents("amount", euros=euros)} as given_cents, {_day("declared_on")} as declared_date,
            try_cast(birth_date as DATE) as born, try_cast(volume as DECIMAL(12, 3)) as given_volume,
            {_cents("tariff", euros=euros)} as given_tariff,
            municipality::VARCHAR as code
        from incoming
    ), typed as (
        select file_id::VARCHAR as file_id, line_number, coalesce(k.today, texts.code) as municipality_code,
            coalesce(year(from_date), 0)::SMALLINT as year,
            provider::VARCHAR as provider, client::VARCHAR as client,
            case when length(reference) between 1 and 20 then reference end as reference,
            case when length(previous_reference) between 1 and 20 then previous_reference end as previous_reference,
            try_cast(allocation_number as BIGINT) as allocation_number,
            coalesce(product_category::VARCHAR, {_code("left(product_code, 2)", "[0-9]{2}")}) as product_category,
            {_code("product_code", "[A-Za-z0-9]{1,5}")} as product_code,
            from_date as period_start,
            case when period_end is null then last_day(from_date) else to_date end as period_end,
            date_trunc('month', from_date)::DATE as product_month,
            case when abs(given_volume) < {MOST_DIGITS} then given_volume end as volume,
            unit::VARCHAR as unit, given_tariff as tariff_cents,
            (volume is not null and coalesce(abs(given_volume) >= {MOST_DIGITS}, true))
                or (tariff is not null and given_tariff is null) as volume_unread,
            case when debit_credit = 'C' then -abs(given_cents) else given_cents end as amount_cents,
            case when debit_credit in ('D', 'C') then debit_credit
                when debit_credit is null then case when given_cents < 0 then 'C' else 'D' end end as debit_credit,
            declared_date as declared_on, date_trunc('month', declared_date)::DATE as declared_month,
            declaration_number::VARCHAR as declaration_number, referrer::VARCHAR as referrer,
            case when born <= from_date and year(born) >= {FIRST_YEAR} - 30
                then date_sub('year', born, from_date)::SMALLINT end as age,
            bsn_passed, k.code is not null as municipality_known
        from texts left join known_municipalities k on k.code = texts.code
    )
    select {", ".join(kept)}, case {first_broken} end from typed
    """
