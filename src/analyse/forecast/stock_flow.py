"""Stock and flow as a forecast: who is in care follows from who comes in, how long they stay, and who grows older.

Where flows are known (CBS's trajectories begun and ended, or declarations) the number of trajectories is forecast
from joiners per head, the part that leaves in a year, and cohorts; where not, ``forms`` forecasts the number itself.
The book-keeping is exact: those in care at age a + 1 a year later are those at age a, plus joiners, less leavers.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from analyse.errors import DataError
from analyse.schema import QUANTILES

KEYS = ["care_form", "period", "age"]
COUNTS = ["stock", "joined", "left"]
USUAL_SD, USUAL_YEARS = 0.06, 3.0
"""Yearly standard deviation (log) of joiners per head that is expected beforehand, and its weight in years."""
BEFORE = 0.5
"""Added to counts before a rate is drawn (Jeffreys), so that a rate of zero is uncertain too."""


def futures(
    flows: pd.DataFrame, population: pd.DataFrame, *, horizon: int, samples: int, rng: np.random.Generator
) -> pd.DataFrame:
    """Sample the number in care by form, age and year.

    Parameters
    ----------
    flows : DataFrame
        One row per (care_form, period, age): stock (in care on 1 January), joined and left (during the year, by age on
        1 January); whole numbers. The same years and ages for every form.
    population : DataFrame
        One row per (period, age): count, on 1 January; also of the years ahead but the last.
    horizon : int
        Years after the last one of the flows; the first 1 January ahead follows from these.
    samples : int
        Joint futures.
    rng : Generator
        Draws rates (their uncertainty), yearly shocks that all ages of a form share, joiners and leavers.

    Returns
    -------
    DataFrame
        care_form, period (1 January), age, sample, stock: one row per key. Sum within a sample, take quantiles last.
        Who passes the last age is out of care.

    Raises
    ------
    DataError
        When a column, row or count is missing, or more leave than there are.

    Examples
    --------
    A hundred of age 10 are in care each year, nobody joins, and a fifth leaves:

    >>> flows = pd.DataFrame({"care_form": "pleegzorg", "period": [2022, 2022, 2023, 2023], "age": [10, 11] * 2,
    ...     "stock": [10_000, 0, 10_000, 8_000], "joined": 0, "left": [2_000, 0, 2_000, 1_600]})
    >>> people = pd.DataFrame({"period": np.repeat(range(2022, 2025), 2), "age": [10, 11] * 3, "count": 100_000})
    >>> drawn = futures(flows, people, horizon=1, samples=500, rng=np.random.default_rng(1))
    >>> int(drawn.query("age == 11")["stock"].mean().round(-2))
    8000
    """
    flows = _checked(flows, "flows", [*KEYS, *COUNTS])
    population = _checked(population, "population", ["period", "age", "count"])
    years, ages = sorted(flows["period"].unique()), sorted(flows["age"].unique())
    heads = _wide(population, [*years, *range(years[-1] + 1, years[-1] + horizon)], ages, "count")
    parts = []
    for form, rows in flows.groupby("care_form", sort=True, observed=True):
        stock, joined, left = (_wide(rows, years, ages, name) for name in COUNTS)
        if (left > stock + joined).any():
            raise DataError(f"flows: of {form} more leave than there are and join; check the ages of leavers")
        drawn = _drawn((stock, joined, left), heads, horizon=horizon, samples=samples, rng=rng)
        index = pd.MultiIndex.from_product(
            [[form], range(years[-1] + 1, years[-1] + 1 + horizon), ages, range(samples)],
            names=[*KEYS, "sample"],
        )
        parts.append(pd.DataFrame({"stock": drawn.ravel()}, index=index).reset_index())
    return pd.concat(parts, ignore_index=True)


def quantiles(drawn: pd.DataFrame) -> pd.DataFrame:
    """Quantiles by form and year, of each age and of all ages together.

    Parameters
    ----------
    drawn : DataFrame
        From ``futures``.

    Returns
    -------
    DataFrame
        care_form, period, age (``all`` for the sum within each sample), mean and the quantiles 0.025, 0.1, 0.5, 0.9 and
        0.975.
    """
    together = drawn.groupby(["care_form", "period", "sample"], observed=True)["stock"].sum().reset_index()
    both = pd.concat([together.assign(age="all"), drawn.astype({"age": "str"})])
    cells = both.groupby(KEYS, sort=True, observed=True)["stock"]
    wide = cells.quantile(list(QUANTILES)).unstack()
    wide.columns = [f"{quantile:g}" for quantile in wide.columns]
    return wide.assign(mean=cells.mean())[["mean", *wide.columns]].reset_index()


def stay_years(flows: pd.DataFrame) -> pd.Series:
    """Expected stay by form in years, if the part that leaves stays as it was: stock and half the joiners over leavers.

    Examples
    --------
    >>> flows = pd.DataFrame({"care_form": ["a", "a"], "stock": [100, 100], "joined": [50, 50], "left": [50, 50]})
    >>> stay_years(flows).to_dict()
    {'a': 2.5}
    """
    summed = _checked(flows.assign(period=0, age=0), "flows", [*COUNTS, *KEYS])
    summed = summed.groupby("care_form", observed=True)[COUNTS].sum()
    return (summed["stock"] + summed["joined"] / 2) / summed["left"]


def _checked(table: pd.DataFrame, name: str, wanted: list[str]) -> pd.DataFrame:
    """The table with whole numbers where they belong; read from a file they may be text."""
    absent = [column for column in wanted if column not in table]
    if absent:
        raise DataError(f"{name}: no column {', '.join(absent)}; it needs {', '.join(wanted)}")
    numbers = [column for column in wanted if column != "care_form"]
    made = table.assign(**{column: pd.to_numeric(table[column], errors="coerce") for column in numbers})
    wrong = made[numbers].isna() | (made[numbers] < 0) | (made[numbers] % 1 != 0)
    if wrong.any(axis=None):
        row, column = np.argwhere(wrong.to_numpy())[0]
        raise DataError(f"{name}: {numbers[column]} in row {row + 1} is no whole number of zero or more")
    return made.astype({"period": "int64", "age": "int64"})


def _drawn(
    counts: tuple[np.ndarray, np.ndarray, np.ndarray],
    heads: np.ndarray,
    *,
    horizon: int,
    samples: int,
    rng: np.random.Generator,
) -> np.ndarray:
    """Numbers in care on the coming first days of January (horizon, age, sample)."""
    stock, joined, left = counts
    known = len(stock)
    size = (stock.shape[1], samples)
    rate = rng.gamma(joined.sum(axis=0)[:, None] + BEFORE, size=size) / heads[:known].sum(axis=0)[:, None]
    at_risk = (stock + joined).sum(axis=0)
    leaves = rng.beta(
        (left.sum(axis=0) + BEFORE)[:, None], (at_risk - left.sum(axis=0) + BEFORE)[:, None], size
    )
    shocks = np.cumsum(_shock_sd(joined, heads[:known]) * rng.standard_normal((horizon, samples)), axis=0)
    # The last year's joiners and leavers are known, so the first 1 January ahead is too.
    now = _older(np.repeat((stock[-1] + joined[-1] - left[-1])[:, None], samples, axis=1))
    result = [now]
    for year in range(1, horizon):
        comes = rng.poisson(rate * heads[known + year - 1][:, None] * np.exp(shocks[year - 1]))
        there = now + comes
        now = _older(there - rng.binomial(there.astype(int), leaves))
        result.append(now)
    return np.stack(result)


def _older(there: np.ndarray) -> np.ndarray:
    """Everybody a year older (age, sample); at the first age nobody is in care yet."""
    return np.concatenate([np.zeros((1, there.shape[1])), there[:-1]])


def _shock_sd(joined: np.ndarray, heads: np.ndarray) -> float:
    """Yearly standard deviation (log) of joiners per head, all ages together, beside what chance makes of it."""
    total = joined.sum(axis=1)
    change = np.diff(np.log((total + BEFORE) / heads.sum(axis=1)))
    chance = (1 / (total[1:] + BEFORE) + 1 / (total[:-1] + BEFORE)).sum()
    seen = max(float((change**2).sum() - chance), 0.0)
    return float(np.sqrt((USUAL_YEARS * USUAL_SD**2 + seen) / (USUAL_YEARS + len(change))))


def _wide(rows: pd.DataFrame, years: list[int], ages: list[int], name: str) -> np.ndarray:
    """Numbers (year, age), all of them there."""
    wide = rows.pivot(index="period", columns="age", values=name).reindex(index=years, columns=ages)
    values = wide.to_numpy(dtype=float)
    if np.isnan(values).any():
        year, age = np.argwhere(np.isnan(values))[0]
        raise DataError(
            f"flows: no {name} of age {ages[age]} in {years[year]}; every year and age must be there"
        )
    return values
