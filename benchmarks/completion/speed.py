"""Completion of 35 municipalities x 10 forms x 60 months with 1,000 samples.

Prints seconds; nothing is asserted about time. Triangles are measured in ``benchmarks/declarations.py``.
"""

from __future__ import annotations

import time

import numpy as np
import pandas as pd

from analyse.history import completion

MUNICIPALITIES, FORMS, PROVIDERS, MONTHS = 35, 10, 200, 60
SHARES = np.array([0, 0.55, 0.2, 0.1, 0.06, 0.04, 0.03, 0.02])


def cells() -> pd.DataFrame:
    """Eight providers for each municipality and form, with months and delays that vary."""
    rng = np.random.default_rng(1)
    keys = np.array(
        [
            (area, form, provider)
            for area in range(MUNICIPALITIES)
            for form in range(FORMS)
            for provider in rng.choice(PROVIDERS, 8, replace=False)
        ]
    )
    size = (len(keys), MONTHS, len(SHARES))
    level = rng.lognormal(10, 1, len(keys))[:, None, None] * rng.lognormal(0, 0.1, (*size[:2], 1))
    cents = (level * SHARES * rng.lognormal(0, 0.2, size) * 100).round().astype(int)
    series, month, lag = np.nonzero(cents)
    names = keys[series].astype(str)
    months = pd.date_range("2020-01-01", periods=MONTHS, freq="MS")
    return pd.DataFrame(
        {
            "municipality_code": names[:, 0],
            "care_form": names[:, 1],
            "provider": names[:, 2],
            "product_month": months[month],
            "development_month": lag,
            "amount_cents": cents[series, month, lag],
        }
    )


def complete() -> float:
    table = cells()
    start = time.perf_counter()
    found = completion.look_back(completion.classed(table, "2024-12"))
    found.draw(1000, np.random.default_rng(1))
    return time.perf_counter() - start


if __name__ == "__main__":
    print(f"completion, 35 x 10 x 60, 1,000 samples: {complete():.1f} s (to reach 10)", flush=True)
