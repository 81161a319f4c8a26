"""Simulated declarations with a known truth, and a triangle everybody knows."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

# RAA: Reinsurance Association of America, automatic facultative business in general liability, as in Mack (1993),
# "Measuring the variability of chain ladder reserve estimates", Casualty Actuarial Society Forum, spring 1994.
RAA = [
    [5012, 8269, 10907, 11805, 13539, 16181, 18009, 18608, 18662, 18834],
    [106, 4285, 5396, 10666, 13782, 15599, 15496, 16169, 16704],
    [3410, 8992, 13873, 16141, 18735, 22214, 22863, 23466],
    [5655, 11555, 15766, 21266, 23425, 26083, 27067],
    [1092, 9565, 15836, 22169, 25955, 26180],
    [1513, 6445, 11702, 12935, 15852],
    [557, 4020, 10946, 12314],
    [1351, 6947, 13112],
    [3133, 5395],
    [2063],
]


# GenIns: Taylor and Ashe (1983), as in Mack (1993), ASTIN Bulletin 23, table 1.
GENINS = [
    [357848, 1124788, 1735330, 2218270, 2745596, 3319994, 3466336, 3606286, 3833515, 3901463],
    [352118, 1236139, 2170033, 3353322, 3799067, 4120063, 4647867, 4914039, 5339085],
    [290507, 1292306, 2218525, 3235179, 3985995, 4132918, 4628910, 4909315],
    [310608, 1418858, 2195047, 3757447, 4029929, 4381982, 4588268],
    [443160, 1136350, 2128333, 2897821, 3402672, 3873311],
    [396132, 1333217, 2180715, 2985752, 3691712],
    [440832, 1288463, 2419861, 3483130],
    [359480, 1421128, 2864498],
    [376686, 1363294],
    [344014],
]


def full(rows: list[list[float]]) -> np.ndarray:
    """A triangle as an array with NaN below the diagonal."""
    return np.array([[*row, *[np.nan] * (len(rows) - len(row))] for row in rows], dtype=float)


@pytest.fixture(scope="session")
def raa() -> np.ndarray:
    return full(RAA)


@pytest.fixture(scope="session")
def genins() -> np.ndarray:
    return full(GENINS)


SPEEDS = {
    "fast": [0.05, 0.75, 0.14, 0.04, 0.02],
    "normal": [0, 0.55, 0.2, 0.1, 0.06, 0.04, 0.03, 0.02],
    "slow": [0, 0.12, 0.18, 0.2, 0.15, 0.12, 0.1, 0.08, 0.05],
    "yearly": [0, 0.1, 0.1],
}
DIP = np.array([1, 0.97, 1.03, 1, 0.98, 1.02, 0.78, 0.66, 1.06, 1.03, 1.08, 0.84])
CUT_OFF = 14
"""Lines come until March of the next year at the latest: December has three months, January fourteen."""


def declared(rng: np.random.Generator, *, municipalities: int = 10, months: int = 84) -> pd.DataFrame:
    """Cells of municipalities of very different size, declared by 24 providers, each at its own pace.

    Amounts grow 6 % a year, dip in the holidays, come late by class of provider, are partly taken back (3 %) two months
    later, and are all in by the end of March after the year of care.
    """
    month = np.arange(months)
    level = 1.06 ** (month / 12) * DIP[month % 12]
    speeds = rng.permuted(np.repeat(list(SPEEDS), [9, 9, 4, 2]))
    market = rng.dirichlet(np.full(24, 0.7), size=(municipalities, 2))
    lines = rng.poisson(
        np.exp(np.linspace(5, 9, municipalities))[:, None, None, None] * market[..., None] * level
    )
    found = []
    for provider, speed in enumerate(speeds):
        share = np.array(SPEEDS[speed]) * rng.lognormal(0, 0.15, len(SPEEDS[speed]))
        rest = max(0.0, 1 - share.sum()) if speed == "yearly" else 0.0
        for start in month:
            chance = np.zeros(CUT_OFF + 2)
            chance[: len(share)] = share * rng.lognormal(0, 0.2, len(share))
            last = CUT_OFF - start % 12
            chance[last] += rest + chance[last + 1 :].sum()
            chance[last + 1 :] = 0
            drawn = rng.multinomial(lines[:, :, provider, start], chance / chance.sum())
            euros = drawn * 300.0 * rng.lognormal(0, 0.08, drawn.shape)
            back = np.zeros(drawn.shape)
            back[..., 2:] = 0.03 * euros[..., :-2]
            where = np.argwhere(drawn > 0)
            cents = ((euros - back)[tuple(where.T)] * 100).round()
            found.append(np.column_stack([where, np.full((len(where), 2), [provider, start]), cents]))
    rows = pd.DataFrame(
        np.vstack(found), columns=["m", "form", "development_month", "provider", "start", "amount_cents"]
    )
    dates = pd.date_range("2017-01-01", periods=months, freq="MS")
    return pd.DataFrame(
        {
            "municipality_code": "GM9" + rows["m"].astype(int).astype(str).str.zfill(3),
            "care_form": np.where(rows["form"] == 0, "ambulant", "ggz"),
            "provider": "999" + rows["provider"].astype(int).astype(str).str.zfill(5),
            "product_month": dates[rows["start"].astype(int)],
            "development_month": rows["development_month"].astype(int),
            "amount_cents": rows["amount_cents"].astype(int),
        }
    )


@pytest.fixture(scope="session")
def cells() -> pd.DataFrame:
    return declared(np.random.default_rng(7))


@pytest.fixture(scope="session")
def worlds(cells) -> list[pd.DataFrame]:
    """Four simulations: one alone shares its surprises between all cut-offs."""
    return [cells, *(declared(np.random.default_rng(seed)) for seed in (1, 2, 3))]
