"""This method on the worlds of ``tasks.py``, beside what the `chainladder` package made of the same triangles.

``python benchmarks/completion/run.py CACHE`` prints three tables and writes ``own.csv``: the error by method (median
and worst world of the median and mean absolute error over cut-offs and municipalities), how often the 80 % interval
held, and both by world.
"""

from __future__ import annotations

import sys
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import numpy as np
import pandas as pd

from analyse.history import completion

CUT_OFFS = pd.period_range("2023-01", "2024-08", freq="M")
REGION = "region"
SAMPLES = 500
OWN = "this method"


def world(path: Path) -> pd.DataFrame:
    """All cut-offs of one world: truth, completed amount and interval by municipality and of the region."""
    cells = pd.read_csv(path, parse_dates=["product_month"], dtype={"provider": str})
    truth = (
        cells.groupby(["municipality_code", "product_month"])["amount_cents"].sum().unstack().fillna(0) / 100
    )
    parts = [_cut_off(cells, truth, cut) for cut in CUT_OFFS]
    return pd.concat(parts, ignore_index=True).assign(world=path.name.replace("-cells.csv.gz", ""))


def _cut_off(cells: pd.DataFrame, truth: pd.DataFrame, cut: pd.Period) -> pd.DataFrame:
    found = completion.look_back(completion.classed(cells, str(cut)), ahead=12 - cut.month)
    drawn = found.draw(SAMPLES, np.random.default_rng(cut.ordinal))
    size = drawn.shape[1]
    own = found.completed
    place = own.keys["municipality_code"].to_numpy()
    months = pd.period_range(end=cut + 12 - cut.month, periods=size, freq="M")
    actual = truth[months.to_timestamp()].to_numpy()
    sums = [place == code for code in truth.index]
    drawn = np.stack([drawn[rows].sum(axis=0) for rows in sums])
    cost = np.stack([own.cost[rows][:, -size:].sum(axis=0) for rows in sums])
    chosen = {
        "12 months": (months > cut - 12) & (months <= cut),
        "newest month": months == cut,
        "year end": months.year == cut.year,
    }
    parts = []
    for what, inside in chosen.items():
        totals = [_with_region(values[:, inside].sum(axis=1)) for values in (actual, cost, drawn)]
        low, high = np.quantile(totals[2], [0.1, 0.9], axis=1)
        parts.append(
            pd.DataFrame(
                {
                    "municipality_code": [*truth.index, REGION],
                    "what": what,
                    "actual": totals[0],
                    "cost_eur": totals[1],
                    "low": low,
                    "high": high,
                    "cut_off": str(cut),
                    "method": OWN,
                    "level": "municipality",
                }
            )
        )
    return pd.concat(parts, ignore_index=True)


def _with_region(values: np.ndarray) -> np.ndarray:
    return np.concatenate([values, values.sum(axis=0, keepdims=True)])


def rivals(cache: Path, own: pd.DataFrame) -> pd.DataFrame:
    """What the rivals found, with the truth."""
    parts = [
        pd.read_csv(path).assign(world=path.name.replace("-rivals.csv", ""))
        for path in cache.glob("*-rivals.csv")
    ]
    if not parts:
        return own.iloc[:0]
    keys = ["world", "cut_off", "municipality_code", "what"]
    return pd.concat(parts).merge(own[[*keys, "actual"]], on=keys, validate="m:1")


def errors(table: pd.DataFrame) -> pd.DataFrame:
    """Absolute error in per cent by method: median over the worlds, and the worst world."""
    table = table.assign(
        off=(table["cost_eur"] / table["actual"] - 1).abs() * 100,
        area=np.where(table["municipality_code"] == REGION, "region", "municipality"),
    )
    keys = ["what", "area", "level", "method"]
    each = table.groupby([*keys, "world"])["off"].agg(["median", "mean"])
    return each.groupby(keys).agg(
        median=("median", "median"),
        worst=("median", "max"),
        mean=("mean", "median"),
        worst_mean=("mean", "max"),
    )


def held(table: pd.DataFrame) -> pd.DataFrame:
    """Share of the cases that the 80 % interval held, per cent: over all worlds, and the lowest and highest one."""
    keys = ["method", "what", "area"]
    each = _judged(table).groupby([*keys, "world"])["held"].mean()
    return each.groupby(keys).agg(["mean", "median", "min", "max"])


def by_world(own: pd.DataFrame) -> pd.DataFrame:
    """Of each world the median absolute error and how often the 80 % interval held, per cent."""
    found = _judged(own).groupby(["what", "area", "world"]).agg(off=("off", "median"), held=("held", "mean"))
    return found.unstack("world").swaplevel(axis=1).sort_index(axis=1, level=0, sort_remaining=False).T


def _judged(table: pd.DataFrame) -> pd.DataFrame:
    return table.dropna(subset=["low"]).assign(
        held=lambda t: t["actual"].between(t["low"], t["high"]) * 100.0,
        off=lambda t: (t["cost_eur"] / t["actual"] - 1).abs() * 100,
        area=lambda t: np.where(t["municipality_code"] == REGION, "region", "municipality"),
    )


if __name__ == "__main__":
    cache = Path(sys.argv[1])
    with ProcessPoolExecutor(2) as pool:
        own = pd.concat(pool.map(world, sorted(cache.glob("*-cells.csv.gz"))), ignore_index=True)
    own.to_csv(cache / "own.csv", index=False)
    table = pd.concat([own, rivals(cache, own)], ignore_index=True)
    print("absolute error, per cent: median world and worst world of the median, and of the mean")
    print(errors(table).round(2).to_string())
    print("held by the 80 % interval, per cent, by world")
    print(held(table).round(1).to_string())
    print("by world: median absolute error (off) and held by the 80 % interval, per cent")
    print(by_world(own).round(2).to_string())
