"""The development triangles of a store by another engine: the same SQL over the same Parquet, on Spark through Ibis.

In an environment of its own, since Spark brings 400 MB and needs Java 17 or newer:

    python -m venv .venv-spark
    .venv-spark/bin/pip install pyspark "ibis-framework[duckdb]" PyYAML pydantic scipy lxml defusedxml
    PYTHONPATH=src .venv-spark/bin/python benchmarks/distributed_triangles.py STORE

STORE is what ``analyse declarations read`` made. The statement is ``triangles.sql``, in DuckDB's dialect; Ibis turns
it into Spark's. The exit status is 1 when the rows differ.
"""

from __future__ import annotations

import argparse
import datetime
import sys
import time
from collections.abc import Callable
from pathlib import Path

import ibis
import pandas as pd
from pyspark.sql import SparkSession

from analyse.sources.declarations import storage, triangles

PAYABLE = "status in ('accepted', 'credited')"
"""The view ``payable``, which DuckDB has from ``storage.open_store``."""


def by_duckdb(folder: Path, statement: str) -> pd.DataFrame:
    """As the project does it."""
    return storage.open_store(folder).execute(statement).df()


def by_spark(session: SparkSession, folder: Path, statement: str) -> pd.DataFrame:
    """On the files that the manifest of the store names; other files in its folders are of an earlier state."""
    files = [str(folder / one) for one in storage.about(folder)["lines"]]
    lines = session.read.option("basePath", str(folder / "lines")).parquet(*files)
    lines.where(PAYABLE).createOrReplaceTempView("payable")
    return ibis.pyspark.connect(session).sql(statement, dialect="duckdb").execute()


def alike(frame: pd.DataFrame) -> pd.DataFrame:
    """Rows in one order, with dates and numbers of one kind: engines differ in these."""
    frame = frame.assign(product_month=pd.to_datetime(frame["product_month"]).astype("datetime64[s]"))
    whole = ["development_month", "amount_cents", "volume", "lines"]
    frame = frame.astype(dict.fromkeys(whole, "int64"))
    keys = [column for column in frame.columns if column not in whole[1:]]
    return frame.sort_values(keys, ignore_index=True)


def _timed(make: Callable[[], pd.DataFrame]) -> tuple[pd.DataFrame, float]:
    started = time.perf_counter()
    return make(), time.perf_counter() - started


def main() -> None:
    """Compare both engines, for three kinds of triangles, and say how long each took."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("store", type=Path)
    parser.add_argument(
        "--master", default="local[2]", help="address of a Spark that is there; default: this machine"
    )
    chosen = parser.parse_args()
    settings = SparkSession.builder.master(chosen.master).config("spark.ui.enabled", "false")
    session = settings.config("spark.sql.session.timeZone", "UTC").getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    other = 0
    for by, as_of in (
        (("municipality_code", "care_form"), None),
        (("municipality_code", "provider", "care_form"), None),
        (("municipality_code", "care_form"), datetime.date(2024, 7, 1)),
    ):
        statement = triangles.sql(by, as_of=as_of)
        ours, ours_seconds = _timed(lambda: by_duckdb(chosen.store, statement))  # noqa: B023 - called at once
        theirs, theirs_seconds = _timed(lambda: by_spark(session, chosen.store, statement))  # noqa: B023
        same = alike(ours).equals(alike(theirs)[list(ours.columns)])
        other += not same
        what = f"{', '.join(by)}{f' until {as_of}' if as_of else ''}"
        print(f"{what}: {len(ours)} rows, {'the same' if same else 'OTHER'}; DuckDB {ours_seconds:.1f} s, "
              f"Spark {theirs_seconds:.1f} s")  # fmt: skip
    session.stop()
    sys.exit(1 if other else 0)


if __name__ == "__main__":
    main()
