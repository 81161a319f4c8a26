"""Who should pay: the rule of residence (woonplaatsbeginsel) of 2022, compared with what was sent to each municipality.

Since 1 January 2022 the municipality pays in which the youth is registered (BRP), and of a youth who stays somewhere
(foster care, family home, institution, secure or crisis) the one in which it was registered immediately before the
stay; stays that follow each other without a day between are one. Care beside a stay goes with the stay, because a youth
has one residence. Jeugdwet, article 1.1, "woonplaats".

What is known of addresses is the postcode of the register in allocations and requests (JW301, JW315), four digits of
it, on the days on which these were given. Which municipality a postcode is in comes from ``postcodes.csv``; one that
lies in two belongs to either. What cannot be known is reported as such, never as elsewhere.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence

import duckdb
import pandas as pd

from analyse.monitor.vision_shares import RESIDENTIAL

FIRST_YEAR = 2022
"""Care from this year on is under the rule; earlier care followed that of whoever had authority over the youth."""
HERE, ELSEWHERE, UNKNOWN = "here", "elsewhere", "unknown"
REASONS = {
    "no_address": "no message gives an address",
    "not_before_stay": "the first address that is known is of after the stay began",
    "no_municipality": "the postcode is not in postcodes.csv",
}
"""Why it is not known."""
OUTCOME = "residence"


def judge(
    connection: duckdb.DuckDBPyConnection,
    postcodes: pd.DataFrame,
    *,
    members: Sequence[str],
    known: datetime.date,
    apart: Sequence[str] = ("reason", "responsible_code"),
) -> pd.DataFrame:
    """Lines by who should pay them, counts untreated.

    Parameters
    ----------
    connection : DuckDBPyConnection
        With the views of a store: payable, trajectories and addresses.
    postcodes : DataFrame
        postcode (four digits) and municipality_code; a postcode may have more rows.
    members : sequence of str
        Municipalities of which lines are looked at.
    known : date
        What was declared later does not count.
    apart : sequence of str
        What is distinguished besides payer, year and outcome: reason (key of ``REASONS``; "" where it is known) and
        responsible_code (who should pay; "" where that is the payer, not known, or one of two).

    Returns
    -------
    DataFrame
        municipality_code (who pays), year (of care), residence (``HERE``, ``ELSEWHERE`` or ``UNKNOWN``), ``apart``,
        lines (that were not taken back), clients, and cost_eur (net of credits).
    """
    connection.register("postcode_rows", postcodes[["postcode", "municipality_code"]])
    connection.execute(_HOMES)
    connection.unregister("postcode_rows")
    connection.execute(_STAYS, [list(RESIDENTIAL), known])
    connection.execute(_JUDGED, [list(members), known, FIRST_YEAR])
    by = ", ".join(("municipality_code", "year", OUTCOME, *apart))
    return connection.execute(
        f"select {by}, sum(lines)::BIGINT as lines, count(distinct client)::DOUBLE as clients, "  # noqa: S608
        "sum(amount_cents) / 100.0 as cost_eur from judged group by all order by all"
    ).df()


_HOMES = """
    create or replace temp table homes as
    select postcode, list(distinct municipality_code order by municipality_code) as codes
    from postcode_rows group by all
"""
_STAYS = """
    create or replace temp table chains as
    with stays as (
        select client, start_date::DATE as begin_on, coalesce(stop_date::DATE, $2::DATE) as end_on
        from trajectories where list_contains($1, care_form) and start_date is not null and client is not null
        union all
        select client, min(period_start)::DATE, max(period_end)::DATE
        from payable where list_contains($1, care_form) and status = 'accepted' and declared_on <= $2::DATE
        group by client, product_month
    ), beside as (
        select *, max(end_on) over (
            partition by client order by begin_on, end_on rows between unbounded preceding and 1 preceding
        ) as ended_before from stays
    ), marked as (
        select *, sum((ended_before is null or begin_on > ended_before + 1)::INTEGER) over (
            partition by client order by begin_on, end_on rows unbounded preceding
        ) as chain from beside
    )
    select client, min(begin_on) as begin_on, max(end_on) as end_on from marked group by client, chain
"""
"""Each youth's stays, those that follow each other without a day between as one; a declared month stands for a stay of
which no start message came."""
_JUDGED = f"""
    create or replace temp table judged as
    with care as (
        select client, municipality_code, provider, allocation_number, product_month,
            year(product_month)::INTEGER as year, last_day(product_month)::DATE as month_end,
            min(period_start)::DATE as first_day, max(period_end)::DATE as final_day,
            count(*) filter (status = 'accepted') as lines, sum(amount_cents) as amount_cents
        from payable
        where list_contains($1, municipality_code) and declared_on <= $2::DATE and year(product_month) >= $3
        group by client, municipality_code, provider, allocation_number, product_month
        having sum(amount_cents) <> 0
    ), placed as (
        select care.*, (
            select min(begin_on) from chains
            where chains.client = care.client and begin_on <= care.final_day and end_on >= care.first_day
        ) as stay_from from care
    ), dated as (
        select *, coalesce(stay_from, month_end) as day from placed
    ), at_home as (
        select dated.*, addresses.postcode from dated asof left join addresses
            on dated.client = addresses.client and dated.day >= addresses.known_on
    ), own as (
        select municipality_code, provider, allocation_number, arg_min(postcode, known_on) as own_postcode
        from addresses where allocation_number is not null group by all
    ), addressed as (
        select at_home.*, case when stay_from is null then coalesce(postcode, own_postcode) else postcode end as home
        from at_home left join own using (municipality_code, provider, allocation_number)
    )
    select addressed.* exclude (postcode), homes.codes,
        case when homes.codes is null then '{UNKNOWN}'
            when list_contains(homes.codes, municipality_code) then '{HERE}' else '{ELSEWHERE}' end as {OUTCOME},
        case when home is null and stay_from is not null
                and addressed.client in (select client from addresses) then 'not_before_stay'
            when home is null then 'no_address' when homes.codes is null then 'no_municipality' else '' end as reason,
        case when not list_contains(homes.codes, municipality_code) and len(homes.codes) = 1
            then homes.codes[1] else '' end as responsible_code
    from addressed left join homes on homes.postcode = home
"""  # noqa: S608
