"""What the difference between two areas or two years is made of, adding up exactly.

Costs are a product: youths x use per youth x costs per youth with care. The difference is split by
logarithmic means (LMDI-I), with the function that splits the forecast, ``forecast.drivers.per_sample``.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from analyse.compare.rates import WHOLE
from analyse.errors import ParameterError
from analyse.forecast import drivers
from analyse.forecast.price import log_index

DRIVERS = ("population", "age", "usage", "price", "mix")
"""population: inhabitants of 0-17; age: whether they are of ages that use care, students of 18-22 included;
usage: youths with care against what their ages lead one to expect; price: the national price index; mix:
costs per youth with care at equal prices (heavier, longer or dearer care, personal budgets, bookings).
Drivers that cannot be separated count as one, such as ``price_and_mix`` or ``usage_price_and_mix``."""

AreaYear = tuple[str, int]


def difference(
    areas: pd.DataFrame,
    *,
    first: AreaYear,
    last: AreaYear,
    expected: pd.Series | None = None,
    price_growth: pd.Series | None = None,
    per_youth: bool = True,
) -> pd.DataFrame:
    """Split the difference in costs between two areas, two years, or both.

    Parameters
    ----------
    areas : DataFrame
        History by area, see ``history.panel.AREA_HISTORY``; rows of several levels may be put together.
    first, last : tuple of str and int
        Area and year from which, and to which.
    expected : Series, optional
        Youths with care expected at the ages of the area (``standardised``), index (area_code, period).
        With it, age is separated from usage.
    price_growth : Series, optional
        Growth of the price index as a fraction, by year; with it, price is told apart between years. Areas
        of the same year have the same index.
    per_youth : bool
        Costs per inhabitant of 0-17 (population then plays no part), or whole costs.

    Returns
    -------
    DataFrame
        One row per driver: from_area, from_period, to_area, to_period, driver, effect_eur, start_eur, end_eur,
        unit (EUR or EUR per youth). The effects add up to end_eur - start_eur. Where use is not published
        in both years it is not told apart.

    Raises
    ------
    ParameterError
        If an area and year is not known, its costs are not whole, or both are the same.

    Examples
    --------
    Of two areas with as many youths, one has twice the use at the same costs per youth with care:

    >>> areas = pd.DataFrame({"area_code": ["A", "B"], "period": 2022, "youths": 100.0, "clients": [10.0, 20.0],
    ...     "clients_status": "final", "cost_eur": [1000.0, 2000.0], "status": "final"})
    >>> found = difference(areas, first=("A", 2022), last=("B", 2022))
    >>> found[["driver", "effect_eur"]].round(6).to_dict("tight")["data"]
    [['usage', 10.0], ['price_and_mix', 0.0]]

    All of the EUR 10 per youth more is higher use.
    """
    start, end = (_factors(areas, key, expected) for key in (first, last))
    if first == last:
        raise ParameterError(f"difference: {first} with itself; choose another area or year")
    told = {name for name in start if name in end}
    if price_growth is not None and first[1] != last[1]:
        start["price"], end["price"] = _prices(price_growth, first[1], last[1])
    if per_youth:
        start, end = _divided(start), _divided(end)
    effects = _effects(start, end, told)
    if per_youth:
        effects.pop("population")
    return pd.DataFrame(
        {
            "from_area": first[0],
            "from_period": first[1],
            "to_area": last[0],
            "to_period": last[1],
            "driver": list(effects),
            "effect_eur": list(effects.values()),
            "start_eur": start["cost_eur"],
            "end_eur": end["cost_eur"],
            "unit": "EUR per youth" if per_youth else "EUR",
        }
    )


def gaps(areas: pd.DataFrame, together: pd.DataFrame, *, period: int) -> pd.DataFrame:
    """What each area spends per youth more or less than all of them together: through use, and per youth with care.

    Use comes years after the accounts: it is that of the last year up to ``period`` that all of them have.

    Parameters
    ----------
    areas, together : DataFrame
        History by area, and of all of them as one area, see ``history.panel.AREA_HISTORY``.
    period : int
        Year of the accounts.

    Returns
    -------
    DataFrame
        The rows of ``difference`` for each area with whole costs, with ``use_period``: the year of use, missing where
        no year has it; and ``left_out``: how many areas have no whole costs, and are not in the sum of all either.
        Effects of an area add up to end_eur - start_eur.

    Examples
    --------
    >>> areas = pd.DataFrame({"area_code": ["A", "B"], "period": 2024, "youths": 100.0, "clients": [10.0, 20.0],
    ...     "clients_status": "final", "cost_eur": [1000.0, 2000.0], "status": "final"})
    >>> whole = areas.iloc[:1].assign(area_code="AB", youths=200.0, clients=30.0, cost_eur=3000.0)
    >>> found = gaps(areas, whole, period=2024)
    >>> [(row.to_area, row.driver, round(row.effect_eur)) for row in found.itertuples()]
    [('A', 'usage', -5), ('A', 'price_and_mix', 0), ('B', 'usage', 5), ('B', 'price_and_mix', 0)]
    """
    rows = pd.concat([areas, together], ignore_index=True)
    rows, use_period = _with_latest_use(rows, period)
    start = (str(together["area_code"].iloc[0]), period)
    known = rows[rows["period"].eq(period) & rows["status"].isin(WHOLE)]["area_code"]
    if start[0] not in set(known):
        rows = _of_whole_areas(rows, start)
    left_out = areas["area_code"].nunique() - len(set(known) - {start[0]})
    found = [
        difference(rows, first=start, last=(code, period)).assign(use_period=use_period, left_out=left_out)
        for code in dict.fromkeys(areas["area_code"])
        if code in set(known)
    ]
    return (
        pd.concat(found, ignore_index=True)
        if found
        else pd.DataFrame(columns=["to_area", "driver", "effect_eur"])
    )


def _of_whole_areas(rows: pd.DataFrame, together: AreaYear) -> pd.DataFrame:
    """The rows of a year, with the sum of all replaced by that of the areas with whole costs."""
    of_all = rows["area_code"].eq(together[0]) & rows["period"].eq(together[1])
    whole = rows["period"].eq(together[1]) & rows["status"].isin(WHOLE) & ~of_all
    summed = rows.loc[whole, ["youths", "clients", "cost_eur"]].sum(min_count=1)
    return rows.assign(
        status=rows["status"].mask(of_all, "final"),
        **{name: rows[name].mask(of_all, value) for name, value in summed.items()},
    )


def _with_latest_use(rows: pd.DataFrame, period: int) -> tuple[pd.DataFrame, int | None]:
    """The rows of a year with the youths with care of the last year that all areas have whole."""
    before = rows[rows["period"].le(period)]
    whole = before["clients_status"].isin(WHOLE) & before["clients"].gt(0)
    years = whole.groupby(before["period"]).all()
    if not years.any():
        return rows.assign(clients_status="missing"), None
    last = int(years[years].index.max())
    use = rows[rows["period"].eq(last)].set_index("area_code")[["clients", "clients_status"]]
    now = rows[rows["period"].eq(period)].drop(columns=use.columns)
    return now.merge(use, left_on="area_code", right_index=True, validate="1:1"), last


def _effects(start: dict[str, float], end: dict[str, float], told: set[str]) -> dict[str, float]:
    population, usage, price, rest = _split(start, end, base="youths", use="clients" in told)
    effects = {"population": population}
    if {"clients", "expected"} <= told:
        to_expected, usage, price, rest = _split(start, end, base="expected", use=True)
        effects["age"] = to_expected - population
    merged = []
    if "clients" in told:
        effects["usage"] = usage
    else:
        merged.append("usage")
    if "price" in start:
        effects["price"] = price
    else:
        merged.append("price")
    name = "_and_".join([*merged, "mix"]) if len(merged) < 2 else "usage_price_and_mix"
    return effects | {name: rest}


def _split(start: dict[str, float], end: dict[str, float], *, base: str, use: bool) -> list[float]:
    """Effects of base, clients per base, price and the rest."""

    def arrays(values: dict[str, float]) -> dict[str, np.ndarray]:
        named = {
            "youths": values[base],
            "clients": values["clients" if use else base],
            "price": values.get("price", 1.0),
            "cost_eur": values["cost_eur"],
        }
        return {name: np.full((1, 1), value) for name, value in named.items()}

    return [float(effect) for effect in drivers.per_sample(arrays(start), arrays(end))[:, 0, 0]]


def _factors(areas: pd.DataFrame, key: AreaYear, expected: pd.Series | None) -> dict[str, float]:
    """Youths and costs of one area and year, with clients and expected clients where they are whole."""
    rows = areas[(areas["area_code"] == key[0]) & (areas["period"] == key[1])]
    if len(rows) != 1:
        known = areas.loc[areas["status"].isin(WHOLE), "period"]
        raise ParameterError(
            f"difference: {key[0]} in {key[1]} is {len(rows)} rows of the history, expected one; "
            f"costs are known for {known.min()} to {known.max()}"
        )
    row = rows.iloc[0]
    if row["status"] not in WHOLE or not row["cost_eur"] > 0:
        raise ParameterError(
            f"difference: the costs of {key[0]} in {key[1]} are {row['status']}; choose another year"
        )
    found = {"youths": float(row["youths"]), "cost_eur": float(row["cost_eur"])}
    if row["clients_status"] in WHOLE and row["clients"] > 0:
        found["clients"] = float(row["clients"])
        if expected is not None and key in expected.index:
            found["expected"] = float(expected.loc[key])
    return found


def _divided(values: dict[str, float]) -> dict[str, float]:
    return {name: value if name == "price" else value / values["youths"] for name, value in values.items()}


def _prices(growth: pd.Series, first: int, last: int) -> tuple[float, float]:
    early, late = sorted((first, last))
    index = np.exp(log_index(growth, np.arange(early, late + 1)))
    return (float(index[0]), float(index[-1])) if first < last else (float(index[-1]), float(index[0]))
