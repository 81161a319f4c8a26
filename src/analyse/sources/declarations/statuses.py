"""What becomes of each line: accepted, quarantined, duplicate or credited, whatever the order of the files.

A line is judged together with every line, new or stored, that has its reference or takes it back. So reading two files
at once, or one after the other in any order, gives the same store.
"""

from __future__ import annotations

import duckdb
import pandas as pd
import pyarrow as pa

REJECTED = {
    "line": "rejected",
    "client": "rejected",
    "declaration": "message_rejected",
    "message": "message_rejected",
    "total": "granted_differs",
}
"""The mark of a line by what the answer of the municipality rejects; see ``answers``."""
KEPT_RULES = (
    "credit",
    "taken_back",
    "credit_without_original",
    "credit_differs",
    "correction_without_credit",
    *dict.fromkeys(REJECTED.values()),
)
"""Marks that are given here, and taken away when a line is judged again; any other was given at the door."""


def prepare(connection: duckdb.DuckDBPyConnection, messages: pd.DataFrame) -> None:
    """Make ``rejected``: what answers reject, stored or new, with the file of the message that they answer.

    Parameters
    ----------
    connection : DuckDBPyConnection
        With ``files_sent``, ``rejections_sent`` and ``staged_rejections``.
    messages : DataFrame
        The declarations (JW323) that are read now, with the columns of ``files``.
    """
    connection.register("new_messages", pa.Table.from_pandas(messages, preserve_index=False))
    connection.execute("""
        create temp table identified as
        select file_id, provider, message_id, message_date from files_sent
        where kind = 'JW323' and message_id is not null
        union all
        select file_id::VARCHAR, provider::VARCHAR, message_id::VARCHAR, message_date::DATE from new_messages
        where message_id is not null
    """)
    connection.unregister("new_messages")
    connection.execute("""
        create temp table rejected as
        with answered as (
            select provider, client, reference, level, message_id, message_date, sent_on from rejections_sent
            union all
            select provider, client, reference, level, message_id, message_date, sent_on from staged_rejections
        )
        select distinct a.provider, case when a.level = 'client' then a.client end as client, a.reference, a.level,
            a.message_id, coalesce(a.sent_on, date '9999-12-31') as sent_on, m.file_id
        from answered a left join identified m on m.provider = a.provider and m.message_id = a.message_id
            and (a.message_date is null or m.message_date is null or m.message_date = a.message_date)
    """)


def judge(connection: duckdb.DuckDBPyConnection) -> None:
    """Make ``verdicts``: file_id, line_number, status and rule of every line that is not simply accepted.

    Reads ``staged`` (new lines), ``stored`` (key columns of earlier ones) and ``rejected`` (``prepare``). An answer
    rejects lines of the message that it answers, where that is known; of any other file what was declared before it. So
    a line that is sent again after a rejection, with the same reference, counts. A stored line is part of ``verdicts``
    only when it is judged again. A new line is looked at only when it breaks a rule, takes a line back, or shares its
    reference (``shared``).
    """
    marks = ", ".join(f"'{one}'" for one in KEPT_RULES)
    connection.execute(f"""
        create or replace table involved as
        with near as (
            select distinct s.provider, unnest([s.reference, s.previous_reference]) as reference
            from stored s
            where exists (select 1 from staged n where n.provider = s.provider and
                          (n.reference = s.reference or n.reference = s.previous_reference
                           or n.previous_reference = s.reference or n.previous_reference = s.previous_reference))
               or exists (select 1 from rejected r where r.provider = s.provider and r.reference = s.reference)
               or s.file_id in (select file_id from rejected where reference is null)
        )
        select file_id, line_number, provider, client, reference, previous_reference, amount_cents, debit_credit,
            declared_on, case when rule in ({marks}) then null else rule end as rule, true as stored
        from stored s
        where exists (select 1 from near where near.provider = s.provider
                      and (near.reference = s.reference or near.reference = s.previous_reference))
    """)
    connection.execute("""
        create or replace table shared as
        select provider, reference from staged where rule is null group by all having count(*) > 1
        union select provider, previous_reference from staged where previous_reference is not null
        union select provider, reference from involved
        union select provider, previous_reference from involved where previous_reference is not null
        union select provider, reference from rejected where reference is not null
    """)
    connection.execute("""
        create or replace table judged as
        select file_id, line_number, provider, client, reference, previous_reference, amount_cents, debit_credit,
            declared_on, rule, false as stored
        from staged s
        where rule is not null or debit_credit = 'C' or previous_reference is not null
            or file_id in (select file_id from rejected where reference is null)
            or exists (select 1 from shared h where h.provider = s.provider and h.reference = s.reference)
        union all
        select * from involved
    """)
    connection.execute("""
        create or replace table refused as
        with matched as (
            select j.file_id, j.line_number, r.level from judged j
            join rejected r on r.file_id = j.file_id and r.provider = j.provider
                and (r.reference is null or r.reference = j.reference) and (r.client is null or r.client = j.client)
            where j.rule is null
            union all
            select j.file_id, j.line_number, r.level from judged j
            join rejected r on r.provider = j.provider and r.reference = j.reference and r.sent_on >= j.declared_on
            where j.rule is null and r.file_id is null
                and (r.message_id is null or j.file_id not in (select file_id from identified))
        )
        select file_id, line_number,
            arg_min(level, list_position(['message', 'declaration', 'line', 'client', 'total'], level)) as level
        from matched group by all
    """)
    connection.execute("""
        create or replace table standing as
        select * from judged j where rule is null and not exists (
            select 1 from refused r where r.file_id = j.file_id and r.line_number = j.line_number)
    """)
    connection.execute("""
        create or replace table doubles as
        with again as (
            select provider, reference from standing group by all having count(*) > 1
        ), ranked as (
            select file_id, line_number,
                row_number() over (partition by s.provider, s.reference
                                   order by declared_on, file_id, line_number) as place
            from standing s join again using (provider, reference)
        )
        select file_id, line_number from ranked where place > 1
    """)
    connection.execute("""
        create or replace table credits as
        with lines as (
            select * from standing s where not exists (
                select 1 from doubles d where d.file_id = s.file_id and d.line_number = s.line_number)
        ), backs as (
            select *, row_number() over (partition by provider, previous_reference
                                         order by declared_on, file_id, line_number) as place
            from lines where debit_credit = 'C'
        )
        select b.file_id, b.line_number, o.file_id as original_file, o.line_number as original_line,
            case when o.file_id is null or b.place > 1 then 'credit_without_original'
                 when o.amount_cents + b.amount_cents <> 0 then 'credit_differs' else 'credit' end as rule
        from backs b left join lines o on o.provider = b.provider and o.reference = b.previous_reference
            and o.debit_credit = 'D'
    """)
    connection.execute("""
        create or replace table corrections as
        select c.file_id, c.line_number from standing c
        join standing o on o.provider = c.provider and o.reference = c.previous_reference and o.debit_credit = 'D'
        where c.debit_credit = 'D' and not exists (
            select 1 from credits b
            where b.rule = 'credit' and b.original_file = o.file_id and b.original_line = o.line_number)
          and not exists (select 1 from doubles d where d.file_id = c.file_id and d.line_number = c.line_number)
    """)
    marks = " ".join(f"when '{level}' then '{rule}'" for level, rule in REJECTED.items())
    connection.execute(f"""
        create or replace table verdicts as
        select file_id, line_number, 'quarantined' as status, rule from judged where rule is not null
        union all
        select file_id, line_number, 'duplicate', null from doubles
        union all
        select file_id, line_number, case when rule = 'credit' then 'credited' else 'quarantined' end, rule from credits
        union all
        select original_file, original_line, 'credited', 'taken_back' from credits where rule = 'credit'
        union all
        select file_id, line_number, 'quarantined', 'correction_without_credit' from corrections
        union all
        select file_id, line_number, 'quarantined', case level {marks} end from refused
    """)


def changed(connection: duckdb.DuckDBPyConnection) -> list[tuple[int, str]]:
    """Years and municipalities in which a stored line gets another status."""
    connection.execute("""
        create or replace table changed as
        select s.year, s.municipality_code, s.file_id, s.line_number,
            coalesce(v.status, 'accepted') as status, v.rule
        from involved i join stored s using (file_id, line_number)
        left join verdicts v using (file_id, line_number)
        where coalesce(v.status, 'accepted') <> s.status or v.rule is distinct from s.rule
    """)
    return connection.execute("select distinct year, municipality_code from changed order by all").fetchall()
