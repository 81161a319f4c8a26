"""Chance is not difference: funnel limits by size, and intervals instead of ranks. Nothing here ranks.

Each figure is looked at on a scale without edges (log-odds for rates, logarithm for costs per youth), where
a municipality of size ``n`` has chance variance ``s2(n)``. Narrow limits are ``target +- z s``; wide limits
``target +- z sqrt(s2 + tau2)``, with ``tau2`` the usual spread between municipalities beyond chance (method of
moments on winsorised scores, made consistent for normal ones: Spiegelhalter, Statistics in Medicine 24,
2005, and QJM 105, 2012).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist
from typing import Literal

import numpy as np
import pandas as pd
from scipy.optimize import nnls

from analyse.errors import ParameterError
from analyse.history import breaks

LEVELS = {"95": 0.95, "998": 0.998}
"""Name of a pair of limits -> how often chance alone stays inside."""

WINSORISED = 0.10
"""Part of the scores at each end that is drawn in before the spread is measured."""

_EDGE = NormalDist().inv_cdf(1 - WINSORISED)
SHRUNK = 1 - 2 * WINSORISED - 2 * _EDGE * NormalDist().pdf(_EDGE) + 2 * WINSORISED * _EDGE**2
"""Variance that drawing in leaves of standard normal scores, 0.68: without dividing by it the spread would
be too small."""


@dataclass(frozen=True)
class Funnel:
    """What chance does by size: for a rate, binomial; for costs per youth, ``own + by_size / n``.

    Attributes
    ----------
    kind : {"rate", "cost"}
        A rate is a fraction of the youths; costs are EUR per youth.
    target : float
        The middle, in the unit of the figure.
    between : float
        tau2, variance between municipalities beyond chance, on the log(-odds) scale.
    own, by_size : float
        Chance variance of costs: the part that does not shrink with size, and the part that does.
    """

    kind: Literal["rate", "cost"]
    target: float
    between: float = 0.0
    own: float = 0.0
    by_size: float = 0.0

    def variance(self, size: np.ndarray) -> np.ndarray:
        """Chance variance on the log(-odds) scale for areas of ``size`` youths."""
        if self.kind == "rate":
            return 1 / (size * self.target * (1 - self.target))
        return self.own + self.by_size / size

    def limits(self, size: Sequence[float] | np.ndarray) -> pd.DataFrame:
        """Limits for areas of ``size`` youths, also to draw the lines.

        Returns
        -------
        DataFrame
            size, target, low_95, high_95, low_998, high_998 (chance alone), wide_low_95, wide_high_95,
            wide_low_998, wide_high_998 (the usual spread between municipalities as well).

        Examples
        --------
        >>> Funnel("rate", target=0.5).limits([100]).iloc[0][["low_95", "high_95"]].round(3).tolist()
        [0.403, 0.597]

        Of 100 youths, chance alone keeps a rate of 50 % between 40 and 60 % in 95 of 100 years.
        """
        size = np.asarray(size, dtype=float)
        middle, chance = self._to(np.array(self.target)), self.variance(size)
        found = {"size": size, "target": np.full(len(size), self.target)}
        for prefix, variance in (("", chance), ("wide_", chance + self.between)):
            for name, coverage in LEVELS.items():
                reach = NormalDist().inv_cdf((1 + coverage) / 2) * np.sqrt(variance)
                found[f"{prefix}low_{name}"] = self._back(middle - reach)
                found[f"{prefix}high_{name}"] = self._back(middle + reach)
        return pd.DataFrame(found)

    def scores(self, value: np.ndarray, size: np.ndarray) -> np.ndarray:
        """How many chance standard deviations each figure lies from the target."""
        if self.kind == "rate":  # half a youth more keeps a rate of nothing, or of all, on the scale
            value = (value * size + 0.5) / (size + 1)
        return (self._to(value) - self._to(np.array(self.target))) / np.sqrt(self.variance(size))

    def _to(self, value: np.ndarray) -> np.ndarray:
        return np.log(value / (1 - value)) if self.kind == "rate" else np.log(value)

    def _back(self, value: np.ndarray) -> np.ndarray:
        return 1 / (1 + np.exp(-value)) if self.kind == "rate" else np.exp(value)


def of_rates(count: pd.Series, size: pd.Series) -> Funnel:
    """The funnel of a rate, for example youths with care among youths; the target is the rate of all together.

    Raises
    ------
    ParameterError
        With fewer than three areas, or a rate of nothing or of all.
    """
    count, size = _known(count, size)
    target = count.sum() / size.sum()
    if not 0 < target < 1:
        raise ParameterError(
            f"funnel: {count.sum():.0f} of {size.sum():.0f} youths is no rate; check the counts"
        )
    return _with_spread(Funnel("rate", float(target)), count / size, size)


def of_costs(value: pd.Series, size: pd.Series, noise: tuple[float, float]) -> Funnel:
    """The funnel of costs per youth; the target is the middle municipality (the median).

    Parameters
    ----------
    value, size : Series
        EUR per youth, and youths of 0-17.
    noise : tuple of float
        From ``cost_noise``.
    """
    value, size = _known(value, size)
    return _with_spread(Funnel("cost", float(np.median(value)), own=noise[0], by_size=noise[1]), value, size)


def cost_noise(history: pd.DataFrame, declared: Sequence[breaks.BreakLike]) -> tuple[float, float]:
    """How much costs per youth jump from year to year, by size: variance ``own + by_size / youths``.

    Half the mean square of a municipality's growth, less the middle growth of the year, is its variance
    in one year. Growth into a year with a break that the trend leaves out is not counted. The two numbers are
    fitted by least squares, neither below zero.

    Parameters
    ----------
    history : DataFrame
        By municipality, see ``history.panel.HISTORY``.
    declared : sequence of Break
        The declared breaks.
    """
    rows = history[history["cost_eur"].gt(0) & history["status"].eq("final")]
    rows = rows.assign(log=np.log(rows["cost_eur"] / rows["youths"]))
    growth = rows.pivot(index="municipality_code", columns="period", values="log").diff(axis=1)
    years = [int(year) for year in growth.columns]
    for code in growth.index:
        usable = breaks.usable_growth(declared, [code], "cost_eur", years)
        growth.loc[code, ~usable.to_numpy()] = np.nan
    squares = (growth - growth.median()) ** 2
    variance = squares.mean(axis=1).dropna() / 2
    size = rows.groupby("municipality_code")["youths"].mean().reindex(variance.index)
    own, by_size = nnls(np.column_stack([np.ones(len(size)), 1 / size]), variance.to_numpy())[0]
    return float(own), float(by_size)


def judged(funnel: Funnel, rows: pd.DataFrame) -> pd.DataFrame:
    """Each area with its limits, and whether it lies outside them.

    Parameters
    ----------
    funnel : Funnel
        From ``of_rates`` or ``of_costs``.
    rows : DataFrame
        area_code, value (fraction or EUR per youth), size (youths).

    Returns
    -------
    DataFrame
        In the order of ``rows``: area_code, value and the columns of ``Funnel.limits``, and ``chance`` and
        ``usual``: "inside", "outside 95" or "outside 99.8" of the narrow and of the wide limits.
    """
    known = rows.dropna(subset=["value", "size"]).reset_index(drop=True)
    limits = funnel.limits(known["size"].to_numpy())
    found = known[["area_code", "value"]].join(limits)
    for name, prefix in (("chance", ""), ("usual", "wide_")):
        inside = {
            level: found["value"].between(found[f"{prefix}low_{level}"], found[f"{prefix}high_{level}"])
            for level in LEVELS
        }
        words = np.where(inside["95"], "inside", np.where(inside["998"], "outside 95", "outside 99.8"))
        found[name] = words.astype(object)
    return found


def rank_intervals(draws: np.ndarray, areas: Sequence[str], *, coverage: float = 0.95) -> pd.DataFrame:
    """Between which places each area may stand, in the order the areas are given.

    Parameters
    ----------
    draws : ndarray (area, draw)
        What the figure might have been, see ``draw_rates`` and ``draw_costs``.
    areas : sequence of str
        Names or codes, one per row of ``draws``.
    coverage : float
        Chance that the place lies in the interval.

    Returns
    -------
    DataFrame
        area_code, place_low, place_high (1 is the lowest figure), of (number of areas).

    Raises
    ------
    ParameterError
        If there are not as many areas as rows of draws.

    Examples
    --------
    >>> rank_intervals(np.array([[1.0, 1.0, 3.0], [2.0, 2.0, 2.0]]), ["A", "B"]).to_dict("tight")["data"]
    [['A', 1, 2, 2], ['B', 1, 2, 2]]

    The two cannot be told apart.
    """
    if draws.shape[0] != len(areas):
        raise ParameterError(f"rank_intervals: {draws.shape[0]} rows of draws for {len(areas)} areas")
    places = draws.argsort(axis=0).argsort(axis=0) + 1
    tail = (1 - coverage) / 2
    low = np.quantile(places, tail, axis=1, method="lower")
    high = np.quantile(places, 1 - tail, axis=1, method="higher")
    return pd.DataFrame({"area_code": list(areas), "place_low": low, "place_high": high, "of": len(areas)})


def draw_rates(count: pd.Series, size: pd.Series, *, rng: np.random.Generator, draws: int) -> np.ndarray:
    """What the rate of each area might have been by chance, (area, draw): beta with half a youth each way."""
    yes, no = count.to_numpy(dtype=float) + 0.5, (size - count).to_numpy(dtype=float) + 0.5
    return rng.beta(yes[:, None], no[:, None], size=(len(yes), draws))


def draw_costs(value: pd.Series, size: pd.Series, funnel: Funnel, *, rng: np.random.Generator,
               draws: int) -> np.ndarray:  # fmt: skip
    """What the costs per youth of each area might have been by chance, (area, draw): lognormal."""
    spread = np.sqrt(funnel.variance(size.to_numpy(dtype=float)))
    shocks = rng.standard_normal((len(spread), draws))
    return value.to_numpy(dtype=float)[:, None] * np.exp(spread[:, None] * shocks)


def _with_spread(funnel: Funnel, value: pd.Series, size: pd.Series) -> Funnel:
    """The funnel with the spread between areas beyond chance."""
    scores = funnel.scores(value.to_numpy(dtype=float), size.to_numpy(dtype=float))
    scores = np.clip(scores, *np.quantile(scores, [WINSORISED, 1 - WINSORISED]))
    weight, areas = 1 / funnel.variance(size.to_numpy(dtype=float)), len(scores)
    excess = (scores**2).sum() / SHRUNK - (areas - 1)
    between = max(excess, 0.0) / (weight.sum() - (weight**2).sum() / weight.sum())
    return Funnel(funnel.kind, funnel.target, float(between), funnel.own, funnel.by_size)


def _known(first: pd.Series, size: pd.Series) -> tuple[pd.Series, pd.Series]:
    known = first.notna() & size.notna()
    if known.sum() < 3:
        raise ParameterError(
            f"funnel: {known.sum()} areas have this figure, expected three or more; choose another"
        )
    return first[known].astype("float64"), size[known].astype("float64")
