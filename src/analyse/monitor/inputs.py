"""What the monitor asks of declarations: sums, and pseudonymous trajectories that stay in memory."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd

from analyse import store
from analyse.errors import DataError
from analyse.history import areas, completion, panel
from analyse.history.completion.triangle import LAG, MONTH, label, month_number
from analyse.monitor import (
    duration,
    outcomes,
    queries,
    residence,
    simulated,
    store_cache,
    vision_shares,
)
from analyse.monitor.q_analysis import Quantities
from analyse.parameters import Assumption, Run, read_declared
from analyse.sources import declarations
from analyse.sources.declarations import contracts as agreed

CELL = ("municipality_code", "care_form", "provider")
YEARS = 6
"""Years of care to simulate where there are no declarations."""
LINES_A_YEAR = 40_000
SIMULATED_UNTIL = "2024-09"
"""Cut-off of what is simulated: the last year with published accounts, with months to come."""


@dataclass(frozen=True)
class Inputs:
    """Everything the monitor needs, as known at the end of ``cut_off``."""

    about: Mapping[str, Any]
    """simulated (bool), and label: what to say of every figure then."""
    cut_off: str
    """Last month of which the declarations are known, "2024-12"."""
    cells: pd.DataFrame
    """municipality_code, care_form, provider, product_month, development_month, amount_cents."""
    trajectories: pd.DataFrame
    """One row per allocation; client is a pseudonym and goes no further than counts."""
    contracts: dict[str, pd.DataFrame]
    """``contracts.read`` of ``sources.declarations``."""
    connection: duckdb.DuckDBPyConnection
    """With the views of a store."""
    late: tuple[completion.arrivals.Late, ...] = ()
    """What is missing of the months of declarations after it (``completion.arrivals``); empty when nothing is."""
    plans: dict[str, dict[str, pd.DataFrame]] = field(default_factory=dict, repr=False)
    """What pages hide (``category_plans``), by region, once it has been worked out."""
    judged: dict[tuple[str, ...], pd.DataFrame] = field(default_factory=dict, repr=False)
    """Lines by who should pay them, by municipalities, once it has been worked out."""
    checked: dict[tuple[str, ...], declarations.Integrity] = field(default_factory=dict, repr=False)
    """What the integrity rules find, by municipalities, once it has been looked for."""
    kept: dict[Hashable, Any] = field(default_factory=dict, init=False, repr=False)
    """What several parts of a page ask for, by its name and what it is of, once it has been worked out."""

    @property
    def last_day(self) -> datetime.date:
        """Last day of the cut-off month."""
        return (pd.Timestamp(self.cut_off) + pd.offsets.MonthEnd(0)).date()

    @property
    def year(self) -> int:
        """Year of the cut-off."""
        return pd.Timestamp(self.cut_off).year

    def once(self, what: str, of: Sequence[str], make: Callable[[], Any]) -> Any:
        """What is made of some areas, made once; not to be changed.

        Parameters
        ----------
        what : str
            Its name.
        of : sequence of str
            Codes of the areas.
        make : callable
            Makes it.
        """
        if (what, *of) not in self.kept:
            self.kept[what, *of] = make()
        return self.kept[what, *of]

    def months(self, members: Sequence[str]) -> int:
        """How many months of care of the members have declarations, up to the cut-off."""
        own = self.cells[self.cells["municipality_code"].isin(members)]
        return completion.short.months(own, self.cut_off)

    def first_month(self, members: Sequence[str]) -> str:
        """The first of these months, "2021-01"."""
        return label(int(month_number(pd.Series([self.cut_off]))[0]) - self.months(members) + 1)

    def span(self, members: Sequence[str]) -> dict[str, str]:
        """The first and last month of the year before and the year of the cut-off, as far as there are declarations."""
        return {"first": max(f"{self.year - 1}-01", self.first_month(members)), "last": self.cut_off}

    def settled_year(self, members: Sequence[str]) -> int:
        """The year before that of the cut-off, if lines begin in its January; otherwise the year of the cut-off."""
        return self.year - 1 if self.first_month(members) <= f"{self.year - 1}-01" else self.year

    def quantities_until(self, year: int, members: Sequence[str]) -> Quantities:
        """Care of a year up to the month of the cut-off, as it was declared up to that month: years to compare.

        An earlier year that the declarations do not cover from January on gives nothing.
        """
        there = year == self.year or self.first_month(members) <= f"{year}-01"
        months = self.last_day.month if there else 0
        return self._quantities(year, members, self.same_day(year), months)

    def whole_year(self, year: int, members: Sequence[str]) -> Quantities:
        """All care of a year before that of the cut-off; nothing where a month is missing."""
        whole = self.first_month(members) <= f"{year}-01" and year < self.year
        return self._quantities(year, members, self.last_day, 12 if whole else 0)

    def _quantities(self, year: int, members: Sequence[str], day: datetime.date, months: int) -> Quantities:
        return self.once(
            f"quantities {year} {day} {months}",
            members,
            lambda: self.declared(members, day).quantities(year, months=months),
        )

    def by_form_and_provider(self, year: int, members: Sequence[str]) -> pd.DataFrame:
        """What providers declared of each care form in a year: care_form, provider, clients (untreated), cost_eur."""
        return self.declared(members).of_pairs(year)

    def declared(self, members: Sequence[str], day: datetime.date | None = None) -> queries.Known:
        """What was declared of the members up to a day; by default up to the cut-off."""
        return queries.Known(self.connection, members, day or self.last_day)

    def integrity(self, members: Sequence[str]) -> declarations.Integrity:
        """What the integrity rules find in the lines of the members."""
        key = tuple(members)
        if key not in self.checked:
            asked = {"contracts": self.contracts, "members": members, "until": self.last_day}
            self.checked[key] = declarations.integrity(self.connection, **asked)
        return self.checked[key]

    def residence(self, members: Sequence[str]) -> pd.DataFrame:
        """Lines of the members by who should pay them (``residence.judge``); no rows where nothing is known."""
        whole = next((one for known, one in self.judged.items() if set(members) <= set(known)), None)
        if whole is None:
            postcodes = self.contracts["postcodes"]
            asked = {"members": members, "known": self.last_day, "apart": ()}
            whole = residence.judge(self.connection, postcodes, **asked)
            self.judged[tuple(members)] = whole
        found = whole[whole["municipality_code"].isin(members)]
        return found if found[residence.OUTCOME].ne(residence.UNKNOWN).any() else found.iloc[:0]

    def reclaims(self, members: Sequence[str], year: int) -> pd.DataFrame:
        """Lines of a year that belong to another municipality, by which: responsible_code, lines, clients, cost_eur."""
        asked = {"members": members, "known": self.last_day, "apart": ("responsible_code",)}
        found = residence.judge(self.connection, self.contracts["postcodes"], **asked)
        own = found[found["year"].eq(year) & found[residence.OUTCOME].eq(residence.ELSEWHERE)]
        return own[["responsible_code", "lines", "clients", "cost_eur"]].reset_index(drop=True)

    def same_day(self, year: int) -> datetime.date:
        """The day of the cut-off in another year."""
        day = self.last_day + pd.DateOffset(years=year - self.year) + pd.offsets.MonthEnd(0)
        return day.date()

    def started(self, members: Sequence[str]) -> pd.DataFrame:
        """The trajectories of the members, consecutive allocations of one youth and provider together."""
        own = self.trajectories["municipality_code"].isin(members)
        return self.once("started", members, lambda: duration.chained(self.trajectories[own]))

    def youths_of_each(self, members: Sequence[str]) -> pd.Series:
        """Youths with care of the year of the cut-off by municipality, untreated."""
        found = self.declared(members).of_areas(self.year, months=self.last_day.month)
        return found["youths"].set_index("municipality_code")["clients"]

    def youths_by_month(self, members: Sequence[str]) -> pd.DataFrame:
        """Youths of whom care was declared, untreated: a row per month of care, a column per municipality."""
        found = (
            self.declared(members).clients_by_month().set_index(["period", "municipality_code"])["clients"]
        )
        return found.unstack("municipality_code", fill_value=0)

    @property
    def providers(self) -> dict[str, str]:
        """The names of providers that are known, by AGB code."""
        table = self.contracts["providers"]
        return dict(zip(table["provider"], table["name"], strict=True))

    def outcomes(self, area: str, members: Sequence[str], years: Sequence[int]) -> pd.DataFrame:
        """The outcomes of care of the members in some years: ``outcomes.table`` and below it ``vision_shares.table``.

        Parameters
        ----------
        area : str
            Code that the rows get.
        members : sequence of str
            The municipalities of that area.
        years : sequence of int
            Calendar years.
        """
        started, norm = self.started(members), norms()["waiting_weeks"].value
        asked = {"area_code": area, "years": years}
        lines = vision_shares.lines_by_status(self.connection, members)
        parts = [
            outcomes.table(started, self.last_day, norm_weeks=norm, **asked),
            vision_shares.table(started, self.last_day, lines=lines, **asked),
        ]
        return pd.concat([one for one in parts if len(one)] or parts[:1], ignore_index=True)

    def agreed(self, year: int, members: Sequence[str]) -> pd.DataFrame:
        """The agreements of a year with the members."""
        table = self.contracts["agreements"]
        return table[(table["year"] == year) & table["municipality_code"].isin(members)]

    def beside_agreed(self, year: int, members: Sequence[str]) -> pd.Series:
        """Municipality code -> youths (untreated) with care of a year outside its agreements."""
        agreed = self.agreed(year, members)
        found = self.declared(members).beside(year, agreed[agreed["agreed_cents"].gt(0)])
        return found.set_index("municipality_code")["clients"]

    def reported(self) -> pd.Series:
        """Period -> share of the starts of that month that is known at the cut-off; empty where no messages say it."""
        delays = queries.reported(self.connection, self.last_day).set_index("months")["starts"]
        share = (
            (delays.cumsum() / delays.sum()).reindex(range(int(delays.index.max()) + 1), method="ffill")
            if len(delays)
            else delays
        )
        periods = pd.period_range(end=self.cut_off, periods=len(share), freq="M").astype(str)
        return pd.Series(share.to_numpy()[::-1], index=periods).clip(lower=0.1)


def read(
    folder: Path | str, contracts: Path | str | None = None, *, cut_off: str = "", sending_delay_days: int = 0
) -> Inputs:
    """Read what the monitor needs.

    Parameters
    ----------
    folder : the store that ``analyse declarations read`` made
    contracts : folder with budgets and agreements
    cut_off : last month whose declarations are all there; by default the last that is finished (``last_month``) and of
        which as much came in as was to be expected (``completion.arrivals``)
    sending_delay_days : days that pass before a declaration of a date is in the store

    Raises
    ------
    DataError
        There is no store, or nothing in it.
    """
    about, digest = declarations.about(folder), store.hash_files([Path(folder) / "store.json"])
    told = _contracts(contracts, (str(folder), digest))
    found = _inputs(
        declarations.open(folder),
        about,
        told,
        cut_off=cut_off,
        where=str(folder),
        digest=digest,
        delay=sending_delay_days,
    )
    store_cache.mark(found.cells, folder, digest)
    return found


def _contracts(folder: Path | str | None, whole: tuple[str, str]) -> dict[str, pd.DataFrame]:
    """The tables of contracts, read once by all pages of a store, and again when a file of them is another one."""
    if folder is None or not Path(folder).is_dir():
        return agreed.read(folder)
    files = sorted(path for path in Path(folder).iterdir() if path.is_file())
    choices = {"files": [path.name for path in files], "content": store.hash_files(files)}
    return dict(store_cache.once("contracts", whole, choices, lambda: agreed.read(folder)))


def norms() -> dict[str, Assumption]:
    """The norms of ``parameters/monitor.yaml`` by name, each with its unit, date and source.

    Raises
    ------
    ParameterError
        When the file lacks a key, or has one too many or a value that is not allowed.

    Examples
    --------
    >>> norms()["waiting_weeks"].value
    10.0
    """
    return dict(read_declared(dict[str, Assumption], "monitor.yaml"))


def found(folder: str) -> bool:
    """Whether there is a store of declarations in a folder, which is taken from the root of the suite."""
    return (store.root() / folder / "store.json").is_file()


def members(tables: Mapping[str, pd.DataFrame], area: str) -> list[str]:
    """The municipality itself, or those of a region."""
    return [area] if area.startswith("GM") else areas.members(tables, area)


def choose(run: Run, tables: Mapping[str, pd.DataFrame]) -> Inputs:
    """The declarations that a run names; simulated ones where there are none."""
    if not found(run.declarations):
        codes = members(tables, run.area)
        return simulate(panel.build(tables), tables, codes, cut_off=SIMULATED_UNTIL, seed=run.seed)
    folder = store.root() / run.contracts
    return read(
        store.root() / run.declarations,
        folder if folder.is_dir() else None,
        sending_delay_days=run.sending_delay_days,
    )


def simulate(
    history: pd.DataFrame,
    tables: Mapping[str, pd.DataFrame],
    members: Sequence[str],
    *,
    cut_off: str,
    seed: int,
) -> Inputs:
    """The same from declarations simulated on the spot, where there are none: never more than an illustration.

    Parameters
    ----------
    history : DataFrame
        Of the municipalities, from ``history.panel.build``: how large their costs are.
    tables : mapping of DataFrame
        Tables of the dataset.
    members : sequence of str
        Municipality codes.
    cut_off : str
        Last month of which declarations are simulated, such as "2024-09".
    seed : int
        The same seed gives the same declarations.
    """
    last = pd.Timestamp(cut_off).year
    lines_a_year = None if len(members) == 1 else LINES_A_YEAR
    connection, contracts, about = simulated.connection(
        history,
        tables,
        members,
        years=range(last - YEARS + 1, last + 1),
        until=(pd.Timestamp(cut_off) + pd.offsets.MonthEnd(0)).date(),
        lines_a_year=lines_a_year,
        seed=seed,
    )
    told = {**agreed.read(None), **contracts}
    return _inputs(connection, about, told, cut_off=cut_off, where="simulated declarations")


def _inputs(
    connection: duckdb.DuckDBPyConnection,
    about: Mapping[str, Any],
    told: dict[str, pd.DataFrame],
    *,
    cut_off: str,
    where: str,
    digest: str = "",
    delay: int = 0,
) -> Inputs:
    whole = (where, digest)
    cells = store_cache.once("cells", whole, {}, lambda: {"cells": declarations.triangle(connection, CELL)})[
        "cells"
    ]
    if cells.empty:
        raise DataError(f"{where}: no accepted declarations; see `analyse declarations check`")
    late: tuple[completion.arrivals.Late, ...] = ()
    if not cut_off:
        newest, usual = connection.execute(queries.NEWEST_DAY).fetchone()
        finished = queries.last_month(newest, usual_day=usual or queries.LATEST_DAY, delay_days=delay)
        cut_off, late = completion.arrivals.last_finished(cells, finished)
        cut_off = max(cut_off, _first_arrival(cells))
    trajectories = connection.execute(queries.TRAJECTORIES).df()
    return Inputs(about, cut_off, cells, trajectories, told, connection, late)


def _first_arrival(cells: pd.DataFrame) -> str:
    """The month in which the first declarations came in: a store of its first month alone shows that month."""
    return label(int((month_number(cells[MONTH]) + cells[LAG].to_numpy()).min()))
