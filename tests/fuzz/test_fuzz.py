"""A fixed sample of spoilt files through every door; ``make stress`` runs a thousand."""

from __future__ import annotations

import importlib.util
import os
import sys
from pathlib import Path

import pytest

PATH = Path(__file__).with_name("fuzz.py")
NUMBER = int(os.environ.get("ANALYSE_FUZZ", "40"))


@pytest.fixture(scope="module")
def fuzz():
    spec = importlib.util.spec_from_file_location("fuzz", PATH)
    module = importlib.util.module_from_spec(spec)
    sys.modules["fuzz"] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def home(fuzz, tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ANALYSE_HOME", "")
        yield fuzz.small_home(tmp_path_factory.mktemp("fuzz"))


def test_spoilt_files_are_refused_in_words_or_read_as_another_reader_does(fuzz, home, tmp_path):
    wrong = []
    for number in range(NUMBER):
        outcome = fuzz.run(number, home, tmp_path / str(number))
        if outcome.fault:
            wrong.append(f"{number}: {outcome.name}: {outcome.fault}")
    assert not wrong, "\n".join(wrong)


def test_the_judge_sees_a_figure_that_was_read_wrongly(fuzz):
    independent = fuzz._module("independent")
    assert independent.readings("1.012") == {1012.0, 1.012}
    assert independent.locales(["1.012", "987"], most_decimals=None, semicolons=True) == ["nl"]
    assert independent.locales(["1.012", "9.5"], most_decimals=None, semicolons=True) == ["en"]
    assert independent.readings(".") == {None}
    assert independent.readings("1.01.2") == set()
    assert fuzz._fault(1, "analyse: unexpected KeyError: 'x'", 1, 0).startswith("unexpected error")
    assert fuzz._fault(0, "nanobind: leaked", 1, 0).startswith("unexpected error")
