"""Small tables in the shape of the snapshot."""

import pandas as pd
import pytest


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
        "regions": pd.DataFrame(
            {"region_code": ["JZ18", "JZ24"], "region": ["Holland Rijnland", "Haaglanden"]}
        ),
        "boundary_changes": pd.DataFrame(
            {"municipality_code": ["GM0001"], "year": [2019], "successor_code": ["GM0002"]}
        ),
    }
