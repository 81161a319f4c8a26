"""Processor time and memory of the engine on simulated series of ten points.

python speed.py [series ...]
"""

from __future__ import annotations

import resource
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

import numpy as np

from analyse.forecast.engine import engine

ORIGINS = 5
HORIZON = 6
POINTS = 10


def seconds(values: np.ndarray, ends: range) -> float:
    """Processor time of one forecast per end of the history."""
    start = time.process_time()
    for end in ends:
        engine(values[:, :end], horizon=HORIZON)
    return time.process_time() - start


def measured(series: int) -> tuple[float, float, float]:
    """Seconds of a forecast, seconds with past origins, and peak memory of this process in GB."""
    engine(np.ones((2, POINTS)), horizon=1)
    steps = np.random.default_rng(0).normal(0.02, 0.1, (series, POINTS))
    values = 200 * np.exp(steps.cumsum(axis=1))
    once = seconds(values, range(POINTS, POINTS + 1))
    past = seconds(values, range(POINTS - ORIGINS, POINTS))
    return once, once + past, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6


def main(sizes: list[int]) -> dict[int, tuple[float, float, float]]:
    """Print and return the figures per number of series, each measured in a process of its own."""
    found = {}
    for series in sizes:
        with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as alone:
            found[series] = once, past, memory = alone.submit(measured, series).result()
        print(f"{series} series: {once:.2f} s, with {ORIGINS} past origins {past:.2f} s, {memory:.2f} GB")
    return found


if __name__ == "__main__":
    main([int(size) for size in sys.argv[1:]] or [1000, 10_000, 100_000])
