"""A made-up country with known truth, and the real one."""

import numpy as np
import pandas as pd
import pytest
from scipy.special import expit

from analyse import parameters
from analyse.need import signals, use_model
from analyse.sources import snapshot

TRUTH = {"constant": -2.1, "single": 0.15, "income": -0.10}
BETWEEN = {"municipality": 0.15, "region": 0.12}


def made_up(seed=1, *, municipalities=200, regions=30, districts=8, phi=0.001):
    """Districts of two years whose use follows ``TRUTH``, rounded to five and hidden below ten as CBS does."""
    rng = np.random.default_rng(seed)
    area = np.repeat(np.arange(municipalities), districts)
    rows = pd.DataFrame(
        {
            "municipality_code": [f"GM{one:04d}" for one in area],
            "region_code": [f"JZ{one % regions:02d}" for one in area],
            "district_code": [f"WK{one:06d}" for one in range(len(area))],
            "youths": np.exp(rng.normal(6.5, 1.0, len(area))).round() + 20,
            "offset": rng.normal(0, 0.1, len(area)),
            "single": rng.normal(0, 1, len(area)),
            "income": rng.normal(0, 1, len(area)),
        }
    )
    own = rng.normal(0, BETWEEN["municipality"], municipalities)[area]
    above = rng.normal(0, BETWEEN["region"], regions)[area % regions]
    fixed = TRUTH["constant"] + TRUTH["single"] * rows["single"] + TRUTH["income"] * rows["income"]
    chance = expit(rows["offset"] + fixed + own + above)
    strength = 1 / phi - 1
    real = rng.beta(strength * chance, strength * (1 - chance))
    years = []
    for year in (2021, 2022):
        count = rng.binomial(rows["youths"].astype(int), real)
        shown = np.where(count < 10, np.nan, 5 * np.floor(count / 5 + 0.5))
        years.append(rows.assign(year=year, with_care=shown, status="final", real=real, count=count))
    return pd.concat(years, ignore_index=True)


@pytest.fixture(scope="session")
def world():
    return made_up()


@pytest.fixture(scope="session")
def country():
    return snapshot.load(regions=parameters.COUNTRY)


@pytest.fixture(scope="session")
def real(country):
    """The districts of the country, and the model of them."""
    rows = signals.of_districts(country)
    return rows, use_model.fit(rows, signals.SIGNALS)


@pytest.fixture(scope="session")
def make_country():
    """Makes countries by seed, see ``made_up``."""
    return made_up


@pytest.fixture(scope="session")
def truth():
    return TRUTH | BETWEEN
