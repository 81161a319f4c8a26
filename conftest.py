"""Notebooks and reports under test share what they make of the published figures, as the notebooks of one run do.

Each by itself would make it again, which is most of the time that it takes.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator

import pytest

KEPT = "ANALYSE_TESTS_SHARED"
"""Environment variable with the folder of this session, the same in every worker."""


def pytest_configure(config: pytest.Config) -> None:
    """Make the folder, before any worker starts."""
    if not hasattr(config, "workerinput"):
        folder = tempfile.TemporaryDirectory(prefix="analyse-tests-")
        os.environ[KEPT] = folder.name
        config.add_cleanup(folder.cleanup)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_setup(item: pytest.Item) -> Iterator[None]:
    """Start the kernel of a notebook with the folder in its environment."""
    if item.path.suffix != ".ipynb":
        return (yield)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ANALYSE_SHARED", os.environ[KEPT])
        return (yield)
