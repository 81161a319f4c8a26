"""Fixed data that both this package and the trusted libraries are asked about; needs numpy alone."""

from __future__ import annotations

import numpy as np

MONTHS = (1, 3, 6, 12, 18, 24)
SHARES = (0.025, 0.1, 0.5, 0.9, 0.975)


def durations() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Of 300 trajectories: months so far, whether they stopped, and months that they ran unseen."""
    rng = np.random.default_rng(11)
    lasted, seen = rng.exponential(9.0, 300).round(2) + 0.05, rng.uniform(0.5, 30.0, 300).round(2)
    entered = np.where(rng.random(300) < 0.3, (0.4 * np.minimum(lasted, seen)).round(2), 0.0)
    return np.minimum(lasted, seen), lasted <= seen, entered


def forecasts() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Of 50 figures: what came, 200 samples of each, and the quantiles ``SHARES`` of these."""
    rng = np.random.default_rng(12)
    actual, samples = rng.normal(100, 10, 50), rng.normal(101, 12, (50, 200))
    return actual, samples, np.quantile(samples, SHARES, axis=1).T
