"""What the notebooks of one session of tests share, as those of a run do."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from analyse import cache


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> Iterator[None]:
    """Let the kernel of a notebook find what the notebooks before it computed; other tests compute on the spot."""
    if type(item).__name__ != "IPyNbCell":
        return (yield)
    shared = item.config._tmp_path_factory.getbasetemp()
    folder = (shared.parent if os.environ.get("PYTEST_XDIST_WORKER") else shared) / "notebooks"
    folder.mkdir(exist_ok=True)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(cache.FOLDER, str(folder))
        return (yield)
