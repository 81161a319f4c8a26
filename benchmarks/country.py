"""What the whole country costs before any page is made: building its history, and simulating its futures.

    python benchmarks/country.py

Seconds are those of the processor, the least of several runs, so that they say something on a busy machine too.
"""

from __future__ import annotations

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import time
from collections.abc import Callable

import numpy as np

from analyse import forecast
from analyse.history import panel
from analyse.parameters import COUNTRY, Run
from analyse.sources import snapshot

TIMES = 5
AIMS = {"panel.build": 1.5, "simulate": 4.0}
"""Seconds to reach, see the table of ``docs/scaling.md``."""


def main() -> None:
    """Measure both and print them beside their aims."""
    run = Run(regions=COUNTRY)
    tables = snapshot.load(run.dataset, regions=run.regions)
    history = panel.build(tables)
    settings = {"horizon": run.horizon, "samples": run.samples}
    ways = {
        "panel.build": lambda: panel.build(tables),
        "simulate": lambda: forecast.simulate(
            history, tables, rng=np.random.default_rng(run.seed), **settings
        ),
    }
    print(
        f"{history['municipality_code'].nunique()} municipalities, {run.samples} samples, {run.horizon} years"
    )
    for name, way in ways.items():
        least = min(_seconds(way) for _ in range(TIMES))
        print(
            f"{name:<12} {least:5.2f} s of one processor; {least / AIMS[name]:.2f} of the {AIMS[name]:g} s to reach"
        )


def _seconds(way: Callable[[], object]) -> float:
    before = time.process_time()
    way()
    return time.process_time() - before


if __name__ == "__main__":
    main()
