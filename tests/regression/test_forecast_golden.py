"""The forecast of a few areas, to six digits: a change of method or data shows here as a diff.

``python tests/regression/test_forecast_golden.py`` writes the table anew; say why in the commit.
"""

from pathlib import Path

import pandas as pd
import pytest

from analyse import forecast
from analyse.forecast.summary import quantile_names
from analyse.history import panel
from analyse.parameters import Run
from analyse.sources import snapshot

GOLDEN = Path(__file__).with_name("forecast.csv")
AREAS = ["ALL", "JZ18", "JZ24", "JZ29", "GM0503", "GM0518", "GM0599", "GM0638"]
"""All, the three regions, and Delft, 's-Gravenhage, Rotterdam and Zoeterwoude: middling, large, broken, small."""


def table() -> pd.DataFrame:
    """Quantiles of costs, clients and youths for ``AREAS``, with the settings of a plain run."""
    run, tables = Run(), snapshot.load()
    paths = forecast.simulate(panel.build(tables), tables, horizon=run.horizon, samples=run.samples,
                              rng=run.rng("forecast"))  # fmt: skip
    levels = ("all", "region", "municipality")
    found = pd.concat([forecast.quantiles(forecast.by_area(paths, level)) for level in levels])
    chosen = found.loc[found["area_code"].isin(AREAS) & (found["stage"] == "forecast")]
    values = ["mean", *quantile_names()]
    rounded = chosen[values].map(lambda value: float(f"{value:.6g}"))
    return chosen.assign(**rounded).drop(columns="stage").reset_index(drop=True)


@pytest.fixture(scope="module")
def found():
    return table()


@pytest.mark.parametrize("measure", ["cost_eur", "clients", "youths"])
def test_the_forecast_is_what_it_was(measure, found):
    expected = pd.read_csv(GOLDEN).query("measure == @measure").reset_index(drop=True)
    found = found.query("measure == @measure").reset_index(drop=True)
    pd.testing.assert_frame_equal(found, expected, check_dtype=False, rtol=2e-5)


if __name__ == "__main__":
    table().to_csv(GOLDEN, index=False, lineterminator="\n")
