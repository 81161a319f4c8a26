"""Simulated worlds to complete, with the truth: other providers, delays, tariffs and yearly steps in each.

Growth is drawn anew for each world, of all municipalities together and of each, because worlds that follow the same
published totals share the same surprises, and twenty cut-offs of one world are then hardly more than two.

``python benchmarks/completion/tasks.py CACHE`` writes ``<world>-cells.csv.gz``, to be read in any environment;
``--lines 600000`` makes them with that many lines a year, about what municipalities of this size really have.
"""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd

from analyse.history import areas, panel
from analyse.sources import snapshot
from analyse.sources.declarations.demo import faults, settings, simulation, targets

WORLDS = {
    "standard-1": {},
    "standard-6": {},
    "standard-7": {},
    "slow-2": {"fast": 0.15, "normal": 0.40, "slow": 0.35, "yearly": 0.10},
    "slow-3": {"fast": 0.15, "normal": 0.40, "slow": 0.35, "yearly": 0.10},
    "fast-4": {"fast": 0.70, "normal": 0.25, "slow": 0.05, "yearly": 0.0},
    "yearly-5": {"fast": 0.30, "normal": 0.30, "slow": 0.15, "yearly": 0.25},
    "yearly-8": {"fast": 0.30, "normal": 0.30, "slow": 0.15, "yearly": 0.25},
    "midyear-9": {},
    "largest-10": {},
}
"""Shares of providers by speed class; in the yearly worlds a quarter declares everything after the end of the year. In
the midyear world half of the providers declares by the quarter from ``NEW_RULES`` on, in the last one the provider with
most euros bills each year in the January after it."""
NEW_RULES = pd.Period("2023-07")
BY_QUARTER = 0.5
YEARS = range(2018, 2025)
LINES_A_YEAR = 60_000
REGION, MORE = "JZ24", "JZ18"
MUNICIPALITIES = 10
REFUSED = (*faults.REFUSED, "duplicate")


def shape_of(name: str, tariffs: dict[int, float]) -> settings.Shape:
    """The shape of a world: shares of speed classes, and tariffs."""
    base = settings.load()
    speeds = dict(base.speeds)
    for speed, share in WORLDS[name].items():
        speeds[speed] = speeds[speed].model_copy(update={"share": share})
    if name.startswith("yearly"):
        speeds["yearly"] = speeds["yearly"].model_copy(update={"declared": [0.0]})
    return base.model_copy(update={"speeds": speeds, "tariff_index": tariffs})


def stepped(found: pd.DataFrame, tariffs: dict[int, float], rng: np.random.Generator) -> pd.DataFrame:
    """The totals of the first year, and from there steps that nobody could have known."""
    years = len(YEARS)
    cost = {"common": rng.normal(0.01, 0.03, years), "own": 0.03}
    clients = {"common": rng.normal(0.01, 0.02, years), "own": 0.02}
    price = np.array([tariffs[year] / 100 for year in YEARS])
    parts = []
    for _, own in found.sort_values("year").groupby("municipality_code"):
        of_cost = cost["common"] + price + rng.normal(0, cost["own"], years)
        of_clients = clients["common"] + rng.normal(0, clients["own"], years)
        parts.append(
            own.assign(
                cost_eur=own["cost_eur"].iloc[0] * np.exp(of_cost.cumsum()),
                clients=own["clients"].iloc[0] * np.exp(of_clients.cumsum()),
            )
        )
    return pd.concat(parts, ignore_index=True)


def make(name: str, lines_a_year: int = LINES_A_YEAR) -> simulation.Simulation:
    """One world."""
    seed = int(name.rsplit("-", 1)[1])
    rng = np.random.default_rng([77, seed])
    tables = snapshot.load()
    codes = [*areas.members(tables, REGION), *areas.members(tables, MORE)][:MUNICIPALITIES]
    tariffs = {year: float(rng.uniform(1.5, 6.5)) for year in range(2014, 2027)}
    shape = shape_of(name, tariffs)
    found = targets.from_history(panel.build(tables), tables, codes, years=YEARS, shape=shape)
    made = simulation.simulate(stepped(found, tariffs, rng), shape, seed=seed, lines_a_year=lines_a_year)
    if name.startswith("midyear"):
        return replace(made, lines=by_quarter(made.lines, rng))
    return replace(made, lines=once_a_year(made.lines)) if name.startswith("largest") else made


def by_quarter(lines: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Lines of half of the providers wait, for care from ``NEW_RULES`` on, for the first month after their quarter."""
    providers = np.sort(lines["provider"].unique())
    chosen = rng.choice(providers, int(len(providers) * BY_QUARTER), replace=False)
    moved = lines["provider"].isin(chosen) & (lines["product_month"] >= NEW_RULES.start_time)
    after = lines["product_month"].dt.to_period("Q").dt.end_time.dt.normalize() + pd.Timedelta(days=15)
    return lines.assign(declared_on=lines["declared_on"].mask(moved, lines["declared_on"].clip(lower=after)))


def once_a_year(lines: pd.DataFrame) -> pd.DataFrame:
    """The provider with most euros bills on the 20th of the January after the care."""
    largest = lines.groupby("provider")["amount_cents"].sum().idxmax()
    january = pd.to_datetime((lines["product_month"].dt.year + 1).astype(str) + "-01-20")
    return lines.assign(declared_on=lines["declared_on"].mask(lines["provider"] == largest, january))


def cells(made: simulation.Simulation) -> pd.DataFrame:
    """Net amounts by series, month of care and months since, of lines that are not refused."""
    lines = made.lines[~made.lines["fault"].isin(REFUSED)]
    declared, care = lines["declared_on"].dt, lines["product_month"].dt
    waited = (declared.year - care.year) * 12 + declared.month - care.month
    keys = ["municipality_code", "care_form", "provider", "product_month", "development_month"]
    return (
        lines.assign(development_month=waited)
        .groupby(keys, observed=True)["amount_cents"]
        .sum()
        .reset_index()
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("cache", type=Path)
    parser.add_argument("--lines", type=int, default=LINES_A_YEAR)
    parser.add_argument("--world", action="append", choices=WORLDS, help="only this one; may be repeated")
    asked = parser.parse_args()
    cache = asked.cache
    cache.mkdir(parents=True, exist_ok=True)
    for world in asked.world or WORLDS:
        path = cache / f"{world}-cells.csv.gz"
        if not path.exists():
            cells(make(world, asked.lines)).to_csv(path, index=False)
            print(f"{world}: made", flush=True)
