"""What tests of several rooms share."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import settings

# No test may fail because the machine is busy. What hypothesis tries is the same in every run, so that a change that
# breaks nothing turns nothing red; ``make test-random`` tries something else each time.
settings.register_profile("fixed", deadline=None, derandomize=True)
settings.register_profile("random", deadline=None, print_blob=True)
settings.load_profile("fixed")


def _beside(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, Path(__file__).with_name(f"{name}.py"))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def samples() -> ModuleType:
    """Small tables and notebooks in the shape of the real ones, see ``samples.py`` beside this file."""
    return _beside("samples")


@pytest.fixture(scope="session")
def compared() -> ModuleType:
    """Small tables and figures of the comparison, see ``compared.py`` beside this file."""
    return _beside("compared")


@pytest.fixture(scope="session")
def panels() -> ModuleType:
    """A made-up scenario panel and what it should show, see ``panels.py`` beside this file."""
    return _beside("panels")


@pytest.fixture(scope="session")
def beside():
    """A module of helpers beside this file, by its name."""
    return _beside
