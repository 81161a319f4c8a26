"""The real figures, read once for all rooms."""

import pytest

from analyse.history import panel
from analyse.sources import snapshot


@pytest.fixture(scope="session")
def tables():
    return snapshot.load()


@pytest.fixture(scope="session")
def history(tables):
    return panel.build(tables)
