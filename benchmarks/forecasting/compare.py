"""The engine beside its rivals on public series: the ratios of one run.

    python compare.py CACHE [task ...]

Needs what ``tasks.py`` and ``rivals.py`` left in the cache; runs in the project's own environment.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd

from analyse.forecast import scores
from analyse.forecast.engine import engine
from analyse.schema import QUANTILES

FREQUENCIES = {1: "year", 2: "half-year", 12: "month"}
MEASURES = ["MASE", "sMAPE", "MSIS 95", "quantile loss"]


def measured(test: np.ndarray, quantiles: np.ndarray, scale: np.ndarray) -> dict[str, float]:
    """Every measure of one set of quantiles."""
    low, lower, middle, upper, high = np.moveaxis(quantiles, 2, 0)
    return {
        "MASE": scores.mean_absolute_scaled_error(test, middle, scale),
        "sMAPE": scores.symmetric_percentage_error(test, middle),
        "MSIS 95": scores.interval_score(test, low, high, level=0.95, scale=scale),
        "quantile loss": scores.quantile_loss(test, quantiles, probabilities=QUANTILES, scale=scale),
        "cover 80": scores.coverage(test, lower, upper),
        "cover 95": scores.coverage(test, low, high),
    }


def compared(folder: Path, name: str) -> list[dict]:
    """Score the engine and every rival on one task."""
    task = np.load(folder / f"{name}.npz")
    start = time.process_time()
    ours = engine(task["train"], horizon=task["test"].shape[1], frequency=FREQUENCIES[int(task["season"])])
    seconds = time.process_time() - start
    row = measured(task["test"], ours.quantiles, task["scale"])
    rows = [{"task": name, "method": "engine", **row, "s": seconds}]
    for path in sorted(folder.glob(f"{name}__*.npz")):
        rival = np.load(path)
        row = measured(task["test"], rival["quantiles"], task["scale"])
        rows.append({"task": name, "method": path.stem.split("__")[1], **row, "s": float(rival["seconds"])})
    return rows


def ratios(table: pd.DataFrame) -> pd.DataFrame:
    """Geometric mean over the tasks of ours over each rival's."""
    ours = table[table["method"] == "engine"].set_index("task")[[*MEASURES, "s"]]
    rivals = table[table["method"] != "engine"].set_index(["method", "task"])[[*MEASURES, "s"]]
    logs = np.log(rivals.div(ours, level="task")).mul(-1)
    return np.exp(logs.groupby(level="method").mean())


def coverage_error(table: pd.DataFrame, level: int) -> float:
    """Mean over the tasks of how far the engine's coverage is from the level in percent."""
    ours = table.loc[table["method"] == "engine", f"cover {level}"]
    return float((ours - level / 100).abs().mean())


def main(folder: Path, names: list[str]) -> dict[str, pd.DataFrame]:
    """Print all scores and ratios, and return the scores by kind: yearly, half, month."""
    names = names or sorted(path.stem for path in folder.glob("*.npz") if "__" not in path.stem)
    table = pd.DataFrame([row for name in names for row in compared(folder, name)])
    kinds = dict(list(table.groupby(table["task"].str.split("_").str[1])))
    with pd.option_context("display.width", 160, "display.precision", 3, "display.max_rows", 99):
        print(table.to_string(index=False))
        for kind, part in kinds.items():
            tasks = part["task"].nunique()
            print(f"\n{kind}: engine / rival, geometric mean over {tasks} tasks\n{ratios(part)}")
            off = [coverage_error(part, level) for level in (80, 95)]
            print(f"mean absolute coverage error: 80 % {off[0]:.3f}, 95 % {off[1]:.3f}")
    return kinds


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
