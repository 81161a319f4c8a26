"""Whether a set of regions is forecast nearer when it learns from itself alone, or from the whole country.

    python benchmarks/forecasting/pools.py

The forecast estimates its growth, shocks and expected levels over a pool of municipalities. The first set is the
three regions of the reports; the others are made without looking: the remaining youth regions in the order of their
codes, three at a time. Each set is forecast from every origin twice, and both are scored on the same accounts.
Prints one row per set and years ahead, and over the sets how many were nearer in either pool.
"""

from __future__ import annotations

import argparse

import pandas as pd

from analyse import parameters
from analyse.forecast import backtest
from analyse.history import areas, panel
from analyse.parameters import COUNTRY, THREE_REGIONS
from analyse.sources import scope, snapshot

OWN, ALL = "own", "country"
MEASURES = ("crps_percent", "median_absolute_percentage_error", "bias_percent", "coverage_80")


def main() -> None:
    """Print the contest."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--samples", type=int, default=500)
    parser.add_argument("--budgets-ahead", type=int, choices=(1, 2), default=1)
    given = parser.parse_args()
    scored = contest(given.samples, given.budgets_ahead)
    shown = scored.pivot(index=["regions", "horizon"], columns="pool", values=[*MEASURES])
    with pd.option_context(
        "display.width", 200, "display.max_rows", None, "display.float_format", "{:.2f}".format
    ):
        print(shown)
        print(verdict(scored))


def sets(tables: dict[str, pd.DataFrame]) -> list[tuple[str, ...]]:
    """The three regions, and the others in the order of their codes, three at a time."""
    others = [code for code in areas.regions(tables) if code not in THREE_REGIONS]
    return [THREE_REGIONS, *(tuple(others[place : place + 3]) for place in range(0, len(others), 3))]


def contest(samples: int, budgets_ahead: int) -> pd.DataFrame:
    """Scores of the municipalities of each set in either pool: one row per regions, horizon and pool."""
    tables = snapshot.load(regions=COUNTRY)
    together = _tested(tables, samples, budgets_ahead)
    rows = []
    for codes in sets(tables):
        own = _tested(scope.within(tables, codes), samples, budgets_ahead)
        for pool, table in ((OWN, own), (ALL, together)):
            mine = table[table["level"].eq("municipality") & table["area_code"].isin(own["area_code"])]
            scores = backtest.score(mine, ["horizon"], measures=MEASURES)
            rows.append(scores.assign(regions=" ".join(codes), pool=pool))
    return pd.concat(rows, ignore_index=True)


def verdict(scored: pd.DataFrame) -> pd.DataFrame:
    """By years ahead: mean CRPS in either pool over the sets, and in how many sets the country was nearer."""
    crps = scored.pivot(index=["regions", "horizon"], columns="pool", values="crps_percent")
    nearer = (crps[ALL] < crps[OWN]).groupby("horizon").sum()
    return crps.groupby("horizon").mean().assign(country_nearer=nearer, sets=crps.groupby("horizon").size())


def _tested(tables: dict[str, pd.DataFrame], samples: int, budgets_ahead: int) -> pd.DataFrame:
    return backtest.run(
        panel.build(tables),
        tables,
        rng=parameters.load(None).rng("backtest"),
        samples=samples,
        methods=[backtest.FORECAST],
        budgets_ahead=budgets_ahead,
    )


if __name__ == "__main__":
    main()
