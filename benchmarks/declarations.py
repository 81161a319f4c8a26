"""How fast declarations are read: flat lines beside DuckDB's own copy of the same file, messages in MB a second,
and development triangles of 342 municipalities beside a bare GROUP BY.

    python benchmarks/declarations.py [--lines 450000] [--years 2021-2025] [--turns 3] [--many 20000000]

The lines are simulated ones of Haaglanden; those of the triangles are only as many and as spread as real ones. What is
compared runs in turns, each time in a process of its own, so ``peak_mb`` is of that part alone; of the turns the middle
one counts. Prints the times and ratios and writes ``benchmarks/declarations.csv``; it asserts nothing about them.
Seconds are of the clock; ``cpu`` is of all processors, which a busy machine changes less.
"""

from __future__ import annotations

import argparse
import io
import multiprocessing
import os
import re
import shutil
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from statistics import median

import duckdb
import pandas as pd

from analyse import store
from analyse.history import areas, panel
from analyse.sources import declarations, snapshot
from analyse.sources.declarations import messages, pseudonyms, records, triangles
from analyse.sources.declarations.demo import message_files, message_writer, settings, simulation, targets

XML_LINES = 150_000
MUNICIPALITIES, FORMS, MONTHS = 342, 10, 60
KEYS = ("municipality_code", "care_form")
MEMORY = "1500MB"


def main() -> None:
    """Measure, print and store."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--lines", type=int, default=450_000, help="lines a year")
    parser.add_argument("--years", default="2021-2025")
    parser.add_argument("--turns", type=int, default=3)
    parser.add_argument("--many", type=int, default=20_000_000, help="lines of which triangles are made")
    chosen = parser.parse_args()
    first, last = (int(one) for one in chosen.years.split("-"))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        os.environ[pseudonyms.KEY_FILE] = str(folder / "key")
        lines = _write_lines(folder, range(first, last + 1), chosen.lines)
        rows = _turns(
            {"DuckDB: CSV to Parquet": _copy, "read, check, pseudonymise, store": _read}, folder, chosen.turns
        )
        message = _turns({"JW323, one core": _parse}, folder, chosen.turns)[0] | {"ratio": None}
        megabytes = (folder / "lines.xml").stat().st_size / 1e6
        message |= {
            "mb_per_second": megabytes / message["seconds"],
            "mb_per_cpu_second": megabytes / message["cpu"],
        }
        _write_many(folder / "many.parquet", chosen.many)
        grouped = _turns({"DuckDB: bare GROUP BY": _bare, "triangles": _triangles}, folder, chosen.turns)
    counts = [lines, lines, min(XML_LINES, lines), chosen.many, chosen.many]
    table = pd.DataFrame([*rows, message, *grouped]).assign(lines=counts)
    store.write_table(table, store.root() / "benchmarks" / "declarations.csv")
    print(table.round(2).to_string(index=False))


def _turns(ways: dict[str, Callable[[Path], None]], folder: Path, turns: int) -> list[dict]:
    """Every way in turns; the middle of its seconds, and of the ratios to the first way in the same turn."""
    found: dict[str, list[dict]] = {name: [] for name in ways}
    for _ in range(turns):
        for name, way in ways.items():
            with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
                found[name].append(pool.submit(_timed, way, folder).result())
    first = next(iter(found.values()))
    return [
        {"work": name}
        | {key: median(one[key] for one in own) for key in ("seconds", "cpu")}
        | {"peak_mb": max(one["peak_mb"] for one in own)}
        | {"ratio": median(one["seconds"] / other["seconds"] for one, other in zip(own, first, strict=True))}
        for name, own in found.items()
    ]


def _timed(way: Callable[[Path], None], folder: Path) -> dict:
    clock, processors = time.perf_counter(), time.process_time()
    way(folder)
    seconds, cpu = time.perf_counter() - clock, time.process_time() - processors
    return {
        "seconds": seconds,
        "cpu": cpu,
        "peak_mb": _peak_mb(),
    }


def _write_lines(folder: Path, years: range, lines: int) -> int:
    """A flat file and a message to read; how many lines the file has."""
    tables, shape = snapshot.load(), settings.load()
    codes = areas.members(tables, "JZ24")
    wanted = targets.from_history(panel.build(tables), tables, codes, years=years, shape=shape)
    made = simulation.simulate(wanted, shape, lines_a_year=lines).lines
    made = made.assign(declaration_number=message_files._declaration_numbers(made))
    (folder / "lines.csv").write_text(message_files.flat_text(made), encoding="utf-8")
    (folder / "lines.xml").write_bytes(_xml(made.head(XML_LINES)))
    return len(made)


def _xml(lines: pd.DataFrame) -> bytes:
    texts = lines.sort_values("bsn").assign(
        **{
            name: lines[name].dt.strftime("%Y-%m-%d")
            for name in ("period_start", "period_end", "declared_on")
        }
    )
    return message_writer.declaration(list(texts.itertuples(index=False)), number=1).encode()


def _write_many(path: Path, lines: int) -> None:
    """Lines of 342 municipalities, ten forms, five years and delays up to seven months, in order of municipality."""
    per = lines // MUNICIPALITIES
    with duckdb.connect() as connection:
        connection.execute("set enable_progress_bar = false")
        connection.execute(f"""
            copy (
                select 'GM' || lpad((i // {per})::VARCHAR, 4, '0') as municipality_code,
                    'form' || (hash(i) % {FORMS}) as care_form, (100 + hash(i + 1) % 900)::BIGINT as amount_cents,
                    (1 + hash(i + 2) % 30)::BIGINT as volume, if(hash(i + 3) % 50 = 0, 'C', 'D') as debit_credit,
                    (date '2020-01-01' + to_months((hash(i + 4) % {MONTHS})::INTEGER))::DATE as product_month,
                    (product_month + to_months((hash(i + 5) % 8)::INTEGER))::DATE as declared_month
                from range({per * MUNICIPALITIES}) numbers(i)
            ) to '{path}' (format parquet, compression zstd)
        """)


def _peak_mb() -> float:
    """The most memory of this process alone; what getrusage says begins with that of the process it came from."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(re.search(r"VmHWM:\s+(\d+)", status)[1]) / 1024


def _copy(folder: Path) -> None:
    with duckdb.connect() as connection:
        connection.execute("set enable_progress_bar = false")
        connection.execute(f"""
            copy (select * from read_csv('{folder / "lines.csv"}'))
            to '{folder / "copy.parquet"}' (format parquet, compression zstd)
        """)


def _read(folder: Path) -> None:
    shutil.rmtree(folder / "store", ignore_errors=True)
    declarations.read([folder / "lines.csv"], folder / "store")


def _parse(folder: Path) -> None:
    known = pseudonyms.Pseudonyms(b"k" * 32)
    for _ in messages.read(io.BytesIO((folder / "lines.xml").read_bytes()), known, records.Message()):
        pass


def _bare(folder: Path) -> None:
    _grouped(
        folder,
        f"""
        select {", ".join(KEYS)}, product_month, declared_month, sum(amount_cents) as amount_cents,
            sum(volume) as volume, count(*) as lines
        from payable group by all
    """,
    )


def _triangles(folder: Path) -> None:
    _grouped(folder, triangles.sql(KEYS))


def _grouped(folder: Path, statement: str) -> None:
    with duckdb.connect() as connection:
        connection.execute(f"set memory_limit = '{MEMORY}'")
        connection.execute("set enable_progress_bar = false")
        connection.execute(f"create view payable as select * from '{folder / 'many.parquet'}'")
        found = connection.execute(statement).df()
    if found["municipality_code"].nunique() != MUNICIPALITIES:
        raise RuntimeError(f"triangles of {found['municipality_code'].nunique()} municipalities")


if __name__ == "__main__":
    main()
