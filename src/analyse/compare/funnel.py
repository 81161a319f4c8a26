"""The one funnel: between which values areas or providers of a size usually lie. Nothing here ranks.

Each figure is looked at on a scale without edges (log-odds for rates, logarithm for costs per youth; means as they
are), where one of size ``n`` has chance variance ``s2(n)``. Narrow limits are ``target +- z s``; wide limits
``target +- z sqrt(s2 + tau2)``, with ``tau2`` the usual spread beyond chance (``spread``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from statistics import NormalDist
from typing import Any, Literal

import numpy as np
import pandas as pd
from scipy.optimize import brentq

from analyse.errors import ParameterError

LEVELS = {"95": 0.95, "998": 0.998}
"""Name of a pair of limits -> how often chance alone stays inside (Spiegelhalter, "Funnel plots for comparing
institutional performance", Statistics in Medicine 24, 2005)."""

WINSORISED = 0.10
"""Part of the scores at each end that is drawn in before the spread is measured."""

_EDGE = NormalDist().inv_cdf(1 - WINSORISED)
SHRUNK = 1 - 2 * WINSORISED - 2 * _EDGE * NormalDist().pdf(_EDGE) + 2 * WINSORISED * _EDGE**2
"""Variance that drawing in leaves of standard normal scores, 0.68: without dividing by it the spread would
be too small."""


def spread(value: np.ndarray, variance: np.ndarray) -> float:
    """The variance between areas beyond chance: Paule and Mandel's estimate on winsorised scores.

    ``tau2`` solves ``sum winsor((y - mu) / sqrt(s2 + tau2))^2 / SHRUNK = k - 1``, where ``mu`` is the mean of the same
    winsorised scores weighted by ``1 / (s2 + tau2)``. Each score is divided by its own whole spread, so areas whose
    chance differs count alike, and drawing in the ends takes off as much of each.

    Parameters
    ----------
    value : ndarray (area,)
        Figures on a scale without edges.
    variance : ndarray (area,)
        Variance of each by chance alone.

    Returns
    -------
    float
        tau2, zero where chance explains all.

    References
    ----------
    R. C. Paule and J. Mandel, "Consensus values and weighting factors", Journal of Research of the National Bureau of
    Standards 87, 1982; R. DerSimonian and R. Kacker, "Random-effects model for meta-analysis of clinical trials: an
    update", Contemporary Clinical Trials 28, 2007; winsorised scores: D. Spiegelhalter and others, "Statistical
    methods for healthcare regulation", Journal of the Royal Statistical Society A 175, 2012.

    Examples
    --------
    >>> round(spread(np.array([1.0, 2, 3, 4, 5]), np.full(5, 1e-6)), 1)
    2.6

    The variance of these five is 2.5; of the winsorised ones 1.8, which is what normal scores with 2.6 would leave.
    """
    freedom = len(value) - 1

    def excess(between: float) -> float:
        scores = _winsorised_scores(value, variance + between)
        return float((scores**2).sum() / SHRUNK - freedom)

    if freedom < 1 or excess(0.0) <= 0:
        return 0.0
    top = float(np.var(value))
    while excess(top) > 0:
        top *= 4
    return float(brentq(excess, 0.0, top, rtol=1e-8))


def _winsorised_scores(value: np.ndarray, variance: np.ndarray) -> np.ndarray:
    """Scores around their own weighted middle, with a tenth at either end drawn in."""
    deviation = np.sqrt(variance)
    middle = np.average(value, weights=1 / variance)
    while True:
        scores = (value - middle) / deviation
        scores = np.clip(scores, *np.quantile(scores, [WINSORISED, 1 - WINSORISED]))
        step = (scores / deviation).sum() / (1 / variance).sum()
        if abs(step) <= max(1e-9 * deviation.min(), 4 * np.spacing(abs(middle))):
            return scores
        middle += step


ALIKE = 1e-6
"""Deviation of what is the same everywhere, such as seven days a week of residential care, as a part of the mean."""


@dataclass(frozen=True)
class Funnel:
    """What chance does by size: for a rate, binomial; for costs per youth and means, ``own + by_size / n``."""

    kind: Literal["rate", "cost", "mean"]
    """{"rate", "cost", "mean"}. A rate is a fraction of the youths; costs are EUR per youth; a mean is of what each
    provider did."""
    target: float
    """The middle, in the unit of the figure."""
    between: float = 0.0
    """tau2, variance between areas or providers beyond chance, on the scale of the kind."""
    own: float = 0.0
    by_size: float = 0.0
    """Chance variance of costs and means: the part that does not shrink with size, and the part that does."""
    areas: int = 0
    """How many it was measured over."""

    def variance(self, size: np.ndarray) -> np.ndarray:
        """Chance variance, on the scale of the kind, for areas of ``size`` youths."""
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
        return pd.DataFrame({"size": size, **self._limits(size)})

    def _limits(self, size: np.ndarray) -> dict[str, Any]:
        """The target and the limits of ``limits``, an array each."""
        middle, chance = self._to(np.array(self.target)), self.variance(size)
        found: dict[str, Any] = {"target": np.full(len(size), self.target)}
        for prefix, variance in (("", chance), ("wide_", chance + self.between)):
            for name, coverage in LEVELS.items():
                reach = NormalDist().inv_cdf((1 + coverage) / 2) * np.sqrt(variance)
                found[f"{prefix}low_{name}"] = self._back(middle - reach)
                found[f"{prefix}high_{name}"] = self._back(middle + reach)
        return found

    def beside(self, rows: pd.DataFrame, *, value: str = "value", size: str = "size") -> pd.DataFrame:
        """Each area or provider with its limits, and whether it lies outside them.

        Parameters
        ----------
        rows : DataFrame
            One row per area or provider.
        value, size : str
            Columns of the figure (fraction, EUR per youth or a mean) and of the number it is taken over.

        Returns
        -------
        DataFrame
            The rows that are known, in their order, with the columns of ``limits``, the parts of the variance
            (between, by_size), ``chance`` and ``usual`` ("inside", "outside 95" or "outside 99.8" of the narrow and of
            the wide limits), and ``signal``: "more" or "less" outside the widest, else "".
        """
        known = rows.dropna(subset=[value, size]).reset_index(drop=True)
        figures = known[value].to_numpy(dtype=float)
        found = self._limits(known[size].to_numpy(dtype=float))
        found |= {"between": self.between, "by_size": self.by_size}
        for name, prefix in (("chance", ""), ("usual", "wide_")):
            inside = {
                level: (found[f"{prefix}low_{level}"] <= figures)
                & (figures <= found[f"{prefix}high_{level}"])
                for level in LEVELS
            }
            words = np.where(inside["95"], "inside", np.where(inside["998"], "outside 95", "outside 99.8"))
            found[name] = words.astype(object)
        outside = found["usual"] == "outside 99.8"
        signal = np.where(outside & (figures > self.target), "more", np.where(outside, "less", ""))
        return known.assign(**found, signal=signal.astype(object))

    def with_spread(self, value: np.ndarray, size: np.ndarray) -> Funnel:
        """The same with the spread between areas beyond chance."""
        if self.kind == "rate":  # half a youth more keeps a rate of nothing, or of all, on the scale
            value = (value * size + 0.5) / (size + 1)
        return replace(self, between=spread(self._to(value), self.variance(size)), areas=len(value))

    def _to(self, value: np.ndarray) -> np.ndarray:
        if self.kind == "mean":
            return value
        return np.log(value / (1 - value)) if self.kind == "rate" else np.log(value)

    def _back(self, value: np.ndarray) -> np.ndarray:
        if self.kind == "mean":
            return np.maximum(value, 0.0)
        return 1 / (1 + np.exp(-value)) if self.kind == "rate" else np.exp(value)


def of_rates(count: pd.Series, size: pd.Series) -> Funnel:
    """The funnel of a rate, for example youths with care among youths; the target is the rate of all areas together.

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
    return Funnel("rate", float(target)).with_spread((count / size).to_numpy(), size.to_numpy())


def of_costs(value: pd.Series, size: pd.Series, noise: tuple[float, float]) -> Funnel:
    """The funnel of costs per youth; the target is the middle municipality (the median).

    Parameters
    ----------
    value, size : Series
        EUR per youth, and youths of 0-17.
    noise : tuple of float
        From ``chance.cost_noise``.
    """
    value, size = _known(value, size)
    own, by_size = noise
    funnel = Funnel("cost", float(np.median(value)), own=own, by_size=by_size)
    return funnel.with_spread(value.to_numpy(), size.to_numpy())


def of_means(value: pd.Series, size: pd.Series, *, target: float, deviation: float) -> Funnel:
    """The funnel of means per provider, such as months of care.

    Parameters
    ----------
    value, size : Series
        Mean of each provider, and of how many it is one.
    target : float
        Mean over all of them.
    deviation : float
        Standard deviation of one.

    Examples
    --------
    >>> funnel = of_means(pd.Series([2.0, 2.1, 1.9, 9.0]), pd.Series(100, index=range(4)), target=2.0, deviation=1.0)
    >>> bool(funnel.limits([100])["wide_high_998"].iloc[0] > 9)
    True

    With four providers nobody stands out: how much they usually differ is then not known.
    """
    least = ALIKE * max(abs(float(target)), 1.0)
    funnel = Funnel("mean", float(target), by_size=max(float(deviation), least) ** 2)
    return funnel.with_spread(value.to_numpy(dtype=float), size.to_numpy(dtype=float))


def _known(first: pd.Series, size: pd.Series) -> tuple[pd.Series, pd.Series]:
    known = first.notna() & size.notna()
    if known.sum() < 3:
        raise ParameterError(
            f"funnel: {known.sum()} areas have this figure, expected three or more; choose another"
        )
    return first[known].astype("float64"), size[known].astype("float64")
