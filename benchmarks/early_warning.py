"""How soon a change of inflow is found, and how often none is taken for one: ``python benchmarks/early_warning.py``.

Months are drawn around the expected inflow, with the season of the simulated declarations and a variance of 1.3 times
the mean; the expected inflow comes from the three years before, as in ``monitor.early_warning``. A municipality has the
shares of the care forms of the simulation.
"""

from __future__ import annotations

import argparse

import numpy as np
import pandas as pd

from analyse.monitor import early_warning
from analyse.sources.declarations.demo import settings

SPREAD = 1.3
SIZES = {"municipality of 75,000": 110, "municipality of 250,000": 450, "region of 1,000,000": 2000}
"""Trajectories that start each month, of all care forms together."""


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
    periods = pd.period_range("2020-01", periods=len(season), freq="M").astype(str)
    wide = pd.DataFrame(counts, index=periods, columns=list(shape.forms))
    return wide.rename_axis("period").reset_index().melt("period", var_name="care_form", value_name="inflow")


def main() -> None:
    """Print false alarms in five years and changes found within three months."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--runs", type=int, default=100)
    runs, rng = asked.parse_args().runs, np.random.default_rng(1)
    for name, monthly in SIZES.items():
        alarms = []
        for _ in range(runs):
            flows = drawn(monthly, 8, rng)
            years = [early_warning.watched(flows, year=year, first="2020-01") for year in range(2023, 2028)]
            first = [one[one["alarm"]].groupby("care_form").size().size for one in years]
            alarms.append(sum(first))
        found = {}
        for rise in (0.05, 0.10, 0.20):
            hits = 0
            for _ in range(runs):
                flows = drawn(monthly, 4, rng, rise=rise, months=12)
                flows = flows[flows["period"] <= "2023-03"]
                hits += bool(early_warning.watched(flows, year=2023, first="2020-01")["alarm"].any())
            found[rise] = hits / runs
        least = early_warning.smallest_found(monthly, series=10, spread=SPREAD)
        said = ", ".join(f"+{rise:.0%} found in {part:.0%}" for rise, part in found.items())
        print(
            f"{name}: {np.mean(alarms):.2f} false alarms in five years; within three months {said}; "
            f"total alone finds +{least:.0%} in 80%"
        )


if __name__ == "__main__":
    main()
