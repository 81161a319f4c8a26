"""The project's own panel: youth-care accounts of 35 municipalities, 2017-2024, one to three years ahead.

    python own_panel.py

Every origin uses what was known then: the accounts up to the year before, the budgets up to the year
itself. Printed: median absolute percentage error one year ahead per target year, and coverage per level.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from analyse.forecast.common_path import common_path
from analyse.forecast.engine import engine

DATA = Path(__file__).parents[2] / "data" / "open"
TASK_FIELDS = ("6.72", "6.73", "6.74", "6.82")
FAULTY_ACCOUNTS = [("GM0569", 2022)]
FAULTY_BUDGETS = [("GM0503", 2017), ("GM1621", 2023), ("GM1992", 2023), ("GM0569", 2022), ("GM0569", 2024)]
CLASSIFICATION_CHANGE = 2023
ORIGINS = range(2020, 2025)
LAST = 2024
SAMPLES = 2000


def panel() -> tuple[pd.DataFrame, pd.DataFrame, pd.Series]:
    """Accounts and budgets (municipality, year) in euros within today's borders, and the regions."""
    successor = pd.read_csv(DATA / "boundary_changes.csv").set_index("municipality_code")["successor_code"]
    costs = pd.read_csv(DATA / "costs.csv", dtype={"taakveld": str})
    costs["municipality_code"] = costs["municipality_code"].replace(successor)
    costs = costs[costs["taakveld"].isin(TASK_FIELDS) & (costs["year"] <= LAST)]
    total = costs.groupby(["report", "municipality_code", "year"])["cost_eur"].sum(min_count=1).unstack()
    accounts, budgets = total.loc["accounts"], total.loc["budget"]
    for table, faulty in ((accounts, FAULTY_ACCOUNTS), (budgets, FAULTY_BUDGETS)):
        for code, year in faulty:
            table.loc[code, year] = np.nan
    regions = pd.read_csv(DATA / "municipalities.csv").query("year == 2025")
    return accounts, budgets, regions.set_index("municipality_code")["region_code"].reindex(accounts.index)


def sampled(accounts: pd.DataFrame, budgets: pd.DataFrame, regions: pd.Series, year: int) -> dict:
    """Joint futures (series, horizon, sample) from ``year`` on, by three methods."""
    horizon = min(3, LAST + 1 - year)
    known = accounts.loc[:, : year - 1]
    breaks = tuple(t for t, label in enumerate(known.columns) if label == CLASSIFICATION_CHANGE)
    settings = {"horizon": horizon, "samples": SAMPLES, "regions": regions.to_numpy(), "breaks": breaks}
    logs, announced = np.log(known.to_numpy()), np.log(budgets.loc[:, :year].to_numpy())
    alone = engine(known.to_numpy(), horizon=horizon, regions=regions.to_numpy(),
                   breaks=(known.columns == CLASSIFICATION_CHANGE))  # fmt: skip
    return {
        "common path and budget": np.exp(
            common_path(logs, announced=announced, rng=np.random.default_rng(year), **settings)
        ),
        "common path": np.exp(common_path(logs, rng=np.random.default_rng(year), **settings)),
        "engine": alone.sample(SAMPLES, np.random.default_rng(year)),
    }


def covered(samples: np.ndarray, actual: np.ndarray, labels: np.ndarray) -> list[dict]:
    """Whether each sum over one label falls in its intervals, per step."""
    rows = []
    for label in np.unique(labels):
        for step in range(samples.shape[1]):
            known = (labels == label) & np.isfinite(actual[:, step])
            if not known.any():
                continue
            low, lower, upper, high = np.quantile(samples[known, step].sum(axis=0), [0.025, 0.1, 0.9, 0.975])
            total = actual[known, step].sum()
            rows.append({"step": step + 1, "80 %": lower <= total <= upper, "95 %": low <= total <= high,
                         "width 80 %": (upper - lower) / total})  # fmt: skip
    return rows


def percentage_error(forecast: np.ndarray, actual: np.ndarray) -> float:
    """Median absolute percentage error of one year."""
    return float(100 * np.nanmedian(np.abs(forecast / actual - 1)))


def main() -> None:
    accounts, budgets, regions = panel()
    levels = {"municipality": accounts.index, "region": regions, "all": np.zeros(len(accounts))}
    errors, cover = {}, []
    for year in ORIGINS:
        actual = accounts.loc[:, year:].to_numpy()
        errors[("budget", year)] = percentage_error(budgets[year].to_numpy(), actual[:, 0])
        errors[("last year", year)] = percentage_error(accounts[year - 1].to_numpy(), actual[:, 0])
        for method, samples in sampled(accounts, budgets, regions, year).items():
            errors[(method, year)] = percentage_error(np.median(samples[:, 0], axis=1), actual[:, 0])
            for level, labels in levels.items():
                cover += [{"method": method, "level": level, **row}
                          for row in covered(samples, actual, np.asarray(labels))]  # fmt: skip
    table = pd.Series(errors).unstack()
    print(table.assign(mean=table.mean(axis=1)).round(2).to_string())
    grouped = pd.DataFrame(cover).astype({"80 %": float, "95 %": float}).groupby(["method", "level", "step"])
    print(grouped.mean().assign(forecasts=grouped.size()).round(3).to_string())


if __name__ == "__main__":
    main()
