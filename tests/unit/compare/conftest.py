"""The real figures, read once."""

import pytest

from analyse.compare import table
from analyse.history import panel
from analyse.sources import snapshot


@pytest.fixture(scope="session")
def tables():
    return snapshot.load()


@pytest.fixture(scope="session")
def history(tables):
    return panel.build(tables)


@pytest.fixture(scope="session")
def regions(history):
    return panel.by_area(history, "region")


@pytest.fixture(scope="session")
def members(tables):
    """The municipality codes of today of every municipality, region and all."""
    return {
        code: codes
        for level in ("municipality", "region", "all")
        for code, codes in table.members(tables, level).items()
    }
