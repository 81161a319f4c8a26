"""Data integrity: every stored line against the rules of the whole, per rule, provider and year."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pandas as pd
import pyarrow as pa

from analyse import small_cells
from analyse.sources.declarations import contracts as agreed
from analyse.sources.declarations import rules as ruling

TOGETHER = ""
"""Stands for all providers together."""
EVERYWHERE = "*"
"""Stands for all municipalities together."""
SETS = """grouping sets (
    (rule, year, provider), (rule, year), (rule, year, provider, municipality_code), (rule, year, municipality_code),
    (rule, lately, provider))"""
LATELY_MONTHS = 6
"""Newest months of care that are laid beside the same months of a year before."""
PLACE = (
    f"case when grouping(municipality_code) = 1 then '{EVERYWHERE}' else coalesce(municipality_code, '') end"
)
KEY = ["rule", "year", "provider"]


@dataclass(frozen=True)
class Integrity:
    """What the rules found."""

    rules: pd.DataFrame
    """``rule``, ``stage``, ``severity``, ``what_nl``, ``what_en``, ``why_nl``, ``why_en``, ``state`` (checked, off, not
    possible), ``reason``."""
    found: pd.DataFrame
    """``rule``, ``year``, ``provider``, ``lines``, ``amount_cents``, ``clients``: for further work, not to be shown."""
    totals: pd.DataFrame
    """The same by rule and year; a youth with two providers counts once."""
    checked_lines: pd.DataFrame
    """``year``, ``lines``: how many lines were looked at."""
    by_municipality: pd.DataFrame
    """``found`` and ``totals`` (provider ``TOGETHER``) by ``municipality_code``: for further work as well."""
    lately: pd.DataFrame
    """``found`` of the newest ``LATELY_MONTHS`` months of care and of the same months of a year before, as declared by
    the same day then; ``year`` is that of the last month. Without rules that are told later; empty without a day."""
    lately_lines: pd.DataFrame
    """``checked_lines`` of these months."""

    def shown(self) -> pd.DataFrame:
        """What may be shown: rows with fewer than ten youths are empty and marked, and so is what would give them away.

        Beside the total of a rule and year, what is hidden is of two providers or more, one of them with ten youths.

        Returns
        -------
        DataFrame
            ``rule``, ``severity``, ``year``, ``provider``, ``lines``, ``amount_eur``, ``suppressed``.
        """
        key = ["rule", "year"]
        whole = self.found.groupby(key, as_index=False)[["lines", "amount_cents", "clients"]].sum()
        table = pd.concat([self.found, whole.assign(provider=TOGETHER)], ignore_index=True)
        table = table.assign(lines=table["lines"].astype("Int64"), amount_eur=table["amount_cents"] / 100)
        table = small_cells.protect(
            table, "clients", totals={"provider": TOGETHER}, within=key, beside=["lines", "amount_eur"]
        )
        table = table[table["provider"] != TOGETHER].merge(
            self.rules[["rule", "severity"]], on="rule", validate="m:1"
        )
        table = table.assign(suppressed=table["clients_status"].eq(small_cells.HIDDEN))
        columns = ["rule", "severity", "year", "provider", "lines", "amount_eur", "suppressed"]
        return table[columns].sort_values(KEY, ignore_index=True)

    def trend(self) -> pd.DataFrame:
        """Per rule and year: ``lines`` and their share of all lines, in per mille; empty below ten youths.

        Returns
        -------
        DataFrame
            ``rule``, ``year``, ``lines``, ``per_mille``.
        """
        summed = self.totals.merge(
            self.checked_lines.rename(columns={"lines": "all_lines"}), on="year", validate="m:1"
        )
        kept = ~small_cells.small(summed["clients"], zero=True)
        lines = summed["lines"].astype("Int64").where(kept)
        return pd.DataFrame(
            {
                "rule": summed["rule"],
                "year": summed["year"],
                "lines": lines,
                "per_mille": (1000 * summed["lines"] / summed["all_lines"]).where(kept),
            }
        )


def integrity(
    connection: duckdb.DuckDBPyConnection,
    *,
    contracts: Path | Mapping[str, pd.DataFrame] | None = None,
    members: Sequence[str] | None = None,
    until: datetime.date | None = None,
) -> Integrity:
    """Check a store with ``parameters/integrity_rules.yaml``.

    Parameters
    ----------
    connection : DuckDBPyConnection
        From ``declarations.open``.
    contracts : Path or mapping of DataFrame, optional
        Folder with ``tariffs.csv``, or what ``contracts.read`` made of it; without tariffs the rules about contracts
        are not possible, and the result says so.
    members : sequence of str, optional
        Codes of the municipalities whose lines to look at; by default all.
    until : date, optional
        Last day of the newest month, for what was found of late; by default that is not looked at.

    Raises
    ------
    ParameterError
        If the rules or the contracts are not as they should be.
    """
    rules = ruling.load()
    tables = contracts if isinstance(contracts, Mapping) else agreed.read(contracts)
    there = {
        "tariffs": "tariffs" not in agreed.absent(tables),
        **{name: _any(connection, name) for name in ("allocations", "stops")},
    }
    _chosen(connection, members, until)
    _context(connection, tables["tariffs"])
    active = [rule for rule in rules.at("store") if rule.needs is None or there[rule.needs]]
    counted = pd.concat([_at_the_door(connection), _in_store(connection, rules, active)], ignore_index=True)
    of_late = counted["of_late"]
    lately, counted = _lately(counted[of_late], rules), counted[~of_late].drop(columns=["lately", "of_late"])
    together = counted["municipality_code"] == EVERYWHERE
    by_municipality, counted = counted[~together], counted[together].drop(columns="municipality_code")
    whole = counted["provider"] == TOGETHER
    found, totals = counted.loc[~whole], counted.loc[whole].drop(columns="provider")
    lines = connection.execute("select year, count(*) as lines from chosen group by year order by year").df()
    lately_lines = connection.execute(
        "select lately as year, count(*) as lines from chosen where lately is not null group by 1 order by 1"
    ).df()
    return Integrity(
        _states(rules, there),
        found.sort_values(KEY, ignore_index=True),
        totals.sort_values(["rule", "year"], ignore_index=True),
        lines,
        by_municipality.reset_index(drop=True),
        lately,
        lately_lines,
    )


def _lately(counted: pd.DataFrame, rules: ruling.Rules) -> pd.DataFrame:
    later = {rule.id for rule in rules.rules if rule.told_later}
    kept = counted[counted["lately"].notna() & ~counted["rule"].isin(later)]
    table = kept.assign(year=kept["lately"].astype("int64"))
    return table[[*KEY, "lines", "amount_cents", "clients"]].sort_values(KEY, ignore_index=True)


def _any(connection: duckdb.DuckDBPyConnection, name: str) -> bool:
    return bool(connection.execute(f"select 1 from {name} limit 1").fetchall())


def _states(rules: ruling.Rules, there: dict[str, bool]) -> pd.DataFrame:
    rows = []
    for rule in rules.rules:
        missing = rule.needs is not None and not there[rule.needs]
        state = "off" if rule.off_because else "not possible" if missing else "checked"
        reason = rule.off_because or (f"no {rule.needs}" if missing else "")
        row = {
            "rule": rule.id,
            "stage": rule.stage,
            "severity": rule.severity,
            "state": state,
            "reason": reason,
        }
        words = {
            "what_nl": rule.what.nl,
            "what_en": rule.what.en,
            "why_nl": rule.why.nl,
            "why_en": rule.why.en,
        }
        rows.append(row | words)
    return pd.DataFrame(rows)


def _chosen(
    connection: duckdb.DuckDBPyConnection, members: Sequence[str] | None, until: datetime.date | None
) -> None:
    """A view with the lines to look at, and of which year they are "of late"."""
    wanted = pa.table({"municipality_code": pa.array(list(members or []), pa.string())})
    connection.register("members_given", wanted)
    connection.execute("create or replace temp table members as select * from members_given")
    connection.unregister("members_given")
    only = "where municipality_code in (select municipality_code from members)" if members is not None else ""
    windows = "" if until is None else " ".join(_window(until, back) for back in (0, 1))
    lately = f"case {windows} end" if windows else "null::INTEGER"
    connection.execute(
        f"create or replace temp view chosen as select *, {lately} as lately from lines {only}"
    )


def _window(until: datetime.date, back: int) -> str:
    """The newest months so many years back, declared by the same day then."""
    day = f"last_day(date '{until}' - interval {back} year)"
    first = f"date_trunc('month', {day}) - interval {LATELY_MONTHS - 1} month"
    inside = f"product_month between {first} and {day} and declared_on <= {day}"
    return f"when {inside} then {until.year - back}"


def _context(connection: duckdb.DuckDBPyConnection, tariffs: pd.DataFrame) -> None:
    """A view with each line and what the rules compare it with."""
    connection.register("tariffs_given", pa.Table.from_pandas(tariffs, preserve_index=False))
    connection.execute("create or replace temp table tariffs as select * from tariffs_given")
    connection.unregister("tariffs_given")
    connection.execute("""
        create or replace temp table delivered as
        select municipality_code, provider, allocation_number,
            sum(case when debit_credit = 'C' then -volume else volume end) as declared_volume
        from payable where allocation_number is not null group by all
    """)
    connection.execute("""
        create or replace temp table stays_at_once as
        with stays as (
            select file_id, line_number, client, product_month, allocation_number, period_start, period_end
            from lines where status = 'accepted' and unit = '14' and period_end > period_start
        )
        select distinct a.file_id, a.line_number from stays a join stays b
            on a.client = b.client and a.product_month = b.product_month
            and a.allocation_number <> b.allocation_number
            and a.period_start < b.period_end and b.period_start < a.period_end
    """)
    connection.execute(_CONTEXT)


_CONTEXT = """
    create or replace temp view checked as
    with room as (
        select municipality_code, provider, allocation_number, allocated_on, unit as allocated_unit,
            start_date as allocation_start, end_date as allocation_end,
            case frequency when '6' then volume
                when '4' then volume * (date_diff('month', start_date, end_date) + 1)
                when '2' then volume * ceil((date_diff('day', start_date, end_date) + 1) / 7)
                when '1' then volume * (date_diff('day', start_date, end_date) + 1) end as allocated_volume
        from allocations
    ), contracted as (select distinct provider from tariffs)
    select l.*, r.* exclude (municipality_code, provider, allocation_number), s.stop_date, d.declared_volume,
        t.tariff_cents as contract_cents, c.provider is not null as provider_contracted,
        o.file_id is not null as overlapping_stay
    from chosen l
    left join room r using (municipality_code, provider, allocation_number)
    left join (select municipality_code, provider, allocation_number, stop_date from stops) s
        using (municipality_code, provider, allocation_number)
    left join delivered d using (municipality_code, provider, allocation_number)
    left join tariffs t on t.provider = l.provider and t.product_code = l.product_code and t.year = l.year
    left join contracted c on c.provider = l.provider
    left join stays_at_once o on o.file_id = l.file_id and o.line_number = l.line_number
    where l.status in ('accepted', 'duplicate')
"""


def _at_the_door(connection: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    return connection.execute(f"""
        select rule, year, lately, grouping(lately) = 0 as of_late,
            case when grouping(provider) = 1 then '' else coalesce(provider, 'unknown') end as provider,
            {PLACE} as municipality_code, count(*) as lines,
            coalesce(sum(amount_cents), 0)::BIGINT as amount_cents, count(distinct client) as clients
        from chosen where status = 'quarantined' group by {SETS}
    """).df()


def _in_store(
    connection: duckdb.DuckDBPyConnection, rules: ruling.Rules, active: list[ruling.Rule]
) -> pd.DataFrame:
    """One pass over the lines for all rules."""
    broken = ", ".join(f"case when {_reach(rule, rules)} then '{rule.id}' end" for rule in active)
    return connection.execute(f"""
        with found as (
            select list_filter([{broken}], lambda one: one is not null) as rules, year, lately, provider,
                municipality_code, amount_cents, client
            from checked
        ), marked as (select unnest(rules) as rule, * exclude (rules) from found where len(rules) > 0)
        select rule, year, lately, grouping(lately) = 0 as of_late, coalesce(provider, '') as provider,
            {PLACE} as municipality_code, count(*) as lines,
            sum(amount_cents)::BIGINT as amount_cents, count(distinct client) as clients
        from marked group by {SETS}
    """).df()


def _reach(rule: ruling.Rule, rules: ruling.Rules) -> str:
    """A rule looks at accepted lines, unless it says which status it looks at."""
    condition = rules.sql(rule)
    return condition if "status" in condition else f"status = 'accepted' and ({condition})"
