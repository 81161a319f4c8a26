"""Signals that were tried for the costs of municipalities, beside those that are used.

    python benchmarks/forecasting/tried.py [--budgets-ahead 1|2]

Only half 0 is looked at, by leaving out a fifth of its municipalities at a time: the weights come from the others.
What is compared is the mean absolute error of log costs beside the common path, times 100, after one, two and three
years (``error``), and ``less``: how much that is below or above what the shipped signals leave, with its standard error
over municipalities. Below zero would be a gain. What the gemeentefonds gives for youth care is known since May 2023
and used at every origin here, which flatters it.
"""

from __future__ import annotations

import argparse
import zlib
from collections.abc import Mapping

import numpy as np
import pandas as pd
import tune

from analyse import parameters
from analyse.forecast import backtest, expected, growth
from analyse.history import panel
from analyse.sources import snapshot

SHIPPED = ("own", "region", "message")
TRIED = {
    "shipped": SHIPPED,
    "both budgets as signals": ("own", "region", "next_budget", "budget_after"),
    "size": (*SHIPPED, "size"),
    "pull by size": (*SHIPPED, "own * size"),
    "budget by size": (*SHIPPED, "message * size"),
    "last own error undone": (*SHIPPED, "last_error"),
    "last own budget error": (*SHIPPED, "last_budget"),
    "budget by how near budgets were before": (*SHIPPED, "message * (budget_off - 0.1)"),
    "pull grows with the distance": (*SHIPPED, "own * abs(own)"),
    "region pulled as much": ("own + region", "message"),
    "no region": ("own", "message"),
    "no pull": ("message",),
    "no budget": ("own", "region"),
    "plain mean per inhabitant": ("mean_own", "mean_region", "message"),
    "gemeentefonds in place of income support": ("fund_own", "fund_region", "message"),
    "gemeentefonds beside income support": ("both_own", "both_region", "message"),
}
"""What was tried: expressions of the columns of ``signals``."""
CLUSTER = "Individuele voorzieningen Jeugd"
FOLDS = 5


def fund(tables: snapshot.Tables, codes: tuple[str, ...]) -> np.ndarray:
    """Log of what the gemeentefonds gives for youth care, in the first circular that says so."""
    rows = tables["municipal_fund"]
    rows = rows.loc[(rows["cluster"] == CLUSTER) & (rows["circular"] == "meicirculaire 2023")]
    given = rows.set_index("municipality_code")["amount_eur"].astype(float).reindex(list(codes))
    return np.log(given.to_numpy())


def signals(origin: tune.Origin, ahead: int, tables: snapshot.Tables) -> pd.DataFrame:
    """One row per municipality of half 0 and step: what came beside the common path (``came``), and the signals."""
    known = tune.with_budgets(origin.known, ahead)
    estimate = growth.fit(known, origin.horizon)
    values = growth.log_real_cost(known)
    _, errors = growth.last_level(values, growth.pooled_growth(values, known.cost_breaks)[0])
    given = fund(tables, known.codes) - np.log(known.inhabitants[:, -1])
    needs = {
        "": None,
        "mean_": [],
        "fund_": [given, expected.young(known)],
        "both_": [expected.support(known), given, expected.young(known)],
    }
    columns: dict[str, np.ndarray] = {}
    for name, need in needs.items():
        own, region = expected.apart(known, estimate.level, need=need)
        columns |= {f"{name}own": -own, f"{name}region": -region}
    with np.errstate(divide="ignore", invalid="ignore"):
        past = np.log(known.budget_eur[:, : len(known.years)]) - np.log(known.cost_eur)
    past = np.stack([expected.centred(year) for year in past.T], axis=1)
    columns |= {
        "message": growth.budget_message(known, estimate.level)[1],
        "next_budget": growth.budget_message(tune.with_budgets(known, 1), estimate.level)[1],
        "size": expected.centred(np.log(known.inhabitants[:, -1])),
        "last_error": expected.centred(errors[:, -1], middle=0.0),
        "last_budget": past[:, -1],
        "budget_off": np.nanmean(np.abs(past), axis=1),
    }
    columns["budget_after"] = columns["message"] * (ahead == 2)
    fixed = pd.DataFrame({name: np.nan_to_num(column) for name, column in columns.items()})
    fading = np.cumsum(known.constants.costs.damping ** np.arange(1, origin.horizon + 1))
    rows = []
    for step in range(origin.horizon):
        with np.errstate(invalid="ignore"):
            came = np.log(origin.actual[:, step]) - np.median(origin.base[:, step], axis=1)
        beside = came - estimate.level - estimate.growth * fading[step]
        beside -= np.nanmedian(beside[origin.chosen])
        table = fixed.assign(code=known.codes, origin=known.origin, step=step + 1, came=beside)
        rows.append(table.loc[origin.chosen & np.isfinite(beside)])
    return pd.concat(rows)


def left(table: pd.DataFrame, columns: tuple[str, ...]) -> pd.Series:
    """Absolute error (x 100) of each row, with weights from the other folds."""
    fold = table["code"].map(lambda code: zlib.crc32(code.encode()) // 2 % FOLDS).to_numpy()
    design, came = np.column_stack([table.eval(name) for name in columns]), table["came"].to_numpy()
    off = np.empty(len(table))
    for step in range(1, backtest.HORIZON + 1):
        now = (table["step"] == step).to_numpy()
        for out in range(FOLDS):
            line = expected.robust_line(design[now & (fold != out)], came[now & (fold != out)])
            off[now & (fold == out)] = came[now & (fold == out)] - design[now & (fold == out)] @ line
    return pd.Series(100 * np.abs(off), index=pd.MultiIndex.from_frame(table[["step", "origin", "code"]]))


def compared(table: pd.DataFrame, tried: Mapping[str, tuple[str, ...]]) -> pd.DataFrame:
    """One row per set of signals: its error, and by how much that differs from the first."""
    rows, first = [], None
    for name, columns in tried.items():
        found = left(table, columns)
        first = found if first is None else first
        error = found.groupby(["step", "origin"]).mean().groupby("step").mean()
        less = (found - first).groupby(["step", "code"]).mean().groupby("step")
        spread = less.std() / np.sqrt(less.size())
        said = [f"{value:+.2f}±{error:.2f}" for value, error in zip(less.mean(), spread, strict=True)]
        rows.append((name, " / ".join(f"{value:.2f}" for value in error), " / ".join(said)))
    return pd.DataFrame(rows, columns=["signals", "error", "less"])


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--budgets-ahead", type=int, choices=(1, 2), nargs="*", default=(1, 2))
    chosen = parser.parse_args()
    tables = snapshot.load(regions=parameters.COUNTRY)
    made = tune.origins(panel.build(tables), tables, samples=200)
    for ahead in chosen.budgets_ahead:
        table = pd.concat([signals(origin, ahead, tables) for origin in made], ignore_index=True)
        print(f"budgets known: {ahead}")
        print(compared(table, TRIED).to_string(index=False))


if __name__ == "__main__":
    main()
