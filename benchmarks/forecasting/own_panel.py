"""The project's own panel: accounts of 35 municipalities, one to three years ahead, with what was known then.

    python own_panel.py

Printed: median absolute percentage error one year ahead per target year and its mean, beside every rival
and the municipal budget; all scores per level and horizon; those of the forecast per size of municipality; and how far
the forecast and each rival are apart for regions, with a bootstrap over the origins.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from analyse import forecast
from analyse.forecast import backtest, paired, rivals
from analyse.history import panel
from analyse.parameters import Run
from analyse.sources import snapshot

MEASURES = (*backtest.MEASURES, *backtest.SCALED)


def tested() -> pd.DataFrame:
    """The backtest with every rival."""
    tables = snapshot.load()
    return backtest.run(
        panel.build(tables),
        tables,
        rng=Run().rng("backtest"),
        samples=1000,
        methods=["forecast", *rivals.RIVALS, "budget"],
    )


def one_year_ahead(table: pd.DataFrame) -> pd.DataFrame:
    """Median absolute percentage error of municipalities (method, target year), and the mean over the years."""
    local = table.query("level == 'municipality' and horizon == 1")
    error = backtest.score(local, ["method", "period"]).pivot(
        index="method", columns="period", values="median_absolute_percentage_error"
    )
    return error.assign(mean=error.mean(axis=1)).sort_values("mean")


def incoherence() -> float:
    """Largest relative difference, per sample, between all and its regions, and each region and its members."""
    tables = snapshot.load()
    paths = forecast.simulate(panel.build(tables), tables, horizon=3, samples=200, rng=Run().rng("forecast"))
    keys = ["period", "sample"]
    parts = {level: forecast.by_area(paths, level) for level in ("municipality", "region", "all")}
    local = parts["municipality"].merge(
        paths[["municipality_code", "region_code"]].drop_duplicates(),
        left_on="area_code",
        right_on="municipality_code",
        validate="m:1",
    )
    region = parts["region"].set_index(["area_code", *keys])["cost_eur"]
    whole = parts["all"].set_index(keys)["cost_eur"]
    members = local.groupby(["region_code", *keys], observed=True)["cost_eur"].sum()
    off = [members.to_numpy() / region.to_numpy() - 1, region.groupby(keys).sum() / whole - 1]
    return float(max(np.abs(one).max() for one in off))


def main() -> pd.DataFrame:
    """Print the tables and return the first."""
    table = tested()
    error = one_year_ahead(table)
    print("one year ahead, median absolute error in percent, by target year\n" + error.round(2).to_string())
    by_level = backtest.score(table, ["level", "horizon", "method"], measures=MEASURES)
    print("\n" + by_level.round(3).to_string(index=False))
    local = table.query("level == 'municipality' and method == 'forecast'")
    print(
        "\n" + backtest.score(local, ["size", "horizon"], measures=MEASURES).round(3).to_string(index=False)
    )
    print(
        "\nregions: error of the forecast less that of a rival, percentage points\n"
        + apart(table).to_string(index=False)
    )
    return error


def apart(table: pd.DataFrame) -> pd.DataFrame:
    """The forecast beside each rival for regions: see ``paired.difference``, and the rival."""
    regions = table.query("level == 'region'")
    found = [
        paired.difference(regions, backtest.FORECAST, rival, rng=Run().rng("paired")).assign(rival=rival)
        for rival in rivals.RIVALS
    ]
    return pd.concat(found).round(2)


if __name__ == "__main__":
    main()
