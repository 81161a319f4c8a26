"""Early warning: whether inflow, stock or prices differ from what was expected at the start of the year.

Each month the trajectories that started are compared with what earlier years made likely: of all care, of each care
form with ten a month or more, and for a municipality also of its whole region, since a change that all municipalities
have in common shows there first (``sequential``). Stock is compared with its own drift, the mean tariff beside the rise
of the years before. Over all of these together there is at most one false alarm in five years (``SHARES``).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd

from analyse import small_cells
from analyse.monitor import sequential
from analyse.monitor.sequential import ALARMS_A_YEAR, Expected
from analyse.schema import REACH_80

BASE_YEARS = 6
"""Most years before the one that is watched from which the expected inflow comes."""
FEWEST_YEARS = 2
FEWEST_A_MONTH = 10
"""A series with fewer than this a month is not watched on its own."""
INFLOW, WIDER, STOCK, PRICE = "inflow", "wider", "stock", "price"
SHARES = {WIDER: 0.7, INFLOW: 0.15, "forms": 0.05, STOCK: 0.05, PRICE: 0.05}
"""Part of the false alarms that each series may have; without a region around it the area's inflow has both first
parts. A region spends on its own inflow what a municipality spends on that of its region: both pages say the same."""
PRICE_STEP_SD = 0.015
"""How much yearly steps of tariffs differ, at least: the index for wages and prices of 2018 to 2026 (OVA and PPC, see
``parameters/demo_declarations.yaml``)."""
TOTAL = "total"
YEAR = 12
COLUMNS = (
    "series", "care_form", "period", "seen", "expected", "evidence", "alarm", "change", "low", "high", "found_from",
)  # fmt: skip


def watched(
    flows: pd.DataFrame,
    *,
    year: int,
    first: str,
    wider: pd.DataFrame | None = None,
    reported: pd.Series | None = None,
    prices: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """What came of each series in the months of a year beside what was expected at its start.

    Parameters
    ----------
    flows : DataFrame
        care_form, period ("2024-01"), inflow and stock of every month from ``first`` on (``flows.monthly``).
    year : int
        The year to watch.
    first : str
        First month that is known; at least two whole years before ``year`` are needed, and at most six are used.
    wider : DataFrame, optional
        The same of the region around the area.
    reported : Series, optional
        Period -> share of the starts of that month that is known by now (``queries.reported``); one where absent.
    prices : DataFrame, optional
        period and growth (``queries.Known.price_growth``).

    Returns
    -------
    DataFrame
        ``COLUMNS``, one row per series and month of the year: seen and expected (trajectories, untreated; inflow is
        completed for starts that are not known yet; of prices the growth on a year before, a fraction), evidence (an
        alarm from 1), alarm (bool), the change of the year to date as a fraction with its 80 % interval, and
        found_from: the smallest rise of all inflow that is found within three months in 80 % of the cases. Without
        rows where the years before are too short.

    Examples
    --------
    >>> months = pd.period_range("2021-01", "2024-03", freq="M").astype(str)
    >>> steady = pd.DataFrame({"care_form": "ggz", "period": months, "inflow": 400, "stock": 4000})
    >>> watched(steady, year=2024, first="2021-01")["alarm"].any()
    np.False_
    >>> more = steady.assign(inflow=steady["inflow"].mask(steady["period"] >= "2024-01", 480))
    >>> watched(more, year=2024, first="2021-01").query("care_form == 'total'")["alarm"].tolist()[:3]
    [True, True, True]
    """
    years = [one for one in range(year - BASE_YEARS, year) if f"{one}-01" >= first]
    inflow = _wide(flows, "inflow")
    if len(years) < FEWEST_YEARS or not inflow.index.str.startswith(str(year)).any():
        return pd.DataFrame(columns=list(COLUMNS))
    around = None if wider is None else _wide(wider, "inflow")
    season_of = inflow[TOTAL] if around is None else around[TOTAL]
    known = (
        pd.Series(1.0, index=inflow.index) if reported is None else reported.reindex(inflow.index).fillna(1.0)
    )
    common = {"year": year, "years": years, "season_of": season_of, "known": known}
    names = [one for one in inflow if inflow.loc[_in(inflow, years), one].mean() >= FEWEST_A_MONTH]
    forms = [one for one in names if one != TOTAL]
    own = SHARES[INFLOW] if around is not None else SHARES[WIDER]
    parts = [
        _counted(
            inflow[name], alarms_a_year=ALARMS_A_YEAR * part, with_smallest=name == TOTAL, **common
        ).assign(series=INFLOW, care_form=name)
        for name in names
        for part in [own if name == TOTAL else SHARES["forms"] / len(forms)]
    ]
    if around is not None and TOTAL in names:
        share = ALARMS_A_YEAR * SHARES[WIDER]
        region = _counted(around[TOTAL], alarms_a_year=share, with_smallest=True, **common)
        parts.append(region.assign(series=WIDER, care_form=TOTAL))
    if "stock" in flows:
        parts += [one.assign(series=STOCK, care_form=TOTAL) for one in _stock(flows, year, years)]
    if prices is not None:
        parts += [one.assign(series=PRICE, care_form=TOTAL) for one in _price(prices, year, years)]
    return (
        pd.concat(parts, ignore_index=True)[list(COLUMNS)] if parts else pd.DataFrame(columns=list(COLUMNS))
    )


def shown(found: pd.DataFrame) -> pd.DataFrame:
    """The newest month of each series with its year to date, without series that have a month of fewer than ten.

    Parameters
    ----------
    found : DataFrame
        From ``watched``.
    """
    if found.empty:
        return found
    key = ["series", "care_form"]
    groups = found.groupby(key, sort=False)
    last = groups.tail(1).set_index(key)
    counted = last.index.get_level_values("series").isin([INFLOW, WIDER])
    few = groups["seen"].agg(lambda one: bool(small_cells.small(one, zero=True).any())).astype(bool)
    for name in ("seen", "expected"):
        last[name] = last[name].where(~counted, groups[name].sum())
    last["alarm"] = groups["alarm"].any()
    return last[~few | (last.index.get_level_values("series") == PRICE)].reset_index()


def _expected(base: pd.Series, season_of: pd.Series) -> Expected:
    """What is expected of the twelve months of the next year, from whole years before it.

    The level follows the years as far as they differ beyond chance (local level: A. Harvey, "Forecasting, structural
    time series models and the Kalman filter", 1989); each month has the season of ``season_of``.
    """
    season = _season(season_of)
    usual = base.mean() * season.loc[base.index.str[5:]].to_numpy()
    of_year = base.groupby(base.index.str[:4]).mean()
    spread = _spread(
        base.to_numpy(), usual * of_year.loc[base.index.str[:4]].to_numpy() / base.mean(), len(of_year)
    )
    level, error = _level(np.log(of_year.clip(lower=0.5).to_numpy()), spread / (YEAR * base.mean()))
    wide = season_of.mean() * season.to_numpy()
    of_season = np.sqrt(spread / (len(of_year) * wide))
    return Expected(np.exp(level) * season.to_numpy(), spread, error, of_season)


def _counted(
    counts: pd.Series,
    *,
    year: int,
    years: Sequence[int],
    season_of: pd.Series,
    known: pd.Series,
    alarms_a_year: float,
    with_smallest: bool,
) -> pd.DataFrame:
    """The months of the year of one series of counts."""
    now = counts[_in(counts, [year])]
    usual = _expected(counts[_in(counts, years)], season_of[_in(season_of, years)])
    share = known.reindex(now.index).fillna(1.0).to_numpy()
    seen = np.arange(YEAR) < len(now)
    thinned = usual.mean * np.where(seen, np.pad(share, (0, YEAR - len(now)), constant_values=1.0), 1.0)
    whole = Expected(thinned, usual.spread, usual.level_error, usual.season_error)
    sides = sequential.evidence(now.to_numpy(dtype=float), whole, alarms_a_year=alarms_a_year)
    came, mean = now.cumsum().to_numpy(dtype=float), thinned[seen].cumsum()
    middle = np.log(np.maximum(came, 0.5) / mean)
    part = thinned[seen] ** 2 * usual.season_error[seen] ** 2
    error = np.sqrt(usual.spread / np.maximum(came, 1) + usual.level_error**2 + part.cumsum() / mean**2)
    return pd.DataFrame(
        {
            "period": now.index,
            "seen": now.to_numpy() / share,
            "expected": usual.mean[seen],
            "evidence": sides.max(axis=1),
            "alarm": sides.max(axis=1) >= 1,
            "change": np.exp(middle) - 1,
            "low": np.exp(middle - REACH_80 * error) - 1,
            "high": np.exp(middle + REACH_80 * error) - 1,
            "found_from": sequential.smallest_found(usual, alarms_a_year=alarms_a_year)
            if with_smallest
            else np.nan,
        }
    )


def _stock(flows: pd.DataFrame, year: int, years: Sequence[int]) -> Iterator[pd.DataFrame]:
    """Running trajectories beside their drift in the years before: a random walk with the spread of its own months."""
    stock = np.log(flows.groupby("period")["stock"].sum().sort_index().clip(lower=0.5))
    steps = stock.diff().dropna()
    base, now = steps[_in(steps, years)], stock[_in(stock, [year])]
    start = stock[stock.index < f"{year}-01"]
    if base.std() > 0 and len(start):
        drift = (
            base.groupby(base.index.str[5:]).mean().reindex(now.index.str[5:]).fillna(base.mean()).cumsum()
        )
        months = np.arange(1, len(now) + 1)
        error = base.std() * np.sqrt(months * (1 + 1 / len(years)))
        walk = np.random.default_rng(sequential.SEED).standard_normal((YEAR, sequential.DRAWS)).cumsum(axis=0)
        largest = np.abs(walk / np.sqrt(np.arange(1, YEAR + 1))[:, None]).max(axis=0)
        limit = np.quantile(largest, 1 - ALARMS_A_YEAR * SHARES[STOCK])
        begin = float(start.iloc[-1])
        yield _beside(np.exp(now), np.exp(begin + drift.to_numpy()), error, limit=limit)


def _price(prices: pd.DataFrame, year: int, years: Sequence[int]) -> Iterator[pd.DataFrame]:
    """The mean tariff of the same care, as growth on a year before, beside the growth of the years before."""
    growth = prices.set_index("period")["growth"].dropna().sort_index()
    base, now = growth[_in(growth, years)], growth[_in(growth, [year])]
    steps = base.groupby(base.index.str[:4]).mean()
    if len(steps) and len(now):
        months = np.arange(1, len(now) + 1)
        within = float((base - steps.loc[base.index.str[:4]].to_numpy()).std()) if len(base) > 1 else 0.0
        between = max(float(steps.std(ddof=1)) if len(steps) > 1 else 0.0, PRICE_STEP_SD)
        error = np.sqrt(between**2 * (1 + 1 / len(steps)) + np.nan_to_num(within) ** 2 / months)
        limit = -sequential.NormalDist().inv_cdf(
            ALARMS_A_YEAR * SHARES[PRICE] / 4
        )  # twice: some looks are apart
        so_far = now.cumsum() / months
        told = pd.Series(float(steps.mean()), index=now.index)
        yield _beside(np.exp(so_far), np.exp(told.to_numpy()), error, limit=limit).assign(
            seen=np.expm1(so_far.to_numpy()), expected=np.expm1(told.to_numpy())
        )


def _beside(seen: pd.Series, usual: np.ndarray, error: np.ndarray, *, limit: float) -> pd.DataFrame:
    """A series beside what was expected of it, with a normal error on the log scale."""
    middle = np.log(seen.to_numpy() / usual)
    evidence = np.abs(middle) / error / limit
    ends = {name: np.exp(middle + side * REACH_80 * error) - 1 for name, side in (("low", -1), ("high", 1))}
    columns = {"period": seen.index, "seen": seen.to_numpy(), "expected": usual, "evidence": evidence}
    return pd.DataFrame(
        {**columns, "alarm": evidence >= 1, "change": np.exp(middle) - 1, **ends, "found_from": np.nan}
    )


def _wide(flows: pd.DataFrame, value: str) -> pd.DataFrame:
    """One column per care form and of all together, by period."""
    wide = flows.pivot_table(index="period", columns="care_form", values=value, aggfunc="sum", observed=True)
    wide = wide.sort_index().fillna(0.0)
    wide.columns = wide.columns.astype(str)
    return wide.assign(**{TOTAL: wide.sum(axis=1)})


def _in(table: pd.DataFrame | pd.Series, years: Sequence[int]) -> np.ndarray:
    return table.index.str[:4].isin([str(year) for year in years])


def _season(total: pd.Series) -> pd.Series:
    """How much comes in relative to a usual month, by month of the year ("01"), with a mean of one."""
    own = total.groupby(total.index.str[5:]).mean()
    return (own / own.mean()).clip(lower=0.01)


def _spread(counts: np.ndarray, usual: np.ndarray, years: int) -> float:
    """How many times the variance is the mean within the years before, one at least."""
    freedom = max(len(counts) - years - (YEAR - 1), 1)
    return max(1.0, float(((counts - usual) ** 2 / np.maximum(usual, 1e-9)).sum() / freedom))


def _level(logs: np.ndarray, chance: float) -> tuple[float, float]:
    """The level of the next year on the log scale with its standard error, from years that each err by chance."""
    moved = max(float(np.mean(np.diff(logs) ** 2)) - 2 * chance, 0.0) if len(logs) > 1 else 0.0
    level, error = float(logs[0]), chance
    for one in logs[1:]:
        before = error + moved
        gain = before / (before + chance)
        level, error = level + gain * (one - level), before * (1 - gain)
    return level, float(np.sqrt(error + moved))
