"""Early warning: whether more or fewer youths come in than was expected at the start of the year.

Each month the inflow of each series (all care, and each care form) is laid beside what the three years before made
likely. An e-value says how much better a change explains the month than none; an e-detector adds them up over every
month in which the change may have begun, and warns above a limit that holds for all series of an area together: with
nothing changed there is at most one false alarm in five years on average.

J. Shin, A. Ramdas and A. Rinaldo, "E-detectors: a nonparametric framework for sequential change detection", The New
England Journal of Statistics in Data Science 2, 2024: a Shiryaev-Roberts e-detector that warns at c has an average run
length of c or more. Poisson likelihood ratios as e-values: A. Ramdas and others, "Game-theoretic statistics and safe
anytime-valid inference", Statistical Science 38, 2023.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from analyse import small_cells
from analyse.schema import REACH_80

BASE_YEARS = 3
"""Years before the one that is watched, from which the expected inflow comes."""
FEWEST_A_MONTH = 10
"""A series with fewer than this a month is not watched by itself."""
FALSE_ALARM_MONTHS = 60
"""With nothing changed, at most one alarm on average in so many months over all series of an area."""
RATIOS = (0.8, 0.9, 0.95, 1.05, 1.1, 1.2)
"""Changes that are looked for, each with the same weight."""
TOTAL = "total"
COLUMNS = ("care_form", "period", "inflow", "expected", "evidence", "limit", "alarm", "change", "low", "high")


def watched(flows: pd.DataFrame, *, year: int, first: str) -> pd.DataFrame:
    """The inflow of the months of a year beside what was expected at its start.

    Parameters
    ----------
    flows : DataFrame
        care_form, period ("2024-01") and inflow of every month from ``first`` on (``flows.monthly``).
    year : int
        The year to watch.
    first : str
        First month that is known; at least two whole years before ``year`` are needed, and three are used.

    Returns
    -------
    DataFrame
        ``COLUMNS``, one row per series and month of the year: inflow and expected (trajectories, untreated), evidence
        (of the e-detector), limit, alarm (bool), and the change of the year to date as a fraction with its 80 %
        interval. Without rows where the years before are too short.

    Examples
    --------
    >>> months = pd.period_range("2021-01", "2024-03", freq="M").astype(str)
    >>> steady = pd.DataFrame({"care_form": "ggz", "period": months, "inflow": 400})
    >>> watched(steady, year=2024, first="2021-01")["alarm"].any()
    np.False_
    >>> more = steady.assign(inflow=steady["inflow"].mask(steady["period"] >= "2024-01", 480))
    >>> watched(more, year=2024, first="2021-01").query("care_form == 'total'")["alarm"].tolist()
    [False, True, True]
    """
    wide = (
        flows.pivot_table(index="period", columns="care_form", values="inflow", aggfunc="sum")
        .sort_index()
        .fillna(0.0)
    )
    wide.columns = wide.columns.astype(str)
    wide[TOTAL] = wide.sum(axis=1)
    years = [one for one in range(year - BASE_YEARS, year) if f"{one}-01" >= first]
    base = wide[wide.index.str[:4].isin([str(one) for one in years])]
    now = wide[wide.index.str[:4] == str(year)]
    if len(years) < 2 or now.empty:
        return pd.DataFrame(columns=list(COLUMNS))
    enough = [name for name in wide if base[name].mean() >= FEWEST_A_MONTH]
    season = _season(base[TOTAL])
    rows = []
    for name in enough:
        expected = base[name].mean() * season.loc[now.index.str[5:]].to_numpy()
        spread = _spread(base[name], season)
        evidence = detector(now[name].to_numpy(), expected, spread=spread * (1 + 12 / len(base)))
        seen, mean = now[name].cumsum().to_numpy(), expected.cumsum()
        error = np.sqrt(spread * (1 / np.maximum(seen, 1) + 1 / base[name].sum()))
        limit = float(FALSE_ALARM_MONTHS * len(enough))
        middle = np.log(np.maximum(seen, 0.5) / mean)
        rows.append(
            pd.DataFrame(
                {
                    "care_form": name,
                    "period": now.index,
                    "inflow": now[name].to_numpy(),
                    "expected": expected,
                    "evidence": evidence,
                    "limit": limit,
                    "alarm": evidence >= limit,
                    "change": np.exp(middle) - 1,
                    "low": np.exp(middle - REACH_80 * error) - 1,
                    "high": np.exp(middle + REACH_80 * error) - 1,
                }
            )
        )
    return pd.concat(rows, ignore_index=True)[list(COLUMNS)] if rows else pd.DataFrame(columns=list(COLUMNS))


def detector(
    counts: np.ndarray, expected: np.ndarray, *, spread: float = 1.0, ratios: Sequence[float] = RATIOS
) -> np.ndarray:
    """The e-detector of Shiryaev and Roberts after each month.

    Parameters
    ----------
    counts : ndarray (month,) or (month, series)
        What came in.
    expected : ndarray
        What was expected of each, of the same shape.
    spread : float
        How many times the variance is the mean; likelihood ratios are taken to the power of one over it.
    ratios : sequence of float
        Changes that are looked for.

    Returns
    -------
    ndarray
        Of the shape of ``counts``: high where a change explains what came in better than none.

    Examples
    --------
    Of a change of a fifth, one month of a hundred where 80 were expected says little, six months say much:

    >>> found = detector(np.full(6, 100.0), np.full(6, 80.0), ratios=[1.25])
    >>> bool(found[0] < 20 < 400 < found[-1])
    True
    """
    total = np.zeros_like(np.asarray(expected, dtype=float))
    for ratio in ratios:
        log_e = (counts * np.log(ratio) - (ratio - 1) * expected) / spread
        one = np.zeros_like(total[0])
        for month, value in enumerate(np.exp(np.minimum(log_e, 500.0))):
            one = (1.0 + one) * value
            total[month] += one / len(ratios)
    return total


def smallest_found(
    monthly: float, *, series: int, spread: float = 1.0, months: int = 3, chance: float = 0.8
) -> float:
    """The smallest rise found within a number of months with a given chance: what a series of this size can show.

    Parameters
    ----------
    monthly : float
        What comes in each month.
    series : int
        How many series are watched.
    spread : float
        How many times the variance is the mean.
    months : int
        Within how many months.
    chance : float
        How often it is found.

    Returns
    -------
    float
        As a fraction; more than 1 where only a doubling would be found.

    Examples
    --------
    >>> smallest_found(2000, series=10) < smallest_found(150, series=10)
    True
    """
    rng = np.random.default_rng(0)
    expected = np.full((months, 400), float(monthly))
    for rise in np.arange(0.02, 1.02, 0.01):
        mean = expected * (1 + rise)
        drawn = rng.poisson(mean / spread) * spread
        best = detector(drawn, expected, spread=spread).max(axis=0)
        if (best >= FALSE_ALARM_MONTHS * series).mean() >= chance:
            return float(rise)
    return float("inf")


def shown(found: pd.DataFrame) -> pd.DataFrame:
    """The newest month of each series with its year to date, without series that have fewer than ten in a month.

    ``found`` comes from ``watched``.
    """
    if found.empty:
        return found
    last = found[found["period"] == found["period"].max()]
    sums = found.groupby("care_form")[["inflow", "expected"]].sum()
    few = found.groupby("care_form")["inflow"].agg(lambda one: bool(small_cells.small(one, zero=True).any()))
    last = last.assign(
        inflow=last["care_form"].map(sums["inflow"]),
        expected=last["care_form"].map(sums["expected"]),
        alarm=last["care_form"].map(found.groupby("care_form")["alarm"].any()),
    )
    return last[~last["care_form"].map(few).astype(bool)].reset_index(drop=True)


def _season(total: pd.Series) -> pd.Series:
    """How much of a usual month comes in, by month of the year ("01"), with a mean of one."""
    own = total.groupby(total.index.str[5:]).mean()
    return own / own.mean()


def _spread(counts: pd.Series, season: pd.Series) -> float:
    """Variance over mean in the years before, at least one."""
    expected = counts.mean() * season.loc[counts.index.str[5:]].to_numpy()
    freedom = max(len(counts) - 1, 1)
    return max(1.0, float(((counts.to_numpy() - expected) ** 2 / expected).sum() / freedom))
