"""What is known at an origin: the figures a forecast may use, as arrays (series, year).

Everything the forecast reads passes through ``as_of``. With ``origin`` in the past it leaves out whatever
was published later, so that the backtest and the real forecast run the same code.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analyse import parameters
from analyse.errors import DataError, ParameterError
from analyse.forecast import age_bands, revised
from analyse.history import boundaries, breaks, youths
from analyse.schema import WHOLE_STATUSES

Tables = Mapping[str, pd.DataFrame]
STATUS_OF = {"cost_eur": "status", "budget_eur": "budget_status", "clients": "clients_status"}
"""Figures that may be a lower bound only, and the column that says so."""
CHILD, YOUTH = 18, 23
"""Youths are 0-17; those with youth care may be up to 22."""
BUDGETS_AHEAD = 2
"""Years after the accounts of which budgets can be known."""
INCOME_SUPPORT = "6.3"
"""Taakveld whose spending stands for need."""
NATIONAL_USAGE = "youths with youth care"


@dataclass(frozen=True)
class Known:
    """Figures known at ``origin``, the last year with accounts; series are municipalities, in code order.

    ``cost_eur``, ``clients``, ``provisional_clients``, ``inhabitants`` and ``income_support`` (accounts of taakveld
    6.3, EUR) are (series, years); ``youths`` is (series, years + 1): the population of the year after the accounts
    is known when these are published; ``budget_eur`` is (series, years + 2), unknown where not published yet.
    ``ages`` (series, years + 1, age) are the inhabitants by single year of age on 1 January, ``gains`` (series, age)
    what a cohort gained a year on its way to that age; ``usage_by_band`` has clients and youths of all municipalities
    by age band, in the last year with bands. ``renumbered`` are the years from which budgets are booked by other
    rules, ``announced`` those of a rule that moves bills between municipalities. Unknown is NaN.
    """

    codes: tuple[str, ...]
    regions: tuple[str, ...]
    years: np.ndarray
    cost_eur: np.ndarray
    budget_eur: np.ndarray
    youths: np.ndarray
    youths_0_22: np.ndarray
    inhabitants: np.ndarray
    income_support: np.ndarray
    ages: np.ndarray
    gains: np.ndarray
    clients: np.ndarray
    provisional_clients: np.ndarray
    usage_by_band: pd.DataFrame
    price_growth: pd.Series
    provisional_prices: frozenset[int]
    national_clients: pd.Series
    provisional_national: frozenset[int]
    cost_breaks: np.ndarray
    usage_breaks: np.ndarray
    breaks_ahead: frozenset[int]
    renumbered: frozenset[int]
    announced: frozenset[int]
    constants: parameters.ForecastConstants
    assumptions: Mapping[str, parameters.Assumption]
    tables: Tables

    @property
    def origin(self) -> int:
        """Last year of which the accounts are known."""
        return int(self.years[-1])

    @property
    def region_index(self) -> np.ndarray:
        """Position of each series' region among the sorted regions."""
        return np.unique(self.regions, return_inverse=True)[1]


def as_of(
    history: pd.DataFrame,
    tables: Tables,
    *,
    origin: int | None = None,
    budgets_ahead: int = BUDGETS_AHEAD,
    assumptions: Mapping[str, parameters.Assumption] | None = None,
    declared: Sequence[parameters.Break] | None = None,
    constants: parameters.ForecastConstants | None = None,
) -> Known:
    """Collect what is known when the accounts of ``origin`` have been published.

    Parameters
    ----------
    history : DataFrame
        One row per (municipality_code, care_form, period), fixed composition, all municipalities: pooled
        estimates use every one of them.
    tables : mapping of DataFrame
        With ``price_index``, ``national_reference``, ``population``, ``population_dynamics``,
        ``boundary_changes`` and ``municipalities``.
    origin : int, optional
        Last year with accounts; by default the last one in ``history``.
    budgets_ahead : {1, 2}
        1: the budget of the year after the accounts, as in the summer in which these come out; 2: from November on,
        with the next budgets. A budget that is not in ``history`` is not known either way.
    assumptions, declared, constants : optional
        Assumptions, declared breaks and constants, by default those in ``parameters/``.

    Raises
    ------
    DataError
        When a column or all accounts are missing, or a row is there twice.
    ParameterError
        When ``origin`` leaves fewer than three years of accounts.
    """
    assumptions = parameters.assumptions() if assumptions is None else assumptions
    declared = parameters.breaks() if declared is None else declared
    constants = parameters.forecast_constants() if constants is None else constants
    if budgets_ahead not in (1, BUDGETS_AHEAD):
        raise ParameterError(f"forecast: budgets_ahead {budgets_ahead}; choose 1 or {BUDGETS_AHEAD}")
    _check(history)
    whole = history.assign(
        **{value: history[value].where(settled(history[of])) for value, of in STATUS_OF.items()}
    )
    with_accounts = whole.loc[whole["cost_eur"].notna(), "period"]
    first, last = int(with_accounts.min()), int(with_accounts.max())
    origin = last if origin is None else origin
    if not first + 2 <= origin <= last:
        raise ParameterError(
            f"forecast: origin {origin}; accounts are known for {first} to {last}, "
            f"choose {first + 2} to {last}"
        )
    years = np.arange(first, origin + 1)
    past = origin < last
    codes = tuple(sorted(whole.loc[whole["period"] == last, "municipality_code"].unique()))
    region = whole.loc[whole["period"] == last].set_index("municipality_code")["region_code"]
    then = _until(tables, origin) if past else tables
    assumptions = assumptions if past else revised.assumptions(assumptions, tables)
    counts = _ages(then, codes, until=origin + 1)
    prices = price_growth(then["price_index"], assumptions["price_weight_wages"].value)
    return Known(
        codes=codes,
        regions=tuple(str(region[code]) for code in codes),
        years=years,
        cost_eur=_above_zero(_array(whole, codes, years, "cost_eur")),
        budget_eur=_budgets(whole, codes, years, budgets_ahead),
        inhabitants=_inhabitants(then, codes, years),
        income_support=_income_support(then, codes, years),
        youths=_young(counts, years, CHILD) if past else _array(whole, codes, [*years, origin + 1], "youths"),
        youths_0_22=_young(counts, years, YOUTH)
        if past
        else _array(whole, codes, [*years, origin + 1], "youths_0_22"),
        ages=counts[:, -len(years) - 1 :],
        gains=_gains(counts, _births(then, codes, counts.shape[1])),
        clients=_array(whole, codes, years, "clients"),
        provisional_clients=_array(_flagged(whole, "clients_status", "provisional"), codes, years, "flag")
        == 1,
        usage_by_band=_usage_by_band(then, counts, codes, origin + 1),
        price_growth=prices,
        provisional_prices=_provisional(then["price_index"]),
        national_clients=_national(then["national_reference"])["value"].astype(float),
        provisional_national=_years_with(_national(then["national_reference"])["status"], "provisional"),
        cost_breaks=_mask(declared, "costs", codes, years),
        usage_breaks=_mask(declared, "usage", codes, years),
        breaks_ahead=frozenset(
            item.period
            for item in declared
            if item.period > origin and "costs" in item.applies_to and item.effect == breaks.EXCLUDED
        ),
        renumbered=_years_of(declared, constants.renumbered_budgets, origin),
        announced=_years_of(declared, constants.announced_rules, origin),
        constants=constants,
        assumptions=_assumptions_then(assumptions, prices) if past else assumptions,
        tables=then,
    )


def _check(history: pd.DataFrame) -> None:
    key = ["municipality_code", "care_form", "period"]
    wanted = [*key, "region_code", "youths", "youths_0_22", *STATUS_OF, *STATUS_OF.values()]
    absent = [name for name in wanted if name not in history]
    if absent:
        raise DataError(
            f"forecast: history has no column {', '.join(absent)}; make it with history.panel.build"
        )
    if history["cost_eur"].notna().sum() == 0:
        raise DataError("forecast: history has no accounts at all; check the table of costs")
    twice = history.duplicated(key)
    if twice.any():
        first = "/".join(str(value) for value in history.loc[twice, key].iloc[0])
        raise DataError(
            f"forecast: {int(twice.sum())} duplicate ({', '.join(key)}) rows, first {first}; keep one row per key"
        )


def settled(status: pd.Series) -> pd.Series:
    """True where a figure is whole: a lower bound (``incomplete``) is nothing to learn from or compare with."""
    return status.isin(WHOLE_STATUSES)


def _budgets(whole: pd.DataFrame, codes: Sequence[str], years: np.ndarray, ahead: int) -> np.ndarray:
    """Budgets (series, years + 2); those further ahead than ``ahead`` are not known yet."""
    budgets = _array(whole, codes, [*years, *(years[-1] + step for step in (1, BUDGETS_AHEAD))], "budget_eur")
    return np.where(np.arange(budgets.shape[1]) < len(years) + ahead, budgets, np.nan)


def _inhabitants(tables: Tables, codes: Sequence[str], years: np.ndarray) -> np.ndarray:
    """Inhabitants on 1 January (series, years)."""
    rows = tables["population"].loc[tables["population"]["age_group"] == "total"]
    return _today(rows[["municipality_code", "year", "count", "status"]], tables, "count", codes, years)


def _income_support(tables: Tables, codes: Sequence[str], years: np.ndarray) -> np.ndarray:
    """Accounts of income support in EUR (series, years); NaN everywhere where a dataset has none."""
    costs = tables["costs"]
    rows = costs.loc[(costs["report"] == "accounts") & (costs["taakveld"] == INCOME_SUPPORT)]
    return _today(rows[["municipality_code", "year", "cost_eur", "status"]], tables, "cost_eur", codes, years)


def _today(
    rows: pd.DataFrame, tables: Tables, value: str, codes: Sequence[str], years: np.ndarray
) -> np.ndarray:
    """A figure of the municipalities of today (series, years), NaN where it is not whole or not above zero."""
    if rows.empty:
        return np.full((len(codes), len(years)), np.nan)
    summed = boundaries.recode(rows, tables, {value: "status"})
    whole = summed[value].astype(float).where(settled(summed["status"]) & (summed[value] > 0))
    wide = summed.assign(whole=whole).pivot(index="municipality_code", columns="year", values="whole")
    return wide.reindex(index=list(codes), columns=list(years)).to_numpy(dtype=float)


def _years_of(declared: Sequence[parameters.Break], names: Sequence[str], origin: int) -> frozenset[int]:
    """Years after the origin of the declared breaks with these names."""
    return frozenset(item.period for item in declared if item.id in names and item.period > origin)


def _ages(tables: Tables, codes: Sequence[str], until: int) -> np.ndarray:
    """Inhabitants (series, years to ``until``, age) by single year of age."""
    counts = youths.single_ages(tables, until=until)
    wide = counts.pivot(index="municipality_code", columns=["period", "age"], values="count").sort_index(
        axis=1
    )
    absent = [code for code in codes if code not in wide.index]
    if absent:
        raise DataError(
            f"population: no ages on 1 January {until} for {', '.join(absent)}; check population.csv"
        )
    return wide.loc[list(codes)].to_numpy().reshape(len(codes), -1, counts["age"].nunique())


def _usage_by_band(tables: Tables, counts: np.ndarray, codes: Sequence[str], last: int) -> pd.DataFrame:
    """Clients and youths by age band, summed over the municipalities, in the last year with bands; empty without."""
    rows = age_bands.counted(tables, counts, codes, last=last)
    if rows.empty:
        return pd.DataFrame(columns=["clients", "youths"])
    return rows.groupby("band")[["clients", "youths"]].sum()


def _young(counts: np.ndarray, years: np.ndarray, below: int) -> np.ndarray:
    return counts[:, -len(years) - 1 :, :below].sum(axis=2)


def _gains(counts: np.ndarray, births: np.ndarray) -> np.ndarray:
    """Mean yearly gain of cohorts on their way to each age; to age 0 from birth (series, age)."""
    infants = np.nanmean(counts[:, 1:, 0] - births, axis=1)
    return np.column_stack([infants, (counts[:, 1:, 1:] - counts[:, :-1, :-1]).mean(axis=1)])


def _births(tables: Tables, codes: Sequence[str], years: int) -> np.ndarray:
    """Births in the years between the counts (series, years - 1); NaN where not published yet."""
    moves = tables["population_dynamics"]
    coded = moves.assign(municipality_code=boundaries.current_codes(moves["municipality_code"], tables))
    summed = coded.groupby(["municipality_code", "year"])["births"].sum(min_count=1).astype(float).unstack()
    return summed.reindex(
        index=list(codes), columns=range(youths.SHOWN_FROM, youths.SHOWN_FROM + years - 1)
    ).to_numpy()


def _flagged(frame: pd.DataFrame, column: str, status: str) -> pd.DataFrame:
    return frame.assign(flag=(frame[column] == status).astype(float))


def _array(frame: pd.DataFrame, codes: Sequence[str], years: Sequence[int], column: str) -> np.ndarray:
    wide = frame.pivot(index="municipality_code", columns="period", values=column)
    return wide.reindex(index=list(codes), columns=list(years)).to_numpy(dtype=float, na_value=np.nan)


def _above_zero(cost_eur: np.ndarray) -> np.ndarray:
    """Accounts of nothing are accounts that were not delivered: nothing to learn from."""
    return np.where(cost_eur > 0, cost_eur, np.nan)


def _until(tables: Tables, origin: int) -> dict[str, pd.DataFrame]:
    """Leave out what was published after the accounts of ``origin``: see docs/method.md for the dates."""
    last = {
        "population": origin + 1,
        "population_by_age": origin + 1,
        "usage_by_form": origin,
        "usage_flows": origin,
        "population_dynamics": origin,
        "price_index": origin,
        "usage": origin,
    }
    then = {
        name: frame.loc[frame["year"] <= last[name]] if name in last else frame
        for name, frame in tables.items()
    }
    national = tables["national_reference"]
    year = national["period"].astype("str").str[:4].astype(int)
    return {**then, "national_reference": national.loc[year <= origin]}


def price_growth(price_index: pd.DataFrame, weight_wages: float | None = None) -> pd.Series:
    """Growth fraction by year: wages and prices weighted, consumer prices (CPI) where the PPC is not given.

    The weight of wages is by default that of ``parameters/assumptions.yaml``.
    """
    if weight_wages is None:
        weight_wages = parameters.assumptions()["price_weight_wages"].value
    wide = price_index.pivot(index="year", columns="component", values="change_percent")
    wide = wide.reindex(columns=["ova", "ppc", "cpi"]).astype(float)
    growth = weight_wages * wide["ova"] + (1 - weight_wages) * wide["ppc"].fillna(wide["cpi"])
    growth.index = growth.index.astype(int)
    return growth.dropna().sort_index() / 100


def _provisional(price_index: pd.DataFrame) -> frozenset[int]:
    return _years_with(price_index.set_index("year")["status"], "provisional")


def _years_with(statuses: pd.Series, status: str) -> frozenset[int]:
    return frozenset(int(year) for year in statuses.index[statuses == status])


def _national(reference: pd.DataFrame) -> pd.DataFrame:
    """Youths with youth care in the Netherlands: value and status by calendar year."""
    rows = reference.loc[(reference["area_code"] == "NL01") & (reference["indicator"] == NATIONAL_USAGE)]
    rows = rows.loc[rows["period"].str.fullmatch(r"\d{4}")].drop_duplicates("period", keep="last")
    return rows.assign(year=rows["period"].astype(int)).set_index("year").sort_index()[["value", "status"]]


def _mask(
    declared: Sequence[parameters.Break], measure: str, codes: Sequence[str], years: np.ndarray
) -> np.ndarray:
    """True (series, years) where the growth into a year must be left out of the trend."""
    named = {code for item in declared for code in item.municipalities}
    alike = {code: code if code in named else "" for code in codes}
    masks = {
        code: ~breaks.usable_growth(declared, [code], measure, years).to_numpy()
        for code in set(alike.values())
    }
    return np.stack([masks[alike[code]] for code in codes])


def _assumptions_then(assumptions: Mapping[str, parameters.Assumption], prices: pd.Series):
    """The price assumption as its rule would have given it at the origin: the mean of the index so far."""
    now = assumptions["price_growth_percent"]
    value = float(prices.mean() * 100)
    moved = now.model_copy(
        update={"value": value, "low": value - (now.value - now.low), "high": value + (now.high - now.value)}
    )
    return {**assumptions, "price_growth_percent": moved}
