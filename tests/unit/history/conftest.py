"""Small tables in the shape of the snapshot, and the snapshot itself."""

import pandas as pd
import pytest

from analyse.history import panel
from analyse.sources import snapshot


@pytest.fixture(scope="session")
def tables():
    return snapshot.load()


@pytest.fixture(scope="session")
def history(tables):
    return panel.build(tables)


@pytest.fixture
def merger():
    """Ash and Birch are one municipality, Birch, from 2019; Cedar is on its own, and moved from JZ24 to JZ18."""
    return {
        "municipalities": pd.DataFrame(
            [
                (2018, "GM0001", "Ash", "JZ18"),
                (2018, "GM0002", "Birch", "JZ18"),
                (2018, "GM0003", "Cedar", "JZ24"),
                (2019, "GM0002", "Birch", "JZ18"),
                (2019, "GM0003", "Cedar (ZH.)", "JZ18"),
            ],
            columns=["year", "municipality_code", "municipality", "region_code"],
        ),
        "boundary_changes": pd.DataFrame(
            {"municipality_code": ["GM0001"], "year": [2019], "successor_code": ["GM0002"]}
        ),
    }
