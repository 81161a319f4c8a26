"""What trusted libraries make of fixed data; runs in an environment of their own and is kept in ``rivals.json``.

``make bench-checks`` makes it anew: ``.venv-checks/bin/python benchmarks/checks/rivals.py``. The libraries bring numba,
scikit-learn and matplotlib, which the package does without, so they are no dependency of it or of its tests.
"""

from __future__ import annotations

import json
import warnings
from importlib import metadata
from pathlib import Path

import chainladder as cl
import lifelines
import numpy as np
import scoringrules
from lifelines.utils import restricted_mean_survival_time

import data

TRIANGLES = ("raa", "genins", "abc", "ukmotor", "mw2008", "mw2014")


def survival() -> dict[str, list[float] | float]:
    """Kaplan and Meier's curve with late entry, its median, and the mean up to 24 months."""
    lasted, stopped, entered = data.durations()
    late = lifelines.KaplanMeierFitter().fit(lasted, stopped, entry=entered)
    whole = lifelines.KaplanMeierFitter().fit(lasted, stopped)
    mean, variance = restricted_mean_survival_time(whole, t=24, return_variance=True)
    return {
        "late": [float(late.predict(month)) for month in data.MONTHS],
        "whole": [float(whole.predict(month)) for month in data.MONTHS],
        "median": float(whole.median_survival_time_),
        "mean_24": float(mean),
        "variance_24": float(variance),
    }


def scores() -> dict[str, list[float] | float]:
    """CRPS of samples, interval score and quantile loss."""
    actual, samples, quantiles = data.forecasts()
    low, high = quantiles[:, 0], quantiles[:, -1]
    shares = np.array(data.SHARES)
    pinball = scoringrules.quantile_score(actual[:, None], quantiles, shares[None, :])
    return {
        "crps": scoringrules.crps_ensemble(actual, samples).tolist(),
        "interval": scoringrules.interval_score(actual, low, high, 0.05).tolist(),
        "quantile_loss": float(2 * np.mean(pinball)),
    }


def triangles() -> dict[str, dict[str, float | list[list[float | None]]]]:
    """Outstanding by chain ladder, with Mack's standard error, and the triangle itself."""
    found = {}
    for name in TRIANGLES:
        triangle = cl.load_sample(name)
        fitted = cl.MackChainladder().fit(cl.Development(average="volume").fit_transform(triangle))
        values = np.asarray(triangle.set_backend("numpy").values)[0, 0]
        found[name] = {
            "triangle": [[None if np.isnan(value) else float(value) for value in row] for row in values],
            "outstanding": float(np.nansum(np.asarray(fitted.ibnr_.set_backend("numpy").values))),
            "standard_error": float(fitted.total_mack_std_err_.to_numpy().ravel()[0]),
        }
    return found


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    made = {
        "versions": {name: metadata.version(name) for name in ("chainladder", "lifelines", "scoringrules")},
        "survival": survival(),
        "scores": scores(),
        "triangles": triangles(),
    }
    Path(__file__).with_name("rivals.json").write_text(json.dumps(made, indent=1) + "\n", encoding="utf-8")
