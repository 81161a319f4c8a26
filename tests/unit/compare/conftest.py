"""The real figures by area."""

import pytest

from analyse.compare import table
from analyse.history import panel


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
