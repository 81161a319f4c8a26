"""Forecasts of the rivals for every task, kept in the cache: one ``.npz`` per task and rival.

    python rivals.py CACHE [task ...]

Every file holds ``quantiles`` (series, horizon, level) at the levels 0.025, 0.1, 0.5, 0.9 and 0.975, where
0.5 is the rival's point forecast, and ``seconds`` of processor time. A series that a rival cannot fit gets
the naive forecast with the spread of its past changes, and is counted in ``failed``.
"""

from __future__ import annotations

import sys
import time
import warnings
from pathlib import Path

import numpy as np
from statsforecast.models import AutoETS, DynamicOptimizedTheta
from statsmodels.tsa.exponential_smoothing.ets import ETSModel

Z80, Z95 = 1.2816, 1.9600


def from_statsforecast(model, values: np.ndarray, horizon: int) -> np.ndarray:
    """Quantiles (horizon, 5) of a statsforecast model."""
    out = model.forecast(y=values, h=horizon, level=[80, 95])
    return np.column_stack([out["lo-95"], out["lo-80"], out["mean"], out["hi-80"], out["hi-95"]])


def auto_ets(values: np.ndarray, horizon: int, season: int) -> np.ndarray:
    return from_statsforecast(AutoETS(season_length=season), values, horizon)


def dynamic_theta(values: np.ndarray, horizon: int, season: int) -> np.ndarray:
    return from_statsforecast(DynamicOptimizedTheta(season_length=season), values, horizon)


def simple_holt_damped(values: np.ndarray, horizon: int, season: int) -> np.ndarray:
    """Mean of simple, Holt's and damped smoothing, with seasons where there are any."""
    last = "N" if season == 1 else "A"
    models = [
        AutoETS(season_length=season, model=f"AN{last}"),
        AutoETS(season_length=season, model=f"AA{last}", damped=False),
        AutoETS(season_length=season, model=f"AA{last}", damped=True),
    ]
    return np.mean([from_statsforecast(model, values, horizon) for model in models], axis=0)


def statsmodels_ets(values: np.ndarray, horizon: int, season: int) -> np.ndarray:
    """Damped additive ETS of statsmodels with simulated intervals."""
    seasonal = None if season == 1 else "add"
    periods = None if season == 1 else season
    model = ETSModel(values, trend="add", damped_trend=True, seasonal=seasonal, seasonal_periods=periods)
    fit = model.fit(disp=False)
    paths = fit.simulate(horizon, anchor="end", repetitions=500, rng=np.random.default_rng(0))
    quantiles = np.quantile(np.asarray(paths).reshape(horizon, -1), [0.025, 0.1, 0.5, 0.9, 0.975], axis=1).T
    quantiles[:, 2] = np.asarray(fit.forecast(horizon))
    return quantiles


RIVALS = {
    "AutoETS": auto_ets,
    "DynamicOptimizedTheta": dynamic_theta,
    "SimpleHoltDamped": simple_holt_damped,
    "statsmodels ETS": statsmodels_ets,
}


def naive(values: np.ndarray, horizon: int) -> np.ndarray:
    """The last value, with normal quantiles from the past changes."""
    spread = np.abs(np.diff(values)).mean() * 1.2533 * np.sqrt(np.arange(1, horizon + 1))
    return values[-1] + spread[:, None] * np.array([-Z95, -Z80, 0, Z80, Z95])


def run(rival, train: np.ndarray, *, horizon: int, season: int) -> dict:
    """Forecast every series, one by one; count those that cannot be fitted."""
    start, failed, rows = time.process_time(), 0, []
    for row in train:
        values = row[np.isfinite(row)]
        try:
            quantiles = rival(values, horizon, season)
            if not np.isfinite(quantiles).all():
                raise ValueError("not finite")
        except Exception:
            failed += 1
            quantiles = naive(values, horizon)
        rows.append(quantiles)
    return {"quantiles": np.array(rows), "seconds": time.process_time() - start, "failed": failed}


def main(folder: Path, names: list[str]) -> None:
    warnings.simplefilter("ignore")
    for name in names or sorted(path.stem for path in folder.glob("*.npz") if "__" not in path.stem):
        task = np.load(folder / f"{name}.npz")
        for label, rival in RIVALS.items():
            path = folder / f"{name}__{label.replace(' ', '_')}.npz"
            if path.exists() or (label == "statsmodels ETS" and task["season"] > 1):
                continue
            result = run(rival, task["train"], horizon=task["test"].shape[1], season=int(task["season"]))
            np.savez(path, **result)
            print(f"{name} {label}: {result['seconds']:.1f} s, {result['failed']} not fitted", flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
