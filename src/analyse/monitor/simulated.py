"""Simulated declarations in memory, with the views that a store of declarations has: for who has no declarations."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import duckdb
import pandas as pd

from analyse.sources.declarations import demo
from analyse.sources.declarations.demo import faults, settings, simulate, targets

REFUSED = (*faults.REFUSED, "duplicate")
"""Lines that reading puts in quarantine or leaves out as double."""


def connection(
    history: pd.DataFrame, tables: Mapping[str, pd.DataFrame], members: Sequence[str], *, years: range,
    lines_a_year: int | None, seed: int,
) -> tuple[duckdb.DuckDBPyConnection, dict[str, pd.DataFrame], dict[str, object]]:  # fmt: skip
    """Simulate declarations of the members.

    Parameters
    ----------
    history, tables : the published figures, which the simulation comes out at
    years : years of care
    lines_a_year : about so many lines a year; None for as many as the published costs give
    seed : the same seed gives the same lines

    Returns
    -------
    connection with the views payable, declarations and trajectories; contracts by name; and what to say of them
    """
    shape = settings.load()
    wanted = targets.from_history(history, tables, list(members), years=years, shape=shape)
    made = simulate.simulate(wanted, shape, seed=seed, lines_a_year=lines_a_year)
    lines = made.lines[~made.lines["fault"].isin(REFUSED)]
    persons = {bsn: f"{place:032x}" for place, bsn in enumerate(pd.unique(made.trajectories["bsn"]))}
    payable = lines.assign(
        client=lines["bsn"].map(persons),
        declared_month=lines["declared_on"].dt.to_period("M").dt.start_time,
        referrer=lines["referrer"].replace("", None),
    ).drop(columns=["bsn", "birth_date"])
    running = made.trajectories.assign(client=made.trajectories["bsn"].map(persons))
    found = duckdb.connect()
    found.register("payable", payable)
    found.execute("create view declarations as select * from payable")
    found.register("trajectories", running.drop(columns=["bsn", "birth"]))
    contracts = {"tariffs": made.tariffs, "budgets": made.budgets, "agreements": made.agreements}
    return found, contracts, {"simulated": True, "label": demo.LABEL}
