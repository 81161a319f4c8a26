"""What becomes of each line: accepted, quarantined, duplicate or credited, whatever the order of the files.

A line is judged together with every line, new or stored, that has its reference or takes it back. So reading two files
at once, or one after the other in any order, gives the same store.
"""

from __future__ import annotations

import duckdb

KEPT_RULES = ("credit", "taken_back", "credit_without_original", "credit_differs", "rejected")
"""Marks that are given here, and taken away when a line is judged again; any other was given at the door."""


def judge(connection: duckdb.DuckDBPyConnection) -> None:
    """Make ``verdicts``: file_id, line_number, status and rule of every line that is not simply accepted.

    Reads ``staged`` (new lines), ``stored`` (key columns of earlier ones) and ``rejected`` (provider and reference of
    lines that a municipality refused). A stored line is part of ``verdicts`` only when it is judged again. A new line
    is looked at only when it breaks a rule, takes a line back, or shares its reference (``shared``).
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
        )
        select file_id, line_number, provider, reference, previous_reference, amount_cents, debit_credit, declared_on,
            case when rule in ({marks}) then null else rule end as rule, true as stored
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
        union select provider, reference from rejected
    """)
    connection.execute("""
        create or replace table judged as
        select file_id, line_number, provider, reference, previous_reference, amount_cents, debit_credit, declared_on,
            rule, false as stored
        from staged s
        where rule is not null or debit_credit = 'C'
            or exists (select 1 from shared h where h.provider = s.provider and h.reference = s.reference)
        union all
        select * from involved
    """)
    connection.execute("""
        create or replace table doubles as
        with again as (
            select provider, reference from judged where rule is null group by all having count(*) > 1
        ), ranked as (
            select file_id, line_number,
                row_number() over (partition by j.provider, j.reference
                                   order by declared_on, file_id, line_number) as place
            from judged j join again using (provider, reference) where j.rule is null
        )
        select file_id, line_number from ranked where place > 1
    """)
    connection.execute("""
        create or replace table credits as
        with lines as (
            select * from judged j
            where rule is null and not exists (select 1 from rejected r
                                               where r.provider = j.provider and r.reference = j.reference)
              and not exists (select 1 from doubles d where d.file_id = j.file_id and d.line_number = j.line_number)
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
        create or replace table verdicts as
        select file_id, line_number, 'quarantined' as status, rule from judged where rule is not null
        union all
        select file_id, line_number, 'duplicate', null from doubles
        union all
        select file_id, line_number, case when rule = 'credit' then 'credited' else 'quarantined' end, rule from credits
        union all
        select original_file, original_line, 'credited', 'taken_back' from credits where rule = 'credit'
        union all
        select j.file_id, j.line_number, 'quarantined', 'rejected' from judged j
        where rule is null and exists (select 1 from rejected r
                                       where r.provider = j.provider and r.reference = j.reference)
          and not exists (select 1 from doubles d where d.file_id = j.file_id and d.line_number = j.line_number)
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
