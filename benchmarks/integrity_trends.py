"""Trends of integrity rules: how often any is called where nothing changes, and how soon a doubled rate is found.

``python benchmarks/integrity_trends.py`` simulates what twenty rules find at eighteen providers in half years: faulty
lines in clusters of one to ten of a youth, and a provider that by itself makes some 30 % more or fewer than the time
before. ``--lines 40000`` simulates declarations of Holland Rijnland instead, with constant rates of faults, and takes
them through the rules and the two trends that a page shows: of the last whole year and of the newest six months. There
a doubled rate is planted by keeping only half of the lines of one rule (the same reference received before) of care
before a month; it must be found at the end of the second quarter after.
"""

from __future__ import annotations

import argparse
import datetime

import duckdb
import numpy as np
import pandas as pd

from analyse.history import areas, panel
from analyse.monitor import integrity_trends, simulated
from analyse.sources import declarations, snapshot
from analyse.sources.declarations import contracts as agreed

REGION = "JZ18"
YEARS = range(2022, 2025)
RULES, PROVIDERS = 20, 18
RATES = (10, 20, 30, 60, 135)
"""Youths by rule and half year, of all providers together, before a rate doubles."""
DOUBLED = "double"
CALLED = ["rises", "falls"]


def found(rng: np.random.Generator, youths: float, doubled: bool) -> tuple[pd.DataFrame, ...]:
    """Totals, lines looked at and what was found of each provider, as ``declarations.integrity`` gives them."""
    rows = []
    for rule in range(RULES):
        size = rng.lognormal(0, 0.6, PROVIDERS)
        for year in (2023, 2024):
            more = 2.0 if doubled and rule == 0 and year == 2024 else 1.0
            own = rng.lognormal(0, 0.3, PROVIDERS)
            counted = rng.poisson(youths * more * size / size.mean() / PROVIDERS * own)
            rows += [
                (f"rule {rule}", year, f"{place:08d}", int(rng.integers(1, 11, number).sum()), number)
                for place, number in enumerate(counted)
                if number
            ]
    table = pd.DataFrame(rows, columns=["rule", "year", "provider", "lines", "clients"])
    table = table.assign(amount_cents=table["lines"] * 5000)
    totals = table.groupby(["rule", "year"], as_index=False)[["lines", "amount_cents", "clients"]].sum()
    return totals, pd.DataFrame({"year": [2023, 2024], "lines": [50_000, 50_000]}), table


def by_rule(runs: int) -> None:
    """Print what is called of rules that are drawn."""
    for youths in RATES:
        rng = np.random.default_rng([19, youths])
        constant = [
            integrity_trends.by_rule(*found(rng, youths, doubled=False), year=2024)["trend"]
            for _ in range(runs)
        ]
        wrong = np.mean([one.isin(CALLED).any() for one in constant])
        changed = [
            integrity_trends.by_rule(*found(rng, youths, doubled=True), year=2024).set_index("rule")["trend"]
            for _ in range(runs)
        ]
        right = np.mean([one.get("rule 0") == "rises" for one in changed])
        print(
            f"{youths} youths a rule and half year: constant rates, any called {wrong:.1%}; doubled, found {right:.0%}",
            flush=True,
        )


def half_before(connection: duckdb.DuckDBPyConnection, month: str) -> None:
    """Of care before a month, half of the lines of the rule that doubles are left out."""
    connection.execute(
        f"create table kept as select * from lines where not (status = 'duplicate' and product_month < '{month}-01' "
        "and hash(reference) % 2 = 0)"
    )
    connection.execute("drop view payable")
    connection.execute("drop view declarations")
    connection.execute("drop view lines")
    connection.execute("create view lines as select * from kept")
    connection.execute("create view payable as select * from lines where status in ('accepted', 'credited')")
    connection.execute("create view declarations as select * from payable")


def of_page(seed: int, lines: int, *, until: datetime.date, doubled: str = "") -> pd.DataFrame:
    """The table of rules of a page at a cut-off."""
    tables = snapshot.load()
    connection, contracts, _ = simulated.connection(
        panel.build(tables),
        tables,
        areas.members(tables, REGION),
        years=YEARS,
        until=until,
        lines_a_year=lines,
        seed=seed,
    )
    if doubled:
        half_before(connection, doubled)
    told = {**agreed.read(None), **contracts}
    checked = declarations.integrity(connection, contracts=told, until=until)
    return integrity_trends.by_rule(
        checked.totals,
        checked.checked_lines,
        checked.found,
        year=until.year - 1,
        lately=(checked.lately_lines, checked.lately),
    ).set_index("rule")


def by_page(runs: int, lines: int) -> None:
    """Print what a page would call."""
    day = datetime.date(YEARS[-1], 12, 31)
    tables = [of_page(seed, lines, until=day) for seed in range(1, runs + 1)]
    for name in ("trend", "trend_lately"):
        called = [one.index[one[name].isin(CALLED)].to_list() for one in tables]
        share = np.mean([bool(one) for one in called])
        print(
            f"constant rates, {runs} runs of {lines:,} lines a year: {name} calls any in {share:.0%} {called}"
        )
    either = np.mean([one[["trend", "trend_lately"]].isin(CALLED).any(axis=None) for one in tables])
    print(f"either: {either:.0%}")
    changed = [of_page(seed, lines, until=day, doubled=f"{day.year}-07") for seed in range(1, runs + 1)]
    right = np.mean([one.loc[DOUBLED, "trend_lately"] == "rises" for one in changed])
    print(f"doubled from July on, at the end of December: found in {right:.0%}")


if __name__ == "__main__":
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--runs", type=int, default=200)
    asked.add_argument(
        "--lines", type=int, help="lines a year of simulated declarations; without it rules are drawn"
    )
    given = asked.parse_args()
    if given.lines:
        by_page(given.runs, given.lines)
    else:
        by_rule(given.runs)
