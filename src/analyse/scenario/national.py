"""The Netherlands as measure: what an amount of the state is worth in the costs and the youths of each year.

What the state counts on is an amount in the prices of one year, while a lever acts on a part of care. So an amount
``a`` in prices of year p is ``a * price(t) / price(p)`` euros in year t, which is that part of the national costs of
the forms that it acts on in year t. National costs grow as those of all municipalities together do, on the middle of
their joint futures, from what the accounts of the whole country said; prices are those of the same forecast.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analyse.errors import ParameterError
from analyse.parameters import assumptions
from analyse.scenario import shares, use_by_form
from analyse.scenario.definitions import CareForms, Lever, evidence

MILLION = 1e6


@dataclass(frozen=True)
class National:
    """The Netherlands by year of the forecast, and by care form without ``local``."""

    years: tuple[int, ...]
    cost_eur: np.ndarray
    youths: np.ndarray
    price: pd.Series
    """Price level by year, from the first year of the index."""
    cost_shares: Mapping[str, float]
    youth_shares: Mapping[str, float]

    def amount_eur(self, lever: Lever, size: float, year: int) -> float:
        """A size in millions of euros, in the prices of a year of the forecast.

        Parameters
        ----------
        lever : Lever
            Says in the prices of which year the size is meant.
        size : float
            Millions of euros.
        year : int
            Year of the forecast.
        """
        stated = lever.promised.prices_of
        if stated not in self.price.index:
            raise ParameterError(
                f"{lever.id}: no price level of {stated}; choose {self.price.index[0]} to {self.price.index[-1]}"
            )
        return size * MILLION * self.price[year] / self.price[stated]

    def scale(self, lever: Lever) -> np.ndarray:
        """Per cent of what a lever acts on for one unit of its size, (year,)."""
        if lever.unit == "million euros":
            reached = sum(self.cost_shares[form] for form in lever.forms) * lever.exposure * self.cost_eur
            return 100 * np.array([self.amount_eur(lever, 1.0, year) for year in self.years]) / reached
        if lever.unit == "youths":
            return 100 / (sum(self.youth_shares[form] for form in lever.forms) * lever.exposure * self.youths)
        return np.ones(len(self.years))


def of(
    future: pd.DataFrame,
    past: pd.DataFrame,
    tables: Mapping[str, pd.DataFrame],
    *,
    care: CareForms,
    years: Sequence[int],
) -> National:
    """Measure the Netherlands with all its municipalities together.

    Parameters
    ----------
    future, past : DataFrame
        Paths and history of all municipalities together, from ``by_area``.
    tables : mapping of DataFrame
        ``price_index`` and ``costs_subcode`` of the dataset.
    care : CareForms
        Forms and groups.
    years : sequence of int
        The years of the forecast.
    """
    known, middle = evidence(), future.groupby("period")[["cost_eur", "clients", "price"]].median()
    # Where the accounts of a municipality are not in yet, the whole has no accounts: its forecast stands for them.
    base_year, then = int(middle.index.min()), known.national_cost_eur.date.year
    accounts = past.set_index("period")["cost_eur"].astype(float).dropna()
    measured = accounts.get(then, middle["cost_eur"].get(then, middle["cost_eur"].iloc[0]))
    ahead = middle.reindex(list(years)).bfill().ffill()
    growth, youths = ahead["cost_eur"] / measured, ahead["clients"] / middle["clients"].iloc[0]
    by_form = shares.overall(tables["costs_subcode"], care)
    counted = use_by_form.weights(care, np.array(list(by_form.values()))[:, None], {})[:, 0]
    return National(
        years=tuple(years),
        cost_eur=known.national_cost_eur.value * growth.to_numpy(),
        youths=known.national_youths.value * youths.to_numpy(),
        price=_prices(tables["price_index"], middle["price"], base_year),
        cost_shares=by_form,
        youth_shares=dict(zip(by_form, counted.tolist(), strict=True)),
    )


def _prices(index: pd.DataFrame, ahead: pd.Series, base_year: int) -> pd.Series:
    """Price level: the published index up to the base year, the forecast from there."""
    wages = assumptions()["price_weight_wages"].value
    parts = index.assign(component=index["component"].where(index["component"] == "ova", "prices"))
    # Both the consumer price and the price of private consumption are there for some years: the latter counts.
    latest = parts.drop_duplicates(["year", "component"], keep="last")
    wide = latest.pivot(index="year", columns="component", values="change_percent").dropna()
    growth = 1 + (wages * wide["ova"] + (1 - wages) * wide["prices"]) / 100
    level = growth.loc[growth.index <= base_year].cumprod()
    level = level / level.iloc[-1]
    return pd.concat([level, (ahead / ahead.iloc[0]).loc[ahead.index > level.index[-1]]])
