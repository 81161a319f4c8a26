"""How fast declarations are read: flat lines beside DuckDB's own copy of the same file, and messages in MB a second.

    python benchmarks/declarations.py [--lines 450000] [--years 2021-2025]

The lines are simulated ones of Haaglanden. Prints the times and ratios and writes ``benchmarks/declarations.csv``; it
asserts nothing about them. Seconds are of the clock; ``cpu`` is of all processors, which a busy machine changes less.
"""

from __future__ import annotations

import argparse
import io
import os
import resource
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import duckdb
import pandas as pd

from analyse import store
from analyse.history import areas, panel
from analyse.sources import declarations, snapshot
from analyse.sources.declarations import messages, pseudonyms
from analyse.sources.declarations.demo import files, settings, simulate, targets
from analyse.sources.declarations.demo import messages as written

XML_LINES = 150_000
COPIES = 8


def main() -> None:
    """Measure, print and store."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--lines", type=int, default=450_000, help="lines a year")
    parser.add_argument("--years", default="2021-2025")
    chosen = parser.parse_args()
    first, last = (int(one) for one in chosen.years.split("-"))
    with tempfile.TemporaryDirectory() as folder:
        os.environ[pseudonyms.KEY_FILE] = str(Path(folder) / "key")
        rows = _measure(Path(folder), range(first, last + 1), chosen.lines)
    table = pd.DataFrame(rows)
    store.write_table(table, store.root() / "benchmarks" / "declarations.csv")
    print(table.to_string(index=False))


def _measure(folder: Path, years: range, lines: int) -> list[dict]:
    tables, shape = snapshot.load(), settings.load()
    codes = areas.members(tables, "JZ24")
    wanted = targets.from_history(panel.build(tables), tables, codes, years=years, shape=shape)
    made = simulate.simulate(wanted, shape, lines_a_year=lines).lines
    made = made.assign(declaration_number=files._declaration_numbers(made))
    flat, output = folder / "lines.csv", folder / "store"
    flat.write_text(files.flat_text(made), encoding="utf-8")
    copied = _timed("DuckDB: CSV to Parquet", lambda: _copy(flat, folder / "copy.parquet"))
    read = _timed("read, check, pseudonymise, store", lambda: declarations.read([flat], output))
    xml = _xml(made.head(XML_LINES))
    message = _timed("JW323, one core", lambda: _parse(xml))
    triangles = _triangles(output)
    for row in (copied, read, *triangles):
        row |= {"lines": len(made) * (COPIES if row in triangles else 1)}
    read["ratio"] = read["seconds"] / copied["seconds"]
    message |= {"lines": min(XML_LINES, len(made)), "mb_per_second": len(xml) / 1e6 / message["seconds"]}
    message["mb_per_cpu_second"] = len(xml) / 1e6 / message["cpu"]
    triangles[1]["ratio"] = triangles[1]["seconds"] / triangles[0]["seconds"]
    return [copied, read, message, *triangles]


def _timed(name: str, work: Callable[[], object]) -> dict:
    clock, processors = time.perf_counter(), time.process_time()
    work()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    seconds, cpu = time.perf_counter() - clock, time.process_time() - processors
    return {"work": name, "seconds": seconds, "cpu": cpu, "peak_mb": peak}


def _copy(flat: Path, target: Path) -> None:
    with duckdb.connect() as connection:
        connection.execute(
            f"copy (select * from read_csv('{flat}')) to '{target}' (format parquet, compression zstd)"
        )


def _xml(lines: pd.DataFrame) -> bytes:
    texts = lines.sort_values("bsn").assign(
        **{
            name: lines[name].dt.strftime("%Y-%m-%d")
            for name in ("period_start", "period_end", "declared_on")
        }
    )
    return written.declaration(list(texts.itertuples(index=False)), number=1).encode()


def _parse(xml: bytes) -> None:
    known = pseudonyms.Pseudonyms(b"k" * 32)
    for _ in messages.read(io.BytesIO(xml), known, messages.Message()):
        pass


def _triangles(output: Path) -> list[dict]:
    """Development triangles beside a bare GROUP BY, of the store eight times over with other municipality codes."""
    from analyse.sources.declarations import triangles

    with declarations.open(output) as connection:
        connection.execute("set memory_limit = '1500MB'")
        connection.execute(f"""
            create view many as select p.* replace (municipality_code || copy as municipality_code)
            from payable p, range({COPIES}) copies(copy)
        """)
        keys = ("municipality_code", "care_form")
        bare = f"select {', '.join(keys)}, product_month, declared_month, sum(amount_cents) from many group by all"
        return [
            _timed("DuckDB: bare GROUP BY", lambda: connection.execute(bare).df()),
            _timed("triangles", lambda: connection.execute(triangles.sql(keys, source="many")).df()),
        ]


if __name__ == "__main__":
    main()
