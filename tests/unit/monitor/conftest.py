"""A small store of simulated declarations, read from messages, with the contracts beside it."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import pytest

from analyse.sources import declarations
from analyse.sources.declarations.demo import message_files, settings, simulation

UNTIL = datetime.date(2024, 9, 30)


@dataclass(frozen=True)
class Stored:
    """Folders of a store and its contracts, and what was simulated."""

    store: Path
    contracts: Path
    made: simulation.Simulation


def as_cells(rows: list[tuple[str, str, str, pd.Timestamp, int, int]]) -> pd.DataFrame:
    """Declared amounts: municipality, form, provider, month of care, months until declared, cents."""
    names = "municipality_code care_form provider product_month development_month amount_cents"
    return pd.DataFrame(rows, columns=names.split())


@pytest.fixture(scope="session")
def cells_of():
    """Rows as a table of declared amounts."""
    return as_cells


@pytest.fixture(scope="package")
def stored(tmp_path_factory: pytest.TempPathFactory) -> Stored:
    """Delft with two dozen youths, three years of care, known up to the end of September 2024."""
    folder = tmp_path_factory.mktemp("steering")
    targets = pd.DataFrame(
        {
            "municipality_code": "GM0503",
            "year": [2022, 2023, 2024],
            "clients": 24.0,
            "cost_eur": 2.4e5,
            "budget_eur": 2.4e5,
            "residential_share": 0.07,
        }
    )
    made = simulation.simulate(targets, settings.load(), seed=4)
    message_files.write(made, folder / "demo", until=UNTIL, formats=("xml",))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ANALYSE_DECLARATIONS_KEY", str(folder / "secret" / "key"))
        declarations.read([folder / "demo" / "berichten"], folder / "store")
    return Stored(folder / "store", folder / "demo" / "contracts", made)
