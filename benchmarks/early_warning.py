"""How soon a change of inflow is found, and how often none is taken for one: ``python benchmarks/early_warning.py``.

Months are drawn around the expected inflow, with the season of the simulated declarations and a variance of 1.3 times
the mean; the expected inflow comes from the years before, as in ``monitor.early_warning``. A municipality has the
shares of the care forms of the simulation, and lies in a region of 2,000 starts a month that changes with it.

Prints, by size: the most that any test can find of +5 % in three months, what is found with and without the region, and
false alarms in five years over all series; then the size from which +5 % is found in 80 %, at best and by this test.
"""

from __future__ import annotations

import argparse

import numpy as np
import pandas as pd

from analyse.monitor import early_warning, sequential
from analyse.sources.declarations.demo import settings

SPREAD = 1.3
SIZES = {
    "municipality of 75,000": 110,
    "municipality of 250,000": 450,
    "region of 1,000,000": 2000,
    "region of 1,500,000": 3000,
}
"""Trajectories that start each month, of all care forms together."""
REGION = 2000
HISTORY = 5
"""Whole years before the one that is watched."""
LARGEST = 20_000


def drawn(
    monthly: float, years: int, rng: np.random.Generator, *, rise: float = 0.0, months: int = 0
) -> pd.DataFrame:
    """Flows of some years; in the last ``months`` the inflow is ``rise`` higher."""
    shape = settings.load()
    weights = np.array([form.weight for form in shape.forms.values()])
    season = np.tile(np.array(shape.inflow_season) / np.mean(shape.inflow_season), years)
    factor = np.ones(len(season))
    if months:
        factor[-months:] += rise
    mean = monthly * np.outer(season * factor, weights / weights.sum())
    counts = rng.negative_binomial(mean / (SPREAD - 1), 1 / SPREAD)
    periods = pd.period_range("2019-01", periods=len(season), freq="M").astype(str)
    wide = pd.DataFrame(counts, index=periods, columns=list(shape.forms))
    return wide.rename_axis("period").reset_index().melt("period", var_name="care_form", value_name="inflow")


def alarms(flows: pd.DataFrame, year: int, wider: pd.DataFrame | None, *, of: tuple[str, ...] = ()) -> int:
    """How many series give an alarm in a year; ``of``: of rises in all care of these series only."""
    found = early_warning.watched(flows, year=year, first="2019-01", wider=wider)
    alarm = found["alarm"]
    if of:
        alarm &= found["series"].isin(of) & found["care_form"].eq(early_warning.TOTAL) & (found["change"] > 0)
    return int(found[alarm].groupby(["series", "care_form"]).ngroups)


def around(
    flows: pd.DataFrame, monthly: float, rng: np.random.Generator, **change: float
) -> pd.DataFrame | None:
    """The region of a municipality: the municipality itself and the others."""
    if monthly >= REGION:
        return None
    years = flows["period"].nunique() // 12
    return pd.concat([flows, drawn(REGION - monthly, years, rng, **change)])


def found(monthly: float, rise: float, runs: int, rng: np.random.Generator, *, region: bool) -> float:
    """In which part of the runs a rise from January on is found by March."""
    hits = 0
    for _ in range(runs):
        change = {"rise": rise, "months": 12}
        flows = drawn(monthly, HISTORY + 1, rng, **change)
        wider = around(flows, monthly, rng, **change) if region else None
        year = 2019 + HISTORY
        known = [one if one is None else one[one["period"] <= f"{year}-03"] for one in (flows, wider)]
        hits += alarms(known[0], year, known[1], of=(early_warning.INFLOW, early_warning.WIDER)) > 0
    return hits / runs


def false_alarms(monthly: float, runs: int, rng: np.random.Generator) -> float:
    """False alarms in five years over all series, the region of a municipality included."""
    total = 0
    for _ in range(runs):
        flows = drawn(monthly, HISTORY + 5, rng)
        wider = around(flows, monthly, rng)
        total += sum(alarms(flows, 2019 + HISTORY + one, wider) for one in range(5))
    return total / runs


def enough(chance: float = 0.8, rise: float = 0.05) -> tuple[int, int]:
    """The starts a month from which a rise is found within three months: by the best test, and by this one."""
    season = np.array(settings.load().inflow_season)
    season = season / season.mean()
    sizes = np.unique(np.geomspace(300, LARGEST, 120).round(-1)).astype(int)
    best = next(one for one in sizes if sequential.most_found(one, rise, spread=SPREAD) >= chance)

    def smallest(size: int) -> float:
        error = np.sqrt(SPREAD / (HISTORY * size * season))
        told = early_warning.Expected(
            size * season, SPREAD, float(np.sqrt(SPREAD / (12 * HISTORY * size))), error
        )
        share = early_warning.ALARMS_A_YEAR * early_warning.SHARES[early_warning.WIDER]
        return sequential.smallest_found(told, alarms_a_year=share, chance=chance)

    return int(best), int(next(one for one in sizes if smallest(int(one)) <= rise))


def main() -> None:
    """Print the bound, what is found, and false alarms."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--runs", type=int, default=100)
    runs, rng = asked.parse_args().runs, np.random.default_rng(1)
    for name, monthly in SIZES.items():
        best = {rise: sequential.most_found(monthly, rise, spread=SPREAD) for rise in (0.05, 0.10, 0.20)}
        own = {rise: found(monthly, rise, runs, rng, region=False) for rise in best}
        said = ", ".join(f"+{rise:.0%} {own[rise]:.0%} (at most {best[rise]:.0%})" for rise in best)
        print(f"{name}, {monthly:,} starts a month: within three months {said}")
        if monthly < REGION:
            print(f"    when its region changes too: +5% {found(monthly, 0.05, runs, rng, region=True):.0%}")
        print(
            f"    false alarms in five years over all series: {false_alarms(monthly, runs, rng):.2f}",
            flush=True,
        )
    print(
        "+5% within three months in 80%: from {:,} starts a month at best, from {:,} by this test".format(
            *enough()
        )
    )


if __name__ == "__main__":
    main()
