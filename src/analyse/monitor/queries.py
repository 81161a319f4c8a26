"""What the monitor asks of a store in SQL: sums and counts, never a line of a youth."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

import duckdb
import pandas as pd

from analyse.monitor.q_analysis import Quantities
from analyse.small_cells import SMALLEST

SHOWN_BY = ("care_form", "provider", "referrer")
"""What pages show amounts by."""
LATEST_DAY = 25
"""A month of declarations is never waited for beyond this day."""
CELL_KEY = "now.municipality_code, now.provider, now.product_code, now.unit"
"""Order in which fractions are added up: threads that add them up as they come give other last digits each time."""
SIGNED = "case when debit_credit = 'C' then -volume else volume end"


@dataclass(frozen=True)
class Known:
    """What was declared of some municipalities on or before a day; lines declared later do not count."""

    connection: duckdb.DuckDBPyConnection
    """To an opened store of declarations."""
    members: Sequence[str]
    """Municipality codes."""
    day: datetime.date

    def quantities(self, year: int, *, months: int) -> Quantities:
        """Care of the first ``months`` of a year.

        What a credit line has taken back counts nowhere. A youth counts once in every row of ``youths``.
        """
        self._net(year, months)
        return Quantities(self.connection.execute(_CELLS).df(), self.connection.execute(_YOUTHS).df())

    def of_areas(self, year: int, *, months: int) -> dict[str, pd.DataFrame]:
        """What the pages of a set show of the first ``months`` of a year, by each column of ``SHOWN_BY``.

        Returns
        -------
        dict of DataFrame
            Column -> municipality_code, that column, clients (untreated) and cost_eur; "youths" -> the same of each
            municipality as a whole.
        """
        self._net(year, months)
        found = {column: self.connection.execute(_OF_AREAS.format(column=column)).df() for column in SHOWN_BY}
        return found | {"youths": self.connection.execute(_EACH).df()}

    def of_pairs(self, year: int) -> pd.DataFrame:
        """Care of a whole year by care form and provider: these, clients (untreated) and cost_eur."""
        self._net(year, 12)
        return self.connection.execute(_PAIRS).df()

    def beside(self, year: int, agreed: pd.DataFrame) -> pd.DataFrame:
        """Youths with care of a year outside what was agreed: municipality_code, clients (untreated).

        Parameters
        ----------
        year : int
            Year of care.
        agreed : DataFrame
            provider, care_form and unit of the agreements.
        """
        self._net(year, 12)
        self.connection.register("agreed", agreed[["provider", "care_form", "unit"]].astype(str))
        found = self.connection.execute(_BESIDE).df()
        self.connection.unregister("agreed")
        return found

    def clients(self) -> pd.DataFrame:
        """Youths with a declared line by year of care: year, clients (untreated)."""
        return self.connection.execute(_CLIENTS, [list(self.members), self.day]).df()

    def clients_by_month(self) -> pd.DataFrame:
        """Youths with a declared line by month of care: municipality_code, period ("2024-01"), clients (untreated)."""
        return self.connection.execute(_CLIENTS_BY_MONTH, [list(self.members), self.day]).df()

    def youths_by_year(self, month: datetime.date) -> pd.DataFrame:
        """Youths with declared care by year of care, of months up to one.

        Credits are taken off: of whom nothing is left does not count.

        Parameters
        ----------
        month : date
            A day in the last month of care.

        Returns
        -------
        DataFrame
            municipality_code, year, clients (untreated).
        """
        return self.connection.execute(_BY_YEAR, [list(self.members), self.day, month]).df()

    def arrived(self, year: int, *, months: int) -> pd.DataFrame:
        """Youths by the month in which declarations of the first ``months`` of a year of care came in.

        Returns
        -------
        DataFrame
            municipality_code, period ("2024-01"), added (youths of whom something came in, untreated), and entered
            (how many more youths have declared care than before; below zero where credits take more back).
        """
        return self.connection.execute(_ARRIVED, [year, list(self.members), self.day, months]).df()

    def after(self, year: int, *, months: int) -> pd.DataFrame:
        """Youths of whom something of the first ``months`` of a year came in after a month: period, clients, untreated.

        A month after which nothing came in has no row.
        """
        return self.connection.execute(_AFTER, [year, list(self.members), self.day, months]).df()

    def delivered(self, year: int) -> pd.DataFrame:
        """Declared volume and weeks of care of each trajectory in a year.

        Returns
        -------
        DataFrame
            municipality_code, care_form, provider, unit (minutes as hours, "04"), volume, weeks. Output ("82") and
            euros ("83") say nothing of how much care a week is, so they are left out.
        """
        return self.connection.execute(_DELIVERED, [year, list(self.members), self.day]).df()

    def price_growth(self) -> pd.DataFrame:
        """How much tariffs of the same care rose in a year, by month of care.

        Returns
        -------
        DataFrame
            period ("2024-01"), growth: mean change of the logarithm of the tariff on the same month a year before, of
            what the same provider declared of the same product in both, weighted by euros.
        """
        return self.connection.execute(_PRICES, [list(self.members), self.day]).df()

    def few_in_form(self, year: int) -> pd.DataFrame:
        """Providers of which an amount in one form would tell that of fewer than ten youths, in this form or beside it.

        Care of the year and the one before counts.

        Returns
        -------
        DataFrame
            municipality_code ("" for all together) and pair ("provider form"). A pair of one municipality is a secret
            on the pages of all: the region less the others would tell it.
        """
        return self.connection.execute(_FEW, [list(self.members), year, self.day, SMALLEST]).df()

    def _net(self, year: int, months: int) -> None:
        self.connection.execute(_NET, [year, list(self.members), self.day, months])


def reported(connection: duckdb.DuckDBPyConnection, known: datetime.date) -> pd.DataFrame:
    """How soon starts of care become known: months between start and first start message, of the last two years.

    Returns
    -------
    DataFrame
        months (0 for the month of the start) and starts; starts of the half year before ``known``, of which messages
        may still come, are left out.
    """
    return connection.execute(_REPORTED, [known]).df()


def last_month(newest: datetime.date, *, usual_day: int = LATEST_DAY, delay_days: int = 0) -> str:
    """The last month whose declarations can all be in, when the newest is of this day.

    Parameters
    ----------
    newest : date
        Of the newest declaration.
    usual_day : int
        Day of the month by which a month was nearly in before; at most ``LATEST_DAY``.
    delay_days : int
        Days that pass before a declaration of a date is in the store.

    Examples
    --------
    >>> day = datetime.date
    >>> last_month(day(2024, 10, 10)), last_month(day(2024, 10, 25)), last_month(day(2024, 10, 31), delay_days=10)
    ('2024-09', '2024-10', '2024-09')
    >>> last_month(day(2024, 10, 16), usual_day=15)
    '2024-10'
    """
    known = pd.Timestamp(newest) - pd.Timedelta(days=delay_days)
    finished = known.day >= min(usual_day, LATEST_DAY)
    return str(known.to_period("M") - (0 if finished else 1))


_NET = f"""
    create or replace temp table net as
        select care_form, provider, coalesce(referrer, '') as referrer, unit, client, municipality_code,
            coalesce(allocation_number::VARCHAR, client) as trajectory, sum({SIGNED}) as volume,
            sum(amount_cents) as amount_cents
        from declarations
        where year(product_month) = $1 and month(product_month) <= $4
            and list_contains($2, municipality_code) and declared_on <= $3::DATE
        group by all having sum(amount_cents) <> 0
"""  # noqa: S608
_CELLS = """
    select care_form, provider, referrer, unit, count(distinct (municipality_code, trajectory)) as trajectories,
        sum(volume)::DOUBLE as volume, sum(amount_cents) / 100.0 as cost_eur
    from net group by all order by all
"""
_PAIRS = """
    select care_form, provider, count(distinct client) as clients, sum(amount_cents) / 100.0 as cost_eur
    from net group by all order by all
"""
_BESIDE = """
    select municipality_code, count(distinct client)::DOUBLE as clients
    from net anti join agreed using (provider, care_form, unit) group by all order by all
"""
_YOUTHS = """
    select case when grouping(care_form) = 0 then 'care_form' when grouping(provider) = 0 then 'provider'
            when grouping(referrer) = 0 then 'referrer' else '' end as dimension,
        coalesce(care_form, provider, referrer, '') as name, count(distinct client) as youths
    from net group by grouping sets ((), (care_form), (provider), (referrer)) order by all
"""
_CLIENTS = """
    select year(product_month)::INTEGER as year, count(distinct client) as clients
    from payable where list_contains($1, municipality_code) and declared_on <= $2::DATE
    group by all order by all
"""
_CLIENTS_BY_MONTH = """
    select municipality_code, strftime(product_month, '%Y-%m') as period, count(distinct client) as clients
    from payable where list_contains($1, municipality_code) and declared_on <= $2::DATE
    group by all order by all
"""
_BY_YEAR = """
    with net as (
        select municipality_code, year(product_month)::INTEGER as year, client from payable
        where list_contains($1, municipality_code) and declared_on <= $2::DATE and product_month <= $3::DATE
        group by all having sum(amount_cents) <> 0
    )
    select municipality_code, year, count(*)::DOUBLE as clients from net group by all order by all
"""
_MOVED = """
    with moved as (
        select municipality_code, client, sum(amount_cents) as amount,
            greatest(date_trunc('month', declared_on)::DATE, product_month::DATE) as arrived
        from payable
        where year(product_month) = $1 and month(product_month) <= $4
            and list_contains($2, municipality_code) and declared_on <= $3::DATE
        group by all having sum(amount_cents) <> 0
    )
"""
_ARRIVED = f"""
    {_MOVED}, summed as (
        select *, sum(amount) over (partition by municipality_code, client order by arrived) as total from moved
    )
    select municipality_code, strftime(arrived, '%Y-%m') as period, count(*)::DOUBLE as added,
        sum((total <> 0)::INTEGER - (total <> amount)::INTEGER)::DOUBLE as entered
    from summed group by all order by all
"""  # noqa: S608
_AFTER = f"""
    {_MOVED}
    select strftime(cut_off, '%Y-%m') as period, count(distinct (municipality_code, client))::DOUBLE as clients
    from moved, generate_series(make_date($1, 1, 1), make_date($1, $4, 1), interval 1 month) as one(cut_off)
    where arrived > cut_off group by all order by all
"""  # noqa: S608
_EACH = """
    select municipality_code, count(distinct client)::DOUBLE as clients, sum(amount_cents) / 100.0 as cost_eur
    from net group by all order by all
"""
_OF_AREAS = """
    select municipality_code, coalesce({column}, '') as {column}, count(distinct client)::DOUBLE as clients,
        sum(amount_cents) / 100.0 as cost_eur
    from net group by all order by all
"""
_DELIVERED = f"""
    with care as (
        select municipality_code, provider, allocation_number, case unit when '01' then '04' else unit end as unit,
            sum(({SIGNED}) / case unit when '01' then 60.0 else 1.0 end)::DOUBLE as volume
        from declarations
        where year(product_month) = $1 and list_contains($2, municipality_code) and declared_on <= $3::DATE
            and unit in ('01', '04', '14', '16', '84')
        group by all having sum(amount_cents) > 0
    ), running as (
        select municipality_code, provider, allocation_number, care_form,
            (date_diff('day', greatest(start_date::DATE, make_date($1, 1, 1)),
                least(coalesce(stop_date::DATE, date '9999-12-31'), make_date($1, 12, 31), $3::DATE)) + 1) / 7.0
            as weeks
        from trajectories where start_date is not null
    )
    select municipality_code, care_form, provider, unit, volume, weeks::DOUBLE as weeks
    from care join running using (municipality_code, provider, allocation_number) where weeks > 0
    order by all
"""  # noqa: S608
_FEW = """
    with care as (
        select distinct municipality_code, provider, coalesce(care_form, 'unmapped') as care_form, client from payable
        where list_contains($1, municipality_code) and year(product_month) between $2 - 1 and $2
            and declared_on <= $3::DATE
    ), form as (select distinct provider, care_form from care), counted as (
        select c.municipality_code, f.provider, f.care_form,
            count(distinct c.client) filter (where c.care_form = f.care_form) as inside,
            count(distinct c.client) filter (where c.care_form <> f.care_form) as beside
        from form f join care c using (provider)
        group by grouping sets ((c.municipality_code, f.provider, f.care_form), (f.provider, f.care_form))
    )
    select coalesce(municipality_code, '') as municipality_code, provider || ' ' || care_form as pair
    from counted where inside between 1 and $4 - 1 or (inside > 0 and beside between 1 and $4 - 1)
    order by all
"""
_PRICES = f"""
    with cell as (
        select municipality_code, provider, product_code, unit, product_month, sum({SIGNED})::DOUBLE as volume,
            sum(amount_cents)::DOUBLE as amount
        from declarations
        where list_contains($1, municipality_code) and declared_on <= $2::DATE and product_code is not null
        group by all having sum({SIGNED}) > 0 and sum(amount_cents) > 0
    )
    select strftime(now.product_month, '%Y-%m') as period,
        sum(now.amount * ln(now.amount / now.volume / (past.amount / past.volume)) order by {CELL_KEY})
            / sum(now.amount order by {CELL_KEY}) as growth
    from cell as now join cell as past on now.municipality_code = past.municipality_code
        and now.provider = past.provider and now.product_code = past.product_code and now.unit = past.unit
        and past.product_month = now.product_month - interval 12 month
    group by all order by all
"""  # noqa: S608
_REPORTED = """
    with told as (
        select municipality_code, provider, allocation_number, min(start_date)::DATE as began,
            min(sent_on)::DATE as sent
        from starts_sent where start_date is not null and sent_on is not null group by all
    )
    select greatest(date_diff('month', began, sent), 0)::INTEGER as months, count(*)::DOUBLE as starts
    from told where began <= $1::DATE - interval 6 month and began > $1::DATE - interval 30 month
    group by all order by all
"""
NEWEST_DAY = """
    with newest as (select quantile_disc(declared_on, 0.9995) as day from payable), months as (
        select declared_month, quantile_disc(day(declared_on), 0.95) as usual from payable, newest
        where declared_month < date_trunc('month', newest.day) and declared_month >= newest.day - interval 13 month
        group by all
    )
    select any_value(newest.day), (select min(usual) from months)::INTEGER from newest
"""
"""The day of the newest declarations (one with a date far ahead is none), and the earliest day by which a month of the
last year was nearly in."""
TRAJECTORIES = """
    select * replace (coalesce(referrer, '') as referrer, coalesce(provider, '') as provider,
        coalesce(care_form, 'unmapped') as care_form)
    from trajectories order by all
"""
"""Trajectories; what a message left out forms a group of its own, so that no row is lost."""
