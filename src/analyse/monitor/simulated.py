"""Simulated declarations in memory, with the views of a store of declarations, for areas without declarations."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence

import duckdb
import pandas as pd

from analyse.sources.declarations import codes, demo
from analyse.sources.declarations.demo import faults, settings, simulation, targets


def connection(
    history: pd.DataFrame,
    tables: Mapping[str, pd.DataFrame],
    members: Sequence[str],
    *,
    years: range,
    until: datetime.date,
    lines_a_year: int | None,
    seed: int,
) -> tuple[duckdb.DuckDBPyConnection, dict[str, pd.DataFrame], dict[str, object]]:
    """Simulate declarations of the members.

    Parameters
    ----------
    history, tables : the published figures, which the simulation reproduces
    years : years of care
    until : last day of which something is known; what was declared or stopped later is left out
    lines_a_year : about so many lines a year; None for as many as the published costs give
    seed : the same seed gives the same lines
    members : codes of the municipalities

    Returns
    -------
    connection with the views lines, payable, declarations, allocations, stops and trajectories of a store; contracts
    by name; and what to say of them, with ``scale``: their costs as a part of the real ones
    """
    shape = settings.load()
    wanted = targets.from_history(history, tables, list(members), years=years, shape=shape)
    made = simulation.simulate(wanted, shape, seed=seed, lines_a_year=lines_a_year)
    persons = {bsn: f"{place:032x}" for place, bsn in enumerate(pd.unique(made.trajectories["bsn"]))}
    found = duckdb.connect()
    found.register("lines", _lines(made.lines[made.lines["declared_on"] <= pd.Timestamp(until)], persons))
    found.register("trajectories", _trajectories(made.trajectories, persons, pd.Timestamp(until)))
    for statement in _VIEWS:
        found.execute(statement)
    names = ("tariffs", "budgets", "agreements", "postcodes")
    contracts = {name: getattr(made, name) for name in names}
    scale = made.months["amount_cents"].sum() / 100 / wanted["cost_eur"].sum()
    return found, contracts, {"simulated": True, "label": demo.LABEL, "scale": float(scale)}


def _lines(lines: pd.DataFrame, persons: Mapping[str, str]) -> pd.DataFrame:
    """Lines as reading them gives: pseudonyms, and what became of each."""
    status = pd.Series("accepted", index=lines.index)
    back = lines["debit_credit"].eq("C")
    taken = lines["reference"].isin(set(lines.loc[back, "previous_reference"]))
    status = status.mask(back | taken, "credited").mask(lines["fault"].eq("duplicate"), "duplicate")
    refused = lines["fault"].isin(faults.REFUSED)
    unknown = lines["fault"].eq("unknown_code")
    return lines.assign(
        file_id="simulated",
        line_number=range(1, len(lines) + 1),
        client=lines["bsn"].map(persons),
        year=lines["product_month"].dt.year,
        care_form=lines["care_form"].mask(unknown, codes.UNMAPPED),
        declared_month=lines["declared_on"].dt.to_period("M").dt.start_time,
        referrer=lines["referrer"].replace("", None),
        status=status.mask(refused, "quarantined"),
        rule=lines["fault"].where(refused, None),
    ).drop(columns=["bsn", "birth_date", "fault"])


def _trajectories(made: pd.DataFrame, persons: Mapping[str, str], until: pd.Timestamp) -> pd.DataFrame:
    """Trajectories as known on a day."""
    known = made[made["allocated_on"] <= until]
    dates = {name: known[name].where(known[name] <= until) for name in ("start_date", "stop_date")}
    planned = (known["stop_date"] - known["start_date"]).dt.days.add(30).clip(lower=365)
    return known.assign(
        client=known["bsn"].map(persons),
        planned_start=known["start_date"],
        planned_end=known["start_date"] + pd.to_timedelta(planned, unit="D"),
        **dates,
    ).drop(columns=["bsn", "birth", "person"])


_VIEWS = (
    "create view payable as select * from lines where status in ('accepted', 'credited')",
    "create view declarations as select * from payable",
    """
    create view allocations as
    select municipality_code, provider, client, allocation_number, care_form, product_code, unit, referrer, age,
        allocated_on, planned_start as start_date, planned_end as end_date, allocated_volume as volume,
        '6' as frequency
    from trajectories
    """,
    """
    create view addresses as
    select client, municipality_code, provider, allocation_number, postcode, allocated_on::DATE as known_on
    from trajectories
    """,
    """
    create view starts_sent as
    select municipality_code, provider, allocation_number, start_date, start_date as sent_on
    from trajectories where start_date is not null
    """,
    "create view stops as select * from trajectories where stop_date is not null",
)
