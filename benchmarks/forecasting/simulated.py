"""Coverage per level on simulated panels with known common, regional and own movements.

    python simulated.py

Forty counts in four regions; yearly growth of four percent plus normal shocks. An interval of a sum is right
only if the shared shocks are; each row is the share of what came inside the 80 % and 95 % intervals.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from analyse.forecast.engine import engine

SERIES, REGIONS, HORIZON, PANELS, SAMPLES = 40, 4, 3, 40, 500
CASES = {
    "6 years": {"years": 6},
    "8 years": {"years": 8},
    "10 years": {"years": 10},
    "8 years, nothing shared": {"years": 8, "common": 0.0, "regional": 0.0},
    "8 years, mostly shared": {"years": 8, "common": 0.08},
    "8 years, restless years": {"years": 8, "unrest": 0.4},
    "8 years, 5 to 50 youths": {"years": 8, "size": 2.8},
}


def simulated(
    rng: np.random.Generator, *, years: int, common=0.04, regional=0.02, unrest=0.0, size=5.0
) -> np.ndarray:
    """Counts (series, year) around levels that drift."""
    periods = years + HORIZON
    region = np.arange(SERIES) % REGIONS
    shocks = rng.normal(0, common, periods) + rng.normal(0, regional, (REGIONS, periods))[region]
    own = rng.normal(0, 0.08, (SERIES, periods)) * np.exp(rng.normal(0, unrest, periods))
    level = np.exp(rng.normal(size, 0.8, (SERIES, 1)))
    return rng.poisson(level * np.exp((0.04 + shocks + own).cumsum(axis=1))).astype(float)


def covered(samples: np.ndarray, actual: np.ndarray, labels: np.ndarray) -> list[np.ndarray]:
    """Share of sums per label and step inside the 80 % and 95 % intervals."""
    found = []
    for label in np.unique(labels):
        low, lower, upper, high = np.quantile(
            samples[labels == label].sum(axis=0), [0.025, 0.1, 0.9, 0.975], axis=1
        )
        total = actual[labels == label].sum(axis=0)
        found.append([(lower <= total) & (total <= upper), (low <= total) & (total <= high)])
    return np.mean(found, axis=(0, 2))


def main() -> None:
    rows = []
    region = np.arange(SERIES) % REGIONS
    levels = {"series": np.arange(SERIES), "region": region, "all": np.zeros(SERIES)}
    for case, settings in CASES.items():
        rng = np.random.default_rng(7)
        for _ in range(PANELS):
            values = simulated(rng, **settings)
            known, actual = values[:, :-HORIZON], values[:, -HORIZON:]
            known[:, 0] = np.maximum(known[:, 0], 1)
            samples = engine(known, horizon=HORIZON, regions=region).sample(SAMPLES, rng)
            rows += [(case, level, *covered(samples, actual, labels)) for level, labels in levels.items()]
    table = pd.DataFrame(rows, columns=["case", "level", "80 %", "95 %"])
    print(table.groupby(["case", "level"], sort=False).mean().unstack().round(2).to_string())


if __name__ == "__main__":
    main()
