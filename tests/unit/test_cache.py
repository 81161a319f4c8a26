"""A cached result is made again when anything that it depends on changes, and by nothing else."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

import analyse
from analyse import cache
from analyse.errors import DataError

SOURCE = Path(analyse.__file__).parent


def of_no_module() -> None:
    """A maker in this file, which is no module of the package."""


@pytest.mark.parametrize(
    "module", ["analyse.shared.results", "analyse.monitor.inputs", "analyse.monitor.year_end"]
)
def test_every_module_that_python_imports_is_one_that_the_result_depends_on(module: str):
    code = (
        f"import sys, {module}\n"
        "print(*[m.__file__ for n, m in sys.modules.items() if n.split('.')[0] == 'analyse' and m.__file__], sep='\\n')"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    imported = {str(path) for path in cache.imported(module)}
    assert {name for name in done.stdout.split("\n") if name} <= imported


def test_what_is_shown_on_pages_and_asked_on_the_command_line_changes_no_result():
    rooms = {path.relative_to(SOURCE).parts[0] for path in cache.imported("analyse.shared.results")}

    assert rooms.isdisjoint({"cli", "present", "report", "runs", "scenario"})
    assert {"forecast", "history", "sources", "compare"} <= rooms


def test_another_choice_dataset_or_maker_gives_another_key():
    keys = [
        cache.key("future", {"seed": 1}, DataError, "a"),
        cache.key("past", {"seed": 1}, DataError, "a"),
        cache.key("future", {"seed": 2}, DataError, "a"),
        cache.key("future", {"seed": 1}, DataError, "b"),
        cache.key("future", {"seed": 1}, of_no_module, "a"),
    ]

    assert len(set(keys)) == len(keys)
    assert cache.key("future", {"seed": 1}, DataError, "a") == keys[0]


def test_tables_arrays_and_plain_values_come_back_as_they_were(tmp_path):
    values = {
        "cells": pd.DataFrame({"code": ["GM0503", None], "amount_cents": [7, -7]}, index=[4, 2]),
        "errors": np.arange(6.0).reshape(1, 2, 3),
        "none": np.empty((0, 4)),
        "cut_off": 24293,
        "label": "simulated",
    }

    for make in (lambda: values, lambda: pytest.fail("made twice")):
        found = cache.of_store("all", tmp_path, {}, make, data="a")

    pd.testing.assert_frame_equal(found["cells"], values["cells"])
    np.testing.assert_array_equal(found["errors"], values["errors"])
    assert found["none"].shape == (0, 4)
    assert (found["cut_off"], found["label"]) == (24293, "simulated")


def test_of_a_store_that_cannot_be_written_the_result_is_made_on_the_spot(tmp_path):
    (tmp_path / cache.PRIVATE).write_text("in the way", encoding="utf-8")

    assert cache.of_store("all", tmp_path, {}, lambda: {"count": 1}, data="a") == {"count": 1}


def test_results_unused_for_long_go_and_so_does_what_an_earlier_version_left(tmp_path):
    for name in ("used.arrow", "unused.arrow", "cells-1.pickle"):
        (tmp_path / name).write_bytes(b"x")
    long_ago = time.time() - cache.KEEP_SECONDS - 1
    os.utime(tmp_path / "unused.arrow", (long_ago, long_ago))

    cache.sweep(tmp_path)

    assert [path.name for path in tmp_path.iterdir()] == ["used.arrow"]


def test_a_result_that_is_there_is_not_made_again_and_counts_as_used(tmp_path):
    path = tmp_path / "past-1.arrow"
    cache.stored(path, lambda: pa.table({"value": [1]}))
    os.utime(path, (0, 0))

    cache.stored(path, lambda: pytest.fail("made twice"))

    assert path.stat().st_mtime > 0
    with cache.opened(path) as (reader, about):
        assert (reader.read_all().to_pydict(), about) == ({"value": [1]}, {})
