"""Completion of 35 municipalities x 10 forms x 60 months with 1,000 samples; triangles from 20 million lines.

Prints seconds, and the ratio to the bare GROUP BY of DuckDB on the same file; nothing is asserted about time.
"""

from __future__ import annotations

import resource
import tempfile
import time
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd

from analyse.history import completion
from analyse.sources.declarations import triangles

MUNICIPALITIES, FORMS, PROVIDERS, MONTHS = 35, 10, 200, 60
SHARES = np.array([0, 0.55, 0.2, 0.1, 0.06, 0.04, 0.03, 0.02])
LINES = 20_000_000
BARE = """
    select municipality_code, care_form, provider, product_month, declared_month, sum(amount_cents) as amount_cents,
        sum(volume) as volume, count(*) as lines
    from payable group by all
"""


def cells() -> pd.DataFrame:
    """Eight providers for each municipality and form, with months and delays that vary."""
    rng = np.random.default_rng(1)
    keys = np.array([
        (area, form, provider) for area in range(MUNICIPALITIES) for form in range(FORMS)
        for provider in rng.choice(PROVIDERS, 8, replace=False)
    ])  # fmt: skip
    size = (len(keys), MONTHS, len(SHARES))
    level = rng.lognormal(10, 1, len(keys))[:, None, None] * rng.lognormal(0, 0.1, (*size[:2], 1))
    cents = (level * SHARES * rng.lognormal(0, 0.2, size) * 100).round().astype(int)
    series, month, lag = np.nonzero(cents)
    names = keys[series].astype(str)
    months = pd.date_range("2020-01-01", periods=MONTHS, freq="MS")
    return pd.DataFrame({
        "municipality_code": names[:, 0], "care_form": names[:, 1], "provider": names[:, 2],
        "product_month": months[month],
        "development_month": lag, "amount_cents": cents[series, month, lag]})  # fmt: skip


def complete() -> float:
    table = cells()
    start = time.perf_counter()
    found = completion.look_back(completion.classed(table, "2024-12"))
    found.draw(1000, np.random.default_rng(1))
    return time.perf_counter() - start


def grouped(folder: Path) -> tuple[float, float]:
    """Seconds of the bare GROUP BY and of the triangles, over the same lines in Parquet."""
    connection = duckdb.connect()
    connection.execute("set memory_limit = '1500MB'")
    connection.execute(f"""copy (
        select 'GM' || lpad((i % 342)::VARCHAR, 4, '0') as municipality_code, 'form' || (i * 7 % 10) as care_form,
            (hash(i % 342, i // 342 % 4) % 200)::VARCHAR as provider, 100 + i % 900 as amount_cents,
            1 as volume, 'D' as debit_credit, date '2020-01-01' + to_months((i * 13 % 60)::INTEGER) as product_month,
            date '2020-01-01' + to_months((i * 13 % 60 + hash(i) % 8)::INTEGER) as declared_month
        from range({LINES}) t(i)) to '{folder}/lines.parquet'""")
    connection.execute(f"create view payable as select * from '{folder}/lines.parquet'")
    start = time.perf_counter()
    connection.execute(BARE).df()
    bare = time.perf_counter() - start
    start = time.perf_counter()
    triangles.triangle(connection, ("municipality_code", "care_form", "provider"))
    return bare, time.perf_counter() - start


if __name__ == "__main__":
    print(f"completion, 35 x 10 x 60, 1,000 samples: {complete():.1f} s (to reach 10)", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        bare, own = grouped(Path(folder))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    print(
        f"triangles of {LINES:,} lines: {own:.1f} s, bare GROUP BY {bare:.1f} s, ratio {own / bare:.2f} (to reach 2)"
    )
    print(f"peak memory of the whole benchmark: {peak:.1f} GB (to reach 2)")
